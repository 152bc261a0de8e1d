/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "clips.h"

#include <string.h>

#define SAMPLE_RATE       48000
#define SAMPLES_IN_BUFFER 1600

static char *folder;

static GFile *
file_for (const char *name)
{
  g_assert_nonnull (folder);
  return g_file_new_build_filename (folder, name, NULL);
}

static void
run_to_end (const char *description)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, &error);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  g_assert_no_error (error);
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gst_element_set_state (pipeline, GST_STATE_NULL);

  g_assert_nonnull (message);
  g_assert_cmpstr (GST_MESSAGE_TYPE_NAME (message), ==, "eos");
}

/* A sample description of a name that no decoder knows: 'avc1' stands once in the whole file. */
static void
rename_codec (GFile *clip)
{
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  char *name;

  g_file_load_contents (clip, NULL, &contents, &length, NULL, &error);
  g_assert_no_error (error);

  name = memmem (contents, length, "stsd", 4);
  g_assert_nonnull (name);
  name = memmem (name, contents + length - name, "avc1", 4);
  g_assert_nonnull (name);
  memcpy (name, "xvp9", 4);

  g_file_replace_contents (clip, contents, length, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL,
                           &error);
  g_assert_no_error (error);
}

void
clips_set_up (void)
{
  g_autoptr (GError) error = NULL;

  folder = g_dir_make_tmp ("pond-clips-XXXXXX", &error);
  g_assert_no_error (error);
}

GFile *
clip_new (ClipKind kind, const char *name, guint seconds)
{
  g_autoptr (GFile) file = file_for (name);
  g_autoptr (GString) description = g_string_new (NULL);

  g_string_append_printf (description,
                          "mp4mux name=mux faststart=true ! filesink location=\"%s\" "
                          "audiotestsrc num-buffers=%u samplesperbuffer=%u ! "
                          "audio/x-raw,rate=%u,channels=2 ! audioconvert ! avenc_aac ! mux. ",
                          g_file_peek_path (file), seconds * SAMPLE_RATE / SAMPLES_IN_BUFFER,
                          SAMPLES_IN_BUFFER, SAMPLE_RATE);
  if (kind != CLIP_SOUND)
    {
      g_string_append_printf (description,
                              "videotestsrc num-buffers=%u ! "
                              "video/x-raw,width=320,height=180,framerate=%u/1 ! "
                              "x264enc speed-preset=ultrafast key-int-max=%u ! mux. ",
                              seconds * CLIP_FPS, CLIP_FPS, 2 * CLIP_FPS);
    }
  run_to_end (description->str);

  if (kind == CLIP_NO_DECODER)
    rename_codec (file);

  return g_steal_pointer (&file);
}

GFile *
clip_truncated (GFile *clip, const char *name, double share)
{
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_load_contents (clip, NULL, &contents, &length, NULL, &error);
  g_assert_no_error (error);

  return clip_from_text (name, contents, length * share);
}

GFile *
clip_from_text (const char *name, const char *contents, gssize length)
{
  g_autoptr (GFile) file = file_for (name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (g_file_peek_path (file), contents, length, &error);
  g_assert_no_error (error);

  return g_steal_pointer (&file);
}
