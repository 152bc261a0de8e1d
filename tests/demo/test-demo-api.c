/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "demo-fixture.h"

#include <string.h>

static Reply *
ask_api (Fixture    *fixture,
         const char *path,
         const char *header)
{
  g_autofree char *url = g_strconcat (pond_demo_server_get_api_base (fixture->server), path, NULL);

  return fixture_ask (fixture, "GET", url, NULL, header, NULL);
}

static void
test_tokens (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *account = g_strdup_printf ("/accounts/%s/tokens/verify",
                                              pond_demo_server_get_account_id (fixture->server));
  g_autofree char *stream = g_strdup_printf ("/accounts/%s/stream",
                                             pond_demo_server_get_account_id (fixture->server));
  g_autofree char *user_owned = g_strconcat ("Authorization: Bearer ", fixture->token, NULL);
  g_autofree char *account_owned = g_strconcat (
      "Authorization: Bearer ", pond_demo_server_get_account_token (fixture->server), NULL);
  const char *unknown = "Authorization: Bearer 0123456789012345678901234567890123456789";
  struct
  {
    const char *path;
    const char *header;
    guint       status;
    int         code;
  } cases[] = {
    { "/user/tokens/verify", user_owned, 200, 0 },
    { "/user/tokens/verify", account_owned, 401, 1000 },
    { account, account_owned, 200, 0 },
    { account, user_owned, 401, 1000 },
    { "/user/tokens/verify", unknown, 401, 1000 },
    { "/user/tokens/verify", NULL, 400, 1001 },
    { "/user/tokens/verify", "Authorization: Bearer 0123456789abcdef", 400, 6003 },
    { stream, NULL, 400, 10001 },
    { stream, unknown, 403, 9109 },
    { "/accounts/00112233445566778899aabbccddeeff/stream", user_owned, 403, 10000 },
    { "/accounts/mill/stream", user_owned, 404, 7003 },
    { "/zones", user_owned, 404, 7003 },
    { "/accounts", user_owned, 200, 0 },
    { "/accounts", account_owned, 400, 1001 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Reply) reply = ask_api (fixture, cases[i].path, cases[i].header);

      g_assert_cmpuint (reply_get_status (reply), ==, cases[i].status);
      if (cases[i].code != 0)
        g_assert_cmpint (reply_get_code (reply), ==, cases[i].code);
    }
}

static void
test_read_only (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->token = pond_demo_server_get_read_token (fixture->server);
  {
    g_autoptr (Reply) list = fixture_call (fixture, "GET", "?limit=1", NULL);
    g_autoptr (Reply) post = fixture_call (fixture, "POST", "/" PUBLIC "/downloads", NULL);
    g_autoptr (Reply) token = fixture_call (fixture, "POST", "/" PRIVATE "/token", NULL);

    g_assert_cmpuint (reply_get_status (list), ==, 200);
    g_assert_cmpuint (reply_get_status (post), ==, 403);
    g_assert_cmpint (reply_get_code (post), ==, 10000);
    g_assert_cmpint (reply_get_code (token), ==, 10000);
  }
  fixture_add_rules (fixture, "[{\"do\": {\"variant\": {\"read_may_enable\": \"yes\"}}}]");
  {
    g_autoptr (Reply) post = fixture_call (fixture, "POST", "/" PUBLIC "/downloads", NULL);

    g_assert_cmpuint (reply_get_status (post), ==, 200);
  }
}

static JsonArray *
get_list (Reply *reply)
{
  g_assert_cmpuint (reply_get_status (reply), ==, 200);
  return json_object_get_array_member (json_node_get_object (reply->json), "result");
}

static void
test_list_filters (Fixture       *fixture,
                   gconstpointer  data)
{
  struct
  {
    const char *query;
    guint       count;
  } cases[] = {
    { "", 11 },
    { "?limit=4", 4 },
    { "?search=MILL", 1 },
    { "?search=pond&include_counts=true", 1 },
    { "?video_name=Tides%3A%20high%2Flow", 1 },
    { "?video_name=Tides", 0 },
    { "?id=" PUBLIC "," PRIVATE, 2 },
    { "?name=Ripples%20at%20dusk," PRIVATE, 2 },
    { "?status=error", 1 },
    { "?status=inprogress", 1 },
    { "?type=live", 0 },
    { "?creator=mara", 5 },
    { "?before=2026-01-06T14:22:10.25Z", 1 },
    { "?end=2026-01-06T14:22:10.250000001Z", 2 },
    { "?after=2026-06-28T21:58:31.004918273Z", 2 },
    { "?start=2026-06-28T21:58:31.004918274Z", 1 },
    { "?page=2&per_page=3", 11 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Reply) reply = fixture_call (fixture, "GET", cases[i].query, NULL);

      g_assert_cmpuint (json_array_get_length (get_list (reply)), ==, cases[i].count);
    }
}

