/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "transfer/pond-checkpoint.h"
#include "transfer/pond-transfer-error.h"

static char *
dup_path (void)
{
  return g_build_filename (g_get_user_runtime_dir (), "video.part.checkpoint", NULL);
}

static void
make_folder (void)
{
  g_assert_cmpint (g_mkdir_with_parents (g_get_user_runtime_dir (), 0700), ==, 0);
}

static void
assert_equal (const PondCheckpoint *a,
              const PondCheckpoint *b)
{
  g_assert_cmpstr (a->etag, ==, b->etag);
  g_assert_cmpstr (a->last_modified, ==, b->last_modified);
  g_assert_cmpstr (a->boot_id, ==, b->boot_id);
  g_assert_cmpint (a->total, ==, b->total);
  g_assert_cmpuint (a->synced, ==, b->synced);
}

static void
test_round_trip (void)
{
  const char *etags[] = { NULL, "\"a\"", "W/\"a b\"", "\"back\\slash; = # [x]\"", "\"ü\"", "bare" };
  const gint64 totals[] = { -1, 0, 5, G_MAXINT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (etags); i++)
    {
      for (gsize j = 0; j < G_N_ELEMENTS (totals); j++)
        {
          g_autoptr (PondCheckpoint) written
              = pond_checkpoint_new (etags[i], "Tue, 15 Nov 1994 12:45:26 GMT", totals[j]);
          g_autoptr (PondCheckpoint) read = NULL;
          g_autoptr (GError) error = NULL;
          g_autofree char *text = NULL;

          written->synced = MAX (0, totals[j]);
          written->boot_id = g_strdup ("b7a1");
          text = pond_checkpoint_print (written);
          read = pond_checkpoint_parse (text, strlen (text), &error);

          g_assert_no_error (error);
          assert_equal (read, written);
        }
    }
}

