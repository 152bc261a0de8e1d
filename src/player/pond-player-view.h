/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "player/pond-player.h"

G_BEGIN_DECLS

#define POND_TYPE_PLAYER_VIEW (pond_player_view_get_type ())

/**
 * PondPlayerView:
 *
 * The picture and its controls: play and pause, the seek bar with position and length, volume,
 * fullscreen. Controls hide by themselves while playing and come back on pointer, touch or key.
 *
 * Properties: `player` (its own, read-only), `title`, `fullscreened` (bind it to the window's). Signal:
 * `back` when the person wants to leave.
 */
G_DECLARE_FINAL_TYPE (PondPlayerView, pond_player_view, POND, PLAYER_VIEW, AdwBin)

GtkWidget  *pond_player_view_new        (void);

/**
 * pond_player_view_get_player:
 *
 * Returns: (transfer none): what plays; watch its `position` and `state` to remember them
 */
PondPlayer *pond_player_view_get_player (PondPlayerView *self);

/**
 * pond_player_view_open:
 * @file: a local file
 * @title: shown above the picture
 * @poster: (nullable): a local picture, shown where there are none to play
 * @position: where to begin, as a `GstClockTime`
 *
 * Opens @file and plays it from @position.
 */
void        pond_player_view_open       (PondPlayerView *self,
                                         GFile          *file,
                                         const char     *title,
                                         GFile          *poster,
                                         GstClockTime    position);

G_END_DECLS
