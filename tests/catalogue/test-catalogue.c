/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "catalogue-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

/* Each allocation takes long with the sanitizer. */
#ifdef __SANITIZE_ADDRESS__
#define MANY 3000
#else
#define MANY 10000
#endif

#define SOME 1500

/* The samples are older and newer than what the tests add, and so is the one without a date. */
static guint n_samples;

typedef struct
{
  PondDemoServer *server;
  PondStreamClient *client;
  char *path;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->server = start_server (0, 0);
  fixture->client = make_client (fixture->server);
  fixture->path = pond_catalogue_choose_file (pond_demo_server_get_account_id (fixture->server));
  if (data != NULL)
    add_videos (fixture->server, data);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_object_unref (fixture->client);
  stop_server (fixture->server);
  g_unlink (fixture->path);
  g_free (fixture->path);
}

#define COPIES(title, created, step, copies) \
  "{\"title\": \"" title "\", \"created\": \"" created "\", \"created_step\": " step "," \
  " \"copies\": " G_STRINGIFY (copies) "}"

static const char many[] = COPIES ("Video", "2024-01-01T00:00:00Z", "60", MANY);
static const char some[] = COPIES ("Video", "2024-01-01T00:00:00Z", "60", SOME);
static const char crowded[] = COPIES ("Video", "2024-01-01T00:00:00Z", "0.000001", SOME);
static const char same[] = COPIES ("Same", "2024-06-01T00:00:00.123456789Z", "0", 1500);

typedef struct
{
  gint64 last;
  gint64 longest;
} Pulse;

static gboolean
on_pulse (gpointer user_data)
{
  Pulse *pulse = user_data;
  gint64 now = g_get_monotonic_time ();

  pulse->longest = MAX (pulse->longest, now - pulse->last);
  pulse->last = now;

  return G_SOURCE_CONTINUE;
}

static void
time_refresh (Fixture       *fixture,
              PondCatalogue *catalogue,
              gboolean       full)
{
  gint64 start = g_get_monotonic_time ();
  Pulse pulse = { .last = start };
  guint source = g_timeout_add (1, on_pulse, &pulse);
  guint n_requests = count_requests (fixture->server);

  refresh (catalogue, fixture->client, full);
  g_source_remove (source);
  g_test_message ("%u videos, %s: %.0f ms, %u requests; at most %.0f ms between two turns of the main loop",
                  g_list_model_get_n_items (G_LIST_MODEL (catalogue)), full ? "all of them" : "what is new",
                  (double) (g_get_monotonic_time () - start) / 1000,
                  count_requests (fixture->server) - n_requests, (double) pulse.longest / 1000);
}

static void
test_many (Fixture       *fixture,
           gconstpointer  data)
{
  PondCatalogue *catalogue = open_catalogue (fixture->path);
  g_autoptr(Follower) follower = follow (G_LIST_MODEL (catalogue));
  g_autoptr(GPtrArray) first = NULL;
  g_autoptr(GPtrArray) second = NULL;
  gint64 start;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (catalogue)), ==, 0);
  g_assert_cmpint (pond_catalogue_get_complete_at (catalogue), ==, 0);
  refresh (catalogue, fixture->client, FALSE);
  g_assert_cmpint (pond_catalogue_get_complete_at (catalogue), >, 0);
  first = get_uids (G_LIST_MODEL (catalogue));
  g_assert_cmpuint (first->len, ==, MANY + n_samples);
  g_assert_cmpuint (follower->n_removed, ==, 0);
  g_clear_pointer (&follower, follower_free);
  close_catalogue (catalogue);

  /* Another start shows the same at once, without a client. */
  start = g_get_monotonic_time ();
  catalogue = open_catalogue (fixture->path);
  g_test_message ("%u videos from the cache: %.0f ms", g_list_model_get_n_items (G_LIST_MODEL (catalogue)),
                  (double) (g_get_monotonic_time () - start) / 1000);
  second = get_uids (G_LIST_MODEL (catalogue));
  g_assert_cmpuint (second->len, ==, first->len);
  for (guint i = 0; i < first->len; i++)
    g_assert_cmpstr (second->pdata[i], ==, first->pdata[i]);

  /* Nothing new: one request, and nothing moves. */
  follower = follow (G_LIST_MODEL (catalogue));
  pond_demo_server_clear_requests (fixture->server);
  time_refresh (fixture, catalogue, FALSE);
  g_assert_cmpuint (count_requests (fixture->server), ==, 1);
  time_refresh (fixture, catalogue, TRUE);
  g_assert_cmpuint (count_requests (fixture->server), >, 1 + MANY / 1000);
  g_assert_cmpuint (follower->n_changes, ==, 0);
  g_clear_pointer (&follower, follower_free);
  close_catalogue (catalogue);
}

