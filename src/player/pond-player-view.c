/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-player"

#include "config.h"

#include "player/pond-player-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "player/pond-seek-bar.h"
#include "player/pond-video-sink.h"

#define HIDE_DELAY  2500 /* milliseconds */
#define VOLUME_STEP 0.05

struct _PondPlayerView
{
  AdwBin parent_instance;

  GtkStack *pages;
  GtkPicture *picture;
  GtkPicture *poster;
  GtkRevealer *header_revealer;
  GtkRevealer *controls_revealer;
  GtkEventControllerMotion *header_motion;
  GtkEventControllerMotion *controls_motion;
  GtkWidget *controls;
  GtkPopover *volume_popover;
  GtkToggleButton *mute_button;
  GtkScale *volume_scale;
  GtkAdjustment *volume_adjustment;

  PondPlayer *player;
  PondVideoSink *sink;
  char *title;
  gboolean fullscreened;
  GCancellable *poster_cancellable;

  guint hide_id;
  double pointer_x;
  double pointer_y;

  GtkApplication *inhibited;
  guint inhibit_cookie;
};

G_DEFINE_FINAL_TYPE (PondPlayerView, pond_player_view, ADW_TYPE_BIN)

typedef enum
{
  PROP_PLAYER = 1,
  PROP_TITLE,
  PROP_FULLSCREENED,
  N_PROPS,
} PondPlayerViewProperty;

enum
{
  BACK,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static gboolean
is_set (PondPlayerView *self, gpointer value)
{
  return value != NULL;
}

static gboolean
is_unset (PondPlayerView *self, gpointer value)
{
  return value == NULL;
}

static char *
format_notice (PondPlayerView *self, const GError *error)
{
  if (error == NULL)
    return NULL;

  /* Translators: %s names a codec, as in "H.264 decoder" */
  return g_strdup_printf (_("The picture can’t be shown: “%s” is not installed."), error->message);
}

static char *
format_failure (PondPlayerView *self, const GError *error)
{
  if (error == NULL)
    return NULL;

  switch ((PondPlayerError) error->code)
    {
    case POND_PLAYER_ERROR_MISSING_CODEC:
      return g_strdup (_("A Codec Is Missing"));
    case POND_PLAYER_ERROR_BROKEN:
      return g_strdup (_("The File Is Damaged"));
    case POND_PLAYER_ERROR_NOT_FOUND:
      return g_strdup (_("The File Can’t Be Found"));
    case POND_PLAYER_ERROR_FAILED:
    default:
      return g_strdup (_("The Video Can’t Be Played"));
    }
}

static char *
format_advice (PondPlayerView *self, const GError *error)
{
  if (error == NULL)
    return NULL;

  switch ((PondPlayerError) error->code)
    {
    case POND_PLAYER_ERROR_MISSING_CODEC:
      {
        g_autofree char *name = g_markup_escape_text (error->message, -1);

        /* Translators: %s names a codec, as in "H.264 decoder" */
        return g_strdup_printf (_("“%s” is needed to play this video, and is not installed."), name);
      }
    case POND_PLAYER_ERROR_BROKEN:
      return g_strdup (_("It ends early or can’t be understood. Download the video again."));
    case POND_PLAYER_ERROR_NOT_FOUND:
      return g_strdup (_("It was moved or deleted, or its disk is not connected."));
    case POND_PLAYER_ERROR_FAILED:
    default:
      return g_markup_escape_text (error->message, -1);
    }
}

static char *
get_play_icon (PondPlayerView *self, PondPlayerState state)
{
  return g_strdup (state == POND_PLAYER_PLAYING ? "media-playback-pause-symbolic"
                                                : "media-playback-start-symbolic");
}

static char *
get_play_tooltip (PondPlayerView *self, PondPlayerState state)
{
  return g_strdup (state == POND_PLAYER_PLAYING ? _("Pause") : _("Play"));
}

static char *
get_volume_icon (PondPlayerView *self, double volume, gboolean muted)
{
  if (muted || volume <= 0.0)
    return g_strdup ("audio-volume-muted-symbolic");
  if (volume > 1.0)
    return g_strdup ("audio-volume-overamplified-symbolic");
  if (volume > 2.0 / 3.0)
    return g_strdup ("audio-volume-high-symbolic");
  if (volume > 1.0 / 3.0)
    return g_strdup ("audio-volume-medium-symbolic");

  return g_strdup ("audio-volume-low-symbolic");
}

static char *
get_fullscreen_icon (PondPlayerView *self, gboolean fullscreened)
{
  return g_strdup (fullscreened ? "view-restore-symbolic" : "view-fullscreen-symbolic");
}

static char *
get_fullscreen_tooltip (PondPlayerView *self, gboolean fullscreened)
{
  return g_strdup (fullscreened ? _("Leave Fullscreen") : _("Fullscreen"));
}

/* The order of the controls belongs to the seek bar's, which is the same in every language. */
static void
set_left_to_right (GtkWidget *widget)
{
  gtk_widget_set_direction (widget, GTK_TEXT_DIR_LTR);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (!GTK_IS_POPOVER (child))
        set_left_to_right (child);
    }
}

