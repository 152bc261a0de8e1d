/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "library/pond-database.h"

G_BEGIN_DECLS

/* Looks through @folder and writes what it finds into the index, of which @rows are all that is
 * sound: adds what the index lacks. When @thorough, it looks into subfolders too, finds what was
 * moved, and marks what is missing or changed. @changed says whether anything was written. Errors
 * are PondDatabaseErrors, or that it was cancelled. */
gboolean pond_library_survey (PondDatabase  *database,
                              const char    *folder,
                              GPtrArray     *rows,
                              gboolean       thorough,
                              gboolean      *changed,
                              GCancellable  *cancellable,
                              GError       **error);

G_END_DECLS
