/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "stream/pond-stream-client.h"

G_BEGIN_DECLS

void     pond_poster_fetch_async  (PondStreamClient     *client,
                                   const char           *url,
                                   GFile                *file,
                                   GCancellable         *cancellable,
                                   GAsyncReadyCallback   callback,
                                   gpointer              user_data);
gboolean pond_poster_fetch_finish (GAsyncResult         *result,
                                   GError              **error);

G_END_DECLS
