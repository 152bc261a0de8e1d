/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-demo"

#include "config.h"

#include "demo/pond-demo-server.h"

#include <libsoup/soup.h>

#include "demo/pond-demo-log.h"
#include "demo/pond-demo-world.h"

struct _PondDemoServer
{
  GObject        parent_instance;

  PondDemoWorld  world;
  PondDemoLog   *log;
  GHashTable    *open;
  guint16        ports[2];

  GMainContext  *context;
  GThread       *thread;
  gboolean       running;
  SoupServer    *api;
  SoupServer    *media;
};

G_DEFINE_FINAL_TYPE (PondDemoServer, pond_demo_server, G_TYPE_OBJECT)

/* All state belongs to the server's thread. What comes from others is called there, and waited for.
 */

typedef struct
{
  PondDemoServer *self;
  void          (*function) (PondDemoServer *self,
                             gpointer        data);
  gpointer        data;
  GMutex          mutex;
  GCond           cond;
  gboolean        done;
} Visit;

static gboolean
on_visit (gpointer user_data)
{
  Visit *visit = user_data;

  visit->function (visit->self, visit->data);
  g_mutex_lock (&visit->mutex);
  visit->done = TRUE;
  g_cond_signal (&visit->cond);
  g_mutex_unlock (&visit->mutex);
  return G_SOURCE_REMOVE;
}

static void
visit_thread (PondDemoServer *self,
              void          (*function) (PondDemoServer *self,
                                         gpointer        data),
              gpointer        data)
{
  Visit visit = { self, function, data };

  if (!self->thread)
    {
      function (self, data);
      return;
    }
  g_mutex_init (&visit.mutex);
  g_cond_init (&visit.cond);
  g_main_context_invoke (self->context, on_visit, &visit);
  g_mutex_lock (&visit.mutex);
  while (!visit.done)
    g_cond_wait (&visit.cond, &visit.mutex);
  g_mutex_unlock (&visit.mutex);
  g_mutex_clear (&visit.mutex);
  g_cond_clear (&visit.cond);
}

static void
on_api_request (SoupServer        *server,
                SoupServerMessage *message,
                const char        *path,
                GHashTable        *query,
                gpointer           user_data)
{
  PondDemoServer *self = user_data;
  g_autofree char *video = pond_demo_api_get_video (path);

  pond_demo_exchange_start (message, "api", video, self->world.rules, self->log, self->open,
                            pond_demo_api_handle, &self->world);
}

static void
on_media_request (SoupServer        *server,
                  SoupServerMessage *message,
                  const char        *path,
                  GHashTable        *query,
                  gpointer           user_data)
{
  PondDemoServer *self = user_data;
  g_autofree char *video = pond_demo_media_get_video (path);

  pond_demo_exchange_start (message, "media", video, self->world.rules, self->log, self->open,
                            pond_demo_media_handle, &self->world);
}

/* For scripts, which have no other way to look: not a part of the API that is played. */
static void
on_log_request (SoupServer        *server,
                SoupServerMessage *message,
                const char        *path,
                GHashTable        *query,
                gpointer           user_data)
{
  PondDemoServer *self = user_data;
  g_autoptr (JsonNode) node = pond_demo_log_dump (self->log);
  char *text = json_to_string (node, TRUE);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, text,
                                    strlen (text));
}

