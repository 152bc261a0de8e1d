/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Enabling, polling and downloading the videos of an account on a virtual clock: against a server that makes
 * each file in a time of its own, refuses whoever makes more than 1,200 requests in five minutes, and over a
 * link that fetches one file after the other. */

/**
 * PollWorld:
 * @n_videos: how many are wanted
 * @link_seconds: the median of the time for which one keeps the link busy; lognormal, sigma 0.8
 * @seed: of all that is random
 * @enable_requests: how many requests it takes to have one made
 */
typedef struct
{
  guint  n_videos;
  double link_seconds;
  guint  seed;
  guint  enable_requests;
} PollWorld;

/**
 * PollStrategy:
 * @name: what the table calls it
 * @policy: whether #PondPollPolicy decides; the rest is not looked at then
 * @paced: whether it spreads requests over the budget
 * @heeds: whether it waits when it was refused
 * @ahead: how many videos may be enabled and not downloaded; 0 for all
 * @interval: in how many seconds to look again after so many seconds at such a percentage; %NULL for an
 *   oracle that knows when each is ready
 */
typedef struct
{
  const char *name;
  gboolean    policy;
  gboolean    paced;
  gboolean    heeds;
  guint       ahead;
  double    (*interval) (double   elapsed,
                         double   percent,
                         gboolean hungry,
                         double   last_interval);
} PollStrategy;

/**
 * PollOutcome:
 * @requests: how many requests a video took
 * @n_refused: how often the server said 429
 * @noticed_median: seconds from ready to noticed
 * @noticed_p95: the same
 * @noticed_most: the same
 * @most_ahead: how many videos were enabled and not downloaded at most
 * @seconds: until all were downloaded
 */
typedef struct
{
  double requests;
  guint  n_refused;
  double noticed_median;
  double noticed_p95;
  double noticed_most;
  guint  most_ahead;
  double seconds;
} PollOutcome;

extern const PollStrategy poll_strategies[];
extern const guint n_poll_strategies;
extern const PollStrategy poll_millpond;

void poll_simulate     (const PollWorld    *world,
                        const PollStrategy *strategy,
                        PollOutcome        *outcome);
void poll_ask_oracle   (const PollWorld    *world,
                        PollOutcome        *outcome);

G_END_DECLS
