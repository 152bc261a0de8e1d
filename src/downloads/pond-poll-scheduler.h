/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "stream/pond-stream-client.h"

G_BEGIN_DECLS

#define POND_TYPE_POLL_SCHEDULER (pond_poll_scheduler_get_type ())

/**
 * PondPollScheduler:
 *
 * Looks after the videos that Stream is encoding for one account, all on one clock: the API tells nobody by
 * itself when a file is ready. The next look at a video comes after half of the time that its percentage, as
 * it has moved so far, says it will still take.
 */
G_DECLARE_FINAL_TYPE (PondPollScheduler, pond_poll_scheduler, POND, POLL_SCHEDULER, GObject)

/**
 * PondPollFunc:
 * @download: (nullable): how far Stream is with it; %NULL when it no longer knows of it, or with @error
 * @error: (nullable): why it can't be told
 * @user_data: what was given with the function
 *
 * Called after each look. It may unwatch.
 */
typedef void (*PondPollFunc) (const PondStreamDownload *download,
                              const GError             *error,
                              gpointer                  user_data);

PondPollScheduler *pond_poll_scheduler_new        (PondStreamClient   *client);

guint              pond_poll_scheduler_watch      (PondPollScheduler  *self,
                                                   const char         *uid,
                                                   const char         *type,
                                                   double              percent,
                                                   PondPollFunc        func,
                                                   gpointer            user_data);
void               pond_poll_scheduler_unwatch    (PondPollScheduler  *self,
                                                   guint               id);

double             pond_poll_next_look            (double              elapsed,
                                                   double              gained,
                                                   double              percent,
                                                   guint               n_watched);

G_END_DECLS
