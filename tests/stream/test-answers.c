/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "stream/pond-stream-download.h"
#include "stream/pond-stream-error.h"
#include "stream/pond-stream-json.h"
#include "stream/pond-video.h"

#define UID "3f1c9a7be2d04865b1a97c20de4f5a68"
#define PAGE "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"

/* A failure as the API words it, its `result` null. */
#define FAILURE(code, message) \
  "{\"result\":null,\"success\":false,\"errors\":[{\"code\":" #code ",\"message\":\"" message "\"}],\"messages\":[]}"

#define GOOD -1

typedef struct
{
  const char *name;
  int status;
  const char *body;
  int code;
  int api_code;
} EnvelopeCase;

static const EnvelopeCase envelope_cases[] = {
  { "malformed-token", 400,
    "{\"success\":false,\"errors\":[{\"code\":6003,\"message\":\"Invalid request headers\",\"error_chain\":"
    "[{\"code\":6111,\"message\":\"Invalid format for Authorization header\"}]}]}",
    POND_STREAM_ERROR_UNAUTHORIZED, 6003 },
  { "unusable-header", 400, FAILURE (10001, "Unable to authenticate request"), POND_STREAM_ERROR_UNAUTHORIZED, 10001 },
  { "missing-header", 400, FAILURE (1001, "Missing header"), POND_STREAM_ERROR_UNAUTHORIZED, 1001 },
  { "unknown-token", 401, FAILURE (1000, "Invalid API Token"), POND_STREAM_ERROR_UNAUTHORIZED, 1000 },
  { "no-permission-403", 403, FAILURE (10000, "Authentication error"), POND_STREAM_ERROR_FORBIDDEN, 10000 },
  { "no-permission-400", 400, FAILURE (10000, "Authentication error"), POND_STREAM_ERROR_FORBIDDEN, 10000 },
  { "no-permission-401", 401, FAILURE (10000, "Authentication error"), POND_STREAM_ERROR_UNAUTHORIZED, 10000 },
  { "no-permission-200", 200, FAILURE (10000, "Authentication error"), POND_STREAM_ERROR_FORBIDDEN, 10000 },
  { "not-the-account", 403, FAILURE (9109, "Unauthorized to access requested resource"),
    POND_STREAM_ERROR_FORBIDDEN, 9109 },
  { "no-route-404", 404, FAILURE (7003, "Could not route"), POND_STREAM_ERROR_NO_ROUTE, 7003 },
  { "no-route-400", 400, FAILURE (7003, "Could not route"), POND_STREAM_ERROR_NO_ROUTE, 7003 },
  { "no-route-7000", 400, FAILURE (7000, "No route for that URI"), POND_STREAM_ERROR_NO_ROUTE, 7000 },
  { "not-found", 404, FAILURE (10003, "Not found"), POND_STREAM_ERROR_NOT_FOUND, 10003 },
  { "not-found-400", 400, FAILURE (10003, "Not found"), POND_STREAM_ERROR_NOT_FOUND, 10003 },
  { "bad-request", 400, FAILURE (10005, "Bad Request"), POND_STREAM_ERROR_BAD_REQUEST, 10005 },
  { "bad-body", 400, FAILURE (10004, "Decoding Error"), POND_STREAM_ERROR_BAD_REQUEST, 10004 },
  { "storage-full", 413, FAILURE (10011, "Storage capacity exceeded"), POND_STREAM_ERROR_BAD_REQUEST, 10011 },
  { "not-a-video", 400, FAILURE (10059, "Not a video"), POND_STREAM_ERROR_BAD_REQUEST, 10059 },
  { "conflict", 409, FAILURE (10005, "Not ready"), POND_STREAM_ERROR_BAD_REQUEST, 10005 },
  { "too-many", 429, FAILURE (971, "Please wait"), POND_STREAM_ERROR_RATE_LIMITED, 971 },
  { "too-many-old", 429, FAILURE (10000, "More than 1200 requests per 300 seconds reached"),
    POND_STREAM_ERROR_RATE_LIMITED, 10000 },
  { "too-many-400", 400, FAILURE (971, "Please wait"), POND_STREAM_ERROR_RATE_LIMITED, 971 },
  { "too-many-page", 429, PAGE, POND_STREAM_ERROR_RATE_LIMITED, 0 },
  { "trouble", 500, FAILURE (10013, "Internal"), POND_STREAM_ERROR_SERVER, 10013 },
  { "trouble-page", 502, PAGE, POND_STREAM_ERROR_SERVER, 0 },
  { "trouble-edge", 524, "error code: 524", POND_STREAM_ERROR_SERVER, 0 },
  { "trouble-empty", 503, "", POND_STREAM_ERROR_SERVER, 0 },
  { "trouble-success", 500, "{\"success\":true,\"result\":{}}", POND_STREAM_ERROR_SERVER, 0 },

  { "portal", 200, PAGE, POND_STREAM_ERROR_PROTOCOL, 0 },
  { "proxy", 403, PAGE, POND_STREAM_ERROR_PROTOCOL, 0 },
  { "proxy-401", 401, "", POND_STREAM_ERROR_PROTOCOL, 0 },
  { "not-modified", 304, "", POND_STREAM_ERROR_PROTOCOL, 0 },
  { "empty", 200, "", POND_STREAM_ERROR_PROTOCOL, 0 },
  { "array", 200, "[]", POND_STREAM_ERROR_PROTOCOL, 0 },
  { "string", 200, "\"ok\"", POND_STREAM_ERROR_PROTOCOL, 0 },
  { "cut", 200, "{\"success\":true,\"result\":{", POND_STREAM_ERROR_PROTOCOL, 0 },
  { "two", 200, "{\"success\":true}{\"success\":true}", POND_STREAM_ERROR_PROTOCOL, 0 },
  { "not-text", 200, "{\"success\":true,\"result\":\"\xff\xfe\"}", POND_STREAM_ERROR_PROTOCOL, 0 },
  { "no-success", 200, "{\"result\":{}}", POND_STREAM_ERROR_PROTOCOL, 0 },
  { "success-text", 200, "{\"success\":\"true\",\"result\":{}}", POND_STREAM_ERROR_PROTOCOL, 0 },
  { "success-null", 200, "{\"success\":null}", POND_STREAM_ERROR_PROTOCOL, 0 },
  { "failed-without-errors", 400, "{\"success\":false}", POND_STREAM_ERROR_BAD_REQUEST, 0 },
  { "errors-null", 400, "{\"success\":false,\"errors\":null}", POND_STREAM_ERROR_BAD_REQUEST, 0 },
  { "errors-text", 400, "{\"success\":false,\"errors\":\"no\"}", POND_STREAM_ERROR_BAD_REQUEST, 0 },
  { "errors-of-texts", 400, "{\"success\":false,\"errors\":[\"no\"]}", POND_STREAM_ERROR_BAD_REQUEST, 0 },
  { "code-text", 400, "{\"success\":false,\"errors\":[{\"code\":\"10000\"}]}", POND_STREAM_ERROR_FORBIDDEN, 10000 },
  { "code-huge", 400, "{\"success\":false,\"errors\":[{\"code\":1e300,\"message\":7}]}",
    POND_STREAM_ERROR_BAD_REQUEST, G_MAXINT },
  { "code-endless", 400, "{\"success\":false,\"errors\":[{\"code\":\"inf\"}]}", POND_STREAM_ERROR_BAD_REQUEST, 0 },

  { "good", 200, "{\"result\":{},\"success\":true,\"errors\":[],\"messages\":[]}", GOOD, 0 },
  { "good-turned", 200, "{\"messages\":null,\"errors\":null,\"success\":true,\"unknown\":[{}],\"result\":\"ok\"}", GOOD, 0 },
  { "good-with-10000", 200, "{\"result\":{\"status\":\"active\"},\"success\":true,\"errors\":[],\"messages\":"
    "[{\"code\":10000,\"message\":\"This API Token is valid and active\",\"type\":null}]}", GOOD, 0 },
  { "good-created", 201, "{\"success\":true}", GOOD, 0 },
};

