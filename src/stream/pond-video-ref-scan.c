/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-video-ref-private.h"
#include "stream/pond-stream-claims.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How much of a word a reason shows, in characters. */
#define MAX_SHOWN 60

#define SEPARATORS " \"'`<>|,;()[]{}\\^"
#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/* Names of attributes and keys whose values are pictures, which may be those of other videos. */
static const char * const picture_names[] = { "poster", "iconfile" };

typedef enum
{
  PICTURE_NONE,
  /* The name was there, but not yet what binds it to a value. */
  PICTURE_NAMED,
  /* The next word is the picture. */
  PICTURE_NEXT,
} Picture;

typedef struct
{
  /* (element-type PondVideoRef) */
  GPtrArray *refs;
  /* (element-type utf8 PondVideoRef), both owned by @refs */
  GHashTable *seen;
  /* (element-type utf8) */
  GPtrArray *rejected;
  /* (element-type utf8), owned by @rejected */
  GHashTable *seen_rejected;
  Picture picture;
  gboolean in_tag;
} Scan;

static gboolean
append_escape (GString    *clean,
               const char *digits,
               gsize       n_digits,
               guint       base)
{
  char number[8] = "";
  guint64 c;

  if (n_digits == 0 || n_digits >= sizeof number)
    return FALSE;

  memcpy (number, digits, n_digits);
  if (!g_ascii_string_to_unsigned (number, base, 1, 0x7f, &c, NULL))
    return FALSE;

  g_string_append_c (clean, g_ascii_isprint ((char) c) ? (char) c : ' ');

  return TRUE;
}

/* Appends what an HTML entity stands for; returns its length, or 0 if it is none that matters here. */
static gsize
append_entity (GString    *clean,
               const char *text,
               const char *end)
{
  static const struct
  {
    const char *name;
    char character;
  } named[] = {
    { "amp", '&' }, { "quot", '"' }, { "apos", '\'' }, { "lt", '<' }, { "gt", '>' }, { "nbsp", ' ' },
    { "colon", ':' }, { "sol", '/' }, { "period", '.' }, { "equals", '=' }, { "quest", '?' },
    { "lowbar", '_' }, { "NewLine", ' ' }, { "Tab", ' ' },
  };
  const char *semicolon = memchr (text, ';', MIN (end - text, 12));
  gsize length;

  if (semicolon == NULL)
    return 0;

  length = semicolon + 1 - text;
  if (text[1] == '#')
    {
      gboolean hex = text[2] == 'x' || text[2] == 'X';
      const char *digits = text + (hex ? 3 : 2);

      return append_escape (clean, digits, MAX (0, semicolon - digits), hex ? 16 : 10) ? length : 0;
    }

  for (guint i = 0; i < G_N_ELEMENTS (named); i++)
    {
      if (strlen (named[i].name) == length - 2 && strncmp (text + 1, named[i].name, length - 2) == 0)
        {
          g_string_append_c (clean, named[i].character);
          return length;
        }
    }

  return 0;
}

/* The same for what JSON and scripts put behind a backslash. */
static gsize
append_backslash (GString    *clean,
                  const char *text,
                  const char *end)
{
  if (end - text < 2)
    return 0;

  if (text[1] == 'u' && end - text >= 6)
    return append_escape (clean, text + 2, 4, 16) ? 6 : 0;

  if (strchr ("/\"nrt", text[1]) == NULL || text[1] == '\0')
    return 0;

  g_string_append_c (clean, text[1] == '/' ? '/' : ' ');

  return 2;
}

/* Beyond ASCII only letters and digits can be part of an address; the rest are blanks and marks around
 * one, and some that nobody sees. */
static gsize
append_wide (GString    *clean,
             const char *text,
             const char *end)
{
  gunichar c = g_utf8_get_char_validated (text, end - text);
  gsize length;

  if (c == (gunichar) -1 || c == (gunichar) -2)
    {
      g_string_append_c (clean, ' ');
      return 1;
    }

  length = g_utf8_next_char (text) - text;
  if (g_unichar_isalnum (c) || g_unichar_ismark (c))
    g_string_append_len (clean, text, (gssize) length);
  else if (g_unichar_type (c) != G_UNICODE_FORMAT)
    g_string_append_c (clean, ' ');

  return length;
}

/* Undoes the ways in which a text writes characters, so that words are what they mean. */
static GString *
clean_text (const char *text,
            gsize       size)
{
  GString *clean = g_string_sized_new (size + 1);
  const char *end = text + size;

  while (text < end)
    {
      gsize length = 0;

      if (*text == '&')
        length = append_entity (clean, text, end);
      else if (*text == '\\')
        length = append_backslash (clean, text, end);
      else if ((guchar) *text >= 0x80)
        length = append_wide (clean, text, end);

      if (length == 0)
        {
          g_string_append_c (clean, g_ascii_iscntrl (*text) ? ' ' : *text);
          length = 1;
        }

      text += length;
    }

  return clean;
}