/* More videos than a page holds have the very same time, and most others differ by a microsecond. */
static void
test_equal_times (Fixture       *fixture,
                  gconstpointer  data)
{
  PondCatalogue *catalogue = open_catalogue (NULL);
  g_autoptr(GPtrArray) uids = NULL;

  add_videos (fixture->server, same);
  refresh (catalogue, fixture->client, FALSE);
  uids = get_uids (G_LIST_MODEL (catalogue));
  g_assert_cmpuint (uids->len, ==, SOME + 1500 + n_samples);
  close_catalogue (catalogue);
}

/* Of so many at the same time the API shows no more than the first and the last page; all others come,
 * and it ends. */
static void
test_too_many_equal_times (Fixture       *fixture,
                           gconstpointer  data)
{
  PondCatalogue *catalogue = open_catalogue (NULL);
  g_autoptr(GPtrArray) uids = NULL;

  add_videos (fixture->server, COPIES ("Same", "2024-06-01T00:00:00Z", "0", 2100));
  refresh (catalogue, fixture->client, FALSE);
  uids = get_uids (G_LIST_MODEL (catalogue));
  g_assert_cmpuint (uids->len, >=, 2000 + n_samples);
  close_catalogue (catalogue);
}

static guint16
get_port (const char *address)
{
  g_autoptr(GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);

  return (guint16) g_uri_get_port (uri);
}

/* The same account on another day: 1,300 are new, five are gone. */
static void
go_to_another_day (Fixture *fixture)
{
  guint16 api = get_port (pond_demo_server_get_api_base (fixture->server));
  guint16 media = get_port (pond_demo_server_get_media_base (fixture->server));

  /* With other ports all videos would have other addresses. */
  stop_server (fixture->server);
  fixture->server = start_server (api, media);
  add_videos (fixture->server, COPIES ("New", "2031-01-01T00:00:00Z", "1", 1300));
  add_videos (fixture->server, COPIES ("Video", "2024-01-01T00:00:00Z", "60", 1495));
}

static void
test_new_and_deleted (Fixture       *fixture,
                      gconstpointer  data)
{
  PondCatalogue *catalogue = open_catalogue (fixture->path);
  g_autoptr(Follower) follower = NULL;

  refresh (catalogue, fixture->client, FALSE);
  go_to_another_day (fixture);
  follower = follow (G_LIST_MODEL (catalogue));

  refresh (catalogue, fixture->client, FALSE);
  g_assert_cmpuint (count_requests (fixture->server), ==, 2);
  /* One of the samples is being processed, and not as far as on the day before. */
  g_assert_cmpuint (follower->n_removed, <=, 1);
  g_assert_cmpuint (follower->n_added, ==, 1300 + follower->n_removed);
  g_assert_cmpuint (follower->n_changes, <=, 3);

  follower->n_changes = follower->n_added = follower->n_removed = 0;
  refresh (catalogue, fixture->client, TRUE);
  g_assert_cmpuint (follower->n_added, ==, 0);
  g_assert_cmpuint (follower->n_removed, ==, 5);
  g_assert_cmpuint (follower->n_changes, ==, 1);
  g_assert_cmpuint (follower->items->len, ==, 1300 + 1495 + n_samples);
  g_clear_pointer (&follower, follower_free);
  close_catalogue (catalogue);

  catalogue = open_catalogue (fixture->path);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (catalogue)), ==, 1300 + 1495 + n_samples);
  close_catalogue (catalogue);
}

