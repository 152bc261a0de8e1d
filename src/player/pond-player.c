/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-player"

#include "config.h"

#include "player/pond-player.h"

#include <math.h>

#include <gst/play/play.h>

#include "player/pond-pipeline-activity.h"
#include "player/pond-pipeline-errors.h"

#define POSITION_INTERVAL 200 /* milliseconds */

/* Where the index of a file that was cut off promises more, GStreamer reports the promised end as its
 * last position. From one report to the next it moves by less than this. */
#define LONGEST_STEP (2 * GST_SECOND)

#define LONGEST_STOP (2 * GST_SECOND)

/* A pipeline that is opening is looked at this often; found idle so many times in a row, it failed. */
#define LOOK_INTERVAL 500 /* milliseconds */
#define IDLE_LOOKS 3

typedef enum
{
  SEEK_NONE,
  SEEK_KEY_FRAME,
  SEEK_ACCURATE,
} SeekKind;

struct _PondPlayer
{
  GObject parent_instance;

  GstPlay *play;
  GstPlaySignalAdapter *signals;
  GstElement *pipeline;
  PondPipelineErrors *errors;

  /* GstPlay ends on a thread of its own, and gtk4paintablesink may end on the main one only. */
  GstElement *video_sink;

  GFile *file;
  GError *error;
  PondPlayerState state;
  GstClockTime position;
  GstClockTime position_before;
  GstClockTime duration;
  double volume;
  double rate;
  gboolean muted;
  gboolean has_video;
  gboolean seekable;

  /* What the person asked for last, which the state follows. */
  gboolean wants_play;
  /* Files handed to GstPlay that it has not taken up: until then its reports are of an older one. */
  guint n_handed;

  guint look_source;
  guint n_idle_looks;

  SeekKind seeking;
  SeekKind next_seek;
  GstClockTime seek_target;
  guint seek_serial;
};

G_DEFINE_FINAL_TYPE (PondPlayer, pond_player, G_TYPE_OBJECT)

G_DEFINE_QUARK (pond-player-error-quark, pond_player_error)

G_DEFINE_ENUM_TYPE (PondPlayerState, pond_player_state,
                    G_DEFINE_ENUM_VALUE (POND_PLAYER_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (POND_PLAYER_LOADING, "loading"),
                    G_DEFINE_ENUM_VALUE (POND_PLAYER_PLAYING, "playing"),
                    G_DEFINE_ENUM_VALUE (POND_PLAYER_PAUSED, "paused"),
                    G_DEFINE_ENUM_VALUE (POND_PLAYER_ENDED, "ended"),
                    G_DEFINE_ENUM_VALUE (POND_PLAYER_FAILED, "failed"))

typedef enum
{
  PROP_FILE = 1,
  PROP_STATE,
  PROP_POSITION,
  PROP_DURATION,
  PROP_VOLUME,
  PROP_MUTED,
  PROP_RATE,
  PROP_HAS_VIDEO,
  PROP_ERROR,
  N_PROPS,
} PondPlayerProperty;

static GParamSpec *properties[N_PROPS];

typedef struct
{
  GstElement *pipeline;
  GstClockTime position;
  double rate;
  guint serial;
} KeyFrameSeek;

static void start_seek (PondPlayer *self, SeekKind kind);

static void
key_frame_seek_free (KeyFrameSeek *seek)
{
  gst_clear_object (&seek->pipeline);
  g_free (seek);
}

static void
set_state (PondPlayer *self, PondPlayerState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
set_position (PondPlayer *self, GstClockTime position)
{
  if (self->position == position)
    return;

  self->position = position;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSITION]);
}

/* After a jump: what was before it does not count. */
static void
read_position (PondPlayer *self)
{
  set_position (self, gst_play_get_position (self->play));
  self->position_before = self->position;
}

static void
set_duration (PondPlayer *self, GstClockTime duration)
{
  if (self->duration == duration)
    return;

  self->duration = duration;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DURATION]);
}

static void
set_has_video (PondPlayer *self, gboolean has_video)
{
  if (self->has_video == has_video)
    return;

  self->has_video = has_video;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_VIDEO]);
}

