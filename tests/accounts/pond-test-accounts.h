/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "accounts/pond-account-store.h"

#include "pond-test-wait.h"

/* What the tests of the account store share: its calls, waited for, and its file. */

#define ID "0123456789abcdef0123456789abcdef"
#define OTHER_ID "fedcba9876543210fedcba9876543210"
#define TOKEN "cfut_Abcdefghijklmnopqrstuvwxyz0123456789"
#define OTHER_TOKEN "cfat_Zyxwvutsrqponmlkjihgfedcba9876543210"

static inline char *
pond_test_accounts_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "millpond", "accounts.ini", NULL);
}

static inline PondAccountStore *
pond_test_accounts_new (void)
{
  g_autofree char *path = pond_test_accounts_path ();
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (PondSecretStore) secrets = pond_secret_store_new ();

  return pond_account_store_new (file, secrets);
}

static inline gboolean
pond_test_accounts_load (PondAccountStore  *store,
                         GError           **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pond_account_store_load_async (store, NULL, pond_test_on_ready, &result);

  return pond_account_store_load_finish (store, pond_test_wait (&result), error);
}

static inline PondAccount *
pond_test_accounts_add (PondAccountStore  *store,
                        const char        *id,
                        const char        *name,
                        const char        *text,
                        GError           **keyring_error,
                        GError           **error)
{
  g_autoptr (PondToken) token = pond_token_new (text, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  pond_account_store_add_async (store, id, name, token, NULL, pond_test_on_ready, &result);

  return pond_account_store_add_finish (store, pond_test_wait (&result), keyring_error, error);
}

static inline gboolean
pond_test_accounts_rename (PondAccountStore  *store,
                           PondAccount       *account,
                           const char        *name,
                           GError           **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pond_account_store_rename_async (store, account, name, NULL, pond_test_on_ready, &result);

  return pond_account_store_rename_finish (store, pond_test_wait (&result), error);
}

static inline gboolean
pond_test_accounts_remove (PondAccountStore  *store,
                           PondAccount       *account,
                           GError           **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pond_account_store_remove_async (store, account, NULL, pond_test_on_ready, &result);

  return pond_account_store_remove_finish (store, pond_test_wait (&result), error);
}

static inline void
pond_test_accounts_assert_token (PondAccountStore *store,
                                 PondAccount      *account,
                                 const char       *expected)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (PondToken) token = NULL;
  g_autoptr (GError) error = NULL;

  pond_account_store_lookup_token_async (store, account, NULL, pond_test_on_ready, &result);
  token = pond_account_store_lookup_token_finish (store, pond_test_wait (&result), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (token != NULL ? pond_token_peek (token) : NULL, ==, expected);
}

/* The names of the list, joined by commas. */
static inline void
pond_test_accounts_assert_names (PondAccountStore *store,
                                 const char       *expected)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    {
      g_autoptr (PondAccount) account = g_list_model_get_item (G_LIST_MODEL (store), i);

      if (i > 0)
        g_string_append_c (names, ',');
      g_string_append (names, pond_account_get_name (account));
    }

  g_assert_cmpstr (names->str, ==, expected);
}

static inline void
pond_test_accounts_assert_file (const char *suffix,
                                const char *expected)
{
  g_autofree char *plain_path = pond_test_accounts_path ();
  g_autofree char *path = g_strconcat (plain_path, suffix, NULL);
  g_autofree char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, expected);
}
