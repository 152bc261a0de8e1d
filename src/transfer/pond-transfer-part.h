/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "transfer/pond-checkpoint.h"

G_BEGIN_DECLS

/**
 * PondTransferPart:
 *
 * An unfinished file and its checkpoint: the half of a transfer that knows the disk, and nothing of
 * HTTP. It grows at its end only. Every call may wait for the disk; errors are #PondTransferError.
 */
typedef struct _PondTransferPart PondTransferPart;

char                 *pond_transfer_part_dup_checkpoint_path (const char            *path);

gboolean              pond_transfer_part_inspect             (const char            *path,
                                                              guint64               *length,
                                                              gint64                *total,
                                                              GError               **error);

PondTransferPart     *pond_transfer_part_open                (const char            *path,
                                                              GError               **error);
void                  pond_transfer_part_close               (PondTransferPart      *self);

guint64               pond_transfer_part_get_length          (PondTransferPart      *self);
gint64                pond_transfer_part_get_total           (PondTransferPart      *self);
const PondCheckpoint *pond_transfer_part_get_checkpoint      (PondTransferPart      *self);

gboolean              pond_transfer_part_begin               (PondTransferPart      *self,
                                                              const PondCheckpoint  *version,
                                                              GError               **error);
gboolean              pond_transfer_part_continue            (PondTransferPart      *self,
                                                              gint64                 total,
                                                              GError               **error);
gboolean              pond_transfer_part_write               (PondTransferPart      *self,
                                                              const char            *bytes,
                                                              gsize                  n_bytes,
                                                              GError               **error);
gboolean              pond_transfer_part_compare             (PondTransferPart      *self,
                                                              guint64                offset,
                                                              const char            *bytes,
                                                              gsize                  n_bytes,
                                                              gboolean              *same,
                                                              GError               **error);
gboolean              pond_transfer_part_sync                (PondTransferPart      *self,
                                                              GError               **error);
gboolean              pond_transfer_part_finish              (PondTransferPart      *self,
                                                              GError               **error);
gboolean              pond_transfer_part_discard             (PondTransferPart      *self,
                                                              GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondTransferPart, pond_transfer_part_close)

G_END_DECLS
