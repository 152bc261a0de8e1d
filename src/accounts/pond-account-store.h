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
 * The accounts that this process knows, as a [iface@Gio.ListModel] of [class@Account]: those for
 * this process alone first (of the environment, or the sample), then those of `accounts.ini` in the
 * configuration folder, in the order in which they were added. The file holds names and IDs; tokens
 * are in the keyring.
 *
 * A token from the keyring is not remembered: each look-up asks the keyring, and who needs the
 * token for longer holds on to it. So the memory of an idle process has none, and what a person
 * changes in the keyring counts at once.
 *
 * An account of the environment may have the ID of one that is kept. Both are in the list then, and
 * [method@AccountStore.find] gives the former.
 *
 * Signal: `token-changed`, with the [class@Account] (transfer none) that was there before and has got
 * another token.
 */
G_DECLARE_FINAL_TYPE (PondAccountStore, pond_account_store, POND, ACCOUNT_STORE, GObject)

/**
 * pond_account_store_new:
 * @file: where the list of accounts is kept, a local file; it and its folder need not exist
 * @secrets: the keyring
 *
 * Makes an account store, which is empty until [method@AccountStore.load_async].
 *
 * Returns: (transfer full): a new account store
 */
PondAccountStore *pond_account_store_new                 (GFile                *file,
                                                          PondSecretStore      *secrets);

/**
 * pond_account_store_load_async:
 * @self: an account store
 * @cancellable: (nullable): to cancel
 * @callback: called when done
 * @user_data: for @callback
 *
 * Reads the accounts of the file into the list. The keyring is not asked.
 */
void              pond_account_store_load_async          (PondAccountStore     *self,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);

/**
 * pond_account_store_load_finish:
 * @self: an account store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@AccountStore.load_async]. A missing file is an empty list, and of a damaged one what
 * could be read is used; it is then kept as `accounts.ini.broken`.
 *
 * Returns: TRUE if the accounts are in the list; FALSE with an error of the domain %G_IO_ERROR when
 *   the file can't be read
 */
gboolean          pond_account_store_load_finish         (PondAccountStore     *self,
                                                          GAsyncResult         *result,
                                                          GError              **error);

/**
 * pond_account_store_find:
 * @self: an account store
 * @id: an account's ID
 *
 * Finds the first account with an ID.
 *
 * Returns: (transfer none) (nullable): the account; NULL if there is none
 */
PondAccount      *pond_account_store_find                (PondAccountStore     *self,
                                                          const char           *id);

/**
 * pond_account_store_add_transient:
 * @self: an account store
 * @account: an account of the origin %POND_ACCOUNT_ENVIRONMENT or %POND_ACCOUNT_SAMPLE
 * @token: its token
 *
 * Adds an account for this process alone, before those that are kept. Nothing of it is stored. It
 * takes the place of an earlier one of that kind with its ID.
 */
void              pond_account_store_add_transient       (PondAccountStore     *self,
                                                          PondAccount          *account,
                                                          PondToken            *token);

/**
 * pond_account_store_add_environment:
 * @self: an account store
 * @error: return location for an error
 *
 * Adds the account that the environment names with `CLOUDFLARE_ACCOUNT_ID` and
 * `CLOUDFLARE_API_TOKEN`, if it does. The latter is taken out of the environment, so that no child
 * process inherits the token; as with every change of the environment this must happen before there
 * are other threads.
 *
 * Returns: TRUE if the account is in the list, or neither variable is set; FALSE with
 *   %G_IO_ERROR_INVALID_ARGUMENT, and a message that names the variable, when one is missing or
 *   malformed
 */
gboolean          pond_account_store_add_environment     (PondAccountStore     *self,
                                                          GError              **error);

/**
 * pond_account_store_add_async:
 * @self: an account store
 * @id: the account's ID, as [func@Account.parse_id] gives it
 * @name: (nullable): what the person calls it; NULL or blank for the name it has, or else its ID
 * @token: its token
 * @cancellable: (nullable): to cancel; the keyring may keep the token all the same
 * @callback: called when done
 * @user_data: for @callback
 *
 * Keeps an account and its token. One that is kept already gets the new token, and the new name if
 * there is one.
 *
 * Without a keyring the account is added all the same, with the origin %POND_ACCOUNT_SESSION: its
 * token is known to this process alone then, and the file stays as it is.
 */
void              pond_account_store_add_async           (PondAccountStore     *self,
                                                          const char           *id,
                                                          const char           *name,
                                                          PondToken            *token,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);

/**
 * pond_account_store_add_finish:
 * @self: an account store
 * @result: what the callback was given
 * @keyring_error: (out) (optional) (nullable) (transfer full): why the account is for this session
 *   only, of the domain %POND_SECRET_ERROR; NULL if it is kept
 * @error: return location for an error
 *
 * Ends [method@AccountStore.add_async].
 *
 * Returns: (transfer full): the account; NULL with an error of the domains %G_IO_ERROR or
 *   %G_FILE_ERROR when the file could not be written or the call was cancelled, and nothing was
 *   added
 */
PondAccount      *pond_account_store_add_finish          (PondAccountStore     *self,
                                                          GAsyncResult         *result,
                                                          GError              **keyring_error,
                                                          GError              **error);

