/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "accounts/pond-secret-store.h"
#include "downloads/pond-download-verdict.h"
#include "library/pond-library.h"
#include "stream/pond-stream-error.h"
#include "transfer/pond-transfer.h"

#include <math.h>

#define FIRST_DELAY      1.0
#define LONGEST_DELAY    300.0
#define DISK_DELAY       30.0
#define RATE_LIMIT_DELAY 300.0
#define ALWAYS           (-1)

static PondVerdict
fail (PondFailureCode code)
{
  return (PondVerdict) { .code = code, .reason = POND_WAITING_RETRY, .patience = 0, .delay = -1 };
}

static PondVerdict
retry (PondFailureCode code,
       int             patience)
{
  return (PondVerdict) { .code = code, .reason = POND_WAITING_RETRY, .patience = patience, .delay = -1 };
}

static PondVerdict
retry_without_network (gboolean network_available)
{
  PondVerdict verdict = retry (POND_FAILURE_NETWORK, ALWAYS);

  if (!network_available)
    verdict.reason = POND_WAITING_NETWORK;

  return verdict;
}

static PondVerdict
wait_for_space (void)
{
  PondVerdict verdict = retry (POND_FAILURE_DISK_FULL, ALWAYS);

  verdict.reason = POND_WAITING_DISK_FULL;
  verdict.delay = DISK_DELAY;

  return verdict;
}

static PondVerdict
start_over (PondFailureCode code)
{
  PondVerdict verdict = retry (code, 2);

  verdict.spoilt = TRUE;

  return verdict;
}

static PondVerdict
judge_stream (const GError *error,
              gboolean      network_available)
{
  PondVerdict verdict;

  switch ((PondStreamError) error->code)
    {
    case POND_STREAM_ERROR_UNAUTHORIZED:
    case POND_STREAM_ERROR_NO_ROUTE:
      return fail (POND_FAILURE_UNAUTHORIZED);

    case POND_STREAM_ERROR_FORBIDDEN:
      return fail (POND_FAILURE_FORBIDDEN);

    case POND_STREAM_ERROR_NOT_FOUND:
      return fail (POND_FAILURE_NOT_FOUND);

    case POND_STREAM_ERROR_BAD_REQUEST:
      return retry (POND_FAILURE_NOT_DOWNLOADABLE, 2);

    case POND_STREAM_ERROR_RATE_LIMITED:
      verdict = retry (POND_FAILURE_SERVER, ALWAYS);
      verdict.reason = POND_WAITING_RATE_LIMIT;
      verdict.delay = pond_stream_error_get_retry_after (error);
      if (verdict.delay < 0)
        verdict.delay = RATE_LIMIT_DELAY;
      return verdict;

    case POND_STREAM_ERROR_SERVER:
      verdict = retry (POND_FAILURE_SERVER, ALWAYS);
      verdict.delay = pond_stream_error_get_retry_after (error);
      return verdict;

    case POND_STREAM_ERROR_NETWORK:
      return retry_without_network (network_available);

    case POND_STREAM_ERROR_TLS:
      return fail (POND_FAILURE_TLS);

    case POND_STREAM_ERROR_PROTOCOL:
    default:
      return retry (POND_FAILURE_PROTOCOL, 3);
    }
}

static PondVerdict
judge_transfer (const GError *error,
                gboolean      network_available)
{
  PondVerdict verdict;

  switch ((PondTransferError) error->code)
    {
    case POND_TRANSFER_ERROR_REFUSED:
      return retry (POND_FAILURE_LINK_REFUSED, 2);

    case POND_TRANSFER_ERROR_NOT_FOUND:
      /* Delivery may know a file a little later than the API calls it ready. */
      return retry (POND_FAILURE_NOT_FOUND, 5);

    case POND_TRANSFER_ERROR_UNPROCESSABLE:
      return fail (POND_FAILURE_ENCODING_FAILED);

    case POND_TRANSFER_ERROR_SERVER:
      verdict = retry (POND_FAILURE_SERVER, ALWAYS);
      verdict.delay = pond_transfer_error_get_retry_after (error);
      return verdict;

    case POND_TRANSFER_ERROR_NETWORK:
    case POND_TRANSFER_ERROR_STALLED:
      return retry_without_network (network_available);

    case POND_TRANSFER_ERROR_TLS:
      return fail (POND_FAILURE_TLS);

    case POND_TRANSFER_ERROR_NOT_MEDIA:
      return retry (POND_FAILURE_CORRUPT, 3);

    case POND_TRANSFER_ERROR_LENGTH:
      return start_over (POND_FAILURE_CORRUPT);

    case POND_TRANSFER_ERROR_DISK_FULL:
      return wait_for_space ();

    case POND_TRANSFER_ERROR_FILE:
      return fail (POND_FAILURE_LIBRARY_UNAVAILABLE);

    case POND_TRANSFER_ERROR_REDIRECT:
    case POND_TRANSFER_ERROR_PROTOCOL:
    default:
      return retry (POND_FAILURE_PROTOCOL, 3);
    }
}

static PondVerdict
judge_library (const GError *error)
{
  switch ((PondLibraryError) error->code)
    {
    case POND_LIBRARY_ERROR_CORRUPT:
      return start_over (POND_FAILURE_CORRUPT);

    case POND_LIBRARY_ERROR_DISK_FULL:
      return wait_for_space ();

    case POND_LIBRARY_ERROR_UNAVAILABLE:
    case POND_LIBRARY_ERROR_READ_ONLY:
    case POND_LIBRARY_ERROR_FAILED:
    default:
      return fail (POND_FAILURE_LIBRARY_UNAVAILABLE);
    }
}

/**
 * pond_download_judge:
 * @error: what a step of a download ended with; not %G_IO_ERROR_CANCELLED
 * @network_available: whether the system says that there is a network
 *
 * Decides what an error means: whether it may go right another time, how long that is believed, and what
 * the download waits for or fails with.
 *
 * Returns: the verdict
 */
PondVerdict
pond_download_judge (const GError *error,
                     gboolean      network_available)
{
  PondVerdict verdict;

  if (error->domain == POND_STREAM_ERROR)
    return judge_stream (error, network_available);
  if (error->domain == POND_TRANSFER_ERROR)
    return judge_transfer (error, network_available);
  if (error->domain == POND_LIBRARY_ERROR)
    return judge_library (error);
  if (g_error_matches (error, POND_DATABASE_ERROR, POND_DATABASE_ERROR_FULL))
    return wait_for_space ();
  if (error->domain == POND_DATABASE_ERROR)
    return fail (POND_FAILURE_LIBRARY_UNAVAILABLE);

  if (error->domain == POND_SECRET_ERROR)
    {
      verdict = retry (POND_FAILURE_UNAUTHORIZED, ALWAYS);
      verdict.reason = POND_WAITING_SIGN_IN;
      return verdict;
    }

  return retry (POND_FAILURE_PROTOCOL, 3);
}

/**
 * pond_download_delay:
 * @verdict: a verdict whose patience is not at its end
 * @attempts: how often in a row it has been the outcome; at least 1
 *
 * Gets how long to wait before the next try: what the server asked for, or twice as long each time, with
 * jitter so that many downloads do not come back at once.
 *
 * Returns: seconds
 */
double
pond_download_delay (const PondVerdict *verdict,
                     int                attempts)
{
  double delay = FIRST_DELAY * pow (2, MIN (attempts - 1, 16));

  if (verdict->delay >= 0)
    return verdict->delay + g_random_double () / 2;

  return MIN (delay, LONGEST_DELAY) * g_random_double_range (0.75, 1.25);
}
