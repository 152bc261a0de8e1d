/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <adwaita.h>
#include <gst/gst.h>

#include "clips.h"
#include "player/pond-frame-paintable.h"
#include "player/pond-player-view.h"

#define PATIENCE 20 /* seconds */

typedef struct
{
  const char *name;
  int width;
  int height;
  gboolean is_dark;
  gboolean is_rtl;
} Look;

typedef struct
{
  GtkWindow *window;
  PondPlayerView *view;
  PondPlayer *player;
  guint n_back;
} Fixture;

static const Look looks[] = {
  { "wide-light", 800, 500, FALSE, FALSE },
  { "wide-dark", 800, 500, TRUE, FALSE },
  { "narrow", 360, 640, FALSE, FALSE },
  { "right-to-left", 360, 300, FALSE, TRUE },
};

static GFile *clip;
static GFile *sound;
static GFile *poster;

static gboolean
on_patience_lost (gpointer user_data)
{
  g_error ("Waited in vain for %s", (const char *) user_data);
  return G_SOURCE_REMOVE;
}

#define wait_until(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint timeout = g_timeout_add_seconds (PATIENCE, on_patience_lost, (gpointer) #condition);     \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (timeout);                                                                     \
  }                                                                                                \
  G_STMT_END

static void
on_back (PondPlayerView *view, gpointer user_data)
{
  ((Fixture *) user_data)->n_back++;
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  const Look *look = data;

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      look != NULL && look->is_dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                                                    : ADW_COLOR_SCHEME_FORCE_LIGHT);
  gtk_widget_set_default_direction (look != NULL && look->is_rtl ? GTK_TEXT_DIR_RTL
                                                                 : GTK_TEXT_DIR_LTR);

  fixture->window = GTK_WINDOW (gtk_window_new ());
  fixture->view = POND_PLAYER_VIEW (pond_player_view_new ());
  fixture->player = pond_player_view_get_player (fixture->view);
  fixture->n_back = 0;

  g_signal_connect (fixture->view, "back", G_CALLBACK (on_back), fixture);
  g_object_bind_property (fixture->view, "fullscreened", fixture->window, "fullscreened",
                          G_BINDING_BIDIRECTIONAL);
  /* The view brings a header bar of its own. */
  gtk_window_set_titlebar (fixture->window, gtk_grid_new ());
  gtk_widget_set_visible (gtk_window_get_titlebar (fixture->window), FALSE);
  gtk_window_set_default_size (fixture->window, look != NULL ? look->width : 800,
                               look != NULL ? look->height : 500);
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->view));
  gtk_window_present (fixture->window);
  wait_until (gtk_window_is_active (fixture->window));
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  gpointer view = fixture->view;
  gpointer player = fixture->player;

  g_object_add_weak_pointer (view, &view);
  g_object_add_weak_pointer (player, &player);
  gtk_window_destroy (fixture->window);
  wait_until (view == NULL);
  wait_until (player == NULL);
}

static GtkWidget *
find_widget (GtkWidget *root, GType type, const char *icon_name)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (root, type) &&
      (icon_name == NULL || g_strcmp0 (gtk_button_get_icon_name (GTK_BUTTON (root)), icon_name) == 0))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type, icon_name);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static gboolean
are_controls_shown (Fixture *fixture)
{
  GtkWidget *revealer = find_widget (GTK_WIDGET (fixture->view), GTK_TYPE_REVEALER, NULL);

  return gtk_revealer_get_reveal_child (GTK_REVEALER (revealer));
}

static const char *
shown_page (Fixture *fixture)
{
  GtkWidget *pages = find_widget (GTK_WIDGET (fixture->view), GTK_TYPE_STACK, NULL);

  return gtk_stack_get_visible_child_name (GTK_STACK (pages));
}

static PondPlayerState
state (Fixture *fixture)
{
  return pond_player_get_state (fixture->player);
}

static gint64
position_ms (Fixture *fixture)
{
  return pond_player_get_position (fixture->player) / GST_MSECOND;
}

