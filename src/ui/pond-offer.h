/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What is dropped or pasted, as text to look for videos in. */

/**
 * pond_offer_read_files_async:
 * @files: (element-type GFile): what was dropped or pasted
 * @cancellable: (nullable):
 * @callback:
 * @user_data:
 *
 * Makes a text of @files: what local text files say, of each the first MiB, and the addresses of the
 * others.
 */
void  pond_offer_read_files_async  (GSList               *files,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);

/**
 * pond_offer_read_files_finish:
 * @result:
 * @error: of %G_IO_ERROR, when none of the files could be read
 *
 * Returns: (transfer full): the text, or %NULL with @error set
 */
char *pond_offer_read_files_finish (GAsyncResult         *result,
                                    GError              **error);

G_END_DECLS
