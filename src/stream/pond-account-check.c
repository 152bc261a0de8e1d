/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-check"

#include "config.h"

#include "stream/pond-account-check.h"

#include "stream/pond-check-verdict.h"
#include "stream/pond-stream-error.h"
#include "stream/pond-stream-json.h"
#include "stream/pond-stream-transport.h"

/* No video has this ID, and none ever will. */
#define NO_VIDEO "00000000000000000000000000000000"

struct _PondAccountCheck
{
  GObject parent_instance;

  char *account_id;
  PondToken *token;
  GError *token_error; /* why there is none */
  PondStreamTransport *transport;
  GListStore *steps;

  /* What has been found out. */
  JsonNode *verified;   /* nullable: the envelope that tells of the token */
  GError *verify_error; /* nullable: how the user's end refused it */
  PondTokenOwner owner;
  PondTokenScope scope;
  char *account_name;
};

G_DEFINE_FINAL_TYPE (PondAccountCheck, pond_account_check, G_TYPE_OBJECT)

static PondCheckState
settle (PondAccountCheck *self,
        PondCheckKind     kind,
        PondCheckVerdict  verdict)
{
  g_autoptr(PondCheckStep) step = g_list_model_get_item (G_LIST_MODEL (self->steps), kind);

  pond_check_step_set (step, verdict.state, verdict.detail, verdict.advice);
  pond_check_verdict_clear (&verdict);

  return verdict.state;
}

static void
begin (PondAccountCheck *self,
       PondCheckKind     kind)
{
  settle (self, kind, (PondCheckVerdict) { POND_CHECK_RUNNING, NULL, NULL });
}

/* Takes @error. */
static void
stop (GTask  *task,
      GError *error)
{
  PondAccountCheck *self = g_task_get_source_object (task);

  for (guint i = 0; i < POND_CHECK_N_KINDS; i++)
    {
      g_autoptr(PondCheckStep) step = g_list_model_get_item (G_LIST_MODEL (self->steps), i);

      if (pond_check_step_get_state (step) == POND_CHECK_RUNNING)
        pond_check_step_set (step, POND_CHECK_PENDING, NULL, NULL);
    }

  g_task_return_error (task, error);
}

static void
call (GTask               *task,
      const char          *method,
      const char          *path,
      GAsyncReadyCallback  callback)
{
  PondAccountCheck *self = g_task_get_source_object (task);

  pond_stream_transport_call_async (self->transport, method, path, NULL, G_PRIORITY_DEFAULT,
                                    g_task_get_cancellable (task), callback, g_object_ref (task));
}

static void
call_account (GTask               *task,
              const char          *method,
              const char          *rest,
              GAsyncReadyCallback  callback)
{
  PondAccountCheck *self = g_task_get_source_object (task);
  g_autofree char *path = g_strconcat ("/accounts/", self->account_id, rest, NULL);

  call (task, method, path, callback);
}

static JsonObject *
peek_verified (PondAccountCheck *self)
{
  return self->verified != NULL ? pond_json_get_object (json_node_get_object (self->verified), "result") : NULL;
}

static void
on_enabled (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondAccountCheck *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) envelope = NULL;

  envelope = pond_stream_transport_call_finish (POND_STREAM_TRANSPORT (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      stop (task, g_steal_pointer (&error));
      return;
    }

  settle (self, POND_CHECK_ENABLE, pond_check_judge_enable (self->owner, error));
  settle (self, POND_CHECK_EXPIRY,
          pond_check_judge_expiry (peek_verified (self), self->owner, g_get_real_time ()));
  g_task_return_boolean (task, TRUE);
}

static void
on_listed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondAccountCheck *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) envelope = NULL;
  int n_videos = -1;

  envelope = pond_stream_transport_call_finish (POND_STREAM_TRANSPORT (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      stop (task, g_steal_pointer (&error));
      return;
    }

  if (envelope != NULL)
    n_videos = (int) CLAMP (pond_json_get_number (json_node_get_object (envelope), "total", -1), -1, G_MAXINT);

  settle (self, POND_CHECK_ACCOUNT,
          pond_check_judge_account (self->scope, self->owner, self->account_name, error));
  settle (self, POND_CHECK_STREAM, pond_check_judge_stream (self->scope, self->owner, n_videos, error));
  if (error != NULL)
    {
      stop (task, g_steal_pointer (&error));
      return;
    }

  begin (self, POND_CHECK_ENABLE);
  call_account (task, "POST", "/stream/" NO_VIDEO "/downloads", on_enabled);
}

