/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/pond-place.h"

G_BEGIN_DECLS

#define POND_TYPE_PLACE_ROW (pond_place_row_get_type ())

/**
 * PondPlaceRow:
 *
 * A [class@Place] in the sidebar: icon, title, and for the downloads how many and how far.
 */
G_DECLARE_FINAL_TYPE (PondPlaceRow, pond_place_row, POND, PLACE_ROW, GtkListBoxRow)

GtkWidget *pond_place_row_new       (PondPlace    *place);

/* (transfer none) */
PondPlace *pond_place_row_get_place (PondPlaceRow *self);

G_END_DECLS
