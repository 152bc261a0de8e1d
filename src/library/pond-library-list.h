/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "library/pond-library-entry.h"
#include "library/pond-library-row.h"

G_BEGIN_DECLS

#define POND_TYPE_LIBRARY_LIST (pond_library_list_get_type ())

/* The entries of a library as the main thread has them, last saved first: what is shown. It changes
 * when the worker has changed the index, and runs ahead of it in what the person does:
 * positions. */
G_DECLARE_FINAL_TYPE (PondLibraryList, pond_library_list, POND, LIBRARY_LIST, GObject)

PondLibraryList  *pond_library_list_new            (GFile                *folder);

/* (nullable) (transfer none) */
PondLibraryEntry *pond_library_list_find           (PondLibraryList      *self,
                                                    const char           *uid,
                                                    const char           *type);

/* Puts what was just saved first. @row is taken over. (transfer none) */
PondLibraryEntry *pond_library_list_put_first      (PondLibraryList      *self,
                                                    PondLibraryRow       *row);
void              pond_library_list_remove         (PondLibraryList      *self,
                                                    const PondLibraryRow *row);

/* Makes the list what the index is. The elements of @rows are taken over. Positions that were set
 * after @stamp was taken, which is when @rows were asked for, are newer than those in @rows. */
guint64           pond_library_list_get_stamp      (PondLibraryList      *self);
void              pond_library_list_apply          (PondLibraryList      *self,
                                                    GPtrArray            *rows,
                                                    guint64               stamp);

/* Remembers that position or watched of @entry was set and is still to be written. */
void              pond_library_list_touch          (PondLibraryList      *self,
                                                    PondLibraryEntry     *entry);

/* Copies of the rows that are still to be written, which are then no longer; NULL for none.
 * (transfer full) */
GPtrArray        *pond_library_list_take_unwritten (PondLibraryList      *self);

G_END_DECLS
