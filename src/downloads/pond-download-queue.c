/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-download-queue"

#include "config.h"

#include "downloads/pond-download-queue.h"
#include "downloads/pond-download-job.h"
#include "downloads/pond-part.h"

#define DEFAULT_RUNNING   3
/* More than any link is ahead of; how far encodes go ahead is the poll scheduler's business. */
#define MAX_AHEAD         1000
/* One file counts for so little in how long the link takes for one. */
#define LINK_MEMORY       8
#define PROGRESS_SECONDS  1
#define FOLLOW_INTERVAL   250

struct _PondDownloadQueue
{
  GObject parent_instance;

  PondLibrary *library;
  PondAccountStore *accounts;
  PondClientPool *pool;
  PondDownloadStore *store;
  GPtrArray *downloads;
  /* By download. */
  GHashTable *jobs;
  /* What is being done with downloads that are stopped or at rest, an AfterStop; no job starts meanwhile. */
  GHashTable *stopping;

  GFileMonitor *monitor;
  guint refresh_source;
  guint follow_source;
  guint progress_source;
  gboolean refreshing;
  /* Tasks of what was added in a process that follows; they wait for the next refresh. */
  GPtrArray *added;
  gboolean started;
  gboolean owner;
  gboolean scheduling;
  gboolean schedule_again;
  gboolean ending;
  GTask *end_task;

  guint n_fetching;
  /* When the link's work began, or it was last done with a file. */
  gint64 link_since;
  double link_seconds_each;

  guint max_running;
  int max_retries;
  guint n_active;
  guint64 bytes;
  guint64 total;
  double speed;
};

enum
{
  PROP_OWNER = 1,
  PROP_N_ACTIVE,
  PROP_BYTES,
  PROP_TOTAL,
  PROP_SPEED,
  PROP_MAX_RUNNING,
  PROP_MAX_RETRIES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GType
get_item_type (GListModel *model)
{
  return POND_TYPE_DOWNLOAD;
}

static guint
get_n_items (GListModel *model)
{
  return POND_DOWNLOAD_QUEUE (model)->downloads->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  PondDownloadQueue *self = POND_DOWNLOAD_QUEUE (model);

  if (position >= self->downloads->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->downloads, position));
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PondDownloadQueue, pond_download_queue, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void schedule (PondDownloadQueue *self);
static void refresh (PondDownloadQueue *self);
static void follow (PondDownloadQueue *self);

static void
update_totals (PondDownloadQueue *self)
{
  guint n_active = 0;
  guint64 bytes = 0;
  guint64 total = 0;
  double speed = 0;

  for (guint i = 0; i < self->downloads->len; i++)
    {
      PondDownload *download = g_ptr_array_index (self->downloads, i);

      if (!pond_download_is_active (download))
        continue;

      n_active++;
      bytes += pond_download_get_bytes (download);
      total += (guint64) MAX (pond_download_get_total (download), 0);
      speed += pond_download_get_speed (download);
    }

  g_object_freeze_notify (G_OBJECT (self));
  if (self->n_active != n_active)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ACTIVE]);
  if (self->bytes != bytes)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BYTES]);
  if (self->total != total)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TOTAL]);
  if (self->speed != speed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SPEED]);
  self->n_active = n_active;
  self->bytes = bytes;
  self->total = total;
  self->speed = speed;
  g_object_thaw_notify (G_OBJECT (self));
}

static gboolean
on_progress_due (gpointer user_data)
{
  PondDownloadQueue *self = user_data;
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_download_record_free);
  GHashTableIter iter;
  gpointer download;
  gpointer job;

  g_hash_table_iter_init (&iter, self->jobs);
  while (g_hash_table_iter_next (&iter, &download, &job))
    {
      PondDownloadState state = pond_download_get_state (download);

      if (state == POND_DOWNLOAD_DOWNLOADING || state == POND_DOWNLOAD_PREPARING)
        g_ptr_array_add (records, pond_download_record_copy (pond_download_peek_record (download)));
    }

  if (records->len == 0)
    {
      self->progress_source = 0;
      return G_SOURCE_REMOVE;
    }

  /* Not every file system tells of changes by itself. */
  refresh (self);
  pond_download_store_progress_async (self->store, g_steal_pointer (&records));

  return G_SOURCE_CONTINUE;
}

static void
on_download_changed (PondDownloadQueue *self,
                     GParamSpec        *pspec,
                     PondDownload      *download)
{
  update_totals (self);

  if (self->owner && self->progress_source == 0 && g_hash_table_contains (self->jobs, download))
    self->progress_source = g_timeout_add_seconds (PROGRESS_SECONDS, on_progress_due, self);
}

