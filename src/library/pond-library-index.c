/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-library"

#include "config.h"

#include "library/pond-library-index.h"

#include "library/pond-file-name.h"
#include "library/pond-library-folder.h"
#include "library/pond-library-schema.h"
#include "library/pond-library-survey.h"
#include "library/pond-library.h"
#include "library/pond-mp4.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

/* FAT keeps times to two seconds, and so may a file that went by such a disk. */
#define MTIME_TOLERANCE_NS (2 * G_GINT64_CONSTANT (1000000000))

/* A file's own duration and the API's differ by rounding and by the length of the last frame. */
#define DURATION_TOLERANCE_MS 1000
#define DURATION_TOLERANCE_SHARE 100

struct _PondLibraryIndex
{
  char *folder;
  PondDatabase *database; /* NULL until it is open */
  gint64 seen_version;
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
                 _("The disk of the library folder “%s” is full. Saved videos stay as they are, "
                   "but no more fit. Free some space and try again."),
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

/* @unsound, if given, takes the IDs of the rows that are left out. */
static GPtrArray *
load_rows (PondLibraryIndex  *self,
           GArray            *unsound,
           GError           **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (PondStatement) statement = NULL;
  gboolean more;

  /* Before the rows, so that a commit between the two is seen next time. */
  self->seen_version = pond_database_get_data_version (self->database);

  statement = pond_database_prepare (self->database,
                                     "SELECT " POND_LIBRARY_ROW_COLUMNS " FROM video"
                                     "  ORDER BY saved_at DESC, id DESC",
                                     error);
  if (statement == NULL)
    return NULL;

  rows = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_library_row_free);

  while (pond_statement_step (statement, &more, error))
    {
      g_autoptr (PondLibraryRow) row = NULL;

      if (!more)
        return g_steal_pointer (&rows);

      row = pond_library_row_read (statement);
      if (pond_library_row_is_sound (row))
        g_ptr_array_add (rows, g_steal_pointer (&row));
      else if (unsound != NULL)
        g_array_append_val (unsound, row->id);
    }

  return NULL;
}

GPtrArray *
pond_library_index_load (PondLibraryIndex  *self,
                         GError           **error)
{
  GError *local_error = NULL;
  GPtrArray *rows = load_rows (self, NULL, &local_error);

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

/* A row that makes no sense would only stand in the way of the file that it should tell of. */
static gboolean
delete_rows (PondLibraryIndex  *self,
             GArray            *ids,
             GError           **error)
{
  g_autoptr (PondStatement) statement = NULL;

  if (ids->len == 0)
    return TRUE;

  statement = pond_database_prepare (self->database, "DELETE FROM video WHERE id = ?1", error);
  if (statement == NULL)
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    {
      pond_statement_bind_int (statement, 1, g_array_index (ids, gint64, i));
      if (!pond_statement_run (statement, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
survey (PondLibraryIndex  *self,
        gboolean           thorough,
        gboolean          *changed,
        GCancellable      *cancellable,
        GError           **error)
{
  g_autoptr (GArray) unsound = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) rows = load_rows (self, unsound, error);

  if (rows == NULL || !delete_rows (self, unsound, error))
    return FALSE;

  return pond_library_survey (self->database,
                              self->folder,
                              rows,
                              thorough,
                              changed,
                              cancellable,
                              error);
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
  if (survey (self, thorough, &changed, cancellable, error))
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

  if (survey (self, TRUE, changed, cancellable, &local_error))
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
                                     "SELECT " POND_LIBRARY_ROW_COLUMNS " FROM video"
                                     "  WHERE uid = ?1 AND type = ?2",
                                     error);
  if (statement == NULL)
    return NULL;

  pond_statement_bind_text (statement, 1, uid);
  pond_statement_bind_text (statement, 2, type);
  if (!pond_statement_step (statement, &more, error) || !more)
    return NULL;

  row = pond_library_row_read (statement);
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
                                     "INSERT INTO video (" POND_LIBRARY_ROW_INSERT_COLUMNS ")"
                                     "  VALUES (" POND_LIBRARY_ROW_INSERT_VALUES ")"
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

  pond_library_row_bind (statement, row);
  if (!pond_statement_step (statement, &more, error))
    return FALSE;

  g_assert (more);
  row->id = pond_statement_get_int (statement, 0);
  row->position = MAX (pond_statement_get_int (statement, 1), 0);
  row->watched = pond_statement_get_int (statement, 2) != 0;
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

/* A video's captions are called as it is, so that any player finds them, unless that is too
 * long. */
static char *
make_captions_path (PondLibraryIndex     *self,
                    const PondLibraryRow *row,
                    const char           *language)
{
  const char *video_suffix = pond_library_type_to_suffix (row->type);
  g_autofree char *suffix = g_strconcat (".", language, ".vtt", NULL);
  g_autofree char *folder = g_path_get_dirname (row->path);
  g_autofree char *video_name = g_path_get_basename (row->path);
  g_autofree char *stem = NULL;
  g_autofree char *name = NULL;

  stem = g_strndup (video_name, strlen (video_name) - strlen (video_suffix));
  name = g_strconcat (stem, suffix, NULL);
  if (strlen (name) > NAME_MAX)
    {
      g_autofree char *title = NULL;

      pond_file_name_parse (video_name, &title, NULL, NULL);
      g_free (name);
      name = pond_file_name_make (title, row->uid, suffix);
    }

  return g_build_filename (self->folder, folder, name, NULL);
}

gboolean
pond_library_index_save_captions (PondLibraryIndex      *self,
                                  const PondLibraryRow  *row,
                                  const char            *language,
                                  GBytes                *vtt,
                                  GError               **error)
{
  g_autofree char *path = make_captions_path (self, row, language);
  g_autofree char *part_name = g_strconcat (row->uid, ".", language, ".vtt.part", NULL);
  g_autofree char *part = g_build_filename (self->folder, ".millpond/parts", part_name, NULL);
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
      pond_statement_bind_text (statement, 1, pond_entry_status_to_nick (row->status));
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
