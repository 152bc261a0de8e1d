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

#define POND_TYPE_ACCOUNT (pond_account_get_type ())

/**
 * PondAccount:
 *
 * A Stream account that videos are saved from: its ID (32 lowercase hexadecimal digits), the name
 * the person gave it, and where its token is kept. The token itself is not part of it; see
 * [method@AccountStore.lookup_token_async].
 */
G_DECLARE_FINAL_TYPE (PondAccount, pond_account, POND, ACCOUNT, GObject)

PondAccount       *pond_account_new         (const char        *id,
                                             const char        *name,
                                             PondAccountOrigin  origin);

const char        *pond_account_get_id      (PondAccount       *self);
const char        *pond_account_get_name    (PondAccount       *self);
void               pond_account_set_name    (PondAccount       *self,
                                             const char        *name);
PondAccountOrigin  pond_account_get_origin  (PondAccount       *self);

char              *pond_account_parse_id    (const char        *text);

G_END_DECLS
