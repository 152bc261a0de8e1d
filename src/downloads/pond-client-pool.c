/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-client-pool"

#include "config.h"

#include "downloads/pond-client-pool.h"

#include <glib/gi18n-lib.h>

struct _PondClientPool
{
  GObject parent_instance;

  PondAccountStore *accounts;
  char *api_base;
  /* By account ID. */
  GHashTable *clients;
  /* By client. */
  GHashTable *schedulers;
  guint n_waiting;
  double seconds_each;
  PondStreamClient *anonymous;
};

G_DEFINE_FINAL_TYPE (PondClientPool, pond_client_pool, G_TYPE_OBJECT)

static void
pond_client_pool_dispose (GObject *object)
{
  PondClientPool *self = POND_CLIENT_POOL (object);

  g_clear_pointer (&self->schedulers, g_hash_table_unref);
  g_clear_pointer (&self->clients, g_hash_table_unref);
  g_clear_object (&self->anonymous);
  g_clear_object (&self->accounts);
  g_clear_pointer (&self->api_base, g_free);

  G_OBJECT_CLASS (pond_client_pool_parent_class)->dispose (object);
}

static void
pond_client_pool_class_init (PondClientPoolClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pond_client_pool_dispose;
}

static void
pond_client_pool_init (PondClientPool *self)
{
  self->clients = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->schedulers = g_hash_table_new_full (NULL, NULL, g_object_unref, g_object_unref);
}

/**
 * pond_client_pool_new:
 * @accounts: (transfer none): where accounts and tokens come from
 * @api_base: the API's base address
 *
 * Returns: (transfer full): an empty pool
 */
PondClientPool *
pond_client_pool_new (PondAccountStore *accounts,
                      const char       *api_base)
{
  PondClientPool *self = g_object_new (POND_TYPE_CLIENT_POOL, NULL);

  self->accounts = g_object_ref (accounts);
  self->api_base = g_strdup (api_base);

  return self;
}

/* What is looked up for a client that is being made. */
typedef struct
{
  PondAccount *account;
  PondToken *token;
} Making;

static void
making_free (Making *making)
{
  g_object_unref (making->account);
  g_clear_pointer (&making->token, pond_token_unref);
  g_free (making);
}

