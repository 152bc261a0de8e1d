/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-worker"

#include "config.h"

#include "library/pond-worker.h"

struct _PondWorker
{
  GObject parent_instance;

  GThread *thread;
  GAsyncQueue *jobs; /* of Job; one without a task ends the thread */
};

G_DEFINE_FINAL_TYPE (PondWorker, pond_worker, G_TYPE_OBJECT)

typedef struct
{
  GTask *task; /* owned */
  GTaskThreadFunc func;
} Job;

static void
job_free (Job *job)
{
  g_clear_object (&job->task);
  g_free (job);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

static gboolean
on_release (gpointer data)
{
  return G_SOURCE_REMOVE;
}

/* A task's last reference may be its source object's last one too, and that object may own this
 * very worker. So the task goes to its main context, behind its own completion, and is let go of
 * there. */
static void
release_in_context (GTask *task)
{
  GMainContext *context = g_task_get_context (task);
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_static_name (source, "pond_worker_release");
  g_source_set_callback (source, on_release, task, g_object_unref);
  g_source_attach (source, context);
}

static gpointer
work (gpointer data)
{
  g_autoptr (GAsyncQueue) jobs = data;

  while (TRUE)
    {
      g_autoptr (Job) job = g_async_queue_pop (jobs);
      GTask *task = job->task;

      if (task == NULL)
        return NULL;

      if (!g_task_get_check_cancellable (task) || !g_task_return_error_if_cancelled (task))
        job->func (task,
                   g_task_get_source_object (task),
                   g_task_get_task_data (task),
                   g_task_get_cancellable (task));

      release_in_context (g_steal_pointer (&job->task));
    }
}

static void
pond_worker_finalize (GObject *object)
{
  PondWorker *self = POND_WORKER (object);

  g_async_queue_push (self->jobs, g_new0 (Job, 1));

  /* Whoever lets go of the worker on its own thread can't wait for it. */
  if (pond_worker_is_current (self))
    g_thread_unref (self->thread);
  else
    g_thread_join (self->thread);

  g_async_queue_unref (self->jobs);

  G_OBJECT_CLASS (pond_worker_parent_class)->finalize (object);
}

static void
pond_worker_class_init (PondWorkerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = pond_worker_finalize;
}

static void
pond_worker_init (PondWorker *self)
{
  self->jobs = g_async_queue_new_full ((GDestroyNotify) job_free);
}

PondWorker *
pond_worker_new (const char *name)
{
  PondWorker *self = g_object_new (POND_TYPE_WORKER, NULL);

  self->thread = g_thread_new (name, work, g_async_queue_ref (self->jobs));

  return self;
}

void
pond_worker_run (PondWorker      *self,
                 GTask           *task,
                 GTaskThreadFunc  func)
{
  Job *job;

  g_return_if_fail (POND_IS_WORKER (self));
  g_return_if_fail (G_IS_TASK (task));
  g_return_if_fail (func != NULL);

  job = g_new0 (Job, 1);
  job->task = task;
  job->func = func;
  g_async_queue_push (self->jobs, job);
}

gboolean
pond_worker_is_current (PondWorker *self)
{
  g_return_val_if_fail (POND_IS_WORKER (self), FALSE);

  return g_thread_self () == self->thread;
}
