/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-thumbnails"

#include "config.h"

#include "ui/pond-thumbnails.h"

#include "downloads/pond-poster-fetch.h"

/* More would only wait for each other, and a person sees about this many at once. */
#define MAX_RUNNING 4

/* After so many days a picture is fetched again: the person may have chosen another one on Stream. */
#define MAX_AGE_DAYS 30

struct _PondThumbnails
{
  GObject            parent_instance;

  PondDownloadQueue *queue;
  char              *account_id;
  GFile             *folder;

  /* (element-type GTask): those that wait for their turn */
  GQueue             waiting;
  guint              n_running;
};

G_DEFINE_FINAL_TYPE (PondThumbnails, pond_thumbnails, G_TYPE_OBJECT)

typedef struct
{
  PondVideo        *video;
  GFile            *saved;
  GFile            *file;
  PondStreamClient *client;
} Request;

static void
request_free (Request *request)
{
  g_clear_object (&request->video);
  g_clear_object (&request->saved);
  g_clear_object (&request->file);
  g_clear_object (&request->client);
  g_free (request);
}

static void start_next (PondThumbnails *self);

/* Every request that was started ends here. */
static void
end_request (GTask  *task,
             GError *error)
{
  g_autoptr(PondThumbnails) self = g_object_ref (g_task_get_source_object (task));
  Request *request = g_task_get_task_data (task);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_object_ref (request->file), g_object_unref);

  self->n_running--;
  start_next (self);
}

static void
on_fetched (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  pond_poster_fetch_finish (result, &error);
  end_request (task, error);
}

static void
fetch (GTask      *task,
       const char *url)
{
  Request *request = g_task_get_task_data (task);

  pond_poster_fetch_async (request->client, url, request->file, g_task_get_cancellable (task),
                           on_fetched, g_object_ref (task));
}

static void
on_signed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree char *token = pond_stream_client_sign_finish (POND_STREAM_CLIENT (source), result, &error);
  g_autofree char *url = NULL;

  if (token == NULL)
    {
      end_request (task, error);
      return;
    }

  url = pond_stream_client_sign_url (pond_video_get_thumbnail (request->video),
                                     pond_video_get_uid (request->video), token);
  fetch (task, url);
}

static void
on_client_ready (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(PondLinkRequest) link = pond_link_request_new ();
  Request *request = g_task_get_task_data (task);
  GError *error = NULL;

  /* Pictures need no more. */
  link->downloadable = FALSE;
  request->client = pond_client_pool_get_finish (POND_CLIENT_POOL (source), result, &error);
  if (request->client == NULL)
    end_request (task, error);
  else if (pond_video_get_private (request->video))
    pond_stream_client_sign_async (request->client, pond_video_get_uid (request->video), link,
                                   g_task_get_cancellable (task), on_signed, g_object_ref (task));
  else
    fetch (task, pond_video_get_thumbnail (request->video));
}

static gboolean
is_fresh (GFileInfo *info)
{
  g_autoptr(GDateTime) modified = g_file_info_get_modification_date_time (info);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();

  return modified != NULL
         && g_date_time_difference (now, modified) < MAX_AGE_DAYS * G_TIME_SPAN_DAY;
}

/* Looks for the picture on the disk, and makes room for one that is to be fetched. */
static void
look_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Request *request = g_task_get_task_data (task_data);
  g_autoptr(GFile) folder = g_file_get_parent (request->file);
  g_autoptr(GFileInfo) info = NULL;

  if (g_file_query_exists (request->saved, cancellable))
    {
      g_set_object (&request->file, request->saved);
      g_task_return_boolean (task, TRUE);
      return;
    }

  info = g_file_query_info (request->file, G_FILE_ATTRIBUTE_TIME_MODIFIED, G_FILE_QUERY_INFO_NONE,
                            cancellable, NULL);
  if (info != NULL && is_fresh (info))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_file_delete (request->file, cancellable, NULL);
  g_file_make_directory_with_parents (folder, cancellable, NULL);
  g_task_return_boolean (task, FALSE);
}

static void
on_looked (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondThumbnails *self = POND_THUMBNAILS (source);
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error) || error != NULL)
    end_request (task, error);
  else
    pond_client_pool_get_async (pond_download_queue_get_clients (self->queue), self->account_id,
                                g_task_get_cancellable (task), on_client_ready, g_object_ref (task));
}

static void
start_next (PondThumbnails *self)
{
  while (self->n_running < MAX_RUNNING && !g_queue_is_empty (&self->waiting))
    {
      g_autoptr(GTask) task = g_queue_pop_head (&self->waiting);
      g_autoptr(GTask) look = NULL;

      if (g_task_return_error_if_cancelled (task))
        continue;

      self->n_running++;
      look = g_task_new (self, g_task_get_cancellable (task), on_looked, g_object_ref (task));
      g_task_set_source_tag (look, start_next);
      g_task_set_task_data (look, g_object_ref (task), g_object_unref);
      g_task_run_in_thread (look, look_in_thread);
    }
}

static void
pond_thumbnails_finalize (GObject *object)
{
  PondThumbnails *self = POND_THUMBNAILS (object);

  g_clear_object (&self->queue);
  g_clear_object (&self->folder);
  g_clear_pointer (&self->account_id, g_free);

  G_OBJECT_CLASS (pond_thumbnails_parent_class)->finalize (object);
}

static void
pond_thumbnails_class_init (PondThumbnailsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pond_thumbnails_finalize;
}

static void
pond_thumbnails_init (PondThumbnails *self)
{
  self->folder = g_file_new_build_filename (g_get_user_cache_dir (), "millpond", "posters", NULL);
}

PondThumbnails *
pond_thumbnails_new (PondDownloadQueue *queue,
                     const char        *account_id)
{
  PondThumbnails *self;

  g_return_val_if_fail (POND_IS_DOWNLOAD_QUEUE (queue), NULL);
  g_return_val_if_fail (account_id != NULL, NULL);

  self = g_object_new (POND_TYPE_THUMBNAILS, NULL);
  self->queue = g_object_ref (queue);
  self->account_id = g_strdup (account_id);

  return self;
}

void
pond_thumbnails_get_async (PondThumbnails      *self,
                           PondVideo           *video,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *name = NULL;
  Request *request;

  g_return_if_fail (POND_IS_THUMBNAILS (self));
  g_return_if_fail (POND_IS_VIDEO (video));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_thumbnails_get_async);
  if (pond_video_get_thumbnail (video) == NULL)
    {
      g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no poster");
      return;
    }

  name = g_strconcat (pond_video_get_uid (video), ".jpg", NULL);
  request = g_new0 (Request, 1);
  request->video = g_object_ref (video);
  request->saved = pond_library_get_poster (pond_download_queue_get_library (self->queue),
                                            pond_video_get_uid (video));
  request->file = g_file_get_child (self->folder, name);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);

  g_queue_push_tail (&self->waiting, g_steal_pointer (&task));
  start_next (self);
}

GFile *
pond_thumbnails_get_finish (PondThumbnails  *self,
                            GAsyncResult    *result,
                            GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
