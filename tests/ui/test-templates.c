/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Makes every widget of src/ui, shows it and lets it go, with warnings fatal: what a template names
 * and does not exist shows only then. */

#include "config.h"

#include <gst/gst.h>

#include "library/pond-library-entry-private.h"
#include "player/pond-player-view.h"
#include "ui/pond-about.h"
#include "ui/pond-account-dialog.h"
#include "ui/pond-accounts-page.h"
#include "ui/pond-add-dialog.h"
#include "ui/pond-check-row.h"
#include "ui/pond-download-row.h"
#include "ui/pond-downloads-page.h"
#include "ui/pond-library-page.h"
#include "ui/pond-listing-row.h"
#include "ui/pond-place-row.h"
#include "ui/pond-player-page.h"
#include "ui/pond-preferences-dialog.h"
#include "ui/pond-shortcuts-dialog.h"
#include "ui/pond-stream-page.h"
#include "ui/pond-video-card.h"
#include "ui/pond-welcome-page.h"
#include "ui/pond-window.h"

#define API_BASE "http://127.0.0.1:9/client/v4"
#define UID "5d5bc37ffcf54c9b82e996823bffbb81"

typedef struct
{
  PondSecretStore   *secrets;
  PondAccountStore  *accounts;
  PondLibrary       *library;
  PondDownloadQueue *queue;
} Fixture;

