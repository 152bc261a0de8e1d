/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Private videos: tokens that end or are refused in the middle, and links that carry their own. */

#include "config.h"

#include <string.h>

#include "downloads/pond-access-token.h"
#include "world.h"

/* Of the private sample; its file is there from the start. */
#define READY "93d6b81f0e7a42c5a1f84d0c2b6e0001"
#define BYTES 419587
#define HALF  "209793"

typedef struct
{
  World *world;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->world = world_new ();
  pond_demo_server_add_video (fixture->world->server,
                              "{\"like\": \"" PRIVATE "\", \"uid\": \"" READY "\", \"enabled\": [\"default\"]}",
                              &error);
  g_assert_no_error (error);
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
on_result (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **place)
{
  while (*place == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *place;
}

static char *
get_token (Fixture *fixture)
{
  PondDemoServer *server = fixture->world->server;
  g_autoptr(PondToken) secret = pond_token_new (pond_demo_server_get_token (server), NULL);
  g_autoptr(PondLinkRequest) request = pond_link_request_new ();
  g_autoptr(PondStreamClient) client = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  char *token;

  client = pond_stream_client_new (pond_demo_server_get_api_base (server), pond_demo_server_get_account_id (server),
                                   secret);
  pond_stream_client_sign_async (client, READY, request, NULL, on_result, &result);
  token = pond_stream_client_sign_finish (client, wait_for (&result), &error);
  g_assert_no_error (error);

  return token;
}

/* One that says what it is asked to say; delivery would not take its signature. */
static char *
make_token (const char *claims)
{
  g_autofree char *payload = g_base64_encode ((const guchar *) claims, strlen (claims));

  g_strdelimit (payload, "+", '-');
  g_strdelimit (payload, "/", '_');
  payload[strcspn (payload, "=")] = '\0';

  return g_strdup_printf ("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.%s.c2ln", payload);
}

static PondDownload *
add_link (Fixture    *fixture,
          Process    *process,
          const char *token)
{
  g_autofree char *link = g_strdup_printf ("%s/%s/downloads/default.mp4",
                                           pond_demo_server_get_media_base (fixture->world->server), token);
  g_autoptr(GPtrArray) refs = pond_video_ref_scan (link, NULL);
  g_autoptr(GAsyncResult) added = NULL;
  g_autoptr(GError) error = NULL;
  PondDownload *download;

  g_assert_cmpuint (refs->len, ==, 1);
  pond_download_queue_add_async (process->queue, g_ptr_array_index (refs, 0), "default", NULL, on_result, &added);
  download = pond_download_queue_add_finish (process->queue, wait_for (&added), &error);
  g_assert_no_error (error);

  return download;
}

static guint
count_status (Fixture *fixture,
              int      status)
{
  g_autoptr(JsonNode) node = pond_demo_server_get_requests (fixture->world->server);
  JsonArray *requests = json_node_get_array (node);
  guint count = 0;

  for (guint i = 0; i < json_array_get_length (requests); i++)
    count += json_object_get_int_member (json_array_get_object_element (requests, i), "status") == status;

  return count;
}

static guint
count_tokens (Fixture *fixture)
{
  return world_count_requests (fixture->world, "api", "POST", "*/token");
}

/* Saved, and no byte of it came twice. */
static void
assert_saved (Fixture      *fixture,
              Process      *process,
              PondDownload *download)
{
  wait_for_state (download, POND_DOWNLOAD_SAVED);
  assert_same_file (pond_library_find (process->library, READY, "default"), "fireflies.mp4");
  g_assert_cmpuint (world_count_sent (fixture->world), ==, BYTES);
}

static void
record_state (PondDownload *download,
              GParamSpec   *pspec,
              gpointer      user_data)
{
  guint *n_waits = user_data;

  *n_waits += pond_download_get_state (download) == POND_DOWNLOAD_WAITING;
}

/* The connection ends at half, and then the token is refused. */
static void
test_refused_at_half (Fixture       *fixture,
                      gconstpointer  status)
{
  Process *process = world_start (fixture->world);
  g_autoptr(PondDownload) download = NULL;
  g_autofree char *rules = NULL;
  guint n_waits = 0;

  rules = g_strdup_printf ("[{\"match\": {\"path\": \"/signed/*\", \"nth\": 1}, \"do\": {\"drop_after\": " HALF "}},"
                           " {\"match\": {\"host\": \"media\", \"path\": \"*/downloads/*\", \"nth\": 2},"
                           "  \"do\": {\"status\": %d}}]", GPOINTER_TO_INT (status));
  add_rules (fixture, rules);
  download = process_add (process, READY, "default");
  g_signal_connect (download, "notify::state", G_CALLBACK (record_state), &n_waits);
  assert_saved (fixture, process, download);

  g_assert_cmpuint (count_tokens (fixture), ==, 2);
  g_assert_cmpuint (count_status (fixture, GPOINTER_TO_INT (status)), ==, 1);
  g_assert_cmpuint (pond_download_get_resumed_from (download), >=, 209793);
  /* For the connection that ended, and not for the refusal. */
  g_assert_cmpuint (n_waits, ==, 1);
  g_signal_handlers_disconnect_by_func (download, record_state, &n_waits);
  process_stop (process);
}

/* The token ends while the first half comes, which goes on; the second begins with another one, and delivery never
 * sees one that is over. */
static void
test_expired_at_half (Fixture       *fixture,
                      gconstpointer  variant)
{
  Process *process = world_start (fixture->world);
  g_autoptr(PondDownload) download = NULL;
  g_autofree char *rules = NULL;

  rules = g_strdup_printf ("[{\"set\": {\"token_seconds\": 2}},"
                           " {\"match\": {\"host\": \"media\"}, \"do\": {\"variant\": {\"bad_token\": \"%s\"}}},"
                           " {\"match\": {\"path\": \"/signed/*\", \"nth\": 1},"
                           "  \"do\": {\"drop_after\": " HALF ", \"bytes_per_second\": 80000}}]",
                           (const char *) variant);
  add_rules (fixture, rules);
  download = process_add (process, READY, "default");
  assert_saved (fixture, process, download);

  g_assert_cmpuint (count_tokens (fixture), ==, 2);
  g_assert_cmpuint (count_status (fixture, 401), ==, 0);
  g_assert_cmpuint (count_status (fixture, 403), ==, 0);
  process_stop (process);
}

/* A token that is good for long is used again after the connection was lost. */
static void
test_kept (Fixture       *fixture,
           gconstpointer  data)
{
  Process *process = world_start (fixture->world);
  g_autoptr(PondDownload) download = NULL;

  add_rules (fixture, "[{\"match\": {\"path\": \"/signed/*\", \"times\": 2}, \"do\": {\"drop_after\": 100000}}]");
  download = process_add (process, READY, "default");
  assert_saved (fixture, process, download);
  g_assert_cmpuint (count_tokens (fixture), ==, 1);
  process_stop (process);
}

/* As long as bytes come between them, refusals are no reason to give up. */
static void
test_refused_often (Fixture       *fixture,
                    gconstpointer  data)
{
  Process *process = world_start (fixture->world);
  g_autoptr(PondDownload) download = NULL;

  add_rules (fixture, "[{\"match\": {\"path\": \"/signed/*\", \"times\": 4}, \"do\": {\"drop_after\": 50000}},"
                      " {\"match\": {\"host\": \"media\", \"path\": \"*/downloads/*\", \"nth\": 2}, \"do\": {\"status\": 401}},"
                      " {\"match\": {\"host\": \"media\", \"path\": \"*/downloads/*\", \"nth\": 4}, \"do\": {\"status\": 403}},"
                      " {\"match\": {\"host\": \"media\", \"path\": \"*/downloads/*\", \"nth\": 6}, \"do\": {\"status\": 401}},"
                      " {\"match\": {\"host\": \"media\", \"path\": \"*/downloads/*\", \"nth\": 8}, \"do\": {\"status\": 410}}]");
  g_object_set (process->queue, "max-retries", 1, NULL);
  download = process_add (process, READY, "default");
  assert_saved (fixture, process, download);
  g_assert_cmpuint (count_tokens (fixture), ==, 5);
  process_stop (process);
}

/* A fresh token that is refused, and another, and another: it is not the token. */
static void
test_refused_always (Fixture       *fixture,
                     gconstpointer  data)
{
  Process *process = world_start (fixture->world);
  g_autoptr(PondDownload) download = NULL;

  add_rules (fixture, "[{\"match\": {\"host\": \"media\", \"path\": \"*/downloads/*\"}, \"do\": {\"status\": 403}}]");
  download = process_add (process, READY, "default");
  wait_for_state (download, POND_DOWNLOAD_FAILED);
  g_assert_cmpint (pond_download_get_code (download), ==, POND_FAILURE_LINK_REFUSED);
  g_assert_cmpuint (count_tokens (fixture), ==, 3);
  process_stop (process);
}

/* Where @secret is in any file below @folder, there is a leak. */
static void
assert_nowhere (GFile      *folder,
                const char *secret)
{
  g_autoptr(GFileEnumerator) children =
      g_file_enumerate_children (folder, "standard::name,standard::type", G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL,
                                 NULL);
  GFile *child;
  GFileInfo *info;

  while (g_file_enumerator_iterate (children, &info, &child, NULL, NULL) && child != NULL)
    {
      g_autofree char *content = NULL;
      gsize length;

      if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
        assert_nowhere (child, secret);
      else if (g_file_load_contents (child, NULL, &content, &length, NULL, NULL))
        g_assert_null (memmem (content, length, secret, strlen (secret)));
    }
}

static void
test_link (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *token = get_token (fixture);
  Process *process = world_start_without_account (fixture->world);
  g_autoptr(PondDownload) download = NULL;

  pond_demo_server_clear_requests (fixture->world->server);
  download = add_link (fixture, process, token);
  assert_saved (fixture, process, download);
  g_assert_cmpuint (world_count_requests (fixture->world, "api", "*", "*"), ==, 0);
  g_assert_true (pond_library_entry_get_private (pond_library_find (process->library, READY, "default")));
  assert_nowhere (fixture->world->folder, token);
  process_stop (process);
  assert_nowhere (fixture->world->folder, token);
}

/* What a token says of itself is enough to know that it won't do. */
static void
test_useless_link (Fixture       *fixture,
                   gconstpointer  data)
{
  static const char * const claims[] = {
    "{\"sub\":\"" READY "\",\"exp\":1700000000,\"downloadable\":true}",
    "{\"sub\":\"" READY "\",\"exp\":\"1700000000\",\"downloadable\":true}",
    "{\"sub\":\"" READY "\",\"exp\":4000000000}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (claims); i++)
    {
      g_autofree char *token = make_token (claims[i]);
      Process *process = world_start_without_account (fixture->world);
      g_autoptr(PondDownload) download = add_link (fixture, process, token);

      wait_for_state (download, POND_DOWNLOAD_FAILED);
      g_assert_cmpint (pond_download_get_code (download), ==, POND_FAILURE_LINK_REFUSED);
      g_assert_nonnull (strstr (pond_download_get_message (download), i < 2 ? "expired" : "watching"));
      process_stop (process);
    }
  g_assert_cmpuint (world_count_requests (fixture->world, "media", "*", "*"), ==, 0);
}

static void
test_early_link (Fixture       *fixture,
                 gconstpointer  data)
{
  gint64 begin = g_get_real_time () / G_USEC_PER_SEC + 3600;
  g_autofree char *claims = NULL;
  g_autofree char *token = NULL;
  Process *process = world_start_without_account (fixture->world);
  g_autoptr(PondDownload) download = NULL;

  claims = g_strdup_printf ("{\"sub\":\"" READY "\",\"nbf\":%" G_GINT64_FORMAT ",\"downloadable\":true}", begin);
  token = make_token (claims);
  download = add_link (fixture, process, token);
  wait_for_state (download, POND_DOWNLOAD_WAITING);
  g_assert_cmpint (pond_download_get_retry_at (download) / 1000, >=, begin - 1);
  g_assert_cmpuint (world_count_requests (fixture->world, "media", "*", "*"), ==, 0);
  process_stop (process);
}

/* Begins a download by a link, and ends the process at half. */
static void
leave_at_half (Fixture    *fixture,
               const char *token)
{
  Process *process = world_start_without_account (fixture->world);
  g_autoptr(PondDownload) download = NULL;

  add_rules (fixture, "[{\"match\": {\"path\": \"/signed/*\"}, \"do\": {\"bytes_per_second\": 200000}}]");
  download = add_link (fixture, process, token);
  wait_for_bytes (download, 100000);
  process_stop (process);
  wait_until_gone (g_steal_pointer (&download));
  pond_demo_server_clear_rules (fixture->world->server);
  pond_demo_server_clear_requests (fixture->world->server);
}

static void
test_link_after_restart (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *token = get_token (fixture);
  Process *process;
  g_autoptr(PondDownload) download = NULL;
  g_autoptr(PondDownload) again = NULL;

  leave_at_half (fixture, token);
  process = world_start_without_account (fixture->world);
  download = g_list_model_get_item (G_LIST_MODEL (process->queue), 0);
  wait_for_state (download, POND_DOWNLOAD_WAITING);
  g_assert_cmpint (pond_download_get_reason (download), ==, POND_WAITING_SIGN_IN);
  g_assert_nonnull (strstr (pond_download_get_message (download), "not kept"));
  g_assert_cmpuint (world_count_requests (fixture->world, "media", "*", "*"), ==, 0);

  again = add_link (fixture, process, token);
  g_assert_true (again == download);
  wait_for_state (download, POND_DOWNLOAD_SAVED);
  assert_same_file (pond_library_find (process->library, READY, "default"), "fireflies.mp4");
  g_assert_cmpuint (pond_download_get_resumed_from (download), >=, 100000);
  process_stop (process);
}

/* An account that can sign takes the link's place. */
static void
test_account_after_restart (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autofree char *token = get_token (fixture);
  Process *process;
  g_autoptr(PondDownload) download = NULL;

  leave_at_half (fixture, token);
  process = world_start (fixture->world);
  download = g_list_model_get_item (G_LIST_MODEL (process->queue), 0);
  wait_for_state (download, POND_DOWNLOAD_SAVED);
  assert_same_file (pond_library_find (process->library, READY, "default"), "fireflies.mp4");
  g_assert_cmpuint (pond_download_get_resumed_from (download), >=, 100000);
  g_assert_cmpuint (count_tokens (fixture), ==, 1);
  process_stop (process);
}

/* How long a token is used, by clocks that agree with Stream's and by ones that do not. */
static void
test_life (void)
{
  static const struct
  {
    gint64 now;
    gint64 until;
  } cases[] = {
    { 2000000000, 2000000000 + 1800 - 60 },
    /* Behind Stream's by a day: it is good for no longer than it was asked for. */
    { 2000000000 - 86400, 2000000000 - 86400 + 3600 - 60 },
    /* Ahead of it by a day: one that was just made has not ended. */
    { 2000000000 + 86400, 2000000000 + 86400 + 3600 - 60 },
  };
  g_autofree char *text = make_token ("{\"sub\":\"" READY "\",\"exp\":2000001800,\"downloadable\":true}");
  g_autofree char *endless = make_token ("{\"sub\":\"" READY "\",\"downloadable\":true}");
  g_autoptr(PondAccessToken) fixed = pond_access_token_new_fixed (text);
  g_autoptr(PondAccessToken) for_ever = pond_access_token_new_fixed (endless);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(PondAccessToken) token = pond_access_token_new (text, cases[i].now);

      g_assert_false (pond_access_token_is_fixed (token));
      g_assert_true (pond_access_token_is_good (token, cases[i].until - 1));
      g_assert_false (pond_access_token_is_good (token, cases[i].until));
    }

  g_assert_true (pond_access_token_is_fixed (fixed));
  g_assert_true (pond_access_token_is_good (fixed, 2000001799));
  g_assert_false (pond_access_token_is_good (fixed, 2000001800));
  g_assert_true (pond_access_token_is_good (for_ever, G_MAXINT32));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/private/life", test_life);
#define ADD(path, data, func) g_test_add (path, Fixture, data, set_up, func, tear_down)
  ADD ("/private/refused-at-half/401", GINT_TO_POINTER (401), test_refused_at_half);
  ADD ("/private/refused-at-half/403", GINT_TO_POINTER (403), test_refused_at_half);
  ADD ("/private/expired-at-half/401", "401", test_expired_at_half);
  ADD ("/private/expired-at-half/403", "403", test_expired_at_half);
  ADD ("/private/kept", NULL, test_kept);
  ADD ("/private/refused-often", NULL, test_refused_often);
  ADD ("/private/refused-always", NULL, test_refused_always);
  ADD ("/private/link", NULL, test_link);
  ADD ("/private/link/useless", NULL, test_useless_link);
  ADD ("/private/link/early", NULL, test_early_link);
  ADD ("/private/link/after-restart", NULL, test_link_after_restart);
  ADD ("/private/link/account-after-restart", NULL, test_account_after_restart);
#undef ADD

  return g_test_run ();
}
