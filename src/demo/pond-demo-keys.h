/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * PondDemoKeys:
 *
 * The signing keys of the account: their owner has the private half, and this server checks what is
 * signed with it.
 */
typedef struct _PondDemoKeys PondDemoKeys;

PondDemoKeys *pond_demo_keys_new    (void);
void          pond_demo_keys_free   (PondDemoKeys *self);

/* Makes one: "id", "created", and "pem" and "jwk" in base64, which nobody is told again.
 * (transfer full) */
JsonObject   *pond_demo_keys_create (PondDemoKeys *self);

/* "id" and "created" of each, in no order. (transfer full) */
JsonArray    *pond_demo_keys_list   (PondDemoKeys *self);

/* FALSE if there is none with that ID. */
gboolean      pond_demo_keys_remove (PondDemoKeys *self,
                                     const char   *id);

gboolean      pond_demo_keys_has    (PondDemoKeys *self,
                                     const char   *id);

/* Whether the key @id signed @text. */
gboolean      pond_demo_keys_verify (PondDemoKeys *self,
                                     const char   *id,
                                     const char   *text,
                                     GBytes       *signature);

G_END_DECLS
