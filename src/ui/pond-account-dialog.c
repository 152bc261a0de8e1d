/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-account-dialog"

#include "config.h"

#include "ui/pond-account-dialog.h"

#include <glib/gi18n.h>

#include "stream/pond-stream-client.h"
#include "ui/pond-format.h"

#define TOKENS_PAGE "https://dash.cloudflare.com/profile/api-tokens"

struct _PondAccountDialog
{
  AdwDialog         parent_instance;

  GtkWidget        *connect_button;
  GtkStack         *connect_stack;
  GtkWidget        *error_box;
  GtkLabel         *error_label;
  GtkWidget        *form;
  AdwEntryRow      *id_row;
  AdwPasswordEntryRow *token_row;
  AdwEntryRow      *name_row;

  PondAccountStore *accounts;
  char             *api_base;
  PondStreamClient *client;
  PondToken        *token;
  GCancellable     *cancellable;
};

G_DEFINE_FINAL_TYPE (PondAccountDialog, pond_account_dialog, ADW_TYPE_DIALOG)

enum
{
  SIGNAL_CONNECTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
pond_account_dialog_set_busy (PondAccountDialog *self,
                              gboolean           busy)
{
  gtk_stack_set_visible_child_name (self->connect_stack, busy ? "spinner" : "label");
  gtk_widget_set_sensitive (self->connect_button, !busy);
  gtk_widget_set_sensitive (self->form, !busy);
}

static void
pond_account_dialog_fail (PondAccountDialog *self,
                          GtkWidget         *row,
                          const char        *text)
{
  pond_account_dialog_set_busy (self, FALSE);
  gtk_label_set_label (self->error_label, text);
  gtk_widget_set_visible (self->error_box, TRUE);

  if (row != NULL)
    {
      gtk_widget_add_css_class (row, "error");
      gtk_widget_grab_focus (row);
    }
}

static void
on_row_changed (PondAccountDialog *self,
                GtkWidget         *row)
{
  gtk_widget_remove_css_class (row, "error");
  gtk_widget_set_visible (self->error_box, FALSE);
}

static void
on_add_ready (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(PondAccountDialog) self = user_data;
  g_autoptr(GError) keyring_error = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(PondAccount) account = NULL;

  account = pond_account_store_add_finish (POND_ACCOUNT_STORE (source), result, &keyring_error,
                                           &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (account == NULL)
    {
      pond_account_dialog_fail (self, NULL, error->message);
      return;
    }

  g_signal_emit (self, signals[SIGNAL_CONNECTED], 0, account, keyring_error == NULL);
  adw_dialog_force_close (ADW_DIALOG (self));
}

static void
on_verify_ready (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(PondAccountDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  const char *name;

  if (!pond_stream_client_verify_finish (POND_STREAM_CLIENT (source), result, &error))
    {
      g_autofree char *text = pond_format_stream_error (error);

      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        pond_account_dialog_fail (self, NULL, text);
      return;
    }

  name = gtk_editable_get_text (GTK_EDITABLE (self->name_row));
  pond_account_store_add_async (self->accounts, pond_stream_client_get_account_id (self->client),
                                *name != '\0' ? name : _("Stream"), self->token, self->cancellable,
                                on_add_ready, g_object_ref (self));
}

static void
on_connect_clicked (PondAccountDialog *self)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *id = pond_account_parse_id (gtk_editable_get_text (GTK_EDITABLE (self->id_row)));

  if (id == NULL)
    {
      pond_account_dialog_fail (self, GTK_WIDGET (self->id_row),
                                _("That is no account ID. It has 32 digits and letters, and is part of "
                                  "the address of the dashboard."));
      return;
    }

  g_clear_pointer (&self->token, pond_token_unref);
  self->token = pond_token_new (gtk_editable_get_text (GTK_EDITABLE (self->token_row)), &error);
  if (self->token == NULL)
    {
      pond_account_dialog_fail (self, GTK_WIDGET (self->token_row), error->message);
      return;
    }

  pond_account_dialog_set_busy (self, TRUE);
  gtk_widget_set_visible (self->error_box, FALSE);

  g_clear_object (&self->client);
  self->client = pond_stream_client_new (self->api_base, id, self->token);
  pond_stream_client_verify_async (self->client, self->cancellable, on_verify_ready,
                                   g_object_ref (self));
}

static void
on_create_activated (PondAccountDialog *self)
{
  g_autoptr(GtkUriLauncher) launcher = gtk_uri_launcher_new (TOKENS_PAGE);

  gtk_uri_launcher_launch (launcher, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), NULL, NULL,
                           NULL);
}

static void
pond_account_dialog_closed (AdwDialog *dialog)
{
  PondAccountDialog *self = POND_ACCOUNT_DIALOG (dialog);

  g_cancellable_cancel (self->cancellable);
}

static void
pond_account_dialog_dispose (GObject *object)
{
  PondAccountDialog *self = POND_ACCOUNT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_ACCOUNT_DIALOG);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->accounts);
  g_clear_object (&self->client);
  g_clear_pointer (&self->token, pond_token_unref);
  g_clear_pointer (&self->api_base, g_free);

  G_OBJECT_CLASS (pond_account_dialog_parent_class)->dispose (object);
}

static void
pond_account_dialog_class_init (PondAccountDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pond_account_dialog_dispose;
  ADW_DIALOG_CLASS (klass)->closed = pond_account_dialog_closed;

  signals[SIGNAL_CONNECTED] = g_signal_new ("connected", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                            POND_TYPE_ACCOUNT, G_TYPE_BOOLEAN);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-account-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, connect_button);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, connect_stack);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, error_box);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, error_label);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, form);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, id_row);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, token_row);
  gtk_widget_class_bind_template_callback (widget_class, on_connect_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_create_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_row_changed);
}

static void
pond_account_dialog_init (PondAccountDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

AdwDialog *
pond_account_dialog_new (PondAccountStore *accounts,
                         const char       *api_base)
{
  PondAccountDialog *self;

  g_return_val_if_fail (POND_IS_ACCOUNT_STORE (accounts), NULL);
  g_return_val_if_fail (api_base != NULL, NULL);

  self = g_object_new (POND_TYPE_ACCOUNT_DIALOG, NULL);
  self->accounts = g_object_ref (accounts);
  self->api_base = g_strdup (api_base);

  return ADW_DIALOG (self);
}
