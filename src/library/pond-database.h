/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PondDatabaseError:
 * @POND_DATABASE_ERROR_UNREADABLE: the file is no database, or a damaged one, or its tables are not
 *   those that its version promises
 * @POND_DATABASE_ERROR_NEWER: the file was made by a newer Millpond
 * @POND_DATABASE_ERROR_FULL: the disk is full
 * @POND_DATABASE_ERROR_BUSY: another process held it for too long
 * @POND_DATABASE_ERROR_FAILED: something else
 *
 * What can go wrong with a database. Damage need not show when it is opened: any later function may
 * come upon it.
 */
typedef enum
{
  POND_DATABASE_ERROR_UNREADABLE,
  POND_DATABASE_ERROR_NEWER,
  POND_DATABASE_ERROR_FULL,
  POND_DATABASE_ERROR_BUSY,
  POND_DATABASE_ERROR_FAILED,
} PondDatabaseError;

#define POND_DATABASE_ERROR (pond_database_error_quark ())

GQuark pond_database_error_quark (void);

/**
 * PondMigration:
 *
 * The SQL that brings the schema from version N to N + 1, where N is its place in the array.
 */
typedef const char *PondMigration;

/**
 * PondDatabase:
 *
 * An SQLite connection. It belongs to the thread that opened it, asserts so, and is used nowhere
 * else. Other processes may have the same file open: WAL where the file system can, a rollback
 * journal where it can't.
 *
 * What is in the file is not trusted: its schema can't call functions with side effects, and
 * nothing can write to the schema but through SQL.
 */
typedef struct _PondDatabase PondDatabase;

/**
 * PondStatement:
 *
 * A prepared statement. Parameters are numbered from 1, columns from 0, as SQLite does. It must be
 * freed before its database is closed.
 */
typedef struct _PondStatement PondStatement;

/**
 * pond_database_open:
 * @path: the file; it is made when there is none
 * @migrations: (array length=n_migrations): the SQL of each version
 * @n_migrations: the version that this program works with
 * @error: a %POND_DATABASE_ERROR
 *
 * Opens a database and brings it to version @n_migrations, each migration in a transaction of its
 * own. An empty file counts as a new one. One row of each table is read, which finds most of what
 * can be wrong with a file; the rest is found when it is come upon.
 *
 * Returns: (transfer full): a database of the calling thread, or %NULL
 */
PondDatabase  *pond_database_open             (const char           *path,
                                               const PondMigration  *migrations,
                                               guint                 n_migrations,
                                               GError              **error);

/**
 * pond_database_close:
 * @self: (transfer full): a database
 *
 * Closes the connection. A transaction that was not committed is undone.
 */
void           pond_database_close            (PondDatabase         *self);

/**
 * pond_database_exec:
 * @self: a database
 * @sql: statements without parameters, whose rows nobody wants
 * @error: a %POND_DATABASE_ERROR
 *
 * Returns: whether all of @sql was done
 */
gboolean       pond_database_exec             (PondDatabase         *self,
                                               const char           *sql,
                                               GError              **error);

/**
 * pond_database_begin:
 * @self: a database
 * @error: a %POND_DATABASE_ERROR, of which %POND_DATABASE_ERROR_BUSY means that another process has
 *   been writing for more than five seconds
 *
 * Begins a transaction that may write: what is read in it stays true until it ends.
 *
 * Returns: whether it has begun
 */
gboolean       pond_database_begin            (PondDatabase         *self,
                                               GError              **error);

/**
 * pond_database_commit:
 * @self: a database
 * @error: a %POND_DATABASE_ERROR
 *
 * Ends a transaction and keeps what it did. When that fails, the transaction is undone.
 *
 * What was committed survives the end of the process, however it ends; whether it survives a power
 * loss too is up to pond_database_set_durable().
 *
 * Returns: whether it was kept
 */
gboolean       pond_database_commit           (PondDatabase         *self,
                                               GError              **error);

/**
 * pond_database_rollback:
 * @self: a database
 *
 * Ends a transaction, if one is open, and undoes what it did.
 */
void           pond_database_rollback         (PondDatabase         *self);

