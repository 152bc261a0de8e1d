/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "downloads/pond-download-queue.h"

G_BEGIN_DECLS

#define POND_TYPE_SESSION (pond_session_get_type ())

/**
 * PondSession:
 *
 * What one run of Millpond works with: the accounts, the library and its queue, or the built-in sample
 * account in a throwaway library. The window and the commands stand on the same.
 *
 * Opening goes as far as somebody needs: the list of accounts for a command that manages them, the
 * library for one that reads it, the queue for one that downloads.
 */
G_DECLARE_FINAL_TYPE (PondSession, pond_session, POND, SESSION, GObject)

PondSession       *pond_session_new            (gboolean              sample);

gboolean           pond_session_prepare        (PondSession          *self,
                                                GError              **error);

void               pond_session_load_accounts_async  (PondSession          *self,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean           pond_session_load_accounts_finish (PondSession          *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

void               pond_session_open_library_async   (PondSession          *self,
                                                      const char           *setting,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean           pond_session_open_library_finish  (PondSession          *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

void               pond_session_start_queue_async    (PondSession          *self,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean           pond_session_start_queue_finish   (PondSession          *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

gboolean           pond_session_get_sample     (PondSession          *self);
const char        *pond_session_get_api_base   (PondSession          *self);
PondAccountStore  *pond_session_get_accounts   (PondSession          *self);
PondLibrary       *pond_session_get_library    (PondSession          *self);
PondDownloadQueue *pond_session_get_queue      (PondSession          *self);

void               pond_session_close_async    (PondSession          *self,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean           pond_session_close_finish   (PondSession          *self,
                                                GAsyncResult         *result,
                                                GError              **error);

G_END_DECLS
