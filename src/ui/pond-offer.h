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

/**
 * pond_offer_get_formats:
 *
 * Returns: (transfer full): what can be dropped
 */
GdkContentFormats *pond_offer_get_formats (void);

/**
 * pond_offer_read_async:
 * @source: a [class@Gdk.Drop] or a [class@Gdk.Clipboard]
 * @cancellable: (nullable):
 * @callback:
 * @user_data:
 *
 * Reads @source in the first form that names a video: as files, as text, or as HTML, of which only the
 * links of videos are taken.
 */
void  pond_offer_read_async        (GObject              *source,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);

/**
 * pond_offer_read_finish:
 * @result:
 * @error: of %G_IO_ERROR, when it could be read in no form
 *
 * Returns: (transfer full): the text, which may name no video, or %NULL with @error set
 */
char *pond_offer_read_finish       (GAsyncResult         *result,
                                    GError              **error);

G_END_DECLS
