/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-application"

#include "config.h"

#include "app/pond-application.h"
#include "app/pond-desk.h"

#include <glib/gi18n.h>

struct _PondApplication
{
  AdwApplication parent_instance;

  /* For the first window; a later one, on the sample account, makes its own. */
  PondSession *session;
  GSettings *settings;
  PondDesk *desk;
};

G_DEFINE_FINAL_TYPE (PondApplication, pond_application, ADW_TYPE_APPLICATION)

static PondDesk *
get_desk (PondApplication *self)
{
  if (self->desk == NULL)
    self->desk = pond_desk_new (GTK_APPLICATION (self), self->session, self->settings);

  return self->desk;
}

static void
pond_application_activate (GApplication *application)
{
  pond_desk_present (get_desk (POND_APPLICATION (application)));
}

static int
pond_application_command_line (GApplication            *application,
                               GApplicationCommandLine *command_line)
{
  PondDesk *desk = get_desk (POND_APPLICATION (application));
  g_autoptr(GString) offer = g_string_new (NULL);
  g_auto(GStrv) arguments = g_application_command_line_get_arguments (command_line, NULL);
  gboolean play = FALSE;

  for (char **argument = arguments + 1; arguments[0] != NULL && *argument != NULL; argument++)
    {
      if (argument == arguments + 1 && g_str_equal (*argument, "play"))
        play = TRUE;
      else
        g_string_append_printf (offer, "%s\n", *argument);
    }

  if (play)
    pond_desk_play (desk, offer->str);
  else if (offer->len > 0)
    pond_desk_offer (desk, offer->str);
  pond_desk_present (desk);

  return 0;
}

static void
on_quit_activated (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  PondApplication *self = user_data;
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));

  while (windows != NULL)
    {
      GtkWindow *window = windows->data;

      windows = windows->next;
      gtk_window_close (window);
    }
}

static void
on_try_sample_activated (GSimpleAction *action,
                         GVariant      *parameter,
                         gpointer       user_data)
{
  PondApplication *self = user_data;
  g_autoptr(PondSession) session = pond_session_new (TRUE);
  g_autoptr(PondDesk) old = g_steal_pointer (&self->desk);
  g_autoptr(GError) error = NULL;

  if (!pond_session_prepare (session, &error))
    {
      self->desk = g_steal_pointer (&old);
      pond_desk_complain (self->desk, error->message);
      return;
    }

  g_set_object (&self->session, session);
  pond_desk_present (get_desk (self));
  pond_desk_close (old);
}

static void
on_open_library_activated (GSimpleAction *action,
                           GVariant      *parameter,
                           gpointer       user_data)
{
  pond_desk_open (get_desk (user_data));
}

static void
pond_application_startup (GApplication *application)
{
  PondApplication *self = POND_APPLICATION (application);
  const GActionEntry entries[] = {
    { .name = "quit", .activate = on_quit_activated },
    { .name = "try-sample", .activate = on_try_sample_activated },
    { .name = "open-library", .activate = on_open_library_activated },
  };

  G_APPLICATION_CLASS (pond_application_parent_class)->startup (application);

  self->settings = g_settings_new (APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  gtk_application_set_accels_for_action (GTK_APPLICATION (self), "app.quit",
                                         (const char *[]) { "<Control>q", NULL });
  gtk_application_set_accels_for_action (GTK_APPLICATION (self), "window.close",
                                         (const char *[]) { "<Control>w", NULL });
}

static void
pond_application_dispose (GObject *object)
{
  PondApplication *self = POND_APPLICATION (object);

  g_clear_object (&self->desk);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (pond_application_parent_class)->dispose (object);
}

static void
pond_application_class_init (PondApplicationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  object_class->dispose = pond_application_dispose;
  application_class->startup = pond_application_startup;
  application_class->activate = pond_application_activate;
  application_class->command_line = pond_application_command_line;
}

static void
pond_application_init (PondApplication *self)
{
}

/**
 * pond_application_new:
 * @session: (transfer none): a session that is prepared
 *
 * Makes the application. One on the sample account stands beside one that is running.
 *
 * Returns: (transfer full): the application
 */
PondApplication *
pond_application_new (PondSession *session)
{
  GApplicationFlags flags = G_APPLICATION_HANDLES_COMMAND_LINE;
  PondApplication *self;

  if (pond_session_get_sample (session))
    flags |= G_APPLICATION_NON_UNIQUE;

  self = g_object_new (POND_TYPE_APPLICATION,
                       "application-id", APP_ID,
                       "flags", flags,
                       "resource-base-path", APP_PATH,
                       NULL);
  self->session = g_object_ref (session);

  return self;
}