static void
test_list_refuses (Fixture       *fixture,
                   gconstpointer  data)
{
  const char *queries[] = { "?limit=0", "?limit=1001", "?limit=many", "?before=yesterday" };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (Reply) reply = fixture_call (fixture, "GET", queries[i], NULL);

      g_assert_cmpuint (reply_get_status (reply), ==, 400);
      g_assert_cmpint (reply_get_code (reply), ==, 10005);
    }
}

static guint
walk (Fixture    *fixture,
      const char *order,
      const char *bound,
      GHashTable *seen)
{
  g_autofree char *query = g_strdup_printf ("?limit=100%s", order);
  guint calls = 0;

  while (query)
    {
      g_autoptr (Reply) reply = fixture_call (fixture, "GET", query, NULL);
      JsonArray *list = get_list (reply);
      guint n = json_array_get_length (list);
      guint before = g_hash_table_size (seen);

      calls++;
      for (guint i = 0; i < n; i++)
        g_hash_table_add (seen, g_strdup (json_object_get_string_member (
                                    json_array_get_object_element (list, i), "uid")));
      g_clear_pointer (&query, g_free);
      if (n == 100 && g_hash_table_size (seen) > before)
        query = g_strdup_printf (
            "?limit=100%s&%s=%s", order, bound,
            json_object_get_string_member (json_array_get_object_element (list, n - 1), "created"));
    }
  return calls;
}

static void
test_list_pages (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) down = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) up = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) equal = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (Reply) counts = NULL;

  pond_demo_server_add_video (
      fixture->server, "{\"title\": \"Diary\", \"copies\": 489, \"created_step\": 1.5}", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (walk (fixture, "", "before", down), ==, 6);
  g_assert_cmpuint (g_hash_table_size (down), ==, 500);
  walk (fixture, "&asc=true", "after", up);
  g_assert_cmpuint (g_hash_table_size (up), ==, 500);

  counts = fixture_call (fixture, "GET", "?limit=3&include_counts=true", NULL);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (counts->json), "total"), ==,
                   500);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (counts->json), "range"), ==,
                   3);

  /* With one moment for all, `before` skips what a page has cut off: the known weakness. */
  pond_demo_server_add_video (
      fixture->server,
      "{\"title\": \"Import\", \"copies\": 150, \"created\": \"2027-01-01T00:00:00Z\"}", &error);
  g_assert_no_error (error);
  walk (fixture, "", "before", equal);
  g_assert_cmpuint (g_hash_table_size (equal), ==, 600);
}

static void
test_video (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (Reply) reply = fixture_call (fixture, "GET", "/" PRIVATE, NULL);
  g_autoptr (Reply) unknown =
      fixture_call (fixture, "GET", "/00112233445566778899aabbccddeeff", NULL);
  g_autoptr (Reply) malformed = fixture_call (fixture, "GET", "/0011", NULL);
  JsonObject *video = reply_get_result (reply);
  JsonObject *status = json_object_get_object_member (video, "status");

  g_assert_cmpstr (json_object_get_string_member (video, "uid"), ==, PRIVATE);
  g_assert_cmpstr (json_object_get_string_member (video, "created"), ==,
                   "2026-06-28T21:58:31.004918273Z");
  g_assert_true (json_object_get_boolean_member (video, "requireSignedURLs"));
  g_assert_true (json_object_get_boolean_member (video, "readyToStream"));
  g_assert_cmpstr (json_object_get_string_member (status, "pctComplete"), ==, "100.000000");
  g_assert_cmpstr (
      json_object_get_string_member (json_object_get_object_member (video, "meta"), "name"), ==,
      "Fireflies (family only)");
  g_assert_cmpuint (reply_get_status (unknown), ==, 404);
  g_assert_cmpint (reply_get_code (unknown), ==, 10003);
  g_assert_cmpint (reply_get_code (malformed), ==, 7003);
}

