/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "accounts/pond-secret-store-private.h"

#include <libsecret/secret.h>
#include <signal.h>
#include <string.h>

#include "pond-test-keyring.h"
#include "pond-test-wait.h"

#define ID "0123456789abcdef0123456789abcdef"
#define OTHER_ID "fedcba9876543210fedcba9876543210"
#define TOKEN "cfut_Abcdefghijklmnopqrstuvwxyz0123456789"
#define OTHER_TOKEN "cfat_Zyxwvutsrqponmlkjihgfedcba9876543210"

static gboolean
store (PondSecretStore  *secrets,
       const char       *id,
       const char       *text,
       GError          **error)
{
  g_autoptr (PondToken) token = pond_token_new (text, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  pond_secret_store_store_async (secrets, id, "Test", token, NULL, pond_test_on_ready, &result);

  return pond_secret_store_store_finish (secrets, pond_test_wait (&result), error);
}

static PondToken *
lookup (PondSecretStore  *secrets,
        const char       *id,
        GError          **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pond_secret_store_lookup_async (secrets, id, NULL, pond_test_on_ready, &result);

  return pond_secret_store_lookup_finish (secrets, pond_test_wait (&result), error);
}

static gboolean
clear (PondSecretStore  *secrets,
       const char       *id,
       GError          **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pond_secret_store_clear_async (secrets, id, NULL, pond_test_on_ready, &result);

  return pond_secret_store_clear_finish (secrets, pond_test_wait (&result), error);
}

static void
assert_stored (PondSecretStore *secrets,
               const char      *id,
               const char      *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (store (secrets, id, text, &error));
  g_assert_no_error (error);
}

static void
assert_token (PondSecretStore *secrets,
              const char      *id,
              const char      *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PondToken) token = lookup (secrets, id, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (token != NULL ? pond_token_peek (token) : NULL, ==, expected);
}

static void
assert_all_fail (PondSecretStore *secrets,
                 PondSecretError  code)
{
  g_autoptr (GError) store_error = NULL;
  g_autoptr (GError) lookup_error = NULL;
  g_autoptr (GError) clear_error = NULL;

  g_assert_false (store (secrets, ID, OTHER_TOKEN, &store_error));
  g_assert_error (store_error, POND_SECRET_ERROR, (int) code);
  g_assert_null (strstr (store_error->message, OTHER_TOKEN));

  g_assert_null (lookup (secrets, ID, &lookup_error));
  g_assert_error (lookup_error, POND_SECRET_ERROR, (int) code);

  g_assert_false (clear (secrets, ID, &clear_error));
  g_assert_error (clear_error, POND_SECRET_ERROR, (int) code);
}

static void
test_round_trip (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  PondSecretStore *secrets = pond_secret_store_new ();
  g_autoptr (GError) error = NULL;

  pond_test_keyring_start (keyring);

  assert_token (secrets, ID, NULL);
  assert_stored (secrets, ID, TOKEN);
  assert_token (secrets, ID, TOKEN);
  assert_token (secrets, OTHER_ID, NULL);

  assert_stored (secrets, OTHER_ID, TOKEN);
  assert_stored (secrets, ID, OTHER_TOKEN);
  assert_token (secrets, ID, OTHER_TOKEN);
  assert_token (secrets, OTHER_ID, TOKEN);

  g_assert_true (clear (secrets, ID, &error));
  g_assert_no_error (error);
  assert_token (secrets, ID, NULL);
  assert_token (secrets, OTHER_ID, TOKEN);

  g_assert_true (clear (secrets, ID, &error));
  g_assert_no_error (error);

  g_assert_finalize_object (secrets);
}

static void
assert_key (PondSecretStore *secrets,
            const char      *id,
            const char      *expected)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) key = NULL;
  g_autoptr (GError) error = NULL;

  pond_secret_store_lookup_key_async (secrets, id, NULL, pond_test_on_ready, &result);
  key = pond_secret_store_lookup_key_finish (secrets, pond_test_wait (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpint (key != NULL, ==, expected != NULL);
  if (key != NULL)
    g_assert_cmpmem (g_bytes_get_data (key, NULL), g_bytes_get_size (key), expected, strlen (expected));
}

static void
assert_key_stored (PondSecretStore *secrets,
                   const char      *id,
                   const char      *text)
{
  g_autoptr (GBytes) key = g_bytes_new (text, strlen (text));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pond_secret_store_store_key_async (secrets, id, "Test", key, NULL, pond_test_on_ready, &result);
  g_assert_true (pond_secret_store_store_finish (secrets, pond_test_wait (&result), &error));
  g_assert_no_error (error);
}

static void
assert_key_cleared (PondSecretStore *secrets,
                    const char      *id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pond_secret_store_clear_key_async (secrets, id, NULL, pond_test_on_ready, &result);
  g_assert_true (pond_secret_store_clear_finish (secrets, pond_test_wait (&result), &error));
  g_assert_no_error (error);
}

/* An account's key and its token do not get into each other's way. */
static void
check_keys (void)
{
  PondSecretStore *secrets = pond_secret_store_new ();

  assert_key (secrets, ID, NULL);
  assert_key_stored (secrets, ID, "key 1");
  assert_token (secrets, ID, NULL);
  assert_stored (secrets, ID, TOKEN);
  assert_key_stored (secrets, OTHER_ID, "key 2");
  assert_key_stored (secrets, ID, "key\n3");
  assert_key (secrets, ID, "key\n3");
  assert_key (secrets, OTHER_ID, "key 2");
  assert_token (secrets, ID, TOKEN);

  assert_key_cleared (secrets, ID);
  assert_key (secrets, ID, NULL);
  assert_token (secrets, ID, TOKEN);
  assert_key_cleared (secrets, ID);

  assert_key_stored (secrets, ID, "key 4");
  g_assert_true (clear (secrets, ID, NULL));
  assert_token (secrets, ID, NULL);
  assert_key (secrets, ID, "key 4");

  g_assert_finalize_object (secrets);
}

static void
test_keys (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();

  pond_test_keyring_start (keyring);
  check_keys ();
}

/* As in a sandbox, which has a file in place of the service. */
static void
test_keys_in_file (void)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "test.keyring", NULL);

  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "pond", TRUE);
  check_keys ();
}

