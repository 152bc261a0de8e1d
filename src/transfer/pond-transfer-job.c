/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-transfer"

#include "config.h"

#include "transfer/pond-transfer-job.h"

#include <libsoup/soup.h>

#include "transfer/pond-transfer-error.h"
#include "transfer/pond-transfer-part.h"
#include "transfer/pond-transfer-response.h"

#define BUFFER_SIZE (256 * 1024)
#define MOST_REDIRECTS 5

/* The body of a redirect is read when it is small: that costs less than a new connection. */
#define LARGEST_DRAINED (16 * 1024)

struct _PondTransferJob
{
  char                 *path;
  char                 *uri;
  gboolean              allow_http;
  GTlsDatabase         *database;         /* (nullable) */
  GCancellable         *cancellable;      /* of all that waits for the network */

  GMutex                mutex;            /* of what follows */
  PondTransferProgress  progress;
  gint64                waiting_since;    /* for the network, monotonic time; 0 while not waiting */
  gboolean              stalled;
};

/* The connections of one thread. libsoup would let threads share a session, but would then time its
 * connections out on another thread than the one that reads from them. A context that nobody runs
 * keeps all of it here; the connections close when the thread, idle for long enough, ends. */
typedef struct
{
  GMainContext *context;
  SoupSession  *session;
  GTlsDatabase *database;
} Connections;

static void connections_free (gpointer data);

static GPrivate thread_connections = G_PRIVATE_INIT (connections_free);

/* One answer: its body, and what is to be done with it. */
typedef struct
{
  GInputStream         *body;
  char                 *host;
  PondTransferResponse  response;
} Answer;

static void
answer_clear (Answer *answer)
{
  g_clear_object (&answer->body);
  g_clear_pointer (&answer->host, g_free);
  pond_transfer_response_clear (&answer->response);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static void
connections_free (gpointer data)
{
  Connections *self = data;

  g_clear_object (&self->session);
  g_clear_object (&self->database);
  g_main_context_unref (self->context);
  g_free (self);
}

static SoupSession *
create_session (GTlsDatabase *database)
{
  SoupSession *session = soup_session_new_with_options ("user-agent", "Millpond/" VERSION, NULL);

  if (database != NULL)
    soup_session_set_tls_database (session, database);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);

  return session;
}

/* Makes the thread's own context the one that libsoup sees. */
static Connections *
enter_connections (GTlsDatabase *database)
{
  Connections *self = g_private_get (&thread_connections);

  if (self == NULL)
    {
      self = g_new0 (Connections, 1);
      self->context = g_main_context_new ();
      g_private_set (&thread_connections, self);
    }

  g_main_context_push_thread_default (self->context);

  if (g_set_object (&self->database, database))
    g_clear_object (&self->session);
  if (self->session == NULL)
    self->session = create_session (database);

  return self;
}

static void
leave_connections (Connections *self)
{
  g_main_context_pop_thread_default (self->context);
}

static void
begin_waiting (PondTransferJob *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->waiting_since = g_get_monotonic_time ();
}

static void
end_waiting (PondTransferJob *self,
             gssize           n_delivered)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->waiting_since = 0;
  if (n_delivered > 0)
    self->progress.delivered += n_delivered;
}

static void
report (PondTransferJob  *self,
        PondTransferPart *part)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->progress.received = pond_transfer_part_get_length (part);
  self->progress.total = pond_transfer_part_get_total (part);
}

static void
report_start (PondTransferJob  *self,
              PondTransferPart *part)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->progress.received = pond_transfer_part_get_length (part);
  self->progress.total = pond_transfer_part_get_total (part);
  self->progress.resumed_from = self->progress.received;
}

static gboolean
has_stalled (PondTransferJob *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->stalled;
}

static PondTransferError
get_code_of (const GError *error,
             gboolean      in_body)
{
  /* Once there is a body the certificate was good: what fails then is the connection. */
  if (error->domain == G_TLS_ERROR && !in_body && error->code != G_TLS_ERROR_EOF)
    return POND_TRANSFER_ERROR_TLS;
  if (error->domain == SOUP_SESSION_ERROR)
    return POND_TRANSFER_ERROR_PROTOCOL;

  return POND_TRANSFER_ERROR_NETWORK;
}

/* Takes @cause, an error of libsoup's or GIO's. */
static void
fail_with (PondTransferJob  *self,
           GError           *cause,
           const char       *host,
           gboolean          in_body,
           GError          **error)
{
  g_autoptr (GError) owned = cause;

  if (has_stalled (self))
    g_set_error (error, POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_STALLED,
                 "%s sent nothing for too long", host);
  else if (g_error_matches (owned, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&owned));
  else
    g_set_error (error, POND_TRANSFER_ERROR, get_code_of (owned, in_body), "%s: %s", host,
                 owned->message);
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return address != NULL ? g_inet_address_get_is_loopback (address)
                         : g_ascii_strcasecmp (host, "localhost") == 0;
}

