/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-demo"

#include "config.h"

#include "demo/pond-demo-exchange.h"

#include <string.h>
#include <sys/socket.h>

#define CHUNK_SIZE ((gsize) 256 * 1024)
#define TICK_MS    40

struct _PondDemoExchange
{
  SoupServerMessage *message;
  char              *path;
  GHashTable        *query;
  JsonObject        *entry;
  JsonObject        *actions;
  GHashTable        *open;
  PondDemoHandler    handler;
  gpointer           user_data;
  gboolean           is_api;
  GSource           *timeout;

  /* The answer, whose headers are in the message. */
  guint              status;
  PondDemoContent   *content;
  guint64            offset;
  guint64            length;
  guint64            sent;
  guint64            appended;

  /* What is needed to write it past libsoup. */
  GIOStream         *stream;
  GSocket           *socket;
  GCancellable      *cancellable;
  GBytes            *writing;
  gboolean           writes_body;
  gboolean           stalled;
};

static gint64
get_action (PondDemoExchange *self,
            const char       *name,
            gint64            otherwise)
{
  return json_object_get_int_member_with_default (self->actions, name, otherwise);
}

static gboolean
has_action (PondDemoExchange *self,
            const char       *name)
{
  return json_object_has_member (self->actions, name);
}

static void
count_sent (PondDemoExchange *self,
            gsize             size)
{
  self->sent += size;
  json_object_set_int_member (self->entry, "bytes_sent", self->sent);
}

static void
exchange_free (PondDemoExchange *self)
{
  g_hash_table_remove (self->open, self);
  g_signal_handlers_disconnect_by_data (self->message, self);
  if (self->timeout)
    g_source_destroy (self->timeout);
  g_clear_pointer (&self->timeout, g_source_unref);
  g_clear_object (&self->message);
  g_clear_object (&self->stream);
  g_clear_object (&self->socket);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->writing, g_bytes_unref);
  g_clear_pointer (&self->content, pond_demo_content_unref);
  g_clear_pointer (&self->query, g_hash_table_unref);
  g_clear_pointer (&self->entry, json_object_unref);
  g_clear_pointer (&self->actions, json_object_unref);
  g_free (self->path);
  g_free (self);
}

/* The server runs in a context of its own, where g_timeout_add() would not. */
static void
wait (PondDemoExchange *self,
      guint             milliseconds,
      GSourceFunc       then)
{
  g_assert (!self->timeout);

  self->timeout = g_timeout_source_new (milliseconds);
  g_source_set_callback (self->timeout, then, self, NULL);
  g_source_attach (self->timeout, g_main_context_get_thread_default ());
}

/* Past libsoup: answers that are cut, slow, or of another length than they say. */

static void write_next (PondDemoExchange *self);

static void
take_over (PondDemoExchange *self)
{
  self->socket = g_object_ref (soup_server_message_get_socket (self->message));
  g_signal_handlers_disconnect_by_data (self->message, self);
  self->stream = soup_server_message_steal_connection (self->message);
  self->cancellable = g_cancellable_new ();
}

static void
hang_up (PondDemoExchange *self)
{
  if (json_object_get_boolean_member_with_default (self->actions, "reset", FALSE))
    {
      struct linger linger = { 1, 0 };

      setsockopt (g_socket_get_fd (self->socket), SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
      g_socket_close (self->socket, NULL);
    }
  g_io_stream_close (self->stream, NULL, NULL);
  exchange_free (self);
}

static void
on_bytes_written (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  PondDemoExchange *self = user_data;
  gsize written;
  gboolean success =
      g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, &written, NULL);

  if (self->writes_body)
    count_sent (self, written);
  self->writes_body = TRUE;
  g_clear_pointer (&self->writing, g_bytes_unref);
  if (success)
    write_next (self);
  else
    hang_up (self);
}

static void
write_bytes (PondDemoExchange *self,
             GBytes           *bytes)
{
  self->writing = bytes;
  g_output_stream_write_all_async (g_io_stream_get_output_stream (self->stream),
                                   g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                   G_PRIORITY_DEFAULT, self->cancellable, on_bytes_written, self);
}