static PondDownload *
append_download (PondDownloadQueue        *self,
                 const PondDownloadRecord *record)
{
  g_autoptr(GFile) poster = pond_library_get_poster (self->library, record->uid);
  PondDownload *download = pond_download_new (record, poster);

  g_signal_connect_object (download, "notify::state", G_CALLBACK (on_download_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (download, "notify::bytes", G_CALLBACK (on_download_changed), self,
                           G_CONNECT_SWAPPED);
  g_ptr_array_add (self->downloads, download);
  g_list_model_items_changed (G_LIST_MODEL (self), self->downloads->len - 1, 0, 1);
  update_totals (self);

  return download;
}

static void
remove_download (PondDownloadQueue *self,
                 PondDownload      *download)
{
  guint position;

  if (!g_ptr_array_find (self->downloads, download, &position))
    return;

  g_ptr_array_remove_index (self->downloads, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  update_totals (self);
}

static PondDownload *
find_by_id (PondDownloadQueue *self,
            gint64             id)
{
  for (guint i = 0; i < self->downloads->len; i++)
    {
      PondDownload *download = g_ptr_array_index (self->downloads, i);

      if (pond_download_peek_record (download)->id == id)
        return download;
    }

  return NULL;
}

/* What is to be done with a download once no job works on it. */
typedef enum
{
  AFTER_STOP_NOTHING = 1,
  AFTER_STOP_PAUSE,
  AFTER_STOP_CANCEL,
  AFTER_STOP_RESUME,
} AfterStop;

static void
maybe_end (PondDownloadQueue *self)
{
  g_autoptr(GTask) task = NULL;

  if (self->end_task == NULL || g_hash_table_size (self->stopping) > 0)
    return;

  task = g_steal_pointer (&self->end_task);
  g_task_return_boolean (task, TRUE);
}

typedef struct
{
  PondDownloadQueue *queue;
  PondDownload *download;
  PondDownloadRecord *record;
  AfterStop action;
  /* Returned with the download when the change is shown; may be NULL. */
  GTask *added;
} Change;

static void
change_free (Change *change)
{
  g_object_unref (change->queue);
  g_object_unref (change->download);
  g_clear_object (&change->added);
  pond_download_record_free (change->record);
  g_free (change);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

static Change *
change_new (PondDownloadQueue *self,
            PondDownload      *download,
            AfterStop          action)
{
  Change *change = g_new0 (Change, 1);

  change->queue = g_object_ref (self);
  change->download = g_object_ref (download);
  change->record = pond_download_record_copy (pond_download_peek_record (download));
  change->action = action;

  return change;
}

static void act_on_resting (PondDownloadQueue *self,
                            PondDownload      *download,
                            AfterStop          action);

/* Somebody may have asked for something else while it was being written. */
static void
finish_change (Change *change)
{
  PondDownloadQueue *self = change->queue;
  AfterStop action = GPOINTER_TO_INT (g_hash_table_lookup (self->stopping, change->download));

  if (action != change->action && !self->ending)
    {
      act_on_resting (self, change->download, action);
      return;
    }

  g_hash_table_remove (self->stopping, change->download);
  maybe_end (self);
  schedule (self);
}

static void
on_change_written (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(Change) change = user_data;
  g_autoptr(GError) error = NULL;

  if (!pond_download_store_update_finish (POND_DOWNLOAD_STORE (source), result, &error))
    g_warning ("A state was not written: %s", error->message);

  pond_download_apply (change->download, change->record);
  if (change->added != NULL)
    g_task_return_pointer (change->added, g_object_ref (change->download), g_object_unref);
  follow (change->queue);
  finish_change (change);
}

/* Writes a state of a download that no job works on, then shows it, and returns @added if there is one. */
static void
set_state (PondDownloadQueue *self,
           PondDownload      *download,
           AfterStop          action,
           PondDownloadState  state,
           GTask             *added)
{
  Change *change = change_new (self, download, action);

  g_set_object (&change->added, added);
  change->record->state = state;
  change->record->reason = POND_WAITING_NONE;
  change->record->code = POND_FAILURE_NONE;
  change->record->retry_at = 0;
  g_clear_pointer (&change->record->message, g_free);

  pond_download_store_update_async (self->store, change->record, on_change_written, change);
}

static void
on_row_removed (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(Change) change = user_data;
  g_autoptr(GError) error = NULL;

  if (!pond_download_store_remove_finish (POND_DOWNLOAD_STORE (source), result, &error))
    g_warning ("A cancelled download was not forgotten: %s", error->message);

  remove_download (change->queue, change->download);
  g_hash_table_insert (change->queue->stopping, change->download, GINT_TO_POINTER (change->action));
  finish_change (change);
}

/* Forgets a download that no job works on, and what there is of its file. */
static void
discard (PondDownloadQueue *self,
         PondDownload      *download)
{
  const PondDownloadRecord *record = pond_download_peek_record (download);

  pond_part_discard_async (self->library, record->uid, record->type, NULL, NULL);
  pond_download_store_remove_async (self->store, record->id, on_row_removed,
                                    change_new (self, download, AFTER_STOP_CANCEL));
}

static void
act_on_resting (PondDownloadQueue *self,
                PondDownload      *download,
                AfterStop          action)
{
  switch (action)
    {
    case AFTER_STOP_PAUSE:
      set_state (self, download, action, POND_DOWNLOAD_PAUSED, NULL);
      break;

    case AFTER_STOP_CANCEL:
      discard (self, download);
      break;

    case AFTER_STOP_RESUME:
      set_state (self, download, action, POND_DOWNLOAD_QUEUED, NULL);
      break;

    case AFTER_STOP_NOTHING:
    default:
      g_hash_table_remove (self->stopping, download);
      maybe_end (self);
    }
}

static void
on_job_stopped (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(PondDownloadQueue) self = user_data;
  PondDownloadJob *job = POND_DOWNLOAD_JOB (source);
  PondDownload *download = pond_download_job_get_download (job);
  AfterStop action = GPOINTER_TO_INT (g_hash_table_lookup (self->stopping, download));

  pond_download_job_stop_finish (job, result, NULL);
  act_on_resting (self, download, action);
}

static void on_phase_changed (PondDownloadQueue *self,
                              PondDownloadJob   *job);

/* Stops the job of a download, if it has one, and then does what is asked. */
static void
stop_and (PondDownloadQueue *self,
          PondDownload      *download,
          AfterStop          action)
{
  g_autoptr(PondDownloadJob) job = NULL;
  gboolean busy = g_hash_table_contains (self->stopping, download);

  g_hash_table_insert (self->stopping, download, GINT_TO_POINTER (action));
  if (busy)
    return;

  if (!g_hash_table_steal_extended (self->jobs, download, NULL, (gpointer *) &job))
    {
      act_on_resting (self, download, action);
      return;
    }

  g_signal_handlers_disconnect_by_func (job, on_phase_changed, self);
  pond_download_job_stop_async (job, on_job_stopped, g_object_ref (self));
}

static void
on_phase_changed (PondDownloadQueue *self,
                  PondDownloadJob   *job)
{
  if (pond_download_job_get_phase (job) == POND_JOB_DONE)
    g_hash_table_remove (self->jobs, pond_download_job_get_download (job));

  schedule (self);
}

static guint
count_jobs (PondDownloadQueue *self,
            PondJobPhase       phase)
{
  GHashTableIter iter;
  gpointer job;
  guint count = 0;

  g_hash_table_iter_init (&iter, self->jobs);
  while (g_hash_table_iter_next (&iter, NULL, &job))
    {
      if (pond_download_job_get_phase (job) == phase)
        count++;
    }

  return count;
}

static void
start_job (PondDownloadQueue *self,
           PondDownload      *download)
{
  PondDownloadJob *job = pond_download_job_new (download, self->store, self->library, self->pool,
                                                self->max_retries);

  g_hash_table_insert (self->jobs, download, job);
  g_signal_connect_object (job, "phase-changed", G_CALLBACK (on_phase_changed), self, G_CONNECT_SWAPPED);
  pond_download_job_start (job);
}

/* Keeps for how long a file keeps the link busy, of all that are fetched at once. */
static void
measure_link (PondDownloadQueue *self,
              guint              n_fetching)
{
  gint64 now = g_get_monotonic_time ();

  if (n_fetching < self->n_fetching)
    {
      double each = (double) (now - self->link_since) / G_USEC_PER_SEC / (self->n_fetching - n_fetching);

      if (self->link_seconds_each > 0)
        self->link_seconds_each += (each - self->link_seconds_each) / LINK_MEMORY;
      else
        self->link_seconds_each = each;
    }

  if (n_fetching < self->n_fetching || self->n_fetching == 0)
    self->link_since = now;
  self->n_fetching = n_fetching;
}

static void
give_places (PondDownloadQueue *self)
{
  guint n_running = count_jobs (self, POND_JOB_FETCHING);
  guint n_ready = count_jobs (self, POND_JOB_READY);
  guint n_ahead = count_jobs (self, POND_JOB_LOOKING) + n_ready;

  measure_link (self, n_running);
  pond_client_pool_set_link (self->pool, n_running + n_ready, self->link_seconds_each);

  for (guint i = 0; i < self->downloads->len; i++)
    {
      PondDownload *download = g_ptr_array_index (self->downloads, i);
      PondDownloadJob *job = g_hash_table_lookup (self->jobs, download);

      if (job != NULL && pond_download_job_get_phase (job) == POND_JOB_READY && n_running < self->max_running)
        {
          n_running++;
          pond_download_job_fetch (job);
        }
      else if (job == NULL && n_ahead < MAX_AHEAD && pond_download_is_active (download) &&
               !g_hash_table_contains (self->stopping, download))
        {
          n_ahead++;
          start_job (self, download);
        }
    }
}

/* Gives out, in the order of the queue, the places for running downloads and for those that are being made
 * ready. What it starts may call it again. */
static void
schedule (PondDownloadQueue *self)
{
  if (!self->owner || self->ending)
    return;

  self->schedule_again = TRUE;
  if (self->scheduling)
    return;

  self->scheduling = TRUE;
  while (self->schedule_again)
    {
      self->schedule_again = FALSE;
      give_places (self);
    }
  self->scheduling = FALSE;
}

static void
act (PondDownloadQueue *self,
     PondDownload      *download,
     const char        *request)
{
  PondDownloadJob *job = g_hash_table_lookup (self->jobs, download);

  if (g_str_equal (request, "pause"))
    {
      if (pond_download_is_active (download) || g_hash_table_contains (self->stopping, download))
        stop_and (self, download, AFTER_STOP_PAUSE);
    }
  else if (g_str_equal (request, "cancel"))
    stop_and (self, download, AFTER_STOP_CANCEL);
  else if (g_str_equal (request, "resume"))
    {
      if (job != NULL)
        pond_download_job_retry_now (job);
      else
        stop_and (self, download, AFTER_STOP_RESUME);
    }
}

/* Does what is asked, or has the process do it that works on the queue. */
static void
ask_for (PondDownloadQueue *self,
         PondDownload      *download,
         const char        *request)
{
  if (self->owner)
    act (self, download, request);
  else
    pond_download_store_request_async (self->store, pond_download_peek_record (download)->id, request);
}

static void
take_row (PondDownloadQueue        *self,
          const PondDownloadRecord *record)
{
  PondDownload *download = find_by_id (self, record->id);

  if (download == NULL)
    download = append_download (self, record);
  else if (!self->owner)
    pond_download_apply (download, record);

  if (self->owner && record->request != NULL)
    {
      pond_download_store_request_async (self->store, record->id, NULL);
      act (self, download, record->request);
    }
}

/* Saved downloads are forgotten by the process that works on the queue next; who follows may not have seen
 * that they were saved. */
static void
show_if_saved (PondDownloadQueue *self,
               PondDownload      *download)
{
  PondLibraryEntry *entry = pond_library_find (self->library, pond_download_get_uid (download),
                                               pond_download_get_type_name (download));
  g_autoptr(PondDownloadRecord) record = NULL;

  if (entry == NULL || pond_library_entry_get_status (entry) != POND_ENTRY_PRESENT)
    return;

  record = pond_download_record_copy (pond_download_peek_record (download));
  record->state = POND_DOWNLOAD_SAVED;
  record->reason = POND_WAITING_NONE;
  record->code = POND_FAILURE_NONE;
  pond_download_apply (download, record);
}

static void
take_rows (PondDownloadQueue *self,
           GPtrArray         *records)
{
  g_autoptr(GHashTable) ids = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < records->len; i++)
    {
      PondDownloadRecord *record = g_ptr_array_index (records, i);

      g_hash_table_add (ids, &record->id);
      take_row (self, record);
    }

  for (guint i = self->downloads->len; i > 0 && !self->owner; i--)
    {
      PondDownload *download = g_ptr_array_index (self->downloads, i - 1);

      if (g_hash_table_contains (ids, &pond_download_peek_record (download)->id))
        continue;

      show_if_saved (self, download);
      remove_download (self, download);
    }
}

static gboolean
on_follow_due (gpointer user_data)
{
  PondDownloadQueue *self = user_data;

  if (self->n_active == 0)
    {
      self->follow_source = 0;
      return G_SOURCE_REMOVE;
    }

  refresh (self);

  return G_SOURCE_CONTINUE;
}

static void
follow (PondDownloadQueue *self)
{
  if (!self->owner && !self->ending && self->n_active > 0 && self->follow_source == 0)
    self->follow_source = g_timeout_add (FOLLOW_INTERVAL, on_follow_due, self);
}

/* Whether a download that is asked for rests: it failed, was paused, or was saved and then lost its file. */
static gboolean
has_to_begin_again (PondDownloadQueue *self,
                    PondDownload      *download)
{
  PondLibraryEntry *entry;

  if (pond_download_get_state (download) != POND_DOWNLOAD_SAVED)
    return !pond_download_is_active (download);

  entry = pond_library_find (self->library, pond_download_get_uid (download),
                             pond_download_get_type_name (download));

  return entry == NULL || pond_library_entry_get_status (entry) != POND_ENTRY_PRESENT;
}

/* What is added: as somebody named it, and its row once it has one. */
typedef struct
{
  PondVideoRef *ref;
  PondDownloadRecord *record;
} Addition;

static void
addition_free (Addition *addition)
{
  pond_video_ref_unref (addition->ref);
  g_clear_pointer (&addition->record, pond_download_record_free);
  g_free (addition);
}

/* One that waits because its link was not kept goes on with this one. */
static void
take_link_token (PondDownloadQueue *self,
                 PondDownload      *download,
                 const char        *token)
{
  PondDownloadJob *job = g_hash_table_lookup (self->jobs, download);

  pond_download_set_link_token (download, token);
  if (job != NULL && pond_download_get_reason (download) == POND_WAITING_SIGN_IN)
    pond_download_job_retry_now (job);
}

static void
finish_add (PondDownloadQueue *self,
            GTask             *task)
{
  Addition *addition = g_task_get_task_data (task);
  const PondDownloadRecord *record = addition->record;
  PondDownload *download = find_by_id (self, record->id);

  if (download == NULL)
    download = append_download (self, record);
  if (pond_video_ref_get_token (addition->ref) != NULL)
    take_link_token (self, download, pond_video_ref_get_token (addition->ref));

  if (!has_to_begin_again (self, download) || g_hash_table_contains (self->stopping, download))
    {
      g_task_return_pointer (task, g_object_ref (download), g_object_unref);
      schedule (self);
      follow (self);
      return;
    }

  /* Whoever asked is to see that it begins again, not how it ended before. */
  g_hash_table_insert (self->stopping, download, GINT_TO_POINTER (AFTER_STOP_RESUME));
  set_state (self, download, AFTER_STOP_RESUME, POND_DOWNLOAD_QUEUED, task);
  if (!self->owner)
    pond_download_store_request_async (self->store, record->id, "resume");
}

typedef struct
{
  /* What there was to read; may be NULL. */
  GPtrArray *records;
  GPtrArray *added;
  gboolean acquired;
} Refresh;

static void
refresh_free (Refresh *refresh)
{
  g_clear_pointer (&refresh->records, g_ptr_array_unref);
  g_ptr_array_unref (refresh->added);
  g_free (refresh);
}

/* Only who has read what the process before has done may go on with it. */
static void
take_over (PondDownloadQueue *self)
{
  self->owner = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OWNER]);
}

static void
on_library_refreshed (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondDownloadQueue *self = g_task_get_source_object (task);
  Refresh *done = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!pond_library_refresh_finish (POND_LIBRARY (source), result, &error))
    g_warning ("The library was not read again: %s", error->message);

  self->refreshing = FALSE;
  g_task_return_boolean (task, TRUE);

  if (done->records != NULL && !self->ending)
    take_rows (self, done->records);

  if (done->acquired && !self->owner)
    {
      take_over (self);
      /* Once more, for what was asked of the process before. */
      if (done->records != NULL && !self->ending)
        take_rows (self, done->records);
    }

  for (guint i = 0; i < done->added->len; i++)
    finish_add (self, g_ptr_array_index (done->added, i));

  schedule (self);
  follow (self);
  if (self->added->len > 0)
    refresh (self);
}

