/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-file-name"

#include "config.h"

#include "library/pond-file-name.h"

#include <string.h>

#define MAX_NAME_BYTES 255
#define UID_LENGTH 32
#define MAX_LANGUAGE_LENGTH 35

/* A title may be megabytes; no more than this can matter to a name. */
#define MAX_TITLE_BYTES 4096

#define NO_TITLE "Video"
#define ELLIPSIS "…"

#define ZERO_WIDTH_NON_JOINER 0x200c
#define ZERO_WIDTH_JOINER 0x200d

static gboolean
is_joiner (gunichar c)
{
  return c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER;
}

static gboolean
is_noncharacter (gunichar c)
{
  return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

static gboolean
is_regional_indicator (gunichar c)
{
  return c >= 0x1f1e6 && c <= 0x1f1ff;
}

static gboolean
is_emoji_modifier (gunichar c)
{
  return c >= 0x1f3fb && c <= 0x1f3ff;
}

/* What stands in a name for a character of a title; 0 for nothing. Format characters, which hold
 * the bidirectional overrides, are dropped but for the joiners, which some scripts are written
 * with. */
static gunichar
replace_char (gunichar c)
{
  if (g_unichar_isspace (c) || g_unichar_type (c) == G_UNICODE_LINE_SEPARATOR ||
      g_unichar_type (c) == G_UNICODE_PARAGRAPH_SEPARATOR)
    return ' ';

  if (is_joiner (c))
    return c;

  if (g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT || is_noncharacter (c))
    return 0;

  switch (c)
    {
    case '/':
    case '\\':
    case ':':
    case '|':
    case '<':
    case '>':
    case '*':
      return '-';
    case '"':
      return '\'';
    case '?':
      return 0;
    default:
      return c;
    }
}

static gboolean
has_visible_char (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c != ' ' && !is_joiner (c) && !g_unichar_ismark (c))
        return TRUE;
    }

  return FALSE;
}

/* Windows takes the part before the first dot for a device, whatever follows. */
static gboolean
is_device_name (const char *text,
                gsize       length)
{
  static const char *const devices[] = { "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$" };
  static const char *const numbered[] = { "COM", "LPT" };

  for (guint i = 0; i < G_N_ELEMENTS (devices); i++)
    {
      if (length == strlen (devices[i]) && g_ascii_strncasecmp (text, devices[i], length) == 0)
        return TRUE;
    }

  for (guint i = 0; i < G_N_ELEMENTS (numbered); i++)
    {
      const char *digit = text + 3;

      if (length < 4 || g_ascii_strncasecmp (text, numbered[i], 3) != 0)
        continue;
      if (length == 4 && g_ascii_isdigit (*digit))
        return TRUE;
      if (length == 5 && (g_str_has_prefix (digit, "¹") || g_str_has_prefix (digit, "²") ||
                          g_str_has_prefix (digit, "³")))
        return TRUE;
    }

  return FALSE;
}

static void
trim_end (GString *text)
{
  while (text->len > 0 && strchr (". ", text->str[text->len - 1]) != NULL)
    g_string_truncate (text, text->len - 1);
}

/* Whether one character, as people see it, goes on from the one before @p to the one at @p. */
static gboolean
is_inside_cluster (const char *start,
                   const char *p)
{
  gunichar c = g_utf8_get_char (p);
  guint n_indicators = 0;

  if (g_unichar_ismark (c) || is_joiner (c) || is_emoji_modifier (c) ||
      g_utf8_get_char (g_utf8_prev_char (p)) == ZERO_WIDTH_JOINER)
    return TRUE;

  if (!is_regional_indicator (c))
    return FALSE;

  /* Flags are pairs of indicators. */
  while (p > start)
    {
      p = g_utf8_prev_char (p);
      if (!is_regional_indicator (g_utf8_get_char (p)))
        break;
      n_indicators++;
    }

  return n_indicators % 2 == 1;
}

static void
shorten (GString *text,
         gsize    max_bytes)
{
  const char *cut;

  if (text->len <= max_bytes)
    return;

  cut = text->str + max_bytes - strlen (ELLIPSIS);
  if ((*cut & 0xc0) == 0x80)
    cut = g_utf8_find_prev_char (text->str, cut);
  for (const char *p = cut; p > text->str; p = g_utf8_prev_char (p))
    {
      if (!is_inside_cluster (text->str, p))
        {
          cut = p;
          break;
        }
    }

  g_string_truncate (text, cut - text->str);
  trim_end (text);
  g_string_append (text, ELLIPSIS);
}

