/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-window"

#include "config.h"

#include "ui/pond-window.h"

#include <glib/gi18n.h>

#include "ui/pond-about.h"
#include "ui/pond-account-dialog.h"
#include "ui/pond-accounts-page.h"
#include "ui/pond-add-dialog.h"
#include "ui/pond-downloads-page.h"
#include "ui/pond-drop-area.h"
#include "ui/pond-library-page.h"
#include "ui/pond-offer.h"
#include "ui/pond-place-row.h"
#include "ui/pond-player-page.h"
#include "ui/pond-preferences-dialog.h"
#include "ui/pond-shortcuts-dialog.h"
#include "ui/pond-stream-page.h"
#include "ui/pond-welcome-page.h"

struct _PondWindow
{
  AdwApplicationWindow    parent_instance;

  AdwToastOverlay        *toast_overlay;
  AdwNavigationView      *navigation;
  GtkStack               *root_stack;
  AdwStatusPage          *error_page;
  AdwNavigationSplitView *split_view;
  GtkListBox             *sidebar;

  GSettings              *settings;
  PondAccountStore       *accounts;
  char                   *api_base;
  PondDownloadQueue      *queue;
  GtkMapListModel        *account_places;
  PondPlace              *downloads_place;
  PondLibraryPage        *library_page;
  PondStreamPage         *stream_page;
  PondDownloadsPage      *downloads_page;
  AdwNavigationPage      *player_page;
  AdwToast               *added_toast;
  guint                   n_added;
  PondAddDialog          *add_dialog;
  GCancellable           *cancellable;

  /* What was offered before the library was open. */
  GString                *pending_text;
};

G_DEFINE_FINAL_TYPE (PondWindow, pond_window, ADW_TYPE_APPLICATION_WINDOW)

/* Videos on their way into the queue. */
typedef struct
{
  PondWindow *window;
  guint       n_pending;
  guint       n_added;
  GError     *error;
} Addition;

static void
pond_window_show_place (PondWindow    *self,
                        PondPlaceKind  kind)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->sidebar, i)) != NULL; i++)
    if (pond_place_get_kind (pond_place_row_get_place (POND_PLACE_ROW (row))) == kind)
      {
        gtk_list_box_select_row (self->sidebar, row);
        adw_navigation_split_view_set_show_content (self->split_view, TRUE);
        return;
      }
}

static void
on_place_selected (PondWindow    *self,
                   GtkListBoxRow *row)
{
  PondPlace *place;

  if (row == NULL)
    return;

  place = pond_place_row_get_place (POND_PLACE_ROW (row));
  switch (pond_place_get_kind (place))
    {
    case POND_PLACE_DOWNLOADS:
      adw_navigation_split_view_set_content (self->split_view,
                                             ADW_NAVIGATION_PAGE (self->downloads_page));
      break;
    case POND_PLACE_ACCOUNT:
      pond_stream_page_set_account (self->stream_page, self->queue, pond_place_get_account (place));
      adw_navigation_split_view_set_content (self->split_view,
                                             ADW_NAVIGATION_PAGE (self->stream_page));
      break;
    case POND_PLACE_ALL:
    case POND_PLACE_CONTINUE:
    case POND_PLACE_UNWATCHED:
    case POND_PLACE_AUDIO:
    default:
      pond_library_page_set_place (self->library_page, place);
      adw_navigation_split_view_set_content (self->split_view,
                                             ADW_NAVIGATION_PAGE (self->library_page));
    }
}

static void
on_place_activated (PondWindow    *self,
                    GtkListBoxRow *row)
{
  adw_navigation_split_view_set_show_content (self->split_view, TRUE);
}

static GtkWidget *
create_place_row (gpointer item,
                  gpointer user_data)
{
  return pond_place_row_new (item);
}

