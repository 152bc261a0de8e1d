/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-library"

#include "config.h"

#include "library/pond-library.h"

#include "library/pond-file-name.h"
#include "library/pond-library-entry-private.h"
#include "library/pond-library-index.h"
#include "library/pond-library-list.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>

#define FLUSH_SECONDS 2

/* From here on what follows is mostly credits. */
#define WATCHED_SHARE 0.95

struct _PondLibrary
{
  GObject parent_instance;

  GFile *folder;
  PondWorker *worker;
  PondLibraryIndex *index; /* the worker's */
  gboolean is_open;
  gboolean rebuilt;
  int lock;

  PondLibraryList *list;
  guint flush_source;

  GCancellable *background;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PondLibrary,
                               pond_library,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

G_DEFINE_QUARK (pond-library-error-quark, pond_library_error)

enum
{
  PROP_0,
  PROP_FOLDER,
  PROP_REBUILT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static GType
get_item_type (GListModel *model)
{
  return POND_TYPE_LIBRARY_ENTRY;
}

static guint
get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (POND_LIBRARY (model)->list));
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  return g_list_model_get_item (G_LIST_MODEL (POND_LIBRARY (model)->list), position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* Runs @func on the worker, and then @ready here, with @task, which is taken over, as its data.
 *
 * What was done is shown and reported even if it was cancelled meanwhile, so neither task looks at
 * the cancellable by itself: @func does. */
static void
start_job (PondLibrary         *self,
           GTask               *task,
           GTaskThreadFunc      func,
           GAsyncReadyCallback  ready)
{
  GTask *job = g_task_new (self, g_task_get_cancellable (task), ready, task);

  g_task_set_static_name (job, g_task_get_name (task));
  g_task_set_task_data (job, g_task_get_task_data (task), NULL);
  g_task_set_check_cancellable (job, FALSE);
  g_task_set_check_cancellable (task, FALSE);
  pond_worker_run (self->worker, job, func);
}

/* What reading the index brings. */
typedef struct
{
  GPtrArray *rows; /* of PondLibraryRow; NULL when nothing changed */
  gboolean rebuilt;
} Load;

static void
load_free (Load *load)
{
  g_clear_pointer (&load->rows, g_ptr_array_unref);
  g_free (load);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Load, load_free)

static void
reconcile_in_thread (GTask        *job,
                     gpointer      source_object,
                     gpointer      task_data,
                     GCancellable *cancellable)
{
  PondLibraryIndex *index = task_data;
  g_autoptr (Load) load = g_new0 (Load, 1);
  GError *error = NULL;
  gboolean changed;

  if (!pond_library_index_reconcile (index, &changed, cancellable, &error))
    {
      g_task_return_error (job, error);
      return;
    }

  if (changed || pond_library_index_is_stale (index))
    {
      load->rows = pond_library_index_load (index, &error);
      if (load->rows == NULL)
        {
          g_task_return_error (job, error);
          return;
        }
    }

  g_task_return_pointer (job, g_steal_pointer (&load), (GDestroyNotify) load_free);
}

typedef struct
{
  GWeakRef library;
  guint64 stamp;
} Background;

static void
on_reconcile_ready (GObject      *source_object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  Background *background = user_data;
  g_autoptr (PondLibrary) self = g_weak_ref_get (&background->library);
  g_autoptr (GError) error = NULL;
  g_autoptr (Load) load = g_task_propagate_pointer (G_TASK (result), &error);

  if (load == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("The library’s folder could not be looked through: %s", error->message);
  if (self != NULL && load != NULL && load->rows != NULL)
    pond_library_list_apply (self->list, load->rows, background->stamp);

  g_weak_ref_clear (&background->library);
  g_free (background);
}

/* Does not keep the library: nobody need wait for this when it goes. */
static void
reconcile_in_background (PondLibrary *self)
{
  Background *background = g_new0 (Background, 1);
  GTask *job = g_task_new (NULL, self->background, on_reconcile_ready, background);

  g_weak_ref_init (&background->library, self);
  background->stamp = pond_library_list_get_stamp (self->list);
  g_task_set_source_tag (job, reconcile_in_background);
  g_task_set_task_data (job, self->index, NULL);
  pond_worker_run (self->worker, job, reconcile_in_thread);
}

static void
open_in_thread (GTask        *job,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  PondLibraryIndex *index = POND_LIBRARY (source_object)->index;
  g_autoptr (Load) load = g_new0 (Load, 1);
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (job))
    return;

  if (!pond_library_index_is_open (index) &&
      !pond_library_index_open (index, &load->rebuilt, cancellable, &error))
    {
      g_task_return_error (job, error);
      return;
    }

  load->rows = pond_library_index_load (index, &error);
  if (load->rows == NULL)
    {
      g_task_return_error (job, error);
      return;
    }

  g_task_return_pointer (job, g_steal_pointer (&load), (GDestroyNotify) load_free);
}

static void
on_open_ready (GObject      *source_object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  PondLibrary *self = POND_LIBRARY (source_object);
  GError *error = NULL;
  g_autoptr (Load) load = g_task_propagate_pointer (G_TASK (result), &error);

  if (load == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (!self->is_open)
    {
      self->is_open = TRUE;
      pond_library_list_apply (self->list, load->rows, 0);
      if (load->rebuilt)
        {
          self->rebuilt = TRUE;
          g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REBUILT]);
        }
      reconcile_in_background (self);
    }

  g_task_return_boolean (task, TRUE);
}

typedef struct
{
  PondLibraryIndex *index;
  GPtrArray *rows;
} Positions;

static void
positions_free (Positions *positions)
{
  g_ptr_array_unref (positions->rows);
  g_free (positions);
}

static void
write_positions_in_thread (GTask        *job,
                           gpointer      source_object,
                           gpointer      task_data,
                           GCancellable *cancellable)
{
  Positions *positions = task_data;
  g_autoptr (GError) error = NULL;

  /* Nobody can do anything about it, and nothing is lost that matters much. */
  if (!pond_library_index_write_positions (positions->index, positions->rows, &error))
    g_message ("Positions are not saved: %s", error->message);

  g_task_return_boolean (job, TRUE);
}

static void
close_in_thread (GTask        *job,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  pond_library_index_free (task_data);
  g_task_return_boolean (job, TRUE);
}

static void
on_flush_timeout (gpointer data)
{
  PondLibrary *self = data;

  self->flush_source = 0;
  pond_library_flush (self);
}

static void
touch (PondLibrary      *self,
       PondLibraryEntry *entry)
{
  pond_library_list_touch (self->list, entry);
  if (self->flush_source == 0)
    self->flush_source = g_timeout_add_seconds_once (FLUSH_SECONDS, on_flush_timeout, self);
}

static void
pond_library_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  PondLibrary *self = POND_LIBRARY (object);

