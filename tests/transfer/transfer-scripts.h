/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "script-server.h"

G_BEGIN_DECLS

/* How much of the body comes in an answer that is cut. */
#define CUT (1024 * 1024 + 777)

/* What tests ask for. It stands for a path with a signed token, which no message may show. */
#define SECRET_PATH "/eyJhbGciOiJub25l/downloads/default.mp4"

/* What goes wrong, as scripts of a server. */
gboolean answer_short (Exchange *exchange);
gboolean answer_short_weak (Exchange *exchange);
gboolean answer_short_bare (Exchange *exchange);
gboolean answer_short_dated (Exchange *exchange);
gboolean answer_then_reset (Exchange *exchange);
gboolean answer_then_silence (Exchange *exchange);
gboolean answer_nothing (Exchange *exchange);
gboolean answer_hang_up (Exchange *exchange);
gboolean answer_noise (Exchange *exchange);
gboolean answer_shifted (Exchange *exchange);
gboolean answer_heedless (Exchange *exchange);
gboolean answer_whole (Exchange *exchange);
gboolean answer_part_unasked (Exchange *exchange);
gboolean answer_part_of_part (Exchange *exchange);
gboolean answer_too_much (Exchange *exchange);
gboolean answer_announcing_less (Exchange *exchange);
gboolean answer_chunked (Exchange *exchange);
gboolean answer_chunked_no_end (Exchange *exchange);
gboolean answer_chunked_cut_in_chunk (Exchange *exchange);
gboolean answer_chunked_cut_in_size (Exchange *exchange);
gboolean answer_to_the_end (Exchange *exchange);
gboolean answer_page (Exchange *exchange);
gboolean answer_unavailable (Exchange *exchange);
gboolean answer_forbidden (Exchange *exchange);
gboolean redirect_relative (Exchange *exchange);
gboolean redirect_back (Exchange *exchange);
gboolean redirect_on (Exchange *exchange);
gboolean redirect_to_file (Exchange *exchange);
gboolean redirect_to_other_http (Exchange *exchange);
gboolean redirect_to_like_loopback (Exchange *exchange);
gboolean redirect_nowhere (Exchange *exchange);
gboolean redirect_to_noise (Exchange *exchange);

G_END_DECLS
