/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-library"

#include "config.h"

#include "library/pond-library-index.h"

#include "library/pond-file-name.h"
#include "library/pond-library-folder.h"
#include "library/pond-library-schema.h"
#include "library/pond-library.h"
#include "library/pond-mp4.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

/* FAT keeps times to two seconds, and so may a file that went by such a disk. */
#define MTIME_TOLERANCE_NS (2 * G_GINT64_CONSTANT (1000000000))

/* A file's own duration and the API's differ by rounding and by the length of the last frame. */
#define DURATION_TOLERANCE_MS 1000
#define DURATION_TOLERANCE_SHARE 100

#define COLUMNS \
  "id, uid, type, title, creator, account, private, path, bytes, mtime, duration, width, height, " \
  "created, saved_at, position, watched, status"

/* The parameters that bind_row() sets. */
#define INSERT_COLUMNS \
  "uid, type, title, creator, account, private, path, bytes, mtime, duration, width, height, " \
  "created, saved_at"
#define INSERT_VALUES "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14"

struct _PondLibraryIndex
{
  char *folder;
  PondDatabase *database; /* NULL until it is open */
  gint64 seen_version;
};

static const char *const status_names[] = {
  [POND_ENTRY_PRESENT] = "present",
  [POND_ENTRY_MISSING] = "missing",
  [POND_ENTRY_CHANGED] = "changed",
};

PondLibraryIndex *
pond_library_index_new (const char *folder)
{
  PondLibraryIndex *self = g_new0 (PondLibraryIndex, 1);

  self->folder = g_strdup (folder);

  return self;
}

void
pond_library_index_free (PondLibraryIndex *self)
{
  g_clear_pointer (&self->database, pond_database_close);
  g_free (self->folder);
  g_free (self);
}

/* Turns a PondDatabaseError into a PondLibraryError. @local_error is taken over. */
static gboolean
fail (PondLibraryIndex  *self,
      GError            *local_error,
      GError           **error)
{
  g_autofree char *display_name = g_filename_display_name (self->folder);

  if (g_error_matches (local_error, POND_DATABASE_ERROR, POND_DATABASE_ERROR_NEWER))
    g_set_error (error,
                 POND_LIBRARY_ERROR,
                 POND_LIBRARY_ERROR_FAILED,
                 _("The library folder “%s” was last used by a newer Millpond, which this one does "
                   "not understand. Nothing in it was touched. Update Millpond or choose another "
                   "folder."),
                 display_name);
  else if (g_error_matches (local_error, POND_DATABASE_ERROR, POND_DATABASE_ERROR_FULL))
    g_set_error (error,
                 POND_LIBRARY_ERROR,
                 POND_LIBRARY_ERROR_DISK_FULL,
                 _("The disk of the library folder “%s” is full. Saved videos stay as they are, but "
                   "no more fit. Free some space and try again."),
                 display_name);
  else if (g_error_matches (local_error, POND_DATABASE_ERROR, POND_DATABASE_ERROR_BUSY))
    g_set_error (error,
                 POND_LIBRARY_ERROR,
                 POND_LIBRARY_ERROR_FAILED,
                 _("Another program is busy with the library folder “%s”. Nothing in it was "
                   "changed. Try again in a moment."),
                 display_name);
  else
    /* Translators: the folder, and what the database says in English. */
    g_set_error (error,
                 POND_LIBRARY_ERROR,
                 POND_LIBRARY_ERROR_FAILED,
                 _("The index of the library folder “%s” can’t be used: %s. The videos in the "
                   "folder are not touched. Start Millpond again to have it checked."),
                 display_name,
                 local_error->message);

  g_error_free (local_error);
  return FALSE;
}

static char *
resolve (PondLibraryIndex *self,
         const char       *path)
{
  return g_build_filename (self->folder, path, NULL);
}

static char *
copy_text (PondStatement *statement,
           int            column)
{
  const char *text = pond_statement_get_text (statement, column);

  return text != NULL ? g_utf8_make_valid (text, -1) : NULL;
}

