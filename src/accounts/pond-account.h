/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * PondAccountOrigin:
 * @POND_ACCOUNT_KEYRING: its token is in the keyring
 * @POND_ACCOUNT_SESSION: there is no keyring, so its token is known to this process alone
 * @POND_ACCOUNT_ENVIRONMENT: from `CLOUDFLARE_ACCOUNT_ID` and `CLOUDFLARE_API_TOKEN`, never stored
 * @POND_ACCOUNT_SAMPLE: the built-in sample account
 *
 * Where an account and its token come from.
 */
typedef enum
{
  POND_ACCOUNT_KEYRING,
  POND_ACCOUNT_SESSION,
  POND_ACCOUNT_ENVIRONMENT,
  POND_ACCOUNT_SAMPLE,
} PondAccountOrigin;

#define POND_TYPE_ACCOUNT_ORIGIN (pond_account_origin_get_type ())

GType pond_account_origin_get_type (void) G_GNUC_CONST;

#define POND_TYPE_ACCOUNT (pond_account_get_type ())

/**
 * PondAccount:
 *
 * A Stream account that videos are saved from: its ID (32 lowercase hexadecimal digits), the name
 * the person gave it, and where its token is kept. The token itself is not part of it; see
 * [method@AccountStore.lookup_token_async].
 */
G_DECLARE_FINAL_TYPE (PondAccount, pond_account, POND, ACCOUNT, GObject)

/**
 * pond_account_new:
 * @id: the account's ID, as [func@Account.parse_id] gives it
 * @name: what the person calls it
 * @origin: where its token comes from
 *
 * Makes an account.
 *
 * Returns: (transfer full): a new account
 */
PondAccount       *pond_account_new         (const char        *id,
                                             const char        *name,
                                             PondAccountOrigin  origin);

/**
 * pond_account_get_id: (get-property id)
 * @self: an account
 *
 * Gets the account's ID: 32 lowercase hexadecimal digits.
 *
 * Returns: (transfer none): the ID
 */
const char        *pond_account_get_id      (PondAccount       *self);

/**
 * pond_account_get_name: (get-property name)
 * @self: an account
 *
 * Gets what the person calls the account.
 *
 * Returns: (transfer none): the name
 */
const char        *pond_account_get_name    (PondAccount       *self);

/**
 * pond_account_set_name: (set-property name)
 * @self: an account
 * @name: what the person calls it
 *
 * Sets the name, for this object alone: [method@AccountStore.add_async] keeps it.
 */
void               pond_account_set_name    (PondAccount       *self,
                                             const char        *name);

/**
 * pond_account_get_origin: (get-property origin)
 * @self: an account
 *
 * Gets where the account and its token come from.
 *
 * Returns: the origin
 */
PondAccountOrigin  pond_account_get_origin  (PondAccount       *self);

/**
 * pond_account_parse_id:
 * @text: what a person typed or pasted
 *
 * Finds the account ID in @text, which is the ID itself, or an address of the dashboard
 * (`https://dash.cloudflare.com/ID/stream`) or of the API (`…/accounts/ID/stream`). Case is folded.
 *
 * Returns: (transfer full) (nullable): the ID; NULL if there is none
 */
char              *pond_account_parse_id    (const char        *text);

G_END_DECLS
