/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-account-dialog"

#include "config.h"

#include "ui/pond-account-dialog.h"

#include <glib/gi18n.h>

#include "stream/pond-account-check.h"
#include "ui/pond-check-row.h"

/* As many pixels as the steps need, with a finding each. */
#define CHECK_HEIGHT 560

struct _PondAccountDialog
{
  AdwDialog            parent_instance;

  GtkWidget           *cancel_button;
  GtkWidget           *connect_button;
  GtkLabel            *connect_label;
  GtkStack            *connect_stack;
  GtkWidget           *error_box;
  GtkLabel            *error_label;
  GtkLabel            *session_label;
  GtkListBox          *steps;
  AdwPreferencesGroup *form;
  AdwEntryRow         *id_row;
  AdwPasswordEntryRow *token_row;
  AdwEntryRow         *name_row;
  GtkWidget           *help;

  PondAccountStore    *accounts;
  char                *api_base;
  /* The one that gets another token, or NULL. */
  PondAccount         *account;
  PondAccountCheck    *check;
  GCancellable        *cancellable;
  gboolean             done;
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
  /* A text that turns insensitive while it has the focus goes on blinking, and GTK complains. */
  if (busy)
    gtk_widget_grab_focus (self->cancel_button);

  gtk_stack_set_visible_child_name (self->connect_stack, busy ? "spinner" : "label");
  gtk_widget_set_sensitive (self->connect_button, !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->form), !busy);
}

static void
pond_account_dialog_mark (PondAccountDialog *self,
                          GtkWidget         *row)
{
  gtk_widget_add_css_class (row, "error");
  gtk_widget_grab_focus (row);
}

static void
pond_account_dialog_fail (PondAccountDialog *self,
                          const char        *text)
{
  pond_account_dialog_set_busy (self, FALSE);
  gtk_label_set_label (self->error_label, text);
  gtk_widget_set_visible (self->error_box, TRUE);
}

static void
on_row_changed (PondAccountDialog *self,
                GtkWidget         *row)
{
  gtk_widget_remove_css_class (row, "error");
  gtk_widget_set_visible (self->error_box, FALSE);
}

static GtkWidget *
create_step_row (gpointer item,
                 gpointer user_data)
{
  return pond_check_row_new (item);
}

/* The step that was the last, and its place. */
static PondCheckStep *
find_last_step (PondAccountCheck *check)
{
  GListModel *steps = pond_account_check_get_steps (check);
  g_autoptr(PondCheckStep) last = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr(PondCheckStep) step = g_list_model_get_item (steps, i);

      if (pond_check_step_get_state (step) == POND_CHECK_PENDING)
        break;
      g_set_object (&last, step);
    }

  return g_steal_pointer (&last);
}

/* Leads to what has to be changed, and says aloud what the rows show. */
static void
pond_account_dialog_refuse (PondAccountDialog *self)
{
  g_autoptr(PondCheckStep) step = find_last_step (self->check);
  const char *advice = pond_check_step_get_advice (step);
  g_autofree char *text = g_strjoin (" ", pond_check_step_get_detail (step), advice, NULL);

  pond_account_dialog_set_busy (self, FALSE);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);

  if (pond_check_step_get_state (step) != POND_CHECK_FAILED)
    gtk_widget_grab_focus (self->connect_button);
  else if (pond_check_step_get_kind (step) == POND_CHECK_ACCOUNT && self->account == NULL)
    pond_account_dialog_mark (self, GTK_WIDGET (self->id_row));
  else
    pond_account_dialog_mark (self, GTK_WIDGET (self->token_row));
}

static char *
describe_keyring_error (const GError *error)
{
  switch ((PondSecretError) error->code)
    {
    case POND_SECRET_ERROR_UNAVAILABLE:
      return g_strdup (_("Connected for this session only: there is no keyring that could keep the token."));

    case POND_SECRET_ERROR_LOCKED:
      return g_strdup (_("Connected for this session only: the keyring is locked, and keeps no token."));

    case POND_SECRET_ERROR_TIMED_OUT:
      return g_strdup (_("Connected for this session only: the keyring does not answer."));

    case POND_SECRET_ERROR_FAILED:
    default:
      return g_strdup_printf (_("Connected for this session only: %s."), error->message);
    }
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
      pond_account_dialog_fail (self, error->message);
      return;
    }

  pond_account_dialog_set_busy (self, FALSE);
  self->done = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->token_row), "");
  gtk_widget_set_visible (GTK_WIDGET (self->form), FALSE);
  gtk_widget_set_visible (self->help, FALSE);
  gtk_widget_set_visible (self->cancel_button, FALSE);
  gtk_label_set_label (self->connect_label, _("_Done"));
  gtk_widget_grab_focus (self->connect_button);
  adw_dialog_set_title (ADW_DIALOG (self),
                        self->account != NULL ? _("Token Replaced") : _("Account Connected"));

  if (keyring_error != NULL)
    {
      g_autofree char *text = describe_keyring_error (keyring_error);

      gtk_label_set_label (self->session_label, text);
      gtk_widget_set_visible (GTK_WIDGET (self->session_label), TRUE);
    }

  gtk_accessible_announce (GTK_ACCESSIBLE (self), adw_dialog_get_title (ADW_DIALOG (self)),
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
  g_signal_emit (self, signals[SIGNAL_CONNECTED], 0, account);
}

