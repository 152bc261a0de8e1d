/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "transfer-scripts.h"

#define KIB 1024

gboolean
answer_short (Exchange *exchange)
{
  exchange_print (exchange, "HTTP/1.1 200 OK\nContent-Length: %zu\nETag: \"v1\"\n\n",
                  exchange_get_size (exchange));
  exchange_send (exchange, 0, CUT);
  return FALSE;
}

/* The first part with whatever validators the server is set to. */
static gboolean
answer_cut (Exchange *exchange,
            const char *validators)
{
  exchange_print (exchange, "HTTP/1.1 200 OK\nContent-Length: %zu\n%s\n",
                  exchange_get_size (exchange), validators);
  exchange_send (exchange, 0, CUT);
  return FALSE;
}

gboolean
answer_short_weak (Exchange *exchange)
{
  return answer_cut (exchange, "ETag: W/\"v1\"\n");
}

gboolean
answer_short_bare (Exchange *exchange)
{
  return answer_cut (exchange, "");
}

gboolean
answer_short_dated (Exchange *exchange)
{
  return answer_cut (exchange, "Last-Modified: Tue, 15 Nov 1994 12:45:26 GMT\n");
}

gboolean
answer_then_reset (Exchange *exchange)
{
  answer_short (exchange);
  /* A reset overtakes bytes that are still on the way; wait until these have been read. */
  g_usleep (50 * 1000);
  exchange_reset (exchange);
  return FALSE;
}

gboolean
answer_then_silence (Exchange *exchange)
{
  answer_short (exchange);
  exchange_wait_for_close (exchange);
  return FALSE;
}

gboolean
answer_nothing (Exchange *exchange)
{
  exchange_wait_for_close (exchange);
  return FALSE;
}

gboolean
answer_hang_up (Exchange *exchange)
{
  return FALSE;
}

gboolean
answer_noise (Exchange *exchange)
{
  exchange_print (exchange, "SSH-2.0-OpenSSH_9.9\n\n\n");
  return FALSE;
}

gboolean
answer_shifted (Exchange *exchange)
{
  gsize from = exchange->from + 100;
  gsize size = exchange_get_size (exchange);

  exchange_print (exchange,
                  "HTTP/1.1 206 Partial Content\nContent-Length: %zu\n"
                  "Content-Range: bytes %zu-%zu/%zu\nETag: \"v1\"\n\n",
                  size - from, from, size - 1, size);
  exchange_send (exchange, from, size);
  return FALSE;
}

/* If-Range is not looked at: a part of what is there now. */
gboolean
answer_heedless (Exchange *exchange)
{
  gsize size = exchange_get_size (exchange);

  exchange_print (exchange,
                  "HTTP/1.1 206 Partial Content\nContent-Length: %zu\n"
                  "Content-Range: bytes %zu-%zu/%zu\nETag: \"v2\"\n\n",
                  size - exchange->from, (gsize) exchange->from, size - 1, size);
  exchange_send (exchange, exchange->from, size);
  return FALSE;
}

gboolean
answer_whole (Exchange *exchange)
{
  exchange->from = -1;
  return exchange_answer (exchange);
}

gboolean
answer_part_unasked (Exchange *exchange)
{
  exchange->from = 0;
  return exchange_answer (exchange);
}

gboolean
answer_part_of_part (Exchange *exchange)
{
  gsize size = exchange_get_size (exchange);
  gsize to = exchange->from + 500 * KIB;

  exchange_print (exchange,
                  "HTTP/1.1 206 Partial Content\nContent-Length: %d\n"
                  "Content-Range: bytes %zu-%zu/%zu\nETag: \"v1\"\n\n",
                  500 * KIB, (gsize) exchange->from, to - 1, size);
  exchange_send (exchange, exchange->from, to);
  return TRUE;
}

