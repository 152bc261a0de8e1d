/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-drop-area"

#include "config.h"

#include "ui/pond-drop-area.h"

#include "ui/pond-offer.h"

struct _PondDropArea
{
  AdwBin        parent_instance;

  GCancellable *cancellable;
  gboolean      active;
};

G_DEFINE_FINAL_TYPE (PondDropArea, pond_drop_area, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_ACTIVE,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

enum
{
  SIGNAL_DROPPED,
  SIGNAL_FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
set_active (PondDropArea *self,
            gboolean      active)
{
  if (self->active == active)
    return;

  self->active = active;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ACTIVE]);
}

static GdkDragAction
on_drag_enter (PondDropArea *self)
{
  set_active (self, TRUE);

  /* Browsers offer links with the action "link", file managers files with "copy". */
  return GDK_ACTION_COPY;
}

static void
on_drag_leave (PondDropArea *self)
{
  set_active (self, FALSE);
}

static void
on_offer_read (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(PondDropArea) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = pond_offer_read_finish (result, &error);

  gdk_drop_finish (GDK_DROP (source), text != NULL ? GDK_ACTION_COPY : 0);

  if (text != NULL)
    g_signal_emit (self, signals[SIGNAL_DROPPED], 0, text);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, error->message);
}

static gboolean
on_drop (PondDropArea *self,
         GdkDrop      *drop)
{
  set_active (self, FALSE);
  pond_offer_read_async (G_OBJECT (drop), self->cancellable, on_offer_read, g_object_ref (self));

  return TRUE;
}

static void
pond_drop_area_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  PondDropArea *self = POND_DROP_AREA (object);

  switch (prop_id)
    {
    case PROP_ACTIVE:
      g_value_set_boolean (value, self->active);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_drop_area_dispose (GObject *object)
{
  PondDropArea *self = POND_DROP_AREA (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (pond_drop_area_parent_class)->dispose (object);
}

static void
pond_drop_area_class_init (PondDropAreaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pond_drop_area_get_property;
  object_class->dispose = pond_drop_area_dispose;

  props[PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, FALSE,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_DROPPED] = g_signal_new ("dropped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
pond_drop_area_init (PondDropArea *self)
{
  GtkEventController *target = GTK_EVENT_CONTROLLER (
      gtk_drop_target_async_new (pond_offer_get_formats (), GDK_ACTION_COPY | GDK_ACTION_LINK));

  self->cancellable = g_cancellable_new ();
  g_signal_connect_object (target, "drag-enter", G_CALLBACK (on_drag_enter), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "drag-leave", G_CALLBACK (on_drag_leave), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), target);
}
