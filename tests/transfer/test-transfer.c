/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "script-server.h"
#include "transfer/pond-checkpoint.h"
#include "transfer/pond-transfer.h"

#define KIB 1024
#define MIB (1024 * KIB)
#define BODY_SIZE (3 * MIB + 12345)
#define CUT (MIB + 777)
#define STRONG "ETag: \"v1\"\n"

/* Stands for a signed token in the path, which no message may show. */
#define SECRET_PATH "/eyJhbGciOiJub25l/downloads/default.mp4"

static const char *program;
static GBytes *body_v1;
static GBytes *body_v2;

typedef struct
{
  ScriptServer *server;
  char         *folder;
  char         *path;
  char         *checkpoint_path;
  GFile        *file;
  PondTransfer *transfer;
  GCancellable *cancellable;
} Fixture;

static GBytes *
make_body (guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  guint32 *words = g_malloc (BODY_SIZE + sizeof *words);

  for (gsize i = 0; i <= BODY_SIZE / sizeof *words; i++)
    words[i] = g_rand_int (rand);

  return g_bytes_new_take (words, BODY_SIZE);
}

static void
set_path (Fixture    *fixture,
          const char *path)
{
  g_autofree char *uri = g_strconcat (script_server_get_base (fixture->server), path, NULL);

  pond_transfer_set_uri (fixture->transfer, uri);
}

static void
renew_transfer (Fixture *fixture)
{
  if (fixture->transfer != NULL)
    g_assert_finalize_object (fixture->transfer);

  fixture->transfer = pond_transfer_new (fixture->file);
  pond_transfer_set_allow_http (fixture->transfer, TRUE);
  set_path (fixture, SECRET_PATH);
}

static void
set_up_with (Fixture         *fixture,
             GTlsCertificate *certificate)
{
  fixture->server = script_server_new (certificate);
  script_server_set_body (fixture->server, body_v1, STRONG);
  fixture->folder = g_dir_make_tmp ("millpond-transfer-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "video.part", NULL);
  fixture->checkpoint_path = g_strconcat (fixture->path, ".checkpoint", NULL);
  fixture->file = g_file_new_for_path (fixture->path);
  fixture->cancellable = g_cancellable_new ();
  renew_transfer (fixture);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  set_up_with (fixture, NULL);
}

static void
set_up_tls (Fixture       *fixture,
            gconstpointer  user_data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "transfer", "server.pem", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (path, &error);

  g_assert_no_error (error);
  set_up_with (fixture, certificate);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_autoptr (GDir) folder = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_finalize_object (fixture->transfer);
  g_assert_finalize_object (fixture->cancellable);
  script_server_free (fixture->server);

  g_assert_true (pond_transfer_discard (fixture->file, &error));
  g_assert_no_error (error);
  /* Nothing else was left there. */
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);

  g_object_unref (fixture->file);
  g_free (fixture->checkpoint_path);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

static gboolean
run_transfer (PondTransfer  *transfer,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pond_transfer_run_async (transfer, cancellable, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return pond_transfer_run_finish (transfer, result, error);
}

static gboolean
run (Fixture  *fixture,
     GError  **error)
{
  return run_transfer (fixture->transfer, fixture->cancellable, error);
}

static void
assert_file (Fixture *fixture,
             GBytes  *body)
{
  g_autofree char *contents = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *expected = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);
  gsize length;

  g_assert_true (g_file_get_contents (fixture->path, &contents, &length, NULL));
  g_assert_cmpuint (length, ==, g_bytes_get_size (body));
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) contents, length);
  g_assert_cmpstr (sum, ==, expected);
}

/* That what is in the file is the beginning of @body, and the properties agree with it. */
static gsize
assert_file_begins (Fixture *fixture,
                    GBytes  *body)
{
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (fixture->path, &contents, &length, NULL));
  g_assert_cmpuint (length, <=, g_bytes_get_size (body));
  g_assert_cmpmem (contents, length, g_bytes_get_data (body, NULL), length);
  g_assert_cmpuint (pond_transfer_get_received (fixture->transfer), ==, length);

  return length;
}

static void
expect_whole (Fixture *fixture,
              GBytes  *body)
{
  g_autoptr (GError) error = NULL;
  gboolean done = run (fixture, &error);
  gsize size = g_bytes_get_size (body);

  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_cmpuint (pond_transfer_get_received (fixture->transfer), ==, size);
  g_assert_cmpint (pond_transfer_get_total (fixture->transfer), ==, size);
  assert_file (fixture, body);
}

