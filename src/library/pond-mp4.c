/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-mp4"

#include "config.h"

#include "library/pond-mp4.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* Bounds on what a file may make us do. A day of one-second fragments has 86,400 of them. */
#define MAX_BOXES 1000000
#define MAX_TRACKS 256

#define READER_BYTES 4096

#define FOURCC(a, b, c, d) \
  ((guint32) (a) << 24 | (guint32) (b) << 16 | (guint32) (c) << 8 | (guint32) (d))

#define TFHD_BASE_DATA_OFFSET 0x000001
#define TFHD_SAMPLE_DESCRIPTION 0x000002
#define TFHD_DEFAULT_DURATION 0x000008
#define TFHD_DEFAULT_SIZE 0x000010

#define TRUN_DATA_OFFSET 0x000001
#define TRUN_FIRST_FLAGS 0x000004
#define TRUN_DURATION 0x000100
#define TRUN_SIZE 0x000200
#define TRUN_FLAGS 0x000400
#define TRUN_COMPOSITION 0x000800

/* The defaults of a track's fragments (trex). */
typedef struct
{
  guint32 id;
  guint32 duration;
  guint32 size;
} Defaults;

typedef struct
{
  guint32 id;
  guint32 handler;
  guint32 timescale;
  gint64 duration;     /* milliseconds, or -1 */
  guint64 fragmented;  /* what fragments add, in the track's timescale */
  int width;
  int height;
  guint64 n_samples;
} Track;

/* Where the bytes come from, and what has been found in them. */
typedef struct
{
  int fd;
  const guint8 *data; /* used when fd is -1 */
  guint64 size;
  GCancellable *cancellable;

  guint n_boxes;
  GArray *tracks;   /* of Track */
  GArray *defaults; /* of Defaults */
  gint64 duration;  /* milliseconds, of the movie header, or -1 */
  gboolean has_movie;
  guint64 n_fragment_samples;
} Walker;

/* The payload of a box: what follows its header. */
typedef struct
{
  guint32 type;
  guint64 start; /* of the header */
  guint64 offset;
  guint64 end;
} Box;

typedef gboolean (*BoxFunc) (Walker     *self,
                             const Box  *box,
                             gpointer    data,
                             GError    **error);

/* Reads a table front to back, a little at a time. */
typedef struct
{
  Walker *walker;
  guint64 offset;
  guint64 end;
  gsize n_buffered;
  gsize position;
  guint8 buffer[READER_BYTES];
} Reader;

G_DEFINE_QUARK (pond-mp4-error-quark, pond_mp4_error)

static gboolean
fail_truncated (GError **error)
{
  g_set_error_literal (error, POND_MP4_ERROR, POND_MP4_ERROR_TRUNCATED, "The file ends too early");
  return FALSE;
}

static gboolean
fail_invalid (GError     **error,
              const char  *message)
{
  g_set_error_literal (error, POND_MP4_ERROR, POND_MP4_ERROR_INVALID, message);
  return FALSE;
}

/* Reads exactly @length bytes, which are known to be within the file. */
static gboolean
read_at (Walker  *self,
         guint64  offset,
         void    *buffer,
         gsize    length,
         GError **error)
{
  guint8 *to = buffer;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;

  if (self->fd < 0)
    {
      memcpy (buffer, self->data + offset, length);
      return TRUE;
    }

  while (length > 0)
    {
      gssize n = pread (self->fd, to, length, offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          int saved_errno = errno;

          g_set_error_literal (error,
                               G_IO_ERROR,
                               g_io_error_from_errno (saved_errno),
                               g_strerror (saved_errno));
          return FALSE;
        }
      if (n == 0)
        return fail_truncated (error);

      to += n;
      offset += n;
      length -= n;
    }

  return TRUE;
}

static void
reader_init (Reader    *self,
             Walker    *walker,
             const Box *box)
{
  self->walker = walker;
  self->offset = box->offset;
  self->end = box->end;
  self->n_buffered = 0;
  self->position = 0;
}

/* How many bytes the box still has. */
static guint64
reader_remaining (Reader *self)
{
  return self->end - self->offset + self->n_buffered - self->position;
}

