/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-listing-row"

#include "config.h"

#include "ui/pond-listing-row.h"

#include "ui/pond-format.h"
#include "ui/pond-poster.h"

struct _PondListingRow
{
  AdwBin        parent_instance;

  PondListing  *listing;
  gboolean      on_screen;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (PondListingRow, pond_listing_row, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_LISTING,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static char *
describe_video (PondListingRow *self,
                PondVideo      *video)
{
  return video != NULL ? pond_format_video (pond_video_get_state (video), pond_video_get_percent (video),
                                            pond_video_get_duration (video),
                                            pond_video_get_created (video))
                       : NULL;
}

static char *
choose_child (PondListingRow   *self,
              PondAvailability  availability)
{
  static const char * const names[] = {
    [POND_AVAILABLE] = "download",
    [POND_UNAVAILABLE] = "unavailable",
    [POND_ON_ITS_WAY] = "on-its-way",
    [POND_SAVED] = "saved",
  };

  return g_strdup (names[availability]);
}

static void
on_action_activated (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  PondListingRow *self = POND_LISTING_ROW (widget);
  g_autofree char *name = g_strconcat ("stream.", strchr (action_name, '.') + 1, NULL);

  if (self->listing != NULL)
    gtk_widget_activate_action (widget, name, "s",
                                pond_video_get_uid (pond_listing_get_video (self->listing)));
}

/* Only what is seen is fetched, and what was scrolled past is not waited for. */
static void
update_poster (PondListingRow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  if (!self->on_screen || self->listing == NULL)
    return;

  self->cancellable = g_cancellable_new ();
  pond_listing_load_poster (self->listing, self->cancellable);
}

static void
pond_listing_row_set_listing (PondListingRow *self,
                              PondListing    *listing)
{
  if (!g_set_object (&self->listing, listing))
    return;

  update_poster (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LISTING]);
}

static void
pond_listing_row_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  PondListingRow *self = POND_LISTING_ROW (object);

  switch (prop_id)
    {
    case PROP_LISTING:
      g_value_set_object (value, self->listing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_listing_row_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  PondListingRow *self = POND_LISTING_ROW (object);

  switch (prop_id)
    {
    case PROP_LISTING:
      pond_listing_row_set_listing (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_listing_row_dispose (GObject *object)
{
  PondListingRow *self = POND_LISTING_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->listing);
  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_LISTING_ROW);

  G_OBJECT_CLASS (pond_listing_row_parent_class)->dispose (object);
}

static void
pond_listing_row_class_init (PondListingRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = pond_listing_row_get_property;
  object_class->set_property = pond_listing_row_set_property;
  object_class->dispose = pond_listing_row_dispose;

  props[PROP_LISTING] = g_param_spec_object ("listing", NULL, NULL, POND_TYPE_LISTING,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                                                 | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (POND_TYPE_POSTER);
  g_type_ensure (POND_TYPE_VIDEO);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-listing-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, choose_child);
  gtk_widget_class_bind_template_callback (widget_class, describe_video);

  gtk_widget_class_install_action (widget_class, "listing.download", NULL, on_action_activated);
  gtk_widget_class_install_action (widget_class, "listing.play", NULL, on_action_activated);
}

static void
pond_listing_row_init (PondListingRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
pond_listing_row_set_on_screen (PondListingRow *self,
                                gboolean        on_screen)
{
  g_return_if_fail (POND_IS_LISTING_ROW (self));

  if (self->on_screen == on_screen)
    return;

  self->on_screen = on_screen;
  update_poster (self);
}
