/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "poll-simulation.h"

#include "downloads/pond-poll-policy.h"
#include "stream/pond-request-budget.h"

#include <math.h>
#include <stdio.h>

#define SECOND          ((gint64) G_USEC_PER_SEC)
#define QUOTA           1200
#define WINDOW          (300 * SECOND)
#define ROUND_TRIP      (SECOND / 10)
#define AT_ONCE         8
#define ENCODE_MEDIAN   90.0
#define SIGMA           0.8
#define WOBBLE          0.045
#define HUNGRY_SECONDS  60.0

typedef enum
{
  VIDEO_NEW,
  VIDEO_ENABLING,
  VIDEO_MAKING,
  VIDEO_LOOKING,
  VIDEO_NOTICED,
} VideoState;

typedef struct
{
  double encode_seconds;
  double link_seconds;
  double wobble;

  VideoState state;
  guint turn;
  guint requests_left;
  gint64 enabled;
  gint64 ready;
  gint64 noticed;
  gint64 due;
  double last_interval;
} Video;

typedef struct
{
  gint64 arrival;
  guint64 ticket;
  guint video;
  gboolean refused;
  double retry_after;
  double percent;
  gboolean ready;
  char *ratelimit;
} Answer;

typedef struct
{
  const PollWorld *world;
  const PollStrategy *strategy;
  gint64 now;
  Video *videos;

  /* The server's: when the requests of the last five minutes came, a ring. */
  gint64 times[QUOTA];
  guint n_requests;
  gint64 window_start;
  guint window_count;
  gint64 blocked_until;
  guint n_refused;

  /* The client's. */
  PondRequestBudget *budget;
  PondPollPolicy *policy;
  GArray *turns;
  GQueue answers;
  GQueue half_enabled;
  guint n_new;
  gboolean enabled_last;
  gint64 held_until;

  /* The link's: when each file in its queue will have been fetched. */
  GArray *fetched;
  guint n_fetched;
  guint n_enabled;
  guint most_ahead;
  double link_busy;
} Simulation;

static double
draw_normal (GRand *rand)
{
  double u = 1 - g_rand_double (rand);

  return sqrt (-2 * log (u)) * cos (2 * G_PI * g_rand_double (rand));
}

/* As the sample server has it: unevenly, as encoders do, and never back. */
static double
get_percent (const Video *video,
             gint64       now)
{
  double share = (double) (now - video->enabled) / SECOND / video->encode_seconds;

  return CLAMP (floor (100 * (share + video->wobble * sin (4 * G_PI * share))), 0, 99);
}

static gboolean
serve (Simulation *self,
       Answer     *answer)
{
  gint64 oldest = self->n_requests >= QUOTA ? self->times[self->n_requests % QUOTA] : -WINDOW;

  if (self->now >= self->window_start + WINDOW)
    {
      self->window_start = self->now;
      self->window_count = 0;
    }

  if (self->now >= self->blocked_until && (self->now - oldest < WINDOW || self->window_count >= QUOTA))
    self->blocked_until = self->now + WINDOW;

  if (self->now < self->blocked_until)
    {
      self->n_refused++;
      answer->refused = TRUE;
      answer->retry_after = (double) (self->blocked_until - self->now) / SECOND;
      return FALSE;
    }

  self->times[self->n_requests++ % QUOTA] = self->now;
  self->window_count++;
  answer->ratelimit = g_strdup_printf ("\"default\";r=%u;t=%d", QUOTA - self->window_count,
                                       (int) ((self->window_start + WINDOW - self->now) / SECOND));

  return TRUE;
}

static guint
count_waiting (Simulation *self)
{
  while (self->n_fetched < self->fetched->len &&
         g_array_index (self->fetched, gint64, self->n_fetched) <= self->now)
    self->n_fetched++;

  return self->fetched->len - self->n_fetched;
}

static double
get_seconds_each (Simulation *self)
{
  return self->n_fetched > 0 ? self->link_busy / self->fetched->len : 0;
}

static gboolean
is_hungry (Simulation *self)
{
  gint64 end = self->fetched->len > 0 ? g_array_index (self->fetched, gint64, self->fetched->len - 1) : 0;

  return (double) (end - self->now) / SECOND < HUNGRY_SECONDS;
}

