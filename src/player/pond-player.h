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

#define POND_TYPE_PLAYER (pond_player_get_type ())

/**
 * PondPlayer:
 *
 * Plays one file at a time, over GstPlay. It has no widget: pictures go to the video sink that it was
 * made with, and everything else is properties (`state`, `position`, `duration`, `volume`, `muted`,
 * `rate`, `has-video`, `error`) that notify on the main context.
 */
G_DECLARE_FINAL_TYPE (PondPlayer, pond_player, POND, PLAYER, GObject)

PondPlayer      *pond_player_new          (GstElement    *video_sink,
                                           GstElement    *audio_sink);

/* Opens @file, paused at @position (GstClockTime; 0 is the start). */
void             pond_player_open         (PondPlayer    *self,
                                           GFile         *file,
                                           GstClockTime   position);
void             pond_player_play         (PondPlayer    *self);
void             pond_player_pause        (PondPlayer    *self);
void             pond_player_toggle       (PondPlayer    *self);
void             pond_player_stop         (PondPlayer    *self);
/* @accurate FALSE goes to the nearest key frame, which is faster. */
void             pond_player_seek         (PondPlayer    *self,
                                           GstClockTime   position,
                                           gboolean       accurate);
/* Relative to the present position, clamped to the file; @offset in nanoseconds, may be negative. */
void             pond_player_seek_by      (PondPlayer    *self,
                                           GstClockTimeDiff offset);

PondPlayerState  pond_player_get_state    (PondPlayer    *self);
GFile           *pond_player_get_file     (PondPlayer    *self);
/* GST_CLOCK_TIME_NONE while unknown. */
GstClockTime     pond_player_get_position (PondPlayer    *self);
GstClockTime     pond_player_get_duration (PondPlayer    *self);
/* 0.0 to 1.5, where 1.0 is the file's own loudness; cubic, as volume sliders are. */
double           pond_player_get_volume   (PondPlayer    *self);
void             pond_player_set_volume   (PondPlayer    *self,
                                           double         volume);
gboolean         pond_player_get_muted    (PondPlayer    *self);
void             pond_player_set_muted    (PondPlayer    *self,
                                           gboolean       muted);
double           pond_player_get_rate     (PondPlayer    *self);
void             pond_player_set_rate     (PondPlayer    *self,
                                           double         rate);
gboolean         pond_player_get_has_video (PondPlayer   *self);
/* (nullable): set in POND_PLAYER_FAILED, and beside playing when only one stream can't be decoded. */
const GError    *pond_player_get_error    (PondPlayer    *self);

G_END_DECLS