static void
expect_error (Fixture           *fixture,
              PondTransferError  code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (run (fixture, &error));
  g_assert_error (error, POND_TRANSFER_ERROR, (int) code);
  g_assert_null (strstr (error->message, "eyJ"));
  g_assert_null (strstr (error->message, "://"));
}

static PondCheckpoint *
load_checkpoint (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  PondCheckpoint *checkpoint = pond_checkpoint_load (fixture->checkpoint_path, &error);

  g_assert_no_error (error);
  return checkpoint;
}

/* Scripts. */

static gboolean
answer_short (Exchange *exchange)
{
  exchange_print (exchange, "HTTP/1.1 200 OK\nContent-Length: %zu\nETag: \"v1\"\n\n",
                  exchange_get_size (exchange));
  exchange_send (exchange, 0, CUT);
  return FALSE;
}

/* The first part with whatever validators the server is set to. */
static gboolean
answer_cut (Exchange *exchange,
            const char *validators)
{
  exchange_print (exchange, "HTTP/1.1 200 OK\nContent-Length: %zu\n%s\n",
                  exchange_get_size (exchange), validators);
  exchange_send (exchange, 0, CUT);
  return FALSE;
}

static gboolean
answer_short_weak (Exchange *exchange)
{
  return answer_cut (exchange, "ETag: W/\"v1\"\n");
}

static gboolean
answer_short_bare (Exchange *exchange)
{
  return answer_cut (exchange, "");
}

static gboolean
answer_short_dated (Exchange *exchange)
{
  return answer_cut (exchange, "Last-Modified: Tue, 15 Nov 1994 12:45:26 GMT\n");
}

static gboolean
answer_then_reset (Exchange *exchange)
{
  answer_short (exchange);
  /* A reset overtakes bytes that are still on the way; wait until these have been read. */
  g_usleep (50 * 1000);
  exchange_reset (exchange);
  return FALSE;
}

static gboolean
answer_then_silence (Exchange *exchange)
{
  answer_short (exchange);
  exchange_wait_for_close (exchange);
  return FALSE;
}

static gboolean
answer_nothing (Exchange *exchange)
{
  exchange_wait_for_close (exchange);
  return FALSE;
}

static gboolean
answer_hang_up (Exchange *exchange)
{
  return FALSE;
}

static gboolean
answer_noise (Exchange *exchange)
{
  exchange_print (exchange, "SSH-2.0-OpenSSH_9.9\n\n\n");
  return FALSE;
}

static gboolean
answer_shifted (Exchange *exchange)
{
  gsize from = exchange->from + 100;
  gsize size = exchange_get_size (exchange);

  exchange_print (exchange,
                  "HTTP/1.1 206 Partial Content\nContent-Length: %zu\n"
                  "Content-Range: bytes %zu-%zu/%zu\nETag: \"v1\"\n\n",
                  size - from, from, size - 1, size);
  exchange_send (exchange, from, size);
  return FALSE;
}

/* If-Range is not looked at: a part of what is there now. */
static gboolean
answer_heedless (Exchange *exchange)
{
  gsize size = exchange_get_size (exchange);

  exchange_print (exchange,
                  "HTTP/1.1 206 Partial Content\nContent-Length: %zu\n"
                  "Content-Range: bytes %zu-%zu/%zu\nETag: \"v2\"\n\n",
                  size - exchange->from, (gsize) exchange->from, size - 1, size);
  exchange_send (exchange, exchange->from, size);
  return FALSE;
}

static gboolean
answer_whole (Exchange *exchange)
{
  exchange->from = -1;
  return exchange_answer (exchange);
}

static gboolean
answer_part_unasked (Exchange *exchange)
{
  exchange->from = 0;
  return exchange_answer (exchange);
}

static gboolean
answer_part_of_part (Exchange *exchange)
{
  gsize size = exchange_get_size (exchange);
  gsize to = exchange->from + 500 * KIB;

  exchange_print (exchange,
                  "HTTP/1.1 206 Partial Content\nContent-Length: %d\n"
                  "Content-Range: bytes %zu-%zu/%zu\nETag: \"v1\"\n\n",
                  500 * KIB, (gsize) exchange->from, to - 1, size);
  exchange_send (exchange, exchange->from, to);
  return TRUE;
}

static gboolean
answer_too_much (Exchange *exchange)
{
  gsize size = exchange_get_size (exchange);

  exchange_print (exchange,
                  "HTTP/1.1 206 Partial Content\nTransfer-Encoding: chunked\n"
                  "Content-Range: bytes %zu-%zu/%zu\nETag: \"v1\"\n\n%zx\n",
                  (gsize) exchange->from, size - 1, size, size - (gsize) exchange->from);
  exchange_send (exchange, exchange->from, size);
  exchange_print (exchange, "\n5\nextra\n0\n\n");
  return FALSE;
}

