/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-library"

#include "config.h"

#include "library/pond-library-survey.h"

#include "library/pond-file-name.h"
#include "library/pond-library-folder.h"
#include "library/pond-library-row.h"
#include "library/pond-mp4.h"

/* What one look through the folder has come upon. */
typedef struct
{
  const char *folder;
  GHashTable *known; /* key -> row, unowned */
  GHashTable *moved; /* key -> path, of known videos that lie elsewhere too */
  GHashTable *added; /* keys of what is in rows */
  GPtrArray *rows;   /* what the index lacks */
  GCancellable *cancellable;
} Survey;

static PondLibraryRow *
row_from_file (const Survey *survey,
               const char   *path,
               const char   *uid,
               const char   *type)
{
  g_autofree char *full_path = g_build_filename (survey->folder, path, NULL);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *title = NULL;
  g_autoptr (PondLibraryRow) row = NULL;
  g_autoptr (GError) local_error = NULL;
  PondMp4Info info;

  if (!pond_mp4_check (full_path, &info, survey->cancellable, &local_error))
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

  row = row_from_file (survey, path, uid, type);
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
  g_autofree char *path = g_build_filename (survey->folder, row->path, NULL);
  g_autofree char *key = pond_library_make_key (row->uid, row->type);
  const char *elsewhere = g_hash_table_lookup (survey->moved, key);
  PondEntryStatus status = POND_ENTRY_PRESENT;
  gboolean has_moved = FALSE;
  gint64 bytes, mtime;

  if (!pond_library_folder_look (path, &bytes, &mtime))
    {
      g_autofree char *new_path = NULL;

      if (elsewhere != NULL)
        new_path = g_build_filename (survey->folder, elsewhere, NULL);
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
insert_found (PondDatabase  *database,
              GPtrArray     *rows,
              GError       **error)
{
  g_autoptr (PondStatement) statement = NULL;

  /* Another process may have been first, or may have been told to ignore it. */
  statement = pond_database_prepare (database,
                                     "INSERT INTO video (" POND_LIBRARY_ROW_INSERT_COLUMNS ")"
                                     "  SELECT " POND_LIBRARY_ROW_INSERT_VALUES
                                     "  WHERE NOT EXISTS"
                                     "    (SELECT 1 FROM ignored WHERE uid = ?1 AND type = ?2)"
                                     "  ON CONFLICT DO NOTHING",
                                     error);
  if (statement == NULL)
    return FALSE;

  for (guint i = 0; i < rows->len; i++)
    {
      pond_library_row_bind (statement, g_ptr_array_index (rows, i));
      if (!pond_statement_run (statement, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_changed (PondDatabase  *database,
               GPtrArray     *rows,
               GError       **error)
{
  g_autoptr (PondStatement) statement = NULL;

  statement = pond_database_prepare (database,
                                     "UPDATE video SET path = ?1, status = ?2 WHERE id = ?3",
                                     error);
  if (statement == NULL)
    return FALSE;

  for (guint i = 0; i < rows->len; i++)
    {
      const PondLibraryRow *row = g_ptr_array_index (rows, i);

      pond_statement_bind_text (statement, 1, row->path);
      pond_statement_bind_text (statement, 2, pond_entry_status_to_nick (row->status));
      pond_statement_bind_int (statement, 3, row->id);
      if (!pond_statement_run (statement, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_survey (PondDatabase  *database,
              GPtrArray     *added,
              GPtrArray     *updated,
              GError       **error)
{
  if (!pond_database_begin (database, error))
    return FALSE;

  if (!insert_found (database, added, error) || !write_changed (database, updated, error))
    {
      pond_database_rollback (database);
      return FALSE;
    }

  return pond_database_commit (database, error);
}

/* Keys of the files that the person kept out of the library: each is in @known as itself. */
static gboolean
add_ignored (PondDatabase  *database,
             GHashTable    *known,
             GPtrArray     *rows,
             GError       **error)
{
  g_autoptr (PondStatement) statement = NULL;
  gboolean more;

  statement = pond_database_prepare (database, "SELECT uid, type FROM ignored", error);
  if (statement == NULL)
    return FALSE;

  while (pond_statement_step (statement, &more, error))
    {
      const char *uid, *type;
      PondLibraryRow *row;

      if (!more)
        return TRUE;

      uid = pond_statement_get_text (statement, 0);
      type = pond_statement_get_text (statement, 1);
      if (uid == NULL || type == NULL)
        continue;

      row = pond_library_row_new (uid, type, "");
      row->path = g_strdup ("");
      g_ptr_array_add (rows, row);
      g_hash_table_insert (known, pond_library_make_key (uid, type), row);
    }

  return FALSE;
}

static GPtrArray *
new_rows (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) pond_library_row_free);
}

gboolean
pond_library_survey (PondDatabase  *database,
                     const char    *folder,
                     GPtrArray     *rows,
                     gboolean       thorough,
                     gboolean      *changed,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) moved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) added = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) found = new_rows ();
  g_autoptr (GPtrArray) ignored = new_rows ();
  g_autoptr (GPtrArray) updated = g_ptr_array_new ();
  Survey survey = { folder, known, moved, added, found, cancellable };

  if (!add_ignored (database, known, ignored, error))
    return FALSE;

  for (guint i = 0; i < rows->len; i++)
    {
      PondLibraryRow *row = g_ptr_array_index (rows, i);

      g_hash_table_insert (known, pond_library_make_key (row->uid, row->type), row);
    }

  pond_library_folder_scan (folder, thorough, on_found, &survey, cancellable);

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
  return !*changed || write_survey (database, found, updated, error);
}
