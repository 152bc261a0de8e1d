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
 *
 * What can go wrong with a library. Messages are sentences in the person's language.
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
 * @entry: (transfer full): an entry
 * @result: (transfer none): "ok", "missing", "changed" or "corrupt"
 *
 * What `verify` found of one entry, in the words of the command line's contract: "changed" is a
 * file of another length than the one that was saved, "corrupt" one of that length that is no whole
 * MP4 file.
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
 * set aside as `library.db.damaged-<time>` and made again from the folder.
 *
 * It belongs to the main thread, and works on a thread of its own. When it is opened, videos that
 * lie in the folder itself but not in the index are added, so that what a power loss took from the
 * index comes back. Soon after, in the background, so are those in subfolders; entries whose file
 * was moved within the folder follow it, and [property@LibraryEntry:status] says of which it is
 * gone or has another length. Folders whose names begin with a dot, and links, are left alone.
 *
 * Letting go of the last reference writes what is still to be written and waits for that.
 *
 * Properties: `folder`; `rebuilt`, whether opening had to make the index again.
 */
G_DECLARE_FINAL_TYPE (PondLibrary, pond_library, POND, LIBRARY, GObject)

/**
 * pond_library_new:
 * @folder: where the videos are, or will be
 *
 * Returns: (transfer full): a library that is not open yet, and empty
 */
PondLibrary      *pond_library_new                 (GFile                 *folder);

/**
 * pond_library_choose_folder:
 * @setting: (nullable): the path that the person chose; "" and %NULL if none
 *
 * Gets where the library is: `MILLPOND_LIBRARY`, else @setting, else `Millpond` in the XDG videos
 * folder, or in the home folder where there is none of those.
 *
 * Returns: (transfer full): the folder, which need not be there
 */
GFile            *pond_library_choose_folder       (const char            *setting);

/**
 * pond_library_open_async:
 * @self: a library
 * @cancellable: (nullable): to end it early
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Makes the folder and what belongs into it where it is not there, sees whether it can be written,
 * opens the index and fills the model. A library that is open already stays as it is; one that
 * could not be opened can be tried again.
 */
void              pond_library_open_async          (PondLibrary           *self,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);

/**
 * pond_library_open_finish:
 * @self: a library
 * @result: what the callback was given
 * @error: a %POND_LIBRARY_ERROR whose message is for people: what happened, what it means for their
 *   videos, and what they can do
 *
 * Returns: whether the library is open
 */
gboolean          pond_library_open_finish         (PondLibrary           *self,
                                                    GAsyncResult          *result,
                                                    GError               **error);

/**
 * pond_library_get_folder:
 * @self: a library
 *
 * Returns: (transfer none): where the videos are
 */
GFile            *pond_library_get_folder          (PondLibrary           *self);

/**
 * pond_library_get_rebuilt:
 * @self: a library
 *
 * Returns: whether the index could not be read when the library was opened, and was made again
 */
gboolean          pond_library_get_rebuilt         (PondLibrary           *self);

/**
 * pond_library_find:
 * @self: a library
 * @uid: a video
 * @type: "default" or "audio"
 *
 * Returns: (transfer none) (nullable): its entry, if it is in the library
 */
PondLibraryEntry *pond_library_find                (PondLibrary           *self,
                                                    const char            *uid,
                                                    const char            *type);

/**
 * pond_library_acquire:
 * @self: a library that was opened
 *
 * Asks to be the one that works on the library's queue. The first to ask, of all processes, gets it
 * until it lets go of @self or ends, however it ends. Asking again is fine. On a file system
 * without locks everyone gets it. Does not wait.
 *
 * Returns: whether @self works on the queue
 */
gboolean          pond_library_acquire             (PondLibrary           *self);

/**
 * pond_library_get_part:
 * @self: a library
 * @uid: a video
 * @type: "default" or "audio"
 *
 * Returns: (transfer full): where the unfinished file of the video belongs
 */
GFile            *pond_library_get_part            (PondLibrary           *self,
                                                    const char            *uid,
                                                    const char            *type);

/**
 * pond_library_get_poster:
 * @self: a library
 * @uid: a video
 *
 * Returns: (transfer full): where the poster of the video belongs, a JPEG file
 */
GFile            *pond_library_get_poster          (PondLibrary           *self,
                                                    const char            *uid);

/**
 * pond_library_get_worker:
 * @self: a library
 *
 * Gets the thread that the database belongs to, for downloads/. A task that is given to it should
 * have the library as its source object or otherwise keep it, because the database is closed with
 * it.
 *
 * Returns: (transfer none): the worker
 */
PondWorker       *pond_library_get_worker          (PondLibrary           *self);

/**
 * pond_library_get_database:
 * @self: a library that was opened
 *
 * Gets the database, for downloads/. To be called on the worker only.
 *
 * Returns: (transfer none): the database
 */
PondDatabase     *pond_library_get_database        (PondLibrary           *self);

/**
 * pond_library_save_async:
 * @self: a library that was opened
 * @part: a complete file on the library's file system
 * @video: what is known of it; copied
 * @cancellable: (nullable): to end it early, which is possible until the file is moved
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Checks @part, moves it to its place in the library and puts it into the index: sync file, rename,
 * sync folder, commit. The same commit sets the state of the video's row in the table `download`,
 * if there is one, to "saved", and it survives a power loss.
 *
 * A file of the same video and type that is still as it was saved is replaced; any other file
 * stays, and the new one gets a number into its name if need be. A video is whole when its
 * container is (pond_mp4_check()), when it has the tracks of its type, and when its duration is the
 * API's within one second or 1 %, whichever is more.
 */