static void
take_error (PondPlayer *self, GError *error)
{
  if (self->error == NULL && error == NULL)
    return;

  g_clear_error (&self->error);
  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

static gboolean
is_open (PondPlayer *self)
{
  return self->state != POND_PLAYER_STOPPED && self->state != POND_PLAYER_FAILED;
}

static gboolean
is_loaded (PondPlayer *self)
{
  return is_open (self) && self->state != POND_PLAYER_LOADING;
}

static void
forget_seeks (PondPlayer *self)
{
  self->seeking = SEEK_NONE;
  self->next_seek = SEEK_NONE;
  self->seek_serial++;
}

static void
fail (PondPlayer *self, GError *error)
{
  g_debug ("%s does not play: %s", g_file_peek_path (self->file), error->message);

  forget_seeks (self);
  self->wants_play = FALSE;
  take_error (self, error);
  set_state (self, POND_PLAYER_FAILED);
}

static gboolean
on_look_due (gpointer user_data)
{
  PondPlayer *self = user_data;

  if (self->state != POND_PLAYER_LOADING)
    {
      self->look_source = 0;
      return G_SOURCE_REMOVE;
    }

  if (self->n_handed > 0 || pond_pipeline_is_active (self->pipeline))
    {
      self->n_idle_looks = 0;
      return G_SOURCE_CONTINUE;
    }

  if (++self->n_idle_looks < IDLE_LOOKS)
    return G_SOURCE_CONTINUE;

  self->look_source = 0;
  gst_play_stop (self->play);
  fail (self, g_error_new_literal (POND_PLAYER_ERROR, POND_PLAYER_ERROR_BROKEN,
                                   "Nothing that can be played comes from the file"));

  return G_SOURCE_REMOVE;
}

static void
hand_file (PondPlayer *self)
{
  g_autofree char *uri = g_file_get_uri (self->file);

  self->n_handed++;
  gst_play_set_uri (self->play, uri);
  gst_play_pause (self->play);

  self->n_idle_looks = 0;
  if (self->look_source == 0)
    self->look_source = g_timeout_add (LOOK_INTERVAL, on_look_due, self);
}

static void
finish_loading (PondPlayer *self)
{
  take_error (self, pond_pipeline_errors_get_missing (self->errors));
  read_position (self);
  set_state (self, POND_PLAYER_PAUSED);

  if (self->wants_play)
    gst_play_play (self->play);
}

static void
finish_seek (PondPlayer *self)
{
  SeekKind next = self->next_seek;

  self->seeking = SEEK_NONE;
  self->next_seek = SEEK_NONE;

  if (next != SEEK_NONE)
    start_seek (self, next);
  else if (self->state == POND_PLAYER_LOADING)
    finish_loading (self);
  else
    read_position (self);
}

static void
on_key_frame_seek_ready (GObject *object, GAsyncResult *result, gpointer user_data)
{
  PondPlayer *self = POND_PLAYER (object);
  KeyFrameSeek *seek = g_task_get_task_data (G_TASK (result));

  if (seek->serial == self->seek_serial)
    finish_seek (self);
}

static void
key_frame_seek_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  KeyFrameSeek *seek = data;

  if (gst_element_seek (seek->pipeline, seek->rate, GST_FORMAT_TIME,
                        GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT | GST_SEEK_FLAG_SNAP_NEAREST,
                        GST_SEEK_TYPE_SET, seek->position, GST_SEEK_TYPE_NONE, 0))
    gst_element_get_state (seek->pipeline, NULL, NULL, GST_SECOND);

  /* Before the player can end: the pipeline must not end here. */
  gst_clear_object (&seek->pipeline);
  g_task_return_boolean (task, TRUE);
}

/* GstPlay seeks in one way only, which is set before it plays. Key frames are for the bar while it is
 * dragged, so that goes past it; a flush waits for the decoder, hence the thread. */
