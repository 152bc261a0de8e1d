/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "library/pond-mp4.h"
#include "mp4-sample.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FUZZ_USEC (2 * G_USEC_PER_SEC)

typedef struct
{
  const char *name;
  Mp4Sample sample;
  gint64 duration;
} Case;

static const Case cases[] = {
  { "video", { .video = 5000 }, 5000 },
  { "both", { .video = 5000, .audio = 5300 }, 5300 },
  { "audio", { .audio = 700 }, 700 },
  { "moov-last", { .video = 5000, .audio = 4000, .moov_last = TRUE }, 5000 },
  { "wide", { .video = 5100, .audio = 4000, .wide = TRUE }, 5100 },
  { "wide-moov-last", { .video = 5000, .wide = TRUE, .moov_last = TRUE }, 5000 },
  { "compact", { .video = 2100, .audio = 300, .compact = TRUE }, 2100 },
  { "fragmented", { .video = 3000, .audio = 2000, .fragmented = TRUE }, 3000 },
  { "fragmented-wide", { .video = 3000, .fragmented = TRUE, .wide = TRUE }, 3000 },
};

static void
test_sound (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GBytes) bytes = mp4_sample_make (&c->sample);
  g_autoptr (GError) error = NULL;
  PondMp4Info info;

  pond_mp4_check_bytes (bytes, &info, &error);
  g_assert_no_error (error);
  g_assert_cmpint (info.duration, ==, c->duration);
  g_assert_cmpint (info.has_video, ==, c->sample.video > 0);
  g_assert_cmpint (info.has_audio, ==, c->sample.audio > 0);
  g_assert_cmpint (info.width, ==, c->sample.video > 0 ? 320 : 0);
  g_assert_cmpint (info.height, ==, c->sample.video > 0 ? 180 : 0);
}

/* Fragments follow each other without a word of how many there are, so cutting between two is the
 * one thing that can't be seen from the boxes. */
static gboolean
is_between_fragments (GBytes *bytes,
                      gsize   length)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return length + 8 <= size && memcmp (data + length + 4, "moof", 4) == 0;
}

static void
test_truncated (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GBytes) bytes = mp4_sample_make (&c->sample);

  for (gsize length = 0; length < g_bytes_get_size (bytes); length++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, 0, length);
      g_autoptr (GError) error = NULL;

      if (c->sample.fragmented && is_between_fragments (bytes, length))
        continue;

      g_assert_false (pond_mp4_check_bytes (part, NULL, &error));
      g_assert_nonnull (error);
      if (length >= 24)
        g_assert_true (g_error_matches (error, POND_MP4_ERROR, POND_MP4_ERROR_TRUNCATED) ||
                       g_error_matches (error, POND_MP4_ERROR, POND_MP4_ERROR_INVALID));
      else if (length < 8)
        g_assert_error (error, POND_MP4_ERROR, POND_MP4_ERROR_NOT_MP4);
    }
}

/* What real encoders write. */
static void
test_samples (void)
{
  const char *folder = g_getenv ("SAMPLES");
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n_samples = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GMappedFile) file = NULL;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      gboolean is_video = g_str_has_suffix (name, ".mp4");
      PondMp4Info info;

      if (!is_video && !g_str_has_suffix (name, ".m4a"))
        continue;

      n_samples++;
      g_test_message ("%s", name);
      pond_mp4_check (path, &info, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (info.duration, >, 1000);
      g_assert_cmpint (info.has_video, ==, is_video);
      if (is_video)
        g_assert_cmpint (MIN (info.width, info.height), >, 0);
      else
        g_assert_true (info.has_audio);

      file = g_mapped_file_new (path, FALSE, &error);
      g_assert_no_error (error);
      bytes = g_mapped_file_get_bytes (file);
      for (gsize length = 0; length < g_bytes_get_size (bytes); length += 64)
        {
          g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, 0, length);

          g_assert_false (pond_mp4_check_bytes (part, NULL, NULL));
        }
    }

  g_assert_cmpuint (n_samples, >, 0);
}

static void
test_turned (void)
{
  g_autoptr (GBytes) bytes = mp4_sample_make (&(Mp4Sample) { .video = 1000, .turned = TRUE });
  g_autoptr (GError) error = NULL;
  PondMp4Info info;

  pond_mp4_check_bytes (bytes, &info, &error);
  g_assert_no_error (error);
  g_assert_cmpint (info.width, ==, 180);
  g_assert_cmpint (info.height, ==, 320);
}

