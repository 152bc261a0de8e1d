/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

#define CLIP_FPS   30
#define CLIP_FRAME (GST_SECOND / CLIP_FPS)

/**
 * ClipKind:
 * @CLIP_VIDEO: H.264 of 320×180 at 30 frames a second with a key frame each two seconds, and AAC
 * @CLIP_SOUND: AAC alone
 * @CLIP_NO_DECODER: AAC, and pictures in a format that nothing decodes
 */
typedef enum
{
  CLIP_VIDEO,
  CLIP_SOUND,
  CLIP_NO_DECODER,
} ClipKind;

/* Makes the folder that clips are written to. It goes with the test's own folders. */
void   clips_set_up    (void);

/* Writes an MP4 with its index in front. */
GFile *clip_new        (ClipKind    kind,
                        const char *name,
                        guint       seconds);

/* Cuts @clip off after @share of its bytes, under another name. */
GFile *clip_truncated  (GFile      *clip,
                        const char *name,
                        double      share);

/* Writes @contents as they are. */
GFile *clip_from_text  (const char *name,
                        const char *contents,
                        gssize      length);

G_END_DECLS
