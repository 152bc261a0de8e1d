/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-session"

#include "config.h"

#include "session/pond-session.h"
#include "demo/pond-demo-server.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct _PondSession
{
  GObject parent_instance;

  gboolean sample;
  PondDemoServer *server;
  char *api_base;
  PondAccountStore *accounts;
  PondLibrary *library;
  PondDownloadQueue *queue;
};

G_DEFINE_FINAL_TYPE (PondSession, pond_session, G_TYPE_OBJECT)

static void
pond_session_dispose (GObject *object)
{
  PondSession *self = POND_SESSION (object);

  g_clear_object (&self->queue);
  g_clear_object (&self->library);
  g_clear_object (&self->accounts);
  if (self->server != NULL)
    pond_demo_server_stop (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->api_base, g_free);

  G_OBJECT_CLASS (pond_session_parent_class)->dispose (object);
}

static void
pond_session_class_init (PondSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pond_session_dispose;
}

static void
pond_session_init (PondSession *self)
{
}

/**
 * pond_session_new:
 * @sample: whether to work on the built-in sample account
 *
 * Returns: (transfer full): a session in which nothing is open
 */
PondSession *
pond_session_new (gboolean sample)
{
  PondSession *self = g_object_new (POND_TYPE_SESSION, NULL);

  self->sample = sample;

  return self;
}

static GFile *
get_samples (void)
{
  const char *datadir = g_getenv ("MILLPOND_DATADIR");

  return g_file_new_build_filename (datadir != NULL ? datadir : PKGDATADIR, "samples", NULL);
}

static gboolean
prepare_sample_account (PondSession  *self,
                        GError      **error)
{
  g_autoptr(GFile) samples = get_samples ();
  g_autoptr(PondAccount) account = NULL;
  g_autoptr(PondToken) token = NULL;

  self->server = pond_demo_server_new (samples);
  if (!pond_demo_server_start (self->server, error))
    return FALSE;

  self->api_base = g_strdup (pond_demo_server_get_api_base (self->server));
  token = pond_token_new (pond_demo_server_get_token (self->server), error);
  if (token == NULL)
    return FALSE;

  account = pond_account_new (pond_demo_server_get_account_id (self->server), _("Sample Account"),
                              POND_ACCOUNT_SAMPLE);
  pond_account_store_add_transient (self->accounts, account, token);

  return TRUE;
}

/**
 * pond_session_prepare:
 * @self: a session
 * @error: an error for a person, when the environment or the sample account can't be used
 *
 * Takes what the environment says: where the API is, and an account for this process alone. To be called
 * before there are other threads, since the token is taken out of the environment.
 *
 * Returns: whether the session can go on
 */
gboolean
pond_session_prepare (PondSession  *self,
                      GError      **error)
{
  g_autoptr(GFile) file = NULL;
  g_autoptr(PondSecretStore) secrets = pond_secret_store_new ();

  file = g_file_new_build_filename (g_get_user_config_dir (), "millpond", "accounts.ini", NULL);
  self->accounts = pond_account_store_new (file, secrets);

  if (self->sample)
    return prepare_sample_account (self, error);

  self->api_base = pond_stream_client_choose_base (error);

  return self->api_base != NULL && pond_account_store_add_environment (self->accounts, error);
}

static void
on_accounts_loaded (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (pond_account_store_load_finish (POND_ACCOUNT_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * pond_session_load_accounts_async:
 * @self: a session that is prepared
 * @cancellable: (nullable): ends it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Reads the list of accounts. On the sample account there is no other.
 */
void
pond_session_load_accounts_async (PondSession         *self,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, pond_session_load_accounts_async);
  if (self->sample)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
  else
    pond_account_store_load_async (self->accounts, cancellable, on_accounts_loaded, task);
}

/**
 * pond_session_load_accounts_finish:
 * @self: a session
 * @result: what the callback got
 * @error: an error for a person
 *
 * Returns: whether the list could be read
 */
gboolean
pond_session_load_accounts_finish (PondSession   *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
delete_folder (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        delete_folder (child);
      else
        g_unlink (child);
    }

  g_rmdir (path);
}

static gboolean
is_in_use (const char *path)
{
  g_autofree char *lock = g_build_filename (path, ".millpond", "lock", NULL);
  g_autofd int fd = open (lock, O_RDWR | O_CLOEXEC);
  GStatBuf info;

  /* One that has just been made has no lock yet. */
  if (fd < 0)
    return g_stat (path, &info) != 0 || info.st_mtime > time (NULL) - 60;

  return flock (fd, LOCK_EX | LOCK_NB) != 0;
}

static void
delete_old_samples (const char *parent)
{
  g_autoptr(GDir) dir = g_dir_open (parent, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (parent, name, NULL);

      if (g_str_has_prefix (name, "library-") && !is_in_use (path))
        delete_folder (path);
    }
}

static GFile *
make_throwaway_folder (GError **error)
{
  g_autofree char *parent = g_build_filename (g_get_user_cache_dir (), "millpond", "sample", NULL);
  g_autofree char *path = g_build_filename (parent, "library-XXXXXX", NULL);

  if (g_mkdir_with_parents (parent, 0700) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   _("There is no place for the sample library in “%s”: %s"), parent, g_strerror (errno));
      return NULL;
    }

  delete_old_samples (parent);
  if (g_mkdtemp (path) == NULL)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   _("There is no place for the sample library in “%s”: %s"), parent, g_strerror (errno));
      return NULL;
    }

  return g_file_new_for_path (path);
}

