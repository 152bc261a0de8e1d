/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The width that posters are decoded to, in pixels: that of a card on a display of double density. */
#define POND_POSTER_WIDTH 480

/**
 * pond_poster_peek:
 * @file: an image
 *
 * Returns: (transfer none) (nullable): the texture of @file, when it was loaded not long ago
 */
GdkTexture *pond_poster_peek        (GFile                *file);

/**
 * pond_poster_load_async:
 * @file: an image; it is taken as hostile
 * @cancellable: (nullable):
 * @callback:
 * @user_data:
 *
 * Decodes @file on another thread, to at most %POND_POSTER_WIDTH, and keeps it among those last used.
 */
void        pond_poster_load_async  (GFile                *file,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);

/**
 * pond_poster_load_finish:
 * @result:
 * @error: of %G_IO_ERROR or %GDK_PIXBUF_ERROR
 *
 * Returns: (transfer full): the texture, or %NULL with @error set
 */
GdkTexture *pond_poster_load_finish (GAsyncResult         *result,
                                     GError              **error);

G_END_DECLS
