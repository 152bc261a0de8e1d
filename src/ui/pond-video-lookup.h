/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "downloads/pond-download-queue.h"
#include "stream/pond-video-ref.h"

G_BEGIN_DECLS

#define POND_TYPE_VIDEO_LOOKUP (pond_video_lookup_get_type ())

/**
 * PondVideoLookup:
 *
 * What Stream says of videos that somebody is about to add. Each is asked for once, a few at a time.
 *
 * Signal: `changed`, when an answer has come.
 */
G_DECLARE_FINAL_TYPE (PondVideoLookup, pond_video_lookup, POND, VIDEO_LOOKUP, GObject)

/**
 * pond_video_lookup_new:
 * @queue: whose accounts and clients are used
 *
 * Returns: (transfer full): a new object
 */
PondVideoLookup *pond_video_lookup_new    (PondDownloadQueue  *queue);

/**
 * pond_video_lookup_find:
 * @self: a look-up
 * @ref: a video
 * @error: (out) (optional) (nullable) (transfer none): why nothing is known, when that is known
 *
 * Looks @ref up. When it was not asked for yet, and there is an account, it is now.
 *
 * Returns: (nullable) (transfer none): the video
 */
PondVideo       *pond_video_lookup_find   (PondVideoLookup    *self,
                                           PondVideoRef       *ref,
                                           const GError      **error);

/**
 * pond_video_lookup_cancel:
 * @self: a look-up
 *
 * Ends all that is under way, for good.
 */
void             pond_video_lookup_cancel (PondVideoLookup    *self);

G_END_DECLS
