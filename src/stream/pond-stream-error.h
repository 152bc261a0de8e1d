/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PondStreamError:
 * @POND_STREAM_ERROR_UNAUTHORIZED: the token is not known, not active or malformed
 * @POND_STREAM_ERROR_FORBIDDEN: the token lacks the permission, or can't reach the account
 * @POND_STREAM_ERROR_NO_ROUTE: the account ID is malformed (7003, 7000)
 * @POND_STREAM_ERROR_NOT_FOUND: there is no such video
 * @POND_STREAM_ERROR_BAD_REQUEST: the API refused what was asked, for another reason
 * @POND_STREAM_ERROR_RATE_LIMITED: too many requests; see pond_stream_error_get_retry_after()
 * @POND_STREAM_ERROR_SERVER: the API is in trouble (5xx)
 * @POND_STREAM_ERROR_PROTOCOL: an answer that makes no sense, such as a web page in place of JSON
 * @POND_STREAM_ERROR_NETWORK: the API was not reached
 * @POND_STREAM_ERROR_TLS: its certificate was not accepted
 *
 * Why a call of the Stream API failed. HTTP status decides first, then the number of the first error
 * in the answer, never its text. Cancelling is %G_IO_ERROR_CANCELLED.
 *
 * Source: the error table of the Cloudflare API and public reports of its answers.
 */
typedef enum
{
  POND_STREAM_ERROR_UNAUTHORIZED,
  POND_STREAM_ERROR_FORBIDDEN,
  POND_STREAM_ERROR_NO_ROUTE,
  POND_STREAM_ERROR_NOT_FOUND,
  POND_STREAM_ERROR_BAD_REQUEST,
  POND_STREAM_ERROR_RATE_LIMITED,
  POND_STREAM_ERROR_SERVER,
  POND_STREAM_ERROR_PROTOCOL,
  POND_STREAM_ERROR_NETWORK,
  POND_STREAM_ERROR_TLS,
} PondStreamError;

#define POND_STREAM_ERROR (pond_stream_error_quark ())

GQuark  pond_stream_error_quark           (void);

GError *pond_stream_error_new             (PondStreamError  code,
                                           int              status,
                                           int              api_code,
                                           double           retry_after,
                                           const char      *format,
                                           ...) G_GNUC_PRINTF (5, 6);

double  pond_stream_error_get_retry_after (const GError    *error);
int     pond_stream_error_get_status      (const GError    *error);
int     pond_stream_error_get_api_code    (const GError    *error);

G_END_DECLS