/* The account stays open while the list of videos is what tells. */
static void
check_stream (GTask *task)
{
  PondAccountCheck *self = g_task_get_source_object (task);

  if (self->scope == POND_TOKEN_SCOPE_ACCOUNT)
    settle (self, POND_CHECK_ACCOUNT,
            pond_check_judge_account (self->scope, self->owner, self->account_name, NULL));

  begin (self, POND_CHECK_STREAM);
  call_account (task, "GET", "/stream?limit=1&include_counts=true", on_listed);
}

static void
on_accounts_listed (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondAccountCheck *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) envelope = NULL;
  const char *name;

  envelope = pond_stream_transport_call_finish (POND_STREAM_TRANSPORT (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      stop (task, g_steal_pointer (&error));
      return;
    }

  self->scope = pond_check_find_scope (envelope != NULL ? json_node_get_object (envelope) : NULL,
                                       self->account_id, &name);
  g_set_str (&self->account_name, name);
  check_stream (task);
}

static void
finish_verify (GTask        *task,
               const GError *error)
{
  PondAccountCheck *self = g_task_get_source_object (task);
  PondCheckState state;

  state = settle (self, POND_CHECK_TOKEN_ACTIVE,
                  pond_check_judge_active (peek_verified (self), self->owner, g_get_real_time (), error));

  if (state == POND_CHECK_FAILED || pond_check_is_trouble (error))
    {
      stop (task, error != NULL ? g_error_copy (error)
                                : pond_stream_error_new (POND_STREAM_ERROR_UNAUTHORIZED, 200, 0, -1,
                                                         "The API token is not active"));
      return;
    }

  begin (self, POND_CHECK_ACCOUNT);
  if (self->verified != NULL && self->owner == POND_TOKEN_OWNER_ACCOUNT)
    {
      self->scope = POND_TOKEN_SCOPE_ACCOUNT;
      check_stream (task);
    }
  else
    {
      call (task, "GET", "/accounts?per_page=50", on_accounts_listed);
    }
}

static void
on_verified_by_account (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondAccountCheck *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  self->verified = pond_stream_transport_call_finish (POND_STREAM_TRANSPORT (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      stop (task, g_steal_pointer (&error));
      return;
    }

  if (self->verified != NULL)
    self->owner = POND_TOKEN_OWNER_ACCOUNT;

  /* An account that does not exist knows no tokens: the user's end has the better reason then. */
  if (error == NULL || pond_check_is_trouble (error) ||
      g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_FORBIDDEN))
    finish_verify (task, error);
  else
    finish_verify (task, self->verify_error);
}

