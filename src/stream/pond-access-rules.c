/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-access-rules.h"
#include "stream/pond-country.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* How many countries or addresses of one rule are told; a sentence with more is read by nobody. */
#define MOST_TOLD 8

typedef enum
{
  KIND_COUNTRIES,
  KIND_ADDRESSES,
  KIND_EVERYONE,
} Kind;

typedef struct
{
  Kind kind;
  gboolean allow;
  /* Codes of countries, or addresses and ranges. */
  GPtrArray *values;
} Rule;

struct _PondAccessRules
{
  GPtrArray *rules;
};

G_DEFINE_QUARK (pond-link-error-quark, pond_link_error)

static void
rule_free (Rule *rule)
{
  g_ptr_array_unref (rule->values);
  g_free (rule);
}

/**
 * pond_access_rules_new:
 *
 * Returns: (transfer full): no rules, which let everyone in
 */
PondAccessRules *
pond_access_rules_new (void)
{
  PondAccessRules *self = g_new0 (PondAccessRules, 1);

  self->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) rule_free);

  return self;
}

/**
 * pond_access_rules_free:
 * @self: (transfer full): rules
 *
 * Frees them.
 */
void
pond_access_rules_free (PondAccessRules *self)
{
  g_ptr_array_unref (self->rules);
  g_free (self);
}

/* An address or a range as Stream is told it, or NULL. GLib's own reader of ranges takes an IPv6 prefix of more than
 * 128 bits for a mistake of the program's. */
static char *
read_address (const char *text)
{
  g_auto(GStrv) parts = g_strsplit (text, "/", 2);
  g_autoptr(GInetAddress) address = NULL;
  g_autoptr(GInetAddressMask) mask = NULL;
  guint64 n_bits;

  /* An interface's name after a percent sign means something on one machine only. */
  if (parts[0] == NULL || strchr (parts[0], '%') != NULL)
    return NULL;

  address = g_inet_address_new_from_string (parts[0]);
  if (address == NULL)
    return NULL;

  n_bits = 8 * g_inet_address_get_native_size (address);
  if (parts[1] != NULL && !g_ascii_string_to_unsigned (parts[1], 10, 0, n_bits, &n_bits, NULL))
    return NULL;

  mask = g_inet_address_mask_new (address, (guint) n_bits, NULL);

  return mask != NULL ? g_inet_address_mask_to_string (mask) : NULL;
}

static char *
read_value (Kind         kind,
            const char  *text,
            GError     **error)
{
  char *value = kind == KIND_COUNTRIES ? g_strdup (pond_country_get_code (text)) : read_address (text);

  if (value != NULL)
    return value;

  if (kind == KIND_COUNTRIES)
    g_set_error (error, POND_LINK_ERROR, POND_LINK_ERROR_COUNTRY,
                 _("“%s” is no country. Countries are named by two letters, such as DE or US"), text);
  else
    g_set_error (error, POND_LINK_ERROR, POND_LINK_ERROR_ADDRESS,
                 _("“%s” is no IP address, and no range such as 192.0.2.0/24 or 2001:db8::/32"), text);

  return NULL;
}

static gboolean
add (PondAccessRules  *self,
     Kind              kind,
     gboolean          allow,
     GPtrArray        *values,
     GError          **error)
{
  Rule *rule;

  if (self->rules->len == POND_ACCESS_RULES_MAX)
    {
      g_set_error (error, POND_LINK_ERROR, POND_LINK_ERROR_TOO_MANY,
                   g_dngettext (GETTEXT_PACKAGE, "A link can have only %d access rule",
                                "A link can have only %d access rules", POND_ACCESS_RULES_MAX),
                   POND_ACCESS_RULES_MAX);
      return FALSE;
    }

  rule = g_new0 (Rule, 1);
  rule->kind = kind;
  rule->allow = allow;
  rule->values = g_ptr_array_ref (values);
  g_ptr_array_add (self->rules, rule);

  return TRUE;
}