static void
test_processing (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (Reply) early = fixture_call (fixture, "GET", "/" PROCESSING, NULL);
  g_autoptr (Reply) refused = fixture_call (fixture, "POST", "/" PROCESSING "/downloads", NULL);
  g_autoptr (Reply) late = NULL;
  g_autoptr (Reply) started = NULL;

  g_assert_false (json_object_get_boolean_member (reply_get_result (early), "readyToStream"));
  g_assert_cmpfloat (json_object_get_double_member (reply_get_result (early), "duration"), ==, -1);
  g_assert_cmpuint (reply_get_status (refused), ==, 400);
  g_assert_cmpint (reply_get_code (refused), ==, 10005);

  pond_demo_server_set_speed (fixture->server, 1e6);
  late = fixture_call (fixture, "GET", "/" PROCESSING, NULL);
  started = fixture_call (fixture, "POST", "/" PROCESSING "/downloads", NULL);
  g_assert_true (json_object_get_boolean_member (reply_get_result (late), "readyToStream"));
  g_assert_cmpuint (reply_get_status (started), ==, 200);
}

static JsonObject *
get_download (Reply      *reply,
              const char *kind)
{
  return json_object_get_object_member (reply_get_result (reply), kind);
}

static void
test_encode (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (Reply) before = fixture_call (fixture, "GET", "/" PUBLIC "/downloads", NULL);
  g_autoptr (Reply) post = NULL;
  gboolean ready = FALSE;
  guint steps = 0;
  double last = -1;

  g_assert_cmpuint (json_object_get_size (reply_get_result (before)), ==, 0);
  pond_demo_server_set_speed (fixture->server, 15);
  post = fixture_call (fixture, "POST", "/" PUBLIC "/downloads", NULL);
  g_assert_cmpstr (json_object_get_string_member (get_download (post, "default"), "status"), ==,
                   "inprogress");

  while (!ready)
    {
      g_autoptr (Reply) reply = fixture_call (fixture, "GET", "/" PUBLIC "/downloads", NULL);
      JsonObject *entry = get_download (reply, "default");
      double percent = json_object_get_double_member (entry, "percentComplete");

      g_assert_cmpfloat (percent, >=, last);
      steps += percent > last;
      last = percent;
      ready = g_str_equal (json_object_get_string_member (entry, "status"), "ready");
      g_usleep (5000);
    }
  g_assert_cmpuint (steps, >, 5);
  g_assert_cmpfloat (last, ==, 100);
}

static void
test_encode_stands_still (Fixture       *fixture,
                          gconstpointer  data)
{
  double percent = -1;

  pond_demo_server_set_speed (fixture->server, 0);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (Reply) reply =
          fixture_call (fixture, "POST", "/" PUBLIC "/downloads/default", NULL);
      double now =
          json_object_get_double_member (get_download (reply, "default"), "percentComplete");

      g_assert_true (i == 0 || now == percent);
      percent = now;
      g_usleep (20000);
    }
}

static void
test_encode_fails (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (Reply) post = NULL;
  g_autoptr (Reply) failed = NULL;
  g_autoptr (Reply) broken = NULL;

  pond_demo_server_set_speed (fixture->server, 1e6);
  post = fixture_call (fixture, "POST", "/" FAILING "/downloads", NULL);
  g_usleep (1000);
  failed = fixture_call (fixture, "GET", "/" FAILING "/downloads", NULL);
  g_assert_cmpstr (json_object_get_string_member (get_download (failed, "default"), "status"), ==,
                   "error");
  broken = fixture_call (fixture, "POST", "/" BROKEN "/downloads", NULL);
  g_assert_cmpint (reply_get_code (broken), ==, 10005);
}

static void
test_kinds (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (Reply) audio = fixture_call (fixture, "POST", "/" PUBLIC "/downloads/audio", "{}");
  g_autoptr (Reply) unknown =
      fixture_call (fixture, "POST", "/" PUBLIC "/downloads/original", NULL);
  g_autoptr (Reply) removed = fixture_call (fixture, "DELETE", "/" ENABLED "/downloads", NULL);
  g_autoptr (Reply) again =
      fixture_call (fixture, "DELETE", "/" ENABLED "/downloads/default", NULL);
  g_autoptr (Reply) after = fixture_call (fixture, "GET", "/" ENABLED "/downloads", NULL);

  g_assert_true (json_object_has_member (reply_get_result (audio), "audio"));
  g_assert_cmpint (reply_get_code (unknown), ==, 7003);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (removed->json), "result"),
                   ==, "ok");
  g_assert_cmpuint (reply_get_status (again), ==, 404);
  g_assert_cmpuint (json_object_get_size (reply_get_result (after)), ==, 0);
}

