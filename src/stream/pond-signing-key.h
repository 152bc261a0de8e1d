/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "stream/pond-link-request.h"

G_BEGIN_DECLS

#define POND_TYPE_SIGNING_KEY (pond_signing_key_get_type ())

/**
 * PondSigningKey:
 *
 * A key of the customer's own, with which tokens for an account's videos are made without asking Stream. Counted
 * by reference, immutable, and wiped when the last reference goes. It has no property and no string form on
 * purpose: nothing that prints objects can print it.
 *
 * Source: the documentation of `POST /accounts/{id}/stream/keys`, which gives such keys, and of tokens that are
 * signed with them.
 */
typedef struct _PondSigningKey PondSigningKey;

GType           pond_signing_key_get_type (void) G_GNUC_CONST;

PondSigningKey *pond_signing_key_new      (const char             *id,
                                           const char             *text,
                                           GError                **error);
PondSigningKey *pond_signing_key_load     (GBytes                 *secret,
                                           GError                **error);
PondSigningKey *pond_signing_key_ref      (PondSigningKey         *self);
void            pond_signing_key_unref    (PondSigningKey         *self);

GBytes         *pond_signing_key_save     (PondSigningKey         *self);

char           *pond_signing_key_sign     (PondSigningKey         *self,
                                           const char             *uid,
                                           const PondLinkRequest  *request,
                                           GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondSigningKey, pond_signing_key_unref)

G_END_DECLS
