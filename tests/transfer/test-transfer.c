/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "transfer-fixture.h"

static void
test_clean (Fixture       *fixture,
            gconstpointer  user_data)
{
  g_autoptr (PondCheckpoint) checkpoint = NULL;

  expect_whole (fixture, body_v1);

  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, 0);
  g_assert_cmpuint (pond_transfer_get_delivered (fixture->transfer), ==, BODY_SIZE);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 1);

  checkpoint = load_checkpoint (fixture);
  g_assert_cmpstr (checkpoint->etag, ==, "\"v1\"");
  g_assert_cmpint (checkpoint->total, ==, BODY_SIZE);
  g_assert_cmpuint (checkpoint->synced, ==, BODY_SIZE);
}

/* What a file is whole by, is not asked for again: not in this life, and not in the next. */
static void
test_whole_already (Fixture       *fixture,
                    gconstpointer  user_data)
{
  expect_whole (fixture, body_v1);
  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, BODY_SIZE);

  renew_transfer (fixture);
  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_delivered (fixture->transfer), ==, 0);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 1);
}

static gboolean
check_request (Exchange *exchange)
{
  static const char *refused[] = { "Authorization", "Cookie", "Referer", "Range", "If-Range" };

  g_assert_nonnull (strstr (exchange->head, " HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (exchange->head, "\r\nAccept-Encoding: identity\r\n"));
  g_assert_nonnull (strstr (exchange->head, "\r\nUser-Agent: Millpond/" VERSION "\r\n"));
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    g_assert_null (strstr (exchange->head, refused[i]));

  return exchange_print (exchange, "HTTP/1.1 401 No\nWWW-Authenticate: Basic realm=\"x\"\n"
                                   "Set-Cookie: a=b\nContent-Length: 0\n\n");
}

static void
test_request (Fixture       *fixture,
              gconstpointer  user_data)
{
  script_server_push (fixture->server, check_request);
  expect_error (fixture, POND_TRANSFER_ERROR_REFUSED);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 1);

  script_server_push (fixture->server, check_request);
  expect_error (fixture, POND_TRANSFER_ERROR_REFUSED);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 2);
}

/* Many small files over one connection. */
static void
test_connection_reuse (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_autoptr (GBytes) small = g_bytes_new_from_bytes (body_v1, 0, 1000);

  script_server_set_body (fixture->server, small, STRONG);
  for (guint i = 0; i < 10; i++)
    {
      script_server_push (fixture->server, redirect_relative);
      script_server_push (fixture->server, NULL);
      expect_whole (fixture, small);
      g_assert_true (pond_transfer_discard (fixture->file, NULL));
    }

  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 20);
  /* Mostly one; a run that takes up another idle thread has to open one more. */
  g_assert_cmpuint (script_server_get_connections (fixture->server), <=, 5);
}

static void
test_empty (Fixture       *fixture,
            gconstpointer  user_data)
{
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);

  script_server_set_body (fixture->server, empty, STRONG);
  expect_whole (fixture, empty);
}

/* Ends in the middle, for whatever reason; goes on where it was. */
static void
test_resume (Fixture       *fixture,
             gconstpointer  user_data)
{
  begin_with (fixture, user_data);

  renew_transfer (fixture);
  expect_whole (fixture, body_v1);

  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, CUT);
  g_assert_cmpuint (pond_transfer_get_delivered (fixture->transfer), ==, BODY_SIZE - CUT);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 2);
}

static void
test_resume_dated (Fixture       *fixture,
                   gconstpointer  user_data)
{
  script_server_set_body (fixture->server, body_v1,
                          "Last-Modified: Tue, 15 Nov 1994 12:45:26 GMT\n");
  test_resume (fixture, answer_short_dated);
}

/* A run that fails before there is an answer keeps what an earlier one brought. */
static void
test_failure_between (Fixture       *fixture,
                      gconstpointer  user_data)
{
  begin_with (fixture, answer_short);

  script_server_push (fixture->server, answer_unavailable);
  expect_error (fixture, POND_TRANSFER_ERROR_SERVER);
  script_server_push (fixture->server, answer_forbidden);
  expect_error (fixture, POND_TRANSFER_ERROR_REFUSED);
  script_server_push (fixture->server, answer_page);
  expect_error (fixture, POND_TRANSFER_ERROR_NOT_MEDIA);
  g_assert_cmpuint (assert_file_begins (fixture, body_v1), ==, CUT);

  set_path (fixture, "/eyJ-another-token/downloads/default.mp4");
  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, CUT);
  g_assert_cmpuint (pond_transfer_get_delivered (fixture->transfer), ==, BODY_SIZE);
}

/* Without a checkpoint nothing is known of the bytes; the same goes for one that is broken, and for
 * a file that is longer than it can be. */
