/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>
#include <gio/gio.h>

#include "accounts/pond-token.h"

G_BEGIN_DECLS

#define POND_TYPE_STREAM_TRANSPORT (pond_stream_transport_get_type ())

/**
 * PondStreamTransport:
 *
 * Calls of the API: base address, token, request budget, time-outs, size limits, redirects, and the
 * judgement of what comes back. The token goes to the base address's origin and nowhere else.
 */
G_DECLARE_FINAL_TYPE (PondStreamTransport, pond_stream_transport, POND, STREAM_TRANSPORT, GObject)

PondStreamTransport *pond_stream_transport_new          (const char           *base,
                                                         PondToken            *token);

gboolean             pond_stream_transport_check_base   (const char           *base,
                                                         GError              **error);
gboolean             pond_stream_transport_is_loopback  (PondStreamTransport  *self);

void                 pond_stream_transport_call_async   (PondStreamTransport  *self,
                                                         const char           *method,
                                                         const char           *path,
                                                         JsonNode             *body,
                                                         int                   priority,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
JsonNode            *pond_stream_transport_call_finish  (PondStreamTransport  *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);

void                 pond_stream_transport_fetch_async  (PondStreamTransport  *self,
                                                         const char           *path_or_uri,
                                                         const char           *content_type,
                                                         gsize                 limit,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
GBytes              *pond_stream_transport_fetch_finish (PondStreamTransport  *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);

G_END_DECLS