static gboolean
answer_announcing_less (Exchange *exchange)
{
  exchange_print (exchange, "HTTP/1.1 200 OK\nContent-Length: %d\nETag: \"v1\"\n\n", CUT);
  exchange_send (exchange, 0, exchange_get_size (exchange));
  return FALSE;
}

static gboolean
answer_chunked_to (Exchange   *exchange,
                   gsize       to,
                   const char *end)
{
  exchange_print (exchange, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nETag: \"v1\"\n\n");
  for (gsize from = 0; from < to;)
    {
      gsize size = MIN (100000, to - from);

      exchange_print (exchange, "%zx;note=1\n", size);
      if (!exchange_send (exchange, from, from + size))
        return FALSE;
      exchange_print (exchange, "\n");
      from += size;
    }

  return exchange_print (exchange, "%s", end);
}

static gboolean
answer_chunked (Exchange *exchange)
{
  return answer_chunked_to (exchange, exchange_get_size (exchange), "0\n\n");
}

static gboolean
answer_chunked_no_end (Exchange *exchange)
{
  answer_chunked_to (exchange, CUT, "");
  return FALSE;
}

static gboolean
answer_chunked_cut_in_chunk (Exchange *exchange)
{
  answer_chunked_to (exchange, CUT, "ffff\nabc");
  return FALSE;
}

static gboolean
answer_chunked_cut_in_size (Exchange *exchange)
{
  answer_chunked_to (exchange, CUT, "ff");
  return FALSE;
}

static gboolean
answer_to_the_end (Exchange *exchange)
{
  exchange_print (exchange, "HTTP/1.0 200 OK\nContent-Type: video/mp4\n\n");
  exchange_send (exchange, 0, exchange_get_size (exchange));
  return FALSE;
}

static gboolean
answer_page (Exchange *exchange)
{
  return exchange_print (exchange, "HTTP/1.1 200 OK\nContent-Type: text/html\n"
                                   "Content-Length: 12\n\n<html></html");
}

static gboolean
answer_unavailable (Exchange *exchange)
{
  return exchange_print (exchange, "HTTP/1.1 503 Busy\nRetry-After: 7\nContent-Length: 0\n\n");
}

static gboolean
answer_forbidden (Exchange *exchange)
{
  return exchange_print (exchange, "HTTP/1.1 403 No\nContent-Type: text/html\n"
                                   "Content-Length: 4\n\nno\n\n");
}

static gboolean
redirect (Exchange   *exchange,
          const char *location)
{
  return exchange_print (exchange, "HTTP/1.1 302 Found\nContent-Length: 5\nLocation: %s\n\nthere",
                         location);
}

static gboolean
redirect_relative (Exchange *exchange)
{
  return redirect (exchange, "../signed/copy.mp4?sig=eyJ#here");
}

static gboolean
redirect_back (Exchange *exchange)
{
  return redirect (exchange, SECRET_PATH);
}

static gboolean
redirect_on (Exchange *exchange)
{
  g_autofree char *next = g_strconcat (exchange->path, "x", NULL);

  return redirect (exchange, next);
}

static gboolean
redirect_to_file (Exchange *exchange)
{
  return redirect (exchange, "file:///etc/passwd");
}

static gboolean
redirect_to_other_http (Exchange *exchange)
{
  return redirect (exchange, "http://192.0.2.1/eyJ.mp4");
}

static gboolean
redirect_to_like_loopback (Exchange *exchange)
{
  return redirect (exchange, "http://localhost.example/eyJ.mp4");
}

static gboolean
redirect_nowhere (Exchange *exchange)
{
  return exchange_print (exchange, "HTTP/1.1 302 Found\nContent-Length: 0\n\n");
}

static gboolean
redirect_to_noise (Exchange *exchange)
{
  return redirect (exchange, "https://[::1");
}

/* Makes a run that leaves the first part of the first body. */
static void
begin_with (Fixture *fixture,
            Script   script)
{
  script_server_push (fixture->server, script);
  expect_error (fixture, POND_TRANSFER_ERROR_NETWORK);
  g_assert_cmpuint (assert_file_begins (fixture, body_v1), ==, CUT);
  g_assert_cmpint (pond_transfer_get_total (fixture->transfer), ==, BODY_SIZE);
}

/* Tests. */

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

