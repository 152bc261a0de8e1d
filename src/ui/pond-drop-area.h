/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define POND_TYPE_DROP_AREA (pond_drop_area_get_type ())

/**
 * PondDropArea:
 *
 * A part of a window that videos can be dropped on, in any of the forms of pond_offer_get_formats().
 *
 * Property: `active`, while something is dragged over it. Signals: `dropped`, with the text that was
 * dropped, and `failed`, with a sentence, when it can't be read.
 */
G_DECLARE_FINAL_TYPE (PondDropArea, pond_drop_area, POND, DROP_AREA, AdwBin)

G_END_DECLS
