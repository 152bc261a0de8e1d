/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "downloads/pond-download-record.h"

/**
 * pond_download_record_new:
 * @uid: a video
 * @type: "default" or "audio"
 *
 * Returns: (transfer full): a queued download of which nothing else is known
 */
PondDownloadRecord *
pond_download_record_new (const char *uid,
                          const char *type)
{
  PondDownloadRecord *self = g_new0 (PondDownloadRecord, 1);

  self->uid = g_strdup (uid);
  self->type = g_strdup (type);
  self->title = g_strdup ("");
  self->duration = -1;
  self->total = -1;

  return self;
}

/**
 * pond_download_record_copy:
 * @self: a record
 *
 * Returns: (transfer full): a copy
 */
PondDownloadRecord *
pond_download_record_copy (const PondDownloadRecord *self)
{
  PondDownloadRecord *copy = g_memdup2 (self, sizeof *self);

  copy->uid = g_strdup (self->uid);
  copy->type = g_strdup (self->type);
  copy->account = g_strdup (self->account);
  copy->host = g_strdup (self->host);
  copy->title = g_strdup (self->title);
  copy->creator = g_strdup (self->creator);
  copy->message = g_strdup (self->message);
  copy->request = g_strdup (self->request);

  return copy;
}

void
pond_download_record_free (PondDownloadRecord *self)
{
  g_free (self->uid);
  g_free (self->type);
  g_free (self->account);
  g_free (self->host);
  g_free (self->title);
  g_free (self->creator);
  g_free (self->message);
  g_free (self->request);
  g_free (self);
}

/**
 * pond_download_record_read:
 * @statement: a statement that stands on a row of `POND_DOWNLOAD_COLUMNS`
 *
 * Returns: (transfer full): the row
 */
PondDownloadRecord *
pond_download_record_read (PondStatement *statement)
{
  PondDownloadRecord *self = g_new0 (PondDownloadRecord, 1);
  int column = 0;

  self->id = pond_statement_get_int (statement, column++);
  self->uid = g_strdup (pond_statement_get_text (statement, column++));
  self->type = g_strdup (pond_statement_get_text (statement, column++));
  self->account = g_strdup (pond_statement_get_text (statement, column++));
  self->host = g_strdup (pond_statement_get_text (statement, column++));
  self->title = g_strdup (pond_statement_get_text (statement, column++));
  self->creator = g_strdup (pond_statement_get_text (statement, column++));
  self->private = pond_statement_get_int (statement, column++) != 0;
  self->created = pond_statement_get_int (statement, column++);
  self->duration = pond_statement_get_int (statement, column++);
  self->state = pond_enum_from_nick (POND_TYPE_DOWNLOAD_STATE, pond_statement_get_text (statement, column++),
                                     POND_DOWNLOAD_QUEUED);
  self->reason = pond_enum_from_nick (POND_TYPE_WAITING_REASON, pond_statement_get_text (statement, column++),
                                      POND_WAITING_NONE);
  self->code = pond_enum_from_nick (POND_TYPE_FAILURE_CODE, pond_statement_get_text (statement, column++),
                                    POND_FAILURE_NONE);
  self->message = g_strdup (pond_statement_get_text (statement, column++));
  self->percent = pond_statement_get_double (statement, column++);
  self->bytes = (guint64) pond_statement_get_int (statement, column++);
  self->total = pond_statement_get_int (statement, column++);
  self->attempts = (int) pond_statement_get_int (statement, column++);
  self->retry_at = pond_statement_get_int (statement, column++);
  self->resumed_from = (guint64) pond_statement_get_int (statement, column++);
  self->request = g_strdup (pond_statement_get_text (statement, column++));
  self->position = pond_statement_get_double (statement, column++);

  return self;
}

static const char *
nick_or_null (GType type,
              int   value)
{
  return value != 0 ? pond_enum_to_nick (type, value) : NULL;
}

/* Binds what changes on the way, as parameters 1 to 15. */
static void
bind_changing (PondStatement            *statement,
               const PondDownloadRecord *self)
{
  pond_statement_bind_text (statement, 1, self->account);
  pond_statement_bind_text (statement, 2, self->title);
  pond_statement_bind_text (statement, 3, self->creator);
  pond_statement_bind_int (statement, 4, self->private);
  pond_statement_bind_int (statement, 5, self->created);
  pond_statement_bind_int (statement, 6, self->duration);
  pond_statement_bind_text (statement, 7, pond_enum_to_nick (POND_TYPE_DOWNLOAD_STATE, self->state));
  pond_statement_bind_text (statement, 8, nick_or_null (POND_TYPE_WAITING_REASON, self->reason));
  pond_statement_bind_text (statement, 9, nick_or_null (POND_TYPE_FAILURE_CODE, self->code));
  pond_statement_bind_text (statement, 10, self->message);
  pond_statement_bind_double (statement, 11, self->percent);
  pond_statement_bind_int (statement, 12, (gint64) self->bytes);
  pond_statement_bind_int (statement, 13, self->total);
  pond_statement_bind_int (statement, 14, self->attempts);
  pond_statement_bind_int (statement, 15, self->retry_at);
}

/**
 * pond_download_record_insert:
 * @self: a record without a row
 * @database: the index, on its worker
 * @error: of the domain %POND_DATABASE_ERROR
 *
 * Puts a download at the end of the queue and sets @self's number.
 *
 * Returns: whether it is there
 */
gboolean
pond_download_record_insert (PondDownloadRecord  *self,
                             PondDatabase        *database,
                             GError             **error)
{
  g_autoptr(PondStatement) statement = pond_database_prepare (database,
      "INSERT INTO download (account, title, creator, private, created, duration, state, reason, code,"
      " message, percent, bytes, total, attempts, retry_at, uid, type, host, added_at, position)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
      " unixepoch (), (SELECT coalesce (max (position), 0) + 1 FROM download))", error);

  if (statement == NULL)
    return FALSE;

  bind_changing (statement, self);
  pond_statement_bind_text (statement, 16, self->uid);
  pond_statement_bind_text (statement, 17, self->type);
  pond_statement_bind_text (statement, 18, self->host);
  if (!pond_statement_run (statement, error))
    return FALSE;

  self->id = pond_database_get_last_id (database);

  return TRUE;
}

/**
 * pond_download_record_update:
 * @self: a record with a row
 * @database: the index, on its worker
 * @error: of the domain %POND_DATABASE_ERROR
 *
 * Writes where a download is on its way. What another process asks for is left alone.
 *
 * Returns: whether it was written
 */
gboolean
pond_download_record_update (const PondDownloadRecord  *self,
                             PondDatabase              *database,
                             GError                   **error)
{
  g_autoptr(PondStatement) statement = pond_database_prepare (database,
      "UPDATE download SET account = ?1, title = ?2, creator = ?3, private = ?4, created = ?5,"
      " duration = ?6, state = ?7, reason = ?8, code = ?9, message = ?10, percent = ?11, bytes = ?12,"
      " total = ?13, attempts = ?14, retry_at = ?15, resumed_from = ?16 WHERE id = ?17", error);

  if (statement == NULL)
    return FALSE;

  bind_changing (statement, self);
  pond_statement_bind_int (statement, 16, (gint64) self->resumed_from);
  pond_statement_bind_int (statement, 17, self->id);

  return pond_statement_run (statement, error);
}
