/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "stream/pond-link-error.h"

G_BEGIN_DECLS

gboolean pond_link_parse_duration (const char  *text,
                                   gint64      *seconds,
                                   GError     **error);
gboolean pond_link_parse_time     (const char  *text,
                                   GDateTime   *now,
                                   gint64      *seconds,
                                   GError     **error);
char    *pond_link_format_time    (gint64       seconds);

G_END_DECLS
