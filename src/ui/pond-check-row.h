/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "stream/pond-check-step.h"

G_BEGIN_DECLS

#define POND_TYPE_CHECK_ROW (pond_check_row_get_type ())

/**
 * PondCheckRow:
 *
 * One step of an account check: how far it is, what was found and what to do about it.
 */
G_DECLARE_FINAL_TYPE (PondCheckRow, pond_check_row, POND, CHECK_ROW, AdwActionRow)

/**
 * pond_check_row_new:
 * @step: the step to show
 *
 * Returns: (transfer floating): a new row
 */
GtkWidget *pond_check_row_new (PondCheckStep *step);

G_END_DECLS