static void
update_place_header (GtkListBoxRow *row,
                     GtkListBoxRow *before,
                     gpointer       user_data)
{
  const char *group = pond_place_get_group (pond_place_row_get_place (POND_PLACE_ROW (row)));
  const char *previous =
      before != NULL ? pond_place_get_group (pond_place_row_get_place (POND_PLACE_ROW (before))) : NULL;
  GtkWidget *label;

  if (g_strcmp0 (group, previous) == 0)
    {
      gtk_list_box_row_set_header (row, NULL);
    }
  else if (group == NULL)
    {
      gtk_list_box_row_set_header (row, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
    }
  else
    {
      label = gtk_label_new (group);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_widget_add_css_class (label, "heading");
      gtk_widget_add_css_class (label, "dimmed");
      gtk_list_box_row_set_header (row, label);
    }
}

/* Without videos, downloads and accounts there is nothing to show but how to begin. */
static void
update_root (PondWindow *self)
{
  gboolean begun;

  if (self->queue == NULL)
    return;

  begun = g_list_model_get_n_items (G_LIST_MODEL (pond_download_queue_get_library (self->queue))) > 0
          || g_list_model_get_n_items (G_LIST_MODEL (self->queue)) > 0
          || g_list_model_get_n_items (G_LIST_MODEL (self->accounts)) > 0;

  gtk_stack_set_visible_child_name (self->root_stack, begun ? "main" : "welcome");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.search", begun);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.toggle-sidebar", begun);
}

static void
update_downloads_place (PondWindow *self)
{
  guint n_active;
  guint64 bytes;
  guint64 total;

  g_object_get (self->queue, "n-active", &n_active, "bytes", &bytes, "total", &total, NULL);
  g_object_set (self->downloads_place,
                "count", n_active,
                "progress", n_active > 0 && total > 0 ? MIN (1.0, bytes / (double) total) : -1.0,
                NULL);
}

/* One toast counts on while it is shown: a toast for each of ten clicks would be in the way for long. */
static void
pond_window_toast_added (PondWindow *self,
                         guint       n_added)
{
  g_autofree char *title = NULL;

  self->n_added = self->added_toast != NULL ? self->n_added + n_added : n_added;
  title = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u video added to downloads",
                                        "%u videos added to downloads", self->n_added),
                           self->n_added);

  if (self->added_toast != NULL)
    {
      adw_toast_set_title (self->added_toast, title);
    }
  else
    {
      self->added_toast = adw_toast_new (title);
      g_object_add_weak_pointer (G_OBJECT (self->added_toast), (gpointer *) &self->added_toast);
      adw_toast_set_button_label (self->added_toast, _("_Show"));
      adw_toast_set_action_name (self->added_toast, "win.show-downloads");
    }

  /* Adding it again has it shown for its full time. */
  adw_toast_overlay_add_toast (self->toast_overlay, g_object_ref (self->added_toast));
}

static void
on_add_ready (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Addition *addition = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PondDownload) download = NULL;

  download = pond_download_queue_add_finish (POND_DOWNLOAD_QUEUE (source), result, &error);
  if (download != NULL)
    addition->n_added++;
  else if (addition->error == NULL)
    addition->error = g_steal_pointer (&error);

  if (--addition->n_pending > 0)
    return;

  if (addition->error != NULL)
    {
      pond_window_toast (addition->window, addition->error->message);
    }
  else
    {
      pond_window_toast_added (addition->window, addition->n_added);
    }

  g_clear_error (&addition->error);
  g_object_unref (addition->window);
  g_free (addition);
}

static void
on_add_dialog_closed (PondWindow *self)
{
  self->add_dialog = NULL;
}

static void
pond_window_present_add_dialog (PondWindow *self,
                                const char *text)
{
  if (self->add_dialog == NULL)
    {
      self->add_dialog = pond_add_dialog_new (self->queue);
      g_signal_connect_object (self->add_dialog, "download", G_CALLBACK (pond_window_download), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->add_dialog, "closed", G_CALLBACK (on_add_dialog_closed), self,
                               G_CONNECT_SWAPPED);
      adw_dialog_present (ADW_DIALOG (self->add_dialog), GTK_WIDGET (self));
    }

  if (text != NULL)
    pond_add_dialog_add_text (self->add_dialog, text);
}

