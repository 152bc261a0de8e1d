/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "demo/pond-demo-server.h"
#include "stream/pond-stream-client.h"

/* Samples that the tests name: see data/samples/samples.json. */
#define ENABLED    "6b1d0c3a9f2e47d8b5a4c7e210f3968d"
#define PUBLIC     "c40e7d92a1b84f36958d2e6f7b01a35c"
#define PRIVATE    "93d6b81f0e7a42c5a1f84d0c2b6e579a"
#define PROCESSING "8f31d5c07b9e4a64920ce7a45d18b3f2"
#define CAPTIONED  "d05b6e1a72c84f9fa3e4190d8c7f2b46"
#define UNKNOWN    "3f1c9a7be2d04865b1a97c20de4f5a68"

#define N_SAMPLES 11

typedef struct
{
  PondDemoServer *server;
  PondStreamClient *client;
} Fixture;

static PondStreamClient *
make_client (Fixture    *fixture,
             const char *account,
             const char *token)
{
  g_autoptr(PondToken) secret = token != NULL ? pond_token_new (token, NULL) : NULL;

  return pond_stream_client_new (pond_demo_server_get_api_base (fixture->server), account, secret);
}

static void
use_token (Fixture    *fixture,
           const char *token)
{
  g_assert_finalize_object (fixture->client);
  fixture->client = make_client (fixture, pond_demo_server_get_account_id (fixture->server), token);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GFile) samples = g_file_new_for_path (g_getenv ("SAMPLES"));
  g_autoptr(GError) error = NULL;

  fixture->server = pond_demo_server_new (samples);
  pond_demo_server_start (fixture->server, &error);
  g_assert_no_error (error);
  fixture->client = make_client (fixture, pond_demo_server_get_account_id (fixture->server),
                                 pond_demo_server_get_token (fixture->server));
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  settle ();
  g_assert_finalize_object (fixture->client);
  g_assert_finalize_object (fixture->server);
}

static void
add_rules (Fixture    *fixture,
           const char *json)
{
  g_autoptr(GError) error = NULL;

  pond_demo_server_add_rules (fixture->server, json, &error);
  g_assert_no_error (error);
}

static void
add_video (Fixture    *fixture,
           const char *json)
{
  g_autoptr(GError) error = NULL;

  pond_demo_server_add_video (fixture->server, json, &error);
  g_assert_no_error (error);
}

static guint
count_requests (Fixture    *fixture,
                const char *host,
                const char *path,
                gboolean    authorized)
{
  g_autoptr(JsonNode) log = pond_demo_server_get_requests (fixture->server);
  JsonArray *entries = json_node_get_array (log);
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (entries); i++)
    {
      JsonObject *entry = json_array_get_object_element (entries, i);

      if (g_str_equal (json_object_get_string_member (entry, "host"), host) &&
          g_pattern_match_simple (path, json_object_get_string_member (entry, "path")) &&
          json_object_get_boolean_member (entry, "authorization") == authorized)
        n++;
    }

  return n;
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GAsyncResult **slot = user_data;

  g_assert_null (*slot);
  *slot = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **slot)
{
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *slot;
}

static PondVideo *
get_video (Fixture     *fixture,
           const char  *uid,
           GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  pond_stream_client_get_video_async (fixture->client, uid, NULL, on_ready, &result);

  return pond_stream_client_get_video_finish (fixture->client, wait_for (&result), error);
}

static GPtrArray *
list_videos (Fixture     *fixture,
             const char  *search,
             guint        limit,
             GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  pond_stream_client_list_videos_async (fixture->client, search, limit, NULL, on_ready, &result);

  return pond_stream_client_list_videos_finish (fixture->client, wait_for (&result), error);
}

static GPtrArray *
list_downloads (Fixture     *fixture,
                const char  *uid,
                GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  pond_stream_client_list_downloads_async (fixture->client, uid, NULL, on_ready, &result);

  return pond_stream_client_list_downloads_finish (fixture->client, wait_for (&result), error);
}

static GPtrArray *
enable (Fixture     *fixture,
        const char  *uid,
        const char  *type,
        GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  pond_stream_client_enable_async (fixture->client, uid, type, NULL, on_ready, &result);

  return pond_stream_client_enable_finish (fixture->client, wait_for (&result), error);
}

static char *
sign (Fixture     *fixture,
      const char  *uid,
      gboolean     downloadable,
      GError     **error)
{
  g_autoptr(PondLinkRequest) request = pond_link_request_new ();
  g_autoptr(GAsyncResult) result = NULL;

  request->downloadable = downloadable;
  pond_stream_client_sign_async (fixture->client, uid, request, NULL, on_ready, &result);

  return pond_stream_client_sign_finish (fixture->client, wait_for (&result), error);
}

