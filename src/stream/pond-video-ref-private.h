/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "stream/pond-video-ref.h"

G_BEGIN_DECLS

struct _PondVideoRef
{
  gatomicrefcount ref_count;
  char *uid;
  char *host;
  char *account;
  char *token;
  const char *type;
};

/**
 * PondNoVideo:
 * @POND_NO_VIDEO_MEANT: nothing says that a video was meant
 * @POND_NO_VIDEO_ID: an ID with a digit too many, too few, or wrong
 * @POND_NO_VIDEO_NAMED: an address of Stream that names no video
 * @POND_NO_VIDEO_SCRIPT: the player's script
 * @POND_NO_VIDEO_LIVE_INPUT: the address of a live input
 * @POND_NO_VIDEO_IN_TOKEN: a signed token that does not say which video it is for
 * @POND_NO_VIDEO_STREAM: the address of something else
 *
 * Why a word is no video.
 */
typedef enum
{
  POND_NO_VIDEO_MEANT,
  POND_NO_VIDEO_ID,
  POND_NO_VIDEO_NAMED,
  POND_NO_VIDEO_SCRIPT,
  POND_NO_VIDEO_LIVE_INPUT,
  POND_NO_VIDEO_IN_TOKEN,
  POND_NO_VIDEO_STREAM,
} PondNoVideo;

/* Reads an ID or a signed token, percent-escaped or not. */
PondVideoRef *pond_video_ref_read_segment (const char   *text,
                                           PondNoVideo  *reason);
/* Reads a word that has a slash in it. */
PondVideoRef *pond_video_ref_read_address (const char   *text,
                                           PondNoVideo  *reason);

GPtrArray    *pond_video_ref_scan_bytes   (GBytes       *bytes,
                                           GPtrArray   **rejected);

G_END_DECLS
