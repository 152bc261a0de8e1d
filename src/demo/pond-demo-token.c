/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-demo"

#include "config.h"

#include "demo/pond-demo-token.h"

#include <string.h>

#define KEY_ID "5e0f4c61a3d94b0f8f1d52a6a2c7b913"

static char *
encode (const guint8 *data,
        gsize         length)
{
  char *text = g_base64_encode (data, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

static guint8 *
decode (const char *text,
        gsize      *length)
{
  g_autoptr (GString) padded = g_string_new (text);

  g_strdelimit (padded->str, "-", '+');
  g_strdelimit (padded->str, "_", '/');
  while (padded->len % 4 != 0)
    g_string_append_c (padded, '=');
  return g_base64_decode (padded->str, length);
}

static char *
sign (const char *secret,
      const char *text)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guint8 *) secret, strlen (secret));
  guint8 digest[32];
  gsize length = sizeof digest;

  g_hmac_update (hmac, (const guint8 *) text, -1);
  g_hmac_get_digest (hmac, digest, &length);
  return encode (digest, length);
}

/* What one of the three parts of a token says; NULL when it is no object. */
static JsonObject *
read_part (const char *part)
{
  g_autofree guint8 *data = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  gsize length;

  data = decode (part, &length);
  text = g_strndup ((const char *) data, length);
  node = json_from_string (text, NULL);
  if (!node || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  return json_object_ref (json_node_get_object (node));
}

static gboolean
is_signed (const char   *secret,
           PondDemoKeys *keys,
           const char   *token)
{
  g_auto (GStrv) parts = g_strsplit (token, ".", 4);
  g_autofree char *text = g_strjoin (".", parts[0], parts[1], NULL);
  g_autoptr (JsonObject) header = read_part (parts[0]);
  const char *id =
      header ? json_object_get_string_member_with_default (header, "kid", "") : "";
  g_autofree char *own = NULL;

  if (pond_demo_keys_has (keys, id))
    {
      gsize size;
      guint8 *data = decode (parts[2], &size);
      g_autoptr (GBytes) signature = g_bytes_new_take (data, size);

      return pond_demo_keys_verify (keys, id, text, signature);
    }
  own = sign (secret, text);
  return g_str_equal (own, parts[2]);
}

/* Sample tokens carry times as numbers and as strings. */
static gint64
get_time (JsonObject *payload,
          const char *name,
          gint64      otherwise)
{
  JsonNode *node = json_object_get_member (payload, name);

  if (!node || !JSON_NODE_HOLDS_VALUE (node))
    return otherwise;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_ascii_strtoll (json_node_get_string (node), NULL, 10);
  return json_node_get_int (node);
}

static gboolean
list_has_country (JsonObject *rule,
                  const char *country)
{
  JsonArray *list = json_object_get_array_member (rule, "country");

  for (guint i = 0; list && i < json_array_get_length (list); i++)
    {
      if (g_str_equal (json_array_get_string_element (list, i), country))
        return TRUE;
    }
  return FALSE;
}

static gboolean
list_has_address (JsonObject   *rule,
                  GInetAddress *address)
{
  JsonArray *list = json_object_get_array_member (rule, "ip");

  for (guint i = 0; list && i < json_array_get_length (list); i++)
    {
      g_autoptr (GInetAddressMask) mask =
          g_inet_address_mask_new_from_string (json_array_get_string_element (list, i), NULL);

      if (mask && g_inet_address_mask_matches (mask, address))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_blocked (JsonObject   *payload,
            GInetAddress *address,
            const char   *country)
{
  JsonArray *rules;

  if (!json_object_has_member (payload, "accessRules"))
    return FALSE;
  rules = json_object_get_array_member (payload, "accessRules");
  for (guint i = 0; i < json_array_get_length (rules); i++)
    {
      JsonObject *rule = json_array_get_object_element (rules, i);
      const char *type = json_object_get_string_member_with_default (rule, "type", "");
      const char *action = json_object_get_string_member_with_default (rule, "action", "");

      if (g_str_equal (type, "any") ||
          (g_str_equal (type, "ip.geoip.country") && list_has_country (rule, country)) ||
          (g_str_equal (type, "ip.src") && list_has_address (rule, address)))
        return g_str_equal (action, "block");
    }
  return FALSE;
}

char *
pond_demo_sign (const char *secret,
                const char *text)
{
  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guint8 *) secret, strlen (secret),
                                    text, -1);
}

char *
pond_demo_token_issue (const char *secret,
                       JsonObject *payload)
{
  static const char header[] = "{\"alg\":\"RS256\",\"kid\":\"" KEY_ID "\"}";
  g_autofree char *first = encode ((const guint8 *) header, strlen (header));
  g_autoptr (JsonNode) node = json_node_alloc ();
  g_autofree char *text = NULL;
  g_autofree char *second = NULL;
  g_autofree char *signed_part = NULL;
  g_autofree char *third = NULL;

  json_object_set_string_member (payload, "kid", KEY_ID);
  json_node_init_object (node, payload);
  text = json_to_string (node, FALSE);
  second = encode ((const guint8 *) text, strlen (text));
  signed_part = g_strjoin (".", first, second, NULL);
  third = sign (secret, signed_part);
  return g_strjoin (".", signed_part, third, NULL);
}

JsonObject *
pond_demo_token_read (const char *token)
{
  g_auto (GStrv) parts = g_strsplit (token, ".", 4);

  if (g_strv_length (parts) != 3 || !g_str_has_prefix (token, "eyJ"))
    return NULL;
  return read_part (parts[1]);
}

PondDemoTokenState
pond_demo_token_check (const char   *secret,
                       PondDemoKeys *keys,
                       const char   *token,
                       GInetAddress *address,
                       const char   *country)
{
  g_autoptr (JsonObject) payload = pond_demo_token_read (token);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (!payload || !is_signed (secret, keys, token))
    return POND_DEMO_TOKEN_BAD;
  if (get_time (payload, "exp", 0) <= now)
    return POND_DEMO_TOKEN_EXPIRED;
  if (get_time (payload, "nbf", 0) > now)
    return POND_DEMO_TOKEN_EARLY;
  return is_blocked (payload, address, country) ? POND_DEMO_TOKEN_BLOCKED : POND_DEMO_TOKEN_GOOD;
}
