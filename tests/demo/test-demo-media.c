/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "demo-fixture.h"

#include <string.h>

#define SAMPLE "ripples-at-dusk.mp4"
#define ANY    "{\"type\": \"any\", \"action\": \"allow\"}"

static char *
make_url (Fixture    *fixture,
          const char *id,
          const char *rest)
{
  return g_strdup_printf ("%s/%s%s", pond_demo_server_get_media_base (fixture->server), id, rest);
}

static guint
get_status (Fixture    *fixture,
            const char *id,
            const char *rest)
{
  g_autofree char *url = make_url (fixture, id, rest);
  g_autoptr (Reply) reply = fixture_ask (fixture, "GET", url, NULL, NULL);

  return reply_get_status (reply);
}

static void
test_whole (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *link = fixture_get_link (fixture, ENABLED);
  g_autoptr (GBytes) sample = load_sample (SAMPLE);
  g_autofree char *length = g_strdup_printf ("%" G_GSIZE_FORMAT, g_bytes_get_size (sample));
  g_autoptr (Reply) reply = fixture_ask (fixture, "GET", link, NULL, NULL);
  g_autoptr (Reply) head = fixture_ask (fixture, "HEAD", link, NULL, NULL);

  g_assert_cmpuint (reply_get_status (reply), ==, 200);
  g_assert_true (g_bytes_equal (reply->body, sample));
  g_assert_cmpstr (reply_get_header (reply, "Content-Type"), ==, "video/mp4");
  g_assert_cmpstr (reply_get_header (reply, "Accept-Ranges"), ==, "bytes");
  g_assert_true (g_str_has_prefix (reply_get_header (reply, "ETag"), "\""));
  g_assert_nonnull (reply_get_header (reply, "Last-Modified"));
  g_assert_cmpuint (reply_get_status (head), ==, 200);
  g_assert_cmpuint (reply_get_size (head), ==, 0);
  g_assert_cmpstr (reply_get_header (head, "Content-Length"), ==, length);
}

static void
test_ranges (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *link = fixture_get_link (fixture, ENABLED);
  g_autoptr (GBytes) sample = load_sample (SAMPLE);
  gsize size = g_bytes_get_size (sample);
  struct
  {
    const char *range;
    guint       status;
    gsize       first;
    gsize       length;
  } cases[] = {
    { "Range: bytes=0-0", 206, 0, 1 },
    { "Range: bytes=1000-1999", 206, 1000, 1000 },
    { "Range: bytes=70000-", 206, 70000, size - 70000 },
    { "Range: bytes=-500", 206, size - 500, 500 },
    { "Range: bytes=100-99999999999", 206, 100, size - 100 },
    { "Range: bytes=0-1,5-6", 200, 0, size },
    { "Range: lines=1-2", 200, 0, size },
  };
  g_autoptr (Reply) beyond =
      fixture_ask (fixture, "GET", link, NULL, "Range: bytes=99999999-", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Reply) reply = fixture_ask (fixture, "GET", link, NULL, cases[i].range, NULL);
      g_autoptr (GBytes) expected =
          g_bytes_new_from_bytes (sample, cases[i].first, cases[i].length);
      g_autofree char *content_range =
          g_strdup_printf ("bytes %" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT "/%" G_GSIZE_FORMAT,
                           cases[i].first, cases[i].first + cases[i].length - 1, size);

      g_assert_cmpuint (reply_get_status (reply), ==, cases[i].status);
      g_assert_true (g_bytes_equal (reply->body, expected));
      if (cases[i].status == 206)
        g_assert_cmpstr (reply_get_header (reply, "Content-Range"), ==, content_range);
    }
  g_assert_cmpuint (reply_get_status (beyond), ==, 416);
  g_assert_true (g_str_has_prefix (reply_get_header (beyond, "Content-Range"), "bytes */"));
}