  switch (prop_id)
    {
    case PROP_FOLDER:
      g_value_set_object (value, self->folder);
      break;
    case PROP_REBUILT:
      g_value_set_boolean (value, self->rebuilt);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_library_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  PondLibrary *self = POND_LIBRARY (object);

  switch (prop_id)
    {
    case PROP_FOLDER:
      self->folder = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_library_constructed (GObject *object)
{
  PondLibrary *self = POND_LIBRARY (object);

  G_OBJECT_CLASS (pond_library_parent_class)->constructed (object);

  self->index = pond_library_index_new (g_file_peek_path (self->folder));
  self->worker = pond_worker_new ("library");
  self->list = pond_library_list_new (self->folder);
  g_signal_connect_object (self->list,
                           "items-changed",
                           G_CALLBACK (g_list_model_items_changed),
                           self,
                           G_CONNECT_SWAPPED);
}

static void
pond_library_dispose (GObject *object)
{
  PondLibrary *self = POND_LIBRARY (object);

  g_cancellable_cancel (self->background);
  pond_library_flush (self);
  g_clear_fd (&self->lock, NULL);

  G_OBJECT_CLASS (pond_library_parent_class)->dispose (object);
}

static void
pond_library_finalize (GObject *object)
{
  PondLibrary *self = POND_LIBRARY (object);
  GTask *job = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_source_tag (job, pond_library_finalize);
  g_task_set_task_data (job, self->index, NULL);
  pond_worker_run (self->worker, job, close_in_thread);

  g_clear_object (&self->worker);
  g_clear_object (&self->folder);
  g_clear_object (&self->background);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (pond_library_parent_class)->finalize (object);
}

static void
pond_library_class_init (PondLibraryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pond_library_get_property;
  object_class->set_property = pond_library_set_property;
  object_class->constructed = pond_library_constructed;
  object_class->dispose = pond_library_dispose;
  object_class->finalize = pond_library_finalize;

  properties[PROP_FOLDER] =
    g_param_spec_object ("folder",
                         NULL,
                         NULL,
                         G_TYPE_FILE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_REBUILT] =
    g_param_spec_boolean ("rebuilt",
                          NULL,
                          NULL,
                          FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pond_library_init (PondLibrary *self)
{
  self->lock = -1;
  self->background = g_cancellable_new ();
}

PondLibrary *
pond_library_new (GFile *folder)
{
  g_return_val_if_fail (G_IS_FILE (folder), NULL);

  return g_object_new (POND_TYPE_LIBRARY, "folder", folder, NULL);
}

GFile *
pond_library_choose_folder (const char *setting)
{
  const char *chosen = g_getenv ("MILLPOND_LIBRARY");
  const char *videos = g_get_user_special_dir (G_USER_DIRECTORY_VIDEOS);

  if (chosen == NULL || *chosen == '\0')
    chosen = setting;
  if (chosen != NULL && *chosen != '\0')
    return g_file_new_for_path (chosen);

  return g_file_new_build_filename (videos != NULL ? videos : g_get_home_dir (), "Millpond", NULL);
}

void
pond_library_open_async (PondLibrary         *self,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (POND_IS_LIBRARY (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_library_open_async);

  if (g_file_peek_path (self->folder) == NULL)
    {
      g_autofree char *uri = g_file_get_uri (self->folder);

      g_task_return_new_error (task,
                               POND_LIBRARY_ERROR,
                               POND_LIBRARY_ERROR_UNAVAILABLE,
                               _("The library folder “%s” is not on a disk of this computer, so "
                                 "that no video can be saved there. Choose another folder."),
                               uri);
      return;
    }

  start_job (self, g_steal_pointer (&task), open_in_thread, on_open_ready);
}

gboolean
pond_library_open_finish (PondLibrary   *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

GFile *
pond_library_get_folder (PondLibrary *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY (self), NULL);

  return self->folder;
}

gboolean
pond_library_get_rebuilt (PondLibrary *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY (self), FALSE);

  return self->rebuilt;
}

PondLibraryEntry *
pond_library_find (PondLibrary *self,
                   const char  *uid,
                   const char  *type)
{
  g_return_val_if_fail (POND_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (uid != NULL && type != NULL, NULL);

  return pond_library_list_find (self->list, uid, type);
}

gboolean
pond_library_acquire (PondLibrary *self)
{
  g_autofree char *path = NULL;
  g_autofd int fd = -1;

  g_return_val_if_fail (POND_IS_LIBRARY (self), FALSE);
  g_return_val_if_fail (self->is_open, FALSE);

  if (self->lock >= 0)
    return TRUE;

  path = g_build_filename (g_file_peek_path (self->folder), ".millpond", "lock", NULL);
  fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return FALSE;

  if (flock (fd, LOCK_EX | LOCK_NB) != 0 && errno != ENOLCK && errno != EOPNOTSUPP &&
      errno != ENOSYS)
    return FALSE;

  self->lock = g_steal_fd (&fd);
  return TRUE;
}

GFile *
pond_library_get_part (PondLibrary *self,
                       const char  *uid,
                       const char  *type)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (POND_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (uid != NULL && pond_file_name_is_uid (uid), NULL);
  g_return_val_if_fail (type != NULL && pond_library_type_to_suffix (type) != NULL, NULL);

  name = g_strconcat (uid, pond_library_type_to_suffix (type), ".part", NULL);
  return g_file_new_build_filename (g_file_peek_path (self->folder),
                                    ".millpond",
                                    "parts",
                                    name,
                                    NULL);
}

GFile *
pond_library_get_poster (PondLibrary *self,
                         const char  *uid)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (POND_IS_LIBRARY (self), NULL);
  g_return_val_if_fail (uid != NULL && pond_file_name_is_uid (uid), NULL);

  name = g_strconcat (uid, ".jpg", NULL);
  return g_file_new_build_filename (g_file_peek_path (self->folder),
                                    ".millpond",
                                    "posters",
                                    name,
                                    NULL);
}

PondWorker *
pond_library_get_worker (PondLibrary *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY (self), NULL);

  return self->worker;
}

PondDatabase *
pond_library_get_database (PondLibrary *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY (self), NULL);
  g_assert (pond_worker_is_current (self->worker));

  return pond_library_index_get_database (self->index);
}

typedef struct
{
  char *part;
  gint64 duration;
  PondLibraryRow *row; /* given away when it was saved */
} Save;

static void
save_free (Save *save)
{
  g_free (save->part);
  g_clear_pointer (&save->row, pond_library_row_free);
  g_free (save);
}

static void
save_in_thread (GTask        *job,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  PondLibraryIndex *index = POND_LIBRARY (source_object)->index;
  Save *save = task_data;
  GError *error = NULL;

  if (pond_library_index_save (index, save->part, save->duration, save->row, cancellable, &error))
    g_task_return_boolean (job, TRUE);
  else
    g_task_return_error (job, error);
}

static void
on_save_ready (GObject      *source_object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  PondLibrary *self = POND_LIBRARY (source_object);
  Save *save = g_task_get_task_data (task);
  PondLibraryEntry *entry;
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, error);
      return;
    }

  entry = pond_library_list_put_first (self->list, g_steal_pointer (&save->row));
  g_task_return_pointer (task, g_object_ref (entry), g_object_unref);
}

void
pond_library_save_async (PondLibrary          *self,
                         GFile                *part,
                         const PondSavedVideo *video,
                         GCancellable         *cancellable,
                         GAsyncReadyCallback   callback,
                         gpointer              user_data)
{
  g_autoptr (GTask) task = NULL;
  Save *save;

  g_return_if_fail (POND_IS_LIBRARY (self));
  g_return_if_fail (self->is_open);
  g_return_if_fail (G_IS_FILE (part) && g_file_peek_path (part) != NULL);
  g_return_if_fail (video != NULL && video->title != NULL);
  g_return_if_fail (video->uid != NULL && pond_file_name_is_uid (video->uid));
  g_return_if_fail (video->type != NULL && pond_library_type_to_suffix (video->type) != NULL);

  save = g_new0 (Save, 1);
  save->part = g_file_get_path (part);
  save->duration = video->duration;
  save->row = pond_library_row_new (video->uid, video->type, video->title);
  save->row->creator = video->creator != NULL ? g_utf8_make_valid (video->creator, -1) : NULL;
  save->row->account = g_strdup (video->account);
  save->row->private = video->private;
  save->row->created = MAX (video->created, 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_library_save_async);
  g_task_set_task_data (task, save, (GDestroyNotify) save_free);
  start_job (self, g_steal_pointer (&task), save_in_thread, on_save_ready);
}

PondLibraryEntry *
pond_library_save_finish (PondLibrary   *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  PondLibraryRow *row;
  char *language;
  GBytes *vtt;
} Captions;

static void
captions_free (Captions *captions)
{
  pond_library_row_free (captions->row);
  g_free (captions->language);
  g_bytes_unref (captions->vtt);
  g_free (captions);
}

static void
save_captions_in_thread (GTask        *job,
                         gpointer      source_object,
                         gpointer      task_data,
                         GCancellable *cancellable)
{
  PondLibraryIndex *index = POND_LIBRARY (source_object)->index;
  Captions *captions = task_data;
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (job))
    return;

