/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-client"

#include "config.h"

#include "stream/pond-stream-client.h"
#include "stream/pond-stream-json.h"
#include "stream/pond-stream-listing.h"
#include "stream/pond-stream-transport.h"
#include "stream/pond-video-ref.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DEFAULT_BASE  "https://api.cloudflare.com/client/v4"
#define MAX_CAPTIONS  (8 * 1024 * 1024)
#define MAX_POSTER    (8 * 1024 * 1024)
#define POSTER_HEIGHT 540

struct _PondStreamClient
{
  GObject parent_instance;

  char *account_id;
  PondStreamTransport *transport;
  PondSigningKey *signing_key;
};

G_DEFINE_FINAL_TYPE (PondStreamClient, pond_stream_client, G_TYPE_OBJECT)

static void
pond_stream_client_finalize (GObject *object)
{
  PondStreamClient *self = POND_STREAM_CLIENT (object);

  g_clear_object (&self->transport);
  g_clear_pointer (&self->signing_key, pond_signing_key_unref);
  g_free (self->account_id);

  G_OBJECT_CLASS (pond_stream_client_parent_class)->finalize (object);
}

static void
pond_stream_client_class_init (PondStreamClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = pond_stream_client_finalize;
}

static void
pond_stream_client_init (PondStreamClient *self)
{
}

/**
 * pond_stream_client_choose_base:
 * @error: of the domain %POND_STREAM_ERROR when `MILLPOND_API_BASE` can't be used
 *
 * Returns: (transfer full) (nullable): the API's base address: `MILLPOND_API_BASE`, or Cloudflare's own
 */
char *
pond_stream_client_choose_base (GError **error)
{
  const char *set = g_getenv ("MILLPOND_API_BASE");
  g_autofree char *base = g_strdup (set != NULL && *set != '\0' ? set : DEFAULT_BASE);

  while (g_str_has_suffix (base, "/"))
    base[strlen (base) - 1] = '\0';

  return pond_stream_transport_check_base (base, error) ? g_steal_pointer (&base) : NULL;
}

/**
 * pond_stream_client_new:
 * @base: the API's base address, from pond_stream_client_choose_base() or a sample server
 * @account_id: (nullable): the account, 32 hexadecimal digits; %NULL for links that need none
 * @token: (nullable) (transfer none): its token
 *
 * Returns: (transfer full): a client
 */
PondStreamClient *
pond_stream_client_new (const char *base,
                        const char *account_id,
                        PondToken  *token)
{
  PondStreamClient *self = g_object_new (POND_TYPE_STREAM_CLIENT, NULL);

  self->account_id = g_strdup (account_id);
  self->transport = pond_stream_transport_new (base, token);

  return self;
}

/**
 * pond_stream_client_get_account_id:
 * @self: a client
 *
 * Returns: (transfer none) (nullable): the account's ID
 */
const char *
pond_stream_client_get_account_id (PondStreamClient *self)
{
  return self->account_id;
}

/**
 * pond_stream_client_is_loopback:
 * @self: a client
 *
 * Returns: whether the API is on this machine, so that delivery may be over plain HTTP
 */
gboolean
pond_stream_client_is_loopback (PondStreamClient *self)
{
  return pond_stream_transport_is_loopback (self->transport);
}

/**
 * pond_stream_client_set_signing_key:
 * @self: a client
 * @key: (nullable) (transfer none): a key of its account
 *
 * Makes it sign tokens with @key from now on, without asking Stream; %NULL to have Stream sign them.
 */
void
pond_stream_client_set_signing_key (PondStreamClient *self,
                                    PondSigningKey   *key)
{
  g_clear_pointer (&self->signing_key, pond_signing_key_unref);
  self->signing_key = key != NULL ? pond_signing_key_ref (key) : NULL;
}

static char *
account_path (PondStreamClient *self,
              const char       *rest)
{
  return g_strconcat ("/accounts/", self->account_id, rest, NULL);
}