static PondEntryStatus
parse_status (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (status_names); i++)
    {
      if (g_strcmp0 (name, status_names[i]) == 0)
        return i;
    }

  return POND_ENTRY_PRESENT;
}

/* A row of COLUMNS. */
static PondLibraryRow *
read_row (PondStatement *statement)
{
  PondLibraryRow *row = g_new0 (PondLibraryRow, 1);

  row->id = pond_statement_get_int (statement, 0);
  row->uid = copy_text (statement, 1);
  row->type = copy_text (statement, 2);
  row->title = copy_text (statement, 3);
  row->creator = copy_text (statement, 4);
  row->account = copy_text (statement, 5);
  row->private = pond_statement_get_int (statement, 6) != 0;
  row->path = g_strdup (pond_statement_get_text (statement, 7));
  row->bytes = MAX (pond_statement_get_int (statement, 8), 0);
  row->mtime = pond_statement_get_int (statement, 9);
  row->duration = MAX (pond_statement_get_int (statement, 10), -1);
  row->width = CLAMP (pond_statement_get_int (statement, 11), 0, G_MAXINT);
  row->height = CLAMP (pond_statement_get_int (statement, 12), 0, G_MAXINT);
  row->created = MAX (pond_statement_get_int (statement, 13), 0);
  row->saved_at = MAX (pond_statement_get_int (statement, 14), 0);
  row->position = MAX (pond_statement_get_int (statement, 15), 0);
  row->watched = pond_statement_get_int (statement, 16) != 0;
  row->status = parse_status (pond_statement_get_text (statement, 17));

  return row;
}

static void
bind_row (PondStatement        *statement,
          const PondLibraryRow *row)
{
  pond_statement_bind_text (statement, 1, row->uid);
  pond_statement_bind_text (statement, 2, row->type);
  pond_statement_bind_text (statement, 3, row->title);
  pond_statement_bind_text (statement, 4, row->creator);
  pond_statement_bind_text (statement, 5, row->account);
  pond_statement_bind_int (statement, 6, row->private);
  pond_statement_bind_text (statement, 7, row->path);
  pond_statement_bind_int (statement, 8, row->bytes);
  pond_statement_bind_int (statement, 9, row->mtime);
  pond_statement_bind_int (statement, 10, row->duration);
  pond_statement_bind_int (statement, 11, row->width);
  pond_statement_bind_int (statement, 12, row->height);
  pond_statement_bind_int (statement, 13, row->created);
  pond_statement_bind_int (statement, 14, row->saved_at);
}

/* Runs one statement about a video. */
static gboolean
run_about (PondLibraryIndex  *self,
           const char        *sql,
           const char        *uid,
           const char        *type,
           GError           **error)
{
  g_autoptr (PondStatement) statement = pond_database_prepare (self->database, sql, error);

  if (statement == NULL)
    return FALSE;

  pond_statement_bind_text (statement, 1, uid);
  pond_statement_bind_text (statement, 2, type);
  return pond_statement_run (statement, error);
}

static GPtrArray *
load_rows (PondLibraryIndex  *self,
           GError           **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_library_row_free);
  g_autoptr (PondStatement) statement = NULL;
  gboolean more;

  /* Before the rows, so that a commit between the two is seen next time. */
  self->seen_version = pond_database_get_data_version (self->database);

  statement = pond_database_prepare (self->database,
                                     "SELECT " COLUMNS " FROM video ORDER BY saved_at DESC, id DESC",
                                     error);
  if (statement == NULL)
    return NULL;

  while (pond_statement_step (statement, &more, error))
    {
      g_autoptr (PondLibraryRow) row = NULL;

      if (!more)
        return g_steal_pointer (&rows);

      row = read_row (statement);
      if (pond_library_row_is_sound (row))
        g_ptr_array_add (rows, g_steal_pointer (&row));
      else
        g_debug ("Row %" G_GINT64_FORMAT " of the index is left out", row->id);
    }

  return NULL;
}

GPtrArray *
pond_library_index_load (PondLibraryIndex  *self,
                         GError           **error)
{
  GError *local_error = NULL;
  GPtrArray *rows = load_rows (self, &local_error);

  if (rows == NULL)
    fail (self, local_error, error);

  return rows;
}

