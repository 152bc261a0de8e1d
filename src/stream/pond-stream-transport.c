/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-transport"

#include "config.h"

#include "stream/pond-stream-transport.h"
#include "stream/pond-request-budget.h"
#include "stream/pond-stream-error.h"
#include "stream/pond-stream-json.h"
#include "stream/pond-tls.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <math.h>
#include <string.h>

#define MAX_ANSWER      (32 * 1024 * 1024)
#define READ_SIZE       (64 * 1024)
#define MAX_PARSED_HERE (64 * 1024)
#define TIMEOUT_SECONDS 30
#define MAX_REDIRECTS   5

struct _PondStreamTransport
{
  GObject parent_instance;

  char *base;
  GUri *base_uri;
  PondToken *token;
  PondRequestBudget *budget;
  /* (element-type GTask): calls whose turn has not come, by priority. None holds a reference but its own,
   * which is on the transport as well: while there is one, the transport lives. */
  GQueue waiting;
  GSource *turn;
};

G_DEFINE_FINAL_TYPE (PondStreamTransport, pond_stream_transport, G_TYPE_OBJECT)

static gpointer
make_session (gpointer data)
{
  SoupSession *session = soup_session_new_with_options ("timeout", TIMEOUT_SECONDS,
                                                        "user-agent", "Millpond/" VERSION,
                                                        NULL);

  if (pond_tls_get_database () != NULL)
    soup_session_set_tls_database (session, pond_tls_get_database ());

  return session;
}

/* One for the process: connections are shared, and outlive a call that was given up. Nothing of an account is
 * in it; the token is in each message. */
static SoupSession *
get_session (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, make_session, NULL);
}

typedef struct
{
  SoupMessage *message;
  JsonNode *body;
  char *method;
  GUri *uri;
  /* What kind of content is wanted; NULL for the API's JSON. */
  char *content_type;
  gsize limit;
  GByteArray *bytes;
  GInputStream *stream;
  guint n_redirects;
  gboolean to_api;
  /* Where it stands in the request budget; 0 when the answer was told to it. */
  guint64 ticket;
  /* Watches the cancellable while the call waits for its turn. */
  GSource *cancel_watch;
} Call;

static void
destroy_source (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static void
call_free (Call *call)
{
  g_clear_object (&call->message);
  g_clear_pointer (&call->body, json_node_unref);
  g_clear_pointer (&call->uri, g_uri_unref);
  g_clear_pointer (&call->bytes, g_byte_array_unref);
  g_clear_object (&call->stream);
  g_clear_pointer (&call->cancel_watch, destroy_source);
  g_free (call->method);
  g_free (call->content_type);
  g_free (call);
}

static gboolean
host_is_loopback (const char *host)
{
  g_autoptr(GInetAddress) address = NULL;

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;

  address = g_inet_address_new_from_string (host);

  return address != NULL && g_inet_address_get_is_loopback (address);
}

static gboolean
same_origin (GUri *a,
             GUri *b)
{
  return g_str_equal (g_uri_get_scheme (a), g_uri_get_scheme (b)) &&
         g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0 &&
         g_uri_get_port (a) == g_uri_get_port (b);
}

static double
get_retry_after (SoupMessage *message)
{
  const char *text = soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                   "Retry-After");
  g_autoptr(GDateTime) date = NULL;
  g_autoptr(GDateTime) now = NULL;
  char *end;
  double seconds;

  if (text == NULL)
    return -1;

  seconds = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && isfinite (seconds))
    return CLAMP (seconds, 0, 24 * 3600);

  date = soup_date_time_new_from_http_string (text);
  if (date == NULL)
    return -1;

  now = g_date_time_new_now_utc ();

  return CLAMP (g_date_time_difference (date, now) / (double) G_USEC_PER_SEC, 0, 24 * 3600);
}

