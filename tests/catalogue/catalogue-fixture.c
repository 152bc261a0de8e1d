/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "catalogue-fixture.h"

PondDemoServer *
start_server (guint16 api_port,
              guint16 media_port)
{
  g_autoptr(GFile) samples = g_file_new_for_path (g_getenv ("SAMPLES"));
  PondDemoServer *server = pond_demo_server_new (samples);
  g_autoptr(GError) error = NULL;

  pond_demo_server_set_ports (server, api_port, media_port);
  pond_demo_server_start (server, &error);
  g_assert_no_error (error);
  pond_demo_server_set_speed (server, 0);

  return server;
}

void
stop_server (PondDemoServer *server)
{
  pond_demo_server_stop (server);
  g_assert_finalize_object (server);
}

void
add_videos (PondDemoServer *server,
            const char     *json)
{
  g_autoptr(GError) error = NULL;

  pond_demo_server_add_video (server, json, &error);
  g_assert_no_error (error);
}

PondStreamClient *
make_client (PondDemoServer *server)
{
  g_autoptr(PondToken) token = NULL;
  g_autoptr(GError) error = NULL;

  token = pond_token_new (pond_demo_server_get_token (server), &error);
  g_assert_no_error (error);

  return pond_stream_client_new (pond_demo_server_get_api_base (server),
                                 pond_demo_server_get_account_id (server), token);
}

guint
count_requests (PondDemoServer *server)
{
  g_autoptr(JsonNode) requests = pond_demo_server_get_requests (server);

  return json_array_get_length (json_node_get_array (requests));
}

void
store_result (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

GAsyncResult *
wait_for (GAsyncResult **place)
{
  while (*place == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *place;
}

PondCatalogue *
open_catalogue (const char *path)
{
  PondCatalogue *catalogue = pond_catalogue_new (path);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  pond_catalogue_open_async (catalogue, NULL, store_result, &result);
  pond_catalogue_open_finish (catalogue, wait_for (&result), &error);
  g_assert_no_error (error);

  return catalogue;
}

void
close_catalogue (PondCatalogue *catalogue)
{
  gpointer alive = catalogue;

  /* What the worker has done lets go of it in the main loop. */
  g_object_add_weak_pointer (G_OBJECT (catalogue), &alive);
  g_object_unref (catalogue);
  while (alive != NULL)
    g_main_context_iteration (NULL, TRUE);
}

void
refresh (PondCatalogue    *catalogue,
         PondStreamClient *client,
         gboolean          full)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  pond_catalogue_refresh_async (catalogue, client, full, NULL, store_result, &result);
  g_assert_true (pond_catalogue_get_refreshing (catalogue));
  pond_catalogue_refresh_finish (catalogue, wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_false (pond_catalogue_get_refreshing (catalogue));
}

GPtrArray *
get_uids (GListModel *model)
{
  GPtrArray *uids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(PondVideo) video = g_list_model_get_item (model, i);

      g_ptr_array_add (uids, g_strdup (pond_video_get_uid (video)));
      g_assert_true (g_hash_table_add (seen, uids->pdata[i]));
    }
  g_assert_null (g_list_model_get_item (model, uids->len));

  return uids;
}

static void
on_items_changed (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  gpointer    user_data)
{
  Follower *self = user_data;

  if (removed > 0)
    g_ptr_array_remove_range (self->items, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (self->items, (int) (position + i), g_list_model_get_item (model, position + i));

  self->n_changes++;
  self->n_removed += removed;
  self->n_added += added;
  follower_check (self);
}

Follower *
follow (GListModel *model)
{
  Follower *self = g_new0 (Follower, 1);

  self->model = g_object_ref (model);
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    g_ptr_array_add (self->items, g_list_model_get_item (model, i));
  g_signal_connect (model, "items-changed", G_CALLBACK (on_items_changed), self);

  return self;
}

void
follower_check (Follower *self)
{
  g_assert_cmpuint (g_list_model_get_n_items (self->model), ==, self->items->len);
  for (guint i = 0; i < self->items->len; i++)
    {
      g_autoptr(PondVideo) video = g_list_model_get_item (self->model, i);

      g_assert_true (video == self->items->pdata[i]);
    }
}

void
follower_free (Follower *self)
{
  g_signal_handlers_disconnect_by_data (self->model, self);
  g_object_unref (self->model);
  g_ptr_array_unref (self->items);
  g_free (self);
}
