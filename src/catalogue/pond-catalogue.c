/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-catalogue"

#include "config.h"

#include "catalogue/pond-catalogue-private.h"

#include "catalogue/pond-catalogue-row.h"
#include "catalogue/pond-catalogue-store.h"
#include "library/pond-worker.h"

#define FULL_PASS_SECONDS 3600

/* So many come with one request. */
#define MAX_SMALL_ACCOUNT 1000

struct _PondCatalogue
{
  GObject parent_instance;

  PondWorker *worker;
  PondCatalogueStore *store; /* the worker's */
  GPtrArray *rows;           /* of PondCatalogueRow, newest first */
  GHashTable *by_uid;        /* uid -> row, both @rows' */
  PondCataloguePass pass;
  gboolean is_open;
  gboolean refreshing;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PondCatalogue,
                               pond_catalogue,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

enum
{
  PROP_0,
  PROP_REFRESHING,
  N_PROPS,
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static GType
get_item_type (GListModel *model)
{
  return POND_TYPE_VIDEO;
}

static guint
get_n_items (GListModel *model)
{
  return POND_CATALOGUE (model)->rows->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  PondCatalogue *self = POND_CATALOGUE (model);
  PondCatalogueRow *row;

  if (position >= self->rows->len)
    return NULL;

  row = g_ptr_array_index (self->rows, position);

  return g_object_ref (row->video);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static const char *
uid_of (PondCatalogueRow *row)
{
  return pond_video_get_uid (row->video);
}

static int
compare_newest (gconstpointer a,
                gconstpointer b)
{
  return pond_catalogue_row_compare (a, b, POND_CATALOGUE_NEWEST);
}

/* Makes @target, which is taken over and in no order, what is shown. */
static void
show (PondCatalogue *self,
      GPtrArray     *target)
{
  g_autoptr(GPtrArray) rows = target;

  g_ptr_array_sort_values (rows, compare_newest);
  g_hash_table_remove_all (self->by_uid);
  for (guint i = 0; i < rows->len; i++)
    g_hash_table_insert (self->by_uid, (gpointer) uid_of (rows->pdata[i]), rows->pdata[i]);

  pond_catalogue_rows_apply (G_LIST_MODEL (self), self->rows, rows, POND_CATALOGUE_NEWEST);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* The rows there are but for those of the uids in @others. */
static GPtrArray *
copy_without (PondCatalogue *self,
              GHashTable    *others)
{
  GPtrArray *rows = g_ptr_array_new_full (self->rows->len, (GDestroyNotify) pond_catalogue_row_unref);

  for (guint i = 0; i < self->rows->len; i++)
    {
      PondCatalogueRow *row = g_ptr_array_index (self->rows, i);

      if (!g_hash_table_contains (others, uid_of (row)))
        g_ptr_array_add (rows, pond_catalogue_row_ref (row));
    }

  return rows;
}

static void
set_refreshing (PondCatalogue *self,
                gboolean       refreshing)
{
  if (self->refreshing == refreshing)
    return;

  self->refreshing = refreshing;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REFRESHING]);
}

typedef struct
{
  GPtrArray *rows;
  PondCataloguePass pass;
} Load;

static void
load_free (Load *load)
{
  g_ptr_array_unref (load->rows);
  g_free (load);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Load, load_free)

static void
load_in_thread (GTask        *job,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Load *load = g_new0 (Load, 1);

  load->rows = pond_catalogue_store_load (task_data, &load->pass);
  g_task_return_pointer (job, load, (GDestroyNotify) load_free);
}

static void
on_load_ready (GObject      *source_object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondCatalogue *self = POND_CATALOGUE (source_object);
  GError *error = NULL;
  g_autoptr(Load) load = g_task_propagate_pointer (G_TASK (result), &error);

  if (load == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (!self->is_open)
    {
      self->is_open = TRUE;
      self->pass = load->pass;
      show (self, g_ptr_array_ref (load->rows));
    }

  g_task_return_boolean (task, TRUE);
}

typedef struct
{
  PondCatalogueStore *store; /* the catalogue's */
  GPtrArray *videos;
} Page;

static void
page_free (Page *page)
{
  g_ptr_array_unref (page->videos);
  g_free (page);
}

static void
put_in_thread (GTask        *job,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Page *page = task_data;
  GPtrArray *rows = g_ptr_array_new_full (page->videos->len, (GDestroyNotify) pond_catalogue_row_unref);

  pond_catalogue_store_put (page->store, page->videos);
  for (guint i = 0; i < page->videos->len; i++)
    g_ptr_array_add (rows, pond_catalogue_row_new (g_ptr_array_index (page->videos, i)));

  g_task_return_pointer (job, rows, (GDestroyNotify) g_ptr_array_unref);
}

static void
on_put_ready (GObject      *source_object,
              GAsyncResult *result,
              gpointer      user_data)
{
  PondCatalogue *self = POND_CATALOGUE (source_object);
  g_autoptr(GPtrArray) rows = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autoptr(GHashTable) uids = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) target = NULL;

  for (guint i = 0; i < rows->len; i++)
    g_hash_table_add (uids, (gpointer) uid_of (rows->pdata[i]));

  target = copy_without (self, uids);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (target, pond_catalogue_row_ref (rows->pdata[i]));
  show (self, g_steal_pointer (&target));
}

typedef struct
{
  gboolean full;
  gint64 newest;
  gboolean stopped;
} Refresh;

/* Keeps what is new or other than before of a page. */
static void
put (PondCatalogue *self,
     GPtrArray     *videos)
{
  g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func (g_object_unref);
  GTask *job;
  Page *page;

  for (guint i = 0; i < videos->len; i++)
    {
      PondVideo *video = g_ptr_array_index (videos, i);
      PondCatalogueRow *row = g_hash_table_lookup (self->by_uid, pond_video_get_uid (video));

      if (row == NULL || !pond_video_equal (row->video, video))
        g_ptr_array_add (changed, g_object_ref (video));
    }
  if (changed->len == 0)
    return;

  page = g_new0 (Page, 1);
  page->store = self->store;
  page->videos = g_steal_pointer (&changed);
  job = g_task_new (self, NULL, on_put_ready, NULL);
  g_task_set_source_tag (job, put);
  g_task_set_task_data (job, page, (GDestroyNotify) page_free);
  pond_worker_run (self->worker, job, put_in_thread);
}

static gboolean
on_page (GPtrArray *videos,
         gpointer   user_data)
{
  GTask *task = user_data;
  PondCatalogue *self = g_task_get_source_object (task);
  Refresh *refresh = g_task_get_task_data (task);
  PondVideo *oldest = g_ptr_array_index (videos, videos->len - 1);

  for (guint i = 0; i < videos->len; i++)
    refresh->newest = MAX (refresh->newest, pond_video_get_created_usec (videos->pdata[i]));

  put (self, videos);

  /* Older than what is known, not just as old: others of that moment may be on the next page. */
  refresh->stopped = !refresh->full && pond_video_get_created_usec (oldest) < self->pass.newest;

  return !refresh->stopped;
}

typedef struct
{
  PondCatalogueStore *store; /* the catalogue's */
  GHashTable *gone;          /* set of uids */
  PondCataloguePass pass;
} End;

static void
end_free (End *end)
{
  g_hash_table_unref (end->gone);
  g_free (end);
}

static void
end_in_thread (GTask        *job,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  End *end = task_data;
  g_autoptr(GPtrArray) gone = g_hash_table_get_keys_as_ptr_array (end->gone);

  pond_catalogue_store_end_pass (end->store, gone, &end->pass);
  g_task_return_boolean (job, TRUE);
}

static void
on_end_ready (GObject      *source_object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondCatalogue *self = POND_CATALOGUE (source_object);
  End *end = g_task_get_task_data (G_TASK (result));

  self->pass = end->pass;
  if (g_hash_table_size (end->gone) > 0)
    show (self, copy_without (self, end->gone));

  set_refreshing (self, FALSE);
  g_task_return_boolean (task, TRUE);
}

static GHashTable *
find_gone (PondCatalogue *self,
           GPtrArray     *listed)
{
  GHashTable *gone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) there = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < listed->len; i++)
    g_hash_table_add (there, (gpointer) pond_video_get_uid (listed->pdata[i]));
  for (guint i = 0; i < self->rows->len; i++)
    {
      if (!g_hash_table_contains (there, uid_of (self->rows->pdata[i])))
        g_hash_table_add (gone, g_strdup (uid_of (self->rows->pdata[i])));
    }

