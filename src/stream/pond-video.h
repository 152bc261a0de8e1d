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

/**
 * PondVideoDetails:
 * @state_name: (nullable): the API's word for its state
 * @error: (nullable): why Stream could not process it
 * @thumbnail: (nullable): the address of its poster
 * @duration: milliseconds, or -1
 * @created: microseconds since 1970, or 0
 * @ready: whether it plays, which counts where there is no @state_name
 *
 * What a video is made of, for who keeps it. The texts are not owned.
 */
typedef struct
{
  const char *uid;
  const char *title;
  const char *creator;
  const char *state_name;
  const char *error;
  const char *thumbnail;
  double percent;
  gint64 duration;
  gint64 created;
  gboolean ready;
  gboolean private;
  gboolean recording;
} PondVideoDetails;

#define POND_TYPE_VIDEO (pond_video_get_type ())

/**
 * PondVideo:
 *
 * A video as the API describes it. Immutable. Properties: `uid`, `title`, `creator`, `state`, `percent`,
 * `duration`, `created`, `private`.
 */
G_DECLARE_FINAL_TYPE (PondVideo, pond_video, POND, VIDEO, GObject)

/**
 * PondVideoPageFunc:
 * @videos: (element-type PondVideo): what is new on the page, never empty
 * @user_data: what was given with it
 *
 * Gets one page of a list of videos.
 *
 * Returns: whether to go on with the next page
 */
typedef gboolean (*PondVideoPageFunc) (GPtrArray *videos,
                                       gpointer   user_data);

PondVideo      *pond_video_new_from_json (JsonNode   *node);
PondVideo      *pond_video_new           (const PondVideoDetails *details);

void            pond_video_get_details   (PondVideo        *self,
                                          PondVideoDetails *details);
gboolean        pond_video_equal         (PondVideo  *self,
                                          PondVideo  *other);

const char     *pond_video_get_uid       (PondVideo  *self);
const char     *pond_video_get_title     (PondVideo  *self);
const char     *pond_video_get_creator   (PondVideo  *self);
PondVideoState  pond_video_get_state     (PondVideo  *self);
const char     *pond_video_get_state_name (PondVideo *self);
const char     *pond_video_get_error     (PondVideo  *self);
double          pond_video_get_percent   (PondVideo  *self);
gint64          pond_video_get_duration  (PondVideo  *self);
gint64          pond_video_get_created   (PondVideo  *self);
gint64          pond_video_get_created_usec (PondVideo *self);
gboolean        pond_video_get_private   (PondVideo  *self);
gboolean        pond_video_get_recording (PondVideo  *self);
const char     *pond_video_get_thumbnail (PondVideo  *self);

G_END_DECLS
