/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "pond-test-accounts.h"

static void
write_file (const char *text,
            gssize      length)
{
  g_autofree char *path = pond_test_accounts_path ();
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, length, NULL));
}

static void
add_transient (PondAccountStore  *store,
               const char        *id,
               const char        *name,
               PondAccountOrigin  origin,
               const char        *text)
{
  g_autoptr (PondAccount) account = pond_account_new (id, name, origin);
  g_autoptr (PondToken) token = pond_token_new (text, NULL);

  pond_account_store_add_transient (store, account, token);
}

static void
test_empty (void)
{
  PondAccountStore *store = pond_test_accounts_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (pond_test_accounts_load (store, &error));
  g_assert_no_error (error);
  pond_test_accounts_assert_names (store, "");
  pond_test_accounts_assert_file ("", NULL);
  g_assert_null (pond_account_store_find (store, ID));
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (store), 0));
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (store)) == POND_TYPE_ACCOUNT);

  g_assert_finalize_object (store);
}

static void
test_load (void)
{
  PondAccountStore *store = pond_test_accounts_new ();
  PondAccount *account = NULL;
  g_autoptr (GError) error = NULL;

  write_file ("# mine\n[" OTHER_ID "]\nname=Zoë\ncolor=blue\n\n[" ID "]\nname=Work\n", -1);
  g_assert_true (pond_test_accounts_load (store, &error));
  g_assert_no_error (error);
  pond_test_accounts_assert_names (store, "Zoë,Work");
  pond_test_accounts_assert_file (".broken", NULL);

  account = pond_account_store_find (store, ID);
  g_assert_cmpstr (pond_account_get_name (account), ==, "Work");
  g_assert_cmpint (pond_account_get_origin (account), ==, POND_ACCOUNT_KEYRING);

  g_assert_true (pond_test_accounts_load (store, &error));
  pond_test_accounts_assert_names (store, "Zoë,Work");

  g_assert_finalize_object (store);
}

