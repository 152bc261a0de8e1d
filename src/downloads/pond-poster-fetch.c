/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "downloads/pond-poster-fetch.h"

typedef struct
{
  char *url;
  GFile *file;
} Fetch;

static void
fetch_free (Fetch *fetch)
{
  g_free (fetch->url);
  g_object_unref (fetch->file);
  g_free (fetch);
}

static void
on_poster_written (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_poster_ready (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = pond_stream_client_fetch_finish (POND_STREAM_CLIENT (source), result, &error);

  if (bytes == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_file_replace_contents_bytes_async (fetch->file, bytes, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION,
                                       g_task_get_cancellable (task), on_poster_written,
                                       g_object_ref (task));
}

static void
on_poster_queried (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondStreamClient *client = g_task_get_source_object (task);
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr(GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, NULL);

  if (info != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  pond_stream_client_fetch_poster_async (client, fetch->url, g_task_get_cancellable (task), on_poster_ready,
                                         g_object_ref (task));
}

/**
 * pond_poster_fetch_async:
 * @client: (transfer none): a client
 * @url: where the poster is on Stream, signed if need be
 * @file: (transfer none): where it shall be
 * @cancellable: (nullable): ends it at once
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Gets a video's poster, unless it is there already.
 */
void
pond_poster_fetch_async (PondStreamClient    *client,
                         const char          *url,
                         GFile               *file,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task = g_task_new (client, cancellable, callback, user_data);
  Fetch *fetch = g_new0 (Fetch, 1);

  g_task_set_source_tag (task, pond_poster_fetch_async);
  fetch->url = g_strdup (url);
  fetch->file = g_object_ref (file);
  g_task_set_task_data (task, fetch, (GDestroyNotify) fetch_free);

  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE, G_PRIORITY_LOW,
                           cancellable, on_poster_queried, task);
}

/**
 * pond_poster_fetch_finish:
 * @result: what the callback got
 * @error: of the domain %POND_STREAM_ERROR or %G_IO_ERROR
 *
 * Returns: whether the poster is there
 */
gboolean
pond_poster_fetch_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
