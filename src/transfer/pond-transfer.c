/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-transfer"

#include "config.h"

#include "transfer/pond-transfer.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "transfer/pond-checkpoint.h"
#include "transfer/pond-transfer-job.h"
#include "transfer/pond-transfer-part.h"

#define DEFAULT_STALL_TIMEOUT 30000
#define TICK_INTERVAL 100

struct _PondTransfer
{
  GObject               parent_instance;

  GFile                *file;
  char                 *uri;
  gboolean              allow_http;
  GTlsDatabase         *database;
  guint                 stall_timeout;  /* milliseconds */

  PondTransferProgress  progress;       /* as last published; delivered is of all runs */
  guint64               delivered_before;

  /* While a run is under way. */
  PondTransferJob      *job;            /* owned by the task */
  GSource              *tick;
  gulong                cancelled_id;
};

G_DEFINE_FINAL_TYPE (PondTransfer, pond_transfer, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_FILE,
  PROP_RECEIVED,
  PROP_TOTAL,
  PROP_RESUMED_FROM,
  PROP_DELIVERED,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
publish (PondTransfer               *self,
         const PondTransferProgress *progress)
{
  PondTransferProgress old = self->progress;

  self->progress = *progress;

  g_object_freeze_notify (G_OBJECT (self));
  if (progress->received != old.received)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECEIVED]);
  if (progress->total != old.total)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TOTAL]);
  if (progress->resumed_from != old.resumed_from)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESUMED_FROM]);
  if (progress->delivered != old.delivered)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DELIVERED]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
publish_job (PondTransfer *self)
{
  PondTransferProgress progress;

  pond_transfer_job_get_progress (self->job, &progress);
  progress.delivered += self->delivered_before;
  publish (self, &progress);
}

static gboolean
on_tick (gpointer user_data)
{
  PondTransfer *self = user_data;

  pond_transfer_job_check_stall (self->job, self->stall_timeout * (gint64) 1000);
  publish_job (self);

  return G_SOURCE_CONTINUE;
}

static void
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  pond_transfer_job_cancel (user_data);
}

/* What a run ended with goes from the worker to the main context. */
typedef struct
{
  GTask  *task;
  GError *error; /* (nullable) */
} Outcome;

static void
outcome_free (gpointer data)
{
  Outcome *outcome = data;

  g_clear_object (&outcome->task);
  g_clear_error (&outcome->error);
  g_free (outcome);
}

static gboolean
on_run_ended (gpointer user_data)
{
  Outcome *outcome = user_data;
  PondTransfer *self = g_task_get_source_object (outcome->task);

  g_cancellable_disconnect (g_task_get_cancellable (outcome->task), self->cancelled_id);
  self->cancelled_id = 0;
  g_source_destroy (self->tick);
  g_clear_pointer (&self->tick, g_source_unref);

  publish_job (self);
  self->job = NULL;

  if (outcome->error != NULL)
    g_task_return_error (outcome->task, g_steal_pointer (&outcome->error));
  else
    g_task_return_boolean (outcome->task, TRUE);

  return G_SOURCE_REMOVE;
}

static void
run_on_worker (gpointer data,
               gpointer user_data)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Outcome *outcome = g_new0 (Outcome, 1);

  outcome->task = data;
  pond_transfer_job_run (g_task_get_task_data (outcome->task), &outcome->error);

  /* Not g_main_context_invoke(), which would run it right here while the context is at rest. */
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "PondTransfer end");
  g_source_set_callback (source, on_run_ended, outcome, outcome_free);
  g_source_attach (source, g_task_get_context (outcome->task));
}

/* Not GTask's own threads: they are few, and a transfer would keep one for hours. Idle threads stay
 * for a while, and with them their connections. */
static GThreadPool *
get_workers (void)
{
  static gsize workers = 0;

  if (g_once_init_enter (&workers))
    g_once_init_leave (&workers, (gsize) g_thread_pool_new (run_on_worker, NULL, -1, FALSE, NULL));

  return (GThreadPool *) workers;
}