static void
test_envelope (gconstpointer data)
{
  const EnvelopeCase *row = data;
  g_autoptr(GBytes) body = g_bytes_new_static (row->body, strlen (row->body));
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) envelope = pond_stream_parse_envelope (row->status, 2.5, body, &error);

  if (row->code == GOOD)
    {
      g_assert_no_error (error);
      g_assert_true (JSON_NODE_HOLDS_OBJECT (envelope));
      return;
    }

  g_assert_null (envelope);
  g_assert_error (error, POND_STREAM_ERROR, row->code);
  g_assert_cmpint (pond_stream_error_get_status (error), ==, row->status);
  g_assert_cmpint (pond_stream_error_get_api_code (error), ==, row->api_code);
  g_assert_cmpfloat (pond_stream_error_get_retry_after (error), ==, 2.5);
}

static void
check_nested (const char *opening,
              const char *closing,
              guint       depth,
              const char *before,
              gboolean    good)
{
  g_autoptr(GString) text = g_string_new ("{\"success\":true,\"result\":");
  g_autoptr(GBytes) body = NULL;
  g_autoptr(JsonNode) envelope = NULL;
  g_autoptr(GError) error = NULL;

  g_string_append (text, before);
  for (guint i = 0; i < depth; i++)
    g_string_append (text, opening);
  g_string_append (text, "1");
  for (guint i = 0; i < depth; i++)
    g_string_append (text, closing);
  g_string_append (text, "}");

  body = g_bytes_new (text->str, text->len);
  envelope = pond_stream_parse_envelope (200, -1, body, &error);
  g_assert_cmpint (envelope != NULL, ==, good);
  if (!good)
    g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_PROTOCOL);
}

