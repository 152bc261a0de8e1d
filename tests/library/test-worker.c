/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "library/pond-worker.h"

#define N_JOBS 100

typedef struct
{
  PondWorker *worker;
  GString *order;
  int n_done;
  GThread *finalized_by;
} Fixture;

static void
append_in_thread (GTask        *task,
                  gpointer      source_object,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  Fixture *fixture = task_data;

  g_assert_true (pond_worker_is_current (fixture->worker));
  g_string_append_printf (fixture->order, "%u ", (guint) g_task_get_priority (task));
  g_task_return_boolean (task, TRUE);
}

static void
on_ready (GObject      *source_object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_assert_true (g_task_propagate_boolean (G_TASK (result), NULL));
  fixture->n_done++;
}

static void
test_order (void)
{
  Fixture fixture = { pond_worker_new ("test"), g_string_new (NULL), 0, NULL };
  g_autoptr (GString) expected = g_string_new (NULL);

  g_assert_false (pond_worker_is_current (fixture.worker));
  for (guint i = 0; i < N_JOBS; i++)
    {
      GTask *task = g_task_new (NULL, NULL, on_ready, &fixture);

      g_task_set_priority (task, i);
      g_task_set_task_data (task, &fixture, NULL);
      pond_worker_run (fixture.worker, task, append_in_thread);
      g_string_append_printf (expected, "%u ", i);
    }
  while (fixture.n_done < N_JOBS)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpstr (fixture.order->str, ==, expected->str);
  g_assert_finalize_object (fixture.worker);
  g_string_free (fixture.order, TRUE);
}

static void
never_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  g_assert_not_reached ();
}

static void
on_cancelled (GObject      *source_object,
              GAsyncResult *result,
              gpointer      user_data)
{
  gboolean *done = user_data;
  g_autoptr (GError) error = NULL;

  g_assert_false (g_task_propagate_boolean (G_TASK (result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  *done = TRUE;
}

static void
test_cancelled (void)
{
  g_autoptr (PondWorker) worker = pond_worker_new ("test");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean done = FALSE;

  g_cancellable_cancel (cancellable);
  pond_worker_run (worker, g_task_new (NULL, cancellable, on_cancelled, &done), never_in_thread);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

/* The worker is let go of with work left: it is done all the same. */
static void
test_drain (void)
{
  Fixture fixture = { pond_worker_new ("test"), g_string_new (NULL), 0, NULL };

  for (guint i = 0; i < N_JOBS; i++)
    {
      GTask *task = g_task_new (NULL, NULL, on_ready, &fixture);

      g_task_set_task_data (task, &fixture, NULL);
      g_task_set_priority (task, 7);
      pond_worker_run (fixture.worker, task, append_in_thread);
    }
  g_assert_finalize_object (fixture.worker);
  g_assert_cmpuint (fixture.order->len, ==, N_JOBS * 2);

  while (fixture.n_done < N_JOBS)
    g_main_context_iteration (NULL, TRUE);
  g_string_free (fixture.order, TRUE);
}

static void
return_in_thread (GTask        *task,
                  gpointer      source_object,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  g_task_return_boolean (task, TRUE);
}

static void
on_finalized (gpointer  data,
              GObject  *object)
{
  Fixture *fixture = data;

  fixture->finalized_by = g_thread_self ();
}

/* An owner that only its tasks keep alive goes on the main thread, however the threads race. */
static void
test_last_reference (void)
{
  for (guint i = 0; i < N_JOBS; i++)
    {
      Fixture fixture = { pond_worker_new ("test"), NULL, 0, NULL };
      GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);

      g_object_weak_ref (owner, on_finalized, &fixture);
      g_object_set_data_full (owner, "worker", fixture.worker, g_object_unref);
      pond_worker_run (fixture.worker, g_task_new (owner, NULL, NULL, NULL), return_in_thread);
      g_object_unref (owner);

      while (fixture.finalized_by == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_true (fixture.finalized_by == g_thread_self ());
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/worker/order", test_order);
  g_test_add_func ("/worker/cancelled", test_cancelled);
  g_test_add_func ("/worker/drain", test_drain);
  g_test_add_func ("/worker/last-reference", test_last_reference);

  return g_test_run ();
}
