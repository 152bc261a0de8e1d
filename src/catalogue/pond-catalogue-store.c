/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-catalogue"

#include "config.h"

#include "catalogue/pond-catalogue-store.h"

#include "library/pond-database.h"

#include <glib/gstdio.h>

struct _PondCatalogueStore
{
  char *path;
  PondDatabase *database; /* NULL until it is open, and when it is done without */
};

static const PondMigration migrations[] = {
  /* 1: `duration` in milliseconds, `created` and `newest` in microseconds, `complete_at` in seconds. */
  "CREATE TABLE video ("
  "  uid TEXT PRIMARY KEY,"
  "  title TEXT,"
  "  creator TEXT,"
  "  state TEXT,"
  "  error TEXT,"
  "  thumbnail TEXT,"
  "  percent REAL NOT NULL,"
  "  duration INTEGER NOT NULL,"
  "  created INTEGER NOT NULL,"
  "  ready INTEGER NOT NULL,"
  "  private INTEGER NOT NULL,"
  "  recording INTEGER NOT NULL"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE pass ("
  "  id INTEGER PRIMARY KEY CHECK (id = 1),"
  "  complete_at INTEGER NOT NULL,"
  "  newest INTEGER NOT NULL"
  ") STRICT;",
};

PondCatalogueStore *
pond_catalogue_store_new (const char *path)
{
  PondCatalogueStore *self = g_new0 (PondCatalogueStore, 1);

  self->path = g_strdup (path);

  return self;
}

void
pond_catalogue_store_free (PondCatalogueStore *self)
{
  g_clear_pointer (&self->database, pond_database_close);
  g_free (self->path);
  g_free (self);
}

void
pond_catalogue_store_delete_file (const char *path)
{
  const char *suffixes[] = { "", "-wal", "-shm", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      g_unlink (name);
    }
}

/* Goes on without the file, which is deleted when it is to blame. */
static void
give_up (PondCatalogueStore *self,
         const GError       *error)
{
  g_message ("The list of videos is not kept: %s", error->message);
  g_clear_pointer (&self->database, pond_database_close);
  if (g_error_matches (error, POND_DATABASE_ERROR, POND_DATABASE_ERROR_UNREADABLE))
    pond_catalogue_store_delete_file (self->path);
}

static gboolean
open_database (PondCatalogueStore  *self,
               GError             **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  g_mkdir_with_parents (folder, 0700);
  self->database = pond_database_open (self->path, migrations, G_N_ELEMENTS (migrations), error);

  return self->database != NULL;
}

static const char *
get_valid_text (PondStatement *statement,
                int            column)
{
  const char *text = pond_statement_get_text (statement, column);

  return text != NULL && g_utf8_validate (text, -1, NULL) ? text : NULL;
}

static PondCatalogueRow *
read_row (PondStatement *statement)
{
  const PondVideoDetails details = {
    .uid = get_valid_text (statement, 0),
    .title = get_valid_text (statement, 1),
    .creator = get_valid_text (statement, 2),
    .state_name = get_valid_text (statement, 3),
    .error = get_valid_text (statement, 4),
    .thumbnail = get_valid_text (statement, 5),
    .percent = pond_statement_get_double (statement, 6),
    .duration = pond_statement_get_int (statement, 7),
    .created = pond_statement_get_int (statement, 8),
    .ready = pond_statement_get_int (statement, 9) != 0,
    .private = pond_statement_get_int (statement, 10) != 0,
    .recording = pond_statement_get_int (statement, 11) != 0,
  };
  g_autoptr(PondVideo) video = pond_video_new (&details);

  return video != NULL ? pond_catalogue_row_new (video) : NULL;
}

static GPtrArray *
read_rows (PondCatalogueStore  *self,
           GError             **error)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_catalogue_row_unref);
  g_autoptr(PondStatement) statement = NULL;
  gboolean row;

  statement = pond_database_prepare (self->database,
                                     "SELECT uid, title, creator, state, error, thumbnail, percent,"
                                     "    duration, created, ready, private, recording"
                                     "  FROM video",
                                     error);
  if (statement == NULL)
    return NULL;

  while (pond_statement_step (statement, &row, error))
    {
      PondCatalogueRow *video;

      if (!row)
        return g_steal_pointer (&rows);

      video = read_row (statement);
      if (video != NULL)
        g_ptr_array_add (rows, video);
    }

  return NULL;
}

static gboolean
read_pass (PondCatalogueStore  *self,
           PondCataloguePass   *pass,
           GError             **error)
{
  g_autoptr(PondStatement) statement = NULL;
  gboolean row;

  statement = pond_database_prepare (self->database, "SELECT complete_at, newest FROM pass", error);
  if (statement == NULL || !pond_statement_step (statement, &row, error))
    return FALSE;

  pass->complete_at = row ? pond_statement_get_int (statement, 0) : 0;
  pass->newest = row ? pond_statement_get_int (statement, 1) : 0;

  return TRUE;
}

