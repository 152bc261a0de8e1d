/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * pond_account_file_read:
 * @file: the list of accounts, a local file
 * @error: return location for an error
 *
 * Reads the list of accounts: a group for each account, named after its ID, with the key `name`. If
 * there is no file the list is empty. A damaged file is set aside as `<file>.broken`, with a
 * warning in the log, and what could be read of it takes its place.
 *
 * This and the functions below wait for the disk, and may be called in any thread.
 *
 * Returns: (transfer full): the list; NULL with an error of the domain %G_IO_ERROR when the file is
 *   there but can't be read
 */
GKeyFile *pond_account_file_read   (GFile       *file,
                                    GError     **error);

/**
 * pond_account_file_add:
 * @file: the list of accounts
 * @id: an account's ID
 * @name: its name
 * @error: return location for an error
 *
 * Puts an account at the end of the list, or gives the one that is there another name. The file is
 * replaced at once or not at all, and nobody else may read it.
 *
 * Returns: TRUE if the list is on the disk; FALSE with an error of the domains %G_IO_ERROR or
 *   %G_FILE_ERROR, when it is as it was
 */
gboolean  pond_account_file_add    (GFile       *file,
                                    const char  *id,
                                    const char  *name,
                                    GError     **error);

/**
 * pond_account_file_remove:
 * @file: the list of accounts
 * @id: an account's ID
 * @error: return location for an error
 *
 * Takes an account out of the list; that it is not there is no error.
 *
 * Returns: TRUE if the list is on the disk; FALSE with an error as above
 */
gboolean  pond_account_file_remove (GFile       *file,
                                    const char  *id,
                                    GError     **error);

G_END_DECLS
