/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "stream/pond-request-budget.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define MINUTE (60 * SECOND)
#define WINDOW (300 * SECOND)
#define START (1000 * SECOND)
#define OURS 1080

/* A server with a limit of a fixed window, on the same virtual clock, and other tools of the person's that
 * use up some of it. */
typedef struct
{
  guint quota;
  guint seconds;
  double others_per_second;
  gboolean tells_policy;
  gboolean tells_nothing;

  gint64 opened;
  double count;
  guint n_refused;
  /* The least that was left after one of our requests. */
  double least;
} Server;

typedef struct
{
  gint64 due;
  guint64 ticket;
  char *ratelimit;
  char *policy;
} Answer;

static Answer *
server_ask (Server  *server,
            gint64   now,
            guint64  ticket,
            gint64   delay)
{
  Answer *answer = g_new0 (Answer, 1);
  gint64 window = server->seconds * SECOND;
  double left;

  if (server->opened == 0 || now - server->opened >= window)
    {
      server->opened = now;
      server->count = 0;
    }

  server->count++;
  left = server->quota - server->count - server->others_per_second * (double) (now - server->opened) / SECOND;
  server->least = MIN (server->least, left);
  if (left < 0)
    server->n_refused++;

  answer->due = now + delay;
  answer->ticket = ticket;
  if (!server->tells_nothing)
    {
      answer->ratelimit = g_strdup_printf ("\"default\";r=%d;t=%d", MAX (0, (int) left),
                                           (int) ((server->opened + window - now) / SECOND));
      if (server->tells_policy)
        answer->policy = g_strdup_printf ("\"default\";q=%u;w=%u", server->quota, server->seconds);
    }

  return answer;
}

static void
hear_answers (PondRequestBudget *budget,
              GQueue            *answers,
              gint64             until)
{
  while (!g_queue_is_empty (answers) && ((Answer *) g_queue_peek_head (answers))->due <= until)
    {
      Answer *answer = g_queue_pop_head (answers);

      pond_request_budget_learn (budget, answer->ticket, answer->due, answer->ratelimit, answer->policy);
      g_free (answer->ratelimit);
      g_free (answer->policy);
      g_free (answer);
    }
}

/* Asks as often as it may for so long, with pauses of @pause after each @batch requests. Returns when each
 * request was made. */
static GArray *
run (Server *server,
     gint64  duration,
     guint   batch,
     gint64  pause,
     gint64  delay)
{
  g_autoptr(PondRequestBudget) budget = pond_request_budget_new ();
  g_autoptr(GQueue) answers = g_queue_new ();
  GArray *times = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 now = START;

  server->least = server->quota;
  while (now < START + duration)
    {
      gint64 next;

      hear_answers (budget, answers, now);
      next = pond_request_budget_get_next (budget, now);
      g_assert_cmpint (next, >=, now);

      if (next <= now)
        {
          g_queue_push_tail (answers, server_ask (server, now, pond_request_budget_spend (budget, now), delay));
          g_array_append_val (times, now);
          if (batch != 0 && times->len % batch == 0)
            now += pause;
        }
      else
        {
          gint64 heard = g_queue_is_empty (answers) ? G_MAXINT64 : ((Answer *) g_queue_peek_head (answers))->due;

          now = MIN (next, MAX (heard, now + 1));
          g_assert_cmpint (now, !=, G_MAXINT64);
        }
    }

  hear_answers (budget, answers, G_MAXINT64);

  return times;
}

static guint
most_in_window (GArray *times,
                gint64  window)
{
  guint most = 0;
  guint first = 0;

  for (guint i = 0; i < times->len; i++)
    {
      while (g_array_index (times, gint64, i) - g_array_index (times, gint64, first) >= window)
        first++;
      most = MAX (most, i - first + 1);
    }

  return most;
}

static guint
count_before (GArray *times,
              gint64  end)
{
  guint n = 0;

  while (n < times->len && g_array_index (times, gint64, n) < end)
    n++;

  return n;
}

typedef struct
{
  const char *name;
  Server server;
  guint batch;
  gint64 pause;
  gint64 delay;
  /* Of what is allowed, at least so much is used. */
  double use;
} Pattern;

