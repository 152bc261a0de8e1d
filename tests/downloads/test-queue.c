/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "world.h"

typedef struct
{
  World *world;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->world = world_new ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  world_free (fixture->world);
}

static void
add_rules (Fixture    *fixture,
           const char *rules)
{
  g_autoptr(GError) error = NULL;

  pond_demo_server_add_rules (fixture->world->server, rules, &error);
  g_assert_no_error (error);
}

static void
record_state (PondDownload *download,
              GParamSpec   *pspec,
              gpointer      user_data)
{
  g_array_append_val ((GArray *) user_data, (PondDownloadState) { pond_download_get_state (download) });
}

static void
test_states (Fixture       *fixture,
             gconstpointer  data)
{
  static const PondDownloadState expected[] = {
    POND_DOWNLOAD_ENABLING, POND_DOWNLOAD_PREPARING, POND_DOWNLOAD_DOWNLOADING, POND_DOWNLOAD_CHECKING,
    POND_DOWNLOAD_SAVED,
  };
  Process *process = world_start (fixture->world);
  g_autoptr(PondDownload) download = process_add (process, WHEEL, "default");
  g_autoptr(GArray) states = g_array_new (FALSE, FALSE, sizeof (PondDownloadState));

  g_signal_connect (download, "notify::state", G_CALLBACK (record_state), states);
  wait_for_state (download, POND_DOWNLOAD_SAVED);
  g_signal_handlers_disconnect_by_func (download, record_state, states);

  g_assert_cmpmem (expected, sizeof expected, states->data, states->len * sizeof (PondDownloadState));
  g_assert_cmpstr (pond_download_get_title (download), ==, "The mill wheel, slowly");
  g_assert_cmpuint (pond_download_get_resumed_from (download), ==, 0);
  g_assert_cmpfloat (pond_download_get_progress (download), ==, 1);
  assert_same_file (pond_library_find (process->library, WHEEL, "default"), "mill-wheel.mp4");
  process_stop (process);
}

static void
test_enabled_already (Fixture       *fixture,
                      gconstpointer  data)
{
  Process *process = world_start (fixture->world);
  g_autoptr(PondDownload) download = process_add (process, RIPPLES, "default");
  g_autoptr(PondDownload) again = NULL;

  wait_for_state (download, POND_DOWNLOAD_SAVED);
  assert_same_file (pond_library_find (process->library, RIPPLES, "default"), "ripples-at-dusk.mp4");
  g_assert_cmpuint (world_count_requests (fixture->world, "api", "POST", "*/downloads*"), ==, 0);

  /* What is saved is not fetched a second time. */
  pond_demo_server_clear_requests (fixture->world->server);
  again = process_add (process, RIPPLES, "default");
  g_assert_true (again == download);
  wait_for_state (again, POND_DOWNLOAD_SAVED);
  g_assert_cmpuint (world_count_sent (fixture->world), ==, 0);
  process_stop (process);
}

static void
test_both_types (Fixture       *fixture,
                 gconstpointer  data)
{
  Process *process = world_start (fixture->world);
  g_autoptr(PondDownload) video = process_add (process, BOAT, "default");
  g_autoptr(PondDownload) audio = process_add (process, BOAT, "audio");
  PondLibraryEntry *entry;

  wait_for_state (video, POND_DOWNLOAD_SAVED);
  wait_for_state (audio, POND_DOWNLOAD_SAVED);
  entry = pond_library_find (process->library, BOAT, "audio");
  assert_same_file (entry, "paper-boat.m4a");
  g_assert_true (g_str_has_suffix (g_file_peek_path (pond_library_entry_get_file (entry)), "[" BOAT "].m4a"));
  assert_same_file (pond_library_find (process->library, BOAT, "default"), "paper-boat.mp4");
  process_stop (process);
}

static void
test_captions (Fixture       *fixture,
               gconstpointer  data)
{
  static const char * const languages[] = { "de", "en" };
  Process *process = world_start (fixture->world);
  g_autoptr(PondDownload) download = process_add (process, BOAT, "default");
  PondLibraryEntry *entry;
  const char *path;

  wait_for_state (download, POND_DOWNLOAD_SAVED);
  entry = pond_library_find (process->library, BOAT, "default");
  path = g_file_peek_path (pond_library_entry_get_file (entry));

  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      g_autofree char *name = g_strdup_printf ("%.*s.%s.vtt", (int) strlen (path) - 4, path, languages[i]);
      g_autofree char *vtt = NULL;

      g_assert_true (g_file_get_contents (name, &vtt, NULL, NULL));
      g_assert_true (g_str_has_prefix (vtt, "WEBVTT"));
    }
  process_stop (process);
}