static void
seek_to_key_frame (PondPlayer *self)
{
  KeyFrameSeek *seek = g_new0 (KeyFrameSeek, 1);
  g_autoptr (GTask) task = g_task_new (self, NULL, on_key_frame_seek_ready, NULL);

  seek->pipeline = gst_object_ref (self->pipeline);
  seek->position = self->seek_target;
  seek->rate = self->rate;
  seek->serial = self->seek_serial;

  g_task_set_source_tag (task, seek_to_key_frame);
  g_task_set_task_data (task, seek, (GDestroyNotify) key_frame_seek_free);
  g_task_run_in_thread (task, key_frame_seek_in_thread);
}

static void
start_seek (PondPlayer *self, SeekKind kind)
{
  self->seeking = kind;

  if (kind == SEEK_KEY_FRAME)
    {
      seek_to_key_frame (self);
      return;
    }

  /* A new rate makes GstPlay seek to where it is; the call after that only changes where to. */
  if (gst_play_get_rate (self->play) != self->rate)
    gst_play_set_rate (self->play, self->rate);
  gst_play_seek (self->play, self->seek_target);
}

static void
on_uri_loaded (GstPlaySignalAdapter *signals, const char *uri, gpointer user_data)
{
  PondPlayer *self = user_data;

  g_assert (self->n_handed > 0);
  self->n_handed--;
}

static void
on_media_info_updated (GstPlaySignalAdapter *signals, GstPlayMediaInfo *info, gpointer user_data)
{
  PondPlayer *self = user_data;

  if (self->n_handed == 0)
    self->seekable = gst_play_media_info_is_seekable (info);
}

static void
on_video_dimensions_changed (GstPlaySignalAdapter *signals,
                             guint                 width,
                             guint                 height,
                             gpointer              user_data)
{
  PondPlayer *self = user_data;

  if (self->n_handed == 0 && is_open (self))
    set_has_video (self, width > 0 && height > 0);
}

static void
on_duration_changed (GstPlaySignalAdapter *signals, guint64 duration, gpointer user_data)
{
  PondPlayer *self = user_data;

  if (self->n_handed == 0 && is_open (self))
    set_duration (self, duration);
}

static void
on_position_updated (GstPlaySignalAdapter *signals, guint64 position, gpointer user_data)
{
  PondPlayer *self = user_data;

  if (self->n_handed > 0 || self->seeking != SEEK_NONE)
    return;

  if (self->state == POND_PLAYER_PLAYING || self->state == POND_PLAYER_PAUSED)
    {
      self->position_before = self->position;
      set_position (self, position);
    }
}

static void
on_first_picture (PondPlayer *self)
{
  if (self->seekable && (self->seek_target > 0 || self->rate != 1.0))
    start_seek (self, SEEK_ACCURATE);
  else
    finish_loading (self);
}

static void
on_state_changed (GstPlaySignalAdapter *signals, GstPlayState state, gpointer user_data)
{
  PondPlayer *self = user_data;

  if (self->n_handed > 0 || !is_open (self))
    return;

  if (self->state == POND_PLAYER_LOADING)
    {
      if (state == GST_PLAY_STATE_PAUSED && self->seeking == SEEK_NONE)
        on_first_picture (self);
    }
  else if (state == GST_PLAY_STATE_PLAYING)
    set_state (self, POND_PLAYER_PLAYING);
  else if (state == GST_PLAY_STATE_PAUSED && self->state == POND_PLAYER_PLAYING && !self->wants_play)
    set_state (self, POND_PLAYER_PAUSED);
}

static void
on_seek_done (GstPlaySignalAdapter *signals, guint64 position, gpointer user_data)
{
  PondPlayer *self = user_data;

  if (self->n_handed == 0 && self->seeking == SEEK_ACCURATE)
    finish_seek (self);
}

