/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-shortcuts-dialog"

#include "config.h"

#include "ui/pond-shortcuts-dialog.h"

#include <glib/gi18n.h>

struct _PondShortcutsDialog
{
  AdwDialog           parent_instance;

  AdwPreferencesPage *page;
};

G_DEFINE_FINAL_TYPE (PondShortcutsDialog, pond_shortcuts_dialog, ADW_TYPE_DIALOG)

typedef struct
{
  const char *title;
  const char *accelerators;
} Shortcut;

static const Shortcut window_shortcuts[] = {
  { N_("Add videos"), "<Control>n" },
  { N_("Add what was copied"), "<Control>v" },
  { N_("Search the library"), "<Control>f" },
  { N_("Show or hide the sidebar"), "F9" },
  { N_("Open the menu"), "F10" },
  { N_("Fullscreen"), "F11" },
  { N_("Preferences"), "<Control>comma" },
  { N_("Keyboard shortcuts"), "<Control>question" },
  { N_("Close the window"), "<Control>w" },
  { N_("Quit"), "<Control>q" },
};

static const Shortcut library_shortcuts[] = {
  { N_("Play"), "Return" },
  { N_("Menu of the video"), "<Shift>F10" },
  { N_("Move to trash"), "Delete" },
};

static const Shortcut player_shortcuts[] = {
  { N_("Play or pause"), "space" },
  { N_("Back or forward"), "Left Right" },
  { N_("Louder or quieter"), "Up Down" },
  { N_("Mute"), "m" },
  { N_("Fullscreen"), "f" },
  { N_("Back to the library"), "Escape" },
};

static GtkWidget *
create_keys (const char *accelerators)
{
  g_auto (GStrv) parts = g_strsplit (accelerators, " ", -1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      GdkModifierType modifiers;
      guint key;
      g_autofree char *text = NULL;
      GtkWidget *label;

      gtk_accelerator_parse (parts[i], &key, &modifiers);
      text = gtk_accelerator_get_label (key, modifiers);
      label = gtk_label_new (text);
      gtk_widget_add_css_class (label, "keycap");
      gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (box), label);
    }

  return box;
}

static void
add_group (PondShortcutsDialog *self,
           const char          *title,
           const Shortcut      *shortcuts,
           guint                n_shortcuts)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, title);

  for (guint i = 0; i < n_shortcuts; i++)
    {
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                     g_dgettext (GETTEXT_PACKAGE, shortcuts[i].title));
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), create_keys (shortcuts[i].accelerators));
      adw_preferences_group_add (group, row);
    }

  adw_preferences_page_add (self->page, group);
}

static void
pond_shortcuts_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), POND_TYPE_SHORTCUTS_DIALOG);

  G_OBJECT_CLASS (pond_shortcuts_dialog_parent_class)->dispose (object);
}

static void
pond_shortcuts_dialog_class_init (PondShortcutsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pond_shortcuts_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               APP_PATH "/ui/pond-shortcuts-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PondShortcutsDialog, page);
}

static void
pond_shortcuts_dialog_init (PondShortcutsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  add_group (self, _("Window"), window_shortcuts, G_N_ELEMENTS (window_shortcuts));
  add_group (self, _("Library"), library_shortcuts, G_N_ELEMENTS (library_shortcuts));
  add_group (self, _("Player"), player_shortcuts, G_N_ELEMENTS (player_shortcuts));
}

AdwDialog *
pond_shortcuts_dialog_new (void)
{
  return g_object_new (POND_TYPE_SHORTCUTS_DIALOG, NULL);
}
