/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-transfer"

#include "config.h"

#include "transfer/pond-transfer-response.h"

#include "transfer/pond-transfer-error.h"

/* Without a strong validator only bytes can tell that the resource is still the same. */
#define OVERLAP (64 * 1024)

static void
fail (GError            **error,
      PondTransferError   code,
      const char         *host,
      const char         *what)
{
  g_set_error (error, POND_TRANSFER_ERROR, code, "%s %s", host, what);
}

static gboolean
is_text (const char *type)
{
  return type != NULL
         && (g_str_has_prefix (type, "text/")
             || g_str_equal (type, "application/json")
             || g_str_equal (type, "application/xml")
             || g_str_has_suffix (type, "+json")
             || g_str_has_suffix (type, "+xml"));
}

/* Encoded bytes can be told apart from the file's own by nobody, once they are in it. */
static gboolean
is_encoded (SoupMessageHeaders *headers)
{
  const char *encoding = soup_message_headers_get_list (headers, "Content-Encoding");

  return encoding != NULL && g_ascii_strcasecmp (encoding, "identity") != 0;
}

static gboolean
check_content (SoupMessageHeaders  *headers,
               const char          *host,
               GError             **error)
{
  g_autofree char *type = NULL;
  const char *sent_type = soup_message_headers_get_content_type (headers, NULL);

  if (sent_type != NULL)
    type = g_ascii_strdown (sent_type, -1);

  if (is_text (type))
    {
      fail (error, POND_TRANSFER_ERROR_NOT_MEDIA, host, "sent a text, not a video");
      return FALSE;
    }
  if (is_encoded (headers))
    {
      fail (error, POND_TRANSFER_ERROR_PROTOCOL, host, "sent an encoding that was not asked for");
      return FALSE;
    }

  return TRUE;
}

static PondCheckpoint *
read_version (SoupMessageHeaders *headers,
              gint64              total)
{
  return pond_checkpoint_new (soup_message_headers_get_one (headers, "ETag"),
                              soup_message_headers_get_one (headers, "Last-Modified"), total);
}

static gint64
get_content_length (SoupMessageHeaders *headers)
{
  if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CONTENT_LENGTH)
    return -1;

  return MAX (-1, soup_message_headers_get_content_length (headers));
}

/* 200: the server knows no ranges, or the resource has changed, or all of it was asked for. */
static PondTransferVerdict
judge_whole (PondTransferResponse *self,
             SoupMessageHeaders   *headers)
{
  self->end = get_content_length (headers);
  self->version = read_version (headers, self->end);

  return POND_TRANSFER_VERDICT_BEGIN;
}

/* Whether the bytes that follow are those asked for, of the resource that is kept. */
static gboolean
is_range_of (const PondCheckpoint *version,
             const PondCheckpoint *kept,
             goffset               from,
             goffset               start,
             goffset               end,
             gint64                length)
{
  if (start != from || end <= start || (version->total >= 0 && end > version->total))
    return FALSE;
  if (length >= 0 && length != end - start)
    return FALSE;
  if (version->total >= 0 && kept->total >= 0 && version->total != kept->total)
    return FALSE;

  return pond_checkpoint_is_same (kept, version);
}

static PondTransferVerdict
judge_range (PondTransferResponse       *self,
             const PondTransferRequest  *request,
             SoupMessageHeaders         *headers,
             const char                 *host,
             GError                    **error)
{
  g_autoptr (PondCheckpoint) version = NULL;
  goffset start, last, total;

  if (request->from == 0)
    {
      fail (error, POND_TRANSFER_ERROR_PROTOCOL, host, "sent a part when the whole was asked for");
      return POND_TRANSFER_VERDICT_FAIL;
    }
  if (!soup_message_headers_get_content_range (headers, &start, &last, &total)
      || last == G_MAXINT64 || total < -1)
    return POND_TRANSFER_VERDICT_RESTART;

  version = read_version (headers, total);
  if (!is_range_of (version, request->checkpoint, request->from, start, last + 1,
                    get_content_length (headers)))
    return POND_TRANSFER_VERDICT_RESTART;

  self->end = last + 1;
  self->version = g_steal_pointer (&version);
  return POND_TRANSFER_VERDICT_CONTINUE;
}

/* libsoup reads the Content-Range of a part, but not the one of a refusal. */
static gboolean
parse_unsatisfied_range (SoupMessageHeaders *headers,
                         guint64            *total)
{
  const char *range = soup_message_headers_get_one (headers, "Content-Range");
  const char *prefix = "bytes */";

  return range != NULL
         && g_str_has_prefix (range, prefix)
         && g_ascii_string_to_unsigned (range + strlen (prefix), 10, 0, G_MAXINT64, total, NULL);
}

/* 416: there is nothing behind what was asked for, which is right when all of it is there. */
static PondTransferVerdict
judge_unsatisfiable (const PondTransferRequest *request,
                     SoupMessageHeaders        *headers)
{
  const PondCheckpoint *kept = request->checkpoint;
  g_autoptr (PondCheckpoint) version = NULL;
  guint64 total;

  if (!parse_unsatisfied_range (headers, &total)
      || total != request->have
      || (kept->total >= 0 && (guint64) kept->total != total))
    return POND_TRANSFER_VERDICT_RESTART;

  version = read_version (headers, total);
  if (!pond_checkpoint_is_same (kept, version))
    return POND_TRANSFER_VERDICT_RESTART;

  return POND_TRANSFER_VERDICT_COMPLETE;
}