/* The checkpoint of another boot: only what was synced counts. */
static void
test_power_loss (Fixture       *fixture,
                 gconstpointer  user_data)
{
  g_autoptr (PondCheckpoint) checkpoint = NULL;
  g_autoptr (PondCheckpoint) renewed = NULL;
  int fd;

  begin_with (fixture, answer_short);
  checkpoint = load_checkpoint (fixture);
  checkpoint->synced = 500000;
  g_set_str (&checkpoint->boot_id, "00000000-0000-0000-0000-000000000000");
  g_assert_true (pond_checkpoint_save (checkpoint, fixture->checkpoint_path, TRUE, NULL));

  /* What was not synced may come back as anything. */
  fd = open (fixture->path, O_WRONLY);
  g_assert_cmpint (pwrite (fd, "lost", 4, 500000), ==, 4);
  g_assert_true (g_close (fd, NULL));

  /* From here on it is this boot again: a kill costs nothing. */
  script_server_push (fixture->server, answer_part_of_part);
  expect_error (fixture, POND_TRANSFER_ERROR_NETWORK);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, 500000);
  g_assert_cmpuint (assert_file_begins (fixture, body_v1), ==, 500000 + 500 * KIB);
  renewed = load_checkpoint (fixture);
  g_assert_cmpstr (renewed->boot_id, !=, checkpoint->boot_id);

  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, 500000 + 500 * KIB);
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

/* One answer that ends the run, and leaves no bytes. */
static void
test_refusal (Fixture       *fixture,
              Script         script,
              PondTransferError code)
{
  script_server_push (fixture->server, script);
  expect_error (fixture, code);
  g_assert_cmpuint (assert_file_begins (fixture, body_v1), ==, 0);
  g_assert_cmpuint (pond_transfer_get_delivered (fixture->transfer), ==, 0);
  g_assert_false (g_file_test (fixture->checkpoint_path, G_FILE_TEST_EXISTS));
}

static void
test_page (Fixture       *fixture,
           gconstpointer  user_data)
{
  test_refusal (fixture, answer_page, POND_TRANSFER_ERROR_NOT_MEDIA);
}

static void
test_noise (Fixture       *fixture,
            gconstpointer  user_data)
{
  test_refusal (fixture, answer_noise, POND_TRANSFER_ERROR_PROTOCOL);
}

static void
test_hang_up (Fixture       *fixture,
              gconstpointer  user_data)
{
  test_refusal (fixture, answer_hang_up, POND_TRANSFER_ERROR_NETWORK);
}

static void
test_part_unasked (Fixture       *fixture,
                   gconstpointer  user_data)
{
  test_refusal (fixture, answer_part_unasked, POND_TRANSFER_ERROR_PROTOCOL);
}

static void
test_retry_after (Fixture       *fixture,
                  gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  script_server_push (fixture->server, answer_unavailable);
  g_assert_false (run (fixture, &error));
  g_assert_error (error, POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_SERVER);
  g_assert_cmpfloat (pond_transfer_error_get_retry_after (error), ==, 7);
}

static void
test_nobody_there (Fixture       *fixture,
                   gconstpointer  user_data)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autofree char *uri = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_socket_listener_close (listener);
  uri = g_strdup_printf ("http://127.0.0.1:%u" SECRET_PATH, port);
  pond_transfer_set_uri (fixture->transfer, uri);
  expect_error (fixture, POND_TRANSFER_ERROR_NETWORK);

  pond_transfer_set_uri (fixture->transfer, "https://media.invalid" SECRET_PATH);
  expect_error (fixture, POND_TRANSFER_ERROR_NETWORK);
}

static void
test_addresses (Fixture       *fixture,
                gconstpointer  user_data)
{
  const char *refused[] = {
    "http://192.0.2.1/eyJ", "http://localhost.example/eyJ", "http://127.0.0.1.example/eyJ",
    "http://127.1/eyJ",     "file:///etc/passwd?eyJ",       "ftp://127.0.0.1/eyJ",
    "https:///eyJ",         "eyJ",                          "https://[::1/eyJ",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_test_message ("%s", refused[i]);
      pond_transfer_set_uri (fixture->transfer, refused[i]);
      expect_error (fixture, POND_TRANSFER_ERROR_PROTOCOL);
    }

  set_path (fixture, SECRET_PATH);
  pond_transfer_set_allow_http (fixture->transfer, FALSE);
  expect_error (fixture, POND_TRANSFER_ERROR_PROTOCOL);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 0);
}

