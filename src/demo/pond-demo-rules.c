/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-demo"

#include "config.h"

#include "demo/pond-demo-rules.h"

typedef enum
{
  KIND_BOOLEAN,
  KIND_NUMBER,
  KIND_STRING,
  KIND_OBJECT,
  KIND_STRING_OR_NULL,
} Kind;

typedef struct
{
  const char *name;
  Kind        kind;
} Key;

typedef struct
{
  const char *name;
  double      value;
} Setting;

typedef struct
{
  const char *name;
  const char *values[5];
} Variant;

static const Key rule_keys[] = {
  { "match", KIND_OBJECT },
  { "do", KIND_OBJECT },
  { "set", KIND_OBJECT },
};

static const Key match_keys[] = {
  { "host", KIND_STRING },
  { "method", KIND_STRING },
  { "path", KIND_STRING },
  { "video", KIND_STRING },
  { "nth", KIND_NUMBER },
  { "from", KIND_NUMBER },
  { "times", KIND_NUMBER },
};

static const Key do_keys[] = {
  { "accept_ranges", KIND_STRING_OR_NULL },
  { "body", KIND_STRING },
  { "bytes_per_second", KIND_NUMBER },
  { "chunked", KIND_BOOLEAN },
  { "code", KIND_NUMBER },
  { "content_type", KIND_STRING },
  { "corrupt_at", KIND_NUMBER },
  { "delay_ms", KIND_NUMBER },
  { "drop", KIND_BOOLEAN },
  { "drop_after", KIND_NUMBER },
  { "etag", KIND_STRING_OR_NULL },
  { "file", KIND_STRING },
  { "headers", KIND_OBJECT },
  { "ignore_if_range", KIND_BOOLEAN },
  { "ignore_range", KIND_BOOLEAN },
  { "last_modified", KIND_STRING_OR_NULL },
  { "length_delta", KIND_NUMBER },
  { "message", KIND_STRING },
  { "redirect", KIND_STRING },
  { "reset", KIND_BOOLEAN },
  { "shift_range", KIND_NUMBER },
  { "stall_after", KIND_NUMBER },
  { "stall_ms", KIND_NUMBER },
  { "status", KIND_NUMBER },
  { "truncate_to", KIND_NUMBER },
  { "variant", KIND_OBJECT },
};

static const Setting settings[] = {
  { "link_seconds", 60 },
  { "rate_block", 300 },
  { "rate_limit", 1200 },
  { "rate_window", 300 },
  { "token_seconds", 3600 },
};

/* The open questions of the API, and what it might do. The first of each is what it does unasked.
 */
static const Variant variants[] = {
  { "allowed_origins", { "ignored", "enforced" } },
  { "bad_token", { "401", "403" } },
  { "delete_etag", { "kept", "changed" } },
  { "downloads_before_post", { "empty", "404", "null" } },
  { "early_encode", { "kept", "rebuilt" } },
  { "failure_result", { "null", "missing" } },
  { "file_in_progress", { "404", "403", "425", "empty" } },
  { "live_inputs", { "object", "array" } },
  { "messages", { "array", "missing" } },
  { "meta_name", { "string", "number", "empty", "missing" } },
  { "no_route", { "404", "400" } },
  { "not_downloadable", { "403", "401" } },
  { "percent_complete", { "number", "string", "missing" } },
  { "pct_complete", { "string", "number", "missing" } },
  { "post_answer", { "nested", "flat" } },
  { "post_not_ready", { "400", "404", "409", "422" } },
  { "read_may_enable", { "no", "yes" } },
  { "redirect", { "302", "none", "301", "307" } },
  { "total", { "number", "string", "missing" } },
  { "unknown_token", { "403", "401", "400" } },
};

typedef struct
{
  char         *host;
  char         *method;
  GPatternSpec *path;
  char         *video;
  guint         from;
  guint         times;
  guint         count;
  JsonObject   *actions;
  JsonObject   *settings;
} Rule;

struct _PondDemoRules
{
  GPtrArray *rules;
};