static void
test_nesting (void)
{
  check_nested ("[", "]", 60, "", TRUE);
  check_nested ("[", "]", 64, "", FALSE);
  check_nested ("{\"a\":", "}", 100, "", FALSE);
  check_nested ("[", "]", 500000, "", FALSE);
  check_nested ("[", "]", 500000, "/*\"*/", FALSE);
  check_nested ("", "", 0, "\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[[\",\"n\":", TRUE);
}

typedef struct
{
  const char *name;
  const char *json;
  const char *title;
  PondVideoState state;
  const char *state_name;
  double percent;
  gint64 duration;
  gint64 created;
} VideoCase;

#define VIDEO(members) "{\"uid\":\"" UID "\"" members "}"
#define STATUS(members) VIDEO (",\"status\":{" members "}")

static const VideoCase video_cases[] = {
  { "bare", VIDEO (""), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "whole", VIDEO (",\"meta\":{\"name\":\"Ripples\",\"filename\":\"a.mp4\"},\"readyToStream\":true,\"duration\":12.3456,"
                    "\"created\":\"2020-10-16T20:20:17.872170843Z\",\"status\":{\"state\":\"ready\",\"pctComplete\":\"100.000000\"}"),
    "Ripples", POND_VIDEO_READY, "ready", 100, 12346, 1602879617 },
  { "name-empty", VIDEO (",\"meta\":{\"name\":\"\"}"), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "name-number", VIDEO (",\"meta\":{\"name\":7}"), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "name-object", VIDEO (",\"meta\":{\"name\":{\"en\":\"a\"}}"), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "name-null", VIDEO (",\"meta\":{\"name\":null}"), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "meta-null", VIDEO (",\"meta\":null"), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "meta-text", VIDEO (",\"meta\":\"name\""), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "percent-text", STATUS ("\"state\":\"inprogress\",\"pctComplete\":\"45\""), NULL, POND_VIDEO_PROCESSING, "inprogress", 45, -1, 0 },
  { "percent-number", STATUS ("\"state\":\"inprogress\",\"pctComplete\":45.5"), NULL, POND_VIDEO_PROCESSING, "inprogress", 45.5, -1, 0 },
  { "percent-integer", STATUS ("\"state\":\"ready\",\"pctComplete\":39"), NULL, POND_VIDEO_READY, "ready", 39, -1, 0 },
  { "percent-empty", STATUS ("\"pctComplete\":\"\""), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "percent-words", STATUS ("\"pctComplete\":\"45 %\""), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "percent-nan", STATUS ("\"pctComplete\":\"nan\""), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "percent-true", STATUS ("\"pctComplete\":true"), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "percent-beyond", STATUS ("\"pctComplete\":\"250\""), NULL, POND_VIDEO_PROCESSING, "inprogress", 100, -1, 0 },
  { "percent-below", STATUS ("\"pctComplete\":-1"), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "state-pending", STATUS ("\"state\":\"pendingupload\""), NULL, POND_VIDEO_PROCESSING, "pendingupload", 0, -1, 0 },
  { "state-downloading", STATUS ("\"state\":\"downloading\""), NULL, POND_VIDEO_PROCESSING, "downloading", 0, -1, 0 },
  { "state-queued", STATUS ("\"state\":\"queued\""), NULL, POND_VIDEO_PROCESSING, "queued", 0, -1, 0 },
  { "state-live", STATUS ("\"state\":\"live-inprogress\""), NULL, POND_VIDEO_LIVE, "live-inprogress", 0, -1, 0 },
  { "state-error", STATUS ("\"state\":\"error\",\"errorReasonCode\":\"ERR_NON_VIDEO\""), NULL, POND_VIDEO_ERROR, "error", 0, -1, 0 },
  { "state-new", STATUS ("\"state\":\"polishing\""), NULL, POND_VIDEO_PROCESSING, "polishing", 0, -1, 0 },
  { "state-null", VIDEO (",\"readyToStream\":true,\"status\":{\"state\":null}"), NULL, POND_VIDEO_READY, "ready", 0, -1, 0 },
  { "status-null", VIDEO (",\"status\":null,\"readyToStream\":null"), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "duration-unknown", VIDEO (",\"duration\":-1"), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "duration-nothing", VIDEO (",\"duration\":0"), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, 0, 0 },
  { "duration-text", VIDEO (",\"duration\":\"60.5\""), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, 60500, 0 },
  { "duration-huge", VIDEO (",\"duration\":1e300"), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "duration-null", VIDEO (",\"duration\":null"), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "created-plain", VIDEO (",\"created\":\"2020-10-16T20:20:17Z\""), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 1602879617 },
  { "created-zone", VIDEO (",\"created\":\"2020-10-16T22:20:17.5+02:00\""), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 1602879617 },
  { "created-wrong", VIDEO (",\"created\":\"yesterday\""), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "created-number", VIDEO (",\"created\":1602879617"), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "created-early", VIDEO (",\"created\":\"1900-01-01T00:00:00Z\""), NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
  { "nulls", VIDEO (",\"creator\":null,\"thumbnail\":null,\"liveInput\":null,\"requireSignedURLs\":null,\"created\":null"),
    NULL, POND_VIDEO_PROCESSING, "inprogress", 0, -1, 0 },
};

static PondVideo *
parse_video (const char *json)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (json, strlen (json));
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = pond_json_parse (bytes, &error);

  g_assert_no_error (error);

  return pond_video_new_from_json (node);
}

