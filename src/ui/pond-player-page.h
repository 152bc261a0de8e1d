/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "library/pond-library.h"

G_BEGIN_DECLS

#define POND_TYPE_PLAYER_PAGE (pond_player_page_get_type ())

/**
 * PondPlayerPage:
 *
 * A saved video being played. It goes on where it was left, and remembers how far it came: every few
 * seconds, on a pause, and when it is left.
 *
 * Property: `fullscreened` (bind it to the window's).
 */
G_DECLARE_FINAL_TYPE (PondPlayerPage, pond_player_page, POND, PLAYER_PAGE, AdwNavigationPage)

/**
 * pond_player_page_new:
 * @library: where to remember positions
 * @entry: what to play
 * @restart: whether to begin at the start
 *
 * Returns: (transfer floating): a page that plays when it is shown
 */
AdwNavigationPage *pond_player_page_new           (PondLibrary      *library,
                                                   PondLibraryEntry *entry,
                                                   gboolean          restart);

/**
 * pond_player_page_save_position:
 * @self: a page
 *
 * Remembers now how far the video is.
 */
void               pond_player_page_save_position (PondPlayerPage   *self);

G_END_DECLS
