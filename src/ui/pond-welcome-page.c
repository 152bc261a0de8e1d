/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-welcome-page"

#include "config.h"

#include "ui/pond-welcome-page.h"

struct _PondWelcomePage
{
  AdwBin      parent_instance;

  GtkPicture *illustration;
};

G_DEFINE_FINAL_TYPE (PondWelcomePage, pond_welcome_page, ADW_TYPE_BIN)

static void
pond_welcome_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), POND_TYPE_WELCOME_PAGE);

  G_OBJECT_CLASS (pond_welcome_page_parent_class)->dispose (object);
}

static void
pond_welcome_page_class_init (PondWelcomePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pond_welcome_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PondWelcomePage, illustration);
}

static void
pond_welcome_page_init (PondWelcomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_picture_set_resource (self->illustration, APP_PATH "/illustrations/welcome.svg");
}