static void
on_end_of_stream (GstPlaySignalAdapter *signals, gpointer user_data)
{
  PondPlayer *self = user_data;

  /* The end that is left by an accurate seek is of the past: the report of that comes after this. */
  if (self->n_handed > 0 || !is_loaded (self) || self->seeking == SEEK_ACCURATE)
    return;

  if (GST_CLOCK_TIME_IS_VALID (self->duration) &&
      self->position_before + LONGEST_STEP < self->duration)
    {
      gst_play_stop (self->play);
      set_position (self, self->position_before);
      fail (self, g_error_new (POND_PLAYER_ERROR, POND_PLAYER_ERROR_BROKEN,
                               "The file ends at %" GST_TIME_FORMAT " of %" GST_TIME_FORMAT,
                               GST_TIME_ARGS (self->position), GST_TIME_ARGS (self->duration)));
      return;
    }

  forget_seeks (self);
  self->wants_play = FALSE;
  if (GST_CLOCK_TIME_IS_VALID (self->duration))
    set_position (self, self->duration);
  set_state (self, POND_PLAYER_ENDED);
}

static void
on_error (GstPlaySignalAdapter *signals, GError *error, GstStructure *details, gpointer user_data)
{
  PondPlayer *self = user_data;

  if (self->n_handed > 0 || !is_open (self))
    return;

  if (pond_pipeline_errors_is_sound (self->errors))
    {
      GstElement *silence = gst_element_factory_make ("fakesink", NULL);
      GstClockTime position = self->seeking != SEEK_NONE || self->state == POND_PLAYER_LOADING
                                  ? self->seek_target
                                  : self->position;

      g_debug ("Going on without sound: %s", error->message);
      g_object_set (silence, "sync", TRUE, NULL);
      g_object_set (self->pipeline, "audio-sink", silence, NULL);

      forget_seeks (self);
      self->seek_target = position;
      set_state (self, POND_PLAYER_LOADING);
      hand_file (self);
      return;
    }

  fail (self, pond_pipeline_errors_get_fatal (self->errors));
}

static void
on_volume_changed (GstPlaySignalAdapter *signals, double linear, gpointer user_data)
{
  PondPlayer *self = user_data;
  double volume = CLAMP (cbrt (linear), 0.0, POND_PLAYER_MAX_VOLUME);

  /* The way there and back is not exact. */
  if (fabs (self->volume - volume) < 0.001)
    return;

  self->volume = volume;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VOLUME]);
}

static void
on_mute_changed (GstPlaySignalAdapter *signals, gboolean muted, gpointer user_data)
{
  PondPlayer *self = user_data;

  if (self->muted == muted)
    return;

  self->muted = muted;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MUTED]);
}

/* GstPlay does not stop before it ends, and a report that nobody reads holds it: the report lies in a
 * bus that GstPlay holds. So it is handed a last URI, which it takes up when all is at rest, and its
 * reports are read up to the one that says so. */
static void
bring_to_rest (PondPlayer *self)
{
  g_autoptr (GstBus) reports = gst_play_get_message_bus (self->play);
  guint n_awaited = self->n_handed + 1;

  gst_play_set_uri (self->play, "file:///");

  while (n_awaited > 0)
    {
      g_autoptr (GstMessage) report = gst_bus_timed_pop (reports, LONGEST_STOP);
      GstPlayMessage type;

      if (report == NULL)
        break;

      gst_play_message_parse_type (report, &type);
      if (type == GST_PLAY_MESSAGE_URI_LOADED)
        n_awaited--;
    }
}

static void
pond_player_dispose (GObject *object)
{
  PondPlayer *self = POND_PLAYER (object);
  gboolean acquired = g_main_context_acquire (NULL);

  g_clear_handle_id (&self->look_source, g_source_remove);
  if (self->signals != NULL)
    g_signal_handlers_disconnect_by_data (self->signals, self);
  if (self->play != NULL)
    bring_to_rest (self);
  g_clear_pointer (&self->errors, pond_pipeline_errors_free);
  g_clear_object (&self->signals);
  gst_clear_object (&self->pipeline);

  /* While the sink goes down gtk4paintablesink calls into the main context: that waits for its turn
   * only when somebody holds the context, and nobody does when the main loop has ended. */
  gst_clear_object (&self->play);
  gst_clear_object (&self->video_sink);
  if (acquired)
    g_main_context_release (NULL);
  g_clear_object (&self->file);

  G_OBJECT_CLASS (pond_player_parent_class)->dispose (object);
}