static void
inspect_on_worker (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  PondTransfer *self = source_object;
  PondTransferProgress *progress = task_data;
  GError *error = NULL;

  if (pond_transfer_part_inspect (g_file_peek_path (self->file), &progress->received,
                                  &progress->total, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
pond_transfer_get_property (GObject    *object,
                            guint       property_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  PondTransfer *self = POND_TRANSFER (object);

  switch (property_id)
    {
    case PROP_FILE:
      g_value_set_object (value, self->file);
      break;

    case PROP_RECEIVED:
      g_value_set_uint64 (value, self->progress.received);
      break;

    case PROP_TOTAL:
      g_value_set_int64 (value, self->progress.total);
      break;

    case PROP_RESUMED_FROM:
      g_value_set_uint64 (value, self->progress.resumed_from);
      break;

    case PROP_DELIVERED:
      g_value_set_uint64 (value, self->progress.delivered);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
pond_transfer_set_property (GObject      *object,
                            guint         property_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  PondTransfer *self = POND_TRANSFER (object);

  switch (property_id)
    {
    case PROP_FILE:
      self->file = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
pond_transfer_dispose (GObject *object)
{
  PondTransfer *self = POND_TRANSFER (object);

  /* The task of a run holds a reference. */
  g_assert (self->job == NULL);

  g_clear_object (&self->file);
  g_clear_object (&self->database);
  g_clear_pointer (&self->uri, g_free);

  G_OBJECT_CLASS (pond_transfer_parent_class)->dispose (object);
}

static void
pond_transfer_class_init (PondTransferClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = pond_transfer_get_property;
  object_class->set_property = pond_transfer_set_property;
  object_class->dispose = pond_transfer_dispose;

  /**
   * PondTransfer:file:
   *
   * The file that the resource goes into. Its folder has to exist.
   */
  properties[PROP_FILE]
      = g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE,
                             G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * PondTransfer:received:
   *
   * Bytes that are in the file now, those of earlier runs included.
   */
  properties[PROP_RECEIVED]
      = g_param_spec_uint64 ("received", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * PondTransfer:total:
   *
   * Bytes the whole file will have, or -1 while that is not known.
   */
  properties[PROP_TOTAL] = g_param_spec_int64 ("total", NULL, NULL, -1, G_MAXINT64, -1, flags);

  /**
   * PondTransfer:resumed-from:
   *
   * Bytes that were in the file when the last run began to receive: where it resumed from.
   */
  properties[PROP_RESUMED_FROM]
      = g_param_spec_uint64 ("resumed-from", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * PondTransfer:delivered:
   *
   * Bytes of body that came over the network in this object's life: what will be billed.
   */
  properties[PROP_DELIVERED]
      = g_param_spec_uint64 ("delivered", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pond_transfer_init (PondTransfer *self)
{
  self->stall_timeout = DEFAULT_STALL_TIMEOUT;
  self->progress.total = -1;
}

/**
 * pond_transfer_new:
 * @file: a local file, which need not exist, in a folder that does
 *
 * Makes a transfer into @file. No two transfers, in one process or in two, may have the same file.
 *
 * Returns: (transfer full): a transfer
 */
PondTransfer *
pond_transfer_new (GFile *file)
{
  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (g_file_peek_path (file) != NULL, NULL);

  return g_object_new (POND_TYPE_TRANSFER, "file", file, NULL);
}

/**
 * pond_transfer_get_file:
 * @self: a transfer
 *
 * Returns: (transfer none): the file that the resource goes into
 */
GFile *
pond_transfer_get_file (PondTransfer *self)
{
  g_return_val_if_fail (POND_IS_TRANSFER (self), NULL);

  return self->file;
}

/**
 * pond_transfer_set_uri:
 * @self: a transfer
 * @uri: an address of https; see pond_transfer_set_allow_http() for others
 *
 * Sets the address that the next run asks. It may change between runs: a new token in the path is
 * the same resource. It is never kept on the disk, logged, or part of an error.
 */
void
pond_transfer_set_uri (PondTransfer *self,
                       const char   *uri)
{
  g_return_if_fail (POND_IS_TRANSFER (self));
  g_return_if_fail (uri != NULL);

  g_set_str (&self->uri, uri);
}

/**
 * pond_transfer_set_allow_http:
 * @self: a transfer
 * @allow_http: whether plain http may be used with this machine
 *
 * Allows plain http for addresses and redirects to hosts on loopback; not allowed by default, and
 * never for others.
 */
void
pond_transfer_set_allow_http (PondTransfer *self,
                              gboolean      allow_http)
{
  g_return_if_fail (POND_IS_TRANSFER (self));

  self->allow_http = allow_http;
}

/**
 * pond_transfer_set_tls_database:
 * @self: a transfer
 * @database: (nullable): trust anchors, or %NULL for the system's
 *
 * Sets whom to trust.
 */
void
pond_transfer_set_tls_database (PondTransfer *self,
                                GTlsDatabase *database)
{
  g_return_if_fail (POND_IS_TRANSFER (self));
  g_return_if_fail (database == NULL || G_IS_TLS_DATABASE (database));

  g_set_object (&self->database, database);
}

/**
 * pond_transfer_set_stall_timeout:
 * @self: a transfer
 * @milliseconds: a time; 30,000 by default
 *
 * Sets how long the network may be silent before the connection counts as lost. It is looked at
 * every 100 ms.
 */
void
pond_transfer_set_stall_timeout (PondTransfer *self,
                                 guint         milliseconds)
{
  g_return_if_fail (POND_IS_TRANSFER (self));

  self->stall_timeout = milliseconds;
}

/**
 * pond_transfer_get_received:
 * @self: a transfer
 *
 * Returns: bytes that are in the file now, those of earlier runs included
 */
guint64
pond_transfer_get_received (PondTransfer *self)
{
  g_return_val_if_fail (POND_IS_TRANSFER (self), 0);

  return self->progress.received;
}

/**
 * pond_transfer_get_total:
 * @self: a transfer
 *
 * Returns: bytes the whole file will have, or -1 while that is not known
 */
gint64
pond_transfer_get_total (PondTransfer *self)
{
  g_return_val_if_fail (POND_IS_TRANSFER (self), -1);

  return self->progress.total;
}

/**
 * pond_transfer_get_resumed_from:
 * @self: a transfer
 *
 * Returns: bytes that were in the file when the last run began to receive
 */
guint64
pond_transfer_get_resumed_from (PondTransfer *self)
{
  g_return_val_if_fail (POND_IS_TRANSFER (self), 0);

  return self->progress.resumed_from;
}

/**
 * pond_transfer_get_delivered:
 * @self: a transfer
 *
 * Returns: bytes of body that came over the network in this object's life
 */
guint64
pond_transfer_get_delivered (PondTransfer *self)
{
  g_return_val_if_fail (POND_IS_TRANSFER (self), 0);

  return self->progress.delivered;
}

/**
 * pond_transfer_run_async:
 * @self: a transfer that has an address, and no run under way
 * @cancellable: (nullable): ends the run within a second; what came is kept
 * @callback: called when the run has ended, and its thread has let go of the file
 * @user_data: for @callback
 *
 * Makes one attempt to bring the whole resource into the file. When the file is whole already,
 * nothing is asked.
 */
void
pond_transfer_run_async (PondTransfer        *self,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  PondTransferProgress progress;

  g_return_if_fail (POND_IS_TRANSFER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  g_return_if_fail (self->uri != NULL);
  g_return_if_fail (self->job == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_transfer_run_async);

  progress = self->progress;
  progress.delivered = 0;
  self->delivered_before = self->progress.delivered;
  self->job = pond_transfer_job_new (g_file_peek_path (self->file), self->uri, self->allow_http,
                                     self->database, &progress);
  g_task_set_task_data (task, self->job, (GDestroyNotify) pond_transfer_job_free);

  if (cancellable != NULL)
    self->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), self->job,
                                                NULL);

  self->tick = g_timeout_source_new (TICK_INTERVAL);
  g_source_set_static_name (self->tick, "PondTransfer tick");
  g_source_set_callback (self->tick, on_tick, self, NULL);
  g_source_attach (self->tick, g_task_get_context (task));

  g_thread_pool_push (get_workers (), g_steal_pointer (&task), NULL);
}

/**
 * pond_transfer_run_finish:
 * @self: a transfer
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends pond_transfer_run_async().
 *
 * Returns: %TRUE when the whole file is on the disk; %FALSE with a #PondTransferError or
 *   %G_IO_ERROR_CANCELLED
 */
gboolean
pond_transfer_run_finish (PondTransfer  *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pond_transfer_inspect_async:
 * @self: a transfer that has no run under way
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Looks what is on the disk, file and checkpoint, without network.
 */
void
pond_transfer_inspect_async (PondTransfer        *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (POND_IS_TRANSFER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  g_return_if_fail (self->job == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_transfer_inspect_async);
  g_task_set_task_data (task, g_memdup2 (&self->progress, sizeof self->progress), g_free);
  g_task_run_in_thread (task, inspect_on_worker);
}

/**
 * pond_transfer_inspect_finish:
 * @self: a transfer
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends pond_transfer_inspect_async(), and sets [property@Transfer:received] and
 * [property@Transfer:total]. That there is nothing yet is no error.
 *
 * Returns: %FALSE with %POND_TRANSFER_ERROR_FILE or %G_IO_ERROR_CANCELLED
 */
gboolean
pond_transfer_inspect_finish (PondTransfer  *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  publish (self, g_task_get_task_data (G_TASK (result)));
  return TRUE;
}

/**
 * pond_transfer_discard:
 * @file: the file of a transfer that has no run under way
 * @error: return location for an error
 *
 * Deletes file and checkpoint, as far as they exist. Blocks for the time that this takes the disk.
 *
 * Returns: %FALSE with %POND_TRANSFER_ERROR_FILE when one of them is still there
 */
gboolean
pond_transfer_discard (GFile   *file,
                       GError **error)
{
  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  if (g_unlink (g_file_peek_path (file)) != 0 && errno != ENOENT)
    {
      pond_transfer_error_set_errno (error, errno, "The file could not be deleted");
      return FALSE;
    }

  return pond_transfer_forget (file, error);
}

/**
 * pond_transfer_forget:
 * @file: the file of a transfer that has no run under way
 * @error: return location for an error
 *
 * Deletes the checkpoint alone, for when the finished file was moved to its place. Blocks for the
 * time that this takes the disk.
 *
 * Returns: %FALSE with %POND_TRANSFER_ERROR_FILE when it is still there
 */
gboolean
pond_transfer_forget (GFile   *file,
                      GError **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  path = pond_transfer_part_dup_checkpoint_path (g_file_peek_path (file));
  return pond_checkpoint_remove (path, error);
}