static void
set_title (PondPlayerView *self, const char *title)
{
  if (g_set_str (&self->title, title))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

static void
set_fullscreened (PondPlayerView *self, gboolean fullscreened)
{
  if (self->fullscreened == fullscreened)
    return;

  self->fullscreened = fullscreened;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FULLSCREENED]);
}

static gboolean
is_playing (PondPlayerView *self)
{
  return pond_player_get_state (self->player) == POND_PLAYER_PLAYING;
}

static GtkWidget *
get_focus (PondPlayerView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return root != NULL ? gtk_root_get_focus (root) : NULL;
}

static gboolean
is_focus_in_controls (PondPlayerView *self)
{
  GtkWidget *focus = get_focus (self);

  return focus != NULL && (gtk_widget_is_ancestor (focus, GTK_WIDGET (self->header_revealer)) ||
                           gtk_widget_is_ancestor (focus, GTK_WIDGET (self->controls_revealer)));
}

static gboolean
is_focus_visible (PondPlayerView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return GTK_IS_WINDOW (root) && gtk_window_get_focus_visible (GTK_WINDOW (root));
}

static gboolean
is_in_use (PondPlayerView *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->volume_popover)) ||
         gtk_event_controller_motion_contains_pointer (self->header_motion) ||
         gtk_event_controller_motion_contains_pointer (self->controls_motion) ||
         (is_focus_in_controls (self) && is_focus_visible (self));
}

static void
set_revealed (PondPlayerView *self, gboolean revealed)
{
  /* What is hidden takes no keys. */
  if (!revealed && is_focus_in_controls (self))
    gtk_widget_grab_focus (adw_bin_get_child (ADW_BIN (self)));

  gtk_revealer_set_reveal_child (self->header_revealer, revealed);
  gtk_revealer_set_reveal_child (self->controls_revealer, revealed);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), revealed ? NULL : "none");
}

static gboolean
on_hide_timeout (gpointer user_data)
{
  PondPlayerView *self = user_data;

  if (is_in_use (self))
    return G_SOURCE_CONTINUE;

  self->hide_id = 0;
  set_revealed (self, FALSE);
  return G_SOURCE_REMOVE;
}

static void
reveal (PondPlayerView *self)
{
  g_clear_handle_id (&self->hide_id, g_source_remove);
  set_revealed (self, TRUE);

  if (is_playing (self) && pond_player_get_has_video (self->player))
    self->hide_id = g_timeout_add (HIDE_DELAY, on_hide_timeout, self);
}

static void
update_inhibit (PondPlayerView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkApplication *application = NULL;

  if (GTK_IS_WINDOW (root) && is_playing (self))
    application = gtk_window_get_application (GTK_WINDOW (root));

  if (self->inhibited == application)
    return;

  if (self->inhibited != NULL && self->inhibit_cookie != 0)
    gtk_application_uninhibit (self->inhibited, self->inhibit_cookie);
  g_set_object (&self->inhibited, application);
  self->inhibit_cookie = 0;

  if (application != NULL)
    {
      self->inhibit_cookie = gtk_application_inhibit (application, GTK_WINDOW (root),
                                                      GTK_APPLICATION_INHIBIT_IDLE,
                                                      _("Playing a video"));
    }
}