gboolean
pond_library_index_is_stale (PondLibraryIndex *self)
{
  gint64 version = pond_database_get_data_version (self->database);

  return version < 0 || version != self->seen_version;
}

/* What one look through the folder has come upon. */
typedef struct
{
  PondLibraryIndex *self;
  GHashTable *known; /* key -> row, unowned */
  GHashTable *moved; /* key -> path, of known videos that lie elsewhere too */
  GHashTable *added; /* keys of what is in rows */
  GPtrArray *rows;   /* what the index lacks */
  GCancellable *cancellable;
} Survey;

static PondLibraryRow *
row_from_file (PondLibraryIndex *self,
               const char       *path,
               const char       *uid,
               const char       *type,
               GCancellable     *cancellable)
{
  g_autofree char *full_path = resolve (self, path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *title = NULL;
  g_autoptr (PondLibraryRow) row = NULL;
  g_autoptr (GError) local_error = NULL;
  PondMp4Info info;

  if (!pond_mp4_check (full_path, &info, cancellable, &local_error))
    {
      g_debug ("A file in the library is left out: %s", local_error->message);
      return NULL;
    }

  pond_file_name_parse (name, &title, NULL, NULL);
  row = pond_library_row_new (uid, type, title);
  row->path = g_strdup (path);
  row->duration = info.duration;
  row->width = info.width;
  row->height = info.height;
  if (!pond_library_folder_look (full_path, &row->bytes, &row->mtime))
    return NULL;
  row->saved_at = MAX (row->mtime / 1000000000, 0);

  return g_steal_pointer (&row);
}

static void
on_found (const char *path,
          const char *uid,
          const char *type,
          gpointer    data)
{
  Survey *survey = data;
  g_autofree char *key = pond_library_make_key (uid, type);
  const PondLibraryRow *known = g_hash_table_lookup (survey->known, key);
  PondLibraryRow *row;

  if (known != NULL)
    {
      if (!g_str_equal (known->path, path))
        g_hash_table_insert (survey->moved, g_steal_pointer (&key), g_strdup (path));
      return;
    }

  if (g_hash_table_contains (survey->added, key))
    return;

  row = row_from_file (survey->self, path, uid, type, survey->cancellable);
  if (row == NULL)
    return;

  g_hash_table_add (survey->added, g_steal_pointer (&key));
  g_ptr_array_add (survey->rows, row);
}

/* Sees to it that @row tells of its file as it is. Returns whether it did not. */
static gboolean
update_from_file (Survey         *survey,
                  PondLibraryRow *row)
{
  g_autofree char *path = resolve (survey->self, row->path);
  g_autofree char *key = pond_library_make_key (row->uid, row->type);
  const char *elsewhere = g_hash_table_lookup (survey->moved, key);
  PondEntryStatus status = POND_ENTRY_PRESENT;
  gboolean has_moved = FALSE;
  gint64 bytes, mtime;

  if (!pond_library_folder_look (path, &bytes, &mtime))
    {
      g_autofree char *new_path = elsewhere != NULL ? resolve (survey->self, elsewhere) : NULL;

      has_moved = new_path != NULL && pond_library_folder_look (new_path, &bytes, &mtime);
      if (has_moved)
        g_set_str (&row->path, elsewhere);
      else
        status = POND_ENTRY_MISSING;
    }

  if (status == POND_ENTRY_PRESENT && bytes != row->bytes)
    status = POND_ENTRY_CHANGED;
  if (status == row->status && !has_moved)
    return FALSE;

  row->status = status;
  return TRUE;
}

static gboolean
insert_found (PondLibraryIndex  *self,
              GPtrArray         *rows,
              GError           **error)
{
  g_autoptr (PondStatement) statement = NULL;

  /* Another process may have been first, or may have been told to ignore it. */
  statement = pond_database_prepare (self->database,
                                     "INSERT INTO video (" INSERT_COLUMNS ")"
                                     "  SELECT " INSERT_VALUES
                                     "  WHERE NOT EXISTS"
                                     "    (SELECT 1 FROM ignored WHERE uid = ?1 AND type = ?2)"
                                     "  ON CONFLICT DO NOTHING",
                                     error);
  if (statement == NULL)
    return FALSE;

  for (guint i = 0; i < rows->len; i++)
    {
      bind_row (statement, g_ptr_array_index (rows, i));
      if (!pond_statement_run (statement, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_changed (PondLibraryIndex  *self,
               GPtrArray         *rows,
               GError           **error)
{
  g_autoptr (PondStatement) statement = NULL;

  statement = pond_database_prepare (self->database,
                                     "UPDATE video SET path = ?1, status = ?2 WHERE id = ?3",
                                     error);
  if (statement == NULL)
    return FALSE;

  for (guint i = 0; i < rows->len; i++)
    {
      const PondLibraryRow *row = g_ptr_array_index (rows, i);

      pond_statement_bind_text (statement, 1, row->path);
      pond_statement_bind_text (statement, 2, status_names[row->status]);
      pond_statement_bind_int (statement, 3, row->id);
      if (!pond_statement_run (statement, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_survey (PondLibraryIndex  *self,
              GPtrArray         *added,
              GPtrArray         *updated,
              GError           **error)
{
  if (!pond_database_begin (self->database, error))
    return FALSE;

  if (!insert_found (self, added, error) || !write_changed (self, updated, error))
    {
      pond_database_rollback (self->database);
      return FALSE;
    }

  return pond_database_commit (self->database, error);
}

/* Keys of the files that the person kept out of the library: each is in @known as itself. */
static gboolean
add_ignored (PondLibraryIndex  *self,
             GHashTable        *known,
             GPtrArray         *rows,
             GError           **error)
{
  g_autoptr (PondStatement) statement = NULL;
  gboolean more;

  statement = pond_database_prepare (self->database, "SELECT uid, type FROM ignored", error);
  if (statement == NULL)
    return FALSE;

  while (pond_statement_step (statement, &more, error))
    {
      g_autofree char *uid = NULL;
      g_autofree char *type = NULL;
      PondLibraryRow *row;

      if (!more)
        return TRUE;

      uid = copy_text (statement, 0);
      type = copy_text (statement, 1);
      if (uid == NULL || type == NULL)
        continue;

      row = pond_library_row_new (uid, type, "");
      row->path = g_strdup ("");
      g_ptr_array_add (rows, row);
      g_hash_table_insert (known, pond_library_make_key (uid, type), row);
    }

  return FALSE;
}

/* Adds what the folder has and the index lacks; when @thorough, looks into subfolders, and at what
 * the index has. */
static gboolean
survey_folder (PondLibraryIndex  *self,
               gboolean           thorough,
               gboolean          *changed,
               GCancellable      *cancellable,
               GError           **error)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) moved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) added = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_library_row_free);
  g_autoptr (GPtrArray) ignored = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_library_row_free);
  g_autoptr (GPtrArray) updated = g_ptr_array_new ();
  g_autoptr (GPtrArray) rows = load_rows (self, error);
  Survey survey = { self, known, moved, added, found, cancellable };

  if (rows == NULL || !add_ignored (self, known, ignored, error))
    return FALSE;

  for (guint i = 0; i < rows->len; i++)
    {
      PondLibraryRow *row = g_ptr_array_index (rows, i);

      g_hash_table_insert (known, pond_library_make_key (row->uid, row->type), row);
    }

  pond_library_folder_scan (self->folder, thorough, on_found, &survey, cancellable);

  for (guint i = 0; thorough && i < rows->len; i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (update_from_file (&survey, g_ptr_array_index (rows, i)))
        g_ptr_array_add (updated, g_ptr_array_index (rows, i));
    }

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  *changed = found->len > 0 || updated->len > 0;
  return !*changed || write_survey (self, found, updated, error);
}

/* Only SQLite's own files are opened as such: a link from a USB stick could lead anywhere. */
static PondDatabase *
open_database (const char  *path,
               GError     **error)
{
  struct stat status;

  if (g_lstat (path, &status) == 0 && !S_ISREG (status.st_mode))
    {
      g_set_error_literal (error,
                           POND_DATABASE_ERROR,
                           POND_DATABASE_ERROR_UNREADABLE,
                           "The index is not a regular file");
      return NULL;
    }

  return pond_database_open (path, pond_library_migrations, POND_LIBRARY_SCHEMA_VERSION, error);
}

static gboolean
open_and_survey (PondLibraryIndex  *self,
                 const char        *path,
                 gboolean           thorough,
                 GCancellable      *cancellable,
                 GError           **error)
{
  gboolean changed;

  self->database = open_database (path, error);
  if (self->database == NULL)
    return FALSE;
  if (survey_folder (self, thorough, &changed, cancellable, error))
    return TRUE;

  g_clear_pointer (&self->database, pond_database_close);
  return FALSE;
}

gboolean
pond_library_index_open (PondLibraryIndex  *self,
                         gboolean          *rebuilt,
                         GCancellable      *cancellable,
                         GError           **error)
{
  g_autofree char *path = resolve (self, ".millpond/library.db");
  g_autofd int hold = -1;
  GError *local_error = NULL;

  g_assert (self->database == NULL);

  *rebuilt = FALSE;
  if (!pond_library_folder_prepare (self->folder, error))
    return FALSE;

  /* So that two processes do not both set aside, one of them what the other has just made. */
  hold = pond_library_folder_hold (self->folder);

  if (open_and_survey (self, path, FALSE, cancellable, &local_error))
    return TRUE;

  if (g_error_matches (local_error, POND_DATABASE_ERROR, POND_DATABASE_ERROR_UNREADABLE))
    {
      g_message ("The index is set aside and made again: %s", local_error->message);
      g_clear_error (&local_error);
      if (!pond_library_folder_set_aside (path, error))
        return FALSE;

      *rebuilt = TRUE;
      if (open_and_survey (self, path, TRUE, cancellable, &local_error))
        return TRUE;
    }

  if (local_error->domain != POND_DATABASE_ERROR)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }

  return fail (self, local_error, error);
}

gboolean
pond_library_index_is_open (PondLibraryIndex *self)
{
  return self->database != NULL;
}

PondDatabase *
pond_library_index_get_database (PondLibraryIndex *self)
{
  return self->database;
}

gboolean
pond_library_index_reconcile (PondLibraryIndex  *self,
                              gboolean          *changed,
                              GCancellable      *cancellable,
                              GError           **error)
{
  GError *local_error = NULL;

  if (survey_folder (self, TRUE, changed, cancellable, &local_error))
    return TRUE;

  if (local_error->domain != POND_DATABASE_ERROR)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }

  return fail (self, local_error, error);
}

static gboolean
fail_corrupt (GError     **error,
              const char  *reason)
{
  /* Translators: what is wrong with a file. */
  g_set_error (error,
               POND_LIBRARY_ERROR,
               POND_LIBRARY_ERROR_CORRUPT,
               _("The file that came is not the whole video: %s"),
               reason);
  return FALSE;
}

static gboolean
check_part (const char      *part,
            gint64           duration,
            PondLibraryRow  *row,
            GCancellable    *cancellable,
            GError         **error)
{
  gint64 tolerance = MAX (DURATION_TOLERANCE_MS, duration / DURATION_TOLERANCE_SHARE);
  gboolean is_audio = g_str_equal (row->type, "audio");
  GError *local_error = NULL;
  PondMp4Info info;

  if (!pond_mp4_check (part, &info, cancellable, &local_error))
    {
      if (local_error->domain != POND_MP4_ERROR)
        {
          g_propagate_error (error, local_error);
          return FALSE;
        }

      fail_corrupt (error, local_error->message);
      g_error_free (local_error);
      return FALSE;
    }

  /* What was uploaded without a picture has none in its MP4 either. */
  if (!info.has_audio && (is_audio || !info.has_video))
    return fail_corrupt (error, is_audio ? _("there is no sound in it")
                                         : _("there is neither picture nor sound in it"));

  if (duration > 0 && info.duration >= 0 && ABS (info.duration - duration) > tolerance)
    return fail_corrupt (error, _("it is not as long as the video is"));

  row->duration = info.duration;
  row->width = info.width;
  row->height = info.height;
  return TRUE;
}

/* The row that the index has of a video already; NULL without an error when there is none. */
static PondLibraryRow *
find_row (PondLibraryIndex  *self,
          const char        *uid,
          const char        *type,
          GError           **error)
{
  g_autoptr (PondStatement) statement = NULL;
  g_autoptr (PondLibraryRow) row = NULL;
  gboolean more;

  statement = pond_database_prepare (self->database,
                                     "SELECT " COLUMNS " FROM video WHERE uid = ?1 AND type = ?2",
                                     error);
  if (statement == NULL)
    return NULL;

  pond_statement_bind_text (statement, 1, uid);
  pond_statement_bind_text (statement, 2, type);
  if (!pond_statement_step (statement, &more, error) || !more)
    return NULL;

  row = read_row (statement);
  return pond_library_row_is_sound (row) ? g_steal_pointer (&row) : NULL;
}

/* Whether @row's file is still the one that was saved, and so ours to replace. */
static gboolean
is_as_saved (PondLibraryIndex     *self,
             const PondLibraryRow *row)
{
  g_autofree char *path = resolve (self, row->path);
  gint64 bytes, mtime;

  return pond_library_folder_look (path, &bytes, &mtime) && bytes == row->bytes &&
         ABS (mtime - row->mtime) <= MTIME_TOLERANCE_NS;
}

/* Moves @part to its place, which is that of @old when the file there is to be replaced. */
static gboolean
move_into_place (PondLibraryIndex      *self,
                 const char            *part,
                 const PondLibraryRow  *old,
                 PondLibraryRow        *row,
                 GError               **error)
{
  if (old != NULL && is_as_saved (self, old))
    {
      g_autofree char *path = resolve (self, old->path);

      g_set_str (&row->path, old->path);
      return pond_library_folder_replace (part, path, error);
    }

  g_free (row->path);
  row->path = pond_library_folder_add (self->folder,
                                       part,
                                       row->title,
                                       row->uid,
                                       pond_library_type_to_suffix (row->type),
                                       error);
  return row->path != NULL;
}

static gboolean
upsert (PondLibraryIndex  *self,
        PondLibraryRow    *row,
        GError           **error)
{
  g_autoptr (PondStatement) statement = NULL;
  gboolean more;

  statement = pond_database_prepare (self->database,
                                     "INSERT INTO video (" INSERT_COLUMNS ")"
                                     "  VALUES (" INSERT_VALUES ")"
                                     "  ON CONFLICT (uid, type) DO UPDATE SET"
                                     "    title = excluded.title,"
                                     "    creator = excluded.creator,"
                                     "    account = excluded.account,"
                                     "    private = excluded.private,"
                                     "    path = excluded.path,"
                                     "    bytes = excluded.bytes,"
                                     "    mtime = excluded.mtime,"
                                     "    duration = excluded.duration,"
                                     "    width = excluded.width,"
                                     "    height = excluded.height,"
                                     "    created = excluded.created,"
                                     "    saved_at = excluded.saved_at,"
                                     "    status = 'present'"
                                     "  RETURNING id, position, watched",
                                     error);
  if (statement == NULL)
    return FALSE;

  bind_row (statement, row);
  if (!pond_statement_step (statement, &more, error))
    return FALSE;

  g_assert (more);
  row->id = pond_statement_get_int (statement, 0);
  row->position = MAX (pond_statement_get_int (statement, 1), 0);
  row->watched = pond_statement_get_int (statement, 2) != 0;
  return pond_statement_run (statement, error);
}

static gboolean
mark_download_saved (PondLibraryIndex      *self,
                     const PondLibraryRow  *row,
                     GError               **error)
{
  g_autoptr (PondStatement) statement = NULL;

  statement = pond_database_prepare (self->database,
                                     "UPDATE download SET state = 'saved', bytes = ?3, total = ?3"
                                     "  WHERE uid = ?1 AND type = ?2",
                                     error);
  if (statement == NULL)
    return FALSE;

  pond_statement_bind_text (statement, 1, row->uid);
  pond_statement_bind_text (statement, 2, row->type);
  pond_statement_bind_int (statement, 3, row->bytes);
  return pond_statement_run (statement, error);
}

static gboolean
commit_saved (PondLibraryIndex  *self,
              PondLibraryRow    *row,
              GError           **error)
{
  if (!pond_database_begin (self->database, error))
    return FALSE;

  if (!upsert (self, row, error) ||
      !mark_download_saved (self, row, error) ||
      !run_about (self,
                  "DELETE FROM ignored WHERE uid = ?1 AND type = ?2",
                  row->uid,
                  row->type,
                  error))
    {
      pond_database_rollback (self->database);
      return FALSE;
    }

  return pond_database_commit (self->database, error);
}

gboolean
pond_library_index_save (PondLibraryIndex  *self,
                         const char        *part,
                         gint64             duration,
                         PondLibraryRow    *row,
                         GCancellable      *cancellable,
                         GError           **error)
{
  g_autoptr (PondLibraryRow) old = NULL;
  g_autofree char *path = NULL;
  GError *local_error = NULL;
  gboolean committed;

  if (!check_part (part, duration, row, cancellable, error) ||
      !pond_library_folder_sync_file (part, error))
    return FALSE;

  old = find_row (self, row->uid, row->type, &local_error);
  if (local_error != NULL)
    return fail (self, local_error, error);

  if (!pond_library_folder_look (part, &row->bytes, &row->mtime) ||
      !move_into_place (self, part, old, row, error))
    return FALSE;

  row->saved_at = g_get_real_time () / G_USEC_PER_SEC;
  pond_database_set_durable (self->database, TRUE);
  committed = commit_saved (self, row, &local_error);
  pond_database_set_durable (self->database, FALSE);
  if (committed)
    return TRUE;

  /* Back to where it was: another try finds it there, and not a byte is fetched again. */
  path = resolve (self, row->path);
  if (g_rename (path, part) != 0)
    g_debug ("A file that is not in the index stays in the library");

  return fail (self, local_error, error);
}

gboolean
pond_library_index_save_captions (PondLibraryIndex      *self,
                                  const PondLibraryRow  *row,
                                  const char            *language,
                                  GBytes                *vtt,
                                  GError               **error)
{
  const char *suffix = pond_library_type_to_suffix (row->type);
  g_autofree char *stem = g_strndup (row->path, strlen (row->path) - strlen (suffix));
  g_autofree char *name = g_strconcat (stem, ".", language, ".vtt", NULL);
  g_autofree char *part_name = g_strconcat (row->uid, ".", language, ".vtt.part", NULL);
  g_autofree char *part = g_build_filename (self->folder, ".millpond/parts", part_name, NULL);
  g_autofree char *path = resolve (self, name);
  g_autoptr (GError) local_error = NULL;
  gsize length;
  const char *text = g_bytes_get_data (vtt, &length);

  if (!g_file_set_contents_full (part,
                                 text != NULL ? text : "",
                                 length,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 0666,
                                 &local_error))
    {
      g_set_error_literal (error,
                           POND_LIBRARY_ERROR,
                           g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOSPC)
                               ? POND_LIBRARY_ERROR_DISK_FULL
                               : POND_LIBRARY_ERROR_FAILED,
                           local_error->message);
      return FALSE;
    }

  if (pond_library_folder_replace (part, path, error))
    return TRUE;

  g_unlink (part);
  return FALSE;
}

static gboolean
commit_removed (PondLibraryIndex      *self,
                const PondLibraryRow  *row,
                gboolean               keep_file,
                GError               **error)
{
  if (!pond_database_begin (self->database, error))
    return FALSE;

  if (!run_about (self,
                  "DELETE FROM video WHERE uid = ?1 AND type = ?2",
                  row->uid,
                  row->type,
                  error) ||
      (keep_file && !run_about (self,
                                "INSERT INTO ignored (uid, type) VALUES (?1, ?2)"
                                "  ON CONFLICT DO NOTHING",
                                row->uid,
                                row->type,
                                error)))
    {
      pond_database_rollback (self->database);
      return FALSE;
    }

  return pond_database_commit (self->database, error);
}

gboolean
pond_library_index_remove (PondLibraryIndex      *self,
                           const PondLibraryRow  *row,
                           gboolean               keep_file,
                           gboolean               is_last,
                           GError               **error)
{
  g_autofree char *path = resolve (self, row->path);
  GError *local_error = NULL;

  /* The file first: were it the other way round, and we were killed between, it would be added
   * again. */
  if (!keep_file)
    {
      if (!pond_library_folder_trash (path, error) ||
          (is_last && !pond_library_folder_trash_captions (path, row->uid, error)))
        return FALSE;
    }

  if (!commit_removed (self, row, keep_file, &local_error))
    return fail (self, local_error, error);

  if (is_last)
    {
      g_autofree char *name = g_strconcat (row->uid, ".jpg", NULL);
      g_autofree char *poster = g_build_filename (self->folder, ".millpond/posters", name, NULL);

      g_unlink (poster);
    }

  return TRUE;
}

static gboolean
write_positions (PondLibraryIndex  *self,
                 GPtrArray         *rows,
                 GError           **error)
{
  g_autoptr (PondStatement) statement = NULL;

  statement = pond_database_prepare (self->database,
                                     "UPDATE video SET position = ?1, watched = ?2"
                                     "  WHERE uid = ?3 AND type = ?4",
                                     error);
  if (statement == NULL)
    return FALSE;

  for (guint i = 0; i < rows->len; i++)
    {
      const PondLibraryRow *row = g_ptr_array_index (rows, i);

      pond_statement_bind_int (statement, 1, row->position);
      pond_statement_bind_int (statement, 2, row->watched);
      pond_statement_bind_text (statement, 3, row->uid);
      pond_statement_bind_text (statement, 4, row->type);
      if (!pond_statement_run (statement, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
pond_library_index_write_positions (PondLibraryIndex  *self,
                                    GPtrArray         *rows,
                                    GError           **error)
{
  GError *local_error = NULL;

  if (!pond_database_begin (self->database, &local_error))
    return fail (self, local_error, error);

  if (!write_positions (self, rows, &local_error))
    {
      pond_database_rollback (self->database);
      return fail (self, local_error, error);
    }

  return pond_database_commit (self->database, &local_error) || fail (self, local_error, error);
}

const char *
pond_library_index_verify (PondLibraryIndex  *self,
                           PondLibraryRow    *row,
                           GCancellable      *cancellable,
                           GError           **error)
{
  g_autofree char *path = resolve (self, row->path);
  g_autoptr (PondStatement) statement = NULL;
  GError *local_error = NULL;
  const char *result = "ok";
  gint64 bytes, mtime;

  if (!pond_library_folder_look (path, &bytes, &mtime))
    result = "missing";
  else if (bytes != row->bytes)
    result = "changed";
  else if (!pond_mp4_check (path, NULL, cancellable, &local_error))
    result = "corrupt";

  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, local_error);
      return NULL;
    }
  g_clear_error (&local_error);

  row->status = g_str_equal (result, "ok")        ? POND_ENTRY_PRESENT
                : g_str_equal (result, "missing") ? POND_ENTRY_MISSING
                                                  : POND_ENTRY_CHANGED;
  statement = pond_database_prepare (self->database,
                                     "UPDATE video SET status = ?1 WHERE id = ?2 AND status <> ?1",
                                     &local_error);
  if (statement != NULL)
    {
      pond_statement_bind_text (statement, 1, status_names[row->status]);
      pond_statement_bind_int (statement, 2, row->id);
      pond_statement_run (statement, &local_error);
    }

  if (local_error != NULL)
    {
      fail (self, local_error, error);
      return NULL;
    }

  return result;
}