static void
rule_free (gpointer data)
{
  Rule *rule = data;

  g_free (rule->host);
  g_free (rule->method);
  g_clear_pointer (&rule->path, g_pattern_spec_free);
  g_free (rule->video);
  g_clear_pointer (&rule->actions, json_object_unref);
  g_clear_pointer (&rule->settings, json_object_unref);
  g_free (rule);
}

static gboolean
is_of_kind (JsonNode *node,
            Kind      kind)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  switch (kind)
    {
    case KIND_BOOLEAN:
      return type == G_TYPE_BOOLEAN;
    case KIND_NUMBER:
      return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE;
    case KIND_STRING:
      return type == G_TYPE_STRING;
    case KIND_OBJECT:
      return JSON_NODE_HOLDS_OBJECT (node);
    case KIND_STRING_OR_NULL:
      return type == G_TYPE_STRING || JSON_NODE_HOLDS_NULL (node);
    default:
      g_assert_not_reached ();
    }
}

static gboolean
check_keys (JsonObject  *object,
            const Key   *keys,
            gsize        n_keys,
            GError     **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    {
      gsize i;

      for (i = 0; i < n_keys && !g_str_equal (keys[i].name, name); i++)
        ;
      if (i == n_keys || !is_of_kind (node, keys[i].kind))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       i == n_keys ? "“%s” is not known" : "“%s” is of another kind",
                       name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
check_settings (JsonObject  *object,
                GError     **error)
{
  Key keys[G_N_ELEMENTS (settings)];

  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    keys[i] = (Key) { settings[i].name, KIND_NUMBER };
  return check_keys (object, keys, G_N_ELEMENTS (keys), error);
}

static gboolean
check_variants (JsonObject  *object,
                GError     **error)
{
  Key keys[G_N_ELEMENTS (variants)];

  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++)
    keys[i] = (Key) { variants[i].name, KIND_STRING };
  if (!check_keys (object, keys, G_N_ELEMENTS (keys), error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++)
    {
      const char *value =
          json_object_get_string_member_with_default (object, variants[i].name, NULL);

      if (value && !g_strv_contains (variants[i].values, value))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       "“%s” has no variant “%s”", variants[i].name, value);
          return FALSE;
        }
    }
  return TRUE;
}

static Rule *
parse_rule (JsonNode  *node,
            GError   **error)
{
  JsonObject *object;
  JsonObject *match = NULL;
  JsonObject *actions = NULL;
  JsonObject *set = NULL;
  const char *path = NULL;
  Rule *rule;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "A rule is an object");
      return NULL;
    }
  object = json_node_get_object (node);
  if (!check_keys (object, rule_keys, G_N_ELEMENTS (rule_keys), error))
    return NULL;
  if (json_object_has_member (object, "match"))
    match = json_object_get_object_member (object, "match");
  if (json_object_has_member (object, "do"))
    actions = json_object_get_object_member (object, "do");
  if (json_object_has_member (object, "set"))
    set = json_object_get_object_member (object, "set");
  if ((match && !check_keys (match, match_keys, G_N_ELEMENTS (match_keys), error)) ||
      (actions && !check_keys (actions, do_keys, G_N_ELEMENTS (do_keys), error)) ||
      (set && !check_settings (set, error)))
    return NULL;
  if (actions && json_object_has_member (actions, "variant") &&
      !check_variants (json_object_get_object_member (actions, "variant"), error))
    return NULL;

  rule = g_new0 (Rule, 1);
  rule->from = 1;
  rule->times = G_MAXUINT;
  if (match)
    {
      rule->host = g_strdup (json_object_get_string_member_with_default (match, "host", NULL));
      rule->method = g_strdup (json_object_get_string_member_with_default (match, "method", NULL));
      rule->video = g_strdup (json_object_get_string_member_with_default (match, "video", NULL));
      path = json_object_get_string_member_with_default (match, "path", NULL);
      rule->from = json_object_get_int_member_with_default (match, "from", 1);
      rule->times = json_object_get_int_member_with_default (match, "times", G_MAXUINT);
      if (json_object_has_member (match, "nth"))
        {
          rule->from = json_object_get_int_member (match, "nth");
          rule->times = 1;
        }
    }
  if (path)
    rule->path = g_pattern_spec_new (path);
  if (actions)
    rule->actions = json_object_ref (actions);
  if (set)
    rule->settings = json_object_ref (set);
  return rule;
}

