/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "script-server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <sys/socket.h>

#define BLOCK (16 * 1024)

struct _ScriptServer
{
  GSocketService  *service;
  GTlsCertificate *certificate; /* (nullable) */
  char            *base;

  GCond            closed;
  GMutex           mutex; /* of what follows */
  GBytes          *body;
  char            *validators;
  guint            pause;
  GQueue           scripts;
  guint            n_requests;
  guint            n_connections;
  GPtrArray       *open;
  guint64          sent;
  gint64           last_from;
};

static Script
take_script (ScriptServer *self,
             Exchange     *exchange)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->n_requests++;
  self->last_from = exchange->from;

  return g_queue_pop_head (&self->scripts);
}

static char *
find_header (const char *head,
             const char *name)
{
  g_autofree char *pattern = g_strdup_printf ("^%s: *(.*?)\r$", name);
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_CASELESS | G_REGEX_MULTILINE,
                                          G_REGEX_MATCH_DEFAULT, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  return g_regex_match (regex, head, 0, &match) ? g_match_info_fetch (match, 1) : NULL;
}

static char *
read_head (ScriptServer *self,
           GInputStream *input)
{
  g_autoptr (GString) head = g_string_new (NULL);
  char c;

  while (!g_str_has_suffix (head->str, "\r\n\r\n"))
    {
      if (g_input_stream_read (input, &c, 1, NULL, NULL) != 1)
        return NULL;
      g_string_append_c (head, c);
    }

  return g_string_free_and_steal (g_steal_pointer (&head));
}

static gboolean
serve_one (ScriptServer      *self,
           GSocketConnection *socket,
           GIOStream         *stream)
{
  g_autofree char *head = read_head (self, g_io_stream_get_input_stream (stream));
  g_autofree char *range = NULL;
  g_autofree char *if_range = NULL;
  g_auto (GStrv) words = NULL;
  Exchange exchange;
  Script script;

  if (head == NULL)
    return FALSE;

  words = g_strsplit (head, " ", 3);
  range = find_header (head, "Range");
  if_range = find_header (head, "If-Range");

  exchange.server = self;
  exchange.socket = socket;
  exchange.output = g_io_stream_get_output_stream (stream);
  exchange.path = words[1];
  exchange.head = head;
  exchange.from = range == NULL ? -1 : g_ascii_strtoll (range + strlen ("bytes="), NULL, 10);
  exchange.if_range = if_range;

  script = take_script (self, &exchange);
  return script == NULL ? exchange_answer (&exchange) : script (&exchange);
}

static gboolean
on_run (GThreadedSocketService *service,
        GSocketConnection      *connection,
        GObject                *source_object,
        gpointer                user_data)
{
  ScriptServer *self = user_data;
  g_autoptr (GIOStream) stream = g_object_ref (G_IO_STREAM (connection));

  g_socket_set_option (g_socket_connection_get_socket (connection), IPPROTO_TCP, TCP_NODELAY, 1,
                       NULL);

  if (self->certificate != NULL)
    {
      g_autoptr (GIOStream) tls
          = g_tls_server_connection_new (stream, self->certificate, NULL);

      g_set_object (&stream, tls);
    }

  while (serve_one (self, connection, stream))
    ;

  /* Without a word of goodbye: the layer below is closed, TLS is not. */
  g_mutex_lock (&self->mutex);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_ptr_array_remove_fast (self->open, connection);
  g_cond_signal (&self->closed);
  g_mutex_unlock (&self->mutex);

  return TRUE;
}

/* Counted before its thread begins, so that the server is not freed in between. */
static gboolean
on_incoming (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source_object,
             gpointer           user_data)
{
  ScriptServer *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->n_connections++;
  g_ptr_array_add (self->open, connection);

  return FALSE;
}

ScriptServer *
script_server_new (GTlsCertificate *certificate)
{
  ScriptServer *self = g_new0 (ScriptServer, 1);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  g_cond_init (&self->closed);
  g_mutex_init (&self->mutex);
  g_queue_init (&self->scripts);
  g_set_object (&self->certificate, certificate);
  self->open = g_ptr_array_new ();
  self->service = g_threaded_socket_service_new (-1);
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
  g_signal_connect (self->service, "run", G_CALLBACK (on_run), self);

  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  self->base = g_strdup_printf ("%s://127.0.0.1:%u", certificate == NULL ? "http" : "https",
                                g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  g_socket_service_start (self->service);

  return self;
}

void
script_server_free (ScriptServer *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));

  /* Not by a cancellable: glib-networking leaks the error of a read that is cancelled. */
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->open->len; i++)
    g_socket_shutdown (g_socket_connection_get_socket (self->open->pdata[i]), TRUE, TRUE, NULL);
  while (self->open->len > 0)
    g_cond_wait (&self->closed, &self->mutex);
  g_mutex_unlock (&self->mutex);

  g_clear_object (&self->service);
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_ptr_array_unref (self->open);
  g_queue_clear (&self->scripts);
  g_cond_clear (&self->closed);
  g_mutex_clear (&self->mutex);
  g_free (self->validators);
  g_free (self->base);
  g_free (self);
}