static gboolean
is_allowed (PondTransferJob *self,
            GUri            *uri)
{
  const char *scheme = g_uri_get_scheme (uri);
  const char *host = g_uri_get_host (uri);

  if (host == NULL || *host == '\0')
    return FALSE;
  if (g_str_equal (scheme, "https"))
    return TRUE;

  return self->allow_http && g_str_equal (scheme, "http") && is_loopback (host);
}

static GUri *
parse_first_uri (PondTransferJob  *self,
                 GError          **error)
{
  g_autoptr (GUri) uri = g_uri_parse (self->uri, SOUP_HTTP_URI_FLAGS, NULL);

  /* GUri's own messages would quote the address. */
  if (uri == NULL || !is_allowed (self, uri))
    {
      g_set_error_literal (error, POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_PROTOCOL,
                           "The address is not one of https");
      return NULL;
    }

  return g_steal_pointer (&uri);
}

/* Where a redirect leads; @visited are the addresses that were asked in this run. */
static GUri *
parse_redirect (PondTransferJob     *self,
                GUri                *from,
                SoupMessageHeaders  *headers,
                GHashTable          *visited,
                GError             **error)
{
  const char *location = soup_message_headers_get_one (headers, "Location");
  const char *host = g_uri_get_host (from);
  g_autoptr (GUri) to = NULL;
  g_autofree char *text = NULL;

  if (location != NULL)
    to = g_uri_parse_relative (from, location, SOUP_HTTP_URI_FLAGS, NULL);

  if (to == NULL || !is_allowed (self, to))
    {
      g_set_error (error, POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_REDIRECT,
                   "%s redirects to where nothing may be fetched from", host);
      return NULL;
    }

  text = g_uri_to_string (to);
  if (g_hash_table_contains (visited, text))
    {
      g_set_error (error, POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_REDIRECT,
                   "%s redirects in a circle", host);
      return NULL;
    }
  if (g_hash_table_size (visited) > MOST_REDIRECTS)
    {
      g_set_error (error, POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_REDIRECT,
                   "%s redirects once too often", host);
      return NULL;
    }

  return g_steal_pointer (&to);
}

static void
drain (PondTransferJob *self,
       GInputStream    *body)
{
  gsize left = LARGEST_DRAINED;
  gssize n;

  begin_waiting (self);
  do
    {
      n = g_input_stream_skip (body, left, self->cancellable, NULL);
      left -= MAX (n, 0);
    }
  while (n > 0 && left > 0);
  end_waiting (self, 0);
}

static GInputStream *
send (PondTransferJob  *self,
      SoupSession      *session,
      SoupMessage      *message,
      const char       *host,
      GError          **error)
{
  g_autoptr (GError) local_error = NULL;
  GInputStream *body;

  begin_waiting (self);
  body = soup_session_send (session, message, self->cancellable, &local_error);
  end_waiting (self, 0);

  if (body == NULL)
    fail_with (self, g_steal_pointer (&local_error), host, FALSE, error);

  return body;
}

static SoupMessage *
create_message (GUri                      *uri,
                const PondTransferRequest *request)
{
  SoupMessage *message = soup_message_new_from_uri (SOUP_METHOD_GET, uri);

  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  /* libsoup keeps the body of an HTTP/2 answer in memory when the disk is slower than the wire. */
  soup_message_set_force_http1 (message, TRUE);
  pond_transfer_request_write (request, soup_message_get_request_headers (message));

  return message;
}

/* Asks, and follows redirects: libsoup would do so to any scheme and host. */
static gboolean
ask (PondTransferJob            *self,
     SoupSession                *session,
     const PondTransferRequest  *request,
     Answer                     *answer,
     GError                    **error)
{
  g_autoptr (GHashTable) visited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GUri) uri = parse_first_uri (self, error);

  while (uri != NULL)
    {
      g_autoptr (SoupMessage) message = create_message (uri, request);
      g_autoptr (GUri) next = NULL;

      g_hash_table_add (visited, g_uri_to_string (uri));
      g_set_str (&answer->host, g_uri_get_host (uri));
      answer->body = send (self, session, message, answer->host, error);
      if (answer->body == NULL)
        return FALSE;

      pond_transfer_response_judge (&answer->response, request, soup_message_get_status (message),
                                    soup_message_get_response_headers (message), answer->host,
                                    error);
      if (answer->response.verdict != POND_TRANSFER_VERDICT_REDIRECT)
        return answer->response.verdict != POND_TRANSFER_VERDICT_FAIL;

      next = parse_redirect (self, uri, soup_message_get_response_headers (message), visited,
                             error);
      if (next != NULL)
        drain (self, answer->body);
      g_clear_object (&answer->body);
      g_clear_pointer (&uri, g_uri_unref);
      uri = g_steal_pointer (&next);
    }

  return FALSE;
}