  if (pond_library_index_save_captions (index,
                                        captions->row,
                                        captions->language,
                                        captions->vtt,
                                        &error))
    g_task_return_boolean (job, TRUE);
  else
    g_task_return_error (job, error);
}

static void
on_job_ready (GObject      *source_object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
pond_library_save_captions_async (PondLibrary         *self,
                                  PondLibraryEntry    *entry,
                                  const char          *language,
                                  GBytes              *vtt,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Captions *captions;

  g_return_if_fail (POND_IS_LIBRARY (self));
  g_return_if_fail (self->is_open);
  g_return_if_fail (POND_IS_LIBRARY_ENTRY (entry));
  g_return_if_fail (language != NULL);
  g_return_if_fail (vtt != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_library_save_captions_async);

  if (!pond_file_name_is_language (language))
    {
      g_task_return_new_error (task,
                               POND_LIBRARY_ERROR,
                               POND_LIBRARY_ERROR_FAILED,
                               _("Captions were left out: their language is not known."));
      return;
    }

  captions = g_new0 (Captions, 1);
  captions->row = pond_library_row_copy (pond_library_entry_get_row (entry));
  captions->language = g_strdup (language);
  captions->vtt = g_bytes_ref (vtt);
  g_task_set_task_data (task, captions, (GDestroyNotify) captions_free);
  start_job (self, g_steal_pointer (&task), save_captions_in_thread, on_job_ready);
}

gboolean
pond_library_save_captions_finish (PondLibrary   *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pond_library_set_position (PondLibrary      *self,
                           PondLibraryEntry *entry,
                           gint64            position)
{
  g_return_if_fail (POND_IS_LIBRARY (self));
  g_return_if_fail (self->is_open);
  g_return_if_fail (POND_IS_LIBRARY_ENTRY (entry));
  g_return_if_fail (position >= 0);

  if (pond_library_entry_get_position (entry) == position)
    return;

  pond_library_entry_set_position (entry, position);
  if (pond_library_entry_get_progress (entry) >= WATCHED_SHARE)
    pond_library_entry_set_watched (entry, TRUE);
  touch (self, entry);
}

void
pond_library_set_watched (PondLibrary      *self,
                          PondLibraryEntry *entry,
                          gboolean          watched)
{
  g_return_if_fail (POND_IS_LIBRARY (self));
  g_return_if_fail (self->is_open);
  g_return_if_fail (POND_IS_LIBRARY_ENTRY (entry));

  if (pond_library_entry_get_watched (entry) == !!watched)
    return;

  pond_library_entry_set_watched (entry, !!watched);
  touch (self, entry);
}

void
pond_library_flush (PondLibrary *self)
{
  g_autoptr (GTask) job = NULL;
  Positions *positions;
  GPtrArray *rows;

  g_return_if_fail (POND_IS_LIBRARY (self));

  g_clear_handle_id (&self->flush_source, g_source_remove);
  rows = pond_library_list_take_unwritten (self->list);
  if (rows == NULL)
    return;

  positions = g_new0 (Positions, 1);
  positions->index = self->index;
  positions->rows = rows;

  /* Not of the library, which may be on its way out; its last job is to close the index. */
  job = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_source_tag (job, pond_library_flush);
  g_task_set_task_data (job, positions, (GDestroyNotify) positions_free);
  pond_worker_run (self->worker, g_steal_pointer (&job), write_positions_in_thread);
}

typedef struct
{
  PondLibraryRow *row;
  gboolean keep_file;
  gboolean is_last;
} Removal;

static void
removal_free (Removal *removal)
{
  pond_library_row_free (removal->row);
  g_free (removal);
}

static void
remove_in_thread (GTask        *job,
                  gpointer      source_object,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  PondLibraryIndex *index = POND_LIBRARY (source_object)->index;
  Removal *removal = task_data;
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (job))
    return;

  if (pond_library_index_remove (index,
                                 removal->row,
                                 removal->keep_file,
                                 removal->is_last,
                                 &error))
    g_task_return_boolean (job, TRUE);
  else
    g_task_return_error (job, error);
}

static void
on_remove_ready (GObject      *source_object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  PondLibrary *self = POND_LIBRARY (source_object);
  Removal *removal = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, error);
      return;
    }

  pond_library_list_remove (self->list, removal->row);
  g_task_return_boolean (task, TRUE);
}

