/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-poster-loader"

#include "config.h"

#include "ui/pond-poster-loader.h"

/* A poster of Stream's has some 100 KiB; anything larger than this is no poster. */
#define MAX_FILE_SIZE (8 * 1024 * 1024)
/* 480 × 270 pixels of three bytes each: some 50 MB when full. */
#define CACHE_SIZE 128

/* The least recently used texture is at the tail. Main thread only. */
static GQueue recent = G_QUEUE_INIT;
static GHashTable *cache;

typedef struct
{
  GFile      *file;
  GdkTexture *texture;
} CacheItem;

static void
cache_item_free (CacheItem *item)
{
  g_clear_object (&item->file);
  g_clear_object (&item->texture);
  g_free (item);
}

static void
remember (GFile      *file,
          GdkTexture *texture)
{
  CacheItem *item;

  if (cache == NULL)
    cache = g_hash_table_new (g_file_hash, (GEqualFunc) g_file_equal);

  if (g_hash_table_contains (cache, file))
    return;

  item = g_new0 (CacheItem, 1);
  item->file = g_object_ref (file);
  item->texture = g_object_ref (texture);
  g_queue_push_head (&recent, item);
  g_hash_table_insert (cache, item->file, recent.head);

  if (recent.length > CACHE_SIZE)
    {
      CacheItem *oldest = g_queue_pop_tail (&recent);

      g_hash_table_remove (cache, oldest->file);
      cache_item_free (oldest);
    }
}

static void
on_size_prepared (GdkPixbufLoader *loader,
                  int              width,
                  int              height,
                  gpointer         user_data)
{
  if (width > POND_POSTER_WIDTH)
    gdk_pixbuf_loader_set_size (loader, POND_POSTER_WIDTH,
                                MAX (1, (int) ((gint64) height * POND_POSTER_WIDTH / width)));
}

static GdkTexture *
texture_from_pixbuf (GdkPixbuf *pixbuf)
{
  g_autoptr(GBytes) bytes = gdk_pixbuf_read_pixel_bytes (pixbuf);

  return gdk_memory_texture_new (gdk_pixbuf_get_width (pixbuf), gdk_pixbuf_get_height (pixbuf),
                                 gdk_pixbuf_get_has_alpha (pixbuf) ? GDK_MEMORY_R8G8B8A8
                                                                   : GDK_MEMORY_R8G8B8,
                                 bytes, gdk_pixbuf_get_rowstride (pixbuf));
}

static GdkTexture *
decode (GFile         *file,
        GCancellable  *cancellable,
        GError       **error)
{
  g_autoptr(GFileInputStream) stream = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GdkPixbufLoader) loader = NULL;

  stream = g_file_read (file, cancellable, error);
  if (stream == NULL)
    return NULL;

  bytes = g_input_stream_read_bytes (G_INPUT_STREAM (stream), MAX_FILE_SIZE, cancellable, error);
  if (bytes == NULL)
    return NULL;

  loader = gdk_pixbuf_loader_new ();
  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size_prepared), NULL);

  if (!gdk_pixbuf_loader_write_bytes (loader, bytes, error))
    {
      gdk_pixbuf_loader_close (loader, NULL);
      return NULL;
    }

  if (!gdk_pixbuf_loader_close (loader, error))
    return NULL;

  return texture_from_pixbuf (gdk_pixbuf_loader_get_pixbuf (loader));
}

static void
load_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = decode (task_data, cancellable, &error);

  if (texture != NULL)
    g_task_return_pointer (task, g_steal_pointer (&texture), g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

GdkTexture *
pond_poster_peek (GFile *file)
{
  GList *link = cache != NULL ? g_hash_table_lookup (cache, file) : NULL;

  if (link == NULL)
    return NULL;

  g_queue_unlink (&recent, link);
  g_queue_push_head_link (&recent, link);

  return ((CacheItem *) link->data)->texture;
}

void
pond_poster_load_async (GFile               *file,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (G_IS_FILE (file));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_poster_load_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, load_in_thread);
}

GdkTexture *
pond_poster_load_finish (GAsyncResult  *result,
                         GError       **error)
{
  GdkTexture *texture;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  texture = g_task_propagate_pointer (G_TASK (result), error);
  if (texture != NULL)
    remember (g_task_get_task_data (G_TASK (result)), texture);

  return texture;
}