static gssize
read_body (PondTransferJob  *self,
           Answer           *answer,
           char             *buffer,
           gsize             size,
           GError          **error)
{
  g_autoptr (GError) local_error = NULL;
  gssize n_read;

  begin_waiting (self);
  n_read = g_input_stream_read (answer->body, buffer, size, self->cancellable, &local_error);
  end_waiting (self, n_read);

  if (n_read < 0)
    fail_with (self, g_steal_pointer (&local_error), answer->host, TRUE, error);

  return n_read;
}

/* Reads the bytes before the file's end that were asked for again. */
static gboolean
compare_overlap (PondTransferJob            *self,
                 PondTransferPart           *part,
                 const PondTransferRequest  *request,
                 Answer                     *answer,
                 char                       *buffer,
                 gboolean                   *same,
                 GError                    **error)
{
  guint64 position = request->from;

  *same = TRUE;
  while (*same && position < request->have)
    {
      gsize size = MIN (BUFFER_SIZE, request->have - position);
      gssize n_read = read_body (self, answer, buffer, size, error);

      if (n_read < 0)
        return FALSE;
      if (n_read == 0)
        break;
      if (!pond_transfer_part_compare (part, position, buffer, n_read, same, error))
        return FALSE;

      position += n_read;
    }

  return TRUE;
}

/* Checks that all that was announced has come, and closes the file's account. */
static gboolean
finish (PondTransferPart  *part,
        Answer            *answer,
        GError           **error)
{
  guint64 length = pond_transfer_part_get_length (part);
  gint64 total = pond_transfer_part_get_total (part);

  if (total >= 0 && length < (guint64) total)
    {
      g_set_error (error, POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_NETWORK,
                   "%s ended before the end of the file", answer->host);
      return FALSE;
    }

  return pond_transfer_part_finish (part, error);
}

static gboolean
discard_too_long (PondTransferPart  *part,
                  Answer            *answer,
                  GError           **error)
{
  if (!pond_transfer_part_discard (part, error))
    return FALSE;

  g_set_error (error, POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_LENGTH,
               "%s sent more than it had announced", answer->host);
  return FALSE;
}

static gboolean
receive (PondTransferJob   *self,
         PondTransferPart  *part,
         Answer            *answer,
         char              *buffer,
         GError           **error)
{
  gint64 end = answer->response.end;

  for (;;)
    {
      gssize n_read = read_body (self, answer, buffer, BUFFER_SIZE, error);

      if (n_read < 0)
        return FALSE;
      if (n_read == 0)
        return finish (part, answer, error);
      if (end >= 0 && pond_transfer_part_get_length (part) + n_read > (guint64) end)
        return discard_too_long (part, answer, error);
      if (!pond_transfer_part_write (part, buffer, n_read, error))
        return FALSE;

      report (self, part);
    }
}

/* Brings the file and the answer together. @restart is set when they don't fit. */
static gboolean
take (PondTransferJob            *self,
      PondTransferPart           *part,
      const PondTransferRequest  *request,
      Answer                     *answer,
      gboolean                   *restart,
      GError                    **error)
{
  const PondCheckpoint *version = answer->response.version;
  g_autofree char *buffer = NULL;
  gboolean same;

  switch (answer->response.verdict)
    {
    case POND_TRANSFER_VERDICT_RESTART:
      *restart = TRUE;
      return TRUE;

    case POND_TRANSFER_VERDICT_COMPLETE:
      report_start (self, part);
      return pond_transfer_part_finish (part, error);

    case POND_TRANSFER_VERDICT_CONTINUE:
      buffer = g_malloc (BUFFER_SIZE);
      if (!compare_overlap (self, part, request, answer, buffer, &same, error))
        return FALSE;
      *restart = !same;
      if (*restart)
        return TRUE;
      if (!pond_transfer_part_continue (part, version->total, error))
        return FALSE;
      break;

    case POND_TRANSFER_VERDICT_BEGIN:
      buffer = g_malloc (BUFFER_SIZE);
      if (!pond_transfer_part_begin (part, version, error))
        return FALSE;
      break;

    case POND_TRANSFER_VERDICT_FAIL:
    case POND_TRANSFER_VERDICT_REDIRECT:
    default:
      g_assert_not_reached ();
    }

  report_start (self, part);
  return receive (self, part, answer, buffer, error);
}

