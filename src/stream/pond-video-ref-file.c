/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-video-ref-private.h"

#include <glib/gi18n-lib.h>

#define MAX_SIZE (1024 * 1024)

typedef struct
{
  GPtrArray *refs;
  GPtrArray *rejected;
} Found;

static void
found_free (Found *found)
{
  g_clear_pointer (&found->refs, g_ptr_array_unref);
  g_clear_pointer (&found->rejected, g_ptr_array_unref);
  g_free (found);
}

/* Opening a pipe would wait for somebody to write into it. */
static gboolean
check_type (GFile         *file,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE,
                                                 cancellable, error);

  if (info == NULL)
    return FALSE;

  if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, _("This is not a file"));

  return FALSE;
}

static GBytes *
read_file (GFile         *file,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(GFileInputStream) stream = NULL;
  g_autofree char *data = NULL;
  gsize size;

  if (!check_type (file, cancellable, error))
    return NULL;

  stream = g_file_read (file, cancellable, error);
  if (stream == NULL)
    return NULL;

  data = g_malloc (MAX_SIZE + 1);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), data, MAX_SIZE + 1, &size, cancellable, error))
    return NULL;

  if (size > MAX_SIZE)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                           _("The file is too large to be a list of videos"));
      return NULL;
    }

  return g_bytes_new_take (g_steal_pointer (&data), size);
}

static void
scan_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  g_autoptr(GBytes) bytes = read_file (task_data, cancellable, &error);
  Found *found;

  if (bytes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  found = g_new0 (Found, 1);
  found->refs = pond_video_ref_scan_bytes (bytes, &found->rejected);
  g_task_return_pointer (task, found, (GDestroyNotify) found_free);
}

/**
 * pond_video_ref_scan_file_async:
 * @file: a file of up to 1 MiB: a list, a page, a bookmark (`.desktop`, `.url`, `.webloc`)
 * @cancellable: (nullable): ends it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Finds every video that a file names, as pond_video_ref_scan() does, in a thread.
 */
void
pond_video_ref_scan_file_async (GFile               *file,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (G_IS_FILE (file));

  g_task_set_source_tag (task, pond_video_ref_scan_file_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, scan_in_thread);
}

/**
 * pond_video_ref_scan_file_finish:
 * @result: what the callback got
 * @rejected: (out) (optional) (transfer full) (element-type utf8): as in pond_video_ref_scan()
 * @error: of the domain %G_IO_ERROR; %G_IO_ERROR_MESSAGE_TOO_LARGE for a file of more than 1 MiB
 *
 * Returns: (transfer full) (nullable) (element-type PondVideoRef): the videos
 */
GPtrArray *
pond_video_ref_scan_file_finish (GAsyncResult  *result,
                                 GPtrArray    **rejected,
                                 GError       **error)
{
  Found *found = g_task_propagate_pointer (G_TASK (result), error);
  GPtrArray *refs;

  if (found == NULL)
    return NULL;

  refs = g_steal_pointer (&found->refs);
  if (rejected != NULL)
    *rejected = g_steal_pointer (&found->rejected);
  found_free (found);

  return refs;
}