static void
test_redirected (Fixture       *fixture,
                 gconstpointer  user_data)
{
  script_server_push (fixture->server, answer_short);
  expect_error (fixture, POND_TRANSFER_ERROR_NETWORK);

  /* The way is gone again on resuming, and the range goes with it. */
  script_server_push (fixture->server, redirect_relative);
  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, CUT);
  g_assert_cmpint (script_server_get_last_from (fixture->server), ==, CUT);
}

static void
test_redirects (Fixture       *fixture,
                gconstpointer  user_data)
{
  for (guint i = 0; i < 5; i++)
    script_server_push (fixture->server, redirect_on);
  expect_whole (fixture, body_v1);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 6);
}

static void
test_too_many_redirects (Fixture       *fixture,
                         gconstpointer  user_data)
{
  for (guint i = 0; i < 6; i++)
    script_server_push (fixture->server, redirect_on);
  expect_error (fixture, POND_TRANSFER_ERROR_REDIRECT);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 6);
}

static void
test_redirect_refused (Fixture       *fixture,
                       gconstpointer  user_data)
{
  test_refusal (fixture, user_data, POND_TRANSFER_ERROR_REDIRECT);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 1);
}

static void
test_redirect_circle (Fixture       *fixture,
                      gconstpointer  user_data)
{
  script_server_push (fixture->server, redirect_relative);
  test_refusal (fixture, redirect_back, POND_TRANSFER_ERROR_REDIRECT);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 2);
}

static void
test_stall (Fixture       *fixture,
            gconstpointer  user_data)
{
  gint64 began = g_get_monotonic_time ();

  pond_transfer_set_stall_timeout (fixture->transfer, 300);

  script_server_push (fixture->server, answer_nothing);
  expect_error (fixture, POND_TRANSFER_ERROR_STALLED);
  script_server_push (fixture->server, answer_then_silence);
  expect_error (fixture, POND_TRANSFER_ERROR_STALLED);
  g_assert_cmpuint (assert_file_begins (fixture, body_v1), ==, CUT);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, 600 * 1000);

  expect_whole (fixture, body_v1);
}

static void
on_notify (GObject    *object,
           GParamSpec *pspec,
           gpointer    user_data)
{
  guint *count = user_data;

  (*count)++;
}

/* As long as bytes come, however few, it is no stall; and ten times a second is often enough. */
static void
test_trickle (Fixture       *fixture,
              gconstpointer  user_data)
{
  gint64 began = g_get_monotonic_time ();
  guint count = 0;
  guint ticks;

  pond_transfer_set_stall_timeout (fixture->transfer, 300);
  script_server_set_pause (fixture->server, 5000);
  g_signal_connect (fixture->transfer, "notify::received", G_CALLBACK (on_notify), &count);
  expect_whole (fixture, body_v1);
  g_signal_handlers_disconnect_by_func (fixture->transfer, on_notify, &count);

  ticks = (g_get_monotonic_time () - began) / (100 * 1000);
  g_assert_cmpuint (ticks, >, 5);
  g_assert_cmpuint (count, >, 3);
  g_assert_cmpuint (count, <=, ticks + 1);
}

