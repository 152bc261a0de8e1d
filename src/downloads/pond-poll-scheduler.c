/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-poll"

#include "config.h"

#include "downloads/pond-poll-scheduler.h"

#define SOONEST        1.0
#define LATEST         30.0
/* 1,080 requests in 300 s are ours; with many videos each has to wait for its share of them. */
#define REQUEST_SHARE  (300.0 / 1080.0)

typedef struct
{
  guint id;
  char *uid;
  char *type;
  PondPollFunc func;
  gpointer user_data;
  double first_percent;
  gint64 first_time;
  gint64 due;
  gboolean looking;
} Watch;

struct _PondPollScheduler
{
  GObject parent_instance;

  PondStreamClient *client;
  GCancellable *cancellable;
  GPtrArray *watches;
  guint last_id;
  guint timeout;
};

G_DEFINE_FINAL_TYPE (PondPollScheduler, pond_poll_scheduler, G_TYPE_OBJECT)

static void
watch_free (Watch *watch)
{
  g_free (watch->uid);
  g_free (watch->type);
  g_free (watch);
}

static Watch *
find_watch (PondPollScheduler *self,
            guint              id)
{
  for (guint i = 0; i < self->watches->len; i++)
    {
      Watch *watch = g_ptr_array_index (self->watches, i);

      if (watch->id == id)
        return watch;
    }

  return NULL;
}

/**
 * pond_poll_next_look:
 * @elapsed: seconds since the first look
 * @gained: how much the percentage has grown since
 * @percent: what it is now
 * @n_watched: how many videos are being looked after
 *
 * Returns: in how many seconds to look again
 */
double
pond_poll_next_look (double elapsed,
                     double gained,
                     double percent,
                     guint  n_watched)
{
  double soonest = MAX (SOONEST, n_watched * REQUEST_SHARE);
  double remaining;

  if (gained <= 0 || elapsed <= 0)
    return CLAMP (elapsed / 4, soonest, MAX (soonest, LATEST));

  remaining = (100 - percent) * elapsed / gained;

  return CLAMP (remaining / 2, soonest, MAX (soonest, LATEST));
}

static void schedule (PondPollScheduler *self);

typedef struct
{
  PondPollScheduler *self;
  guint id;
} Look;

static void
on_downloads_ready (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autofree Look *look = user_data;
  g_autoptr(PondPollScheduler) self = look->self;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) downloads = NULL;
  PondStreamDownload *download = NULL;
  gint64 now = g_get_monotonic_time ();
  Watch *watch;

  downloads = pond_stream_client_list_downloads_finish (POND_STREAM_CLIENT (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  watch = find_watch (self, look->id);
  if (watch == NULL)
    return;

  if (downloads != NULL)
    download = pond_stream_download_find (downloads, watch->type);

  watch->looking = FALSE;
  watch->due = now + (gint64) (G_USEC_PER_SEC *
      pond_poll_next_look ((double) (now - watch->first_time) / G_USEC_PER_SEC,
                           download != NULL ? download->percent - watch->first_percent : 0,
                           download != NULL ? download->percent : 0, self->watches->len));

  watch->func (download, error, watch->user_data);
  schedule (self);
}

static gboolean
on_timeout (gpointer user_data)
{
  PondPollScheduler *self = user_data;
  gint64 now = g_get_monotonic_time ();

  self->timeout = 0;

  for (guint i = 0; i < self->watches->len; i++)
    {
      Watch *watch = g_ptr_array_index (self->watches, i);
      Look *look;

      if (watch->looking || watch->due > now)
        continue;

      look = g_new0 (Look, 1);
      look->self = g_object_ref (self);
      look->id = watch->id;
      watch->looking = TRUE;
      pond_stream_client_list_downloads_async (self->client, watch->uid, self->cancellable,
                                               on_downloads_ready, look);
    }

  schedule (self);

  return G_SOURCE_REMOVE;
}

static void
schedule (PondPollScheduler *self)
{
  gint64 due = G_MAXINT64;
  gint64 now = g_get_monotonic_time ();

  g_clear_handle_id (&self->timeout, g_source_remove);

  for (guint i = 0; i < self->watches->len; i++)
    {
      Watch *watch = g_ptr_array_index (self->watches, i);

      if (!watch->looking)
        due = MIN (due, watch->due);
    }

  if (due != G_MAXINT64)
    self->timeout = g_timeout_add ((guint) (MAX (due - now, 0) / 1000), on_timeout, self);
}

static void
pond_poll_scheduler_dispose (GObject *object)
{
  PondPollScheduler *self = POND_POLL_SCHEDULER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_ptr_array_set_size (self->watches, 0);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (pond_poll_scheduler_parent_class)->dispose (object);
}

static void
pond_poll_scheduler_finalize (GObject *object)
{
  PondPollScheduler *self = POND_POLL_SCHEDULER (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->watches, g_ptr_array_unref);

  G_OBJECT_CLASS (pond_poll_scheduler_parent_class)->finalize (object);
}

static void
pond_poll_scheduler_class_init (PondPollSchedulerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pond_poll_scheduler_dispose;
  object_class->finalize = pond_poll_scheduler_finalize;
}

static void
pond_poll_scheduler_init (PondPollScheduler *self)
{
  self->cancellable = g_cancellable_new ();
  self->watches = g_ptr_array_new_with_free_func ((GDestroyNotify) watch_free);
}

/**
 * pond_poll_scheduler_new:
 * @client: (transfer none): the account's client
 *
 * Returns: (transfer full): a scheduler that looks after nothing yet
 */
PondPollScheduler *
pond_poll_scheduler_new (PondStreamClient *client)
{
  PondPollScheduler *self = g_object_new (POND_TYPE_POLL_SCHEDULER, NULL);

  self->client = g_object_ref (client);

  return self;
}

/**
 * pond_poll_scheduler_watch:
 * @self: a scheduler
 * @uid: a video
 * @type: the type whose file is being made
 * @percent: how far that is now
 * @func: called after each look, until it is unwatched
 * @user_data: for @func; must live until it is unwatched
 *
 * Looks after a video.
 *
 * Returns: a number for pond_poll_scheduler_unwatch()
 */
guint
pond_poll_scheduler_watch (PondPollScheduler *self,
                           const char        *uid,
                           const char        *type,
                           double             percent,
                           PondPollFunc       func,
                           gpointer           user_data)
{
  Watch *watch = g_new0 (Watch, 1);

  watch->id = ++self->last_id;
  watch->uid = g_strdup (uid);
  watch->type = g_strdup (type);
  watch->func = func;
  watch->user_data = user_data;
  watch->first_percent = percent;
  watch->first_time = g_get_monotonic_time ();
  watch->due = watch->first_time + (gint64) (SOONEST * G_USEC_PER_SEC);
  g_ptr_array_add (self->watches, watch);
  schedule (self);

  return watch->id;
}

/**
 * pond_poll_scheduler_unwatch:
 * @self: a scheduler
 * @id: what watching gave
 *
 * Looks after a video no longer.
 */
void
pond_poll_scheduler_unwatch (PondPollScheduler *self,
                             guint              id)
{
  Watch *watch = find_watch (self, id);

  if (watch == NULL)
    return;

  g_ptr_array_remove (self->watches, watch);
  schedule (self);
}
