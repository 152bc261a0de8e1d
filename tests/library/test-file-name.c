/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "library/pond-file-name.h"

#include <string.h>

#define UID "3f1c9a7be2d04865b1a97c20de4f5a68"

static void
test_make (void)
{
  static const struct
  {
    const char *title;
    const char *expected; /* before " [<uid>]" */
  } rows[] = {
    { "Talk", "Talk" },
    { "  Two   words\n\tand more ", "Two words and more" },
    { "", "Video" },
    { " . ", "Video" },
    { "\u200d\u200d", "Video" },
    { "???", "Video" },
    { "a/b\\c:d|e", "a-b-c-d-e" },
    { "../../etc/passwd", "etc-passwd" },
    { "/", "Video" },
    { "-rf", "rf" },
    { ".hidden", "hidden" },
    { "What is <this>? \"Yes\" * 2", "What is -this- 'Yes' - 2" },
    { "Ends with dots...", "Ends with dots" },
    { "One\x01\x7ftwo", "Onetwo" },
    { "safe\u202egpj.exe\u202c", "safegpj.exe" },
    { "\u2066a\u2067b\u2068c\u2069\u200e\u200f\u061c\ufeff", "abc" },
    { "line\u2028para\u2029end", "line para end" },
    { "Cafe\u0301", "Caf\u00e9" },
    { "bad \xff\xfe bytes", "bad \ufffd\ufffd bytes" },
    { "non\ufffe\U0001ffffcharacter", "noncharacter" },
    { "CON", "CON" },
    { "con.txt", "con-txt" },
    { "Lpt1.", "Lpt1" },
    { "COM¹.log", "COM¹-log" },
    { "CONSOLE.log", "CONSOLE.log" },
    { "[draft] [" UID "]", "[draft] [" UID "]" },
    { "می‌خواهم", "می‌خواهم" },
    { "👩‍👩‍👧 family", "👩‍👩‍👧 family" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = pond_file_name_make (rows[i].title, UID, ".mp4");
      g_autofree char *expected = g_strconcat (rows[i].expected, " [" UID "].mp4", NULL);

      g_assert_cmpstr (name, ==, expected);
    }
}

/* What is cut in the middle is one character to people, whatever it is to the machine. */
static void
test_shorten (void)
{
  static const char *const clusters[] = {
    "a",
    "é",
    "字",
    "😀",
    "e\u0323\u0302", /* one composed and one combining */
    "👩‍👩‍👧",
    "👍🏽",
    "🇩🇪",
  };

  for (guint i = 0; i < G_N_ELEMENTS (clusters); i++)
    {
      g_autofree char *cluster = g_utf8_normalize (clusters[i], -1, G_NORMALIZE_NFC);

      for (guint n_before = 0; n_before < 12; n_before++)
        {
          g_autoptr (GString) title = g_string_new (NULL);
          g_autofree char *name = NULL;
          const char *p;

          for (guint j = 0; j < n_before; j++)
            g_string_append_c (title, 'x');
          while (title->len < 400)
            g_string_append (title, clusters[i]);

          name = pond_file_name_make (title->str, UID, ".mp4");
          g_assert_cmpuint (strlen (name), <=, 255);
          g_assert_cmpuint (strlen (name), >, 255 - strlen (cluster) - 4);
          g_assert_true (g_str_has_suffix (name, "… [" UID "].mp4"));

          p = name + n_before;
          while (g_str_has_prefix (p, cluster))
            p += strlen (cluster);
          g_assert_true (g_str_has_prefix (p, "…"));
        }
    }
}

/* A character with a thousand accents can't stay whole. */
static void
test_shorten_one (void)
{
  g_autoptr (GString) title = g_string_new ("q");
  g_autofree char *name = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append (title, "\u0334");

  name = pond_file_name_make (title->str, UID, ".pt-BR.vtt");
  g_assert_cmpuint (strlen (name), <=, 255);
  g_assert_true (g_utf8_validate (name, -1, NULL));
  g_assert_true (g_str_has_prefix (name, "q\u0334"));
}

static void
test_parse (void)
{
  static const struct
  {
    const char *name;
    const char *title; /* NULL when it is none of ours */
    const char *suffix;
  } rows[] = {
    { "Talk [" UID "].mp4", "Talk", ".mp4" },
    { "Talk [" UID "].m4a", "Talk", ".m4a" },
    { "Talk [" UID "].de.vtt", "Talk", ".de.vtt" },
    { "Talk [" UID "].zh-Hant-TW.vtt", "Talk", ".zh-Hant-TW.vtt" },
    { "Talk [3F1C9A7BE2D04865B1A97C20DE4F5A68].mp4", "Talk", ".mp4" },
    { "[a0b1c2d3e4f5061728394a5b6c7d8e9f] [" UID "].mp4",
      "[a0b1c2d3e4f5061728394a5b6c7d8e9f]",
      ".mp4" },
    { "[" UID "].mp4", "", ".mp4" },
    { "Talk[" UID "].mp4", "Talk", ".mp4" },
    { "Talk (2) [" UID "].mp4", "Talk (2)", ".mp4" },
    { "v1.2 [" UID "].mp4", "v1.2", ".mp4" },
    { "\xff [" UID "].mp4", "\ufffd", ".mp4" },
    { "Talk [" UID "].vtt", NULL, NULL },
    { "Talk [" UID "].d.vtt", NULL, NULL },
    { "Talk [" UID "].de_DE.vtt", NULL, NULL },
    { "Talk [" UID "]..vtt", NULL, NULL },
    { "Talk [" UID "].mp4.part", NULL, NULL },
    { "Talk [" UID "].webm", NULL, NULL },
    { "Talk [" UID "] .mp4", NULL, NULL },
    { "Talk [" UID "]x.mp4", NULL, NULL },
    { "Talk " UID ".mp4", NULL, NULL },
    { "Talk [" UID "0].mp4", NULL, NULL },
    { "Talk [3f1c9a7be2d04865b1a97c20de4f5a6].mp4", NULL, NULL },
    { "Talk [3f1c9a7be2d04865b1a97c20de4f5a6g].mp4", NULL, NULL },
    { "[" UID "]", NULL, NULL },
    { "].mp4", NULL, NULL },
    { ".mp4", NULL, NULL },
    { "", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *title = NULL;
      g_autofree char *uid = NULL;
      const char *suffix = NULL;
      gboolean parsed = pond_file_name_parse (rows[i].name, &title, &uid, &suffix);

      g_test_message ("%s", rows[i].name);
      g_assert_cmpint (parsed, ==, rows[i].title != NULL);
      g_assert_cmpstr (title, ==, rows[i].title);
      g_assert_cmpstr (suffix, ==, rows[i].suffix);
      g_assert_cmpstr (uid, ==, parsed ? UID : NULL);
      g_assert_cmpint (pond_file_name_parse (rows[i].name, NULL, NULL, NULL), ==, parsed);
    }
}

static void
test_language (void)
{
  g_assert_true (pond_file_name_is_language ("de"));
  g_assert_true (pond_file_name_is_language ("pt-BR"));
  g_assert_true (pond_file_name_is_language ("es-419"));
  g_assert_true (pond_file_name_is_language ("zh-Hant-TW"));
  g_assert_false (pond_file_name_is_language (""));
  g_assert_false (pond_file_name_is_language ("d"));
  g_assert_false (pond_file_name_is_language ("de-"));
  g_assert_false (pond_file_name_is_language ("../de"));
  g_assert_false (pond_file_name_is_language ("de.en"));
  g_assert_false (pond_file_name_is_language ("abcdefghi"));
  g_assert_false (pond_file_name_is_language ("de-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a"));
}

static gunichar
random_char (void)
{
  static const gunichar favourites[] = {
    ' ',    '.',    '-',    '[',    ']',    '/',     0x301,   0x200d,  0x200c,
    0x202e, 0x1f468, 0x1f1e9, 0x1f3fd, 0x1100, 0x1161, 0x11a8,  0xfe0f,  0xe0067,
  };

  switch (g_test_rand_int_range (0, 4))
    {
    case 0:
      return favourites[g_test_rand_int_range (0, G_N_ELEMENTS (favourites))];
    case 1:
      return g_test_rand_int_range (1, 0x80);
    case 2:
      return g_test_rand_int_range (0x80, 0xd800);
    default:
      return g_test_rand_int_range (0xe000, 0x110000);
    }
}

/* For any title: a name that every file system takes, that says the same uid again, and that does
 * not change when it is made once more from what it says of the title. */
static void
test_round_trip (void)
{
  static const char *const suffixes[] = { ".mp4", ".m4a", ".pt-BR.vtt" };

  for (guint round = 0; round < 5000; round++)
    {
      g_autoptr (GString) title = g_string_new (NULL);
      g_autofree char *name = NULL;
      g_autofree char *composed = NULL;
      g_autofree char *again = NULL;
      g_autofree char *parsed_title = NULL;
      g_autofree char *uid = NULL;
      const char *suffix = suffixes[round % G_N_ELEMENTS (suffixes)];
      const char *parsed_suffix;

      for (int i = g_test_rand_int_range (0, round % 10 == 0 ? 300 : 30); i > 0; i--)
        {
          if (g_test_rand_int_range (0, 50) == 0)
            g_string_append_c (title, g_test_rand_int_range (1, 256));
          else
            g_string_append_unichar (title, random_char ());
        }

      name = pond_file_name_make (title->str, UID, suffix);
      g_assert_cmpuint (strlen (name), <=, 255);
      g_assert_true (g_utf8_validate (name, -1, NULL));
      g_assert_null (strpbrk (name, "/\\:*?\"<>|"));
      g_assert_cmpint (name[0], !=, '.');
      g_assert_cmpint (name[0], !=, '-');
      g_assert_cmpint (name[0], !=, ' ');
      composed = g_utf8_normalize (name, -1, G_NORMALIZE_NFC);
      g_assert_cmpstr (name, ==, composed);
      for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
        {
          gunichar c = g_utf8_get_char (p);

          g_assert_false (g_unichar_iscntrl (c));
          g_assert_true (g_unichar_type (c) != G_UNICODE_FORMAT || c == 0x200c || c == 0x200d);
        }

      g_assert_true (pond_file_name_parse (name, &parsed_title, &uid, &parsed_suffix));
      g_assert_cmpstr (uid, ==, UID);
      g_assert_cmpstr (parsed_suffix, ==, suffix);
      again = pond_file_name_make (parsed_title, uid, suffix);
      g_assert_cmpstr (again, ==, name);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/file-name/make", test_make);
  g_test_add_func ("/file-name/shorten", test_shorten);
  g_test_add_func ("/file-name/shorten-one", test_shorten_one);
  g_test_add_func ("/file-name/parse", test_parse);
  g_test_add_func ("/file-name/language", test_language);
  g_test_add_func ("/file-name/round-trip", test_round_trip);

  return g_test_run ();
}