static void
on_rows_refreshed (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondDownloadQueue *self = g_task_get_source_object (task);
  Refresh *done = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  done->records = pond_download_store_load_finish (POND_DOWNLOAD_STORE (source), result, &error);
  if (error != NULL)
    {
      g_warning ("The queue was not read: %s", error->message);
      done->acquired = FALSE;
    }

  /* Whoever sees that a video is saved finds it in the library. */
  pond_library_refresh_async (self->library, NULL, on_library_refreshed, g_steal_pointer (&task));
}

/* Reads what other processes have written. The one that did the work may have ended; then it is ours. */
static void
refresh (PondDownloadQueue *self)
{
  GTask *task;
  Refresh *begun;

  if (self->refreshing || (self->ending && self->added->len == 0))
    return;

  begun = g_new0 (Refresh, 1);
  begun->added = g_steal_pointer (&self->added);
  begun->acquired = !self->owner && !self->ending && pond_library_acquire (self->library);
  self->added = g_ptr_array_new_with_free_func (g_object_unref);

  task = g_task_new (self, NULL, NULL, NULL);
  g_task_set_source_tag (task, refresh);
  g_task_set_task_data (task, begun, (GDestroyNotify) refresh_free);
  self->refreshing = TRUE;
  pond_download_store_load_async (self->store, !begun->acquired, NULL, on_rows_refreshed, task);
}

