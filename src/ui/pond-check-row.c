/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "ui/pond-check-row.h"

#include <glib/gi18n.h>

struct _PondCheckRow
{
  AdwActionRow   parent_instance;

  GtkStack      *stack;
  GtkImage      *icon;

  PondCheckStep *step;
};

G_DEFINE_FINAL_TYPE (PondCheckRow, pond_check_row, ADW_TYPE_ACTION_ROW)

typedef struct
{
  const char *word;
  const char *icon_name;
  const char *css_class;
} Look;

static const Look looks[] = {
  [POND_CHECK_PENDING] = { N_("Not checked"), "content-loading-symbolic", "dimmed" },
  [POND_CHECK_RUNNING] = { N_("Being checked"), NULL, NULL },
  [POND_CHECK_PASSED] = { N_("Passed"), "object-select-symbolic", "success" },
  [POND_CHECK_FAILED] = { N_("Failed"), "dialog-error-symbolic", "error" },
  [POND_CHECK_UNKNOWN] = { N_("Not known"), "dialog-question-symbolic", "warning" },
};

static const Look passed_for_now = { N_("Passed"), "dialog-warning-symbolic", "warning" };

static void
pond_check_row_update (PondCheckRow *self)
{
  PondCheckState state = pond_check_step_get_state (self->step);
  const char *detail = pond_check_step_get_detail (self->step);
  const char *advice = pond_check_step_get_advice (self->step);
  const Look *look = state == POND_CHECK_PASSED && advice != NULL ? &passed_for_now : &looks[state];
  const char *css_classes[] = { look->css_class, NULL };
  g_autofree char *subtitle = NULL;

  if (detail != NULL && advice != NULL)
    subtitle = g_strjoin ("\n", detail, advice, NULL);
  else
    subtitle = g_strdup (detail);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle != NULL ? subtitle : "");

  gtk_stack_set_visible_child_name (self->stack, state == POND_CHECK_RUNNING ? "spinner" : "icon");
  gtk_image_set_from_icon_name (self->icon, look->icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), css_classes);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_PROPERTY_LABEL, _(look->word), -1);
}

static void
pond_check_row_dispose (GObject *object)
{
  PondCheckRow *self = POND_CHECK_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_CHECK_ROW);
  g_clear_object (&self->step);

  G_OBJECT_CLASS (pond_check_row_parent_class)->dispose (object);
}

static void
pond_check_row_class_init (PondCheckRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pond_check_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-check-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PondCheckRow, icon);
  gtk_widget_class_bind_template_child (widget_class, PondCheckRow, stack);
}

static void
pond_check_row_init (PondCheckRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
pond_check_row_new (PondCheckStep *step)
{
  PondCheckRow *self;

  g_return_val_if_fail (POND_IS_CHECK_STEP (step), NULL);

  self = g_object_new (POND_TYPE_CHECK_ROW, "title", pond_check_step_get_title (step), NULL);
  self->step = g_object_ref (step);
  g_signal_connect_object (step, "notify", G_CALLBACK (pond_check_row_update), self, G_CONNECT_SWAPPED);
  pond_check_row_update (self);

  return GTK_WIDGET (self);
}
