/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "accounts/pond-account.h"
#include "accounts/pond-secret-store.h"
#include "accounts/pond-token.h"

G_BEGIN_DECLS

#define POND_TYPE_ACCOUNT_STORE (pond_account_store_get_type ())

/**
 * PondAccountStore:
 *
 * The accounts that this process knows, as a [iface@Gio.ListModel] of [class@Account]: the one of the
 * environment first, then those of `accounts.ini` in the configuration folder, in the order in which
 * they were added. The file holds names and IDs; tokens are in the keyring.
 */
G_DECLARE_FINAL_TYPE (PondAccountStore, pond_account_store, POND, ACCOUNT_STORE, GObject)

PondAccountStore *pond_account_store_new                 (GFile                *file,
                                                          PondSecretStore      *secrets);

void              pond_account_store_load_async          (PondAccountStore     *self,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);
gboolean          pond_account_store_load_finish         (PondAccountStore     *self,
                                                          GAsyncResult         *result,
                                                          GError              **error);

PondAccount      *pond_account_store_find                (PondAccountStore     *self,
                                                          const char           *id);

/* Adds an account for this process alone: the environment's or the sample account. */
void              pond_account_store_add_transient       (PondAccountStore     *self,
                                                          PondAccount          *account,
                                                          PondToken            *token);

/* Keeps @account and its token. Without a keyring the account is added all the same, with the origin
 * POND_ACCOUNT_SESSION, and the error says why it is for this session only: finish() then returns the
 * account and sets @keyring_error (nullable, out). */
void              pond_account_store_add_async           (PondAccountStore     *self,
                                                          const char           *id,
                                                          const char           *name,
                                                          PondToken            *token,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);
PondAccount      *pond_account_store_add_finish          (PondAccountStore     *self,
                                                          GAsyncResult         *result,
                                                          GError              **keyring_error,
                                                          GError              **error);

void              pond_account_store_remove_async        (PondAccountStore     *self,
                                                          PondAccount          *account,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);
gboolean          pond_account_store_remove_finish       (PondAccountStore     *self,
                                                          GAsyncResult         *result,
                                                          GError              **error);

/* finish() returns (transfer full) (nullable): NULL without an error means that no token is kept. */
void              pond_account_store_lookup_token_async  (PondAccountStore     *self,
                                                          PondAccount          *account,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);
PondToken        *pond_account_store_lookup_token_finish (PondAccountStore     *self,
                                                          GAsyncResult         *result,
                                                          GError              **error);

G_END_DECLS