static char *
video_path (PondStreamClient *self,
            const char       *uid,
            const char       *rest)
{
  return g_strconcat ("/accounts/", self->account_id, "/stream/", uid, rest, NULL);
}

/* Turns the envelope's result into what the task returns; NULL means that it makes no sense. */
typedef gpointer (*ResultReader) (GTask    *task,
                                  JsonNode *result);

typedef struct
{
  ResultReader read;
  GDestroyNotify free;
  char *type;
} Request;

static void
request_free (Request *request)
{
  g_free (request->type);
  g_free (request);
}

static void
on_call_ready (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) envelope = NULL;
  gpointer value;

  envelope = pond_stream_transport_call_finish (POND_STREAM_TRANSPORT (source), result, &error);
  if (envelope == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  value = request->read (task, json_object_get_member (json_node_get_object (envelope), "result"));
  if (value != NULL)
    g_task_return_pointer (task, value, request->free);
  else
    g_task_return_error (task, pond_stream_error_new (POND_STREAM_ERROR_PROTOCOL, 200, 0, -1,
                                                      _("Stream’s answer makes no sense")));
}

static void
call (PondStreamClient    *self,
      const char          *method,
      const char          *path,
      JsonNode            *body,
      int                  priority,
      const char          *type,
      ResultReader         read,
      GDestroyNotify       free_func,
      gpointer             source_tag,
      GCancellable        *cancellable,
      GAsyncReadyCallback  callback,
      gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  g_task_set_source_tag (task, source_tag);
  request->read = read;
  request->free = free_func;
  request->type = g_strdup (type);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);

  pond_stream_transport_call_async (self->transport, method, path, body, priority, cancellable,
                                    on_call_ready, task);
}

static gpointer
read_video (GTask    *task,
            JsonNode *result)
{
  return pond_video_new_from_json (result);
}

/**
 * pond_stream_client_get_video_async:
 * @self: a client
 * @uid: a video
 * @cancellable: (nullable): ends it at once
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Asks for one video: `GET /accounts/{id}/stream/{uid}`.
 */
void
pond_stream_client_get_video_async (PondStreamClient    *self,
                                    const char          *uid,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_autofree char *path = video_path (self, uid, "");

  call (self, "GET", path, NULL, G_PRIORITY_DEFAULT, NULL, read_video, g_object_unref,
        pond_stream_client_get_video_async, cancellable, callback, user_data);
}

/**
 * pond_stream_client_get_video_finish:
 * @self: a client
 * @result: what the callback got
 * @error: of the domain %POND_STREAM_ERROR
 *
 * Returns: (transfer full): the video
 */