static void
pond_player_finalize (GObject *object)
{
  PondPlayer *self = POND_PLAYER (object);

  g_clear_error (&self->error);

  G_OBJECT_CLASS (pond_player_parent_class)->finalize (object);
}

static void
pond_player_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PondPlayer *self = POND_PLAYER (object);

  switch ((PondPlayerProperty) prop_id)
    {
    case PROP_FILE:
      g_value_set_object (value, self->file);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_POSITION:
      g_value_set_uint64 (value, pond_player_get_position (self));
      break;
    case PROP_DURATION:
      g_value_set_uint64 (value, self->duration);
      break;
    case PROP_VOLUME:
      g_value_set_double (value, self->volume);
      break;
    case PROP_MUTED:
      g_value_set_boolean (value, self->muted);
      break;
    case PROP_RATE:
      g_value_set_double (value, self->rate);
      break;
    case PROP_HAS_VIDEO:
      g_value_set_boolean (value, self->has_video);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_player_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  PondPlayer *self = POND_PLAYER (object);

  switch (prop_id)
    {
    case PROP_VOLUME:
      pond_player_set_volume (self, g_value_get_double (value));
      break;
    case PROP_MUTED:
      pond_player_set_muted (self, g_value_get_boolean (value));
      break;
    case PROP_RATE:
      pond_player_set_rate (self, g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_player_class_init (PondPlayerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags writable =
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = pond_player_dispose;
  object_class->finalize = pond_player_finalize;
  object_class->get_property = pond_player_get_property;
  object_class->set_property = pond_player_set_property;

  properties[PROP_FILE] = g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE, readable);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, POND_TYPE_PLAYER_STATE,
                                              POND_PLAYER_STOPPED, readable);
  properties[PROP_POSITION] = g_param_spec_uint64 ("position", NULL, NULL, 0, G_MAXUINT64,
                                                   GST_CLOCK_TIME_NONE, readable);
  properties[PROP_DURATION] = g_param_spec_uint64 ("duration", NULL, NULL, 0, G_MAXUINT64,
                                                   GST_CLOCK_TIME_NONE, readable);
  properties[PROP_VOLUME] = g_param_spec_double ("volume", NULL, NULL, 0.0, POND_PLAYER_MAX_VOLUME,
                                                 1.0, writable);
  properties[PROP_MUTED] = g_param_spec_boolean ("muted", NULL, NULL, FALSE, writable);
  properties[PROP_RATE] = g_param_spec_double ("rate", NULL, NULL, POND_PLAYER_MIN_RATE,
                                               POND_PLAYER_MAX_RATE, 1.0, writable);
  properties[PROP_HAS_VIDEO] = g_param_spec_boolean ("has-video", NULL, NULL, FALSE, readable);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, readable);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pond_player_init (PondPlayer *self)
{
  GstStructure *config;

  self->position = GST_CLOCK_TIME_NONE;
  self->duration = GST_CLOCK_TIME_NONE;
  self->volume = 1.0;
  self->rate = 1.0;

  self->play = gst_play_new (NULL);
  self->pipeline = gst_play_get_pipeline (self->play);
  self->errors = pond_pipeline_errors_new (self->pipeline);

  config = gst_play_get_config (self->play);
  gst_play_config_set_position_update_interval (config, POSITION_INTERVAL);
  gst_play_config_set_seek_accurate (config, TRUE);
  gst_play_set_config (self->play, config);

  self->signals = gst_play_signal_adapter_new (self->play);
  g_signal_connect (self->signals, "uri-loaded", G_CALLBACK (on_uri_loaded), self);
  g_signal_connect (self->signals, "media-info-updated", G_CALLBACK (on_media_info_updated), self);
  g_signal_connect (self->signals, "video-dimensions-changed",
                    G_CALLBACK (on_video_dimensions_changed), self);
  g_signal_connect (self->signals, "duration-changed", G_CALLBACK (on_duration_changed), self);
  g_signal_connect (self->signals, "position-updated", G_CALLBACK (on_position_updated), self);
  g_signal_connect (self->signals, "state-changed", G_CALLBACK (on_state_changed), self);
  g_signal_connect (self->signals, "seek-done", G_CALLBACK (on_seek_done), self);
  g_signal_connect (self->signals, "end-of-stream", G_CALLBACK (on_end_of_stream), self);
  g_signal_connect (self->signals, "error", G_CALLBACK (on_error), self);
  g_signal_connect (self->signals, "volume-changed", G_CALLBACK (on_volume_changed), self);
  g_signal_connect (self->signals, "mute-changed", G_CALLBACK (on_mute_changed), self);
}

PondPlayer *
pond_player_new (GstElement *video_sink, GstElement *audio_sink)
{
  PondPlayer *self = g_object_new (POND_TYPE_PLAYER, NULL);

  if (video_sink == NULL)
    video_sink = gst_element_factory_make ("fakesink", NULL);
  self->video_sink = gst_object_ref_sink (video_sink);
  g_object_set (self->pipeline, "video-sink", video_sink, NULL);

  if (audio_sink != NULL)
    g_object_set (self->pipeline, "audio-sink", audio_sink, NULL);

  return self;
}

void
pond_player_open (PondPlayer *self, GFile *file, GstClockTime position)
{
  g_return_if_fail (POND_IS_PLAYER (self));
  g_return_if_fail (G_IS_FILE (file));
  g_return_if_fail (GST_CLOCK_TIME_IS_VALID (position));

  forget_seeks (self);
  self->wants_play = FALSE;
  self->seekable = FALSE;
  self->seek_target = position;

  g_object_freeze_notify (G_OBJECT (self));
  if (g_set_object (&self->file, file))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILE]);
  take_error (self, NULL);
  set_has_video (self, FALSE);
  set_duration (self, GST_CLOCK_TIME_NONE);
  set_position (self, position);
  set_state (self, POND_PLAYER_LOADING);
  g_object_thaw_notify (G_OBJECT (self));

  hand_file (self);
}

