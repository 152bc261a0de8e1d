/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-download-store"

#include "config.h"

#include "downloads/pond-download-store.h"

struct _PondDownloadStore
{
  GObject parent_instance;

  PondLibrary *library;
  /* Of the last load; only touched on the worker. */
  gint64 data_version;
};

G_DEFINE_FINAL_TYPE (PondDownloadStore, pond_download_store, G_TYPE_OBJECT)

static void
pond_download_store_finalize (GObject *object)
{
  PondDownloadStore *self = POND_DOWNLOAD_STORE (object);

  g_clear_object (&self->library);

  G_OBJECT_CLASS (pond_download_store_parent_class)->finalize (object);
}

static void
pond_download_store_class_init (PondDownloadStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = pond_download_store_finalize;
}

static void
pond_download_store_init (PondDownloadStore *self)
{
  self->data_version = -1;
}

/**
 * pond_download_store_new:
 * @library: (transfer none): an open library
 *
 * Returns: (transfer full): its queue
 */
PondDownloadStore *
pond_download_store_new (PondLibrary *library)
{
  PondDownloadStore *self = g_object_new (POND_TYPE_DOWNLOAD_STORE, NULL);

  self->library = g_object_ref (library);

  return self;
}

static void
run (PondDownloadStore *self,
     GTask             *task,
     GTaskThreadFunc    func)
{
  pond_worker_run (pond_library_get_worker (self->library), task, func);
}

static void
load_on_worker (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  PondDownloadStore *self = source;
  gboolean only_if_changed = GPOINTER_TO_INT (task_data);
  PondDatabase *database = pond_library_get_database (self->library);
  gint64 version = pond_database_get_data_version (database);
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_download_record_free);
  g_autoptr(PondStatement) statement = NULL;
  g_autoptr(GError) error = NULL;
  gboolean row;

  if (only_if_changed && version == self->data_version)
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }

  statement = pond_database_prepare (database, "SELECT " POND_DOWNLOAD_COLUMNS
                                     " FROM download ORDER BY position, id", &error);
  while (statement != NULL && pond_statement_step (statement, &row, &error) && row)
    g_ptr_array_add (records, pond_download_record_read (statement));

  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->data_version = version;
  g_task_return_pointer (task, g_steal_pointer (&records), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * pond_download_store_load_async:
 * @self: a store
 * @only_if_changed: whether to read only when another process has written since the last time
 * @cancellable: (nullable): ends it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Reads all downloads, in the order of the queue.
 */
void
pond_download_store_load_async (PondDownloadStore   *self,
                                gboolean             only_if_changed,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, pond_download_store_load_async);
  g_task_set_task_data (task, GINT_TO_POINTER (only_if_changed), NULL);
  run (self, task, load_on_worker);
}

/**
 * pond_download_store_load_finish:
 * @self: a store
 * @result: what the callback got
 * @error: of the domain %POND_DATABASE_ERROR
 *
 * Returns: (transfer full) (nullable) (element-type PondDownloadRecord): the downloads, or %NULL without an
 *   error when nothing has changed
 */
