/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "mp4-sample.h"

#include <string.h>

#define TIMESCALE 1000
#define SAMPLE_DURATION 100
#define SAMPLES_PER_CHUNK 4

static const guint32 straight_matrix[9] = { 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000 };
static const guint32 turned_matrix[9] = { 0, 0x10000, 0, 0xffff0000, 0, 0, 0, 0, 0x40000000 };

static void
put (GByteArray *out,
     guint64     value,
     guint       n_bytes)
{
  for (guint i = n_bytes; i > 0; i--)
    {
      guint8 byte = value >> (8 * (i - 1));

      g_byte_array_append (out, &byte, 1);
    }
}

static void
put_zeros (GByteArray *out,
           guint       n_bytes)
{
  for (guint i = 0; i < n_bytes; i++)
    put (out, 0, 1);
}

static guint
begin (GByteArray *out,
       const char *type)
{
  guint start = out->len;

  put (out, 0, 4);
  g_byte_array_append (out, (const guint8 *) type, 4);
  return start;
}

static guint
begin_full (GByteArray *out,
            const char *type,
            guint       version,
            guint       flags)
{
  guint start = begin (out, type);

  put (out, version << 24 | flags, 4);
  return start;
}

static void
end (GByteArray *out,
     guint       start)
{
  guint32 size = GUINT32_TO_BE (out->len - start);

  memcpy (out->data + start, &size, 4);
}

/* 5 to 12 bytes, so that 4 bits hold it. */
static guint
sample_size (guint index)
{
  return 5 + index % 8;
}

static guint
n_samples (guint milliseconds)
{
  return milliseconds / SAMPLE_DURATION;
}

static void
put_times (const Mp4Sample *self,
           GByteArray      *out,
           guint            milliseconds)
{
  put_zeros (out, self->wide ? 16 : 8);
  put (out, TIMESCALE, 4);
  put (out, self->fragmented ? 0 : milliseconds, self->wide ? 8 : 4);
}

static void
put_ftyp (GByteArray *out)
{
  guint box = begin (out, "ftyp");

  g_byte_array_append (out, (const guint8 *) "isom\0\0\2\0isommp41", 16);
  end (out, box);
}

static void
put_sizes (const Mp4Sample *self,
           GByteArray      *out,
           guint            n)
{
  guint box = begin_full (out, self->compact ? "stz2" : "stsz", 0, 0);

  put (out, self->compact ? 4 : 0, 4);
  put (out, n, 4);
  for (guint i = 0; i < n; i++)
    {
      if (!self->compact)
        put (out, sample_size (i), 4);
      else if (i % 2 == 0)
        put (out, sample_size (i) << 4 | (i + 1 < n ? sample_size (i + 1) : 0), 1);
    }
  end (out, box);
}

static void
put_chunks (const Mp4Sample *self,
            GByteArray      *out,
            guint            n,
            guint64          offset)
{
  guint n_chunks = (n + SAMPLES_PER_CHUNK - 1) / SAMPLES_PER_CHUNK;
  guint rest = n % SAMPLES_PER_CHUNK;
  guint box = begin_full (out, "stsc", 0, 0);

  put (out, n == 0 ? 0 : rest != 0 && n_chunks > 1 ? 2 : 1, 4);
  if (n > 0)
    {
      put (out, 1, 4);
      put (out, n_chunks > 1 || rest == 0 ? SAMPLES_PER_CHUNK : rest, 4);
      put (out, 1, 4);
      if (rest != 0 && n_chunks > 1)
        {
          put (out, n_chunks, 4);
          put (out, rest, 4);
          put (out, 1, 4);
        }
    }
  end (out, box);

  box = begin_full (out, self->wide ? "co64" : "stco", 0, 0);
  put (out, n_chunks, 4);
  for (guint i = 0; i < n; i++)
    {
      if (i % SAMPLES_PER_CHUNK == 0)
        put (out, offset, self->wide ? 8 : 4);
      offset += sample_size (i);
    }
  end (out, box);
}

