/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

gboolean pond_pipeline_is_active (GstElement *pipeline);

G_END_DECLS