void
pond_library_remove_async (PondLibrary         *self,
                           PondLibraryEntry    *entry,
                           gboolean             keep_file,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Removal *removal;
  const char *other_type;

  g_return_if_fail (POND_IS_LIBRARY (self));
  g_return_if_fail (self->is_open);
  g_return_if_fail (POND_IS_LIBRARY_ENTRY (entry));

  removal = g_new0 (Removal, 1);
  removal->row = pond_library_row_copy (pond_library_entry_get_row (entry));
  removal->keep_file = keep_file;
  other_type = g_str_equal (removal->row->type, "audio") ? "default" : "audio";
  removal->is_last = pond_library_find (self, removal->row->uid, other_type) == NULL;

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_library_remove_async);
  g_task_set_task_data (task, removal, (GDestroyNotify) removal_free);
  start_job (self, g_steal_pointer (&task), remove_in_thread, on_remove_ready);
}

gboolean
pond_library_remove_finish (PondLibrary   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

typedef struct
{
  GPtrArray *entries; /* of PondLibraryEntry */
  GPtrArray *rows;    /* of PondLibraryRow: theirs, for the worker */
  GPtrArray *results; /* of static strings */
} Verify;

static void
verify_free (Verify *verify)
{
  g_ptr_array_unref (verify->entries);
  g_ptr_array_unref (verify->rows);
  g_ptr_array_unref (verify->results);
  g_free (verify);
}

static void
verification_free (PondVerification *verification)
{
  g_object_unref (verification->entry);
  g_free (verification);
}

static void
verify_in_thread (GTask        *job,
                  gpointer      source_object,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  PondLibraryIndex *index = POND_LIBRARY (source_object)->index;
  Verify *verify = task_data;

  for (guint i = 0; i < verify->rows->len; i++)
    {
      GError *error = NULL;
      const char *result;

      if (g_task_return_error_if_cancelled (job))
        return;

      result = pond_library_index_verify (index,
                                          g_ptr_array_index (verify->rows, i),
                                          cancellable,
                                          &error);
      if (result == NULL)
        {
          g_task_return_error (job, error);
          return;
        }
      g_ptr_array_add (verify->results, (gpointer) result);
    }

  g_task_return_boolean (job, TRUE);
}

static void
on_verify_ready (GObject      *source_object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Verify *verify = g_task_get_task_data (task);
  g_autoptr (GPtrArray) found = NULL;
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, error);
      return;
    }

  found = g_ptr_array_new_with_free_func ((GDestroyNotify) verification_free);
  for (guint i = 0; i < verify->entries->len; i++)
    {
      const PondLibraryRow *row = g_ptr_array_index (verify->rows, i);
      PondVerification *verification = g_new0 (PondVerification, 1);

      verification->entry = g_object_ref (g_ptr_array_index (verify->entries, i));
      verification->result = g_ptr_array_index (verify->results, i);
      pond_library_entry_set_status (verification->entry, row->status);
      g_ptr_array_add (found, verification);
    }

  g_task_return_pointer (task, g_steal_pointer (&found), (GDestroyNotify) g_ptr_array_unref);
}

