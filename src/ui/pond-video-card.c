/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-video-card"

#include "config.h"

#include "ui/pond-video-card.h"

#include "ui/pond-format.h"
#include "ui/pond-poster.h"

struct _PondVideoCard
{
  AdwBin            parent_instance;

  GMenuModel       *card_menu;
  GtkWidget        *popover;
  PondLibraryEntry *entry;
};

G_DEFINE_FINAL_TYPE (PondVideoCard, pond_video_card, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_ENTRY,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static gboolean
is_audio (PondVideoCard *self,
          const char    *type)
{
  return g_strcmp0 (type, "audio") == 0;
}

static char *
get_icon_name (PondVideoCard *self,
               const char    *type)
{
  return g_strdup (is_audio (self, type) ? "audio-x-generic-symbolic" : "video-x-generic-symbolic");
}

static gboolean
is_absent (PondVideoCard   *self,
           PondEntryStatus  status)
{
  return status != POND_ENTRY_PRESENT;
}

static gboolean
is_known (PondVideoCard *self,
          gint64         duration)
{
  return duration > 0;
}

static gboolean
is_begun (PondVideoCard *self,
          double         progress)
{
  return progress > 0.0;
}

static char *
format_duration (PondVideoCard *self,
                 gint64         duration)
{
  return pond_format_duration (duration);
}

static void
pond_video_card_popup (PondVideoCard *self,
                       double         x,
                       double         y)
{
  if (self->popover == NULL)
    {
      self->popover = gtk_popover_menu_new_from_model (self->card_menu);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
      gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
      gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
    }

  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover),
                               &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
on_secondary_pressed (GtkGestureClick *gesture,
                      int              n_press,
                      double           x,
                      double           y,
                      PondVideoCard   *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  pond_video_card_popup (self, x, y);
}

static void
on_long_pressed (GtkGesture    *gesture,
                 double         x,
                 double         y,
                 PondVideoCard *self)
{
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  pond_video_card_popup (self, x, y);
}

static void
on_menu_activated (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  pond_video_card_popup (POND_VIDEO_CARD (widget), gtk_widget_get_width (widget),
                         gtk_widget_get_height (widget));
}

/* "card.play" becomes "library.play" of this video, which the page knows how to do. */
static void
on_entry_action_activated (GtkWidget  *widget,
                           const char *action_name,
                           GVariant   *parameter)
{
  PondVideoCard *self = POND_VIDEO_CARD (widget);
  g_autofree char *name = g_strconcat ("library.", strchr (action_name, '.') + 1, NULL);

  if (self->entry != NULL)
    gtk_widget_activate_action (widget, name, "(ss)", pond_library_entry_get_uid (self->entry),
                                pond_library_entry_get_type_name (self->entry));
}

static void
on_copy_id_activated (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  PondVideoCard *self = POND_VIDEO_CARD (widget);

  if (self->entry != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget),
                            pond_library_entry_get_uid (self->entry));
}

static void
on_watched_changed (PondVideoCard *self)
{
  gboolean watched = pond_library_entry_get_watched (self->entry);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "card.mark-watched", !watched);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "card.mark-unwatched", watched);
}

static void
pond_video_card_set_entry (PondVideoCard    *self,
                           PondLibraryEntry *entry)
{
  if (self->entry == entry)
    return;

  if (self->entry != NULL)
    g_signal_handlers_disconnect_by_func (self->entry, on_watched_changed, self);

  g_set_object (&self->entry, entry);

  if (entry != NULL)
    {
      g_signal_connect_object (entry, "notify::watched", G_CALLBACK (on_watched_changed), self,
                               G_CONNECT_SWAPPED);
      on_watched_changed (self);
    }

  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ENTRY]);
}

static void
pond_video_card_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  PondVideoCard *self = POND_VIDEO_CARD (object);

  switch (prop_id)
    {
    case PROP_ENTRY:
      g_value_set_object (value, self->entry);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_video_card_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  PondVideoCard *self = POND_VIDEO_CARD (object);

  switch (prop_id)
    {
    case PROP_ENTRY:
      pond_video_card_set_entry (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_video_card_dispose (GObject *object)
{
  PondVideoCard *self = POND_VIDEO_CARD (object);

  g_clear_pointer (&self->popover, gtk_widget_unparent);
  if (self->entry != NULL)
    g_signal_handlers_disconnect_by_func (self->entry, on_watched_changed, self);
  g_clear_object (&self->entry);
  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_VIDEO_CARD);

  G_OBJECT_CLASS (pond_video_card_parent_class)->dispose (object);
}

static void
pond_video_card_class_init (PondVideoCardClass *klass)
{
  static const char * const actions[] = {
    "card.play", "card.restart", "card.show", "card.remove", "card.mark-watched",
    "card.mark-unwatched",
  };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = pond_video_card_get_property;
  object_class->set_property = pond_video_card_set_property;
  object_class->dispose = pond_video_card_dispose;

  props[PROP_ENTRY] = g_param_spec_object ("entry", NULL, NULL, POND_TYPE_LIBRARY_ENTRY,
                                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                                               | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (POND_TYPE_POSTER);
  g_type_ensure (POND_TYPE_LIBRARY_ENTRY);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-video-card.ui");
  gtk_widget_class_bind_template_child (widget_class, PondVideoCard, card_menu);
  gtk_widget_class_bind_template_callback (widget_class, format_duration);
  gtk_widget_class_bind_template_callback (widget_class, get_icon_name);
  gtk_widget_class_bind_template_callback (widget_class, is_absent);
  gtk_widget_class_bind_template_callback (widget_class, is_audio);
  gtk_widget_class_bind_template_callback (widget_class, is_begun);
  gtk_widget_class_bind_template_callback (widget_class, is_known);
  gtk_widget_class_bind_template_callback (widget_class, on_long_pressed);
  gtk_widget_class_bind_template_callback (widget_class, on_secondary_pressed);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, on_entry_action_activated);
  gtk_widget_class_install_action (widget_class, "card.copy-id", NULL, on_copy_id_activated);
  gtk_widget_class_install_action (widget_class, "card.menu", NULL, on_menu_activated);
}

static void
pond_video_card_init (PondVideoCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
