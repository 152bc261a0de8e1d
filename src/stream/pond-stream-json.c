/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-stream-json.h"
#include "stream/pond-stream-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* The API nests half a dozen levels; a text of brackets must not exhaust the parser's stack. */
#define MAX_DEPTH 64

static gboolean
is_too_deep (const char *text,
             gsize       length)
{
  gboolean in_string = FALSE;
  guint depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (in_string)
        {
          if (c == '\\')
            i++;
          else if (c == '"')
            in_string = FALSE;
        }
      else if (c == '"')
        in_string = TRUE;
      else if (c == '{' || c == '[')
        {
          if (++depth > MAX_DEPTH)
            return TRUE;
        }
      else if ((c == '}' || c == ']') && depth > 0)
        depth--;
    }

  return FALSE;
}

/**
 * pond_json_parse:
 * @bytes: a text that should be JSON
 * @error: of the domain %JSON_PARSER_ERROR
 *
 * Parses JSON from outside, refusing what is nested too deeply.
 *
 * Returns: (transfer full) (nullable): the root
 */
JsonNode *
pond_json_parse (GBytes  *bytes,
                 GError **error)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  JsonNode *root;

  /* Without the extensions, comments among them, in which quotes and brackets mean something else. */
  json_parser_set_strict (parser, TRUE);
  if (length == 0 || is_too_deep (text, length))
    {
      g_set_error_literal (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA,
                           length == 0 ? "The text is empty" : "The text is nested too deeply");
      return NULL;
    }

  if (!json_parser_load_from_data (parser, text, (gssize) length, error))
    return NULL;

  root = json_parser_steal_root (parser);
  if (root == NULL)
    g_set_error_literal (error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA,
                         "The text is empty");

  return root;
}

static JsonNode *
get_member (JsonObject *object,
            const char *key)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, key) : NULL;

  return node != NULL && !JSON_NODE_HOLDS_NULL (node) ? node : NULL;
}

/**
 * pond_json_get_object:
 * @object: (nullable): an object
 * @key: a key
 *
 * Returns: (transfer none) (nullable): the object under @key, if it is one
 */