static void
on_verified (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondAccountCheck *self = g_task_get_source_object (task);
  g_autoptr(GError) error = NULL;

  self->verified = pond_stream_transport_call_finish (POND_STREAM_TRANSPORT (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      stop (task, g_steal_pointer (&error));
      return;
    }

  if (error == NULL || pond_check_is_trouble (error))
    {
      finish_verify (task, error);
      return;
    }

  /* A token that the account owns is unknown to the user's end, and the other way round. */
  self->verify_error = g_steal_pointer (&error);
  call_account (task, "GET", "/tokens/verify", on_verified_by_account);
}

static void
pond_account_check_finalize (GObject *object)
{
  PondAccountCheck *self = POND_ACCOUNT_CHECK (object);

  g_clear_object (&self->transport);
  g_clear_object (&self->steps);
  g_clear_pointer (&self->token, pond_token_unref);
  g_clear_pointer (&self->verified, json_node_unref);
  g_clear_error (&self->token_error);
  g_clear_error (&self->verify_error);
  g_free (self->account_id);
  g_free (self->account_name);

  G_OBJECT_CLASS (pond_account_check_parent_class)->finalize (object);
}

static void
pond_account_check_class_init (PondAccountCheckClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pond_account_check_finalize;
}

static void
pond_account_check_init (PondAccountCheck *self)
{
  self->steps = g_list_store_new (POND_TYPE_CHECK_STEP);

  for (guint i = 0; i < POND_CHECK_N_KINDS; i++)
    {
      g_autoptr(PondCheckStep) step = pond_check_step_new (i);

      g_list_store_append (self->steps, step);
    }
}

/**
 * pond_account_check_new:
 * @base: the API's base address
 * @account_id: the account, as pond_account_parse_id() gives it
 * @token_text: what a person typed or pasted as its token
 *
 * Returns: (transfer full): a check whose steps are all pending
 */
PondAccountCheck *
pond_account_check_new (const char *base,
                        const char *account_id,
                        const char *token_text)
{
  PondAccountCheck *self;

  g_return_val_if_fail (base != NULL, NULL);
  g_return_val_if_fail (account_id != NULL, NULL);
  g_return_val_if_fail (token_text != NULL, NULL);

  self = g_object_new (POND_TYPE_ACCOUNT_CHECK, NULL);
  self->account_id = g_strdup (account_id);
  self->token = pond_token_new (token_text, &self->token_error);
  self->transport = pond_stream_transport_new (base, self->token);

  return self;
}

/**
 * pond_account_check_get_account_id:
 * @self: a check
 *
 * Returns: (transfer none): the account's ID
 */
const char *
pond_account_check_get_account_id (PondAccountCheck *self)
{
  g_return_val_if_fail (POND_IS_ACCOUNT_CHECK (self), NULL);

  return self->account_id;
}

/**
 * pond_account_check_get_token:
 * @self: a check
 *
 * Returns: (transfer none) (nullable): the token, if it is well-formed
 */
PondToken *
pond_account_check_get_token (PondAccountCheck *self)
{
  g_return_val_if_fail (POND_IS_ACCOUNT_CHECK (self), NULL);

  return self->token;
}

/**
 * pond_account_check_get_account_name:
 * @self: a check
 *
 * Returns: (transfer none) (nullable): what Cloudflare calls the account, if the token may know
 */
const char *
pond_account_check_get_account_name (PondAccountCheck *self)
{
  g_return_val_if_fail (POND_IS_ACCOUNT_CHECK (self), NULL);

  return self->account_name;
}

/**
 * pond_account_check_get_steps:
 * @self: a check
 *
 * Returns: (transfer none): the steps, a list of [class@CheckStep] in the order of #PondCheckKind
 */
GListModel *
pond_account_check_get_steps (PondAccountCheck *self)
{
  g_return_val_if_fail (POND_IS_ACCOUNT_CHECK (self), NULL);

  return G_LIST_MODEL (self->steps);
}

/**
 * pond_account_check_run_async:
 * @self: a check, which runs once
 * @cancellable: (nullable): ends it at once
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Takes the steps one after the other, up to the first that leaves nothing more to ask.
 */
void
pond_account_check_run_async (PondAccountCheck    *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (POND_IS_ACCOUNT_CHECK (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, pond_account_check_run_async);

  settle (self, POND_CHECK_TOKEN_FORM, pond_check_judge_form (self->token_error));
  if (self->token == NULL)
    {
      stop (task, g_error_copy (self->token_error));
      return;
    }

  begin (self, POND_CHECK_TOKEN_ACTIVE);
  call (task, "GET", "/user/tokens/verify", on_verified);
}

/**
 * pond_account_check_run_finish:
 * @self: a check
 * @result: what the callback got
 * @error: of the domain %POND_TOKEN_ERROR or %POND_STREAM_ERROR, for which the steps have the words, or
 *   %G_IO_ERROR_CANCELLED
 *
 * Ends the check. Account and token can be used if the videos can be listed; downloads that can't be
 * enabled, and a token that soon expires, are left to the person to weigh.
 *
 * Returns: whether account and token can be used
 */
gboolean
pond_account_check_run_finish (PondAccountCheck  *self,
                               GAsyncResult      *result,
                               GError           **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pond_account_check_build_token_page:
 * @account_id: (nullable): the account that the token shall be for; %NULL for all
 *
 * Builds the address of the dashboard's page for a new token, filled in with what Millpond needs.
 *
 * Returns: (transfer full): the address
 */
char *
pond_account_check_build_token_page (const char *account_id)
{
  return g_strconcat ("https://dash.cloudflare.com/profile/api-tokens"
                      "?permissionGroupKeys=%5B%7B%22key%22%3A%22stream%22%2C%22type%22%3A%22edit%22%7D%5D"
                      "&accountId=", account_id != NULL ? account_id : "%2A", "&zoneId=all&name=Millpond",
                      NULL);
}
