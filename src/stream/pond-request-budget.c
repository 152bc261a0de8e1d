/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-request-budget.h"

#include <stdio.h>
#include <string.h>

#define WINDOW        (300 * G_USEC_PER_SEC)
#define LIMIT         1200
#define OWN_LIMIT     (LIMIT - LIMIT / 10)
/* What may be asked at once before requests are spread over the window. */
#define BURST         60
#define SPREAD        (WINDOW / (OWN_LIMIT - BURST))
#define DEFAULT_BLOCK 300.0

struct _PondRequestBudget
{
  /* When each of the last OWN_LIMIT requests was or will be made: a ring. */
  gint64 times[OWN_LIMIT];
  guint next;
  guint n_times;
  /* The moment up to which the spread has been used up. */
  gint64 spread_until;
  gint64 blocked_until;
};

/**
 * pond_request_budget_new:
 *
 * Returns: (transfer full): a budget from which nothing was spent
 */
PondRequestBudget *
pond_request_budget_new (void)
{
  return g_new0 (PondRequestBudget, 1);
}

void
pond_request_budget_free (PondRequestBudget *self)
{
  g_free (self);
}

/**
 * pond_request_budget_reserve:
 * @self: a budget
 * @now: the present time
 *
 * Takes one request out of the budget.
 *
 * Returns: when it may be made; @now or later
 */
gint64
pond_request_budget_reserve (PondRequestBudget *self,
                             gint64             now)
{
  gint64 when = MAX (now, self->blocked_until);

  self->spread_until = MAX (self->spread_until, when - BURST * SPREAD) + SPREAD;
  when = MAX (when, self->spread_until);

  if (self->n_times == OWN_LIMIT)
    when = MAX (when, self->times[self->next] + WINDOW);

  self->times[self->next] = when;
  self->next = (self->next + 1) % OWN_LIMIT;
  self->n_times = MIN (self->n_times + 1, OWN_LIMIT);

  return when;
}

/**
 * pond_request_budget_learn:
 * @self: a budget
 * @now: when the answer came
 * @ratelimit: (nullable): its `Ratelimit` header, such as `"default";r=50;t=30`
 *
 * Heeds what the server says is left: once that is the last request, the rest of its window is waited
 * out.
 */
void
pond_request_budget_learn (PondRequestBudget *self,
                           gint64             now,
                           const char        *ratelimit)
{
  const char *left = ratelimit != NULL ? strstr (ratelimit, ";r=") : NULL;
  const char *reset = ratelimit != NULL ? strstr (ratelimit, ";t=") : NULL;
  int n_left;
  int seconds;

  if (left == NULL || reset == NULL)
    return;

  if (sscanf (left, ";r=%d", &n_left) != 1 || sscanf (reset, ";t=%d", &seconds) != 1)
    return;

  if (n_left <= 1 && seconds > 0 && seconds <= 3600)
    pond_request_budget_block (self, now, seconds);
}

/**
 * pond_request_budget_block:
 * @self: a budget
 * @now: when the answer came
 * @seconds: how long the server asked to be left alone, or less than 0 when it did not say
 *
 * Stops all requests for a while.
 */
void
pond_request_budget_block (PondRequestBudget *self,
                           gint64             now,
                           double             seconds)
{
  gint64 until = now + (gint64) ((seconds >= 0 ? seconds : DEFAULT_BLOCK) * G_USEC_PER_SEC);

  self->blocked_until = MAX (self->blocked_until, until);
}
