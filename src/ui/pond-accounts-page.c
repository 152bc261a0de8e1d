/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "ui/pond-accounts-page.h"

#include <glib/gi18n.h>

#include "catalogue/pond-catalogue.h"
#include "ui/pond-account-dialog.h"
#include "ui/pond-account-row.h"

struct _PondAccountsPage
{
  AdwPreferencesPage parent_instance;

  GtkWidget         *add_button;
  GtkListBox        *list;

  PondAccountStore  *accounts;
  char              *api_base;
};

G_DEFINE_FINAL_TYPE (PondAccountsPage, pond_accounts_page, ADW_TYPE_PREFERENCES_PAGE)

static gboolean
is_kept (PondAccount *account)
{
  PondAccountOrigin origin = pond_account_get_origin (account);

  return origin == POND_ACCOUNT_KEYRING || origin == POND_ACCOUNT_SESSION;
}

/* One of the environment may have the same ID. */
static PondAccount *
find_kept (PondAccountsPage *self,
           const char       *id)
{
  GListModel *model = G_LIST_MODEL (self->accounts);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(PondAccount) account = g_list_model_get_item (model, i);

      if (is_kept (account) && g_str_equal (pond_account_get_id (account), id))
        return g_steal_pointer (&account);
    }

  return NULL;
}

static void
pond_accounts_page_complain (PondAccountsPage *self,
                             const char       *heading,
                             const GError     *error)
{
  AdwDialog *dialog = adw_alert_dialog_new (heading, error->message);

  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _("_Close"));
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  PondAccount *account = item;
  g_autofree char *subtitle = NULL;
  GtkWidget *row;

  if (is_kept (account))
    return pond_account_row_new (account);

  subtitle = pond_account_row_describe (account);
  row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), pond_account_get_name (account));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);

  return row;
}

static void
on_renamed (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(PondAccountsPage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!pond_account_store_rename_finish (POND_ACCOUNT_STORE (source), result, &error))
    pond_accounts_page_complain (self, _("The Account Was Not Renamed"), error);
}

static void
on_rename_activated (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  PondAccountsPage *self = POND_ACCOUNTS_PAGE (widget);
  g_autoptr(PondAccount) account = NULL;
  const char *id;
  const char *name;

  g_variant_get (parameter, "(&s&s)", &id, &name);
  account = find_kept (self, id);
  if (account != NULL)
    pond_account_store_rename_async (self->accounts, account, name, NULL, on_renamed, g_object_ref (self));
}

static void
on_replace_token_activated (GtkWidget  *widget,
                            const char *action_name,
                            GVariant   *parameter)
{
  PondAccountsPage *self = POND_ACCOUNTS_PAGE (widget);
  g_autoptr(PondAccount) account = find_kept (self, g_variant_get_string (parameter, NULL));

  if (account != NULL)
    adw_dialog_present (pond_account_dialog_new_for_account (self->accounts, self->api_base, account), widget);
}

static void
on_removed (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(PondAccountsPage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (pond_account_store_remove_finish (POND_ACCOUNT_STORE (source), result, &error))
    return;

  if (error->domain == POND_SECRET_ERROR)
    pond_accounts_page_complain (self, _("The Keyring May Still Have the Token"), error);
  else
    pond_accounts_page_complain (self, _("The Account Was Not Removed"), error);
}

static void
on_removal_confirmed (AdwAlertDialog   *dialog,
                      const char       *response,
                      PondAccountsPage *self)
{
  const char *id = g_object_get_data (G_OBJECT (dialog), "account");
  g_autoptr(PondAccount) account = find_kept (self, id);

  if (account == NULL)
    return;

  pond_account_store_remove_async (self->accounts, account, NULL, on_removed, g_object_ref (self));
  pond_catalogue_forget_async (id, NULL, NULL, NULL);
}

static void
on_remove_activated (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  PondAccountsPage *self = POND_ACCOUNTS_PAGE (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  g_autoptr(PondAccount) account = find_kept (self, id);
  AdwAlertDialog *dialog;

  if (account == NULL)
    return;

  dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (NULL, NULL));
  adw_alert_dialog_format_heading (dialog, _("Remove “%s”?"), pond_account_get_name (account));
  adw_alert_dialog_set_body (dialog, _("Its token is taken out of the keyring. Videos that were saved stay. "
                                       "Downloads that are not finished wait until the account is connected "
                                       "again."));
  adw_alert_dialog_add_responses (dialog, "cancel", _("_Cancel"), "remove", _("_Remove"), NULL);
  adw_alert_dialog_set_response_appearance (dialog, "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (dialog, "cancel");
  adw_alert_dialog_set_close_response (dialog, "cancel");

  g_object_set_data_full (G_OBJECT (dialog), "account", g_strdup (id), g_free);
  g_signal_connect_object (dialog, "response::remove", G_CALLBACK (on_removal_confirmed), self, 0);

  /* The focus comes back to where it was, and the row will be gone by then. */
  gtk_widget_grab_focus (self->add_button);
  adw_dialog_present (ADW_DIALOG (dialog), widget);
}

static void
pond_accounts_page_dispose (GObject *object)
{
  PondAccountsPage *self = POND_ACCOUNTS_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_ACCOUNTS_PAGE);
  g_clear_object (&self->accounts);
  g_clear_pointer (&self->api_base, g_free);

  G_OBJECT_CLASS (pond_accounts_page_parent_class)->dispose (object);
}

static void
pond_accounts_page_class_init (PondAccountsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pond_accounts_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-accounts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PondAccountsPage, add_button);
  gtk_widget_class_bind_template_child (widget_class, PondAccountsPage, list);

  gtk_widget_class_install_action (widget_class, "accounts.rename", "(ss)", on_rename_activated);
  gtk_widget_class_install_action (widget_class, "accounts.replace-token", "s", on_replace_token_activated);
  gtk_widget_class_install_action (widget_class, "accounts.remove", "s", on_remove_activated);
}

static void
pond_accounts_page_init (PondAccountsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwPreferencesPage *
pond_accounts_page_new (PondAccountStore *accounts,
                        const char       *api_base)
{
  PondAccountsPage *self;

  g_return_val_if_fail (POND_IS_ACCOUNT_STORE (accounts), NULL);
  g_return_val_if_fail (api_base != NULL, NULL);

  self = g_object_new (POND_TYPE_ACCOUNTS_PAGE, NULL);
  self->accounts = g_object_ref (accounts);
  self->api_base = g_strdup (api_base);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (accounts), create_row, NULL, NULL);

  return ADW_PREFERENCES_PAGE (self);
}