static void
answer_list (Fixture    *fixture,
             const char *videos)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *body = g_strdup_printf ("{\"result\":[%s],\"success\":true,\"errors\":[],\"messages\":[]}",
                                           videos);
  g_autofree char *rules = NULL;
  g_autoptr(GError) error = NULL;

  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "match");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "path");
  json_builder_add_string_value (builder, "*/stream");
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "do");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "body");
  json_builder_add_string_value (builder, body);
  json_builder_set_member_name (builder, "content_type");
  json_builder_add_string_value (builder, "application/json");
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
  node = json_builder_get_root (builder);
  rules = json_to_string (node, FALSE);

  pond_demo_server_clear_rules (fixture->server);
  pond_demo_server_add_rules (fixture->server, rules, &error);
  g_assert_no_error (error);
}

#define VIDEO(digit, created, state, more) \
  "{\"uid\":\"" digit "000000000000000000000000000000f\",\"created\":\"2024-01-0" created "T00:00:00Z\"," \
  "\"status\":{\"state\":\"" state "\"}" more "}"

/* A small account is the truth after each refresh, with changes no larger than need be. */
static void
test_small_account (Fixture       *fixture,
                    gconstpointer  data)
{
  PondCatalogue *catalogue = open_catalogue (fixture->path);
  g_autoptr(Follower) follower = follow (G_LIST_MODEL (catalogue));
  g_autoptr(PondVideo) video = NULL;
  g_auto(GStrv) creators = NULL;

  answer_list (fixture, VIDEO ("d", "4", "ready", ",\"creator\":\"zoe\"") ","
                        VIDEO ("c", "3", "inprogress", ",\"creator\":\"adam\"") ","
                        VIDEO ("b", "2", "ready", ",\"creator\":\"zoe\"") ","
                        VIDEO ("a", "1", "ready", ""));
  refresh (catalogue, fixture->client, FALSE);
  g_assert_cmpuint (follower->items->len, ==, 4);
  g_assert_cmpuint (follower->n_changes, ==, 1);
  creators = pond_catalogue_list_creators (catalogue);
  g_assert_cmpstrv (creators, ((const char *[]) { "adam", "zoe", NULL }));

  /* One new, one that went on, one gone; the others stay the objects that they are. */
  follower->n_changes = follower->n_added = follower->n_removed = 0;
  answer_list (fixture, VIDEO ("e", "5", "ready", "") ","
                        VIDEO ("d", "4", "ready", ",\"creator\":\"zoe\"") ","
                        VIDEO ("c", "3", "ready", ",\"creator\":\"adam\"") ","
                        VIDEO ("a", "1", "ready", ""));
  refresh (catalogue, fixture->client, FALSE);
  g_assert_cmpuint (follower->items->len, ==, 4);
  g_assert_cmpuint (follower->n_changes, ==, 3);
  g_assert_cmpuint (follower->n_added, ==, 2);
  g_assert_cmpuint (follower->n_removed, ==, 2);
  video = g_list_model_get_item (G_LIST_MODEL (catalogue), 2);
  g_assert_cmpint (pond_video_get_state (video), ==, POND_VIDEO_READY);

  g_clear_pointer (&follower, follower_free);
  close_catalogue (catalogue);
}

