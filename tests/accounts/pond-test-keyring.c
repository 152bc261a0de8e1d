/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "pond-test-keyring.h"

#include <signal.h>
#include <sys/prctl.h>

#define TIMEOUT_USEC (60 * G_USEC_PER_SEC)

struct _PondTestKeyring
{
  GSubprocess *bus;
  GDBusConnection *connection;
  GSubprocess *daemon; /* nullable */
};

static void
run_in_subprocess (gconstpointer data)
{
  void (*function) (void) = data;

  if (g_test_subprocess ())
    {
      function ();
      return;
    }

  g_test_trap_subprocess (NULL, TIMEOUT_USEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

void
pond_test_keyring_add (const char *path,
                       void      (*function) (void))
{
  g_test_add_data_func (path, function, run_in_subprocess);
}

static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocessLauncher *
launcher_new (GSubprocessFlags flags)
{
  GSubprocessLauncher *launcher = g_subprocess_launcher_new (flags |
                                                             G_SUBPROCESS_FLAGS_STDERR_SILENCE);

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  g_subprocess_launcher_setenv (launcher, "HOME", g_get_home_dir (), TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", g_get_user_data_dir (), TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", g_get_user_runtime_dir (), TRUE);
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");

  return launcher;
}

PondTestKeyring *
pond_test_keyring_new (void)
{
  PondTestKeyring *self = g_new0 (PondTestKeyring, 1);
  g_autoptr (GSubprocessLauncher) launcher = launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *config = g_test_build_filename (G_TEST_DIST, "accounts", "bus.conf", NULL);
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;

  self->bus = g_subprocess_launcher_spawn (launcher, &error, "dbus-daemon", "--nofork",
                                           "--print-address", "--config-file", config, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->bus));
  address = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", address, TRUE);

  self->connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_set_exit_on_close (self->connection, FALSE);

  return self;
}

void
pond_test_keyring_free (PondTestKeyring *self)
{
  if (self->daemon != NULL)
    pond_test_keyring_kill (self);

  g_object_unref (self->connection);
  g_subprocess_send_signal (self->bus, SIGTERM);
  g_assert_true (g_subprocess_wait (self->bus, NULL, NULL));
  g_object_unref (self->bus);
  g_free (self);
}

void
pond_test_keyring_start (PondTestKeyring *self)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GError) error = NULL;
  GOutputStream *input = NULL;

  g_assert_null (self->daemon);

  launcher = launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  self->daemon = g_subprocess_launcher_spawn (launcher, &error,
                                              "gnome-keyring-daemon", "--foreground", "--unlock",
                                              "--components=secrets", NULL);
  g_assert_no_error (error);

  /* All of standard input is the password, a line end too. */
  input = g_subprocess_get_stdin_pipe (self->daemon);
  g_assert_true (g_output_stream_write_all (input, "pw", 2, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (input, NULL, NULL));

  while (!pond_test_keyring_is_up (self))
    g_usleep (10000);
}

void
pond_test_keyring_kill (PondTestKeyring *self)
{
  g_subprocess_force_exit (self->daemon);
  g_assert_true (g_subprocess_wait (self->daemon, NULL, NULL));
  g_clear_object (&self->daemon);

  while (pond_test_keyring_is_up (self))
    g_usleep (10000);
}

void
pond_test_keyring_signal (PondTestKeyring *self,
                          int              number)
{
  g_subprocess_send_signal (self->daemon, number);
}

void
pond_test_keyring_lock (PondTestKeyring *self)
{
  const char *collection = "/org/freedesktop/secrets/aliases/default";
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  reply = g_dbus_connection_call_sync (self->connection,
                                       "org.freedesktop.secrets",
                                       "/org/freedesktop/secrets",
                                       "org.freedesktop.Secret.Service",
                                       "Lock",
                                       g_variant_new_parsed ("([%o],)", collection),
                                       NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

gboolean
pond_test_keyring_is_up (PondTestKeyring *self)
{
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;
  gboolean has_owner;

  reply = g_dbus_connection_call_sync (self->connection,
                                       "org.freedesktop.DBus",
                                       "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus",
                                       "NameHasOwner",
                                       g_variant_new ("(s)", "org.freedesktop.secrets"),
                                       G_VARIANT_TYPE ("(b)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                                       &error);
  g_assert_no_error (error);
  g_variant_get (reply, "(b)", &has_owner);

  return has_owner;
}

GDBusConnection *
pond_test_keyring_bus (PondTestKeyring *self)
{
  return self->connection;
}
