/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-demo"

#include "config.h"

#include "demo/pond-demo-world.h"

#include <string.h>

#include "demo/pond-demo-token.h"

#define PREFIX          "/client/v4/"
#define MAX_LIMIT       1000
#define MAX_TOKEN_RULES 5
#define EARLIER_SECONDS (60 * 60)
#define MAX_AHEAD       (24 * 60 * 60)

typedef enum
{
  ACCESS_NONE,
  ACCESS_READ,
  ACCESS_WRITE,
} Access;

/* One call as its route sees it. */
typedef struct
{
  PondDemoWorld    *world;
  PondDemoExchange *exchange;
  const char       *method;
  char            **parts;
  guint             n_parts;
  Access            access;
  PondDemoVideo    *video;
} Call;

static gboolean
is_id (const char *text)
{
  return strlen (text) == 32 && strspn (text, "0123456789abcdef") == 32;
}

static JsonNode *
node_for_object (JsonObject *object)
{
  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
node_for_array (JsonArray *array)
{
  return json_node_init_array (json_node_alloc (), array);
}

static void
succeed_object (Call       *call,
                JsonObject *result)
{
  pond_demo_exchange_succeed (call->exchange, node_for_object (result), NULL);
  json_object_unref (result);
}

static void
succeed_array (Call      *call,
               JsonArray *result)
{
  pond_demo_exchange_succeed (call->exchange, node_for_array (result), NULL);
  json_array_unref (result);
}

static void
fail_not_found (Call *call)
{
  pond_demo_exchange_fail (call->exchange, SOUP_STATUS_NOT_FOUND, 10003, "Not found");
}

static void
fail_bad_request (Call *call)
{
  pond_demo_exchange_fail (call->exchange, SOUP_STATUS_BAD_REQUEST, 10005,
                           "Bad Request: The request was invalid");
}

static void
fail_no_access (Call *call)
{
  pond_demo_exchange_fail (call->exchange, SOUP_STATUS_FORBIDDEN, 10000, "Authentication error");
}

static void
fail_no_route (Call *call)
{
  g_autofree char *message =
      g_strdup_printf ("Could not route to %s, perhaps your object identifier is invalid?",
                       pond_demo_exchange_get_path (call->exchange));

  pond_demo_exchange_fail (call->exchange,
                           pond_demo_exchange_is_variant (call->exchange, "no_route", "400")
                               ? SOUP_STATUS_BAD_REQUEST
                               : SOUP_STATUS_NOT_FOUND,
                           7003, message);
}

/* Who asks. */

static const char *
get_bearer (Call *call)
{
  SoupServerMessage *message = pond_demo_exchange_get_message (call->exchange);
  const char *header = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "Authorization");

  return header && g_str_has_prefix (header, "Bearer ") ? header + strlen ("Bearer ") : header;
}

/* A global key, 37 hexadecimal digits, is the mistake people make. */
static gboolean
is_well_formed (const char *token)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

  return strlen (token) >= 40 && strspn (token, letters) == strlen (token);
}

static Access
get_access (const char *token)
{
  if (g_str_equal (token, POND_DEMO_TOKEN) || g_str_equal (token, POND_DEMO_ACCOUNT_TOKEN))
    return ACCESS_WRITE;
  return g_str_equal (token, POND_DEMO_READ_TOKEN) ? ACCESS_READ : ACCESS_NONE;
}

static gboolean
authenticate (Call *call)
{
  gboolean verifying = g_str_equal (call->parts[call->n_parts - 1], "verify");
  const char *token = get_bearer (call);
  PondDemoExchange *exchange = call->exchange;

  if (!token)
    {
      if (verifying)
        pond_demo_exchange_fail (exchange, SOUP_STATUS_BAD_REQUEST, 1001,
                                 "Missing \"Authorization\" header");
      else
        pond_demo_exchange_fail (exchange, SOUP_STATUS_BAD_REQUEST, 10001,
                                 "Unable to authenticate request");
      return FALSE;
    }
  if (!is_well_formed (token))
    {
      pond_demo_exchange_fail (exchange, SOUP_STATUS_BAD_REQUEST, 6003, "Invalid request headers");
      return FALSE;
    }

  call->access = get_access (token);
  if (call->access != ACCESS_NONE || verifying)
    return TRUE;
  if (pond_demo_exchange_is_variant (exchange, "unknown_token", "401"))
    pond_demo_exchange_fail (exchange, SOUP_STATUS_UNAUTHORIZED, 10000, "Authentication error");
  else if (pond_demo_exchange_is_variant (exchange, "unknown_token", "400"))
    pond_demo_exchange_fail (exchange, SOUP_STATUS_BAD_REQUEST, 10001,
                             "Unable to authenticate request");
  else
    pond_demo_exchange_fail (exchange, SOUP_STATUS_FORBIDDEN, 9109, "Invalid access token");
  return FALSE;
}

