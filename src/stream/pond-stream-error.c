/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-stream-error.h"

typedef struct
{
  int    status;
  int    api_code;
  double retry_after;
} PondStreamErrorPrivate;

static void
pond_stream_error_private_init (PondStreamErrorPrivate *priv)
{
  priv->retry_after = -1;
}

static void
pond_stream_error_private_copy (const PondStreamErrorPrivate *source,
                                PondStreamErrorPrivate       *copy)
{
  *copy = *source;
}

static void
pond_stream_error_private_clear (PondStreamErrorPrivate *priv)
{
}

G_DEFINE_EXTENDED_ERROR (PondStreamError, pond_stream_error)

/**
 * pond_stream_error_new:
 * @code: a code of the domain
 * @status: the HTTP status, or 0 when there was no answer
 * @api_code: the number of the answer's first error, or 0
 * @retry_after: seconds that the server asked to be left alone for, or -1
 * @format: a message for a person; it never holds the token
 * @...: its arguments
 *
 * Makes an error of the domain.
 *
 * Returns: (transfer full): the error
 */
GError *
pond_stream_error_new (PondStreamError  code,
                       int              status,
                       int              api_code,
                       double           retry_after,
                       const char      *format,
                       ...)
{
  GError *error;
  PondStreamErrorPrivate *priv;
  va_list args;

  va_start (args, format);
  error = g_error_new_valist (POND_STREAM_ERROR, (int) code, format, args);
  va_end (args);

  priv = pond_stream_error_get_private (error);
  priv->status = status;
  priv->api_code = api_code;
  priv->retry_after = retry_after;

  return error;
}

static const PondStreamErrorPrivate *
peek_private (const GError *error)
{
  if (error == NULL || error->domain != POND_STREAM_ERROR)
    return NULL;

  return pond_stream_error_get_private (error);
}

/**
 * pond_stream_error_get_retry_after:
 * @error: any error
 *
 * Gets how long the server asked to be left alone.
 *
 * Returns: seconds, or -1 when it did not say or @error is of another domain
 */
double
pond_stream_error_get_retry_after (const GError *error)
{
  const PondStreamErrorPrivate *priv = peek_private (error);

  return priv != NULL ? priv->retry_after : -1;
}

/**
 * pond_stream_error_get_status:
 * @error: any error
 *
 * Gets the HTTP status of the answer.
 *
 * Returns: the status, or 0 when there was none
 */
int
pond_stream_error_get_status (const GError *error)
{
  const PondStreamErrorPrivate *priv = peek_private (error);

  return priv != NULL ? priv->status : 0;
}

/**
 * pond_stream_error_get_api_code:
 * @error: any error
 *
 * Gets the number of the first error in the API's answer.
 *
 * Returns: the number, or 0 when there was none
 */
int
pond_stream_error_get_api_code (const GError *error)
{
  const PondStreamErrorPrivate *priv = peek_private (error);

  return priv != NULL ? priv->api_code : 0;
}
