/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "downloads/pond-download-queue.h"

G_BEGIN_DECLS

/**
 * PondPrinterStyle:
 * @POND_PRINTER_PLAIN: one line for each change of state
 * @POND_PRINTER_TERMINAL: one line for each running video, drawn anew as it moves
 * @POND_PRINTER_JSON: one JSON object for each event
 */
typedef enum
{
  POND_PRINTER_PLAIN,
  POND_PRINTER_TERMINAL,
  POND_PRINTER_JSON,
} PondPrinterStyle;

#define POND_TYPE_PROGRESS_PRINTER (pond_progress_printer_get_type ())

/**
 * PondProgressPrinter:
 *
 * Prints how downloads go on, in the words of the command line's contract.
 */
G_DECLARE_FINAL_TYPE (PondProgressPrinter, pond_progress_printer, POND, PROGRESS_PRINTER, GObject)

PondProgressPrinter *pond_progress_printer_new   (PondLibrary          *library,
                                                  PondPrinterStyle      style);
void                 pond_progress_printer_watch (PondProgressPrinter  *self,
                                                  PondDownload         *download);
void                 pond_progress_printer_end   (PondProgressPrinter  *self);

G_END_DECLS
