/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "accounts/pond-secret-store-private.h"
#include "pond-test-accounts.h"
#include "pond-test-keyring.h"

static PondAccount *
add_kept (PondAccountStore *store,
          const char       *id,
          const char       *name,
          const char       *text)
{
  g_autoptr (GError) keyring_error = NULL;
  g_autoptr (GError) error = NULL;
  PondAccount *account = pond_test_accounts_add (store, id, name, text, &keyring_error, &error);

  g_assert_no_error (keyring_error);
  g_assert_no_error (error);
  g_assert_cmpint (pond_account_get_origin (account), ==, POND_ACCOUNT_KEYRING);

  return account;
}

/* No file below @folder may have any of the tokens in it: neither ours nor the keyring's own. */
static void
assert_no_token_below (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      gsize length;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        assert_no_token_below (path);
      else if (g_file_get_contents (path, &text, &length, NULL))
        {
          g_assert_null (memmem (text, length, TOKEN, strlen (TOKEN)));
          g_assert_null (memmem (text, length, OTHER_TOKEN, strlen (OTHER_TOKEN)));
        }
    }
}

static void
test_kept (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  g_autofree char *path = pond_test_accounts_path ();
  PondAccountStore *store = pond_test_accounts_new ();
  g_autoptr (PondAccount) work = NULL;
  g_autoptr (PondAccount) home = NULL;
  g_autoptr (PondAccount) office = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf status;

  pond_test_keyring_start (keyring);

  work = add_kept (store, ID, "Work", TOKEN);
  home = add_kept (store, OTHER_ID, " Home\n", OTHER_TOKEN);
  pond_test_accounts_assert_names (store, "Work,Home");
  pond_test_accounts_assert_file ("", "[" ID "]\nname=Work\n\n[" OTHER_ID "]\nname=Home\n");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  /* Added once more it has the new name and token, and its place. */
  office = add_kept (store, ID, "Office", OTHER_TOKEN);
  g_assert_true (office == work);
  pond_test_accounts_assert_names (store, "Office,Home");
  pond_test_accounts_assert_token (store, work, OTHER_TOKEN);
  g_assert_finalize_object (store);

  store = pond_test_accounts_new ();
  g_assert_true (pond_test_accounts_load (store, &error));
  pond_test_accounts_assert_names (store, "Office,Home");
  pond_test_accounts_assert_token (store, pond_account_store_find (store, ID), OTHER_TOKEN);

  g_assert_true (pond_test_accounts_remove (store, pond_account_store_find (store, ID), &error));
  g_assert_no_error (error);
  pond_test_accounts_assert_names (store, "Home");
  pond_test_accounts_assert_file ("", "[" OTHER_ID "]\nname=Home\n");
  pond_test_accounts_assert_token (store, work, NULL);
  pond_test_accounts_assert_token (store, home, OTHER_TOKEN);

  assert_no_token_below (g_get_home_dir ());
  assert_no_token_below (g_get_user_config_dir ());
  assert_no_token_below (g_get_user_data_dir ());
  assert_no_token_below (g_get_user_cache_dir ());
  assert_no_token_below (g_get_user_state_dir ());
  g_assert_finalize_object (store);
}

static void
test_keyring_comes (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  PondAccountStore *store = pond_test_accounts_new ();
  g_autoptr (PondAccount) account = NULL;
  g_autoptr (PondAccount) same = NULL;
  g_autoptr (GError) keyring_error = NULL;

  account = pond_test_accounts_add (store, ID, "Work", TOKEN, &keyring_error, NULL);
  g_assert_error (keyring_error, POND_SECRET_ERROR, POND_SECRET_ERROR_UNAVAILABLE);
  g_assert_cmpint (pond_account_get_origin (account), ==, POND_ACCOUNT_SESSION);
  pond_test_accounts_assert_file ("", NULL);

  pond_test_keyring_start (keyring);
  same = add_kept (store, ID, "Work", OTHER_TOKEN);
  g_assert_true (same == account);
  pond_test_accounts_assert_token (store, account, OTHER_TOKEN);
  pond_test_accounts_assert_file ("", "[" ID "]\nname=Work\n");

  g_assert_finalize_object (store);
}