static void
test_video (gconstpointer data)
{
  const VideoCase *row = data;
  g_autoptr(PondVideo) video = parse_video (row->json);

  g_assert_nonnull (video);
  g_assert_cmpstr (pond_video_get_uid (video), ==, UID);
  g_assert_cmpstr (pond_video_get_title (video), ==, row->title);
  g_assert_cmpint (pond_video_get_state (video), ==, row->state);
  g_assert_cmpstr (pond_video_get_state_name (video), ==, row->state_name);
  g_assert_cmpfloat (pond_video_get_percent (video), ==, row->percent);
  g_assert_cmpint (pond_video_get_duration (video), ==, row->duration);
  g_assert_cmpint (pond_video_get_created (video), ==, row->created);
  g_assert_false (pond_video_get_private (video));
  g_assert_false (pond_video_get_recording (video));
}

static void
test_video_rest (void)
{
  g_autoptr(PondVideo) video = parse_video (VIDEO (",\"creator\":\"mill\",\"thumbnail\":\"https://a/b.jpg\","
                                                   "\"requireSignedURLs\":true,\"liveInput\":\"" UID "\","
                                                   "\"status\":{\"errorReasonText\":\"Not a video\"}"));

  g_assert_cmpstr (pond_video_get_creator (video), ==, "mill");
  g_assert_cmpstr (pond_video_get_thumbnail (video), ==, "https://a/b.jpg");
  g_assert_cmpstr (pond_video_get_error (video), ==, "Not a video");
  g_assert_true (pond_video_get_private (video));
  g_assert_true (pond_video_get_recording (video));
}