static gboolean
on_time_to_cancel (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/* @user_data is where the server is when it happens. */
static void
test_cancel (Fixture       *fixture,
             gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;
  gint64 began = g_get_monotonic_time ();
  gsize length;

  script_server_push (fixture->server, user_data);
  script_server_set_pause (fixture->server, 2000);
  g_timeout_add (100, on_time_to_cancel, fixture->cancellable);
  g_assert_false (run (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - began, <, G_USEC_PER_SEC);
  length = assert_file_begins (fixture, body_v1);

  script_server_set_pause (fixture->server, 0);
  g_cancellable_reset (fixture->cancellable);
  renew_transfer (fixture);
  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, length);
}

static void
test_cancelled_before (Fixture       *fixture,
                       gconstpointer  user_data)
{
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (fixture->cancellable);
  g_assert_false (run (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 0);
}

/* Nobody but the run holds the transfer, and then nobody at all. */
static void
test_let_go (Fixture       *fixture,
             gconstpointer  user_data)
{
  g_autoptr (GAsyncResult) result = NULL;
  PondTransfer *transfer = fixture->transfer;

  script_server_push (fixture->server, answer_then_silence);
  pond_transfer_run_async (transfer, fixture->cancellable, on_ready, &result);
  g_object_add_weak_pointer (G_OBJECT (transfer), (gpointer *) &transfer);
  g_clear_object (&fixture->transfer);
  g_assert_nonnull (transfer);

  g_timeout_add (100, on_time_to_cancel, fixture->cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&result);
  while (transfer != NULL)
    g_main_context_iteration (NULL, TRUE);

  renew_transfer (fixture);
}

static void
test_inspect (Fixture       *fixture,
              gconstpointer  user_data)
{
  const struct
  {
    Script  script;
    guint64 received;
    gint64  total;
  } steps[] = { { NULL, 0, -1 }, { answer_short, CUT, BODY_SIZE } };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (PondTransfer) other = pond_transfer_new (fixture->file);
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      if (steps[i].script != NULL)
        begin_with (fixture, steps[i].script);

      pond_transfer_inspect_async (other, NULL, on_ready, &result);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);

      g_assert_true (pond_transfer_inspect_finish (other, result, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (pond_transfer_get_received (other), ==, steps[i].received);
      g_assert_cmpint (pond_transfer_get_total (other), ==, steps[i].total);
    }
}

static void
test_forget (Fixture       *fixture,
             gconstpointer  user_data)
{
  expect_whole (fixture, body_v1);
  g_assert_true (pond_transfer_forget (fixture->file, NULL));
  g_assert_false (g_file_test (fixture->checkpoint_path, G_FILE_TEST_EXISTS));
  assert_file (fixture, body_v1);

  g_assert_true (pond_transfer_discard (fixture->file, NULL));
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_true (pond_transfer_discard (fixture->file, NULL));
}

static void
test_odd_places (Fixture       *fixture,
                 gconstpointer  user_data)
{
  g_autofree char *elsewhere = g_build_filename (fixture->folder, "elsewhere", NULL);
  g_autofree char *contents = NULL;

  g_assert_cmpint (mkdir (fixture->path, 0700), ==, 0);
  expect_error (fixture, POND_TRANSFER_ERROR_FILE);
  g_assert_cmpint (g_rmdir (fixture->path), ==, 0);

  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  expect_error (fixture, POND_TRANSFER_ERROR_FILE);
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);

  /* A link in a folder that somebody else made must not have us write over another file. */
  g_assert_true (g_file_set_contents (elsewhere, "mine", -1, NULL));
  g_assert_cmpint (symlink (elsewhere, fixture->path), ==, 0);
  expect_error (fixture, POND_TRANSFER_ERROR_FILE);
  g_assert_true (g_file_get_contents (elsewhere, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "mine");
  g_assert_cmpint (g_unlink (elsewhere), ==, 0);

  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 0);
}

static void
test_file_size_limit (Fixture       *fixture,
                      gconstpointer  user_data)
{
  struct rlimit old, small;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  small = old;
  small.rlim_cur = MIB;
  signal (SIGXFSZ, SIG_IGN);

  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  expect_error (fixture, POND_TRANSFER_ERROR_DISK_FULL);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  g_assert_cmpuint (assert_file_begins (fixture, body_v1), ==, MIB);

  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, MIB);
}

/* The second process of a test: one run, and its outcome as exit status. */
static int
run_child (const char *path,
           const char *uri)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (PondTransfer) transfer = pond_transfer_new (file);
  g_autoptr (GError) error = NULL;

  pond_transfer_set_allow_http (transfer, TRUE);
  pond_transfer_set_uri (transfer, uri);

  if (run_transfer (transfer, NULL, &error))
    return 0;

  g_printerr ("%s\n", error->message);
  return error->domain == POND_TRANSFER_ERROR ? 10 + error->code : 1;
}

#define CHILD_CANNOT 77

static gboolean
write_proc (const char *path,
            const char *text)
{
  g_autofd int fd = open (path, O_WRONLY | O_CLOEXEC);

  return fd >= 0 && write (fd, text, strlen (text)) == (gssize) strlen (text);
}

/* Makes a namespace where this process may mount. Not after threads exist. */
static gboolean
enter_namespace (void)
{
  g_autofree char *uid_map = g_strdup_printf ("0 %u 1", getuid ());
  g_autofree char *gid_map = g_strdup_printf ("0 %u 1", getgid ());

  return unshare (CLONE_NEWUSER | CLONE_NEWNS) == 0
         && write_proc ("/proc/self/setgroups", "deny")
         && write_proc ("/proc/self/uid_map", uid_map)
         && write_proc ("/proc/self/gid_map", gid_map);
}

/* As run_child(), on a disk of 1 MiB that nobody else sees; then on a larger one. */
static int
run_child_on_small_disk (const char *path,
                         const char *uri)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int status;

  if (!enter_namespace () || mount ("none", folder, "tmpfs", 0, "size=1m") != 0)
    return CHILD_CANNOT;

  status = run_child (path, uri);
  if (status != 10 + POND_TRANSFER_ERROR_DISK_FULL)
    return status;

  if (mount ("none", folder, "tmpfs", MS_REMOUNT, "size=16m") != 0)
    return CHILD_CANNOT;

  return run_child (path, uri);
}