static gboolean
on_refresh_due (gpointer user_data)
{
  PondDownloadQueue *self = user_data;

  self->refresh_source = 0;
  refresh (self);

  return G_SOURCE_REMOVE;
}

static void
on_index_changed (PondDownloadQueue *self,
                  GFile             *file,
                  GFile             *other_file,
                  GFileMonitorEvent  event)
{
  g_autofree char *name = g_file_get_basename (file);

  if (g_str_has_prefix (name, "library.db") && self->refresh_source == 0)
    self->refresh_source = g_timeout_add (50, on_refresh_due, self);
}

/* Another process that is asked for something writes it into the index. */
static void
watch_index (PondDownloadQueue *self)
{
  g_autoptr(GFile) folder = g_file_get_child (pond_library_get_folder (self->library), ".millpond");
  g_autoptr(GError) error = NULL;

  self->monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_NONE, NULL, &error);
  if (self->monitor == NULL)
    {
      g_message ("Changes by other processes are not noticed: %s", error->message);
      return;
    }

  g_file_monitor_set_rate_limit (self->monitor, 200);
  g_signal_connect_object (self->monitor, "changed", G_CALLBACK (on_index_changed), self, G_CONNECT_SWAPPED);
}

static void
retry_waiting (PondDownloadQueue *self,
               PondWaitingReason  reason)
{
  g_autoptr(GPtrArray) jobs = g_hash_table_get_values_as_ptr_array (self->jobs);

  for (guint i = 0; i < jobs->len; i++)
    {
      PondDownloadJob *job = g_ptr_array_index (jobs, i);

      if (pond_download_get_reason (pond_download_job_get_download (job)) == reason)
        pond_download_job_retry_now (job);
    }
}

