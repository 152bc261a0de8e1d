/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PondDownloadState:
 * @POND_DOWNLOAD_QUEUED: waiting for its turn
 * @POND_DOWNLOAD_ENABLING: Stream is being asked to make the file
 * @POND_DOWNLOAD_PREPARING: Stream is making it; see [property@Download:percent]
 * @POND_DOWNLOAD_DOWNLOADING: bytes are coming
 * @POND_DOWNLOAD_CHECKING: the file is being checked
 * @POND_DOWNLOAD_SAVED: it is in the library
 * @POND_DOWNLOAD_PAUSED: the person paused it
 * @POND_DOWNLOAD_WAITING: it goes on by itself; see [property@Download:reason]
 * @POND_DOWNLOAD_FAILED: it does not; see [property@Download:code]
 *
 * Where a download is on its way. The nicks are the words of the command line's contract.
 */
typedef enum
{
  POND_DOWNLOAD_QUEUED,
  POND_DOWNLOAD_ENABLING,
  POND_DOWNLOAD_PREPARING,
  POND_DOWNLOAD_DOWNLOADING,
  POND_DOWNLOAD_CHECKING,
  POND_DOWNLOAD_SAVED,
  POND_DOWNLOAD_PAUSED,
  POND_DOWNLOAD_WAITING,
  POND_DOWNLOAD_FAILED,
} PondDownloadState;

/**
 * PondWaitingReason:
 * @POND_WAITING_NONE: it is not waiting
 * @POND_WAITING_NOT_READY: Stream is still processing the video itself
 * @POND_WAITING_NETWORK: there is no network
 * @POND_WAITING_METERED: the network is metered
 * @POND_WAITING_RATE_LIMIT: Stream asked to be left alone for a while
 * @POND_WAITING_RETRY: something went wrong that may go right next time
 * @POND_WAITING_DISK_FULL: there is not enough space
 * @POND_WAITING_SIGN_IN: there is no token for its account, or it was refused
 * @POND_WAITING_SCHEDULE: it is outside the hours set for downloading
 */
typedef enum
{
  POND_WAITING_NONE,
  POND_WAITING_NOT_READY,
  POND_WAITING_NETWORK,
  POND_WAITING_METERED,
  POND_WAITING_RATE_LIMIT,
  POND_WAITING_RETRY,
  POND_WAITING_DISK_FULL,
  POND_WAITING_SIGN_IN,
  POND_WAITING_SCHEDULE,
} PondWaitingReason;

/**
 * PondFailureCode:
 *
 * Why a download failed for good; the nicks are the codes of the command line's contract.
 */
typedef enum
{
  POND_FAILURE_NONE,
  POND_FAILURE_UNAUTHORIZED,
  POND_FAILURE_FORBIDDEN,
  POND_FAILURE_NOT_FOUND,
  POND_FAILURE_NOT_DOWNLOADABLE,
  POND_FAILURE_ENCODING_FAILED,
  POND_FAILURE_LINK_REFUSED,
  POND_FAILURE_CORRUPT,
  POND_FAILURE_DISK_FULL,
  POND_FAILURE_LIBRARY_UNAVAILABLE,
  POND_FAILURE_TLS,
  POND_FAILURE_NETWORK,
  POND_FAILURE_SERVER,
  POND_FAILURE_PROTOCOL,
} PondFailureCode;

#define POND_TYPE_DOWNLOAD_STATE (pond_download_state_get_type ())
#define POND_TYPE_WAITING_REASON (pond_waiting_reason_get_type ())
#define POND_TYPE_FAILURE_CODE   (pond_failure_code_get_type ())

GType       pond_download_state_get_type (void) G_GNUC_CONST;
GType       pond_waiting_reason_get_type (void) G_GNUC_CONST;
GType       pond_failure_code_get_type   (void) G_GNUC_CONST;

/* The words of the contract: "not-ready", and back; an unknown word gives the fallback. */
const char *pond_enum_to_nick            (GType        type,
                                          int          value);
int         pond_enum_from_nick          (GType        type,
                                          const char  *nick,
                                          int          fallback);

#define POND_TYPE_DOWNLOAD (pond_download_get_type ())

/**
 * PondDownload:
 *
 * One video's way from its ID to a file in the library, as the person sees it. Properties, all
 * readable and notifying on the main context: `uid`, `type` ("default" or "audio"), `title` (the ID
 * until the title is known), `account` (nullable), `state`, `reason`, `code`, `message` (nullable: one
 * sentence about what went wrong, with names of videos and hosts and never a secret), `percent` (0 to
 * 100, of the encode), `bytes`, `total` (-1 unknown), `progress` (0.0 to 1.0 of the bytes), `speed`
 * (bytes per second, 0 when none), `duration` (milliseconds, -1 unknown), `retry-at` (milliseconds
 * since 1970, 0 none), `poster` (a file that may not exist).
 *
 * Each state is on the disk before it is shown.
 */
G_DECLARE_FINAL_TYPE (PondDownload, pond_download, POND, DOWNLOAD, GObject)

const char        *pond_download_get_uid       (PondDownload *self);
const char        *pond_download_get_type_name (PondDownload *self);
const char        *pond_download_get_title     (PondDownload *self);
const char        *pond_download_get_account   (PondDownload *self);
PondDownloadState  pond_download_get_state     (PondDownload *self);
PondWaitingReason  pond_download_get_reason    (PondDownload *self);
PondFailureCode    pond_download_get_code      (PondDownload *self);
const char        *pond_download_get_message   (PondDownload *self);
double             pond_download_get_percent   (PondDownload *self);
guint64            pond_download_get_bytes     (PondDownload *self);
gint64             pond_download_get_total     (PondDownload *self);
double             pond_download_get_progress  (PondDownload *self);
double             pond_download_get_speed     (PondDownload *self);
gint64             pond_download_get_duration  (PondDownload *self);
gint64             pond_download_get_retry_at  (PondDownload *self);
GFile             *pond_download_get_poster    (PondDownload *self);
guint64            pond_download_get_resumed_from (PondDownload *self);

/* Whether it is neither saved, failed nor paused: it moves, or will by itself. */
gboolean           pond_download_is_active     (PondDownload *self);

G_END_DECLS