static void
test_if_range (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *link = fixture_get_link (fixture, ENABLED);
  g_autoptr (Reply) first = fixture_ask (fixture, "HEAD", link, NULL, NULL);
  g_autofree char *etag = g_strconcat ("If-Range: ", reply_get_header (first, "ETag"), NULL);
  g_autofree char *date =
      g_strconcat ("If-Range: ", reply_get_header (first, "Last-Modified"), NULL);
  g_autoptr (Reply) by_etag =
      fixture_ask (fixture, "GET", link, NULL, "Range: bytes=5-9", etag, NULL);
  g_autoptr (Reply) by_date =
      fixture_ask (fixture, "GET", link, NULL, "Range: bytes=5-9", date, NULL);
  g_autoptr (Reply) changed = fixture_ask (fixture, "GET", link, NULL, "Range: bytes=5-9",
                                           "If-Range: \"other\"", NULL);

  g_assert_cmpuint (reply_get_status (by_etag), ==, 206);
  g_assert_cmpuint (reply_get_status (by_date), ==, 206);
  g_assert_cmpuint (reply_get_status (changed), ==, 200);
}

static void
test_file_name (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *url =
      make_url (fixture, ENABLED, "/downloads/default.mp4?filename=my_talk-1%2F..");
  g_autoptr (Reply) redirect = fixture_ask (fixture, "GET", url, NULL, NULL);
  g_autoptr (Reply) reply =
      fixture_ask (fixture, "HEAD", reply_get_header (redirect, "Location"), NULL, NULL);

  g_assert_cmpstr (reply_get_header (reply, "Content-Disposition"), ==,
                   "attachment; filename=\"my_talk-1.mp4\"");
}

static void
test_refusals (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *link = fixture_get_link (fixture, ENABLED);
  g_autofree char *forged = g_strdup (link);
  g_autoptr (Reply) reply = NULL;

  g_assert_cmpuint (get_status (fixture, PUBLIC, "/downloads/default.mp4"), ==, 404);
  g_assert_cmpuint (get_status (fixture, ENABLED, "/downloads/audio.m4a"), ==, 404);
  g_assert_cmpuint (get_status (fixture, ENABLED, "/downloads/original.mov"), ==, 404);
  g_assert_cmpuint (get_status (fixture, PRIVATE, "/downloads/default.mp4"), ==, 401);
  g_assert_cmpuint (get_status (fixture, BROKEN, "/downloads/default.mp4"), ==, 424);
  g_assert_cmpuint (get_status (fixture, BROKEN, "/thumbnails/thumbnail.jpg"), ==, 424);
  g_assert_cmpuint (get_status (fixture, PROCESSING, "/thumbnails/thumbnail.jpg"), ==, 404);
  g_assert_cmpuint (
      get_status (fixture, "00112233445566778899aabbccddeeff", "/downloads/default.mp4"), ==, 404);
  g_assert_cmpuint (get_status (fixture, "eyJub25zZW5zZQ", "/downloads/default.mp4"), ==, 404);

  strstr (forged, "/signed/")[strlen ("/signed/") + 2] ^= 1;
  reply = fixture_ask (fixture, "GET", forged, NULL, NULL);
  g_assert_cmpuint (reply_get_status (reply), ==, 403);
}

static void
test_link_expires (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *link = NULL;
  guint status;

  fixture_add_rules (fixture, "[{\"set\": {\"link_seconds\": 0.2}}]");
  link = fixture_get_link (fixture, ENABLED);
  do
    {
      g_autoptr (Reply) reply = fixture_ask (fixture, "HEAD", link, NULL, NULL);

      status = reply_get_status (reply);
    }
  while (status == 200);
  g_assert_cmpuint (status, ==, 403);
}

static char *
issue_token (Fixture    *fixture,
             const char *body)
{
  g_autoptr (Reply) reply = fixture_call (fixture, "POST", "/" PRIVATE "/token", body);

  return g_strdup (json_object_get_string_member (reply_get_result (reply), "token"));
}

