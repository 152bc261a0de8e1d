/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * PondVideoState:
 * @POND_VIDEO_PROCESSING: Stream has not finished with it: uploading, queued or encoding
 * @POND_VIDEO_READY: it plays; downloads can be made
 * @POND_VIDEO_LIVE: it is being broadcast; downloads can be made after the end
 * @POND_VIDEO_ERROR: Stream could not process it
 *
 * The states of the API, as far as they differ for somebody who wants the file.
 */
typedef enum
{
  POND_VIDEO_PROCESSING,
  POND_VIDEO_READY,
  POND_VIDEO_LIVE,
  POND_VIDEO_ERROR,
} PondVideoState;

#define POND_TYPE_VIDEO_STATE (pond_video_state_get_type ())

GType pond_video_state_get_type (void) G_GNUC_CONST;

#define POND_TYPE_VIDEO (pond_video_get_type ())

/**
 * PondVideo:
 *
 * A video as the API describes it. Immutable. Properties: `uid`, `title`, `creator`, `state`, `percent`,
 * `duration`, `created`, `private`.
 */
G_DECLARE_FINAL_TYPE (PondVideo, pond_video, POND, VIDEO, GObject)

PondVideo      *pond_video_new_from_json (JsonNode   *node);

const char     *pond_video_get_uid       (PondVideo  *self);
const char     *pond_video_get_title     (PondVideo  *self);
const char     *pond_video_get_creator   (PondVideo  *self);
PondVideoState  pond_video_get_state     (PondVideo  *self);
const char     *pond_video_get_state_name (PondVideo *self);
const char     *pond_video_get_error     (PondVideo  *self);
double          pond_video_get_percent   (PondVideo  *self);
gint64          pond_video_get_duration  (PondVideo  *self);
gint64          pond_video_get_created   (PondVideo  *self);
gboolean        pond_video_get_private   (PondVideo  *self);
gboolean        pond_video_get_recording (PondVideo  *self);
const char     *pond_video_get_thumbnail (PondVideo  *self);

G_END_DECLS
