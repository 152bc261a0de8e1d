/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "accounts/pond-account-store.h"
#include "downloads/pond-poll-scheduler.h"
#include "stream/pond-stream-client.h"

G_BEGIN_DECLS

#define POND_TYPE_CLIENT_POOL (pond_client_pool_get_type ())

/**
 * PondClientPool:
 *
 * One client and one poll scheduler for each account, made when they are first needed: that is when the
 * keyring is asked.
 */
G_DECLARE_FINAL_TYPE (PondClientPool, pond_client_pool, POND, CLIENT_POOL, GObject)

PondClientPool    *pond_client_pool_new           (PondAccountStore     *accounts,
                                                   const char           *api_base);

void               pond_client_pool_get_async     (PondClientPool       *self,
                                                   const char           *account_id,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
PondStreamClient  *pond_client_pool_get_finish    (PondClientPool       *self,
                                                   GAsyncResult         *result,
                                                   GError              **error);

PondPollScheduler *pond_client_pool_get_scheduler (PondClientPool       *self,
                                                   PondStreamClient     *client);

void               pond_client_pool_set_link      (PondClientPool       *self,
                                                   guint                 n_waiting,
                                                   double                seconds_each);

PondStreamClient  *pond_client_pool_get_anonymous (PondClientPool       *self);

char              *pond_client_pool_guess_account (PondClientPool       *self);

void               pond_client_pool_forget        (PondClientPool       *self);

G_END_DECLS
