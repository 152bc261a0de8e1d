/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define POND_TYPE_WORKER (pond_worker_get_type ())

/**
 * PondWorker:
 *
 * One thread that does what it is given in the order in which it is given. What touches the
 * database or looks through files runs here, so that the main thread never waits for a disk.
 *
 * Letting go of the last reference waits until everything that was given is done, so that nothing
 * handed over for writing is lost when the process ends.
 */
G_DECLARE_FINAL_TYPE (PondWorker, pond_worker, POND, WORKER, GObject)

/**
 * pond_worker_new:
 * @name: what debuggers call the thread; its first 15 bytes are used
 *
 * Starts a thread.
 *
 * Returns: (transfer full): a worker
 */
PondWorker *pond_worker_new        (const char      *name);

/**
 * pond_worker_run:
 * @self: a worker
 * @task: (transfer full): the task that @func will return
 * @func: what to do on the worker's thread
 *
 * Runs @func as g_task_run_in_thread() would, but on this worker and after everything that was
 * given to it before. A task that was cancelled before its turn is returned as such without being
 * run, unless it does not check its cancellable (see g_task_set_check_cancellable()).
 *
 * The worker never drops the last reference to a task, and so to its source object, on its own
 * thread: that happens in the task's main context.
 */
void        pond_worker_run        (PondWorker      *self,
                                    GTask           *task,
                                    GTaskThreadFunc  func);

/**
 * pond_worker_is_current:
 * @self: a worker
 *
 * Returns: whether the caller runs on the worker's thread
 */
gboolean    pond_worker_is_current (PondWorker      *self);

G_END_DECLS
