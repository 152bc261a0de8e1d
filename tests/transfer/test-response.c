/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <libsoup/soup.h>

#include "transfer/pond-transfer-error.h"
#include "transfer/pond-transfer-response.h"

#define MIB (1024 * 1024)
#define KEPT_TOTAL 1000000

typedef struct
{
  const char *name;

  /* What is kept; NULL and 0 ask for the whole file. */
  const char *kept_etag;
  guint64     have;
  gint64      kept_total;

  guint       status;
  const char *headers;

  PondTransferVerdict verdict;
  int                 code;  /* when the verdict is to fail */
  gint64              total; /* with begin and continue */
  gint64              end;
} Case;

#define FRESH NULL, 0, -1
#define RESUMED "\"a\"", 1000, KEPT_TOTAL
#define RESUMED_BLIND "\"a\"", 1000, -1

#define FAIL(code) POND_TRANSFER_VERDICT_FAIL, POND_TRANSFER_ERROR_##code, 0, 0
#define BEGIN(total) POND_TRANSFER_VERDICT_BEGIN, -1, total, total
#define CONTINUE(total, end) POND_TRANSFER_VERDICT_CONTINUE, -1, total, end
#define RESTART POND_TRANSFER_VERDICT_RESTART, -1, 0, 0
#define COMPLETE POND_TRANSFER_VERDICT_COMPLETE, -1, 0, 0
#define REDIRECT POND_TRANSFER_VERDICT_REDIRECT, -1, 0, 0

