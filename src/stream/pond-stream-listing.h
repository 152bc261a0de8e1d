/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "stream/pond-stream-transport.h"
#include "stream/pond-video.h"

G_BEGIN_DECLS

/* Lists an account's videos over as many pages as it takes. The API has no page numbers, only bounds on
 * the time at which a video was made, and the upper one leaves out that time itself. */

void       pond_stream_listing_async  (PondStreamTransport  *transport,
                                       const char           *path,
                                       const char           *search,
                                       guint                 limit,
                                       PondVideoPageFunc     page_func,
                                       gpointer              page_data,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
GPtrArray *pond_stream_listing_finish (PondStreamTransport  *transport,
                                       GAsyncResult         *result,
                                       GError              **error);

G_END_DECLS