static void
on_xdotool_ready (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_check_finish (G_SUBPROCESS (object), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
xdotool (const char *verb, const char *first, const char *second)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  gboolean done = FALSE;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "xdotool", verb, first, second, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check_async (process, NULL, on_xdotool_ready, &done);
  wait_until (done);
}

static void
press (const char *key)
{
  xdotool ("key", key, NULL);
}

static void
open_clip (Fixture *fixture, GFile *file)
{
  pond_player_view_open (fixture->view, file, "A pond in the evening", poster, 0);
  wait_until (state (fixture) == POND_PLAYER_PLAYING);
}

static void
on_frame_painted (GdkFrameClock *clock, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
save_picture (Fixture *fixture, const char *name)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (fixture->window));
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char *file_name = g_strconcat (name, ".png", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "player", file_name, NULL);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (fixture->window));
  guint n_frames = 0;
  gulong handler;

  handler = g_signal_connect (clock, "after-paint", G_CALLBACK (on_frame_painted), &n_frames);
  while (n_frames < 20)
    {
      gtk_widget_queue_draw (GTK_WIDGET (fixture->window));
      g_main_context_iteration (NULL, TRUE);
    }
  g_signal_handler_disconnect (clock, handler);

  gdk_paintable_snapshot (paintable, snapshot, gdk_paintable_get_intrinsic_width (paintable),
                          gdk_paintable_get_intrinsic_height (paintable));
  node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  g_assert_nonnull (node);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (fixture->window)), node,
                                         NULL);
  g_assert_true (gdk_texture_save_to_png (texture, path));
}

static void
test_play (Fixture *fixture, gconstpointer data)
{
  GtkWidget *button;

  open_clip (fixture, clip);
  g_assert_cmpstr (shown_page (fixture), ==, "picture");
  wait_until (position_ms (fixture) > 500);

  button = find_widget (GTK_WIDGET (fixture->view), GTK_TYPE_BUTTON, "media-playback-pause-symbolic");
  g_assert_nonnull (button);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (button), ==, "Pause");
  g_signal_emit_by_name (button, "clicked");
  wait_until (state (fixture) == POND_PLAYER_PAUSED);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (button), ==, "Play");

  button = find_widget (GTK_WIDGET (fixture->view), GTK_TYPE_BUTTON, "go-previous-symbolic");
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpuint (fixture->n_back, ==, 1);
}

static void
test_keys (Fixture *fixture, gconstpointer data)
{
  open_clip (fixture, clip);

  press ("space");
  wait_until (state (fixture) == POND_PLAYER_PAUSED);
  press ("5");
  wait_until (ABS (position_ms (fixture) - 5000) < 50);
  press ("Left");
  wait_until (ABS (position_ms (fixture)) < 50);
  press ("Right");
  press ("Right");
  wait_until (position_ms (fixture) > 9900);
  press ("j");
  wait_until (position_ms (fixture) < 50);
  press ("l");
  wait_until (position_ms (fixture) > 9900);
  press ("Home");
  wait_until (position_ms (fixture) == 0);

  press ("Up");
  press ("Down");
  press ("Down");
  wait_until (ABS (pond_player_get_volume (fixture->player) - 0.9) < 0.001);
  press ("m");
  wait_until (pond_player_get_muted (fixture->player));
  press ("m");
  wait_until (!pond_player_get_muted (fixture->player));

  press ("f");
  wait_until (gtk_window_is_fullscreen (fixture->window));
  press ("Escape");
  wait_until (!gtk_window_is_fullscreen (fixture->window));
  g_assert_cmpuint (fixture->n_back, ==, 0);
  press ("Escape");
  wait_until (fixture->n_back == 1);

  press ("k");
  wait_until (state (fixture) == POND_PLAYER_PLAYING);
}

static void
test_hiding (Fixture *fixture, gconstpointer data)
{
  open_clip (fixture, clip);
  xdotool ("mousemove", "600", "300");
  wait_until (are_controls_shown (fixture));
  wait_until (!are_controls_shown (fixture));
  g_assert_nonnull (gtk_widget_get_cursor (GTK_WIDGET (fixture->view)));

  xdotool ("mousemove", "640", "320");
  wait_until (are_controls_shown (fixture));
  g_assert_null (gtk_widget_get_cursor (GTK_WIDGET (fixture->view)));
  wait_until (!are_controls_shown (fixture));

  /* The key that moves the focus finds what it moves to, and it stays as long as the focus is seen. */
  press ("Tab");
  wait_until (are_controls_shown (fixture));
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (fixture->window),
                                         GTK_WIDGET (fixture->view)));

  pond_player_pause (fixture->player);
  wait_until (state (fixture) == POND_PLAYER_PAUSED);
  for (gint64 end = g_get_monotonic_time () + 4 * G_TIME_SPAN_SECOND; g_get_monotonic_time () < end;)
    {
      g_main_context_iteration (NULL, FALSE);
      g_assert_true (are_controls_shown (fixture));
    }
}

