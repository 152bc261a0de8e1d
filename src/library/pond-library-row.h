/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "library/pond-library-entry.h"

G_BEGIN_DECLS

/* One row of the index's table of videos; see pond-library-schema.c for the units. */
typedef struct
{
  gint64           id;
  char            *uid;
  char            *type;
  char            *title;
  char            *creator;
  char            *account;
  gboolean         private;
  char            *path; /* a file name, in no particular encoding */
  gint64           bytes;
  gint64           mtime;
  gint64           duration;
  int              width;
  int              height;
  gint64           created;
  gint64           saved_at;
  gint64           position;
  gboolean         watched;
  PondEntryStatus  status;
} PondLibraryRow;

PondLibraryRow *pond_library_row_new      (const char           *uid,
                                           const char           *type,
                                           const char           *title);
PondLibraryRow *pond_library_row_copy     (const PondLibraryRow *self);
void            pond_library_row_free     (PondLibraryRow       *self);

/* Whether @self may be shown and its file touched: an index that came with a USB stick must not name
 * a file outside the library, or one that is not a saved video of that uid and type. */
gboolean        pond_library_row_is_sound (const PondLibraryRow *self);

/* ".mp4" or ".m4a", and back; the latter is NULL for another suffix. */
const char     *pond_library_type_to_suffix   (const char *type);
const char     *pond_library_type_from_suffix (const char *suffix);

/* The key of a video of one type in a table. (transfer full) */
char           *pond_library_make_key         (const char *uid,
                                               const char *type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondLibraryRow, pond_library_row_free)

G_END_DECLS
