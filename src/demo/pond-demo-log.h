/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * PondDemoLog:
 *
 * What was asked of the sample server. It never holds the value of an Authorization header.
 */
typedef struct _PondDemoLog PondDemoLog;

PondDemoLog *pond_demo_log_new   (void);
void         pond_demo_log_free  (PondDemoLog       *self);

/* The entry of a request that has just come in; who answers it completes it. (transfer full) */
JsonObject  *pond_demo_log_add   (PondDemoLog       *self,
                                  const char        *host,
                                  SoupServerMessage *message);
void         pond_demo_log_clear (PondDemoLog       *self);

/* A copy of all entries, oldest first. (transfer full) */
JsonNode    *pond_demo_log_dump  (PondDemoLog       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondDemoLog, pond_demo_log_free)

G_END_DECLS
