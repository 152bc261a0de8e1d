/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define POND_TYPE_PREFERENCES_DIALOG (pond_preferences_dialog_get_type ())

/**
 * PondPreferencesDialog:
 *
 * The settings that a person may want to change.
 */
G_DECLARE_FINAL_TYPE (PondPreferencesDialog, pond_preferences_dialog, POND, PREFERENCES_DIALOG,
                      AdwPreferencesDialog)

AdwDialog *pond_preferences_dialog_new (GSettings *settings);

G_END_DECLS
