/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PondMp4Error:
 * @POND_MP4_ERROR_NOT_MP4: it does not begin with an `ftyp` box
 * @POND_MP4_ERROR_TRUNCATED: a box reaches past the end of the file
 * @POND_MP4_ERROR_INVALID: the boxes make no sense, or one that must be there is missing
 */
typedef enum
{
  POND_MP4_ERROR_NOT_MP4,
  POND_MP4_ERROR_TRUNCATED,
  POND_MP4_ERROR_INVALID,
} PondMp4Error;

#define POND_MP4_ERROR (pond_mp4_error_quark ())

GQuark pond_mp4_error_quark (void);

/**
 * PondMp4Info:
 * @duration: of the longest track or the movie header, in milliseconds
 * @width: of the first video track as shown, in pixels; 0 without one
 * @height: likewise
 * @has_video: whether there is a video track
 * @has_audio: whether there is an audio track
 *
 * What the boxes of an MP4 file tell of it.
 */
typedef struct
{
  gint64   duration;
  int      width;
  int      height;
  gboolean has_video;
  gboolean has_audio;
} PondMp4Info;

/* Walks the boxes without reading media data: ftyp first, a moov with at least one track, every box
 * within the file and the last one ending where the file ends, and every sample that the tables name
 * within it. Blocking: for worker threads. Hostile input is safe. */
gboolean pond_mp4_check (const char    *path,
                         PondMp4Info   *info,
                         GCancellable  *cancellable,
                         GError       **error);

G_END_DECLS
