/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-demo"

#include "config.h"

#include "demo/pond-demo-world.h"

#include <string.h>

#include "demo/pond-demo-token.h"

/* Where clients of the sample server are. */
#define COUNTRY "NL"

typedef struct
{
  PondDemoWorld      *world;
  PondDemoExchange   *exchange;
  SoupMessageHeaders *asked;
  SoupMessageHeaders *headers;
  JsonObject         *actions;
} Call;

static void
fail (Call       *call,
      guint       status,
      const char *text)
{
  pond_demo_exchange_fail (call->exchange, status, 0, text);
}

static gboolean
has_variant (Call       *call,
             const char *name,
             const char *value)
{
  return pond_demo_exchange_is_variant (call->exchange, name, value);
}

/* The header's value, which rules can change or take away. (transfer full) */
static char *
get_validator (Call       *call,
               const char *action,
               const char *usual)
{
  JsonNode *node = json_object_get_member (call->actions, action);

  return node ? json_node_dup_string (node) : g_strdup (usual);
}

/* Who may have it. */

/* Takes an identifier or a token; answers and gives NULL if it opens nothing. */
static PondDemoVideo *
open_video (Call       *call,
            const char *id,
            gboolean    download)
{
  SoupServerMessage *message = pond_demo_exchange_get_message (call->exchange);
  GSocketAddress *remote = soup_server_message_get_remote_address (message);
  GInetAddress *address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote));
  guint bad_token =
      has_variant (call, "bad_token", "403") ? SOUP_STATUS_FORBIDDEN : SOUP_STATUS_UNAUTHORIZED;
  g_autoptr (JsonObject) payload = pond_demo_token_read (id);
  const char *uid =
      payload ? json_object_get_string_member_with_default (payload, "sub", NULL) : id;
  PondDemoVideo *video = uid ? pond_demo_catalogue_find (call->world->catalogue, uid) : NULL;

  if (!video)
    {
      fail (call, SOUP_STATUS_NOT_FOUND, "Object not found");
      return NULL;
    }
  if (payload)
    {
      switch (pond_demo_token_check (call->world->secret, call->world->keys, id, address, COUNTRY))
        {
        case POND_DEMO_TOKEN_GOOD:
          break;
        case POND_DEMO_TOKEN_BLOCKED:
          fail (call, SOUP_STATUS_FORBIDDEN, "Forbidden");
          return NULL;
        default:
          fail (call, bad_token, "Unauthorized");
          return NULL;
        }
      if (download && !json_object_get_boolean_member_with_default (payload, "downloadable", FALSE))
        {
          fail (call,
                has_variant (call, "not_downloadable", "401") ? SOUP_STATUS_UNAUTHORIZED
                                                              : SOUP_STATUS_FORBIDDEN,
                "Forbidden");
          return NULL;
        }
    }
  else if (pond_demo_video_is_private (video))
    {
      fail (call, SOUP_STATUS_UNAUTHORIZED, "Unauthorized");
      return NULL;
    }
  if (has_variant (call, "allowed_origins", "enforced") &&
      !pond_demo_video_allows_origin (video,
                                      soup_message_headers_get_one (call->asked, "Referer")))
    {
      fail (call, SOUP_STATUS_FORBIDDEN, "Forbidden");
      return NULL;
    }
  if (g_str_equal (pond_demo_video_get_state (video), "error"))
    {
      fail (call, 424, "Failed Dependency");
      return NULL;
    }
  return video;
}

/* The bytes. */

/* FALSE if @text is not one range of bytes, and then it is as if it had not been there. */
static gboolean
parse_range (const char *text,
             guint64     size,
             guint64    *first,
             guint64    *last)
{
  char *end;

  if (!g_str_has_prefix (text, "bytes=") || strchr (text, ','))
    return FALSE;
  text += strlen ("bytes=");
  if (*text == '-')
    {
      guint64 tail = g_ascii_strtoull (text + 1, &end, 10);

      *first = size - MIN (tail, size);
      *last = size - 1;
      return end > text + 1 && *end == '\0';
    }
  *first = g_ascii_strtoull (text, &end, 10);
  if (end == text || *end != '-')
    return FALSE;
  text = end + 1;
  *last = *text ? g_ascii_strtoull (text, &end, 10) : size - 1;
  *last = MIN (*last, size - 1);
  return *text == '\0' || *end == '\0';
}

