/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "demo-fixture.h"

#include <string.h>

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GFile) samples = g_file_new_for_path (g_getenv ("SAMPLES"));
  g_autoptr (GError) error = NULL;

  fixture->server = pond_demo_server_new (samples);
  fixture->session = soup_session_new_with_options ("timeout", 20, NULL);
  fixture->token = pond_demo_server_get_token (fixture->server);
  pond_demo_server_start (fixture->server, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  soup_session_abort (fixture->session);
  g_assert_finalize_object (fixture->session);
  g_assert_finalize_object (fixture->server);
}

void
fixture_add_test (const char *path,
                  void      (*test) (Fixture       *fixture,
                                     gconstpointer  data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

void
fixture_add_rules (Fixture    *fixture,
                   const char *json)
{
  g_autoptr (GError) error = NULL;

  pond_demo_server_add_rules (fixture->server, json, &error);
  g_assert_no_error (error);
}

static Reply *
send_message (Fixture     *fixture,
              SoupMessage *message,
              const char  *body)
{
  Reply *reply = g_new0 (Reply, 1);

  if (body)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message, "application/json", bytes);
    }
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  reply->message = g_object_ref (message);
  reply->body = soup_session_send_and_read (fixture->session, message, NULL, NULL);
  if (reply->body && g_strcmp0 (reply_get_header (reply, "Content-Type"), "application/json") == 0)
    {
      g_autofree char *text =
          g_strndup (g_bytes_get_data (reply->body, NULL), reply_get_size (reply));

      reply->json = json_from_string (text, NULL);
      g_assert_nonnull (reply->json);
    }
  return reply;
}

Reply *
fixture_ask (Fixture    *fixture,
             const char *method,
             const char *url,
             const char *body,
             ...)
{
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  va_list headers;
  const char *header;

  va_start (headers, body);
  while ((header = va_arg (headers, const char *)))
    {
      g_auto (GStrv) parts = g_strsplit (header, ": ", 2);

      soup_message_headers_append (soup_message_get_request_headers (message), parts[0], parts[1]);
    }
  va_end (headers);
  return send_message (fixture, message, body);
}

Reply *
fixture_call (Fixture    *fixture,
              const char *method,
              const char *path,
              const char *body)
{
  g_autofree char *url = g_strdup_printf ("%s/accounts/%s/stream%s",
                                          pond_demo_server_get_api_base (fixture->server),
                                          pond_demo_server_get_account_id (fixture->server), path);
  g_autofree char *header = g_strconcat ("Authorization: Bearer ", fixture->token, NULL);

  return fixture_ask (fixture, method, url, body, header, NULL);
}

char *
fixture_get_link (Fixture    *fixture,
                  const char *id)
{
  g_autofree char *url = g_strdup_printf ("%s/%s/downloads/default.mp4",
                                          pond_demo_server_get_media_base (fixture->server), id);
  g_autoptr (Reply) reply = fixture_ask (fixture, "GET", url, NULL, NULL);

  g_assert_cmpuint (reply_get_status (reply), ==, SOUP_STATUS_FOUND);
  return g_strdup (reply_get_header (reply, "Location"));
}

guint
reply_get_status (Reply *reply)
{
  return soup_message_get_status (reply->message);
}

const char *
reply_get_header (Reply      *reply,
                  const char *name)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (reply->message), name);
}

JsonObject *
reply_get_result (Reply *reply)
{
  JsonObject *envelope;

  g_assert_nonnull (reply->json);
  envelope = json_node_get_object (reply->json);
  g_assert_true (json_object_get_boolean_member (envelope, "success"));
  return json_object_get_object_member (envelope, "result");
}

int
reply_get_code (Reply *reply)
{
  JsonObject *envelope;
  JsonArray *errors;

  g_assert_nonnull (reply->json);
  envelope = json_node_get_object (reply->json);
  g_assert_false (json_object_get_boolean_member (envelope, "success"));
  errors = json_object_get_array_member (envelope, "errors");
  return json_object_get_int_member (json_array_get_object_element (errors, 0), "code");
}

gsize
reply_get_size (Reply *reply)
{
  return g_bytes_get_size (reply->body);
}

void
reply_free (Reply *reply)
{
  g_clear_object (&reply->message);
  g_clear_pointer (&reply->body, g_bytes_unref);
  g_clear_pointer (&reply->json, json_node_unref);
  g_free (reply);
}

GByteArray *
fixture_read_wire (Fixture     *fixture,
                   const char  *url,
                   const char  *header,
                   GError     **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = g_socket_client_connect_to_host (
      client, g_uri_get_host (uri), g_uri_get_port (uri), NULL, error);
  g_autofree char *request =
      g_strdup_printf ("GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s%s\r\n",
                       g_uri_get_path (uri), header ? header : "", header ? "\r\n" : "");
  GByteArray *received = g_byte_array_new ();
  guint8 buffer[65536];
  gssize size;

  g_assert_nonnull (connection);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                             request, strlen (request), NULL, NULL, error);
  while ((size = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                                      buffer, sizeof buffer, NULL, error)) > 0)
    g_byte_array_append (received, buffer, size);
  return received;
}

GBytes *
load_sample (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("SAMPLES"), name, NULL);
  g_autoptr (GError) error = NULL;
  char *contents;
  gsize length;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (contents, length);
}
