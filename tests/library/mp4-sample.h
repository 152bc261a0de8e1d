/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Mp4Sample:
 * @video: the length of the video track in milliseconds; 0 for none
 * @audio: the length of the audio track in milliseconds; 0 for none
 * @moov_last: the movie header comes after the media
 * @wide: 64-bit sizes, times and offsets
 * @compact: sample sizes in 4 bits (`stz2`)
 * @fragmented: samples are in fragments of their own
 * @turned: the picture is to be shown turned by 90°
 *
 * What kind of MP4 file to make.
 */
typedef struct
{
  guint    video;
  guint    audio;
  gboolean moov_last;
  gboolean wide;
  gboolean compact;
  gboolean fragmented;
  gboolean turned;
} Mp4Sample;

/* A whole file by its boxes, though no decoder would find pictures in it. 320x180 pixels, ten
 * samples a second. (transfer full) */
GBytes *mp4_sample_make (const Mp4Sample *self);

G_END_DECLS