static void
send (Simulation *self,
      guint       index)
{
  Video *video = &self->videos[index];
  Answer *answer = g_new0 (Answer, 1);

  answer->video = index;
  answer->arrival = self->now + ROUND_TRIP;
  if (self->budget != NULL)
    answer->ticket = pond_request_budget_spend (self->budget, self->now);

  if (serve (self, answer))
    {
      if (video->state == VIDEO_ENABLING && video->requests_left == 1)
        {
          video->enabled = self->now;
          video->ready = self->now + (gint64) (video->encode_seconds * SECOND);
          self->n_enabled++;
        }
      answer->ready = video->state == VIDEO_LOOKING && self->now >= video->ready;
      answer->percent = get_percent (video, self->now);
    }

  g_queue_push_tail (&self->answers, answer);
}

static void
set_due (Simulation *self,
         Video      *video,
         double      percent)
{
  double elapsed = (double) (self->now - video->enabled) / SECOND;

  if (self->strategy->interval == NULL)
    {
      video->due = video->ready;
      return;
    }

  video->last_interval = self->strategy->interval (elapsed, percent, is_hungry (self), video->last_interval);
  video->due = self->now + (gint64) (video->last_interval * SECOND);
}

static void
notice (Simulation *self,
        Video      *video)
{
  gint64 start = self->now;
  gint64 end;

  if (self->fetched->len > 0)
    start = MAX (start, g_array_index (self->fetched, gint64, self->fetched->len - 1));
  end = start + (gint64) (video->link_seconds * SECOND);
  g_array_append_val (self->fetched, end);
  self->link_busy += video->link_seconds;

  video->state = VIDEO_NOTICED;
  video->noticed = self->now;
}

static void
take_refusal (Simulation *self,
              Video      *video,
              Answer     *answer)
{
  video->state = video->state == VIDEO_ENABLING ? VIDEO_NEW : VIDEO_MAKING;
  if (video->state == VIDEO_NEW)
    self->n_new++;

  video->due = self->now + 5 * SECOND;
  if (self->strategy->heeds)
    self->held_until = self->now + (gint64) (answer->retry_after * SECOND);
}

static void
take_enabled (Simulation *self,
              guint       index)
{
  Video *video = &self->videos[index];

  video->state = VIDEO_MAKING;
  if (self->policy == NULL)
    {
      set_due (self, video, 0);
      return;
    }

  pond_poll_policy_remove (self->policy, video->turn);
  video->turn = pond_poll_policy_watch (self->policy, self->now, 0);
  g_array_set_size (self->turns, MAX (self->turns->len, video->turn + 1));
  g_array_index (self->turns, guint, video->turn) = index;
}

static void
take_look (Simulation *self,
           Video      *video,
           Answer     *answer)
{
  if (answer->ready)
    {
      notice (self, video);
      if (self->policy != NULL)
        pond_poll_policy_remove (self->policy, video->turn);
      return;
    }

  video->state = VIDEO_MAKING;
  if (self->policy != NULL)
    pond_poll_policy_looked (self->policy, video->turn, self->now, answer->percent);
  else
    set_due (self, video, answer->percent);
}

static void
take_answer (Simulation *self)
{
  Answer *answer = g_queue_pop_head (&self->answers);
  Video *video = &self->videos[answer->video];

  if (self->budget != NULL)
    pond_request_budget_learn (self->budget, answer->ticket, self->now, answer->ratelimit, NULL);

  if (answer->refused)
    take_refusal (self, video, answer);
  else if (video->state == VIDEO_LOOKING)
    take_look (self, video, answer);
  else if (--video->requests_left == 0)
    take_enabled (self, answer->video);
  else
    g_queue_push_tail (&self->half_enabled, GUINT_TO_POINTER (answer->video));

  g_free (answer->ratelimit);
  g_free (answer);
}