static const Case cases[] = {
  { "whole", FRESH, 200, "Content-Length: 5\nContent-Type: video/mp4\n", BEGIN (5) },
  { "whole, no type", FRESH, 200, "Content-Length: 5\n", BEGIN (5) },
  { "whole, empty", FRESH, 200, "Content-Length: 0\n", BEGIN (0) },
  { "whole, chunked", FRESH, 200, "Transfer-Encoding: chunked\n", BEGIN (-1) },
  { "whole, to the end of the connection", FRESH, 200, "Content-Type: video/mp4\n", BEGIN (-1) },
  { "whole in place of a part", RESUMED, 200, "Content-Length: 7\nETag: \"a\"\n", BEGIN (7) },
  { "whole of another version", RESUMED, 200, "Content-Length: 7\nETag: \"b\"\n", BEGIN (7) },

  { "web page", FRESH, 200, "Content-Type: text/html; charset=utf-8\n", FAIL (NOT_MEDIA) },
  { "web page, shouted", FRESH, 200, "Content-Type: TEXT/HTML\n", FAIL (NOT_MEDIA) },
  { "plain text", FRESH, 200, "Content-Type: text/plain\n", FAIL (NOT_MEDIA) },
  { "json", FRESH, 200, "Content-Type: application/json\n", FAIL (NOT_MEDIA) },
  { "problem", FRESH, 200, "Content-Type: application/problem+json\n", FAIL (NOT_MEDIA) },
  { "xml", FRESH, 200, "Content-Type: application/xml\n", FAIL (NOT_MEDIA) },
  { "xhtml", FRESH, 200, "Content-Type: application/xhtml+xml\n", FAIL (NOT_MEDIA) },
  { "part of a web page", RESUMED, 206,
    "Content-Type: text/html\nContent-Range: bytes 1000-999999/1000000\n", FAIL (NOT_MEDIA) },
  { "octets", FRESH, 200, "Content-Type: application/octet-stream\nContent-Length: 5\n",
    BEGIN (5) },
  { "encoded", FRESH, 200, "Content-Encoding: gzip\nContent-Length: 5\n", FAIL (PROTOCOL) },
  { "not encoded", FRESH, 200, "Content-Encoding: identity\nContent-Length: 5\n", BEGIN (5) },

  { "part", RESUMED, 206,
    "Content-Range: bytes 1000-999999/1000000\nContent-Length: 999000\nETag: \"a\"\n",
    CONTINUE (1000000, 1000000) },
  { "part, chunked", RESUMED, 206,
    "Content-Range: bytes 1000-999999/1000000\nTransfer-Encoding: chunked\n",
    CONTINUE (1000000, 1000000) },
  { "part of the part", RESUMED, 206, "Content-Range: bytes 1000-1999/1000000\n",
    CONTINUE (1000000, 2000) },
  { "part, total now known", RESUMED_BLIND, 206, "Content-Range: bytes 1000-1999/5000\n",
    CONTINUE (5000, 2000) },
  { "part, total not said", RESUMED, 206, "Content-Range: bytes 1000-999999/*\n",
    CONTINUE (-1, 1000000) },
  { "part, starts early", RESUMED, 206, "Content-Range: bytes 999-999999/1000000\n", RESTART },
  { "part, starts late", RESUMED, 206, "Content-Range: bytes 1001-999999/1000000\n", RESTART },
  { "part, another total", RESUMED, 206, "Content-Range: bytes 1000-999999/1000001\n", RESTART },
  { "part, ends behind its total", RESUMED_BLIND, 206, "Content-Range: bytes 1000-5000/5000\n",
    RESTART },
  { "part, ends before it starts", RESUMED, 206, "Content-Range: bytes 1000-999/1000000\n",
    RESTART },
  { "part, as long as can be", RESUMED_BLIND, 206,
    "Content-Range: bytes 1000-9223372036854775807/*\n", RESTART },
  { "part, longer than can be", RESUMED_BLIND, 206,
    "Content-Range: bytes 1000-1999/18446744073709551600\n", RESTART },
  { "part, two lengths", RESUMED, 206,
    "Content-Range: bytes 1000-999999/1000000\nContent-Length: 999001\n", RESTART },
  { "part, of nowhere", RESUMED, 206, "Content-Length: 999000\n", RESTART },
  { "part, garbled", RESUMED, 206, "Content-Range: bytes one-two/three\n", RESTART },
  { "part, in many parts", RESUMED, 206, "Content-Type: multipart/byteranges; boundary=x\n",
    RESTART },
  { "part, another version", RESUMED, 206,
    "Content-Range: bytes 1000-999999/1000000\nETag: \"b\"\n", RESTART },
  { "part that nobody asked for", FRESH, 206, "Content-Range: bytes 0-9/10\n", FAIL (PROTOCOL) },

  { "nothing left, all is there", RESUMED_BLIND, 416, "Content-Range: bytes */1000\n", COMPLETE },
  { "nothing left, all of this version", RESUMED_BLIND, 416,
    "Content-Range: bytes */1000\nETag: \"a\"\n", COMPLETE },
  { "nothing left, of another version", RESUMED_BLIND, 416,
    "Content-Range: bytes */1000\nETag: \"b\"\n", RESTART },
  { "nothing left, but it was more", RESUMED, 416, "Content-Range: bytes */1000\n", RESTART },
  { "nothing left, it is less", RESUMED_BLIND, 416, "Content-Range: bytes */999\n", RESTART },
  { "nothing left, it is more", RESUMED_BLIND, 416, "Content-Range: bytes */1001\n", RESTART },
  { "nothing left, no length", RESUMED_BLIND, 416, "", RESTART },
  { "nothing left, odd length", RESUMED_BLIND, 416, "Content-Range: bytes */many\n", RESTART },
  { "nothing left, of what was not asked", FRESH, 416, "Content-Range: bytes */0\n",
    FAIL (PROTOCOL) },

  { "moved", FRESH, 301, "Location: /x\n", REDIRECT },
  { "found", FRESH, 302, "Location: /x\n", REDIRECT },
  { "see other", FRESH, 303, "Location: /x\n", REDIRECT },
  { "temporary", FRESH, 307, "Location: /x\n", REDIRECT },
  { "permanent", FRESH, 308, "Location: /x\n", REDIRECT },
  { "many", FRESH, 300, "", FAIL (PROTOCOL) },
  { "not modified", FRESH, 304, "", FAIL (PROTOCOL) },

  { "no content", FRESH, 204, "", FAIL (PROTOCOL) },
  { "accepted", FRESH, 202, "", FAIL (PROTOCOL) },
  { "bad request", FRESH, 400, "", FAIL (PROTOCOL) },
  { "unauthorized", RESUMED, 401, "Content-Type: text/html\n", FAIL (REFUSED) },
  { "forbidden", FRESH, 403, "", FAIL (REFUSED) },
  { "not found", FRESH, 404, "", FAIL (NOT_FOUND) },
  { "timeout", FRESH, 408, "", FAIL (SERVER) },
  { "gone", FRESH, 410, "", FAIL (REFUSED) },
  { "failed dependency", FRESH, 424, "", FAIL (UNPROCESSABLE) },
  { "too many", FRESH, 429, "", FAIL (SERVER) },
  { "error", FRESH, 500, "", FAIL (SERVER) },
  { "unavailable", RESUMED, 503, "", FAIL (SERVER) },
  { "origin", FRESH, 524, "", FAIL (SERVER) },
  { "odd", FRESH, 600, "", FAIL (PROTOCOL) },
};

static SoupMessageHeaders *
make_headers (const char *text)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (gsize i = 0; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      g_auto (GStrv) parts = g_strsplit (lines[i], ": ", 2);

      soup_message_headers_append (headers, parts[0], parts[1]);
    }

  return headers;
}

