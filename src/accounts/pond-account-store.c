/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-accounts"

#include "config.h"

#include "accounts/pond-account-store.h"

#include <glib/gi18n.h>

#include "accounts/pond-account-file.h"
#include "accounts/pond-account-private.h"

#define ID_VARIABLE "CLOUDFLARE_ACCOUNT_ID"
#define TOKEN_VARIABLE "CLOUDFLARE_API_TOKEN"

struct _PondAccountStore
{
  GObject parent_instance;

  GFile *file;
  PondSecretStore *secrets;

  GPtrArray *accounts; /* of PondAccount, transient ones first */
  GHashTable *tokens;  /* PondAccount → PondToken: of those that are not in the keyring */
};

static void pond_account_store_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PondAccountStore,
                               pond_account_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      pond_account_store_list_model_init))

enum
{
  SIGNAL_TOKEN_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* What a worker thread does to the file. Its task has no source object, so that the last reference
 * to the store is never dropped there. */
typedef struct
{
  GFile *file;
  char *id;
  char *name; /* NULL to remove */
} FileChange;

static void
file_change_free (gpointer data)
{
  FileChange *change = data;

  g_object_unref (change->file);
  g_free (change->id);
  g_free (change->name);
  g_free (change);
}

static void
change_file_in_thread (GTask        *task,
                       gpointer      source,
                       gpointer      task_data,
                       GCancellable *cancellable)
{
  FileChange *change = task_data;
  g_autoptr (GError) error = NULL;
  gboolean is_done;

  if (change->name != NULL)
    is_done = pond_account_file_add (change->file, change->id, change->name, &error);
  else
    is_done = pond_account_file_remove (change->file, change->id, &error);

  if (is_done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
change_file_async (PondAccountStore    *self,
                   const char          *id,
                   const char          *name,
                   GAsyncReadyCallback  callback,
                   gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  FileChange *change = g_new0 (FileChange, 1);

  change->file = g_object_ref (self->file);
  change->id = g_strdup (id);
  change->name = g_strdup (name);

  g_task_set_source_tag (task, change_file_async);
  g_task_set_task_data (task, change, file_change_free);
  g_task_run_in_thread (task, change_file_in_thread);
}

static void
read_file_in_thread (GTask        *task,
                     gpointer      source,
                     gpointer      task_data,
                     GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  GKeyFile *key_file = pond_account_file_read (task_data, &error);

  if (key_file != NULL)
    g_task_return_pointer (task, key_file, (GDestroyNotify) g_key_file_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
is_transient (PondAccount *account)
{
  PondAccountOrigin origin = pond_account_get_origin (account);

  return origin == POND_ACCOUNT_ENVIRONMENT || origin == POND_ACCOUNT_SAMPLE;
}

static PondAccount *
find_account (PondAccountStore *self,
              const char       *id,
              gboolean          transient)
{
  for (guint i = 0; i < self->accounts->len; i++)
    {
      PondAccount *account = g_ptr_array_index (self->accounts, i);

      if (is_transient (account) == transient && g_str_equal (pond_account_get_id (account), id))
        return account;
    }

  return NULL;
}

static void
drop_account (PondAccountStore *self,
              PondAccount      *account)
{
  guint position;

  if (!g_ptr_array_find (self->accounts, account, &position))
    return;

  g_hash_table_remove (self->tokens, account);
  g_ptr_array_remove_index (self->accounts, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

static PondAccount *
keep_account (PondAccountStore  *self,
              const char        *id,
              const char        *name,
              PondAccountOrigin  origin)
{
  PondAccount *account = find_account (self, id, FALSE);

  if (account != NULL)
    {
      pond_account_set_name (account, name);
      pond_account_set_origin (account, origin);
      return account;
    }

  account = pond_account_new (id, name, origin);
  g_ptr_array_add (self->accounts, account);
  g_list_model_items_changed (G_LIST_MODEL (self), self->accounts->len - 1, 0, 1);

  return account;
}

typedef struct
{
  char *id;
  char *name;
  PondToken *token;
  GError *keyring_error; /* nullable */
  GError *file_error;    /* nullable */
} AddData;

static void
add_data_free (gpointer user_data)
{
  AddData *data = user_data;

  g_free (data->id);
  g_free (data->name);
  pond_token_unref (data->token);
  g_clear_error (&data->keyring_error);
  g_clear_error (&data->file_error);
  g_free (data);
}

typedef struct
{
  PondAccount *account;
  char *name;
} Naming;

static void
naming_free (gpointer data)
{
  Naming *naming = data;

  g_object_unref (naming->account);
  g_free (naming->name);
  g_free (naming);
}

static void
on_file_read (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  PondAccountStore *self = g_task_get_source_object (task);
  g_autoptr (GKeyFile) key_file = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) ids = NULL;

  key_file = g_task_propagate_pointer (G_TASK (result), &error);
  if (key_file == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  ids = g_key_file_get_groups (key_file, NULL);
  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_autofree char *name = g_key_file_get_string (key_file, ids[i], "name", NULL);

      if (find_account (self, ids[i], FALSE) == NULL)
        keep_account (self, ids[i], name, POND_ACCOUNT_KEYRING);
    }

  g_task_return_boolean (task, TRUE);
}

static void
return_added (GTask             *task,
              PondAccountOrigin  origin)
{
  PondAccountStore *self = g_task_get_source_object (task);
  AddData *data = g_task_get_task_data (task);
  gboolean is_known = find_account (self, data->id, FALSE) != NULL;
  PondAccount *account = keep_account (self, data->id, data->name, origin);

  if (origin == POND_ACCOUNT_SESSION)
    g_hash_table_insert (self->tokens, g_object_ref (account), pond_token_ref (data->token));
  else
    g_hash_table_remove (self->tokens, account);

  g_task_return_pointer (task, g_object_ref (account), g_object_unref);
  if (is_known)
    g_signal_emit (self, signals[SIGNAL_TOKEN_CHANGED], 0, account);
}

static void
on_addition_undone (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  PondAccountStore *self = g_task_get_source_object (task);
  AddData *data = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!pond_secret_store_clear_finish (self->secrets, result, &error))
    g_debug ("The token of an account that was not added stays in the keyring: %s", error->message);

  g_task_return_error (task, g_steal_pointer (&data->file_error));
}

static void
on_addition_written (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  PondAccountStore *self = g_task_get_source_object (task);
  AddData *data = g_task_get_task_data (task);

  if (!g_task_propagate_boolean (G_TASK (result), &data->file_error))
    {
      /* A token that no account leads to would stay in the keyring for good. */
      if (find_account (self, data->id, FALSE) == NULL)
        pond_secret_store_clear_async (self->secrets, data->id, NULL, on_addition_undone,
                                       g_steal_pointer (&task));
      else
        g_task_return_error (task, g_steal_pointer (&data->file_error));
      return;
    }

  return_added (task, POND_ACCOUNT_KEYRING);
}

static void
on_token_stored (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  PondAccountStore *self = g_task_get_source_object (task);
  AddData *data = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (pond_secret_store_store_finish (self->secrets, result, &error))
    {
      change_file_async (self, data->id, data->name, on_addition_written, g_steal_pointer (&task));
      return;
    }

  if (error->domain != POND_SECRET_ERROR)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  data->keyring_error = g_steal_pointer (&error);
  return_added (task, POND_ACCOUNT_SESSION);
}

static void
on_key_cleared (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  PondAccountStore *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (pond_secret_store_clear_finish (self->secrets, result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_token_cleared (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  PondAccountStore *self = g_task_get_source_object (task);
  PondAccount *account = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GError) error = NULL;

  if (pond_secret_store_clear_finish (self->secrets, result, &error))
    pond_secret_store_clear_key_async (self->secrets, pond_account_get_id (account), cancellable,
                                       on_key_cleared, g_steal_pointer (&task));
  else if (g_error_matches (error, POND_SECRET_ERROR, POND_SECRET_ERROR_UNAVAILABLE))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_key_stored (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  PondAccountStore *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (pond_secret_store_store_finish (self->secrets, result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_key_looked_up (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  PondAccountStore *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  GBytes *key = pond_secret_store_lookup_key_finish (self->secrets, result, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, key, (GDestroyNotify) g_bytes_unref);
}

static void
on_name_written (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Naming *naming = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  pond_account_set_name (naming->account, naming->name);
  g_task_return_boolean (task, TRUE);
}

static void
on_removal_written (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  PondAccountStore *self = g_task_get_source_object (task);
  PondAccount *account = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* Also for an account of this session: a keyring that was too slow may have its token. */
  drop_account (self, account);
  pond_secret_store_clear_async (self->secrets, pond_account_get_id (account), cancellable,
                                 on_token_cleared, g_steal_pointer (&task));
}

static void
on_token_looked_up (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  PondAccountStore *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  PondToken *token = pond_secret_store_lookup_finish (self->secrets, result, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, token, (GDestroyNotify) pond_token_unref);
}

static GType
pond_account_store_get_item_type (GListModel *model)
{
  return POND_TYPE_ACCOUNT;
}

static guint
pond_account_store_get_n_items (GListModel *model)
{
  PondAccountStore *self = POND_ACCOUNT_STORE (model);

  return self->accounts->len;
}

static gpointer
pond_account_store_get_item (GListModel *model,
                             guint       position)
{
  PondAccountStore *self = POND_ACCOUNT_STORE (model);

  if (position >= self->accounts->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->accounts, position));
}

static void
pond_account_store_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = pond_account_store_get_item_type;
  iface->get_n_items = pond_account_store_get_n_items;
  iface->get_item = pond_account_store_get_item;
}

static void
pond_account_store_finalize (GObject *object)
{
  PondAccountStore *self = POND_ACCOUNT_STORE (object);

  g_clear_object (&self->file);
  g_clear_object (&self->secrets);
  g_ptr_array_unref (self->accounts);
  g_hash_table_unref (self->tokens);

  G_OBJECT_CLASS (pond_account_store_parent_class)->finalize (object);
}

static void
pond_account_store_class_init (PondAccountStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = pond_account_store_finalize;

  signals[SIGNAL_TOKEN_CHANGED] = g_signal_new ("token-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                                0, NULL, NULL, NULL, G_TYPE_NONE, 1, POND_TYPE_ACCOUNT);
}

static void
pond_account_store_init (PondAccountStore *self)
{
  self->accounts = g_ptr_array_new_with_free_func (g_object_unref);
  self->tokens = g_hash_table_new_full (NULL, NULL, g_object_unref,
                                        (GDestroyNotify) pond_token_unref);
}

PondAccountStore *
pond_account_store_new (GFile           *file,
                        PondSecretStore *secrets)
{
  PondAccountStore *self = NULL;

  g_return_val_if_fail (G_IS_FILE (file) && g_file_is_native (file), NULL);
  g_return_val_if_fail (POND_IS_SECRET_STORE (secrets), NULL);

  self = g_object_new (POND_TYPE_ACCOUNT_STORE, NULL);
  self->file = g_object_ref (file);
  self->secrets = g_object_ref (secrets);

  return self;
}

void
pond_account_store_load_async (PondAccountStore    *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GTask) read_task = NULL;

  g_return_if_fail (POND_IS_ACCOUNT_STORE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_account_store_load_async);

  read_task = g_task_new (NULL, cancellable, on_file_read, g_steal_pointer (&task));
  g_task_set_source_tag (read_task, pond_account_store_load_async);
  g_task_set_task_data (read_task, g_object_ref (self->file), g_object_unref);
  g_task_run_in_thread (read_task, read_file_in_thread);
}

gboolean
pond_account_store_load_finish (PondAccountStore  *self,
                                GAsyncResult      *result,
                                GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

PondAccount *
pond_account_store_find (PondAccountStore *self,
                         const char       *id)
{
  PondAccount *account = NULL;

  g_return_val_if_fail (POND_IS_ACCOUNT_STORE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  account = find_account (self, id, TRUE);

  return account != NULL ? account : find_account (self, id, FALSE);
}

void
pond_account_store_add_transient (PondAccountStore *self,
                                  PondAccount      *account,
                                  PondToken        *token)
{
  PondAccount *earlier = NULL;
  guint position = 0;

  g_return_if_fail (POND_IS_ACCOUNT_STORE (self));
  g_return_if_fail (POND_IS_ACCOUNT (account) && is_transient (account));
  g_return_if_fail (token != NULL);

  earlier = find_account (self, pond_account_get_id (account), TRUE);
  if (earlier != NULL)
    drop_account (self, earlier);

  while (position < self->accounts->len &&
         is_transient (g_ptr_array_index (self->accounts, position)))
    position++;

  g_hash_table_insert (self->tokens, g_object_ref (account), pond_token_ref (token));
  g_ptr_array_insert (self->accounts, position, g_object_ref (account));
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
}

gboolean
pond_account_store_add_environment (PondAccountStore  *self,
                                    GError           **error)
{
  const char *id_text = g_getenv (ID_VARIABLE);
  const char *token_text = g_getenv (TOKEN_VARIABLE);
  gboolean has_id = id_text != NULL && *id_text != '\0';
  gboolean has_token = token_text != NULL && *token_text != '\0';
  g_autofree char *id = NULL;
  g_autoptr (PondToken) token = NULL;
  g_autoptr (PondAccount) account = NULL;
  g_autoptr (GError) token_error = NULL;

  g_return_val_if_fail (POND_IS_ACCOUNT_STORE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!has_id && !has_token)
    return TRUE;

  if (has_id)
    id = pond_account_parse_id (id_text);
  if (has_token)
    token = pond_token_new (token_text, &token_error);

  g_unsetenv (TOKEN_VARIABLE);

  if (!has_id || !has_token)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "%s is set, but %s is not. Set both for an account of this process alone, "
                 "or neither",
                 has_id ? ID_VARIABLE : TOKEN_VARIABLE, has_id ? TOKEN_VARIABLE : ID_VARIABLE);
  else if (id == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "%s holds no account ID: those are 32 hexadecimal digits", ID_VARIABLE);
  else if (token == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "%s: %s", TOKEN_VARIABLE, token_error->message);
  else
    {
      account = pond_account_new (id, _("Environment"), POND_ACCOUNT_ENVIRONMENT);
      pond_account_store_add_transient (self, account, token);
    }

  return account != NULL;
}

void
pond_account_store_add_async (PondAccountStore    *self,
                              const char          *id,
                              const char          *name,
                              PondToken           *token,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *label = NULL;
  PondAccount *earlier = NULL;
  AddData *data = NULL;

  g_return_if_fail (POND_IS_ACCOUNT_STORE (self));
  g_return_if_fail (pond_account_is_id (id));
  g_return_if_fail (token != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  earlier = find_account (self, id, FALSE);
  data = g_new0 (AddData, 1);
  data->id = g_strdup (id);
  data->name = g_strstrip (g_strdup (name != NULL ? name : ""));
  if (*data->name == '\0')
    g_set_str (&data->name, earlier != NULL ? pond_account_get_name (earlier) : id);
  data->token = pond_token_ref (token);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_account_store_add_async);
  g_task_set_task_data (task, data, add_data_free);

  /* Translators: what the keyring's own programs call the entry; %s is an account's name. */
  label = g_strdup_printf (_("Cloudflare Stream token of “%s”"), data->name);
  pond_secret_store_store_async (self->secrets, data->id, label, token, cancellable,
                                 on_token_stored, g_steal_pointer (&task));
}

PondAccount *
pond_account_store_add_finish (PondAccountStore  *self,
                               GAsyncResult      *result,
                               GError           **keyring_error,
                               GError           **error)
{
  AddData *data = NULL;
  PondAccount *account = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (keyring_error == NULL || *keyring_error == NULL, NULL);

  data = g_task_get_task_data (G_TASK (result));
  account = g_task_propagate_pointer (G_TASK (result), error);
  if (account != NULL && data->keyring_error != NULL)
    g_propagate_error (keyring_error, g_steal_pointer (&data->keyring_error));

  return account;
}

void
pond_account_store_rename_async (PondAccountStore    *self,
                                 PondAccount         *account,
                                 const char          *name,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Naming *naming = NULL;

  g_return_if_fail (POND_IS_ACCOUNT_STORE (self));
  g_return_if_fail (POND_IS_ACCOUNT (account) && !is_transient (account));
  g_return_if_fail (name != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  naming = g_new0 (Naming, 1);
  naming->account = g_object_ref (account);
  naming->name = g_strstrip (g_strdup (name));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_account_store_rename_async);
  g_task_set_task_data (task, naming, naming_free);

  /* The file has only what the keyring has a token for. */
  if (*naming->name == '\0')
    g_task_return_boolean (task, TRUE);
  else if (pond_account_get_origin (account) == POND_ACCOUNT_KEYRING)
    change_file_async (self, pond_account_get_id (account), naming->name, on_name_written,
                       g_steal_pointer (&task));
  else
    {
      pond_account_set_name (account, naming->name);
      g_task_return_boolean (task, TRUE);
    }
}

gboolean
pond_account_store_rename_finish (PondAccountStore  *self,
                                  GAsyncResult      *result,
                                  GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pond_account_store_remove_async (PondAccountStore    *self,
                                 PondAccount         *account,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (POND_IS_ACCOUNT_STORE (self));
  g_return_if_fail (POND_IS_ACCOUNT (account));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_account_store_remove_async);
  g_task_set_task_data (task, g_object_ref (account), g_object_unref);

  if (is_transient (account))
    {
      drop_account (self, account);
      g_task_return_boolean (task, TRUE);
      return;
    }

  change_file_async (self, pond_account_get_id (account), NULL, on_removal_written,
                     g_steal_pointer (&task));
}

gboolean
pond_account_store_remove_finish (PondAccountStore  *self,
                                  GAsyncResult      *result,
                                  GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pond_account_store_lookup_token_async (PondAccountStore    *self,
                                       PondAccount         *account,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  PondToken *token = NULL;

  g_return_if_fail (POND_IS_ACCOUNT_STORE (self));
  g_return_if_fail (POND_IS_ACCOUNT (account));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_account_store_lookup_token_async);

  if (pond_account_get_origin (account) == POND_ACCOUNT_KEYRING)
    {
      pond_secret_store_lookup_async (self->secrets, pond_account_get_id (account), cancellable,
                                      on_token_looked_up, g_steal_pointer (&task));
      return;
    }

  token = g_hash_table_lookup (self->tokens, account);
  if (token != NULL)
    pond_token_ref (token);
  g_task_return_pointer (task, token, (GDestroyNotify) pond_token_unref);
}

PondToken *
pond_account_store_lookup_token_finish (PondAccountStore  *self,
                                        GAsyncResult      *result,
                                        GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
pond_account_store_set_key_async (PondAccountStore    *self,
                                  PondAccount         *account,
                                  GBytes              *key,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *label = NULL;

  g_return_if_fail (POND_IS_ACCOUNT_STORE (self));
  g_return_if_fail (POND_IS_ACCOUNT (account));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_account_store_set_key_async);

  if (pond_account_get_origin (account) != POND_ACCOUNT_KEYRING)
    {
      g_task_return_new_error (task, POND_SECRET_ERROR, POND_SECRET_ERROR_UNAVAILABLE,
                               _("“%s” is not kept in the keyring, so it can’t have a signing key there"),
                               pond_account_get_name (account));
      return;
    }

  if (key == NULL)
    {
      pond_secret_store_clear_key_async (self->secrets, pond_account_get_id (account), cancellable,
                                         on_key_cleared, g_steal_pointer (&task));
      return;
    }

  /* Translators: what the keyring's own programs call the entry; %s is an account's name. */
  label = g_strdup_printf (_("Cloudflare Stream signing key of “%s”"), pond_account_get_name (account));
  pond_secret_store_store_key_async (self->secrets, pond_account_get_id (account), label, key,
                                     cancellable, on_key_stored, g_steal_pointer (&task));
}

gboolean
pond_account_store_set_key_finish (PondAccountStore  *self,
                                   GAsyncResult      *result,
                                   GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pond_account_store_lookup_key_async (PondAccountStore    *self,
                                     PondAccount         *account,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (POND_IS_ACCOUNT_STORE (self));
  g_return_if_fail (POND_IS_ACCOUNT (account));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_account_store_lookup_key_async);

  if (pond_account_get_origin (account) == POND_ACCOUNT_KEYRING)
    pond_secret_store_lookup_key_async (self->secrets, pond_account_get_id (account), cancellable,
                                        on_key_looked_up, g_steal_pointer (&task));
  else
    g_task_return_pointer (task, NULL, NULL);
}

GBytes *
pond_account_store_lookup_key_finish (PondAccountStore  *self,
                                      GAsyncResult      *result,
                                      GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
