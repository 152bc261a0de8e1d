/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-database"

#include "config.h"

#include "library/pond-database.h"

#include <sqlite3.h>

#define BUSY_TIMEOUT_MS 5000

struct _PondDatabase
{
  sqlite3 *handle;
  GThread *thread;
  gboolean in_wal;
};

struct _PondStatement
{
  PondDatabase *database; /* unowned */
  sqlite3_stmt *handle;
};

G_DEFINE_QUARK (pond-database-error-quark, pond_database_error)

static PondDatabaseError
code_from_sqlite (int result)
{
  if (result == SQLITE_IOERR_SHORT_READ)
    return POND_DATABASE_ERROR_UNREADABLE;

  switch (result & 0xff)
    {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return POND_DATABASE_ERROR_UNREADABLE;
    case SQLITE_FULL:
      return POND_DATABASE_ERROR_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return POND_DATABASE_ERROR_BUSY;
    default:
      return POND_DATABASE_ERROR_FAILED;
    }
}

static gboolean
check (PondDatabase  *self,
       int            result,
       GError       **error)
{
  if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW)
    return TRUE;

  g_set_error (error,
               POND_DATABASE_ERROR,
               code_from_sqlite (result),
               "%s (%d)",
               sqlite3_errmsg (self->handle),
               result);
  return FALSE;
}

static gboolean
query_int (PondDatabase  *self,
           const char    *sql,
           gint64        *value,
           GError       **error)
{
  g_autoptr (PondStatement) statement = pond_database_prepare (self, sql, error);
  gboolean row = FALSE;

  if (statement == NULL || !pond_statement_step (statement, &row, error))
    return FALSE;

  *value = row ? pond_statement_get_int (statement, 0) : 0;
  return TRUE;
}

static gboolean
try_wal (PondDatabase  *self,
         GError       **error)
{
  g_autoptr (PondStatement) statement = NULL;
  gboolean row = FALSE;

  statement = pond_database_prepare (self, "PRAGMA journal_mode = WAL", error);
  if (statement == NULL || !pond_statement_step (statement, &row, error))
    return FALSE;

  self->in_wal = row && g_strcmp0 (pond_statement_get_text (statement, 0), "wal") == 0;
  return TRUE;
}

/* WAL needs memory that processes share, which some file systems do not have. A file that comes
 * from one that has can't even be read there, except by one who has it alone; so that one turns it
 * back. */
static gboolean
set_up_journal (PondDatabase  *self,
                GError       **error)
{
  g_autoptr (GError) local_error = NULL;

  if (try_wal (self, &local_error))
    {
      pond_database_set_durable (self, FALSE);
      return TRUE;
    }

  if (!g_error_matches (local_error, POND_DATABASE_ERROR, POND_DATABASE_ERROR_FAILED))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  g_debug ("No write-ahead log here: %s", local_error->message);
  pond_database_set_durable (self, TRUE);
  return pond_database_exec (self,
                             "PRAGMA locking_mode = EXCLUSIVE;"
                             "PRAGMA journal_mode = DELETE;"
                             "PRAGMA locking_mode = NORMAL;",
                             error);
}

static gboolean
migrate_once (PondDatabase         *self,
              const PondMigration  *migrations,
              guint                 n_migrations,
              gboolean             *done,
              GError              **error)
{
  g_autofree char *set_version = NULL;
  gint64 version, n_tables;

  /* Within the transaction, because another process may be at the same. */
  if (!query_int (self, "PRAGMA user_version", &version, error))
    return FALSE;

  *done = version == n_migrations;
  if (*done)
    return TRUE;

  if (version > n_migrations)
    {
      g_set_error (error,
                   POND_DATABASE_ERROR,
                   POND_DATABASE_ERROR_NEWER,
                   "The database has version %" G_GINT64_FORMAT ", known is %u",
                   version,
                   n_migrations);
      return FALSE;
    }

  if (!query_int (self, "SELECT count (*) FROM sqlite_schema", &n_tables, error))
    return FALSE;

  if (version < 0 || (version == 0) != (n_tables == 0))
    {
      g_set_error_literal (error,
                           POND_DATABASE_ERROR,
                           POND_DATABASE_ERROR_UNREADABLE,
                           "The database is another program’s");
      return FALSE;
    }

  set_version = g_strdup_printf ("PRAGMA user_version = %" G_GINT64_FORMAT, version + 1);
  return pond_database_exec (self, migrations[version], error) &&
         pond_database_exec (self, set_version, error);
}

