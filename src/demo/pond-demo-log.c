/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-demo"

#include "config.h"

#include "demo/pond-demo-log.h"

struct _PondDemoLog
{
  JsonArray *entries;
  gint64     started;
};

PondDemoLog *
pond_demo_log_new (void)
{
  PondDemoLog *self = g_new0 (PondDemoLog, 1);

  self->entries = json_array_new ();
  self->started = g_get_monotonic_time ();
  return self;
}

void
pond_demo_log_free (PondDemoLog *self)
{
  json_array_unref (self->entries);
  g_free (self);
}

JsonObject *
pond_demo_log_add (PondDemoLog       *self,
                   const char        *host,
                   SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  GUri *uri = soup_server_message_get_uri (message);
  const char *query = g_uri_get_query (uri);
  const char *range = soup_message_headers_get_one (headers, "Range");
  const char *if_range = soup_message_headers_get_one (headers, "If-Range");
  JsonObject *entry = json_object_new ();

  json_object_set_double_member (
      entry, "at", (g_get_monotonic_time () - self->started) / (double) G_USEC_PER_SEC);
  json_object_set_string_member (entry, "host", host);
  json_object_set_string_member (entry, "method", soup_server_message_get_method (message));
  json_object_set_string_member (entry, "path", g_uri_get_path (uri));
  json_object_set_string_member (entry, "query", query ? query : "");
  json_object_set_int_member (entry, "status", 0);
  json_object_set_string_member (entry, "range", range ? range : "");
  json_object_set_string_member (entry, "if_range", if_range ? if_range : "");
  json_object_set_int_member (entry, "bytes_sent", 0);
  json_object_set_boolean_member (entry, "authorization",
                                  soup_message_headers_get_one (headers, "Authorization") != NULL);
  json_array_add_object_element (self->entries, json_object_ref (entry));
  return entry;
}

void
pond_demo_log_clear (PondDemoLog *self)
{
  json_array_unref (self->entries);
  self->entries = json_array_new ();
}

JsonNode *
pond_demo_log_dump (PondDemoLog *self)
{
  g_autoptr (JsonNode) node = json_node_alloc ();
  g_autofree char *text = NULL;

  json_node_init_array (node, self->entries);
  text = json_to_string (node, FALSE);
  return json_from_string (text, NULL);
}