static gboolean
is_still_valid (Call       *call,
                const char *etag,
                const char *last_modified)
{
  const char *if_range = soup_message_headers_get_one (call->asked, "If-Range");

  return !if_range ||
         json_object_get_boolean_member_with_default (call->actions, "ignore_if_range", FALSE) ||
         g_strcmp0 (if_range, etag) == 0 || g_strcmp0 (if_range, last_modified) == 0;
}

static void
send_content (Call            *call,
              const char      *content_type,
              const char      *etag,
              const char      *last_modified,
              PondDemoContent *content)
{
  const char *range = soup_message_headers_get_one (call->asked, "Range");
  guint64 size = pond_demo_content_get_size (content);
  g_autofree char *accept_ranges = get_validator (call, "accept_ranges", "bytes");
  g_autofree char *content_range = NULL;
  guint64 first;
  guint64 last;

  if (etag)
    soup_message_headers_replace (call->headers, "ETag", etag);
  if (last_modified)
    soup_message_headers_replace (call->headers, "Last-Modified", last_modified);
  if (accept_ranges)
    soup_message_headers_replace (call->headers, "Accept-Ranges", accept_ranges);

  if (!range || !parse_range (range, size, &first, &last) ||
      json_object_get_boolean_member_with_default (call->actions, "ignore_range", FALSE) ||
      !is_still_valid (call, etag, last_modified))
    {
      pond_demo_exchange_send (call->exchange, SOUP_STATUS_OK, content_type, content, 0, size);
      return;
    }
  if (first >= size || first > last)
    {
      content_range = g_strdup_printf ("bytes */%" G_GUINT64_FORMAT, size);
      soup_message_headers_replace (call->headers, "Content-Range", content_range);
      fail (call, SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE, "Range Not Satisfiable");
      return;
    }

  first = CLAMP ((gint64) first +
                     json_object_get_int_member_with_default (call->actions, "shift_range", 0),
                 0, (gint64) last);
  content_range = g_strdup_printf (
      "bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, first, last, size);
  soup_message_headers_replace (call->headers, "Content-Range", content_range);
  pond_demo_exchange_send (call->exchange, SOUP_STATUS_PARTIAL_CONTENT, content_type,
                           content, first, last - first + 1);
}

static char *
make_etag (Call          *call,
           PondDemoVideo *video,
           PondDemoKind   kind)
{
  guint generation = has_variant (call, "delete_etag", "changed")
                         ? pond_demo_video_get_generation (video, kind)
                         : 0;
  gboolean rebuilt = has_variant (call, "early_encode", "rebuilt") &&
                     pond_demo_video_was_early (video, kind);
  g_autofree char *text =
      g_strdup_printf ("%s %s %u %d", pond_demo_video_get_uid (video),
                       pond_demo_kind_get_name (kind), generation, rebuilt);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_MD5, text, -1);

  return g_strdup_printf ("\"%s\"", sum);
}

static char *
make_last_modified (PondDemoVideo *video)
{
  g_autoptr (GDateTime) created =
      g_date_time_new_from_unix_utc (pond_demo_video_get_created (video) / 1000000000);

  return soup_date_time_to_string (created, SOUP_DATE_HTTP);
}

/* At most 120 of the letters that the API allows, as it does. */
static void
set_disposition (Call         *call,
                 PondDemoKind  kind)
{
  const char *asked = pond_demo_exchange_get_query (call->exchange, "filename");
  const char *full = pond_demo_kind_get_file_name (kind);
  g_autofree char *stem = g_strndup (full, strcspn (full, "."));
  g_autoptr (GString) name = g_string_new (NULL);
  g_autofree char *header = NULL;

  for (; asked && *asked && name->len < 120; asked++)
    {
      if (g_ascii_isalnum (*asked) || *asked == '_' || *asked == '-')
        g_string_append_c (name, *asked);
    }
  header = g_strdup_printf ("attachment; filename=\"%s%s\"", name->len > 0 ? name->str : stem,
                            strchr (full, '.'));
  soup_message_headers_replace (call->headers, "Content-Disposition", header);
}

