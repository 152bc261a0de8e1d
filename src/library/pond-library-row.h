/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "library/pond-database.h"
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

/* What pond_library_row_read() reads, in this order, and what pond_library_row_bind() sets. */
#define POND_LIBRARY_ROW_COLUMNS \
  "id, uid, type, title, creator, account, private, path, bytes, mtime, duration, width, height, " \
  "created, saved_at, position, watched, status"
#define POND_LIBRARY_ROW_INSERT_COLUMNS \
  "uid, type, title, creator, account, private, path, bytes, mtime, duration, width, height, " \
  "created, saved_at"
#define POND_LIBRARY_ROW_INSERT_VALUES "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14"

PondLibraryRow *pond_library_row_new      (const char           *uid,
                                           const char           *type,
                                           const char           *title);
PondLibraryRow *pond_library_row_copy     (const PondLibraryRow *self);
void            pond_library_row_free     (PondLibraryRow       *self);

/* Reads a row whatever it holds: texts are valid UTF-8 but for the path, and numbers are such as
 * there can be. Whether it makes sense is up to pond_library_row_is_sound(). */
PondLibraryRow *pond_library_row_read     (PondStatement        *statement);
void            pond_library_row_bind     (PondStatement        *statement,
                                           const PondLibraryRow *row);

/* Whether @self may be shown and its file touched: an index that came with a USB stick must not
 * name a file outside the library, or one that is not a saved video of that uid and type. */
gboolean        pond_library_row_is_sound (const PondLibraryRow *self);

/* ".mp4" or ".m4a", and back; the latter is NULL for another suffix. */
const char     *pond_library_type_to_suffix   (const char *type);
const char     *pond_library_type_from_suffix (const char *suffix);

/* What stands in the index for a status. */
const char     *pond_entry_status_to_nick     (PondEntryStatus status);

/* The key of a video of one type in a table. (transfer full) */
char           *pond_library_make_key         (const char *uid,
                                               const char *type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondLibraryRow, pond_library_row_free)

G_END_DECLS
