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
 * It is what the tests talk to, and shares no code with the client. All of it may be called from
 * any thread but its own; docs/sample-server.md has the rules and descriptions it takes.
 */
G_DECLARE_FINAL_TYPE (PondDemoServer, pond_demo_server, POND, DEMO_SERVER, GObject)

PondDemoServer *pond_demo_server_new               (GFile           *samples);

/**
 * pond_demo_server_start:
 * @self: a server
 * @error: return location for an error
 *
 * Reads the samples, listens on both ports and lets the clock of the encodes run.
 *
 * Returns: %FALSE if the samples can't be read or no port is to be had
 */
gboolean        pond_demo_server_start             (PondDemoServer  *self,
                                                    GError         **error);

/**
 * pond_demo_server_stop:
 * @self: a server
 *
 * Breaks off what is being answered and waits for the thread. A server that has stopped can't be
 * started again. Finalizing stops as well.
 */
void            pond_demo_server_stop              (PondDemoServer  *self);

/**
 * pond_demo_server_set_ports:
 * @self: a server that has not started
 * @api: the port of the API, or 0 for any that is free
 * @media: the port of delivery, or 0 for any that is free
 */
void            pond_demo_server_set_ports         (PondDemoServer  *self,
                                                    guint16          api,
                                                    guint16          media);

/* For example "http://127.0.0.1:40001/client/v4"; valid after start, constant. */
const char     *pond_demo_server_get_api_base      (PondDemoServer  *self);
/* For example "http://127.0.0.1:40002"; valid after start, constant. */
const char     *pond_demo_server_get_media_base    (PondDemoServer  *self);

/* The account of the samples, and its tokens: a user's, one that may only read, and one that the
 * account owns. */
const char     *pond_demo_server_get_account_id    (PondDemoServer  *self);
const char     *pond_demo_server_get_token         (PondDemoServer  *self);
const char     *pond_demo_server_get_read_token    (PondDemoServer  *self);
const char     *pond_demo_server_get_account_token (PondDemoServer  *self);

/* How fast the clock of the encodes runs: 1 is the pace of the samples' descriptions, at 0 it
 * stands still. Tokens, links and the rate limit go by the clock on the wall. */
void            pond_demo_server_set_speed         (PondDemoServer  *self,
                                                    double           speed);

/**
 * pond_demo_server_add_video:
 * @self: a server that has started
 * @json: an object as in samples.json; "like" names a sample whose description fills the gaps,
 *   "copies" makes many of it, "file_size" blows the file up
 * @error: return location for an error
 *
 * Adds a video, or many. A copy's identifier is made from its title and number.
 *
 * Returns: %FALSE if @json is not such an object
 */
gboolean        pond_demo_server_add_video         (PondDemoServer  *self,
                                                    const char      *json,
                                                    GError         **error);

/* Rules, as JSON: an array of objects (docs/sample-server.md). They join those there are. */
gboolean        pond_demo_server_add_rules         (PondDemoServer  *self,
                                                    const char      *json,
                                                    GError         **error);
void            pond_demo_server_clear_rules       (PondDemoServer  *self);

/* What was asked since the start or the last clear, oldest first: an array of objects with "at"
 * (seconds since the start), "host" ("api" or "media"), "method", "path", "query", "status" (0 when
 * there was no answer), "range", "if_range", "bytes_sent" and "authorization" (true or false; never
 * the header itself). (transfer full). */
JsonNode       *pond_demo_server_get_requests      (PondDemoServer  *self);
void            pond_demo_server_clear_requests    (PondDemoServer  *self);

G_END_DECLS
