/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "transfer/pond-transfer-error.h"

G_BEGIN_DECLS

#define POND_TYPE_TRANSFER (pond_transfer_get_type ())

/**
 * PondTransfer:
 *
 * Brings one HTTP resource into one file, going on where an earlier run, of this process or of one
 * that was killed, left off. It knows nothing of Stream and never tries again by itself: a run ends
 * with the whole file or with an error, and whoever owns the transfer decides what follows.
 *
 * Beside the file lies a checkpoint (`<file>.checkpoint`): the validator and length that the server
 * gave, how many bytes are known to be on the disk, and the boot they were written in. After a kill
 * the file's own length counts; after a loss of power, the checkpoint's.
 *
 * What is missing is asked for with `Range` and, when the server gave a strong ETag or a date of
 * the last change, `If-Range`. When it gave neither, the last 64 KiB are asked for again and
 * compared. If the answer is not the next part of the same thing, the run starts over from the
 * first byte, once.
 *
 * An answer that says nothing of its length, and ends with the connection, can't be shown to be
 * whole: what came is then taken for the file, and whoever knows its format has to look. The same
 * goes for one that announces less than the server has, for HTTP ends it there.
 *
 * A run takes a worker thread with blocking reads. Everything is called on the thread that made the
 * transfer; properties change, and notify, on its main context, at most ten times a second.
 */
G_DECLARE_FINAL_TYPE (PondTransfer, pond_transfer, POND, TRANSFER, GObject)

PondTransfer *pond_transfer_new               (GFile                *file);

GFile        *pond_transfer_get_file          (PondTransfer         *self);

void          pond_transfer_set_uri           (PondTransfer         *self,
                                               const char           *uri);
void          pond_transfer_set_allow_http    (PondTransfer         *self,
                                               gboolean              allow_http);
void          pond_transfer_set_tls_database  (PondTransfer         *self,
                                               GTlsDatabase         *database);
void          pond_transfer_set_stall_timeout (PondTransfer         *self,
                                               guint                 milliseconds);

guint64       pond_transfer_get_received      (PondTransfer         *self);
gint64        pond_transfer_get_total         (PondTransfer         *self);
guint64       pond_transfer_get_resumed_from  (PondTransfer         *self);
guint64       pond_transfer_get_delivered     (PondTransfer         *self);

void          pond_transfer_run_async         (PondTransfer         *self,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean      pond_transfer_run_finish        (PondTransfer         *self,
                                               GAsyncResult         *result,
                                               GError              **error);

void          pond_transfer_inspect_async     (PondTransfer         *self,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean      pond_transfer_inspect_finish    (PondTransfer         *self,
                                               GAsyncResult         *result,
                                               GError              **error);

gboolean      pond_transfer_discard           (GFile                *file,
                                               GError              **error);
gboolean      pond_transfer_forget            (GFile                *file,
                                               GError              **error);

G_END_DECLS