static gboolean
add_list (PondAccessRules  *self,
          Kind              kind,
          gboolean          allow,
          const char       *list,
          GError          **error)
{
  g_auto(GStrv) texts = g_strsplit (list, ",", -1);
  g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func (g_free);

  /* An empty list would be a rule that matches nobody. */
  for (gsize i = 0; texts[i] != NULL || values->len == 0; i++)
    {
      g_autofree char *value = read_value (kind, texts[i] != NULL ? g_strstrip (texts[i]) : "", error);

      if (value == NULL)
        return FALSE;
      if (!g_ptr_array_find_with_equal_func (values, value, g_str_equal, NULL))
        g_ptr_array_add (values, g_steal_pointer (&value));
    }

  return add (self, kind, allow, values, error);
}

/**
 * pond_access_rules_add_countries:
 * @self: rules
 * @allow: whether people there may use the link
 * @list: ISO 3166-1 codes with commas between them, in either case
 * @error: %POND_LINK_ERROR_COUNTRY or %POND_LINK_ERROR_TOO_MANY
 *
 * Adds a rule about the countries that people are in.
 *
 * Returns: whether it was added
 */
gboolean
pond_access_rules_add_countries (PondAccessRules  *self,
                                 gboolean          allow,
                                 const char       *list,
                                 GError          **error)
{
  return add_list (self, KIND_COUNTRIES, allow, list, error);
}

/**
 * pond_access_rules_add_addresses:
 * @self: rules
 * @allow: whether they may use the link
 * @list: IP addresses and CIDR ranges of either version, with commas between them
 * @error: %POND_LINK_ERROR_ADDRESS or %POND_LINK_ERROR_TOO_MANY
 *
 * Adds a rule about the addresses that requests come from.
 *
 * Returns: whether it was added
 */
gboolean
pond_access_rules_add_addresses (PondAccessRules  *self,
                                 gboolean          allow,
                                 const char       *list,
                                 GError          **error)
{
  return add_list (self, KIND_ADDRESSES, allow, list, error);
}

/**
 * pond_access_rules_add_everyone:
 * @self: rules
 * @allow: whether they may use the link
 * @error: %POND_LINK_ERROR_TOO_MANY
 *
 * Adds a rule about all whom no earlier rule matches.
 *
 * Returns: whether it was added
 */
gboolean
pond_access_rules_add_everyone (PondAccessRules  *self,
                                gboolean          allow,
                                GError          **error)
{
  g_autoptr(GPtrArray) none = g_ptr_array_new ();

  return add (self, KIND_EVERYONE, allow, none, error);
}

/**
 * pond_access_rules_get_length:
 * @self: rules
 *
 * Returns: how many there are
 */
guint
pond_access_rules_get_length (const PondAccessRules *self)
{
  return self->rules->len;
}

static void
add_json (JsonBuilder *builder,
          const Rule  *rule)
{
  static const char * const types[] = { "ip.geoip.country", "ip.src", "any" };

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, types[rule->kind]);
  json_builder_set_member_name (builder, "action");
  json_builder_add_string_value (builder, rule->allow ? "allow" : "block");

  if (rule->kind != KIND_EVERYONE)
    {
      json_builder_set_member_name (builder, rule->kind == KIND_COUNTRIES ? "country" : "ip");
      json_builder_begin_array (builder);
      for (guint i = 0; i < rule->values->len; i++)
        json_builder_add_string_value (builder, g_ptr_array_index (rule->values, i));
      json_builder_end_array (builder);
    }

  json_builder_end_object (builder);
}

/**
 * pond_access_rules_to_json:
 * @self: rules
 *
 * Returns: (transfer full): the array that is `accessRules` of a token
 */
JsonNode *
pond_access_rules_to_json (const PondAccessRules *self)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < self->rules->len; i++)
    add_json (builder, g_ptr_array_index (self->rules, i));
  json_builder_end_array (builder);

  return json_builder_get_root (builder);
}

static const char *
get_told (const Rule *rule,
          guint       i)
{
  const char *value = g_ptr_array_index (rule->values, i);

  return rule->kind == KIND_COUNTRIES ? pond_country_get_name (value) : value;
}

