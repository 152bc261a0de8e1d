/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-video-lookup"

#include "config.h"

#include "ui/pond-video-lookup.h"

/* The queue asks on the same budget; a person who pasted hundreds reads them from the top. */
#define MAX_RUNNING 4

struct _PondVideoLookup
{
  GObject            parent_instance;

  PondDownloadQueue *queue;
  GCancellable      *cancellable;

  /* (element-type utf8 Answer), by uid */
  GHashTable        *answers;
  /* (element-type Answer), owned by the table: those that wait for their turn */
  GQueue             waiting;
  guint              n_running;
};

G_DEFINE_FINAL_TYPE (PondVideoLookup, pond_video_lookup, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Empty as long as none has come. */
typedef struct
{
  char      *uid;
  char      *account_id;
  PondVideo *video;
  GError    *error;
} Answer;

typedef struct
{
  PondVideoLookup *lookup;
  Answer          *answer;
} Request;

static void
answer_free (Answer *answer)
{
  g_free (answer->uid);
  g_free (answer->account_id);
  g_clear_object (&answer->video);
  g_clear_error (&answer->error);
  g_free (answer);
}

static void
request_free (Request *request)
{
  g_object_unref (request->lookup);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void start_next (PondVideoLookup *self);

static void
end_request (Request *request)
{
  PondVideoLookup *self = request->lookup;

  self->n_running--;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  start_next (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_video_ready (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(Request) request = user_data;
  Answer *answer = request->answer;

  answer->video = pond_stream_client_get_video_finish (POND_STREAM_CLIENT (source), result,
                                                       &answer->error);
  end_request (request);
}

static void
on_client_ready (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(Request) request = user_data;
  Answer *answer = request->answer;
  g_autoptr(PondStreamClient) client =
      pond_client_pool_get_finish (POND_CLIENT_POOL (source), result, &answer->error);

  if (client == NULL)
    {
      end_request (request);
      return;
    }

  pond_stream_client_get_video_async (client, answer->uid, request->lookup->cancellable,
                                      on_video_ready, request);
  g_steal_pointer (&request);
}

static void
start_next (PondVideoLookup *self)
{
  while (self->n_running < MAX_RUNNING && !g_queue_is_empty (&self->waiting))
    {
      Request *request = g_new0 (Request, 1);

      request->lookup = g_object_ref (self);
      request->answer = g_queue_pop_head (&self->waiting);
      self->n_running++;
      pond_client_pool_get_async (pond_download_queue_get_clients (self->queue),
                                  request->answer->account_id, self->cancellable, on_client_ready,
                                  request);
    }
}

/* The same account that the queue would take. */
static char *
choose_account (PondVideoLookup *self,
                PondVideoRef    *ref)
{
  PondAccountStore *accounts = pond_download_queue_get_accounts (self->queue);
  const char *named = pond_video_ref_get_account (ref);
  g_autoptr(PondAccount) first = NULL;

  if (named != NULL && pond_account_store_find (accounts, named) != NULL)
    return g_strdup (named);

  first = g_list_model_get_item (G_LIST_MODEL (accounts), 0);

  return first != NULL ? g_strdup (pond_account_get_id (first)) : NULL;
}

static void
pond_video_lookup_finalize (GObject *object)
{
  PondVideoLookup *self = POND_VIDEO_LOOKUP (object);

  g_queue_clear (&self->waiting);
  g_hash_table_unref (self->answers);
  g_clear_object (&self->queue);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (pond_video_lookup_parent_class)->finalize (object);
}

static void
pond_video_lookup_class_init (PondVideoLookupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pond_video_lookup_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pond_video_lookup_init (PondVideoLookup *self)
{
  self->cancellable = g_cancellable_new ();
  self->answers =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) answer_free);
}

PondVideoLookup *
pond_video_lookup_new (PondDownloadQueue *queue)
{
  PondVideoLookup *self;

  g_return_val_if_fail (POND_IS_DOWNLOAD_QUEUE (queue), NULL);

  self = g_object_new (POND_TYPE_VIDEO_LOOKUP, NULL);
  self->queue = g_object_ref (queue);

  return self;
}

PondVideo *
pond_video_lookup_find (PondVideoLookup  *self,
                        PondVideoRef     *ref,
                        const GError    **error)
{
  g_autofree char *account_id = NULL;
  Answer *answer;

  g_return_val_if_fail (POND_IS_VIDEO_LOOKUP (self), NULL);
  g_return_val_if_fail (ref != NULL, NULL);

  answer = g_hash_table_lookup (self->answers, pond_video_ref_get_uid (ref));
  if (answer == NULL)
    {
      account_id = choose_account (self, ref);
      if (account_id == NULL || g_cancellable_is_cancelled (self->cancellable))
        return NULL;

      answer = g_new0 (Answer, 1);
      answer->uid = g_strdup (pond_video_ref_get_uid (ref));
      answer->account_id = g_steal_pointer (&account_id);
      g_hash_table_insert (self->answers, answer->uid, answer);
      g_queue_push_tail (&self->waiting, answer);
      start_next (self);
    }

  if (error != NULL)
    *error = answer->error;

  return answer->video;
}

void
pond_video_lookup_cancel (PondVideoLookup *self)
{
  g_return_if_fail (POND_IS_VIDEO_LOOKUP (self));

  g_cancellable_cancel (self->cancellable);
  g_queue_clear (&self->waiting);
}