static void
test_no_video (void)
{
  static const char * const texts[] = {
    "{}", "[]", "null", "7", "{\"uid\":null}", "{\"uid\":7}", "{\"uid\":\"\"}", "{\"uid\":\"../../etc/passwd\"}",
    "{\"uid\":\"3F1C9A7BE2D04865B1A97C20DE4F5A68\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_null (parse_video (texts[i]));

  g_assert_null (pond_video_new_from_json (NULL));
}

typedef struct
{
  const char *name;
  const char *json;
  const char *asked;
  /* "type status percent url", by type. */
  const char *expected;
} DownloadsCase;

static const DownloadsCase downloads_cases[] = {
  { "nested", "{\"default\":{\"status\":\"inprogress\",\"percentComplete\":75.5,\"url\":\"https://a\"}}", NULL,
    "default 0 75.5 https://a" },
  { "both", "{\"default\":{\"status\":\"ready\",\"percentComplete\":100,\"url\":\"https://a\"},"
    "\"audio\":{\"status\":\"error\",\"percentComplete\":3}}", NULL, "default 1 100.0 https://a\naudio 2 3.0 -" },
  { "flat", "{\"percentComplete\":0,\"status\":\"inprogress\",\"url\":\"https://a\"}", "default", "default 0 0.0 https://a" },
  { "flat-audio", "{\"status\":\"ready\"}", "audio", "audio 1 0.0 -" },
  { "percent-text", "{\"default\":{\"status\":\"inprogress\",\"percentComplete\":\"12.5\"}}", NULL, "default 0 12.5 -" },
  { "full-is-not-ready", "{\"default\":{\"status\":\"inprogress\",\"percentComplete\":100}}", NULL, "default 0 100.0 -" },
  { "status-new", "{\"default\":{\"status\":\"polishing\"}}", NULL, "default 0 0.0 -" },
  { "kind-new", "{\"subtitles\":{\"status\":\"ready\"}}", NULL, "subtitles 1 0.0 -" },
  { "no-status", "{\"default\":{\"percentComplete\":5}}", NULL, "" },
  { "nulls", "{\"default\":null,\"audio\":{\"status\":null}}", NULL, "" },
  { "empty", "{}", NULL, "" },
  { "null", "null", NULL, "" },
  { "text", "\"ok\"", NULL, "" },
};

static void
test_downloads (gconstpointer data)
{
  const DownloadsCase *row = data;
  g_autoptr(JsonNode) node = json_from_string (row->json, NULL);
  g_autoptr(GPtrArray) downloads = pond_stream_download_parse (node, row->asked);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < downloads->len; i++)
    {
      PondStreamDownload *download = g_ptr_array_index (downloads, i);
      g_autoptr(PondStreamDownload) copy = pond_stream_download_copy (download);

      g_assert_true (pond_stream_download_find (downloads, download->type) == download);
      g_string_append_printf (text, "%s%s %d %.1f %s", i > 0 ? "\n" : "", copy->type, (int) copy->status,
                              copy->percent, copy->url != NULL ? copy->url : "-");
    }

  g_assert_cmpstr (text->str, ==, row->expected);
  g_assert_null (pond_stream_download_find (downloads, "missing"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (envelope_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/envelope/", envelope_cases[i].name, NULL);

      g_test_add_data_func (path, &envelope_cases[i], test_envelope);
    }
  g_test_add_func ("/envelope/nesting", test_nesting);

  for (guint i = 0; i < G_N_ELEMENTS (video_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/video/", video_cases[i].name, NULL);

      g_test_add_data_func (path, &video_cases[i], test_video);
    }
  g_test_add_func ("/video/rest", test_video_rest);
  g_test_add_func ("/video/none", test_no_video);

  for (guint i = 0; i < G_N_ELEMENTS (downloads_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/downloads/", downloads_cases[i].name, NULL);

      g_test_add_data_func (path, &downloads_cases[i], test_downloads);
    }

  return g_test_run ();
}