static void
on_clipboard_read (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(PondWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = pond_offer_read_finish (result, &error);

  if (text != NULL)
    pond_window_offer_text (self, text);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    pond_window_toast (self, _("There is no text on the clipboard"));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    pond_window_toast (self, error->message);
}

static void
on_paste_activated (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  PondWindow *self = POND_WINDOW (widget);

  pond_offer_read_async (G_OBJECT (gtk_widget_get_clipboard (widget)), self->cancellable,
                         on_clipboard_read, g_object_ref (self));
}

static void
on_add_activated (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  pond_window_present_add_dialog (POND_WINDOW (widget), NULL);
}

static void
on_search_activated (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  PondWindow *self = POND_WINDOW (widget);

  if (adw_navigation_view_get_visible_page (self->navigation) == self->player_page)
    return;

  adw_navigation_split_view_set_show_content (self->split_view, TRUE);
  if (adw_navigation_split_view_get_content (self->split_view)
      == ADW_NAVIGATION_PAGE (self->stream_page))
    {
      pond_stream_page_start_search (self->stream_page);
      return;
    }

  if (adw_navigation_split_view_get_content (self->split_view)
      != ADW_NAVIGATION_PAGE (self->library_page))
    pond_window_show_place (self, POND_PLACE_ALL);
  pond_library_page_start_search (self->library_page);
}

static void
on_connected (PondWindow  *self,
              PondAccount *account)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->sidebar, i)) != NULL; i++)
    if (pond_place_get_account (pond_place_row_get_place (POND_PLACE_ROW (row))) == account)
      gtk_list_box_select_row (self->sidebar, row);
}

/* What is shown of the account was asked for with the token before, or never came. */
static void
on_token_changed (PondWindow  *self,
                  PondAccount *account)
{
  if (adw_navigation_split_view_get_content (self->split_view) == ADW_NAVIGATION_PAGE (self->stream_page))
    gtk_widget_activate_action (GTK_WIDGET (self->stream_page), "stream.refresh", NULL);
}

static void
on_connect_account_activated (GtkWidget  *widget,
                              const char *action_name,
                              GVariant   *parameter)
{
  PondWindow *self = POND_WINDOW (widget);
  AdwDialog *dialog = pond_account_dialog_new (self->accounts, self->api_base);

  g_signal_connect_object (dialog, "connected", G_CALLBACK (on_connected), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, widget);
}

static void
on_show_downloads_activated (GtkWidget  *widget,
                             const char *action_name,
                             GVariant   *parameter)
{
  PondWindow *self = POND_WINDOW (widget);

  adw_navigation_view_pop_to_tag (self->navigation, "main");
  pond_window_show_place (self, POND_PLACE_DOWNLOADS);
}

/* On a wide window the sidebar is put away by collapsing the view, which the breakpoint does not undo
 * before the window has been narrow. */
static void
on_toggle_sidebar_activated (GtkWidget  *widget,
                             const char *action_name,
                             GVariant   *parameter)
{
  PondWindow *self = POND_WINDOW (widget);

  if (adw_application_window_get_current_breakpoint (ADW_APPLICATION_WINDOW (self)) != NULL)
    {
      adw_navigation_split_view_set_show_content (
          self->split_view, !adw_navigation_split_view_get_show_content (self->split_view));
    }
  else
    {
      adw_navigation_split_view_set_show_content (self->split_view, TRUE);
      adw_navigation_split_view_set_collapsed (
          self->split_view, !adw_navigation_split_view_get_collapsed (self->split_view));
    }
}

static void
on_fullscreen_activated (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  GtkWindow *window = GTK_WINDOW (widget);

  if (gtk_window_is_fullscreen (window))
    gtk_window_unfullscreen (window);
  else
    gtk_window_fullscreen (window);
}

