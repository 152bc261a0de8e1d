/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PondTransferError:
 * @POND_TRANSFER_ERROR_REFUSED: the server said 401, 403 or 410: the link is no longer good
 * @POND_TRANSFER_ERROR_NOT_FOUND: the server said 404
 * @POND_TRANSFER_ERROR_UNPROCESSABLE: the server said 424: the video can't be delivered
 * @POND_TRANSFER_ERROR_SERVER: 5xx, 429 or 408; see [func@TransferError.get_retry_after]
 * @POND_TRANSFER_ERROR_NETWORK: no route, no name, refused, reset, or closed before the end
 * @POND_TRANSFER_ERROR_STALLED: no byte came for the stall time
 * @POND_TRANSFER_ERROR_TLS: the certificate was not accepted
 * @POND_TRANSFER_ERROR_REDIRECT: a redirect that is not followed: too many, a loop, or not to https
 * @POND_TRANSFER_ERROR_NOT_MEDIA: what came is a web page or another text, not a video
 * @POND_TRANSFER_ERROR_LENGTH: more bytes came than were announced; nothing of the file is kept
 * @POND_TRANSFER_ERROR_PROTOCOL: an answer that makes no sense, or an address that may not be asked
 * @POND_TRANSFER_ERROR_DISK_FULL: no space is left for the file, or the file system can't hold one
 *   of its length
 * @POND_TRANSFER_ERROR_FILE: the file could not be written for another reason
 *
 * Why one run of a [class@Transfer] ended early. What was written before stays and is gone on from,
 * unless it says otherwise above. Cancelling is %G_IO_ERROR_CANCELLED.
 *
 * Messages name the host and the cause. They never hold an address, for there may be a token in it.
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

GQuark  pond_transfer_error_quark           (void);

double  pond_transfer_error_get_retry_after (const GError *error);

/* For those who make such errors. */
void    pond_transfer_error_set_retry_after (GError       *error,
                                             double        seconds);
void    pond_transfer_error_set_errno       (GError      **error,
                                             int           saved_errno,
                                             const char   *what);

G_END_DECLS
