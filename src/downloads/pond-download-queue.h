/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "accounts/pond-account-store.h"
#include "downloads/pond-client-pool.h"
#include "downloads/pond-download.h"
#include "library/pond-library.h"
#include "stream/pond-video-ref.h"

G_BEGIN_DECLS

#define POND_TYPE_DOWNLOAD_QUEUE (pond_download_queue_get_type ())

/**
 * PondDownloadQueue:
 *
 * All downloads of a library that are not done with, as a [iface@Gio.ListModel] of [class@Download], in
 * their order.
 *
 * One process works on a library's queue: the first one to start it. Another one that starts it later
 * follows: it sees the same downloads in the same states, and what it asks for is done by the first. When
 * the first one ends, a follower takes over.
 *
 * Properties: `owner` (whether this process does the work), `n-active` (downloads that move or will by
 * themselves), `bytes`, `total` and `speed` over the running ones, `max-running` (how many files come at
 * once, default 3), `max-retries` (how often without any progress before a download fails; 0, the
 * default, is for as long as the person wants the file).
 */
G_DECLARE_FINAL_TYPE (PondDownloadQueue, pond_download_queue, POND, DOWNLOAD_QUEUE, GObject)

/* @api_base is the Stream API's base address, without a slash at the end; see
 * pond_stream_client_choose_base(). */
PondDownloadQueue *pond_download_queue_new          (PondLibrary          *library,
                                                     PondAccountStore     *accounts,
                                                     const char           *api_base);

PondLibrary       *pond_download_queue_get_library  (PondDownloadQueue    *self);
PondAccountStore  *pond_download_queue_get_accounts (PondDownloadQueue    *self);
PondClientPool    *pond_download_queue_get_clients  (PondDownloadQueue    *self);
gboolean           pond_download_queue_is_owner     (PondDownloadQueue    *self);

/* Reads the queue from the library's index, which must be open, and goes on with it. */
void               pond_download_queue_start_async  (PondDownloadQueue    *self,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
gboolean           pond_download_queue_start_finish (PondDownloadQueue    *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);

/* Ends all work, leaving everything on the disk as it is; finishes when no file is open any more. */
void               pond_download_queue_stop_async   (PondDownloadQueue    *self,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
gboolean           pond_download_queue_stop_finish  (PondDownloadQueue    *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);

/* Queues @ref in @type ("default" or "audio"). A video that is on its way already gives the download
 * that there is; one that failed is tried again. finish(): (transfer full). */
void               pond_download_queue_add_async    (PondDownloadQueue    *self,
                                                     PondVideoRef         *ref,
                                                     const char           *type,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
PondDownload      *pond_download_queue_add_finish   (PondDownloadQueue    *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);

PondDownload      *pond_download_queue_find         (PondDownloadQueue    *self,
                                                     const char           *uid,
                                                     const char           *type);

void               pond_download_queue_pause        (PondDownloadQueue    *self,
                                                     PondDownload         *download);
/* Goes on with a paused download, tries a failed one again, or a waiting one at once. */
void               pond_download_queue_resume       (PondDownloadQueue    *self,
                                                     PondDownload         *download);
/* Takes it out of the queue and deletes what was downloaded of it. */
void               pond_download_queue_cancel       (PondDownloadQueue    *self,
                                                     PondDownload         *download);
void               pond_download_queue_retry_failed (PondDownloadQueue    *self);

G_END_DECLS