/* Objects within are merged as well, so that one rule can choose a variant and another a second. */
static void
merge (JsonObject *into,
       JsonObject *from)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, from);
  while (json_object_iter_next (&iter, &name, &node))
    {
      if (JSON_NODE_HOLDS_OBJECT (node))
        {
          JsonObject *inner;

          if (!json_object_has_member (into, name))
            json_object_set_object_member (into, name, json_object_new ());
          inner = json_object_get_object_member (into, name);
          merge (inner, json_node_get_object (node));
        }
      else
        {
          json_object_set_member (into, name, json_node_copy (node));
        }
    }
}

static gboolean
rule_matches (Rule       *rule,
              const char *host,
              const char *method,
              const char *path,
              const char *video)
{
  if ((rule->host && !g_str_equal (rule->host, host)) ||
      (rule->method && !g_str_equal (rule->method, method)) ||
      (rule->path && !g_pattern_spec_match_string (rule->path, path)) ||
      (rule->video && g_strcmp0 (rule->video, video) != 0))
    return FALSE;

  rule->count++;
  return rule->count >= rule->from && rule->count - rule->from < rule->times;
}

PondDemoRules *
pond_demo_rules_new (void)
{
  PondDemoRules *self = g_new0 (PondDemoRules, 1);

  self->rules = g_ptr_array_new_with_free_func (rule_free);
  return self;
}

void
pond_demo_rules_free (PondDemoRules *self)
{
  g_ptr_array_unref (self->rules);
  g_free (self);
}

gboolean
pond_demo_rules_add (PondDemoRules  *self,
                     const char     *json,
                     GError        **error)
{
  g_autoptr (JsonNode) root = json_from_string (json, error);
  g_autoptr (GPtrArray) added = g_ptr_array_new_with_free_func (rule_free);
  JsonArray *array;

  if (!root)
    return FALSE;
  if (!JSON_NODE_HOLDS_ARRAY (root))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "Rules are an array");
      return FALSE;
    }
  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      Rule *rule = parse_rule (json_array_get_element (array, i), error);

      if (!rule)
        {
          g_prefix_error (error, "Rule %u: ", i + 1);
          return FALSE;
        }
      g_ptr_array_add (added, rule);
    }
  g_ptr_array_extend_and_steal (self->rules, g_steal_pointer (&added));
  return TRUE;
}

void
pond_demo_rules_clear (PondDemoRules *self)
{
  g_ptr_array_set_size (self->rules, 0);
}

JsonObject *
pond_demo_rules_match (PondDemoRules *self,
                       const char    *host,
                       const char    *method,
                       const char    *path,
                       const char    *video)
{
  JsonObject *actions = json_object_new ();

  for (guint i = 0; i < self->rules->len; i++)
    {
      Rule *rule = self->rules->pdata[i];

      if (rule->actions && rule_matches (rule, host, method, path, video))
        merge (actions, rule->actions);
    }
  return actions;
}

double
pond_demo_rules_get_setting (PondDemoRules *self,
                             const char    *name)
{
  for (guint i = self->rules->len; i > 0; i--)
    {
      Rule *rule = self->rules->pdata[i - 1];

      if (rule->settings && json_object_has_member (rule->settings, name))
        return json_object_get_double_member (rule->settings, name);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      if (g_str_equal (settings[i].name, name))
        return settings[i].value;
    }
  g_assert_not_reached ();
}

const char *
pond_demo_rules_get_variant (JsonObject *actions,
                             const char *name)
{
  if (!json_object_has_member (actions, "variant"))
    return NULL;
  return json_object_get_string_member_with_default (
      json_object_get_object_member (actions, "variant"), name, NULL);
}