static GError *
translate_error (GUri         *uri,
                 const GError *error)
{
  const char *host = g_uri_get_host (uri);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);

  if (error->domain == G_TLS_ERROR)
    return pond_stream_error_new (POND_STREAM_ERROR_TLS, 0, 0, -1,
                                  _("The connection to %s is not safe: %s"), host, error->message);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return pond_stream_error_new (POND_STREAM_ERROR_NETWORK, 0, 0, -1, _("%s does not answer"), host);

  return pond_stream_error_new (POND_STREAM_ERROR_NETWORK, 0, 0, -1,
                                _("%s can’t be reached: %s"), host, error->message);
}

static void
return_translated (GTask        *task,
                   const GError *error)
{
  Call *call = g_task_get_task_data (task);

  g_task_return_error (task, translate_error (call->uri, error));
}

static void take_turn (GTask *task);

static gboolean
follow_redirect (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  const char *location = soup_message_headers_get_one (
      soup_message_get_response_headers (call->message), "Location");
  g_autoptr(GUri) target = NULL;

  if (location == NULL || ++call->n_redirects > MAX_REDIRECTS)
    return FALSE;

  target = g_uri_parse_relative (call->uri, location, SOUP_HTTP_URI_FLAGS, NULL);
  if (target == NULL || g_uri_get_host (target) == NULL)
    return FALSE;

  /* The token is for one origin. An address without it may move, but not to a less safe scheme. */
  if (call->to_api && (!same_origin (call->uri, target) || !g_str_equal (call->method, "GET")))
    return FALSE;
  if (!call->to_api && !g_str_equal (g_uri_get_scheme (target), "https") &&
      !(g_str_equal (g_uri_get_scheme (target), "http") && host_is_loopback (g_uri_get_host (target)) &&
        host_is_loopback (g_uri_get_host (call->uri))))
    return FALSE;

  g_uri_unref (call->uri);
  call->uri = g_steal_pointer (&target);
  take_turn (g_object_ref (task));

  return TRUE;
}

/* What delivery says is no envelope; only its status tells. */
static PondStreamError
judge_delivery (guint status)
{
  switch (status)
    {
    case 401:
    case 403:
      return POND_STREAM_ERROR_FORBIDDEN;

    case 404:
      return POND_STREAM_ERROR_NOT_FOUND;

    case 429:
      return POND_STREAM_ERROR_RATE_LIMITED;

    default:
      if (status >= 500)
        return POND_STREAM_ERROR_SERVER;

      return status >= 400 ? POND_STREAM_ERROR_BAD_REQUEST : POND_STREAM_ERROR_PROTOCOL;
    }
}

static gboolean
is_wanted (Call *call)
{
  const char *type = soup_message_headers_get_content_type (
      soup_message_get_response_headers (call->message), NULL);

  return SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (call->message)) &&
         (type == NULL || g_ascii_strncasecmp (type, call->content_type, strlen (call->content_type)) == 0);
}

static void
finish_fetch (GTask *task)
{
  Call *call = g_task_get_task_data (task);
  guint status = soup_message_get_status (call->message);

  if (is_wanted (call))
    g_task_return_pointer (task, g_byte_array_free_to_bytes (g_steal_pointer (&call->bytes)),
                           (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, pond_stream_error_new (judge_delivery (status), (int) status, 0,
                                                      get_retry_after (call->message),
                                                      _("%s did not deliver what was asked for (HTTP %u)"),
                                                      g_uri_get_host (call->uri), status));
}

typedef struct
{
  GBytes *bytes;
  int status;
  double retry_after;
} Answer;

static void
answer_free (Answer *answer)
{
  g_bytes_unref (answer->bytes);
  g_free (answer);
}

static void
parse_in_thread (GTask        *parse,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  Answer *answer = task_data;
  GError *error = NULL;
  JsonNode *envelope = pond_stream_parse_envelope (answer->status, answer->retry_after, answer->bytes, &error);

  if (envelope != NULL)
    g_task_return_pointer (parse, envelope, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (parse, error);
}

static void
on_answer_parsed (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondStreamTransport *self = POND_STREAM_TRANSPORT (source);
  Call *call = g_task_get_task_data (task);
  Answer *answer = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) envelope = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_RATE_LIMITED))
    pond_request_budget_block (self->budget, g_get_monotonic_time (), answer->retry_after);

  if (envelope == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (call->content_type == NULL)
    g_task_return_pointer (task, g_steal_pointer (&envelope), (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, pond_stream_error_new (POND_STREAM_ERROR_PROTOCOL, answer->status, 0, -1,
                                                      _("Stream’s answer makes no sense")));
}

/* libsoup takes a connection that ends early for the end of the body. */
static gboolean
is_cut_short (Call *call)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (call->message);

  return soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
         soup_message_headers_get_one (headers, "Content-Encoding") == NULL &&
         call->bytes->len < soup_message_headers_get_content_length (headers);
}