static GBytes *
fetch_poster (Fixture     *fixture,
              const char  *url,
              GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  pond_stream_client_fetch_poster_async (fixture->client, url, NULL, on_ready, &result);

  return pond_stream_client_fetch_finish (fixture->client, wait_for (&result), error);
}

static GBytes *
fetch_captions (Fixture     *fixture,
                const char  *uid,
                const char  *language,
                GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  pond_stream_client_fetch_captions_async (fixture->client, uid, language, NULL, on_ready, &result);

  return pond_stream_client_fetch_finish (fixture->client, wait_for (&result), error);
}

/* Failures. */

typedef struct
{
  const char *name;
  /* The "do" of a rule for the video's path. */
  const char *answer;
  int code;
  int status;
  int api_code;
  double retry_after;
} Failure;

static const Failure failures[] = {
  { "malformed-token", "\"status\": 400, \"code\": 6003", POND_STREAM_ERROR_UNAUTHORIZED, 400, 6003, -1 },
  { "unusable-header", "\"status\": 400, \"code\": 10001", POND_STREAM_ERROR_UNAUTHORIZED, 400, 10001, -1 },
  { "unknown-token", "\"status\": 401, \"code\": 1000", POND_STREAM_ERROR_UNAUTHORIZED, 401, 1000, -1 },
  { "no-permission", "\"status\": 403, \"code\": 10000", POND_STREAM_ERROR_FORBIDDEN, 403, 10000, -1 },
  { "no-permission-400", "\"status\": 400, \"code\": 10000", POND_STREAM_ERROR_FORBIDDEN, 400, 10000, -1 },
  { "not-the-account", "\"status\": 403, \"code\": 9109", POND_STREAM_ERROR_FORBIDDEN, 403, 9109, -1 },
  { "no-route", "\"status\": 404, \"code\": 7003", POND_STREAM_ERROR_NO_ROUTE, 404, 7003, -1 },
  { "no-route-400", "\"status\": 400, \"code\": 7003", POND_STREAM_ERROR_NO_ROUTE, 400, 7003, -1 },
  { "not-found", "\"status\": 404, \"code\": 10003", POND_STREAM_ERROR_NOT_FOUND, 404, 10003, -1 },
  { "bad-request", "\"status\": 400, \"code\": 10005", POND_STREAM_ERROR_BAD_REQUEST, 400, 10005, -1 },
  { "too-many", "\"status\": 429, \"code\": 971", POND_STREAM_ERROR_RATE_LIMITED, 429, 971, -1 },
  { "too-many-seconds", "\"status\": 429, \"code\": 971, \"headers\": {\"Retry-After\": \"7\"}",
    POND_STREAM_ERROR_RATE_LIMITED, 429, 971, 7 },
  { "too-many-date", "\"status\": 429, \"headers\": {\"Retry-After\": \"Fri, 01 Jan 2100 00:00:00 GMT\"}",
    POND_STREAM_ERROR_RATE_LIMITED, 429, -1, 24 * 3600 },
  { "too-many-past", "\"status\": 429, \"headers\": {\"Retry-After\": \"Thu, 01 Jan 1970 00:00:00 GMT\"}",
    POND_STREAM_ERROR_RATE_LIMITED, 429, -1, 0 },
  { "too-many-rubbish", "\"status\": 429, \"headers\": {\"Retry-After\": \"soon\"}",
    POND_STREAM_ERROR_RATE_LIMITED, 429, -1, -1 },
  { "too-many-nan", "\"status\": 429, \"headers\": {\"Retry-After\": \"nan\"}",
    POND_STREAM_ERROR_RATE_LIMITED, 429, -1, -1 },
  { "too-many-page", "\"status\": 429, \"body\": \"<html>1015</html>\"", POND_STREAM_ERROR_RATE_LIMITED, 429, 0, -1 },
  { "trouble", "\"status\": 500, \"code\": 10013", POND_STREAM_ERROR_SERVER, 500, 10013, -1 },
  { "trouble-page", "\"status\": 502, \"body\": \"<html>Bad gateway</html>\", \"headers\": {\"Retry-After\": \"3\"}",
    POND_STREAM_ERROR_SERVER, 502, 0, 3 },
  { "portal", "\"body\": \"<html>Log in to the hotel</html>\"", POND_STREAM_ERROR_PROTOCOL, 200, 0, -1 },
  { "not-a-video", "\"body\": \"{\\\"success\\\":true,\\\"result\\\":7}\"", POND_STREAM_ERROR_PROTOCOL, 200, 0, -1 },
  { "no-result", "\"body\": \"{\\\"success\\\":true}\"", POND_STREAM_ERROR_PROTOCOL, 200, 0, -1 },
  { "loop", "\"redirect\": \"loop\"", POND_STREAM_ERROR_PROTOCOL, 302, 0, -1 },
  { "hang-up", "\"drop\": true", POND_STREAM_ERROR_NETWORK, 0, 0, -1 },
  { "cut", "\"body\": \"{\\\"success\\\":true,\\\"result\\\":\", \"drop_after\": 10", POND_STREAM_ERROR_NETWORK, 0, 0, -1 },
};

