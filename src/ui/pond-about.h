/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "downloads/pond-download-queue.h"

G_BEGIN_DECLS

/**
 * pond_about_present:
 * @parent: the window
 * @queue: (nullable): whose figures go into the debugging information
 *
 * Shows who made Millpond, and what somebody needs to know who looks for a fault. That names no video,
 * no account and no folder.
 */
void pond_about_present (GtkWidget         *parent,
                         PondDownloadQueue *queue);

G_END_DECLS