static const char *
describe (PondNoVideo reason)
{
  switch (reason)
    {
    case POND_NO_VIDEO_ID:
      return _("not a video ID, which has 32 digits and letters from a to f");

    case POND_NO_VIDEO_NAMED:
      return _("an address of Stream that names no video");

    case POND_NO_VIDEO_SCRIPT:
      return _("the player’s script, not a video");

    case POND_NO_VIDEO_LIVE_INPUT:
      return _("a live input, not a video");

    case POND_NO_VIDEO_IN_TOKEN:
      return _("a signed link that does not say which video it is for; add the video’s ID");

    case POND_NO_VIDEO_STREAM:
      return _("not a Stream video");

    case POND_NO_VIDEO_MEANT:
    default:
      g_assert_not_reached ();
    }
}

/* Leaves out what would open something: a signed token, and the key of a live input. */
static char *
shorten (const char  *word,
         PondNoVideo  reason)
{
  const char *secret = strstr (word, "eyJ");
  const char *end = secret != NULL ? secret : word + strlen (word);

  if (reason == POND_NO_VIDEO_LIVE_INPUT)
    {
      const char *host = strstr (word, "live.cloudflare.com");

      if (host != NULL)
        end = host + strlen ("live.cloudflare.com");
    }

  if (g_utf8_strlen (word, end - word) > MAX_SHOWN)
    end = g_utf8_offset_to_pointer (word, MAX_SHOWN);

  return g_strdup_printf ("%.*s%s", (int) (end - word), word, *end != '\0' ? "…" : "");
}

static void
scan_reject (Scan        *scan,
             const char  *word,
             PondNoVideo  reason)
{
  g_autofree char *shown = NULL;
  g_autofree char *sentence = NULL;

  /* A page is full of addresses that nobody meant as a video. */
  if (reason == POND_NO_VIDEO_MEANT || (reason == POND_NO_VIDEO_STREAM && scan->in_tag))
    return;

  shown = shorten (word, reason);
  /* Translators: what somebody pasted, and why it is no video. */
  sentence = g_strdup_printf (_("“%s”: %s"), shown, describe (reason));
  if (g_hash_table_contains (scan->seen_rejected, sentence))
    return;

  g_hash_table_add (scan->seen_rejected, sentence);
  g_ptr_array_add (scan->rejected, g_steal_pointer (&sentence));
}

/* The first time that a video is named gives its place; what later ones tell besides is kept. */
static void
scan_add (Scan         *scan,
          PondVideoRef *ref)
{
  PondVideoRef *known = g_hash_table_lookup (scan->seen, ref->uid);

  if (known == NULL)
    {
      g_hash_table_insert (scan->seen, ref->uid, ref);
      g_ptr_array_add (scan->refs, ref);
      return;
    }

  if (known->host == NULL)
    known->host = g_steal_pointer (&ref->host);
  if (known->account == NULL)
    known->account = g_steal_pointer (&ref->account);
  if (known->token == NULL)
    known->token = g_steal_pointer (&ref->token);
  pond_video_ref_unref (ref);
}

static gboolean
is_picture_name (const char *word,
                 gsize       length)
{
  for (guint i = 0; i < G_N_ELEMENTS (picture_names); i++)
    {
      gsize name_length = strlen (picture_names[i]);

      if (length >= name_length &&
          g_ascii_strncasecmp (word + length - name_length, picture_names[i], name_length) == 0)
        return TRUE;
    }

  return FALSE;
}

/* Whether the word is a picture's name or the picture itself. */
static gboolean
scan_skips (Scan       *scan,
            const char *word)
{
  Picture picture = scan->picture;
  const char *name = word + strspn (word, "?&");
  gsize name_length = strspn (name, NAME_CHARACTERS);
  const char *binder = name + name_length;

  scan->picture = PICTURE_NONE;
  if (picture == PICTURE_NEXT)
    return TRUE;

  if (picture == PICTURE_NAMED && (*word == '=' || *word == ':'))
    {
      if (word[1] == '\0')
        scan->picture = PICTURE_NEXT;
      return TRUE;
    }

  if (name_length == 0 || !is_picture_name (name, name_length))
    return FALSE;

  if (*binder == '\0')
    scan->picture = PICTURE_NAMED;
  else if (*binder != '=' && *binder != ':')
    return FALSE;
  else if (binder[1] == '\0')
    scan->picture = PICTURE_NEXT;

  return TRUE;
}

