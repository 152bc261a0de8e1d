/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "downloads/pond-poll-policy.h"
#include "poll-simulation.h"

#include <math.h>

#define SECOND  ((gint64) G_USEC_PER_SEC)
#define START   (3600 * SECOND)

static void
assert_turn (PondPollPolicy *policy,
             gint64          now,
             guint           id,
             PondPollAction  action)
{
  PondPollTurn turn;

  g_assert_cmpint (pond_poll_policy_next (policy, now, &turn), ==, now);
  g_assert_cmpuint (turn.id, ==, id);
  g_assert_cmpuint (turn.action, ==, action);
}

/* Nothing is to be done; returns in how many seconds there may be. */
static double
get_rest (PondPollPolicy *policy,
          gint64          now)
{
  PondPollTurn turn;
  gint64 next = pond_poll_policy_next (policy, now, &turn);

  g_assert_cmpint (next, >, now);

  return next < G_MAXINT64 ? (double) (next - now) / SECOND : INFINITY;
}

/* Returns when the next look comes, at the only video there is. */
static gint64
wait_for_look (PondPollPolicy *policy,
               guint           id,
               gint64          now)
{
  PondPollTurn turn;
  gint64 next = pond_poll_policy_next (policy, now, &turn);

  if (next > now)
    assert_turn (policy, next, id, POND_POLL_LOOK);

  return next;
}

/* The next look shows @percent; returns when that was. */
static gint64
look (PondPollPolicy *policy,
      guint           id,
      gint64          now,
      double          percent)
{
  gint64 next = wait_for_look (policy, id, now);

  pond_poll_policy_looked (policy, id, next, percent);

  return next;
}

static void
test_order (void)
{
  g_autoptr(PondPollPolicy) policy = pond_poll_policy_new ();
  guint second = pond_poll_policy_add (policy, 20);
  guint first = pond_poll_policy_add (policy, 10);

  assert_turn (policy, START, first, POND_POLL_ENABLE);
  assert_turn (policy, START, second, POND_POLL_ENABLE);
  g_assert_cmpfloat (get_rest (policy, START), ==, INFINITY);

  pond_poll_policy_remove (policy, first);
  pond_poll_policy_remove (policy, second);
  g_assert_cmpfloat (get_rest (policy, START), ==, INFINITY);
}

static void
test_slope (void)
{
  g_autoptr(PondPollPolicy) policy = pond_poll_policy_new ();
  guint id = pond_poll_policy_watch (policy, START, 0);
  gint64 ready = START + 100 * SECOND;
  gint64 now = START;
  guint n_looks = 0;

  while ((now = wait_for_look (policy, id, now)) < ready)
    {
      pond_poll_policy_looked (policy, id, now, floor ((double) (now - START) / SECOND));
      n_looks++;
    }

  g_assert_cmpint (now - ready, <=, 2 * SECOND);
  g_assert_cmpuint (n_looks, <=, 16);
}

static void
test_standstill (void)
{
  g_autoptr(PondPollPolicy) policy = pond_poll_policy_new ();
  guint id = pond_poll_policy_watch (policy, START, 0);
  gint64 now = look (policy, id, START, 10);
  double rest;
  double last_rest = 0;

  /* Looked at less and less often, but for ever. */
  for (int i = 0; i < 200; i++)
    {
      now = look (policy, id, now, 10);
      rest = get_rest (policy, now);
      g_assert_cmpfloat (rest, >=, last_rest - 0.001);
      last_rest = rest;
    }
  g_assert_cmpfloat_with_epsilon (last_rest, 120, 0.001);

  /* Where it goes on, so do we. */
  now = look (policy, id, now, 90);
  now = look (policy, id, now, 99);
  g_assert_cmpfloat (get_rest (policy, now), <, 120);
}

static void
test_no_percentage (void)
{
  g_autoptr(PondPollPolicy) policy = pond_poll_policy_new ();
  guint id = pond_poll_policy_watch (policy, START, 0);
  gint64 now = START;

  while (now < START + 90 * SECOND)
    now = look (policy, id, now, 0);

  g_assert_cmpint (now, <=, START + 95 * SECOND);
}

/* More would not be fetched earlier. */
static void
test_ahead (void)
{
  g_autoptr(PondPollPolicy) policy = pond_poll_policy_new ();
  PondPollTurn turn;
  guint n_enabled = 0;

  for (int i = 0; i < 1000; i++)
    pond_poll_policy_add (policy, i);

  pond_poll_policy_set_link (policy, 10, 0);
  for (; pond_poll_policy_next (policy, START, &turn) == START; n_enabled++)
    g_assert_cmpuint (turn.action, ==, POND_POLL_ENABLE);
  g_assert_cmpuint (n_enabled, ==, 90);

  pond_poll_policy_set_link (policy, 10, 5);
  for (; pond_poll_policy_next (policy, START, &turn) == START; n_enabled++)
    g_assert_cmpuint (turn.action, ==, POND_POLL_ENABLE);
  g_assert_cmpuint (n_enabled, ==, 110);

  /* A link that has nothing to do waits for no limit. */
  pond_poll_policy_set_link (policy, 0, 5);
  for (; pond_poll_policy_next (policy, START, &turn) == START; n_enabled++)
    g_assert_cmpuint (turn.action, ==, POND_POLL_ENABLE);
  g_assert_cmpuint (n_enabled, ==, 1000);
}