static void
put_trak (const Mp4Sample *self,
          GByteArray      *out,
          const char      *handler,
          guint            id,
          guint            milliseconds,
          guint64          offset)
{
  gboolean is_video = g_str_equal (handler, "vide");
  guint n = self->fragmented ? 0 : n_samples (milliseconds);
  guint version = self->wide ? 1 : 0;
  guint trak, mdia, minf, stbl, box;

  trak = begin (out, "trak");

  box = begin_full (out, "tkhd", version, 3);
  put_zeros (out, self->wide ? 16 : 8);
  put (out, id, 4);
  put_zeros (out, 4 + (self->wide ? 8 : 4) + 16);
  for (guint i = 0; i < 9; i++)
    put (out, self->turned ? turned_matrix[i] : straight_matrix[i], 4);
  put (out, is_video ? 320 << 16 : 0, 4);
  put (out, is_video ? 180 << 16 : 0, 4);
  end (out, box);

  mdia = begin (out, "mdia");
  box = begin_full (out, "mdhd", version, 0);
  put_times (self, out, milliseconds);
  put_zeros (out, 4);
  end (out, box);

  box = begin_full (out, "hdlr", 0, 0);
  put_zeros (out, 4);
  g_byte_array_append (out, (const guint8 *) handler, 4);
  put_zeros (out, 13);
  end (out, box);

  minf = begin (out, "minf");
  stbl = begin (out, "stbl");
  put_sizes (self, out, n);
  put_chunks (self, out, n, offset);
  end (out, stbl);
  end (out, minf);
  end (out, mdia);
  end (out, trak);
}

static guint
media_size (guint milliseconds)
{
  guint size = 0;

  for (guint i = 0; i < n_samples (milliseconds); i++)
    size += sample_size (i);
  return size;
}

static void
put_moov (const Mp4Sample *self,
          GByteArray      *out,
          guint64          media_offset)
{
  guint moov = begin (out, "moov");
  guint box = begin_full (out, "mvhd", self->wide ? 1 : 0, 0);

  put_times (self, out, MAX (self->video, self->audio));
  put_zeros (out, 80);
  end (out, box);

  if (self->video > 0)
    put_trak (self, out, "vide", 1, self->video, media_offset);
  if (self->audio > 0)
    put_trak (self, out, "soun", 2, self->audio, media_offset + media_size (self->video));

  if (self->fragmented)
    {
      guint mvex = begin (out, "mvex");

      for (guint id = 1; id <= 2; id++)
        {
          box = begin_full (out, "trex", 0, 0);
          put (out, id, 4);
          put (out, 1, 4);
          put (out, SAMPLE_DURATION, 4);
          put (out, sample_size (0), 4);
          put (out, 0, 4);
          end (out, box);
        }
      end (out, mvex);
    }

  end (out, moov);
}

static void
put_mdat (const Mp4Sample *self,
          GByteArray      *out,
          guint            size)
{
  if (self->wide)
    {
      put (out, 1, 4);
      g_byte_array_append (out, (const guint8 *) "mdat", 4);
      put (out, size + 16, 8);
    }
  else
    {
      put (out, size + 8, 4);
      g_byte_array_append (out, (const guint8 *) "mdat", 4);
    }

  for (guint i = 0; i < size; i++)
    put (out, i * 7, 1);
}

/* One fragment of ten samples, of which all but the sizes are the defaults. */
static void
put_fragment (const Mp4Sample *self,
              GByteArray      *out,
              guint            id)
{
  guint moof = begin (out, "moof");
  guint traf, box, offset;
  guint32 relative;

  box = begin_full (out, "mfhd", 0, 0);
  put (out, 1, 4);
  end (out, box);

  traf = begin (out, "traf");
  box = begin_full (out, "tfhd", 0, 0x020000);
  put (out, id, 4);
  end (out, box);
  box = begin_full (out, "trun", 0, 0x000201);
  put (out, 10, 4);
  offset = out->len;
  put (out, 0, 4);
  for (guint i = 0; i < 10; i++)
    put (out, sample_size (i), 4);
  end (out, box);
  end (out, traf);
  end (out, moof);

  relative = GUINT32_TO_BE (out->len - moof + (self->wide ? 16 : 8));
  memcpy (out->data + offset, &relative, 4);
  put_mdat (self, out, media_size (1000));
}

GBytes *
mp4_sample_make (const Mp4Sample *self)
{
  GByteArray *out = g_byte_array_new ();
  guint size = media_size (self->video) + media_size (self->audio);
  guint header = self->wide ? 16 : 8;

  put_ftyp (out);

  if (self->fragmented)
    {
      put_moov (self, out, 0);
      for (guint i = 0; i < self->video / 1000; i++)
        put_fragment (self, out, 1);
      for (guint i = 0; i < self->audio / 1000; i++)
        put_fragment (self, out, 2);
    }
  else if (self->moov_last)
    {
      guint64 offset = out->len + header;

      put_mdat (self, out, size);
      put_moov (self, out, offset);
    }
  else
    {
      g_autoptr (GByteArray) trial = g_byte_array_new ();

      /* Its length does not depend on the offsets in it. */
      put_moov (self, trial, 0);
      put_moov (self, out, out->len + trial->len + header);
      put_mdat (self, out, size);
    }

  return g_byte_array_free_to_bytes (out);
}