static void
verify_token (Call     *call,
              gboolean  for_account)
{
  const char *token = get_bearer (call);
  gboolean account_owned = g_str_equal (token, POND_DEMO_ACCOUNT_TOKEN);
  g_autoptr (JsonObject) beside = NULL;
  JsonArray *messages;
  JsonObject *message;
  JsonObject *result;

  if (call->access == ACCESS_NONE || account_owned != for_account)
    {
      pond_demo_exchange_fail (call->exchange, SOUP_STATUS_UNAUTHORIZED, 1000, "Invalid API Token");
      return;
    }
  result = json_object_new ();
  json_object_set_string_member (result, "id", "ed17574386854bf78a67040be0a770b0");
  json_object_set_string_member (result, "status", "active");
  /* A code that means a refusal elsewhere is good news here. */
  message = json_object_new ();
  json_object_set_int_member (message, "code", 10000);
  json_object_set_string_member (message, "message", "This API Token is valid and active");
  json_object_set_null_member (message, "type");
  messages = json_array_new ();
  json_array_add_object_element (messages, message);
  beside = json_object_new ();
  json_object_set_array_member (beside, "messages", messages);
  pond_demo_exchange_succeed (call->exchange, node_for_object (result), beside);
  json_object_unref (result);
}

static void
list_accounts (Call *call)
{
  JsonArray *result;
  JsonObject *account;

  if (g_str_equal (get_bearer (call), POND_DEMO_ACCOUNT_TOKEN))
    {
      pond_demo_exchange_fail (call->exchange, SOUP_STATUS_BAD_REQUEST, 1001,
                               "List accounts endpoint does not support account owned tokens.");
      return;
    }
  result = json_array_new ();
  account = json_object_new ();
  json_object_set_string_member (account, "id", POND_DEMO_ACCOUNT);
  json_object_set_string_member (account, "name", "The mill");
  json_array_add_object_element (result, account);
  succeed_array (call, result);
}

/* How much is asked. */

