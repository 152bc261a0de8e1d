/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-offer"

#include "config.h"

#include "ui/pond-offer.h"

#include <glib/gi18n.h>
#include <string.h>

#include "stream/pond-video-ref.h"

/* A list of some 20,000 links fits; a video that was dropped by mistake is not read to its end. */
#define MAX_FILE_SIZE (1024 * 1024)

#define HTML_TYPE "text/html"

/* What a drop or the clipboard may come as, in the order in which it is looked at. A browser gives the
 * text of a link, which says nothing, beside HTML, which has the address. */
typedef enum
{
  FORM_FILES,
  FORM_TEXT,
  FORM_HTML,
  N_FORMS,
} Form;

typedef struct
{
  GdkContentFormats *formats;
  Form               form;
  char              *buffer;

  /* The first one that was read, although it names no video; and what went wrong first. */
  char              *text;
  GError            *error;
} Reading;

static void
reading_free (Reading *reading)
{
  gdk_content_formats_unref (reading->formats);
  g_free (reading->buffer);
  g_free (reading->text);
  g_clear_error (&reading->error);
  g_free (reading);
}

static gboolean
names_video (const char *text)
{
  g_autoptr(GPtrArray) found = pond_video_ref_scan (text, NULL);

  return found->len > 0;
}

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

/* A page that somebody drags part of has links to much else: those that name no video are left out. */
static char *
find_links (const char *html)
{
  g_autoptr(GRegex) regex = g_regex_new ("\\b(?:href|src)\\s*=\\s*(\"[^\"]*\"|'[^']*'|[^\\s>]+)",
                                         G_REGEX_CASELESS, G_REGEX_MATCH_DEFAULT, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  GString *links = g_string_new (NULL);

  for (g_regex_match (regex, html, G_REGEX_MATCH_DEFAULT, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *value = g_match_info_fetch (match, 1);
      char *link = value;

      if (*link == '"' || *link == '\'')
        {
          link++;
          link[strlen (link) - 1] = '\0';
        }

      if (names_video (link))
        g_string_append_printf (links, "%s%s", links->len > 0 ? "\n" : "", link);
    }

  g_string_replace (links, "&amp;", "&", 0);

  return g_string_free (links, FALSE);
}

/* Browsers have offered HTML as UTF-16 on X11. */
static char *
decode_html (const char *data,
             gsize       length)
{
  g_autofree char *utf8 = NULL;

  if (memchr (data, '\0', length) != NULL)
    utf8 = g_convert (data, length & ~(gsize) 1, "UTF-8", "UTF-16", NULL, NULL, NULL);
  if (utf8 == NULL)
    utf8 = g_utf8_make_valid (data, length);

  return g_steal_pointer (&utf8);
}

static void read_next (GTask *task);

static void
consider (GTask  *task,
          char   *text,
          GError *error)
{
  Reading *reading = g_task_get_task_data (task);

  if (text != NULL && names_video (text))
    {
      g_task_return_pointer (task, text, g_free);
      return;
    }

  if (text != NULL && *text != '\0' && reading->text == NULL)
    reading->text = g_steal_pointer (&text);
  if (error != NULL && reading->error == NULL)
    reading->error = g_error_copy (error);

  g_free (text);
  read_next (task);
}

static void
on_files_read (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  char *text = pond_offer_read_files_finish (result, &error);

  consider (task, text, error);
}

static void
on_value_read (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  const GValue *value = GDK_IS_DROP (source)
                            ? gdk_drop_read_value_finish (GDK_DROP (source), result, &error)
                            : gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, &error);

  if (value != NULL && G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    {
      g_autoptr(GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));

      pond_offer_read_files_async (files, g_task_get_cancellable (task), on_files_read,
                                   g_object_ref (task));
      return;
    }

  consider (task, value != NULL ? g_value_dup_string (value) : NULL, error);
}

static void
on_html_read (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autofree char *html = NULL;
  gsize length;

  if (g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, &error))
    html = decode_html (reading->buffer, length);

  consider (task, html != NULL ? find_links (html) : NULL, error);
}

