/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "library/pond-database.h"
#include "library/pond-library-schema.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

static const PondMigration migrations[] = {
  "CREATE TABLE pond (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
  "INSERT INTO pond (name) VALUES ('first');",
  "ALTER TABLE pond ADD COLUMN depth REAL NOT NULL DEFAULT 1.5;",
  "UPDATE pond SET name = name || '!';",
};

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp (NULL, &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "test.db", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (fixture->path, suffixes[i], NULL);

      g_unlink (path);
    }
  g_assert_no_errno (g_rmdir (fixture->folder));
  g_free (fixture->path);
  g_free (fixture->folder);
}

static PondDatabase *
open_version (Fixture *fixture,
              guint    version)
{
  g_autoptr (GError) error = NULL;
  PondDatabase *database = pond_database_open (fixture->path, migrations, version, &error);

  g_assert_no_error (error);
  return database;
}

static void
assert_open_fails (Fixture *fixture,
                   int      code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pond_database_open (fixture->path, migrations, 1, &error));
  g_assert_error (error, POND_DATABASE_ERROR, code);
}

static char *
query (PondDatabase *database,
       const char   *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PondStatement) statement = pond_database_prepare (database, sql, &error);
  gboolean row = FALSE;

  g_assert_no_error (error);
  pond_statement_step (statement, &row, &error);
  g_assert_no_error (error);
  return row ? g_strdup (pond_statement_get_text (statement, 0)) : NULL;
}