void
pond_library_verify_async (PondLibrary         *self,
                           GPtrArray           *entries,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Verify *verify;
  guint n_entries;

  g_return_if_fail (POND_IS_LIBRARY (self));
  g_return_if_fail (self->is_open);

  verify = g_new0 (Verify, 1);
  verify->entries = g_ptr_array_new_with_free_func (g_object_unref);
  verify->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_library_row_free);
  verify->results = g_ptr_array_new ();
  n_entries = entries != NULL ? entries->len : g_list_model_get_n_items (G_LIST_MODEL (self));
  for (guint i = 0; i < n_entries; i++)
    {
      PondLibraryEntry *entry = entries != NULL
                                    ? g_object_ref (g_ptr_array_index (entries, i))
                                    : g_list_model_get_item (G_LIST_MODEL (self), i);

      g_ptr_array_add (verify->entries, entry);
      g_ptr_array_add (verify->rows, pond_library_row_copy (pond_library_entry_get_row (entry)));
    }

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_library_verify_async);
  g_task_set_task_data (task, verify, (GDestroyNotify) verify_free);
  start_job (self, g_steal_pointer (&task), verify_in_thread, on_verify_ready);
}

GPtrArray *
pond_library_verify_finish (PondLibrary   *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
refresh_in_thread (GTask        *job,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  PondLibraryIndex *index = POND_LIBRARY (source_object)->index;
  g_autoptr (Load) load = g_new0 (Load, 1);
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (job))
    return;

  if (pond_library_index_is_stale (index))
    {
      load->rows = pond_library_index_load (index, &error);
      if (load->rows == NULL)
        {
          g_task_return_error (job, error);
          return;
        }
    }

  g_task_return_pointer (job, g_steal_pointer (&load), (GDestroyNotify) load_free);
}

static void
on_refresh_ready (GObject      *source_object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  PondLibrary *self = POND_LIBRARY (source_object);
  const guint64 *stamp = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (Load) load = g_task_propagate_pointer (G_TASK (result), &error);

  if (load == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (load->rows != NULL)
    pond_library_list_apply (self->list, load->rows, *stamp);
  g_task_return_boolean (task, TRUE);
}

void
pond_library_refresh_async (PondLibrary         *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  guint64 stamp;

  g_return_if_fail (POND_IS_LIBRARY (self));
  g_return_if_fail (self->is_open);

  /* So that what is read holds all that was set until now. */
  pond_library_flush (self);
  stamp = pond_library_list_get_stamp (self->list);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_library_refresh_async);
  g_task_set_task_data (task, g_memdup2 (&stamp, sizeof stamp), g_free);
  start_job (self, g_steal_pointer (&task), refresh_in_thread, on_refresh_ready);
}

gboolean
pond_library_refresh_finish (PondLibrary   *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
