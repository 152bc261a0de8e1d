/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "library/pond-library-entry.h"

G_BEGIN_DECLS

#define POND_TYPE_VIDEO_CARD (pond_video_card_get_type ())

/**
 * PondVideoCard:
 *
 * A saved video in the grid: poster, title, length, how far it was watched.
 *
 * What a person does to it goes up the tree as `library.play`, `library.show`, `library.remove` and
 * `library.set-watched`, with the video's ID and type as parameters.
 *
 * Property: `entry` (nullable).
 */
G_DECLARE_FINAL_TYPE (PondVideoCard, pond_video_card, POND, VIDEO_CARD, AdwBin)

G_END_DECLS