static void
pond_window_present_preferences (PondWindow *self,
                                 gboolean    accounts)
{
  AdwDialog *dialog = pond_preferences_dialog_new (self->settings);
  AdwPreferencesPage *page = pond_accounts_page_new (self->accounts, self->api_base);

  adw_preferences_dialog_add (ADW_PREFERENCES_DIALOG (dialog), page);
  if (accounts)
    adw_preferences_dialog_set_visible_page (ADW_PREFERENCES_DIALOG (dialog), page);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
on_preferences_activated (GtkWidget  *widget,
                          const char *action_name,
                          GVariant   *parameter)
{
  pond_window_present_preferences (POND_WINDOW (widget), FALSE);
}

static void
on_accounts_activated (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  pond_window_present_preferences (POND_WINDOW (widget), TRUE);
}

static void
on_shortcuts_activated (GtkWidget  *widget,
                        const char *action_name,
                        GVariant   *parameter)
{
  adw_dialog_present (pond_shortcuts_dialog_new (), widget);
}

static void
on_about_activated (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  pond_about_present (widget, POND_WINDOW (widget)->queue);
}

static void
pond_window_push_player (PondWindow       *self,
                         PondLibraryEntry *entry,
                         gboolean          restart)
{
  if (pond_library_entry_get_status (entry) == POND_ENTRY_MISSING)
    {
      pond_window_toast (self, _("The file is not in the library folder any more"));
      return;
    }

  adw_navigation_view_pop_to_tag (self->navigation, "main");
  self->player_page =
      pond_player_page_new (pond_download_queue_get_library (self->queue), entry, restart);
  g_object_add_weak_pointer (G_OBJECT (self->player_page), (gpointer *) &self->player_page);
  g_object_bind_property (self, "fullscreened", self->player_page, "fullscreened",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  adw_navigation_view_push (self->navigation, self->player_page);
}

static void
on_play (PondWindow       *self,
         PondLibraryEntry *entry,
         gboolean          restart)
{
  pond_window_push_player (self, entry, restart);
}

static void
on_page_toast (PondWindow *self,
               AdwToast   *toast)
{
  adw_toast_overlay_add_toast (self->toast_overlay, g_object_ref (toast));
}

static void
on_page_popped (PondWindow *self)
{
  if (gtk_window_is_fullscreen (GTK_WINDOW (self)))
    gtk_window_unfullscreen (GTK_WINDOW (self));
}

static gboolean
on_close_request (PondWindow *self)
{
  if (self->player_page != NULL)
    pond_player_page_save_position (POND_PLAYER_PAGE (self->player_page));

  /* What waits in an "Undo" toast is done now. */
  adw_toast_overlay_dismiss_all (self->toast_overlay);

  return GDK_EVENT_PROPAGATE;
}

static gpointer
create_account_place (gpointer item,
                      gpointer user_data)
{
  g_autoptr(PondAccount) account = item;

  return pond_place_new_for_account (account);
}

static void
pond_window_setup_sidebar (PondWindow *self)
{
  static const PondPlaceKind kinds[] = {
    POND_PLACE_ALL, POND_PLACE_CONTINUE, POND_PLACE_UNWATCHED, POND_PLACE_AUDIO,
  };
  GListStore *groups = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr(GListStore) library = g_list_store_new (POND_TYPE_PLACE);
  g_autoptr(GListStore) downloads = g_list_store_new (POND_TYPE_PLACE);
  g_autoptr(GtkFlattenListModel) places = gtk_flatten_list_model_new (G_LIST_MODEL (groups));

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr(PondPlace) place = pond_place_new (kinds[i]);

      g_list_store_append (library, place);
    }

  self->account_places = gtk_map_list_model_new (NULL, create_account_place, NULL, NULL);

  self->downloads_place = pond_place_new (POND_PLACE_DOWNLOADS);
  g_list_store_append (downloads, self->downloads_place);

  g_list_store_append (groups, library);
  g_list_store_append (groups, self->account_places);
  g_list_store_append (groups, downloads);

  gtk_list_box_set_header_func (self->sidebar, update_place_header, NULL, NULL);
  gtk_list_box_bind_model (self->sidebar, G_LIST_MODEL (places), create_place_row, NULL, NULL);
}

static void
set_accelerators (GtkApplication *app)
{
  static const struct
  {
    const char *action;
    const char *accelerators[3];
  } table[] = {
    { "win.add", { "<Control>n" } },
    { "win.preferences", { "<Control>comma" } },
    { "win.search", { "<Control>f" } },
    { "win.shortcuts", { "<Control>question" } },
    { "win.toggle-sidebar", { "F9" } },
    { "win.fullscreen", { "F11" } },
    { "window.close", { "<Control>w" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    gtk_application_set_accels_for_action (app, table[i].action, table[i].accelerators);
}

static void
pond_window_dispose (GObject *object)
{
  PondWindow *self = POND_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_weak_pointer ((gpointer *) &self->player_page);
  g_clear_weak_pointer ((gpointer *) &self->added_toast);
  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_WINDOW);
  g_clear_object (&self->settings);
  g_clear_object (&self->accounts);
  g_clear_object (&self->queue);
  g_clear_object (&self->account_places);
  g_clear_object (&self->downloads_place);
  g_clear_object (&self->library_page);
  g_clear_object (&self->stream_page);
  g_clear_object (&self->downloads_page);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->api_base, g_free);
  if (self->pending_text != NULL)
    g_string_free (g_steal_pointer (&self->pending_text), TRUE);

  G_OBJECT_CLASS (pond_window_parent_class)->dispose (object);
}

static void
pond_window_class_init (PondWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pond_window_dispose;

  g_type_ensure (POND_TYPE_DROP_AREA);
  g_type_ensure (POND_TYPE_WELCOME_PAGE);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PondWindow, error_page);
  gtk_widget_class_bind_template_child (widget_class, PondWindow, navigation);
  gtk_widget_class_bind_template_child (widget_class, PondWindow, root_stack);
  gtk_widget_class_bind_template_child (widget_class, PondWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, PondWindow, split_view);
  gtk_widget_class_bind_template_child (widget_class, PondWindow, toast_overlay);
  gtk_widget_class_bind_template_callback (widget_class, on_close_request);
  gtk_widget_class_bind_template_callback (widget_class, on_place_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_place_selected);
  gtk_widget_class_bind_template_callback (widget_class, pond_window_offer_text);
  gtk_widget_class_bind_template_callback (widget_class, pond_window_toast);

  gtk_widget_class_install_action (widget_class, "win.about", NULL, on_about_activated);
  gtk_widget_class_install_action (widget_class, "win.add", NULL, on_add_activated);
  gtk_widget_class_install_action (widget_class, "win.connect-account", NULL,
                                   on_connect_account_activated);
  gtk_widget_class_install_action (widget_class, "win.accounts", NULL, on_accounts_activated);
  gtk_widget_class_install_action (widget_class, "win.fullscreen", NULL, on_fullscreen_activated);
  gtk_widget_class_install_action (widget_class, "win.paste", NULL, on_paste_activated);
  gtk_widget_class_install_action (widget_class, "win.preferences", NULL, on_preferences_activated);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, on_search_activated);
  gtk_widget_class_install_action (widget_class, "win.shortcuts", NULL, on_shortcuts_activated);
  gtk_widget_class_install_action (widget_class, "win.show-downloads", NULL,
                                   on_show_downloads_activated);
  gtk_widget_class_install_action (widget_class, "win.toggle-sidebar", NULL,
                                   on_toggle_sidebar_activated);
}