/* The characters of @title that a name can have. */
static GString *
filter (const char *title)
{
  g_autofree char *valid = g_utf8_make_valid (title, strnlen (title, MAX_TITLE_BYTES));
  g_autofree char *composed = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = replace_char (g_utf8_get_char (p));
      gboolean at_start = text->len == 0;

      /* Not hidden, not an option, and one space is enough. */
      if (c == 0 || (at_start && (c == ' ' || c == '.' || c == '-')) ||
          (c == ' ' && !at_start && text->str[text->len - 1] == ' '))
        continue;

      g_string_append_unichar (text, c);
    }

  composed = g_utf8_normalize (text->str, text->len, G_NORMALIZE_NFC);
  g_string_assign (text, composed);

  return g_steal_pointer (&text);
}

gboolean
pond_file_name_is_uid (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return strlen (text) == UID_LENGTH && strspn (text, "0123456789abcdef") == UID_LENGTH;
}

gboolean
pond_file_name_is_language (const char *text)
{
  g_auto (GStrv) subtags = NULL;

  g_return_val_if_fail (text != NULL, FALSE);

  if (strlen (text) > MAX_LANGUAGE_LENGTH)
    return FALSE;

  subtags = g_strsplit (text, "-", -1);
  for (guint i = 0; subtags[i] != NULL; i++)
    {
      gsize length = strlen (subtags[i]);

      if (length == 0 || length > 8 || (i == 0 && length < 2))
        return FALSE;

      for (const char *p = subtags[i]; *p != '\0'; p++)
        {
          if (i == 0 ? !g_ascii_isalpha (*p) : !g_ascii_isalnum (*p))
            return FALSE;
        }
    }

  return subtags[0] != NULL;
}

char *
pond_file_name_make (const char *title,
                     const char *uid,
                     const char *suffix)
{
  g_autofree char *tail = NULL;
  g_autoptr (GString) name = NULL;
  char *dot;

  g_return_val_if_fail (title != NULL, NULL);
  g_return_val_if_fail (uid != NULL && pond_file_name_is_uid (uid), NULL);
  g_return_val_if_fail (suffix != NULL && strlen (suffix) <= MAX_LANGUAGE_LENGTH + 5, NULL);

  name = filter (title);
  trim_end (name);
  if (!has_visible_char (name->str))
    g_string_assign (name, NO_TITLE);

  dot = strchr (name->str, '.');
  if (dot != NULL && is_device_name (name->str, dot - name->str))
    *dot = '-';

  tail = g_strdup_printf (" [%s]%s", uid, suffix);
  shorten (name, MAX_NAME_BYTES - strlen (tail));
  g_string_append (name, tail);

  return g_string_free (g_steal_pointer (&name), FALSE);
}

/* The suffix of @name, or NULL when it has none that we give. */
static const char *
find_suffix (const char *name)
{
  const char *dot = strrchr (name, '.');
  const char *language;
  g_autofree char *tag = NULL;

  if (dot == NULL || g_str_equal (dot, ".mp4") || g_str_equal (dot, ".m4a"))
    return dot;

  if (!g_str_equal (dot, ".vtt"))
    return NULL;

  language = g_strrstr_len (name, dot - name, ".");
  if (language == NULL)
    return NULL;

  tag = g_strndup (language + 1, dot - language - 1);
  return pond_file_name_is_language (tag) ? language : NULL;
}

gboolean
pond_file_name_parse (const char  *name,
                      char       **title,
                      char       **uid,
                      const char **suffix)
{
  const char *end, *open;
  g_autofree char *digits = NULL;

  g_return_val_if_fail (name != NULL, FALSE);

  end = find_suffix (name);
  if (end == NULL || end - name < UID_LENGTH + 2 || end[-1] != ']')
    return FALSE;

  open = end - UID_LENGTH - 2;
  digits = g_ascii_strdown (open + 1, UID_LENGTH);
  if (*open != '[' || !pond_file_name_is_uid (digits))
    return FALSE;

  if (title != NULL)
    {
      *title = g_utf8_make_valid (name, open - name);
      g_strstrip (*title);
    }
  if (uid != NULL)
    *uid = g_steal_pointer (&digits);
  if (suffix != NULL)
    *suffix = end;

  return TRUE;
}
