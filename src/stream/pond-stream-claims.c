/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-stream-claims.h"
#include "stream/pond-stream-json.h"
#include "stream/pond-video-ref.h"

#include <string.h>

/* A token with five access rules full of addresses stays well below. */
#define MAX_LENGTH (16 * 1024)

#define BASE64URL "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/**
 * pond_stream_claims_is_token:
 * @text: a text
 *
 * Returns: whether @text has the form of a signed token: three parts of base64url, the first an object
 */
gboolean
pond_stream_claims_is_token (const char *text)
{
  const char *part = text;

  if (!g_str_has_prefix (text, "eyJ") || strnlen (text, MAX_LENGTH) == MAX_LENGTH)
    return FALSE;

  for (guint i = 0; i < 3; i++)
    {
      gsize length = strspn (part, BASE64URL);

      if (length == 0 || part[length] != (i < 2 ? '.' : '\0'))
        return FALSE;

      part += length + 1;
    }

  return TRUE;
}

static GBytes *
decode_payload (const char *token)
{
  const char *start = strchr (token, '.') + 1;
  gsize length = strchr (start, '.') - start;
  g_autofree char *base64 = g_malloc (length + 4);
  guchar *decoded;

  memcpy (base64, start, length);
  while (length % 4 != 0)
    base64[length++] = '=';
  base64[length] = '\0';
  g_strdelimit (base64, "-", '+');
  g_strdelimit (base64, "_", '/');
  decoded = g_base64_decode (base64, &length);

  return g_bytes_new_take (decoded, length);
}

static gint64
get_seconds (JsonObject *object,
             const char *key)
{
  return (gint64) CLAMP (pond_json_get_number (object, key, 0), 0, G_MAXINT32 * 1000.0);
}

static char *
get_video (JsonObject *object)
{
  const char *sub = pond_json_get_string (object, "sub");
  g_autofree char *folded = sub != NULL ? g_ascii_strdown (sub, -1) : NULL;

  return folded != NULL && pond_is_uid (folded) ? g_steal_pointer (&folded) : NULL;
}

/**
 * pond_stream_claims_read:
 * @token: a text that may be a signed token
 *
 * Reads what a token says, without a network and leniently: numbers may come as strings, and all of it
 * may be missing.
 *
 * Returns: (transfer full) (nullable): the claims, or %NULL if @token is none
 */
PondStreamClaims *
pond_stream_claims_read (const char *token)
{
  g_autoptr(GBytes) payload = NULL;
  g_autoptr(JsonNode) root = NULL;
  JsonObject *object;
  PondStreamClaims *self;

  if (!pond_stream_claims_is_token (token))
    return NULL;

  payload = decode_payload (token);
  root = pond_json_parse (payload, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;

  object = json_node_get_object (root);
  self = g_new0 (PondStreamClaims, 1);
  self->video = get_video (object);
  self->expires = get_seconds (object, "exp");
  self->not_before = get_seconds (object, "nbf");
  self->downloadable = pond_json_get_bool (object, "downloadable", FALSE) ||
                       g_strcmp0 (pond_json_get_string (object, "downloadable"), "true") == 0;

  return self;
}

void
pond_stream_claims_free (PondStreamClaims *self)
{
  g_free (self->video);
  g_free (self);
}
