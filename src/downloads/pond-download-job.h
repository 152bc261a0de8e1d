/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "downloads/pond-client-pool.h"
#include "downloads/pond-download-private.h"
#include "downloads/pond-download-store.h"
#include "library/pond-library.h"

G_BEGIN_DECLS

/**
 * PondJobPhase:
 * @POND_JOB_LOOKING: it asks Stream for the file, or waits for its encode
 * @POND_JOB_READY: the file can be fetched; it waits for pond_download_job_fetch()
 * @POND_JOB_FETCHING: it fetches and checks the file
 * @POND_JOB_WAITING: it waits for a time, and then goes on by itself
 * @POND_JOB_DONE: it has ended: saved, failed or stopped
 *
 * What a job occupies of the things that downloads share.
 */
typedef enum
{
  POND_JOB_LOOKING,
  POND_JOB_READY,
  POND_JOB_FETCHING,
  POND_JOB_WAITING,
  POND_JOB_DONE,
} PondJobPhase;

#define POND_TYPE_DOWNLOAD_JOB (pond_download_job_get_type ())

/**
 * PondDownloadJob:
 *
 * The work on one download: a state machine that starts one step at a time. Every state is written before
 * it is shown, and any end of the process is one that the next start goes on from.
 *
 * Signal: `phase-changed`.
 */
G_DECLARE_FINAL_TYPE (PondDownloadJob, pond_download_job, POND, DOWNLOAD_JOB, GObject)

PondDownloadJob *pond_download_job_new         (PondDownload         *download,
                                                PondDownloadStore    *store,
                                                PondLibrary          *library,
                                                PondClientPool       *pool,
                                                int                   max_retries);

PondDownload    *pond_download_job_get_download (PondDownloadJob     *self);
PondJobPhase     pond_download_job_get_phase   (PondDownloadJob      *self);

void             pond_download_job_start       (PondDownloadJob      *self);
void             pond_download_job_fetch       (PondDownloadJob      *self);
void             pond_download_job_retry_now   (PondDownloadJob      *self);

void             pond_download_job_stop_async  (PondDownloadJob      *self,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean         pond_download_job_stop_finish (PondDownloadJob      *self,
                                                GAsyncResult         *result,
                                                GError              **error);

G_END_DECLS
