/* SPDX-License-Identifier: GPL-3.0-or-later */

/* drag-source text|links|html|file CONTENT
 *
 * A window of another process that something can be dragged out of: CONTENT as plain text, as a list
 * of addresses or as HTML, or the file at that path as a file manager offers it. Ends with status 0 when
 * that was dropped and taken, and with 1 when it was not. */

#include <gtk/gtk.h>

static GdkContentProvider *
create_provider (const char *kind,
                 const char *content)
{
  static const struct
  {
    const char *kind;
    const char *mime_type;
  } table[] = {
    { "text", "text/plain;charset=utf-8" },
    { "links", "text/uri-list" },
    { "html", "text/html" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (kind, table[i].kind))
      {
        g_autoptr(GBytes) bytes = g_bytes_new (content, strlen (content));

        return gdk_content_provider_new_for_bytes (table[i].mime_type, bytes);
      }

  if (g_str_equal (kind, "file"))
    {
      g_autoptr(GFile) file = g_file_new_for_path (content);
      g_autoptr(GSList) files = g_slist_append (NULL, file);
      g_auto(GValue) value = G_VALUE_INIT;

      g_value_init (&value, GDK_TYPE_FILE_LIST);
      g_value_take_boxed (&value, gdk_file_list_new_from_list (files));

      return gdk_content_provider_new_for_value (&value);
    }

  g_error ("Nothing is dragged as “%s”", kind);
}

static gboolean
on_drag_cancel (int *status)
{
  *status = 1;

  return FALSE;
}

static void
on_drag_end (GtkWindow *window)
{
  gtk_window_destroy (window);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GdkContentProvider) provider = NULL;
  GtkDragSource *source;
  GtkWidget *label;
  GtkWidget *window;
  int status = 0;

  g_assert (argc == 3);
  gtk_init ();

  provider = create_provider (argv[1], argv[2]);
  source = gtk_drag_source_new ();
  gtk_drag_source_set_content (source, provider);
  gtk_drag_source_set_actions (source, GDK_ACTION_COPY | GDK_ACTION_LINK);

  label = gtk_label_new (argv[1]);
  gtk_widget_add_controller (label, GTK_EVENT_CONTROLLER (source));
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), 160, 120);
  gtk_window_set_child (GTK_WINDOW (window), label);
  g_signal_connect_swapped (source, "drag-cancel", G_CALLBACK (on_drag_cancel), &status);
  g_signal_connect_swapped (source, "drag-end", G_CALLBACK (on_drag_end), window);
  gtk_window_present (GTK_WINDOW (window));

  while (g_list_model_get_n_items (gtk_window_get_toplevels ()) > 0)
    g_main_context_iteration (NULL, TRUE);

  return status;
}