/* Retry-After is a number of seconds or a time of the server's clock. */
static double
read_retry_after (SoupMessageHeaders *headers)
{
  const char *text = soup_message_headers_get_one (headers, "Retry-After");
  const char *date = soup_message_headers_get_one (headers, "Date");
  g_autoptr (GDateTime) then = NULL;
  g_autoptr (GDateTime) now = NULL;
  guint64 seconds;

  if (text == NULL)
    return -1;
  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &seconds, NULL))
    return seconds;

  then = soup_date_time_new_from_http_string (text);
  if (then == NULL)
    return -1;

  now = date == NULL ? NULL : soup_date_time_new_from_http_string (date);
  if (now == NULL)
    now = g_date_time_new_now_utc ();

  return MAX (0, (double) g_date_time_difference (then, now) / G_TIME_SPAN_SECOND);
}

static PondTransferError
get_code_of_status (guint status)
{
  switch (status)
    {
    case SOUP_STATUS_UNAUTHORIZED:
    case SOUP_STATUS_FORBIDDEN:
    case SOUP_STATUS_GONE:
      return POND_TRANSFER_ERROR_REFUSED;

    case SOUP_STATUS_NOT_FOUND:
      return POND_TRANSFER_ERROR_NOT_FOUND;

    case SOUP_STATUS_FAILED_DEPENDENCY:
      return POND_TRANSFER_ERROR_UNPROCESSABLE;

    case SOUP_STATUS_REQUEST_TIMEOUT:
    case 429: /* Too Many Requests */
      return POND_TRANSFER_ERROR_SERVER;

    default:
      return status >= 500 && status < 600 ? POND_TRANSFER_ERROR_SERVER
                                           : POND_TRANSFER_ERROR_PROTOCOL;
    }
}

static PondTransferVerdict
judge_failure (guint                status,
               SoupMessageHeaders  *headers,
               const char          *host,
               GError             **error)
{
  g_autoptr (GError) local_error = g_error_new (POND_TRANSFER_ERROR, get_code_of_status (status),
                                                "%s answered with status %u", host, status);

  pond_transfer_error_set_retry_after (local_error, read_retry_after (headers));
  g_propagate_error (error, g_steal_pointer (&local_error));

  return POND_TRANSFER_VERDICT_FAIL;
}

static PondTransferVerdict
judge (PondTransferResponse       *self,
       const PondTransferRequest  *request,
       guint                       status,
       SoupMessageHeaders         *headers,
       const char                 *host,
       GError                    **error)
{
  switch (status)
    {
    case SOUP_STATUS_OK:
      return check_content (headers, host, error) ? judge_whole (self, headers)
                                                  : POND_TRANSFER_VERDICT_FAIL;

    case SOUP_STATUS_PARTIAL_CONTENT:
      return check_content (headers, host, error)
                 ? judge_range (self, request, headers, host, error)
                 : POND_TRANSFER_VERDICT_FAIL;

    case SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE:
      return request->from > 0 ? judge_unsatisfiable (request, headers)
                               : judge_failure (status, headers, host, error);

    case SOUP_STATUS_MOVED_PERMANENTLY:
    case SOUP_STATUS_FOUND:
    case SOUP_STATUS_SEE_OTHER:
    case SOUP_STATUS_TEMPORARY_REDIRECT:
    case SOUP_STATUS_PERMANENT_REDIRECT:
      return POND_TRANSFER_VERDICT_REDIRECT;

    default:
      return judge_failure (status, headers, host, error);
    }
}

/**
 * pond_transfer_request_plan:
 * @self: (out caller-allocates): the request
 * @have: bytes of the file that are good
 * @checkpoint: (nullable): what is known of the resource; %NULL asks for the whole file
 *
 * Decides what to ask: with a strong validator for what is missing; without one for the last 64 KiB
 * that are there as well, to be compared.
 */
void
pond_transfer_request_plan (PondTransferRequest  *self,
                            guint64               have,
                            const PondCheckpoint *checkpoint)
{
  self->have = have;
  self->checkpoint = checkpoint;

  if (checkpoint == NULL)
    self->from = 0;
  else if (pond_checkpoint_get_strong (checkpoint) != NULL)
    self->from = have;
  else
    self->from = have > OVERLAP ? have - OVERLAP : 0;
}

/**
 * pond_transfer_request_write:
 * @self: the request
 * @headers: where it goes
 *
 * Puts the request into headers.
 */
void
pond_transfer_request_write (const PondTransferRequest *self,
                             SoupMessageHeaders        *headers)
{
  const char *strong;

  /* What is encoded has no ranges that mean anything here. */
  soup_message_headers_replace (headers, "Accept-Encoding", "identity");

  if (self->from == 0)
    return;

  soup_message_headers_set_range (headers, self->from, -1);
  strong = pond_checkpoint_get_strong (self->checkpoint);
  if (strong != NULL)
    soup_message_headers_replace (headers, "If-Range", strong);
}

/**
 * pond_transfer_response_judge:
 * @self: (out caller-allocates): what the answer means
 * @request: what was asked
 * @status: the answer's status
 * @headers: the answer's headers, not trusted
 * @host: who answered, for messages
 * @error: return location for an error, set when the verdict is to fail
 *
 * Decides what is to be done with an answer. Nothing is added to a file unless the answer says that
 * it is the next byte of the same thing.
 */
void
pond_transfer_response_judge (PondTransferResponse       *self,
                              const PondTransferRequest  *request,
                              guint                       status,
                              SoupMessageHeaders         *headers,
                              const char                 *host,
                              GError                    **error)
{
  self->version = NULL;
  self->end = -1;
  self->verdict = judge (self, request, status, headers, host, error);
}

/**
 * pond_transfer_response_clear:
 * @self: what an answer means
 *
 * Frees what @self holds.
 */
void
pond_transfer_response_clear (PondTransferResponse *self)
{
  g_clear_pointer (&self->version, pond_checkpoint_free);
}
