/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * PondPlayerError:
 * @POND_PLAYER_ERROR_MISSING_CODEC: a decoder for a stream of the file is not installed
 * @POND_PLAYER_ERROR_BROKEN: the file ends early or can't be understood
 * @POND_PLAYER_ERROR_NOT_FOUND: there is no such file, or it can't be read
 * @POND_PLAYER_ERROR_FAILED: something else
 *
 * Why a video does not play, or not further.
 */
typedef enum
{
  POND_PLAYER_ERROR_MISSING_CODEC,
  POND_PLAYER_ERROR_BROKEN,
  POND_PLAYER_ERROR_NOT_FOUND,
  POND_PLAYER_ERROR_FAILED,
} PondPlayerError;

#define POND_PLAYER_ERROR (pond_player_error_quark ())

GQuark pond_player_error_quark (void);

/**
 * PondPlayerState:
 * @POND_PLAYER_STOPPED: nothing is open
 * @POND_PLAYER_LOADING: a file was opened and its first picture is awaited
 * @POND_PLAYER_PLAYING: position moves
 * @POND_PLAYER_PAUSED: position rests
 * @POND_PLAYER_ENDED: the end was reached; playing starts from the beginning
 * @POND_PLAYER_FAILED: see [property@Player:error]
 */
typedef enum
{
  POND_PLAYER_STOPPED,
  POND_PLAYER_LOADING,
  POND_PLAYER_PLAYING,
  POND_PLAYER_PAUSED,
  POND_PLAYER_ENDED,
  POND_PLAYER_FAILED,
} PondPlayerState;

#define POND_TYPE_PLAYER_STATE (pond_player_state_get_type ())

GType pond_player_state_get_type (void) G_GNUC_CONST;

#define POND_PLAYER_MAX_VOLUME 1.5
#define POND_PLAYER_MIN_RATE   0.25
#define POND_PLAYER_MAX_RATE   4.0

#define POND_TYPE_PLAYER (pond_player_get_type ())

/**
 * PondPlayer:
 *
 * Plays one file at a time, over GstPlay. It has no widget: pictures go to the video sink that it was
 * made with, and everything else is properties (`file`, `state`, `position`, `duration`, `volume`,
 * `muted`, `rate`, `has-video`, `error`) that notify on the thread-default main context of the thread
 * that made it. `position` notifies five times a second while playing, and at once after a seek.
 */
G_DECLARE_FINAL_TYPE (PondPlayer, pond_player, POND, PLAYER, GObject)

/**
 * pond_player_new:
 * @video_sink: (nullable) (transfer floating): where pictures go; %NULL drops them
 * @audio_sink: (nullable) (transfer floating): where sound goes; %NULL is the session's own device, or
 *   silence when there is none
 *
 * Creates a player with nothing open. GStreamer must have been initialized.
 */
PondPlayer      *pond_player_new           (GstElement       *video_sink,
                                            GstElement       *audio_sink);

/**
 * pond_player_open:
 * @file: a local file
 * @position: where its first picture is taken, as a `GstClockTime`; 0 is the start
 *
 * Opens @file in place of what was open, and stays paused at @position unless
 * [method@Player.play] is called. The state is %POND_PLAYER_LOADING until the picture is there.
 */
void             pond_player_open          (PondPlayer       *self,
                                            GFile            *file,
                                            GstClockTime      position);

/**
 * pond_player_play:
 *
 * Plays what is open, from the beginning if its end was reached.
 */
void             pond_player_play          (PondPlayer       *self);

/**
 * pond_player_pause:
 *
 * Rests at the present position.
 */
void             pond_player_pause         (PondPlayer       *self);

/**
 * pond_player_toggle:
 *
 * Plays if the player rests, and pauses if it plays or is about to.
 */
void             pond_player_toggle        (PondPlayer       *self);

/**
 * pond_player_stop:
 *
 * Closes what is open. Volume and rate stay as they are.
 */
void             pond_player_stop          (PondPlayer       *self);

/**
 * pond_player_seek:
 * @position: where to go, as a `GstClockTime`; clamped to the file
 * @accurate: %FALSE goes to the key frame nearest to @position, which is faster
 *
 * Goes to another position and plays on from there if it played, or if the end was reached. Of the
 * calls that come while one is under way only the last is carried out.
 */
void             pond_player_seek          (PondPlayer       *self,
                                            GstClockTime      position,
                                            gboolean          accurate);

/**
 * pond_player_seek_by:
 * @offset: nanoseconds, may be negative
 *
 * Goes by @offset from the present position, accurately.
 */
void             pond_player_seek_by       (PondPlayer       *self,
                                            GstClockTimeDiff  offset);

/**
 * pond_player_get_state:
 *
 * Returns: what the player is doing
 */
PondPlayerState  pond_player_get_state     (PondPlayer       *self);

/**
 * pond_player_get_file:
 *
 * Returns: (nullable) (transfer none): what is open, or was when it failed
 */
GFile           *pond_player_get_file      (PondPlayer       *self);

/**
 * pond_player_get_position:
 *
 * Gets the position, or while a seek is under way where that leads to.
 *
 * Returns: a `GstClockTime`, `GST_CLOCK_TIME_NONE` while nothing is open
 */
GstClockTime     pond_player_get_position  (PondPlayer       *self);

/**
 * pond_player_get_duration:
 *
 * Returns: a `GstClockTime`, `GST_CLOCK_TIME_NONE` while it is unknown
 */
GstClockTime     pond_player_get_duration  (PondPlayer       *self);

/**
 * pond_player_get_volume:
 *
 * Returns: 0.0 to 1.5, where 1.0 is the file's own loudness; cubic, as volume sliders are
 */
double           pond_player_get_volume    (PondPlayer       *self);

/**
 * pond_player_set_volume:
 * @volume: see [method@Player.get_volume]; clamped
 *
 * Sets how loud it plays. Does not unmute.
 */
void             pond_player_set_volume    (PondPlayer       *self,
                                            double            volume);

/**
 * pond_player_get_muted:
 *
 * Returns: whether the sound is off, whatever the volume
 */
gboolean         pond_player_get_muted     (PondPlayer       *self);

/**
 * pond_player_set_muted:
 * @muted: whether the sound is off
 *
 * Turns the sound off or on and leaves the volume alone.
 */
void             pond_player_set_muted     (PondPlayer       *self,
                                            gboolean          muted);

/**
 * pond_player_get_rate:
 *
 * Returns: the speed, where 1.0 is the file's own
 */
double           pond_player_get_rate      (PondPlayer       *self);

/**
 * pond_player_set_rate:
 * @rate: 0.25 to 4.0; clamped
 *
 * Sets the speed. Voices keep their pitch. It holds for files that are opened later, too.
 */
void             pond_player_set_rate      (PondPlayer       *self,
                                            double            rate);

/**
 * pond_player_get_has_video:
 *
 * Returns: whether pictures come: %FALSE for sound alone, and where their decoder is missing
 */
gboolean         pond_player_get_has_video (PondPlayer       *self);

/**
 * pond_player_get_error:
 *
 * Gets what went wrong, of the domain %POND_PLAYER_ERROR. It is set in %POND_PLAYER_FAILED, and beside
 * playing when one of the streams can't be decoded.
 *
 * Returns: (nullable) (transfer none): the error; the message of %POND_PLAYER_ERROR_MISSING_CODEC is
 *   what is missing, as GStreamer describes it
 */
const GError    *pond_player_get_error     (PondPlayer       *self);

G_END_DECLS