static void
test_private (Fixture       *fixture,
              gconstpointer  data)
{
  Process *process = world_start (fixture->world);
  g_autoptr(PondDownload) download = process_add (process, PRIVATE, "default");

  wait_for_state (download, POND_DOWNLOAD_SAVED);
  assert_same_file (pond_library_find (process->library, PRIVATE, "default"), "fireflies.mp4");
  g_assert_cmpuint (world_count_requests (fixture->world, "api", "POST", "*/token"), ==, 1);
  process_stop (process);
}

static void
test_many (Fixture       *fixture,
           gconstpointer  data)
{
  Process *process = world_start (fixture->world);
  g_autoptr(GPtrArray) downloads = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) error = NULL;
  guint n_active = 0;

  pond_demo_server_add_video (fixture->world->server,
                              "{\"like\": \"" RIPPLES "\", \"uid\": \"00000000000000000000000000000000\","
                              " \"title\": \"Copy\", \"copies\": 40, \"enabled\": []}", &error);
  g_assert_no_error (error);

  for (int i = 1; i <= 40; i++)
    {
      g_autofree char *seed = g_strdup_printf ("00000000000000000000000000000000 %d", i);
      g_autofree char *uid = g_compute_checksum_for_string (G_CHECKSUM_MD5, seed, -1);

      g_ptr_array_add (downloads, process_add (process, uid, "default"));
    }

  g_object_get (process->queue, "n-active", &n_active, NULL);
  g_assert_cmpuint (n_active, >, 0);
  for (guint i = 0; i < downloads->len; i++)
    wait_for_state (g_ptr_array_index (downloads, i), POND_DOWNLOAD_SAVED);

  g_object_get (process->queue, "n-active", &n_active, NULL);
  g_assert_cmpuint (n_active, ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (process->library)), ==, 40);
  process_stop (process);
}

static guint
count_downloading (GPtrArray *downloads)
{
  guint count = 0;

  for (guint i = 0; i < downloads->len; i++)
    {
      if (pond_download_get_state (g_ptr_array_index (downloads, i)) == POND_DOWNLOAD_DOWNLOADING)
        count++;
    }

  return count;
}

static void
test_max_running (Fixture       *fixture,
                  gconstpointer  data)
{
  static const char * const uids[] = { RIPPLES, WHEEL, BOAT, PRIVATE };
  Process *process = world_start (fixture->world);
  g_autoptr(GPtrArray) downloads = g_ptr_array_new_with_free_func (g_object_unref);
  guint most = 0;
  guint n_saved = 0;

  add_rules (fixture, "[{\"match\": {\"path\": \"/signed/*\"}, \"do\": {\"bytes_per_second\": 1000000}}]");
  g_object_set (process->queue, "max-running", 2, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (uids); i++)
    g_ptr_array_add (downloads, process_add (process, uids[i], "default"));

  while (n_saved < downloads->len)
    {
      g_main_context_iteration (NULL, TRUE);
      most = MAX (most, count_downloading (downloads));
      n_saved = 0;
      for (guint i = 0; i < downloads->len; i++)
        n_saved += pond_download_get_state (g_ptr_array_index (downloads, i)) == POND_DOWNLOAD_SAVED;
    }

  g_assert_cmpuint (most, ==, 2);
  process_stop (process);
}

#define TRICKLE "[{\"match\": {\"path\": \"/signed/*\"}, \"do\": {\"bytes_per_second\": 200000}}]"

