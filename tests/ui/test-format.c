/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "ui/pond-format.h"

/* Sizes have a no-break space before their unit. */
#define NBSP "\302\240"

#define MINUTE 60
#define HOUR (60 * MINUTE)

static void
assert_text (char       *text,
             const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_duration (void)
{
  assert_text (pond_format_duration (-1), "");
  assert_text (pond_format_duration (0), "0:00");
  assert_text (pond_format_duration (999), "0:00");
  assert_text (pond_format_duration (65 * 1000), "1:05");
  assert_text (pond_format_duration (3599 * 1000), "59:59");
  assert_text (pond_format_duration (3723 * 1000), "1:02:03");
  assert_text (pond_format_duration (G_MAXINT64), "2562047788015:12:55");
}

static void
test_remaining (void)
{
  assert_text (pond_format_remaining (0), "1 s left");
  assert_text (pond_format_remaining (59), "59 s left");
  assert_text (pond_format_remaining (60), "1 min left");
  assert_text (pond_format_remaining (89), "1 min left");
  assert_text (pond_format_remaining (90), "2 min left");
  assert_text (pond_format_remaining (HOUR - 31), "59 min left");
  assert_text (pond_format_remaining (HOUR - 30), "1 h 0 min left");
  assert_text (pond_format_remaining (2 * HOUR + 5 * MINUTE), "2 h 5 min left");
}

static void
test_transfer (void)
{
  assert_text (pond_format_transfer (0, -1, 0.0), "");
  assert_text (pond_format_transfer (1500, -1, 0.0), "1.5" NBSP "kB");
  assert_text (pond_format_transfer (0, 80000000, 0.0),
               "0 bytes of 80.0" NBSP "MB");
  assert_text (pond_format_transfer (12400000, 80000000, 3100000.0),
               "12.4" NBSP "MB of 80.0" NBSP "MB — 3.1" NBSP "MB/s — 21 s left");
  assert_text (pond_format_transfer (1500, -1, 1000.0), "1.5" NBSP "kB — 1.0" NBSP "kB/s");
  /* Nothing is left of a file that is complete, or longer than announced. */
  assert_text (pond_format_transfer (2000, 2000, 1000.0),
               "2.0" NBSP "kB of 2.0" NBSP "kB — 1.0" NBSP "kB/s");
  assert_text (pond_format_transfer (3000, 2000, 1000.0),
               "3.0" NBSP "kB of 2.0" NBSP "kB — 1.0" NBSP "kB/s");
}

static void
test_state (void)
{
  assert_text (pond_format_state (POND_DOWNLOAD_PREPARING, POND_WAITING_NONE, POND_FAILURE_NONE,
                                  42.7),
               "Stream is preparing the file — 42%");
  assert_text (pond_format_state (POND_DOWNLOAD_DOWNLOADING, POND_WAITING_NONE, POND_FAILURE_NONE,
                                  99.9),
               "Downloading — 99%");
  assert_text (pond_format_state (POND_DOWNLOAD_WAITING, POND_WAITING_NETWORK, POND_FAILURE_NONE, 0),
               "Waiting for the network");
}

/* Two waits or two failures that read alike would leave a person with the wrong thing to do. */
static void
test_states_differ (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int i = POND_DOWNLOAD_QUEUED; i <= POND_DOWNLOAD_PAUSED; i++)
    g_assert_true (g_hash_table_add (
        seen, pond_format_state (i, POND_WAITING_NONE, POND_FAILURE_NONE, 0.0)));

  for (int i = POND_WAITING_NONE; i <= POND_WAITING_SCHEDULE; i++)
    g_assert_true (g_hash_table_add (
        seen, pond_format_state (POND_DOWNLOAD_WAITING, i, POND_FAILURE_NONE, 0.0)));

  for (int i = POND_FAILURE_NONE; i <= POND_FAILURE_PROTOCOL; i++)
    g_assert_true (g_hash_table_add (
        seen, pond_format_state (POND_DOWNLOAD_FAILED, POND_WAITING_NONE, i, 0.0)));
}

static void
test_fraction (void)
{
  g_assert_cmpfloat (pond_format_fraction (POND_DOWNLOAD_PREPARING, 25.0, 0.0), ==, 0.25);
  g_assert_cmpfloat (pond_format_fraction (POND_DOWNLOAD_PREPARING, 250.0, 0.0), ==, 1.0);
  g_assert_cmpfloat (pond_format_fraction (POND_DOWNLOAD_DOWNLOADING, 100.0, 0.5), ==, 0.5);
  g_assert_cmpfloat (pond_format_fraction (POND_DOWNLOAD_PAUSED, 100.0, 0.5), ==, 0.5);
  g_assert_cmpfloat (pond_format_fraction (POND_DOWNLOAD_CHECKING, 100.0, 0.9), ==, 1.0);
}

static void
test_cost (void)
{
  assert_text (pond_format_cost (0), "About 1 minute, less than $0.01");
  assert_text (pond_format_cost (15000), "About 1 minute, less than $0.01");
  assert_text (pond_format_cost (606000), "About 10 minutes, $0.01");
  assert_text (pond_format_cost (42 * 60000), "About 42 minutes, $0.04");
  assert_text (pond_format_cost (1500 * (gint64) 60000), "About 1500 minutes, $1.50");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/format/duration", test_duration);
  g_test_add_func ("/format/remaining", test_remaining);
  g_test_add_func ("/format/transfer", test_transfer);
  g_test_add_func ("/format/state", test_state);
  g_test_add_func ("/format/states-differ", test_states_differ);
  g_test_add_func ("/format/fraction", test_fraction);
  g_test_add_func ("/format/cost", test_cost);

  return g_test_run ();
}
