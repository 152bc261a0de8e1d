/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-desk"

#include "config.h"

#include "app/pond-desk.h"
#include "ui/pond-window.h"

#include <glib/gi18n.h>

struct _PondDesk
{
  GObject parent_instance;

  GtkApplication *application;
  PondSession *session;
  GSettings *settings;
  /* Owned by GTK; NULL once it is closed. */
  PondWindow *window;
  /* What to play when the library is open. */
  char *wanted;
  gboolean opening;
};

G_DEFINE_FINAL_TYPE (PondDesk, pond_desk, G_TYPE_OBJECT)

static void
play_wanted (PondDesk *self)
{
  g_autoptr(GPtrArray) refs = NULL;
  g_autofree char *wanted = NULL;
  PondLibrary *library = pond_session_get_library (self->session);
  PondLibraryEntry *entry = NULL;

  if (self->wanted == NULL || self->window == NULL || library == NULL)
    return;

  wanted = g_steal_pointer (&self->wanted);
  refs = pond_video_ref_scan (wanted, NULL);
  for (guint i = 0; i < refs->len && entry == NULL; i++)
    {
      const char *uid = pond_video_ref_get_uid (g_ptr_array_index (refs, i));

      entry = pond_library_find (library, uid, "default");
      if (entry == NULL)
        entry = pond_library_find (library, uid, "audio");
    }

  if (entry != NULL)
    pond_window_play (self->window, entry);
  else
    pond_window_toast (self->window, _("This video is not in the library"));
}

static void
on_queue_started (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(PondDesk) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean started = pond_session_start_queue_finish (POND_SESSION (source), result, &error);

  self->opening = FALSE;
  if (self->window == NULL)
    return;

  if (!started)
    {
      pond_window_set_library_error (self->window, error);
      return;
    }

  g_settings_bind (self->settings, "max-running", pond_session_get_queue (self->session), "max-running",
                   G_SETTINGS_BIND_GET);
  pond_window_set_queue (self->window, pond_session_get_queue (self->session));
  if (pond_library_get_rebuilt (pond_session_get_library (self->session)))
    pond_window_toast (self->window,
                       _("The library’s index was damaged. It was set aside and made again from the folder"));
  play_wanted (self);
}

static void
on_library_opened (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(PondDesk) self = user_data;
  PondSession *session = POND_SESSION (source);
  g_autoptr(GError) error = NULL;

  if (pond_session_open_library_finish (session, result, &error))
    {
      pond_session_start_queue_async (session, NULL, on_queue_started, g_object_ref (self));
      return;
    }

  self->opening = FALSE;
  if (self->window != NULL)
    pond_window_set_library_error (self->window, error);
}

static void
open_library (PondDesk *self)
{
  g_autofree char *folder = g_settings_get_string (self->settings, "library-folder");

  pond_session_open_library_async (self->session, folder, NULL, on_library_opened, g_object_ref (self));
}

static void
on_accounts_loaded (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(PondDesk) self = user_data;
  g_autoptr(GError) error = NULL;

  /* What is saved plays without an account. */
  if (!pond_session_load_accounts_finish (POND_SESSION (source), result, &error) && self->window != NULL)
    pond_window_toast (self->window, error->message);

  open_library (self);
}

static void
on_session_closed (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  GApplication *application = user_data;

  pond_session_close_finish (POND_SESSION (source), result, NULL);
  g_application_release (application);
  g_object_unref (application);
}

static void
on_window_destroyed (PondDesk *self)
{
  self->window = NULL;

  /* Everything comes to rest before the process ends. */
  g_application_hold (G_APPLICATION (self->application));
  pond_session_close_async (self->session, on_session_closed, g_object_ref (self->application));
}

static void
pond_desk_dispose (GObject *object)
{
  PondDesk *self = POND_DESK (object);

  g_clear_object (&self->application);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->wanted, g_free);

  G_OBJECT_CLASS (pond_desk_parent_class)->dispose (object);
}

static void
pond_desk_class_init (PondDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pond_desk_dispose;
}

static void
pond_desk_init (PondDesk *self)
{
}

/**
 * pond_desk_new:
 * @application: (transfer none): the application
 * @session: (transfer none): a session that is prepared
 * @settings: (transfer none): the application's settings
 *
 * Makes a window on a session and begins to open its library.
 *
 * Returns: (transfer full): the desk
 */
PondDesk *
pond_desk_new (GtkApplication *application,
               PondSession    *session,
               GSettings      *settings)
{
  PondDesk *self = g_object_new (POND_TYPE_DESK, NULL);

  self->application = g_object_ref (application);
  self->session = g_object_ref (session);
  self->settings = g_object_ref (settings);
  self->window = pond_window_new (ADW_APPLICATION (application), pond_session_get_accounts (session),
                                  pond_session_get_api_base (session));
  g_signal_connect_object (self->window, "destroy", G_CALLBACK (on_window_destroyed), self,
                           G_CONNECT_SWAPPED);

  self->opening = TRUE;
  pond_session_load_accounts_async (session, NULL, on_accounts_loaded, g_object_ref (self));

  return self;
}

/**
 * pond_desk_present:
 * @self: a desk
 *
 * Shows the window.
 */
void
pond_desk_present (PondDesk *self)
{
  if (self->window != NULL)
    gtk_window_present (GTK_WINDOW (self->window));
}

/**
 * pond_desk_open:
 * @self: a desk
 *
 * Tries again to open a library that could not be opened.
 */
void
pond_desk_open (PondDesk *self)
{
  if (self->opening || self->window == NULL || pond_session_get_library (self->session) != NULL)
    return;

  self->opening = TRUE;
  pond_window_set_library_error (self->window, NULL);
  open_library (self);
}

/**
 * pond_desk_offer:
 * @self: a desk
 * @text: what somebody gave on the command line
 *
 * Offers the videos that @text names for download.
 */
void
pond_desk_offer (PondDesk   *self,
                 const char *text)
{
  if (self->window != NULL)
    pond_window_offer_text (self->window, text);
}

/**
 * pond_desk_play:
 * @self: a desk
 * @text: an ID or a link
 *
 * Plays a saved video, once the library is open.
 */
void
pond_desk_play (PondDesk   *self,
                const char *text)
{
  g_set_str (&self->wanted, text);
  if (!self->opening)
    play_wanted (self);
}

/**
 * pond_desk_complain:
 * @self: a desk
 * @message: a sentence
 *
 * Says something in the window.
 */
void
pond_desk_complain (PondDesk   *self,
                    const char *message)
{
  if (self->window != NULL)
    pond_window_toast (self->window, message);
}

/**
 * pond_desk_close:
 * @self: a desk
 *
 * Closes the window.
 */
void
pond_desk_close (PondDesk *self)
{
  if (self->window != NULL)
    gtk_window_close (GTK_WINDOW (self->window));
}