static void
send_file (Call          *call,
           PondDemoVideo *video,
           PondDemoKind   kind)
{
  const char *other = json_object_get_string_member_with_default (call->actions, "file", NULL);
  PondDemoVideo *source = other ? pond_demo_catalogue_find (call->world->catalogue, other) : video;
  g_autoptr (GError) error = NULL;
  g_autoptr (PondDemoContent) content =
      source ? pond_demo_video_get_content (source, kind, &error) : NULL;
  g_autofree char *usual_etag = make_etag (call, video, kind);
  g_autofree char *usual_modified = make_last_modified (video);
  g_autofree char *etag = get_validator (call, "etag", usual_etag);
  g_autofree char *last_modified = get_validator (call, "last_modified", usual_modified);
  const char *type = json_object_get_string_member_with_default (
      call->actions, "content_type", kind == POND_DEMO_KIND_DEFAULT ? "video/mp4" : "audio/mp4");

  if (!content)
    {
      g_warning ("Nothing to send for “%s”: %s", pond_demo_video_get_title (video),
                 error ? error->message : "there is no such video");
      fail (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, "Internal Server Error");
      return;
    }
  if (json_object_has_member (call->actions, "truncate_to"))
    {
      PondDemoContent *part = pond_demo_content_truncate (
          content, json_object_get_int_member (call->actions, "truncate_to"));

      pond_demo_content_unref (content);
      content = part;
    }
  if (json_object_has_member (call->actions, "corrupt_at"))
    {
      PondDemoContent *corrupt = pond_demo_content_corrupt (
          content, json_object_get_int_member (call->actions, "corrupt_at"));

      pond_demo_content_unref (content);
      content = corrupt;
    }
  set_disposition (call, kind);
  send_content (call, type, etag, last_modified, content);
}

/* Links: /<id>/downloads/<file> leads to /signed/<expires>.<signature>/<uid>/<file>. */

static gboolean
find_kind (const char   *file_name,
           PondDemoKind *kind)
{
  for (*kind = 0; *kind < POND_DEMO_N_KINDS; (*kind)++)
    {
      if (g_str_equal (file_name, pond_demo_kind_get_file_name (*kind)))
        return TRUE;
    }
  return FALSE;
}

static char *
sign_link (Call       *call,
           const char *expires,
           const char *uid,
           const char *file_name)
{
  g_autofree char *text = g_strjoin ("/", expires, uid, file_name, NULL);

  return pond_demo_sign (call->world->secret, text);
}

static void
refuse_unfinished (Call *call)
{
  if (has_variant (call, "file_in_progress", "403"))
    fail (call, SOUP_STATUS_FORBIDDEN, "Forbidden");
  else if (has_variant (call, "file_in_progress", "425"))
    fail (call, 425, "Too Early");
  else if (has_variant (call, "file_in_progress", "empty"))
    pond_demo_exchange_send_text (call->exchange, SOUP_STATUS_OK, "video/mp4", "");
  else
    fail (call, SOUP_STATUS_NOT_FOUND, "Object not found");
}

static void
redirect_to_file (Call          *call,
                  PondDemoVideo *video,
                  PondDemoKind   kind)
{
  const char *variant = pond_demo_rules_get_variant (call->actions, "redirect");
  const char *file_name = pond_demo_kind_get_file_name (kind);
  const char *uid = pond_demo_video_get_uid (video);
  const char *asked = pond_demo_exchange_get_query (call->exchange, "filename");
  double life = pond_demo_rules_get_setting (call->world->rules, "link_seconds");
  g_autofree char *expires =
      g_strdup_printf ("%" G_GINT64_FORMAT, g_get_real_time () + (gint64) (life * 1e6));
  g_autofree char *signature = sign_link (call, expires, uid, file_name);
  g_autofree char *escaped = asked ? g_uri_escape_string (asked, NULL, FALSE) : NULL;
  g_autofree char *location =
      g_strdup_printf ("%s/signed/%s.%s/%s/%s%s%s", call->world->media_base, expires, signature,
                       uid, file_name, escaped ? "?filename=" : "", escaped ? escaped : "");

  pond_demo_exchange_redirect (
      call->exchange, variant ? g_ascii_strtoull (variant, NULL, 10) : SOUP_STATUS_FOUND, location);
}