static void
test_tokens (Fixture       *fixture,
             gconstpointer  data)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *early_body =
      g_strdup_printf ("{\"downloadable\": true, \"nbf\": %" G_GINT64_FORMAT "}", now + 60);
  g_autofree char *brief_body =
      g_strdup_printf ("{\"downloadable\": true, \"exp\": %" G_GINT64_FORMAT "}", now + 2);
  g_autofree char *plain = issue_token (fixture, NULL);
  g_autofree char *good = issue_token (fixture, "{\"downloadable\": true}");
  g_autofree char *early = issue_token (fixture, early_body);
  g_autofree char *brief = issue_token (fixture, brief_body);
  g_autofree char *home = issue_token (
      fixture, "{\"downloadable\": true, \"accessRules\": ["
               "{\"type\": \"ip.src\", \"action\": \"allow\", \"ip\": [\"127.0.0.0/8\"]},"
               "{\"type\": \"any\", \"action\": \"block\"}]}");
  g_autofree char *away = issue_token (
      fixture, "{\"downloadable\": true, \"accessRules\": ["
               "{\"type\": \"ip.geoip.country\", \"action\": \"allow\", \"country\": [\"JP\"]},"
               "{\"type\": \"any\", \"action\": \"block\"}]}");
  g_autofree char *forged = g_strdup (good);
  g_auto (GStrv) parts = g_strsplit (good, ".", 0);
  g_autoptr (Reply) post = NULL;
  g_autofree char *link = NULL;
  const char *file = "/downloads/default.mp4";

  pond_demo_server_set_speed (fixture->server, 1e6);
  post = fixture_call (fixture, "POST", "/" PRIVATE "/downloads", NULL);
  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  g_assert_true (g_str_has_prefix (good, "eyJ"));
  link = fixture_get_link (fixture, good);
  g_assert_nonnull (strstr (link, PRIVATE));

  forged[strlen (parts[0]) + 20] ^= 1;
  g_assert_cmpuint (get_status (fixture, brief, file), ==, 302);
  g_assert_cmpuint (get_status (fixture, home, file), ==, 302);
  g_assert_cmpuint (get_status (fixture, plain, file), ==, 403);
  g_assert_cmpuint (get_status (fixture, plain, "/thumbnails/thumbnail.jpg"), ==, 200);
  g_assert_cmpuint (get_status (fixture, early, file), ==, 401);
  g_assert_cmpuint (get_status (fixture, away, file), ==, 403);
  g_assert_cmpuint (get_status (fixture, forged, file), !=, 302);
  while (g_get_real_time () / G_USEC_PER_SEC <= now + 2)
    g_usleep (50000);
  g_assert_cmpuint (get_status (fixture, brief, file), ==, 401);
  fixture_add_rules (fixture, "[{\"do\": {\"variant\": {\"bad_token\": \"403\"}}}]");
  g_assert_cmpuint (get_status (fixture, brief, file), ==, 403);
  fixture_add_rules (fixture, "[{\"do\": {\"variant\": {\"not_downloadable\": \"401\"}}}]");
  g_assert_cmpuint (get_status (fixture, plain, file), ==, 401);
}

static void
test_token_refusals (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *late = g_strdup_printf ("{\"exp\": %" G_GINT64_FORMAT "}",
                                           g_get_real_time () / G_USEC_PER_SEC + 25 * 60 * 60);
  struct
  {
    const char *body;
    int         code;
  } cases[] = {
    { late, 10005 },
    { "{\"exp\": 1}", 10005 },
    { "{\"accessRules\": [" ANY ", " ANY ", " ANY ", " ANY ", " ANY ", " ANY "]}", 10005 },
    { "{\"accessRules\": 5}", 10005 },
    { "{\"accessRules\": [5]}", 10005 },
    { "{\"accessRules\": [{\"type\": \"ip.src\", \"action\": \"block\"}]}", 10005 },
    { "{\"exp\"", 10004 },
    { "[]", 10004 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Reply) reply = fixture_call (fixture, "POST", "/" PRIVATE "/token", cases[i].body);

      g_assert_cmpuint (reply_get_status (reply), ==, 400);
      g_assert_cmpint (reply_get_code (reply), ==, cases[i].code);
    }
}