static GSubprocess *
spawn_child (Fixture    *fixture,
             const char *mode)
{
  g_autofree char *uri
      = g_strconcat (script_server_get_base (fixture->server), SECRET_PATH, NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, program, mode,
                                         fixture->path, uri, NULL);

  g_assert_no_error (error);
  return child;
}

static void
wait_for_child (GSubprocess *child)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_subprocess_wait_async (child, NULL, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_subprocess_wait_finish (child, result, NULL));
}

static void
test_disk_full (Fixture       *fixture,
                gconstpointer  user_data)
{
  g_autoptr (GSubprocess) child = spawn_child (fixture, "--child-on-small-disk");

  wait_for_child (child);
  g_assert_true (g_subprocess_get_if_exited (child));
  if (g_subprocess_get_exit_status (child) == CHILD_CANNOT)
    {
      g_test_skip ("A file system can't be mounted in a namespace here");
      return;
    }

  g_assert_cmpint (g_subprocess_get_exit_status (child), ==, 0);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 2);
  g_assert_cmpint (script_server_get_last_from (fixture->server), >, 512 * KIB);
}

static gsize
get_file_length (Fixture *fixture)
{
  struct stat status;

  return stat (fixture->path, &status) == 0 ? status.st_size : 0;
}

static gboolean
on_time_to_look (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_for_length (Fixture *fixture,
                 gsize    length)
{
  guint id = g_timeout_add (2, on_time_to_look, NULL);

  while (get_file_length (fixture) < length)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
}

static void
test_killed (Fixture       *fixture,
             gconstpointer  user_data)
{
  guint64 fetched_twice;

  script_server_set_pause (fixture->server, 2000);
  for (gsize i = 1; i <= 3; i++)
    {
      g_autoptr (GSubprocess) child = spawn_child (fixture, "--child");

      wait_for_length (fixture, i * 700 * KIB);
      g_subprocess_force_exit (child);
      wait_for_child (child);
      g_assert_true (g_subprocess_get_if_signaled (child));
    }

  script_server_set_pause (fixture->server, 0);
  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), >=, 2100 * KIB);

  fetched_twice = script_server_get_sent (fixture->server) - BODY_SIZE;
  g_test_message ("%" G_GUINT64_FORMAT " bytes sent twice after three kills", fetched_twice);
  g_assert_cmpuint (fetched_twice, <=, 3 * 256 * KIB);
}

static GTlsDatabase *
load_trust (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "transfer", "server.pem", NULL);
  g_autoptr (GError) error = NULL;
  GTlsDatabase *database = g_tls_file_database_new (path, &error);

  g_assert_no_error (error);
  return database;
}

static void
test_tls (Fixture       *fixture,
          gconstpointer  user_data)
{
  g_autoptr (GTlsDatabase) trust = load_trust ();

  expect_error (fixture, POND_TRANSFER_ERROR_TLS);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 0);

  pond_transfer_set_allow_http (fixture->transfer, FALSE);
  pond_transfer_set_tls_database (fixture->transfer, trust);
  expect_whole (fixture, body_v1);
}

static void
test_tls_cut (Fixture       *fixture,
              gconstpointer  user_data)
{
  g_autoptr (GTlsDatabase) trust = load_trust ();

  pond_transfer_set_tls_database (fixture->transfer, trust);
  begin_with (fixture, user_data);
  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, CUT);
}

/* The way of every real download. */
static void
test_tls_silence (Fixture       *fixture,
                  gconstpointer  user_data)
{
  g_autoptr (GTlsDatabase) trust = load_trust ();
  g_autoptr (GError) error = NULL;
  gint64 began;

  pond_transfer_set_tls_database (fixture->transfer, trust);
  pond_transfer_set_stall_timeout (fixture->transfer, 300);
  script_server_push (fixture->server, answer_then_silence);
  expect_error (fixture, POND_TRANSFER_ERROR_STALLED);
  g_assert_cmpuint (assert_file_begins (fixture, body_v1), ==, CUT);

  script_server_push (fixture->server, answer_nothing);
  g_timeout_add (100, on_time_to_cancel, fixture->cancellable);
  began = g_get_monotonic_time ();
  g_assert_false (run (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - began, <, G_USEC_PER_SEC);

  g_cancellable_reset (fixture->cancellable);
  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, CUT);
}