static const Pattern patterns[] = {
  { "steady", { 1200, 300, 0, TRUE }, 0, 0, SECOND / 20, 0.95 },
  { "no-latency", { 1200, 300, 0, TRUE }, 0, 0, 0, 0.95 },
  { "high-latency", { 1200, 300, 0, TRUE }, 0, 0, 5 * SECOND, 0.85 },
  { "says-nothing", { 1200, 300, 0, FALSE, TRUE }, 0, 0, SECOND / 20, 0.95 },
  { "bursts", { 1200, 300, 0, TRUE }, 60, 17 * SECOND, SECOND / 20, 0.9 },
  { "long-pauses", { 1200, 300, 0, TRUE }, 1080, WINDOW, SECOND / 20, 0 },
  { "odd-pauses", { 1200, 300, 0, TRUE }, 7, 1234567, SECOND / 20, 0.9 },
  { "no-policy", { 1200, 300, 0, FALSE }, 0, 0, SECOND / 20, 0.9 },
  { "others-busy", { 1200, 300, 2, TRUE }, 0, 0, SECOND / 20, 0 },
  { "others-take-all", { 1200, 300, 5, TRUE }, 0, 0, SECOND / 20, 0 },
  { "scaled", { 60, 30, 0, TRUE }, 0, 0, SECOND / 20, 0.85 },
  { "scaled-no-policy", { 60, 30, 0, FALSE }, 0, 0, SECOND / 20, 0.8 },
  { "scaled-bursts", { 60, 30, 0, TRUE }, 20, 9 * SECOND, SECOND / 20, 0.5 },
  { "scaled-others", { 60, 30, 0.5, TRUE }, 0, 0, SECOND / 20, 0 },
  { "scaled-latency", { 60, 30, 0, TRUE }, 0, 0, 2 * SECOND, 0.7 },
  { "tiny", { 12, 10, 0, TRUE }, 0, 0, SECOND / 20, 0.5 },
  { "one", { 1, 10, 0, TRUE }, 1, 12 * SECOND, SECOND / 20, 0 },
  { "laxer", { 100000, 300, 0, TRUE }, 0, 0, SECOND / 20, 0 },
};

static void
test_pattern (gconstpointer data)
{
  const Pattern *pattern = data;
  Server server = pattern->server;
  /* What others take is seen only with the next answer. */
  double reserve = (server.others_per_second > 0 ? 0.05 : 0.1) * server.quota;
  gint64 duration = 40 * MINUTE;
  g_autoptr(GArray) times = run (&server, duration, pattern->batch, pattern->pause, pattern->delay);
  double allowed = 0.9 * server.quota / server.seconds * (double) duration / SECOND;

  g_test_message ("%u requests, %.0f allowed", times->len, allowed);
  g_assert_cmpuint (most_in_window (times, WINDOW), <=, OURS);
  g_assert_cmpfloat ((double) times->len, >=, pattern->use * allowed);
  g_assert_cmpuint (server.n_refused, ==, 0);
  g_assert_cmpfloat (server.least, >=, floor (reserve));
}

static void
test_random (void)
{
  for (guint round = 0; round < 20; round++)
    {
      Server server = { 1200, 300, 0, TRUE };
      guint batch = (guint) g_test_rand_int_range (1, 1200);
      gint64 pause = g_test_rand_int_range (0, 400) * SECOND;
      gint64 delay = g_test_rand_int_range (0, 3000) * G_TIME_SPAN_MILLISECOND;
      g_autoptr(GArray) times = run (&server, 30 * MINUTE, batch, pause, delay);

      g_assert_cmpuint (most_in_window (times, WINDOW), <=, OURS);
      g_assert_cmpuint (server.n_refused, ==, 0);
    }
}

static void
test_even (void)
{
  Server server = { 60, 30, 0, TRUE };
  g_autoptr(GArray) times = run (&server, 5 * MINUTE, 0, 0, SECOND / 20);
  gint64 longest = 0;

  /* Once the limit is known, no long wait for a new window: 54 in 30 s are 0.56 s apart. */
  for (guint i = 30; i < times->len; i++)
    longest = MAX (longest, g_array_index (times, gint64, i) - g_array_index (times, gint64, i - 1));

  g_assert_cmpint (longest, <, 2 * SECOND);
}

static void
test_first_requests (void)
{
  g_autoptr(PondRequestBudget) budget = pond_request_budget_new ();
  gint64 now = START;
  guint64 ticket = 0;
  guint n = 0;

  while (pond_request_budget_get_next (budget, now) == now)
    {
      ticket = pond_request_budget_spend (budget, now);
      n++;
    }
  g_assert_cmpuint (n, ==, 8);
  g_assert_cmpint (pond_request_budget_get_next (budget, now), ==, G_MAXINT64);

  /* An answer that says nothing of limits lets the rest of the burst through. */
  pond_request_budget_learn (budget, ticket, now, NULL, NULL);
  for (; pond_request_budget_get_next (budget, now) == now; n++)
    pond_request_budget_spend (budget, now);
  g_assert_cmpuint (n, ==, 60);
  g_assert_cmpint (pond_request_budget_get_next (budget, now), <, now + SECOND);
}

