/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-poll"

#include "config.h"

#include "downloads/pond-poll-scheduler.h"
#include "downloads/pond-poll-policy.h"

#include <time.h>

/* Requests on their way at once: enough for any round trip, and so few that what waits for the request budget
 * was decided a moment ago. */
#define MAX_UNDER_WAY  8
/* Timeouts stand still while the computer is suspended. */
#define LONGEST_SLEEP  (10 * G_USEC_PER_SEC)

/* A video, under the policy's number for it. One with a turn function waits for its turn or has it; one with a
 * uid is being made. */
typedef struct
{
  PondTurnFunc turn_func;
  gboolean has_turn;
  char *uid;
  char *type;
  PondPollFunc func;
  gpointer user_data;
} Watch;

struct _PondPollScheduler
{
  GObject parent_instance;

  PondStreamClient *client;
  GCancellable *cancellable;
  PondPollPolicy *policy;
  /* By number. */
  GHashTable *watches;
  guint n_under_way;
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

static gint64
get_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);

  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void schedule (PondPollScheduler *self,
                      gint64             delay);

typedef struct
{
  PondPollScheduler *self;
  char *uid;
} Look;

static void
look_free (Look *look)
{
  g_object_unref (look->self);
  g_free (look->uid);
  g_free (look);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_free)

static void
tell_watch (PondPollScheduler *self,
            guint              id,
            GPtrArray         *downloads,
            const GError      *error)
{
  Watch *watch = g_hash_table_lookup (self->watches, GUINT_TO_POINTER (id));
  PondStreamDownload *download = NULL;

  if (watch == NULL)
    return;

  if (downloads != NULL)
    download = pond_stream_download_find (downloads, watch->type);

  pond_poll_policy_looked (self->policy, id, get_time (), download != NULL ? download->percent : 0);
  watch->func (download, error, watch->user_data);
}

static void
on_downloads_ready (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(Look) look = user_data;
  PondPollScheduler *self = look->self;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) downloads = NULL;
  g_autoptr(GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint));
  GHashTableIter iter;
  gpointer key;
  Watch *watch;

  downloads = pond_stream_client_list_downloads_finish (POND_STREAM_CLIENT (source), result, &error);
  self->n_under_way--;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* The answer tells of all files of the video. */
  g_hash_table_iter_init (&iter, self->watches);
  while (g_hash_table_iter_next (&iter, &key, (gpointer *) &watch))
    {
      guint id = GPOINTER_TO_UINT (key);

      if (g_strcmp0 (watch->uid, look->uid) == 0)
        g_array_append_val (ids, id);
    }

  for (guint i = 0; i < ids->len; i++)
    tell_watch (self, g_array_index (ids, guint, i), downloads, error);

  schedule (self, 0);
}

static void
look (PondPollScheduler *self,
      Watch             *watch)
{
  Look *begun = g_new0 (Look, 1);

  begun->self = g_object_ref (self);
  begun->uid = g_strdup (watch->uid);
  self->n_under_way++;
  pond_stream_client_list_downloads_async (self->client, watch->uid, self->cancellable, on_downloads_ready,
                                           begun);
}

static void
give_turn (PondPollScheduler *self,
           Watch             *watch)
{
  watch->has_turn = TRUE;
  self->n_under_way++;
  watch->turn_func (watch->user_data);
}

static gboolean
on_timeout (gpointer user_data)
{
  g_autoptr(PondPollScheduler) self = g_object_ref (user_data);
  PondPollTurn turn;

  self->timeout = 0;
  while (self->n_under_way < MAX_UNDER_WAY)
    {
      gint64 now = get_time ();
      gint64 next = pond_poll_policy_next (self->policy, now, &turn);
      Watch *watch;

      if (next > now)
        {
          if (next < G_MAXINT64)
            schedule (self, MIN (next - now, LONGEST_SLEEP));
          break;
        }

      watch = g_hash_table_lookup (self->watches, GUINT_TO_POINTER (turn.id));
      if (turn.action == POND_POLL_LOOK)
        look (self, watch);
      else
        give_turn (self, watch);
    }

  return G_SOURCE_REMOVE;
}

/* Never does anything by itself, so that it can be called from wherever something has changed. */
static void
schedule (PondPollScheduler *self,
          gint64             delay)
{
  g_clear_handle_id (&self->timeout, g_source_remove);

  if (!g_cancellable_is_cancelled (self->cancellable) && g_hash_table_size (self->watches) > 0)
    self->timeout = g_timeout_add ((guint) ((delay + 999) / 1000), on_timeout, self);
}

