/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "downloads/pond-poll-policy.h"

#include <math.h>

/* What one request takes of the five minutes in which an account may make 1,080 of our own. */
#define REQUEST_SECONDS  (300.0 / 1080.0)
/* A video is made so long before its turn: longer than any before it took, so that none keeps the link waiting. */
#define AHEAD_LEAST      600.0
#define AHEAD_FACTOR     1.5
/* As many, while it is not known how long the link takes for one. */
#define AHEAD_UNKNOWN    100
/* How late a look may come that nothing else makes later. */
#define TOLERANCE        0.5
#define SHORTEST         1.0
#define LONGEST          120.0
/* So much later than it is due, at most, a look comes when others are worth more. */
#define PATIENCE         20.0
/* The part of the time for which a percentage has stood still that is waited before another look. */
#define STILL_LEAST      0.05
#define STILL_MOST       0.2
#define FIRST_SHORTEST   1.0
#define FIRST_LONGEST    60.0
/* How wrong an estimate of the time that is left may be: one that rests on a single stretch of progress, and
 * one that rests on several that agree. */
#define DOUBT_FIRST      0.35
#define DOUBT_LEAST      0.1
#define DOUBT_MOST       0.5

typedef enum
{
  /* Waits for its turn to be enabled, */
  VIDEO_NEW,
  /* is being enabled, */
  VIDEO_ENABLING,
  /* is being made by Stream, */
  VIDEO_MAKING,
  /* and is being looked at. */
  VIDEO_LOOKING,
} VideoState;

typedef struct
{
  gint64 time;
  double percent;
} Sample;

typedef struct
{
  guint id;
  VideoState state;
  gint64 order;
  Sample first;
  Sample last;
  /* Since when it is at the last percentage. */
  gint64 gained;
  guint n_gains;
  gint64 due;
  /* From when on the look that is due comes too late, so that others no longer go before it. */
  gint64 late;
} Video;

struct _PondPollPolicy
{
  GArray *videos;
  guint last_id;
  guint n_new;
  guint n_making;
  guint n_enabling;
  guint n_waiting;
  double seconds_each;
  /* The longest that a video has been in the making so far. */
  double longest;
  gboolean held;
  /* Whether the last turn, when both were wanted, enabled a video. */
  gboolean enabled_last;
};

static gint64
to_time (double seconds)
{
  return (gint64) (seconds * G_USEC_PER_SEC);
}

static double
seconds_between (gint64 from,
                 gint64 to)
{
  return (double) (to - from) / G_USEC_PER_SEC;
}

static Video *
find_video (PondPollPolicy *self,
            guint           id)
{
  for (guint i = 0; i < self->videos->len; i++)
    {
      Video *video = &g_array_index (self->videos, Video, i);

      if (video->id == id)
        return video;
    }

  return NULL;
}

/* How many seconds late a look may come: what the requests suffice for; and, as long as the link has work, a part
 * of that time, all the more while requests are better spent on enabling. */
static double
get_tolerance (PondPollPolicy *self)
{
  double affordable = MAX (TOLERANCE, self->n_making * REQUEST_SECONDS / 10);
  double busy = self->n_waiting * self->seconds_each;

  return MAX (affordable, self->n_new > 0 ? MIN (busy / 4, 60) : MIN (busy / 60, 4));
}

static double
get_first_interval (PondPollPolicy *self)
{
  return CLAMP (get_tolerance (self) * 2, FIRST_SHORTEST, FIRST_LONGEST);
}

/* Plans a look in @interval seconds at a video that should be ready in @left. */
static void
plan_look (Video  *video,
           double  interval,
           double  left)
{
  video->due = video->last.time + to_time (interval);
  video->late = video->last.time + to_time (CLAMP (left, interval, interval + PATIENCE));
}