  return gone;
}

static void
on_list_ready (GObject      *source_object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondCatalogue *self = g_task_get_source_object (task);
  Refresh *refresh = g_task_get_task_data (task);
  g_autoptr(GPtrArray) listed = NULL;
  GError *error = NULL;
  GTask *job;
  End *end;

  listed = pond_stream_client_list_videos_finish (POND_STREAM_CLIENT (source_object), result, &error);
  if (listed == NULL)
    {
      set_refreshing (self, FALSE);
      g_task_return_error (task, error);
      return;
    }

  end = g_new0 (End, 1);
  end->store = self->store;
  end->pass.newest = refresh->newest;
  if (refresh->stopped)
    {
      end->gone = g_hash_table_new (g_str_hash, g_str_equal);
      end->pass.complete_at = self->pass.complete_at;
    }
  else
    {
      end->gone = find_gone (self, listed);
      end->pass.complete_at = g_get_real_time () / G_USEC_PER_SEC;
    }

  /* Comes after all pages, which are the worker's still, have been kept and shown. */
  job = g_task_new (self, NULL, on_end_ready, g_steal_pointer (&task));
  g_task_set_source_tag (job, on_list_ready);
  g_task_set_task_data (job, end, (GDestroyNotify) end_free);
  pond_worker_run (self->worker, job, end_in_thread);
}

