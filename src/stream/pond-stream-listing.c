/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-client"

#include "config.h"

#include "stream/pond-stream-listing.h"
#include "stream/pond-stream-error.h"
#include "stream/pond-stream-json.h"
#include "stream/pond-video.h"

#include <glib/gi18n-lib.h>

#define PAGE_SIZE 1000

/* Videos that share the time of the last one on a page are, in part, on the next. So the next page is
 * asked for with that time still in it, and what comes twice is dropped. When a whole page shares one time
 * that brings nothing new; then the same moment is read from its other end, and left behind. */
typedef enum
{
  STEP_ONWARD,
  STEP_OTHER_END,
  STEP_BEYOND,
} Step;

typedef struct
{
  char *path;
  char *search;
  guint limit;
  PondVideoPageFunc page_func;
  gpointer page_data;
  /* (element-type PondVideo) */
  GPtrArray *videos;
  /* (element-type utf8), owned by @videos */
  GHashTable *seen;
  Step step;
  /* When the oldest video so far was made, in microseconds; 0 before the first page. */
  gint64 edge;
  guint asked;
} Listing;

static void
listing_free (Listing *listing)
{
  g_clear_pointer (&listing->seen, g_hash_table_unref);
  g_clear_pointer (&listing->videos, g_ptr_array_unref);
  g_free (listing->path);
  g_free (listing->search);
  g_free (listing);
}

/* Adds what is new of a page; returns how many were. */
static guint
add_page (Listing   *listing,
          JsonArray *page)
{
  guint n_new = 0;

  for (guint i = 0; i < json_array_get_length (page); i++)
    {
      JsonNode *node = json_array_get_element (page, i);
      g_autoptr(PondVideo) video = pond_video_new_from_json (node);
      gint64 created;

      if (video == NULL)
        continue;

      created = pond_json_get_time (json_node_get_object (node), "created");
      if (created != 0 && (listing->edge == 0 || created < listing->edge))
        listing->edge = created;

      if (g_hash_table_contains (listing->seen, pond_video_get_uid (video)))
        continue;

      n_new++;
      g_hash_table_add (listing->seen, (gpointer) pond_video_get_uid (video));
      g_ptr_array_add (listing->videos, g_steal_pointer (&video));
    }

  return n_new;
}

/* Chooses how to go on after a page; FALSE if that was the last one. */
static gboolean
choose_step (Listing *listing,
             guint    length,
             guint    n_new)
{
  gboolean full = length >= listing->asked;

  if (listing->edge == 0 || (listing->limit != 0 && listing->videos->len >= listing->limit))
    return FALSE;

  switch (listing->step)
    {
    case STEP_ONWARD:
      if (n_new == 0)
        listing->step = STEP_OTHER_END;
      return full;

    case STEP_OTHER_END:
      listing->step = STEP_BEYOND;
      return TRUE;

    case STEP_BEYOND:
    default:
      listing->step = STEP_ONWARD;
      return full && n_new > 0;
    }
}

/* Shows the caller what is new of a page; FALSE if that is enough. */
static gboolean
show_page (Listing *listing,
           guint    n_new)
{
  g_autoptr(GPtrArray) page = NULL;

  if (listing->page_func == NULL || n_new == 0)
    return TRUE;

  page = g_ptr_array_new_full (n_new, g_object_unref);
  for (guint i = listing->videos->len - n_new; i < listing->videos->len; i++)
    g_ptr_array_add (page, g_object_ref (g_ptr_array_index (listing->videos, i)));

  return listing->page_func (page, listing->page_data);
}

static void list_next_page (GTask *task);

static void
on_page_ready (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Listing *listing = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) envelope = NULL;
  JsonArray *page;
  guint n_new;

  envelope = pond_stream_transport_call_finish (POND_STREAM_TRANSPORT (source), result, &error);
  if (envelope == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  page = pond_json_get_array (json_node_get_object (envelope), "result");
  if (page == NULL)
    {
      g_task_return_error (task, pond_stream_error_new (POND_STREAM_ERROR_PROTOCOL, 200, 0, -1,
                                                        _("Stream’s answer makes no sense")));
      return;
    }

  n_new = add_page (listing, page);
  if (show_page (listing, n_new) && choose_step (listing, json_array_get_length (page), n_new))
    {
      list_next_page (g_object_ref (task));
      return;
    }

  if (listing->limit != 0 && listing->videos->len > listing->limit)
    g_ptr_array_set_size (listing->videos, (int) listing->limit);

  g_task_return_pointer (task, g_steal_pointer (&listing->videos), (GDestroyNotify) g_ptr_array_unref);
}

static void
append_bound (GString    *path,
              const char *name,
              gint64      usec)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc_usec (usec);
  g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S.%fZ");

  g_string_append_printf (path, "&%s=%s", name, text);
}

/* Takes the reference to @task. */
static void
list_next_page (GTask *task)
{
  PondStreamTransport *transport = g_task_get_source_object (task);
  Listing *listing = g_task_get_task_data (task);
  g_autoptr(GString) path = g_string_new (listing->path);

  /* Pages overlap, so only a first one may be small. */
  listing->asked = listing->edge == 0 && listing->limit != 0 ? MIN (PAGE_SIZE, listing->limit) : PAGE_SIZE;
  g_string_append_printf (path, "?limit=%u", listing->asked);
  if (listing->search != NULL)
    {
      g_string_append (path, "&search=");
      g_string_append_uri_escaped (path, listing->search, NULL, FALSE);
    }

  if (listing->step == STEP_OTHER_END)
    {
      g_string_append (path, "&asc=true");
      append_bound (path, "after", listing->edge);
    }
  if (listing->edge != 0)
    append_bound (path, "before", listing->edge + (listing->step == STEP_BEYOND ? 0 : 1));

  pond_stream_transport_call_async (transport, "GET", path->str, NULL, G_PRIORITY_DEFAULT,
                                    g_task_get_cancellable (task), on_page_ready, task);
}

/**
 * pond_stream_listing_async:
 * @transport: the API
 * @path: the list's path, without a query
 * @search: (nullable): words of the title
 * @limit: how many at most, or 0 for all
 * @page_func: (nullable) (scope async): what gets each page when it is there
 * @page_data: for @page_func
 * @cancellable: (nullable): ends it at once
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Lists videos, the newest first. All come, and once each, unless more than 2,000 were made in the same
 * microsecond: the API shows no more than 1,000 from either end.
 */
void
pond_stream_listing_async (PondStreamTransport *transport,
                           const char          *path,
                           const char          *search,
                           guint                limit,
                           PondVideoPageFunc    page_func,
                           gpointer             page_data,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (transport, cancellable, callback, user_data);
  Listing *listing = g_new0 (Listing, 1);

  g_task_set_source_tag (task, pond_stream_listing_async);
  g_task_set_task_data (task, listing, (GDestroyNotify) listing_free);
  listing->path = g_strdup (path);
  listing->search = g_strdup (search);
  listing->limit = limit;
  listing->page_func = page_func;
  listing->page_data = page_data;
  listing->videos = g_ptr_array_new_with_free_func (g_object_unref);
  listing->seen = g_hash_table_new (g_str_hash, g_str_equal);

  list_next_page (task);
}

/**
 * pond_stream_listing_finish:
 * @transport: the API
 * @result: what the callback got
 * @error: of the domain %POND_STREAM_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (element-type PondVideo): the videos
 */
GPtrArray *
pond_stream_listing_finish (PondStreamTransport  *transport,
                            GAsyncResult         *result,
                            GError              **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
