/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "downloads/pond-download.h"

G_BEGIN_DECLS

/**
 * PondVerdict:
 * @code: the code under which the download fails, once patience is at its end
 * @reason: what it waits for until then
 * @patience: how often it is tried again in a row: 0 never, -1 as often as the queue allows
 * @spoilt: what is on the disk is of no use and has to go before the next try
 * @delay: seconds that the server asked to wait, or -1
 *
 * What an error means for a download.
 */
typedef struct
{
  PondFailureCode   code;
  PondWaitingReason reason;
  int               patience;
  gboolean          spoilt;
  double            delay;
} PondVerdict;

PondVerdict pond_download_judge (const GError *error,
                                 gboolean      network_available);

double      pond_download_delay (const PondVerdict *verdict,
                                 int                attempts);

G_END_DECLS