static void
update_page (PondPlayerView *self)
{
  const char *page;

  switch (pond_player_get_state (self->player))
    {
    case POND_PLAYER_FAILED:
      page = "failed";
      break;
    case POND_PLAYER_STOPPED:
    case POND_PLAYER_LOADING:
      page = "loading";
      break;
    case POND_PLAYER_PLAYING:
    case POND_PLAYER_PAUSED:
    case POND_PLAYER_ENDED:
    default:
      page = pond_player_get_has_video (self->player) ? "picture" : "sound";
    }

  gtk_stack_set_visible_child_name (self->pages, page);
}

static void
on_state_changed (PondPlayerView *self)
{
  PondPlayerState state = pond_player_get_state (self->player);

  update_page (self);
  update_inhibit (self);
  gtk_widget_set_sensitive (self->controls, state != POND_PLAYER_FAILED);
  reveal (self);
}

static void
on_poster_ready (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GBytes) bytes = g_file_load_bytes_finish (G_FILE (object), result, NULL, NULL);
  g_autoptr (GdkTexture) texture = NULL;
  PondPlayerView *self = user_data;

  /* A poster is an ornament: none is no failure. The view may be gone only when it was cancelled. */
  if (bytes == NULL)
    return;

  texture = gdk_texture_new_from_bytes (bytes, NULL);
  if (texture != NULL)
    gtk_picture_set_paintable (self->poster, GDK_PAINTABLE (texture));
}

static void
load_poster (PondPlayerView *self, GFile *poster)
{
  g_cancellable_cancel (self->poster_cancellable);
  g_clear_object (&self->poster_cancellable);
  gtk_picture_set_paintable (self->poster, NULL);

  if (poster == NULL)
    return;

  self->poster_cancellable = g_cancellable_new ();
  g_file_load_bytes_async (poster, self->poster_cancellable, on_poster_ready, self);
}

static void
on_motion (PondPlayerView *self, double x, double y)
{
  /* GTK tells of a motion also when what is under a resting pointer changes. */
  if (self->pointer_x == x && self->pointer_y == y)
    return;

  self->pointer_x = x;
  self->pointer_y = y;
  reveal (self);
}

static gboolean
on_key_pressed (PondPlayerView *self)
{
  reveal (self);

  return GDK_EVENT_PROPAGATE;
}

static void
on_pressed (PondPlayerView *self, int n_press, double x, double y, GtkGestureClick *gesture)
{
  GdkDevice *device = gtk_event_controller_get_current_event_device (GTK_EVENT_CONTROLLER (gesture));
  gboolean was_revealed = gtk_revealer_get_reveal_child (self->controls_revealer);

  gtk_widget_grab_focus (adw_bin_get_child (ADW_BIN (self)));

  if (device != NULL && gdk_device_get_source (device) == GDK_SOURCE_TOUCHSCREEN && n_press == 1)
    {
      if (was_revealed && is_playing (self))
        set_revealed (self, FALSE);
      else
        reveal (self);
      return;
    }

  /* The second press takes back what the first has done. */
  gtk_widget_activate_action (GTK_WIDGET (self), "player.toggle", NULL);
  if (n_press % 2 == 0)
    set_fullscreened (self, !self->fullscreened);
}

static void
on_back_clicked (PondPlayerView *self)
{
  g_signal_emit (self, signals[BACK], 0);
}

static void
on_toggle_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pond_player_toggle (POND_PLAYER_VIEW (widget)->player);
}

static void
on_seek_by_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pond_player_seek_by (POND_PLAYER_VIEW (widget)->player,
                       g_variant_get_int32 (parameter) * (GstClockTimeDiff) GST_SECOND);
}

