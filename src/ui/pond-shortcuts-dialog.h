/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define POND_TYPE_SHORTCUTS_DIALOG (pond_shortcuts_dialog_get_type ())

/**
 * PondShortcutsDialog:
 *
 * The keys and what they do. AdwShortcutsDialog is newer than what Millpond builds on, and
 * GtkShortcutsWindow is deprecated.
 */
G_DECLARE_FINAL_TYPE (PondShortcutsDialog, pond_shortcuts_dialog, POND, SHORTCUTS_DIALOG, AdwDialog)

AdwDialog *pond_shortcuts_dialog_new (void);

G_END_DECLS