static void
test_judge (gconstpointer user_data)
{
  const Case *c = user_data;
  g_autoptr (SoupMessageHeaders) headers = make_headers (c->headers);
  g_autoptr (PondCheckpoint) kept = NULL;
  g_auto (PondTransferResponse) response = { 0 };
  g_autoptr (GError) error = NULL;
  PondTransferRequest request;

  if (c->have > 0)
    kept = pond_checkpoint_new (c->kept_etag, NULL, c->kept_total);
  pond_transfer_request_plan (&request, c->have, kept);
  pond_transfer_response_judge (&response, &request, c->status, headers, "media.example", &error);

  g_assert_cmpint (response.verdict, ==, c->verdict);
  if (c->verdict == POND_TRANSFER_VERDICT_FAIL)
    {
      g_assert_error (error, POND_TRANSFER_ERROR, c->code);
      g_assert_true (g_str_has_prefix (error->message, "media.example "));
    }
  else
    {
      g_assert_no_error (error);
    }

  if (c->verdict == POND_TRANSFER_VERDICT_BEGIN || c->verdict == POND_TRANSFER_VERDICT_CONTINUE)
    {
      g_assert_cmpint (response.version->total, ==, c->total);
      g_assert_cmpint (response.end, ==, c->end);
    }
  else
    {
      g_assert_null (response.version);
    }
}

static void
test_version (void)
{
  g_autoptr (SoupMessageHeaders) headers
      = make_headers ("ETag: W/\"x\"\nLast-Modified: Tue, 15 Nov 1994 12:45:26 GMT\n");
  g_auto (PondTransferResponse) response = { 0 };
  PondTransferRequest request;

  pond_transfer_request_plan (&request, 0, NULL);
  pond_transfer_response_judge (&response, &request, 200, headers, "media.example", NULL);

  g_assert_cmpstr (response.version->etag, ==, "W/\"x\"");
  g_assert_cmpstr (response.version->last_modified, ==, "Tue, 15 Nov 1994 12:45:26 GMT");
}

static void
test_requests (void)
{
  const struct
  {
    const char *etag;
    const char *last_modified;
    guint64     have;
    const char *range;
    const char *if_range;
  } requests[] = {
    { NULL, NULL, 0, NULL, NULL },
    { "\"a\"", NULL, 0, NULL, NULL },
    { "\"a\"", NULL, 1, "bytes=1-", "\"a\"" },
    { "\"a\"", "Tue", MIB, "bytes=1048576-", "\"a\"" },
    { "W/\"a\"", "Tue", MIB, "bytes=1048576-", "Tue" },
    { "W/\"a\"", NULL, MIB, "bytes=983040-", NULL },
    { NULL, NULL, MIB, "bytes=983040-", NULL },
    { NULL, NULL, 65537, "bytes=1-", NULL },
    { NULL, NULL, 65536, NULL, NULL },
    { NULL, NULL, 1, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (SoupMessageHeaders) headers
          = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
      g_autoptr (PondCheckpoint) kept
          = pond_checkpoint_new (requests[i].etag, requests[i].last_modified, -1);
      PondTransferRequest request;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      pond_transfer_request_plan (&request, requests[i].have, kept);
      pond_transfer_request_write (&request, headers);

      g_assert_cmpstr (soup_message_headers_get_one (headers, "Range"), ==, requests[i].range);
      g_assert_cmpstr (soup_message_headers_get_one (headers, "If-Range"), ==,
                       requests[i].if_range);
      g_assert_cmpstr (soup_message_headers_get_list (headers, "Accept-Encoding"), ==, "identity");
    }
}

static double
get_retry_after (const char *text)
{
  g_autoptr (SoupMessageHeaders) headers = make_headers (text);
  g_auto (PondTransferResponse) response = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) copy = NULL;
  PondTransferRequest request;

  pond_transfer_request_plan (&request, 0, NULL);
  pond_transfer_response_judge (&response, &request, 503, headers, "media.example", &error);
  g_assert_error (error, POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_SERVER);

  copy = g_error_copy (error);
  return pond_transfer_error_get_retry_after (copy);
}

static void
test_retry_after (void)
{
  const char *date = "Date: Tue, 15 Nov 1994 12:45:26 GMT\n";
  g_autofree char *later = g_strconcat (date, "Retry-After: Tue, 15 Nov 1994 12:46:00 GMT\n", NULL);
  g_autofree char *before
      = g_strconcat (date, "Retry-After: Tue, 15 Nov 1994 12:00:00 GMT\n", NULL);

  g_assert_cmpfloat (get_retry_after (""), ==, -1);
  g_assert_cmpfloat (get_retry_after ("Retry-After: 0\n"), ==, 0);
  g_assert_cmpfloat (get_retry_after ("Retry-After: 120\n"), ==, 120);
  g_assert_cmpfloat (get_retry_after ("Retry-After: -1\n"), ==, -1);
  g_assert_cmpfloat (get_retry_after ("Retry-After: soon\n"), ==, -1);
  g_assert_cmpfloat (get_retry_after (later), ==, 34);
  g_assert_cmpfloat (get_retry_after (before), ==, 0);
  g_assert_cmpfloat (get_retry_after ("Retry-After: Tue, 15 Nov 1994 12:46:00 GMT\n"), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/response/judge/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_judge);
    }
  g_test_add_func ("/response/version", test_version);
  g_test_add_func ("/response/requests", test_requests);
  g_test_add_func ("/response/retry-after", test_retry_after);

  return g_test_run ();
}
