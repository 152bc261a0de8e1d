/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define POND_TYPE_DEMO_SERVER (pond_demo_server_get_type ())

/**
 * PondDemoServer:
 *
 * The built-in sample account: a Stream server on two loopback ports, one for the API and one for
 * delivery, in a thread of its own. It does what the Stream API is known to do and, where rules ask
 * for it, what networks and servers do on bad days. Its videos are read from the sample folder.
 *
 * It is what the tests talk to, and shares no code with the client.
 */
G_DECLARE_FINAL_TYPE (PondDemoServer, pond_demo_server, POND, DEMO_SERVER, GObject)

PondDemoServer *pond_demo_server_new            (GFile           *samples);

gboolean        pond_demo_server_start          (PondDemoServer  *self,
                                                 GError         **error);
void            pond_demo_server_stop           (PondDemoServer  *self);

/* For example "http://127.0.0.1:40001/client/v4"; valid after start, constant. */
const char     *pond_demo_server_get_api_base   (PondDemoServer  *self);
/* For example "http://127.0.0.1:40002"; valid after start, constant. */
const char     *pond_demo_server_get_media_base (PondDemoServer  *self);

/* The account of the samples, and its tokens. */
const char     *pond_demo_server_get_account_id (PondDemoServer  *self);
const char     *pond_demo_server_get_token      (PondDemoServer  *self);
const char     *pond_demo_server_get_read_token (PondDemoServer  *self);

/* How much faster than in the samples' descriptions encodes are: 1 is their own pace, 0 none at all. */
void            pond_demo_server_set_speed      (PondDemoServer  *self,
                                                 double           speed);

/* Rules, as JSON: an array of objects (docs/sample-server.md). They are added to those there are. */
gboolean        pond_demo_server_add_rules      (PondDemoServer  *self,
                                                 const char      *json,
                                                 GError         **error);
void            pond_demo_server_clear_rules    (PondDemoServer  *self);

/* What was asked since the start or the last clear, oldest first: an array of objects with "host"
 * ("api" or "media"), "method", "path", "query", "status", "range", "if_range", "bytes_sent" and
 * "authorization" (true or false; never the header itself). (transfer full). */
JsonNode       *pond_demo_server_get_requests   (PondDemoServer  *self);
void            pond_demo_server_clear_requests (PondDemoServer  *self);

G_END_DECLS
