/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "transfer-fixture.h"

#define CHILD_CANNOT 77

static const char *program;

/* The checkpoint of another boot: only what was synced counts. */
static void
test_power_loss (Fixture       *fixture,
                 gconstpointer  user_data)
{
  g_autoptr (PondCheckpoint) checkpoint = NULL;
  g_autoptr (PondCheckpoint) renewed = NULL;
  int fd;

  begin_with (fixture, answer_short);
  checkpoint = load_checkpoint (fixture);
  checkpoint->synced = 500000;
  g_set_str (&checkpoint->boot_id, "00000000-0000-0000-0000-000000000000");
  g_assert_true (pond_checkpoint_save (checkpoint, fixture->checkpoint_path, TRUE, NULL));

  /* What was not synced may come back as anything. */
  fd = open (fixture->path, O_WRONLY);
  g_assert_cmpint (pwrite (fd, "lost", 4, 500000), ==, 4);
  g_assert_true (g_close (fd, NULL));

  /* From here on it is this boot again: a kill costs nothing. */
  script_server_push (fixture->server, answer_part_of_part);
  expect_error (fixture, POND_TRANSFER_ERROR_NETWORK);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, 500000);
  g_assert_cmpuint (assert_file_begins (fixture, body_v1), ==, 500000 + 500 * KIB);
  renewed = load_checkpoint (fixture);
  g_assert_cmpstr (renewed->boot_id, !=, checkpoint->boot_id);

  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, 500000 + 500 * KIB);
}

static void
test_inspect (Fixture       *fixture,
              gconstpointer  user_data)
{
  const struct
  {
    Script  script;
    guint64 received;
    gint64  total;
  } steps[] = { { NULL, 0, -1 }, { answer_short, CUT, BODY_SIZE } };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (PondTransfer) other = pond_transfer_new (fixture->file);
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      if (steps[i].script != NULL)
        begin_with (fixture, steps[i].script);

      pond_transfer_inspect_async (other, NULL, on_ready, &result);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);

      g_assert_true (pond_transfer_inspect_finish (other, result, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (pond_transfer_get_received (other), ==, steps[i].received);
      g_assert_cmpint (pond_transfer_get_total (other), ==, steps[i].total);
    }
}

static void
test_forget (Fixture       *fixture,
             gconstpointer  user_data)
{
  expect_whole (fixture, body_v1);
  g_assert_true (pond_transfer_forget (fixture->file, NULL));
  g_assert_false (g_file_test (fixture->checkpoint_path, G_FILE_TEST_EXISTS));
  assert_file (fixture, body_v1);

  g_assert_true (pond_transfer_discard (fixture->file, NULL));
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_true (pond_transfer_discard (fixture->file, NULL));
}

static void
test_odd_places (Fixture       *fixture,
                 gconstpointer  user_data)
{
  g_autofree char *elsewhere = g_build_filename (fixture->folder, "elsewhere", NULL);
  g_autofree char *contents = NULL;

  g_assert_cmpint (mkdir (fixture->path, 0700), ==, 0);
  expect_error (fixture, POND_TRANSFER_ERROR_FILE);
  g_assert_cmpint (g_rmdir (fixture->path), ==, 0);

  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  expect_error (fixture, POND_TRANSFER_ERROR_FILE);
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);

  /* A link in a folder that somebody else made must not have us write over another file. */
  g_assert_true (g_file_set_contents (elsewhere, "mine", -1, NULL));
  g_assert_cmpint (symlink (elsewhere, fixture->path), ==, 0);
  expect_error (fixture, POND_TRANSFER_ERROR_FILE);
  g_assert_true (g_file_get_contents (elsewhere, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "mine");
  g_assert_cmpint (g_unlink (elsewhere), ==, 0);

  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 0);
}

static void
test_file_size_limit (Fixture       *fixture,
                      gconstpointer  user_data)
{
  struct rlimit old, small;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  small = old;
  small.rlim_cur = MIB;
  signal (SIGXFSZ, SIG_IGN);

  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  expect_error (fixture, POND_TRANSFER_ERROR_DISK_FULL);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  g_assert_cmpuint (assert_file_begins (fixture, body_v1), ==, MIB);

  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), ==, MIB);
}

/* The second process of a test: one run, and its outcome as exit status. */
static int
run_child (const char *path,
           const char *uri)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (PondTransfer) transfer = pond_transfer_new (file);
  g_autoptr (GError) error = NULL;

  pond_transfer_set_allow_http (transfer, TRUE);
  pond_transfer_set_uri (transfer, uri);

  if (run_transfer (transfer, NULL, &error))
    return 0;

  g_printerr ("%s\n", error->message);
  return error->domain == POND_TRANSFER_ERROR ? 10 + error->code : 1;
}