static void
test_pointer (Fixture *fixture, gconstpointer data)
{
  open_clip (fixture, clip);

  xdotool ("mousemove", "640", "400");
  xdotool ("click", "1", NULL);
  wait_until (state (fixture) == POND_PLAYER_PAUSED);
  g_assert_false (gtk_window_is_fullscreen (fixture->window));

  for (gint64 end = g_get_monotonic_time () + G_TIME_SPAN_SECOND; g_get_monotonic_time () < end;)
    g_main_context_iteration (NULL, FALSE);
  xdotool ("click", "--repeat=2", "1");
  wait_until (gtk_window_is_fullscreen (fixture->window));
  wait_until (state (fixture) == POND_PLAYER_PAUSED);
}

static void
test_seek_bar (Fixture *fixture, gconstpointer data)
{
  GtkWidget *scale;
  gboolean handled;

  open_clip (fixture, clip);
  pond_player_pause (fixture->player);
  wait_until (state (fixture) == POND_PLAYER_PAUSED);

  scale = find_widget (GTK_WIDGET (fixture->view), GTK_TYPE_SCALE, NULL);
  g_assert_cmpfloat_with_epsilon (
      gtk_adjustment_get_upper (gtk_range_get_adjustment (GTK_RANGE (scale))), 10.0, 0.1);

  /* It is dragged, and follows the hand; in the end it rests at the very place. */
  for (guint i = 30; i <= 70; i++)
    {
      g_signal_emit_by_name (scale, "change-value", GTK_SCROLL_JUMP, i / 10.0, &handled);
      g_assert_cmpfloat_with_epsilon (gtk_range_get_value (GTK_RANGE (scale)), i / 10.0, 0.001);
    }
  wait_until (position_ms (fixture) == 7000);
  g_assert_cmpfloat (gtk_range_get_value (GTK_RANGE (scale)), ==, 7.0);
  g_assert_cmpint (gtk_widget_get_direction (scale), ==, GTK_TEXT_DIR_LTR);
}

static void
test_failed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GFile) late = clip_from_text ("late.mp4", "no video", -1);
  g_autoptr (GError) error = NULL;

  pond_player_view_open (fixture->view, late, "Late", NULL, 0);
  wait_until (state (fixture) == POND_PLAYER_FAILED);
  g_assert_cmpstr (shown_page (fixture), ==, "failed");
  save_picture (fixture, "failed");

  g_file_copy (clip, late, G_FILE_COPY_OVERWRITE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  gtk_widget_activate_action (GTK_WIDGET (fixture->view), "player.try-again", NULL);
  wait_until (state (fixture) == POND_PLAYER_PLAYING);
  g_assert_cmpstr (shown_page (fixture), ==, "picture");
}

static void
test_sound (Fixture *fixture, gconstpointer data)
{
  GtkWidget *pages = find_widget (GTK_WIDGET (fixture->view), GTK_TYPE_STACK, NULL);
  GtkWidget *page = gtk_stack_get_child_by_name (GTK_STACK (pages), "sound");
  GtkWidget *picture = find_widget (page, GTK_TYPE_PICTURE, NULL);

  open_clip (fixture, sound);
  g_assert_cmpstr (shown_page (fixture), ==, "sound");
  wait_until (gtk_widget_get_visible (picture));
  save_picture (fixture, "sound");

  pond_player_view_open (fixture->view, sound, "Without a poster", NULL, 0);
  wait_until (state (fixture) == POND_PLAYER_PLAYING);
  g_assert_false (gtk_widget_get_visible (picture));
  save_picture (fixture, "sound-no-poster");
}

static void
test_missing_decoder (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GFile) file = clip_new (CLIP_NO_DECODER, "no-decoder.mp4", 10);

  open_clip (fixture, file);
  g_assert_cmpstr (shown_page (fixture), ==, "sound");
  g_assert_true (are_controls_shown (fixture));
  save_picture (fixture, "missing-decoder");
}

