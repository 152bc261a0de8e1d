/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "transfer-fixture.h"

static void
test_page (Fixture       *fixture,
           gconstpointer  user_data)
{
  expect_refusal (fixture, answer_page, POND_TRANSFER_ERROR_NOT_MEDIA);
}

static void
test_noise (Fixture       *fixture,
            gconstpointer  user_data)
{
  expect_refusal (fixture, answer_noise, POND_TRANSFER_ERROR_PROTOCOL);
}

static void
test_hang_up (Fixture       *fixture,
              gconstpointer  user_data)
{
  expect_refusal (fixture, answer_hang_up, POND_TRANSFER_ERROR_NETWORK);
}

static void
test_part_unasked (Fixture       *fixture,
                   gconstpointer  user_data)
{
  expect_refusal (fixture, answer_part_unasked, POND_TRANSFER_ERROR_PROTOCOL);
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
  expect_refusal (fixture, user_data, POND_TRANSFER_ERROR_REDIRECT);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 1);
}

static void
test_redirect_circle (Fixture       *fixture,
                      gconstpointer  user_data)
{
  script_server_push (fixture->server, redirect_relative);
  expect_refusal (fixture, redirect_back, POND_TRANSFER_ERROR_REDIRECT);
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
  cancel_soon (fixture);
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

  cancel_soon (fixture);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&result);
  while (transfer != NULL)
    g_main_context_iteration (NULL, TRUE);

  renew_transfer (fixture);
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
  cancel_soon (fixture);
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
  expect_refusal (fixture, redirect_to_other_http, POND_TRANSFER_ERROR_REDIRECT);
}

int
main (int    argc,
      char **argv)
{
  init (&argc, &argv);

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
  add_tls ("/transfer/tls/trust", NULL, test_tls);
  add_tls ("/transfer/tls/cut", answer_short, test_tls_cut);
  add_tls ("/transfer/tls/reset", answer_then_reset, test_tls_cut);
  add_tls ("/transfer/tls/silence", NULL, test_tls_silence);
  add_tls ("/transfer/tls/downgrade", NULL, test_tls_downgrade);

  return run_tests ();
}