static void
test_pause (Fixture       *fixture,
            gconstpointer  data)
{
  Process *process = world_start (fixture->world);
  g_autoptr(PondDownload) download = NULL;
  guint64 sent;

  add_rules (fixture, TRICKLE);
  download = process_add (process, RIPPLES, "default");
  wait_for_bytes (download, 100000);
  pond_download_queue_pause (process->queue, download);
  wait_for_state (download, POND_DOWNLOAD_PAUSED);
  g_assert_cmpfloat (pond_download_get_speed (download), ==, 0);

  pond_demo_server_clear_rules (fixture->world->server);
  pond_download_queue_resume (process->queue, download);
  wait_for_state (download, POND_DOWNLOAD_SAVED);
  assert_same_file (pond_library_find (process->library, RIPPLES, "default"), "ripples-at-dusk.mp4");
  g_assert_cmpuint (pond_download_get_resumed_from (download), >=, 100000);

  sent = world_count_sent (fixture->world);
  g_assert_cmpuint (sent, <=, pond_download_get_bytes (download) + 256 * 1024);
  process_stop (process);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  Process *process = world_start (fixture->world);
  g_autoptr(PondDownload) download = NULL;
  g_autoptr(GFile) part = pond_library_get_part (process->library, RIPPLES, "default");

  add_rules (fixture, TRICKLE);
  download = process_add (process, RIPPLES, "default");
  wait_for_bytes (download, 100000);
  g_assert_true (g_file_query_exists (part, NULL));

  pond_download_queue_cancel (process->queue, download);
  while (g_list_model_get_n_items (G_LIST_MODEL (process->queue)) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (g_file_query_exists (part, NULL));
  process_stop (process);
}

/* Stops in a state, starts again, and expects the right file. */
static void
restart_in (Fixture           *fixture,
            PondDownloadState  state)
{
  Process *process = world_start (fixture->world);
  g_autoptr(PondDownload) download = NULL;
  g_autoptr(PondDownload) later = NULL;

  add_rules (fixture, TRICKLE);
  pond_demo_server_set_speed (fixture->world->server, state == POND_DOWNLOAD_PREPARING ? 1 : 100);
  download = process_add (process, WHEEL, "default");
  if (state == POND_DOWNLOAD_DOWNLOADING)
    wait_for_bytes (download, 50000);
  else
    wait_for_state (download, state);
  process_stop (process);
  wait_until_gone (g_steal_pointer (&download));

  pond_demo_server_clear_rules (fixture->world->server);
  pond_demo_server_set_speed (fixture->world->server, 100);
  process = world_start (fixture->world);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (process->queue)), ==, 1);
  later = g_list_model_get_item (G_LIST_MODEL (process->queue), 0);
  wait_for_state (later, POND_DOWNLOAD_SAVED);
  assert_same_file (pond_library_find (process->library, WHEEL, "default"), "mill-wheel.mp4");
  if (state == POND_DOWNLOAD_DOWNLOADING)
    g_assert_cmpuint (pond_download_get_resumed_from (later), >=, 50000);
  process_stop (process);
}

static void
test_restart_enabling (Fixture       *fixture,
                       gconstpointer  data)
{
  restart_in (fixture, POND_DOWNLOAD_ENABLING);
}

static void
test_restart_preparing (Fixture       *fixture,
                        gconstpointer  data)
{
  restart_in (fixture, POND_DOWNLOAD_PREPARING);
}

static void
test_restart_downloading (Fixture       *fixture,
                          gconstpointer  data)
{
  restart_in (fixture, POND_DOWNLOAD_DOWNLOADING);
}

static void
test_paused_stays (Fixture       *fixture,
                   gconstpointer  data)
{
  Process *process = world_start (fixture->world);
  g_autoptr(PondDownload) download = NULL;
  g_autoptr(PondDownload) later = NULL;

  add_rules (fixture, TRICKLE);
  download = process_add (process, RIPPLES, "default");
  wait_for_bytes (download, 1);
  pond_demo_server_clear_requests (fixture->world->server);
  pond_download_queue_pause (process->queue, download);
  wait_for_state (download, POND_DOWNLOAD_PAUSED);
  process_stop (process);
  g_assert_cmpuint (world_count_requests (fixture->world, "api", "GET", "*"), ==, 0);

  pond_demo_server_clear_requests (fixture->world->server);
  process = world_start (fixture->world);
  later = g_list_model_get_item (G_LIST_MODEL (process->queue), 0);
  g_assert_cmpint (pond_download_get_state (later), ==, POND_DOWNLOAD_PAUSED);
  process_stop (process);
  g_assert_cmpuint (world_count_sent (fixture->world), ==, 0);
}

static void
test_follow (Fixture       *fixture,
             gconstpointer  data)
{
  Process *owner = world_start (fixture->world);
  Process *follower = world_start (fixture->world);
  g_autoptr(PondDownload) download = NULL;
  g_autoptr(PondDownload) seen = NULL;

  g_assert_true (pond_download_queue_is_owner (owner->queue));
  g_assert_false (pond_download_queue_is_owner (follower->queue));

  add_rules (fixture, TRICKLE);
  seen = process_add (follower, RIPPLES, "default");
  wait_for_state (seen, POND_DOWNLOAD_DOWNLOADING);
  download = g_list_model_get_item (G_LIST_MODEL (owner->queue), 0);
  g_assert_cmpint (pond_download_get_state (download), ==, POND_DOWNLOAD_DOWNLOADING);

  /* What the follower asks for, the owner does. */
  pond_download_queue_pause (follower->queue, seen);
  wait_for_state (download, POND_DOWNLOAD_PAUSED);
  wait_for_state (seen, POND_DOWNLOAD_PAUSED);
  pond_demo_server_clear_rules (fixture->world->server);
  pond_download_queue_resume (follower->queue, seen);

  /* Whoever sees that it is saved finds it in the library. */
  wait_for_state (seen, POND_DOWNLOAD_SAVED);
  assert_same_file (pond_library_find (follower->library, RIPPLES, "default"), "ripples-at-dusk.mp4");

  process_stop (follower);
  process_stop (owner);
}

