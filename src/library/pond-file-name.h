/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The names of saved files: "<title> [<uid>].mp4", "<title> [<uid>].m4a" and
 * "<title> [<uid>].<language>.vtt". */

/* A name that ext4, exFAT and NTFS take, of at most 255 bytes, never empty, without control and
 * bidirectional-override characters. @suffix is ".mp4", ".m4a" or ".de.vtt". (transfer full). */
char     *pond_file_name_make  (const char  *title,
                                const char  *uid,
                                const char  *suffix);

/* The reverse: FALSE when @name has no "[<uid>]" before its suffix. @title is what the name still has
 * of it, @suffix points into @name. All out parameters may be NULL. */
gboolean  pond_file_name_parse (const char  *name,
                                char       **title,
                                char       **uid,
                                const char **suffix);

G_END_DECLS