static gboolean
fetch (PondTransferJob   *self,
       PondTransferPart  *part,
       SoupSession       *session,
       GError           **error)
{
  PondTransferRequest request;
  gboolean restart = FALSE;

  pond_transfer_request_plan (&request, pond_transfer_part_get_length (part),
                              pond_transfer_part_get_checkpoint (part));

  for (;;)
    {
      g_auto (Answer) answer = { 0 };

      if (!ask (self, session, &request, &answer, error)
          || !take (self, part, &request, &answer, &restart, error))
        return FALSE;
      if (!restart)
        return TRUE;

      /* A request for the whole file is never answered with a part, so there is one more round. */
      g_debug ("%s has something else than what was begun: starting over", answer.host);
      restart = FALSE;
      pond_transfer_request_plan (&request, 0, NULL);
    }
}

static gboolean
run (PondTransferJob   *self,
     PondTransferPart  *part,
     GError           **error)
{
  Connections *connections;
  gboolean done;

  if (pond_transfer_part_get_total (part) == (gint64) pond_transfer_part_get_length (part))
    {
      report_start (self, part);
      return pond_transfer_part_finish (part, error);
    }

  connections = enter_connections (self->database);
  done = fetch (self, part, connections->session, error);
  leave_connections (connections);

  return done;
}

/**
 * pond_transfer_job_new:
 * @path: the file
 * @uri: the address to ask
 * @allow_http: whether plain http may be used with hosts on loopback
 * @database: (nullable): trust anchors in place of the system's
 * @progress: what is known of the file before the run
 *
 * Makes one run, which does not begin by itself.
 *
 * Returns: (transfer full): a run
 */
PondTransferJob *
pond_transfer_job_new (const char                 *path,
                       const char                 *uri,
                       gboolean                    allow_http,
                       GTlsDatabase               *database,
                       const PondTransferProgress *progress)
{
  PondTransferJob *self = g_new0 (PondTransferJob, 1);

  self->path = g_strdup (path);
  self->uri = g_strdup (uri);
  self->allow_http = allow_http;
  g_set_object (&self->database, database);
  self->cancellable = g_cancellable_new ();
  self->progress = *progress;
  g_mutex_init (&self->mutex);

  return self;
}

/**
 * pond_transfer_job_free:
 * @self: (transfer full): a run that has ended, or never began
 *
 * Frees @self.
 */
void
pond_transfer_job_free (PondTransferJob *self)
{
  g_mutex_clear (&self->mutex);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->database);
  g_free (self->uri);
  g_free (self->path);
  g_free (self);
}

/**
 * pond_transfer_job_run:
 * @self: a run
 * @error: return location for an error
 *
 * Brings the resource into the file. Blocks until that is done, or has failed.
 *
 * Returns: %FALSE with a #PondTransferError or %G_IO_ERROR_CANCELLED
 */
gboolean
pond_transfer_job_run (PondTransferJob  *self,
                       GError          **error)
{
  g_autoptr (PondTransferPart) part = pond_transfer_part_open (self->path, error);
  gboolean done;

  if (part == NULL)
    return FALSE;

  report (self, part);
  done = run (self, part, error);

  /* A paused download may rest for days: what it has is not left to the next checkpoint. */
  if (!done)
    pond_transfer_part_sync (part, NULL);
  report (self, part);

  return done;
}

/**
 * pond_transfer_job_get_progress:
 * @self: a run
 * @progress: (out caller-allocates): how far it is
 *
 * Looks how far @self is, from any thread.
 */
void
pond_transfer_job_get_progress (PondTransferJob      *self,
                                PondTransferProgress *progress)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  *progress = self->progress;
}

/**
 * pond_transfer_job_cancel:
 * @self: a run
 *
 * Ends @self, from any thread.
 */
void
pond_transfer_job_cancel (PondTransferJob *self)
{
  g_cancellable_cancel (self->cancellable);
}

/**
 * pond_transfer_job_check_stall:
 * @self: a run
 * @timeout: how long the network may be silent, in microseconds
 *
 * Ends @self, from any thread, if it has waited for longer than that.
 */
void
pond_transfer_job_check_stall (PondTransferJob *self,
                               gint64           timeout)
{
  g_mutex_lock (&self->mutex);
  if (self->waiting_since != 0 && g_get_monotonic_time () - self->waiting_since > timeout)
    self->stalled = TRUE;
  g_mutex_unlock (&self->mutex);

  if (has_stalled (self))
    g_cancellable_cancel (self->cancellable);
}