GPtrArray *
pond_download_store_load_finish (PondDownloadStore  *self,
                                 GAsyncResult       *result,
                                 GError            **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
prune_on_worker (GTask        *task,
                 gpointer      source,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  PondDownloadStore *self = source;
  g_autoptr(GError) error = NULL;

  if (!pond_database_exec (pond_library_get_database (self->library),
                           "DELETE FROM download WHERE state = 'saved'", &error))
    g_warning ("Finished downloads were not forgotten: %s", error->message);

  g_task_return_boolean (task, error == NULL);
}

/**
 * pond_download_store_prune_async:
 * @self: a store
 *
 * Forgets the downloads that are saved: from then on the library knows of them.
 */
void
pond_download_store_prune_async (PondDownloadStore *self)
{
  GTask *task = g_task_new (self, NULL, NULL, NULL);

  g_task_set_source_tag (task, pond_download_store_prune_async);
  run (self, task, prune_on_worker);
}

static PondDownloadRecord *
find_row (PondDatabase  *database,
          const char    *uid,
          const char    *type,
          GError       **error)
{
  g_autoptr(PondStatement) statement = pond_database_prepare (database, "SELECT " POND_DOWNLOAD_COLUMNS
      " FROM download WHERE uid = ?1 AND type = ?2", error);
  gboolean row = FALSE;

  if (statement == NULL)
    return NULL;

  pond_statement_bind_text (statement, 1, uid);
  pond_statement_bind_text (statement, 2, type);
  if (!pond_statement_step (statement, &row, error) || !row)
    return NULL;

  return pond_download_record_read (statement);
}

static void
add_on_worker (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  PondDownloadStore *self = source;
  PondDownloadRecord *record = task_data;
  PondDatabase *database = pond_library_get_database (self->library);
  g_autoptr(PondDownloadRecord) found = NULL;
  g_autoptr(GError) error = NULL;

  if (!pond_database_begin (database, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* Another process may have been asked for the same video at the same time. */
  found = find_row (database, record->uid, record->type, &error);
  if (error == NULL && found == NULL && pond_download_record_insert (record, database, &error))
    found = pond_download_record_copy (record);

  if (error == NULL && pond_database_commit (database, &error))
    {
      g_task_return_pointer (task, g_steal_pointer (&found), (GDestroyNotify) pond_download_record_free);
      return;
    }

  pond_database_rollback (database);
  g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * pond_download_store_add_async:
 * @self: a store
 * @record: (transfer none): a download without a row
 * @cancellable: (nullable): ends it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Puts a download at the end of the queue, unless the same is there already.
 */
void
pond_download_store_add_async (PondDownloadStore        *self,
                               const PondDownloadRecord *record,
                               GCancellable             *cancellable,
                               GAsyncReadyCallback       callback,
                               gpointer                  user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, pond_download_store_add_async);
  g_task_set_task_data (task, pond_download_record_copy (record), (GDestroyNotify) pond_download_record_free);
  run (self, task, add_on_worker);
}

/**
 * pond_download_store_add_finish:
 * @self: a store
 * @result: what the callback got
 * @error: of the domain %POND_DATABASE_ERROR
 *
 * Returns: (transfer full): the row, the one that was there or the new one
 */
PondDownloadRecord *
pond_download_store_add_finish (PondDownloadStore  *self,
                                GAsyncResult       *result,
                                GError            **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
update_on_worker (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  PondDownloadStore *self = source;
  GError *error = NULL;

  if (pond_download_record_update (task_data, pond_library_get_database (self->library), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * pond_download_store_update_async:
 * @self: a store
 * @record: (transfer none): a download with a row
 * @callback: called when it is on the disk
 * @user_data: for @callback
 *
 * Writes where a download is on its way.
 */
void
pond_download_store_update_async (PondDownloadStore        *self,
                                  const PondDownloadRecord *record,
                                  GAsyncReadyCallback       callback,
                                  gpointer                  user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, pond_download_store_update_async);
  g_task_set_task_data (task, pond_download_record_copy (record), (GDestroyNotify) pond_download_record_free);
  run (self, task, update_on_worker);
}

/**
 * pond_download_store_update_finish:
 * @self: a store
 * @result: what the callback got
 * @error: of the domain %POND_DATABASE_ERROR
 *
 * Returns: whether it was written
 */
gboolean
pond_download_store_update_finish (PondDownloadStore  *self,
                                   GAsyncResult       *result,
                                   GError            **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
write_progress (PondDatabase  *database,
                GPtrArray     *records,
                GError       **error)
{
  g_autoptr(PondStatement) statement = pond_database_prepare (database,
      "UPDATE download SET percent = ?1, bytes = ?2, total = ?3, resumed_from = ?4 WHERE id = ?5", error);

  for (guint i = 0; statement != NULL && i < records->len; i++)
    {
      const PondDownloadRecord *record = g_ptr_array_index (records, i);

      pond_statement_bind_double (statement, 1, record->percent);
      pond_statement_bind_int (statement, 2, (gint64) record->bytes);
      pond_statement_bind_int (statement, 3, record->total);
      pond_statement_bind_int (statement, 4, (gint64) record->resumed_from);
      pond_statement_bind_int (statement, 5, record->id);
      if (!pond_statement_run (statement, error))
        return FALSE;
    }

  return statement != NULL;
}

static void
progress_on_worker (GTask        *task,
                    gpointer      source,
                    gpointer      task_data,
                    GCancellable *cancellable)
{
  PondDownloadStore *self = source;
  PondDatabase *database = pond_library_get_database (self->library);
  g_autoptr(GError) error = NULL;

  if (pond_database_begin (database, &error) &&
      (!write_progress (database, task_data, &error) || !pond_database_commit (database, &error)))
    pond_database_rollback (database);

  /* Progress is a courtesy to other processes; the part files tell it again. */
  if (error != NULL)
    g_debug ("Progress was not written: %s", error->message);

  g_task_return_boolean (task, error == NULL);
}

/**
 * pond_download_store_progress_async:
 * @self: a store
 * @records: (transfer full) (element-type PondDownloadRecord): downloads that moved
 *
 * Writes progress between states, for other processes to see.
 */
void
pond_download_store_progress_async (PondDownloadStore *self,
                                    GPtrArray         *records)
{
  GTask *task = g_task_new (self, NULL, NULL, NULL);

  g_task_set_source_tag (task, pond_download_store_progress_async);
  g_task_set_task_data (task, records, (GDestroyNotify) g_ptr_array_unref);
  run (self, task, progress_on_worker);
}

typedef struct
{
  gint64 id;
  char *request;
} Request;

static void
request_free (Request *request)
{
  g_free (request->request);
  g_free (request);
}

static void
request_on_worker (GTask        *task,
                   gpointer      source,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  PondDownloadStore *self = source;
  Request *request = task_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PondStatement) statement = pond_database_prepare (pond_library_get_database (self->library),
      "UPDATE download SET request = ?1 WHERE id = ?2", &error);

  if (statement != NULL)
    {
      pond_statement_bind_text (statement, 1, request->request);
      pond_statement_bind_int (statement, 2, request->id);
      pond_statement_run (statement, &error);
    }

  if (error != NULL)
    g_warning ("A request to the other process was not written: %s", error->message);

  g_task_return_boolean (task, error == NULL);
}

/**
 * pond_download_store_request_async:
 * @self: a store
 * @id: a download's number
 * @request: (nullable): "pause", "resume" or "cancel", or %NULL once it was done
 *
 * Leaves a request for the process that works on the queue.
 */
void
pond_download_store_request_async (PondDownloadStore *self,
                                   gint64             id,
                                   const char        *request)
{
  GTask *task = g_task_new (self, NULL, NULL, NULL);
  Request *data = g_new0 (Request, 1);

  g_task_set_source_tag (task, pond_download_store_request_async);
  data->id = id;
  data->request = g_strdup (request);
  g_task_set_task_data (task, data, (GDestroyNotify) request_free);
  run (self, task, request_on_worker);
}

static void
remove_on_worker (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  PondDownloadStore *self = source;
  Request *request = task_data;
  GError *error = NULL;
  g_autoptr(PondStatement) statement = pond_database_prepare (pond_library_get_database (self->library),
      "DELETE FROM download WHERE id = ?1", &error);

  if (statement != NULL)
    {
      pond_statement_bind_int (statement, 1, request->id);
      pond_statement_run (statement, &error);
    }

  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * pond_download_store_remove_async:
 * @self: a store
 * @id: a download's number
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Takes a download out of the queue.
 */
void
pond_download_store_remove_async (PondDownloadStore   *self,
                                  gint64               id,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  Request *data = g_new0 (Request, 1);

  g_task_set_source_tag (task, pond_download_store_remove_async);
  data->id = id;
  g_task_set_task_data (task, data, (GDestroyNotify) request_free);
  run (self, task, remove_on_worker);
}

/**
 * pond_download_store_remove_finish:
 * @self: a store
 * @result: what the callback got
 * @error: of the domain %POND_DATABASE_ERROR
 *
 * Returns: whether it is gone
 */
gboolean
pond_download_store_remove_finish (PondDownloadStore  *self,
                                   GAsyncResult       *result,
                                   GError            **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
