/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-place-row"

#include "config.h"

#include "ui/pond-place-row.h"

struct _PondPlaceRow
{
  GtkListBoxRow  parent_instance;

  PondPlace     *place;
};

G_DEFINE_FINAL_TYPE (PondPlaceRow, pond_place_row, GTK_TYPE_LIST_BOX_ROW)

enum
{
  PROP_0,
  PROP_PLACE,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static gboolean
is_positive (PondPlaceRow *self,
             guint         count)
{
  return count > 0;
}

static gboolean
has_progress (PondPlaceRow *self,
              double        progress)
{
  return progress >= 0.0;
}

/* A float, because that is what Blueprint makes of a closure that returns a floating-point number. */
static float
clamp_progress (PondPlaceRow *self,
                double        progress)
{
  return MAX (progress, 0.0);
}

static void
pond_place_row_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  PondPlaceRow *self = POND_PLACE_ROW (object);

  switch (prop_id)
    {
    case PROP_PLACE:
      g_value_set_object (value, self->place);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_place_row_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  PondPlaceRow *self = POND_PLACE_ROW (object);

  switch (prop_id)
    {
    case PROP_PLACE:
      self->place = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_place_row_dispose (GObject *object)
{
  PondPlaceRow *self = POND_PLACE_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_PLACE_ROW);
  g_clear_object (&self->place);

  G_OBJECT_CLASS (pond_place_row_parent_class)->dispose (object);
}

static void
pond_place_row_class_init (PondPlaceRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = pond_place_row_get_property;
  object_class->set_property = pond_place_row_set_property;
  object_class->dispose = pond_place_row_dispose;

  props[PROP_PLACE] = g_param_spec_object ("place", NULL, NULL, POND_TYPE_PLACE,
                                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY
                                               | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-place-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, clamp_progress);
  gtk_widget_class_bind_template_callback (widget_class, has_progress);
  gtk_widget_class_bind_template_callback (widget_class, is_positive);
}

static void
pond_place_row_init (PondPlaceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
pond_place_row_new (PondPlace *place)
{
  g_return_val_if_fail (POND_IS_PLACE (place), NULL);

  return g_object_new (POND_TYPE_PLACE_ROW, "place", place, NULL);
}

PondPlace *
pond_place_row_get_place (PondPlaceRow *self)
{
  g_return_val_if_fail (POND_IS_PLACE_ROW (self), NULL);

  return self->place;
}