static void
write_part (PondDemoExchange *self)
{
  guint64 end = MIN (self->length, (guint64) get_action (self, "drop_after", G_MAXINT64));
  guint64 stall_after = get_action (self, "stall_after", G_MAXINT64);
  guint64 speed = get_action (self, "bytes_per_second", 0);
  gsize size = MIN (CHUNK_SIZE, end - self->sent);

  if (stall_after > self->sent)
    size = MIN (size, stall_after - self->sent);
  if (speed > 0)
    size = MIN (size, MAX (1, speed * TICK_MS / 1000));
  write_bytes (self, pond_demo_content_read (self->content, self->offset + self->sent, size));
}

static gboolean
on_wait_over (gpointer user_data)
{
  PondDemoExchange *self = user_data;

  g_clear_pointer (&self->timeout, g_source_unref);
  write_part (self);
  return G_SOURCE_REMOVE;
}

static void
write_next (PondDemoExchange *self)
{
  guint64 end = MIN (self->length, (guint64) get_action (self, "drop_after", G_MAXINT64));

  if (!self->stalled && self->sent == (guint64) get_action (self, "stall_after", -1))
    {
      self->stalled = TRUE;
      if (has_action (self, "stall_ms"))
        wait (self, get_action (self, "stall_ms", 0), on_wait_over);
      /* Else for ever: until the server stops. */
    }
  else if (self->sent >= end)
    {
      hang_up (self);
    }
  else if (get_action (self, "bytes_per_second", 0) > 0 && self->sent > 0)
    {
      wait (self, TICK_MS, on_wait_over);
    }
  else
    {
      write_part (self);
    }
}

static void
send_by_hand (PondDemoExchange *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  GString *head = g_string_new (NULL);
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  g_string_append_printf (head, "HTTP/1.1 %u %s\r\nConnection: close\r\n",
                          self->status, soup_status_get_phrase (self->status));
  if (!json_object_get_boolean_member_with_default (self->actions, "chunked", FALSE))
    g_string_append_printf (head, "Content-Length: %" G_GINT64_FORMAT "\r\n",
                            (gint64) self->length + get_action (self, "length_delta", 0));
  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    {
      if (g_ascii_strcasecmp (name, "Content-Length") != 0)
        g_string_append_printf (head, "%s: %s\r\n", name, value);
    }
  g_string_append (head, "\r\n");

  take_over (self);
  write_bytes (self, g_string_free_to_bytes (head));
}

/* Through libsoup: all that is as it should be. */

static void
append_chunk (PondDemoExchange *self)
{
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);
  gsize size = MIN (CHUNK_SIZE, self->length - self->appended);
  g_autoptr (GBytes) chunk = NULL;

  if (size == 0)
    {
      soup_message_body_complete (body);
      return;
    }
  chunk = pond_demo_content_read (self->content, self->offset + self->appended, size);
  soup_message_body_append_bytes (body, chunk);
  self->appended += size;
}

static void
on_wrote_chunk (SoupServerMessage *message,
                gpointer           user_data)
{
  append_chunk (user_data);
  soup_server_message_unpause (message);
}

static void
on_wrote_body_data (SoupServerMessage *message,
                    guint              size,
                    gpointer           user_data)
{
  count_sent (user_data, size);
}

static void
on_finished (SoupServerMessage *message,
             gpointer           user_data)
{
  exchange_free (user_data);
}

static void
send_by_soup (PondDemoExchange *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);

  soup_server_message_set_status (self->message, self->status, NULL);
  if (json_object_get_boolean_member_with_default (self->actions, "chunked", FALSE))
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  else
    soup_message_headers_set_content_length (headers, self->length);
  if (self->length > 0 && soup_server_message_get_method (self->message) != SOUP_METHOD_HEAD)
    {
      soup_message_body_set_accumulate (body, FALSE);
      g_signal_connect (self->message, "wrote-chunk", G_CALLBACK (on_wrote_chunk), self);
      g_signal_connect (self->message, "wrote-body-data", G_CALLBACK (on_wrote_body_data), self);
      append_chunk (self);
    }
}

static void
apply_headers (PondDemoExchange *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (!has_action (self, "headers"))
    return;
  json_object_iter_init (&iter, json_object_get_object_member (self->actions, "headers"));
  while (json_object_iter_next (&iter, &name, &node))
    soup_message_headers_replace (headers, name, json_node_get_string (node));
}