/* A page of a thousand videos takes longer to parse than a frame has. */
static void
finish_call (GTask *task)
{
  PondStreamTransport *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  g_autoptr(GTask) parse = g_task_new (self, NULL, on_answer_parsed, g_object_ref (task));
  Answer *answer = g_new0 (Answer, 1);

  answer->status = (int) soup_message_get_status (call->message);
  answer->retry_after = get_retry_after (call->message);
  answer->bytes = g_byte_array_free_to_bytes (g_steal_pointer (&call->bytes));
  g_task_set_source_tag (parse, finish_call);
  g_task_set_task_data (parse, answer, (GDestroyNotify) answer_free);

  if (g_bytes_get_size (answer->bytes) > MAX_PARSED_HERE)
    g_task_run_in_thread (parse, parse_in_thread);
  else
    parse_in_thread (parse, self, answer, NULL);
}

static void
on_stream_closed (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Call *call = g_task_get_task_data (task);

  g_input_stream_close_finish (G_INPUT_STREAM (source), result, NULL);

  if (is_cut_short (call))
    {
      g_task_return_error (task, pond_stream_error_new (POND_STREAM_ERROR_NETWORK, 0, 0, -1,
                                                        _("The connection to %s was lost"),
                                                        g_uri_get_host (call->uri)));
      return;
    }

  /* Where the API does not have what is fetched, it says so in an envelope. */
  if (call->content_type != NULL && (!call->to_api || is_wanted (call)))
    finish_fetch (task);
  else
    finish_call (task);
}

static void
on_bytes_read (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (bytes == NULL)
    {
      return_translated (task, error);
      return;
    }

  if (g_bytes_get_size (bytes) == 0)
    {
      g_input_stream_close_async (call->stream, G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                                  on_stream_closed, g_object_ref (task));
      return;
    }

  g_byte_array_append (call->bytes, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
  if (call->bytes->len > call->limit)
    {
      g_task_return_error (task, pond_stream_error_new (POND_STREAM_ERROR_PROTOCOL, 0, 0, -1,
                                                        _("%s sent far more than makes sense"),
                                                        g_uri_get_host (call->uri)));
      return;
    }

  g_input_stream_read_bytes_async (call->stream, READ_SIZE, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), on_bytes_read, g_object_ref (task));
}

static void dispatch (PondStreamTransport *self);

/* The answer is there, or there will be none. */
static void
tell_budget (PondStreamTransport *self,
             Call                *call)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (call->message);

  if (call->ticket == 0)
    return;

  pond_request_budget_learn (self->budget, call->ticket, g_get_monotonic_time (),
                             soup_message_headers_get_list (headers, "Ratelimit"),
                             soup_message_headers_get_list (headers, "Ratelimit-Policy"));
  call->ticket = 0;
  dispatch (self);
}

/* A request under way. libsoup 3.6 uses a request after it has freed it when it is cancelled in the moment
 * in which its connection or its answer comes. So it is not told: whoever cancels has the call back at once,
 * and what comes later is dropped. */
typedef struct
{
  /* NULL once the call was given up. */
  GTask *task;
  GSource *cancelled;
} Exchange;

static void
exchange_free (Exchange *exchange)
{
  g_clear_pointer (&exchange->cancelled, destroy_source);
  g_clear_object (&exchange->task);
  g_free (exchange);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Exchange, exchange_free)