/* An account keeps the name it has, and a new one without takes Cloudflare's. */
static const char *
choose_name (PondAccountDialog *self)
{
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->name_row));

  if (*name != '\0')
    return name;
  if (pond_account_store_find (self->accounts, pond_account_check_get_account_id (self->check)) != NULL)
    return NULL;

  name = pond_account_check_get_account_name (self->check);

  return name != NULL ? name : _("Stream");
}

static void
on_check_ready (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(PondAccountDialog) self = user_data;
  g_autoptr(GError) error = NULL;

  if (pond_account_check_run_finish (POND_ACCOUNT_CHECK (source), result, &error))
    pond_account_store_add_async (self->accounts, pond_account_check_get_account_id (self->check),
                                  choose_name (self), pond_account_check_get_token (self->check),
                                  self->cancellable, on_add_ready, g_object_ref (self));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    pond_account_dialog_refuse (self);
}

/* The account's ID, or NULL while none can be read. */
static char *
pond_account_dialog_parse_id (PondAccountDialog *self)
{
  if (self->account != NULL)
    return g_strdup (pond_account_get_id (self->account));

  return pond_account_parse_id (gtk_editable_get_text (GTK_EDITABLE (self->id_row)));
}

static void
on_connect_clicked (PondAccountDialog *self)
{
  g_autofree char *id = NULL;

  if (self->done)
    {
      adw_dialog_close (ADW_DIALOG (self));
      return;
    }

  gtk_widget_set_visible (self->error_box, FALSE);
  id = pond_account_dialog_parse_id (self);
  if (id == NULL)
    {
      pond_account_dialog_fail (self,
                                _("That is no account ID. It has 32 digits and letters, and is part of "
                                  "the address of the dashboard."));
      pond_account_dialog_mark (self, GTK_WIDGET (self->id_row));
      return;
    }

  gtk_widget_remove_css_class (GTK_WIDGET (self->id_row), "error");
  gtk_widget_remove_css_class (GTK_WIDGET (self->token_row), "error");
  pond_account_dialog_set_busy (self, TRUE);

  g_clear_object (&self->check);
  self->check = pond_account_check_new (self->api_base, id,
                                        gtk_editable_get_text (GTK_EDITABLE (self->token_row)));
  gtk_list_box_bind_model (self->steps, pond_account_check_get_steps (self->check), create_step_row, NULL,
                           NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->steps), TRUE);
  adw_dialog_set_content_height (ADW_DIALOG (self), CHECK_HEIGHT);
  pond_account_check_run_async (self->check, self->cancellable, on_check_ready, g_object_ref (self));
}

static void
on_create_activated (PondAccountDialog *self)
{
  g_autofree char *id = pond_account_dialog_parse_id (self);
  g_autofree char *page = pond_account_check_build_token_page (id);
  g_autoptr(GtkUriLauncher) launcher = gtk_uri_launcher_new (page);

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
  g_clear_object (&self->account);
  g_clear_object (&self->check);
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
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                            POND_TYPE_ACCOUNT);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-account-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, connect_button);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, connect_label);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, connect_stack);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, error_box);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, error_label);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, form);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, help);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, id_row);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, session_label);
  gtk_widget_class_bind_template_child (widget_class, PondAccountDialog, steps);
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

AdwDialog *
pond_account_dialog_new_for_account (PondAccountStore *accounts,
                                     const char       *api_base,
                                     PondAccount      *account)
{
  AdwDialog *dialog = pond_account_dialog_new (accounts, api_base);
  PondAccountDialog *self = POND_ACCOUNT_DIALOG (dialog);
  g_autofree char *title = g_markup_escape_text (pond_account_get_name (account), -1);

  self->account = g_object_ref (account);
  gtk_widget_set_visible (GTK_WIDGET (self->id_row), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->name_row), FALSE);
  gtk_label_set_label (self->connect_label, _("_Replace"));
  adw_preferences_group_set_title (self->form, title);
  adw_preferences_group_set_description (self->form, pond_account_get_id (account));
  adw_dialog_set_title (dialog, _("Replace the Token"));
  adw_dialog_set_focus (dialog, GTK_WIDGET (self->token_row));

  return dialog;
}
