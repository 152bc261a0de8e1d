/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PondTransferProgress:
 * @received: bytes that are in the file
 * @total: bytes the whole file will have, or -1 while that is not known
 * @resumed_from: bytes that were in the file when the body began
 * @delivered: bytes of body that came over the network in this run
 *
 * How far a run is.
 */
typedef struct
{
  guint64 received;
  gint64  total;
  guint64 resumed_from;
  guint64 delivered;
} PondTransferProgress;

/**
 * PondTransferJob:
 *
 * One run of a transfer: the half that works, blocking, on a thread of the caller's. Other threads
 * may look how far it is, and end it.
 */
typedef struct _PondTransferJob PondTransferJob;

PondTransferJob *pond_transfer_job_new          (const char                  *path,
                                                 const char                  *uri,
                                                 gboolean                     allow_http,
                                                 GTlsDatabase                *database,
                                                 const PondTransferProgress  *progress);
void             pond_transfer_job_free         (PondTransferJob             *self);

gboolean         pond_transfer_job_run          (PondTransferJob             *self,
                                                 GError                     **error);

void             pond_transfer_job_get_progress (PondTransferJob             *self,
                                                 PondTransferProgress        *progress);
void             pond_transfer_job_cancel       (PondTransferJob             *self);
void             pond_transfer_job_check_stall  (PondTransferJob             *self,
                                                 gint64                       timeout);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondTransferJob, pond_transfer_job_free)

G_END_DECLS
