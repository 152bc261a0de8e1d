/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a token was in the way of goes on with the next one. */

#include "config.h"

#include "world.h"

#define UNKNOWN_TOKEN "cfut_0000000000000000000000000000000000000000"

static void
on_result (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **place)
{
  while (*place == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *place;
}

static void
remove_account (Process *process)
{
  g_autoptr(PondAccount) account = g_list_model_get_item (G_LIST_MODEL (process->accounts), 0);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  pond_account_store_remove_async (process->accounts, account, NULL, on_result, &result);
  g_assert_true (pond_account_store_remove_finish (process->accounts, wait_for (&result), &error));
  g_assert_no_error (error);
}

/* There is no keyring, so that the token lasts for the process. */
static void
set_token (World      *world,
           Process    *process,
           const char *text)
{
  g_autoptr(PondToken) token = pond_token_new (text, NULL);
  g_autoptr(PondAccount) account = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  pond_account_store_add_async (process->accounts, pond_demo_server_get_account_id (world->server), "Work", token,
                                NULL, on_result, &result);
  account = pond_account_store_add_finish (process->accounts, wait_for (&result), NULL, &error);
  g_assert_no_error (error);
}

typedef struct
{
  const char *name;
  const char *rules;
  gboolean read_only;
  PondFailureCode code;
} Row;

static const Row rows[] = {
  { "unauthorized", "[{\"do\": {\"variant\": {\"unknown_token\": \"401\"}}}]", FALSE, POND_FAILURE_UNAUTHORIZED },
  { "forbidden", "[]", FALSE, POND_FAILURE_FORBIDDEN },
  { "read-only", "[]", TRUE, POND_FAILURE_FORBIDDEN },
};

static void
test_replaced (gconstpointer data)
{
  const Row *row = data;
  World *world = world_new ();
  Process *process = world_start (world);
  g_autoptr(PondDownload) download = NULL;

  g_assert_true (pond_demo_server_add_rules (world->server, row->rules, NULL));
  remove_account (process);
  set_token (world, process, row->read_only ? pond_demo_server_get_read_token (world->server) : UNKNOWN_TOKEN);

  download = process_add (process, WHEEL, "default");
  wait_for_state (download, POND_DOWNLOAD_FAILED);
  g_assert_cmpint (pond_download_get_code (download), ==, row->code);

  set_token (world, process, pond_demo_server_get_token (world->server));
  while (pond_download_get_state (download) == POND_DOWNLOAD_FAILED)
    g_main_context_iteration (NULL, TRUE);
  wait_for_state (download, POND_DOWNLOAD_SAVED);

  process_stop (process);
  world_free (world);
}

static void
test_removed (void)
{
  World *world = world_new ();
  Process *process = world_start (world);
  g_autoptr(PondDownload) download = NULL;

  remove_account (process);
  set_token (world, process, UNKNOWN_TOKEN);
  download = process_add (process, WHEEL, "default");
  wait_for_state (download, POND_DOWNLOAD_FAILED);

  remove_account (process);
  pond_download_queue_resume (process->queue, download);
  while (pond_download_get_reason (download) != POND_WAITING_SIGN_IN)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (pond_download_get_state (download), ==, POND_DOWNLOAD_WAITING);

  set_token (world, process, pond_demo_server_get_token (world->server));
  wait_for_state (download, POND_DOWNLOAD_SAVED);

  process_stop (process);
  world_free (world);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  /* Without a bus there is no keyring. */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/sign-in/replaced/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_replaced);
    }
  g_test_add_func ("/sign-in/removed", test_removed);

  return g_test_run ();
}