void              pond_library_save_async          (PondLibrary           *self,
                                                    GFile                 *part,
                                                    const PondSavedVideo  *video,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);

/**
 * pond_library_save_finish:
 * @self: a library
 * @result: what the callback was given
 * @error: a %POND_LIBRARY_ERROR, of which %POND_LIBRARY_ERROR_CORRUPT means that the file did not
 *   check; or a %G_IO_ERROR when it can't be read or this was cancelled. The file is then where it
 *   was, unless the disk fails.
 *
 * Returns: (transfer full): the entry, which is in the model; or %NULL
 */
PondLibraryEntry *pond_library_save_finish         (PondLibrary           *self,
                                                    GAsyncResult          *result,
                                                    GError               **error);

/**
 * pond_library_save_captions_async:
 * @self: a library that was opened
 * @entry: an entry of it
 * @language: a language tag (BCP 47)
 * @vtt: the captions, a WebVTT file
 * @cancellable: (nullable): to end it before it begins
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Writes the captions of a saved video beside it, replacing older ones of that language.
 */
void              pond_library_save_captions_async (PondLibrary           *self,
                                                    PondLibraryEntry      *entry,
                                                    const char            *language,
                                                    GBytes                *vtt,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);

/**
 * pond_library_save_captions_finish:
 * @self: a library
 * @result: what the callback was given
 * @error: a %POND_LIBRARY_ERROR; %POND_LIBRARY_ERROR_FAILED also when the language is none
 *
 * Returns: whether the captions were written
 */
gboolean          pond_library_save_captions_finish (PondLibrary          *self,
                                                    GAsyncResult          *result,
                                                    GError               **error);

/**
 * pond_library_set_position:
 * @self: a library that was opened
 * @entry: an entry of it
 * @position: milliseconds
 *
 * Remembers where playing stopped; shown at once, on disk some two seconds later or with
 * pond_library_flush(). Whoever gets as far as 95 % of the duration has watched the video.
 */
void              pond_library_set_position        (PondLibrary           *self,
                                                    PondLibraryEntry      *entry,
                                                    gint64                 position);

/**
 * pond_library_set_watched:
 * @self: a library that was opened
 * @entry: an entry of it
 * @watched: whether it was watched
 *
 * Remembers whether a video was watched, whatever its position; shown at once, on disk as the
 * position is.
 */
void              pond_library_set_watched         (PondLibrary           *self,
                                                    PondLibraryEntry      *entry,
                                                    gboolean               watched);

/**
 * pond_library_flush:
 * @self: a library
 *
 * Hands positions that are not on disk yet to the worker now: what is given to it later comes after
 * them. Does not wait.
 */
void              pond_library_flush               (PondLibrary           *self);

/**
 * pond_library_remove_async:
 * @self: a library that was opened
 * @entry: an entry of it
 * @keep_file: whether its files stay; they are then not added again when the folder is looked
 *   through
 * @cancellable: (nullable): to end it before it begins
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Takes @entry out of the library. Its file goes to the trash (or is deleted where there is none)
 * unless @keep_file, and so do the captions when no other type of the video is left.
 */
void              pond_library_remove_async        (PondLibrary           *self,
                                                    PondLibraryEntry      *entry,
                                                    gboolean               keep_file,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);

/**
 * pond_library_remove_finish:
 * @self: a library
 * @result: what the callback was given
 * @error: a %POND_LIBRARY_ERROR
 *
 * Returns: whether the entry is out of the library
 */
gboolean          pond_library_remove_finish       (PondLibrary           *self,
                                                    GAsyncResult          *result,
                                                    GError               **error);

/**
 * pond_library_verify_async:
 * @self: a library that was opened
 * @entries: (nullable) (element-type PondLibraryEntry): entries of it, or %NULL for all
 * @cancellable: (nullable): to end it early
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Checks files against the index, and sets the entries' status to what it found: a file that is
 * "corrupt" is %POND_ENTRY_CHANGED.
 */
void              pond_library_verify_async        (PondLibrary           *self,
                                                    GPtrArray             *entries,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);

/**
 * pond_library_verify_finish:
 * @self: a library
 * @result: what the callback was given
 * @error: a %POND_LIBRARY_ERROR
 *
 * Returns: (transfer full) (element-type PondVerification): what was found, in the order of the
 *   entries; or %NULL
 */
GPtrArray        *pond_library_verify_finish       (PondLibrary           *self,
                                                    GAsyncResult          *result,
                                                    GError               **error);

/**
 * pond_library_refresh_async:
 * @self: a library that was opened
 * @cancellable: (nullable): to end it before it begins
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Reads what another process has added, changed or removed meanwhile. Cheap when nothing changed.
 */
void              pond_library_refresh_async       (PondLibrary           *self,
                                                    GCancellable          *cancellable,
                                                    GAsyncReadyCallback    callback,
                                                    gpointer               user_data);

/**
 * pond_library_refresh_finish:
 * @self: a library
 * @result: what the callback was given
 * @error: a %POND_LIBRARY_ERROR
 *
 * Returns: whether the model is up to date
 */
gboolean          pond_library_refresh_finish      (PondLibrary           *self,
                                                    GAsyncResult          *result,
                                                    GError               **error);

G_END_DECLS