static gboolean
migrate (PondDatabase         *self,
         const PondMigration  *migrations,
         guint                 n_migrations,
         GError              **error)
{
  gint64 version;

  /* Mostly there is nothing to do, and then other processes need not be waited for. */
  if (!query_int (self, "PRAGMA user_version", &version, error))
    return FALSE;

  for (gboolean done = version == n_migrations; !done;)
    {
      if (!pond_database_begin (self, error))
        return FALSE;

      if (!migrate_once (self, migrations, n_migrations, &done, error))
        {
          pond_database_rollback (self);
          return FALSE;
        }

      if (!pond_database_commit (self, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
probe_tables (PondDatabase  *self,
              GError       **error)
{
  g_autoptr (PondStatement) tables = NULL;
  gboolean row;

  /* Virtual tables, which have no page of their own, would run code that nobody asked for. */
  tables = pond_database_prepare (self,
                                  "SELECT name FROM sqlite_schema"
                                  "  WHERE type = 'table' AND rootpage > 0",
                                  error);
  if (tables == NULL)
    return FALSE;

  while (pond_statement_step (tables, &row, error))
    {
      g_autoptr (PondStatement) probe = NULL;
      char *sql;

      if (!row)
        return TRUE;

      sql = sqlite3_mprintf ("SELECT * FROM \"%w\" LIMIT 1", pond_statement_get_text (tables, 0));
      probe = pond_database_prepare (self, sql, error);
      sqlite3_free (sql);
      if (probe == NULL || !pond_statement_run (probe, error))
        return FALSE;
    }

  return FALSE;
}

PondDatabase *
pond_database_open (const char           *path,
                    const PondMigration  *migrations,
                    guint                 n_migrations,
                    GError              **error)
{
  g_autoptr (PondDatabase) self = g_new0 (PondDatabase, 1);
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                    SQLITE_OPEN_EXRESCODE;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (migrations != NULL || n_migrations == 0, NULL);

  self->thread = g_thread_self ();
  if (!check (self, sqlite3_open_v2 (path, &self->handle, flags, NULL), error))
    return NULL;

  sqlite3_busy_timeout (self->handle, BUSY_TIMEOUT_MS);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);

  if (!pond_database_exec (self, "PRAGMA cell_size_check = ON", error) ||
      !set_up_journal (self, error) ||
      !migrate (self, migrations, n_migrations, error) ||
      !probe_tables (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
pond_database_close (PondDatabase *self)
{
  int result;

  g_return_if_fail (self != NULL);
  g_assert (self->thread == g_thread_self ());

  /* Refused only while there are statements, which is a mistake of ours. */
  result = sqlite3_close (self->handle);
  g_assert (result == SQLITE_OK);
  g_free (self);
}

gboolean
pond_database_exec (PondDatabase  *self,
                    const char    *sql,
                    GError       **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (sql != NULL, FALSE);
  g_assert (self->thread == g_thread_self ());

  return check (self, sqlite3_exec (self->handle, sql, NULL, NULL, NULL), error);
}

gboolean
pond_database_begin (PondDatabase  *self,
                     GError       **error)
{
  return pond_database_exec (self, "BEGIN IMMEDIATE", error);
}

gboolean
pond_database_commit (PondDatabase  *self,
                      GError       **error)
{
  if (pond_database_exec (self, "COMMIT", error))
    return TRUE;

  pond_database_rollback (self);
  return FALSE;
}

void
pond_database_rollback (PondDatabase *self)
{
  g_return_if_fail (self != NULL);
  g_assert (self->thread == g_thread_self ());

  /* Some errors have undone the transaction already. */
  if (sqlite3_get_autocommit (self->handle) == 0)
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
}

void
pond_database_set_durable (PondDatabase *self,
                           gboolean      durable)
{
  g_return_if_fail (self != NULL);

  /* A rollback journal that does not wait can damage the file. This can't fail: it is but a
   * flag. */
  pond_database_exec (self,
                      durable || !self->in_wal ? "PRAGMA synchronous = FULL"
                                               : "PRAGMA synchronous = NORMAL",
                      NULL);
}

gint64
pond_database_get_data_version (PondDatabase *self)
{
  gint64 version;

  g_return_val_if_fail (self != NULL, -1);

  return query_int (self, "PRAGMA data_version", &version, NULL) ? version : -1;
}

gint64
pond_database_get_last_id (PondDatabase *self)
{
  g_return_val_if_fail (self != NULL, 0);
  g_assert (self->thread == g_thread_self ());

  return sqlite3_last_insert_rowid (self->handle);
}

PondStatement *
pond_database_prepare (PondDatabase  *self,
                       const char    *sql,
                       GError       **error)
{
  g_autoptr (PondStatement) statement = NULL;
  int result;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (sql != NULL, NULL);
  g_assert (self->thread == g_thread_self ());

  statement = g_new0 (PondStatement, 1);
  statement->database = self;
  result = sqlite3_prepare_v2 (self->handle, sql, -1, &statement->handle, NULL);
  if (result == SQLITE_ERROR)
    {
      g_set_error (error,
                   POND_DATABASE_ERROR,
                   POND_DATABASE_ERROR_UNREADABLE,
                   "The database has other tables: %s",
                   sqlite3_errmsg (self->handle));
      return NULL;
    }

  if (!check (self, result, error))
    return NULL;

  return g_steal_pointer (&statement);
}

void
pond_statement_free (PondStatement *self)
{
  g_return_if_fail (self != NULL);

  sqlite3_finalize (self->handle);
  g_free (self);
}

void
pond_statement_bind_text (PondStatement *self,
                          int            parameter,
                          const char    *value)
{
  int result;

  g_return_if_fail (self != NULL);

  result = sqlite3_bind_text (self->handle, parameter, value, -1, SQLITE_TRANSIENT);
  g_assert (result == SQLITE_OK);
}

void
pond_statement_bind_int (PondStatement *self,
                         int            parameter,
                         gint64         value)
{
  int result;

  g_return_if_fail (self != NULL);

  result = sqlite3_bind_int64 (self->handle, parameter, value);
  g_assert (result == SQLITE_OK);
}

void
pond_statement_bind_double (PondStatement *self,
                            int            parameter,
                            double         value)
{
  int result;

  g_return_if_fail (self != NULL);

  result = sqlite3_bind_double (self->handle, parameter, value);
  g_assert (result == SQLITE_OK);
}

gboolean
pond_statement_step (PondStatement  *self,
                     gboolean       *row,
                     GError        **error)
{
  int result;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (row != NULL, FALSE);
  g_assert (self->database->thread == g_thread_self ());

  result = sqlite3_step (self->handle);
  *row = result == SQLITE_ROW;
  if (*row)
    return TRUE;

  if (!check (self->database, result, error))
    {
      sqlite3_reset (self->handle);
      return FALSE;
    }

  sqlite3_reset (self->handle);
  return TRUE;
}

gboolean
pond_statement_run (PondStatement  *self,
                    GError        **error)
{
  gboolean row = TRUE;

  while (row)
    {
      if (!pond_statement_step (self, &row, error))
        return FALSE;
    }

  return TRUE;
}

const char *
pond_statement_get_text (PondStatement *self,
                         int            column)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *) sqlite3_column_text (self->handle, column);
}

gint64
pond_statement_get_int (PondStatement *self,
                        int            column)
{
  g_return_val_if_fail (self != NULL, 0);

  return sqlite3_column_int64 (self->handle, column);
}

double
pond_statement_get_double (PondStatement *self,
                           int            column)
{
  g_return_val_if_fail (self != NULL, 0.0);

  return sqlite3_column_double (self->handle, column);
}