/* All that is known of a video comes back from the cache. */
static void
test_details (Fixture       *fixture,
              gconstpointer  data)
{
  PondCatalogue *catalogue = open_catalogue (fixture->path);
  g_autoptr(GPtrArray) before = g_ptr_array_new_with_free_func (g_object_unref);

  answer_list (fixture,
               "{\"uid\":\"a000000000000000000000000000000f\",\"meta\":{\"name\":\"Öffnung ’ \\u0000 \\n\"},"
               "\"creator\":\"someone\",\"created\":\"2024-01-02T03:04:05.678901234Z\",\"duration\":12.5,"
               "\"requireSignedURLs\":true,\"liveInput\":\"b\",\"thumbnail\":\"https://example.com/a.jpg\","
               "\"status\":{\"state\":\"error\",\"errorReasonText\":\"no\",\"pctComplete\":\"33.333333\"}},"
               "{\"uid\":\"b000000000000000000000000000000f\",\"readyToStream\":true},"
               "{\"uid\":\"c000000000000000000000000000000f\"}");
  refresh (catalogue, fixture->client, FALSE);
  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (before, g_list_model_get_item (G_LIST_MODEL (catalogue), i));
  close_catalogue (catalogue);

  catalogue = open_catalogue (fixture->path);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (catalogue)), ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(PondVideo) video = g_list_model_get_item (G_LIST_MODEL (catalogue), i);

      g_assert_true (pond_video_equal (video, before->pdata[i]));
      g_assert_false (pond_video_equal (video, before->pdata[(i + 1) % 3]));
    }
  close_catalogue (catalogue);
}

typedef struct
{
  const char *name;
  const char *content;
} Damage;

static const Damage damages[] = {
  { "empty", "" },
  { "no database", "This is no database, and longer than the header of one is: a hundred bytes at least, "
                   "which takes some more words." },
  { "cut short", NULL },
};

static void
damage (const char   *path,
        const Damage *how)
{
  g_autofree char *content = NULL;
  gsize length;
  g_autoptr(GError) error = NULL;

  if (how->content != NULL)
    {
      g_file_set_contents (path, how->content, -1, &error);
    }
  else
    {
      g_file_get_contents (path, &content, &length, &error);
      g_assert_no_error (error);
      g_file_set_contents (path, content, (gssize) MIN (length, 5000), &error);
    }
  g_assert_no_error (error);
}

static void
test_damaged_cache (Fixture       *fixture,
                    gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      PondCatalogue *catalogue = open_catalogue (fixture->path);

      g_test_message ("%s", damages[i].name);
      refresh (catalogue, fixture->client, FALSE);
      close_catalogue (catalogue);
      damage (fixture->path, &damages[i]);

      catalogue = open_catalogue (fixture->path);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (catalogue)), ==, 0);
      refresh (catalogue, fixture->client, FALSE);
      close_catalogue (catalogue);

      catalogue = open_catalogue (fixture->path);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (catalogue)), ==, n_samples);
      close_catalogue (catalogue);
    }
}

/* Where nothing can be kept all is shown nevertheless. */
static void
test_no_cache (Fixture       *fixture,
               gconstpointer  data)
{
  PondCatalogue *catalogue;

  g_test_expect_message ("pond-catalogue", G_LOG_LEVEL_MESSAGE, "*not kept*");
  catalogue = open_catalogue ("/dev/null/catalogue.db");
  g_test_assert_expected_messages ();
  refresh (catalogue, fixture->client, FALSE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (catalogue)), ==, n_samples);
  close_catalogue (catalogue);
}

static void
test_no_token_on_disk (Fixture       *fixture,
                       gconstpointer  data)
{
  PondCatalogue *catalogue = open_catalogue (fixture->path);
  const char *token = pond_demo_server_get_token (fixture->server);
  g_autofree char *content = NULL;
  gsize length;
  g_autoptr(GError) error = NULL;

  refresh (catalogue, fixture->client, FALSE);
  close_catalogue (catalogue);
  g_file_get_contents (fixture->path, &content, &length, &error);
  g_assert_no_error (error);
  g_assert_null (memmem (content, length, token, strlen (token)));
}

static void
test_forget (Fixture       *fixture,
             gconstpointer  data)
{
  PondCatalogue *catalogue = open_catalogue (fixture->path);
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_autoptr(GDir) files = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  refresh (catalogue, fixture->client, FALSE);
  pond_catalogue_forget_async (pond_demo_server_get_account_id (fixture->server), NULL, store_result, &result);
  pond_catalogue_forget_finish (wait_for (&result), &error);
  g_assert_no_error (error);
  close_catalogue (catalogue);

  files = g_dir_open (folder, 0, &error);
  g_assert_no_error (error);
  g_assert_null (g_dir_read_name (files));
}

