/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "downloads/pond-poll-policy.h"

#include <math.h>

/* What one request takes of the five minutes in which an account may make 1,080 of our own. */
#define REQUEST_SECONDS  (300.0 / 1080.0)
/* Videos are made as long before their turn as nearly every one takes. */
#define AHEAD_SECONDS    900.0
/* As many, while it is not known how long the link takes for one. */
#define AHEAD_UNKNOWN    100
#define SHORTEST         1.0
#define LONGEST          120.0
#define FIRST_SHORTEST   2.0
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

/* How many seconds late a look may come: what the requests suffice for, and, while they are better spent on
 * enabling, a part of the time for which the link has work. */
static double
get_tolerance (PondPollPolicy *self)
{
  double tolerance = MAX (0.5, self->n_making * REQUEST_SECONDS / 40);

  if (self->n_new > 0)
    tolerance = MAX (tolerance, MIN (60, self->n_waiting * self->seconds_each / 4));

  return tolerance;
}

static double
get_first_interval (PondPollPolicy *self)
{
  return CLAMP (get_tolerance (self) * 3, FIRST_SHORTEST, FIRST_LONGEST);
}

/* How long until the next look at @video, which was just looked at for the first time since @before. */
static double
get_interval (PondPollPolicy *self,
              const Video    *video,
              Sample          before)
{
  double tolerance = get_tolerance (self);
  double shortest = MAX (SHORTEST, tolerance / 2);
  double elapsed = seconds_between (video->first.time, video->last.time);
  double gain = video->last.percent - video->first.percent;
  double recent_gain = video->last.percent - before.percent;
  double doubt = DOUBT_FIRST;
  double left;
  double at_least;

  if (recent_gain <= 0 || elapsed <= 0)
    return CLAMP (seconds_between (video->gained, video->last.time) / 3, shortest, LONGEST);

  left = (100 - video->last.percent) * elapsed / gain;
  if (video->n_gains > 1)
    {
      double recently = (100 - video->last.percent) * seconds_between (before.time, video->last.time) /
                        recent_gain;

      doubt = CLAMP (fabs (left - recently) / MAX (left, recently), DOUBT_LEAST, DOUBT_MOST);
    }

  /* A percentage may have lost up to a whole one of its fraction. */
  at_least = (1 - doubt) * (99 - video->last.percent) * elapsed / (gain + 1);
  if (left - at_least <= tolerance)
    return CLAMP (left, shortest, LONGEST);

  return CLAMP (at_least, shortest, LONGEST);
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

  return n_ahead * self->seconds_each < AHEAD_SECONDS;
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
  video->due = now + to_time (get_first_interval (self));

  return video->id;
}

/**
 * pond_poll_policy_looked:
 * @self: a policy
 * @id: a video that was to be looked at
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

  g_return_if_fail (video != NULL && video->state == VIDEO_LOOKING);

  set_state (self, video, VIDEO_MAKING);
  before = video->last;
  video->last = (Sample) { now, percent };
  if (percent > before.percent)
    {
      video->gained = now;
      video->n_gains++;
    }
  video->due = now + to_time (get_interval (self, video, before));
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
  Video *first_new = NULL;
  Video *first_due = NULL;

  for (guint i = 0; i < self->videos->len; i++)
    {
      Video *video = &g_array_index (self->videos, Video, i);

      if (video->state == VIDEO_NEW && enable && (first_new == NULL || video->order < first_new->order))
        first_new = video;
      else if (video->state == VIDEO_MAKING && (first_due == NULL || video->due < first_due->due))
        first_due = video;
    }

  if (first_due != NULL && first_due->due <= now && (first_new == NULL || self->enabled_last))
    {
      self->enabled_last = FALSE;
      *turn = (PondPollTurn) { first_due->id, POND_POLL_LOOK };
      set_state (self, first_due, VIDEO_LOOKING);
      return now;
    }

  if (first_new != NULL)
    {
      self->enabled_last = TRUE;
      *turn = (PondPollTurn) { first_new->id, POND_POLL_ENABLE };
      set_state (self, first_new, VIDEO_ENABLING);
      return now;
    }

  return first_due != NULL ? first_due->due : G_MAXINT64;
}