static void
on_network_changed (PondDownloadQueue *self,
                    gboolean           available)
{
  if (available)
    retry_waiting (self, POND_WAITING_NETWORK);
}

/* What a token was in the way of goes on with the next one. */
static void
resume_refused (PondDownloadQueue *self,
                PondAccount       *account)
{
  for (guint i = 0; i < self->downloads->len; i++)
    {
      PondDownload *download = g_ptr_array_index (self->downloads, i);
      PondFailureCode code = pond_download_get_code (download);

      if (pond_download_get_state (download) != POND_DOWNLOAD_FAILED)
        continue;

      if (code == POND_FAILURE_UNAUTHORIZED ||
          (code == POND_FAILURE_FORBIDDEN && account != NULL &&
           g_strcmp0 (pond_download_get_account (download), pond_account_get_id (account)) == 0))
        ask_for (self, download, "resume");
    }
}

static void
on_accounts_changed (PondDownloadQueue *self)
{
  pond_client_pool_forget (self->pool);
  retry_waiting (self, POND_WAITING_SIGN_IN);
  resume_refused (self, NULL);
}

static void
on_token_changed (PondDownloadQueue *self,
                  PondAccount       *account)
{
  pond_client_pool_forget (self->pool);
  retry_waiting (self, POND_WAITING_SIGN_IN);
  resume_refused (self, account);
}

