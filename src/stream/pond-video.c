/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-video.h"
#include "stream/pond-stream-json.h"
#include "stream/pond-video-ref.h"

struct _PondVideo
{
  GObject parent_instance;

  char *uid;
  char *title;
  char *creator;
  char *state_name;
  char *error;
  char *thumbnail;
  double percent;
  gint64 duration;
  /* In microseconds. */
  gint64 created;
  PondVideoState state;
  gboolean private;
  gboolean recording;
};

G_DEFINE_FINAL_TYPE (PondVideo, pond_video, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PondVideoState, pond_video_state,
                    G_DEFINE_ENUM_VALUE (POND_VIDEO_PROCESSING, "processing"),
                    G_DEFINE_ENUM_VALUE (POND_VIDEO_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (POND_VIDEO_LIVE, "live"),
                    G_DEFINE_ENUM_VALUE (POND_VIDEO_ERROR, "error"))

enum
{
  PROP_UID = 1,
  PROP_TITLE,
  PROP_CREATOR,
  PROP_STATE,
  PROP_PERCENT,
  PROP_DURATION,
  PROP_CREATED,
  PROP_PRIVATE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
pond_video_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  PondVideo *self = POND_VIDEO (object);

  switch (prop_id)
    {
    case PROP_UID:
      g_value_set_string (value, self->uid);
      break;

    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_CREATOR:
      g_value_set_string (value, self->creator);
      break;

    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case PROP_PERCENT:
      g_value_set_double (value, self->percent);
      break;

    case PROP_DURATION:
      g_value_set_int64 (value, self->duration);
      break;

    case PROP_CREATED:
      g_value_set_int64 (value, pond_video_get_created (self));
      break;

    case PROP_PRIVATE:
      g_value_set_boolean (value, self->private);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_video_finalize (GObject *object)
{
  PondVideo *self = POND_VIDEO (object);

  g_free (self->uid);
  g_free (self->title);
  g_free (self->creator);
  g_free (self->state_name);
  g_free (self->error);
  g_free (self->thumbnail);

  G_OBJECT_CLASS (pond_video_parent_class)->finalize (object);
}

static void
pond_video_class_init (PondVideoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = pond_video_get_property;
  object_class->finalize = pond_video_finalize;

  properties[PROP_UID] = g_param_spec_string ("uid", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_CREATOR] = g_param_spec_string ("creator", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, POND_TYPE_VIDEO_STATE,
                                              POND_VIDEO_PROCESSING, flags);
  properties[PROP_PERCENT] = g_param_spec_double ("percent", NULL, NULL, 0, 100, 0, flags);
  properties[PROP_DURATION] = g_param_spec_int64 ("duration", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_CREATED] = g_param_spec_int64 ("created", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_PRIVATE] = g_param_spec_boolean ("private", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pond_video_init (PondVideo *self)
{
  self->duration = -1;
}

static PondVideoState
judge_state (const char *state,
             gboolean    ready_to_stream)
{
  if (state == NULL)
    return ready_to_stream ? POND_VIDEO_READY : POND_VIDEO_PROCESSING;
  if (g_str_equal (state, "ready"))
    return POND_VIDEO_READY;
  if (g_str_equal (state, "error"))
    return POND_VIDEO_ERROR;
  if (g_str_equal (state, "live-inprogress"))
    return POND_VIDEO_LIVE;

  return POND_VIDEO_PROCESSING;
}

static void
read_status (PondVideo  *self,
             JsonObject *object)
{
  JsonObject *status = pond_json_get_object (object, "status");

  self->state_name = g_strdup (pond_json_get_string (status, "state"));
  self->state = judge_state (self->state_name, pond_json_get_bool (object, "readyToStream", FALSE));
  self->percent = CLAMP (pond_json_get_number (status, "pctComplete", 0), 0, 100);
  self->error = g_strdup (pond_json_get_string (status, "errorReasonText"));
}

/**
 * pond_video_new_from_json:
 * @node: a video object of the API
 *
 * Reads a video, leniently: all that must be there is its ID.
 *
 * Returns: (transfer full) (nullable): the video, or %NULL if @node is none
 */
PondVideo *
pond_video_new_from_json (JsonNode *node)
{
  g_autoptr(PondVideo) self = NULL;
  JsonObject *object;
  const char *uid;
  double duration;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  object = json_node_get_object (node);
  uid = pond_json_get_string (object, "uid");
  if (uid == NULL || !pond_is_uid (uid))
    return NULL;

  self = g_object_new (POND_TYPE_VIDEO, NULL);
  self->uid = g_strdup (uid);
  self->title = g_strdup (pond_json_get_string (pond_json_get_object (object, "meta"), "name"));
  self->creator = g_strdup (pond_json_get_string (object, "creator"));
  self->thumbnail = g_strdup (pond_json_get_string (object, "thumbnail"));
  self->created = MAX (0, pond_json_get_time (object, "created"));
  self->private = pond_json_get_bool (object, "requireSignedURLs", FALSE);
  self->recording = pond_json_get_string (object, "liveInput") != NULL;
  read_status (self, object);

  duration = pond_json_get_number (object, "duration", -1);
  if (duration >= 0 && duration < G_MAXINT32)
    self->duration = (gint64) (duration * 1000 + 0.5);

  return g_steal_pointer (&self);
}

/**
 * pond_video_new:
 * @details: what is known of it, by pond_video_get_details() of another one; copied
 *
 * Makes a video of what was kept of it.
 *
 * Returns: (transfer full) (nullable): the video, or %NULL if @details have no ID
 */
PondVideo *
pond_video_new (const PondVideoDetails *details)
{
  PondVideo *self;

  if (details->uid == NULL || !pond_is_uid (details->uid))
    return NULL;

  self = g_object_new (POND_TYPE_VIDEO, NULL);
  self->uid = g_strdup (details->uid);
  self->title = g_strdup (details->title);
  self->creator = g_strdup (details->creator);
  self->state_name = g_strdup (details->state_name);
  self->error = g_strdup (details->error);
  self->thumbnail = g_strdup (details->thumbnail);
  self->state = judge_state (self->state_name, details->ready);
  self->percent = CLAMP (details->percent, 0, 100);
  self->duration = MAX (details->duration, -1);
  self->created = MAX (details->created, 0);
  self->private = details->private;
  self->recording = details->recording;

  return self;
}

/**
 * pond_video_get_details:
 * @self: a video
 * @details: (out caller-allocates): all that it is made of; texts belong to @self
 *
 * Gets what must be kept to make the video again.
 */
void
pond_video_get_details (PondVideo        *self,
                        PondVideoDetails *details)
{
  *details = (PondVideoDetails) {
    .uid = self->uid,
    .title = self->title,
    .creator = self->creator,
    .state_name = self->state_name,
    .error = self->error,
    .thumbnail = self->thumbnail,
    .percent = self->percent,
    .duration = self->duration,
    .created = self->created,
    .ready = self->state == POND_VIDEO_READY,
    .private = self->private,
    .recording = self->recording,
  };
}

/**
 * pond_video_equal:
 * @self: a video
 * @other: another description of it
 *
 * Returns: whether both say the same
 */
gboolean
pond_video_equal (PondVideo *self,
                  PondVideo *other)
{
  return g_str_equal (self->uid, other->uid) &&
         g_strcmp0 (self->title, other->title) == 0 &&
         g_strcmp0 (self->creator, other->creator) == 0 &&
         g_strcmp0 (self->state_name, other->state_name) == 0 &&
         g_strcmp0 (self->error, other->error) == 0 &&
         g_strcmp0 (self->thumbnail, other->thumbnail) == 0 &&
         self->state == other->state &&
         self->percent == other->percent &&
         self->duration == other->duration &&
         self->created == other->created &&
         self->private == other->private &&
         self->recording == other->recording;
}

/**
 * pond_video_get_uid:
 * @self: a video
 *
 * Returns: (transfer none): 32 lowercase hexadecimal digits
 */
const char *
pond_video_get_uid (PondVideo *self)
{
  return self->uid;
}

/**
 * pond_video_get_title:
 * @self: a video
 *
 * Returns: (transfer none) (nullable): `meta.name`, or %NULL when it has none
 */
const char *
pond_video_get_title (PondVideo *self)
{
  return self->title;
}

/**
 * pond_video_get_creator:
 * @self: a video
 *
 * Returns: (transfer none) (nullable): the creator
 */
const char *
pond_video_get_creator (PondVideo *self)
{
  return self->creator;
}

/**
 * pond_video_get_state:
 * @self: a video
 *
 * Returns: how far Stream is with it
 */
PondVideoState
pond_video_get_state (PondVideo *self)
{
  return self->state;
}

/**
 * pond_video_get_state_name:
 * @self: a video
 *
 * Returns: (transfer none): the API's own word for its state, or ours when it gave none
 */
const char *
pond_video_get_state_name (PondVideo *self)
{
  if (self->state_name != NULL)
    return self->state_name;

  return self->state == POND_VIDEO_READY ? "ready" : "inprogress";
}

/**
 * pond_video_get_error:
 * @self: a video
 *
 * Returns: (transfer none) (nullable): why Stream could not process it, in its own words
 */
const char *
pond_video_get_error (PondVideo *self)
{
  return self->error;
}

/**
 * pond_video_get_percent:
 * @self: a video
 *
 * Returns: how much of the processing is done, 0 to 100
 */
double
pond_video_get_percent (PondVideo *self)
{
  return self->percent;
}

/**
 * pond_video_get_duration:
 * @self: a video
 *
 * Returns: its length in milliseconds, or -1 while that is not known
 */
gint64
pond_video_get_duration (PondVideo *self)
{
  return self->duration;
}

/**
 * pond_video_get_created:
 * @self: a video
 *
 * Returns: when it was made, in seconds since 1970, or 0
 */
gint64
pond_video_get_created (PondVideo *self)
{
  return self->created / G_USEC_PER_SEC;
}

/**
 * pond_video_get_created_usec:
 * @self: a video
 *
 * Returns: when it was made, in microseconds since 1970, or 0: finely enough to order videos by
 */
gint64
pond_video_get_created_usec (PondVideo *self)
{
  return self->created;
}

/**
 * pond_video_get_private:
 * @self: a video
 *
 * Returns: whether its addresses must be signed (`requireSignedURLs`)
 */
gboolean
pond_video_get_private (PondVideo *self)
{
  return self->private;
}

/**
 * pond_video_get_recording:
 * @self: a video
 *
 * Returns: whether it is the recording of a live input
 */
gboolean
pond_video_get_recording (PondVideo *self)
{
  return self->recording;
}

/**
 * pond_video_get_thumbnail:
 * @self: a video
 *
 * Returns: (transfer none) (nullable): the address of its poster, with the plain uid in it
 */
const char *
pond_video_get_thumbnail (PondVideo *self)
{
  return self->thumbnail;
}