static void
close_in_thread (GTask        *job,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  pond_catalogue_store_free (task_data);
  g_task_return_boolean (job, TRUE);
}

static void
forget_in_thread (GTask        *task,
                  gpointer      source_object,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  pond_catalogue_store_delete_file (task_data);
  g_task_return_boolean (task, TRUE);
}

static void
pond_catalogue_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  PondCatalogue *self = POND_CATALOGUE (object);

  switch (prop_id)
    {
    case PROP_REFRESHING:
      g_value_set_boolean (value, self->refreshing);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_catalogue_finalize (GObject *object)
{
  PondCatalogue *self = POND_CATALOGUE (object);
  GTask *job = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_source_tag (job, pond_catalogue_finalize);
  g_task_set_task_data (job, g_steal_pointer (&self->store), NULL);
  pond_worker_run (self->worker, job, close_in_thread);
  g_clear_object (&self->worker);
  g_hash_table_unref (self->by_uid);
  g_ptr_array_unref (self->rows);

  G_OBJECT_CLASS (pond_catalogue_parent_class)->finalize (object);
}

static void
pond_catalogue_class_init (PondCatalogueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pond_catalogue_get_property;
  object_class->finalize = pond_catalogue_finalize;

  properties[PROP_REFRESHING] = g_param_spec_boolean ("refreshing", NULL, NULL, FALSE,
                                                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS |
                                                          G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", POND_TYPE_CATALOGUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
}

static void
pond_catalogue_init (PondCatalogue *self)
{
  self->worker = pond_worker_new ("catalogue");
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_catalogue_row_unref);
  self->by_uid = g_hash_table_new (g_str_hash, g_str_equal);
}

char *
pond_catalogue_choose_file (const char *account_id)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (account_id != NULL, NULL);

  name = g_strconcat ("catalogue-", account_id, ".db", NULL);

  return g_build_filename (g_get_user_cache_dir (), "millpond", name, NULL);
}