static void
on_changed_cancel (PondCatalogue *catalogue,
                   gpointer       user_data)
{
  g_cancellable_cancel (user_data);
}

/* What has arrived before stays; the next refresh goes beyond it, although it begins with what is
 * known. */
static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  PondCatalogue *catalogue = open_catalogue (fixture->path);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) busy = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) uids = NULL;

  pond_demo_server_add_rules (fixture->server,
                              "[{\"match\": {\"path\": \"*/stream\", \"nth\": 2},"
                              "  \"do\": {\"delay_ms\": 60000}}]",
                              &error);
  g_assert_no_error (error);
  g_signal_connect (catalogue, "changed", G_CALLBACK (on_changed_cancel), cancellable);
  pond_catalogue_refresh_async (catalogue, fixture->client, FALSE, cancellable, store_result, &result);
  pond_catalogue_refresh_async (catalogue, fixture->client, FALSE, NULL, store_result, &busy);
  g_assert_false (pond_catalogue_refresh_finish (catalogue, wait_for (&busy), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_clear_error (&error);
  g_clear_object (&busy);

  g_assert_false (pond_catalogue_refresh_finish (catalogue, wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);
  g_assert_false (pond_catalogue_get_refreshing (catalogue));
  g_assert_cmpint (pond_catalogue_get_complete_at (catalogue), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (catalogue)), ==, 1000);
  close_catalogue (catalogue);

  catalogue = open_catalogue (fixture->path);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (catalogue)), ==, 1000);
  refresh (catalogue, fixture->client, FALSE);
  uids = get_uids (G_LIST_MODEL (catalogue));
  g_assert_cmpuint (uids->len, ==, SOME + n_samples);
  close_catalogue (catalogue);
}

static void
test_failure (Fixture       *fixture,
              gconstpointer  data)
{
  PondCatalogue *catalogue = open_catalogue (fixture->path);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  refresh (catalogue, fixture->client, FALSE);
  pond_demo_server_add_rules (fixture->server,
                              "[{\"match\": {\"path\": \"*/stream\", \"nth\": 2},"
                              "  \"do\": {\"status\": 403, \"code\": 10000, \"message\": \"no\"}}]",
                              &error);
  g_assert_no_error (error);

  /* Half a list tells nothing of what is gone. */
  pond_catalogue_refresh_async (catalogue, fixture->client, TRUE, NULL, store_result, &result);
  g_assert_false (pond_catalogue_refresh_finish (catalogue, wait_for (&result), &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_FORBIDDEN);
  g_clear_object (&result);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (catalogue)), ==, SOME + n_samples);
  close_catalogue (catalogue);
}

static void
count_samples (void)
{
  PondDemoServer *server = start_server (0, 0);
  PondStreamClient *client = make_client (server);
  PondCatalogue *catalogue = open_catalogue (NULL);

  refresh (catalogue, client, FALSE);
  n_samples = g_list_model_get_n_items (G_LIST_MODEL (catalogue));
  g_assert_cmpuint (n_samples, >, 0);
  close_catalogue (catalogue);
  g_object_unref (client);
  stop_server (server);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  count_samples ();

#define ADD(name, videos, func) g_test_add ("/catalogue/" name, Fixture, videos, set_up, func, tear_down)
  ADD ("many", many, test_many);
  ADD ("equal-times", crowded, test_equal_times);
  ADD ("too-many-equal-times", NULL, test_too_many_equal_times);
  ADD ("new-and-deleted", some, test_new_and_deleted);
  ADD ("small-account", NULL, test_small_account);
  ADD ("details", NULL, test_details);
  ADD ("damaged-cache", NULL, test_damaged_cache);
  ADD ("no-cache", NULL, test_no_cache);
  ADD ("no-token-on-disk", NULL, test_no_token_on_disk);
  ADD ("forget", NULL, test_forget);
  ADD ("cancel", some, test_cancel);
  ADD ("failure", some, test_failure);
#undef ADD

  return g_test_run ();
}
