/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-demo"

#include "config.h"

#include "demo/pond-demo-content.h"

#include <string.h>

#define BLOCK_SIZE ((gsize) 65536)
#define NOWHERE    G_MAXUINT64

struct _PondDemoContent
{
  grefcount  ref_count;
  GBytes    *start;
  guint64    size;
  guint64    corrupt_at;
};

/* Every block of filler is this one with its own number at its beginning. */
static const guint8 *
get_filler (void)
{
  static guint8 *filler;

  if (g_once_init_enter_pointer (&filler))
    {
      guint8 *block = g_malloc (BLOCK_SIZE);
      guint32 state = 0x6d696c6c;

      for (gsize i = 0; i < BLOCK_SIZE; i++)
        {
          state = state * 1664525 + 1013904223;
          block[i] = state >> 24;
        }
      g_once_init_leave_pointer (&filler, block);
    }
  return filler;
}

static void
fill (guint8  *out,
      guint64  offset,
      gsize    length)
{
  const guint8 *filler = get_filler ();

  while (length > 0)
    {
      guint64 number = GUINT64_TO_BE (offset / BLOCK_SIZE);
      gsize at = offset % BLOCK_SIZE;
      gsize part = MIN (length, BLOCK_SIZE - at);

      memcpy (out, filler + at, part);
      for (gsize i = at; i < sizeof number && i - at < part; i++)
        out[i - at] = ((const guint8 *) &number)[i];
      out += part;
      offset += part;
      length -= part;
    }
}

static PondDemoContent *
content_new (GBytes  *start,
             guint64  size)
{
  PondDemoContent *self = g_new0 (PondDemoContent, 1);

  g_ref_count_init (&self->ref_count);
  self->start = g_bytes_ref (start);
  self->size = size;
  self->corrupt_at = NOWHERE;
  return self;
}

PondDemoContent *
pond_demo_content_new_for_bytes (GBytes *bytes)
{
  return content_new (bytes, g_bytes_get_size (bytes));
}

/* With a size the file is followed by a `free` box that brings it to that size: any reader of MP4
 * passes over it. */
PondDemoContent *
pond_demo_content_new_for_file (GFile    *file,
                                guint64   size,
                                GError  **error)
{
  g_autoptr (GMappedFile) mapped = g_mapped_file_new (g_file_peek_path (file), FALSE, error);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GByteArray) start = NULL;
  g_autoptr (GBytes) padded = NULL;
  guint64 rest;
  guint64 box[2];

  if (!mapped)
    return NULL;
  bytes = g_mapped_file_get_bytes (mapped);
  if (size == 0 || size == g_bytes_get_size (bytes))
    return content_new (bytes, g_bytes_get_size (bytes));
  if (size < g_bytes_get_size (bytes) + sizeof box)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "A size of %" G_GUINT64_FORMAT " is too small for “%s”",
                   size, g_file_peek_path (file));
      return NULL;
    }

  rest = size - g_bytes_get_size (bytes);
  box[0] = GUINT64_TO_BE (((guint64) 1 << 32) | 0x66726565);
  box[1] = GUINT64_TO_BE (rest);
  start = g_byte_array_new ();
  g_byte_array_append (start, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_byte_array_append (start, (const guint8 *) box, sizeof box);
  padded = g_byte_array_free_to_bytes (g_steal_pointer (&start));
  return content_new (padded, size);
}

PondDemoContent *
pond_demo_content_ref (PondDemoContent *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

void
pond_demo_content_unref (PondDemoContent *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;
  g_bytes_unref (self->start);
  g_free (self);
}

PondDemoContent *
pond_demo_content_corrupt (PondDemoContent *self,
                           guint64          offset)
{
  PondDemoContent *copy = content_new (self->start, self->size);

  copy->corrupt_at = offset;
  return copy;
}

PondDemoContent *
pond_demo_content_truncate (PondDemoContent *self,
                            guint64          size)
{
  PondDemoContent *copy = content_new (self->start, MIN (size, self->size));

  copy->corrupt_at = self->corrupt_at;
  return copy;
}

guint64
pond_demo_content_get_size (PondDemoContent *self)
{
  return self->size;
}

GBytes *
pond_demo_content_read (PondDemoContent *self,
                        guint64          offset,
                        gsize            length)
{
  gsize start_size = g_bytes_get_size (self->start);
  gsize from_start = 0;
  gboolean corrupt;
  g_autofree guint8 *data = NULL;

  g_assert (offset <= self->size);

  length = MIN (length, self->size - offset);
  if (offset < start_size)
    from_start = MIN (length, start_size - offset);
  corrupt = self->corrupt_at >= offset && self->corrupt_at - offset < length;
  if (from_start == length && !corrupt)
    return g_bytes_new_from_bytes (self->start, MIN (offset, start_size), length);

  data = g_malloc (MAX (length, 1));
  if (from_start > 0)
    memcpy (data, (const guint8 *) g_bytes_get_data (self->start, NULL) + offset, from_start);
  fill (data + from_start, offset + from_start, length - from_start);
  if (corrupt)
    data[self->corrupt_at - offset] ^= 0xff;
  return g_bytes_new_take (g_steal_pointer (&data), length);
}