static void
pond_window_init (PondWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  if (g_str_equal (PROFILE, "development"))
    gtk_widget_add_css_class (GTK_WIDGET (self), "devel");

  self->cancellable = g_cancellable_new ();
  self->settings = g_settings_new (APP_ID);
  g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);

  self->library_page = POND_LIBRARY_PAGE (g_object_ref_sink (pond_library_page_new ()));
  g_signal_connect_object (self->library_page, "play", G_CALLBACK (on_play), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->library_page, "toast", G_CALLBACK (on_page_toast), self,
                           G_CONNECT_SWAPPED);
  self->stream_page = POND_STREAM_PAGE (g_object_ref_sink (pond_stream_page_new ()));
  g_signal_connect_object (self->stream_page, "download", G_CALLBACK (pond_window_download), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->stream_page, "play", G_CALLBACK (pond_window_play), self,
                           G_CONNECT_SWAPPED);
  g_object_bind_property (self->split_view, "collapsed", self->stream_page, "narrow",
                          G_BINDING_SYNC_CREATE);
  self->downloads_page = POND_DOWNLOADS_PAGE (g_object_ref_sink (pond_downloads_page_new ()));
  g_signal_connect_object (self->downloads_page, "play", G_CALLBACK (pond_window_play), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->navigation, "popped", G_CALLBACK (on_page_popped), self,
                           G_CONNECT_SWAPPED);

  pond_window_setup_sidebar (self);
  pond_window_show_place (self, POND_PLACE_ALL);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.add", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.search", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.show-downloads", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.toggle-sidebar", FALSE);
}