static void
on_result (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **out = user_data;

  *out = g_object_ref (result);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *accounts_path = g_build_filename (g_get_user_config_dir (), "accounts.ini", NULL);
  g_autofree char *library_path = g_build_filename (g_get_user_data_dir (), "library", NULL);
  g_autoptr(GFile) accounts_file = g_file_new_for_path (accounts_path);
  g_autoptr(GFile) folder = g_file_new_for_path (library_path);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  fixture->secrets = pond_secret_store_new ();
  fixture->accounts = pond_account_store_new (accounts_file, fixture->secrets);
  fixture->library = pond_library_new (folder);
  fixture->queue = pond_download_queue_new (fixture->library, fixture->accounts, API_BASE);

  pond_library_open_async (fixture->library, NULL, on_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  pond_library_open_finish (fixture->library, result, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->queue);
  g_clear_object (&fixture->library);
  g_clear_object (&fixture->accounts);
  g_clear_object (&fixture->secrets);
}

static void
settle (void)
{
  for (guint i = 0; i < 20; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static PondLibraryEntry *
create_entry (Fixture *fixture)
{
  PondLibraryRow *row = pond_library_row_new (UID, "default", "The mill wheel");

  row->path = g_strdup ("The mill wheel [" UID "].mp4");
  row->duration = 65000;
  row->position = 12000;

  return pond_library_entry_new (pond_library_get_folder (fixture->library), row);
}

static GtkWidget *
show (GtkWidget *widget)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  settle ();

  return window;
}

static void
destroy (GtkWidget *window)
{
  GObject *child = G_OBJECT (gtk_window_get_child (GTK_WINDOW (window)));

  g_object_add_weak_pointer (child, (gpointer *) &child);
  gtk_window_destroy (GTK_WINDOW (window));
  settle ();
  g_assert_null (child);
}

static void
test_rows (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(PondPlace) downloads = pond_place_new (POND_PLACE_DOWNLOADS);
  g_autoptr(PondCheckStep) step = pond_check_step_new (POND_CHECK_STREAM);
  GtkWidget *list = gtk_list_box_new ();

  g_object_set (downloads, "count", 3, "progress", 0.5, NULL);
  gtk_list_box_append (GTK_LIST_BOX (list), pond_place_row_new (downloads));
  gtk_list_box_append (GTK_LIST_BOX (list), pond_check_row_new (step));
  for (PondCheckState state = POND_CHECK_RUNNING; state <= POND_CHECK_UNKNOWN; state++)
    pond_check_step_set (step, state, "This is so.", "Change that.");
  destroy (show (list));
  destroy (show (g_object_new (POND_TYPE_DOWNLOAD_ROW, NULL)));
  destroy (show (g_object_new (POND_TYPE_LISTING_ROW, NULL)));
  destroy (show (g_object_new (POND_TYPE_WELCOME_PAGE, NULL)));
}

static void
test_card (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(PondLibraryEntry) entry = create_entry (fixture);
  GtkWidget *card = g_object_new (POND_TYPE_VIDEO_CARD, "entry", entry, NULL);
  GtkWidget *window = show (card);

  g_assert_true (gtk_widget_activate_action (card, "card.menu", NULL));
  settle ();
  pond_library_entry_set_watched (entry, TRUE);
  g_object_set (card, "entry", NULL, NULL);
  settle ();
  destroy (window);
}

static void
test_pages (Fixture       *fixture,
            gconstpointer  data)
{
  AdwNavigationPage *page;
  g_autoptr(PondPlace) place = pond_place_new (POND_PLACE_CONTINUE);
  g_autoptr(PondLibraryEntry) entry = create_entry (fixture);

  page = pond_library_page_new ();
  pond_library_page_set_library (POND_LIBRARY_PAGE (page), fixture->library);
  pond_library_page_set_place (POND_LIBRARY_PAGE (page), place);
  destroy (show (GTK_WIDGET (page)));

  page = pond_downloads_page_new ();
  pond_downloads_page_set_queue (POND_DOWNLOADS_PAGE (page), fixture->queue);
  destroy (show (GTK_WIDGET (page)));

  destroy (show (GTK_WIDGET (pond_stream_page_new ())));
  destroy (show (GTK_WIDGET (pond_player_page_new (fixture->library, entry, FALSE))));
}

/* With one account that can be changed and one that can't. */
static AdwDialog *
create_accounts_dialog (Fixture *fixture)
{
  AdwDialog *dialog = adw_preferences_dialog_new ();
  g_autoptr(PondToken) token = pond_token_new ("cfut_0123456789", NULL);
  g_autoptr(PondAccount) sample = pond_account_new (UID, "Sample", POND_ACCOUNT_SAMPLE);
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "accounts.ini", NULL);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (g_get_user_config_dir (), 0700), ==, 0);
  g_file_set_contents (path, "[" UID "]\nname=Work & <b>play</b>\n", -1, &error);
  g_assert_no_error (error);
  pond_account_store_load_async (fixture->accounts, NULL, on_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (pond_account_store_load_finish (fixture->accounts, result, &error));
  g_assert_no_error (error);
  pond_account_store_add_transient (fixture->accounts, sample, token);

  adw_preferences_dialog_add (ADW_PREFERENCES_DIALOG (dialog),
                              pond_accounts_page_new (fixture->accounts, API_BASE));

  return dialog;
}

static void
test_volume (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GSettings) settings = g_settings_new (APP_ID);
  g_autoptr(PondLibraryEntry) entry = create_entry (fixture);
  AdwNavigationPage *page;
  PondPlayer *player;

  g_settings_set_double (settings, "volume", 0.25);
  page = g_object_ref_sink (pond_player_page_new (fixture->library, entry, FALSE));
  player = pond_player_view_get_player (POND_PLAYER_VIEW (adw_navigation_page_get_child (page)));
  g_assert_cmpfloat (pond_player_get_volume (player), ==, 0.25);

  pond_player_set_volume (player, 0.5);
  g_assert_cmpfloat (g_settings_get_double (settings, "volume"), ==, 0.5);
  g_settings_reset (settings, "volume");
  g_object_unref (page);
  settle ();
}

static void
test_preferences (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GSettings) settings = g_settings_new (APP_ID);
  GtkWidget *dialog =
      g_object_ref_sink (GTK_WIDGET (pond_preferences_dialog_new (settings)));
  GObject *running = gtk_widget_get_template_child (dialog, POND_TYPE_PREFERENCES_DIALOG, "running_row");
  GObject *folder = gtk_widget_get_template_child (dialog, POND_TYPE_PREFERENCES_DIALOG, "folder_row");
  GObject *reset = gtk_widget_get_template_child (dialog, POND_TYPE_PREFERENCES_DIALOG, "reset_button");
  PondDownloadQueue *queue = fixture->queue;
  int max_running;

  g_settings_bind (settings, "max-running", queue, "max-running", G_SETTINGS_BIND_GET);
  adw_combo_row_set_selected (ADW_COMBO_ROW (running), 7);
  g_assert_cmpint (g_settings_get_int (settings, "max-running"), ==, 8);
  g_object_get (queue, "max-running", &max_running, NULL);
  g_assert_cmpint (max_running, ==, 8);
  g_settings_unbind (queue, "max-running");

  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (reset)));
  g_settings_set_string (settings, "library-folder", "/somewhere/else");
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (folder)), ==, "/somewhere/else");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (reset)));

  g_settings_reset (settings, "library-folder");
  g_settings_reset (settings, "max-running");
  g_object_unref (dialog);
  settle ();
}