static void
test_damaged (void)
{
#define GOOD "[" ID "]\nname=Work\n"
#define LAST "[" OTHER_ID "]\nname=Home\n"
  const struct
  {
    const char *text;
    gssize length;
    const char *names;
    const char *rest;
  } cases[] = {
    { GOOD "what is this\n" LAST, -1, "Home", LAST },
    { GOOD "[fedcba98]\nname=Short\n" LAST, -1, "Work,Home", GOOD LAST },
    { GOOD "[" OTHER_ID "]\n", -1, "Work", GOOD },
    { GOOD "[" OTHER_ID "]\nname=\xff\xfe\n", -1, "Work", GOOD },
    { GOOD "[" OTHER_ID, -1, "Work", GOOD },
    { "junk\n" GOOD LAST, -1, "Work,Home", GOOD LAST },
    { "junk", -1, "", "" },
    { GOOD "\0\0\0", sizeof GOOD + 2, "Work", GOOD },
    { "\0\0\0\0", 4, "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PondAccountStore *store = pond_test_accounts_new ();
      g_autofree char *path = pond_test_accounts_path ();
      g_autofree char *aside = g_strconcat (path, ".broken", NULL);
      g_autofree char *kept = NULL;
      g_autoptr (GError) error = NULL;
      gsize kept_length;
      gsize length = cases[i].length < 0 ? strlen (cases[i].text) : (gsize) cases[i].length;

      write_file (cases[i].text, length);
      g_test_expect_message ("pond-accounts", G_LOG_LEVEL_WARNING, "*damaged*accounts.ini.broken*");
      g_assert_true (pond_test_accounts_load (store, &error));
      g_test_assert_expected_messages ();
      g_assert_no_error (error);

      pond_test_accounts_assert_names (store, cases[i].names);
      pond_test_accounts_assert_file ("", cases[i].rest);
      g_assert_true (g_file_get_contents (aside, &kept, &kept_length, NULL));
      g_assert_cmpmem (kept, kept_length, cases[i].text, length);

      g_assert_finalize_object (store);
    }
}

static void
test_unreadable (void)
{
  PondAccountStore *store = pond_test_accounts_new ();
  g_autofree char *path = pond_test_accounts_path ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  g_assert_false (pond_test_accounts_load (store, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_DIR));

  g_assert_finalize_object (store);
}

static void
test_transient (void)
{
  PondAccountStore *store = pond_test_accounts_new ();
  PondAccount *account = NULL;
  g_autoptr (GError) error = NULL;

  write_file ("[" ID "]\nname=Work\n", -1);
  g_assert_true (pond_test_accounts_load (store, NULL));

  add_transient (store, OTHER_ID, "Sample", POND_ACCOUNT_SAMPLE, TOKEN);
  add_transient (store, ID, "Variables", POND_ACCOUNT_ENVIRONMENT, TOKEN);
  pond_test_accounts_assert_names (store, "Sample,Variables,Work");

  add_transient (store, OTHER_ID, "Newer", POND_ACCOUNT_SAMPLE, OTHER_TOKEN);
  pond_test_accounts_assert_names (store, "Variables,Newer,Work");
  pond_test_accounts_assert_token (store, pond_account_store_find (store, OTHER_ID), OTHER_TOKEN);

  account = pond_account_store_find (store, ID);
  g_assert_cmpstr (pond_account_get_name (account), ==, "Variables");
  g_assert_true (pond_test_accounts_remove (store, account, &error));
  g_assert_no_error (error);
  pond_test_accounts_assert_names (store, "Newer,Work");
  pond_test_accounts_assert_file ("", "[" ID "]\nname=Work\n");

  g_assert_finalize_object (store);
}

static void
test_environment (void)
{
  const struct
  {
    const char *id;
    const char *token;
    const char *names;
    const char *blamed;
  } cases[] = {
    { NULL, NULL, "", NULL },
    { "", "", "", NULL },
    { ID, TOKEN, "Environment", NULL },
    { " " ID "\n", "Bearer " TOKEN, "Environment", NULL },
    { ID, NULL, "", "CLOUDFLARE_API_TOKEN is not" },
    { ID, "", "", "CLOUDFLARE_API_TOKEN is not" },
    { NULL, TOKEN, "", "CLOUDFLARE_ACCOUNT_ID is not" },
    { "work", TOKEN, "", "CLOUDFLARE_ACCOUNT_ID holds" },
    { ID, "not a token", "", "CLOUDFLARE_API_TOKEN: " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      PondAccountStore *store = pond_test_accounts_new ();
      g_autoptr (GError) error = NULL;

      g_unsetenv ("CLOUDFLARE_ACCOUNT_ID");
      g_unsetenv ("CLOUDFLARE_API_TOKEN");
      if (cases[i].id != NULL)
        g_setenv ("CLOUDFLARE_ACCOUNT_ID", cases[i].id, TRUE);
      if (cases[i].token != NULL)
        g_setenv ("CLOUDFLARE_API_TOKEN", cases[i].token, TRUE);

      g_assert_true (pond_account_store_add_environment (store, &error) ==
                     (cases[i].blamed == NULL));
      pond_test_accounts_assert_names (store, cases[i].names);

      if (cases[i].token != NULL && *cases[i].token != '\0')
        g_assert_null (g_getenv ("CLOUDFLARE_API_TOKEN"));

      if (cases[i].blamed != NULL)
        {
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
          g_assert_nonnull (strstr (error->message, cases[i].blamed));
          g_assert_null (strstr (error->message, TOKEN));
          g_assert_null (strstr (error->message, "not a token"));
        }
      else if (*cases[i].names != '\0')
        {
          PondAccount *account = pond_account_store_find (store, ID);

          g_assert_cmpint (pond_account_get_origin (account), ==, POND_ACCOUNT_ENVIRONMENT);
          pond_test_accounts_assert_token (store, account, TOKEN);
        }

      pond_test_accounts_assert_file ("", NULL);
      g_assert_finalize_object (store);
    }
}

static void
on_token_changed (PondAccountStore *store,
                  PondAccount      *account,
                  PondAccount     **changed)
{
  g_assert_null (*changed);
  *changed = account;
}

static void
test_without_keyring (void)
{
  PondAccountStore *store = pond_test_accounts_new ();
  PondAccount *changed = NULL;
  g_autoptr (PondAccount) account = NULL;
  g_autoptr (PondAccount) same = NULL;
  g_autoptr (GError) keyring_error = NULL;
  g_autoptr (GError) error = NULL;

  account = pond_test_accounts_add (store, ID, "Work", TOKEN, &keyring_error, &error);
  g_assert_no_error (error);
  g_assert_error (keyring_error, POND_SECRET_ERROR, POND_SECRET_ERROR_UNAVAILABLE);
  g_assert_cmpint (pond_account_get_origin (account), ==, POND_ACCOUNT_SESSION);
  pond_test_accounts_assert_token (store, account, TOKEN);
  pond_test_accounts_assert_names (store, "Work");
  pond_test_accounts_assert_file ("", NULL);

  /* Who does not care why need not ask. A blank name is none, so that the one there is stays. */
  g_signal_connect (store, "token-changed", G_CALLBACK (on_token_changed), &changed);
  same = pond_test_accounts_add (store, ID, " ", OTHER_TOKEN, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (same == account);
  g_assert_true (changed == account);
  pond_test_accounts_assert_names (store, "Work");
  pond_test_accounts_assert_token (store, account, OTHER_TOKEN);

  g_assert_true (pond_test_accounts_rename (store, account, " Home\n", &error));
  g_assert_no_error (error);
  pond_test_accounts_assert_names (store, "Home");
  g_assert_true (pond_test_accounts_rename (store, account, " ", &error));
  g_assert_no_error (error);
  pond_test_accounts_assert_names (store, "Home");
  pond_test_accounts_assert_file ("", NULL);

  g_assert_true (pond_test_accounts_remove (store, account, &error));
  g_assert_no_error (error);
  pond_test_accounts_assert_names (store, "");
  pond_test_accounts_assert_token (store, account, NULL);

  /* One that is new has no token that changes. */
  changed = NULL;
  g_object_unref (pond_test_accounts_add (store, ID, NULL, TOKEN, NULL, &error));
  g_assert_null (changed);
  pond_test_accounts_assert_names (store, ID);

  g_assert_finalize_object (store);
}

static void
test_cancelled (void)
{
  PondAccountStore *store = pond_test_accounts_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PondToken) token = pond_token_new (TOKEN, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  pond_account_store_add_async (store, ID, "Work", token, cancellable, pond_test_on_ready, &result);
  g_assert_null (pond_account_store_add_finish (store, pond_test_wait (&result), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);
  pond_test_accounts_assert_names (store, "");

  g_assert_finalize_object (store);
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/account-store/empty", test_empty);
  g_test_add_func ("/account-store/load", test_load);
  g_test_add_func ("/account-store/damaged", test_damaged);
  g_test_add_func ("/account-store/unreadable", test_unreadable);
  g_test_add_func ("/account-store/transient", test_transient);
  g_test_add_func ("/account-store/environment", test_environment);
  g_test_add_func ("/account-store/without-keyring", test_without_keyring);
  g_test_add_func ("/account-store/cancelled", test_cancelled);

  return g_test_run ();
}