static void
test_not_mp4 (void)
{
  static const struct
  {
    const char *data;
    gsize length;
  } texts[] = {
    { "", 0 },
    { "<!DOCTYPE html><html>", 21 },
    { "{\"success\":false}", 17 },
    { "\0\0\0\x08moov", 8 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new_static (texts[i].data, texts[i].length);
      g_autoptr (GError) error = NULL;

      g_assert_false (pond_mp4_check_bytes (bytes, NULL, &error));
      g_assert_error (error, POND_MP4_ERROR, POND_MP4_ERROR_NOT_MP4);
    }
}

static gsize
find_box (const guint8 *data,
          gsize         size,
          const char   *type)
{
  const guint8 *found = memmem (data, size, type, 4);

  g_assert_nonnull (found);
  return found - data;
}

/* Each row breaks one field of a sound file. */
static void
test_broken (void)
{
  static const struct
  {
    const char *box;
    int offset; /* from the type on */
    guint8 bytes[8];
    guint n_bytes;
    int code;
  } rows[] = {
    { "moov", 0, "free", 4, POND_MP4_ERROR_INVALID },              /* no movie header */
    { "trak", 0, "free", 4, POND_MP4_ERROR_INVALID },              /* no track */
    { "mdhd", 0, "free", 4, POND_MP4_ERROR_INVALID },              /* no timescale */
    { "hdlr", 0, "free", 4, POND_MP4_ERROR_INVALID },              /* of no kind */
    { "stsz", 0, "free", 4, POND_MP4_ERROR_INVALID },              /* no sizes */
    { "stco", 0, "stsc", 4, POND_MP4_ERROR_INVALID },              /* a table twice */
    { "mdhd", 16, { 0, 0, 0, 0 }, 4, POND_MP4_ERROR_INVALID },     /* a timescale of 0 */
    { "stsz", 12, { 255, 255, 255, 255 }, 4, POND_MP4_ERROR_INVALID }, /* more samples than sizes */
    { "stsz", 16, { 255, 255, 255, 255 }, 4, POND_MP4_ERROR_TRUNCATED }, /* a sample of 4 GiB */
    { "stco", 12, { 255, 255, 255, 255 }, 4, POND_MP4_ERROR_TRUNCATED }, /* a chunk at 4 GiB */
    { "stsc", 12, { 0, 0, 0, 0 }, 4, POND_MP4_ERROR_INVALID },     /* chunks count from 1 */
    { "stsc", 8, { 0, 0, 0, 0 }, 4, POND_MP4_ERROR_INVALID },      /* samples in no chunk */
    { "trak", -4, { 0, 0, 0, 7 }, 4, POND_MP4_ERROR_INVALID },     /* shorter than its header */
    { "trak", -4, { 0, 255, 0, 0 }, 4, POND_MP4_ERROR_INVALID },   /* longer than moov */
    { "mdat", -4, { 0, 255, 0, 0 }, 4, POND_MP4_ERROR_TRUNCATED }, /* longer than the file */
    { "mdat", 0, { 0, 0, 0, 0 }, 4, POND_MP4_ERROR_INVALID },      /* no type */
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gsize size;
      g_autofree guint8 *data =
        g_bytes_unref_to_data (mp4_sample_make (&(Mp4Sample) { .video = 4000 }), &size);
      gsize place = find_box (data, size, rows[i].box) + rows[i].offset;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%u: %s", i, rows[i].box);
      memcpy (data + place, rows[i].bytes, rows[i].n_bytes);
      bytes = g_bytes_new_take (g_steal_pointer (&data), size);
      g_assert_false (pond_mp4_check_bytes (bytes, NULL, &error));
      g_assert_error (error, POND_MP4_ERROR, rows[i].code);
    }
}

static void
test_open_ended (void)
{
  gsize size, place;
  g_autofree guint8 *data =
    g_bytes_unref_to_data (mp4_sample_make (&(Mp4Sample) { .video = 4000 }), &size);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  /* A size of 0: to the end of the file. */
  place = find_box (data, size, "mdat") - 4;
  memset (data + place, 0, 4);
  bytes = g_bytes_new_take (g_steal_pointer (&data), size);
  pond_mp4_check_bytes (bytes, NULL, &error);
  g_assert_no_error (error);
}

static void
test_hostile_counts (void)
{
  gsize size, place;
  g_autofree guint8 *data =
    g_bytes_unref_to_data (mp4_sample_make (&(Mp4Sample) { .video = 4000 }), &size);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  /* Four thousand million samples of the same size, in chunks of as many. */
  place = find_box (data, size, "stsz") + 8;
  memcpy (data + place, "\0\0\0\1\xff\xff\xff\xff", 8);
  bytes = g_bytes_new_take (g_steal_pointer (&data), size);
  g_assert_false (pond_mp4_check_bytes (bytes, NULL, &error));
  g_assert_error (error, POND_MP4_ERROR, POND_MP4_ERROR_INVALID);
  g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
}

static void
test_files (void)
{
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (folder, "a.mp4", NULL);
  g_autofree char *symlink_path = g_build_filename (folder, "b.mp4", NULL);
  g_autofree char *fifo_path = g_build_filename (folder, "c.mp4", NULL);
  g_autoptr (GBytes) bytes = mp4_sample_make (&(Mp4Sample) { .video = 60000, .audio = 60000 });
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  PondMp4Info info;

  g_assert_false (pond_mp4_check (path, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_file_set_contents (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  pond_mp4_check (path, &info, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (info.duration, ==, 60000);

  g_assert_no_errno (symlink (path, symlink_path));
  g_assert_false (pond_mp4_check (symlink_path, NULL, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  g_assert_no_errno (mkfifo (fifo_path, 0600));
  g_assert_false (pond_mp4_check (fifo_path, NULL, NULL, &error));
  g_assert_error (error, POND_MP4_ERROR, POND_MP4_ERROR_NOT_MP4);
  g_clear_error (&error);

  g_assert_false (pond_mp4_check (folder, NULL, NULL, &error));
  g_assert_error (error, POND_MP4_ERROR, POND_MP4_ERROR_NOT_MP4);
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  g_assert_false (pond_mp4_check (path, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_unlink (fifo_path);
  g_unlink (symlink_path);
  g_unlink (path);
  g_rmdir (folder);
}

/* Whatever the bytes, it ends, and says either. The sanitizers see the rest. */
static void
test_mutations (void)
{
  gint64 until = g_get_monotonic_time () + FUZZ_USEC;
  guint n_sound = 0, n_rounds = 0;

  while (g_get_monotonic_time () < until)
    {
      const Case *c = &cases[g_test_rand_int_range (0, G_N_ELEMENTS (cases))];
      gsize size;
      guint8 *data = g_bytes_unref_to_data (mp4_sample_make (&c->sample), &size);
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      PondMp4Info info;

      for (int i = g_test_rand_int_range (1, 6); i > 0; i--)
        {
          static const guint8 favourites[] = { 0, 1, 7, 8, 127, 128, 255 };
          guint place = g_test_rand_int_range (0, size);

          data[place] = g_test_rand_bit () ? favourites[g_test_rand_int_range (0, 7)]
                                           : g_test_rand_int ();
        }
      bytes = g_bytes_new_take (data, size);

      n_rounds++;
      if (pond_mp4_check_bytes (bytes, &info, &error))
        {
          n_sound++;
          g_assert_no_error (error);
          g_assert_cmpint (info.duration, >=, -1);
        }
      else
        {
          g_assert_nonnull (error);
        }
    }

  g_test_message ("%u of %u still sound", n_sound, n_rounds);
  g_assert_cmpuint (n_sound, <, n_rounds);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sound = g_strconcat ("/mp4/sound/", cases[i].name, NULL);
      g_autofree char *truncated = g_strconcat ("/mp4/truncated/", cases[i].name, NULL);

      g_test_add_data_func (sound, &cases[i], test_sound);
      g_test_add_data_func (truncated, &cases[i], test_truncated);
    }
  g_test_add_func ("/mp4/samples", test_samples);
  g_test_add_func ("/mp4/turned", test_turned);
  g_test_add_func ("/mp4/not-mp4", test_not_mp4);
  g_test_add_func ("/mp4/broken", test_broken);
  g_test_add_func ("/mp4/open-ended", test_open_ended);
  g_test_add_func ("/mp4/hostile-counts", test_hostile_counts);
  g_test_add_func ("/mp4/files", test_files);
  g_test_add_func ("/mp4/mutations", test_mutations);

  return g_test_run ();
}