static void
test_no_checkpoint (Fixture       *fixture,
                    gconstpointer  user_data)
{
  begin_with (fixture, answer_short);
  g_assert_cmpint (g_unlink (fixture->checkpoint_path), ==, 0);
  expect_whole (fixture, body_v1);
  g_assert_cmpint (script_server_get_last_from (fixture->server), ==, -1);
}

static void
test_broken_checkpoint (Fixture       *fixture,
                        gconstpointer  user_data)
{
  begin_with (fixture, answer_short);
  g_assert_true (g_file_set_contents (fixture->checkpoint_path, "", 0, NULL));
  expect_whole (fixture, body_v1);
  g_assert_cmpint (script_server_get_last_from (fixture->server), ==, -1);
}

static void
test_file_too_long (Fixture       *fixture,
                    gconstpointer  user_data)
{
  begin_with (fixture, answer_short);
  g_assert_cmpint (truncate (fixture->path, BODY_SIZE + 1), ==, 0);
  expect_whole (fixture, body_v1);
  g_assert_cmpint (script_server_get_last_from (fixture->server), ==, -1);
}

static void
test_file_cut (Fixture       *fixture,
               gconstpointer  user_data)
{
  begin_with (fixture, answer_short);
  g_assert_cmpint (truncate (fixture->path, 1000), ==, 0);
  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, 1000);
}

/* The resource is another one by now; @user_data is how the server says so. */
static void
test_changed (Fixture       *fixture,
              gconstpointer  user_data)
{
  begin_with (fixture, answer_short);
  script_server_set_body (fixture->server, body_v2, "ETag: \"v2\"\n");
  script_server_push (fixture->server, user_data);
  expect_whole (fixture, body_v2);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, 0);
}

static void
test_changed_weak (Fixture       *fixture,
                   gconstpointer  user_data)
{
  begin_with (fixture, answer_short_weak);
  script_server_set_body (fixture->server, body_v2, "ETag: W/\"v2\"\n");
  expect_whole (fixture, body_v2);
}

/* The same resource, but an answer that does not fit: once more, from the start. */
static void
test_restart (Fixture       *fixture,
              gconstpointer  user_data)
{
  begin_with (fixture, answer_short);
  script_server_push (fixture->server, user_data);
  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, 0);
}

/* A restart that fails before its answer has cost nothing. */
static void
test_restart_fails (Fixture       *fixture,
                    gconstpointer  user_data)
{
  begin_with (fixture, answer_short);
  script_server_push (fixture->server, answer_shifted);
  script_server_push (fixture->server, answer_unavailable);
  expect_error (fixture, POND_TRANSFER_ERROR_SERVER);
  g_assert_cmpuint (assert_file_begins (fixture, body_v1), ==, CUT);

  script_server_push (fixture->server, answer_shifted);
  script_server_push (fixture->server, answer_part_unasked);
  expect_error (fixture, POND_TRANSFER_ERROR_PROTOCOL);
  g_assert_cmpuint (assert_file_begins (fixture, body_v1), ==, CUT);

  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, CUT);
}

static void
test_part_of_part (Fixture       *fixture,
                   gconstpointer  user_data)
{
  begin_with (fixture, answer_short);
  script_server_push (fixture->server, answer_part_of_part);
  expect_error (fixture, POND_TRANSFER_ERROR_NETWORK);
  g_assert_cmpuint (assert_file_begins (fixture, body_v1), ==, CUT + 500 * KIB);
  expect_whole (fixture, body_v1);
}

/* Nothing tells the versions apart but their bytes. */
static void
test_overlap (Fixture       *fixture,
              gconstpointer  user_data)
{
  script_server_set_body (fixture->server, body_v1, "");
  begin_with (fixture, user_data);
  expect_whole (fixture, body_v1);

  g_assert_cmpint (script_server_get_last_from (fixture->server), ==, CUT - 64 * KIB);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, CUT);
  g_assert_cmpuint (pond_transfer_get_delivered (fixture->transfer), ==, BODY_SIZE + 64 * KIB);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 2);
}

static void
test_overlap_differs (Fixture       *fixture,
                      gconstpointer  user_data)
{
  begin_with (fixture, answer_short_bare);
  script_server_set_body (fixture->server, body_v2, "");
  expect_whole (fixture, body_v2);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 3);
}

/* All bytes are there, but nobody had said how many there would be. */
static void
test_nothing_left (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_autoptr (PondCheckpoint) checkpoint = pond_checkpoint_new ("\"v1\"", NULL, -1);

  checkpoint->boot_id = pond_checkpoint_dup_boot_id ();
  g_assert_true (g_file_set_contents (fixture->path, g_bytes_get_data (body_v1, NULL), BODY_SIZE,
                                      NULL));
  g_assert_true (pond_checkpoint_save (checkpoint, fixture->checkpoint_path, FALSE, NULL));

  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_delivered (fixture->transfer), ==, 0);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 1);

  /* It is known now. */
  expect_whole (fixture, body_v1);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 1);
}

