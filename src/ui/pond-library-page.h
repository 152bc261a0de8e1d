/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "library/pond-library.h"
#include "ui/pond-place.h"

G_BEGIN_DECLS

#define POND_TYPE_LIBRARY_PAGE (pond_library_page_get_type ())

/**
 * PondLibraryPage:
 *
 * The saved videos as a grid of cards, narrowed by the place that was chosen in the sidebar and by
 * what is typed.
 *
 * Removing hides a video at once; its file goes to the trash when the toast that offers to undo it is
 * gone.
 *
 * Signals: `play` (a [class@LibraryEntry], and whether to begin at its start) and `toast` (an
 * [class@Adw.Toast]; transfer none).
 */
G_DECLARE_FINAL_TYPE (PondLibraryPage, pond_library_page, POND, LIBRARY_PAGE, AdwNavigationPage)

AdwNavigationPage *pond_library_page_new          (void);

/**
 * pond_library_page_set_library:
 * @self: a page
 * @library: what to show; it must be open
 */
void               pond_library_page_set_library  (PondLibraryPage *self,
                                                   PondLibrary     *library);

/**
 * pond_library_page_set_place:
 * @self: a page
 * @place: a place of the library
 */
void               pond_library_page_set_place    (PondLibraryPage *self,
                                                   PondPlace       *place);

void               pond_library_page_start_search (PondLibraryPage *self);

G_END_DECLS