static gint64
follow_policy (Simulation *self)
{
  PondPollTurn turn;
  gint64 next;
  guint index;

  pond_poll_policy_set_link (self->policy, count_waiting (self), get_seconds_each (self));
  next = pond_poll_policy_next (self->policy, self->now, &turn);
  if (next > self->now)
    return next;

  index = g_array_index (self->turns, guint, turn.id);
  self->videos[index].state = turn.action == POND_POLL_ENABLE ? VIDEO_ENABLING : VIDEO_LOOKING;
  send (self, index);

  return next;
}

static gint64
follow_plan (Simulation *self)
{
  guint n_ahead = self->n_enabled - (self->fetched->len - count_waiting (self));
  gboolean enable = self->n_new > 0 && (self->strategy->ahead == 0 || n_ahead < self->strategy->ahead);
  gint64 due = G_MAXINT64;
  guint chosen = 0;
  guint first_new = 0;

  for (guint i = 0; i < self->world->n_videos; i++)
    {
      Video *video = &self->videos[i];

      if (video->state == VIDEO_NEW && self->videos[first_new].state != VIDEO_NEW)
        first_new = i;
      if (video->state == VIDEO_MAKING && video->due < due)
        {
          due = video->due;
          chosen = i;
        }
    }

  if (due <= self->now && (!enable || self->enabled_last))
    {
      self->enabled_last = FALSE;
      self->videos[chosen].state = VIDEO_LOOKING;
    }
  else if (enable)
    {
      self->enabled_last = TRUE;
      self->n_new--;
      chosen = first_new;
      self->videos[chosen].state = VIDEO_ENABLING;
    }
  else
    return due;

  send (self, chosen);

  return self->now;
}

/* Does what can be done now; returns when there is more to do. */
static gint64
act (Simulation *self)
{
  while (TRUE)
    {
      gint64 next = self->budget != NULL ? pond_request_budget_get_next (self->budget, self->now) : self->now;

      next = MAX (next, self->held_until);
      if (self->strategy->paced && self->answers.length >= AT_ONCE)
        next = G_MAXINT64;
      if (next > self->now)
        return next;

      /* The next request of a video that is being enabled comes before all others. */
      if (self->half_enabled.length > 0)
        {
          send (self, GPOINTER_TO_UINT (g_queue_pop_head (&self->half_enabled)));
          continue;
        }

      next = self->policy != NULL ? follow_policy (self) : follow_plan (self);
      if (next > self->now)
        return next;
    }
}

static void
run (Simulation *self)
{
  while (self->fetched->len < self->world->n_videos)
    {
      gint64 next = act (self);
      Answer *answer = g_queue_peek_head (&self->answers);

      if (answer != NULL)
        next = MIN (next, answer->arrival);
      if (count_waiting (self) > 0)
        next = MIN (next, g_array_index (self->fetched, gint64, self->n_fetched));
      self->most_ahead = MAX (self->most_ahead, self->n_enabled - self->n_fetched);

      g_assert (next > self->now && next < G_MAXINT64);
      self->now = next;
      while ((answer = g_queue_peek_head (&self->answers)) != NULL && answer->arrival <= self->now)
        take_answer (self);
    }
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double difference = *(const double *) a - *(const double *) b;

  return difference < 0 ? -1 : difference > 0;
}

static void
sum_up (Simulation  *self,
        PollOutcome *outcome)
{
  guint n = self->world->n_videos;
  g_autofree double *delays = g_new (double, n);

  for (guint i = 0; i < n; i++)
    delays[i] = (double) (self->videos[i].noticed - self->videos[i].ready) / SECOND;
  qsort (delays, n, sizeof *delays, compare_doubles);

  outcome->requests = (double) (self->n_requests + self->n_refused) / n;
  outcome->n_refused = self->n_refused;
  outcome->noticed_median = delays[n / 2];
  outcome->noticed_p95 = delays[n * 95 / 100];
  outcome->noticed_most = delays[n - 1];
  outcome->most_ahead = self->most_ahead;
  outcome->seconds = (double) g_array_index (self->fetched, gint64, n - 1) / SECOND;
}

