/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-request-budget.h"

#include <math.h>
#include <string.h>

#define DOCUMENTED_QUOTA  1200
#define DOCUMENTED_WINDOW ((gint64) 300 * G_USEC_PER_SEC)
#define DEFAULT_BLOCK     300.0
/* What one limit lets through at once before it spreads requests: this part of what is ours, and of what
 * is left. */
#define BURST_PART        18
#define LEFT_PART         4
/* Requests on their way before the first answer has told of the server's limits. */
#define MAX_UNTAUGHT      8
/* The server gives whole seconds, rounded down. */
#define RESET_SLACK       ((gint64) G_USEC_PER_SEC)
#define MAX_SECONDS       (24 * 3600)
#define MAX_QUOTA         1000000
#define MAX_LIMITS        4
#define NAME_SIZE         32

typedef struct
{
  char name[NAME_SIZE];
  guint quota;
  gint64 window;
  /* Requests that may be made at once, as of @refilled. */
  double credit;
  gint64 refilled;
  /* What the server says is left until @reset; nothing is known after that. */
  gint64 left;
  gint64 reset;
  gboolean has_policy;
} Limit;

struct _PondRequestBudget
{
  /* The documented limit, then those that the server named. */
  Limit limits[MAX_LIMITS];
  guint n_limits;
  gint64 blocked_until;
  guint64 n_spent;
  guint64 n_answered;
  guint64 learned_from;
};

static guint
get_reserve (const Limit *limit)
{
  return (limit->quota + 9) / 10;
}

static double
get_burst (double amount,
           guint  part)
{
  return MAX (1, floor (amount / part));
}

/* Requests per microsecond, and how many of them may be made at once. Over any window that is no more
 * than the quota less the reserve. */
static double
get_rate (const Limit *limit,
          gint64       now,
          double      *burst)
{
  double ours = MAX (1, (double) limit->quota - get_reserve (limit));
  double rate;

  *burst = get_burst (ours, BURST_PART);
  rate = MAX (1, ours - *burst) / (double) limit->window;

  if (now < limit->reset)
    {
      double usable = (double) limit->left - get_reserve (limit);

      if (usable < 1)
        return 0;

      *burst = MIN (*burst, get_burst (usable, LEFT_PART));
      rate = MIN (rate, usable / (double) (limit->reset - now));
    }

  return rate;
}

static double
refill (Limit  *limit,
        gint64  now)
{
  double burst;
  double rate = get_rate (limit, now, &burst);

  limit->credit = MIN (burst, limit->credit + rate * (double) (now - limit->refilled));
  limit->refilled = now;

  return rate;
}

static gint64
limit_get_next (Limit  *limit,
                gint64  now)
{
  double rate = refill (limit, now);

  if (rate <= 0)
    return limit->reset;
  if (limit->credit >= 1)
    return now;

  return now + (gint64) ceil ((1 - limit->credit) / rate);
}

static Limit *
add_limit (PondRequestBudget *self,
           const char        *name,
           guint              quota,
           gint64             window)
{
  Limit *limit = &self->limits[self->n_limits++];

  g_strlcpy (limit->name, name, sizeof limit->name);
  limit->quota = quota;
  limit->window = window;
  limit->credit = get_burst ((double) quota - get_reserve (limit), BURST_PART);

  return limit;
}

static Limit *
find_limit (PondRequestBudget *self,
            const char        *name)
{
  for (guint i = 1; i < self->n_limits; i++)
    {
      if (strncmp (self->limits[i].name, name, NAME_SIZE - 1) == 0)
        return &self->limits[i];
    }

  return NULL;
}

/* One item of the headers' lists, such as `"default";r=50;t=30`. */
typedef struct
{
  char *name;
  gint64 amount;
  gint64 seconds;
} Item;

static void
item_clear (Item *item)
{
  g_free (item->name);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Item, item_clear)

static gboolean
item_parse (Item       *item,
            const char *text,
            char        amount_key,
            char        seconds_key)
{
  g_auto(GStrv) parts = g_strsplit (text, ";", 16);
  guint n_found = 0;

  for (char **part = parts[0] != NULL ? parts + 1 : parts; *part != NULL; part++)
    {
      const char *parameter = g_strstrip (*part);
      gint64 *value = NULL;

      if (*parameter == amount_key)
        value = &item->amount;
      else if (*parameter == seconds_key)
        value = &item->seconds;

      if (value != NULL && parameter[1] == '=' &&
          g_ascii_string_to_signed (parameter + 2, 10, 0,
                                    value == &item->amount ? MAX_QUOTA : MAX_SECONDS, value, NULL))
        n_found++;
    }

  if (n_found != 2)
    return FALSE;

  item->name = g_strdup (g_strstrip (parts[0]));

  return TRUE;
}