static void
test_broken (void)
{
  const struct
  {
    const char *text;
    gssize      length;
  } cases[] = {
    { "", -1 },
    { "\0\0\0\0", 4 },
    { "\xff\xfe", -1 },
    { "[checkpoint]\n", -1 },
    { "[checkpoint]\nversion=1\n", -1 },
    { "[checkpoint]\nsynced=1\n", -1 },
    { "[checkpoint]\nversion=2\nsynced=1\n", -1 },
    { "[checkpoint]\nversion=one\nsynced=1\n", -1 },
    { "[checkpoint]\nversion=1\nsynced=\n", -1 },
    { "[checkpoint]\nversion=1\nsynced=-1\n", -1 },
    { "[checkpoint]\nversion=1\nsynced=1x\n", -1 },
    { "[checkpoint]\nversion=1\nsynced=9223372036854775808\n", -1 },
    { "[checkpoint]\nversion=1\nsynced=5\ntotal=4\n", -1 },
    { "[checkpoint]\nversion=1\nsynced=5\ntotal=-1\n", -1 },
    { "[checkpoint]\nversion=1\nsynced=5\ntotal=much\n", -1 },
    { "[checkpoint]\nversion=1\nsynced=5\netag=\n", -1 },
    { "[checkpoint]\nversion=1\nsynced=5\netag=\"a\"\\r\\nHost: evil\n", -1 },
    { "[checkpoint]\nversion=1\nsynced=5\nlast-modified=a\\nb\n", -1 },
    { "[other]\nversion=1\nsynced=5\n", -1 },
    { "[checkpoint\nversion=1\nsynced=5\n", -1 },
    { "{\"version\":1,\"synced\":5}", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize length = cases[i].length < 0 ? strlen (cases[i].text) : (gsize) cases[i].length;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_null (pond_checkpoint_parse (cases[i].text, length, &error));
      g_assert_nonnull (error);
    }
}

static void
test_unknown_keys (void)
{
  const char *text = "# mine\n[checkpoint]\nversion=1\nsynced=5\ncolour=red\n[more]\nx=y\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (PondCheckpoint) read = pond_checkpoint_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (read->synced, ==, 5);
  g_assert_cmpint (read->total, ==, -1);
  g_assert_null (read->etag);
  g_assert_null (read->boot_id);
}

static void
test_headers (void)
{
  g_autofree char *long_text = g_strnfill (5000, 'x');
  const char *odd[] = { "", "a\nb", "a\x01", "\xff", long_text };

  for (gsize i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autoptr (PondCheckpoint) self = pond_checkpoint_new (odd[i], odd[i], -1);

      g_assert_null (self->etag);
      g_assert_null (self->last_modified);
    }
}

static void
test_strong (void)
{
  const struct
  {
    const char *etag;
    const char *last_modified;
    const char *strong;
  } cases[] = {
    { NULL, NULL, NULL },
    { "\"a\"", NULL, "\"a\"" },
    { "\"a\"", "Tue", "\"a\"" },
    { "W/\"a\"", NULL, NULL },
    { "W/\"a\"", "Tue", "Tue" },
    { NULL, "Tue", "Tue" },
    { "a", NULL, NULL },
    { "\"", NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PondCheckpoint) self
          = pond_checkpoint_new (cases[i].etag, cases[i].last_modified, -1);

      g_assert_cmpstr (pond_checkpoint_get_strong (self), ==, cases[i].strong);
    }
}

static void
test_same (void)
{
  const struct
  {
    const char *kept[2];
    const char *said[2];
    gboolean    same;
  } cases[] = {
    { { "\"a\"", NULL }, { "\"a\"", NULL }, TRUE },
    { { "\"a\"", NULL }, { "\"b\"", NULL }, FALSE },
    { { "\"a\"", NULL }, { "W/\"a\"", NULL }, FALSE },
    { { "\"a\"", "Tue" }, { "\"a\"", "Wed" }, TRUE },
    { { "\"a\"", "Tue" }, { NULL, "Wed" }, FALSE },
    { { NULL, "Tue" }, { "\"a\"", "Tue" }, TRUE },
    { { "\"a\"", NULL }, { NULL, NULL }, TRUE },
    { { NULL, NULL }, { "\"a\"", "Tue" }, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PondCheckpoint) kept
          = pond_checkpoint_new (cases[i].kept[0], cases[i].kept[1], -1);
      g_autoptr (PondCheckpoint) said
          = pond_checkpoint_new (cases[i].said[0], cases[i].said[1], -1);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (pond_checkpoint_is_same (kept, said), ==, cases[i].same);
    }
}

static void
test_trusted (void)
{
  const struct
  {
    gint64      total;
    guint64     synced;
    const char *boot_id;
    guint64     file_length;
    guint64     trusted;
  } cases[] = {
    { 100, 50, "here", 80, 80 },   /* killed */
    { 100, 50, "before", 80, 50 }, /* lost power */
    { 100, 50, NULL, 80, 50 },
    { 100, 50, "before", 30, 30 }, /* somebody cut the file */
    { 100, 50, "here", 30, 30 },
    { 100, 50, "here", 100, 100 },
    { 100, 50, "here", 101, 0 },   /* this is not our file */
    { 100, 50, "before", 101, 0 },
    { -1, 50, "here", 101, 101 },
    { -1, 0, "before", 101, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PondCheckpoint) self = pond_checkpoint_new (NULL, NULL, cases[i].total);

      self->synced = cases[i].synced;
      self->boot_id = g_strdup (cases[i].boot_id);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpuint (pond_checkpoint_count_trusted (self, cases[i].file_length, "here"), ==,
                        cases[i].trusted);
    }
}

static void
test_boot_id (void)
{
  g_autofree char *id = pond_checkpoint_dup_boot_id ();

  g_assert_true (g_uuid_string_is_valid (id));
}

static void
test_files (void)
{
  g_autofree char *path = dup_path ();
  g_autofree char *stray = g_strconcat (path, ".new", NULL);
  g_autoptr (PondCheckpoint) first = pond_checkpoint_new ("\"a\"", NULL, 10);
  g_autoptr (PondCheckpoint) second = pond_checkpoint_new ("\"b\"", NULL, 20);
  g_autoptr (PondCheckpoint) read = NULL;
  g_autoptr (GError) error = NULL;

  make_folder ();

  g_assert_null (pond_checkpoint_load (path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (stray, "left by a kill", -1, NULL));
  g_assert_true (pond_checkpoint_save (first, path, FALSE, &error));
  g_assert_true (pond_checkpoint_save (second, path, TRUE, &error));
  g_assert_false (g_file_test (stray, G_FILE_TEST_EXISTS));

  read = pond_checkpoint_load (path, &error);
  g_assert_no_error (error);
  assert_equal (read, second);

  g_assert_true (g_file_set_contents (stray, "left by a kill", -1, NULL));
  g_assert_true (pond_checkpoint_remove (path, &error));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (stray, G_FILE_TEST_EXISTS));
  g_assert_true (pond_checkpoint_remove (path, &error));
  g_assert_no_error (error);
}

/* What a folder from somebody else may hold under the checkpoint's name. */
static void
test_odd_files (void)
{
  g_autofree char *path = dup_path ();
  g_autoptr (GError) error = NULL;

  make_folder ();

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (pond_checkpoint_load (path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_cmpint (g_unlink (path), ==, 0);

  g_assert_cmpint (symlink ("/dev/zero", path), ==, 0);
  g_assert_null (pond_checkpoint_load (path, &error));
  g_assert_error (error, POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_FILE);
  g_clear_error (&error);
  g_assert_cmpint (g_unlink (path), ==, 0);

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_cmpint (truncate (path, 1 << 30), ==, 0);
  g_assert_null (pond_checkpoint_load (path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/checkpoint/round-trip", test_round_trip);
  g_test_add_func ("/checkpoint/broken", test_broken);
  g_test_add_func ("/checkpoint/unknown-keys", test_unknown_keys);
  g_test_add_func ("/checkpoint/headers", test_headers);
  g_test_add_func ("/checkpoint/strong", test_strong);
  g_test_add_func ("/checkpoint/same", test_same);
  g_test_add_func ("/checkpoint/trusted", test_trusted);
  g_test_add_func ("/checkpoint/boot-id", test_boot_id);
  g_test_add_func ("/checkpoint/files", test_files);
  g_test_add_func ("/checkpoint/odd-files", test_odd_files);

  return g_test_run ();
}
