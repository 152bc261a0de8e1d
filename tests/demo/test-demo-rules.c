/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "demo-fixture.h"

#include <string.h>

#define SAMPLE "ripples-at-dusk.mp4"
#define FILES  "{\"match\": {\"path\": \"/signed/*\"}, \"do\": "

static Reply *
ask_file (Fixture    *fixture,
          const char *header)
{
  g_autofree char *link = fixture_get_link (fixture, ENABLED);

  return fixture_ask (fixture, "GET", link, NULL, header, NULL);
}

/* The head and the body of a file as they come over the wire. */
static void
read_file (Fixture     *fixture,
           const char  *header,
           char       **head,
           GBytes     **body,
           GError     **error)
{
  g_autofree char *link = fixture_get_link (fixture, ENABLED);
  g_autoptr (GByteArray) wire = fixture_read_wire (fixture, link, header, error);
  const char *end = g_strstr_len ((char *) wire->data, wire->len, "\r\n\r\n");

  g_assert_nonnull (end);
  *head = g_strndup ((char *) wire->data, end - (char *) wire->data);
  *body = g_bytes_new (end + 4, wire->len - (end + 4 - (char *) wire->data));
}

static gboolean
is_start_of (GBytes *part,
             GBytes *whole)
{
  return g_bytes_get_size (part) <= g_bytes_get_size (whole) &&
         memcmp (g_bytes_get_data (part, NULL), g_bytes_get_data (whole, NULL),
                 g_bytes_get_size (part)) == 0;
}

