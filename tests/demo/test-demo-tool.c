/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "demo-fixture.h"

#include <signal.h>
#include <string.h>

static GSubprocess *
start_tool (const char **extra)
{
  g_autoptr (GStrvBuilder) argv = g_strv_builder_new ();
  g_auto (GStrv) args = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *tool;

  g_strv_builder_add_many (argv, g_getenv ("DEMO_TOOL"), "--samples", g_getenv ("SAMPLES"), NULL);
  g_strv_builder_addv (argv, extra);
  args = g_strv_builder_end (argv);
  tool =
      g_subprocess_newv ((const char *const *) args,
                         G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  return tool;
}

static JsonNode *
read_line (GDataInputStream *lines)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  JsonNode *node;

  g_assert_no_error (error);
  g_assert_nonnull (line);
  node = json_from_string (line, &error);
  g_assert_no_error (error);
  return node;
}

static void
test_serves (Fixture       *fixture,
             gconstpointer  data)
{
  const char *extra[] = { "--videos", "20", "--video", "{\"title\": \"One more\"}", NULL };
  g_autoptr (GSubprocess) tool = start_tool (extra);
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (tool));
  g_autoptr (JsonNode) greeting = read_line (lines);
  g_autoptr (JsonNode) log = NULL;
  JsonObject *facts = json_node_get_object (greeting);
  g_autofree char *url =
      g_strdup_printf ("%s/accounts/%s/stream", json_object_get_string_member (facts, "api_base"),
                       json_object_get_string_member (facts, "account_id"));
  g_autofree char *header = g_strconcat ("Authorization: Bearer ",
                                         json_object_get_string_member (facts, "token"), NULL);
  g_autoptr (Reply) reply = fixture_ask (fixture, "GET", url, NULL, header, NULL);
  JsonObject *envelope = json_node_get_object (reply->json);

  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (envelope, "result")),
                    ==, 32);
  g_subprocess_send_signal (tool, SIGUSR1);
  log = read_line (lines);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (log)), ==, 1);
  g_subprocess_send_signal (tool, SIGTERM);
  g_assert_true (g_subprocess_wait_check (tool, NULL, NULL));
}

static void
test_refuses (Fixture       *fixture,
              gconstpointer  data)
{
  const char *extra[] = { "--video", "[]", NULL };
  g_autoptr (GSubprocess) tool = start_tool (extra);
  g_autofree char *complaint = NULL;

  g_assert_true (g_subprocess_communicate_utf8 (tool, NULL, NULL, NULL, &complaint, NULL));
  g_assert_cmpint (g_subprocess_get_exit_status (tool), ==, 1);
  g_assert_cmpstr (complaint, ==, "A video is an object\n");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  fixture_add_test ("/demo/tool/serves", test_serves);
  fixture_add_test ("/demo/tool/refuses", test_refuses);
  return g_test_run ();
}