static gboolean
on_call_given_up (GCancellable *cancellable,
                  gpointer      user_data)
{
  Exchange *exchange = user_data;
  g_autoptr(GTask) task = g_steal_pointer (&exchange->task);

  g_clear_pointer (&exchange->cancelled, destroy_source);
  tell_budget (g_task_get_source_object (task), g_task_get_task_data (task));
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static Exchange *
exchange_new (GTask *task)
{
  Exchange *exchange = g_new0 (Exchange, 1);
  GCancellable *cancellable = g_task_get_cancellable (task);

  exchange->task = task;
  if (cancellable != NULL)
    {
      exchange->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (exchange->cancelled, G_SOURCE_FUNC (on_call_given_up), exchange, NULL);
      g_source_attach (exchange->cancelled, g_task_get_context (task));
    }

  return exchange;
}

static void
on_message_sent (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(Exchange) exchange = user_data;
  g_autoptr(GTask) task = g_steal_pointer (&exchange->task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  PondStreamTransport *self;
  Call *call;
  guint status;

  if (task == NULL)
    return;

  self = g_task_get_source_object (task);
  call = g_task_get_task_data (task);
  call->stream = g_steal_pointer (&stream);
  tell_budget (self, call);
  if (call->stream == NULL)
    {
      return_translated (task, error);
      return;
    }

  status = soup_message_get_status (call->message);
  g_debug ("%s %s: %u", call->method, call->to_api ? g_uri_get_path (call->uri) : g_uri_get_host (call->uri),
           status);

  if (SOUP_STATUS_IS_REDIRECTION (status))
    {
      g_clear_object (&call->stream);
      if (!follow_redirect (task))
        g_task_return_error (task, pond_stream_error_new (POND_STREAM_ERROR_PROTOCOL, (int) status, 0, -1,
                                                          _("%s sent Millpond elsewhere, which it does not follow"),
                                                          g_uri_get_host (call->uri)));
      return;
    }

  g_input_stream_read_bytes_async (call->stream, READ_SIZE, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), on_bytes_read, g_object_ref (task));
}

static void
attach_body (Call *call)
{
  g_autofree char *text = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (call->body == NULL)
    return;

  text = json_to_string (call->body, FALSE);
  bytes = g_bytes_new (text, strlen (text));
  soup_message_set_request_body_from_bytes (call->message, "application/json", bytes);
}

/* Takes the reference to @task. */
static void
send_request (GTask *task)
{
  PondStreamTransport *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  SoupMessageHeaders *headers;

  g_clear_object (&call->message);
  call->message = soup_message_new_from_uri (call->method, call->uri);
  soup_message_add_flags (call->message, SOUP_MESSAGE_NO_REDIRECT);
  headers = soup_message_get_request_headers (call->message);

  if (call->to_api && self->token != NULL)
    {
      g_autofree char *value = g_strconcat ("Bearer ", pond_token_peek (self->token), NULL);

      soup_message_headers_replace (headers, "Authorization", value);
      explicit_bzero (value, strlen (value));
    }

  attach_body (call);
  g_clear_pointer (&call->bytes, g_byte_array_unref);
  call->bytes = g_byte_array_new ();
  soup_session_send_async (get_session (), call->message, G_PRIORITY_DEFAULT, NULL, on_message_sent,
                           exchange_new (task));
}

static gboolean
on_turn (gpointer user_data)
{
  PondStreamTransport *self = user_data;

  g_clear_pointer (&self->turn, destroy_source);
  dispatch (self);

  return G_SOURCE_REMOVE;
}

/* Sends the calls whose turn has come, and comes back when the next one's does. */
static void
dispatch (PondStreamTransport *self)
{
  /* Sending may give up the last call, and that the transport. */
  g_autoptr(PondStreamTransport) alive = g_object_ref (self);

  g_clear_pointer (&self->turn, destroy_source);

  while (!g_queue_is_empty (&self->waiting))
    {
      gint64 now = g_get_monotonic_time ();
      gint64 next = pond_request_budget_get_next (self->budget, now);
      GTask *task;
      Call *call;

      if (next > now)
        {
          if (next == G_MAXINT64)
            return;

          self->turn = g_timeout_source_new ((guint) MIN ((next - now) / 1000 + 1, G_MAXINT));
          g_source_set_callback (self->turn, on_turn, self, NULL);
          g_source_attach (self->turn, g_main_context_get_thread_default ());
          return;
        }

      task = g_queue_pop_head (&self->waiting);
      call = g_task_get_task_data (task);
      g_clear_pointer (&call->cancel_watch, destroy_source);
      call->ticket = pond_request_budget_spend (self->budget, now);
      send_request (task);
    }
}

static gboolean
on_waiting_cancelled (GCancellable *cancellable,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondStreamTransport *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);

  g_clear_pointer (&call->cancel_watch, destroy_source);
  g_queue_remove (&self->waiting, task);
  if (g_queue_is_empty (&self->waiting))
    g_clear_pointer (&self->turn, destroy_source);
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static int
compare_priority (gconstpointer a,
                  gconstpointer b,
                  gpointer      user_data)
{
  int waiting = g_task_get_priority ((GTask *) a);
  int added = g_task_get_priority ((GTask *) b);

  /* Behind those of its own priority. */
  return waiting <= added ? -1 : 1;
}

/* Takes the reference to @task. */
static void
take_turn (GTask *task)
{
  PondStreamTransport *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (!call->to_api)
    {
      send_request (task);
      return;
    }

  if (cancellable != NULL)
    {
      call->cancel_watch = g_cancellable_source_new (cancellable);
      g_source_set_callback (call->cancel_watch, G_SOURCE_FUNC (on_waiting_cancelled), task, NULL);
      g_source_attach (call->cancel_watch, g_main_context_get_thread_default ());
    }

  g_queue_insert_sorted (&self->waiting, task, compare_priority, NULL);
  dispatch (self);
}

static void
pond_stream_transport_finalize (GObject *object)
{
  PondStreamTransport *self = POND_STREAM_TRANSPORT (object);

  g_assert (g_queue_is_empty (&self->waiting));

  g_clear_pointer (&self->turn, destroy_source);
  g_clear_pointer (&self->token, pond_token_unref);
  g_clear_pointer (&self->base_uri, g_uri_unref);
  g_clear_pointer (&self->budget, pond_request_budget_free);
  g_free (self->base);

  G_OBJECT_CLASS (pond_stream_transport_parent_class)->finalize (object);
}

static void
pond_stream_transport_class_init (PondStreamTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = pond_stream_transport_finalize;
}

static void
pond_stream_transport_init (PondStreamTransport *self)
{
  self->budget = pond_request_budget_new ();
}

/**
 * pond_stream_transport_check_base:
 * @base: the API's base address, such as `https://api.cloudflare.com/client/v4`
 * @error: of the domain %POND_STREAM_ERROR, %POND_STREAM_ERROR_PROTOCOL
 *
 * Checks that a token may be sent to @base: over TLS, or to a loopback address.
 *
 * Returns: whether it may
 */
gboolean
pond_stream_transport_check_base (const char  *base,
                                  GError     **error)
{
  g_autoptr(GUri) uri = g_uri_parse (base, SOUP_HTTP_URI_FLAGS, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host != NULL && g_str_equal (g_uri_get_scheme (uri), "https"))
    return TRUE;
  if (host != NULL && g_str_equal (g_uri_get_scheme (uri), "http") && host_is_loopback (host))
    return TRUE;

  g_propagate_error (error, pond_stream_error_new (POND_STREAM_ERROR_PROTOCOL, 0, 0, -1,
                                                   _("“%s” is no address that a token may be sent to: it must "
                                                     "begin with https://, or be on this machine"), base));

  return FALSE;
}

/**
 * pond_stream_transport_new:
 * @base: the API's base address, without a slash at the end, which pond_stream_transport_check_base()
 *   accepts
 * @token: (nullable) (transfer none): the token, or %NULL to call without one
 *
 * Returns: (transfer full): a transport with a request budget of its own
 */
PondStreamTransport *
pond_stream_transport_new (const char *base,
                           PondToken  *token)
{
  PondStreamTransport *self;

  g_return_val_if_fail (base != NULL, NULL);

  self = g_object_new (POND_TYPE_STREAM_TRANSPORT, NULL);
  self->base = g_strdup (base);
  self->base_uri = g_uri_parse (base, SOUP_HTTP_URI_FLAGS, NULL);
  if (token != NULL)
    self->token = pond_token_ref (token);

  return self;
}

/**
 * pond_stream_transport_is_loopback:
 * @self: a transport
 *
 * Returns: whether the API is on this machine, so that delivery may be over plain HTTP
 */
gboolean
pond_stream_transport_is_loopback (PondStreamTransport *self)
{
  return self->base_uri != NULL && host_is_loopback (g_uri_get_host (self->base_uri));
}

static void
start_call (PondStreamTransport *self,
            GTask               *task,
            Call                *call,
            const char          *path_or_uri)
{
  g_autofree char *address = NULL;

  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }

  call->to_api = *path_or_uri == '/';
  address = call->to_api ? g_strconcat (self->base, path_or_uri, NULL) : g_strdup (path_or_uri);
  call->uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  if (call->uri == NULL || g_uri_get_host (call->uri) == NULL)
    {
      g_task_return_error (task, pond_stream_error_new (POND_STREAM_ERROR_PROTOCOL, 0, 0, -1,
                                                        _("An address makes no sense")));
      g_object_unref (task);
      return;
    }

  take_turn (task);
}