/* Plans the next look at a video which was just looked at, and the last time @before. */
static void
plan_next_look (PondPollPolicy *self,
                Video          *video,
                Sample          before)
{
  double tolerance = get_tolerance (self);
  double shortest = MAX (SHORTEST, tolerance / 2);
  double elapsed = seconds_between (video->first.time, video->last.time);
  double gain = video->last.percent - video->first.percent;
  double recent_gain = video->last.percent - before.percent;
  /* Where requests are plenty it costs nothing to be careful. */
  double least_doubt = CLAMP (DOUBT_MOST * TOLERANCE / tolerance, DOUBT_LEAST, DOUBT_MOST);
  double doubt = MAX (DOUBT_FIRST, least_doubt);
  double left;
  double at_least;

  if (gain <= 0 || recent_gain <= 0 || elapsed <= 0)
    {
      double still = seconds_between (video->gained, video->last.time);

      plan_look (video, CLAMP (still * CLAMP (tolerance / 10, STILL_LEAST, STILL_MOST), shortest, LONGEST),
                 G_MAXINT);
      return;
    }

  left = (100 - video->last.percent) * elapsed / gain;
  if (video->n_gains > 1)
    {
      double recently = (100 - video->last.percent) * seconds_between (before.time, video->last.time) /
                        recent_gain;

      doubt = CLAMP (fabs (left - recently) / MAX (left, recently), least_doubt, DOUBT_MOST);
    }

  /* A percentage may have lost up to a whole one of its fraction. */
  at_least = (1 - doubt) * (99 - video->last.percent) * elapsed / (gain + 1);
  plan_look (video, CLAMP (left - at_least <= tolerance ? left : at_least, shortest, LONGEST), left);
}

static gboolean
may_enable (PondPollPolicy *self)
{
  guint n_ahead = self->n_making + self->n_enabling + self->n_waiting;

  if (self->n_new == 0)
    return FALSE;
  if (self->n_waiting == 0)
    return TRUE;
  if (self->seconds_each <= 0)
    return n_ahead < AHEAD_UNKNOWN;

  return n_ahead * self->seconds_each < MAX (AHEAD_LEAST, self->longest * AHEAD_FACTOR);
}

static void
set_state (PondPollPolicy *self,
           Video          *video,
           VideoState      state)
{
  guint *counts[] = {
    [VIDEO_NEW] = &self->n_new,
    [VIDEO_ENABLING] = &self->n_enabling,
    [VIDEO_MAKING] = &self->n_making,
    [VIDEO_LOOKING] = &self->n_making,
  };

  (*counts[video->state])--;
  (*counts[state])++;
  video->state = state;
}

/**
 * pond_poll_policy_new:
 *
 * Returns: (transfer full): a policy without videos
 */
PondPollPolicy *
pond_poll_policy_new (void)
{
  PondPollPolicy *self = g_new0 (PondPollPolicy, 1);

  self->videos = g_array_new (FALSE, FALSE, sizeof (Video));

  return self;
}

void
pond_poll_policy_free (PondPollPolicy *self)
{
  g_array_unref (self->videos);
  g_free (self);
}

/**
 * pond_poll_policy_set_link:
 * @self: a policy
 * @n_waiting: how many files are being fetched, or ready to be
 * @seconds_each: for how long one keeps the link busy; 0 if that is not known yet
 *
 * Tells how much work the link has.
 */
void
pond_poll_policy_set_link (PondPollPolicy *self,
                           guint           n_waiting,
                           double          seconds_each)
{
  self->n_waiting = n_waiting;
  self->seconds_each = seconds_each;
}

/**
 * pond_poll_policy_hold_looks:
 * @self: a policy
 * @hold: whether it is of no use to look, because there is no network
 *
 * Holds back looks, or lets them go on with those that should have come meanwhile.
 */
void
pond_poll_policy_hold_looks (PondPollPolicy *self,
                             gboolean        hold)
{
  self->held = hold;
}

static Video *
append_video (PondPollPolicy *self)
{
  Video video = { .id = ++self->last_id };

  g_array_append_val (self->videos, video);

  return &g_array_index (self->videos, Video, self->videos->len - 1);
}

/**
 * pond_poll_policy_add:
 * @self: a policy
 * @order: its place among those that wait; lower ones come first
 *
 * Adds a video that waits for its turn to be enabled. When that has come, it counts as being enabled until it
 * is removed.
 *
 * Returns: its number
 */