/**
 * pond_database_set_durable:
 * @self: a database without an open transaction
 * @durable: whether to wait for the disk
 *
 * Sets whether each commit from now on waits until it would survive a power loss. It does not at
 * first: a power loss may then undo the last commits, in order, but damages nothing. With a
 * rollback journal every commit waits.
 */
void           pond_database_set_durable      (PondDatabase         *self,
                                               gboolean              durable);

/**
 * pond_database_get_data_version:
 * @self: a database
 *
 * Gets a number that changes whenever another connection, of any process, has committed.
 *
 * Returns: the number, or -1 when it can't be read
 */
gint64         pond_database_get_data_version (PondDatabase         *self);

/**
 * pond_database_get_last_id:
 * @self: a database
 *
 * Returns: the row that this connection inserted last
 */
gint64         pond_database_get_last_id      (PondDatabase         *self);

/**
 * pond_database_prepare:
 * @self: a database
 * @sql: one statement; a constant, so that one the file does not understand tells of the file
 * @error: a %POND_DATABASE_ERROR
 *
 * Returns: (transfer full): the statement, or %NULL
 */
PondStatement *pond_database_prepare          (PondDatabase         *self,
                                               const char           *sql,
                                               GError              **error);

/**
 * pond_statement_free:
 * @self: (transfer full): a statement
 *
 * Frees a statement. Texts that came from it are gone with it.
 */
void           pond_statement_free            (PondStatement        *self);

/**
 * pond_statement_bind_text:
 * @self: a statement that is not being stepped through
 * @parameter: its number, from 1
 * @value: (nullable): a text, which is copied, or %NULL for SQL's NULL
 *
 * Sets a parameter. It keeps its value until it gets another.
 */
void           pond_statement_bind_text       (PondStatement        *self,
                                               int                   parameter,
                                               const char           *value);

/**
 * pond_statement_bind_int:
 * @self: a statement that is not being stepped through
 * @parameter: its number, from 1
 * @value: a number
 *
 * Sets a parameter. It keeps its value until it gets another.
 */
void           pond_statement_bind_int        (PondStatement        *self,
                                               int                   parameter,
                                               gint64                value);

/**
 * pond_statement_bind_double:
 * @self: a statement that is not being stepped through
 * @parameter: its number, from 1
 * @value: a number
 *
 * Sets a parameter. It keeps its value until it gets another.
 */
void           pond_statement_bind_double     (PondStatement        *self,
                                               int                   parameter,
                                               double                value);

/**
 * pond_statement_step:
 * @self: a statement
 * @row: (out): whether there is a row
 * @error: a %POND_DATABASE_ERROR
 *
 * Goes to the next row. At the end, where @row is %FALSE, and after an error the statement is ready
 * for other values and another run.
 *
 * Returns: %FALSE is an error
 */
gboolean       pond_statement_step            (PondStatement        *self,
                                               gboolean             *row,
                                               GError              **error);

/**
 * pond_statement_run:
 * @self: a statement whose rows, if any, nobody wants
 * @error: a %POND_DATABASE_ERROR
 *
 * Steps to the end and makes the statement ready for other values.
 *
 * Returns: whether it was done
 */
gboolean       pond_statement_run             (PondStatement        *self,
                                               GError              **error);

/**
 * pond_statement_get_text:
 * @self: a statement with a row
 * @column: its number, from 0
 *
 * Gets a text of the row. A file from elsewhere may hold anything: it need not be UTF-8.
 *
 * Returns: (nullable) (transfer none): the text, valid until the next step; %NULL for SQL's NULL
 */
const char    *pond_statement_get_text        (PondStatement        *self,
                                               int                   column);

/**
 * pond_statement_get_int:
 * @self: a statement with a row
 * @column: its number, from 0
 *
 * Returns: a number of the row, 0 for SQL's NULL
 */
gint64         pond_statement_get_int         (PondStatement        *self,
                                               int                   column);

/**
 * pond_statement_get_double:
 * @self: a statement with a row
 * @column: its number, from 0
 *
 * Returns: a number of the row, 0.0 for SQL's NULL
 */
double         pond_statement_get_double      (PondStatement        *self,
                                               int                   column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondDatabase, pond_database_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondStatement, pond_statement_free)

G_END_DECLS