static gboolean
write_proc (const char *path,
            const char *text)
{
  g_autofd int fd = open (path, O_WRONLY | O_CLOEXEC);

  return fd >= 0 && write (fd, text, strlen (text)) == (gssize) strlen (text);
}

/* Makes a namespace where this process may mount. Not after threads exist. */
static gboolean
enter_namespace (void)
{
  g_autofree char *uid_map = g_strdup_printf ("0 %u 1", getuid ());
  g_autofree char *gid_map = g_strdup_printf ("0 %u 1", getgid ());

  return unshare (CLONE_NEWUSER | CLONE_NEWNS) == 0
         && write_proc ("/proc/self/setgroups", "deny")
         && write_proc ("/proc/self/uid_map", uid_map)
         && write_proc ("/proc/self/gid_map", gid_map);
}

/* As run_child(), on a disk of 1 MiB that nobody else sees; then on a larger one. */
static int
run_child_on_small_disk (const char *path,
                         const char *uri)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int status;

  if (!enter_namespace () || mount ("none", folder, "tmpfs", 0, "size=1m") != 0)
    return CHILD_CANNOT;

  status = run_child (path, uri);
  if (status != 10 + POND_TRANSFER_ERROR_DISK_FULL)
    return status;

  if (mount ("none", folder, "tmpfs", MS_REMOUNT, "size=16m") != 0)
    return CHILD_CANNOT;

  return run_child (path, uri);
}

static GSubprocess *
spawn_child (Fixture    *fixture,
             const char *mode)
{
  g_autofree char *uri
      = g_strconcat (script_server_get_base (fixture->server), SECRET_PATH, NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, program, mode,
                                         fixture->path, uri, NULL);

  g_assert_no_error (error);
  return child;
}

static void
wait_for_child (GSubprocess *child)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_subprocess_wait_async (child, NULL, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_subprocess_wait_finish (child, result, NULL));
}

static void
test_disk_full (Fixture       *fixture,
                gconstpointer  user_data)
{
  g_autoptr (GSubprocess) child = spawn_child (fixture, "--child-on-small-disk");

  wait_for_child (child);
  g_assert_true (g_subprocess_get_if_exited (child));
  if (g_subprocess_get_exit_status (child) == CHILD_CANNOT)
    {
      g_test_skip ("A file system can't be mounted in a namespace here");
      return;
    }

  g_assert_cmpint (g_subprocess_get_exit_status (child), ==, 0);
  g_assert_cmpuint (script_server_get_requests (fixture->server), ==, 2);
  g_assert_cmpint (script_server_get_last_from (fixture->server), >, 512 * KIB);
}

static gsize
get_file_length (Fixture *fixture)
{
  struct stat status;

  return stat (fixture->path, &status) == 0 ? status.st_size : 0;
}

static gboolean
on_time_to_look (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_for_length (Fixture *fixture,
                 gsize    length)
{
  guint id = g_timeout_add (2, on_time_to_look, NULL);

  while (get_file_length (fixture) < length)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
}

static void
test_killed (Fixture       *fixture,
             gconstpointer  user_data)
{
  guint64 fetched_twice;

  script_server_set_pause (fixture->server, 2000);
  for (gsize i = 1; i <= 3; i++)
    {
      g_autoptr (GSubprocess) child = spawn_child (fixture, "--child");

      wait_for_length (fixture, i * 700 * KIB);
      g_subprocess_force_exit (child);
      wait_for_child (child);
      g_assert_true (g_subprocess_get_if_signaled (child));
    }

  script_server_set_pause (fixture->server, 0);
  expect_whole (fixture, body_v1);
  g_assert_cmpuint (pond_transfer_get_resumed_from (fixture->transfer), >=, 2100 * KIB);

  fetched_twice = script_server_get_sent (fixture->server) - BODY_SIZE;
  g_test_message ("%" G_GUINT64_FORMAT " bytes sent twice after three kills", fetched_twice);
  g_assert_cmpuint (fetched_twice, <=, 3 * 256 * KIB);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "--child"))
    return run_child (argv[2], argv[3]);
  if (argc == 4 && g_str_equal (argv[1], "--child-on-small-disk"))
    return run_child_on_small_disk (argv[2], argv[3]);

  program = argv[0];
  init (&argc, &argv);

  add ("/transfer/resume/power-loss", NULL, test_power_loss);
  add ("/transfer/resume/killed", NULL, test_killed);
  add ("/transfer/disk/inspect", NULL, test_inspect);
  add ("/transfer/disk/forget", NULL, test_forget);
  add ("/transfer/disk/odd-places", NULL, test_odd_places);
  add ("/transfer/disk/file-size-limit", NULL, test_file_size_limit);
  add ("/transfer/disk/full", NULL, test_disk_full);

  return run_tests ();
}
