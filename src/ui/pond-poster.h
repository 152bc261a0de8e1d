/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define POND_TYPE_POSTER (pond_poster_get_type ())

/**
 * PondPoster:
 *
 * A picture of 16 by 9 from a file that may not exist (yet), with an icon in its place until it does.
 *
 * Properties: `file` (nullable), `icon-name` and `fixed-width` (in pixels; 0, the default, fills the
 * width that there is).
 */
G_DECLARE_FINAL_TYPE (PondPoster, pond_poster, POND, POSTER, GtkWidget)

/**
 * pond_poster_set_file:
 * @self: a poster
 * @file: (nullable): an image, which need not exist
 */
void pond_poster_set_file (PondPoster *self,
                           GFile      *file);

/**
 * pond_poster_reload:
 * @self: a poster
 *
 * Looks again for a file that was not there before. Does nothing when the picture is shown already.
 */
void pond_poster_reload   (PondPoster *self);

G_END_DECLS
