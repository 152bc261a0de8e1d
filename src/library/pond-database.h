/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PondDatabaseError:
 * @POND_DATABASE_ERROR_UNREADABLE: the file is no database, or a damaged one
 * @POND_DATABASE_ERROR_NEWER: the file was made by a newer Millpond
 * @POND_DATABASE_ERROR_FULL: the disk is full
 * @POND_DATABASE_ERROR_BUSY: another process held it for too long
 * @POND_DATABASE_ERROR_FAILED: something else
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
 */
typedef struct _PondDatabase PondDatabase;

/**
 * PondStatement:
 *
 * A prepared statement. Parameters are numbered from 1, columns from 0, as SQLite does.
 */
typedef struct _PondStatement PondStatement;

PondDatabase  *pond_database_open             (const char           *path,
                                               const PondMigration  *migrations,
                                               guint                 n_migrations,
                                               GError              **error);
void           pond_database_close            (PondDatabase         *self);
gboolean       pond_database_exec             (PondDatabase         *self,
                                               const char           *sql,
                                               GError              **error);
gboolean       pond_database_begin            (PondDatabase         *self,
                                               GError              **error);
gboolean       pond_database_commit           (PondDatabase         *self,
                                               GError              **error);
void           pond_database_rollback         (PondDatabase         *self);
/* Changes whenever another connection, of any process, has committed. */
gint64         pond_database_get_data_version (PondDatabase         *self);
gint64         pond_database_get_last_id      (PondDatabase         *self);

PondStatement *pond_database_prepare          (PondDatabase         *self,
                                               const char           *sql,
                                               GError              **error);
void           pond_statement_free            (PondStatement        *self);
void           pond_statement_bind_text       (PondStatement        *self,
                                               int                   parameter,
                                               const char           *value);
void           pond_statement_bind_int        (PondStatement        *self,
                                               int                   parameter,
                                               gint64                value);
void           pond_statement_bind_double     (PondStatement        *self,
                                               int                   parameter,
                                               double                value);
/* TRUE with *row set while there are rows; FALSE is an error. */
gboolean       pond_statement_step            (PondStatement        *self,
                                               gboolean             *row,
                                               GError              **error);
/* Steps to the end of a statement without rows, and makes it ready for other values. */
gboolean       pond_statement_run             (PondStatement        *self,
                                               GError              **error);
const char    *pond_statement_get_text        (PondStatement        *self,
                                               int                   column);
gint64         pond_statement_get_int         (PondStatement        *self,
                                               int                   column);
double         pond_statement_get_double      (PondStatement        *self,
                                               int                   column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondDatabase, pond_database_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondStatement, pond_statement_free)

G_END_DECLS
