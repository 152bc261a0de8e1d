/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/pond-listing.h"

G_BEGIN_DECLS

#define POND_TYPE_LISTING_ROW (pond_listing_row_get_type ())

/**
 * PondListingRow:
 *
 * A video on an account, with a button to download it or to play what is saved.
 *
 * The buttons activate `stream.download` and `stream.play` with the video's ID.
 *
 * Property: `listing` (nullable).
 */
G_DECLARE_FINAL_TYPE (PondListingRow, pond_listing_row, POND, LISTING_ROW, AdwBin)

/**
 * pond_listing_row_set_on_screen:
 * @self: a row
 * @on_screen: whether a person sees it; a list has more rows than it shows
 *
 * Lets the row fetch its poster, or give that up.
 */
void pond_listing_row_set_on_screen (PondListingRow *self,
                                     gboolean        on_screen);

G_END_DECLS
