/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-accounts"

#include "config.h"

#include "accounts/pond-secret-store-private.h"

#include <libsecret/secret.h>

#define SILENCE 10000
#define PATIENCE 300000

struct _PondSecretStore
{
  GObject parent_instance;

  guint silence;
  guint patience;
};

G_DEFINE_FINAL_TYPE (PondSecretStore, pond_secret_store, G_TYPE_OBJECT)
G_DEFINE_QUARK (pond-secret-error-quark, pond_secret_error)

static const SecretSchema token_schema = {
  "io.github.millpond.Millpond.Token",
  SECRET_SCHEMA_NONE,
  {
    { "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

/* Its attribute has another name, since the file that a sandbox keeps does not tell schemas apart. */
static const SecretSchema key_schema = {
  "io.github.millpond.Millpond.SigningKey",
  SECRET_SCHEMA_NONE,
  {
    { "signing-account", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

/* One call of ours, which may take several of libsecret's. Those are never cancelled: that brings
 * gnome-keyring down while it asks for a password, and a daemon that hangs would not notice. What
 * ends in time is the task; it is dropped from the call then, and whatever libsecret still has to
 * say falls on deaf ears. Each pending callback and source holds a reference to the call. */
typedef struct _Call Call;

struct _Call
{
  GTask *task; /* owned; NULL once it has returned */
  GSource *tick;
  GSource *cancelled; /* nullable */

  void (*start) (Call *call);
  const SecretSchema *schema;
  GHashTable *attributes;
  char *label;        /* of a secret to store */
  SecretValue *value; /* a secret to store */

  guint patience;
  gint64 started;
  gboolean was_retried;
  gboolean was_pinged;
  gboolean is_alive;
};

static void
call_clear (gpointer data)
{
  Call *call = data;

  g_assert (call->task == NULL);

  g_hash_table_unref (call->attributes);
  g_free (call->label);
  g_clear_pointer (&call->value, secret_value_unref);
}

static Call *
call_ref (Call *call)
{
  return g_rc_box_acquire (call);
}

static void
call_unref (gpointer call)
{
  g_rc_box_release_full (call, call_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_unref)

/* Returns the task, for the one answer it is waiting for; NULL if it has been given. */
static GTask *
call_end (Call *call)
{
  if (call->tick != NULL)
    g_source_destroy (call->tick);
  g_clear_pointer (&call->tick, g_source_unref);

  if (call->cancelled != NULL)
    g_source_destroy (call->cancelled);
  g_clear_pointer (&call->cancelled, g_source_unref);

  return g_steal_pointer (&call->task);
}

static void
call_return_boolean (Call     *call,
                     gboolean  result)
{
  g_autoptr (GTask) task = call_end (call);

  if (task != NULL)
    g_task_return_boolean (task, result);
}

/* Returns what was looked up, or NULL if there is no such secret. */
static void
call_return_found (Call           *call,
                   gpointer        found,
                   GDestroyNotify  free_func)
{
  g_autoptr (GTask) task = call_end (call);

  if (task != NULL)
    g_task_return_pointer (task, found, free_func);
  else
    g_clear_pointer (&found, free_func);
}

static void
call_return_error (Call            *call,
                   PondSecretError  code,
                   const char      *message)
{
  g_autoptr (GTask) task = call_end (call);

  if (task != NULL)
    g_task_return_new_error_literal (task, POND_SECRET_ERROR, code, message);
}

static void
call_return_locked (Call *call)
{
  call_return_error (call, POND_SECRET_ERROR_LOCKED,
                     "The keyring is locked and was not unlocked, so the token in it can't be "
                     "used. Unlock it and try again");
}

static PondSecretError
translate_code (const GError *error)
{
  if (error->domain == SECRET_ERROR)
    return error->code == SECRET_ERROR_IS_LOCKED ? POND_SECRET_ERROR_LOCKED
                                                 : POND_SECRET_ERROR_FAILED;

  /* Nothing here cancels, so it was the person who dismissed the question. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return POND_SECRET_ERROR_LOCKED;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMED_OUT))
    return POND_SECRET_ERROR_TIMED_OUT;

  /* A failure that is not D-Bus's own was sent by the service. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_DBUS_ERROR))
    return POND_SECRET_ERROR_FAILED;

  /* No bus, no service on it, no portal, or one that has nothing to keep secrets in. */
  return POND_SECRET_ERROR_UNAVAILABLE;
}

/* Whether the same call may succeed at once: the first of a session can start the service or the
 * portal and be too early for it, and the first after the service was restarted belongs to a
 * session that libsecret had with its predecessor. */
static gboolean
is_worth_retrying (const GError *error)
{
  g_autofree char *remote_error = g_dbus_error_get_remote_error (error);

  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
         g_strcmp0 (remote_error, "org.freedesktop.Secret.Error.NoSession") == 0;
}

static void
call_fail (Call         *call,
           const GError *error)
{
  g_autoptr (GError) reason = g_error_copy (error);
  g_autofree char *message = NULL;
  PondSecretError code = translate_code (error);

  if (!call->was_retried && call->task != NULL && is_worth_retrying (error))
    {
      g_debug ("Asking the keyring once more: %s", error->message);
      call->was_retried = TRUE;
      secret_service_disconnect ();
      call->start (call);
      return;
    }

  g_dbus_error_strip_remote_error (reason);

  switch (code)
    {
    case POND_SECRET_ERROR_LOCKED:
      call_return_locked (call);
      return;
    case POND_SECRET_ERROR_UNAVAILABLE:
      message = g_strdup_printf ("There is no keyring to keep the token in. Start one that offers "
                                 "the Secret Service, such as GNOME Keyring or KWallet (%s)",
                                 reason->message);
      break;
    case POND_SECRET_ERROR_TIMED_OUT:
      message = g_strdup_printf ("The keyring did not answer, so the token in it can't be used. "
                                 "Start it again (%s)",
                                 reason->message);
      break;
    case POND_SECRET_ERROR_FAILED:
    default:
      message = g_strdup_printf ("The keyring refused: %s", reason->message);
      break;
    }

  call_return_error (call, code, message);
}

static void
on_ping_ready (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  if (reply == NULL)
    g_debug ("The keyring shows no sign of life: %s", error->message);
  else
    call->is_alive = TRUE;
}

static void
on_bus_ready (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GError) error = NULL;
  const char *name = g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS)
                         ? "org.freedesktop.portal.Desktop"
                         : "org.freedesktop.secrets";

  bus = g_bus_get_finish (result, &error);
  if (bus == NULL)
    {
      g_debug ("No session bus: %s", error->message);
      return;
    }

  g_dbus_connection_call (bus,
                          name,
                          "/",
                          "org.freedesktop.DBus.Peer",
                          "Ping",
                          NULL, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START,
                          -1,
                          NULL,
                          on_ping_ready,
                          g_steal_pointer (&call));
}

/* Nothing tells a keyring that waits for a password from one that hangs, except that the former
 * still answers something else. So it is pinged, at half the time of silence that is allowed, and
 * must have answered at the next tick. */
static gboolean
on_tick (gpointer user_data)
{
  Call *call = user_data;

  if (call->was_pinged && !call->is_alive)
    {
      call_return_error (call, POND_SECRET_ERROR_TIMED_OUT,
                         "The keyring does not answer, so the token in it can't be used. "
                         "Start it again, or log out and in");
      return G_SOURCE_REMOVE;
    }

  if (g_get_monotonic_time () - call->started >= (gint64) call->patience * 1000)
    {
      call_return_locked (call);
      return G_SOURCE_REMOVE;
    }

  call->was_pinged = TRUE;
  call->is_alive = FALSE;
  g_bus_get (G_BUS_TYPE_SESSION, NULL, on_bus_ready, call_ref (call));

  return G_SOURCE_CONTINUE;
}

static gboolean
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  g_autoptr (GTask) task = call_end (user_data);

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
on_store_ready (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;

  if (secret_password_store_finish (result, &error))
    call_return_boolean (call, TRUE);
  else
    call_fail (call, error);
}

static void
start_store (Call *call)
{
  secret_password_storev_binary (call->schema, call->attributes, SECRET_COLLECTION_DEFAULT, call->label,
                                 call->value, NULL, on_store_ready, call_ref (call));
}

static gboolean
has_locked_item (GList *items)
{
  for (GList *l = items; l != NULL; l = l->next)
    {
      /* A sandbox keeps its tokens in a file; what is in that has no lock of its own. */
      if (SECRET_IS_ITEM (l->data) && secret_item_get_locked (l->data))
        return TRUE;
    }

  return FALSE;
}

static void
on_lookup_searched (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autolist (GObject) items = secret_password_search_finish (result, &error);

  if (error != NULL)
    call_fail (call, error);
  else if (has_locked_item (items))
    call_return_locked (call);
  else
    call_return_found (call, NULL, NULL);
}

/* A token that can't be one means that something else wrote it. */
static void
return_token (Call        *call,
              SecretValue *value)
{
  const char *text = secret_value_get_text (value);
  PondToken *token = text != NULL ? pond_token_new (text, NULL) : NULL;

  if (token != NULL)
    call_return_found (call, token, (GDestroyNotify) pond_token_unref);
  else
    call_return_error (call, POND_SECRET_ERROR_FAILED,
                       "What the keyring holds for this account is no API token. "
                       "Remove the account and add it again");
}

/* The bytes stay in libsecret's memory, which is not swapped, and is wiped with the last reference. */
static void
return_key (Call        *call,
            SecretValue *value)
{
  gsize size;
  const char *data = secret_value_get (value, &size);

  call_return_found (call,
                     g_bytes_new_with_free_func (data, size, secret_value_unref,
                                                 secret_value_ref (value)),
                     (GDestroyNotify) g_bytes_unref);
}

static void
on_lookup_ready (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretValue) value = secret_password_lookup_binary_finish (result, &error);

  if (error != NULL)
    {
      call_fail (call, error);
      return;
    }

  /* There is none, or it stayed locked: only a search can tell. */
  if (value == NULL)
    {
      secret_password_searchv (call->schema, call->attributes, SECRET_SEARCH_ALL, NULL,
                               on_lookup_searched, call_ref (call));
      return;
    }

  if (call->schema == &key_schema)
    return_key (call, value);
  else
    return_token (call, value);
}

static void
start_lookup (Call *call)
{
  secret_password_lookupv (call->schema, call->attributes, NULL, on_lookup_ready, call_ref (call));
}

static void
on_clear_ready (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;

  secret_password_clear_finish (result, &error);
  if (error == NULL)
    call_return_boolean (call, TRUE);
  else
    call_fail (call, error);
}

static void
on_clear_searched (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autolist (GObject) items = secret_password_search_finish (result, &error);

  if (error != NULL)
    call_fail (call, error);
  else if (has_locked_item (items))
    call_return_locked (call);
  else
    secret_password_clearv (call->schema, call->attributes, NULL, on_clear_ready, call_ref (call));
}

/* Clearing passes over what is locked without a word; a search can unlock it first. */
static void
start_clear (Call *call)
{
  secret_password_searchv (call->schema, call->attributes,
                           SECRET_SEARCH_ALL | SECRET_SEARCH_UNLOCK, NULL, on_clear_searched, call_ref (call));
}

static Call *
call_new (PondSecretStore    *self,
          const SecretSchema *schema,
          const char         *account_id,
          GTask              *task)
{
  Call *call = g_rc_box_new0 (Call);
  GCancellable *cancellable = g_task_get_cancellable (task);

  call->task = g_object_ref (task);
  call->schema = schema;
  call->attributes = secret_attributes_build (schema, schema->attributes[0].name, account_id, NULL);
  call->patience = self->patience;
  call->started = g_get_monotonic_time ();

  call->tick = g_timeout_source_new (self->silence / 2);
  g_source_set_callback (call->tick, on_tick, call_ref (call), call_unref);
  g_source_attach (call->tick, g_task_get_context (task));

  if (cancellable != NULL)
    {
      call->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (call->cancelled, G_SOURCE_FUNC (on_cancelled), call_ref (call),
                             call_unref);
      g_source_attach (call->cancelled, g_task_get_context (task));
    }

  return call;
}

static void
pond_secret_store_class_init (PondSecretStoreClass *klass)
{
}

static void
pond_secret_store_init (PondSecretStore *self)
{
  self->silence = SILENCE;
  self->patience = PATIENCE;
}

PondSecretStore *
pond_secret_store_new (void)
{
  return g_object_new (POND_TYPE_SECRET_STORE, NULL);
}

void
pond_secret_store_set_timeouts (PondSecretStore *self,
                                guint            silence,
                                guint            patience)
{
  g_return_if_fail (POND_IS_SECRET_STORE (self));

  self->silence = silence;
  self->patience = patience;
}

void
pond_secret_store_store_async (PondSecretStore     *self,
                               const char          *account_id,
                               const char          *label,
                               PondToken           *token,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (Call) call = NULL;

  g_return_if_fail (POND_IS_SECRET_STORE (self));
  g_return_if_fail (account_id != NULL);
  g_return_if_fail (label != NULL);
  g_return_if_fail (token != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_secret_store_store_async);

  call = call_new (self, &token_schema, account_id, task);
  call->label = g_strdup (label);
  call->value = secret_value_new (pond_token_peek (token), -1, "text/plain");
  call->start = start_store;
  call->start (call);
}

gboolean
pond_secret_store_store_finish (PondSecretStore  *self,
                                GAsyncResult     *result,
                                GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pond_secret_store_lookup_async (PondSecretStore     *self,
                                const char          *account_id,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (Call) call = NULL;

  g_return_if_fail (POND_IS_SECRET_STORE (self));
  g_return_if_fail (account_id != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_secret_store_lookup_async);

  call = call_new (self, &token_schema, account_id, task);
  call->start = start_lookup;
  call->start (call);
}

PondToken *
pond_secret_store_lookup_finish (PondSecretStore  *self,
                                 GAsyncResult     *result,
                                 GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
pond_secret_store_clear_async (PondSecretStore     *self,
                               const char          *account_id,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (Call) call = NULL;

  g_return_if_fail (POND_IS_SECRET_STORE (self));
  g_return_if_fail (account_id != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_secret_store_clear_async);

  call = call_new (self, &token_schema, account_id, task);
  call->start = start_clear;
  call->start (call);
}

gboolean
pond_secret_store_clear_finish (PondSecretStore  *self,
                                GAsyncResult     *result,
                                GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pond_secret_store_store_key_async (PondSecretStore     *self,
                                   const char          *account_id,
                                   const char          *label,
                                   GBytes              *key,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (Call) call = NULL;

  g_return_if_fail (POND_IS_SECRET_STORE (self));
  g_return_if_fail (account_id != NULL);
  g_return_if_fail (label != NULL);
  g_return_if_fail (key != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_secret_store_store_key_async);

  call = call_new (self, &key_schema, account_id, task);
  call->label = g_strdup (label);
  call->value = secret_value_new (g_bytes_get_data (key, NULL), g_bytes_get_size (key), "text/plain");
  call->start = start_store;
  call->start (call);
}

void
pond_secret_store_lookup_key_async (PondSecretStore     *self,
                                    const char          *account_id,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (Call) call = NULL;

  g_return_if_fail (POND_IS_SECRET_STORE (self));
  g_return_if_fail (account_id != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_secret_store_lookup_key_async);

  call = call_new (self, &key_schema, account_id, task);
  call->start = start_lookup;
  call->start (call);
}

GBytes *
pond_secret_store_lookup_key_finish (PondSecretStore  *self,
                                     GAsyncResult     *result,
                                     GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
pond_secret_store_clear_key_async (PondSecretStore     *self,
                                   const char          *account_id,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (Call) call = NULL;

  g_return_if_fail (POND_IS_SECRET_STORE (self));
  g_return_if_fail (account_id != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_secret_store_clear_key_async);

  call = call_new (self, &key_schema, account_id, task);
  call->start = start_clear;
  call->start (call);
}
