/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "downloads/pond-download-queue.h"

G_BEGIN_DECLS

#define POND_TYPE_DOWNLOADS_PAGE (pond_downloads_page_get_type ())

/**
 * PondDownloadsPage:
 *
 * The queue: a row for each download, and buttons for all of them. What was saved while Millpond runs
 * stays in the list until it is cleared.
 *
 * Signal: `play` with a [class@LibraryEntry].
 */
G_DECLARE_FINAL_TYPE (PondDownloadsPage, pond_downloads_page, POND, DOWNLOADS_PAGE, AdwNavigationPage)

AdwNavigationPage *pond_downloads_page_new       (void);

/**
 * pond_downloads_page_set_queue:
 * @self: a page
 * @queue: what to show
 */
void               pond_downloads_page_set_queue (PondDownloadsPage *self,
                                                  PondDownloadQueue *queue);

G_END_DECLS