static void
test_look (Fixture *fixture, gconstpointer data)
{
  const Look *look = data;
  GtkWidget *button = find_widget (GTK_WIDGET (fixture->view), GTK_TYPE_MENU_BUTTON, NULL);
  GtkPopover *popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (button));
  GtkWidget *scale = find_widget (GTK_WIDGET (fixture->view), GTK_TYPE_SCALE, NULL);
  g_autofree char *name = g_strconcat (look->name, "-volume", NULL);

  open_clip (fixture, clip);
  pond_player_seek (fixture->player, 3 * GST_SECOND, TRUE);
  pond_player_pause (fixture->player);
  wait_until (state (fixture) == POND_PLAYER_PAUSED);
  gtk_test_accessible_assert_property (scale, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       "3 seconds of 10 seconds");
  save_picture (fixture, look->name);
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (fixture->view)), <=, look->width);

  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  wait_until (gtk_widget_get_mapped (GTK_WIDGET (popover)));
  save_picture (fixture, name);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (button));
}

/* As where gtk4paintablesink is not installed. Comes last: it is gone from then on. */
static void
test_own_sink (Fixture *fixture, gconstpointer data)
{
  GstRegistry *registry = gst_registry_get ();
  GstPluginFeature *feature = gst_registry_lookup_feature (registry, "gtk4paintablesink");
  GtkWidget *pages, *picture;
  GdkPaintable *paintable;

  g_assert_nonnull (feature);
  gst_registry_remove_feature (registry, feature);
  gst_object_unref (feature);

  fixture_tear_down (fixture, NULL);
  fixture_set_up (fixture, NULL);

  pages = find_widget (GTK_WIDGET (fixture->view), GTK_TYPE_STACK, NULL);
  picture = find_widget (gtk_stack_get_child_by_name (GTK_STACK (pages), "picture"),
                         GTK_TYPE_PICTURE, NULL);
  paintable = gtk_picture_get_paintable (GTK_PICTURE (picture));
  g_assert_true (POND_IS_FRAME_PAINTABLE (paintable));

  open_clip (fixture, clip);
  wait_until (gdk_paintable_get_intrinsic_width (paintable) == 320);
  g_assert_cmpint (gdk_paintable_get_intrinsic_height (paintable), ==, 180);
  wait_until (position_ms (fixture) > 500);
  save_picture (fixture, "own-sink");
}

static void
save_poster (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;
  g_autofree char *description = NULL;

  poster = clip_from_text ("poster.png", "", 0);
  description = g_strdup_printf ("videotestsrc pattern=smpte num-buffers=1 ! "
                                 "video/x-raw,width=640,height=360 ! videoconvert ! pngenc ! "
                                 "filesink location=\"%s\"",
                                 g_file_peek_path (poster));
  pipeline = gst_parse_launch (description, &error);
  g_assert_no_error (error);
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 10 * GST_SECOND, GST_MESSAGE_EOS);
  g_assert_nonnull (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  adw_init ();

  /* As an application does while it runs: what is invoked from another thread waits for its turn. */
  g_assert_true (g_main_context_acquire (NULL));

  clips_set_up ();
  clip = clip_new (CLIP_VIDEO, "clip.mp4", 10);
  sound = clip_new (CLIP_SOUND, "sound.m4a", 5);
  save_poster ();

#define add(path, function)                                                                        \
  g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

  add ("/player-view/play", test_play);
  add ("/player-view/keys", test_keys);
  add ("/player-view/hiding", test_hiding);
  add ("/player-view/pointer", test_pointer);
  add ("/player-view/seek-bar", test_seek_bar);
  add ("/player-view/failed", test_failed);
  add ("/player-view/sound", test_sound);
  add ("/player-view/missing-decoder", test_missing_decoder);

  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      g_autofree char *path = g_strconcat ("/player-view/look/", looks[i].name, NULL);

      g_test_add (path, Fixture, &looks[i], fixture_set_up, test_look, fixture_tear_down);
    }

  add ("/player-view/own-sink", test_own_sink);

  status = g_test_run ();

  g_clear_object (&clip);
  g_clear_object (&sound);
  g_clear_object (&poster);
  return status;
}