static void
on_key_ready (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondClientPool *self = g_task_get_source_object (task);
  Making *making = g_task_get_task_data (task);
  const char *id = pond_account_get_id (making->account);
  g_autoptr(GBytes) secret = NULL;
  g_autoptr(PondSigningKey) key = NULL;
  g_autoptr(GError) error = NULL;
  PondStreamClient *client;

  secret = pond_account_store_lookup_key_finish (POND_ACCOUNT_STORE (source), result, &error);
  if (secret != NULL)
    key = pond_signing_key_load (secret, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* Without its own key, Stream signs for the account. */
  if (error != NULL)
    g_warning ("The signing key of “%s” can't be used: %s", pond_account_get_name (making->account),
               error->message);

  client = g_hash_table_lookup (self->clients, id);
  if (client == NULL)
    {
      client = pond_stream_client_new (self->api_base, id, making->token);
      pond_stream_client_set_signing_key (client, key);
      g_hash_table_insert (self->clients, g_strdup (id), client);
    }

  g_task_return_pointer (task, g_object_ref (client), g_object_unref);
}

static void
on_token_ready (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Making *making = g_task_get_task_data (task);
  g_autoptr(PondToken) token = NULL;
  g_autoptr(GError) error = NULL;

  token = pond_account_store_lookup_token_finish (POND_ACCOUNT_STORE (source), result, &error);
  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (token == NULL)
    {
      g_task_return_new_error (task, POND_STREAM_ERROR, POND_STREAM_ERROR_UNAUTHORIZED,
                               _("The API token of “%s” is not in the keyring. Connect the account again"),
                               pond_account_get_name (making->account));
      return;
    }

  making->token = g_steal_pointer (&token);
  pond_account_store_lookup_key_async (POND_ACCOUNT_STORE (source), making->account,
                                       g_task_get_cancellable (task), on_key_ready, g_object_ref (task));
}

/**
 * pond_client_pool_get_async:
 * @self: a pool
 * @account_id: an account
 * @cancellable: (nullable): ends it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Gets the client of an account, with its token and its signing key, if it has one, from the keyring.
 */
void
pond_client_pool_get_async (PondClientPool      *self,
                            const char          *account_id,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  PondStreamClient *client = g_hash_table_lookup (self->clients, account_id);
  PondAccount *account = pond_account_store_find (self->accounts, account_id);
  Making *making;

  g_task_set_source_tag (task, pond_client_pool_get_async);
  if (client != NULL)
    {
      g_task_return_pointer (task, g_object_ref (client), g_object_unref);
      return;
    }

  if (account == NULL)
    {
      g_task_return_new_error_literal (task, POND_SECRET_ERROR, POND_SECRET_ERROR_UNAVAILABLE,
                                       _("The account that this video belongs to is not connected"));
      return;
    }

  making = g_new0 (Making, 1);
  making->account = g_object_ref (account);
  g_task_set_task_data (task, making, (GDestroyNotify) making_free);
  pond_account_store_lookup_token_async (self->accounts, account, cancellable, on_token_ready,
                                         g_steal_pointer (&task));
}

/**
 * pond_client_pool_get_finish:
 * @self: a pool
 * @result: what the callback got
 * @error: of the domain %POND_SECRET_ERROR, or %POND_STREAM_ERROR_UNAUTHORIZED without a token
 *
 * Returns: (transfer full): the client
 */
PondStreamClient *
pond_client_pool_get_finish (PondClientPool  *self,
                             GAsyncResult    *result,
                             GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * pond_client_pool_get_scheduler:
 * @self: a pool
 * @client: a client from it
 *
 * Returns: (transfer none): the scheduler that looks after the account's encodes
 */
PondPollScheduler *
pond_client_pool_get_scheduler (PondClientPool   *self,
                                PondStreamClient *client)
{
  PondPollScheduler *scheduler = g_hash_table_lookup (self->schedulers, client);

  if (scheduler == NULL)
    {
      scheduler = pond_poll_scheduler_new (client);
      pond_poll_scheduler_set_link (scheduler, self->n_waiting, self->seconds_each);
      g_hash_table_insert (self->schedulers, g_object_ref (client), scheduler);
    }

  return scheduler;
}

/**
 * pond_client_pool_set_link:
 * @self: a pool
 * @n_waiting: how many files are being fetched, or ready to be
 * @seconds_each: for how long one keeps the link busy; 0 if that is not known yet
 *
 * Tells all schedulers how much work the link has.
 */
void
pond_client_pool_set_link (PondClientPool *self,
                           guint           n_waiting,
                           double          seconds_each)
{
  GHashTableIter iter;
  gpointer scheduler;

  if (self->n_waiting == n_waiting && self->seconds_each == seconds_each)
    return;

  self->n_waiting = n_waiting;
  self->seconds_each = seconds_each;
  g_hash_table_iter_init (&iter, self->schedulers);
  while (g_hash_table_iter_next (&iter, NULL, &scheduler))
    pond_poll_scheduler_set_link (scheduler, n_waiting, seconds_each);
}

/**
 * pond_client_pool_get_anonymous:
 * @self: a pool
 *
 * Returns: (transfer none): a client without account, for links to public videos
 */
PondStreamClient *
pond_client_pool_get_anonymous (PondClientPool *self)
{
  if (self->anonymous == NULL)
    self->anonymous = pond_stream_client_new (self->api_base, NULL, NULL);

  return self->anonymous;
}

/**
 * pond_client_pool_guess_account:
 * @self: a pool
 *
 * Returns: (transfer full) (nullable): the ID of the account to look for a video on, of which nobody said which it
 *   is, or %NULL when there is none
 */
char *
pond_client_pool_guess_account (PondClientPool *self)
{
  g_autoptr(PondAccount) first = g_list_model_get_item (G_LIST_MODEL (self->accounts), 0);

  return first != NULL ? g_strdup (pond_account_get_id (first)) : NULL;
}

/**
 * pond_client_pool_forget:
 * @self: a pool
 *
 * Makes clients anew when they are next asked for, because accounts or tokens have changed.
 */
void
pond_client_pool_forget (PondClientPool *self)
{
  g_hash_table_remove_all (self->clients);
}
