/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-captions"

#include "config.h"

#include "downloads/pond-captions-fetch.h"

typedef struct
{
  char *uid;
  /* (element-type PondCaption): what is still to be fetched, the last first. */
  GPtrArray *wanted;
  /* (element-type PondFetchedCaptions) */
  GPtrArray *fetched;
} Fetch;

static void
fetch_free (Fetch *fetch)
{
  g_free (fetch->uid);
  g_clear_pointer (&fetch->wanted, g_ptr_array_unref);
  g_clear_pointer (&fetch->fetched, g_ptr_array_unref);
  g_free (fetch);
}

static void
fetched_captions_free (PondFetchedCaptions *captions)
{
  g_free (captions->language);
  g_bytes_unref (captions->vtt);
  g_free (captions);
}

static void fetch_next (GTask *task);

static void
on_vtt_ready (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  PondCaption *caption = g_ptr_array_index (fetch->wanted, fetch->wanted->len - 1);
  g_autoptr(GError) error = NULL;
  GBytes *vtt = pond_stream_client_fetch_finish (POND_STREAM_CLIENT (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (vtt != NULL)
    {
      PondFetchedCaptions *captions = g_new0 (PondFetchedCaptions, 1);

      captions->language = g_strdup (caption->language);
      captions->vtt = vtt;
      g_ptr_array_add (fetch->fetched, captions);
    }
  else
    g_info ("Captions in “%s” of %s did not come: %s", caption->language, fetch->uid, error->message);

  g_ptr_array_set_size (fetch->wanted, (int) fetch->wanted->len - 1);
  fetch_next (g_steal_pointer (&task));
}

/* Takes the reference to @task. */
static void
fetch_next (GTask *task)
{
  PondStreamClient *client = g_task_get_source_object (task);
  Fetch *fetch = g_task_get_task_data (task);
  PondCaption *caption;

  if (fetch->wanted->len == 0)
    {
      g_task_return_pointer (task, g_steal_pointer (&fetch->fetched), (GDestroyNotify) g_ptr_array_unref);
      g_object_unref (task);
      return;
    }

  caption = g_ptr_array_index (fetch->wanted, fetch->wanted->len - 1);
  pond_stream_client_fetch_captions_async (client, fetch->uid, caption->language,
                                           g_task_get_cancellable (task), on_vtt_ready, task);
}

static void
on_captions_listed (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  fetch->wanted = pond_stream_client_list_captions_finish (POND_STREAM_CLIENT (source), result, &error);
  if (fetch->wanted != NULL)
    fetch_next (g_steal_pointer (&task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * pond_captions_fetch_async:
 * @client: (transfer none): the account's client
 * @uid: a video
 * @cancellable: (nullable): ends it at once
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Gets the captions of a video in every language that is ready. One that does not come is left out.
 */
void
pond_captions_fetch_async (PondStreamClient    *client,
                           const char          *uid,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (client, cancellable, callback, user_data);
  Fetch *fetch = g_new0 (Fetch, 1);

  g_task_set_source_tag (task, pond_captions_fetch_async);
  fetch->uid = g_strdup (uid);
  fetch->fetched = g_ptr_array_new_with_free_func ((GDestroyNotify) fetched_captions_free);
  g_task_set_task_data (task, fetch, (GDestroyNotify) fetch_free);

  pond_stream_client_list_captions_async (client, uid, cancellable, on_captions_listed, task);
}

/**
 * pond_captions_fetch_finish:
 * @result: what the callback got
 * @error: of the domain %POND_STREAM_ERROR when they could not even be listed
 *
 * Returns: (transfer full) (element-type PondFetchedCaptions): the captions
 */
GPtrArray *
pond_captions_fetch_finish (GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
