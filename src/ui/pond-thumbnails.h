/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "downloads/pond-download-queue.h"
#include "stream/pond-video.h"

G_BEGIN_DECLS

#define POND_TYPE_THUMBNAILS (pond_thumbnails_get_type ())

/**
 * PondThumbnails:
 *
 * Pictures of an account's videos, as files: those of saved videos from the library, the others from
 * Stream, a few at a time, kept in the cache folder.
 */
G_DECLARE_FINAL_TYPE (PondThumbnails, pond_thumbnails, POND, THUMBNAILS, GObject)

/**
 * pond_thumbnails_new:
 * @queue: whose library and clients are used
 * @account_id: the account
 *
 * Returns: (transfer full): a new object, which asks nobody before it has to
 */
PondThumbnails *pond_thumbnails_new        (PondDownloadQueue    *queue,
                                            const char           *account_id);

/**
 * pond_thumbnails_get_async:
 * @self: thumbnails
 * @video: a video on the account
 * @cancellable: (nullable): ends it; one that has not begun costs nothing
 * @callback:
 * @user_data:
 *
 * Finds or fetches the picture of @video.
 */
void            pond_thumbnails_get_async  (PondThumbnails       *self,
                                            PondVideo            *video,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);

/**
 * pond_thumbnails_get_finish:
 * @self: thumbnails
 * @result:
 * @error: of %POND_STREAM_ERROR or %G_IO_ERROR
 *
 * Returns: (transfer full): a file, or %NULL with @error set
 */
GFile          *pond_thumbnails_get_finish (PondThumbnails       *self,
                                            GAsyncResult         *result,
                                            GError              **error);

G_END_DECLS
