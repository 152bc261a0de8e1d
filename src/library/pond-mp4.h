/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PondMp4Error:
 * @POND_MP4_ERROR_NOT_MP4: it is not a regular file that begins with an `ftyp` box
 * @POND_MP4_ERROR_TRUNCATED: a box or a sample reaches past the end of the file
 * @POND_MP4_ERROR_INVALID: the boxes make no sense, or one that must be there is missing
 *
 * Why a file is not a whole MP4 file.
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
 * @duration: milliseconds, as the movie header has it, else as the longest track has it; -1 when
 *   neither tells
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

/**
 * pond_mp4_check:
 * @path: a file
 * @info: (out caller-allocates) (optional): what it holds
 * @cancellable: (nullable): to end it early
 * @error: a %POND_MP4_ERROR, or a %G_IO_ERROR when the file can't be read
 *
 * Walks the boxes without reading media data: `ftyp` first, one `moov` with at least one track,
 * every box within the file and the last one ending where the file ends, and every sample that the
 * tables or, in a fragmented file, the track runs name within it. A symbolic link is not followed.
 *
 * It blocks, so it is for worker threads. Hostile input is safe: memory is bounded, and the work is
 * in proportion to the length of the file at worst.
 *
 * Returns: whether the file is whole
 */
gboolean pond_mp4_check       (const char    *path,
                               PondMp4Info   *info,
                               GCancellable  *cancellable,
                               GError       **error);

/**
 * pond_mp4_check_bytes:
 * @bytes: the content of a file
 * @info: (out caller-allocates) (optional): what it holds
 * @error: a %POND_MP4_ERROR
 *
 * Does what pond_mp4_check() does on bytes in memory, which is how it is fuzzed.
 *
 * Returns: whether they are a whole MP4 file
 */
gboolean pond_mp4_check_bytes (GBytes        *bytes,
                               PondMp4Info   *info,
                               GError       **error);

G_END_DECLS