/**
 * pond_stream_transport_call_async:
 * @self: a transport
 * @method: an HTTP method, a static string
 * @path: what follows the base address, with its query; begins with a slash
 * @body: (nullable) (transfer none): JSON to send
 * @priority: whose turn comes first when the request budget makes calls wait: %G_PRIORITY_DEFAULT for what
 *   a person waits for, %G_PRIORITY_LOW for polling
 * @cancellable: (nullable): ends it at once
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Makes one call of the API, when the request budget allows it.
 */
void
pond_stream_transport_call_async (PondStreamTransport *self,
                                  const char          *method,
                                  const char          *path,
                                  JsonNode            *body,
                                  int                  priority,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  g_task_set_source_tag (task, pond_stream_transport_call_async);
  g_task_set_priority (task, priority);
  call->method = g_strdup (method);
  call->limit = MAX_ANSWER;
  if (body != NULL)
    call->body = json_node_ref (body);

  start_call (self, task, call, path);
}

/**
 * pond_stream_transport_call_finish:
 * @self: a transport
 * @result: what the callback got
 * @error: of the domain %POND_STREAM_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): the envelope of the answer, an object whose `success` is true
 */
JsonNode *
pond_stream_transport_call_finish (PondStreamTransport  *self,
                                   GAsyncResult         *result,
                                   GError              **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pond_stream_transport_fetch_async:
 * @self: a transport
 * @path_or_uri: a path of the API, which is asked with the token, or a whole address, which is not
 * @content_type: what the answer's content type must begin with, such as "image/"
 * @limit: the most bytes that are taken
 * @cancellable: (nullable): ends it at once
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Gets a small thing that is not JSON: captions or a poster.
 */
void
pond_stream_transport_fetch_async (PondStreamTransport *self,
                                   const char          *path_or_uri,
                                   const char          *content_type,
                                   gsize                limit,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  g_task_set_source_tag (task, pond_stream_transport_fetch_async);
  call->method = g_strdup ("GET");
  call->content_type = g_strdup (content_type);
  call->limit = limit;

  start_call (self, task, call, path_or_uri);
}

/**
 * pond_stream_transport_fetch_finish:
 * @self: a transport
 * @result: what the callback got
 * @error: of the domain %POND_STREAM_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): what came
 */
GBytes *
pond_stream_transport_fetch_finish (PondStreamTransport  *self,
                                    GAsyncResult         *result,
                                    GError              **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
