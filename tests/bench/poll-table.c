/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "poll-simulation.h"

#include <stdio.h>
#include <stdlib.h>

int
main (int    argc,
      char **argv)
{
  static const guint counts[] = { 1, 20, 100, 1000 };
  static const double links[] = { 3, 0.3 };
  guint seed = argc > 1 ? (guint) atoi (argv[1]) : 1;

  for (gsize l = 0; l < 2; l++)
    for (gsize c = 0; c < 4; c++)
      {
        PollWorld world = { counts[c], links[l], seed, argc > 2 ? (guint) atoi (argv[2]) : 1 };
        PollOutcome o;
        double best;

        printf ("\n%u videos, %g s a video\n", counts[c], links[l]);
        poll_ask_oracle (&world, &o);
        best = o.seconds;
        for (guint s = 0; s < n_poll_strategies + 2; s++)
          {
            const char *name = "oracle";
            if (s < n_poll_strategies)
              { if (argc > 3) continue; poll_simulate (&world, &poll_strategies[s], &o); name = poll_strategies[s].name; }
            else if (s == n_poll_strategies)
              { poll_simulate (&world, &poll_millpond, &o); name = "Millpond"; }
            else
              poll_ask_oracle (&world, &o);
            printf ("%-34s %6.2f %6u %7.1f %7.1f %7.1f %5u %8.0f %.4f\n", name, o.requests, o.n_refused,
                    o.noticed_median, o.noticed_p95, o.noticed_most, o.most_ahead, o.seconds, o.seconds / best);
          }
      }
  return 0;
}
