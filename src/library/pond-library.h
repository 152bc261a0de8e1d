/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "library/pond-database.h"
#include "library/pond-library-entry.h"
#include "library/pond-worker.h"

G_BEGIN_DECLS

/**
 * PondLibraryError:
 * @POND_LIBRARY_ERROR_UNAVAILABLE: the folder is not there and can't be made
 * @POND_LIBRARY_ERROR_READ_ONLY: the folder can't be written
 * @POND_LIBRARY_ERROR_DISK_FULL: no space is left on its disk
 * @POND_LIBRARY_ERROR_CORRUPT: a file is not the video it should be
 * @POND_LIBRARY_ERROR_FAILED: something else
 */
typedef enum
{
  POND_LIBRARY_ERROR_UNAVAILABLE,
  POND_LIBRARY_ERROR_READ_ONLY,
  POND_LIBRARY_ERROR_DISK_FULL,
  POND_LIBRARY_ERROR_CORRUPT,
  POND_LIBRARY_ERROR_FAILED,
} PondLibraryError;

#define POND_LIBRARY_ERROR (pond_library_error_quark ())

GQuark pond_library_error_quark (void);

/**
 * PondSavedVideo:
 * @uid: the video
 * @type: "default" or "audio"
 * @title: as Stream has it; may be empty
 * @creator: (nullable): as Stream has it
 * @account: (nullable): the account it came from
 * @private: whether it needs signed links
 * @created: Unix seconds, 0 unknown
 * @duration: milliseconds that the API gave, or -1; the file must agree
 *
 * What is known of a video that is about to be saved.
 */
typedef struct
{
  const char *uid;
  const char *type;
  const char *title;
  const char *creator;
  const char *account;
  gboolean    private;
  gint64      created;
  gint64      duration;
} PondSavedVideo;

/**
 * PondVerification:
 *
 * What `verify` found of one entry: "ok", "missing", "changed" or "corrupt", in the words of the
 * command line's contract.
 */
typedef struct
{
  PondLibraryEntry *entry;
  const char       *result;
} PondVerification;

#define POND_TYPE_LIBRARY (pond_library_get_type ())

/**
 * PondLibrary:
 *
 * The folder of saved videos and its index: a [iface@Gio.ListModel] of [class@LibraryEntry], last
 * saved first. Files are the truth, the index is what is known of them: one that can't be read is
 * set aside and made again from the folder.
 *
 * Property: `rebuilt`, whether opening had to do that.
 */
G_DECLARE_FINAL_TYPE (PondLibrary, pond_library, POND, LIBRARY, GObject)

PondLibrary      *pond_library_new                 (GFile                 *folder);

/* `MILLPOND_LIBRARY`, else @setting if it is not empty, else `Millpond` in the XDG videos folder. */
GFile            *pond_library_choose_folder       (const char            *setting);

void              pond_library_open_async          (PondLibrary           *self,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);
gboolean          pond_library_open_finish         (PondLibrary           *self,
                                                    GAsyncResult          *result,
                                                    GError               **error);

GFile            *pond_library_get_folder          (PondLibrary           *self);
gboolean          pond_library_get_rebuilt         (PondLibrary           *self);
/* (nullable) (transfer none) */
PondLibraryEntry *pond_library_find                (PondLibrary           *self,
                                                    const char            *uid,
                                                    const char            *type);

/* Whether this process works on the library's queue. The first to ask gets it; it is released when
 * the process ends, however it ends. Does not block. */
gboolean          pond_library_acquire             (PondLibrary           *self);

/* Where the unfinished file and the poster of a video are. (transfer full) */
GFile            *pond_library_get_part            (PondLibrary           *self,
                                                    const char            *uid,
                                                    const char            *type);
GFile            *pond_library_get_poster          (PondLibrary           *self,
                                                    const char            *uid);

/* For downloads/: the database is only used in functions that run on the worker. */
PondWorker       *pond_library_get_worker          (PondLibrary           *self);
PondDatabase     *pond_library_get_database        (PondLibrary           *self);

/* Checks @part, moves it to its place in the library and puts it into the index: sync file, rename,
 * sync folder, commit. On success the entry is in the model. A file that does not check is left where
 * it is and the error is POND_LIBRARY_ERROR_CORRUPT. @video is copied. */
void              pond_library_save_async          (PondLibrary           *self,
                                                    GFile                 *part,
                                                    const PondSavedVideo  *video,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);
PondLibraryEntry *pond_library_save_finish         (PondLibrary           *self,
                                                    GAsyncResult          *result,
                                                    GError               **error);

/* Writes the captions of a saved video beside it, replacing older ones of that language. */
void              pond_library_save_captions_async (PondLibrary           *self,
                                                    PondLibraryEntry      *entry,
                                                    const char            *language,
                                                    GBytes                *vtt,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);
gboolean          pond_library_save_captions_finish (PondLibrary          *self,
                                                    GAsyncResult          *result,
                                                    GError               **error);

/* Remembers where playing stopped (milliseconds); shown at once, on disk soon after. */
void              pond_library_set_position        (PondLibrary           *self,
                                                    PondLibraryEntry      *entry,
                                                    gint64                 position);
void              pond_library_set_watched         (PondLibrary           *self,
                                                    PondLibraryEntry      *entry,
                                                    gboolean               watched);

/* Takes @entry out of the library; its files go to the trash (or are deleted where there is none)
 * unless @keep_file. */
void              pond_library_remove_async        (PondLibrary           *self,
                                                    PondLibraryEntry      *entry,
                                                    gboolean               keep_file,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);
gboolean          pond_library_remove_finish       (PondLibrary           *self,
                                                    GAsyncResult          *result,
                                                    GError               **error);

/* Checks the files of @entries (of all, when NULL); finish() returns an array of PondVerification. */
void              pond_library_verify_async        (PondLibrary           *self,
                                                    GPtrArray             *entries,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);
GPtrArray        *pond_library_verify_finish       (PondLibrary           *self,
                                                    GAsyncResult          *result,
                                                    GError               **error);

/* Reads what another process has added or removed meanwhile. Cheap when nothing changed. */
void              pond_library_refresh_async       (PondLibrary           *self,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);
gboolean          pond_library_refresh_finish      (PondLibrary           *self,
                                                    GAsyncResult          *result,
                                                    GError               **error);

G_END_DECLS
