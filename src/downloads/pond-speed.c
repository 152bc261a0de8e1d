/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "downloads/pond-speed.h"

#include <math.h>

/* How fast older samples lose their weight. */
#define MEMORY   (3.0 * G_USEC_PER_SEC)
#define INTERVAL (G_USEC_PER_SEC / 4)

/**
 * pond_speed_init:
 * @self: a speed
 *
 * Forgets everything.
 */
void
pond_speed_init (PondSpeed *self)
{
  *self = (PondSpeed) { 0 };
}

/**
 * pond_speed_add:
 * @self: a speed
 * @now: monotonic microseconds
 * @bytes: how many bytes there have been until now
 *
 * Takes another sample; one that comes too soon after the last is left out.
 */
void
pond_speed_add (PondSpeed *self,
                gint64     now,
                guint64    bytes)
{
  gint64 elapsed = now - self->time;
  double speed;
  double weight;

  if (self->time != 0 && elapsed < INTERVAL)
    return;

  if (self->time != 0 && bytes >= self->bytes)
    {
      speed = (double) (bytes - self->bytes) * G_USEC_PER_SEC / (double) elapsed;
      weight = self->n_samples == 0 ? 0 : exp (-(double) elapsed / MEMORY);
      self->speed = weight * self->speed + (1 - weight) * speed;
      self->n_samples++;
    }

  self->time = now;
  self->bytes = bytes;
}

/**
 * pond_speed_get:
 * @self: a speed
 *
 * Returns: bytes a second, 0 before there are two samples
 */
double
pond_speed_get (PondSpeed *self)
{
  return self->speed;
}
