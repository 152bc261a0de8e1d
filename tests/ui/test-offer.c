/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "ui/pond-offer.h"

#include <string.h>

#define UID "5d5bc37ffcf54c9b82e996823bffbb81"

static void
on_read_ready (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  GAsyncResult **out = user_data;

  *out = g_object_ref (result);
}

static char *
read_files (GSList  *files,
            GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  pond_offer_read_files_async (files, NULL, on_read_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return pond_offer_read_files_finish (result, error);
}

static GFile *
write_file (const char *name,
            const char *content,
            gssize      length)
{
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), name, NULL);
  g_autoptr(GError) error = NULL;

  g_mkdir_with_parents (g_get_user_cache_dir (), 0700);
  g_file_set_contents (path, content, length, &error);
  g_assert_no_error (error);

  return g_file_new_for_path (path);
}

static void
test_text_file (void)
{
  g_autoptr(GFile) file = write_file ("list.txt", "one " UID "\n", -1);
  g_autoptr(GSList) files = g_slist_append (NULL, file);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = read_files (files, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "one " UID "\n");
}

static void
test_address (void)
{
  g_autoptr(GFile) file = g_file_new_for_uri ("https://example.com/" UID "/watch");
  g_autoptr(GSList) files = g_slist_append (NULL, file);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = read_files (files, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "https://example.com/" UID "/watch");
}

/* A saved video that is dropped is known by the ID in its name, not by its content. */
static void
test_binary_file (void)
{
  g_autoptr(GFile) file = write_file ("Title [" UID "].mp4", "\0\0\0\030ftyp\377", 9);
  g_autoptr(GSList) files = g_slist_append (NULL, file);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = read_files (files, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "Title [" UID "].mp4");
}

/* The limit falls in the middle of a character, which must not make the file a binary one. */
static void
test_long_file (void)
{
  const gsize limit = 1024 * 1024;
  g_autoptr(GString) content = g_string_new ("x");
  g_autoptr(GFile) file = NULL;
  g_autoptr(GSList) files = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  while (content->len < limit + 100)
    g_string_append (content, "ä");
  file = write_file ("long.txt", content->str, content->len);
  files = g_slist_append (NULL, file);
  text = read_files (files, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (text), ==, limit - 1);
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

static void
test_missing_file (void)
{
  g_autoptr(GFile) missing = g_file_new_for_path ("/nonexistent/list.txt");
  g_autoptr(GFile) file = write_file ("there.txt", UID, -1);
  g_autoptr(GSList) files = g_slist_append (NULL, missing);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = read_files (files, &error);

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_null (text);
  g_clear_error (&error);

  /* One that can't be read does not keep the others out. */
  files = g_slist_append (files, file);
  text = read_files (files, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, UID);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/offer/text-file", test_text_file);
  g_test_add_func ("/offer/address", test_address);
  g_test_add_func ("/offer/binary-file", test_binary_file);
  g_test_add_func ("/offer/long-file", test_long_file);
  g_test_add_func ("/offer/missing-file", test_missing_file);

  return g_test_run ();
}
