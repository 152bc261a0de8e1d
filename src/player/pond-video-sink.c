/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-player"

#include "config.h"

#include "player/pond-video-sink.h"

#include <epoxy/gl.h>

#include "player/pond-frame-paintable.h"

struct _PondVideoSink
{
  GObject parent_instance;

  GstElement *element;
  GdkPaintable *paintable;

  /* (nullable): limits the size of what comes to GTK; NULL where the GPU scales. */
  GstElement *filter;
  int width;
  int height;
};

G_DEFINE_FINAL_TYPE (PondVideoSink, pond_video_sink, G_TYPE_OBJECT)

static gboolean
is_hardware (GdkGLContext *context)
{
  const char *const software[] = { "llvmpipe", "softpipe", "swrast", "SWR" };
  const char *renderer;

  gdk_gl_context_make_current (context);
  renderer = (const char *) glGetString (GL_RENDERER);
  gdk_gl_context_clear_current ();
  g_debug ("GL renderer: %s", renderer);

  if (renderer == NULL)
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (software); i++)
    {
      if (strstr (renderer, software[i]) != NULL)
        return FALSE;
    }

  return TRUE;
}

static void
update_filter (PondVideoSink *self)
{
  g_autoptr (GstCaps) caps = NULL;

  if (self->filter == NULL)
    return;

  caps = gst_caps_new_simple ("video/x-raw",
                              "format", G_TYPE_STRING, "BGRx",
                              "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1,
                              NULL);
  if (self->width > 0 && self->height > 0)
    gst_caps_set_simple (caps,
                         "width", GST_TYPE_INT_RANGE, 1, self->width,
                         "height", GST_TYPE_INT_RANGE, 1, self->height,
                         NULL);

  g_object_set (self->filter, "caps", caps, NULL);
}

/* Ranges let the converter keep the shape, and leave pictures that are smaller as they are. */
static GstElement *
scale_before (PondVideoSink *self, GstElement *sink)
{
  GstElement *bin = gst_bin_new (NULL);
  GstElement *converter = gst_element_factory_make ("videoconvertscale", NULL);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (converter, "sink");

  self->filter = gst_element_factory_make ("capsfilter", NULL);
  update_filter (self);

  g_object_set (converter, "n-threads", MIN (g_get_num_processors (), 8), NULL);
  gst_bin_add_many (GST_BIN (bin), converter, self->filter, sink, NULL);
  gst_element_link_many (converter, self->filter, sink, NULL);
  gst_element_add_pad (bin, gst_ghost_pad_new ("sink", pad));

  return bin;
}

static void
pond_video_sink_dispose (GObject *object)
{
  PondVideoSink *self = POND_VIDEO_SINK (object);

  self->filter = NULL;
  gst_clear_object (&self->element);
  g_clear_object (&self->paintable);

  G_OBJECT_CLASS (pond_video_sink_parent_class)->dispose (object);
}

static void
pond_video_sink_class_init (PondVideoSinkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pond_video_sink_dispose;
}

static void
pond_video_sink_init (PondVideoSink *self)
{
  GstElement *sink = gst_element_factory_make ("gtk4paintablesink", NULL);
  GstElement *outer = NULL;

  if (sink != NULL)
    {
      g_autoptr (GdkGLContext) context = NULL;

      g_object_get (sink, "paintable", &self->paintable, NULL);
      g_object_get (self->paintable, "gl-context", &context, NULL);
      if (context != NULL && is_hardware (context))
        outer = gst_element_factory_make ("glsinkbin", NULL);
    }
  else
    {
      sink = gst_element_factory_make ("appsink", NULL);
      self->paintable = GDK_PAINTABLE (pond_frame_paintable_new (GST_APP_SINK (sink)));
    }

  if (outer != NULL)
    g_object_set (outer, "sink", sink, NULL);
  else
    outer = scale_before (self, sink);

  self->element = gst_object_ref_sink (outer);
}

PondVideoSink *
pond_video_sink_new (void)
{
  return g_object_new (POND_TYPE_VIDEO_SINK, NULL);
}

GstElement *
pond_video_sink_get_element (PondVideoSink *self)
{
  g_return_val_if_fail (POND_IS_VIDEO_SINK (self), NULL);

  return self->element;
}

GdkPaintable *
pond_video_sink_get_paintable (PondVideoSink *self)
{
  g_return_val_if_fail (POND_IS_VIDEO_SINK (self), NULL);

  return self->paintable;
}

void
pond_video_sink_set_room (PondVideoSink *self, int width, int height)
{
  g_return_if_fail (POND_IS_VIDEO_SINK (self));

  if (self->width == width && self->height == height)
    return;

  self->width = width;
  self->height = height;
  update_filter (self);
}
