/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "library/pond-database.h"
#include "library/pond-library-row.h"

G_BEGIN_DECLS

/* The library's database and the folder that it tells of, as the worker has them: all of it blocks
 * and belongs to the worker's thread. Errors are PondLibraryErrors. */
typedef struct _PondLibraryIndex PondLibraryIndex;

PondLibraryIndex *pond_library_index_new          (const char            *folder);
void              pond_library_index_free         (PondLibraryIndex      *self);

/* Opens the index; one that can't be read is set aside and made again from the folder (@rebuilt).
 * Files that were saved just before a power loss, and are in the folder only, are added. */
gboolean          pond_library_index_open         (PondLibraryIndex      *self,
                                                   gboolean              *rebuilt,
                                                   GCancellable          *cancellable,
                                                   GError               **error);
gboolean          pond_library_index_is_open      (PondLibraryIndex      *self);
PondDatabase     *pond_library_index_get_database (PondLibraryIndex      *self);

/* Whether another connection has committed since the last load. */
gboolean          pond_library_index_is_stale     (PondLibraryIndex      *self);

/* All rows that are sound, last saved first. (transfer full) (element-type PondLibraryRow) */
GPtrArray        *pond_library_index_load         (PondLibraryIndex      *self,
                                                   GError               **error);

/* Looks through the whole folder: adds what the index lacks, finds what was moved, and marks what
 * is missing or changed. @changed says whether the index is another one now. */
gboolean          pond_library_index_reconcile    (PondLibraryIndex      *self,
                                                   gboolean              *changed,
                                                   GCancellable          *cancellable,
                                                   GError               **error);

/* Checks @part, which should play for @duration ms (-1: any), and makes it the file of @row, of
 * which it fills in what the file tells and what the index knows already. */
gboolean          pond_library_index_save         (PondLibraryIndex      *self,
                                                   const char            *part,
                                                   gint64                 duration,
                                                   PondLibraryRow        *row,
                                                   GCancellable          *cancellable,
                                                   GError               **error);

gboolean          pond_library_index_save_captions (PondLibraryIndex     *self,
                                                   const PondLibraryRow  *row,
                                                   const char            *language,
                                                   GBytes                *vtt,
                                                   GError               **error);

/* Takes @row out. With @keep_file its file stays, and is not added again when it is seen. With
 * @is_last no other type of the video is left, so that its captions and poster go too. */
gboolean          pond_library_index_remove       (PondLibraryIndex      *self,
                                                   const PondLibraryRow  *row,
                                                   gboolean               keep_file,
                                                   gboolean               is_last,
                                                   GError               **error);

/* Writes position and watched of @rows in one commit. */
gboolean          pond_library_index_write_positions (PondLibraryIndex   *self,
                                                   GPtrArray             *rows,
                                                   GError               **error);

/* Looks at the file of @row and writes its status. Returns "ok", "missing", "changed" or "corrupt",
 * or NULL when it was cancelled. */
const char       *pond_library_index_verify       (PondLibraryIndex      *self,
                                                   PondLibraryRow        *row,
                                                   GCancellable          *cancellable,
                                                   GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondLibraryIndex, pond_library_index_free)

G_END_DECLS
