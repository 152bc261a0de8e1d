/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PondCheckpoint:
 * @etag: (nullable): the `ETag` the server gave, as it stood there
 * @last_modified: (nullable): the `Last-Modified` it gave, as it stood there
 * @total: bytes that the whole file will have, or -1 while that is not known
 * @synced: bytes from the start of the file that are known to be on the disk
 * @boot_id: (nullable): the boot that the file was last written in
 *
 * What lies beside an unfinished file: which version of the resource its bytes are of, and how many
 * of them outlive a loss of power.
 */
typedef struct
{
  char    *etag;
  char    *last_modified;
  gint64   total;
  guint64  synced;
  char    *boot_id;
} PondCheckpoint;

PondCheckpoint *pond_checkpoint_new            (const char            *etag,
                                                const char            *last_modified,
                                                gint64                 total);
void            pond_checkpoint_free           (PondCheckpoint        *self);

PondCheckpoint *pond_checkpoint_parse          (const char            *text,
                                                gsize                  length,
                                                GError               **error);
char           *pond_checkpoint_print          (const PondCheckpoint  *self);

PondCheckpoint *pond_checkpoint_load           (const char            *path,
                                                GError               **error);
gboolean        pond_checkpoint_save           (const PondCheckpoint  *self,
                                                const char            *path,
                                                gboolean               durable,
                                                GError               **error);
gboolean        pond_checkpoint_remove         (const char            *path,
                                                GError               **error);

const char     *pond_checkpoint_get_strong     (const PondCheckpoint  *self);
gboolean        pond_checkpoint_is_same        (const PondCheckpoint  *self,
                                                const PondCheckpoint  *other);
guint64         pond_checkpoint_count_trusted  (const PondCheckpoint  *self,
                                                guint64                file_length,
                                                const char            *boot_id);

char           *pond_checkpoint_dup_boot_id    (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondCheckpoint, pond_checkpoint_free)

G_END_DECLS