static gboolean
needs_hand (PondDemoExchange *self)
{
  if (SOUP_STATUS_IS_REDIRECTION (self->status) ||
      soup_server_message_get_method (self->message) == SOUP_METHOD_HEAD)
    return FALSE;
  return has_action (self, "drop_after") || has_action (self, "stall_after") ||
         has_action (self, "bytes_per_second") || has_action (self, "length_delta");
}

static void
answer (PondDemoExchange *self)
{
  const char *redirect =
      json_object_get_string_member_with_default (self->actions, "redirect", NULL);
  const char *body = json_object_get_string_member_with_default (self->actions, "body", NULL);
  const char *type = json_object_get_string_member_with_default (self->actions, "content_type",
                                                                 "text/html; charset=UTF-8");
  guint status = get_action (self, "status", redirect ? SOUP_STATUS_FOUND : SOUP_STATUS_OK);

  if (redirect && g_str_equal (redirect, "loop"))
    redirect = self->path;
  if (redirect)
    pond_demo_exchange_redirect (self, status, redirect);
  else if (body)
    pond_demo_exchange_send_text (self, status, type, body);
  else if (has_action (self, "status"))
    pond_demo_exchange_fail (self, status, get_action (self, "code", 10000),
                             json_object_get_string_member_with_default (
                                 self->actions, "message", soup_status_get_phrase (status)));
  else
    self->handler (self, self->user_data);

  g_assert (self->status != 0);
  apply_headers (self);
  json_object_set_int_member (self->entry, "status", self->status);
  if (needs_hand (self))
    send_by_hand (self);
  else
    send_by_soup (self);
}

static gboolean
on_delay_over (gpointer user_data)
{
  PondDemoExchange *self = user_data;
  g_autoptr (SoupServerMessage) message = g_object_ref (self->message);

  g_clear_pointer (&self->timeout, g_source_unref);
  soup_server_message_unpause (message);
  answer (self);
  return G_SOURCE_REMOVE;
}

void
pond_demo_exchange_start (SoupServerMessage *message,
                          const char        *host,
                          const char        *video,
                          PondDemoRules     *rules,
                          PondDemoLog       *log,
                          GHashTable        *open,
                          PondDemoHandler    handler,
                          gpointer           user_data)
{
  PondDemoExchange *self = g_new0 (PondDemoExchange, 1);
  GUri *uri = soup_server_message_get_uri (message);

  self->message = g_object_ref (message);
  self->path = g_strdup (g_uri_get_path (uri));
  self->query = g_uri_get_query (uri) ? soup_form_decode (g_uri_get_query (uri)) : NULL;
  self->entry = pond_demo_log_add (log, host, message);
  self->actions = pond_demo_rules_match (rules, host, soup_server_message_get_method (message),
                                         self->path, video);
  self->open = open;
  self->handler = handler;
  self->user_data = user_data;
  self->is_api = g_str_equal (host, "api");
  g_hash_table_add (open, self);
  g_signal_connect (message, "finished", G_CALLBACK (on_finished), self);

  if (json_object_get_boolean_member_with_default (self->actions, "drop", FALSE))
    {
      take_over (self);
      hang_up (self);
    }
  else if (get_action (self, "delay_ms", 0) > 0)
    {
      soup_server_message_pause (message);
      wait (self, get_action (self, "delay_ms", 0), on_delay_over);
    }
  else
    {
      answer (self);
    }
}

void
pond_demo_exchange_abort (PondDemoExchange *self)
{
  if (self->writing)
    g_cancellable_cancel (self->cancellable);
  else if (self->stream)
    hang_up (self);
  else
    exchange_free (self);
}

SoupServerMessage *
pond_demo_exchange_get_message (PondDemoExchange *self)
{
  return self->message;
}

const char *
pond_demo_exchange_get_path (PondDemoExchange *self)
{
  return self->path;
}

const char *
pond_demo_exchange_get_query (PondDemoExchange *self,
                              const char       *name)
{
  return self->query ? g_hash_table_lookup (self->query, name) : NULL;
}