static void
test_block (void)
{
  g_autoptr(PondRequestBudget) budget = pond_request_budget_new ();
  gint64 now = START;

  pond_request_budget_block (budget, now, 12.5);
  g_assert_cmpint (pond_request_budget_get_next (budget, now), ==, now + 12 * SECOND + SECOND / 2);

  /* One that is shorter, or came late, takes nothing back. */
  pond_request_budget_block (budget, now + SECOND, 0);
  g_assert_cmpint (pond_request_budget_get_next (budget, now), ==, now + 12 * SECOND + SECOND / 2);

  pond_request_budget_block (budget, now, -1);
  g_assert_cmpint (pond_request_budget_get_next (budget, now), ==, now + WINDOW);
  g_assert_cmpint (pond_request_budget_get_next (budget, now + WINDOW), ==, now + WINDOW);

  pond_request_budget_block (budget, now, 1e300);
  g_assert_cmpint (pond_request_budget_get_next (budget, now), ==, now + 24 * 3600 * SECOND);
}

static void
test_count (const char *ratelimit,
            const char *policy,
            guint       expected)
{
  g_autoptr(PondRequestBudget) budget = pond_request_budget_new ();
  gint64 end = START + 10 * SECOND;
  g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 now = START;

  pond_request_budget_learn (budget, pond_request_budget_spend (budget, now), now, ratelimit, policy);
  while (now < end)
    {
      gint64 next = pond_request_budget_get_next (budget, now);

      if (next <= now)
        {
          pond_request_budget_spend (budget, now);
          g_array_append_val (times, now);
        }
      now = MAX (now, next);
    }

  g_test_message ("%s: %u", ratelimit, count_before (times, end));
  g_assert_cmpint (ABS ((int) count_before (times, end) - (int) expected), <=, 2);
}

static void
test_headers (void)
{
  /* 50 less a tenth of 60 are left for 31 seconds. */
  test_count ("\"default\";r=50;t=30", "\"default\";q=60;w=30", 15);
  test_count (" \"default\" ; r=50 ; t=30 ", "\"default\";w=30;q=60", 15);
  test_count ("default;r=50;t=30", "default;q=60;w=30", 15);
  /* The strictest of several decides. */
  test_count ("\"default\";r=1100;t=200, \"burst\";r=16;t=9", "\"default\";q=1200;w=300, \"burst\";q=100;w=60", 6);
  test_count ("\"default\";r=6;t=30", "\"default\";q=60;w=30", 0);
  test_count ("\"default\";r=0;t=30", NULL, 0);
  /* What is not understood changes nothing. */
  test_count (NULL, NULL, 93);
  test_count ("", "", 93);
  test_count (";;;,,,\"default\"", ";", 93);
  test_count ("\"default\";r=-1;t=30", NULL, 93);
  test_count ("\"default\";r=99999999999999999999;t=30", NULL, 93);
  test_count ("\"default\";r=0;t=99999999", NULL, 93);
  test_count ("\"a\";r=9999;t=9,\"b\";r=9999;t=9,\"c\";r=9999;t=9,\"d\";r=9999;t=9,\"e\";r=0;t=9", NULL, 93);
}

static void
test_overtaken (void)
{
  g_autoptr(PondRequestBudget) budget = pond_request_budget_new ();
  guint64 first = pond_request_budget_spend (budget, START);
  guint64 second = pond_request_budget_spend (budget, START);
  gint64 next;

  pond_request_budget_learn (budget, second, START, "\"default\";r=6;t=30", "\"default\";q=60;w=30");
  next = pond_request_budget_get_next (budget, START);
  pond_request_budget_learn (budget, first, START, "\"default\";r=59;t=30", "\"default\";q=60;w=30");
  g_assert_cmpint (pond_request_budget_get_next (budget, START), ==, next);
  g_assert_cmpint (next, ==, START + 31 * SECOND);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      g_autofree char *path = g_strconcat ("/budget/pattern/", patterns[i].name, NULL);

      g_test_add_data_func (path, &patterns[i], test_pattern);
    }

  g_test_add_func ("/budget/random", test_random);
  g_test_add_func ("/budget/even", test_even);
  g_test_add_func ("/budget/first-requests", test_first_requests);
  g_test_add_func ("/budget/block", test_block);
  g_test_add_func ("/budget/headers", test_headers);
  g_test_add_func ("/budget/overtaken", test_overtaken);

  return g_test_run ();
}