static void
on_seek_to_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PondPlayerView *self = POND_PLAYER_VIEW (widget);
  GstClockTime duration = pond_player_get_duration (self->player);

  if (GST_CLOCK_TIME_IS_VALID (duration))
    pond_player_seek (self->player, duration / 10 * g_variant_get_int32 (parameter), TRUE);
}

static void
on_change_volume_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PondPlayerView *self = POND_PLAYER_VIEW (widget);
  double volume = pond_player_get_volume (self->player);
  double wanted = volume + g_variant_get_int32 (parameter) * VOLUME_STEP;

  /* Louder than the file itself is for the slider: a key that repeats would get there unseen. */
  pond_player_set_volume (self->player, MIN (wanted, MAX (volume, 1.0)));
}

static void
on_mute_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PondPlayerView *self = POND_PLAYER_VIEW (widget);

  pond_player_set_muted (self->player, !pond_player_get_muted (self->player));
}

static void
on_toggle_fullscreen_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PondPlayerView *self = POND_PLAYER_VIEW (widget);

  set_fullscreened (self, !self->fullscreened);
}

static void
on_leave_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PondPlayerView *self = POND_PLAYER_VIEW (widget);

  if (self->fullscreened)
    set_fullscreened (self, FALSE);
  else
    g_signal_emit (self, signals[BACK], 0);
}

static void
on_try_again_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  PondPlayerView *self = POND_PLAYER_VIEW (widget);
  g_autoptr (GFile) file = g_object_ref (pond_player_get_file (self->player));

  pond_player_open (self->player, file, pond_player_get_position (self->player));
  pond_player_play (self->player);
}

static void
pond_player_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PondPlayerView *self = POND_PLAYER_VIEW (widget);
  GtkNative *native = gtk_widget_get_native (widget);
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;
  double scale = surface != NULL ? gdk_surface_get_scale (surface) : 1.0;

  GTK_WIDGET_CLASS (pond_player_view_parent_class)->size_allocate (widget, width, height, baseline);

  pond_video_sink_set_room (self->sink, ceil (width * scale), ceil (height * scale));
}

static void
pond_player_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  const GdkRGBA black = { 0, 0, 0, 1 };

  gtk_snapshot_append_color (snapshot, &black,
                             &GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget),
                                                  gtk_widget_get_height (widget)));
  GTK_WIDGET_CLASS (pond_player_view_parent_class)->snapshot (widget, snapshot);
}

static void
pond_player_view_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (pond_player_view_parent_class)->root (widget);

  update_inhibit (POND_PLAYER_VIEW (widget));
}

static void
pond_player_view_unroot (GtkWidget *widget)
{
  PondPlayerView *self = POND_PLAYER_VIEW (widget);

  GTK_WIDGET_CLASS (pond_player_view_parent_class)->unroot (widget);

  update_inhibit (self);
}

static void
pond_player_view_dispose (GObject *object)
{
  PondPlayerView *self = POND_PLAYER_VIEW (object);

  g_clear_handle_id (&self->hide_id, g_source_remove);
  g_cancellable_cancel (self->poster_cancellable);
  g_clear_object (&self->poster_cancellable);
  if (self->player != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->player, self);
      pond_player_stop (self->player);
      update_inhibit (self);
    }
  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_PLAYER_VIEW);
  g_clear_object (&self->player);
  g_clear_object (&self->sink);

  G_OBJECT_CLASS (pond_player_view_parent_class)->dispose (object);
}

static void
pond_player_view_finalize (GObject *object)
{
  PondPlayerView *self = POND_PLAYER_VIEW (object);

  g_free (self->title);

  G_OBJECT_CLASS (pond_player_view_parent_class)->finalize (object);
}

