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
 * The keyring, as Millpond uses it: one token for each account ID. Every call ends, with an error if
 * need be, also when the Secret Service hangs.
 */
G_DECLARE_FINAL_TYPE (PondSecretStore, pond_secret_store, POND, SECRET_STORE, GObject)

PondSecretStore *pond_secret_store_new           (void);

void             pond_secret_store_store_async   (PondSecretStore      *self,
                                                  const char           *account_id,
                                                  const char           *label,
                                                  PondToken            *token,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean         pond_secret_store_store_finish  (PondSecretStore      *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

void             pond_secret_store_lookup_async  (PondSecretStore      *self,
                                                  const char           *account_id,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
PondToken       *pond_secret_store_lookup_finish (PondSecretStore      *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

void             pond_secret_store_clear_async   (PondSecretStore      *self,
                                                  const char           *account_id,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean         pond_secret_store_clear_finish  (PondSecretStore      *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

G_END_DECLS