static void
test_large (Fixture       *fixture,
            gconstpointer  data)
{
  const guint64 size = G_GUINT64_CONSTANT (50) << 30;
  const char *uid = "aaaabbbbccccddddeeeeffff00001111";
  g_autoptr (GBytes) sample = load_sample (SAMPLE);
  g_autoptr (GError) error = NULL;
  g_autofree char *json =
      g_strdup_printf ("{\"uid\": \"%s\", \"title\": \"Long\", \"like\": \"" ENABLED "\", "
                       "\"file_size\": %" G_GUINT64_FORMAT "}",
                       uid, size);
  g_autofree char *tail = g_strdup_printf ("Range: bytes=%" G_GUINT64_FORMAT "-", size - 1000);
  g_autofree char *longer = g_strdup_printf ("Range: bytes=%" G_GUINT64_FORMAT "-", size - 200000);
  g_autofree char *start =
      g_strdup_printf ("Range: bytes=0-%" G_GSIZE_FORMAT, g_bytes_get_size (sample) + 15);
  g_autofree char *link = NULL;

  pond_demo_server_add_video (fixture->server, json, &error);
  g_assert_no_error (error);
  link = fixture_get_link (fixture, uid);
  {
    g_autoptr (Reply) one = fixture_ask (fixture, "GET", link, NULL, tail, NULL);
    g_autoptr (Reply) two = fixture_ask (fixture, "GET", link, NULL, longer, NULL);
    g_autoptr (Reply) head = fixture_ask (fixture, "GET", link, NULL, start, NULL);
    g_autoptr (GBytes) end = g_bytes_new_from_bytes (two->body, 199000, 1000);
    const guint8 *bytes = g_bytes_get_data (head->body, NULL);
    gsize at = g_bytes_get_size (sample);
    guint64 box_size;

    g_assert_cmpuint (reply_get_size (one), ==, 1000);
    g_assert_true (g_bytes_equal (one->body, end));
    g_assert_cmpmem (bytes, at, g_bytes_get_data (sample, NULL), at);
    g_assert_cmpmem (bytes + at, 8, "\0\0\0\1free", 8);
    memcpy (&box_size, bytes + at + 8, sizeof box_size);
    g_assert_cmpuint (GUINT64_FROM_BE (box_size), ==, size - at);
  }
}

/* A server that stops breaks off what it is sending, and waits for nobody. */
static void
test_stop (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *link = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GInputStream) stream = NULL;
  char buffer[4096];
  gssize size;

  pond_demo_server_add_video (fixture->server,
                              "{\"uid\": \"aaaabbbbccccddddeeeeffff00001111\", \"like\": \"" ENABLED
                              "\", "
                              "\"file_size\": 1e11}",
                              &error);
  g_assert_no_error (error);
  link = fixture_get_link (fixture, "aaaabbbbccccddddeeeeffff00001111");
  message = soup_message_new ("GET", link);
  stream = soup_session_send (fixture->session, message, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_input_stream_read (stream, buffer, sizeof buffer, NULL, &error), >, 0);
  pond_demo_server_stop (fixture->server);
  do
    size = g_input_stream_read (stream, buffer, sizeof buffer, NULL, &error);
  while (size > 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
}

static void
test_stop_while_waiting (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *url = make_url (fixture, ENABLED, "/downloads/default.mp4");
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  guint requests = 0;

  fixture_add_rules (fixture, "[{\"do\": {\"delay_ms\": 3600000}}]");
  soup_session_send_async (fixture->session, message, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  while (requests == 0)
    {
      g_autoptr (JsonNode) log = NULL;

      g_main_context_iteration (NULL, FALSE);
      log = pond_demo_server_get_requests (fixture->server);
      requests = json_array_get_length (json_node_get_array (log));
    }
  pond_demo_server_stop (fixture->server);
  soup_session_abort (fixture->session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  fixture_add_test ("/demo/media/whole", test_whole);
  fixture_add_test ("/demo/media/ranges", test_ranges);
  fixture_add_test ("/demo/media/if-range", test_if_range);
  fixture_add_test ("/demo/media/file-name", test_file_name);
  fixture_add_test ("/demo/media/refusals", test_refusals);
  fixture_add_test ("/demo/media/link-expires", test_link_expires);
  fixture_add_test ("/demo/media/tokens", test_tokens);
  fixture_add_test ("/demo/media/token-refusals", test_token_refusals);
  fixture_add_test ("/demo/media/large", test_large);
  fixture_add_test ("/demo/media/stop", test_stop);
  fixture_add_test ("/demo/media/stop-while-waiting", test_stop_while_waiting);
  return g_test_run ();
}