static void
test_half_enables (void)
{
  g_autoptr(PondPollPolicy) policy = pond_poll_policy_new ();
  guint n_looks = 0;

  for (int i = 0; i < 50; i++)
    {
      pond_poll_policy_watch (policy, START, 0);
      pond_poll_policy_add (policy, i);
    }

  for (int i = 0; i < 50; i++)
    {
      PondPollTurn turn;

      g_assert_cmpint (pond_poll_policy_next (policy, START + 60 * SECOND, &turn), ==, START + 60 * SECOND);
      n_looks += turn.action == POND_POLL_LOOK;
    }
  g_assert_cmpuint (n_looks, ==, 25);
}

/* The clock has gone on: all are due, and each comes once. */
static void
test_suspend (void)
{
  g_autoptr(PondPollPolicy) policy = pond_poll_policy_new ();
  gint64 now = START + 8 * 3600 * SECOND;
  gboolean seen[101] = { FALSE };
  PondPollTurn turn;

  for (int i = 0; i < 100; i++)
    pond_poll_policy_watch (policy, START, 0);

  for (int i = 0; i < 100; i++)
    {
      g_assert_cmpint (pond_poll_policy_next (policy, now, &turn), ==, now);
      g_assert_cmpuint (turn.action, ==, POND_POLL_LOOK);
      g_assert_cmpuint (turn.id, <=, 100);
      g_assert_false (seen[turn.id]);
      seen[turn.id] = TRUE;
    }
  g_assert_cmpfloat (get_rest (policy, now), ==, INFINITY);
}

static void
test_no_network (void)
{
  g_autoptr(PondPollPolicy) policy = pond_poll_policy_new ();
  guint making = pond_poll_policy_watch (policy, START, 0);
  guint new = pond_poll_policy_add (policy, 1);

  /* Whoever asks for a video is told that there is no network. */
  pond_poll_policy_hold_looks (policy, TRUE);
  assert_turn (policy, START, new, POND_POLL_ENABLE);
  g_assert_cmpfloat (get_rest (policy, START + 3600 * SECOND), ==, INFINITY);

  pond_poll_policy_hold_looks (policy, FALSE);
  assert_turn (policy, START + 3600 * SECOND, making, POND_POLL_LOOK);
}

#define SLOW_LINK  3.0
#define FAST_LINK  0.3

static void
test_one_video (void)
{
  for (guint seed = 1; seed <= 50; seed++)
    {
      PollWorld world = { 1, SLOW_LINK, seed, 1 };
      PollOutcome outcome;

      poll_simulate (&world, &poll_millpond, &outcome);
      g_assert_cmpfloat (outcome.noticed_most, <=, 2);
    }
}

static void
test_hundred_videos (void)
{
  for (guint seed = 1; seed <= 20; seed++)
    {
      PollWorld world = { 100, seed % 2 == 0 ? SLOW_LINK : FAST_LINK, seed, 1 };
      PollOutcome outcome;

      poll_simulate (&world, &poll_millpond, &outcome);
      g_assert_cmpuint (outcome.n_refused, ==, 0);
      g_assert_cmpfloat (outcome.noticed_median, <=, 2);
      g_assert_cmpfloat (outcome.noticed_p95, <=, 10);
    }
}

static void
test_thousand_videos (gconstpointer data)
{
  gboolean slow = GPOINTER_TO_INT (data);

  for (guint seed = 1; seed <= 3; seed++)
    {
      PollWorld world = { 1000, slow ? SLOW_LINK : FAST_LINK, seed, 1 };
      PollOutcome outcome;
      PollOutcome oracle;

      poll_simulate (&world, &poll_millpond, &outcome);
      poll_ask_oracle (&world, &oracle);
      g_assert_cmpuint (outcome.n_refused, ==, 0);
      g_assert_cmpfloat (outcome.requests, <=, 3.5);
      g_assert_cmpfloat (outcome.seconds, <=, oracle.seconds * (slow ? 1.01 : 1.05));
    }
}

/* As it really is: a video is asked for, and its files, before one is made. */
static void
test_never_refused (void)
{
  PollWorld world = { 1000, FAST_LINK, 1, 3 };
  PollOutcome outcome;

  poll_simulate (&world, &poll_millpond, &outcome);
  g_assert_cmpuint (outcome.n_refused, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/polling/order", test_order);
  g_test_add_func ("/polling/slope", test_slope);
  g_test_add_func ("/polling/standstill", test_standstill);
  g_test_add_func ("/polling/no-percentage", test_no_percentage);
  g_test_add_func ("/polling/ahead", test_ahead);
  g_test_add_func ("/polling/half-enables", test_half_enables);
  g_test_add_func ("/polling/suspend", test_suspend);
  g_test_add_func ("/polling/no-network", test_no_network);
  g_test_add_func ("/polling/one-video", test_one_video);
  g_test_add_func ("/polling/hundred-videos", test_hundred_videos);
  g_test_add_data_func ("/polling/thousand-videos/slow-link", GINT_TO_POINTER (TRUE), test_thousand_videos);
  g_test_add_data_func ("/polling/thousand-videos/fast-link", GINT_TO_POINTER (FALSE), test_thousand_videos);
  g_test_add_func ("/polling/never-refused", test_never_refused);

  return g_test_run ();
}
