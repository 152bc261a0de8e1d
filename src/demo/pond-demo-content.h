/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PondDemoContent:
 *
 * The bytes of an answer, made as they are asked for: what a file or a string holds, and, where the
 * size is larger, an MP4 box of filler after it. The filler depends on nothing but the offset, so
 * that fifty gigabytes take no room and can still be compared.
 */
typedef struct _PondDemoContent PondDemoContent;

PondDemoContent *pond_demo_content_new_for_bytes (GBytes           *bytes);
PondDemoContent *pond_demo_content_new_for_file  (GFile            *file,
                                                  guint64           size,
                                                  GError          **error);
PondDemoContent *pond_demo_content_ref           (PondDemoContent  *self);
void             pond_demo_content_unref         (PondDemoContent  *self);

/* Copies that differ, for rules: one byte turned over, or only the first @size bytes. */
PondDemoContent *pond_demo_content_corrupt       (PondDemoContent  *self,
                                                  guint64           offset);
PondDemoContent *pond_demo_content_truncate      (PondDemoContent  *self,
                                                  guint64           size);

guint64          pond_demo_content_get_size      (PondDemoContent  *self);

/* At most @length bytes from @offset, fewer at the end. (transfer full) */
GBytes          *pond_demo_content_read          (PondDemoContent  *self,
                                                  guint64           offset,
                                                  gsize             length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondDemoContent, pond_demo_content_unref)

G_END_DECLS
