/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-player"

#include "config.h"

#include "player/pond-seek-bar.h"

#include <glib/gi18n.h>

/* A bar that is dragged moves on within this many milliseconds; else it rests. */
#define REST_DELAY 150

struct _PondSeekBar
{
  AdwBin parent_instance;

  GtkLabel *position_label;
  GtkWidget *scale;
  GtkAdjustment *adjustment;
  GtkLabel *end_label;

  PondPlayer *player;
  gboolean shows_remaining;
  guint rest_id;
  guint64 spoken_second;
};

G_DEFINE_FINAL_TYPE (PondSeekBar, pond_seek_bar, ADW_TYPE_BIN)

typedef enum
{
  PROP_PLAYER = 1,
  N_PROPS,
} PondSeekBarProperty;

static GParamSpec *properties[N_PROPS];

static char *
format_clock (guint64 seconds, const char *sign)
{
  guint64 minutes = seconds / 60;
  guint64 hours = minutes / 60;

  if (hours > 0)
    {
      return g_strdup_printf ("%s%" G_GUINT64_FORMAT ":%02u:%02u", sign, hours,
                              (guint) (minutes % 60), (guint) (seconds % 60));
    }

  return g_strdup_printf ("%s%u:%02u", sign, (guint) minutes, (guint) (seconds % 60));
}

static char *
format_words (guint64 seconds)
{
  guint hours = seconds / 3600;
  guint minutes = seconds / 60 % 60;
  guint rest = seconds % 60;
  GString *words = g_string_new (NULL);

  if (hours > 0)
    g_string_append_printf (words, ngettext ("%u hour", "%u hours", hours), hours);

  if (minutes > 0)
    {
      if (words->len > 0)
        g_string_append_c (words, ' ');
      g_string_append_printf (words, ngettext ("%u minute", "%u minutes", minutes), minutes);
    }

  if (rest > 0 || words->len == 0)
    {
      if (words->len > 0)
        g_string_append_c (words, ' ');
      g_string_append_printf (words, ngettext ("%u second", "%u seconds", rest), rest);
    }

  return g_string_free_and_steal (words);
}

static void
update (PondSeekBar *self)
{
  GstClockTime position = pond_player_get_position (self->player);
  GstClockTime duration = pond_player_get_duration (self->player);
  g_autofree char *position_text = NULL;
  g_autofree char *end_text = NULL;
  guint64 second, length;

  if (!GST_CLOCK_TIME_IS_VALID (position))
    position = 0;
  if (!GST_CLOCK_TIME_IS_VALID (duration))
    duration = 0;

  gtk_adjustment_set_upper (self->adjustment, (double) duration / GST_SECOND);
  gtk_adjustment_set_value (self->adjustment, (double) position / GST_SECOND);
  gtk_widget_set_sensitive (self->scale, duration > 0);

  second = position / GST_SECOND;
  length = duration / GST_SECOND;
  position_text = format_clock (second, "");
  if (self->shows_remaining)
    end_text = format_clock (length > second ? length - second : 0, "−");
  else
    end_text = format_clock (length, "");
  gtk_label_set_label (self->position_label, position_text);
  gtk_label_set_label (self->end_label, end_text);

  if (self->spoken_second != second)
    {
      g_autofree char *position_words = format_words (second);
      g_autofree char *length_words = format_words (length);
      /* Translators: both are durations, as in "1 minute 5 seconds of 10 minutes" */
      g_autofree char *spoken = g_strdup_printf (_("%s of %s"), position_words, length_words);

      self->spoken_second = second;
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale),
                                      GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, spoken, -1);
    }
}

static void
seek (PondSeekBar *self, double seconds, gboolean accurate)
{
  pond_player_seek (self->player, (GstClockTime) (MAX (seconds, 0) * GST_SECOND), accurate);
}

static void
on_rested (gpointer user_data)
{
  PondSeekBar *self = user_data;

  self->rest_id = 0;
  seek (self, gtk_adjustment_get_value (self->adjustment), TRUE);
}

/* The first is accurate: it may be a click, and then the last as well. */
static gboolean
on_change_value (PondSeekBar *self, GtkScrollType scroll, double value, GtkRange *range)
{
  gboolean is_dragged = self->rest_id != 0;

  g_clear_handle_id (&self->rest_id, g_source_remove);
  value = CLAMP (value, 0, gtk_adjustment_get_upper (self->adjustment));
  gtk_adjustment_set_value (self->adjustment, value);
  seek (self, value, !is_dragged);
  self->rest_id = g_timeout_add_once (REST_DELAY, on_rested, self);

  return GDK_EVENT_STOP;
}

static void
on_end_clicked (PondSeekBar *self)
{
  self->shows_remaining = !self->shows_remaining;
  update (self);
}

static void
on_position_changed (PondSeekBar *self)
{
  /* While it is dragged the hand says where it is. */
  if (self->rest_id == 0)
    update (self);
}

static void
set_player (PondSeekBar *self, PondPlayer *player)
{
  if (self->player == player)
    return;

  if (self->player != NULL)
    g_signal_handlers_disconnect_by_data (self->player, self);
  g_set_object (&self->player, player);

  if (player != NULL)
    {
      g_signal_connect_object (player, "notify::position", G_CALLBACK (on_position_changed), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (player, "notify::duration", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED);
      update (self);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAYER]);
}

static void
pond_seek_bar_dispose (GObject *object)
{
  PondSeekBar *self = POND_SEEK_BAR (object);

  g_clear_handle_id (&self->rest_id, g_source_remove);
  g_clear_object (&self->player);
  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_SEEK_BAR);

  G_OBJECT_CLASS (pond_seek_bar_parent_class)->dispose (object);
}

static void
pond_seek_bar_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PondSeekBar *self = POND_SEEK_BAR (object);

  switch ((PondSeekBarProperty) prop_id)
    {
    case PROP_PLAYER:
      g_value_set_object (value, self->player);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_seek_bar_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  PondSeekBar *self = POND_SEEK_BAR (object);

  switch ((PondSeekBarProperty) prop_id)
    {
    case PROP_PLAYER:
      set_player (self, g_value_get_object (value));
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_seek_bar_class_init (PondSeekBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pond_seek_bar_dispose;
  object_class->get_property = pond_seek_bar_get_property;
  object_class->set_property = pond_seek_bar_set_property;

  properties[PROP_PLAYER] =
      g_param_spec_object ("player", NULL, NULL, POND_TYPE_PLAYER,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-seek-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, PondSeekBar, position_label);
  gtk_widget_class_bind_template_child (widget_class, PondSeekBar, scale);
  gtk_widget_class_bind_template_child (widget_class, PondSeekBar, adjustment);
  gtk_widget_class_bind_template_child (widget_class, PondSeekBar, end_label);
  gtk_widget_class_bind_template_callback (widget_class, on_change_value);
  gtk_widget_class_bind_template_callback (widget_class, on_end_clicked);
}

static void
pond_seek_bar_init (PondSeekBar *self)
{
  self->spoken_second = G_MAXUINT64;

  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_widget_set_direction (adw_bin_get_child (ADW_BIN (self)), GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (self->scale, GTK_TEXT_DIR_LTR);
}