static void
pond_player_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  PondPlayerView *self = POND_PLAYER_VIEW (object);

  switch ((PondPlayerViewProperty) prop_id)
    {
    case PROP_PLAYER:
      g_value_set_object (value, self->player);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_FULLSCREENED:
      g_value_set_boolean (value, self->fullscreened);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_player_view_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  PondPlayerView *self = POND_PLAYER_VIEW (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      set_title (self, g_value_get_string (value));
      break;
    case PROP_FULLSCREENED:
      set_fullscreened (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
add_shortcuts (GtkWidgetClass *widget_class)
{
  const struct
  {
    guint keyval;
    const char *action;
    int argument;
  } shortcuts[] = {
    { GDK_KEY_Left, "player.seek-by", -5 },
    { GDK_KEY_KP_Left, "player.seek-by", -5 },
    { GDK_KEY_Right, "player.seek-by", 5 },
    { GDK_KEY_KP_Right, "player.seek-by", 5 },
    { GDK_KEY_j, "player.seek-by", -10 },
    { GDK_KEY_l, "player.seek-by", 10 },
    { GDK_KEY_Home, "player.seek-to", 0 },
    { GDK_KEY_KP_Home, "player.seek-to", 0 },
    { GDK_KEY_End, "player.seek-to", 10 },
    { GDK_KEY_KP_End, "player.seek-to", 10 },
    { GDK_KEY_Up, "player.change-volume", 1 },
    { GDK_KEY_KP_Up, "player.change-volume", 1 },
    { GDK_KEY_Down, "player.change-volume", -1 },
    { GDK_KEY_KP_Down, "player.change-volume", -1 },
  };
  const struct
  {
    guint keyval;
    const char *action;
  } plain_shortcuts[] = {
    { GDK_KEY_space, "player.toggle" },
    { GDK_KEY_KP_Space, "player.toggle" },
    { GDK_KEY_k, "player.toggle" },
    { GDK_KEY_m, "player.mute" },
    { GDK_KEY_f, "player.toggle-fullscreen" },
    { GDK_KEY_F11, "player.toggle-fullscreen" },
    { GDK_KEY_Escape, "player.leave" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    {
      gtk_widget_class_add_binding_action (widget_class, shortcuts[i].keyval, 0,
                                           shortcuts[i].action, "i", shortcuts[i].argument);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (plain_shortcuts); i++)
    {
      gtk_widget_class_add_binding_action (widget_class, plain_shortcuts[i].keyval, 0,
                                           plain_shortcuts[i].action, NULL);
    }

  for (guint i = 0; i < 10; i++)
    {
      gtk_widget_class_add_binding_action (widget_class, GDK_KEY_0 + i, 0, "player.seek-to", "i", i);
      gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_0 + i, 0, "player.seek-to", "i",
                                           i);
    }
}

static void
pond_player_view_class_init (PondPlayerViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags writable =
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = pond_player_view_dispose;
  object_class->finalize = pond_player_view_finalize;
  object_class->get_property = pond_player_view_get_property;
  object_class->set_property = pond_player_view_set_property;
  widget_class->size_allocate = pond_player_view_size_allocate;
  widget_class->snapshot = pond_player_view_snapshot;
  widget_class->root = pond_player_view_root;
  widget_class->unroot = pond_player_view_unroot;

  properties[PROP_PLAYER] = g_param_spec_object ("player", NULL, NULL, POND_TYPE_PLAYER,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, writable);
  properties[PROP_FULLSCREENED] =
      g_param_spec_boolean ("fullscreened", NULL, NULL, FALSE, writable);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[BACK] = g_signal_new ("back", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);

  g_type_ensure (POND_TYPE_PLAYER_STATE);
  g_type_ensure (POND_TYPE_SEEK_BAR);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-player-view.ui");
  gtk_widget_class_bind_template_child (widget_class, PondPlayerView, pages);
  gtk_widget_class_bind_template_child (widget_class, PondPlayerView, picture);
  gtk_widget_class_bind_template_child (widget_class, PondPlayerView, poster);
  gtk_widget_class_bind_template_child (widget_class, PondPlayerView, header_revealer);
  gtk_widget_class_bind_template_child (widget_class, PondPlayerView, controls_revealer);
  gtk_widget_class_bind_template_child (widget_class, PondPlayerView, header_motion);
  gtk_widget_class_bind_template_child (widget_class, PondPlayerView, controls_motion);
  gtk_widget_class_bind_template_child (widget_class, PondPlayerView, controls);
  gtk_widget_class_bind_template_child (widget_class, PondPlayerView, volume_popover);
  gtk_widget_class_bind_template_child (widget_class, PondPlayerView, mute_button);
  gtk_widget_class_bind_template_child (widget_class, PondPlayerView, volume_scale);
  gtk_widget_class_bind_template_child (widget_class, PondPlayerView, volume_adjustment);
  gtk_widget_class_bind_template_callback (widget_class, is_set);
  gtk_widget_class_bind_template_callback (widget_class, is_unset);
  gtk_widget_class_bind_template_callback (widget_class, format_notice);
  gtk_widget_class_bind_template_callback (widget_class, format_failure);
  gtk_widget_class_bind_template_callback (widget_class, format_advice);
  gtk_widget_class_bind_template_callback (widget_class, get_play_icon);
  gtk_widget_class_bind_template_callback (widget_class, get_play_tooltip);
  gtk_widget_class_bind_template_callback (widget_class, get_volume_icon);
  gtk_widget_class_bind_template_callback (widget_class, get_fullscreen_icon);
  gtk_widget_class_bind_template_callback (widget_class, get_fullscreen_tooltip);
  gtk_widget_class_bind_template_callback (widget_class, on_motion);
  gtk_widget_class_bind_template_callback (widget_class, on_key_pressed);
  gtk_widget_class_bind_template_callback (widget_class, on_pressed);
  gtk_widget_class_bind_template_callback (widget_class, on_back_clicked);

  gtk_widget_class_install_action (widget_class, "player.toggle", NULL, on_toggle_activated);
  gtk_widget_class_install_action (widget_class, "player.seek-by", "i", on_seek_by_activated);
  gtk_widget_class_install_action (widget_class, "player.seek-to", "i", on_seek_to_activated);
  gtk_widget_class_install_action (widget_class, "player.change-volume", "i",
                                   on_change_volume_activated);
  gtk_widget_class_install_action (widget_class, "player.mute", NULL, on_mute_activated);
  gtk_widget_class_install_action (widget_class, "player.toggle-fullscreen", NULL,
                                   on_toggle_fullscreen_activated);
  gtk_widget_class_install_action (widget_class, "player.leave", NULL, on_leave_activated);
  gtk_widget_class_install_action (widget_class, "player.try-again", NULL, on_try_again_activated);
  add_shortcuts (widget_class);
}

static void
pond_player_view_init (PondPlayerView *self)
{
  self->sink = pond_video_sink_new ();
  self->player = pond_player_new (pond_video_sink_get_element (self->sink), NULL);

  gtk_widget_init_template (GTK_WIDGET (self));

  set_left_to_right (self->controls);
  gtk_picture_set_paintable (self->picture, pond_video_sink_get_paintable (self->sink));
  gtk_scale_add_mark (self->volume_scale, 1.0, GTK_POS_BOTTOM, NULL);

  g_object_bind_property (self->player, "muted", self->mute_button, "active",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_object_bind_property (self->player, "volume", self->volume_adjustment, "value",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_signal_connect_swapped (self->player, "notify::state", G_CALLBACK (on_state_changed), self);
  g_signal_connect_swapped (self->player, "notify::has-video", G_CALLBACK (update_page), self);
}

GtkWidget *
pond_player_view_new (void)
{
  return g_object_new (POND_TYPE_PLAYER_VIEW, NULL);
}

PondPlayer *
pond_player_view_get_player (PondPlayerView *self)
{
  g_return_val_if_fail (POND_IS_PLAYER_VIEW (self), NULL);

  return self->player;
}

void
pond_player_view_open (PondPlayerView *self,
                       GFile          *file,
                       const char     *title,
                       GFile          *poster,
                       GstClockTime    position)
{
  g_return_if_fail (POND_IS_PLAYER_VIEW (self));
  g_return_if_fail (G_IS_FILE (file));
  g_return_if_fail (poster == NULL || G_IS_FILE (poster));

  set_title (self, title);
  load_poster (self, poster);
  pond_player_open (self->player, file, position);
  pond_player_play (self->player);
  gtk_widget_grab_focus (adw_bin_get_child (ADW_BIN (self)));
}
