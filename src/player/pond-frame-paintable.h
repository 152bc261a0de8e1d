/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/app/app.h>
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define POND_TYPE_FRAME_PAINTABLE (pond_frame_paintable_get_type ())

/**
 * PondFramePaintable:
 *
 * Shows the newest picture of an appsink, for where `gtk4paintablesink` is not installed.
 */
G_DECLARE_FINAL_TYPE (PondFramePaintable, pond_frame_paintable, POND, FRAME_PAINTABLE, GObject)

/**
 * pond_frame_paintable_new:
 * @sink: its pictures must come as BGRx with square pixels
 *
 * Takes @sink over and invalidates itself on the default main context.
 */
PondFramePaintable *pond_frame_paintable_new (GstAppSink *sink);

G_END_DECLS
