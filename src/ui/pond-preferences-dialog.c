/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-preferences-dialog"

#include "config.h"

#include "ui/pond-preferences-dialog.h"

#include <glib/gi18n.h>

#include "library/pond-library.h"

/* In a sandbox a chosen folder is seen under another path, and this has the real one. */
#define HOST_PATH "xattr::document-portal.host-path"

struct _PondPreferencesDialog
{
  AdwPreferencesDialog  parent_instance;

  AdwComboRow          *running_row;
  AdwActionRow         *folder_row;
  GtkWidget            *folder_button;
  GtkWidget            *reset_button;

  GSettings            *settings;
  GCancellable         *cancellable;
};

G_DEFINE_FINAL_TYPE (PondPreferencesDialog, pond_preferences_dialog, ADW_TYPE_PREFERENCES_DIALOG)

static gboolean
position_from_number (GValue   *value,
                      GVariant *variant,
                      gpointer  user_data)
{
  g_value_set_uint (value, g_variant_get_int32 (variant) - 1);

  return TRUE;
}

static GVariant *
number_from_position (const GValue       *value,
                      const GVariantType *type,
                      gpointer            user_data)
{
  return g_variant_new_int32 (g_value_get_uint (value) + 1);
}

static void
setup_running_row (PondPreferencesDialog *self)
{
  g_autoptr(GSettingsSchema) schema = NULL;
  g_autoptr(GSettingsSchemaKey) key = NULL;
  g_autoptr(GVariant) range = NULL;
  g_autoptr(GVariant) limits = NULL;
  GtkStringList *numbers = GTK_STRING_LIST (adw_combo_row_get_model (self->running_row));
  int minimum;
  int maximum;

  g_object_get (self->settings, "settings-schema", &schema, NULL);
  key = g_settings_schema_get_key (schema, "max-running");
  range = g_settings_schema_key_get_range (key);
  g_variant_get (range, "(sv)", NULL, &limits);
  g_variant_get (limits, "(ii)", &minimum, &maximum);

  for (int i = minimum; i <= maximum; i++)
    gtk_string_list_take (numbers, g_strdup_printf ("%d", i));

  g_settings_bind_with_mapping (self->settings, "max-running", self->running_row, "selected",
                                G_SETTINGS_BIND_DEFAULT, position_from_number, number_from_position,
                                NULL, NULL);
}

static void
on_host_path_ready (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(PondPreferencesDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileInfo) info = g_file_query_info_finish (G_FILE (source), result, &error);
  const char *path = info != NULL ? g_file_info_get_attribute_as_string (info, HOST_PATH) : NULL;

  if (path != NULL && !g_cancellable_is_cancelled (self->cancellable))
    adw_action_row_set_subtitle (self->folder_row, path);
}

static void
update_folder (PondPreferencesDialog *self)
{
  g_autofree char *setting = g_settings_get_string (self->settings, "library-folder");
  g_autoptr(GFile) folder = pond_library_choose_folder (setting);
  g_autofree char *name = g_file_get_parse_name (folder);
  gboolean overridden = g_getenv ("MILLPOND_LIBRARY") != NULL;

  adw_action_row_set_subtitle (self->folder_row, name);
  gtk_widget_set_sensitive (self->folder_button, !overridden);
  gtk_widget_set_visible (self->reset_button, !overridden && *setting != '\0');
  g_file_query_info_async (folder, HOST_PATH, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT,
                           self->cancellable, on_host_path_ready, g_object_ref (self));
}

static void
on_folder_chosen (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(PondPreferencesDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) folder =
      gtk_file_dialog_select_folder_finish (GTK_FILE_DIALOG (source), result, &error);

  if (folder != NULL && g_file_peek_path (folder) != NULL)
    g_settings_set_string (self->settings, "library-folder", g_file_peek_path (folder));
  else if (folder != NULL)
    adw_preferences_dialog_add_toast (ADW_PREFERENCES_DIALOG (self),
                                      adw_toast_new (_("The folder has to be on this computer")));
  else if (!g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED)
           && !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_CANCELLED))
    adw_preferences_dialog_add_toast (ADW_PREFERENCES_DIALOG (self),
                                      adw_toast_new (_("The folder can’t be chosen")));
}

static void
on_folder_clicked (PondPreferencesDialog *self)
{
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autofree char *setting = g_settings_get_string (self->settings, "library-folder");
  g_autoptr(GFile) folder = pond_library_choose_folder (setting);

  gtk_file_dialog_set_title (dialog, _("Library Folder"));
  gtk_file_dialog_set_initial_folder (dialog, folder);
  gtk_file_dialog_select_folder (dialog, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                 self->cancellable, on_folder_chosen, g_object_ref (self));
}

static void
on_reset_clicked (PondPreferencesDialog *self)
{
  g_settings_reset (self->settings, "library-folder");
}

static void
pond_preferences_dialog_dispose (GObject *object)
{
  PondPreferencesDialog *self = POND_PREFERENCES_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_PREFERENCES_DIALOG);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (pond_preferences_dialog_parent_class)->dispose (object);
}

static void
pond_preferences_dialog_finalize (GObject *object)
{
  g_object_unref (POND_PREFERENCES_DIALOG (object)->cancellable);

  G_OBJECT_CLASS (pond_preferences_dialog_parent_class)->finalize (object);
}

static void
pond_preferences_dialog_class_init (PondPreferencesDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pond_preferences_dialog_dispose;
  object_class->finalize = pond_preferences_dialog_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               APP_PATH "/ui/pond-preferences-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PondPreferencesDialog, folder_button);
  gtk_widget_class_bind_template_child (widget_class, PondPreferencesDialog, folder_row);
  gtk_widget_class_bind_template_child (widget_class, PondPreferencesDialog, reset_button);
  gtk_widget_class_bind_template_child (widget_class, PondPreferencesDialog, running_row);
  gtk_widget_class_bind_template_callback (widget_class, on_folder_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_reset_clicked);
}

static void
pond_preferences_dialog_init (PondPreferencesDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
pond_preferences_dialog_new (GSettings *settings)
{
  PondPreferencesDialog *self;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (POND_TYPE_PREFERENCES_DIALOG, NULL);
  self->settings = g_object_ref (settings);
  setup_running_row (self);
  g_signal_connect_object (settings, "changed::library-folder", G_CALLBACK (update_folder), self,
                           G_CONNECT_SWAPPED);
  update_folder (self);

  return ADW_DIALOG (self);
}