JsonObject *
pond_json_get_object (JsonObject *object,
                      const char *key)
{
  JsonNode *node = get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/**
 * pond_json_get_array:
 * @object: (nullable): an object
 * @key: a key
 *
 * Returns: (transfer none) (nullable): the array under @key, if it is one
 */
JsonArray *
pond_json_get_array (JsonObject *object,
                     const char *key)
{
  JsonNode *node = get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/**
 * pond_json_get_string:
 * @object: (nullable): an object
 * @key: a key
 *
 * Returns: (transfer none) (nullable): the string under @key, if it is one and not empty
 */
const char *
pond_json_get_string (JsonObject *object,
                      const char *key)
{
  JsonNode *node = get_member (object, key);
  const char *text;

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  text = json_node_get_string (node);

  return text != NULL && *text != '\0' ? text : NULL;
}

/**
 * pond_json_get_number:
 * @object: (nullable): an object
 * @key: a key
 * @fallback: what is returned when there is no number
 *
 * Gets a number, also one written as a string.
 *
 * Returns: the number, which is finite unless @fallback is returned
 */
double
pond_json_get_number (JsonObject *object,
                      const char *key,
                      double      fallback)
{
  JsonNode *node = get_member (object, key);
  double number;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return fallback;

  if (json_node_get_value_type (node) == G_TYPE_STRING)
    {
      const char *text = json_node_get_string (node);
      char *end;

      number = g_ascii_strtod (text, &end);
      if (end == text || *end != '\0')
        return fallback;
    }
  else
    {
      number = json_node_get_double (node);
    }

  return isfinite (number) ? number : fallback;
}

/**
 * pond_json_get_bool:
 * @object: (nullable): an object
 * @key: a key
 * @fallback: what is returned when there is no truth value
 *
 * Returns: the truth value
 */
gboolean
pond_json_get_bool (JsonObject *object,
                    const char *key,
                    gboolean    fallback)
{
  JsonNode *node = get_member (object, key);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return fallback;

  return json_node_get_boolean (node);
}

/**
 * pond_json_get_time:
 * @object: (nullable): an object
 * @key: a key of an RFC 3339 time, with up to nine digits of a second's fraction
 *
 * Returns: microseconds since 1970, or 0 when there is no time
 */
gint64
pond_json_get_time (JsonObject *object,
                    const char *key)
{
  const char *text = pond_json_get_string (object, key);
  g_autoptr(GDateTime) time = NULL;

  if (text == NULL)
    return 0;

  time = g_date_time_new_from_iso8601 (text, NULL);

  return time != NULL ? g_date_time_to_unix_usec (time) : 0;
}

static int
get_first_error (JsonObject  *envelope,
                 const char **message)
{
  JsonArray *errors = pond_json_get_array (envelope, "errors");
  JsonNode *first;
  JsonObject *object;

  *message = NULL;
  if (errors == NULL || json_array_get_length (errors) == 0)
    return 0;

  first = json_array_get_element (errors, 0);
  if (!JSON_NODE_HOLDS_OBJECT (first))
    return 0;

  object = json_node_get_object (first);
  *message = pond_json_get_string (object, "message");

  return (int) CLAMP (pond_json_get_number (object, "code", 0), 0, G_MAXINT);
}

static PondStreamError
judge (int status,
       int code)
{
  switch (status)
    {
    case 401:
      return POND_STREAM_ERROR_UNAUTHORIZED;

    case 403:
      return POND_STREAM_ERROR_FORBIDDEN;

    case 404:
      return code == 7003 || code == 7000 ? POND_STREAM_ERROR_NO_ROUTE : POND_STREAM_ERROR_NOT_FOUND;

    case 429:
      return POND_STREAM_ERROR_RATE_LIMITED;

    default:
      break;
    }

  if (status >= 500)
    return POND_STREAM_ERROR_SERVER;

  switch (code)
    {
    case 971:
      return POND_STREAM_ERROR_RATE_LIMITED;

    case 1000:
    case 1001:
    case 6003:
    case 10001:
      return POND_STREAM_ERROR_UNAUTHORIZED;

    case 9109:
    case 10000:
      return POND_STREAM_ERROR_FORBIDDEN;

    case 7000:
    case 7003:
      return POND_STREAM_ERROR_NO_ROUTE;

    case 10003:
      return POND_STREAM_ERROR_NOT_FOUND;

    default:
      return status >= 400 ? POND_STREAM_ERROR_BAD_REQUEST : POND_STREAM_ERROR_PROTOCOL;
    }
}

static GError *
describe_failure (int         status,
                  double      retry_after,
                  JsonObject *envelope)
{
  const char *message;
  int code = get_first_error (envelope, &message);
  PondStreamError kind = judge (status, code);

  switch (kind)
    {
    case POND_STREAM_ERROR_UNAUTHORIZED:
      return pond_stream_error_new (kind, status, code, retry_after,
                                    _("Stream does not accept the API token (%d)"), code);

    case POND_STREAM_ERROR_FORBIDDEN:
      return pond_stream_error_new (kind, status, code, retry_after,
                                    _("The API token is not allowed to do this (%d)"), code);

    case POND_STREAM_ERROR_NO_ROUTE:
      return pond_stream_error_new (kind, status, code, retry_after,
                                    _("There is no account with this ID (%d)"), code);

    case POND_STREAM_ERROR_NOT_FOUND:
      return pond_stream_error_new (kind, status, code, retry_after,
                                    _("There is no such video on Stream (%d)"), code);

    case POND_STREAM_ERROR_RATE_LIMITED:
      return pond_stream_error_new (kind, status, code, retry_after,
                                    _("Stream asked to wait before the next request"));

    case POND_STREAM_ERROR_SERVER:
      return pond_stream_error_new (kind, status, code, retry_after,
                                    _("Stream has a problem of its own (HTTP %d)"), status);

    case POND_STREAM_ERROR_BAD_REQUEST:
    case POND_STREAM_ERROR_PROTOCOL:
    case POND_STREAM_ERROR_NETWORK:
    case POND_STREAM_ERROR_TLS:
    default:
      return pond_stream_error_new (kind, status, code, retry_after,
                                    _("Stream refused the request: %s (%d)"),
                                    message != NULL ? message : _("no reason given"), code);
    }
}

/**
 * pond_stream_parse_envelope:
 * @status: the HTTP status
 * @retry_after: seconds from the `Retry-After` header, or -1
 * @body: what came
 * @error: of the domain %POND_STREAM_ERROR
 *
 * Judges an answer of the API and takes the whole envelope out of it. Status decides first, then the
 * number of the first error. What is not JSON is trouble of the server's (5xx), the edge's way of
 * limiting (429), or somebody else's answer, such as a captive portal's.
 *
 * Returns: (transfer full) (nullable): the envelope, an object
 */
JsonNode *
pond_stream_parse_envelope (int      status,
                            double   retry_after,
                            GBytes  *body,
                            GError **error)
{
  g_autoptr(JsonNode) root = pond_json_parse (body, NULL);
  JsonObject *envelope;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      if (status == 429 || status >= 500)
        g_propagate_error (error, describe_failure (status, retry_after, NULL));
      else
        g_propagate_error (error, pond_stream_error_new (POND_STREAM_ERROR_PROTOCOL, status, 0, retry_after,
                                                         _("What answered is not the Stream API (HTTP %d)"),
                                                         status));
      return NULL;
    }

  envelope = json_node_get_object (root);
  if (status >= 200 && status < 300 && pond_json_get_bool (envelope, "success", FALSE))
    return g_steal_pointer (&root);

  g_propagate_error (error, describe_failure (status, retry_after, envelope));

  return NULL;
}