const char *
script_server_get_base (ScriptServer *self)
{
  return self->base;
}

void
script_server_set_body (ScriptServer *self,
                        GBytes       *body,
                        const char   *validators)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = g_bytes_ref (body);
  g_set_str (&self->validators, validators);
}

void
script_server_set_pause (ScriptServer *self,
                         guint         pause)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->pause = pause;
}

void
script_server_push (ScriptServer *self,
                    Script        script)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_queue_push_tail (&self->scripts, script);
}

guint
script_server_get_requests (ScriptServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->n_requests;
}

guint
script_server_get_connections (ScriptServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->n_connections;
}

guint64
script_server_get_sent (ScriptServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->sent;
}

gint64
script_server_get_last_from (ScriptServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->last_from;
}

gsize
exchange_get_size (Exchange *exchange)
{
  return g_bytes_get_size (exchange->server->body);
}

/* Lines of a head are written with \n here, and sent with \r\n. */
gboolean
exchange_print (Exchange   *exchange,
                const char *format,
                ...)
{
  g_autoptr (GString) text = g_string_new (NULL);
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (text, format, args);
  va_end (args);
  g_string_replace (text, "\n", "\r\n", 0);

  return g_output_stream_write_all (exchange->output, text->str, text->len, NULL, NULL, NULL);
}

/* Sends bytes of the body; returns whether they went. */
gboolean
exchange_send (Exchange *exchange,
               gsize     from,
               gsize     to)
{
  ScriptServer *server = exchange->server;
  const char *data = g_bytes_get_data (server->body, NULL);

  while (from < to)
    {
      gsize size = MIN (BLOCK, to - from);
      guint pause;

      if (!g_output_stream_write_all (exchange->output, data + from, size, NULL, NULL, NULL))
        return FALSE;
      from += size;

      g_mutex_lock (&server->mutex);
      server->sent += size;
      pause = server->pause;
      g_mutex_unlock (&server->mutex);

      if (pause > 0)
        g_usleep (pause);
    }

  return TRUE;
}

static gboolean
is_range_good (Exchange *exchange)
{
  const char *validators = exchange->server->validators;

  if (exchange->from < 0)
    return FALSE;

  return exchange->if_range == NULL
         || (validators != NULL && strstr (validators, exchange->if_range) != NULL);
}

/* What a server does that does all right. */
gboolean
exchange_answer (Exchange *exchange)
{
  const char *validators = exchange->server->validators;
  gsize size = exchange_get_size (exchange);
  gsize from = 0;

  if (validators == NULL)
    validators = "";

  if (!is_range_good (exchange))
    {
      exchange_print (exchange, "HTTP/1.1 200 OK\nContent-Length: %zu\n", size);
    }
  else if ((gsize) exchange->from >= size)
    {
      return exchange_print (exchange,
                             "HTTP/1.1 416 No\nContent-Range: bytes */%zu\n"
                             "Content-Length: 0\n%s\n",
                             size, validators);
    }
  else
    {
      from = exchange->from;
      exchange_print (exchange,
                      "HTTP/1.1 206 Partial Content\nContent-Length: %zu\n"
                      "Content-Range: bytes %zu-%zu/%zu\n",
                      size - from, from, size - 1, size);
    }

  return exchange_print (exchange, "Content-Type: video/mp4\n%s\n", validators)
         && exchange_send (exchange, from, size);
}

/* What came is lost as well: the other side's next call fails with ECONNRESET. */
void
exchange_reset (Exchange *exchange)
{
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };

  setsockopt (g_socket_get_fd (g_socket_connection_get_socket (exchange->socket)), SOL_SOCKET,
              SO_LINGER, &linger, sizeof linger);
}

/* Silence, until the other side hangs up. */
void
exchange_wait_for_close (Exchange *exchange)
{
  g_socket_condition_wait (g_socket_connection_get_socket (exchange->socket), G_IO_IN | G_IO_HUP,
                           NULL, NULL);
}