static void
test_refuses_nonsense (Fixture       *fixture,
                       gconstpointer  data)
{
  const char *cases[] = {
    "{}",
    "[1]",
    "[{\"when\": {}}]",
    "[{\"match\": {\"hots\": \"api\"}}]",
    "[{\"do\": {\"status\": \"503\"}}]",
    "[{\"do\": {\"explode\": true}}]",
    "[{\"do\": {\"variant\": {\"total\": \"roman\"}}}]",
    "[{\"do\": {\"variant\": {\"colour\": \"blue\"}}}]",
    "[{\"set\": {\"rate\": 1}}]",
    "[{\"do\": {\"status\": 503}}, {\"do\": {\"delay\": 1}}]",
  };
  g_autoptr (Reply) reply = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (pond_demo_server_add_rules (fixture->server, cases[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
  reply = fixture_call (fixture, "GET", "", NULL);
  g_assert_cmpuint (reply_get_status (reply), ==, 200);
}

static void
test_matching (Fixture       *fixture,
               gconstpointer  data)
{
  struct
  {
    const char *match;
    const char *expected;
  } cases[] = {
    { "{}", "5555" },
    { "{\"host\": \"media\"}", "2222" },
    { "{\"method\": \"POST\"}", "2222" },
    { "{\"path\": \"*/stream/*\"}", "5555" },
    { "{\"path\": \"*/captions\"}", "2222" },
    { "{\"video\": \"" PUBLIC "\"}", "5555" },
    { "{\"video\": \"" PRIVATE "\"}", "2222" },
    { "{\"nth\": 2}", "2522" },
    { "{\"times\": 3}", "5552" },
    { "{\"from\": 3}", "2255" },
    { "{\"from\": 2, \"times\": 2}", "2552" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *rule =
          g_strdup_printf ("[{\"match\": %s, \"do\": {\"status\": 503}}]", cases[i].match);
      char seen[5] = { 0 };

      fixture_add_rules (fixture, rule);
      for (guint j = 0; j < 4; j++)
        {
          g_autoptr (Reply) reply = fixture_call (fixture, "GET", "/" PUBLIC, NULL);

          seen[j] = '0' + reply_get_status (reply) / 100;
        }
      g_assert_cmpstr (seen, ==, cases[i].expected);
      pond_demo_server_clear_rules (fixture->server);
    }
}

static void
test_status (Fixture       *fixture,
             gconstpointer  data)
{
  fixture_add_rules (
      fixture,
      "[{\"match\": {\"nth\": 1}, \"do\": {\"status\": 429, \"code\": 971, "
      "\"headers\": {\"Retry-After\": \"7\"}}},"
      " {\"match\": {\"nth\": 2}, \"do\": {\"status\": 502, \"body\": \"<html>Bad "
      "gateway</html>\"}},"
      " {\"match\": {\"nth\": 3}, \"do\": {\"body\": \"<html>Log in to the hotel</html>\"}},"
      " {\"match\": {\"nth\": 4}, \"do\": {\"body\": \"{\", \"content_type\": \"text/json\"}}]");
  {
    g_autoptr (Reply) limited = fixture_call (fixture, "GET", "", NULL);
    g_autoptr (Reply) gateway = fixture_call (fixture, "GET", "", NULL);
    g_autoptr (Reply) portal = fixture_call (fixture, "GET", "", NULL);
    g_autoptr (Reply) garbled = fixture_call (fixture, "GET", "", NULL);

    g_assert_cmpuint (reply_get_status (limited), ==, 429);
    g_assert_cmpint (reply_get_code (limited), ==, 971);
    g_assert_cmpstr (reply_get_header (limited, "Retry-After"), ==, "7");
    g_assert_cmpuint (reply_get_status (gateway), ==, 502);
    g_assert_true (g_str_has_prefix (reply_get_header (gateway, "Content-Type"), "text/html"));
    g_assert_cmpuint (reply_get_status (portal), ==, 200);
    g_assert_cmpmem (g_bytes_get_data (portal->body, NULL), 6, "<html>", 6);
    g_assert_cmpuint (reply_get_size (garbled), ==, 1);
  }
}

static void
test_delay (Fixture       *fixture,
            gconstpointer  data)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (Reply) reply = NULL;

  fixture_add_rules (fixture, "[{\"do\": {\"delay_ms\": 300}}]");
  reply = fixture_call (fixture, "GET", "", NULL);
  g_assert_cmpuint (reply_get_status (reply), ==, 200);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 300000);
}

static void
test_drop (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *link = fixture_get_link (fixture, ENABLED);
  g_autoptr (GByteArray) wire = NULL;
  g_autoptr (GError) error = NULL;

  fixture_add_rules (fixture, "[" FILES "{\"drop\": true}}]");
  wire = fixture_read_wire (fixture, link, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (wire->len, ==, 0);
}

static void
test_drop_after (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (GBytes) sample = load_sample (SAMPLE);
  g_autofree char *expected =
      g_strdup_printf ("Content-Length: %" G_GSIZE_FORMAT, g_bytes_get_size (sample));
  g_autofree char *head = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) requests = NULL;
  JsonArray *entries;

  fixture_add_rules (fixture, "[" FILES "{\"drop_after\": 123456}}]");
  read_file (fixture, NULL, &head, &body, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (head, expected));
  g_assert_cmpuint (g_bytes_get_size (body), ==, 123456);
  g_assert_true (is_start_of (body, sample));

  requests = pond_demo_server_get_requests (fixture->server);
  entries = json_node_get_array (requests);
  g_assert_cmpint (json_object_get_int_member (
                       json_array_get_object_element (entries, json_array_get_length (entries) - 1),
                       "bytes_sent"),
                   ==, 123456);
}

static void
test_reset (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *link = fixture_get_link (fixture, ENABLED);
  g_autoptr (GByteArray) wire = NULL;
  g_autoptr (GError) error = NULL;

  fixture_add_rules (fixture, "[" FILES "{\"drop_after\": 1000, \"reset\": true}}]");
  wire = fixture_read_wire (fixture, link, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

static void
test_stall (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (GBytes) sample = load_sample (SAMPLE);
  gint64 start = g_get_monotonic_time ();
  g_autofree char *head = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  fixture_add_rules (fixture, "[" FILES "{\"stall_after\": 5000, \"stall_ms\": 400}}]");
  read_file (fixture, NULL, &head, &body, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 400000);
  g_assert_true (g_bytes_equal (body, sample));
}

static gpointer
stop_soon (gpointer data)
{
  g_usleep (400000);
  pond_demo_server_stop (data);
  return NULL;
}

/* The silence ends with the server only, which must not wait for it. */
static void
test_stall_for_ever (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *head = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread = NULL;

  fixture_add_rules (fixture, "[" FILES "{\"stall_after\": 5000}}]");
  thread = g_thread_new ("stop", stop_soon, fixture->server);
  read_file (fixture, NULL, &head, &body, &error);
  g_thread_join (thread);
  g_assert_cmpuint (g_bytes_get_size (body), ==, 5000);
}

static void
test_trickle (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GBytes) sample = load_sample (SAMPLE);
  double seconds = g_bytes_get_size (sample) / 1e6;
  gint64 start = g_get_monotonic_time ();
  g_autofree char *head = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  fixture_add_rules (fixture, "[" FILES "{\"bytes_per_second\": 1000000}}]");
  read_file (fixture, NULL, &head, &body, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (body, sample));
  g_assert_cmpfloat ((g_get_monotonic_time () - start) / 1e6, >=, seconds * 0.8);
}

static void
test_wrong_length (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (GBytes) sample = load_sample (SAMPLE);
  const int deltas[] = { -1000, 1000 };

  for (gsize i = 0; i < G_N_ELEMENTS (deltas); i++)
    {
      g_autofree char *rule = g_strdup_printf ("[" FILES "{\"length_delta\": %d}}]", deltas[i]);
      g_autofree char *said =
          g_strdup_printf ("Content-Length: %d\r\n", (int) g_bytes_get_size (sample) + deltas[i]);
      g_autofree char *head = NULL;
      g_autoptr (GBytes) body = NULL;
      g_autoptr (GError) error = NULL;

      fixture_add_rules (fixture, rule);
      read_file (fixture, NULL, &head, &body, &error);
      g_assert_no_error (error);
      g_assert_nonnull (strstr (head, said));
      g_assert_true (g_bytes_equal (body, sample));
    }
}

static void
test_chunked (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GBytes) sample = load_sample (SAMPLE);
  g_autoptr (Reply) reply = NULL;

  fixture_add_rules (fixture, "[" FILES "{\"chunked\": true}}]");
  reply = ask_file (fixture, NULL);
  g_assert_null (reply_get_header (reply, "Content-Length"));
  g_assert_cmpstr (reply_get_header (reply, "Transfer-Encoding"), ==, "chunked");
  g_assert_true (g_bytes_equal (reply->body, sample));
}

static void
test_ranges (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GBytes) sample = load_sample (SAMPLE);

  fixture_add_rules (fixture, "[" FILES "{\"shift_range\": -100}}]");
  {
    g_autoptr (Reply) shifted = ask_file (fixture, "Range: bytes=5000-5999");
    g_autoptr (GBytes) expected = g_bytes_new_from_bytes (sample, 4900, 1100);

    g_assert_true (
        g_str_has_prefix (reply_get_header (shifted, "Content-Range"), "bytes 4900-5999/"));
    g_assert_true (g_bytes_equal (shifted->body, expected));
  }
  fixture_add_rules (fixture, "[" FILES "{\"ignore_range\": true, \"accept_ranges\": null}}]");
  {
    g_autoptr (Reply) whole = ask_file (fixture, "Range: bytes=5000-5999");

    g_assert_cmpuint (reply_get_status (whole), ==, 200);
    g_assert_null (reply_get_header (whole, "Accept-Ranges"));
    g_assert_true (g_bytes_equal (whole->body, sample));
  }
}

static void
test_validators (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *link = fixture_get_link (fixture, ENABLED);
  g_autoptr (Reply) first = NULL;
  g_autoptr (Reply) second = NULL;
  g_autoptr (Reply) third = NULL;

  fixture_add_rules (
      fixture,
      "[{\"match\": {\"path\": \"/signed/*\", \"nth\": 1}, \"do\": {\"etag\": null, "
      "\"last_modified\": null}},"
      " {\"match\": {\"path\": \"/signed/*\", \"from\": 2}, \"do\": {\"etag\": "
      "\"\\\"second\\\"\"}},"
      " {\"match\": {\"path\": \"/signed/*\", \"from\": 3}, \"do\": {\"ignore_if_range\": true}}]");
  first = fixture_ask (fixture, "GET", link, NULL, NULL);
  second =
      fixture_ask (fixture, "GET", link, NULL, "Range: bytes=0-9", "If-Range: \"first\"", NULL);
  third = fixture_ask (fixture, "GET", link, NULL, "Range: bytes=0-9", "If-Range: \"first\"", NULL);
  g_assert_null (reply_get_header (first, "ETag"));
  g_assert_null (reply_get_header (first, "Last-Modified"));
  g_assert_cmpstr (reply_get_header (second, "ETag"), ==, "\"second\"");
  g_assert_cmpuint (reply_get_status (second), ==, 200);
  g_assert_cmpuint (reply_get_status (third), ==, 206);
}

static void
test_content (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (GBytes) sample = load_sample (SAMPLE);
  g_autoptr (GBytes) other = load_sample ("mill-wheel.mp4");
  const guint8 *bytes = g_bytes_get_data (sample, NULL);

  fixture_add_rules (fixture, "[" FILES "{\"corrupt_at\": 4321}}]");
  {
    g_autoptr (Reply) reply = ask_file (fixture, NULL);
    const guint8 *got = g_bytes_get_data (reply->body, NULL);

    g_assert_cmpuint (reply_get_size (reply), ==, g_bytes_get_size (sample));
    g_assert_cmpuint (got[4321], ==, bytes[4321] ^ 0xff);
    g_assert_cmpmem (got, 4321, bytes, 4321);
    g_assert_cmpmem (got + 4322, 1000, bytes + 4322, 1000);
  }
  pond_demo_server_clear_rules (fixture->server);
  fixture_add_rules (fixture, "[" FILES "{\"truncate_to\": 2000}}]");
  {
    g_autoptr (Reply) reply = ask_file (fixture, NULL);

    g_assert_cmpmem (g_bytes_get_data (reply->body, NULL), reply_get_size (reply), bytes, 2000);
  }
  pond_demo_server_clear_rules (fixture->server);
  fixture_add_rules (fixture, "[" FILES "{\"file\": \"" PUBLIC "\"}}]");
  {
    g_autoptr (Reply) reply = ask_file (fixture, NULL);

    g_assert_true (g_bytes_equal (reply->body, other));
  }
}

static void
test_redirects (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *url = g_strdup_printf ("%s/" ENABLED "/downloads/default.mp4",
                                          pond_demo_server_get_media_base (fixture->server));
  const char *targets[][2] = {
    { "file:///etc/hostname", "file:///etc/hostname" },
    { "https://example.org/", "https://example.org/" },
    { "loop", "/" ENABLED "/downloads/default.mp4" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autofree char *rule = g_strdup_printf ("[{\"do\": {\"redirect\": \"%s\"}}]", targets[i][0]);
      g_autoptr (Reply) reply = NULL;

      fixture_add_rules (fixture, rule);
      reply = fixture_ask (fixture, "GET", url, NULL, NULL);
      g_assert_cmpuint (reply_get_status (reply), ==, 302);
      g_assert_cmpstr (reply_get_header (reply, "Location"), ==, targets[i][1]);
    }
}

static char *
call_with_variant (Fixture    *fixture,
                   const char *name,
                   const char *value,
                   const char *method,
                   const char *path,
                   guint      *status)
{
  g_autofree char *rule =
      g_strdup_printf ("[{\"do\": {\"variant\": {\"%s\": \"%s\"}}}]", name, value);
  g_autoptr (Reply) reply = NULL;

  fixture_add_rules (fixture, rule);
  reply = fixture_call (fixture, method, path, NULL);
  *status = reply_get_status (reply);
  pond_demo_server_clear_rules (fixture->server);
  return json_to_string (reply->json, FALSE);
}

static void
test_variants (Fixture       *fixture,
               gconstpointer  data)
{
  struct
  {
    const char *name;
    const char *value;
    const char *method;
    const char *path;
    guint       status;
    const char *expected;
  } cases[] = {
    { "downloads_before_post", "404", "GET", "/" PUBLIC "/downloads", 404, "10003" },
    { "downloads_before_post", "null", "GET", "/" PUBLIC "/downloads", 200, "{\"result\":null" },
    { "post_not_ready", "409", "POST", "/" PROCESSING "/downloads", 409, "10005" },
    { "post_answer", "flat", "POST", "/" PUBLIC "/downloads", 200, "{\"result\":{\"status\"" },
    { "percent_complete", "string", "GET", "/" ENABLED "/downloads", 200,
      "\"percentComplete\":\"100\"" },
    { "total", "string", "GET", "?include_counts=true", 200, "\"total\":\"11\"" },
    { "live_inputs", "array", "GET", "/live_inputs", 200, "{\"result\":[]" },
    { "meta_name", "number", "GET", "/" PUBLIC, 200, "\"name\":2026" },
    { "meta_name", "empty", "GET", "/" PUBLIC, 200, "\"name\":\"\"" },
    { "pct_complete", "number", "GET", "/" PUBLIC, 200, "\"pctComplete\":100" },
    { "failure_result", "missing", "GET", "/00112233445566778899aabbccddeeff", 404,
      "{\"success\":false" },
    { "messages", "missing", "GET", "/" PUBLIC, 200, "\"errors\":[]}" },
    { "no_route", "400", "GET", "/" PUBLIC "/sandwich", 400, "7003" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint status;
      g_autofree char *text = call_with_variant (fixture, cases[i].name, cases[i].value,
                                                 cases[i].method, cases[i].path, &status);

      g_assert_cmpuint (status, ==, cases[i].status);
      if (!strstr (text, cases[i].expected))
        g_error ("%s=%s: no %s in %s", cases[i].name, cases[i].value, cases[i].expected, text);
    }
}

static void
test_media_variants (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *ready = g_strdup_printf ("%s/" ENABLED "/downloads/default.mp4",
                                            pond_demo_server_get_media_base (fixture->server));
  g_autofree char *unfinished = g_strdup_printf ("%s/" PUBLIC "/downloads/default.mp4",
                                                 pond_demo_server_get_media_base (fixture->server));
  g_autofree char *link = fixture_get_link (fixture, ENABLED);
  g_autoptr (Reply) before = fixture_ask (fixture, "HEAD", link, NULL, NULL);
  g_autoptr (Reply) removed = fixture_call (fixture, "DELETE", "/" ENABLED "/downloads", NULL);
  g_autoptr (Reply) made = fixture_call (fixture, "POST", "/" ENABLED "/downloads", NULL);
  g_autoptr (Reply) kept = fixture_ask (fixture, "HEAD", link, NULL, NULL);

  g_assert_cmpstr (reply_get_header (before, "ETag"), ==, reply_get_header (kept, "ETag"));
  fixture_add_rules (
      fixture, "[{\"do\": {\"variant\": {\"delete_etag\": \"changed\", \"redirect\": \"none\", "
               "\"file_in_progress\": \"425\"}}}]");
  pond_demo_server_set_speed (fixture->server, 1e6);
  {
    g_autoptr (Reply) changed = fixture_ask (fixture, "HEAD", link, NULL, NULL);
    g_autoptr (Reply) direct = fixture_ask (fixture, "HEAD", ready, NULL, NULL);
    g_autoptr (Reply) early = fixture_ask (fixture, "GET", unfinished, NULL, NULL);

    g_assert_cmpstr (reply_get_header (before, "ETag"), !=, reply_get_header (changed, "ETag"));
    g_assert_cmpuint (reply_get_status (direct), ==, 200);
    g_assert_cmpuint (reply_get_status (early), ==, 425);
  }
}

static void
test_allowed_origins (Fixture       *fixture,
                      gconstpointer  data)
{
  const char *uid = "aaaabbbbccccddddeeeeffff00001111";
  g_autofree char *url = g_strdup_printf (
      "%s/%s/downloads/default.mp4", pond_demo_server_get_media_base (fixture->server), uid);
  g_autoptr (GError) error = NULL;
  g_autoptr (Reply) ignored = NULL;
  g_autoptr (Reply) none = NULL;
  g_autoptr (Reply) other = NULL;
  g_autoptr (Reply) allowed = NULL;

  pond_demo_server_add_video (fixture->server,
                              "{\"uid\": \"aaaabbbbccccddddeeeeffff00001111\", \"like\": \"" ENABLED
                              "\", \"allowed_origins\": [\"*.example.org\"]}",
                              &error);
  g_assert_no_error (error);
  ignored = fixture_ask (fixture, "GET", url, NULL, NULL);
  g_assert_cmpuint (reply_get_status (ignored), ==, 302);
  fixture_add_rules (fixture, "[{\"do\": {\"variant\": {\"allowed_origins\": \"enforced\"}}}]");
  none = fixture_ask (fixture, "GET", url, NULL, NULL);
  other = fixture_ask (fixture, "GET", url, NULL, "Referer: https://example.com/", NULL);
  allowed = fixture_ask (fixture, "GET", url, NULL, "Referer: https://www.example.org/a", NULL);
  g_assert_cmpuint (reply_get_status (none), ==, 403);
  g_assert_cmpuint (reply_get_status (other), ==, 403);
  g_assert_cmpuint (reply_get_status (allowed), ==, 302);
}

static void
test_early_encode (Fixture       *fixture,
                   gconstpointer  data)
{
  const char *uid = "aaaabbbbccccddddeeeeffff00001111";
  g_autofree char *path = g_strdup_printf ("/%s/downloads", uid);
  g_autoptr (GError) error = NULL;
  g_autoptr (Reply) post = NULL;
  g_autoptr (Reply) early = NULL;
  g_autoptr (Reply) late = NULL;
  g_autofree char *link = NULL;

  fixture_add_rules (fixture, "[{\"do\": {\"variant\": {\"early_encode\": \"rebuilt\"}}}]");
  pond_demo_server_add_video (fixture->server,
                              "{\"uid\": \"aaaabbbbccccddddeeeeffff00001111\", \"like\": \"" PUBLIC
                              "\", \"encode_seconds\": 0, \"finishing_seconds\": 3600}",
                              &error);
  g_assert_no_error (error);
  post = fixture_call (fixture, "POST", path, NULL);
  g_assert_cmpuint (reply_get_status (post), ==, 200);
  link = fixture_get_link (fixture, uid);
  early = fixture_ask (fixture, "HEAD", link, NULL, NULL);
  pond_demo_server_set_speed (fixture->server, 1e9);
  late = fixture_ask (fixture, "HEAD", link, NULL, NULL);
  g_assert_cmpstr (reply_get_header (early, "ETag"), !=, reply_get_header (late, "ETag"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  fixture_add_test ("/demo/rules/nonsense", test_refuses_nonsense);
  fixture_add_test ("/demo/rules/matching", test_matching);
  fixture_add_test ("/demo/rules/status", test_status);
  fixture_add_test ("/demo/rules/delay", test_delay);
  fixture_add_test ("/demo/rules/drop", test_drop);
  fixture_add_test ("/demo/rules/drop-after", test_drop_after);
  fixture_add_test ("/demo/rules/reset", test_reset);
  fixture_add_test ("/demo/rules/stall", test_stall);
  fixture_add_test ("/demo/rules/stall-for-ever", test_stall_for_ever);
  fixture_add_test ("/demo/rules/trickle", test_trickle);
  fixture_add_test ("/demo/rules/length", test_wrong_length);
  fixture_add_test ("/demo/rules/chunked", test_chunked);
  fixture_add_test ("/demo/rules/ranges", test_ranges);
  fixture_add_test ("/demo/rules/validators", test_validators);
  fixture_add_test ("/demo/rules/content", test_content);
  fixture_add_test ("/demo/rules/redirects", test_redirects);
  fixture_add_test ("/demo/rules/variants", test_variants);
  fixture_add_test ("/demo/rules/media-variants", test_media_variants);
  fixture_add_test ("/demo/rules/allowed-origins", test_allowed_origins);
  fixture_add_test ("/demo/rules/early-encode", test_early_encode);
  return g_test_run ();
}