/* "Germany", "Germany and France", "Germany, France and Italy", "Germany, France, … and 12 more". */
static char *
list_values (const Rule *rule)
{
  guint n_told = rule->values->len > MOST_TOLD ? MOST_TOLD - 1 : rule->values->len - 1;
  guint n_more = rule->values->len - n_told;
  g_autofree char *told = g_strdup (get_told (rule, 0));

  for (guint i = 1; i < n_told; i++)
    {
      g_autofree char *shorter = g_steal_pointer (&told);

      /* Translators: the beginning of a list, and one more thing in it, but not the last. */
      told = g_strdup_printf (_("%s, %s"), shorter, get_told (rule, i));
    }

  if (n_told == 0)
    return g_steal_pointer (&told);

  /* Translators: the end of a list, and the last thing in it, as in "Germany and France". */
  if (n_more == 1)
    return g_strdup_printf (_("%s and %s"), told, get_told (rule, n_told));

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s and %u more", "%s and %u more", n_more), told, n_more);
}

/* Whom a rule is about, as a part of a sentence. */
static char *
describe_place (const Rule *rule)
{
  g_autofree char *values = list_values (rule);

  if (rule->kind == KIND_COUNTRIES)
    /* Translators: something can be downloaded from these countries. */
    return g_strdup_printf (C_("countries", "from %s"), values);

  /* Translators: something can be downloaded from these IP addresses. */
  return g_strdup_printf (C_("addresses", "from %s"), values);
}

/* Whether all that needs to be said is who may: some may, and nobody else. */
static gboolean
only_allows (const PondAccessRules *self)
{
  guint i = 0;

  while (i < self->rules->len)
    {
      const Rule *rule = g_ptr_array_index (self->rules, i);

      if (rule->kind == KIND_EVERYONE || !rule->allow)
        break;
      i++;
    }

  return i > 0 && i + 1 == self->rules->len;
}

/* "…, from Germany, and from 192.0.2.0/24." */
static char *
describe_allowed (const PondAccessRules *self,
                  const char            *sentence)
{
  g_autofree char *text = g_strdup (sentence);

  for (guint i = 0; i + 1 < self->rules->len; i++)
    {
      g_autofree char *before = g_steal_pointer (&text);
      g_autofree char *place = describe_place (g_ptr_array_index (self->rules, i));

      /* Translators: the last of several places where something can be downloaded, as in "…, from Germany, and
       * from 192.0.2.0/24". */
      if (i > 0 && i + 2 == self->rules->len)
        text = g_strdup_printf (_("%s, and %s"), before, place);
      else
        text = g_strdup_printf (_("%s, %s"), before, place);
    }

  return g_steal_pointer (&text);
}

static char *
describe_rule (const Rule *rule,
               gboolean    first)
{
  g_autofree char *place = NULL;

  if (rule->kind == KIND_EVERYONE && first)
    return g_strdup (rule->allow ? _("allowed from everywhere") : _("refused from everywhere"));
  if (rule->kind == KIND_EVERYONE)
    return g_strdup (rule->allow ? _("allowed from everywhere else") : _("refused from everywhere else"));

  place = describe_place (rule);

  /* Translators: %s is "from Germany and France", or "from 192.0.2.0/24". */
  return g_strdup_printf (rule->allow ? _("allowed %s") : _("refused %s"), place);
}

/**
 * pond_access_rules_describe:
 * @self: rules
 * @sentence: what can be done, without a full stop: "Can be downloaded until 6 pm"
 *
 * Says in words who can do it.
 *
 * Returns: (transfer full): @sentence, with that added to it
 */
char *
pond_access_rules_describe (const PondAccessRules *self,
                            const char            *sentence)
{
  g_autofree char *text = g_strdup (sentence);

  if (only_allows (self))
    return describe_allowed (self, sentence);

  for (guint i = 0; i < self->rules->len; i++)
    {
      g_autofree char *before = g_steal_pointer (&text);
      g_autofree char *rule = describe_rule (g_ptr_array_index (self->rules, i), i == 0);

      /* Translators: what can be done, or what was said of it so far, and one more rule about who may: "…; refused
       * from Germany; allowed from everywhere else". */
      text = g_strdup_printf (_("%s; %s"), before, rule);
    }

  return g_steal_pointer (&text);
}