static void
test_captions (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (Reply) list = fixture_call (fixture, "GET", "/" CAPTIONED "/captions", NULL);
  g_autoptr (Reply) german = fixture_call (fixture, "GET", "/" CAPTIONED "/captions/de", NULL);
  g_autoptr (Reply) vtt = fixture_call (fixture, "GET", "/" CAPTIONED "/captions/de/vtt", NULL);
  g_autoptr (Reply) missing = fixture_call (fixture, "GET", "/" CAPTIONED "/captions/fr/vtt", NULL);
  g_autoptr (GBytes) expected = load_sample ("paper-boat.de.vtt");

  g_assert_cmpuint (json_array_get_length (get_list (list)), ==, 2);
  g_assert_true (json_object_get_boolean_member (reply_get_result (german), "generated"));
  g_assert_true (g_bytes_equal (vtt->body, expected));
  g_assert_cmpint (reply_get_code (missing), ==, 10003);
}

static void
test_account (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Reply) usage = fixture_call (fixture, "GET", "/storage-usage?creator=jonas", NULL);
  g_autoptr (Reply) tracks = fixture_call (fixture, "GET", "/" PUBLIC "/audio", NULL);
  g_autoptr (Reply) inputs = NULL;
  g_autoptr (Reply) recordings = NULL;
  g_autoptr (Reply) refused = NULL;

  g_assert_cmpint (json_object_get_int_member (reply_get_result (usage), "videoCount"), ==, 5);
  g_assert_true (json_object_has_member (reply_get_result (tracks), "audio"));

  pond_demo_server_add_video (
      fixture->server,
      "{\"uid\": \"a0b1c2d3e4f5061728394a5b6c7d8e9f\", \"title\": \"Heron watch\", "
      "\"duration\": 14400, \"live_input\": \"ffeeddccbbaa99887766554433221100\"}",
      &error);
  g_assert_no_error (error);
  inputs = fixture_call (fixture, "GET", "/live_inputs", NULL);
  recordings =
      fixture_call (fixture, "GET", "/live_inputs/ffeeddccbbaa99887766554433221100/videos", NULL);
  refused = fixture_call (fixture, "POST", "/a0b1c2d3e4f5061728394a5b6c7d8e9f/downloads", NULL);
  g_assert_cmpint (json_object_get_int_member (reply_get_result (inputs), "total"), ==, 1);
  g_assert_cmpuint (json_array_get_length (get_list (recordings)), ==, 1);
  g_assert_cmpint (reply_get_code (refused), ==, 10005);
}

static void
test_rate_limit (Fixture       *fixture,
                 gconstpointer  data)
{
  fixture_add_rules (fixture,
                     "[{\"set\": {\"rate_limit\": 2, \"rate_window\": 300, \"rate_block\": 1}}]");
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (Reply) reply = fixture_call (fixture, "GET", "?limit=1", NULL);

      g_assert_cmpuint (reply_get_status (reply), ==, i < 2 ? 200 : 429);
      g_assert_nonnull (reply_get_header (reply, "Ratelimit"));
      g_assert_cmpstr (reply_get_header (reply, "Ratelimit-Policy"), ==, "\"default\";q=2;w=300");
      if (i >= 2)
        {
          g_assert_cmpstr (reply_get_header (reply, "Retry-After"), ==, "1");
          g_assert_cmpint (reply_get_code (reply), ==, 971);
        }
    }
  g_usleep (1100000);
  {
    g_autoptr (Reply) reply = fixture_call (fixture, "GET", "?limit=1", NULL);

    g_assert_cmpuint (reply_get_status (reply), ==, 200);
  }
}

static void
test_log (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr (Reply) reply = fixture_call (fixture, "GET", "?limit=1", NULL);
  g_autoptr (JsonNode) requests = pond_demo_server_get_requests (fixture->server);
  g_autoptr (JsonNode) none = NULL;
  g_autofree char *text = json_to_string (requests, FALSE);
  JsonObject *entry = json_array_get_object_element (json_node_get_array (requests), 0);

  g_assert_cmpstr (json_object_get_string_member (entry, "host"), ==, "api");
  g_assert_cmpstr (json_object_get_string_member (entry, "query"), ==, "limit=1");
  g_assert_cmpint (json_object_get_int_member (entry, "status"), ==, 200);
  g_assert_cmpint (json_object_get_int_member (entry, "bytes_sent"), ==, reply_get_size (reply));
  g_assert_true (json_object_get_boolean_member (entry, "authorization"));
  g_assert_null (strstr (text, fixture->token));

  pond_demo_server_clear_requests (fixture->server);
  none = pond_demo_server_get_requests (fixture->server);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (none)), ==, 0);
}

