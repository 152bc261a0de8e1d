/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "world.h"

static void
on_result (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **place)
{
  while (*place == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *place;
}

World *
world_new (void)
{
  World *self = g_new0 (World, 1);
  g_autoptr(GFile) samples = g_file_new_for_path (g_getenv ("SAMPLES"));
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_dir_make_tmp ("millpond-queue-XXXXXX", &error);

  g_assert_no_error (error);
  self->folder = g_file_new_for_path (path);
  self->server = pond_demo_server_new (samples);
  pond_demo_server_start (self->server, &error);
  g_assert_no_error (error);
  pond_demo_server_set_speed (self->server, 20);

  return self;
}

static void
delete_folder (GFile *folder)
{
  g_autoptr(GFileEnumerator) children =
      g_file_enumerate_children (folder, "standard::name,standard::type", G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS,
                                 NULL, NULL);
  GFile *child;
  GFileInfo *info;

  while (children != NULL && g_file_enumerator_iterate (children, &info, &child, NULL, NULL) && child != NULL)
    {
      if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
        delete_folder (child);
      else
        g_file_delete (child, NULL, NULL);
    }

  g_file_delete (folder, NULL, NULL);
}

void
world_free (World *self)
{
  pond_demo_server_stop (self->server);
  g_assert_finalize_object (self->server);
  delete_folder (self->folder);
  g_object_unref (self->folder);
  g_free (self);
}

static void
add_account (World            *self,
             PondAccountStore *accounts)
{
  g_autoptr(PondAccount) account = NULL;
  g_autoptr(PondToken) token = NULL;
  g_autoptr(GError) error = NULL;

  token = pond_token_new (pond_demo_server_get_token (self->server), &error);
  g_assert_no_error (error);
  account = pond_account_new (pond_demo_server_get_account_id (self->server), "Samples", POND_ACCOUNT_SAMPLE);
  pond_account_store_add_transient (accounts, account, token);
}

static Process *
start (World    *self,
       gboolean  with_account)
{
  Process *process = g_new0 (Process, 1);
  g_autoptr(PondSecretStore) secrets = pond_secret_store_new ();
  g_autoptr(GFile) list = g_file_get_child (self->folder, "accounts.ini");
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) started = NULL;
  g_autoptr(GError) error = NULL;

  process->accounts = pond_account_store_new (list, secrets);
  if (with_account)
    add_account (self, process->accounts);

  process->library = pond_library_new (self->folder);
  pond_library_open_async (process->library, NULL, on_result, &opened);
  pond_library_open_finish (process->library, wait_for (&opened), &error);
  g_assert_no_error (error);

  process->queue = pond_download_queue_new (process->library, process->accounts,
                                            pond_demo_server_get_api_base (self->server));
  pond_download_queue_start_async (process->queue, NULL, on_result, &started);
  pond_download_queue_start_finish (process->queue, wait_for (&started), &error);
  g_assert_no_error (error);

  return process;
}

Process *
world_start (World *self)
{
  return start (self, TRUE);
}

Process *
world_start_without_account (World *self)
{
  return start (self, FALSE);
}

void
process_stop (Process *self)
{
  g_autoptr(GAsyncResult) stopped = NULL;

  pond_download_queue_stop_async (self->queue, on_result, &stopped);
  pond_download_queue_stop_finish (self->queue, wait_for (&stopped), NULL);
  g_clear_object (&stopped);

  /* What was begun beside the steps, such as posters, holds on for a moment. */
  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_object_unref (self->queue);
  g_object_unref (self->library);
  g_object_unref (self->accounts);
  g_free (self);
}

PondDownload *
process_add (Process    *self,
             const char *uid,
             const char *type)
{
  g_autoptr(PondVideoRef) ref = pond_video_ref_new (uid);
  g_autoptr(GAsyncResult) added = NULL;
  g_autoptr(GError) error = NULL;
  PondDownload *download;

  pond_download_queue_add_async (self->queue, ref, type, NULL, on_result, &added);
  download = pond_download_queue_add_finish (self->queue, wait_for (&added), &error);
  g_assert_no_error (error);

  return download;
}

void
wait_for_state (PondDownload      *download,
                PondDownloadState  state)
{
  while (pond_download_get_state (download) != state)
    {
      if (state != POND_DOWNLOAD_FAILED && pond_download_get_state (download) == POND_DOWNLOAD_FAILED)
        g_error ("%s failed: %s", pond_download_get_title (download), pond_download_get_message (download));
      g_main_context_iteration (NULL, TRUE);
    }
}

void
wait_for_bytes (PondDownload *download,
                guint64       bytes)
{
  while (pond_download_get_bytes (download) < bytes)
    g_main_context_iteration (NULL, TRUE);
}

void
wait_until_gone (gpointer object)
{
  g_object_add_weak_pointer (object, &object);
  g_object_unref (object);
  while (object != NULL)
    g_main_context_iteration (NULL, TRUE);
}

void
assert_same_file (PondLibraryEntry *entry,
                  const char       *sample)
{
  g_autofree char *path = g_build_filename (g_getenv ("SAMPLES"), sample, NULL);
  g_autofree char *expected = NULL;
  g_autofree char *found = NULL;
  gsize expected_length;
  gsize found_length;
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (entry);
  g_file_get_contents (path, &expected, &expected_length, &error);
  g_assert_no_error (error);
  g_file_get_contents (g_file_peek_path (pond_library_entry_get_file (entry)), &found, &found_length, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (expected, expected_length, found, found_length);
}

static JsonArray *
peek_requests (JsonNode *node)
{
  return json_node_get_array (node);
}

guint64
world_count_sent (World *self)
{
  g_autoptr(JsonNode) node = pond_demo_server_get_requests (self->server);
  JsonArray *requests = peek_requests (node);
  guint64 sent = 0;

  for (guint i = 0; i < json_array_get_length (requests); i++)
    {
      JsonObject *request = json_array_get_object_element (requests, i);

      if (g_str_equal (json_object_get_string_member (request, "host"), "media") &&
          g_str_has_prefix (json_object_get_string_member (request, "path"), "/signed/"))
        sent += (guint64) json_object_get_int_member (request, "bytes_sent");
    }

  return sent;
}

guint
world_count_requests (World      *self,
                      const char *host,
                      const char *method_glob,
                      const char *path_glob)
{
  g_autoptr(JsonNode) node = pond_demo_server_get_requests (self->server);
  JsonArray *requests = peek_requests (node);
  guint count = 0;

  for (guint i = 0; i < json_array_get_length (requests); i++)
    {
      JsonObject *request = json_array_get_object_element (requests, i);

      if (g_str_equal (json_object_get_string_member (request, "host"), host) &&
          g_pattern_match_simple (method_glob, json_object_get_string_member (request, "method")) &&
          g_pattern_match_simple (path_glob, json_object_get_string_member (request, "path")))
        count++;
    }

  return count;
}
