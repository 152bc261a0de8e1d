/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "stream/pond-stream-client.h"

G_BEGIN_DECLS

#define POND_TYPE_POLL_SCHEDULER (pond_poll_scheduler_get_type ())

/**
 * PondPollScheduler:
 *
 * Looks after the videos of one account that are to be made or that Stream is making, all on one clock: the API
 * tells nobody by itself when a file is ready. What comes when is decided by #PondPollPolicy; here are the clock
 * and the calls. The clock goes on while the computer is suspended: after that what should have come meanwhile is
 * due, and the request budget spreads it.
 */
G_DECLARE_FINAL_TYPE (PondPollScheduler, pond_poll_scheduler, POND, POLL_SCHEDULER, GObject)

/**
 * PondTurnFunc:
 * @user_data: what was given with the function
 *
 * Called once, when it is a video's turn to be enabled. It may leave.
 */
typedef void (*PondTurnFunc) (gpointer user_data);

/**
 * PondPollFunc:
 * @download: (nullable): how far Stream is with it; %NULL when it no longer knows of it, or with @error
 * @error: (nullable): why it can't be told
 * @user_data: what was given with the function
 *
 * Called after each look. It may leave.
 */
typedef void (*PondPollFunc) (const PondStreamDownload *download,
                              const GError             *error,
                              gpointer                  user_data);

PondPollScheduler *pond_poll_scheduler_new        (PondStreamClient   *client);

void               pond_poll_scheduler_set_link   (PondPollScheduler  *self,
                                                   guint               n_waiting,
                                                   double              seconds_each);

guint              pond_poll_scheduler_queue      (PondPollScheduler  *self,
                                                   gint64              order,
                                                   PondTurnFunc        func,
                                                   gpointer            user_data);
guint              pond_poll_scheduler_watch      (PondPollScheduler  *self,
                                                   const char         *uid,
                                                   const char         *type,
                                                   double              percent,
                                                   PondPollFunc        func,
                                                   gpointer            user_data);
void               pond_poll_scheduler_leave      (PondPollScheduler  *self,
                                                   guint               id);

G_END_DECLS
