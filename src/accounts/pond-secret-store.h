/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "accounts/pond-token.h"

G_BEGIN_DECLS

/**
 * PondSecretError:
 * @POND_SECRET_ERROR_UNAVAILABLE: there is no Secret Service to talk to
 * @POND_SECRET_ERROR_LOCKED: the keyring is locked and was not unlocked
 * @POND_SECRET_ERROR_TIMED_OUT: the Secret Service did not answer
 * @POND_SECRET_ERROR_FAILED: it answered with a failure
 *
 * Why the keyring did not do what was asked. "There is no such token" is not an error.
 */
typedef enum
{
  POND_SECRET_ERROR_UNAVAILABLE,
  POND_SECRET_ERROR_LOCKED,
  POND_SECRET_ERROR_TIMED_OUT,
  POND_SECRET_ERROR_FAILED,
} PondSecretError;

#define POND_SECRET_ERROR (pond_secret_error_quark ())

GQuark pond_secret_error_quark (void);

#define POND_TYPE_SECRET_STORE (pond_secret_store_get_type ())

/**
 * PondSecretStore:
 *
 * The keyring, as Millpond uses it: one token for each account ID, and one key to sign links with for
 * those that have one. Every call ends, with an error if need be, also when the Secret Service hangs.
 */
G_DECLARE_FINAL_TYPE (PondSecretStore, pond_secret_store, POND, SECRET_STORE, GObject)

/**
 * pond_secret_store_new:
 *
 * Makes a secret store. The keyring is not looked for before the first call.
 *
 * Returns: (transfer full): a new secret store
 */
PondSecretStore *pond_secret_store_new           (void);

/**
 * pond_secret_store_store_async:
 * @self: a secret store
 * @account_id: the ID of the account
 * @label: what the keyring's own programs show the token as
 * @token: the token
 * @cancellable: (nullable): to give up waiting; the keyring may keep the token all the same
 * @callback: called when done
 * @user_data: for @callback
 *
 * Keeps @token for @account_id, in place of the one there was. A locked keyring asks the person to
 * unlock it, and the call takes as long as that does, up to five minutes. A keyring that does not
 * answer is given up after ten seconds.
 */
void             pond_secret_store_store_async   (PondSecretStore      *self,
                                                  const char           *account_id,
                                                  const char           *label,
                                                  PondToken            *token,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);

/**
 * pond_secret_store_store_finish:
 * @self: a secret store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@SecretStore.store_async] and [method@SecretStore.store_key_async]. After %POND_SECRET_ERROR_TIMED_OUT the keyring may have
 * the secret nevertheless.
 *
 * Returns: TRUE if the secret is kept; FALSE with an error of the domain %POND_SECRET_ERROR, or
 *   %G_IO_ERROR_CANCELLED
 */
gboolean         pond_secret_store_store_finish  (PondSecretStore      *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

/**
 * pond_secret_store_lookup_async:
 * @self: a secret store
 * @account_id: the ID of the account
 * @cancellable: (nullable): to give up waiting
 * @callback: called when done
 * @user_data: for @callback
 *
 * Gets the token of @account_id out of the keyring, unlocking it if need be. It takes as long as
 * [method@SecretStore.store_async] may take.
 */
void             pond_secret_store_lookup_async  (PondSecretStore      *self,
                                                  const char           *account_id,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);

/**
 * pond_secret_store_lookup_finish:
 * @self: a secret store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@SecretStore.lookup_async].
 *
 * Returns: (transfer full) (nullable): the token. NULL without an error: the keyring has none; NULL
 *   with an error of the domain %POND_SECRET_ERROR, or %G_IO_ERROR_CANCELLED: nobody knows
 */
PondToken       *pond_secret_store_lookup_finish (PondSecretStore      *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

/**
 * pond_secret_store_clear_async:
 * @self: a secret store
 * @account_id: the ID of the account
 * @cancellable: (nullable): to give up waiting; the keyring may drop the token all the same
 * @callback: called when done
 * @user_data: for @callback
 *
 * Removes the token of @account_id from the keyring, unlocking it if need be. It takes as long as
 * [method@SecretStore.store_async] may take.
 */
void             pond_secret_store_clear_async   (PondSecretStore      *self,
                                                  const char           *account_id,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);

/**
 * pond_secret_store_clear_finish:
 * @self: a secret store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@SecretStore.clear_async] and [method@SecretStore.clear_key_async].
 *
 * Returns: TRUE if the keyring has no such secret for the account (any more); FALSE with an error of the
 *   domain %POND_SECRET_ERROR, or %G_IO_ERROR_CANCELLED
 */
gboolean         pond_secret_store_clear_finish  (PondSecretStore      *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

/**
 * pond_secret_store_store_key_async:
 * @self: a secret store
 * @account_id: the ID of the account
 * @label: what the keyring's own programs show the key as
 * @key: a signing key, in a form that is the caller's business
 * @cancellable: (nullable): to give up waiting; the keyring may keep the key all the same
 * @callback: called when done
 * @user_data: for @callback
 *
 * Keeps @key for @account_id, in place of the one there was and beside its token. It takes as long as
 * [method@SecretStore.store_async] may take, and ends with [method@SecretStore.store_finish].
 */
void             pond_secret_store_store_key_async   (PondSecretStore      *self,
                                                      const char           *account_id,
                                                      const char           *label,
                                                      GBytes               *key,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);

/**
 * pond_secret_store_lookup_key_async:
 * @self: a secret store
 * @account_id: the ID of the account
 * @cancellable: (nullable): to give up waiting
 * @callback: called when done
 * @user_data: for @callback
 *
 * Gets the signing key of @account_id out of the keyring, unlocking it if need be.
 */
void             pond_secret_store_lookup_key_async  (PondSecretStore      *self,
                                                      const char           *account_id,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);

/**
 * pond_secret_store_lookup_key_finish:
 * @self: a secret store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends [method@SecretStore.lookup_key_async]. The memory of the key is wiped with its last reference.
 *
 * Returns: (transfer full) (nullable): the key. NULL without an error: the keyring has none; NULL
 *   with an error of the domain %POND_SECRET_ERROR, or %G_IO_ERROR_CANCELLED: nobody knows
 */
GBytes          *pond_secret_store_lookup_key_finish (PondSecretStore      *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

/**
 * pond_secret_store_clear_key_async:
 * @self: a secret store
 * @account_id: the ID of the account
 * @cancellable: (nullable): to give up waiting; the keyring may drop the key all the same
 * @callback: called when done
 * @user_data: for @callback
 *
 * Removes the signing key of @account_id from the keyring, unlocking it if need be. Ends with
 * [method@SecretStore.clear_finish].
 */
void             pond_secret_store_clear_key_async   (PondSecretStore      *self,
                                                      const char           *account_id,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);

G_END_DECLS