void
pond_player_play (PondPlayer *self)
{
  g_return_if_fail (POND_IS_PLAYER (self));

  if (!is_open (self))
    return;

  self->wants_play = TRUE;

  if (self->state == POND_PLAYER_ENDED)
    pond_player_seek (self, 0, TRUE);
  else if (self->state != POND_PLAYER_LOADING)
    gst_play_play (self->play);
}

void
pond_player_pause (PondPlayer *self)
{
  g_return_if_fail (POND_IS_PLAYER (self));

  self->wants_play = FALSE;

  if (self->state == POND_PLAYER_PLAYING || self->state == POND_PLAYER_PAUSED)
    gst_play_pause (self->play);
}

void
pond_player_toggle (PondPlayer *self)
{
  g_return_if_fail (POND_IS_PLAYER (self));

  if (self->wants_play)
    pond_player_pause (self);
  else
    pond_player_play (self);
}

void
pond_player_stop (PondPlayer *self)
{
  g_return_if_fail (POND_IS_PLAYER (self));

  if (self->state == POND_PLAYER_STOPPED)
    return;

  forget_seeks (self);
  self->wants_play = FALSE;
  gst_play_stop (self->play);

  g_object_freeze_notify (G_OBJECT (self));
  if (g_set_object (&self->file, NULL))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILE]);
  take_error (self, NULL);
  set_has_video (self, FALSE);
  set_duration (self, GST_CLOCK_TIME_NONE);
  set_position (self, GST_CLOCK_TIME_NONE);
  set_state (self, POND_PLAYER_STOPPED);
  g_object_thaw_notify (G_OBJECT (self));
}