static GPtrArray *
open_and_read (PondCatalogueStore  *self,
               PondCataloguePass   *pass,
               GError             **error)
{
  if ((self->database == NULL && !open_database (self, error)) || !read_pass (self, pass, error))
    return NULL;

  return read_rows (self, error);
}

GPtrArray *
pond_catalogue_store_load (PondCatalogueStore *self,
                           PondCataloguePass  *pass)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *rows;

  if (self->path != NULL)
    {
      rows = open_and_read (self, pass, &error);
      if (rows == NULL && (g_error_matches (error, POND_DATABASE_ERROR, POND_DATABASE_ERROR_UNREADABLE) ||
                           g_error_matches (error, POND_DATABASE_ERROR, POND_DATABASE_ERROR_NEWER)))
        {
          g_debug ("The list of videos is made again: %s", error->message);
          g_clear_error (&error);
          g_clear_pointer (&self->database, pond_database_close);
          pond_catalogue_store_delete_file (self->path);
          rows = open_and_read (self, pass, &error);
        }
      if (rows != NULL)
        return rows;

      give_up (self, error);
    }

  *pass = (PondCataloguePass) { 0 };

  return g_ptr_array_new_with_free_func ((GDestroyNotify) pond_catalogue_row_unref);
}

static gboolean
write_videos (PondCatalogueStore  *self,
              GPtrArray           *videos,
              GError             **error)
{
  g_autoptr(PondStatement) statement = NULL;

  statement = pond_database_prepare (self->database,
                                     "INSERT OR REPLACE INTO video (uid, title, creator, state, error,"
                                     "    thumbnail, percent, duration, created, ready, private, recording)"
                                     "  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                     error);
  if (statement == NULL)
    return FALSE;

  for (guint i = 0; i < videos->len; i++)
    {
      PondVideoDetails details;

      pond_video_get_details (g_ptr_array_index (videos, i), &details);
      pond_statement_bind_text (statement, 1, details.uid);
      pond_statement_bind_text (statement, 2, details.title);
      pond_statement_bind_text (statement, 3, details.creator);
      pond_statement_bind_text (statement, 4, details.state_name);
      pond_statement_bind_text (statement, 5, details.error);
      pond_statement_bind_text (statement, 6, details.thumbnail);
      pond_statement_bind_double (statement, 7, details.percent);
      pond_statement_bind_int (statement, 8, details.duration);
      pond_statement_bind_int (statement, 9, details.created);
      pond_statement_bind_int (statement, 10, details.ready);
      pond_statement_bind_int (statement, 11, details.private);
      pond_statement_bind_int (statement, 12, details.recording);
      if (!pond_statement_run (statement, error))
        return FALSE;
    }

  return TRUE;
}

void
pond_catalogue_store_put (PondCatalogueStore *self,
                          GPtrArray          *videos)
{
  g_autoptr(GError) error = NULL;

  if (self->database == NULL)
    return;

  if (!pond_database_begin (self->database, &error) ||
      !write_videos (self, videos, &error) ||
      !pond_database_commit (self->database, &error))
    give_up (self, error);
}

static gboolean
write_pass (PondCatalogueStore       *self,
            GPtrArray                *gone,
            const PondCataloguePass  *pass,
            GError                  **error)
{
  g_autoptr(PondStatement) forget = NULL;
  g_autoptr(PondStatement) remember = NULL;

  forget = pond_database_prepare (self->database, "DELETE FROM video WHERE uid = ?", error);
  remember = forget != NULL
                 ? pond_database_prepare (self->database,
                                          "INSERT OR REPLACE INTO pass (id, complete_at, newest)"
                                          "  VALUES (1, ?, ?)",
                                          error)
                 : NULL;
  if (remember == NULL)
    return FALSE;

  for (guint i = 0; i < gone->len; i++)
    {
      pond_statement_bind_text (forget, 1, g_ptr_array_index (gone, i));
      if (!pond_statement_run (forget, error))
        return FALSE;
    }

  pond_statement_bind_int (remember, 1, pass->complete_at);
  pond_statement_bind_int (remember, 2, pass->newest);

  return pond_statement_run (remember, error);
}

void
pond_catalogue_store_end_pass (PondCatalogueStore      *self,
                               GPtrArray               *gone,
                               const PondCataloguePass *pass)
{
  g_autoptr(GError) error = NULL;

  if (self->database == NULL)
    return;

  if (!pond_database_begin (self->database, &error) ||
      !write_pass (self, gone, pass, &error) ||
      !pond_database_commit (self->database, &error))
    give_up (self, error);
}
