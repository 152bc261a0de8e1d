/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A server that can lie: a test says for each request, byte by byte, what goes over the wire. There
 * is no HTTP library that would keep it from that. A request that no script was given for is
 * answered as a faithful server does, from the body that the server holds. */
typedef struct _ScriptServer ScriptServer;

/* One request and the connection it came on; valid within the script. */
typedef struct
{
  ScriptServer      *server;
  GSocketConnection *socket;
  GOutputStream     *output;
  char              *path;
  char              *head;      /* all of the request's lines */
  gint64             from;      /* the first byte of Range; -1 without one */
  char              *if_range;  /* (nullable) */
} Exchange;

/* Returns whether the connection stays open for another request. Runs on the server's threads. */
typedef gboolean (*Script) (Exchange *exchange);

ScriptServer *script_server_new           (GTlsCertificate *certificate);
void          script_server_free          (ScriptServer    *self);

const char   *script_server_get_base      (ScriptServer    *self);
void          script_server_set_body      (ScriptServer    *self,
                                           GBytes          *body,
                                           const char      *validators);
/* A pause in microseconds after each 16 KiB of a body. */
void          script_server_set_pause     (ScriptServer    *self,
                                           guint            pause);
void          script_server_push          (ScriptServer    *self,
                                           Script           script);

guint         script_server_get_requests  (ScriptServer    *self);
guint         script_server_get_connections (ScriptServer  *self);
guint64       script_server_get_sent      (ScriptServer    *self);
gint64        script_server_get_last_from (ScriptServer    *self);

/* For scripts. */
gsize         exchange_get_size           (Exchange        *exchange);
gboolean      exchange_print              (Exchange        *exchange,
                                           const char      *format,
                                           ...) G_GNUC_PRINTF (2, 3);
gboolean      exchange_send               (Exchange        *exchange,
                                           gsize            from,
                                           gsize            to);
gboolean      exchange_answer             (Exchange        *exchange);
void          exchange_reset              (Exchange        *exchange);
void          exchange_wait_for_close     (Exchange        *exchange);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScriptServer, script_server_free)

G_END_DECLS
