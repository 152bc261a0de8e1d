/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The names of saved files: "<title> [<uid>].mp4", "<title> [<uid>].m4a" and
 * "<title> [<uid>].<language>.vtt". The uid in the name is what lets a lost index be made again
 * from the folder alone. */

/**
 * pond_file_name_is_uid:
 * @text: any text
 *
 * Returns: whether @text is a video's uid: 32 lowercase hexadecimal digits
 */
gboolean  pond_file_name_is_uid      (const char  *text);

/**
 * pond_file_name_is_language:
 * @text: any text
 *
 * Returns: whether @text has the form of a language tag (BCP 47), of at most 35 characters
 */
gboolean  pond_file_name_is_language (const char  *text);

/**
 * pond_file_name_make:
 * @title: the title that people gave the video: any bytes, any length
 * @uid: the video
 * @suffix: ".mp4", ".m4a" or a language's ".de.vtt"
 *
 * Makes a name that ext4, exFAT and NTFS take: of at most 255 bytes, valid UTF-8 in its composed
 * form (NFC), without control and bidirectional-override characters, not hidden and not an option.
 * A title that is too long is shortened where one character, as people see it, ends; a title of
 * which nothing is left becomes "Video".
 *
 * Returns: (transfer full): the name
 */
char     *pond_file_name_make        (const char  *title,
                                      const char  *uid,
                                      const char  *suffix);

/**
 * pond_file_name_parse:
 * @name: the name of a file, without its folder: any bytes
 * @title: (out) (optional) (transfer full): what the name still has of the title, as valid UTF-8;
 *   may be empty
 * @uid: (out) (optional) (transfer full): the video
 * @suffix: (out) (optional) (transfer none): ".mp4", ".m4a" or ".<language>.vtt"; points into @name
 *
 * The reverse of pond_file_name_make(), kind to names that people have changed around the uid.
 *
 * Returns: %FALSE when @name has no "[<uid>]" just before such a suffix; nothing is set then
 */
gboolean  pond_file_name_parse       (const char  *name,
                                      char       **title,
                                      char       **uid,
                                      const char **suffix);

G_END_DECLS