static void
test_remove_locked (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  PondAccountStore *store = pond_test_accounts_new ();
  g_autoptr (PondAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  pond_test_keyring_start (keyring);
  account = add_kept (store, ID, "Work", TOKEN);
  pond_test_keyring_lock (keyring);

  g_assert_false (pond_test_accounts_remove (store, account, &error));
  g_assert_error (error, POND_SECRET_ERROR, POND_SECRET_ERROR_LOCKED);
  pond_test_accounts_assert_names (store, "");
  pond_test_accounts_assert_file ("", "");

  g_assert_finalize_object (store);
}

static void
test_remove_without_keyring (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  PondAccountStore *store = pond_test_accounts_new ();
  g_autoptr (PondAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  pond_test_keyring_start (keyring);
  account = add_kept (store, ID, "Work", TOKEN);
  pond_test_keyring_kill (keyring);

  g_assert_true (pond_test_accounts_remove (store, account, &error));
  g_assert_no_error (error);
  pond_test_accounts_assert_names (store, "");
  pond_test_accounts_assert_file ("", "");

  g_assert_finalize_object (store);
}

/* The file can't be written: there must be neither an account nor a token that nobody knows of. */
static void
test_unwritable (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  g_autofree char *path = pond_test_accounts_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  PondAccountStore *store = pond_test_accounts_new ();
  g_autoptr (PondAccount) account = pond_account_new (ID, "Work", POND_ACCOUNT_KEYRING);
  g_autoptr (GError) keyring_error = NULL;
  g_autoptr (GError) error = NULL;

  pond_test_keyring_start (keyring);
  g_assert_cmpint (g_mkdir_with_parents (g_get_user_config_dir (), 0700), ==, 0);
  g_assert_true (g_file_set_contents (folder, "in the way", -1, NULL));

  g_assert_null (pond_test_accounts_add (store, ID, "Work", TOKEN, &keyring_error, &error));
  g_assert_no_error (keyring_error);
  g_assert_nonnull (error);
  g_assert_true (error->domain == G_IO_ERROR || error->domain == G_FILE_ERROR);
  pond_test_accounts_assert_names (store, "");

  pond_test_accounts_assert_token (store, account, NULL);
  g_assert_finalize_object (store);
}

static void
test_renamed (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  PondAccountStore *store = pond_test_accounts_new ();
  g_autofree char *path = pond_test_accounts_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (PondAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  pond_test_keyring_start (keyring);
  account = add_kept (store, ID, "Work", TOKEN);

  g_assert_true (pond_test_accounts_rename (store, account, " Home\n", &error));
  g_assert_no_error (error);
  pond_test_accounts_assert_names (store, "Home");
  pond_test_accounts_assert_file ("", "[" ID "]\nname=Home\n");
  pond_test_accounts_assert_token (store, account, TOKEN);

  /* A name that can't be written is none. */
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_true (g_file_set_contents (folder, "in the way", -1, NULL));
  g_assert_false (pond_test_accounts_rename (store, account, "Office", &error));
  g_assert_nonnull (error);
  pond_test_accounts_assert_names (store, "Home");

  g_assert_finalize_object (store);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  pond_test_keyring_add ("/account-keyring/kept", test_kept);
  pond_test_keyring_add ("/account-keyring/comes", test_keyring_comes);
  pond_test_keyring_add ("/account-keyring/remove-locked", test_remove_locked);
  pond_test_keyring_add ("/account-keyring/remove-without", test_remove_without_keyring);
  pond_test_keyring_add ("/account-keyring/unwritable", test_unwritable);
  pond_test_keyring_add ("/account-keyring/renamed", test_renamed);

  return g_test_run ();
}
