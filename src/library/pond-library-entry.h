/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PondEntryStatus:
 * @POND_ENTRY_PRESENT: the file is where the index says
 * @POND_ENTRY_MISSING: it is not
 * @POND_ENTRY_CHANGED: there is a file, but not the one that was saved
 *
 * What was seen of an entry's file when it was last looked for.
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
 * (a file that may not exist), `bytes`, `duration` (milliseconds, -1 unknown), `created` and
 * `saved-at` (Unix seconds, 0 unknown), `position` (milliseconds), `progress` (0.0 to 1.0),
 * `watched`, `status`.
 */
G_DECLARE_FINAL_TYPE (PondLibraryEntry, pond_library_entry, POND, LIBRARY_ENTRY, GObject)

/**
 * pond_library_entry_get_uid:
 * @self: an entry
 *
 * Returns: (transfer none): the video's uid, 32 lowercase hexadecimal digits
 */
const char      *pond_library_entry_get_uid       (PondLibraryEntry *self);

/**
 * pond_library_entry_get_type_name:
 * @self: an entry
 *
 * Gets the property `type`.
 *
 * Returns: (transfer none): "default" or "audio"
 */
const char      *pond_library_entry_get_type_name (PondLibraryEntry *self);

/**
 * pond_library_entry_get_title:
 * @self: an entry
 *
 * Returns: (transfer none): the title as Stream has it, or, of a file that was found in the folder,
 *   what its name has of it; may be empty
 */
const char      *pond_library_entry_get_title     (PondLibraryEntry *self);

/**
 * pond_library_entry_get_creator:
 * @self: an entry
 *
 * Returns: (transfer none) (nullable): the creator as Stream has it
 */
const char      *pond_library_entry_get_creator   (PondLibraryEntry *self);

/**
 * pond_library_entry_get_account:
 * @self: an entry
 *
 * Returns: (transfer none) (nullable): the ID of the account it came from
 */
const char      *pond_library_entry_get_account   (PondLibraryEntry *self);

/**
 * pond_library_entry_get_private:
 * @self: an entry
 *
 * Returns: whether the video needed signed links when it was saved
 */
gboolean         pond_library_entry_get_private   (PondLibraryEntry *self);

/**
 * pond_library_entry_get_file:
 * @self: an entry
 *
 * Returns: (transfer none): the saved file, which may be gone
 */
GFile           *pond_library_entry_get_file      (PondLibraryEntry *self);

/**
 * pond_library_entry_get_poster:
 * @self: an entry
 *
 * Returns: (transfer none): where the video's poster is, if it has one
 */
GFile           *pond_library_entry_get_poster    (PondLibraryEntry *self);

/**
 * pond_library_entry_get_bytes:
 * @self: an entry
 *
 * Returns: how long the file was, in bytes, when it was saved
 */
guint64          pond_library_entry_get_bytes     (PondLibraryEntry *self);

/**
 * pond_library_entry_get_duration:
 * @self: an entry
 *
 * Returns: milliseconds, as the file itself has it, or -1
 */
gint64           pond_library_entry_get_duration  (PondLibraryEntry *self);

/**
 * pond_library_entry_get_created:
 * @self: an entry
 *
 * Returns: when the video was made on Stream, in Unix seconds, or 0
 */
gint64           pond_library_entry_get_created   (PondLibraryEntry *self);

/**
 * pond_library_entry_get_saved_at:
 * @self: an entry
 *
 * Returns: when the file was saved, in Unix seconds
 */
gint64           pond_library_entry_get_saved_at  (PondLibraryEntry *self);

/**
 * pond_library_entry_get_position:
 * @self: an entry
 *
 * Returns: where playing stopped, in milliseconds; 0 at first
 */
gint64           pond_library_entry_get_position  (PondLibraryEntry *self);

/**
 * pond_library_entry_get_progress:
 * @self: an entry
 *
 * Returns: the position's share of the duration, 0.0 to 1.0; 0.0 when the duration isn't known
 */
double           pond_library_entry_get_progress  (PondLibraryEntry *self);

/**
 * pond_library_entry_get_watched:
 * @self: an entry
 *
 * Returns: whether the video was watched to its end; see [method@Library.set_position]
 */
gboolean         pond_library_entry_get_watched   (PondLibraryEntry *self);

/**
 * pond_library_entry_get_status:
 * @self: an entry
 *
 * Returns: what was seen of the file when it was last looked for
 */
PondEntryStatus  pond_library_entry_get_status    (PondLibraryEntry *self);

G_END_DECLS