/**
 * pond_account_store_rename_async:
 * @self: an account store
 * @account: an account of the list, neither of the environment nor the sample
 * @name: what the person calls it from now on
 * @cancellable: (nullable): to cancel
 * @callback: called when done
 * @user_data: for @callback
 *
 * Gives an account another name. A blank one leaves it as it is.
 */
void              pond_account_store_rename_async        (PondAccountStore     *self,
                                                          PondAccount          *account,
                                                          const char           *name,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);

/**
 * pond_account_store_rename_finish:
 * @self: an account store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@AccountStore.rename_async].
 *
 * Returns: TRUE if the account has the name; FALSE with an error of the domains %G_IO_ERROR or
 *   %G_FILE_ERROR when the file could not be written and nothing changed
 */
gboolean          pond_account_store_rename_finish       (PondAccountStore     *self,
                                                          GAsyncResult         *result,
                                                          GError              **error);

/**
 * pond_account_store_remove_async:
 * @self: an account store
 * @account: an account of the list
 * @cancellable: (nullable): to give up waiting for the keyring
 * @callback: called when done
 * @user_data: for @callback
 *
 * Removes an account from the list and the file, and then its token and signing key from the keyring.
 */
void              pond_account_store_remove_async        (PondAccountStore     *self,
                                                          PondAccount          *account,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);

/**
 * pond_account_store_remove_finish:
 * @self: an account store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@AccountStore.remove_async]. That there is no keyring is no error. Other errors of
 * the domain %POND_SECRET_ERROR, and %G_IO_ERROR_CANCELLED, mean that the account is gone, but the
 * keyring may still have its token or key.
 *
 * Returns: TRUE if nothing is left of the account; FALSE with an error as above, or of the domains
 *   %G_IO_ERROR or %G_FILE_ERROR when the file could not be written and nothing changed
 */
gboolean          pond_account_store_remove_finish       (PondAccountStore     *self,
                                                          GAsyncResult         *result,
                                                          GError              **error);

/**
 * pond_account_store_lookup_token_async:
 * @self: an account store
 * @account: an account of the list
 * @cancellable: (nullable): to give up waiting for the keyring
 * @callback: called when done
 * @user_data: for @callback
 *
 * Gets the token of an account, wherever its origin says it is. A locked keyring asks the person to
 * unlock it, which may take minutes.
 */
void              pond_account_store_lookup_token_async  (PondAccountStore     *self,
                                                          PondAccount          *account,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);

/**
 * pond_account_store_lookup_token_finish:
 * @self: an account store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@AccountStore.lookup_token_async].
 *
 * Returns: (transfer full) (nullable): the token. NULL without an error: no token is kept; NULL
 *   with an error of the domain %POND_SECRET_ERROR, or %G_IO_ERROR_CANCELLED: nobody knows
 */
PondToken        *pond_account_store_lookup_token_finish (PondAccountStore     *self,
                                                          GAsyncResult         *result,
                                                          GError              **error);

/**
 * pond_account_store_set_key_async:
 * @self: an account store
 * @account: an account of the list
 * @key: (nullable): the secret form of a signing key; NULL to remove the one there is
 * @cancellable: (nullable): to give up waiting for the keyring
 * @callback: called when done
 * @user_data: for @callback
 *
 * Keeps the key with which links to an account's videos are signed, in the keyring and nowhere else. So only an
 * account that is kept there can have one.
 */
void              pond_account_store_set_key_async       (PondAccountStore     *self,
                                                          PondAccount          *account,
                                                          GBytes               *key,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);

/**
 * pond_account_store_set_key_finish:
 * @self: an account store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@AccountStore.set_key_async].
 *
 * Returns: TRUE if it is as it was asked for; FALSE with an error of the domain %POND_SECRET_ERROR, or
 *   %G_IO_ERROR_CANCELLED
 */
gboolean          pond_account_store_set_key_finish      (PondAccountStore     *self,
                                                          GAsyncResult         *result,
                                                          GError              **error);

/**
 * pond_account_store_lookup_key_async:
 * @self: an account store
 * @account: an account of the list
 * @cancellable: (nullable): to give up waiting for the keyring
 * @callback: called when done
 * @user_data: for @callback
 *
 * Gets the signing key of an account. The keyring is asked only for those that are kept in it.
 */
void              pond_account_store_lookup_key_async    (PondAccountStore     *self,
                                                          PondAccount          *account,
                                                          GCancellable         *cancellable,
                                                          GAsyncReadyCallback   callback,
                                                          gpointer              user_data);

/**
 * pond_account_store_lookup_key_finish:
 * @self: an account store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@AccountStore.lookup_key_async].
 *
 * Returns: (transfer full) (nullable): the key's secret form, wiped with its last reference. NULL without an
 *   error: there is none; NULL with an error of the domain %POND_SECRET_ERROR, or %G_IO_ERROR_CANCELLED:
 *   nobody knows
 */
GBytes           *pond_account_store_lookup_key_finish   (PondAccountStore     *self,
                                                          GAsyncResult         *result,
                                                          GError              **error);

G_END_DECLS
