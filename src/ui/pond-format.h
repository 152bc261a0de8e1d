/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "downloads/pond-download.h"
#include "stream/pond-video.h"

G_BEGIN_DECLS

/* What figures and states look like to a person. All of them are translated, need no display and
 * return (transfer full) strings. */

/**
 * pond_format_duration:
 * @duration: in milliseconds, or less than 0 when unknown
 *
 * Returns: (transfer full): "1:05" or "1:02:03", and an empty string for an unknown duration
 */
char     *pond_format_duration (gint64              duration);

/**
 * pond_format_remaining:
 * @seconds: how long something will still take
 *
 * Returns: (transfer full): "20 s left", "5 min left" or "2 h 5 min left"
 */
char     *pond_format_remaining (gint64             seconds);

/**
 * pond_format_transfer:
 * @bytes: how much has come
 * @total: how much there is, or -1 when unknown
 * @speed: bytes per second, 0.0 when nothing moves
 *
 * Returns: (transfer full): "12.4 MB of 80 MB — 3.1 MB/s — 22 s left", or as much of it as is known
 */
char     *pond_format_transfer (guint64             bytes,
                                gint64              total,
                                double              speed);

/**
 * pond_format_state:
 * @state: of a download
 * @reason: why it waits, if it does
 * @code: why it failed, if it did
 * @percent: of what happens in this state, 0 to 100
 *
 * Returns: (transfer full): the state in words, and for a wait or a failure that needs a person, what
 *   to do about it
 */
char     *pond_format_state    (PondDownloadState   state,
                                PondWaitingReason   reason,
                                PondFailureCode     code,
                                double              percent);

/**
 * pond_format_fraction:
 * @state: of a download
 * @percent: of Stream's encoding, 0 to 100
 * @progress: of the bytes, 0.0 to 1.0
 *
 * Returns: what a progress bar shows, 0.0 to 1.0
 */
double    pond_format_fraction (PondDownloadState   state,
                                double              percent,
                                double              progress);

/**
 * pond_format_stream_error:
 * @error: of any domain
 *
 * Returns: (transfer full): for an error of %POND_STREAM_ERROR what a person can do about it, else its
 *   message
 */
char     *pond_format_stream_error (const GError   *error);

/**
 * pond_format_video:
 * @state: of a video on an account
 * @percent: of Stream's processing, 0 to 100
 * @duration: in milliseconds, or less than 0 when unknown
 * @created: in Unix seconds, or 0 when unknown
 *
 * Returns: (transfer full): "1:05 — 3 March 2026", or what is in the way of watching it
 */
char     *pond_format_video    (PondVideoState      state,
                                double              percent,
                                gint64              duration,
                                gint64              created);

/**
 * pond_format_cost:
 * @duration: of all that is delivered, in milliseconds
 *
 * Returns: (transfer full): "About 42 minutes, $0.04", at what Stream asks for a minute it delivers
 */
char     *pond_format_cost     (gint64              duration);

G_END_DECLS