static void
test_failure (Fixture       *fixture,
              gconstpointer  data)
{
  const Failure *row = data;
  g_autofree char *rules = g_strdup_printf ("[{\"match\": {\"path\": \"*/%s\"}, \"do\": {%s}}]", PUBLIC, row->answer);
  g_autoptr(GError) error = NULL;

  add_rules (fixture, rules);
  g_assert_null (get_video (fixture, PUBLIC, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, POND_STREAM_ERROR, row->code);
  g_assert_cmpint (pond_stream_error_get_status (error), ==, row->status);
  if (row->api_code >= 0)
    g_assert_cmpint (pond_stream_error_get_api_code (error), ==, row->api_code);
  g_assert_cmpfloat (pond_stream_error_get_retry_after (error), ==, row->retry_after);
  g_assert_null (strstr (error->message, pond_demo_server_get_token (fixture->server)));
}

static void
test_unreachable (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  pond_demo_server_stop (fixture->server);
  g_assert_null (get_video (fixture, PUBLIC, &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_NETWORK);
}

static void
test_oversize (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GString) rules = g_string_new ("[{\"match\": {\"path\": \"*/stream\"}, \"do\": {\"body\": \"");
  gsize start = rules->len;
  g_autoptr(GError) error = NULL;

  g_string_set_size (rules, start + 33 * 1024 * 1024);
  memset (rules->str + start, ' ', rules->len - start);
  g_string_append (rules, "\"}}]");
  add_rules (fixture, rules->str);

  g_assert_null (list_videos (fixture, NULL, 0, &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_PROTOCOL);
}

static void
test_deep (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GString) rules = g_string_new ("[{\"match\": {\"path\": \"*/stream\"}, \"do\": {\"body\": \"");
  gsize start = rules->len;
  g_autoptr(GError) error = NULL;

  g_string_set_size (rules, start + 1024 * 1024);
  memset (rules->str + start, '[', rules->len - start);
  g_string_append (rules, "\"}}]");
  add_rules (fixture, rules->str);

  g_assert_null (list_videos (fixture, NULL, 0, &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_PROTOCOL);
}

/* Redirects. */

static void
test_redirect_elsewhere (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *rules = g_strdup_printf ("[{\"match\": {\"host\": \"api\"}, \"do\": {\"redirect\": \"%s/away\"}}]",
                                            pond_demo_server_get_media_base (fixture->server));
  g_autoptr(GError) error = NULL;

  add_rules (fixture, rules);
  g_assert_null (get_video (fixture, PUBLIC, &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_PROTOCOL);
  g_assert_cmpuint (count_requests (fixture, "media", "*", TRUE), ==, 0);
  g_assert_cmpuint (count_requests (fixture, "media", "*", FALSE), ==, 0);
}

static void
test_redirect_within (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *rules = g_strdup_printf (
      "[{\"match\": {\"path\": \"*/%s\"}, \"do\": {\"redirect\": \"%s/accounts/%s/stream/%s\"}}]", PUBLIC,
      pond_demo_server_get_api_base (fixture->server), pond_demo_server_get_account_id (fixture->server), ENABLED);
  g_autoptr(GError) error = NULL;
  g_autoptr(PondVideo) video = NULL;

  add_rules (fixture, rules);
  video = get_video (fixture, PUBLIC, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (pond_video_get_uid (video), ==, ENABLED);
}

static void
test_redirect_post (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *rules = g_strdup_printf (
      "[{\"match\": {\"method\": \"POST\"}, \"do\": {\"redirect\": \"%s/user/tokens/verify\"}}]",
      pond_demo_server_get_api_base (fixture->server));
  g_autoptr(GError) error = NULL;

  add_rules (fixture, rules);
  g_assert_null (enable (fixture, PUBLIC, "default", &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_PROTOCOL);
  g_assert_cmpuint (count_requests (fixture, "api", "*/verify", TRUE), ==, 0);
}

/* Cancelling. */

typedef struct
{
  const char *name;
  const char *rules;
} CancelCase;

static const CancelCase cancel_cases[] = {
  { "before", NULL },
  { "head", "[{\"match\": {\"path\": \"*/stream\"}, \"do\": {\"delay_ms\": 60000}}]" },
  { "body", "[{\"match\": {\"path\": \"*/stream\"}, \"do\": {\"stall_after\": 100}}]" },
  { "second-page", "[{\"match\": {\"path\": \"*/stream\", \"from\": 2}, \"do\": {\"delay_ms\": 60000}}]" },
  { "turn", "[{\"match\": {\"path\": \"*/stream\", \"nth\": 1}, \"do\": {\"status\": 429, \"code\": 971}}]" },
};

static gboolean
on_cancel_timeout (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  const CancelCase *row = data;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gint64 start;

  add_video (fixture, "{\"title\": \"copy\", \"like\": \"" PUBLIC "\", \"copies\": 1500, \"created_step\": 1}");
  if (row->rules != NULL)
    add_rules (fixture, row->rules);
  if (g_str_equal (row->name, "turn"))
    {
      g_assert_null (list_videos (fixture, NULL, 1, &error));
      g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_RATE_LIMITED);
      g_clear_error (&error);
    }

  if (row->rules == NULL)
    g_cancellable_cancel (cancellable);
  else
    g_timeout_add (g_str_equal (row->name, "second-page") ? 1000 : 100, on_cancel_timeout, cancellable);

  start = g_get_monotonic_time ();
  pond_stream_client_list_videos_async (fixture->client, NULL, 0, cancellable, on_ready, &result);
  g_assert_null (pond_stream_client_list_videos_finish (fixture->client, wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
  if (row->rules == NULL)
    g_assert_cmpuint (count_requests (fixture, "api", "*", TRUE), ==, 0);
}

/* Several calls wait for their turn; one is cancelled, the client is let go. */
static void
test_cancel_one_of_many (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GCancellable) first = g_cancellable_new ();
  g_autoptr(GCancellable) second = g_cancellable_new ();
  g_autoptr(GAsyncResult) first_result = NULL;
  g_autoptr(GAsyncResult) second_result = NULL;
  g_autoptr(GError) error = NULL;

  add_rules (fixture, "[{\"match\": {\"nth\": 1}, \"do\": {\"status\": 429, \"headers\": {\"Retry-After\": \"1\"}}}]");
  g_assert_null (get_video (fixture, PUBLIC, &error));
  g_clear_error (&error);

  pond_stream_client_get_video_async (fixture->client, PUBLIC, first, on_ready, &first_result);
  pond_stream_client_get_video_async (fixture->client, ENABLED, second, on_ready, &second_result);
  settle ();
  g_cancellable_cancel (first);
  g_assert_null (pond_stream_client_get_video_finish (fixture->client, wait_for (&first_result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  {
    g_autoptr(PondVideo) video = pond_stream_client_get_video_finish (fixture->client, wait_for (&second_result), &error);

    g_assert_no_error (error);
    g_assert_cmpstr (pond_video_get_uid (video), ==, ENABLED);
  }
}

/* The list. */

static void
check_all (GPtrArray *videos,
           guint      expected)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < videos->len; i++)
    {
      g_assert_true (g_hash_table_add (seen, (gpointer) pond_video_get_uid (videos->pdata[i])));
      if (i > 0)
        g_assert_cmpint (pond_video_get_created (videos->pdata[i]), <=, pond_video_get_created (videos->pdata[i - 1]));
    }

  g_assert_cmpuint (videos->len, ==, expected);
}

static void
test_list (Fixture       *fixture,
           gconstpointer  data)
{
  static const char * const totals[] = { "number", "string", "missing" };

  for (guint i = 0; i < G_N_ELEMENTS (totals); i++)
    {
      g_autofree char *rules = g_strdup_printf ("[{\"match\": {}, \"do\": {\"variant\": {\"total\": \"%s\"}}}]", totals[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) videos = NULL;

      add_rules (fixture, rules);
      videos = list_videos (fixture, NULL, 0, &error);
      g_assert_no_error (error);
      check_all (videos, N_SAMPLES);
    }
}

typedef struct
{
  const char *name;
  const char *videos;
  guint expected;
  guint most_requests;
} ListCase;

static const ListCase list_cases[] = {
  { "steps", "{\"title\": \"v\", \"copies\": 2500, \"created_step\": 60, \"created\": \"2026-01-01T00:00:00.123456789Z\"}",
    2500, 4 },
  /* A thousand of one time, right at the edge of the first page. */
  { "edge", "{\"title\": \"v\", \"copies\": 2500, \"created_step\": 0.002, \"created\": \"2026-01-01T00:00:00.123456789Z\"}",
    2500, 4 },
  { "one-page-of-one-time", "{\"title\": \"v\", \"copies\": 1000, \"created_step\": 0, \"created\": \"2026-03-01T00:00:00.5Z\"}",
    1000, 6 },
  { "one-time", "{\"title\": \"v\", \"copies\": 1900, \"created_step\": 0, \"created\": \"2026-03-01T00:00:00.123456789Z\"}",
    1900, 6 },
};

static void
test_list_pages (Fixture       *fixture,
                 gconstpointer  data)
{
  const ListCase *row = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) videos = NULL;

  add_video (fixture, row->videos);
  videos = list_videos (fixture, NULL, 0, &error);
  g_assert_no_error (error);
  check_all (videos, row->expected + N_SAMPLES);
  g_assert_cmpuint (count_requests (fixture, "api", "*/stream", TRUE), <=, row->most_requests);
}

/* Groups that share a time, so placed that each page ends within one. */
static void
test_list_groups (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) videos = NULL;

  for (guint i = 0; i < 7; i++)
    {
      g_autofree char *video = g_strdup_printf ("{\"title\": \"group %u\", \"copies\": 357, \"created_step\": 0, "
                                                "\"created\": \"2026-02-0%uT00:00:00.123456789Z\"}", i, i + 1);

      add_video (fixture, video);
    }

  videos = list_videos (fixture, NULL, 0, &error);
  g_assert_no_error (error);
  check_all (videos, 7 * 357 + N_SAMPLES);
}

static void
test_list_limit (Fixture       *fixture,
                 gconstpointer  data)
{
  static const guint limits[] = { 1, 5, 999, 1000, 1001, 1500, 2500, 9000 };

  add_video (fixture, "{\"title\": \"v\", \"copies\": 2489, \"created_step\": 0.5}");
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) videos = list_videos (fixture, NULL, limits[i], &error);

      g_assert_no_error (error);
      check_all (videos, MIN (limits[i], 2500));
    }
}

static void
test_list_search (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) videos = list_videos (fixture, "Mühle im", 0, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (videos->len, ==, 1);
  g_assert_cmpstr (pond_video_get_title (videos->pdata[0]), ==, "Müller's Mühle im Schnee");
}

/* A server that knows no bounds gives the same page for ever. */
static void
test_list_endless (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GString) page = g_string_new ("[{\\\"uid\\\":\\\"" UNKNOWN "\\\",\\\"created\\\":\\\"2026-01-01T00:00:00Z\\\"}");
  g_autofree char *rules = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) videos = NULL;

  for (guint i = 1; i < 1000; i++)
    g_string_append (page, ",7");
  rules = g_strdup_printf ("[{\"match\": {\"path\": \"*/stream\"}, \"do\": {\"body\": \"{\\\"success\\\":true,\\\"result\\\":%s]}\"}}]",
                           page->str);
  add_rules (fixture, rules);
  videos = list_videos (fixture, NULL, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (videos->len, ==, 1);
  g_assert_cmpuint (count_requests (fixture, "api", "*/stream", TRUE), <=, 5);
}

/* Downloads. */

static void
check_download (GPtrArray        *downloads,
                const char       *type,
                PondEncodeStatus  status)
{
  PondStreamDownload *download = pond_stream_download_find (downloads, type);

  g_assert_nonnull (download);
  g_assert_cmpint (download->status, ==, status);
  g_assert_nonnull (download->url);
}

static void
test_downloads_before_post (Fixture       *fixture,
                            gconstpointer  data)
{
  static const char * const variants[] = { "empty", "404", "null" };

  for (guint i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      g_autofree char *rules = g_strdup_printf (
          "[{\"match\": {}, \"do\": {\"variant\": {\"downloads_before_post\": \"%s\"}}}]", variants[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(GPtrArray) downloads = NULL;

      add_rules (fixture, rules);
      downloads = list_downloads (fixture, PUBLIC, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (downloads->len, ==, 0);
    }
}

static void
test_enable (Fixture       *fixture,
             gconstpointer  data)
{
  const char *answer = data;
  g_autofree char *rules = g_strdup_printf ("[{\"match\": {}, \"do\": {\"variant\": {\"post_answer\": \"%s\"}}}]", answer);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) posted = NULL;
  g_autoptr(GPtrArray) again = NULL;
  g_autoptr(GPtrArray) audio = NULL;
  g_autoptr(GPtrArray) listed = NULL;

  pond_demo_server_set_speed (fixture->server, 0);
  add_rules (fixture, rules);
  posted = enable (fixture, PUBLIC, "default", &error);
  g_assert_no_error (error);
  check_download (posted, "default", POND_ENCODE_IN_PROGRESS);

  again = enable (fixture, PUBLIC, "default", &error);
  g_assert_no_error (error);
  check_download (again, "default", POND_ENCODE_IN_PROGRESS);

  audio = enable (fixture, PUBLIC, "audio", &error);
  g_assert_no_error (error);
  check_download (audio, "audio", POND_ENCODE_IN_PROGRESS);

  listed = list_downloads (fixture, PUBLIC, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (listed->len, ==, 2);
}

static void
test_enable_refused (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (enable (fixture, PROCESSING, "default", &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_BAD_REQUEST);
  g_clear_error (&error);

  g_assert_null (enable (fixture, UNKNOWN, "default", &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_NOT_FOUND);
  g_clear_error (&error);

  use_token (fixture, pond_demo_server_get_read_token (fixture->server));
  g_assert_null (enable (fixture, PUBLIC, "default", &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_FORBIDDEN);
  g_clear_error (&error);

  g_assert_null (sign (fixture, PRIVATE, TRUE, &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_FORBIDDEN);
}

/* Tokens. */

static void
test_no_token (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  use_token (fixture, NULL);
  g_assert_null (get_video (fixture, PUBLIC, &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (count_requests (fixture, "api", "*", TRUE), ==, 0);
}

static void
test_sign (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PondVideo) video = get_video (fixture, PRIVATE, &error);
  g_autofree char *token = NULL;
  g_autofree char *address = NULL;
  g_autoptr(GBytes) poster = NULL;

  g_assert_no_error (error);
  g_assert_true (pond_video_get_private (video));
  g_assert_null (fetch_poster (fixture, pond_video_get_thumbnail (video), &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_FORBIDDEN);
  g_clear_error (&error);

  token = sign (fixture, PRIVATE, FALSE, &error);
  g_assert_no_error (error);
  address = pond_stream_client_sign_url (pond_video_get_thumbnail (video), PRIVATE, token);
  poster = fetch_poster (fixture, address, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (poster), >, 1000);
}

static void
test_sign_url (void)
{
  static const struct
  {
    const char *url;
    const char *signed_url;
  } rows[] = {
    { "https://a/" PRIVATE "/downloads/default.mp4", "https://a/T/downloads/default.mp4" },
    { "https://a/" PRIVATE "/downloads/default.mp4?filename=talk", "https://a/T/downloads/default.mp4?filename=talk" },
    { "https://a/" PRIVATE, "https://a/T" },
    { "https://a/" PRIVATE "?x=1#y", "https://a/T?x=1#y" },
    { "https://a/" PRIVATE "#y", "https://a/T#y" },
    { "https://a/prefix/" PRIVATE "/watch", "https://a/prefix/T/watch" },
    { "https://a/b?c=/" PRIVATE "/watch", "https://a/b?c=/" PRIVATE "/watch" },
    { "https://a/x" PRIVATE "/watch", "https://a/x" PRIVATE "/watch" },
    { "https://a/" PRIVATE "0/watch", "https://a/" PRIVATE "0/watch" },
    { "https://a/" PUBLIC "/watch", "https://a/" PUBLIC "/watch" },
    { "https://a/93d6", "https://a/93d6" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *signed_url = pond_stream_client_sign_url (rows[i].url, PRIVATE, "T");

      g_assert_cmpstr (signed_url, ==, rows[i].signed_url);
    }
}

/* Captions and posters. */

static GPtrArray *
list_captions (Fixture    *fixture,
               const char *uid)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *captions;

  pond_stream_client_list_captions_async (fixture->client, uid, NULL, on_ready, &result);
  captions = pond_stream_client_list_captions_finish (fixture->client, wait_for (&result), &error);
  g_assert_no_error (error);

  return captions;
}

static void
test_captions (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GPtrArray) captions = list_captions (fixture, CAPTIONED);
  g_autoptr(GPtrArray) none = list_captions (fixture, PUBLIC);
  g_autoptr(GError) error = NULL;
  PondCaption *first;
  g_autoptr(GBytes) vtt = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (captions->len, ==, 2);
  first = g_ptr_array_index (captions, 0);
  vtt = fetch_captions (fixture, CAPTIONED, first->language, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (vtt, NULL), 6, "WEBVTT", 6);

  g_assert_null (fetch_captions (fixture, CAPTIONED, "xx", &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_NOT_FOUND);
}

static void
test_captions_odd (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GPtrArray) captions = NULL;
  PondCaption *caption;

  add_rules (fixture, "[{\"match\": {\"path\": \"*/captions\"}, \"do\": {\"body\": \"{\\\"success\\\":true,\\\"result\\\":["
                      "{\\\"language\\\":\\\"de\\\",\\\"status\\\":\\\"inprogress\\\"},"
                      "{\\\"language\\\":\\\"fr\\\",\\\"status\\\":\\\"error\\\"},"
                      "{\\\"language\\\":\\\"../x\\\",\\\"status\\\":\\\"ready\\\"},"
                      "{\\\"language\\\":7},{\\\"language\\\":\\\"\\\"},null,7,"
                      "{\\\"language\\\":\\\"pt-BR\\\",\\\"label\\\":null}]}\"}}]");
  captions = list_captions (fixture, PUBLIC);
  g_assert_cmpuint (captions->len, ==, 1);
  caption = g_ptr_array_index (captions, 0);
  g_assert_cmpstr (caption->language, ==, "pt-BR");
  g_assert_cmpstr (caption->label, ==, "pt-BR");
}

/* A refusal of raw captions counts for the account as any other. */
static void
test_captions_rate_limit (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PondVideo) video = NULL;
  gint64 start;

  add_rules (fixture, "[{\"match\": {\"path\": \"*/vtt\"}, \"do\": {\"status\": 429, \"code\": 971, "
                      "\"headers\": {\"Retry-After\": \"1\"}}}]");
  g_assert_null (fetch_captions (fixture, CAPTIONED, "en", &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_RATE_LIMITED);
  g_clear_error (&error);

  start = g_get_monotonic_time ();
  video = get_video (fixture, PUBLIC, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - start, >, 900 * G_TIME_SPAN_MILLISECOND);
}

static void
test_poster (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *address = g_strdup_printf ("%s/%s/thumbnails/thumbnail.jpg",
                                              pond_demo_server_get_media_base (fixture->server), PUBLIC);
  g_autofree char *missing = g_strdup_printf ("%s/%s/thumbnails/thumbnail.jpg",
                                              pond_demo_server_get_media_base (fixture->server), UNKNOWN);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) poster = fetch_poster (fixture, address, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (poster, NULL), 3, "\xff\xd8\xff", 3);
  g_assert_cmpuint (count_requests (fixture, "media", "*", TRUE), ==, 0);

  g_assert_null (fetch_poster (fixture, missing, &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_NOT_FOUND);
  g_clear_error (&error);

  add_rules (fixture, "[{\"match\": {\"host\": \"media\"}, \"do\": {\"body\": \"<html></html>\"}}]");
  g_assert_null (fetch_poster (fixture, address, &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_PROTOCOL);
  g_clear_error (&error);

  add_rules (fixture, "[{\"match\": {\"host\": \"media\"}, \"do\": {\"redirect\": \"loop\"}}]");
  g_assert_null (fetch_poster (fixture, address, &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_PROTOCOL);
  g_clear_error (&error);

  g_assert_null (fetch_poster (fixture, "no address", &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_PROTOCOL);
}

/* Under a limit of 60 in 4 s, more calls at once than fit in a window. */
static void
test_scaled_limit (Fixture       *fixture,
                   gconstpointer  data)
{
  guint n_calls = 80;
  g_autofree GAsyncResult **results = g_new0 (GAsyncResult *, n_calls);

  add_rules (fixture, "[{\"set\": {\"rate_limit\": 60, \"rate_window\": 4, \"rate_block\": 60}}]");
  for (guint i = 0; i < n_calls; i++)
    pond_stream_client_get_video_async (fixture->client, PUBLIC, NULL, on_ready, &results[i]);

  for (guint i = 0; i < n_calls; i++)
    {
      g_autoptr(GAsyncResult) result = wait_for (&results[i]);
      g_autoptr(GError) error = NULL;
      g_autoptr(PondVideo) video = pond_stream_client_get_video_finish (fixture->client, result, &error);

      g_assert_no_error (error);
    }
}

static void
on_ordered (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GPtrArray) downloads = NULL;
  g_autoptr(PondVideo) video = NULL;
  GString *order = user_data;

  if (g_task_get_source_tag (G_TASK (result)) == pond_stream_client_get_video_async)
    {
      video = pond_stream_client_get_video_finish (POND_STREAM_CLIENT (source), result, NULL);
      g_string_append (order, "v");
    }
  else
    {
      downloads = pond_stream_client_list_downloads_finish (POND_STREAM_CLIENT (source), result, NULL);
      g_string_append (order, "p");
    }
}

/* What a person waits for goes before polling. */
static void
test_priority (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GString) order = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  add_rules (fixture, "[{\"match\": {\"nth\": 1}, \"do\": {\"status\": 429, \"headers\": {\"Retry-After\": \"1\"}}},"
                      " {\"set\": {\"rate_limit\": 20, \"rate_window\": 4}}]");
  g_assert_null (get_video (fixture, PUBLIC, &error));

  for (guint i = 0; i < 3; i++)
    pond_stream_client_list_downloads_async (fixture->client, PUBLIC, NULL, on_ordered, order);
  for (guint i = 0; i < 3; i++)
    pond_stream_client_get_video_async (fixture->client, PUBLIC, NULL, on_ordered, order);

  while (order->len < 6)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (order->str, ==, "vvvppp");
}

static void
test_base (void)
{
  static const struct
  {
    const char *set;
    const char *base;
  } rows[] = {
    { NULL, "https://api.cloudflare.com/client/v4" },
    { "", "https://api.cloudflare.com/client/v4" },
    { "https://example.org/v4//", "https://example.org/v4" },
    { "http://127.0.0.1:8080/v4", "http://127.0.0.1:8080/v4" },
    { "http://[::1]:8080/v4", "http://[::1]:8080/v4" },
    { "http://localhost/v4", "http://localhost/v4" },
    { "http://example.org/v4", NULL },
    { "http://127.0.0.1.example.org/v4", NULL },
    { "http://localhost@example.org/v4", NULL },
    { "ftp://127.0.0.1/v4", NULL },
    { "api.cloudflare.com", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *base = NULL;

      if (rows[i].set != NULL)
        g_setenv ("MILLPOND_API_BASE", rows[i].set, TRUE);
      else
        g_unsetenv ("MILLPOND_API_BASE");

      base = pond_stream_client_choose_base (&error);
      g_assert_cmpstr (base, ==, rows[i].base);
      if (base == NULL)
        g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_PROTOCOL);
    }
}

#define ADD(path, data, test) g_test_add (path, Fixture, data, set_up, test, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_autofree char *path = g_strconcat ("/client/failure/", failures[i].name, NULL);

      ADD (path, &failures[i], test_failure);
    }
  ADD ("/client/unreachable", NULL, test_unreachable);
  ADD ("/client/oversize", NULL, test_oversize);
  ADD ("/client/deep", NULL, test_deep);
  ADD ("/client/redirect/elsewhere", NULL, test_redirect_elsewhere);
  ADD ("/client/redirect/within", NULL, test_redirect_within);
  ADD ("/client/redirect/post", NULL, test_redirect_post);

  for (guint i = 0; i < G_N_ELEMENTS (cancel_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/client/cancel/", cancel_cases[i].name, NULL);

      ADD (path, &cancel_cases[i], test_cancel);
    }
  ADD ("/client/cancel/one-of-many", NULL, test_cancel_one_of_many);

  ADD ("/client/list/samples", NULL, test_list);
  for (guint i = 0; i < G_N_ELEMENTS (list_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/client/list/", list_cases[i].name, NULL);

      ADD (path, &list_cases[i], test_list_pages);
    }
  ADD ("/client/list/groups", NULL, test_list_groups);
  ADD ("/client/list/limit", NULL, test_list_limit);
  ADD ("/client/list/search", NULL, test_list_search);
  ADD ("/client/list/endless", NULL, test_list_endless);

  ADD ("/client/downloads-before-post", NULL, test_downloads_before_post);
  ADD ("/client/enable/nested", "nested", test_enable);
  ADD ("/client/enable/flat", "flat", test_enable);
  ADD ("/client/enable/refused", NULL, test_enable_refused);

  ADD ("/client/no-token", NULL, test_no_token);
  ADD ("/client/sign", NULL, test_sign);
  g_test_add_func ("/client/sign-url", test_sign_url);

  ADD ("/client/captions/fetch", NULL, test_captions);
  ADD ("/client/captions/odd", NULL, test_captions_odd);
  ADD ("/client/captions/rate-limit", NULL, test_captions_rate_limit);
  ADD ("/client/poster", NULL, test_poster);

  ADD ("/client/scaled-limit", NULL, test_scaled_limit);
  ADD ("/client/priority", NULL, test_priority);
  g_test_add_func ("/client/base", test_base);

  return g_test_run ();
}