static void
test_nothing_left_of_another (Fixture       *fixture,
                              gconstpointer  user_data)
{
  g_autoptr (GBytes) shorter = g_bytes_new_from_bytes (body_v2, 0, 1000);

  begin_with (fixture, answer_short_bare);
  script_server_set_body (fixture->server, shorter, "");
  expect_whole (fixture, shorter);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 3);
}

static void
test_too_much (Fixture       *fixture,
               gconstpointer  user_data)
{
  begin_with (fixture, answer_short);
  script_server_push (fixture->server, answer_too_much);
  expect_error (fixture, POND_TRANSFER_ERROR_LENGTH);
  g_assert_cmpuint (assert_file_begins (fixture, body_v1), ==, 0);
  g_assert_false (g_file_test (fixture->checkpoint_path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (pond_transfer_get_total (fixture->transfer), ==, -1);

  expect_whole (fixture, body_v1);
}

/* HTTP ends a body where its length says; that there would have been more can't be seen. */
static void
test_announcing_less (Fixture       *fixture,
                      gconstpointer  user_data)
{
  g_autoptr (GBytes) announced = g_bytes_new_from_bytes (body_v1, 0, CUT);

  script_server_push (fixture->server, answer_announcing_less);
  expect_whole (fixture, announced);
}

static void
test_whole_variant (Fixture       *fixture,
                    gconstpointer  user_data)
{
  script_server_push (fixture->server, user_data);
  expect_whole (fixture, body_v1);
}

static void
test_chunked_broken (Fixture       *fixture,
                     gconstpointer  user_data)
{
  gsize length;

  script_server_push (fixture->server, user_data);
  expect_error (fixture, POND_TRANSFER_ERROR_NETWORK);
  length = pond_transfer_get_received (fixture->transfer);
  g_assert_cmpuint (length, >=, CUT);
  g_assert_cmpint (pond_transfer_get_total (fixture->transfer), ==, -1);

  /* A chunk that broke off left bytes of the script's own; else all is as it should be. */
  if (length == CUT)
    expect_whole (fixture, body_v1);
}

int
main (int    argc,
      char **argv)
{
  init (&argc, &argv);

  add ("/transfer/clean", NULL, test_clean);
  add ("/transfer/whole-already", NULL, test_whole_already);
  add ("/transfer/request", NULL, test_request);
  add ("/transfer/connection-reuse", NULL, test_connection_reuse);
  add ("/transfer/empty", NULL, test_empty);
  add ("/transfer/resume/short", answer_short, test_resume);
  add ("/transfer/resume/reset", answer_then_reset, test_resume);
  add ("/transfer/resume/dated", NULL, test_resume_dated);
  add ("/transfer/resume/failure-between", NULL, test_failure_between);
  add ("/transfer/resume/no-checkpoint", NULL, test_no_checkpoint);
  add ("/transfer/resume/broken-checkpoint", NULL, test_broken_checkpoint);
  add ("/transfer/resume/file-too-long", NULL, test_file_too_long);
  add ("/transfer/resume/file-cut", NULL, test_file_cut);
  add ("/transfer/resume/part-of-part", NULL, test_part_of_part);
  add ("/transfer/resume/overlap", answer_short_bare, test_overlap);
  add ("/transfer/resume/overlap-weak", answer_short_weak, test_overlap);
  add ("/transfer/resume/overlap-differs", NULL, test_overlap_differs);
  add ("/transfer/resume/nothing-left", NULL, test_nothing_left);
  add ("/transfer/resume/nothing-left-of-another", NULL, test_nothing_left_of_another);
  add ("/transfer/restart/changed", exchange_answer, test_changed);
  add ("/transfer/restart/changed-heedless", answer_heedless, test_changed);
  add ("/transfer/restart/changed-weak", NULL, test_changed_weak);
  add ("/transfer/restart/whole", answer_whole, test_restart);
  add ("/transfer/restart/shifted", answer_shifted, test_restart);
  add ("/transfer/restart/fails", NULL, test_restart_fails);
  add ("/transfer/length/too-much", NULL, test_too_much);
  add ("/transfer/length/announcing-less", NULL, test_announcing_less);
  add ("/transfer/length/chunked", answer_chunked, test_whole_variant);
  add ("/transfer/length/chunked-no-end", answer_chunked_no_end, test_chunked_broken);
  add ("/transfer/length/chunked-cut-in-chunk", answer_chunked_cut_in_chunk, test_chunked_broken);
  add ("/transfer/length/chunked-cut-in-size", answer_chunked_cut_in_size, test_chunked_broken);
  add ("/transfer/length/to-the-end", answer_to_the_end, test_whole_variant);

  return run_tests ();
}
