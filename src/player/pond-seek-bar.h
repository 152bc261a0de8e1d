/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "player/pond-player.h"

G_BEGIN_DECLS

#define POND_TYPE_SEEK_BAR (pond_seek_bar_get_type ())

/**
 * PondSeekBar:
 *
 * Where a player is, how long it will take, and a bar to go elsewhere. Time runs from left to right in
 * every language, as on the players people know.
 *
 * Properties: `player` (nullable).
 */
G_DECLARE_FINAL_TYPE (PondSeekBar, pond_seek_bar, POND, SEEK_BAR, AdwBin)

G_END_DECLS