static void
handle_download (Call       *call,
                 const char *id,
                 const char *file_name)
{
  PondDemoVideo *video = open_video (call, id, TRUE);
  PondDemoKind kind;
  double percent;

  if (!video)
    return;
  if (!find_kind (file_name, &kind))
    fail (call, SOUP_STATUS_NOT_FOUND, "Object not found");
  else if (pond_demo_video_get_download (video, kind, &percent) != POND_DEMO_DOWNLOAD_READY)
    refuse_unfinished (call);
  else if (has_variant (call, "redirect", "none"))
    send_file (call, video, kind);
  else
    redirect_to_file (call, video, kind);
}

static void
handle_signed (Call       *call,
               const char *proof,
               const char *uid,
               const char *file_name)
{
  PondDemoVideo *video = pond_demo_catalogue_find (call->world->catalogue, uid);
  g_auto (GStrv) parts = g_strsplit (proof, ".", 2);
  g_autofree char *signature = sign_link (call, parts[0], uid, file_name);
  PondDemoKind kind;

  if (!video || !find_kind (file_name, &kind) || g_strcmp0 (parts[1], signature) != 0 ||
      g_ascii_strtoll (parts[0], NULL, 10) < g_get_real_time ())
    fail (call, SOUP_STATUS_FORBIDDEN, "Forbidden");
  else
    send_file (call, video, kind);
}

static void
handle_thumbnail (Call       *call,
                  const char *id)
{
  PondDemoVideo *video = open_video (call, id, FALSE);
  g_autoptr (PondDemoContent) poster = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *last_modified = NULL;

  if (!video)
    return;
  if (g_str_equal (pond_demo_video_get_state (video), "ready"))
    poster = pond_demo_video_get_poster (video, &error);
  if (error)
    g_warning ("%s", error->message);
  if (!poster)
    {
      fail (call, SOUP_STATUS_NOT_FOUND, "Object not found");
      return;
    }
  last_modified = make_last_modified (video);
  send_content (call, "image/jpeg", NULL, last_modified, poster);
}

void
pond_demo_media_handle (PondDemoExchange *exchange,
                        gpointer          user_data)
{
  SoupServerMessage *message = pond_demo_exchange_get_message (exchange);
  const char *method = soup_server_message_get_method (message);
  g_auto (GStrv) parts = g_strsplit (pond_demo_exchange_get_path (exchange) + 1, "/", 0);
  guint n_parts = g_strv_length (parts);
  Call call = { user_data, exchange };

  call.asked = soup_server_message_get_request_headers (message);
  call.headers = soup_server_message_get_response_headers (message);
  call.actions = pond_demo_exchange_get_actions (exchange);
  if (!g_str_equal (method, "GET") && !g_str_equal (method, "HEAD"))
    fail (&call, SOUP_STATUS_METHOD_NOT_ALLOWED, "Method Not Allowed");
  else if (n_parts == 4 && g_str_equal (parts[0], "signed"))
    handle_signed (&call, parts[1], parts[2], parts[3]);
  else if (n_parts == 3 && g_str_equal (parts[1], "downloads"))
    handle_download (&call, parts[0], parts[2]);
  else if (n_parts == 3 && g_str_equal (parts[1], "thumbnails") &&
           g_str_equal (parts[2], "thumbnail.jpg"))
    handle_thumbnail (&call, parts[0]);
  else
    fail (&call, SOUP_STATUS_NOT_FOUND, "Object not found");
}

char *
pond_demo_media_get_video (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path + 1, "/", 0);
  guint n_parts = g_strv_length (parts);
  g_autoptr (JsonObject) payload = NULL;

  if (n_parts == 4 && g_str_equal (parts[0], "signed"))
    return g_strdup (parts[2]);
  payload = n_parts > 0 ? pond_demo_token_read (parts[0]) : NULL;
  if (payload)
    return g_strdup (json_object_get_string_member_with_default (payload, "sub", NULL));
  return n_parts > 0 ? g_strdup (parts[0]) : NULL;
}