PondCatalogue *
pond_catalogue_new (const char *path)
{
  PondCatalogue *self = g_object_new (POND_TYPE_CATALOGUE, NULL);

  self->store = pond_catalogue_store_new (path);

  return self;
}

void
pond_catalogue_open_async (PondCatalogue       *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task;
  GTask *job;

  g_return_if_fail (POND_IS_CATALOGUE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_catalogue_open_async);
  if (self->is_open)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }

  job = g_task_new (self, cancellable, on_load_ready, task);
  g_task_set_source_tag (job, pond_catalogue_open_async);
  g_task_set_task_data (job, self->store, NULL);
  pond_worker_run (self->worker, job, load_in_thread);
}

gboolean
pond_catalogue_open_finish (PondCatalogue  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
must_be_full (PondCatalogue *self)
{
  gint64 age = g_get_real_time () / G_USEC_PER_SEC - self->pass.complete_at;

  return self->rows->len <= MAX_SMALL_ACCOUNT || self->pass.complete_at == 0 || age < 0 ||
         age >= FULL_PASS_SECONDS;
}

void
pond_catalogue_refresh_async (PondCatalogue       *self,
                              PondStreamClient    *client,
                              gboolean             full,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Refresh *refresh;

  g_return_if_fail (POND_IS_CATALOGUE (self));
  g_return_if_fail (POND_IS_STREAM_CLIENT (client));
  g_return_if_fail (self->is_open);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_catalogue_refresh_async);
  if (self->refreshing)
    {
      g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_PENDING, "A refresh is under way");
      return;
    }

  refresh = g_new0 (Refresh, 1);
  refresh->full = full || must_be_full (self);
  g_task_set_task_data (task, refresh, g_free);
  set_refreshing (self, TRUE);
  pond_stream_client_list_pages_async (client, 0, on_page, task, cancellable, on_list_ready,
                                       g_object_ref (task));
}

gboolean
pond_catalogue_refresh_finish (PondCatalogue  *self,
                               GAsyncResult   *result,
                               GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
pond_catalogue_get_refreshing (PondCatalogue *self)
{
  g_return_val_if_fail (POND_IS_CATALOGUE (self), FALSE);

  return self->refreshing;
}

gint64
pond_catalogue_get_complete_at (PondCatalogue *self)
{
  g_return_val_if_fail (POND_IS_CATALOGUE (self), 0);

  return self->pass.complete_at;
}

void
pond_catalogue_forget_async (const char          *account_id,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, pond_catalogue_forget_async);
  g_task_set_task_data (task, pond_catalogue_choose_file (account_id), g_free);
  g_task_run_in_thread (task, forget_in_thread);
}

gboolean
pond_catalogue_forget_finish (GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return g_utf8_collate (a, b);
}

char **
pond_catalogue_list_creators (PondCatalogue *self)
{
  g_autoptr(GHashTable) seen = NULL;
  g_autoptr(GPtrArray) creators = NULL;
  GStrvBuilder *builder;

  g_return_val_if_fail (POND_IS_CATALOGUE (self), NULL);

  seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < self->rows->len; i++)
    {
      PondCatalogueRow *row = g_ptr_array_index (self->rows, i);
      const char *creator = pond_video_get_creator (row->video);

      if (creator != NULL)
        g_hash_table_add (seen, (gpointer) creator);
    }

  creators = g_hash_table_get_keys_as_ptr_array (seen);
  g_ptr_array_sort_values (creators, compare_texts);
  builder = g_strv_builder_new ();
  for (guint i = 0; i < creators->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (creators, i));

  return g_strv_builder_unref_to_strv (builder);
}

GPtrArray *
pond_catalogue_peek_rows (PondCatalogue *self)
{
  return self->rows;
}
