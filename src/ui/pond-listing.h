/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "downloads/pond-download-queue.h"
#include "stream/pond-video.h"
#include "ui/pond-thumbnails.h"

G_BEGIN_DECLS

/**
 * PondAvailability:
 * @POND_AVAILABLE: the video can be downloaded
 * @POND_UNAVAILABLE: Stream can't make a file of it (yet)
 * @POND_ON_ITS_WAY: it is in the queue
 * @POND_SAVED: it is in the library
 *
 * What a video on an account is to this library.
 */
typedef enum
{
  POND_AVAILABLE,
  POND_UNAVAILABLE,
  POND_ON_ITS_WAY,
  POND_SAVED,
} PondAvailability;

#define POND_TYPE_LISTING (pond_listing_get_type ())

/**
 * PondListing:
 *
 * A video on an account, and what there is of it here. Properties, all read-only: `video`, `title`, and,
 * which notify, `poster` (a file, once there is one) and `availability` (an int).
 */
G_DECLARE_FINAL_TYPE (PondListing, pond_listing, POND, LISTING, GObject)

/**
 * pond_listing_new:
 * @video: a video
 * @queue: whose library and downloads to look into
 * @thumbnails: where posters come from
 *
 * Returns: (transfer full): a new listing
 */
PondListing *pond_listing_new       (PondVideo         *video,
                                     PondDownloadQueue *queue,
                                     PondThumbnails    *thumbnails);

/* (transfer none) */
PondVideo   *pond_listing_get_video (PondListing       *self);

/**
 * pond_listing_update:
 * @self: a listing
 * @queue: whose library and downloads to look into
 *
 * Looks again whether the video is saved or on its way.
 */
void         pond_listing_update    (PondListing       *self,
                                     PondDownloadQueue *queue);

/**
 * pond_listing_load_poster:
 * @self: a listing
 * @cancellable: (nullable): ends it
 *
 * Gets the poster, unless there is one already.
 */
void         pond_listing_load_poster (PondListing     *self,
                                       GCancellable    *cancellable);

G_END_DECLS
