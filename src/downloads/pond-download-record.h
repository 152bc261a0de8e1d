/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "downloads/pond-download.h"
#include "library/pond-database.h"

G_BEGIN_DECLS

/**
 * PondDownloadRecord:
 * @id: the row's number, 0 before it has one
 * @host: (nullable): the delivery host that a link named, for videos of no account of ours
 * @attempts: how often in a row something went wrong without any progress
 * @retry_at: Unix milliseconds of the next try, 0 none
 * @request: (nullable): what another process asks the owner of the queue to do: "pause", "resume" or
 *   "cancel"
 * @position: its place in the queue; the least comes first
 *
 * A download as its row in the index has it.
 */
typedef struct
{
  gint64             id;
  char              *uid;
  char              *type;
  char              *account;
  char              *host;
  char              *title;
  char              *creator;
  gboolean           private;
  gint64             created;
  gint64             duration;
  PondDownloadState  state;
  PondWaitingReason  reason;
  PondFailureCode    code;
  char              *message;
  double             percent;
  guint64            bytes;
  gint64             total;
  int                attempts;
  gint64             retry_at;
  guint64            resumed_from;
  char              *request;
  double             position;
} PondDownloadRecord;

PondDownloadRecord *pond_download_record_new      (const char                *uid,
                                                   const char                *type);
PondDownloadRecord *pond_download_record_copy     (const PondDownloadRecord  *self);
void                pond_download_record_free     (PondDownloadRecord        *self);

/* The columns that pond_download_record_read() expects, in its order. */
#define POND_DOWNLOAD_COLUMNS                                                                     \
  "id, uid, type, account, host, title, creator, private, created, duration, state, reason, code, " \
  "message, percent, bytes, total, attempts, retry_at, resumed_from, request, position"

PondDownloadRecord *pond_download_record_read     (PondStatement             *statement);
gboolean            pond_download_record_insert   (PondDownloadRecord        *self,
                                                   PondDatabase              *database,
                                                   GError                   **error);
gboolean            pond_download_record_update   (const PondDownloadRecord  *self,
                                                   PondDatabase              *database,
                                                   GError                   **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondDownloadRecord, pond_download_record_free)

G_END_DECLS
