/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PondTransferError:
 * @POND_TRANSFER_ERROR_REFUSED: the server said 401, 403 or 410: the link is no longer good
 * @POND_TRANSFER_ERROR_NOT_FOUND: the server said 404
 * @POND_TRANSFER_ERROR_UNPROCESSABLE: the server said 424: there is a video, but it can't be delivered
 * @POND_TRANSFER_ERROR_SERVER: 5xx, 429 or 408; see [func@TransferError.get_retry_after]
 * @POND_TRANSFER_ERROR_NETWORK: no route, no name, refused, reset, or closed before the end
 * @POND_TRANSFER_ERROR_STALLED: no byte came for the stall time
 * @POND_TRANSFER_ERROR_TLS: the certificate was not accepted
 * @POND_TRANSFER_ERROR_REDIRECT: a redirect that is not followed: too many, a loop, or not to https
 * @POND_TRANSFER_ERROR_NOT_MEDIA: what came is a web page or another text, not a video
 * @POND_TRANSFER_ERROR_LENGTH: more or other bytes than were announced; nothing of it is kept
 * @POND_TRANSFER_ERROR_PROTOCOL: an answer that makes no sense
 * @POND_TRANSFER_ERROR_DISK_FULL: no space is left for the file
 * @POND_TRANSFER_ERROR_FILE: the file could not be written for another reason
 *
 * Why one run of a [class@Transfer] ended early. What was written before stays and is gone on from,
 * unless it says otherwise above. Cancelling is %G_IO_ERROR_CANCELLED.
 */
typedef enum
{
  POND_TRANSFER_ERROR_REFUSED,
  POND_TRANSFER_ERROR_NOT_FOUND,
  POND_TRANSFER_ERROR_UNPROCESSABLE,
  POND_TRANSFER_ERROR_SERVER,
  POND_TRANSFER_ERROR_NETWORK,
  POND_TRANSFER_ERROR_STALLED,
  POND_TRANSFER_ERROR_TLS,
  POND_TRANSFER_ERROR_REDIRECT,
  POND_TRANSFER_ERROR_NOT_MEDIA,
  POND_TRANSFER_ERROR_LENGTH,
  POND_TRANSFER_ERROR_PROTOCOL,
  POND_TRANSFER_ERROR_DISK_FULL,
  POND_TRANSFER_ERROR_FILE,
} PondTransferError;

#define POND_TRANSFER_ERROR (pond_transfer_error_quark ())

GQuark   pond_transfer_error_quark           (void);

/**
 * pond_transfer_error_get_retry_after:
 * @error: an error of the domain %POND_TRANSFER_ERROR
 *
 * Gets how long the server asked to be left alone.
 *
 * Returns: seconds, or -1 when it did not say
 */
double   pond_transfer_error_get_retry_after (const GError *error);

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
 * A run takes a worker thread with blocking reads. Properties change, and notify, on the main context
 * that the transfer was made in.
 */
G_DECLARE_FINAL_TYPE (PondTransfer, pond_transfer, POND, TRANSFER, GObject)

PondTransfer *pond_transfer_new               (GFile                *file);

GFile        *pond_transfer_get_file          (PondTransfer         *self);

/* The address the next run asks; (nullable) until set. May be changed between runs: a new token in
 * the path is the same resource. */
void          pond_transfer_set_uri           (PondTransfer         *self,
                                               const char           *uri);

/* Plain http and loopback redirects are allowed only for a server on loopback; default FALSE. */
void          pond_transfer_set_allow_http    (PondTransfer         *self,
                                               gboolean              allow_http);

/* Trust anchors in place of the system's; (nullable). */
void          pond_transfer_set_tls_database  (PondTransfer         *self,
                                               GTlsDatabase         *database);

/* Milliseconds without a byte after which the connection counts as lost; default 30,000. */
void          pond_transfer_set_stall_timeout (PondTransfer         *self,
                                               guint                 milliseconds);

/* Bytes that are in the file now, those of earlier runs included. */
guint64       pond_transfer_get_received      (PondTransfer         *self);
/* Bytes the whole file will have, or -1 while that is not known. */
gint64        pond_transfer_get_total         (PondTransfer         *self);
/* Bytes that were on the disk when the last run began to receive: where it resumed from. */
guint64       pond_transfer_get_resumed_from  (PondTransfer         *self);
/* Bytes of body that came over the network in this object's life: what will be billed. */
guint64       pond_transfer_get_delivered     (PondTransfer         *self);

void          pond_transfer_run_async         (PondTransfer         *self,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean      pond_transfer_run_finish        (PondTransfer         *self,
                                               GAsyncResult         *result,
                                               GError              **error);

/* Looks what is on the disk (file and checkpoint), without network: sets received and total. */
void          pond_transfer_inspect_async     (PondTransfer         *self,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean      pond_transfer_inspect_finish    (PondTransfer         *self,
                                               GAsyncResult         *result,
                                               GError              **error);

/* Deletes file and checkpoint. Not while a run is under way. */
gboolean      pond_transfer_discard           (GFile                *file,
                                               GError              **error);
/* Deletes the checkpoint alone, for when the finished file was moved to its place. */
gboolean      pond_transfer_forget            (GFile                *file,
                                               GError              **error);

G_END_DECLS