static void
test_malformed (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  PondSecretStore *secrets = pond_secret_store_new ();
  const SecretSchema schema = {
    "io.github.millpond.Millpond.Token",
    SECRET_SCHEMA_NONE,
    { { "account", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
  };
  g_autoptr (GError) error = NULL;

  pond_test_keyring_start (keyring);

  secret_password_store_sync (&schema, NULL, "Test", "what is this?", NULL, &error,
                              "account", ID, NULL);
  g_assert_no_error (error);

  g_assert_null (lookup (secrets, ID, &error));
  g_assert_error (error, POND_SECRET_ERROR, POND_SECRET_ERROR_FAILED);
  g_assert_null (strstr (error->message, "what is this?"));

  g_assert_finalize_object (secrets);
}

/* Nobody can be asked: there is no prompter on the bus. */
static void
test_locked (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  PondSecretStore *secrets = pond_secret_store_new ();

  pond_test_keyring_start (keyring);
  assert_stored (secrets, ID, TOKEN);
  pond_test_keyring_lock (keyring);

  assert_all_fail (secrets, POND_SECRET_ERROR_LOCKED);
  assert_token (secrets, OTHER_ID, NULL);
  g_assert_true (pond_test_keyring_is_up (keyring));

  g_assert_finalize_object (secrets);
}

/* A prompter that takes each question and never answers: a person who is not there. */
static void
on_prompter_called (GDBusConnection       *connection,
                    const char            *sender,
                    const char            *object_path,
                    const char            *interface_name,
                    const char            *method_name,
                    GVariant              *parameters,
                    GDBusMethodInvocation *invocation,
                    gpointer               user_data)
{
  gboolean *is_asked = user_data;

  *is_asked = TRUE;
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static const char prompter_xml[] =
    "<node>"
    "  <interface name='org.gnome.keyring.internal.Prompter'>"
    "    <method name='BeginPrompting'>"
    "      <arg type='o' direction='in'/>"
    "    </method>"
    "    <method name='StopPrompting'>"
    "      <arg type='o' direction='in'/>"
    "    </method>"
    "  </interface>"
    "</node>";

static void
add_prompter (GDBusConnection *bus,
              gboolean        *is_asked)
{
  const char *name = "org.gnome.keyring.SystemPrompter";
  static const GDBusInterfaceVTable vtable = { on_prompter_called, NULL, NULL, { NULL } };
  g_autoptr (GDBusNodeInfo) node = NULL;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  node = g_dbus_node_info_new_for_xml (prompter_xml, &error);
  g_assert_no_error (error);

  g_dbus_connection_register_object (bus, "/org/gnome/keyring/Prompter", node->interfaces[0],
                                     &vtable, is_asked, NULL, &error);
  g_assert_no_error (error);

  reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", name, 0),
                                       NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

/* A keyring that asks is not one that hangs: it gets all the time that a person may take. */
static void
test_prompt_unanswered (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  PondSecretStore *secrets = pond_secret_store_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_asked = FALSE;
  gint64 started;

  pond_test_keyring_start (keyring);
  assert_stored (secrets, ID, TOKEN);
  pond_test_keyring_lock (keyring);
  add_prompter (pond_test_keyring_bus (keyring), &is_asked);

  pond_secret_store_set_timeouts (secrets, 500, 2000);
  started = g_get_monotonic_time ();
  pond_secret_store_lookup_async (secrets, ID, NULL, pond_test_on_ready, &result);
  g_assert_null (pond_secret_store_lookup_finish (secrets, pond_test_wait (&result), &error));

  g_assert_error (error, POND_SECRET_ERROR, POND_SECRET_ERROR_LOCKED);
  g_clear_object (&result);
  g_assert_true (is_asked);
  g_assert_cmpint (g_get_monotonic_time () - started, >=, 2000 * 1000);
  g_assert_true (pond_test_keyring_is_up (keyring));

  g_assert_finalize_object (secrets);
}

/* A person is asked before a token stays in a locked keyring. */
static void
test_prompt_to_clear (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  PondSecretStore *secrets = pond_secret_store_new ();
  g_autoptr (GError) error = NULL;
  gboolean is_asked = FALSE;

  pond_test_keyring_start (keyring);
  assert_stored (secrets, ID, TOKEN);
  pond_test_keyring_lock (keyring);
  add_prompter (pond_test_keyring_bus (keyring), &is_asked);

  pond_secret_store_set_timeouts (secrets, 500, 1000);
  g_assert_false (clear (secrets, ID, &error));
  g_assert_error (error, POND_SECRET_ERROR, POND_SECRET_ERROR_LOCKED);
  g_assert_true (is_asked);

  g_assert_finalize_object (secrets);
}

static void
test_prompt_cancelled (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  PondSecretStore *secrets = pond_secret_store_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_asked = FALSE;

  pond_test_keyring_start (keyring);
  assert_stored (secrets, ID, TOKEN);
  pond_test_keyring_lock (keyring);
  add_prompter (pond_test_keyring_bus (keyring), &is_asked);

  pond_secret_store_lookup_async (secrets, ID, cancellable, pond_test_on_ready, &result);
  while (!is_asked)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (result);

  g_cancellable_cancel (cancellable);
  g_assert_null (pond_secret_store_lookup_finish (secrets, pond_test_wait (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);

  /* It answers for another account, so it has neither died nor stopped listening. */
  assert_token (secrets, OTHER_ID, NULL);
  g_assert_true (pond_test_keyring_is_up (keyring));

  g_assert_finalize_object (secrets);
}

static void
assert_times_out (PondSecretStore *secrets)
{
  gint64 started = g_get_monotonic_time ();

  pond_secret_store_set_timeouts (secrets, 400, 60000);
  assert_all_fail (secrets, POND_SECRET_ERROR_TIMED_OUT);

  g_assert_cmpint (g_get_monotonic_time () - started, >=, 3 * 400 * 1000);
  g_assert_cmpint (g_get_monotonic_time () - started, <, 20 * G_USEC_PER_SEC);
}

static void
test_stopped (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  PondSecretStore *secrets = pond_secret_store_new ();

  pond_test_keyring_start (keyring);
  assert_stored (secrets, ID, TOKEN);
  pond_test_keyring_signal (keyring, SIGSTOP);
  assert_times_out (secrets);

  /* Now libsecret's answers to the calls that have ended come in, among them that the token was
   * replaced and that it was cleared. */
  pond_test_keyring_signal (keyring, SIGCONT);
  pond_secret_store_set_timeouts (secrets, 10000, 60000);
  assert_stored (secrets, OTHER_ID, TOKEN);
  assert_token (secrets, OTHER_ID, TOKEN);

  g_assert_finalize_object (secrets);
}

static void
test_stopped_at_start (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  PondSecretStore *secrets = pond_secret_store_new ();

  pond_test_keyring_start (keyring);
  pond_test_keyring_signal (keyring, SIGSTOP);
  assert_times_out (secrets);

  g_assert_finalize_object (secrets);
}

static void
test_restarted (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  PondSecretStore *secrets = pond_secret_store_new ();

  pond_test_keyring_start (keyring);
  assert_stored (secrets, ID, TOKEN);
  pond_test_keyring_kill (keyring);
  assert_all_fail (secrets, POND_SECRET_ERROR_UNAVAILABLE);

  pond_test_keyring_start (keyring);
  assert_token (secrets, ID, TOKEN);

  g_assert_finalize_object (secrets);
}

static GDBusMessage *
misdirect_first_message (GDBusConnection *connection,
                         GDBusMessage    *message,
                         gboolean         incoming,
                         gpointer         user_data)
{
  gint *n_messages = user_data;
  const char *destination = g_dbus_message_get_destination (message);
  GDBusMessage *copy = NULL;

  if (incoming || g_strcmp0 (destination, "org.freedesktop.secrets") != 0)
    return message;

  if (g_atomic_int_add (n_messages, 1) > 0)
    return message;

  copy = g_dbus_message_copy (message, NULL);
  g_dbus_message_set_destination (copy, "org.example.Nobody");
  g_object_unref (message);

  return copy;
}

static void
test_cold_start (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  PondSecretStore *secrets = pond_secret_store_new ();
  gint n_messages = 0;
  guint filter;

  pond_test_keyring_start (keyring);
  filter = g_dbus_connection_add_filter (pond_test_keyring_bus (keyring), misdirect_first_message,
                                         &n_messages, NULL);

  assert_stored (secrets, ID, TOKEN);
  assert_token (secrets, ID, TOKEN);
  g_assert_cmpint (g_atomic_int_get (&n_messages), >, 1);

  g_dbus_connection_remove_filter (pond_test_keyring_bus (keyring), filter);
  g_assert_finalize_object (secrets);
}

static void
test_no_service (void)
{
  g_autoptr (PondTestKeyring) keyring = pond_test_keyring_new ();
  PondSecretStore *secrets = pond_secret_store_new ();

  assert_all_fail (secrets, POND_SECRET_ERROR_UNAVAILABLE);

  g_assert_finalize_object (secrets);
}

static void
test_no_bus (void)
{
  PondSecretStore *secrets = pond_secret_store_new ();

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  assert_all_fail (secrets, POND_SECRET_ERROR_UNAVAILABLE);

  g_assert_finalize_object (secrets);
}

static void
test_no_bus_address (void)
{
  PondSecretStore *secrets = pond_secret_store_new ();

  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  g_unsetenv ("DISPLAY");
  assert_all_fail (secrets, POND_SECRET_ERROR_UNAVAILABLE);

  g_assert_finalize_object (secrets);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  pond_test_keyring_add ("/secret-store/round-trip", test_round_trip);
  pond_test_keyring_add ("/secret-store/keys", test_keys);
  pond_test_keyring_add ("/secret-store/keys-in-file", test_keys_in_file);
  pond_test_keyring_add ("/secret-store/malformed", test_malformed);
  pond_test_keyring_add ("/secret-store/locked", test_locked);
  pond_test_keyring_add ("/secret-store/prompt-unanswered", test_prompt_unanswered);
  pond_test_keyring_add ("/secret-store/prompt-to-clear", test_prompt_to_clear);
  pond_test_keyring_add ("/secret-store/prompt-cancelled", test_prompt_cancelled);
  pond_test_keyring_add ("/secret-store/stopped", test_stopped);
  pond_test_keyring_add ("/secret-store/stopped-at-start", test_stopped_at_start);
  pond_test_keyring_add ("/secret-store/restarted", test_restarted);
  pond_test_keyring_add ("/secret-store/cold-start", test_cold_start);
  pond_test_keyring_add ("/secret-store/no-service", test_no_service);
  pond_test_keyring_add ("/secret-store/no-bus", test_no_bus);
  pond_test_keyring_add ("/secret-store/no-bus-address", test_no_bus_address);

  return g_test_run ();
}