static void
test_take_over (Fixture       *fixture,
                gconstpointer  data)
{
  Process *owner = world_start (fixture->world);
  Process *follower = world_start (fixture->world);
  g_autoptr(PondDownload) seen = NULL;

  add_rules (fixture, TRICKLE);
  seen = process_add (follower, RIPPLES, "default");
  wait_for_state (seen, POND_DOWNLOAD_DOWNLOADING);
  process_stop (owner);

  pond_demo_server_clear_rules (fixture->world->server);
  wait_for_state (seen, POND_DOWNLOAD_SAVED);
  g_assert_true (pond_download_queue_is_owner (follower->queue));
  assert_same_file (pond_library_find (follower->library, RIPPLES, "default"), "ripples-at-dusk.mp4");
  process_stop (follower);
}

static void
expect_failure (Fixture         *fixture,
                const char      *uid,
                PondFailureCode  code)
{
  Process *process = world_start (fixture->world);
  g_autoptr(PondDownload) download = NULL;

  g_object_set (process->queue, "max-retries", 1, NULL);
  download = process_add (process, uid, "default");
  wait_for_state (download, POND_DOWNLOAD_FAILED);
  g_assert_cmpint (pond_download_get_code (download), ==, code);
  g_assert_nonnull (pond_download_get_message (download));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (process->library)), ==, 0);
  process_stop (process);
}

static void
test_unknown (Fixture       *fixture,
              gconstpointer  data)
{
  expect_failure (fixture, "ffffffffffffffffffffffffffffffff", POND_FAILURE_NOT_FOUND);
}

static void
test_encoding_failed (Fixture       *fixture,
                      gconstpointer  data)
{
  expect_failure (fixture, "b98e02f6417d4c3aae5b60c3f1d2a78e", POND_FAILURE_ENCODING_FAILED);
}

static void
test_video_in_error (Fixture       *fixture,
                     gconstpointer  data)
{
  expect_failure (fixture, "5d7f13b8e60a4295c8fa0e2d91b46c37", POND_FAILURE_ENCODING_FAILED);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  add_rules (fixture, "[{\"match\": {\"host\": \"api\"}, \"do\": {\"status\": 401, \"code\": 1000}}]");
  expect_failure (fixture, RIPPLES, POND_FAILURE_UNAUTHORIZED);
}

static void
test_page_for_json (Fixture       *fixture,
                    gconstpointer  data)
{
  add_rules (fixture, "[{\"match\": {\"host\": \"api\"}, \"do\": {\"body\": \"<html>Sign in</html>\"}}]");
  expect_failure (fixture, RIPPLES, POND_FAILURE_PROTOCOL);
}

static void
test_page_for_video (Fixture       *fixture,
                     gconstpointer  data)
{
  add_rules (fixture, "[{\"match\": {\"path\": \"/signed/*\"}, \"do\": {\"body\": \"<html>Sorry</html>\"}}]");
  expect_failure (fixture, RIPPLES, POND_FAILURE_CORRUPT);
}

static void
test_cut_file (Fixture       *fixture,
               gconstpointer  data)
{
  /* A file that is short and says so: nothing but its boxes can tell. */
  add_rules (fixture, "[{\"match\": {\"path\": \"/signed/*\"}, \"do\": {\"truncate_to\": 100000}}]");
  expect_failure (fixture, RIPPLES, POND_FAILURE_CORRUPT);
}

/* Each ends with the right file, however the server behaves. */
static void
test_survives (Fixture       *fixture,
               gconstpointer  rules)
{
  Process *process = world_start (fixture->world);
  g_autoptr(PondDownload) download = NULL;

  add_rules (fixture, rules);
  download = process_add (process, RIPPLES, "default");
  wait_for_state (download, POND_DOWNLOAD_SAVED);
  assert_same_file (pond_library_find (process->library, RIPPLES, "default"), "ripples-at-dusk.mp4");
  process_stop (process);
}

