/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "poll-simulation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SLOW_LINK  3.0
#define FAST_LINK  0.3

typedef struct
{
  guint n_videos;
  double link_seconds;
  guint enable_requests;
  /* Each with a seed of its own, the same for all strategies. */
  guint n_worlds;
  gboolean with_others;
} Setting;

/* Means over all worlds, and the worst of them. */
typedef struct
{
  PollOutcome mean;
  PollOutcome worst;
  double ratio;
  double worst_ratio;
} Row;

static void
add (Row               *row,
     const PollOutcome *outcome,
     double             oracle_seconds)
{
  row->mean.requests += outcome->requests;
  row->mean.n_refused += outcome->n_refused;
  row->mean.noticed_median += outcome->noticed_median;
  row->mean.noticed_p95 += outcome->noticed_p95;
  row->mean.most_ahead += outcome->most_ahead;
  row->mean.seconds += outcome->seconds;
  row->ratio += outcome->seconds / oracle_seconds;

  row->worst.requests = MAX (row->worst.requests, outcome->requests);
  row->worst.n_refused = MAX (row->worst.n_refused, outcome->n_refused);
  row->worst.noticed_median = MAX (row->worst.noticed_median, outcome->noticed_median);
  row->worst.noticed_p95 = MAX (row->worst.noticed_p95, outcome->noticed_p95);
  row->worst.noticed_most = MAX (row->worst.noticed_most, outcome->noticed_most);
  row->worst_ratio = MAX (row->worst_ratio, outcome->seconds / oracle_seconds);
}

static void
print_row (const char *name,
           const Row  *row,
           guint       n_worlds)
{
  printf ("%-32s %8.2f %8.0f %8.1f %8.1f %8.1f %7.0f %8.0f %8.3f\n", name, row->mean.requests / n_worlds,
          (double) row->mean.n_refused / n_worlds, row->mean.noticed_median / n_worlds,
          row->mean.noticed_p95 / n_worlds, row->worst.noticed_most,
          (double) row->mean.most_ahead / n_worlds, row->mean.seconds / n_worlds, row->ratio / n_worlds);
}

/* Returns Millpond's row. */
static Row
compare (const Setting *setting)
{
  g_autofree Row *rows = g_new0 (Row, n_poll_strategies);
  Row millpond = { 0 };
  Row oracle = { 0 };

  for (guint seed = 1; seed <= setting->n_worlds; seed++)
    {
      PollWorld world = { setting->n_videos, setting->link_seconds, seed, setting->enable_requests };
      PollOutcome best;
      PollOutcome outcome;

      poll_ask_oracle (&world, &best);
      add (&oracle, &best, best.seconds);
      poll_simulate (&world, &poll_millpond, &outcome);
      add (&millpond, &outcome, best.seconds);
      for (guint i = 0; setting->with_others && i < n_poll_strategies; i++)
        {
          poll_simulate (&world, &poll_strategies[i], &outcome);
          add (&rows[i], &outcome, best.seconds);
        }
    }

  printf ("\n%u video%s, %s link (median %g s a video), %u request%s to enable one, %u worlds\n",
          setting->n_videos, setting->n_videos > 1 ? "s" : "",
          setting->link_seconds == SLOW_LINK ? "slow" : "fast", setting->link_seconds,
          setting->enable_requests, setting->enable_requests > 1 ? "s" : "", setting->n_worlds);
  printf ("%-32s %8s %8s %8s %8s %8s %7s %8s %8s\n", "", "requests", "429s", "noticed", "p95 s", "most s",
          "most", "all done", "over the");
  printf ("%-32s %8s %8s %8s %8s %8s %7s %8s %8s\n", "", "a video", "", "after s", "", "", "ahead", "after s",
          "oracle");
  for (guint i = 0; setting->with_others && i < n_poll_strategies; i++)
    print_row (poll_strategies[i].name, &rows[i], setting->n_worlds);
  print_row (poll_millpond.name, &millpond, setting->n_worlds);
  print_row ("an oracle, same pacing", &oracle, setting->n_worlds);

  return millpond;
}

static gboolean
check (const char *what,
       double      value,
       double      budget)
{
  gboolean kept = value <= budget;

  printf ("%-58s %8.3f  budget %6.2f  %s\n", what, value, budget, kept ? "kept" : "EXCEEDED");

  return kept;
}

int
main (void)
{
  static const Setting settings[] = {
    { 1, SLOW_LINK, 1, 100, TRUE },
    { 1, FAST_LINK, 1, 100, TRUE },
    { 20, SLOW_LINK, 1, 20, TRUE },
    { 20, FAST_LINK, 1, 20, TRUE },
    { 100, SLOW_LINK, 1, 10, TRUE },
    { 100, FAST_LINK, 1, 10, TRUE },
    { 1000, SLOW_LINK, 1, 5, TRUE },
    { 1000, FAST_LINK, 1, 5, TRUE },
    /* As it really is: a video is asked for, and then its files, before one is made. */
    { 1000, SLOW_LINK, 3, 5, FALSE },
    { 1000, FAST_LINK, 3, 5, FALSE },
  };
  Row rows[G_N_ELEMENTS (settings)];
  guint most_refused = 0;
  gboolean kept = TRUE;

  printf ("Enabling, polling and downloading on a virtual clock: 1,200 requests in 5 minutes; encodes and sizes "
          "lognormal, sigma 0.8,\nencodes with a median of 90 s; percentages without fractions that move "
          "unevenly.\n");
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      rows[i] = compare (&settings[i]);
      most_refused = MAX (most_refused, rows[i].worst.n_refused);
    }

  printf ("\nThe worst of all worlds\n");
  kept &= check ("429s", most_refused, 0);
  kept &= check ("1 video: noticed after s, slow link", rows[0].worst.noticed_most, 2);
  kept &= check ("1 video: noticed after s, fast link", rows[1].worst.noticed_most, 2);
  kept &= check ("100 videos: noticed after s in the median, slow link", rows[4].worst.noticed_median, 2);
  kept &= check ("100 videos: noticed after s in the median, fast link", rows[5].worst.noticed_median, 2);
  kept &= check ("100 videos: noticed after s at p95, slow link", rows[4].worst.noticed_p95, 10);
  kept &= check ("100 videos: noticed after s at p95, fast link", rows[5].worst.noticed_p95, 10);
  kept &= check ("1,000 videos: over the oracle, slow link", rows[6].worst_ratio, 1.01);
  kept &= check ("1,000 videos: over the oracle, fast link", rows[7].worst_ratio, 1.05);
  kept &= check ("1,000 videos: requests a video, slow link", rows[6].worst.requests, 3.5);
  kept &= check ("1,000 videos: requests a video, fast link", rows[7].worst.requests, 3.5);

  return kept ? EXIT_SUCCESS : EXIT_FAILURE;
}
