/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-player-page"

#include "config.h"

#include "ui/pond-player-page.h"

#include "player/pond-player-view.h"

/* How often the position is remembered while playing. */
#define SAVE_INTERVAL_SECONDS 5
/* A video that was left in its last twentieth begins anew. */
#define RESTART_FRACTION 0.95

struct _PondPlayerPage
{
  AdwNavigationPage  parent_instance;

  PondPlayerView    *view;

  PondLibrary       *library;
  PondLibraryEntry  *entry;
  gboolean           restart;
  gboolean           fullscreened;
  gboolean           opened;
  GSettings         *settings;
  guint              save_id;
};

G_DEFINE_FINAL_TYPE (PondPlayerPage, pond_player_page, ADW_TYPE_NAVIGATION_PAGE)

enum
{
  PROP_0,
  PROP_FULLSCREENED,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static gboolean
on_save_timeout (gpointer user_data)
{
  pond_player_page_save_position (user_data);

  return G_SOURCE_CONTINUE;
}

static void
on_state_changed (PondPlayerPage *self)
{
  PondPlayerState state = pond_player_get_state (pond_player_view_get_player (self->view));

  if (state == POND_PLAYER_PLAYING)
    {
      if (self->save_id == 0)
        self->save_id = g_timeout_add_seconds (SAVE_INTERVAL_SECONDS, on_save_timeout, self);
      return;
    }

  g_clear_handle_id (&self->save_id, g_source_remove);

  if (state == POND_PLAYER_PAUSED)
    {
      pond_player_page_save_position (self);
    }
  else if (state == POND_PLAYER_ENDED)
    {
      pond_library_set_position (self->library, self->entry, 0);
      pond_library_set_watched (self->library, self->entry, TRUE);
    }
}

static void
on_back (PondPlayerPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "navigation.pop", NULL);
}

static void
pond_player_page_showing (AdwNavigationPage *page)
{
  PondPlayerPage *self = POND_PLAYER_PAGE (page);
  PondPlayer *player = pond_player_view_get_player (self->view);
  GstClockTime position = 0;

  if (self->opened)
    return;

  self->opened = TRUE;
  if (!self->restart && pond_library_entry_get_progress (self->entry) < RESTART_FRACTION)
    position = pond_library_entry_get_position (self->entry) * GST_MSECOND;

  g_signal_connect_object (player, "notify::state", G_CALLBACK (on_state_changed), self,
                           G_CONNECT_SWAPPED);
  pond_player_view_open (self->view, pond_library_entry_get_file (self->entry),
                         pond_library_entry_get_title (self->entry),
                         pond_library_entry_get_poster (self->entry), position);
  pond_player_play (player);
}

static void
pond_player_page_hiding (AdwNavigationPage *page)
{
  PondPlayerPage *self = POND_PLAYER_PAGE (page);

  pond_player_page_save_position (self);
  pond_player_stop (pond_player_view_get_player (self->view));
}

static void
pond_player_page_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  PondPlayerPage *self = POND_PLAYER_PAGE (object);

  switch (prop_id)
    {
    case PROP_FULLSCREENED:
      g_value_set_boolean (value, self->fullscreened);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_player_page_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  PondPlayerPage *self = POND_PLAYER_PAGE (object);

  switch (prop_id)
    {
    case PROP_FULLSCREENED:
      if (self->fullscreened != g_value_get_boolean (value))
        {
          self->fullscreened = g_value_get_boolean (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_player_page_dispose (GObject *object)
{
  PondPlayerPage *self = POND_PLAYER_PAGE (object);

  g_clear_handle_id (&self->save_id, g_source_remove);
  /* The template would take the view away from the page behind the page's back. */
  adw_navigation_page_set_child (ADW_NAVIGATION_PAGE (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_PLAYER_PAGE);
  g_clear_object (&self->settings);
  g_clear_object (&self->library);
  g_clear_object (&self->entry);

  G_OBJECT_CLASS (pond_player_page_parent_class)->dispose (object);
}

static void
pond_player_page_class_init (PondPlayerPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  AdwNavigationPageClass *page_class = ADW_NAVIGATION_PAGE_CLASS (klass);

  object_class->get_property = pond_player_page_get_property;
  object_class->set_property = pond_player_page_set_property;
  object_class->dispose = pond_player_page_dispose;

  page_class->showing = pond_player_page_showing;
  page_class->hiding = pond_player_page_hiding;

  props[PROP_FULLSCREENED] = g_param_spec_boolean ("fullscreened", NULL, NULL, FALSE,
                                                   G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                                                       | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (POND_TYPE_PLAYER_VIEW);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-player-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PondPlayerPage, view);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
}

static void
pond_player_page_init (PondPlayerPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->settings = g_settings_new (APP_ID);
  g_settings_bind (self->settings, "volume", pond_player_view_get_player (self->view), "volume",
                   G_SETTINGS_BIND_DEFAULT);
}

AdwNavigationPage *
pond_player_page_new (PondLibrary      *library,
                      PondLibraryEntry *entry,
                      gboolean          restart)
{
  PondPlayerPage *self;

  g_return_val_if_fail (POND_IS_LIBRARY (library), NULL);
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (entry), NULL);

  self = g_object_new (POND_TYPE_PLAYER_PAGE, "title", pond_library_entry_get_title (entry), NULL);
  self->library = g_object_ref (library);
  self->entry = g_object_ref (entry);
  self->restart = restart;

  return ADW_NAVIGATION_PAGE (self);
}

void
pond_player_page_save_position (PondPlayerPage *self)
{
  PondPlayer *player;
  PondPlayerState state;
  GstClockTime position;

  g_return_if_fail (POND_IS_PLAYER_PAGE (self));

  player = pond_player_view_get_player (self->view);
  state = pond_player_get_state (player);
  position = pond_player_get_position (player);

  if ((state != POND_PLAYER_PLAYING && state != POND_PLAYER_PAUSED)
      || !GST_CLOCK_TIME_IS_VALID (position))
    return;

  pond_library_set_position (self->library, self->entry, position / GST_MSECOND);
}