static const struct
{
  const char *name;
  const char *rules;
} faults[] = {
  { "drop", "[{\"match\": {\"path\": \"/signed/*\", \"times\": 2}, \"do\": {\"drop_after\": 150000}}]" },
  { "reset", "[{\"match\": {\"path\": \"/signed/*\", \"nth\": 1}, \"do\": {\"drop_after\": 99999, \"reset\": true}}]" },
  { "length-too-large", "[{\"match\": {\"path\": \"/signed/*\", \"nth\": 1}, \"do\": {\"length_delta\": 5000}}]" },
  { "length-too-small", "[{\"match\": {\"path\": \"/signed/*\", \"nth\": 1}, \"do\": {\"length_delta\": -5000}}]" },
  { "page-once", "[{\"match\": {\"path\": \"/signed/*\", \"nth\": 1}, \"do\": {\"body\": \"<html>Busy</html>\"}}]" },
  { "503", "[{\"match\": {\"path\": \"/signed/*\", \"nth\": 1}, \"do\": {\"status\": 503, \"headers\": {\"Retry-After\": \"1\"}}}]" },
  { "404-after-ready", "[{\"match\": {\"path\": \"*/downloads/*\", \"host\": \"media\", \"times\": 1}, \"do\": {\"status\": 404}}]" },
  { "other-version", "[{\"match\": {\"path\": \"/signed/*\", \"nth\": 1}, \"do\": {\"drop_after\": 150000, \"etag\": \"\\\"old\\\"\"}}]" },
  { "range-ignored", "[{\"match\": {\"path\": \"/signed/*\", \"nth\": 1}, \"do\": {\"drop_after\": 150000}},"
                     " {\"match\": {\"path\": \"/signed/*\", \"from\": 2}, \"do\": {\"ignore_range\": true}}]" },
  { "shifted-range", "[{\"match\": {\"path\": \"/signed/*\", \"nth\": 1}, \"do\": {\"drop_after\": 150000}},"
                     " {\"match\": {\"path\": \"/signed/*\", \"nth\": 2}, \"do\": {\"shift_range\": 1000}}]" },
  { "api-502", "[{\"match\": {\"host\": \"api\", \"nth\": 1}, \"do\": {\"status\": 502, \"body\": \"<html>Bad gateway</html>\"}}]" },
  { "api-429", "[{\"match\": {\"host\": \"api\", \"nth\": 2}, \"do\": {\"status\": 429, \"code\": 971, \"headers\": {\"Retry-After\": \"1\"}}}]" },
  { "no-json-once", "[{\"match\": {\"host\": \"api\", \"nth\": 2}, \"do\": {\"body\": \"<html>Sign in</html>\"}}]" },
  { "404-before-post", "[{\"match\": {\"host\": \"api\"}, \"do\": {\"variant\": {\"downloads_before_post\": \"404\"}}}]" },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/queue/states", test_states);
  ADD ("/queue/enabled-already", test_enabled_already);
  ADD ("/queue/both-types", test_both_types);
  ADD ("/queue/captions", test_captions);
  ADD ("/queue/private", test_private);
  ADD ("/queue/many", test_many);
  ADD ("/queue/max-running", test_max_running);
  ADD ("/queue/pause", test_pause);
  ADD ("/queue/cancel", test_cancel);
  ADD ("/queue/restart/enabling", test_restart_enabling);
  ADD ("/queue/restart/preparing", test_restart_preparing);
  ADD ("/queue/restart/downloading", test_restart_downloading);
  ADD ("/queue/restart/paused", test_paused_stays);
  ADD ("/queue/two-processes/follow", test_follow);
  ADD ("/queue/two-processes/take-over", test_take_over);
  ADD ("/queue/fails/unknown", test_unknown);
  ADD ("/queue/fails/encoding", test_encoding_failed);
  ADD ("/queue/fails/video-in-error", test_video_in_error);
  ADD ("/queue/fails/refused", test_refused);
  ADD ("/queue/fails/page-for-json", test_page_for_json);
  ADD ("/queue/fails/page-for-video", test_page_for_video);
  ADD ("/queue/fails/cut-file", test_cut_file);
#undef ADD

  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *path = g_strconcat ("/queue/survives/", faults[i].name, NULL);

      g_test_add (path, Fixture, faults[i].rules, set_up, test_survives, tear_down);
    }

  return g_test_run ();
}