static void
learn_policy (PondRequestBudget *self,
              gint64             now,
              const Item        *item)
{
  Limit *limit = find_limit (self, item->name);
  guint quota = (guint) item->amount;
  gint64 window = item->seconds * G_USEC_PER_SEC;

  if (quota == 0 || window == 0)
    return;

  if (limit == NULL && self->n_limits < MAX_LIMITS)
    {
      limit = add_limit (self, item->name, quota, window);
      limit->refilled = now;
    }

  if (limit != NULL)
    {
      limit->quota = quota;
      limit->window = window;
      limit->has_policy = TRUE;
    }
}

static void
learn_state (PondRequestBudget *self,
             gint64             now,
             const Item        *item)
{
  Limit *limit = find_limit (self, item->name);
  gint64 window = MAX (item->seconds, 1) * G_USEC_PER_SEC;

  if (limit == NULL && self->n_limits < MAX_LIMITS)
    {
      limit = add_limit (self, item->name, (guint) item->amount + 1, window);
      limit->refilled = now;
    }

  if (limit == NULL)
    return;

  /* The most that was ever seen stands in for a policy that is not told. */
  if (!limit->has_policy)
    {
      limit->quota = MAX (limit->quota, (guint) item->amount + 1);
      limit->window = MAX (limit->window, window);
    }

  refill (limit, now);
  /* What is on its way may not have been counted yet. */
  limit->left = item->amount - (gint64) (self->n_spent - self->n_answered);
  limit->reset = now + item->seconds * G_USEC_PER_SEC + RESET_SLACK;
}

static void
learn_list (PondRequestBudget *self,
            gint64             now,
            const char        *header,
            const char        *keys,
            void             (*learn) (PondRequestBudget *self,
                                       gint64             now,
                                       const Item        *item))
{
  g_auto(GStrv) texts = NULL;

  if (header == NULL)
    return;

  texts = g_strsplit (header, ",", 16);
  for (char **text = texts; *text != NULL; text++)
    {
      g_auto(Item) item = { 0 };

      if (item_parse (&item, *text, keys[0], keys[1]))
        learn (self, now, &item);
    }
}

/**
 * pond_request_budget_new:
 *
 * Returns: (transfer full): a budget from which nothing was spent
 */
PondRequestBudget *
pond_request_budget_new (void)
{
  PondRequestBudget *self = g_new0 (PondRequestBudget, 1);

  add_limit (self, "", DOCUMENTED_QUOTA, DOCUMENTED_WINDOW);

  return self;
}

void
pond_request_budget_free (PondRequestBudget *self)
{
  g_free (self);
}

/**
 * pond_request_budget_get_next:
 * @self: a budget
 * @now: the present time
 *
 * Gets when the next request may be made, as far as is known now: to be asked again then, and after each
 * answer.
 *
 * Returns: @now if it may be made at once, a later time, or %G_MAXINT64 if an answer must come first
 */
gint64
pond_request_budget_get_next (PondRequestBudget *self,
                              gint64             now)
{
  gint64 next = MAX (now, self->blocked_until);

  if (self->n_answered == 0 && self->n_spent >= MAX_UNTAUGHT)
    return G_MAXINT64;

  for (guint i = 0; i < self->n_limits; i++)
    next = MAX (next, limit_get_next (&self->limits[i], now));

  return next;
}

/**
 * pond_request_budget_spend:
 * @self: a budget
 * @now: the present time
 *
 * Takes one request out of the budget, which is being made.
 *
 * Returns: its ticket, for pond_request_budget_learn()
 */
guint64
pond_request_budget_spend (PondRequestBudget *self,
                           gint64             now)
{
  for (guint i = 0; i < self->n_limits; i++)
    {
      Limit *limit = &self->limits[i];

      refill (limit, now);
      limit->credit = MAX (0, limit->credit - 1);
      limit->left--;
    }

  return ++self->n_spent;
}

/**
 * pond_request_budget_learn:
 * @self: a budget
 * @ticket: the request that was answered, or failed
 * @now: when it was
 * @ratelimit: (nullable): its answer's `Ratelimit` header, such as `"default";r=50;t=30`
 * @policy: (nullable): its `Ratelimit-Policy` header, such as `"default";q=60;w=30`
 *
 * Heeds what the server says of its limits and what is left of them: requests are spread evenly over that,
 * less a tenth of the limit.
 */
void
pond_request_budget_learn (PondRequestBudget *self,
                           guint64            ticket,
                           gint64             now,
                           const char        *ratelimit,
                           const char        *policy)
{
  self->n_answered++;

  /* An answer that was overtaken by a later one knows less. */
  if (ratelimit == NULL || ticket < self->learned_from)
    return;

  self->learned_from = ticket;
  learn_list (self, now, policy, "qw", learn_policy);
  learn_list (self, now, ratelimit, "rt", learn_state);
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
  double pause = seconds >= 0 ? MIN (seconds, MAX_SECONDS) : DEFAULT_BLOCK;

  self->blocked_until = MAX (self->blocked_until, now + (gint64) (pause * G_USEC_PER_SEC));
}
