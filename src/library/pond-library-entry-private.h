/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "library/pond-library-entry.h"
#include "library/pond-library-row.h"

G_BEGIN_DECLS

/* Both take @row over. */
PondLibraryEntry     *pond_library_entry_new          (GFile            *folder,
                                                       PondLibraryRow   *row);
void                  pond_library_entry_update       (PondLibraryEntry *self,
                                                       PondLibraryRow   *row);

const PondLibraryRow *pond_library_entry_get_row      (PondLibraryEntry *self);
void                  pond_library_entry_set_position (PondLibraryEntry *self,
                                                       gint64            position);
void                  pond_library_entry_set_watched  (PondLibraryEntry *self,
                                                       gboolean          watched);
void                  pond_library_entry_set_status   (PondLibraryEntry *self,
                                                       PondEntryStatus   status);

G_END_DECLS
