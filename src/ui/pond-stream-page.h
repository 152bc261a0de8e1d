/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "downloads/pond-download-queue.h"

G_BEGIN_DECLS

#define POND_TYPE_STREAM_PAGE (pond_stream_page_get_type ())

/**
 * PondStreamPage:
 *
 * The videos on an account, newest first, to choose from.
 *
 * Property: `narrow`, whether the header bar has a menu in place of its buttons.
 *
 * Signals: `download`, with an array of [struct@VideoRef] and their type as in [class@AddDialog], and
 * `play` with a [class@LibraryEntry].
 */
G_DECLARE_FINAL_TYPE (PondStreamPage, pond_stream_page, POND, STREAM_PAGE, AdwNavigationPage)

AdwNavigationPage *pond_stream_page_new         (void);

/**
 * pond_stream_page_set_account:
 * @self: a page
 * @queue: where downloads go
 * @account: whose videos to show
 *
 * Shows the videos of @account. What was listed before of the same account stays until it was listed
 * anew.
 */
void               pond_stream_page_set_account  (PondStreamPage    *self,
                                                  PondDownloadQueue *queue,
                                                  PondAccount       *account);

void               pond_stream_page_start_search (PondStreamPage    *self);

G_END_DECLS