static SoupServer *
listen_on (PondDemoServer      *self,
           guint16              port,
           SoupServerCallback   callback,
           char               **base,
           GError             **error)
{
  g_autoptr (SoupServer) server =
      soup_server_new ("server-header", "millpond-sample-server ", NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  GSList *uris;

  if (!soup_server_listen (server, address, 0, error))
    return NULL;
  soup_server_add_handler (server, NULL, callback, self, NULL);
  uris = soup_server_get_uris (server);
  *base = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return g_steal_pointer (&server);
}

static gboolean
open_ports (PondDemoServer  *self,
            GError         **error)
{
  g_autofree char *api = NULL;

  self->api = listen_on (self, self->ports[0], on_api_request, &api, error);
  if (self->api)
    self->media =
        listen_on (self, self->ports[1], on_media_request, &self->world.media_base, error);
  if (!self->media)
    return FALSE;
  soup_server_add_handler (self->api, "/__log", on_log_request, self, NULL);
  self->world.api_base = g_strconcat (api, "/client/v4", NULL);
  return TRUE;
}

static gpointer
run (gpointer user_data)
{
  PondDemoServer *self = user_data;

  g_main_context_push_thread_default (self->context);
  while (self->running)
    g_main_context_iteration (self->context, TRUE);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

/* Writes that are under way end in their callback only, so the context has to go on until then. */
static void
wind_up (PondDemoServer *self,
         gpointer        data)
{
  g_autoptr (GPtrArray) open = g_hash_table_get_keys_as_ptr_array (self->open);

  for (guint i = 0; i < open->len; i++)
    pond_demo_exchange_abort (open->pdata[i]);
  soup_server_disconnect (self->api);
  soup_server_disconnect (self->media);
  while (g_hash_table_size (self->open) > 0)
    g_main_context_iteration (self->context, TRUE);
  self->running = FALSE;
}

static void
pond_demo_server_dispose (GObject *object)
{
  pond_demo_server_stop (POND_DEMO_SERVER (object));

  G_OBJECT_CLASS (pond_demo_server_parent_class)->dispose (object);
}

static void
pond_demo_server_finalize (GObject *object)
{
  PondDemoServer *self = POND_DEMO_SERVER (object);

  g_clear_object (&self->api);
  g_clear_object (&self->media);
  g_hash_table_unref (self->open);
  pond_demo_catalogue_free (self->world.catalogue);
  pond_demo_rules_free (self->world.rules);
  g_free (self->world.api_base);
  g_free (self->world.media_base);
  g_free (self->world.secret);
  pond_demo_keys_free (self->world.keys);
  pond_demo_log_free (self->log);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (pond_demo_server_parent_class)->finalize (object);
}

static void
pond_demo_server_class_init (PondDemoServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pond_demo_server_dispose;
  object_class->finalize = pond_demo_server_finalize;
}

static void
pond_demo_server_init (PondDemoServer *self)
{
  self->context = g_main_context_new ();
  self->open = g_hash_table_new (NULL, NULL);
  self->log = pond_demo_log_new ();
  self->world.rules = pond_demo_rules_new ();
  self->world.secret = g_uuid_string_random ();
  self->world.keys = pond_demo_keys_new ();
}

PondDemoServer *
pond_demo_server_new (GFile *samples)
{
  PondDemoServer *self = g_object_new (POND_TYPE_DEMO_SERVER, NULL);

  self->world.catalogue = pond_demo_catalogue_new (samples);
  return self;
}

gboolean
pond_demo_server_start (PondDemoServer  *self,
                        GError         **error)
{
  gboolean listening;

  g_return_val_if_fail (POND_IS_DEMO_SERVER (self), FALSE);
  g_return_val_if_fail (!self->thread && !self->api, FALSE);

  if (!pond_demo_catalogue_load (self->world.catalogue, error))
    return FALSE;
  /* The listening sockets belong to the context that is the default here. */
  g_main_context_push_thread_default (self->context);
  listening = open_ports (self, error);
  g_main_context_pop_thread_default (self->context);
  if (!listening)
    return FALSE;
  self->running = TRUE;
  self->thread = g_thread_new ("sample-server", run, self);
  return TRUE;
}

void
pond_demo_server_stop (PondDemoServer *self)
{
  g_return_if_fail (POND_IS_DEMO_SERVER (self));

  if (!self->thread)
    return;
  visit_thread (self, wind_up, NULL);
  g_clear_pointer (&self->thread, g_thread_join);
}

void
pond_demo_server_set_ports (PondDemoServer *self,
                            guint16         api,
                            guint16         media)
{
  g_return_if_fail (POND_IS_DEMO_SERVER (self));
  g_return_if_fail (!self->thread);

  self->ports[0] = api;
  self->ports[1] = media;
}

const char *
pond_demo_server_get_api_base (PondDemoServer *self)
{
  g_return_val_if_fail (POND_IS_DEMO_SERVER (self), NULL);

  return self->world.api_base;
}

const char *
pond_demo_server_get_media_base (PondDemoServer *self)
{
  g_return_val_if_fail (POND_IS_DEMO_SERVER (self), NULL);

  return self->world.media_base;
}

const char *
pond_demo_server_get_account_id (PondDemoServer *self)
{
  return POND_DEMO_ACCOUNT;
}

const char *
pond_demo_server_get_token (PondDemoServer *self)
{
  return POND_DEMO_TOKEN;
}

const char *
pond_demo_server_get_read_token (PondDemoServer *self)
{
  return POND_DEMO_READ_TOKEN;
}

const char *
pond_demo_server_get_account_token (PondDemoServer *self)
{
  return POND_DEMO_ACCOUNT_TOKEN;
}

static void
set_speed (PondDemoServer *self,
           gpointer        data)
{
  pond_demo_catalogue_set_speed (self->world.catalogue, *(double *) data);
}

void
pond_demo_server_set_speed (PondDemoServer *self,
                            double          speed)
{
  g_return_if_fail (POND_IS_DEMO_SERVER (self));
  g_return_if_fail (speed >= 0);

  visit_thread (self, set_speed, &speed);
}

typedef struct
{
  const char  *json;
  GError     **error;
  gboolean     success;
} Addition;

static void
add_video (PondDemoServer *self,
           gpointer        data)
{
  Addition *addition = data;
  g_autoptr (JsonNode) node = json_from_string (addition->json, addition->error);

  if (!node)
    return;
  if (JSON_NODE_HOLDS_OBJECT (node))
    addition->success = pond_demo_catalogue_add (self->world.catalogue, json_node_get_object (node),
                                                 addition->error);
  else
    g_set_error_literal (addition->error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         "A video is an object");
}

gboolean
pond_demo_server_add_video (PondDemoServer  *self,
                            const char      *json,
                            GError         **error)
{
  Addition addition = { json, error };

  g_return_val_if_fail (POND_IS_DEMO_SERVER (self), FALSE);

  visit_thread (self, add_video, &addition);
  return addition.success;
}

static void
add_rules (PondDemoServer *self,
           gpointer        data)
{
  Addition *addition = data;

  addition->success = pond_demo_rules_add (self->world.rules, addition->json, addition->error);
}

gboolean
pond_demo_server_add_rules (PondDemoServer  *self,
                            const char      *json,
                            GError         **error)
{
  Addition addition = { json, error };

  g_return_val_if_fail (POND_IS_DEMO_SERVER (self), FALSE);

  visit_thread (self, add_rules, &addition);
  return addition.success;
}

/* Whoever clears the rules wants a server in its usual temper: the rate limit begins anew. */
static void
clear_rules (PondDemoServer *self,
             gpointer        data)
{
  pond_demo_rules_clear (self->world.rules);
  self->world.window_opened = 0;
  self->world.blocked_until = 0;
}

void
pond_demo_server_clear_rules (PondDemoServer *self)
{
  g_return_if_fail (POND_IS_DEMO_SERVER (self));

  visit_thread (self, clear_rules, NULL);
}

static void
get_requests (PondDemoServer *self,
              gpointer        data)
{
  *(JsonNode **) data = pond_demo_log_dump (self->log);
}

JsonNode *
pond_demo_server_get_requests (PondDemoServer *self)
{
  JsonNode *requests = NULL;

  g_return_val_if_fail (POND_IS_DEMO_SERVER (self), NULL);

  visit_thread (self, get_requests, &requests);
  return requests;
}

static void
clear_requests (PondDemoServer *self,
                gpointer        data)
{
  pond_demo_log_clear (self->log);
}

void
pond_demo_server_clear_requests (PondDemoServer *self)
{
  g_return_if_fail (POND_IS_DEMO_SERVER (self));

  visit_thread (self, clear_requests, NULL);
}
