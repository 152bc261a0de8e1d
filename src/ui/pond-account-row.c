/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "ui/pond-account-row.h"

#include <glib/gi18n.h>

struct _PondAccountRow
{
  AdwExpanderRow parent_instance;

  AdwEntryRow   *name_row;

  PondAccount   *account;
};

G_DEFINE_FINAL_TYPE (PondAccountRow, pond_account_row, ADW_TYPE_EXPANDER_ROW)

enum
{
  PROP_0,
  PROP_ACCOUNT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static char *
describe_account (PondAccountRow    *self,
                  PondAccount       *account,
                  PondAccountOrigin  origin)
{
  return account != NULL ? pond_account_row_describe (account) : NULL;
}

static void
on_name_applied (PondAccountRow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "accounts.rename", "(ss)",
                              pond_account_get_id (self->account),
                              gtk_editable_get_text (GTK_EDITABLE (self->name_row)));
}

static void
on_replace_activated (PondAccountRow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "accounts.replace-token", "s",
                              pond_account_get_id (self->account));
}

static void
on_remove_activated (PondAccountRow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "accounts.remove", "s",
                              pond_account_get_id (self->account));
}

static void
pond_account_row_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  PondAccountRow *self = POND_ACCOUNT_ROW (object);

  switch (prop_id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_account_row_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  PondAccountRow *self = POND_ACCOUNT_ROW (object);

  switch (prop_id)
    {
    case PROP_ACCOUNT:
      if (g_set_object (&self->account, g_value_get_object (value)))
        g_object_notify_by_pspec (object, pspec);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_account_row_dispose (GObject *object)
{
  PondAccountRow *self = POND_ACCOUNT_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_ACCOUNT_ROW);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (pond_account_row_parent_class)->dispose (object);
}

static void
pond_account_row_class_init (PondAccountRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = pond_account_row_get_property;
  object_class->set_property = pond_account_row_set_property;
  object_class->dispose = pond_account_row_dispose;

  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, POND_TYPE_ACCOUNT,
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                                                      G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-account-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PondAccountRow, name_row);
  gtk_widget_class_bind_template_callback (widget_class, describe_account);
  gtk_widget_class_bind_template_callback (widget_class, on_name_applied);
  gtk_widget_class_bind_template_callback (widget_class, on_remove_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_replace_activated);
}

static void
pond_account_row_init (PondAccountRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
pond_account_row_new (PondAccount *account)
{
  GtkWidget *self;

  g_return_val_if_fail (POND_IS_ACCOUNT (account), NULL);

  /* Only a row that is made already passes on that a name is no markup. */
  self = g_object_new (POND_TYPE_ACCOUNT_ROW, NULL);
  g_object_set (self, "account", account, NULL);

  return self;
}

char *
pond_account_row_describe (PondAccount *account)
{
  const char *origin;

  g_return_val_if_fail (POND_IS_ACCOUNT (account), NULL);

  switch (pond_account_get_origin (account))
    {
    case POND_ACCOUNT_SESSION:
      origin = _("For this session only");
      break;

    case POND_ACCOUNT_ENVIRONMENT:
      origin = _("From the environment of this process");
      break;

    case POND_ACCOUNT_SAMPLE:
      origin = _("The built-in sample");
      break;

    case POND_ACCOUNT_KEYRING:
    default:
      origin = _("Its token is in the keyring");
    }

  return g_strjoin ("\n", pond_account_get_id (account), origin, NULL);
}