static void
on_library_opened (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PondSession *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (pond_library_open_finish (POND_LIBRARY (source), result, &error))
    {
      g_set_object (&self->library, POND_LIBRARY (source));
      g_task_return_boolean (task, TRUE);
    }
  else
    g_task_return_error (task, error);
}

static void
open_folder (GTask *task,
             GFile *folder)
{
  g_autoptr(PondLibrary) library = pond_library_new (folder);

  pond_library_open_async (library, g_task_get_cancellable (task), on_library_opened, task);
}

static void
make_throwaway_in_thread (GTask        *task,
                          gpointer      source,
                          gpointer      task_data,
                          GCancellable *cancellable)
{
  GError *error = NULL;
  GFile *folder = make_throwaway_folder (&error);

  if (folder != NULL)
    g_task_return_pointer (task, folder, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
on_throwaway_made (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  g_autoptr(GFile) folder = g_task_propagate_pointer (G_TASK (result), &error);

  if (folder != NULL)
    open_folder (g_steal_pointer (&task), folder);
  else
    g_task_return_error (task, error);
}

/**
 * pond_session_open_library_async:
 * @self: a session that is prepared
 * @setting: (nullable): the folder that the settings name, if any
 * @cancellable: (nullable): ends it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Opens the library: `MILLPOND_LIBRARY`, else @setting, else the default folder; on the sample account a
 * throwaway one unless `MILLPOND_LIBRARY` is set.
 */
void
pond_session_open_library_async (PondSession         *self,
                                 const char          *setting,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  const char *named = g_getenv ("MILLPOND_LIBRARY");

  g_task_set_source_tag (task, pond_session_open_library_async);
  if (self->sample && (named == NULL || *named == '\0'))
    {
      g_autoptr(GTask) making = g_task_new (self, cancellable, on_throwaway_made, task);

      g_task_run_in_thread (making, make_throwaway_in_thread);
    }
  else
    {
      g_autoptr(GFile) folder = pond_library_choose_folder (setting);

      open_folder (task, folder);
    }
}

/**
 * pond_session_open_library_finish:
 * @self: a session
 * @result: what the callback got
 * @error: of the domain %POND_LIBRARY_ERROR
 *
 * Returns: whether the library is open
 */
gboolean
pond_session_open_library_finish (PondSession   *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_queue_started (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (pond_download_queue_start_finish (POND_DOWNLOAD_QUEUE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * pond_session_start_queue_async:
 * @self: a session whose library is open
 * @cancellable: (nullable): ends it
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Starts the queue, or follows the process that works on it. pond_session_get_queue() is there from now on.
 */
void
pond_session_start_queue_async (PondSession         *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (self->library != NULL && self->queue == NULL);

  g_task_set_source_tag (task, pond_session_start_queue_async);
  self->queue = pond_download_queue_new (self->library, self->accounts, self->api_base);
  pond_download_queue_start_async (self->queue, cancellable, on_queue_started, task);
}

/**
 * pond_session_start_queue_finish:
 * @self: a session
 * @result: what the callback got
 * @error: of the domain %POND_DATABASE_ERROR
 *
 * Returns: whether the queue was read
 */
gboolean
pond_session_start_queue_finish (PondSession   *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pond_session_get_sample:
 * @self: a session
 *
 * Returns: whether it works on the sample account
 */
gboolean
pond_session_get_sample (PondSession *self)
{
  return self->sample;
}

/**
 * pond_session_get_api_base:
 * @self: a session that is prepared
 *
 * Returns: (transfer none): the API's base address
 */
const char *
pond_session_get_api_base (PondSession *self)
{
  return self->api_base;
}

/**
 * pond_session_get_accounts:
 * @self: a session that is prepared
 *
 * Returns: (transfer none): the accounts
 */
PondAccountStore *
pond_session_get_accounts (PondSession *self)
{
  return self->accounts;
}

/**
 * pond_session_get_library:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the library, once it is open
 */
PondLibrary *
pond_session_get_library (PondSession *self)
{
  return self->library;
}

/**
 * pond_session_get_queue:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the queue, once it is started
 */
PondDownloadQueue *
pond_session_get_queue (PondSession *self)
{
  return self->queue;
}

static void
on_queue_stopped (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;

  pond_download_queue_stop_finish (POND_DOWNLOAD_QUEUE (source), result, NULL);
  g_task_return_boolean (task, TRUE);
}

/**
 * pond_session_close_async:
 * @self: a session
 * @callback: called when nothing is under way any more
 * @user_data: for @callback
 *
 * Ends all work, with everything on the disk as it is.
 */
void
pond_session_close_async (PondSession         *self,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, pond_session_close_async);
  if (self->queue != NULL)
    pond_download_queue_stop_async (self->queue, on_queue_stopped, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * pond_session_close_finish:
 * @self: a session
 * @result: what the callback got
 * @error: not used
 *
 * Returns: %TRUE
 */
gboolean
pond_session_close_finish (PondSession   *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