static void
test_dialogs (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GSettings) settings = g_settings_new (APP_ID);
  GtkWidget *window = show (gtk_label_new ("Parent"));
  PondAddDialog *add = pond_add_dialog_new (fixture->queue);
  g_autoptr(PondAccount) account = pond_account_new (UID, "Work & <b>play</b>", POND_ACCOUNT_KEYRING);
  AdwDialog *dialogs[] = {
    ADW_DIALOG (add),
    pond_account_dialog_new (fixture->accounts, API_BASE),
    pond_account_dialog_new_for_account (fixture->accounts, API_BASE, account),
    create_accounts_dialog (fixture),
    pond_preferences_dialog_new (settings),
    pond_shortcuts_dialog_new (),
  };

  pond_add_dialog_add_text (add, UID);
  for (guint i = 0; i < G_N_ELEMENTS (dialogs); i++)
    {
      g_object_add_weak_pointer (G_OBJECT (dialogs[i]), (gpointer *) &dialogs[i]);
      adw_dialog_present (dialogs[i], window);
      settle ();
      adw_dialog_force_close (dialogs[i]);
      while (dialogs[i] != NULL)
        g_main_context_iteration (NULL, TRUE);
    }

  pond_about_present (window, fixture->queue);
  settle ();
  destroy (window);
}

static void
test_window (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(AdwApplication) app = adw_application_new (APP_ID, G_APPLICATION_NON_UNIQUE);
  g_autoptr(GError) unavailable =
      g_error_new_literal (POND_LIBRARY_ERROR, POND_LIBRARY_ERROR_UNAVAILABLE, "No <disk>");
  PondWindow *window;

  g_assert_true (g_application_register (G_APPLICATION (app), NULL, NULL));
  window = pond_window_new (app, fixture->accounts, API_BASE);
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_present (GTK_WINDOW (window));
  settle ();

  pond_window_set_library_error (window, unavailable);
  settle ();
  pond_window_set_library_error (window, NULL);
  pond_window_offer_text (window, "before the library is open: " UID);
  pond_window_set_queue (window, fixture->queue);
  pond_window_offer_text (window, "after: " UID);
  pond_window_toast (window, "5 < 6 & so on");
  settle ();

  gtk_window_close (GTK_WINDOW (window));
  settle ();
  gtk_window_destroy (GTK_WINDOW (window));
  settle ();
  g_assert_null (window);
}

static void
test_images (Fixture       *fixture,
             gconstpointer  data)
{
  static const char * const names[] = {
    "icons/io.github.millpond.Millpond.svg",
    "icons/io.github.millpond.Millpond-symbolic.svg",
    "illustrations/welcome.svg",
  };
  static const int sizes[] = { 16, 128 };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    for (guint j = 0; j < G_N_ELEMENTS (sizes); j++)
      {
        g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", names[i], NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(GdkPixbuf) pixbuf =
            gdk_pixbuf_new_from_file_at_size (path, sizes[j], sizes[j], &error);

        g_assert_no_error (error);
        g_assert_cmpint (gdk_pixbuf_get_width (pixbuf), ==, sizes[j]);
      }
}

int
main (int   argc,
      char *argv[])
{
  /* The session has folders of its own. Isolating them once more hides the types of images. */
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  adw_init ();

#define add(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

  add ("/templates/rows", test_rows);
  add ("/templates/card", test_card);
  add ("/templates/pages", test_pages);
  add ("/templates/volume", test_volume);
  add ("/templates/preferences", test_preferences);
  add ("/templates/dialogs", test_dialogs);
  add ("/templates/window", test_window);
  add ("/templates/images", test_images);

  return g_test_run ();
}
