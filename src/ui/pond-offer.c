/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-offer"

#include "config.h"

#include "ui/pond-offer.h"

/* A list of some 20,000 links fits; a video that was dropped by mistake is not read to its end. */
#define MAX_FILE_SIZE (1024 * 1024)

/* A file that is no text counts by its name, which for a saved video holds the ID. */
static gboolean
append_file (GString       *text,
             GFile         *file,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr(GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autofree char *buffer = NULL;
  const char *end;
  gsize length;

  if (stream == NULL)
    return FALSE;

  buffer = g_malloc (MAX_FILE_SIZE);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), buffer, MAX_FILE_SIZE, &length,
                                cancellable, error))
    return FALSE;

  /* The limit may cut the last character in two. */
  if (g_utf8_validate_len (buffer, length, &end)
      || (length == MAX_FILE_SIZE && end - buffer > MAX_FILE_SIZE - 4))
    {
      g_string_append_len (text, buffer, end - buffer);
    }
  else
    {
      g_autofree char *name = g_file_get_basename (file);
      g_autofree char *valid = g_utf8_make_valid (name, -1);

      g_string_append (text, valid);
    }

  return TRUE;
}

static void
read_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  GPtrArray *files = task_data;
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) first_error = NULL;

  for (guint i = 0; i < files->len; i++)
    {
      GFile *file = files->pdata[i];
      g_autoptr(GError) error = NULL;

      if (text->len > 0)
        g_string_append_c (text, '\n');

      if (!g_file_is_native (file))
        {
          g_autofree char *uri = g_file_get_uri (file);

          g_string_append (text, uri);
        }
      else if (!append_file (text, file, cancellable, &error) && first_error == NULL)
        {
          first_error = g_steal_pointer (&error);
        }
    }

  if (text->len == 0 && first_error != NULL)
    g_task_return_error (task, g_steal_pointer (&first_error));
  else
    g_task_return_pointer (task, g_string_free (g_steal_pointer (&text), FALSE), g_free);
}

void
pond_offer_read_files_async (GSList              *files,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_object_unref);

  for (GSList *l = files; l != NULL; l = l->next)
    g_ptr_array_add (copy, g_object_ref (l->data));

  g_task_set_source_tag (task, pond_offer_read_files_async);
  g_task_set_task_data (task, copy, (GDestroyNotify) g_ptr_array_unref);
  g_task_run_in_thread (task, read_in_thread);
}

char *
pond_offer_read_files_finish (GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