static void
on_html_opened (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream = NULL;

  stream = GDK_IS_DROP (source)
               ? gdk_drop_read_finish (GDK_DROP (source), result, NULL, &error)
               : gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, NULL, &error);
  if (stream == NULL)
    {
      consider (task, NULL, error);
      return;
    }

  reading->buffer = g_malloc (MAX_FILE_SIZE);
  g_input_stream_read_all_async (stream, reading->buffer, MAX_FILE_SIZE, G_PRIORITY_DEFAULT,
                                 g_task_get_cancellable (task), on_html_read, g_object_ref (task));
}

static void
read_value (GTask *task,
            GType  type)
{
  GObject *source = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (GDK_IS_DROP (source))
    gdk_drop_read_value_async (GDK_DROP (source), type, G_PRIORITY_DEFAULT, cancellable,
                               on_value_read, g_object_ref (task));
  else
    gdk_clipboard_read_value_async (GDK_CLIPBOARD (source), type, G_PRIORITY_DEFAULT, cancellable,
                                    on_value_read, g_object_ref (task));
}

static void
read_html (GTask *task)
{
  static const char *mime_types[] = { HTML_TYPE, NULL };
  GObject *source = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (GDK_IS_DROP (source))
    gdk_drop_read_async (GDK_DROP (source), mime_types, G_PRIORITY_DEFAULT, cancellable,
                         on_html_opened, g_object_ref (task));
  else
    gdk_clipboard_read_async (GDK_CLIPBOARD (source), mime_types, G_PRIORITY_DEFAULT, cancellable,
                              on_html_opened, g_object_ref (task));
}

static gboolean
is_offered (GdkContentFormats *formats,
            Form               form)
{
  switch (form)
    {
    case FORM_FILES:
      return gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST);
    case FORM_TEXT:
      return gdk_content_formats_contain_gtype (formats, G_TYPE_STRING);
    case FORM_HTML:
      return gdk_content_formats_contain_mime_type (formats, HTML_TYPE);
    case N_FORMS:
    default:
      return FALSE;
    }
}

static void
read_next (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return;

  while (reading->form < N_FORMS && !is_offered (reading->formats, reading->form))
    reading->form++;

  switch (reading->form++)
    {
    case FORM_FILES:
      read_value (task, GDK_TYPE_FILE_LIST);
      break;
    case FORM_TEXT:
      read_value (task, G_TYPE_STRING);
      break;
    case FORM_HTML:
      read_html (task);
      break;
    case N_FORMS:
    default:
      if (reading->text != NULL)
        g_task_return_pointer (task, g_steal_pointer (&reading->text), g_free);
      else if (reading->error != NULL)
        g_task_return_error (task, g_steal_pointer (&reading->error));
      else
        g_task_return_new_error_literal (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                                         _("There is no text in this"));
    }
}

GdkContentFormats *
pond_offer_get_formats (void)
{
  GdkContentFormatsBuilder *builder = gdk_content_formats_builder_new ();

  gdk_content_formats_builder_add_gtype (builder, GDK_TYPE_FILE_LIST);
  gdk_content_formats_builder_add_gtype (builder, G_TYPE_STRING);
  gdk_content_formats_builder_add_mime_type (builder, HTML_TYPE);

  return gdk_content_formats_union_deserialize_mime_types (
      gdk_content_formats_builder_free_to_formats (builder));
}

void
pond_offer_read_async (GObject             *source,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GdkContentFormats *formats;
  Reading *reading;

  g_return_if_fail (GDK_IS_DROP (source) || GDK_IS_CLIPBOARD (source));

  formats = GDK_IS_DROP (source) ? gdk_drop_get_formats (GDK_DROP (source))
                                 : gdk_clipboard_get_formats (GDK_CLIPBOARD (source));
  reading = g_new0 (Reading, 1);
  reading->formats =
      gdk_content_formats_union_deserialize_gtypes (gdk_content_formats_ref (formats));

  task = g_task_new (source, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_offer_read_async);
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  read_next (task);
}

char *
pond_offer_read_finish (GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
