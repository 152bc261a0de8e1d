/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "downloads/pond-download-record.h"
#include "library/pond-library.h"

G_BEGIN_DECLS

#define POND_TYPE_DOWNLOAD_STORE (pond_download_store_get_type ())

/**
 * PondDownloadStore:
 *
 * The queue as the library's index keeps it. Calls run on the library's worker, in the order in which they
 * are made; a change is on the disk when its callback comes.
 */
G_DECLARE_FINAL_TYPE (PondDownloadStore, pond_download_store, POND, DOWNLOAD_STORE, GObject)

PondDownloadStore *pond_download_store_new            (PondLibrary               *library);

void               pond_download_store_load_async     (PondDownloadStore         *self,
                                                       gboolean                   only_if_changed,
                                                       GCancellable              *cancellable,
                                                       GAsyncReadyCallback        callback,
                                                       gpointer                   user_data);
GPtrArray         *pond_download_store_load_finish    (PondDownloadStore         *self,
                                                       GAsyncResult              *result,
                                                       GError                   **error);

void               pond_download_store_prune_async    (PondDownloadStore         *self);

void               pond_download_store_add_async      (PondDownloadStore         *self,
                                                       const PondDownloadRecord  *record,
                                                       GCancellable              *cancellable,
                                                       GAsyncReadyCallback        callback,
                                                       gpointer                   user_data);
PondDownloadRecord *pond_download_store_add_finish    (PondDownloadStore         *self,
                                                       GAsyncResult              *result,
                                                       GError                   **error);

void               pond_download_store_update_async   (PondDownloadStore         *self,
                                                       const PondDownloadRecord  *record,
                                                       GAsyncReadyCallback        callback,
                                                       gpointer                   user_data);
gboolean           pond_download_store_update_finish  (PondDownloadStore         *self,
                                                       GAsyncResult              *result,
                                                       GError                   **error);

void               pond_download_store_progress_async (PondDownloadStore         *self,
                                                       GPtrArray                 *records);

void               pond_download_store_request_async  (PondDownloadStore         *self,
                                                       gint64                     id,
                                                       const char                *request);

void               pond_download_store_remove_async   (PondDownloadStore         *self,
                                                       gint64                     id,
                                                       GAsyncReadyCallback        callback,
                                                       gpointer                   user_data);
gboolean           pond_download_store_remove_finish  (PondDownloadStore         *self,
                                                       GAsyncResult              *result,
                                                       GError                   **error);

G_END_DECLS