void
pond_player_seek (PondPlayer *self, GstClockTime position, gboolean accurate)
{
  SeekKind kind = accurate ? SEEK_ACCURATE : SEEK_KEY_FRAME;

  g_return_if_fail (POND_IS_PLAYER (self));
  g_return_if_fail (GST_CLOCK_TIME_IS_VALID (position));

  if (!is_open (self) || (is_loaded (self) && !self->seekable))
    return;

  if (GST_CLOCK_TIME_IS_VALID (self->duration))
    position = MIN (position, self->duration);

  /* Only GstPlay's own way of seeking makes it forget that the end was reached. */
  if (self->state == POND_PLAYER_ENDED)
    {
      kind = SEEK_ACCURATE;
      self->wants_play = TRUE;
    }

  self->seek_target = position;
  if (self->seeking != SEEK_NONE)
    self->next_seek = kind;
  else if (self->state != POND_PLAYER_LOADING)
    start_seek (self, kind);

  set_position (self, position);
}

void
pond_player_seek_by (PondPlayer *self, GstClockTimeDiff offset)
{
  GstClockTime position;

  g_return_if_fail (POND_IS_PLAYER (self));

  position = pond_player_get_position (self);
  if (!GST_CLOCK_TIME_IS_VALID (position))
    return;

  if (offset < 0 && (GstClockTime) -offset > position)
    pond_player_seek (self, 0, TRUE);
  else
    pond_player_seek (self, position + offset, TRUE);
}

PondPlayerState
pond_player_get_state (PondPlayer *self)
{
  g_return_val_if_fail (POND_IS_PLAYER (self), POND_PLAYER_STOPPED);

  return self->state;
}

GFile *
pond_player_get_file (PondPlayer *self)
{
  g_return_val_if_fail (POND_IS_PLAYER (self), NULL);

  return self->file;
}

GstClockTime
pond_player_get_position (PondPlayer *self)
{
  g_return_val_if_fail (POND_IS_PLAYER (self), GST_CLOCK_TIME_NONE);

  /* Between two reports it moves on. */
  if (self->state == POND_PLAYER_PLAYING && self->seeking == SEEK_NONE)
    return gst_play_get_position (self->play);

  return self->position;
}

GstClockTime
pond_player_get_duration (PondPlayer *self)
{
  g_return_val_if_fail (POND_IS_PLAYER (self), GST_CLOCK_TIME_NONE);

  return self->duration;
}

double
pond_player_get_volume (PondPlayer *self)
{
  g_return_val_if_fail (POND_IS_PLAYER (self), 1.0);

  return self->volume;
}

void
pond_player_set_volume (PondPlayer *self, double volume)
{
  g_return_if_fail (POND_IS_PLAYER (self));

  volume = CLAMP (volume, 0.0, POND_PLAYER_MAX_VOLUME);
  if (self->volume == volume)
    return;

  self->volume = volume;
  gst_play_set_volume (self->play, volume * volume * volume);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VOLUME]);
}

gboolean
pond_player_get_muted (PondPlayer *self)
{
  g_return_val_if_fail (POND_IS_PLAYER (self), FALSE);

  return self->muted;
}

void
pond_player_set_muted (PondPlayer *self, gboolean muted)
{
  g_return_if_fail (POND_IS_PLAYER (self));

  muted = !!muted;
  if (self->muted == muted)
    return;

  self->muted = muted;
  gst_play_set_mute (self->play, muted);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MUTED]);
}

double
pond_player_get_rate (PondPlayer *self)
{
  g_return_val_if_fail (POND_IS_PLAYER (self), 1.0);

  return self->rate;
}

void
pond_player_set_rate (PondPlayer *self, double rate)
{
  g_return_if_fail (POND_IS_PLAYER (self));

  rate = CLAMP (rate, POND_PLAYER_MIN_RATE, POND_PLAYER_MAX_RATE);
  if (self->rate == rate)
    return;

  /* GStreamer takes a rate with a seek; one that is to come will bring it along. */
  self->rate = rate;
  if (self->state == POND_PLAYER_PLAYING || self->state == POND_PLAYER_PAUSED)
    pond_player_seek (self, pond_player_get_position (self), TRUE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RATE]);
}

gboolean
pond_player_get_has_video (PondPlayer *self)
{
  g_return_val_if_fail (POND_IS_PLAYER (self), FALSE);

  return self->has_video;
}

const GError *
pond_player_get_error (PondPlayer *self)
{
  g_return_val_if_fail (POND_IS_PLAYER (self), NULL);

  return self->error;
}