static gboolean
is_over_limit (Call *call)
{
  PondDemoWorld *world = call->world;
  gint64 now = g_get_monotonic_time ();
  guint limit = pond_demo_rules_get_setting (world->rules, "rate_limit");
  double window = pond_demo_rules_get_setting (world->rules, "rate_window");
  double block = pond_demo_rules_get_setting (world->rules, "rate_block");
  SoupMessageHeaders *headers =
      soup_server_message_get_response_headers (pond_demo_exchange_get_message (call->exchange));
  g_autofree char *policy = g_strdup_printf ("\"default\";q=%u;w=%d", limit, (int) window);
  g_autofree char *state = NULL;

  if (now - world->window_opened >= window * G_USEC_PER_SEC)
    {
      world->window_opened = now;
      world->window_count = 0;
    }
  if (now >= world->blocked_until && ++world->window_count > limit)
    {
      world->blocked_until = now + (gint64) (block * G_USEC_PER_SEC);
      world->window_opened = world->blocked_until;
      world->window_count = 0;
    }

  soup_message_headers_replace (headers, "Ratelimit-Policy", policy);
  if (now < world->blocked_until)
    {
      int left = (world->blocked_until - now + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
      g_autofree char *retry_after = g_strdup_printf ("%d", left);

      state = g_strdup_printf ("\"default\";r=0;t=%d", left);
      soup_message_headers_replace (headers, "Retry-After", retry_after);
      soup_message_headers_replace (headers, "Ratelimit", state);
      pond_demo_exchange_fail (call->exchange, 429, 971,
                               "Please wait and consider throttling your request speed");
      return TRUE;
    }
  state = g_strdup_printf ("\"default\";r=%u;t=%d", limit - world->window_count,
                           (int) (window - (now - world->window_opened) / (double) G_USEC_PER_SEC));
  soup_message_headers_replace (headers, "Ratelimit", state);
  return FALSE;
}

/* The list. */

typedef struct
{
  gint64      from;
  gint64      until;
  gint64      limit;
  gboolean    ascending;
  const char *search;
  const char *name;
  const char *status;
  const char *type;
  const char *creator;
  const char *live_input;
  char      **ids;
  char      **names;
} Query;

static void
query_clear (Query *query)
{
  g_strfreev (query->ids);
  g_strfreev (query->names);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Query, query_clear)

static gboolean
read_time (Call       *call,
           const char *name,
           const char *alias,
           gint64     *value)
{
  const char *text = pond_demo_exchange_get_query (call->exchange, name);

  if (!text)
    text = pond_demo_exchange_get_query (call->exchange, alias);
  return !text || pond_demo_parse_time (text, value);
}

static gboolean
is_true (Call       *call,
         const char *name)
{
  const char *text = pond_demo_exchange_get_query (call->exchange, name);

  return text && (g_str_equal (text, "true") || g_str_equal (text, "1"));
}

static gboolean
read_query (Call  *call,
            Query *query)
{
  PondDemoExchange *exchange = call->exchange;
  const char *limit = pond_demo_exchange_get_query (exchange, "limit");
  const char *ids = pond_demo_exchange_get_query (exchange, "id");
  const char *names = pond_demo_exchange_get_query (exchange, "name");

  query->from = G_MININT64;
  query->until = G_MAXINT64;
  query->limit = MAX_LIMIT;
  if ((limit && !g_ascii_string_to_signed (limit, 10, 1, MAX_LIMIT, &query->limit, NULL)) ||
      !read_time (call, "after", "start", &query->from) ||
      !read_time (call, "before", "end", &query->until))
    return FALSE;
  query->ascending = is_true (call, "asc");
  query->search = pond_demo_exchange_get_query (exchange, "search");
  query->name = pond_demo_exchange_get_query (exchange, "video_name");
  query->status = pond_demo_exchange_get_query (exchange, "status");
  query->type = pond_demo_exchange_get_query (exchange, "type");
  query->creator = pond_demo_exchange_get_query (exchange, "creator");
  query->live_input = pond_demo_exchange_get_query (exchange, "live_input_id");
  query->ids = ids ? g_strsplit (ids, ",", 0) : NULL;
  query->names = names ? g_strsplit (names, ",", 0) : NULL;
  return TRUE;
}

static gboolean
contains (const char *text,
          const char *word)
{
  g_autofree char *folded_text = g_utf8_casefold (text, -1);
  g_autofree char *folded_word = g_utf8_casefold (word, -1);

  return strstr (folded_text, folded_word) != NULL;
}

static gboolean
query_matches (const Query   *query,
               PondDemoVideo *video)
{
  const char *uid = pond_demo_video_get_uid (video);
  const char *title = pond_demo_video_get_title (video);
  const char *live_input = pond_demo_video_get_live_input (video);

  if (query->ids && !g_strv_contains ((const char *const *) query->ids, uid))
    return FALSE;
  if (query->names && !g_strv_contains ((const char *const *) query->names, uid) &&
      !g_strv_contains ((const char *const *) query->names, title))
    return FALSE;
  if ((query->name && !g_str_equal (query->name, title)) ||
      (query->search && !contains (title, query->search)) ||
      (query->status && !g_str_equal (query->status, pond_demo_video_get_state (video))) ||
      (query->creator && g_strcmp0 (query->creator, pond_demo_video_get_creator (video)) != 0) ||
      (query->live_input && g_strcmp0 (query->live_input, live_input) != 0))
    return FALSE;
  return !query->type || g_str_equal (query->type, live_input ? "live" : "vod");
}

static void
set_total (Call       *call,
           JsonObject *beside,
           const char *name,
           guint       value)
{
  g_autofree char *text = g_strdup_printf ("%u", value);

  if (pond_demo_exchange_is_variant (call->exchange, "total", "string"))
    json_object_set_string_member (beside, name, text);
  else if (!pond_demo_exchange_is_variant (call->exchange, "total", "missing"))
    json_object_set_int_member (beside, name, value);
}

/* The window of before and after narrows what is listed and `range`, not `total`. */
static void
list_videos (Call *call)
{
  GPtrArray *videos = pond_demo_catalogue_get_videos (call->world->catalogue);
  JsonObject *actions = pond_demo_exchange_get_actions (call->exchange);
  g_auto (Query) query = { 0 };
  g_autoptr (JsonArray) result = NULL;
  g_autoptr (JsonObject) beside = NULL;
  guint total = 0;

  if (!read_query (call, &query))
    {
      fail_bad_request (call);
      return;
    }

  result = json_array_new ();
  for (guint i = 0; i < videos->len; i++)
    {
      PondDemoVideo *video = videos->pdata[query.ascending ? videos->len - 1 - i : i];
      gint64 created = pond_demo_video_get_created (video);

      if (!query_matches (&query, video))
        continue;
      total++;
      if (created >= query.from && created < query.until &&
          json_array_get_length (result) < query.limit)
        json_array_add_object_element (
            result, pond_demo_video_to_json (video, call->world->media_base, actions));
    }
  if (is_true (call, "include_counts"))
    {
      beside = json_object_new ();
      set_total (call, beside, "total", total);
      set_total (call, beside, "range", json_array_get_length (result));
    }
  pond_demo_exchange_succeed (call->exchange, node_for_array (result), beside);
}

static void
show_video (Call *call)
{
  succeed_object (call, pond_demo_video_to_json (call->video, call->world->media_base,
                                                 pond_demo_exchange_get_actions (call->exchange)));
}

/* Downloads. */

static JsonObject *
build_download (Call         *call,
                PondDemoKind  kind)
{
  static const char *const states[] = { NULL, "inprogress", "ready", "error" };
  double percent;
  PondDemoDownloadState state = pond_demo_video_get_download (call->video, kind, &percent);
  JsonObject *entry;
  g_autofree char *url = NULL;

  if (state == POND_DEMO_DOWNLOAD_NONE)
    return NULL;
  entry = json_object_new ();
  url =
      g_strdup_printf ("%s/%s/downloads/%s", call->world->media_base,
                       pond_demo_video_get_uid (call->video), pond_demo_kind_get_file_name (kind));
  json_object_set_string_member (entry, "status", states[state]);
  if (pond_demo_exchange_is_variant (call->exchange, "percent_complete", "string"))
    {
      g_autofree char *text = g_strdup_printf ("%.0f", percent);

      json_object_set_string_member (entry, "percentComplete", text);
    }
  else if (!pond_demo_exchange_is_variant (call->exchange, "percent_complete", "missing"))
    {
      json_object_set_double_member (entry, "percentComplete", percent);
    }
  json_object_set_string_member (entry, "url", url);
  return entry;
}

static void
show_downloads (Call *call)
{
  JsonObject *result = json_object_new ();

  for (PondDemoKind kind = 0; kind < POND_DEMO_N_KINDS; kind++)
    {
      JsonObject *entry = build_download (call, kind);

      if (entry)
        json_object_set_object_member (result, pond_demo_kind_get_name (kind), entry);
    }
  if (json_object_get_size (result) == 0 &&
      pond_demo_exchange_is_variant (call->exchange, "downloads_before_post", "404"))
    fail_not_found (call);
  else if (json_object_get_size (result) == 0 &&
           pond_demo_exchange_is_variant (call->exchange, "downloads_before_post", "null"))
    pond_demo_exchange_succeed (call->exchange, json_node_new (JSON_NODE_NULL), NULL);
  else
    {
      succeed_object (call, result);
      return;
    }
  json_object_unref (result);
}

static void
start_download (Call         *call,
                PondDemoKind  kind)
{
  const char *refusal = pond_demo_rules_get_variant (
      pond_demo_exchange_get_actions (call->exchange), "post_not_ready");
  JsonObject *entry;

  if (!pond_demo_video_can_download (call->video))
    {
      pond_demo_exchange_fail (
          call->exchange, refusal ? g_ascii_strtoull (refusal, NULL, 10) : SOUP_STATUS_BAD_REQUEST,
          10005, "Bad Request: The request was invalid");
      return;
    }
  pond_demo_video_enable (call->video, kind);
  entry = build_download (call, kind);
  if (!pond_demo_exchange_is_variant (call->exchange, "post_answer", "flat"))
    {
      JsonObject *result = json_object_new ();

      json_object_set_object_member (result, pond_demo_kind_get_name (kind), entry);
      entry = result;
    }
  succeed_object (call, entry);
}

static void
remove_download (Call         *call,
                 PondDemoKind  kind)
{
  JsonNode *ok;

  if (!pond_demo_video_disable (call->video, kind))
    {
      fail_not_found (call);
      return;
    }
  ok = json_node_init_string (json_node_alloc (), "ok");
  pond_demo_exchange_succeed (call->exchange, ok, NULL);
}

static void
route_downloads (Call *call)
{
  PondDemoKind kind = POND_DEMO_KIND_DEFAULT;

  if (call->n_parts == 6)
    {
      while (kind < POND_DEMO_N_KINDS &&
             !g_str_equal (call->parts[5], pond_demo_kind_get_name (kind)))
        kind++;
    }
  if (kind == POND_DEMO_N_KINDS || call->n_parts > 6)
    fail_no_route (call);
  else if (g_str_equal (call->method, "GET") && call->n_parts == 5)
    show_downloads (call);
  else if (g_str_equal (call->method, "POST"))
    start_download (call, kind);
  else if (g_str_equal (call->method, "DELETE"))
    remove_download (call, kind);
  else
    fail_no_route (call);
}

/* Signed tokens. */

/* The body of a request as an object, empty if there was no body; NULL if it makes no sense. */
static JsonObject *
read_body (Call *call)
{
  SoupMessageBody *body =
      soup_server_message_get_request_body (pond_demo_exchange_get_message (call->exchange));
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  g_autoptr (JsonParser) parser = json_parser_new ();

  if (g_bytes_get_size (bytes) == 0)
    return json_object_new ();
  if (!json_parser_load_from_data (parser, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                   NULL) ||
      !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return NULL;
  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

static gboolean
has_array (JsonObject *object,
           const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_ARRAY (node);
}

static gboolean
is_access_rule (JsonNode *node)
{
  JsonObject *rule = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *type;
  const char *action;

  if (!rule)
    return FALSE;
  type = json_object_get_string_member_with_default (rule, "type", NULL);
  action = json_object_get_string_member_with_default (rule, "action", NULL);
  if (g_strcmp0 (action, "allow") != 0 && g_strcmp0 (action, "block") != 0)
    return FALSE;
  return g_strcmp0 (type, "any") == 0 ||
         (g_strcmp0 (type, "ip.src") == 0 && has_array (rule, "ip")) ||
         (g_strcmp0 (type, "ip.geoip.country") == 0 && has_array (rule, "country"));
}

static gboolean
are_access_rules (JsonNode *node)
{
  JsonArray *rules = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (!rules || json_array_get_length (rules) > MAX_TOKEN_RULES)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (rules); i++)
    {
      if (!is_access_rule (json_array_get_element (rules, i)))
        return FALSE;
    }
  return TRUE;
}

static void
issue_token (Call *call)
{
  g_autoptr (JsonObject) body = read_body (call);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  double life = pond_demo_rules_get_setting (call->world->rules, "token_seconds");
  g_autoptr (JsonObject) payload = NULL;
  g_autofree char *token = NULL;
  JsonNode *rules = NULL;
  JsonObject *result;
  gint64 expires;

  if (!body)
    {
      pond_demo_exchange_fail (call->exchange, SOUP_STATUS_BAD_REQUEST, 10004, "Decoding Error");
      return;
    }
  expires = json_object_get_int_member_with_default (body, "exp", now + (gint64) life);
  if (json_object_has_member (body, "accessRules"))
    rules = json_object_get_member (body, "accessRules");
  if (expires <= now || expires > now + MAX_AHEAD || (rules && !are_access_rules (rules)))
    {
      fail_bad_request (call);
      return;
    }

  payload = json_object_new ();
  json_object_set_string_member (payload, "sub", pond_demo_video_get_uid (call->video));
  json_object_set_int_member (payload, "exp", expires);
  json_object_set_int_member (
      payload, "nbf", json_object_get_int_member_with_default (body, "nbf", now - EARLIER_SECONDS));
  if (json_object_get_boolean_member_with_default (body, "downloadable", FALSE))
    json_object_set_boolean_member (payload, "downloadable", TRUE);
  if (rules)
    json_object_set_member (payload, "accessRules", json_node_copy (rules));
  token = pond_demo_token_issue (call->world->secret, payload);
  result = json_object_new ();
  json_object_set_string_member (result, "token", token);
  succeed_object (call, result);
}

/* Signing keys. */

static void
route_keys (Call *call)
{
  gboolean one = call->n_parts == 5;

  if (call->n_parts > 5)
    fail_no_route (call);
  else if (g_str_equal (call->method, "GET") && !one)
    succeed_array (call, pond_demo_keys_list (call->world->keys));
  else if (call->access != ACCESS_WRITE)
    fail_no_access (call);
  else if (g_str_equal (call->method, "POST") && !one)
    succeed_object (call, pond_demo_keys_create (call->world->keys));
  else if (!g_str_equal (call->method, "DELETE") || !one)
    fail_no_route (call);
  else if (pond_demo_keys_remove (call->world->keys, call->parts[4]))
    pond_demo_exchange_succeed (call->exchange,
                                json_node_init_string (json_node_alloc (), "Revoked"), NULL);
  else
    fail_not_found (call);
}

/* Captions. */

static void
show_captions (Call *call)
{
  JsonArray *captions = pond_demo_video_get_captions (call->video);
  JsonObject *found = NULL;

  if (call->n_parts == 5)
    {
      succeed_array (call, captions);
      return;
    }
  for (guint i = 0; i < json_array_get_length (captions) && !found; i++)
    {
      JsonObject *caption = json_array_get_object_element (captions, i);

      if (g_str_equal (json_object_get_string_member (caption, "language"), call->parts[5]))
        found = json_object_ref (caption);
    }
  json_array_unref (captions);
  if (found)
    succeed_object (call, found);
  else
    fail_not_found (call);
}

static void
show_vtt (Call *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) vtt = pond_demo_video_get_vtt (call->video, call->parts[5], &error);
  g_autoptr (PondDemoContent) content = NULL;

  if (error)
    g_warning ("%s", error->message);
  if (!vtt)
    {
      fail_not_found (call);
      return;
    }
  content = pond_demo_content_new_for_bytes (vtt);
  pond_demo_exchange_send (call->exchange, SOUP_STATUS_OK, "text/vtt; charset=utf-8",
                           content, 0, g_bytes_get_size (vtt));
}

static void
show_audio_tracks (Call *call)
{
  JsonObject *result = json_object_new ();

  json_object_set_array_member (result, "audio", json_array_new ());
  succeed_object (call, result);
}

/* The account. */

static void
show_usage (Call *call)
{
  GPtrArray *videos = pond_demo_catalogue_get_videos (call->world->catalogue);
  const char *creator = pond_demo_exchange_get_query (call->exchange, "creator");
  JsonObject *result = json_object_new ();
  double seconds = 0;
  guint count = 0;

  for (guint i = 0; i < videos->len; i++)
    {
      if (creator && g_strcmp0 (pond_demo_video_get_creator (videos->pdata[i]), creator) != 0)
        continue;
      count++;
      seconds += MAX (0, pond_demo_video_get_duration (videos->pdata[i]));
    }
  json_object_set_string_member (result, "creator", creator ? creator : "");
  json_object_set_double_member (result, "totalStorageMinutes", seconds / 60);
  json_object_set_int_member (result, "totalStorageMinutesLimit", 1000);
  json_object_set_int_member (result, "videoCount", count);
  succeed_object (call, result);
}

static void
list_live_inputs (Call *call)
{
  GPtrArray *videos = pond_demo_catalogue_get_videos (call->world->catalogue);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *inputs = json_array_new ();
  JsonObject *result;
  guint count;

  for (guint i = 0; i < videos->len; i++)
    {
      const char *uid = pond_demo_video_get_live_input (videos->pdata[i]);
      JsonObject *input;

      if (!uid || !g_hash_table_add (seen, (gpointer) uid))
        continue;
      input = json_object_new ();
      json_object_set_string_member (input, "uid", uid);
      json_array_add_object_element (inputs, input);
    }
  if (pond_demo_exchange_is_variant (call->exchange, "live_inputs", "array"))
    {
      succeed_array (call, inputs);
      return;
    }
  count = json_array_get_length (inputs);
  result = json_object_new ();
  json_object_set_array_member (result, "liveInputs", inputs);
  json_object_set_int_member (result, "range", count);
  json_object_set_int_member (result, "total", count);
  succeed_object (call, result);
}

static void
list_recordings (Call *call)
{
  GPtrArray *videos = pond_demo_catalogue_get_videos (call->world->catalogue);
  JsonArray *result = json_array_new ();

  for (guint i = 0; i < videos->len; i++)
    {
      PondDemoVideo *video = videos->pdata[i];

      if (g_strcmp0 (pond_demo_video_get_live_input (video), call->parts[4]) == 0)
        json_array_add_object_element (
            result, pond_demo_video_to_json (video, call->world->media_base,
                                             pond_demo_exchange_get_actions (call->exchange)));
    }
  succeed_array (call, result);
}

/* Routes: accounts/{account}/stream/{uid}/... in parts 0, 1, 2, 3 and 4. */

static gboolean
may (Call *call)
{
  if (call->access == ACCESS_WRITE || g_str_equal (call->method, "GET"))
    return TRUE;
  return g_str_equal (call->method, "POST") &&
         pond_demo_exchange_is_variant (call->exchange, "read_may_enable", "yes");
}

static void
route_video (Call *call)
{
  gboolean get = g_str_equal (call->method, "GET");
  const char *what = call->n_parts > 4 ? call->parts[4] : "";

  call->video = pond_demo_catalogue_find (call->world->catalogue, call->parts[3]);
  if (!call->video)
    fail_not_found (call);
  else if (call->n_parts == 4 && get)
    show_video (call);
  else if (g_str_equal (what, "downloads"))
    route_downloads (call);
  else if (g_str_equal (what, "token") && call->n_parts == 5 && g_str_equal (call->method, "POST"))
    issue_token (call);
  else if (g_str_equal (what, "captions") && call->n_parts <= 6 && get)
    show_captions (call);
  else if (g_str_equal (what, "captions") && call->n_parts == 7 && get &&
           g_str_equal (call->parts[6], "vtt"))
    show_vtt (call);
  else if (g_str_equal (what, "audio") && call->n_parts == 5 && get)
    show_audio_tracks (call);
  else
    fail_no_route (call);
}

static void
route_stream (Call *call)
{
  gboolean get = g_str_equal (call->method, "GET");

  if (!may (call))
    fail_no_access (call);
  else if (call->n_parts == 3 && get)
    list_videos (call);
  else if (call->n_parts == 4 && g_str_equal (call->parts[3], "storage-usage") && get)
    show_usage (call);
  else if (call->n_parts >= 4 && g_str_equal (call->parts[3], "keys"))
    route_keys (call);
  else if (call->n_parts == 4 && g_str_equal (call->parts[3], "live_inputs") && get)
    list_live_inputs (call);
  else if (call->n_parts == 6 && g_str_equal (call->parts[3], "live_inputs") &&
           g_str_equal (call->parts[5], "videos") && get)
    list_recordings (call);
  else if (call->n_parts >= 4 && is_id (call->parts[3]))
    route_video (call);
  else
    fail_no_route (call);
}

static void
route (Call *call)
{
  if (call->n_parts == 3 && g_str_equal (call->parts[0], "user") &&
      g_str_equal (call->parts[1], "tokens") && g_str_equal (call->parts[2], "verify"))
    verify_token (call, FALSE);
  else if (!g_str_equal (call->parts[0], "accounts"))
    fail_no_route (call);
  else if (call->n_parts == 1)
    list_accounts (call);
  else if (call->n_parts < 3 || !is_id (call->parts[1]))
    fail_no_route (call);
  else if (!g_str_equal (call->parts[1], POND_DEMO_ACCOUNT))
    fail_no_access (call);
  else if (call->n_parts == 4 && g_str_equal (call->parts[2], "tokens") &&
           g_str_equal (call->parts[3], "verify"))
    verify_token (call, TRUE);
  else if (g_str_equal (call->parts[2], "stream"))
    route_stream (call);
  else
    fail_no_route (call);
}

void
pond_demo_api_handle (PondDemoExchange *exchange,
                      gpointer          user_data)
{
  const char *path = pond_demo_exchange_get_path (exchange);
  SoupServerMessage *message = pond_demo_exchange_get_message (exchange);
  g_auto (GStrv) parts = NULL;
  Call call = { user_data, exchange, soup_server_message_get_method (message) };

  if (is_over_limit (&call))
    return;
  parts = g_strsplit (g_str_has_prefix (path, PREFIX) ? path + strlen (PREFIX) : "", "/", 0);
  call.parts = parts;
  call.n_parts = g_strv_length (parts);
  if (call.n_parts == 0)
    fail_no_route (&call);
  else if (authenticate (&call))
    route (&call);
}

char *
pond_demo_api_get_video (const char *path)
{
  const char *rest = strstr (path, "/stream/");

  if (!rest)
    return NULL;
  rest += strlen ("/stream/");
  return strspn (rest, "0123456789abcdef") == 32 ? g_strndup (rest, 32) : NULL;
}
