/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "downloads/pond-download-queue.h"

G_BEGIN_DECLS

#define POND_TYPE_ADD_DIALOG (pond_add_dialog_get_type ())

/**
 * PondAddDialog:
 *
 * Where videos are added: what was typed, pasted, dropped or given on the command line, and what was
 * found in it. Nothing is fetched before the person says so.
 *
 * Signal: `download`, with an array of the [struct@VideoRef] to add (transfer none) and their type,
 * "default" or "audio".
 */
G_DECLARE_FINAL_TYPE (PondAddDialog, pond_add_dialog, POND, ADD_DIALOG, AdwDialog)

/**
 * pond_add_dialog_new:
 * @queue: where the videos would go
 *
 * Returns: (transfer floating): a new dialog
 */
PondAddDialog *pond_add_dialog_new      (PondDownloadQueue *queue);

/**
 * pond_add_dialog_add_text:
 * @self: a dialog
 * @text: what was pasted or dropped, which may or may not hold videos
 *
 * Puts @text after what is there already.
 */
void           pond_add_dialog_add_text (PondAddDialog     *self,
                                         const char        *text);

G_END_DECLS
