/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-video-ref.h"
#include "stream/pond-stream-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define UID_LENGTH 32

struct _PondVideoRef
{
  gatomicrefcount ref_count;
  char *uid;
  char *host;
  char *account;
  const char *type;
};

G_DEFINE_BOXED_TYPE (PondVideoRef, pond_video_ref, pond_video_ref_ref, pond_video_ref_unref)

/**
 * pond_is_uid:
 * @text: a text
 *
 * Returns: whether @text is 32 lowercase hexadecimal digits, as the IDs of videos and accounts are
 */
gboolean
pond_is_uid (const char *text)
{
  gsize i;

  for (i = 0; i < UID_LENGTH; i++)
    {
      if (!g_ascii_isxdigit (text[i]) || g_ascii_isupper (text[i]))
        return FALSE;
    }

  return text[i] == '\0';
}

/**
 * pond_video_ref_new:
 * @uid: 32 lowercase hexadecimal digits
 *
 * Returns: (transfer full): a reference to the video by its bare ID
 */
PondVideoRef *
pond_video_ref_new (const char *uid)
{
  PondVideoRef *self;

  g_return_val_if_fail (uid != NULL && pond_is_uid (uid), NULL);

  self = g_new0 (PondVideoRef, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->uid = g_strdup (uid);

  return self;
}

PondVideoRef *
pond_video_ref_ref (PondVideoRef *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
pond_video_ref_unref (PondVideoRef *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->uid);
  g_free (self->host);
  g_free (self->account);
  g_free (self);
}

/**
 * pond_video_ref_get_uid:
 * @self: a reference
 *
 * Returns: (transfer none): 32 lowercase hexadecimal digits
 */
const char *
pond_video_ref_get_uid (PondVideoRef *self)
{
  return self->uid;
}

/**
 * pond_video_ref_get_host:
 * @self: a reference
 *
 * Returns: (transfer none) (nullable): the delivery host that the address named, in lower case
 */
const char *
pond_video_ref_get_host (PondVideoRef *self)
{
  return self->host;
}

/**
 * pond_video_ref_get_account:
 * @self: a reference
 *
 * Returns: (transfer none) (nullable): the account ID that the address named
 */
const char *
pond_video_ref_get_account (PondVideoRef *self)
{
  return self->account;
}

/**
 * pond_video_ref_get_type_name:
 * @self: a reference
 *
 * Returns: (transfer none) (nullable): "default" or "audio", when the address named a file
 */
const char *
pond_video_ref_get_type_name (PondVideoRef *self)
{
  return self->type;
}

/* An address, taken apart as far as is needed to find a video in it. */
typedef struct
{
  char *host;
  char **segments;
  char *query;
} Address;

static void
address_clear (Address *address)
{
  g_free (address->host);
  g_strfreev (address->segments);
  g_free (address->query);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Address, address_clear)

static gboolean
address_parse (Address    *address,
               const char *text)
{
  const char *start = strstr (text, "://");
  const char *path;
  const char *query;
  const char *end;
  g_autofree char *path_text = NULL;

  if (start != NULL)
    start += 3;
  else
    start = g_str_has_prefix (text, "//") ? text + 2 : text;

  path = strchr (start, '/');
  if (path == NULL || path == start)
    return FALSE;

  address->host = g_ascii_strdown (start, path - start);
  if (strpbrk (address->host, ".:[") == NULL && !g_str_equal (address->host, "localhost"))
    return FALSE;

  end = path + strcspn (path, "#");
  query = memchr (path, '?', end - path);
  if (query != NULL)
    {
      address->query = g_strndup (query + 1, end - query - 1);
      end = query;
    }

  path_text = g_strndup (path + 1, end - path - 1);
  address->segments = g_strsplit (path_text, "/", 16);

  return TRUE;
}

static char *
fold_uid (const char *text)
{
  g_autofree char *folded = text != NULL ? g_ascii_strdown (text, -1) : NULL;

  return folded != NULL && pond_is_uid (folded) ? g_steal_pointer (&folded) : NULL;
}

/* The video that a signed token was made for: the `sub` of its payload. */
static char *
uid_of_token (const char *text)
{
  g_autofree char *unescaped = g_uri_unescape_string (text, NULL);
  g_auto(GStrv) parts = NULL;
  g_autoptr(GString) payload = NULL;
  g_autofree guchar *decoded = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(JsonNode) node = NULL;
  gsize length;

  if (unescaped == NULL || !g_str_has_prefix (unescaped, "eyJ"))
    return NULL;

  parts = g_strsplit (unescaped, ".", 4);
  if (g_strv_length (parts) != 3)
    return NULL;

  payload = g_string_new (parts[1]);
  g_string_replace (payload, "-", "+", 0);
  g_string_replace (payload, "_", "/", 0);
  while (payload->len % 4 != 0)
    g_string_append_c (payload, '=');

  decoded = g_base64_decode (payload->str, &length);
  bytes = g_bytes_new (decoded, length);
  node = pond_json_parse (bytes, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  return fold_uid (pond_json_get_string (json_node_get_object (node), "sub"));
}

static char *
uid_of_segment (const char *segment)
{
  char *uid = segment != NULL ? fold_uid (segment) : NULL;

  if (uid == NULL && segment != NULL)
    uid = uid_of_token (segment);

  return uid;
}

static gboolean
host_is_stream (const char *host)
{
  return g_str_equal (host, "cloudflarestream.com") || g_str_has_suffix (host, ".cloudflarestream.com") ||
         g_str_equal (host, "videodelivery.net") || g_str_has_suffix (host, ".videodelivery.net");
}

static gboolean
segment_is_known (const char *segment)
{
  static const char * const known[] = { "watch", "iframe", "manifest", "thumbnails", "downloads",
                                        "clip.mp4", "lifecycle", "views", "webRTC", NULL };

  return segment != NULL && g_strv_contains (known, segment);
}

static const char *
type_of_segments (char **segments)
{
  if (g_strv_length (segments) < 3 || !g_str_equal (segments[1], "downloads"))
    return NULL;
  if (g_str_equal (segments[2], "default.mp4"))
    return "default";

  return g_str_equal (segments[2], "audio.m4a") ? "audio" : NULL;
}

static PondVideoRef *
make_ref (char       *uid,
          const char *host,
          const char *account,
          const char *type)
{
  PondVideoRef *self;
  g_autofree char *owned = uid;

  if (uid == NULL)
    return NULL;

  self = pond_video_ref_new (uid);
  self->host = g_strdup (host);
  self->account = g_strdup (account);
  self->type = type;

  return self;
}

static PondVideoRef *
read_account_address (const char  *account_segment,
                      char       **rest,
                      const char **reason)
{
  g_autofree char *account = account_segment != NULL ? fold_uid (account_segment) : NULL;

  if (account == NULL || rest[0] == NULL || !g_str_equal (rest[0], "stream") || rest[1] == NULL)
    return NULL;

  if (g_str_equal (rest[1], "inputs") || g_str_equal (rest[1], "live_inputs"))
    {
      *reason = _("a live input, not a video");
      return NULL;
    }

  if (g_str_equal (rest[1], "videos"))
    return make_ref (uid_of_segment (rest[2]), NULL, account, NULL);

  return make_ref (uid_of_segment (rest[1]), NULL, account, NULL);
}

static PondVideoRef *
read_query_video (const char *query)
{
  g_auto(GStrv) pairs = g_strsplit (query != NULL ? query : "", "&", -1);

  for (char **pair = pairs; *pair != NULL; pair++)
    {
      if (g_str_has_prefix (*pair, "video="))
        return make_ref (uid_of_segment (*pair + strlen ("video=")), NULL, NULL, NULL);
    }

  return NULL;
}

static PondVideoRef *
read_address (const char  *text,
              const char **reason)
{
  g_auto(Address) address = { 0 };
  char **segments;
  PondVideoRef *ref;

  if (!address_parse (&address, text))
    return NULL;

  segments = address.segments;
  if (g_str_equal (address.host, "dash.cloudflare.com"))
    return read_account_address (segments[0], segments[0] != NULL ? segments + 1 : segments, reason);

  if (g_strv_length (segments) >= 4 && g_str_equal (segments[0], "client") &&
      g_str_equal (segments[2], "accounts"))
    return read_account_address (segments[3], segments + 4, reason);

  if (g_str_has_prefix (address.host, "embed."))
    return host_is_stream (address.host) ? read_query_video (address.query) : NULL;

  if (!host_is_stream (address.host) && (segments[0] == NULL || !segment_is_known (segments[1])))
    return NULL;

  ref = make_ref (uid_of_segment (segments[0]), NULL, NULL, type_of_segments (segments));
  if (ref == NULL)
    {
      if (segments[0] != NULL && g_str_has_prefix (segments[0], "eyJ"))
        *reason = _("a signed link that does not name its video");
      return NULL;
    }

  if (!g_str_has_prefix (address.host, "watch.") && !g_str_has_prefix (address.host, "iframe.") &&
      !g_str_has_prefix (address.host, "upload."))
    ref->host = g_strdup (address.host);

  return ref;
}

/* What a person would not have written without meaning a video by it. */
static gboolean
looks_meant (const char *word)
{
  return strstr (word, "://") != NULL || strstr (word, "cloudflarestream.com") != NULL ||
         strstr (word, "videodelivery.net") != NULL || strspn (word, "0123456789abcdefABCDEF") >= 24;
}

static char *
decode_entities (const char *text)
{
  GString *decoded = g_string_new (text);

  g_string_replace (decoded, "&quot;", "\"", 0);
  g_string_replace (decoded, "&#39;", "'", 0);
  g_string_replace (decoded, "&lt;", "<", 0);
  g_string_replace (decoded, "&gt;", ">", 0);
  g_string_replace (decoded, "&#38;", "&", 0);
  g_string_replace (decoded, "&amp;", "&", 0);

  return g_string_free_and_steal (decoded);
}

static void
reject (GPtrArray  *rejected,
        const char *word,
        const char *reason)
{
  g_autofree char *shown = g_utf8_make_valid (word, -1);

  if (g_utf8_strlen (shown, -1) > 60)
    {
      char *cut = g_utf8_offset_to_pointer (shown, 60);

      *cut = '\0';
    }

  /* Translators: what somebody pasted, and why it is no video. */
  g_ptr_array_add (rejected, g_strdup_printf (_("“%s”: %s"), shown, reason));
}

static PondVideoRef *
read_word (const char  *word,
           const char **reason)
{
  PondVideoRef *ref = NULL;

  if (strchr (word, '/') != NULL)
    ref = read_address (word, reason);
  else
    ref = make_ref (uid_of_segment (word), NULL, NULL, NULL);

  if (ref == NULL && *reason == NULL && looks_meant (word))
    *reason = _("not a video ID or a Stream link");

  return ref;
}

/**
 * pond_video_ref_scan:
 * @text: any text
 * @rejected: (out) (optional) (transfer full) (element-type utf8): what looks as if it was meant as a
 *   video and can't be used, each with its reason
 *
 * Finds every video that @text names, in order, once each.
 *
 * Returns: (transfer full) (element-type PondVideoRef): the videos
 */
GPtrArray *
pond_video_ref_scan (const char  *text,
                     GPtrArray  **rejected)
{
  g_autoptr(GPtrArray) refs = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_video_ref_unref);
  g_autoptr(GPtrArray) reasons = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *decoded = NULL;
  g_auto(GStrv) words = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  decoded = decode_entities (text);
  words = g_strsplit_set (decoded, " \t\r\n\v\f\"'<>|,;()[]{}", -1);

  for (char **word = words; *word != NULL; word++)
    {
      g_autoptr(PondVideoRef) ref = NULL;
      const char *reason = NULL;

      if (**word == '\0')
        continue;

      ref = read_word (*word, &reason);
      if (ref == NULL && reason != NULL)
        reject (reasons, *word, reason);
      else if (ref != NULL && g_hash_table_add (seen, ref->uid))
        g_ptr_array_add (refs, g_steal_pointer (&ref));
    }

  if (rejected != NULL)
    *rejected = g_steal_pointer (&reasons);

  return g_steal_pointer (&refs);
}