static void
pond_download_queue_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  PondDownloadQueue *self = POND_DOWNLOAD_QUEUE (object);

  switch (prop_id)
    {
    case PROP_OWNER:
      g_value_set_boolean (value, self->owner);
      break;

    case PROP_N_ACTIVE:
      g_value_set_uint (value, self->n_active);
      break;

    case PROP_BYTES:
      g_value_set_uint64 (value, self->bytes);
      break;

    case PROP_TOTAL:
      g_value_set_uint64 (value, self->total);
      break;

    case PROP_SPEED:
      g_value_set_double (value, self->speed);
      break;

    case PROP_MAX_RUNNING:
      g_value_set_uint (value, self->max_running);
      break;

    case PROP_MAX_RETRIES:
      g_value_set_int (value, self->max_retries);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_download_queue_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  PondDownloadQueue *self = POND_DOWNLOAD_QUEUE (object);

  switch (prop_id)
    {
    case PROP_MAX_RUNNING:
      if (self->max_running == g_value_get_uint (value))
        return;
      self->max_running = g_value_get_uint (value);
      g_object_notify_by_pspec (object, pspec);
      schedule (self);
      break;

    case PROP_MAX_RETRIES:
      if (self->max_retries == g_value_get_int (value))
        return;
      self->max_retries = g_value_get_int (value);
      g_object_notify_by_pspec (object, pspec);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_download_queue_dispose (GObject *object)
{
  PondDownloadQueue *self = POND_DOWNLOAD_QUEUE (object);

  self->ending = TRUE;
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  g_clear_handle_id (&self->follow_source, g_source_remove);
  g_clear_handle_id (&self->progress_source, g_source_remove);
  g_clear_object (&self->monitor);
  g_clear_pointer (&self->jobs, g_hash_table_unref);
  g_clear_pointer (&self->stopping, g_hash_table_unref);
  g_clear_object (&self->store);
  g_clear_object (&self->pool);
  g_clear_object (&self->accounts);
  g_clear_object (&self->library);

  G_OBJECT_CLASS (pond_download_queue_parent_class)->dispose (object);
}

static void
pond_download_queue_finalize (GObject *object)
{
  PondDownloadQueue *self = POND_DOWNLOAD_QUEUE (object);

  g_clear_pointer (&self->added, g_ptr_array_unref);
  g_clear_pointer (&self->downloads, g_ptr_array_unref);

  G_OBJECT_CLASS (pond_download_queue_parent_class)->finalize (object);
}

static void
pond_download_queue_class_init (PondDownloadQueueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = pond_download_queue_get_property;
  object_class->set_property = pond_download_queue_set_property;
  object_class->dispose = pond_download_queue_dispose;
  object_class->finalize = pond_download_queue_finalize;

  properties[PROP_OWNER] = g_param_spec_boolean ("owner", NULL, NULL, FALSE, G_PARAM_READABLE | flags);
  properties[PROP_N_ACTIVE] = g_param_spec_uint ("n-active", NULL, NULL, 0, G_MAXUINT, 0,
                                                 G_PARAM_READABLE | flags);
  properties[PROP_BYTES] = g_param_spec_uint64 ("bytes", NULL, NULL, 0, G_MAXUINT64, 0,
                                                G_PARAM_READABLE | flags);
  properties[PROP_TOTAL] = g_param_spec_uint64 ("total", NULL, NULL, 0, G_MAXUINT64, 0,
                                                G_PARAM_READABLE | flags);
  properties[PROP_SPEED] = g_param_spec_double ("speed", NULL, NULL, 0, G_MAXDOUBLE, 0,
                                                G_PARAM_READABLE | flags);
  properties[PROP_MAX_RUNNING] = g_param_spec_uint ("max-running", NULL, NULL, 1, 64, DEFAULT_RUNNING,
                                                    G_PARAM_READWRITE | flags);
  properties[PROP_MAX_RETRIES] = g_param_spec_int ("max-retries", NULL, NULL, 0, G_MAXINT, 0,
                                                   G_PARAM_READWRITE | flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pond_download_queue_init (PondDownloadQueue *self)
{
  self->max_running = DEFAULT_RUNNING;
  self->downloads = g_ptr_array_new_with_free_func (g_object_unref);
  self->added = g_ptr_array_new_with_free_func (g_object_unref);
  self->jobs = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  self->stopping = g_hash_table_new (NULL, NULL);
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                           G_CALLBACK (on_network_changed), self, G_CONNECT_SWAPPED);
}

/**
 * pond_download_queue_new:
 * @library: (transfer none): the library, which must be open before the queue is started
 * @accounts: (transfer none): the accounts
 * @api_base: the API's base address; see pond_stream_client_choose_base()
 *
 * Returns: (transfer full): a queue that has not started
 */
PondDownloadQueue *
pond_download_queue_new (PondLibrary      *library,
                         PondAccountStore *accounts,
                         const char       *api_base)
{
  PondDownloadQueue *self = g_object_new (POND_TYPE_DOWNLOAD_QUEUE, NULL);

  self->library = g_object_ref (library);
  self->accounts = g_object_ref (accounts);
  self->pool = pond_client_pool_new (accounts, api_base);
  self->store = pond_download_store_new (library);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (on_accounts_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (accounts, "token-changed", G_CALLBACK (on_token_changed), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * pond_download_queue_get_library:
 * @self: a queue
 *
 * Returns: (transfer none): the library that it saves into
 */
PondLibrary *
pond_download_queue_get_library (PondDownloadQueue *self)
{
  return self->library;
}

/**
 * pond_download_queue_get_accounts:
 * @self: a queue
 *
 * Returns: (transfer none): the accounts that it downloads from
 */
PondAccountStore *
pond_download_queue_get_accounts (PondDownloadQueue *self)
{
  return self->accounts;
}

/**
 * pond_download_queue_get_clients:
 * @self: a queue
 *
 * Returns: (transfer none): the accounts' clients, so that one request budget holds for all
 */
PondClientPool *
pond_download_queue_get_clients (PondDownloadQueue *self)
{
  return self->pool;
}

/**
 * pond_download_queue_is_owner:
 * @self: a queue
 *
 * Returns: whether this process does the work
 */
gboolean
pond_download_queue_is_owner (PondDownloadQueue *self)
{
  return self->owner;
}

static void
on_queue_read (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondDownloadQueue *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!pond_library_refresh_finish (POND_LIBRARY (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  self->started = TRUE;
  watch_index (self);
  take_rows (self, g_task_get_task_data (task));
  schedule (self);
  follow (self);
  g_task_return_boolean (task, TRUE);
}

static void
on_rows_loaded (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondDownloadQueue *self = g_task_get_source_object (task);
  GError *error = NULL;
  GPtrArray *records = pond_download_store_load_finish (POND_DOWNLOAD_STORE (source), result, &error);

  if (records == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  /* The process before may have saved something since the library was opened. */
  g_task_set_task_data (task, records, (GDestroyNotify) g_ptr_array_unref);
  pond_library_refresh_async (self->library, NULL, on_queue_read, g_steal_pointer (&task));
}

/**
 * pond_download_queue_start_async:
 * @self: a queue
 * @cancellable: (nullable): ends it
 * @callback: called when the downloads are there
 * @user_data: for @callback
 *
 * Reads the queue from the library's index and goes on with it, or follows the process that does.
 */
void
pond_download_queue_start_async (PondDownloadQueue   *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (!self->started);

  g_task_set_source_tag (task, pond_download_queue_start_async);
  self->owner = pond_library_acquire (self->library);
  if (self->owner)
    pond_download_store_prune_async (self->store);
  pond_download_store_load_async (self->store, FALSE, cancellable, on_rows_loaded, task);
}

/**
 * pond_download_queue_start_finish:
 * @self: a queue
 * @result: what the callback got
 * @error: of the domain %POND_DATABASE_ERROR
 *
 * Returns: whether the queue was read
 */
gboolean
pond_download_queue_start_finish (PondDownloadQueue  *self,
                                  GAsyncResult       *result,
                                  GError            **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pond_download_queue_stop_async:
 * @self: a queue
 * @callback: called when no file is open any more
 * @user_data: for @callback
 *
 * Ends all work, with everything on the disk left as it is, so that the next start goes on from there.
 */
void
pond_download_queue_stop_async (PondDownloadQueue   *self,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GPtrArray) downloads = g_hash_table_get_keys_as_ptr_array (self->jobs);

  g_return_if_fail (self->end_task == NULL);

  self->ending = TRUE;
  self->end_task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->end_task, pond_download_queue_stop_async);

  for (guint i = 0; i < downloads->len; i++)
    stop_and (self, g_ptr_array_index (downloads, i), AFTER_STOP_NOTHING);
  maybe_end (self);
}

/**
 * pond_download_queue_stop_finish:
 * @self: a queue
 * @result: what the callback got
 * @error: not used
 *
 * Returns: %TRUE
 */
gboolean
pond_download_queue_stop_finish (PondDownloadQueue  *self,
                                 GAsyncResult       *result,
                                 GError            **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_row_added (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondDownloadQueue *self = g_task_get_source_object (task);
  Addition *addition = g_task_get_task_data (task);
  GError *error = NULL;

  addition->record = pond_download_store_add_finish (POND_DOWNLOAD_STORE (source), result, &error);
  if (addition->record == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (self->owner)
    {
      finish_add (self, task);
      return;
    }

  g_ptr_array_add (self->added, g_steal_pointer (&task));
  refresh (self);
}

static char *
choose_account (PondDownloadQueue *self,
                PondVideoRef      *ref)
{
  const char *named = pond_video_ref_get_account (ref);

  if (named != NULL && pond_account_store_find (self->accounts, named) != NULL)
    return g_strdup (named);

  return pond_client_pool_guess_account (self->pool);
}

/**
 * pond_download_queue_add_async:
 * @self: a queue that has started
 * @ref: (transfer none): a video
 * @type: "default" for the MP4 or "audio"
 * @cancellable: (nullable): ends it
 * @callback: called when it is queued
 * @user_data: for @callback
 *
 * Queues a video. One that is on its way already gives the download that there is; one that failed or was
 * paused goes on. The token of a signed link is kept in the memory of this process alone.
 */
void
pond_download_queue_add_async (PondDownloadQueue   *self,
                               PondVideoRef        *ref,
                               const char          *type,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Addition *addition = g_new0 (Addition, 1);
  g_autoptr(PondDownloadRecord) record = pond_download_record_new (pond_video_ref_get_uid (ref), type);

  g_return_if_fail (self->started);

  addition->ref = pond_video_ref_ref (ref);
  g_task_set_task_data (task, addition, (GDestroyNotify) addition_free);

  g_task_set_source_tag (task, pond_download_queue_add_async);
  record->account = choose_account (self, ref);
  record->host = g_strdup (pond_video_ref_get_host (ref));
  record->private = pond_video_ref_get_token (ref) != NULL;
  pond_download_store_add_async (self->store, record, cancellable, on_row_added, task);
}

/**
 * pond_download_queue_add_finish:
 * @self: a queue
 * @result: what the callback got
 * @error: of the domain %POND_DATABASE_ERROR
 *
 * Returns: (transfer full): the download
 */
PondDownload *
pond_download_queue_add_finish (PondDownloadQueue  *self,
                                GAsyncResult       *result,
                                GError            **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pond_download_queue_find:
 * @self: a queue
 * @uid: a video
 * @type: "default" or "audio"
 *
 * Returns: (transfer none) (nullable): its download
 */
PondDownload *
pond_download_queue_find (PondDownloadQueue *self,
                          const char        *uid,
                          const char        *type)
{
  for (guint i = 0; i < self->downloads->len; i++)
    {
      PondDownload *download = g_ptr_array_index (self->downloads, i);

      if (g_str_equal (pond_download_get_uid (download), uid) &&
          g_str_equal (pond_download_get_type_name (download), type))
        return download;
    }

  return NULL;
}

/**
 * pond_download_queue_pause:
 * @self: a queue
 * @download: one of its downloads
 *
 * Stops a download until it is resumed; what it has stays.
 */
void
pond_download_queue_pause (PondDownloadQueue *self,
                           PondDownload      *download)
{
  ask_for (self, download, "pause");
}

/**
 * pond_download_queue_resume:
 * @self: a queue
 * @download: one of its downloads
 *
 * Goes on with a paused download, tries a failed one again, and a waiting one at once.
 */
void
pond_download_queue_resume (PondDownloadQueue *self,
                            PondDownload      *download)
{
  ask_for (self, download, "resume");
}

/**
 * pond_download_queue_cancel:
 * @self: a queue
 * @download: one of its downloads
 *
 * Takes a download out of the queue and deletes what there is of its file; a saved one stays in the
 * library.
 */
void
pond_download_queue_cancel (PondDownloadQueue *self,
                            PondDownload      *download)
{
  ask_for (self, download, "cancel");
}

/**
 * pond_download_queue_retry_failed:
 * @self: a queue
 *
 * Tries all failed downloads again.
 */
void
pond_download_queue_retry_failed (PondDownloadQueue *self)
{
  for (guint i = 0; i < self->downloads->len; i++)
    {
      PondDownload *download = g_ptr_array_index (self->downloads, i);

      if (pond_download_get_state (download) == POND_DOWNLOAD_FAILED)
        ask_for (self, download, "resume");
    }
}