guint
pond_poll_policy_add (PondPollPolicy *self,
                      gint64          order)
{
  Video *video = append_video (self);

  video->state = VIDEO_NEW;
  video->order = order;
  self->n_new++;

  return video->id;
}

/**
 * pond_poll_policy_watch:
 * @self: a policy
 * @now: the present time
 * @percent: how far Stream is with it
 *
 * Adds a video that Stream is making.
 *
 * Returns: its number
 */
guint
pond_poll_policy_watch (PondPollPolicy *self,
                        gint64          now,
                        double          percent)
{
  Video *video = append_video (self);

  video->state = VIDEO_MAKING;
  self->n_making++;
  video->first = (Sample) { now, percent };
  video->last = video->first;
  video->gained = now;
  plan_look (video, get_first_interval (self), G_MAXINT);

  return video->id;
}

/**
 * pond_poll_policy_looked:
 * @self: a policy
 * @id: a video that is being made
 * @now: the present time
 * @percent: how far Stream is with it
 *
 * Tells what the look showed, and that it is not ready.
 */
void
pond_poll_policy_looked (PondPollPolicy *self,
                         guint           id,
                         gint64          now,
                         double          percent)
{
  Video *video = find_video (self, id);
  Sample before;

  g_return_if_fail (video != NULL && (video->state == VIDEO_LOOKING || video->state == VIDEO_MAKING));

  set_state (self, video, VIDEO_MAKING);
  before = video->last;
  video->last = (Sample) { now, percent };
  if (percent > before.percent)
    {
      video->gained = now;
      video->n_gains++;
    }
  plan_next_look (self, video, before);
}

/**
 * pond_poll_policy_remove:
 * @self: a policy
 * @id: a video
 *
 * Forgets a video: it is ready, or nobody wants it now.
 */
void
pond_poll_policy_remove (PondPollPolicy *self,
                         guint           id)
{
  for (guint i = 0; i < self->videos->len; i++)
    {
      Video *video = &g_array_index (self->videos, Video, i);

      if (video->id != id)
        continue;

      if (video->state == VIDEO_NEW)
        self->n_new--;
      else if (video->state == VIDEO_ENABLING)
        self->n_enabling--;
      else
        self->n_making--;

      g_array_remove_index (self->videos, i);
      return;
    }
}

/**
 * pond_poll_policy_next:
 * @self: a policy
 * @now: the present time
 * @turn: (out caller-allocates): what to do now, if anything
 *
 * Decides what a request that can be made now is for. The video of @turn is under way then, until
 * pond_poll_policy_looked() or pond_poll_policy_remove().
 *
 * Returns: @now if there is something to do, or when there may be: a later time, %G_MAXINT64 if never unless
 *   something changes
 */
gint64
pond_poll_policy_next (PondPollPolicy *self,
                       gint64          now,
                       PondPollTurn   *turn)
{
  gboolean enable = may_enable (self);
  Video *new = NULL;
  Video *due = NULL;
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < self->videos->len; i++)
    {
      Video *video = &g_array_index (self->videos, Video, i);

      if (video->state == VIDEO_NEW && enable && (new == NULL || video->order < new->order))
        new = video;
      else if (video->state != VIDEO_MAKING || self->held)
        continue;
      else if (video->due > now)
        next = MIN (next, video->due);
      else if (due == NULL || video->late < due->late)
        due = video;
    }

  if (due != NULL && (new == NULL || self->enabled_last))
    {
      self->enabled_last = FALSE;
      self->longest = MAX (self->longest, seconds_between (due->first.time, now));
      *turn = (PondPollTurn) { due->id, POND_POLL_LOOK };
      set_state (self, due, VIDEO_LOOKING);
      return now;
    }

  if (new != NULL)
    {
      self->enabled_last = TRUE;
      *turn = (PondPollTurn) { new->id, POND_POLL_ENABLE };
      set_state (self, new, VIDEO_ENABLING);
      return now;
    }

  return next;
}