gboolean
answer_too_much (Exchange *exchange)
{
  gsize size = exchange_get_size (exchange);

  exchange_print (exchange,
                  "HTTP/1.1 206 Partial Content\nTransfer-Encoding: chunked\n"
                  "Content-Range: bytes %zu-%zu/%zu\nETag: \"v1\"\n\n%zx\n",
                  (gsize) exchange->from, size - 1, size, size - (gsize) exchange->from);
  exchange_send (exchange, exchange->from, size);
  exchange_print (exchange, "\n5\nextra\n0\n\n");
  return FALSE;
}

gboolean
answer_announcing_less (Exchange *exchange)
{
  exchange_print (exchange, "HTTP/1.1 200 OK\nContent-Length: %d\nETag: \"v1\"\n\n", CUT);
  exchange_send (exchange, 0, exchange_get_size (exchange));
  return FALSE;
}

static gboolean
answer_chunked_to (Exchange   *exchange,
                   gsize       to,
                   const char *end)
{
  exchange_print (exchange, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nETag: \"v1\"\n\n");
  for (gsize from = 0; from < to;)
    {
      gsize size = MIN (100000, to - from);

      exchange_print (exchange, "%zx;note=1\n", size);
      if (!exchange_send (exchange, from, from + size))
        return FALSE;
      exchange_print (exchange, "\n");
      from += size;
    }

  return exchange_print (exchange, "%s", end);
}

gboolean
answer_chunked (Exchange *exchange)
{
  return answer_chunked_to (exchange, exchange_get_size (exchange), "0\n\n");
}

gboolean
answer_chunked_no_end (Exchange *exchange)
{
  answer_chunked_to (exchange, CUT, "");
  return FALSE;
}

gboolean
answer_chunked_cut_in_chunk (Exchange *exchange)
{
  answer_chunked_to (exchange, CUT, "ffff\nabc");
  return FALSE;
}

gboolean
answer_chunked_cut_in_size (Exchange *exchange)
{
  answer_chunked_to (exchange, CUT, "ff");
  return FALSE;
}

gboolean
answer_to_the_end (Exchange *exchange)
{
  exchange_print (exchange, "HTTP/1.0 200 OK\nContent-Type: video/mp4\n\n");
  exchange_send (exchange, 0, exchange_get_size (exchange));
  return FALSE;
}

gboolean
answer_page (Exchange *exchange)
{
  return exchange_print (exchange, "HTTP/1.1 200 OK\nContent-Type: text/html\n"
                                   "Content-Length: 12\n\n<html></html");
}

gboolean
answer_unavailable (Exchange *exchange)
{
  return exchange_print (exchange, "HTTP/1.1 503 Busy\nRetry-After: 7\nContent-Length: 0\n\n");
}

gboolean
answer_forbidden (Exchange *exchange)
{
  return exchange_print (exchange, "HTTP/1.1 403 No\nContent-Type: text/html\n"
                                   "Content-Length: 4\n\nno\n\n");
}

static gboolean
redirect (Exchange   *exchange,
          const char *location)
{
  return exchange_print (exchange, "HTTP/1.1 302 Found\nContent-Length: 5\nLocation: %s\n\nthere",
                         location);
}

gboolean
redirect_relative (Exchange *exchange)
{
  return redirect (exchange, "../signed/copy.mp4?sig=eyJ#here");
}

gboolean
redirect_back (Exchange *exchange)
{
  return redirect (exchange, SECRET_PATH);
}

gboolean
redirect_on (Exchange *exchange)
{
  g_autofree char *next = g_strconcat (exchange->path, "x", NULL);

  return redirect (exchange, next);
}

gboolean
redirect_to_file (Exchange *exchange)
{
  return redirect (exchange, "file:///etc/passwd");
}

gboolean
redirect_to_other_http (Exchange *exchange)
{
  return redirect (exchange, "http://192.0.2.1/eyJ.mp4");
}

gboolean
redirect_to_like_loopback (Exchange *exchange)
{
  return redirect (exchange, "http://localhost.example/eyJ.mp4");
}

gboolean
redirect_nowhere (Exchange *exchange)
{
  return exchange_print (exchange, "HTTP/1.1 302 Found\nContent-Length: 0\n\n");
}

gboolean
redirect_to_noise (Exchange *exchange)
{
  return redirect (exchange, "https://[::1");
}
