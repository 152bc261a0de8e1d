/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-player"

#include "config.h"

#include "player/pond-frame-paintable.h"

#include <gst/video/video.h>

struct _PondFramePaintable
{
  GObject parent_instance;

  GdkTexture *texture;

  /* Handed over by the sink's thread. */
  GMutex lock;
  GdkTexture *next;
};

static void paintable_iface_init (GdkPaintableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PondFramePaintable, pond_frame_paintable, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE, paintable_iface_init))

static void
frame_free (gpointer data)
{
  gst_video_frame_unmap (data);
  g_free (data);
}

/* The texture keeps the picture's buffer: no copy. */
static GdkTexture *
texture_from_sample (GstSample *sample)
{
  g_autofree GstVideoFrame *frame = g_new (GstVideoFrame, 1);
  g_autoptr (GBytes) bytes = NULL;
  GstVideoInfo info;
  int width, height;
  gsize stride;

  if (!gst_video_info_from_caps (&info, gst_sample_get_caps (sample)) ||
      !gst_video_frame_map (frame, &info, gst_sample_get_buffer (sample), GST_MAP_READ))
    return NULL;

  width = GST_VIDEO_FRAME_WIDTH (frame);
  height = GST_VIDEO_FRAME_HEIGHT (frame);
  stride = GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0);
  bytes = g_bytes_new_with_free_func (GST_VIDEO_FRAME_PLANE_DATA (frame, 0), stride * height,
                                      frame_free, frame);
  frame = NULL;

  return gdk_memory_texture_new (width, height, GDK_MEMORY_B8G8R8X8, bytes, stride);
}

static gboolean
on_next_texture (gpointer user_data)
{
  PondFramePaintable *self = user_data;
  g_autoptr (GdkTexture) old = g_steal_pointer (&self->texture);

  g_mutex_lock (&self->lock);
  self->texture = g_steal_pointer (&self->next);
  g_mutex_unlock (&self->lock);

  /* A newer picture took the place of one that was not yet fetched; this call is that one's. */
  if (self->texture == NULL)
    {
      self->texture = g_steal_pointer (&old);
      return G_SOURCE_REMOVE;
    }

  if (old == NULL || gdk_texture_get_width (old) != gdk_texture_get_width (self->texture) ||
      gdk_texture_get_height (old) != gdk_texture_get_height (self->texture))
    gdk_paintable_invalidate_size (GDK_PAINTABLE (self));
  gdk_paintable_invalidate_contents (GDK_PAINTABLE (self));

  return G_SOURCE_REMOVE;
}

static GstFlowReturn
show_sample (PondFramePaintable *self, GstSample *sample)
{
  GdkTexture *texture;

  if (sample == NULL)
    return GST_FLOW_EOS;

  texture = texture_from_sample (sample);
  gst_sample_unref (sample);
  if (texture == NULL)
    return GST_FLOW_ERROR;

  g_mutex_lock (&self->lock);
  g_clear_object (&self->next);
  self->next = texture;
  g_mutex_unlock (&self->lock);

  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, on_next_texture, g_object_ref (self),
                              g_object_unref);

  return GST_FLOW_OK;
}

static GstFlowReturn
on_new_preroll (GstAppSink *sink, gpointer user_data)
{
  return show_sample (user_data, gst_app_sink_pull_preroll (sink));
}

static GstFlowReturn
on_new_sample (GstAppSink *sink, gpointer user_data)
{
  return show_sample (user_data, gst_app_sink_pull_sample (sink));
}

static void
pond_frame_paintable_snapshot (GdkPaintable *paintable,
                               GdkSnapshot  *snapshot,
                               double        width,
                               double        height)
{
  PondFramePaintable *self = POND_FRAME_PAINTABLE (paintable);

  if (self->texture != NULL)
    gdk_paintable_snapshot (GDK_PAINTABLE (self->texture), snapshot, width, height);
}

static GdkPaintable *
pond_frame_paintable_get_current_image (GdkPaintable *paintable)
{
  PondFramePaintable *self = POND_FRAME_PAINTABLE (paintable);

  if (self->texture == NULL)
    return gdk_paintable_new_empty (0, 0);

  return GDK_PAINTABLE (g_object_ref (self->texture));
}

static int
pond_frame_paintable_get_intrinsic_width (GdkPaintable *paintable)
{
  PondFramePaintable *self = POND_FRAME_PAINTABLE (paintable);

  return self->texture != NULL ? gdk_texture_get_width (self->texture) : 0;
}

static int
pond_frame_paintable_get_intrinsic_height (GdkPaintable *paintable)
{
  PondFramePaintable *self = POND_FRAME_PAINTABLE (paintable);

  return self->texture != NULL ? gdk_texture_get_height (self->texture) : 0;
}

static void
pond_frame_paintable_finalize (GObject *object)
{
  PondFramePaintable *self = POND_FRAME_PAINTABLE (object);

  g_clear_object (&self->texture);
  g_clear_object (&self->next);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (pond_frame_paintable_parent_class)->finalize (object);
}

static void
paintable_iface_init (GdkPaintableInterface *iface)
{
  iface->snapshot = pond_frame_paintable_snapshot;
  iface->get_current_image = pond_frame_paintable_get_current_image;
  iface->get_intrinsic_width = pond_frame_paintable_get_intrinsic_width;
  iface->get_intrinsic_height = pond_frame_paintable_get_intrinsic_height;
}

static void
pond_frame_paintable_class_init (PondFramePaintableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pond_frame_paintable_finalize;
}

static void
pond_frame_paintable_init (PondFramePaintable *self)
{
  g_mutex_init (&self->lock);
}

PondFramePaintable *
pond_frame_paintable_new (GstAppSink *sink)
{
  PondFramePaintable *self = g_object_new (POND_TYPE_FRAME_PAINTABLE, NULL);
  GstAppSinkCallbacks callbacks = {
    .new_preroll = on_new_preroll,
    .new_sample = on_new_sample,
  };

  g_object_set (sink, "max-buffers", 1, "drop", TRUE,
                "enable-last-sample", FALSE, "qos", TRUE, NULL);
  gst_app_sink_set_callbacks (sink, &callbacks, g_object_ref (self), g_object_unref);

  return self;
}
