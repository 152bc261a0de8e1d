/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "downloads/pond-download-queue.h"

G_BEGIN_DECLS

#define POND_TYPE_WINDOW (pond_window_get_type ())

/**
 * PondWindow:
 *
 * Millpond's window. It is shown before the library is open, and says so until
 * pond_window_set_queue() or pond_window_set_library_error() is called.
 *
 * It relies on actions of the application: `app.quit`, `app.try-sample` and `app.open-library`, which
 * tries again to open a library that could not be opened.
 */
G_DECLARE_FINAL_TYPE (PondWindow, pond_window, POND, WINDOW, AdwApplicationWindow)

/**
 * pond_window_new:
 * @app: the application
 * @accounts: the accounts, which may still be loading
 * @api_base: the Stream API's base address, without a slash at the end
 *
 * Returns: (transfer none): a new window, owned by GTK as all toplevels are
 */
PondWindow *pond_window_new               (AdwApplication    *app,
                                           PondAccountStore  *accounts,
                                           const char        *api_base);

/**
 * pond_window_set_queue:
 * @self: a window
 * @queue: the downloads, of a library that is open
 *
 * Shows the library. May be called once.
 */
void        pond_window_set_queue         (PondWindow        *self,
                                           PondDownloadQueue *queue);

/**
 * pond_window_set_library_error:
 * @self: a window
 * @error: (nullable): why the library can't be opened, or %NULL while it is being tried again
 *
 * Says why there is no library, and offers to try again.
 */
void        pond_window_set_library_error (PondWindow        *self,
                                           const GError      *error);

/**
 * pond_window_offer_text:
 * @self: a window
 * @text: what was pasted, dropped or given on the command line
 *
 * Shows what videos @text names and offers to download them. When the library isn't open yet, that
 * waits until it is.
 */
void        pond_window_offer_text        (PondWindow        *self,
                                           const char        *text);

/**
 * pond_window_download:
 * @self: a window
 * @refs: (element-type PondVideoRef): the videos
 * @type: "default" or "audio"
 *
 * Puts @refs into the queue and says so in a toast.
 */
void        pond_window_download          (PondWindow        *self,
                                           GPtrArray         *refs,
                                           const char        *type);

/**
 * pond_window_play:
 * @self: a window
 * @entry: a saved video
 *
 * Plays @entry from where it was left.
 */
void        pond_window_play              (PondWindow        *self,
                                           PondLibraryEntry  *entry);

/**
 * pond_window_toast:
 * @self: a window
 * @text: a short sentence without a full stop; no markup
 */
void        pond_window_toast             (PondWindow        *self,
                                           const char        *text);

G_END_DECLS