PondWindow *
pond_window_new (AdwApplication   *app,
                 PondAccountStore *accounts,
                 const char       *api_base)
{
  PondWindow *self;

  g_return_val_if_fail (ADW_IS_APPLICATION (app), NULL);
  g_return_val_if_fail (POND_IS_ACCOUNT_STORE (accounts), NULL);
  g_return_val_if_fail (api_base != NULL, NULL);

  set_accelerators (GTK_APPLICATION (app));

  self = g_object_new (POND_TYPE_WINDOW, "application", app, NULL);
  self->accounts = g_object_ref (accounts);
  self->api_base = g_strdup (api_base);
  g_signal_connect_object (accounts, "token-changed", G_CALLBACK (on_token_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (update_root), self,
                           G_CONNECT_SWAPPED);

  return self;
}

void
pond_window_set_queue (PondWindow        *self,
                       PondDownloadQueue *queue)
{
  PondLibrary *library;

  g_return_if_fail (POND_IS_WINDOW (self));
  g_return_if_fail (POND_IS_DOWNLOAD_QUEUE (queue));
  g_return_if_fail (self->queue == NULL);

  library = pond_download_queue_get_library (queue);
  self->queue = g_object_ref (queue);
  pond_library_page_set_library (self->library_page, library);
  pond_downloads_page_set_queue (self->downloads_page, queue);
  gtk_map_list_model_set_model (self->account_places, G_LIST_MODEL (self->accounts));

  g_signal_connect_object (library, "items-changed", G_CALLBACK (update_root), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "items-changed", G_CALLBACK (update_root), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "notify::bytes", G_CALLBACK (update_downloads_place), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "notify::n-active", G_CALLBACK (update_downloads_place), self,
                           G_CONNECT_SWAPPED);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.add", TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.show-downloads", TRUE);
  update_downloads_place (self);
  update_root (self);

  /* Who has an account and nothing saved is here to choose something from it. */
  if (g_list_model_get_n_items (G_LIST_MODEL (library)) == 0
      && g_list_model_get_n_items (G_LIST_MODEL (queue)) == 0)
    pond_window_show_place (self, POND_PLACE_ACCOUNT);

  if (self->pending_text != NULL)
    {
      g_autofree char *text = g_string_free (g_steal_pointer (&self->pending_text), FALSE);

      pond_window_present_add_dialog (self, text);
    }
}

void
pond_window_set_library_error (PondWindow   *self,
                               const GError *error)
{
  g_autofree char *description = NULL;

  g_return_if_fail (POND_IS_WINDOW (self));

  if (error == NULL)
    {
      gtk_stack_set_visible_child_name (self->root_stack, "loading");
      return;
    }

  if (g_error_matches (error, POND_LIBRARY_ERROR, POND_LIBRARY_ERROR_READ_ONLY))
    adw_status_page_set_title (self->error_page, _("The Library Is Read-Only"));
  else if (g_error_matches (error, POND_LIBRARY_ERROR, POND_LIBRARY_ERROR_DISK_FULL))
    adw_status_page_set_title (self->error_page, _("The Disk Is Full"));
  else
    adw_status_page_set_title (self->error_page, _("The Library Is Not There"));

  description = g_markup_escape_text (error->message, -1);
  adw_status_page_set_description (self->error_page, description);
  gtk_stack_set_visible_child_name (self->root_stack, "error");
}

void
pond_window_offer_text (PondWindow *self,
                        const char *text)
{
  g_return_if_fail (POND_IS_WINDOW (self));
  g_return_if_fail (text != NULL);

  if (self->queue != NULL)
    {
      pond_window_present_add_dialog (self, text);
      return;
    }

  if (self->pending_text == NULL)
    self->pending_text = g_string_new (NULL);
  else
    g_string_append_c (self->pending_text, '\n');
  g_string_append (self->pending_text, text);
}

void
pond_window_download (PondWindow *self,
                      GPtrArray  *refs,
                      const char *type)
{
  Addition *addition;

  g_return_if_fail (POND_IS_WINDOW (self));
  g_return_if_fail (refs != NULL && refs->len > 0);
  g_return_if_fail (self->queue != NULL);

  addition = g_new0 (Addition, 1);
  addition->window = g_object_ref (self);
  addition->n_pending = refs->len;

  for (guint i = 0; i < refs->len; i++)
    pond_download_queue_add_async (self->queue, refs->pdata[i], type, NULL, on_add_ready, addition);
}

void
pond_window_play (PondWindow       *self,
                  PondLibraryEntry *entry)
{
  g_return_if_fail (POND_IS_WINDOW (self));
  g_return_if_fail (POND_IS_LIBRARY_ENTRY (entry));
  g_return_if_fail (self->queue != NULL);

  pond_window_push_player (self, entry, FALSE);
}

void
pond_window_toast (PondWindow *self,
                   const char *text)
{
  AdwToast *toast;

  g_return_if_fail (POND_IS_WINDOW (self));
  g_return_if_fail (text != NULL);

  toast = adw_toast_new (text);
  adw_toast_set_use_markup (toast, FALSE);
  adw_toast_overlay_add_toast (self->toast_overlay, toast);
}
