/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "accounts/pond-secret-store.h"
#include "downloads/pond-download-verdict.h"
#include "downloads/pond-speed.h"
#include "library/pond-library.h"
#include "stream/pond-stream-error.h"
#include "transfer/pond-transfer.h"

static void
test_verdicts (void)
{
  const struct
  {
    GQuark domain;
    int error;
    PondFailureCode code;
    PondWaitingReason reason;
    int patience;
    gboolean spoilt;
  } cases[] = {
    { POND_STREAM_ERROR, POND_STREAM_ERROR_UNAUTHORIZED, POND_FAILURE_UNAUTHORIZED, POND_WAITING_RETRY, 0 },
    { POND_STREAM_ERROR, POND_STREAM_ERROR_NO_ROUTE, POND_FAILURE_UNAUTHORIZED, POND_WAITING_RETRY, 0 },
    { POND_STREAM_ERROR, POND_STREAM_ERROR_FORBIDDEN, POND_FAILURE_FORBIDDEN, POND_WAITING_RETRY, 0 },
    { POND_STREAM_ERROR, POND_STREAM_ERROR_NOT_FOUND, POND_FAILURE_NOT_FOUND, POND_WAITING_RETRY, 0 },
    { POND_STREAM_ERROR, POND_STREAM_ERROR_BAD_REQUEST, POND_FAILURE_NOT_DOWNLOADABLE, POND_WAITING_RETRY, 2 },
    { POND_STREAM_ERROR, POND_STREAM_ERROR_RATE_LIMITED, POND_FAILURE_SERVER, POND_WAITING_RATE_LIMIT, -1 },
    { POND_STREAM_ERROR, POND_STREAM_ERROR_SERVER, POND_FAILURE_SERVER, POND_WAITING_RETRY, -1 },
    { POND_STREAM_ERROR, POND_STREAM_ERROR_PROTOCOL, POND_FAILURE_PROTOCOL, POND_WAITING_RETRY, 3 },
    { POND_STREAM_ERROR, POND_STREAM_ERROR_NETWORK, POND_FAILURE_NETWORK, POND_WAITING_RETRY, -1 },
    { POND_STREAM_ERROR, POND_STREAM_ERROR_TLS, POND_FAILURE_TLS, POND_WAITING_RETRY, 0 },
    { POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_REFUSED, POND_FAILURE_LINK_REFUSED, POND_WAITING_RETRY, 2 },
    { POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_NOT_FOUND, POND_FAILURE_NOT_FOUND, POND_WAITING_RETRY, 5 },
    { POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_UNPROCESSABLE, POND_FAILURE_ENCODING_FAILED, POND_WAITING_RETRY, 0 },
    { POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_SERVER, POND_FAILURE_SERVER, POND_WAITING_RETRY, -1 },
    { POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_NETWORK, POND_FAILURE_NETWORK, POND_WAITING_RETRY, -1 },
    { POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_STALLED, POND_FAILURE_NETWORK, POND_WAITING_RETRY, -1 },
    { POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_TLS, POND_FAILURE_TLS, POND_WAITING_RETRY, 0 },
    { POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_REDIRECT, POND_FAILURE_PROTOCOL, POND_WAITING_RETRY, 3 },
    { POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_NOT_MEDIA, POND_FAILURE_CORRUPT, POND_WAITING_RETRY, 3 },
    { POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_LENGTH, POND_FAILURE_CORRUPT, POND_WAITING_RETRY, 2, TRUE },
    { POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_PROTOCOL, POND_FAILURE_PROTOCOL, POND_WAITING_RETRY, 3 },
    { POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_DISK_FULL, POND_FAILURE_DISK_FULL, POND_WAITING_DISK_FULL, -1 },
    { POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_FILE, POND_FAILURE_LIBRARY_UNAVAILABLE, POND_WAITING_RETRY, 0 },
    { POND_LIBRARY_ERROR, POND_LIBRARY_ERROR_CORRUPT, POND_FAILURE_CORRUPT, POND_WAITING_RETRY, 2, TRUE },
    { POND_LIBRARY_ERROR, POND_LIBRARY_ERROR_DISK_FULL, POND_FAILURE_DISK_FULL, POND_WAITING_DISK_FULL, -1 },
    { POND_LIBRARY_ERROR, POND_LIBRARY_ERROR_READ_ONLY, POND_FAILURE_LIBRARY_UNAVAILABLE, POND_WAITING_RETRY, 0 },
    { POND_DATABASE_ERROR, POND_DATABASE_ERROR_FULL, POND_FAILURE_DISK_FULL, POND_WAITING_DISK_FULL, -1 },
    { POND_DATABASE_ERROR, POND_DATABASE_ERROR_FAILED, POND_FAILURE_LIBRARY_UNAVAILABLE, POND_WAITING_RETRY, 0 },
    { POND_SECRET_ERROR, POND_SECRET_ERROR_LOCKED, POND_FAILURE_UNAUTHORIZED, POND_WAITING_SIGN_IN, -1 },
    { G_IO_ERROR, G_IO_ERROR_FAILED, POND_FAILURE_PROTOCOL, POND_WAITING_RETRY, 3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = g_error_new_literal (cases[i].domain, cases[i].error, "");
      PondVerdict verdict = pond_download_judge (error, TRUE);

      g_assert_cmpint (verdict.code, ==, cases[i].code);
      g_assert_cmpint (verdict.reason, ==, cases[i].reason);
      g_assert_cmpint (verdict.patience, ==, cases[i].patience);
      g_assert_cmpint (verdict.spoilt, ==, cases[i].spoilt);
    }
}

static void
test_without_network (void)
{
  g_autoptr(GError) error = g_error_new_literal (POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_NETWORK, "");

  g_assert_cmpint (pond_download_judge (error, FALSE).reason, ==, POND_WAITING_NETWORK);
  g_assert_cmpint (pond_download_judge (error, TRUE).reason, ==, POND_WAITING_RETRY);
}

static void
test_delays (void)
{
  g_autoptr(GError) limited = pond_stream_error_new (POND_STREAM_ERROR_RATE_LIMITED, 429, 971, 12, "x");
  g_autoptr(GError) silent = pond_stream_error_new (POND_STREAM_ERROR_RATE_LIMITED, 429, 971, -1, "x");
  g_autoptr(GError) lost = g_error_new_literal (POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_NETWORK, "");
  PondVerdict verdict = pond_download_judge (limited, TRUE);

  /* What the server asked for is never undercut. */
  g_assert_cmpfloat (pond_download_delay (&verdict, 5), >=, 12);
  g_assert_cmpfloat (pond_download_delay (&verdict, 5), <, 13);
  verdict = pond_download_judge (silent, TRUE);
  g_assert_cmpfloat (pond_download_delay (&verdict, 1), >=, 300);

  verdict = pond_download_judge (lost, TRUE);
  for (int attempts = 1; attempts < 40; attempts++)
    {
      double delay = pond_download_delay (&verdict, attempts);
      double middle = MIN (1 << MIN (attempts - 1, 20), 300);

      g_assert_cmpfloat (delay, >=, middle * 0.75);
      g_assert_cmpfloat (delay, <=, middle * 1.25);
    }
}

static void
test_speed (void)
{
  PondSpeed speed;

  pond_speed_init (&speed);
  g_assert_cmpfloat (pond_speed_get (&speed), ==, 0);

  for (int i = 0; i <= 100; i++)
    pond_speed_add (&speed, G_USEC_PER_SEC + i * G_USEC_PER_SEC / 10, (guint64) i * 100000);
  g_assert_cmpfloat_with_epsilon (pond_speed_get (&speed), 1e6, 1e3);

  /* Silence is seen within a few seconds. */
  pond_speed_add (&speed, 30 * G_USEC_PER_SEC, 100 * 100000);
  g_assert_cmpfloat (pond_speed_get (&speed), <, 1e4);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/verdict/table", test_verdicts);
  g_test_add_func ("/verdict/without-network", test_without_network);
  g_test_add_func ("/verdict/delays", test_delays);
  g_test_add_func ("/speed", test_speed);

  return g_test_run ();
}