PondVideo *
pond_stream_client_get_video_finish (PondStreamClient  *self,
                                     GAsyncResult      *result,
                                     GError           **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
read_downloads (GTask    *task,
                JsonNode *result)
{
  Request *request = g_task_get_task_data (task);

  return pond_stream_download_parse (result, request->type);
}

static void
on_list_downloads_ready (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GPtrArray *downloads = g_task_propagate_pointer (G_TASK (result), &error);

  /* Whether a video of which nothing was asked yet says {} or 404 is not documented. A 404 for a video
   * that is gone says so again when the download is enabled. */
  if (downloads == NULL && g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_NOT_FOUND))
    downloads = g_ptr_array_new ();

  if (downloads != NULL)
    g_task_return_pointer (task, downloads, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * pond_stream_client_list_downloads_async:
 * @self: a client
 * @uid: a video
 * @cancellable: (nullable): ends it at once
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Asks which files Stream has made of a video or is making: `GET /accounts/{id}/stream/{uid}/downloads`.
 * This is what polling does, so where the request budget makes calls wait all others go first.
 */
void
pond_stream_client_list_downloads_async (PondStreamClient    *self,
                                         const char          *uid,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  g_autofree char *path = video_path (self, uid, "/downloads");
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, pond_stream_client_list_downloads_async);
  call (self, "GET", path, NULL, G_PRIORITY_LOW, NULL, read_downloads, (GDestroyNotify) g_ptr_array_unref,
        pond_stream_client_list_downloads_async, cancellable, on_list_downloads_ready, task);
}

/**
 * pond_stream_client_list_downloads_finish:
 * @self: a client
 * @result: what the callback got
 * @error: of the domain %POND_STREAM_ERROR
 *
 * Returns: (transfer full) (element-type PondStreamDownload): the files
 */
GPtrArray *
pond_stream_client_list_downloads_finish (PondStreamClient  *self,
                                          GAsyncResult      *result,
                                          GError           **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pond_stream_client_enable_async:
 * @self: a client
 * @uid: a video
 * @type: "default" or "audio"
 * @cancellable: (nullable): ends it at once
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Asks Stream to make a file of a video: `POST /accounts/{id}/stream/{uid}/downloads/{type}`. For one that
 * there is already this changes nothing and gives it as it stands.
 */
void
pond_stream_client_enable_async (PondStreamClient    *self,
                                 const char          *uid,
                                 const char          *type,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  /* The MP4 has an older address without its type, which every version of the API knows. */
  g_autofree char *rest = g_str_equal (type, "default") ? g_strdup ("/downloads")
                                                        : g_strconcat ("/downloads/", type, NULL);
  g_autofree char *path = video_path (self, uid, rest);

  call (self, "POST", path, NULL, G_PRIORITY_DEFAULT, type, read_downloads,
        (GDestroyNotify) g_ptr_array_unref, pond_stream_client_enable_async, cancellable, callback, user_data);
}

/**
 * pond_stream_client_enable_finish:
 * @self: a client
 * @result: what the callback got
 * @error: of the domain %POND_STREAM_ERROR
 *
 * Returns: (transfer full) (element-type PondStreamDownload): the files, that one among them
 */
GPtrArray *
pond_stream_client_enable_finish (PondStreamClient  *self,
                                  GAsyncResult      *result,
                                  GError           **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
read_token (GTask    *task,
            JsonNode *result)
{
  if (result == NULL || !JSON_NODE_HOLDS_OBJECT (result))
    return NULL;

  return g_strdup (pond_json_get_string (json_node_get_object (result), "token"));
}

static void
sign_here (PondStreamClient      *self,
           const char            *uid,
           const PondLinkRequest *request,
           GCancellable          *cancellable,
           GAsyncReadyCallback    callback,
           gpointer               user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;
  char *token = pond_signing_key_sign (self->signing_key, uid, request, &error);

  g_task_set_source_tag (task, pond_stream_client_sign_async);
  if (token != NULL)
    g_task_return_pointer (task, token, g_free);
  else
    g_task_return_error (task, error);
}

/**
 * pond_stream_client_sign_async:
 * @self: a client
 * @uid: a video
 * @request: what the token is to allow, within the bounds of pond_link_request_check()
 * @cancellable: (nullable): ends it at once
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Gets a token that stands in the uid's place in the address of a private video: signed with the account's own
 * key, if it has one, else by Stream: `POST /accounts/{id}/stream/{uid}/token`.
 */
void
pond_stream_client_sign_async (PondStreamClient      *self,
                               const char            *uid,
                               const PondLinkRequest *request,
                               GCancellable          *cancellable,
                               GAsyncReadyCallback    callback,
                               gpointer               user_data)
{
  g_autofree char *path = video_path (self, uid, "/token");
  g_autoptr(JsonNode) body = NULL;

  if (self->signing_key != NULL)
    {
      sign_here (self, uid, request, cancellable, callback, user_data);
      return;
    }

  body = pond_link_request_to_json (request);
  call (self, "POST", path, body, G_PRIORITY_DEFAULT, NULL, read_token, g_free,
        pond_stream_client_sign_async, cancellable, callback, user_data);
}

/**
 * pond_stream_client_sign_finish:
 * @self: a client
 * @result: what the callback got
 * @error: of the domain %POND_STREAM_ERROR, or %POND_LINK_ERROR_KEY
 *
 * Returns: (transfer full): the token, a secret
 */
char *
pond_stream_client_sign_finish (PondStreamClient  *self,
                                GAsyncResult      *result,
                                GError           **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pond_stream_client_sign_url:
 * @url: an address with the plain uid as a segment of its path
 * @uid: that uid
 * @token: the token to put in its place
 *
 * Returns: (transfer full): the signed address, or @url as it is when its path does not name @uid
 */
char *
pond_stream_client_sign_url (const char *url,
                             const char *uid,
                             const char *token)
{
  gsize length = strlen (uid);
  const char *end = url + strcspn (url, "?#");

  for (const char *slash = strchr (url, '/'); slash != NULL && slash < end; slash = strchr (slash + 1, '/'))
    {
      const char *rest = slash + 1 + length;

      if (rest <= end && strncmp (slash + 1, uid, length) == 0 && (rest == end || *rest == '/'))
        return g_strdup_printf ("%.*s%s%s", (int) (slash + 1 - url), url, token, rest);
    }

  return g_strdup (url);
}

static void
on_listed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *videos = pond_stream_listing_finish (POND_STREAM_TRANSPORT (source), result, &error);

  if (videos != NULL)
    g_task_return_pointer (task, videos, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * pond_stream_client_list_videos_async:
 * @self: a client
 * @search: (nullable): words of the title
 * @limit: how many at most, or 0 for all
 * @cancellable: (nullable): ends it at once
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Lists the account's videos, newest first: `GET /accounts/{id}/stream`, page after page.
 */
void
pond_stream_client_list_videos_async (PondStreamClient    *self,
                                      const char          *search,
                                      guint                limit,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_autofree char *path = account_path (self, "/stream");
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, pond_stream_client_list_videos_async);
  pond_stream_listing_async (self->transport, path, search, limit, NULL, NULL, cancellable, on_listed,
                             task);
}

/**
 * pond_stream_client_list_pages_async:
 * @self: a client
 * @limit: how many at most, or 0 for all
 * @page_func: (scope async): what gets each page when it is there
 * @page_data: for @page_func
 * @cancellable: (nullable): ends it at once
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Lists the account's videos as pond_stream_client_list_videos_async() does, and shows each page of up to
 * 1,000 as it arrives, until @page_func has seen enough; with a @limit the last page may go beyond it.
 * pond_stream_client_list_videos_finish() ends this as well.
 */
void
pond_stream_client_list_pages_async (PondStreamClient    *self,
                                     guint                limit,
                                     PondVideoPageFunc    page_func,
                                     gpointer             page_data,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autofree char *path = account_path (self, "/stream");
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, pond_stream_client_list_pages_async);
  pond_stream_listing_async (self->transport, path, NULL, limit, page_func, page_data, cancellable,
                             on_listed, task);
}

/**
 * pond_stream_client_list_videos_finish:
 * @self: a client
 * @result: what the callback got
 * @error: of the domain %POND_STREAM_ERROR
 *
 * Returns: (transfer full) (element-type PondVideo): the videos
 */
GPtrArray *
pond_stream_client_list_videos_finish (PondStreamClient  *self,
                                       GAsyncResult      *result,
                                       GError           **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
pond_caption_free (PondCaption *self)
{
  g_free (self->language);
  g_free (self->label);
  g_free (self);
}

/* The tag becomes part of a file name and of an address. */
static gboolean
is_language (const char *text)
{
  return text != NULL && strlen (text) <= 35 &&
         strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == strlen (text);
}

static gpointer
read_captions (GTask    *task,
               JsonNode *result)
{
  g_autoptr(GPtrArray) captions = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_caption_free);
  JsonArray *array;

  if (result == NULL || !JSON_NODE_HOLDS_ARRAY (result))
    return g_steal_pointer (&captions);

  array = json_node_get_array (result);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *language = pond_json_get_string (object, "language");
      const char *label = pond_json_get_string (object, "label");
      const char *status = pond_json_get_string (object, "status");
      PondCaption *caption;

      if (!is_language (language) || (status != NULL && !g_str_equal (status, "ready")))
        continue;

      caption = g_new0 (PondCaption, 1);
      caption->language = g_strdup (language);
      caption->label = g_strdup (label != NULL ? label : language);
      g_ptr_array_add (captions, caption);
    }

  return g_steal_pointer (&captions);
}

/**
 * pond_stream_client_list_captions_async:
 * @self: a client
 * @uid: a video
 * @cancellable: (nullable): ends it at once
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Asks which captions of a video are ready: `GET /accounts/{id}/stream/{uid}/captions`.
 */
void
pond_stream_client_list_captions_async (PondStreamClient    *self,
                                        const char          *uid,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  g_autofree char *path = video_path (self, uid, "/captions");

  call (self, "GET", path, NULL, G_PRIORITY_DEFAULT, NULL, read_captions,
        (GDestroyNotify) g_ptr_array_unref, pond_stream_client_list_captions_async, cancellable, callback,
        user_data);
}

/**
 * pond_stream_client_list_captions_finish:
 * @self: a client
 * @result: what the callback got
 * @error: of the domain %POND_STREAM_ERROR
 *
 * Returns: (transfer full) (element-type PondCaption): the captions
 */
GPtrArray *
pond_stream_client_list_captions_finish (PondStreamClient  *self,
                                         GAsyncResult      *result,
                                         GError           **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_fetch_ready (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  GBytes *bytes = pond_stream_transport_fetch_finish (POND_STREAM_TRANSPORT (source), result, &error);

  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

/**
 * pond_stream_client_fetch_captions_async:
 * @self: a client
 * @uid: a video
 * @language: the language of one of its captions
 * @cancellable: (nullable): ends it at once
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Gets captions as WebVTT: `GET /accounts/{id}/stream/{uid}/captions/{language}/vtt`.
 */
void
pond_stream_client_fetch_captions_async (PondStreamClient    *self,
                                         const char          *uid,
                                         const char          *language,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data)
{
  g_autofree char *rest = g_strconcat ("/captions/", language, "/vtt", NULL);
  g_autofree char *path = video_path (self, uid, rest);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, pond_stream_client_fetch_captions_async);
  pond_stream_transport_fetch_async (self->transport, path, "text/", MAX_CAPTIONS, cancellable,
                                     on_fetch_ready, task);
}

/**
 * pond_stream_client_fetch_poster_async:
 * @self: a client
 * @url: pond_video_get_thumbnail() of a video, signed if it is private
 * @cancellable: (nullable): ends it at once
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Gets a poster, a JPEG. Delivery never sees the API token.
 */
void
pond_stream_client_fetch_poster_async (PondStreamClient    *self,
                                       const char          *url,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  g_autofree char *sized = g_strdup_printf ("%s%cheight=%d", url, strchr (url, '?') != NULL ? '&' : '?',
                                            POSTER_HEIGHT);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, pond_stream_client_fetch_poster_async);
  pond_stream_transport_fetch_async (self->transport, sized, "image/", MAX_POSTER, cancellable,
                                     on_fetch_ready, task);
}

/**
 * pond_stream_client_fetch_finish:
 * @self: a client
 * @result: what the callback got
 * @error: of the domain %POND_STREAM_ERROR
 *
 * Ends fetching captions or a poster.
 *
 * Returns: (transfer full): what came
 */
GBytes *
pond_stream_client_fetch_finish (PondStreamClient  *self,
                                 GAsyncResult      *result,
                                 GError           **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
