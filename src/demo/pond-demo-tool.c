/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sample server as a program, for scripts and benchmarks: docs/sample-server.md. */

#define G_LOG_DOMAIN "pond-demo"

#include "config.h"

#include <glib-unix.h>

#include "demo/pond-demo-server.h"

static double speed = 1;
static char *rules_path;
static char *samples_path;
static char **videos;
static int clones;
static int api_port;
static int media_port;

static const GOptionEntry entries[] = {
  { "samples", 0, 0, G_OPTION_ARG_FILENAME, &samples_path, "Read the samples from FOLDER",
    "FOLDER" },
  { "rules", 0, 0, G_OPTION_ARG_FILENAME, &rules_path, "Read rules from FILE", "FILE" },
  { "speed", 0, 0, G_OPTION_ARG_DOUBLE, &speed, "Encode X times as fast", "X" },
  { "video", 0, 0, G_OPTION_ARG_STRING_ARRAY, &videos, "Add a video, described in JSON", "JSON" },
  { "videos", 0, 0, G_OPTION_ARG_INT, &clones, "Add N videos", "N" },
  { "port", 0, 0, G_OPTION_ARG_INT, &api_port, "Port of the API", "PORT" },
  { "media-port", 0, 0, G_OPTION_ARG_INT, &media_port, "Port of delivery", "PORT" },
  { NULL }
};

static gboolean
configure (PondDemoServer  *server,
           GError         **error)
{
  g_autofree char *rules = NULL;
  g_autofree char *many = NULL;

  if (rules_path && (!g_file_get_contents (rules_path, &rules, NULL, error) ||
                     !pond_demo_server_add_rules (server, rules, error)))
    return FALSE;
  for (char **video = videos; video && *video; video++)
    {
      if (!pond_demo_server_add_video (server, *video, error))
        return FALSE;
    }
  if (clones <= 0)
    return TRUE;
  many = g_strdup_printf (
      "{\"title\": \"Pond diary\", \"copies\": %d, \"created_step\": 61.000000007, "
      "\"duration\": 15, \"width\": 960, \"height\": 540, \"file\": \"mill-wheel.mp4\", "
      "\"audio\": \"mill-wheel.m4a\", \"poster\": \"mill-wheel.jpg\", \"encode_seconds\": 5}",
      clones);
  return pond_demo_server_add_video (server, many, error);
}

static gboolean
on_dump (gpointer user_data)
{
  g_autoptr (JsonNode) requests = pond_demo_server_get_requests (user_data);
  g_autofree char *text = json_to_string (requests, FALSE);

  g_print ("%s\n", text);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_quit (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (PondDemoServer) server = NULL;
  g_autoptr (GFile) samples = NULL;

  g_option_context_set_summary (context,
                                "Serves the sample account of Millpond on loopback ports.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }

  samples = g_file_new_for_path (samples_path ? samples_path : SAMPLES_FOLDER);
  server = pond_demo_server_new (samples);
  pond_demo_server_set_ports (server, api_port, media_port);
  pond_demo_server_set_speed (server, speed);
  if (!pond_demo_server_start (server, &error) || !configure (server, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  g_print ("{\"api_base\":\"%s\",\"media_base\":\"%s\",\"account_id\":\"%s\",\"token\":\"%s\","
           "\"read_token\":\"%s\",\"account_token\":\"%s\"}\n",
           pond_demo_server_get_api_base (server), pond_demo_server_get_media_base (server),
           pond_demo_server_get_account_id (server), pond_demo_server_get_token (server),
           pond_demo_server_get_read_token (server), pond_demo_server_get_account_token (server));

  g_unix_signal_add (SIGUSR1, on_dump, server);
  g_unix_signal_add (SIGINT, on_quit, loop);
  g_unix_signal_add (SIGTERM, on_quit, loop);
  g_main_loop_run (loop);
  return 0;
}
