/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PondEntryStatus:
 * @POND_ENTRY_PRESENT: the file is where the index says
 * @POND_ENTRY_MISSING: it is not
 * @POND_ENTRY_CHANGED: there is a file, but not the one that was saved
 */
typedef enum
{
  POND_ENTRY_PRESENT,
  POND_ENTRY_MISSING,
  POND_ENTRY_CHANGED,
} PondEntryStatus;

#define POND_TYPE_ENTRY_STATUS (pond_entry_status_get_type ())

GType pond_entry_status_get_type (void) G_GNUC_CONST;

#define POND_TYPE_LIBRARY_ENTRY (pond_library_entry_get_type ())

/**
 * PondLibraryEntry:
 *
 * One saved file: a video of one type ("default" is the MP4, "audio" the M4A). Its properties, all
 * readable and notifying: `uid`, `type`, `title`, `creator`, `account`, `private`, `file`, `poster`
 * (a file that may not exist), `bytes`, `duration` (milliseconds), `created` and `saved-at` (Unix
 * seconds, 0 unknown), `position` (milliseconds), `progress` (0.0 to 1.0), `watched`, `status`.
 */
G_DECLARE_FINAL_TYPE (PondLibraryEntry, pond_library_entry, POND, LIBRARY_ENTRY, GObject)

const char      *pond_library_entry_get_uid      (PondLibraryEntry *self);
const char      *pond_library_entry_get_type_name (PondLibraryEntry *self);
const char      *pond_library_entry_get_title    (PondLibraryEntry *self);
const char      *pond_library_entry_get_creator  (PondLibraryEntry *self);
const char      *pond_library_entry_get_account  (PondLibraryEntry *self);
gboolean         pond_library_entry_get_private  (PondLibraryEntry *self);
GFile           *pond_library_entry_get_file     (PondLibraryEntry *self);
GFile           *pond_library_entry_get_poster   (PondLibraryEntry *self);
guint64          pond_library_entry_get_bytes    (PondLibraryEntry *self);
gint64           pond_library_entry_get_duration (PondLibraryEntry *self);
gint64           pond_library_entry_get_created  (PondLibraryEntry *self);
gint64           pond_library_entry_get_saved_at (PondLibraryEntry *self);
gint64           pond_library_entry_get_position (PondLibraryEntry *self);
double           pond_library_entry_get_progress (PondLibraryEntry *self);
gboolean         pond_library_entry_get_watched  (PondLibraryEntry *self);
PondEntryStatus  pond_library_entry_get_status   (PondLibraryEntry *self);

G_END_DECLS