/* A key is shown once, and only who may write gets one. */
static void
test_keys (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (Reply) made = fixture_call (fixture, "POST", "/keys", NULL);
  g_autoptr (Reply) listed = fixture_call (fixture, "GET", "/keys", NULL);
  const char *id = json_object_get_string_member (reply_get_result (made), "id");
  g_autofree char *path = g_strconcat ("/keys/", id, NULL);
  g_autoptr (Reply) removed = NULL;
  g_autoptr (Reply) again = NULL;
  g_autoptr (Reply) refused = NULL;
  JsonArray *keys;
  JsonObject *key;

  g_assert_cmpuint (strlen (id), ==, 32);
  g_assert_nonnull (json_object_get_string_member (reply_get_result (made), "pem"));
  g_assert_nonnull (json_object_get_string_member (reply_get_result (made), "jwk"));

  keys = json_object_get_array_member (json_node_get_object (listed->json), "result");
  g_assert_cmpuint (json_array_get_length (keys), ==, 1);
  key = json_array_get_object_element (keys, 0);
  g_assert_cmpstr (json_object_get_string_member (key, "id"), ==, id);
  g_assert_false (json_object_has_member (key, "pem"));

  removed = fixture_call (fixture, "DELETE", path, NULL);
  g_assert_cmpuint (reply_get_status (removed), ==, 200);
  again = fixture_call (fixture, "DELETE", path, NULL);
  g_assert_cmpuint (reply_get_status (again), ==, 404);

  fixture->token = pond_demo_server_get_read_token (fixture->server);
  refused = fixture_call (fixture, "POST", "/keys", NULL);
  g_assert_cmpuint (reply_get_status (refused), ==, 403);
}

/* What the sample folder promises: short of 8 MB, and every file that is named. */
static void
test_samples (void)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *path = g_build_filename (g_getenv ("SAMPLES"), "samples.json", NULL);
  g_autoptr (GDir) dir = g_dir_open (g_getenv ("SAMPLES"), 0, NULL);
  g_autoptr (GHashTable) uids = g_hash_table_new (g_str_hash, g_str_equal);
  const char *keys[] = { "file", "audio", "poster" };
  const char *name;
  JsonArray *samples;
  gsize total = 0;

  while ((name = g_dir_read_name (dir)))
    {
      g_autoptr (GBytes) file = load_sample (name);

      total += g_bytes_get_size (file);
    }
  g_assert_cmpuint (total, <, 8000000);

  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  samples = json_node_get_array (json_parser_get_root (parser));
  for (guint i = 0; i < json_array_get_length (samples); i++)
    {
      JsonObject *sample = json_array_get_object_element (samples, i);
      const char *uid = json_object_get_string_member (sample, "uid");

      g_assert_cmpuint (strspn (uid, "0123456789abcdef"), ==, 32);
      g_assert_true (g_hash_table_add (uids, (gpointer) uid));
      for (gsize j = 0; j < G_N_ELEMENTS (keys); j++)
        {
          const char *file_name =
              json_object_get_string_member_with_default (sample, keys[j], NULL);
          g_autoptr (GBytes) file = file_name ? load_sample (file_name) : NULL;

          if (file && j < 2)
            g_assert_cmpmem ((const char *) g_bytes_get_data (file, NULL) + 4, 4, "ftyp", 4);
        }
    }
  g_assert_cmpuint (g_hash_table_size (uids), >=, 8);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  fixture_add_test ("/demo/api/tokens", test_tokens);
  fixture_add_test ("/demo/api/keys", test_keys);
  fixture_add_test ("/demo/api/read-only", test_read_only);
  fixture_add_test ("/demo/api/list/filters", test_list_filters);
  fixture_add_test ("/demo/api/list/refuses", test_list_refuses);
  fixture_add_test ("/demo/api/list/pages", test_list_pages);
  fixture_add_test ("/demo/api/video", test_video);
  fixture_add_test ("/demo/api/processing", test_processing);
  fixture_add_test ("/demo/api/encode/progress", test_encode);
  fixture_add_test ("/demo/api/encode/stands-still", test_encode_stands_still);
  fixture_add_test ("/demo/api/encode/fails", test_encode_fails);
  fixture_add_test ("/demo/api/kinds", test_kinds);
  fixture_add_test ("/demo/api/captions", test_captions);
  fixture_add_test ("/demo/api/account", test_account);
  fixture_add_test ("/demo/api/rate-limit", test_rate_limit);
  fixture_add_test ("/demo/api/log", test_log);
  g_test_add_func ("/demo/samples", test_samples);
  return g_test_run ();
}