static void
draw_videos (Simulation *self)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (self->world->seed);

  self->n_new = self->world->n_videos;
  self->videos = g_new0 (Video, self->n_new);
  for (guint i = 0; i < self->n_new; i++)
    {
      Video *video = &self->videos[i];

      video->encode_seconds = ENCODE_MEDIAN * exp (SIGMA * draw_normal (rand));
      video->link_seconds = self->world->link_seconds * exp (SIGMA * draw_normal (rand));
      video->wobble = g_rand_double_range (rand, -WOBBLE, WOBBLE);
      video->requests_left = self->world->enable_requests;
    }
}

void
poll_simulate (const PollWorld    *world,
               const PollStrategy *strategy,
               PollOutcome        *outcome)
{
  Simulation self = { .world = world, .strategy = strategy };
  g_autoptr(PondRequestBudget) budget = strategy->paced ? pond_request_budget_new () : NULL;
  g_autoptr(PondPollPolicy) policy = strategy->policy ? pond_poll_policy_new () : NULL;
  g_autoptr(GArray) turns = g_array_new (FALSE, TRUE, sizeof (guint));
  g_autoptr(GArray) fetched = g_array_new (FALSE, FALSE, sizeof (gint64));
  Answer *answer;

  self.budget = budget;
  self.policy = policy;
  self.turns = turns;
  self.fetched = fetched;
  draw_videos (&self);

  for (guint i = 0; policy != NULL && i < world->n_videos; i++)
    {
      self.videos[i].turn = pond_poll_policy_add (policy, i);
      g_array_set_size (turns, self.videos[i].turn + 1);
      g_array_index (turns, guint, self.videos[i].turn) = i;
    }

  run (&self);
  sum_up (&self, outcome);

  while ((answer = g_queue_pop_head (&self.answers)) != NULL)
    {
      g_free (answer->ratelimit);
      g_free (answer);
    }
  g_queue_clear (&self.half_enabled);
  g_free (self.videos);
}

static double
look_every_five_seconds (double   elapsed,
                         double   percent,
                         gboolean hungry,
                         double   last_interval)
{
  return 5;
}

static double
back_off (double   elapsed,
          double   percent,
          gboolean hungry,
          double   last_interval)
{
  return last_interval > 0 ? MIN (60, last_interval * 2) : 5;
}

static double
follow_slope (double   elapsed,
              double   percent,
              gboolean hungry,
              double   last_interval)
{
  double left = percent > 0 ? elapsed * (100 - percent) / percent : 10;

  return CLAMP (left / 2, 2, 30);
}

static double
follow_hunger (double   elapsed,
               double   percent,
               gboolean hungry,
               double   last_interval)
{
  double left = percent > 0 ? elapsed * (100 - percent) / percent : 10;

  return hungry ? CLAMP (left / 2, 2, 30) : CLAMP (left * 0.9, 2, 120);
}

/* Those of the measurements that Millpond was planned with. */
const PollStrategy poll_strategies[] = {
  { "fixed 5 s, heedless", FALSE, FALSE, FALSE, 0, look_every_five_seconds },
  { "fixed 5 s, heeds Retry-After", FALSE, FALSE, TRUE, 0, look_every_five_seconds },
  { "back-off to 60 s, paced", FALSE, TRUE, TRUE, 0, back_off },
  { "slope, paced", FALSE, TRUE, TRUE, 0, follow_slope },
  { "hungry slope, paced, 150 ahead", FALSE, TRUE, TRUE, 150, follow_hunger },
};
const guint n_poll_strategies = G_N_ELEMENTS (poll_strategies);

const PollStrategy poll_millpond = { "Millpond", TRUE, TRUE, TRUE, 0, NULL };

/* It knows when each video will be ready, so that it looks once; of how far to go ahead it takes the best. */
void
poll_ask_oracle (const PollWorld *world,
                 PollOutcome     *outcome)
{
  static const guint aheads[] = { 0, 150, 400 };

  for (gsize i = 0; i < G_N_ELEMENTS (aheads); i++)
    {
      PollStrategy oracle = { "oracle", FALSE, TRUE, TRUE, aheads[i], NULL };
      PollOutcome tried;

      poll_simulate (world, &oracle, &tried);
      if (i == 0 || tried.seconds < outcome->seconds)
        *outcome = tried;
    }
}
