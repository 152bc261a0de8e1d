/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PondSpeed:
 *
 * Bytes a second over the last few seconds, steady enough to be read.
 */
typedef struct
{
  gint64  time;
  guint64 bytes;
  double  speed;
  guint   n_samples;
} PondSpeed;

void   pond_speed_init (PondSpeed *self);
void   pond_speed_add  (PondSpeed *self,
                        gint64     now,
                        guint64    bytes);
double pond_speed_get  (PondSpeed *self);

G_END_DECLS