static void
on_network_changed (PondPollScheduler *self)
{
  gboolean available = g_network_monitor_get_network_available (g_network_monitor_get_default ());

  pond_poll_policy_hold_looks (self->policy, !available && !pond_stream_client_is_loopback (self->client));
  schedule (self, 0);
}

static void
pond_poll_scheduler_dispose (GObject *object)
{
  PondPollScheduler *self = POND_POLL_SCHEDULER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_hash_table_remove_all (self->watches);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (pond_poll_scheduler_parent_class)->dispose (object);
}

static void
pond_poll_scheduler_finalize (GObject *object)
{
  PondPollScheduler *self = POND_POLL_SCHEDULER (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->watches, g_hash_table_unref);
  g_clear_pointer (&self->policy, pond_poll_policy_free);

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
  self->policy = pond_poll_policy_new ();
  self->watches = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) watch_free);
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
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed", G_CALLBACK (on_network_changed),
                           self, G_CONNECT_SWAPPED);
  on_network_changed (self);

  return self;
}

/**
 * pond_poll_scheduler_set_link:
 * @self: a scheduler
 * @n_waiting: how many files are being fetched, or ready to be
 * @seconds_each: for how long one keeps the link busy; 0 if that is not known yet
 *
 * Tells how much work the link has: nothing is enabled further ahead than keeps it busy.
 */
void
pond_poll_scheduler_set_link (PondPollScheduler *self,
                              guint              n_waiting,
                              double             seconds_each)
{
  pond_poll_policy_set_link (self->policy, n_waiting, seconds_each);
  schedule (self, 0);
}

/**
 * pond_poll_scheduler_queue:
 * @self: a scheduler
 * @order: the video's place among those that wait; lower ones come first
 * @func: called when it is its turn
 * @user_data: for @func; must live until pond_poll_scheduler_leave()
 *
 * Waits for a video's turn to be enabled. The turn lasts until pond_poll_scheduler_leave().
 *
 * Returns: a number for pond_poll_scheduler_leave()
 */
guint
pond_poll_scheduler_queue (PondPollScheduler *self,
                           gint64             order,
                           PondTurnFunc       func,
                           gpointer           user_data)
{
  guint id = pond_poll_policy_add (self->policy, order);
  Watch *watch = g_new0 (Watch, 1);

  watch->turn_func = func;
  watch->user_data = user_data;
  g_hash_table_insert (self->watches, GUINT_TO_POINTER (id), watch);
  schedule (self, 0);

  return id;
}

/**
 * pond_poll_scheduler_watch:
 * @self: a scheduler
 * @uid: a video
 * @type: the type whose file is being made
 * @percent: how far that is now
 * @func: called after each look
 * @user_data: for @func; must live until pond_poll_scheduler_leave()
 *
 * Looks after a video that Stream is making.
 *
 * Returns: a number for pond_poll_scheduler_leave()
 */
guint
pond_poll_scheduler_watch (PondPollScheduler *self,
                           const char        *uid,
                           const char        *type,
                           double             percent,
                           PondPollFunc       func,
                           gpointer           user_data)
{
  guint id = pond_poll_policy_watch (self->policy, get_time (), percent);
  Watch *watch = g_new0 (Watch, 1);

  watch->uid = g_strdup (uid);
  watch->type = g_strdup (type);
  watch->func = func;
  watch->user_data = user_data;
  g_hash_table_insert (self->watches, GUINT_TO_POINTER (id), watch);
  schedule (self, 0);

  return id;
}

/**
 * pond_poll_scheduler_leave:
 * @self: a scheduler
 * @id: what queueing or watching gave
 *
 * Ends a video's turn, or its waiting for it, or looks after it no longer.
 */
void
pond_poll_scheduler_leave (PondPollScheduler *self,
                           guint              id)
{
  Watch *watch = g_hash_table_lookup (self->watches, GUINT_TO_POINTER (id));

  if (watch == NULL)
    return;

  if (watch->has_turn)
    self->n_under_way--;
  g_hash_table_remove (self->watches, GUINT_TO_POINTER (id));
  pond_poll_policy_remove (self->policy, id);
  schedule (self, 0);
}