static void
assert_query (PondDatabase *database,
              const char   *sql,
              const char   *expected)
{
  g_autofree char *found = query (database, sql);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_new (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr (PondDatabase) database = open_version (fixture, 2);

  assert_query (database, "PRAGMA user_version", "2");
  assert_query (database, "PRAGMA journal_mode", "wal");
  assert_query (database, "PRAGMA foreign_keys", "1");
  assert_query (database, "PRAGMA trusted_schema", "0");
  assert_query (database, "PRAGMA synchronous", "1");
  pond_database_set_durable (database, TRUE);
  assert_query (database, "PRAGMA synchronous", "2");
  pond_database_set_durable (database, FALSE);
  assert_query (database, "PRAGMA synchronous", "1");
  assert_query (database, "SELECT depth FROM pond", "1.5");
}

static void
test_upgrade (Fixture       *fixture,
              gconstpointer  data)
{
  for (guint version = 1; version <= G_N_ELEMENTS (migrations); version++)
    {
      g_autoptr (PondDatabase) database = open_version (fixture, version);

      assert_query (database, "SELECT name FROM pond", version < 3 ? "first" : "first!");
    }

  assert_open_fails (fixture, POND_DATABASE_ERROR_NEWER);
}

static void
test_failing_migration (Fixture       *fixture,
                        gconstpointer  data)
{
  const PondMigration broken[] = { migrations[0], "DELETE FROM pond; SELECT * FROM nowhere;" };
  g_autoptr (GError) error = NULL;

  g_assert_null (pond_database_open (fixture->path, broken, 2, &error));
  g_assert_error (error, POND_DATABASE_ERROR, POND_DATABASE_ERROR_FAILED);

  {
    g_autoptr (PondDatabase) database = open_version (fixture, 1);

    assert_query (database, "SELECT name FROM pond", "first");
  }
}

static void
write_file (Fixture    *fixture,
            const char *contents,
            gssize      length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (fixture->path, contents, length, &error);
  g_assert_no_error (error);
}

static void
test_garbage (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *garbage = g_strnfill (8192, 'x');

  write_file (fixture, garbage, -1);
  assert_open_fails (fixture, POND_DATABASE_ERROR_UNREADABLE);
}

static void
test_empty_file (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (PondDatabase) database = NULL;

  write_file (fixture, "", 0);
  database = open_version (fixture, 1);
  assert_query (database, "SELECT name FROM pond", "first");
}

static void
test_truncated (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  pond_database_close (open_version (fixture, 1));
  g_file_get_contents (fixture->path, &contents, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (length, >=, 8192);

  write_file (fixture, contents, 4096);
  assert_open_fails (fixture, POND_DATABASE_ERROR_UNREADABLE);
  write_file (fixture, contents, 50);
  assert_open_fails (fixture, POND_DATABASE_ERROR_UNREADABLE);
}

static void
test_foreign (Fixture       *fixture,
              gconstpointer  data)
{
  sqlite3 *foreign;

  sqlite3_open (fixture->path, &foreign);
  g_assert_cmpint (sqlite3_exec (foreign, "CREATE TABLE bookmarks (url)", NULL, NULL, NULL), ==, 0);
  sqlite3_close (foreign);

  assert_open_fails (fixture, POND_DATABASE_ERROR_UNREADABLE);
}

static void
test_other_tables (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (PondDatabase) database = open_version (fixture, 1);
  g_autoptr (GError) error = NULL;

  g_assert_null (pond_database_prepare (database, "SELECT 1 FROM lake", &error));
  g_assert_error (error, POND_DATABASE_ERROR, POND_DATABASE_ERROR_UNREADABLE);
}

static void
test_values (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (PondDatabase) database = open_version (fixture, 1);
  g_autoptr (PondStatement) statement = NULL;
  g_autoptr (GError) error = NULL;
  gboolean row;

  statement = pond_database_prepare (database, "SELECT ?1, ?2, ?3, ?4, ?1 LIMIT ?5", &error);
  g_assert_no_error (error);
  pond_statement_bind_text (statement, 1, "wörter");
  pond_statement_bind_text (statement, 2, NULL);
  pond_statement_bind_int (statement, 3, G_MININT64);
  pond_statement_bind_double (statement, 4, 0.25);

  for (int limit = 1; limit >= 0; limit--)
    {
      pond_statement_bind_int (statement, 5, limit);
      g_assert_true (pond_statement_step (statement, &row, &error));
      g_assert_cmpint (row, ==, limit);
      if (!row)
        continue;

      g_assert_cmpstr (pond_statement_get_text (statement, 0), ==, "wörter");
      g_assert_null (pond_statement_get_text (statement, 1));
      g_assert_cmpint (pond_statement_get_int (statement, 2), ==, G_MININT64);
      g_assert_cmpfloat (pond_statement_get_double (statement, 3), ==, 0.25);
      g_assert_cmpint (pond_statement_get_int (statement, 1), ==, 0);
      g_assert_true (pond_statement_step (statement, &row, &error));
      g_assert_false (row);
    }
}

static void
test_transactions (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (PondDatabase) database = open_version (fixture, 1);
  g_autoptr (PondStatement) insert = NULL;
  g_autoptr (GError) error = NULL;

  insert = pond_database_prepare (database, "INSERT INTO pond (name) VALUES (?1)", &error);
  g_assert_no_error (error);

  g_assert_true (pond_database_begin (database, &error));
  pond_statement_bind_text (insert, 1, "undone");
  g_assert_true (pond_statement_run (insert, &error));
  pond_database_rollback (database);
  pond_database_rollback (database);
  assert_query (database, "SELECT count (*) FROM pond", "1");

  g_assert_true (pond_database_begin (database, &error));
  pond_statement_bind_text (insert, 1, "kept");
  g_assert_true (pond_statement_run (insert, &error));
  g_assert_true (pond_database_commit (database, &error));
  g_assert_cmpint (pond_database_get_last_id (database), ==, 2);
  assert_query (database, "SELECT count (*) FROM pond", "2");

  pond_statement_bind_text (insert, 1, NULL);
  g_assert_false (pond_statement_run (insert, &error));
  g_assert_error (error, POND_DATABASE_ERROR, POND_DATABASE_ERROR_FAILED);
  g_clear_error (&error);

  /* Once refused, it can be used again. */
  pond_statement_bind_text (insert, 1, "third");
  g_assert_true (pond_statement_run (insert, &error));
}

static void
test_data_version (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (PondDatabase) one = open_version (fixture, 1);
  g_autoptr (PondDatabase) other = open_version (fixture, 1);
  g_autoptr (GError) error = NULL;
  gint64 version = pond_database_get_data_version (one);

  g_assert_true (pond_database_exec (one, "UPDATE pond SET name = 'mine'", &error));
  g_assert_cmpint (pond_database_get_data_version (one), ==, version);
  g_assert_true (pond_database_exec (other, "UPDATE pond SET name = 'theirs'", &error));
  g_assert_cmpint (pond_database_get_data_version (one), !=, version);
  assert_query (one, "SELECT name FROM pond", "theirs");
}

static void
test_full (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (PondDatabase) database = open_version (fixture, 1);
  g_autoptr (GError) error = NULL;

  g_assert_true (pond_database_exec (database, "PRAGMA max_page_count = 3", &error));
  g_assert_false (pond_database_exec (database,
                                      "INSERT INTO pond (name) VALUES (hex (randomblob (100000)))",
                                      &error));
  g_assert_error (error, POND_DATABASE_ERROR, POND_DATABASE_ERROR_FULL);
}

/* A file system whose files can't be shared memory: this VFS of SQLite's can't either. */
static void
test_no_shared_memory (Fixture       *fixture,
                       gconstpointer  data)
{
  sqlite3_vfs *usual = sqlite3_vfs_find (NULL);
  sqlite3_vfs *without = sqlite3_vfs_find ("unix-dotfile");

  g_assert_nonnull (without);

  /* One that was made where there is. */
  pond_database_close (open_version (fixture, 1));

  sqlite3_vfs_register (without, TRUE);
  {
    g_autoptr (PondDatabase) database = open_version (fixture, 2);
    g_autoptr (PondDatabase) other = open_version (fixture, 2);

    assert_query (database, "PRAGMA journal_mode", "delete");
    assert_query (database, "PRAGMA locking_mode", "normal");
    assert_query (database, "PRAGMA synchronous", "2");
    pond_database_set_durable (database, FALSE);
    assert_query (database, "PRAGMA synchronous", "2");
    assert_query (database, "SELECT depth FROM pond", "1.5");
    assert_query (other, "SELECT depth FROM pond", "1.5");
  }
  sqlite3_vfs_register (usual, TRUE);
}

static gpointer
open_in_thread (gpointer data)
{
  Fixture *fixture = data;

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (PondDatabase) database = open_version (fixture, 3);

      assert_query (database, "SELECT name FROM pond", "first!");
    }

  return NULL;
}

static void
test_race (Fixture       *fixture,
           gconstpointer  data)
{
  GThread *thread = g_thread_new ("other", open_in_thread, fixture);

  open_in_thread (fixture);
  g_thread_join (thread);
}

/* Each released version, from a dump of it, comes to the schema that a new library has. */
static void
test_library_schema (Fixture       *fixture,
                     gconstpointer  data)
{
  const char *all = "SELECT group_concat (sql, ';' ORDER BY name) FROM sqlite_schema";
  g_autoptr (GError) error = NULL;
  g_autofree char *expected = NULL;

  {
    g_autoptr (PondDatabase) fresh =
      pond_database_open (":memory:", pond_library_migrations, POND_LIBRARY_SCHEMA_VERSION, &error);

    g_assert_no_error (error);
    expected = query (fresh, all);
  }

  for (guint version = 1; version <= POND_LIBRARY_SCHEMA_VERSION; version++)
    {
      g_autofree char *name = g_strdup_printf ("library-v%u.sql", version);
      g_autofree char *path = g_test_build_filename (G_TEST_DIST, "library", name, NULL);
      g_autofree char *dump = NULL;
      g_autoptr (PondDatabase) database = NULL;
      g_autofree char *found = NULL;
      sqlite3 *old;

      g_file_get_contents (path, &dump, NULL, &error);
      g_assert_no_error (error);
      g_unlink (fixture->path);
      sqlite3_open (fixture->path, &old);
      g_assert_cmpint (sqlite3_exec (old, dump, NULL, NULL, NULL), ==, SQLITE_OK);
      sqlite3_close (old);

      database = pond_database_open (fixture->path,
                                     pond_library_migrations,
                                     POND_LIBRARY_SCHEMA_VERSION,
                                     &error);
      g_assert_no_error (error);
      found = query (database, all);
      g_assert_cmpstr (found, ==, expected);
      assert_query (database,
                    "SELECT title FROM video WHERE uid = '3f1c9a7be2d04865b1a97c20de4f5a68'",
                    "Water lilies");
      assert_query (database, "SELECT state FROM download", "paused");
      assert_query (database, "SELECT type FROM ignored", "audio");
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, func) g_test_add ("/database/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("new", test_new);
  ADD ("upgrade", test_upgrade);
  ADD ("failing-migration", test_failing_migration);
  ADD ("garbage", test_garbage);
  ADD ("empty-file", test_empty_file);
  ADD ("truncated", test_truncated);
  ADD ("foreign", test_foreign);
  ADD ("other-tables", test_other_tables);
  ADD ("values", test_values);
  ADD ("transactions", test_transactions);
  ADD ("data-version", test_data_version);
  ADD ("full", test_full);
  ADD ("no-shared-memory", test_no_shared_memory);
  ADD ("race", test_race);
  ADD ("library-schema", test_library_schema);
#undef ADD

  return g_test_run ();
}
