/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-video-ref-private.h"
#include "stream/pond-stream-claims.h"

#include <string.h>

#define MAX_SEGMENTS 16
#define MAX_QUERY    256

/* An address, taken apart as far as is needed to find a video in it. Nothing but `video` is ever read out
 * of a query: what else is there, such as `poster`, may name other videos. */
typedef struct
{
  /* In lower case; empty for a path alone. */
  char *host;
  /* Those that are not empty. */
  char *segments[MAX_SEGMENTS + 1];
  char *query;
  gboolean has_scheme;
} Address;

static void
address_clear (Address *address)
{
  g_free (address->host);
  g_free (address->query);
  for (guint i = 0; i < MAX_SEGMENTS; i++)
    g_free (address->segments[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Address, address_clear)

static char *
fold_uid (const char *text)
{
  g_autofree char *folded = text != NULL ? g_ascii_strdown (text, -1) : NULL;

  return folded != NULL && pond_is_uid (folded) ? g_steal_pointer (&folded) : NULL;
}

static PondVideoRef *
read_token (const char  *token,
            PondNoVideo *reason)
{
  g_autoptr(PondStreamClaims) claims = pond_stream_claims_read (token);
  PondVideoRef *ref;

  if (claims == NULL || claims->video == NULL)
    {
      *reason = POND_NO_VIDEO_IN_TOKEN;
      return NULL;
    }

  ref = pond_video_ref_new (claims->video);
  ref->token = g_strdup (token);

  return ref;
}

/* With a digit too many or too few, or with a letter beyond f. */
static gboolean
is_nearly_uid (const char *text)
{
  gsize length = strlen (text);
  guint n_digits = 0;

  for (const char *c = text; *c != '\0'; c++)
    {
      if (!g_ascii_isalnum (*c))
        return FALSE;
      if (g_ascii_isxdigit (*c))
        n_digits++;
    }

  return length >= 28 && length <= 36 && n_digits + 2 >= length;
}

PondVideoRef *
pond_video_ref_read_segment (const char  *text,
                             PondNoVideo *reason)
{
  g_autofree char *unescaped = strchr (text, '%') != NULL ? g_uri_unescape_string (text, NULL) : NULL;
  const char *plain = unescaped != NULL ? unescaped : text;
  g_autofree char *uid = fold_uid (plain);

  if (uid != NULL)
    return pond_video_ref_new (uid);

  if (pond_stream_claims_is_token (plain))
    return read_token (plain, reason);

  *reason = is_nearly_uid (plain) ? POND_NO_VIDEO_ID : POND_NO_VIDEO_MEANT;

  return NULL;
}

/* Where the host begins, or the path if there is none; NULL if @text is no address. */
static const char *
find_start (const char *text,
            gboolean   *has_scheme)
{
  const char *slash = strchr (text, '/');
  const char *key;

  /* What stands before the first slash is a scheme and a host, not a query that holds an address. */
  if (slash == NULL || strcspn (text, "?#&") < (gsize) (slash - text))
    return NULL;

  if (slash > text && slash[-1] == ':' && slash[1] == '/')
    {
      *has_scheme = TRUE;
      return slash + 2;
    }

  if (slash == text)
    return slash[1] == '/' ? slash + 2 : slash;

  key = memchr (text, '=', slash - text);

  return key != NULL ? key + 1 : text;
}

static void
split_path (Address    *address,
            const char *path,
            const char *end)
{
  guint n_segments = 0;

  while (path < end && n_segments < MAX_SEGMENTS)
    {
      gsize length = strcspn (path, "/?#");

      if (length > 0)
        address->segments[n_segments++] = g_strndup (path, length);

      path += length + 1;
    }
}

static gboolean
address_parse (Address    *address,
               const char *text)
{
  const char *start = find_start (text, &address->has_scheme);
  const char *end;
  const char *user;
  gsize length;

  if (start == NULL)
    return FALSE;

  length = strcspn (start, "/?#");
  user = memrchr (start, '@', length);
  if (user != NULL)
    {
      length -= user + 1 - start;
      start = user + 1;
    }

  /* Without a scheme a host must look like one; otherwise this is a path. */
  if (address->has_scheme || memchr (start, '.', length) != NULL || memchr (start, ':', length) != NULL)
    {
      address->host = g_ascii_strdown (start, (gssize) length);
      if (g_str_has_suffix (address->host, "."))
        address->host[length - 1] = '\0';
      start += length;
    }
  else
    {
      address->host = g_strdup ("");
    }

  end = start + strcspn (start, "?#");
  split_path (address, start, end);
  if (*end == '?')
    address->query = g_strndup (end + 1, strcspn (end + 1, "#"));

  return TRUE;
}

static gboolean
host_is_stream (const char *host)
{
  return g_str_equal (host, "cloudflarestream.com") || g_str_has_suffix (host, ".cloudflarestream.com") ||
         g_str_equal (host, "videodelivery.net") || g_str_has_suffix (host, ".videodelivery.net");
}

/* Whether /<id>/<segment> is a path of Stream's, also on a host of the customer's own. */
static gboolean
segment_is_known (const char *segment)
{
  static const char * const known[] = { "watch", "iframe", "manifest", "thumbnails", "downloads",
                                        "clip.mp4", "lifecycle", "views", "webRTC", NULL };

  return segment != NULL && g_strv_contains (known, segment);
}

static const char *
read_type (char * const *rest)
{
  if (rest[0] == NULL || rest[1] == NULL || !g_str_equal (rest[0], "downloads"))
    return NULL;
  if (g_str_equal (rest[1], "default.mp4") || g_str_equal (rest[1], "default"))
    return "default";
  if (g_str_equal (rest[1], "audio.m4a") || g_str_equal (rest[1], "audio"))
    return "audio";

  return NULL;
}

/* What follows /<account>/stream in the dashboard, and /accounts/<account>/stream in the API. */
static PondVideoRef *
read_account_path (char         *account,
                   char * const *rest,
                   PondNoVideo  *reason)
{
  static const char * const inputs[] = { "inputs", "live_inputs", "live-inputs", "live", NULL };
  PondVideoRef *ref;

  if (rest[0] != NULL && g_strv_contains (inputs, rest[0]))
    {
      *reason = POND_NO_VIDEO_LIVE_INPUT;
      return NULL;
    }

  if (rest[0] != NULL && g_str_equal (rest[0], "videos"))
    rest++;

  if (rest[0] == NULL)
    {
      *reason = POND_NO_VIDEO_NAMED;
      return NULL;
    }

  ref = pond_video_ref_read_segment (rest[0], reason);
  if (ref != NULL)
    {
      ref->account = g_strdup (account);
      ref->type = read_type (rest + 1);
    }
  else if (*reason == POND_NO_VIDEO_MEANT)
    {
      *reason = POND_NO_VIDEO_NAMED;
    }

  return ref;
}

/* Returns what follows the account, and the account itself; NULL if it is no such address. */
static char * const *
find_account (const Address  *address,
              char          **account)
{
  char * const *segment = address->segments;

  if (!g_str_equal (address->host, "dash.cloudflare.com"))
    {
      while (*segment != NULL && !g_str_equal (*segment, "accounts"))
        segment++;
      if (*segment != NULL)
        segment++;
    }

  *account = fold_uid (*segment);
  if (*account == NULL || segment[1] == NULL || !g_str_equal (segment[1], "stream"))
    {
      g_clear_pointer (account, g_free);
      return NULL;
    }

  return segment + 2;
}

static PondVideoRef *
read_embed_query (const char  *query,
                  PondNoVideo *reason)
{
  g_auto(GStrv) pairs = g_strsplit (query != NULL ? query : "", "&", MAX_QUERY);

  for (char **pair = pairs; *pair != NULL; pair++)
    {
      if (g_str_has_prefix (*pair, "video="))
        return pond_video_ref_read_segment (*pair + strlen ("video="), reason);
    }

  *reason = POND_NO_VIDEO_SCRIPT;

  return NULL;
}

static PondVideoRef *
read_delivery (const Address *address,
               PondNoVideo   *reason)
{
  char * const *segments = address->segments;
  const char *host = address->host;
  PondVideoRef *ref;

  if (segments[0] == NULL)
    {
      *reason = POND_NO_VIDEO_NAMED;
      return NULL;
    }

  if (g_strcmp0 (segments[1], "webRTC") == 0 && g_strcmp0 (segments[2], "publish") == 0)
    {
      *reason = POND_NO_VIDEO_LIVE_INPUT;
      return NULL;
    }

  ref = pond_video_ref_read_segment (segments[0], reason);
  if (ref == NULL)
    {
      if (*reason == POND_NO_VIDEO_MEANT)
        *reason = POND_NO_VIDEO_NAMED;
      return NULL;
    }

  ref->type = read_type (segments + 1);
  /* These have pages, not files. */
  if (*host != '\0' && !g_str_has_prefix (host, "watch.") && !g_str_has_prefix (host, "iframe.") &&
      !g_str_has_prefix (host, "upload."))
    ref->host = g_strdup (host);

  return ref;
}

PondVideoRef *
pond_video_ref_read_address (const char  *text,
                             PondNoVideo *reason)
{
  g_auto(Address) address = { 0 };
  g_autofree char *account = NULL;
  char * const *rest;

  *reason = POND_NO_VIDEO_MEANT;
  if (!address_parse (&address, text))
    return NULL;

  rest = find_account (&address, &account);
  if (rest != NULL)
    return read_account_path (account, rest, reason);

  if (g_str_has_prefix (address.host, "live.cloudflare.com"))
    {
      *reason = POND_NO_VIDEO_LIVE_INPUT;
      return NULL;
    }

  if (host_is_stream (address.host))
    {
      if (g_str_has_prefix (address.host, "embed.") || g_strcmp0 (address.segments[0], "embed") == 0)
        return read_embed_query (address.query, reason);

      return read_delivery (&address, reason);
    }

  if (address.segments[0] != NULL && segment_is_known (address.segments[1]))
    {
      PondVideoRef *ref = read_delivery (&address, reason);

      if (ref != NULL || *reason == POND_NO_VIDEO_IN_TOKEN)
        return ref;
    }

  *reason = address.has_scheme ? POND_NO_VIDEO_STREAM : POND_NO_VIDEO_MEANT;

  return NULL;
}
