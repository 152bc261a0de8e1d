/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define POND_TYPE_VIDEO_SINK (pond_video_sink_get_type ())

/**
 * PondVideoSink:
 *
 * The way of a picture from the decoder into GTK.
 *
 * With a GPU that is `gtk4paintablesink` within `glsinkbin`, and GTK scales. Where GL is software, or
 * there is none, no GL element takes part: pictures are converted and scaled to the pixels that are
 * shown before GTK sees them. Where `gtk4paintablesink` is not installed, an appsink takes its place.
 */
G_DECLARE_FINAL_TYPE (PondVideoSink, pond_video_sink, POND, VIDEO_SINK, GObject)

PondVideoSink *pond_video_sink_new           (void);

/**
 * pond_video_sink_get_element:
 *
 * Returns: (transfer none): what to give to a player
 */
GstElement    *pond_video_sink_get_element   (PondVideoSink *self);

/**
 * pond_video_sink_get_paintable:
 *
 * Returns: (transfer none): what shows the pictures
 */
GdkPaintable  *pond_video_sink_get_paintable (PondVideoSink *self);

/**
 * pond_video_sink_set_room:
 * @width: device pixels
 * @height: device pixels
 *
 * Says how large the picture can be shown at most.
 */
void           pond_video_sink_set_room      (PondVideoSink *self,
                                              int            width,
                                              int            height);

G_END_DECLS
