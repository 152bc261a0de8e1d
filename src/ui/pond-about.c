/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-about"

#include "config.h"

#include "ui/pond-about.h"

#include <glib/gi18n.h>
#include <gst/gst.h>
#include <libsoup/soup.h>
#include <sqlite3.h>

#define HOMEPAGE "https://github.com/millpond/millpond"

static char *
create_debug_info (GtkWidget         *parent,
                   PondDownloadQueue *queue)
{
  g_autoptr(GString) text = g_string_new (APP_NAME " " VERSION " (" PROFILE ")\n");
  g_autofree char *os = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);
  g_autofree char *gst = gst_version_string ();
  GdkDisplay *display = gtk_widget_get_display (parent);
  GtkNative *native = gtk_widget_get_native (parent);
  GskRenderer *renderer = native != NULL ? gtk_native_get_renderer (native) : NULL;

  g_string_append_printf (text, "System: %s%s\n", os != NULL ? os : "unknown",
                          g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) ? " (Flatpak)" : "");
  g_string_append_printf (text, "Display: %s, %s\n", G_OBJECT_TYPE_NAME (display),
                          renderer != NULL ? G_OBJECT_TYPE_NAME (renderer) : "no renderer");
  g_string_append_printf (text, "GTK: %u.%u.%u\n", gtk_get_major_version (),
                          gtk_get_minor_version (), gtk_get_micro_version ());
  g_string_append_printf (text, "libadwaita: %u.%u.%u\n", adw_get_major_version (),
                          adw_get_minor_version (), adw_get_micro_version ());
  g_string_append_printf (text, "GLib: %u.%u.%u\n", glib_major_version, glib_minor_version,
                          glib_micro_version);
  g_string_append_printf (text, "libsoup: %u.%u.%u\n", soup_get_major_version (),
                          soup_get_minor_version (), soup_get_micro_version ());
  g_string_append_printf (text, "SQLite: %s\n%s\n", sqlite3_libversion (), gst);

  if (queue != NULL)
    {
      GListModel *library = G_LIST_MODEL (pond_download_queue_get_library (queue));
      GListModel *accounts = G_LIST_MODEL (pond_download_queue_get_accounts (queue));

      g_string_append_printf (text, "Saved: %u, on their way: %u, accounts: %u\n",
                              g_list_model_get_n_items (library),
                              g_list_model_get_n_items (G_LIST_MODEL (queue)),
                              g_list_model_get_n_items (accounts));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
pond_about_present (GtkWidget         *parent,
                    PondDownloadQueue *queue)
{
  static const char * const developers[] = { "The Millpond contributors", NULL };
  g_autofree char *debug_info = NULL;
  AdwAboutDialog *dialog;

  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (queue == NULL || POND_IS_DOWNLOAD_QUEUE (queue));

  debug_info = create_debug_info (parent, queue);
  dialog = ADW_ABOUT_DIALOG (adw_about_dialog_new ());
  adw_about_dialog_set_application_name (dialog, _("Millpond"));
  adw_about_dialog_set_application_icon (dialog, APP_ID);
  adw_about_dialog_set_version (dialog, VERSION);
  adw_about_dialog_set_developer_name (dialog, developers[0]);
  adw_about_dialog_set_developers (dialog, (const char **) developers);
  adw_about_dialog_set_website (dialog, HOMEPAGE);
  adw_about_dialog_set_issue_url (dialog, HOMEPAGE "/issues");
  adw_about_dialog_set_license_type (dialog, GTK_LICENSE_GPL_3_0);
  adw_about_dialog_set_comments (dialog, _("Watch your Stream videos offline. Millpond is not "
                                           "affiliated with Cloudflare."));
  /* Translators: your names, one a line; they are shown as the translators */
  adw_about_dialog_set_translator_credits (dialog, _("translator-credits"));
  adw_about_dialog_set_debug_info (dialog, debug_info);
  adw_about_dialog_set_debug_info_filename (dialog, "millpond-debug-info.txt");

  adw_dialog_present (ADW_DIALOG (dialog), parent);
}
