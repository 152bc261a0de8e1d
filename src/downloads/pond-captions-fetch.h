/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "stream/pond-stream-client.h"

G_BEGIN_DECLS

/**
 * PondFetchedCaptions:
 * @language: a BCP 47 tag
 * @vtt: the captions, WebVTT
 */
typedef struct
{
  char   *language;
  GBytes *vtt;
} PondFetchedCaptions;

void       pond_captions_fetch_async  (PondStreamClient     *client,
                                       const char           *uid,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
GPtrArray *pond_captions_fetch_finish (GAsyncResult         *result,
                                       GError              **error);

G_END_DECLS