static gboolean
reader_read (Reader   *self,
             guint     n_bytes,
             guint64  *value,
             GError  **error)
{
  *value = 0;

  for (guint i = 0; i < n_bytes; i++)
    {
      if (self->position == self->n_buffered)
        {
          gsize length = MIN (sizeof self->buffer, self->end - self->offset);

          if (length == 0)
            return fail_invalid (error, "A box is shorter than what it should hold");
          if (!read_at (self->walker, self->offset, self->buffer, length, error))
            return FALSE;

          self->offset += length;
          self->n_buffered = length;
          self->position = 0;
        }

      *value = *value << 8 | self->buffer[self->position++];
    }

  return TRUE;
}

static gboolean
reader_read_u32 (Reader   *self,
                 guint32  *value,
                 GError  **error)
{
  guint64 wide;

  if (!reader_read (self, 4, &wide, error))
    return FALSE;

  *value = wide;
  return TRUE;
}

static gboolean
reader_skip (Reader   *self,
             guint     n_bytes,
             GError  **error)
{
  guint64 ignored;

  for (; n_bytes > 0; n_bytes--)
    {
      if (!reader_read (self, 1, &ignored, error))
        return FALSE;
    }

  return TRUE;
}

/* The version and flags that "full" boxes begin with. */
static gboolean
reader_read_version (Reader   *self,
                     guint    *version,
                     guint32  *flags,
                     GError  **error)
{
  guint32 both;

  if (!reader_read_u32 (self, &both, error))
    return FALSE;

  *version = both >> 24;
  if (flags != NULL)
    *flags = both & 0xffffff;
  return TRUE;
}

static gboolean
read_box (Walker   *self,
          guint64   offset,
          guint64   end,
          Box      *box,
          GError  **error)
{
  gboolean at_file_end = end == self->size;
  guint8 header[16];
  guint32 short_size;
  guint64 size;

  if (++self->n_boxes > MAX_BOXES)
    return fail_invalid (error, "There are too many boxes");

  if (end - offset < 8)
    return at_file_end ? fail_truncated (error) : fail_invalid (error, "A box has no header");
  if (!read_at (self, offset, header, 8, error))
    return FALSE;

  memcpy (&short_size, header, 4);
  size = GUINT32_FROM_BE (short_size);
  box->type = FOURCC (header[4], header[5], header[6], header[7]);
  box->start = offset;
  box->offset = offset + 8;
  if (box->type == 0)
    return fail_invalid (error, "A box has no type");

  if (size == 1)
    {
      if (end - offset < 16)
        return at_file_end ? fail_truncated (error) : fail_invalid (error, "A box has no header");
      if (!read_at (self, offset + 8, header + 8, 8, error))
        return FALSE;

      memcpy (&size, header + 8, 8);
      size = GUINT64_FROM_BE (size);
      box->offset = offset + 16;
    }
  else if (size == 0 && at_file_end)
    {
      size = end - offset;
    }

  if (size < box->offset - offset)
    return fail_invalid (error, "A box is shorter than its header");
  if (size > end - offset)
    return at_file_end ? fail_truncated (error)
                       : fail_invalid (error, "A box is longer than the one it is in");

  box->end = offset + size;
  return TRUE;
}

static gboolean
walk (Walker   *self,
      guint64   offset,
      guint64   end,
      BoxFunc   func,
      gpointer  data,
      GError  **error)
{
  while (offset < end)
    {
      Box box;

      if (!read_box (self, offset, end, &box, error) || !func (self, &box, data, error))
        return FALSE;

      offset = box.end;
    }

  return TRUE;
}

static gboolean
to_milliseconds (guint64   units,
                 guint32   timescale,
                 gint64   *milliseconds,
                 GError  **error)
{
  if (timescale == 0)
    return fail_invalid (error, "A timescale is zero");
  if (units / timescale > G_MAXINT64 / 1000 - 1)
    return fail_invalid (error, "A duration is too long");

  *milliseconds = units / timescale * 1000 + units % timescale * 1000 / timescale;
  return TRUE;
}

/* Reads what mvhd and mdhd begin with. All ones mean that the duration isn't known, and so does 0,
 * which a fragmented file has there. */