/* A word without a slash: an ID or a token by itself, as the value of a key, or with a file's ending. */
static void
scan_bare (Scan *scan,
           char *word)
{
  g_auto(GStrv) pieces = NULL;

  if (strchr (word, '@') != NULL)
    return;

  pieces = g_strsplit_set (word, "=:&?#", -1);
  for (char **piece = pieces; *piece != NULL; piece++)
    {
      PondNoVideo reason = POND_NO_VIDEO_MEANT;
      PondVideoRef *ref;

      if (piece > pieces && is_picture_name (piece[-1], strlen (piece[-1])))
        continue;

      if (!pond_stream_claims_is_token (*piece) && strncmp (*piece, "eyJ", 3) != 0)
        (*piece)[strcspn (*piece, ".")] = '\0';

      ref = pond_video_ref_read_segment (*piece, &reason);
      if (ref != NULL)
        scan_add (scan, ref);
      else
        scan_reject (scan, *piece, reason);
    }
}

static void
scan_word (Scan *scan,
           char *word)
{
  g_autofree char *unescaped = NULL;
  gsize length;

  if (scan_skips (scan, word))
    return;

  /* Marks of sentences, lists and emphasis. */
  word += strspn (word, "*_~.!?&:-+=");
  length = strlen (word);
  while (length > 0 && strchr ("*~.!?:", word[length - 1]) != NULL)
    word[--length] = '\0';

  if (g_ascii_strncasecmp (word, "http", 4) == 0 && strchr (word, '/') == NULL)
    {
      unescaped = g_uri_unescape_string (word, NULL);
      if (unescaped != NULL && g_utf8_validate (unescaped, -1, NULL))
        word = unescaped;
    }

  if (strchr (word, '/') != NULL)
    {
      PondNoVideo reason;
      PondVideoRef *ref = pond_video_ref_read_address (word, &reason);

      if (ref != NULL)
        scan_add (scan, ref);
      else
        scan_reject (scan, word, reason);
    }
  else
    {
      /* No ID ends so, but a token may. */
      if (length > 0 && word[length - 1] == '_' && strncmp (word, "eyJ", 3) != 0)
        word[length - 1] = '\0';
      scan_bare (scan, word);
    }
}

static gboolean
begins_tag (const char *text)
{
  gsize length;

  if (text[1] == '!' || text[1] == '?' || text[1] == '/')
    return TRUE;

  length = strspn (text + 1, NAME_CHARACTERS);

  return length > 0 && strchr (" />", text[1 + length]) != NULL;
}

static void
scan_separator (Scan       *scan,
                const char *text,
                const char *start)
{
  if (*text == '<')
    scan->in_tag = begins_tag (text);
  else if (*text == '>')
    scan->in_tag = FALSE;
  /* The picture is empty. */
  else if ((*text == '"' || *text == '\'') && text > start && text[-1] == *text)
    scan->picture = PICTURE_NONE;
}

static void
scan_text (Scan    *scan,
           GString *clean)
{
  const char *text = clean->str;

  while (*text != '\0')
    {
      gsize length = strcspn (text, SEPARATORS);

      if (length > 0)
        {
          g_autofree char *word = g_strndup (text, length);

          scan_word (scan, word);
          text += length;
        }
      else
        {
          scan_separator (scan, text, clean->str);
          text++;
        }
    }
}

static GPtrArray *
scan_data (const char  *text,
           gsize        size,
           GPtrArray  **rejected)
{
  g_autoptr(GString) clean = clean_text (text, size);
  g_autoptr(GPtrArray) refs = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_video_ref_unref);
  g_autoptr(GPtrArray) reasons = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) seen_rejected = g_hash_table_new (g_str_hash, g_str_equal);
  Scan scan = { .refs = refs, .seen = seen, .rejected = reasons, .seen_rejected = seen_rejected };

  scan_text (&scan, clean);
  /* It may have held tokens. */
  explicit_bzero (clean->str, clean->len);

  if (rejected != NULL)
    *rejected = g_steal_pointer (&reasons);

  return g_steal_pointer (&refs);
}

/**
 * pond_video_ref_scan:
 * @text: any text: an ID, a link, embed code, a list, a page
 * @rejected: (out) (optional) (transfer full) (element-type utf8): what looks as if it was meant as a
 *   video and can't be used, each with its reason in words for a person
 *
 * Finds every video that @text names, in order, once each.
 *
 * Returns: (transfer full) (element-type PondVideoRef): the videos
 */
GPtrArray *
pond_video_ref_scan (const char  *text,
                     GPtrArray  **rejected)
{
  g_return_val_if_fail (text != NULL, NULL);

  return scan_data (text, strlen (text), rejected);
}

GPtrArray *
pond_video_ref_scan_bytes (GBytes     *bytes,
                           GPtrArray **rejected)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autofree char *converted = NULL;

  /* Without any bytes there is not even an address. */
  if (size == 0)
    return scan_data ("", 0, rejected);

  /* Windows writes lists so; what can't be converted is read as it is. */
  if (size >= 2 && (memcmp (data, "\xff\xfe", 2) == 0 || memcmp (data, "\xfe\xff", 2) == 0))
    converted = g_convert (data, (gssize) size, "UTF-8", "UTF-16", NULL, &size, NULL);

  if (converted != NULL)
    return scan_data (converted, size, rejected);

  return scan_data (data, g_bytes_get_size (bytes), rejected);
}