static void
test_tls_downgrade (Fixture       *fixture,
                    gconstpointer  user_data)
{
  g_autoptr (GTlsDatabase) trust = load_trust ();

  pond_transfer_set_allow_http (fixture->transfer, FALSE);
  pond_transfer_set_tls_database (fixture->transfer, trust);
  test_refusal (fixture, redirect_to_other_http, POND_TRANSFER_ERROR_REDIRECT);
}

static void
add (const char    *path,
     gconstpointer  data,
     void         (*test) (Fixture       *fixture,
                           gconstpointer  user_data))
{
  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

static void
add_tls (const char    *path,
         gconstpointer  data,
         void         (*test) (Fixture       *fixture,
                               gconstpointer  user_data))
{
  g_test_add (path, Fixture, data, set_up_tls, test, tear_down);
}

int
main (int    argc,
      char **argv)
{
  int status;

  if (argc == 4 && g_str_equal (argv[1], "--child"))
    return run_child (argv[2], argv[3]);
  if (argc == 4 && g_str_equal (argv[1], "--child-on-small-disk"))
    return run_child_on_small_disk (argv[2], argv[3]);

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  program = argv[0];
  body_v1 = make_body (1);
  body_v2 = make_body (2);

  add ("/transfer/clean", NULL, test_clean);
  add ("/transfer/whole-already", NULL, test_whole_already);
  add ("/transfer/request", NULL, test_request);
  add ("/transfer/connection-reuse", NULL, test_connection_reuse);
  add ("/transfer/empty", NULL, test_empty);

  add ("/transfer/resume/short", answer_short, test_resume);
  add ("/transfer/resume/reset", answer_then_reset, test_resume);
  add ("/transfer/resume/dated", NULL, test_resume_dated);
  add ("/transfer/resume/failure-between", NULL, test_failure_between);
  add ("/transfer/resume/power-loss", NULL, test_power_loss);
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
  add ("/transfer/resume/killed", NULL, test_killed);

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

  add ("/transfer/refusal/page", NULL, test_page);
  add ("/transfer/refusal/noise", NULL, test_noise);
  add ("/transfer/refusal/hang-up", NULL, test_hang_up);
  add ("/transfer/refusal/part-unasked", NULL, test_part_unasked);
  add ("/transfer/refusal/retry-after", NULL, test_retry_after);
  add ("/transfer/refusal/nobody-there", NULL, test_nobody_there);
  add ("/transfer/refusal/addresses", NULL, test_addresses);

  add ("/transfer/redirect/resumed", NULL, test_redirected);
  add ("/transfer/redirect/five", NULL, test_redirects);
  add ("/transfer/redirect/six", NULL, test_too_many_redirects);
  add ("/transfer/redirect/circle", NULL, test_redirect_circle);
  add ("/transfer/redirect/to-itself", redirect_back, test_redirect_refused);
  add ("/transfer/redirect/to-file", redirect_to_file, test_redirect_refused);
  add ("/transfer/redirect/to-other-http", redirect_to_other_http, test_redirect_refused);
  add ("/transfer/redirect/to-like-loopback", redirect_to_like_loopback, test_redirect_refused);
  add ("/transfer/redirect/nowhere", redirect_nowhere, test_redirect_refused);
  add ("/transfer/redirect/to-noise", redirect_to_noise, test_redirect_refused);

  add ("/transfer/time/stall", NULL, test_stall);
  add ("/transfer/time/trickle", NULL, test_trickle);
  add ("/transfer/cancel/before", NULL, test_cancelled_before);
  add ("/transfer/cancel/no-answer", answer_nothing, test_cancel);
  add ("/transfer/cancel/in-body", exchange_answer, test_cancel);
  add ("/transfer/cancel/in-silence", answer_then_silence, test_cancel);
  add ("/transfer/cancel/let-go", NULL, test_let_go);

  add ("/transfer/disk/inspect", NULL, test_inspect);
  add ("/transfer/disk/forget", NULL, test_forget);
  add ("/transfer/disk/odd-places", NULL, test_odd_places);
  add ("/transfer/disk/file-size-limit", NULL, test_file_size_limit);
  add ("/transfer/disk/full", NULL, test_disk_full);

  add_tls ("/transfer/tls/trust", NULL, test_tls);
  add_tls ("/transfer/tls/cut", answer_short, test_tls_cut);
  add_tls ("/transfer/tls/reset", answer_then_reset, test_tls_cut);
  add_tls ("/transfer/tls/silence", NULL, test_tls_silence);
  add_tls ("/transfer/tls/downgrade", NULL, test_tls_downgrade);

  status = g_test_run ();

  g_bytes_unref (body_v1);
  g_bytes_unref (body_v2);
  return status;
}
