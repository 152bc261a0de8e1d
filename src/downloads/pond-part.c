/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-part"

#include "config.h"

#include "downloads/pond-part.h"
#include "transfer/pond-transfer.h"

static void
discard_on_worker (GTask        *task,
                   gpointer      source,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;

  if (!pond_transfer_discard (task_data, &error))
    g_warning ("An unfinished file was not deleted: %s", error->message);

  g_task_return_boolean (task, error == NULL);
}

static void
forget_on_worker (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;

  if (!pond_transfer_forget (task_data, &error))
    g_info ("A checkpoint was not deleted: %s", error->message);

  g_task_return_boolean (task, error == NULL);
}

static void
run (PondLibrary         *library,
     const char          *uid,
     const char          *type,
     gpointer             source_tag,
     GTaskThreadFunc      func,
     GAsyncReadyCallback  callback,
     gpointer             user_data)
{
  GTask *task = g_task_new (library, NULL, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, pond_library_get_part (library, uid, type), g_object_unref);
  pond_worker_run (pond_library_get_worker (library), task, func);
}

/**
 * pond_part_discard_async:
 * @library: a library
 * @uid: a video
 * @type: "default" or "audio"
 * @callback: (nullable): called when it is done; a failure is only logged
 * @user_data: for @callback
 *
 * Deletes what there is of an unfinished file, with its checkpoint.
 */
void
pond_part_discard_async (PondLibrary         *library,
                         const char          *uid,
                         const char          *type,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  run (library, uid, type, pond_part_discard_async, discard_on_worker, callback, user_data);
}

/**
 * pond_part_forget:
 * @library: a library
 * @uid: a video
 * @type: "default" or "audio"
 *
 * Deletes the checkpoint of a file that was finished and moved to its place.
 */
void
pond_part_forget (PondLibrary *library,
                  const char  *uid,
                  const char  *type)
{
  run (library, uid, type, pond_part_forget, forget_on_worker, NULL, NULL);
}
