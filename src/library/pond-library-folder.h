/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the library does with its folder, blocking, on the worker. Errors are PondLibraryErrors. */

/* Makes the folder and what is hidden in it, and tries to write there. */
gboolean  pond_library_folder_prepare    (const char    *folder,
                                          GError       **error);

/* Holds other processes off while one opens the index. Returns a file descriptor that lets them on
 * when it is closed, or -1 where the file system has no locks. */
int       pond_library_folder_hold       (const char    *folder);

/* Moves an index that can't be read out of the way, without losing it. */
gboolean  pond_library_folder_set_aside  (const char    *database,
                                          GError       **error);

/* Calls @func for each saved video that is a regular file, by its path relative to @folder: those
 * in a folder before those in its subfolders. Links and hidden folders are not followed. */
typedef void (*PondLibraryFoundFunc) (const char *path,
                                      const char *uid,
                                      const char *type,
                                      gpointer    data);

void      pond_library_folder_scan       (const char           *folder,
                                          gboolean              recurse,
                                          PondLibraryFoundFunc  func,
                                          gpointer              data,
                                          GCancellable         *cancellable);

/* Length and modification time (nanoseconds) of a regular file; FALSE when there is none. */
gboolean  pond_library_folder_look       (const char    *path,
                                          gint64        *bytes,
                                          gint64        *mtime);

/* Waits until a file is on the disk. */
gboolean  pond_library_folder_sync_file  (const char    *path,
                                          GError       **error);

/* Moves @from to the place of @to, on the same file system and for good: the folder is synced. */
gboolean  pond_library_folder_replace    (const char    *from,
                                          const char    *to,
                                          GError       **error);

/* Moves @from into @folder under a name made of @title, @uid and @suffix that nothing has there
 * yet.
 * Returns the name. (transfer full) */
char     *pond_library_folder_add        (const char    *folder,
                                          const char    *from,
                                          const char    *title,
                                          const char    *uid,
                                          const char    *suffix,
                                          GError       **error);

/* Puts a file into the trash, or deletes it where there is none; fine when it is gone already. */
gboolean  pond_library_folder_trash      (const char    *path,
                                          GError       **error);

/* Does so with all captions of @uid in the folder that @path is in. */
gboolean  pond_library_folder_trash_captions (const char    *path,
                                              const char    *uid,
                                              GError       **error);

/* Sets the error that fits errno's value @number. @path is the file that it was about. */
void      pond_library_set_errno_error   (GError       **error,
                                          int            number,
                                          const char    *path);

G_END_DECLS