JsonObject *
pond_demo_exchange_get_actions (PondDemoExchange *self)
{
  return self->actions;
}

gboolean
pond_demo_exchange_is_variant (PondDemoExchange *self,
                               const char       *name,
                               const char       *value)
{
  return g_strcmp0 (pond_demo_rules_get_variant (self->actions, name), value) == 0;
}

static void
send_envelope (PondDemoExchange *self,
               guint             status,
               JsonNode         *result,
               JsonArray        *errors,
               JsonObject       *beside)
{
  g_autoptr (JsonObject) envelope = json_object_new ();
  g_autoptr (JsonNode) root = json_node_alloc ();
  g_autofree char *text = NULL;

  if (result)
    json_object_set_member (envelope, "result", result);
  json_object_set_boolean_member (envelope, "success", json_array_get_length (errors) == 0);
  json_object_set_array_member (envelope, "errors", errors);
  if (!pond_demo_exchange_is_variant (self, "messages", "missing"))
    json_object_set_array_member (envelope, "messages", json_array_new ());
  if (beside)
    {
      JsonObjectIter iter;
      const char *name;
      JsonNode *node;

      json_object_iter_init (&iter, beside);
      while (json_object_iter_next (&iter, &name, &node))
        json_object_set_member (envelope, name, json_node_copy (node));
    }
  json_node_init_object (root, envelope);
  text = json_to_string (root, FALSE);
  pond_demo_exchange_send_text (self, status, "application/json", text);
}

/* @result is taken. */
void
pond_demo_exchange_succeed (PondDemoExchange *self,
                            JsonNode         *result,
                            JsonObject       *beside)
{
  send_envelope (self, SOUP_STATUS_OK, result, json_array_new (), beside);
}

void
pond_demo_exchange_fail (PondDemoExchange *self,
                         guint             status,
                         int               code,
                         const char       *message)
{
  JsonArray *errors;
  JsonObject *error;

  if (!self->is_api)
    {
      g_autofree char *page = g_strdup_printf ("<html><body>%s</body></html>", message);

      pond_demo_exchange_send_text (self, status, "text/html; charset=UTF-8", page);
      return;
    }

  errors = json_array_new ();
  error = json_object_new ();
  json_object_set_int_member (error, "code", code);
  json_object_set_string_member (error, "message", message);
  json_array_add_object_element (errors, error);
  /* These two never come alone. */
  if (code == 6003 || code == 7003)
    {
      JsonObject *second = json_object_new ();

      json_object_set_int_member (second, "code", code == 6003 ? 6111 : 7000);
      json_object_set_string_member (second, "message",
                                     code == 6003 ? "Invalid format for Authorization header"
                                                  : "No route for that URI");
      if (code == 7003)
        {
          json_array_add_object_element (errors, second);
        }
      else
        {
          JsonArray *chain = json_array_new ();

          json_array_add_object_element (chain, second);
          json_object_set_array_member (error, "error_chain", chain);
        }
    }
  send_envelope (self, status,
                 pond_demo_exchange_is_variant (self, "failure_result", "missing")
                     ? NULL
                     : json_node_new (JSON_NODE_NULL),
                 errors, NULL);
}

void
pond_demo_exchange_send_text (PondDemoExchange *self,
                              guint             status,
                              const char       *content_type,
                              const char       *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (PondDemoContent) content = pond_demo_content_new_for_bytes (bytes);

  pond_demo_exchange_send (self, status, content_type, content, 0, strlen (text));
}

void
pond_demo_exchange_send (PondDemoExchange *self,
                         guint             status,
                         const char       *content_type,
                         PondDemoContent  *content,
                         guint64           offset,
                         guint64           length)
{
  g_assert (self->status == 0);

  self->status = status;
  self->content = pond_demo_content_ref (content);
  self->offset = offset;
  self->length = length;
  soup_message_headers_replace (soup_server_message_get_response_headers (self->message),
                                "Content-Type", content_type);
}

void
pond_demo_exchange_redirect (PondDemoExchange *self,
                             guint             status,
                             const char       *location)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (self->message),
                                "Location", location);
  pond_demo_exchange_send_text (self, status, "text/html; charset=UTF-8",
                                "<html><body>The file is elsewhere.</body></html>");
}