static gboolean
read_duration (Walker     *self,
               const Box  *box,
               guint32    *timescale,
               gint64     *milliseconds,
               GError    **error)
{
  Reader reader;
  guint version, width;
  guint64 units;

  reader_init (&reader, self, box);
  if (!reader_read_version (&reader, &version, NULL, error))
    return FALSE;

  width = version == 1 ? 8 : 4;
  if (!reader_skip (&reader, 2 * width, error) ||
      !reader_read_u32 (&reader, timescale, error) ||
      !reader_read (&reader, width, &units, error))
    return FALSE;

  if (units == 0 || units == (width == 8 ? G_MAXUINT64 : G_MAXUINT32))
    {
      *milliseconds = -1;
      return *timescale != 0 || fail_invalid (error, "A timescale is zero");
    }

  return to_milliseconds (units, *timescale, milliseconds, error);
}

static gboolean
read_tkhd (Walker     *self,
           const Box  *box,
           Track      *track,
           GError    **error)
{
  Reader reader;
  guint version;
  guint32 matrix[9], width, height;

  reader_init (&reader, self, box);
  if (!reader_read_version (&reader, &version, NULL, error) ||
      !reader_skip (&reader, version == 1 ? 16 : 8, error) ||
      !reader_read_u32 (&reader, &track->id, error) ||
      !reader_skip (&reader, 4 + (version == 1 ? 8 : 4) + 16, error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (matrix); i++)
    {
      if (!reader_read_u32 (&reader, &matrix[i], error))
        return FALSE;
    }

  if (!reader_read_u32 (&reader, &width, error) || !reader_read_u32 (&reader, &height, error))
    return FALSE;

  /* A quarter turn, which phones write: 0, ±1, ±1, 0. */
  if (matrix[0] == 0 && matrix[4] == 0 && matrix[1] != 0 && matrix[3] != 0)
    {
      track->width = height >> 16;
      track->height = width >> 16;
    }
  else
    {
      track->width = width >> 16;
      track->height = height >> 16;
    }

  return TRUE;
}

static gboolean
read_hdlr (Walker     *self,
           const Box  *box,
           Track      *track,
           GError    **error)
{
  Reader reader;

  reader_init (&reader, self, box);
  return reader_skip (&reader, 8, error) && reader_read_u32 (&reader, &track->handler, error);
}

/* The tables of a track: sizes of samples, samples of chunks, places of chunks. */
typedef struct
{
  Box sizes;
  Box runs;
  Box chunks;
} Tables;

static gboolean
on_stbl_child (Walker     *self,
               const Box  *box,
               gpointer    data,
               GError    **error)
{
  Tables *tables = data;
  Box *table;

  switch (box->type)
    {
    case FOURCC ('s', 't', 's', 'z'):
    case FOURCC ('s', 't', 'z', '2'):
      table = &tables->sizes;
      break;
    case FOURCC ('s', 't', 's', 'c'):
      table = &tables->runs;
      break;
    case FOURCC ('s', 't', 'c', 'o'):
    case FOURCC ('c', 'o', '6', '4'):
      table = &tables->chunks;
      break;
    default:
      return TRUE;
    }

  if (table->type != 0)
    return fail_invalid (error, "A track has a table twice");

  *table = *box;
  return TRUE;
}

/* The sizes of a track's samples, one after another. */
typedef struct
{
  Reader reader;
  guint64 n_left;
  guint32 constant; /* the size of each, or 0 when each has its own */
  guint bits;
  int low_nibble; /* of a byte that held two sizes of 4 bits, or -1 */
} Sizes;

static gboolean
sizes_init (Sizes      *self,
            Walker     *walker,
            const Box  *box,
            GError    **error)
{
  guint version;
  guint32 field, count;

  reader_init (&self->reader, walker, box);
  if (!reader_read_version (&self->reader, &version, NULL, error) ||
      !reader_read_u32 (&self->reader, &field, error) ||
      !reader_read_u32 (&self->reader, &count, error))
    return FALSE;

  self->n_left = count;
  self->low_nibble = -1;
  if (box->type == FOURCC ('s', 't', 's', 'z'))
    {
      self->constant = field;
      self->bits = 32;
    }
  else
    {
      self->constant = 0;
      self->bits = field & 0xff;
      if (self->bits != 4 && self->bits != 8 && self->bits != 16)
        return fail_invalid (error, "A table of sizes makes no sense");
    }

  if (self->constant == 0 && (self->n_left * self->bits + 7) / 8 > reader_remaining (&self->reader))
    return fail_invalid (error, "A table of sizes is too short");

  return TRUE;
}

/* Adds up the sizes of the next @n samples. */
static gboolean
sizes_sum (Sizes    *self,
           guint64   n,
           guint64  *sum,
           GError  **error)
{
  g_assert (n <= self->n_left);

  self->n_left -= n;
  *sum = self->constant * n;
  if (self->constant != 0)
    return TRUE;

  for (; n > 0; n--)
    {
      guint64 value;

      if (self->low_nibble >= 0)
        {
          *sum += self->low_nibble;
          self->low_nibble = -1;
          continue;
        }

      if (!reader_read (&self->reader, MAX (self->bits, 8) / 8, &value, error))
        return FALSE;

      if (self->bits == 4)
        {
          self->low_nibble = value & 0xf;
          value >>= 4;
        }
      *sum += value;
    }

  return TRUE;
}

/* How many samples each chunk has, in runs of chunks that have as many. */
typedef struct
{
  Reader reader;
  guint32 n_left;
  guint32 n_samples;  /* of the chunks of this run */
  guint32 next_first; /* the chunk that the next run begins with */
  guint32 next_samples;
} Runs;

static gboolean
runs_read (Runs    *self,
           GError **error)
{
  guint32 first;

  self->n_samples = self->next_samples;
  if (self->n_left == 0)
    {
      self->next_first = 0;
      return TRUE;
    }

  if (!reader_read_u32 (&self->reader, &first, error) ||
      !reader_read_u32 (&self->reader, &self->next_samples, error) ||
      !reader_skip (&self->reader, 4, error))
    return FALSE;
  if (first <= self->next_first)
    return fail_invalid (error, "A table of chunks is out of order");

  self->next_first = first;
  self->n_left--;
  return TRUE;
}

static gboolean
runs_init (Runs       *self,
           Walker     *walker,
           const Box  *box,
           GError    **error)
{
  guint version;

  reader_init (&self->reader, walker, box);
  self->n_samples = 0;
  self->next_first = 0;
  self->next_samples = 0;
  if (!reader_read_version (&self->reader, &version, NULL, error) ||
      !reader_read_u32 (&self->reader, &self->n_left, error) ||
      !runs_read (self, error))
    return FALSE;

  return self->next_first <= 1 || fail_invalid (error, "A table of chunks is out of order");
}

/* Checks that every sample is within the file. A chunk's samples lie one after another. */
static gboolean
check_samples (Walker        *self,
               const Tables  *tables,
               guint64       *n_samples,
               GError       **error)
{
  Sizes sizes;
  Runs runs;
  Reader chunks;
  guint version, width;
  guint32 n_chunks;

  if (tables->sizes.type == 0 || tables->runs.type == 0 || tables->chunks.type == 0)
    return fail_invalid (error, "A track lacks a table");

  reader_init (&chunks, self, &tables->chunks);
  width = tables->chunks.type == FOURCC ('c', 'o', '6', '4') ? 8 : 4;
  if (!sizes_init (&sizes, self, &tables->sizes, error) ||
      !runs_init (&runs, self, &tables->runs, error) ||
      !reader_read_version (&chunks, &version, NULL, error) ||
      !reader_read_u32 (&chunks, &n_chunks, error))
    return FALSE;

  *n_samples = sizes.n_left;
  for (guint64 chunk = 1; chunk <= n_chunks && sizes.n_left > 0; chunk++)
    {
      guint64 offset, length;

      if (chunk == runs.next_first && !runs_read (&runs, error))
        return FALSE;
      if (!reader_read (&chunks, width, &offset, error) ||
          !sizes_sum (&sizes, MIN (runs.n_samples, sizes.n_left), &length, error))
        return FALSE;

      if (offset > self->size || length > self->size - offset)
        return fail_truncated (error);
    }

  return sizes.n_left == 0 || fail_invalid (error, "Samples are in no chunk");
}

static gboolean
on_minf_child (Walker     *self,
               const Box  *box,
               gpointer    data,
               GError    **error)
{
  Track *track = data;
  Tables tables = { 0 };

  if (box->type != FOURCC ('s', 't', 'b', 'l'))
    return TRUE;

  return walk (self, box->offset, box->end, on_stbl_child, &tables, error) &&
         check_samples (self, &tables, &track->n_samples, error);
}

static gboolean
on_mdia_child (Walker     *self,
               const Box  *box,
               gpointer    data,
               GError    **error)
{
  Track *track = data;

  switch (box->type)
    {
    case FOURCC ('m', 'd', 'h', 'd'):
      return read_duration (self, box, &track->timescale, &track->duration, error);
    case FOURCC ('h', 'd', 'l', 'r'):
      return read_hdlr (self, box, track, error);
    case FOURCC ('m', 'i', 'n', 'f'):
      return walk (self, box->offset, box->end, on_minf_child, track, error);
    default:
      return TRUE;
    }
}

static gboolean
on_trak_child (Walker     *self,
               const Box  *box,
               gpointer    data,
               GError    **error)
{
  switch (box->type)
    {
    case FOURCC ('t', 'k', 'h', 'd'):
      return read_tkhd (self, box, data, error);
    case FOURCC ('m', 'd', 'i', 'a'):
      return walk (self, box->offset, box->end, on_mdia_child, data, error);
    default:
      return TRUE;
    }
}

static gboolean
read_trak (Walker     *self,
           const Box  *box,
           GError    **error)
{
  Track track = { .duration = -1 };

  if (self->tracks->len == MAX_TRACKS)
    return fail_invalid (error, "There are too many tracks");
  if (!walk (self, box->offset, box->end, on_trak_child, &track, error))
    return FALSE;
  if (track.timescale == 0 || track.handler == 0)
    return fail_invalid (error, "A track lacks its header");

  g_array_append_val (self->tracks, track);
  return TRUE;
}

static gboolean
on_mvex_child (Walker     *self,
               const Box  *box,
               gpointer    data,
               GError    **error)
{
  Defaults defaults;
  Reader reader;
  guint version;

  if (box->type != FOURCC ('t', 'r', 'e', 'x'))
    return TRUE;
  if (self->defaults->len == MAX_TRACKS)
    return fail_invalid (error, "There are too many tracks");

  reader_init (&reader, self, box);
  if (!reader_read_version (&reader, &version, NULL, error) ||
      !reader_read_u32 (&reader, &defaults.id, error) ||
      !reader_skip (&reader, 4, error) ||
      !reader_read_u32 (&reader, &defaults.duration, error) ||
      !reader_read_u32 (&reader, &defaults.size, error))
    return FALSE;

  g_array_append_val (self->defaults, defaults);
  return TRUE;
}

static gboolean
on_moov_child (Walker     *self,
               const Box  *box,
               gpointer    data,
               GError    **error)
{
  guint32 timescale;

  switch (box->type)
    {
    case FOURCC ('m', 'v', 'h', 'd'):
      return read_duration (self, box, &timescale, &self->duration, error);
    case FOURCC ('t', 'r', 'a', 'k'):
      return read_trak (self, box, error);
    case FOURCC ('m', 'v', 'e', 'x'):
      return walk (self, box->offset, box->end, on_mvex_child, NULL, error);
    default:
      return TRUE;
    }
}

/* A track's part of a fragment. */
typedef struct
{
  guint64 fragment; /* where the fragment begins */
  guint64 base;
  guint64 next; /* where the last run ended */
  Track *track;
  Defaults defaults;
} Part;

static gboolean
read_tfhd (Walker     *self,
           const Box  *box,
           Part       *part,
           GError    **error)
{
  Reader reader;
  guint version;
  guint32 flags, id;

  reader_init (&reader, self, box);
  if (!reader_read_version (&reader, &version, &flags, error) ||
      !reader_read_u32 (&reader, &id, error))
    return FALSE;

  for (guint i = 0; i < self->tracks->len; i++)
    {
      if (g_array_index (self->tracks, Track, i).id == id)
        part->track = &g_array_index (self->tracks, Track, i);
    }
  if (part->track == NULL)
    return fail_invalid (error, "A fragment is of no track");

  for (guint i = 0; i < self->defaults->len; i++)
    {
      if (g_array_index (self->defaults, Defaults, i).id == id)
        part->defaults = g_array_index (self->defaults, Defaults, i);
    }

  part->base = part->fragment;
  if ((flags & TFHD_BASE_DATA_OFFSET) && !reader_read (&reader, 8, &part->base, error))
    return FALSE;
  if ((flags & TFHD_SAMPLE_DESCRIPTION) && !reader_skip (&reader, 4, error))
    return FALSE;
  if ((flags & TFHD_DEFAULT_DURATION) &&
      !reader_read_u32 (&reader, &part->defaults.duration, error))
    return FALSE;
  if ((flags & TFHD_DEFAULT_SIZE) && !reader_read_u32 (&reader, &part->defaults.size, error))
    return FALSE;

  part->next = part->base;
  return TRUE;
}

static gboolean
read_trun (Walker     *self,
           const Box  *box,
           Part       *part,
           GError    **error)
{
  Reader reader;
  guint version, entry_bytes;
  guint32 flags, n_samples, relative;
  guint64 length = 0;

  if (part->track == NULL)
    return fail_invalid (error, "A fragment lacks its header");

  reader_init (&reader, self, box);
  if (!reader_read_version (&reader, &version, &flags, error) ||
      !reader_read_u32 (&reader, &n_samples, error))
    return FALSE;

  if (flags & TRUN_DATA_OFFSET)
    {
      if (!reader_read_u32 (&reader, &relative, error))
        return FALSE;
      part->next = part->base + (gint32) relative;
    }
  if ((flags & TRUN_FIRST_FLAGS) && !reader_skip (&reader, 4, error))
    return FALSE;

  entry_bytes = 4 * ((flags & TRUN_DURATION ? 1 : 0) + (flags & TRUN_SIZE ? 1 : 0) +
                     (flags & TRUN_FLAGS ? 1 : 0) + (flags & TRUN_COMPOSITION ? 1 : 0));
  if ((guint64) n_samples * entry_bytes > reader_remaining (&reader))
    return fail_invalid (error, "A track run is too short");

  if (!(flags & TRUN_DURATION))
    part->track->fragmented += (guint64) n_samples * part->defaults.duration;
  if (!(flags & TRUN_SIZE))
    length = (guint64) n_samples * part->defaults.size;

  for (guint32 i = 0; i < n_samples && entry_bytes > 0; i++)
    {
      guint32 duration = 0, size = 0;

      if (((flags & TRUN_DURATION) && !reader_read_u32 (&reader, &duration, error)) ||
          ((flags & TRUN_SIZE) && !reader_read_u32 (&reader, &size, error)) ||
          ((flags & TRUN_FLAGS) && !reader_skip (&reader, 4, error)) ||
          ((flags & TRUN_COMPOSITION) && !reader_skip (&reader, 4, error)))
        return FALSE;

      part->track->fragmented += duration;
      length += size;
    }

  if (part->next > self->size || length > self->size - part->next)
    return fail_truncated (error);

  part->next += length;
  self->n_fragment_samples += n_samples;
  return TRUE;
}

static gboolean
on_traf_child (Walker     *self,
               const Box  *box,
               gpointer    data,
               GError    **error)
{
  switch (box->type)
    {
    case FOURCC ('t', 'f', 'h', 'd'):
      return read_tfhd (self, box, data, error);
    case FOURCC ('t', 'r', 'u', 'n'):
      return read_trun (self, box, data, error);
    default:
      return TRUE;
    }
}

static gboolean
on_moof_child (Walker     *self,
               const Box  *box,
               gpointer    data,
               GError    **error)
{
  const Box *fragment = data;
  Part part = { .fragment = fragment->start };

  if (box->type != FOURCC ('t', 'r', 'a', 'f'))
    return TRUE;

  return walk (self, box->offset, box->end, on_traf_child, &part, error);
}

static gboolean
on_top_level (Walker     *self,
              const Box  *box,
              gpointer    data,
              GError    **error)
{
  switch (box->type)
    {
    case FOURCC ('m', 'o', 'o', 'v'):
      if (self->has_movie)
        return fail_invalid (error, "There are two movie headers");
      self->has_movie = TRUE;
      return walk (self, box->offset, box->end, on_moov_child, NULL, error);
    case FOURCC ('m', 'o', 'o', 'f'):
      if (!self->has_movie)
        return fail_invalid (error, "A fragment comes before the movie header");
      return walk (self, box->offset, box->end, on_moof_child, (gpointer) box, error);
    default:
      return TRUE;
    }
}

static gboolean
check_first_box (Walker  *self,
                 GError **error)
{
  guint8 header[8];

  if (self->size >= sizeof header)
    {
      if (!read_at (self, 0, header, sizeof header, error))
        return FALSE;
      if (memcmp (header + 4, "ftyp", 4) == 0)
        return TRUE;
    }

  g_set_error_literal (error,
                       POND_MP4_ERROR,
                       POND_MP4_ERROR_NOT_MP4,
                       "The file does not begin as an MP4 file does");
  return FALSE;
}

static gboolean
sum_up (Walker       *self,
        PondMp4Info  *info,
        GError      **error)
{
  PondMp4Info found = { .duration = -1 };
  guint64 n_samples = self->n_fragment_samples;

  for (guint i = 0; i < self->tracks->len; i++)
    {
      Track *track = &g_array_index (self->tracks, Track, i);
      gint64 duration = track->duration;

      if (duration < 0 && track->fragmented > 0 &&
          !to_milliseconds (track->fragmented, track->timescale, &duration, error))
        return FALSE;

      if (track->handler == FOURCC ('v', 'i', 'd', 'e') && !found.has_video)
        {
          found.has_video = TRUE;
          found.width = track->width;
          found.height = track->height;
        }
      if (track->handler == FOURCC ('s', 'o', 'u', 'n'))
        found.has_audio = TRUE;

      found.duration = MAX (found.duration, duration);
      n_samples += track->n_samples;
    }

  if (self->tracks->len == 0)
    return fail_invalid (error, "There is no track");
  if (n_samples == 0)
    return fail_invalid (error, "There is nothing to play");

  if (self->duration >= 0)
    found.duration = self->duration;
  if (info != NULL)
    *info = found;
  return TRUE;
}

static gboolean
run (Walker       *self,
     PondMp4Info  *info,
     GError      **error)
{
  g_autoptr (GArray) tracks = g_array_new (FALSE, FALSE, sizeof (Track));
  g_autoptr (GArray) defaults = g_array_new (FALSE, FALSE, sizeof (Defaults));

  self->tracks = tracks;
  self->defaults = defaults;
  self->duration = -1;

  return check_first_box (self, error) &&
         walk (self, 0, self->size, on_top_level, NULL, error) &&
         sum_up (self, info, error);
}

gboolean
pond_mp4_check (const char    *path,
                PondMp4Info   *info,
                GCancellable  *cancellable,
                GError       **error)
{
  Walker walker = { 0 };
  g_autofd int fd = -1;
  struct stat status;

  g_return_val_if_fail (path != NULL, FALSE);

  /* O_NONBLOCK, lest a FIFO of this name holds us up. */
  fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
  if (fd < 0 || fstat (fd, &status) != 0)
    {
      int saved_errno = errno;

      g_set_error_literal (error,
                           G_IO_ERROR,
                           g_io_error_from_errno (saved_errno),
                           g_strerror (saved_errno));
      return FALSE;
    }

  if (!S_ISREG (status.st_mode))
    {
      g_set_error_literal (error,
                           POND_MP4_ERROR,
                           POND_MP4_ERROR_NOT_MP4,
                           "This is not a regular file");
      return FALSE;
    }

  walker.fd = fd;
  walker.size = status.st_size;
  walker.cancellable = cancellable;
  return run (&walker, info, error);
}

gboolean
pond_mp4_check_bytes (GBytes       *bytes,
                      PondMp4Info  *info,
                      GError      **error)
{
  Walker walker = { .fd = -1 };
  gsize size;

  g_return_val_if_fail (bytes != NULL, FALSE);

  walker.data = g_bytes_get_data (bytes, &size);
  walker.size = size;
  return run (&walker, info, error);
}
