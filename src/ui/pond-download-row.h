/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "downloads/pond-download.h"

G_BEGIN_DECLS

#define POND_TYPE_DOWNLOAD_ROW (pond_download_row_get_type ())

/**
 * PondDownloadRow:
 *
 * A download in the list: poster, title, what is being done, how far it is and how fast it goes.
 *
 * What a person does to it goes up the tree as `downloads.pause`, `downloads.resume` and
 * `downloads.cancel`, with the video's ID and type as parameters.
 *
 * Property: `download` (nullable).
 */
G_DECLARE_FINAL_TYPE (PondDownloadRow, pond_download_row, POND, DOWNLOAD_ROW, AdwBin)

G_END_DECLS
