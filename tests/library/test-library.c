/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "library/pond-file-name.h"
#include "library/pond-library.h"
#include "library/pond-library-schema.h"
#include "mp4-sample.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#define UID "3f1c9a7be2d04865b1a97c20de4f5a68"
#define OTHER_UID "a0b1c2d3e4f5061728394a5b6c7d8e9f"
#define THIRD_UID "00112233445566778899aabbccddeeff"

#define DURATION 60000
#define LATEST_USEC (10 * G_USEC_PER_SEC)

/* A folder, and what a child process that mounts a small disk on one is told. */
#define ENV_FOLDER "TEST_LIBRARY_FOLDER"

typedef struct
{
  GFile *folder;
  PondLibrary *library;
  guint n_changes;
} Fixture;

/* --- Folders and files --- */

static char *
path_of (Fixture    *fixture,
         const char *name)
{
  return g_build_filename (g_file_peek_path (fixture->folder), name, NULL);
}

static gboolean
exists (Fixture    *fixture,
        const char *name)
{
  g_autofree char *path = path_of (fixture, name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
write_bytes (Fixture    *fixture,
             const char *name,
             GBytes     *bytes)
{
  g_autofree char *path = path_of (fixture, name);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_no_errno (g_mkdir_with_parents (parent, 0700));
  /* In place: there may be no room in the name for that of a temporary file. */
  g_file_set_contents_full (path,
                            g_bytes_get_data (bytes, NULL),
                            g_bytes_get_size (bytes),
                            G_FILE_SET_CONTENTS_NONE,
                            0600,
                            &error);
  g_assert_no_error (error);
}

static void
write_text (Fixture    *fixture,
            const char *name,
            const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  write_bytes (fixture, name, bytes);
}

static char *
read_text (Fixture    *fixture,
           const char *name)
{
  g_autofree char *path = path_of (fixture, name);
  g_autoptr (GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static void
write_video (Fixture    *fixture,
             const char *name,
             guint       milliseconds)
{
  g_autoptr (GBytes) bytes =
    mp4_sample_make (&(Mp4Sample) { .video = milliseconds, .audio = milliseconds });

  write_bytes (fixture, name, bytes);
}

static void
delete_tree (const char *path)
{
  if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    {
      g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
      const char *name;

      while ((name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          delete_tree (child);
        }
    }

  g_assert_no_errno (g_remove (path));
}

/* The name of the one file of @folder that begins with @prefix. */
static char *
find_name (Fixture    *fixture,
           const char *folder,
           const char *prefix)
{
  g_autofree char *path = path_of (fixture, folder);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_prefix (name, prefix))
        return g_strdup (name);
    }

  return NULL;
}

/* --- The library, waited for --- */

static void
on_ready (GObject      *source_object,
          GAsyncResult *result,
          gpointer      user_data)
{
  GAsyncResult **to = user_data;

  *to = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static gboolean
try_open (PondLibrary  *library,
          GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pond_library_open_async (library, NULL, on_ready, &result);
  return pond_library_open_finish (library, wait_for (&result), error);
}

static PondLibrary *
open_library (Fixture *fixture)
{
  PondLibrary *library = pond_library_new (fixture->folder);
  g_autoptr (GError) error = NULL;

  try_open (library, &error);
  g_assert_no_error (error);
  return library;
}

/* Lets the library go, which must not leave anything behind that keeps it. */
static void
close_library (PondLibrary **library)
{
  gint64 latest = g_get_monotonic_time () + LATEST_USEC;
  PondLibrary *closing = g_steal_pointer (library);

  if (closing == NULL)
    return;

  g_object_add_weak_pointer (G_OBJECT (closing), (gpointer *) &closing);
  g_object_unref (closing);
  while (closing != NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, latest);
      g_main_context_iteration (NULL, FALSE);
    }
}

static void
reopen (Fixture *fixture)
{
  close_library (&fixture->library);
  fixture->library = open_library (fixture);
}

static PondLibraryEntry *
try_save (Fixture               *fixture,
          GFile                 *part,
          const PondSavedVideo  *video,
          GError               **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pond_library_save_async (fixture->library, part, video, NULL, on_ready, &result);
  return pond_library_save_finish (fixture->library, wait_for (&result), error);
}

static GFile *
write_part (Fixture    *fixture,
            const char *uid,
            const char *type,
            guint       milliseconds)
{
  GFile *part = pond_library_get_part (fixture->library, uid, type);
  g_autofree char *name = g_file_get_relative_path (fixture->folder, part);
  gboolean is_audio = g_str_equal (type, "audio");
  g_autoptr (GBytes) bytes = mp4_sample_make (
    &(Mp4Sample) { .video = is_audio ? 0 : milliseconds, .audio = milliseconds });

  write_bytes (fixture, name, bytes);
  return part;
}

static PondLibraryEntry *
save (Fixture    *fixture,
      const char *uid,
      const char *type,
      const char *title)
{
  PondSavedVideo video = { .uid = uid, .type = type, .title = title, .duration = DURATION };
  g_autoptr (GFile) part = write_part (fixture, uid, type, DURATION);
  g_autoptr (GError) error = NULL;
  g_autoptr (PondLibraryEntry) entry = try_save (fixture, part, &video, &error);

  g_assert_no_error (error);
  g_assert_false (g_file_query_exists (part, NULL));
  g_assert_true (pond_library_find (fixture->library, uid, type) == entry);
  return entry;
}

static void
remove_video (Fixture          *fixture,
              PondLibraryEntry *entry,
              gboolean          keep_file)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pond_library_remove_async (fixture->library, entry, keep_file, NULL, on_ready, &result);
  pond_library_remove_finish (fixture->library, wait_for (&result), &error);
  g_assert_no_error (error);
}

static void
refresh (PondLibrary *library)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  pond_library_refresh_async (library, NULL, on_ready, &result);
  pond_library_refresh_finish (library, wait_for (&result), &error);
  g_assert_no_error (error);
}

static const char *
verify (Fixture          *fixture,
        PondLibraryEntry *entry)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  PondVerification *verification;

  g_ptr_array_add (entries, entry);
  pond_library_verify_async (fixture->library, entries, NULL, on_ready, &result);
  found = pond_library_verify_finish (fixture->library, wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 1);
  verification = g_ptr_array_index (found, 0);
  g_assert_true (verification->entry == entry);
  return verification->result;
}

static void
sql_in_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  PondDatabase *database = pond_library_get_database (POND_LIBRARY (source_object));
  const char *sql = task_data;
  g_autoptr (PondStatement) statement = NULL;
  g_autoptr (GError) error = NULL;
  gboolean row;

  statement = pond_database_prepare (database, sql, &error);
  g_assert_no_error (error);
  g_assert_true (pond_statement_step (statement, &row, &error));
  g_task_return_pointer (task,
                         row ? g_strdup (pond_statement_get_text (statement, 0)) : NULL,
                         g_free);
}

/* Runs @sql on the library's own worker, as the download queue does. */
static char *
run_sql (PondLibrary *library,
         const char  *sql)
{
  g_autoptr (GAsyncResult) result = NULL;
  GTask *task = g_task_new (library, NULL, on_ready, &result);

  g_task_set_task_data (task, (gpointer) sql, NULL);
  pond_worker_run (pond_library_get_worker (library), task, sql_in_thread);
  return g_task_propagate_pointer (G_TASK (wait_for (&result)), NULL);
}

static PondLibraryEntry *
entry_at (PondLibrary *library,
          guint        position)
{
  g_autoptr (PondLibraryEntry) entry = g_list_model_get_item (G_LIST_MODEL (library), position);

  return entry;
}

static void
assert_n_entries (PondLibrary *library,
                  guint        n)
{
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (library)), ==, n);
}

static void
assert_file (Fixture          *fixture,
             PondLibraryEntry *entry,
             const char       *expected)
{
  g_autofree char *name =
    g_file_get_relative_path (fixture->folder, pond_library_entry_get_file (entry));

  g_assert_cmpstr (name, ==, expected);
}

static void
wait_for_status (PondLibraryEntry *entry,
                 PondEntryStatus   status)
{
  gint64 latest = g_get_monotonic_time () + LATEST_USEC;

  while (pond_library_entry_get_status (entry) != status)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, latest);
      g_main_context_iteration (NULL, FALSE);
    }
}

static void
wait_for_n_entries (PondLibrary *library,
                    guint        n)
{
  gint64 latest = g_get_monotonic_time () + LATEST_USEC;

  while (g_list_model_get_n_items (G_LIST_MODEL (library)) != n)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, latest);
      g_main_context_iteration (NULL, FALSE);
    }
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *parent = g_dir_make_tmp (NULL, &error);

  g_assert_no_error (error);
  fixture->folder = g_file_new_build_filename (parent, "My videos", "Millpond", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GFile) videos = g_file_get_parent (fixture->folder);
  g_autoptr (GFile) parent = g_file_get_parent (videos);

  close_library (&fixture->library);
  delete_tree (g_file_peek_path (parent));
  g_clear_object (&fixture->folder);
}

static void
set_up_open (Fixture       *fixture,
             gconstpointer  data)
{
  set_up (fixture, data);
  fixture->library = open_library (fixture);
}

/* --- Opening --- */

static void
test_open (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  assert_n_entries (fixture->library, 0);
  g_assert_false (pond_library_get_rebuilt (fixture->library));
  g_assert_true (exists (fixture, ".millpond/library.db"));
  g_assert_true (exists (fixture, ".millpond/parts"));
  g_assert_true (exists (fixture, ".millpond/posters"));

  g_assert_true (try_open (fixture->library, &error));
  g_assert_no_error (error);

  reopen (fixture);
  assert_n_entries (fixture->library, 0);
}

static void
assert_open_fails (Fixture *fixture,
                   GFile   *folder,
                   int      code)
{
  g_autofree char *name = g_file_get_basename (folder);
  PondLibrary *library = pond_library_new (folder);
  g_autoptr (GError) error = NULL;

  g_assert_false (try_open (library, &error));
  g_assert_error (error, POND_LIBRARY_ERROR, code);
  g_assert_nonnull (strstr (error->message, name));
  close_library (&library);
}

static void
test_unavailable (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (GFile) file = g_file_get_child (fixture->folder, "file");
  g_autoptr (GFile) below_file = g_file_get_child (file, "folder");
  g_autoptr (GFile) nowhere = g_file_new_for_path ("/proc/nowhere");
  g_autoptr (GFile) remote = g_file_new_for_uri ("sftp://example.org/videos");
  g_autoptr (GFile) linked = g_file_get_child (fixture->folder, "linked");
  g_autofree char *link = path_of (fixture, "linked/.millpond");

  write_text (fixture, "file", "");
  write_text (fixture, "linked/x", "");
  g_assert_no_errno (symlink ("/tmp", link));

  assert_open_fails (fixture, file, POND_LIBRARY_ERROR_UNAVAILABLE);
  assert_open_fails (fixture, below_file, POND_LIBRARY_ERROR_UNAVAILABLE);
  assert_open_fails (fixture, nowhere, POND_LIBRARY_ERROR_UNAVAILABLE);
  assert_open_fails (fixture, remote, POND_LIBRARY_ERROR_UNAVAILABLE);
  assert_open_fails (fixture, linked, POND_LIBRARY_ERROR_UNAVAILABLE);
}

static void
test_open_again (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *path = g_strdup (g_file_peek_path (fixture->folder));
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_no_errno (g_mkdir_with_parents (parent, 0700));
  g_file_set_contents (path, "", 0, &error);
  fixture->library = pond_library_new (fixture->folder);
  g_assert_false (try_open (fixture->library, &error));
  g_clear_error (&error);

  g_unlink (path);
  g_assert_true (try_open (fixture->library, &error));
  g_assert_no_error (error);
  save (fixture, UID, "default", "Talk");
}

/* The folder is a link to one on another disk, say. */
static void
test_linked_folder (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *link = g_strconcat (g_file_peek_path (fixture->folder), "-link", NULL);

  close_library (&fixture->library);
  g_assert_no_errno (symlink (g_file_peek_path (fixture->folder), link));
  g_object_unref (fixture->folder);
  fixture->folder = g_file_new_for_path (link);

  fixture->library = open_library (fixture);
  save (fixture, UID, "default", "Talk");
  reopen (fixture);
  assert_n_entries (fixture->library, 1);
}

static void
test_newer (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;

  save (fixture, UID, "default", "Talk");
  g_free (run_sql (fixture->library, "PRAGMA user_version = 99"));
  close_library (&fixture->library);

  assert_open_fails (fixture, fixture->folder, POND_LIBRARY_ERROR_FAILED);
  name = find_name (fixture, ".millpond", "library.db.damaged-");
  g_assert_null (name);
}

/* --- Saving --- */

static void
on_items_changed (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Fixture    *fixture)
{
  fixture->n_changes++;
}

static void
test_save (Fixture       *fixture,
           gconstpointer  data)
{
  PondSavedVideo video = {
    .uid = UID,
    .type = "default",
    .title = "A talk: part 1/2",
    .creator = "someone",
    .account = THIRD_UID,
    .private = TRUE,
    .created = 1750000000,
    .duration = DURATION + 400,
  };
  g_autoptr (GFile) part = write_part (fixture, UID, "default", DURATION);
  g_autoptr (GError) error = NULL;
  g_autoptr (PondLibraryEntry) entry = NULL;
  g_autofree char *state = NULL;
  gint64 before = g_get_real_time () / G_USEC_PER_SEC;

  g_free (run_sql (fixture->library,
                   "INSERT INTO download (uid, type, state, position, added_at)"
                   "  VALUES ('" UID "', 'default', 'checking', 1.0, 0)"));
  g_signal_connect (fixture->library, "items-changed", G_CALLBACK (on_items_changed), fixture);

  entry = try_save (fixture, part, &video, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  g_assert_false (g_file_query_exists (part, NULL));

  for (guint round = 0; round < 2; round++)
    {
      PondLibraryEntry *found = pond_library_find (fixture->library, UID, "default");

      assert_n_entries (fixture->library, 1);
      g_assert_true (entry_at (fixture->library, 0) == found);
      assert_file (fixture, found, "A talk- part 1-2 [" UID "].mp4");
      g_assert_cmpstr (pond_library_entry_get_uid (found), ==, UID);
      g_assert_cmpstr (pond_library_entry_get_type_name (found), ==, "default");
      g_assert_cmpstr (pond_library_entry_get_title (found), ==, "A talk: part 1/2");
      g_assert_cmpstr (pond_library_entry_get_creator (found), ==, "someone");
      g_assert_cmpstr (pond_library_entry_get_account (found), ==, THIRD_UID);
      g_assert_true (pond_library_entry_get_private (found));
      g_assert_cmpint (pond_library_entry_get_created (found), ==, 1750000000);
      g_assert_cmpint (pond_library_entry_get_duration (found), ==, DURATION);
      g_assert_cmpint (pond_library_entry_get_saved_at (found), >=, before);
      g_assert_cmpuint (pond_library_entry_get_bytes (found), >, 1000);
      g_assert_cmpint (pond_library_entry_get_status (found), ==, POND_ENTRY_PRESENT);
      g_assert_null (pond_library_find (fixture->library, UID, "audio"));

      reopen (fixture);
    }

  state = run_sql (fixture->library, "SELECT state FROM download");

  /* Whether the download is done with is for the queue to say: there may be captions to come. */
  g_assert_cmpstr (state, ==, "checking");
}

static void
assert_save_fails (Fixture    *fixture,
                   GFile      *part,
                   const char *type,
                   gint64      duration)
{
  PondSavedVideo video = { .uid = UID, .type = type, .title = "Talk", .duration = duration };
  g_autoptr (GError) error = NULL;

  g_assert_null (try_save (fixture, part, &video, &error));
  g_assert_error (error, POND_LIBRARY_ERROR, POND_LIBRARY_ERROR_CORRUPT);
  g_assert_true (g_file_query_exists (part, NULL));
  g_assert_null (pond_library_find (fixture->library, UID, type));
  g_assert_false (exists (fixture, "Talk [" UID "].mp4"));
}

static void
test_save_corrupt (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (GFile) part = write_part (fixture, UID, "default", DURATION);
  g_autoptr (GBytes) silent = mp4_sample_make (&(Mp4Sample) { .video = DURATION });
  g_autoptr (GFile) audio_part = pond_library_get_part (fixture->library, UID, "audio");
  g_autofree char *audio_name = g_file_get_relative_path (fixture->folder, audio_part);
  PondSavedVideo gone = { .uid = OTHER_UID, .type = "default", .title = "", .duration = -1 };
  g_autoptr (GFile) gone_part = pond_library_get_part (fixture->library, OTHER_UID, "default");
  g_autoptr (GError) error = NULL;

  assert_save_fails (fixture, part, "default", DURATION * 2);
  assert_save_fails (fixture, part, "default", DURATION / 2);
  assert_save_fails (fixture, part, "default", DURATION + 1001);

  g_assert_no_errno (truncate (g_file_peek_path (part), 3000));
  assert_save_fails (fixture, part, "default", -1);

  write_bytes (fixture, audio_name, silent);
  assert_save_fails (fixture, audio_part, "audio", DURATION);

  g_assert_null (try_save (fixture, gone_part, &gone, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_save_again (Fixture       *fixture,
                 gconstpointer  data)
{
  PondLibraryEntry *first = save (fixture, UID, "default", "Talk");
  g_autofree char *theirs = NULL;

  pond_library_set_position (fixture->library, first, 5000);
  save (fixture, OTHER_UID, "default", "Another");
  g_assert_true (entry_at (fixture->library, 1) == first);

  /* The same again, with another title: our own file is replaced where it is. */
  g_assert_true (save (fixture, UID, "default", "Talk, revised") == first);
  assert_n_entries (fixture->library, 2);
  g_assert_true (entry_at (fixture->library, 0) == first);
  assert_file (fixture, first, "Talk [" UID "].mp4");
  g_assert_cmpstr (pond_library_entry_get_title (first), ==, "Talk, revised");
  g_assert_cmpint (pond_library_entry_get_position (first), ==, 5000);

  /* What somebody else put there is not. */
  write_text (fixture, "Talk [" UID "].mp4", "not ours");
  save (fixture, UID, "default", "Talk");
  assert_file (fixture, first, "Talk (2) [" UID "].mp4");
  theirs = read_text (fixture, "Talk [" UID "].mp4");
  g_assert_cmpstr (theirs, ==, "not ours");
}

static void
test_save_types (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *title = g_strnfill (300, 'x');
  PondLibraryEntry *entry = save (fixture, UID, "audio", title);
  g_autofree char *name = g_file_get_basename (pond_library_entry_get_file (entry));

  g_assert_cmpuint (strlen (name), ==, 255);
  g_assert_true (g_str_has_suffix (name, "… [" UID "].m4a"));

  /* The name that it would have is taken, and there is no room for a number. */
  write_text (fixture, name, "not ours");
  g_assert_true (save (fixture, UID, "audio", title) == entry);
  g_clear_pointer (&name, g_free);
  name = g_file_get_basename (pond_library_entry_get_file (entry));
  g_assert_true (g_str_has_suffix (name, "x (2) [" UID "].m4a"));

  save (fixture, UID, "default", "");
  g_assert_true (exists (fixture, "Video [" UID "].mp4"));
  assert_n_entries (fixture->library, 2);
}

static void
test_save_cancelled (Fixture       *fixture,
                     gconstpointer  data)
{
  PondSavedVideo video = { .uid = UID, .type = "default", .title = "Talk", .duration = -1 };
  g_autoptr (GFile) part = write_part (fixture, UID, "default", DURATION);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (PondLibraryEntry) entry = NULL;
  g_autoptr (GError) error = NULL;

  pond_library_save_async (fixture->library, part, &video, cancellable, on_ready, &result);
  g_cancellable_cancel (cancellable);
  entry = pond_library_save_finish (fixture->library, wait_for (&result), &error);

  /* Either it was in time, and nothing was done, or it was not, and all of it was. */
  if (error != NULL)
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_true (g_file_query_exists (part, NULL));
      assert_n_entries (fixture->library, 0);
    }
  else
    {
      g_assert_false (g_file_query_exists (part, NULL));
      assert_n_entries (fixture->library, 1);
    }
}

/* The library is let go of while it saves: it is done nevertheless, and found next time. */
static void
test_let_go (Fixture       *fixture,
             gconstpointer  data)
{
  PondSavedVideo video = { .uid = UID, .type = "default", .title = "Talk", .duration = -1 };
  g_autoptr (GFile) part = write_part (fixture, UID, "default", DURATION);

  pond_library_save_async (fixture->library, part, &video, NULL, NULL, NULL);
  reopen (fixture);
  assert_n_entries (fixture->library, 1);
}

static gboolean
save_captions (Fixture           *fixture,
               PondLibraryEntry  *entry,
               const char        *language,
               const char        *text,
               GError           **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GAsyncResult) result = NULL;

  pond_library_save_captions_async (fixture->library,
                                    entry,
                                    language,
                                    bytes,
                                    NULL,
                                    on_ready,
                                    &result);
  return pond_library_save_captions_finish (fixture->library, wait_for (&result), error);
}

static void
test_captions (Fixture       *fixture,
               gconstpointer  data)
{
  PondLibraryEntry *entry = save (fixture, UID, "default", "Talk");
  g_autofree char *text = NULL;
  g_autofree char *empty = NULL;
  g_autofree char *title = g_strnfill (300, 'x');
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (save_captions (fixture, entry, "de", "WEBVTT\n\n1", &error));
  g_assert_true (save_captions (fixture, entry, "pt-BR", "", &error));
  g_assert_true (save_captions (fixture, entry, "de", "WEBVTT\n\n2", &error));
  g_assert_no_error (error);
  text = read_text (fixture, "Talk [" UID "].de.vtt");
  g_assert_cmpstr (text, ==, "WEBVTT\n\n2");
  empty = read_text (fixture, "Talk [" UID "].pt-BR.vtt");
  g_assert_cmpstr (empty, ==, "");

  g_assert_false (save_captions (fixture, entry, "../../x", "WEBVTT\n", &error));
  g_assert_error (error, POND_LIBRARY_ERROR, POND_LIBRARY_ERROR_FAILED);
  g_clear_error (&error);

  /* A name that is full has to give way to the language. */
  entry = save (fixture, OTHER_UID, "default", title);
  g_assert_true (save_captions (fixture, entry, "zh-Hant-TW", "WEBVTT\n", &error));
  g_assert_no_error (error);
  name = pond_file_name_make (title, OTHER_UID, ".zh-Hant-TW.vtt");
  g_assert_true (exists (fixture, name));
}

/* --- What was watched --- */

static void
on_notify (GObject    *object,
           GParamSpec *pspec,
           GString    *names)
{
  g_string_append_printf (names, "%s ", pspec->name);
}

static void
test_positions (Fixture       *fixture,
                gconstpointer  data)
{
  PondLibraryEntry *entry = save (fixture, UID, "default", "Talk");
  g_autoptr (GString) names = g_string_new (NULL);

  g_signal_connect (entry, "notify", G_CALLBACK (on_notify), names);
  pond_library_set_position (fixture->library, entry, 15000);
  pond_library_set_position (fixture->library, entry, 30000);
  pond_library_set_position (fixture->library, entry, 30000);
  g_assert_cmpstr (names->str, ==, "position progress position progress ");
  g_assert_cmpfloat (pond_library_entry_get_progress (entry), ==, 0.5);
  g_assert_false (pond_library_entry_get_watched (entry));
  g_signal_handlers_disconnect_by_data (entry, names);

  /* At once, though no two seconds have gone by. */
  reopen (fixture);
  entry = pond_library_find (fixture->library, UID, "default");
  g_assert_cmpint (pond_library_entry_get_position (entry), ==, 30000);

  pond_library_set_position (fixture->library, entry, 57000);
  g_assert_true (pond_library_entry_get_watched (entry));
  pond_library_set_position (fixture->library, entry, 100);
  g_assert_true (pond_library_entry_get_watched (entry));
  reopen (fixture);
  entry = pond_library_find (fixture->library, UID, "default");
  g_assert_true (pond_library_entry_get_watched (entry));

  pond_library_set_watched (fixture->library, entry, FALSE);
  reopen (fixture);
  entry = pond_library_find (fixture->library, UID, "default");
  g_assert_false (pond_library_entry_get_watched (entry));
  g_assert_cmpint (pond_library_entry_get_position (entry), ==, 100);
}

static void
test_positions_in_time (Fixture       *fixture,
                        gconstpointer  data)
{
  PondLibraryEntry *entry = save (fixture, UID, "default", "Talk");
  gint64 latest = g_get_monotonic_time () + LATEST_USEC;
  g_autofree char *position = NULL;

  pond_library_set_position (fixture->library, entry, 1234);
  while (g_strcmp0 (position, "1234") != 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, latest);
      g_free (position);
      position = run_sql (fixture->library, "SELECT position FROM video");
    }
}

/* --- Removing --- */

static void
test_trash (Fixture       *fixture,
            gconstpointer  data)
{
  PondLibraryEntry *entry = save (fixture, UID, "default", "Talk");
  g_autofree char *trashed =
    g_build_filename (g_get_user_data_dir (), "Trash", "files", "Talk [" UID "].mp4", NULL);

  g_assert_no_errno (g_mkdir_with_parents (g_get_home_dir (), 0700));
  g_assert_no_errno (g_mkdir_with_parents (g_get_user_data_dir (), 0700));
  remove_video (fixture, entry, FALSE);
  g_assert_false (exists (fixture, "Talk [" UID "].mp4"));
  g_assert_true (g_file_test (trashed, G_FILE_TEST_IS_REGULAR));
}

static void
test_remove (Fixture       *fixture,
             gconstpointer  data)
{
  PondLibraryEntry *audio = save (fixture, UID, "audio", "Talk");
  PondLibraryEntry *video = save (fixture, UID, "default", "Talk");

  write_text (fixture, "Talk [" UID "].de.vtt", "WEBVTT\n");
  write_text (fixture, "Talk [" OTHER_UID "].de.vtt", "WEBVTT\n");
  write_text (fixture, ".millpond/posters/" UID ".jpg", "");

  remove_video (fixture, audio, FALSE);
  assert_n_entries (fixture->library, 1);
  g_assert_false (exists (fixture, "Talk [" UID "].m4a"));
  g_assert_true (exists (fixture, "Talk [" UID "].mp4"));
  g_assert_true (exists (fixture, "Talk [" UID "].de.vtt"));
  g_assert_true (exists (fixture, ".millpond/posters/" UID ".jpg"));

  remove_video (fixture, video, FALSE);
  assert_n_entries (fixture->library, 0);
  g_assert_false (exists (fixture, "Talk [" UID "].mp4"));
  g_assert_false (exists (fixture, "Talk [" UID "].de.vtt"));
  g_assert_false (exists (fixture, ".millpond/posters/" UID ".jpg"));
  g_assert_true (exists (fixture, "Talk [" OTHER_UID "].de.vtt"));

  reopen (fixture);
  assert_n_entries (fixture->library, 0);
}

static void
test_remove_keeping (Fixture       *fixture,
                     gconstpointer  data)
{
  remove_video (fixture, save (fixture, UID, "default", "Talk"), TRUE);
  g_assert_true (exists (fixture, "Talk [" UID "].mp4"));
  assert_n_entries (fixture->library, 0);

  reopen (fixture);
  save (fixture, OTHER_UID, "default", "Another");
  reopen (fixture);
  assert_n_entries (fixture->library, 1);

  /* Downloaded anew it is one of ours again. */
  save (fixture, UID, "default", "Talk");
  reopen (fixture);
  assert_n_entries (fixture->library, 2);
}

/* The file is gone already. */
static void
test_remove_missing (Fixture       *fixture,
                     gconstpointer  data)
{
  PondLibraryEntry *entry = save (fixture, UID, "default", "Talk");

  g_assert_no_errno (g_unlink (g_file_peek_path (pond_library_entry_get_file (entry))));
  remove_video (fixture, entry, FALSE);
  assert_n_entries (fixture->library, 0);
}

/* --- Files are the truth --- */

static void
test_lost_commit (Fixture       *fixture,
                  gconstpointer  data)
{
  PondLibraryEntry *entry;

  save (fixture, UID, "default", "Talk");
  write_video (fixture, "Not yet in the index [" OTHER_UID "].mp4", 3000);

  /* There as soon as it is open: who resumes downloads asks then. */
  reopen (fixture);
  assert_n_entries (fixture->library, 2);
  entry = pond_library_find (fixture->library, OTHER_UID, "default");
  g_assert_nonnull (entry);
  g_assert_cmpstr (pond_library_entry_get_title (entry), ==, "Not yet in the index");
  g_assert_cmpint (pond_library_entry_get_duration (entry), ==, 3000);
}

static void
test_background (Fixture       *fixture,
                 gconstpointer  data)
{
  PondLibraryEntry *entry = save (fixture, UID, "default", "Gone");
  PondLibraryEntry *other;
  g_autofree char *moved_from = path_of (fixture, "Moved [" OTHER_UID "].mp4");
  g_autofree char *moved_to = path_of (fixture, "Talks/2026/Renamed [" OTHER_UID "].mp4");

  g_assert_no_errno (g_unlink (g_file_peek_path (pond_library_entry_get_file (entry))));
  other = save (fixture, OTHER_UID, "default", "Moved");
  pond_library_set_position (fixture->library, other, 7000);
  close_library (&fixture->library);
  write_video (fixture, "Talks/Found [" THIRD_UID "].mp4", 2000);
  write_text (fixture, "Talks/2026/x", "");
  g_assert_no_errno (g_rename (moved_from, moved_to));

  fixture->library = open_library (fixture);
  wait_for_n_entries (fixture->library, 3);
  entry = pond_library_find (fixture->library, UID, "default");
  g_assert_cmpint (pond_library_entry_get_status (entry), ==, POND_ENTRY_MISSING);
  other = pond_library_find (fixture->library, OTHER_UID, "default");
  g_assert_cmpint (pond_library_entry_get_status (other), ==, POND_ENTRY_PRESENT);
  g_assert_cmpint (pond_library_entry_get_position (other), ==, 7000);
  assert_file (fixture, other, "Talks/2026/Renamed [" OTHER_UID "].mp4");

  /* It comes back, and another one changes. */
  write_video (fixture, "Gone [" UID "].mp4", DURATION);
  write_text (fixture, "Talks/2026/Renamed [" OTHER_UID "].mp4", "something else");
  reopen (fixture);
  wait_for_status (pond_library_find (fixture->library, UID, "default"), POND_ENTRY_PRESENT);
  wait_for_status (pond_library_find (fixture->library, OTHER_UID, "default"), POND_ENTRY_CHANGED);
}

/* What a folder may hold: one that is odd stops nothing. */
static void
fill_with_odd_files (Fixture *fixture)
{
  g_autofree char *long_title = g_strnfill (255 - strlen (" [" THIRD_UID "].m4a"), 'l');
  g_autofree char *long_name = g_strconcat (long_title, " [" THIRD_UID "].m4a", NULL);
  g_autofree char *outside = path_of (fixture, "../outside.mp4");
  g_autofree char *link =
    path_of (fixture, "Link [11112222333344445555666677778888].mp4");
  g_autofree char *loop = path_of (fixture, "loop");
  g_autofree char *fifo = path_of (fixture, "Fifo [bbbb2222333344445555666677778888].mp4");
  g_autofree char *locked = path_of (fixture, "locked");
  g_autofree char *half = path_of (fixture, "Half [22223333444455556666777788889999].mp4");

  write_video (fixture, "../outside.mp4", 1000);
  write_video (fixture, "Talk [" UID "].mp4", 4000);
  write_video (fixture, "Sub/Deeper/Other [" OTHER_UID "].mp4", 5000);
  write_video (fixture, long_name, 6000);
  write_video (fixture, "Sub/Again [" UID "].mp4", 9000);
  write_video (fixture, "Foreign.mp4", 1000);
  write_video (fixture, ".Trash-1000/files/Talk [cccc2222333344445555666677778888].mp4", 1000);
  write_video (fixture, ".millpond/parts/Talk [dddd2222333344445555666677778888].mp4", 1000);
  write_text (fixture, "Directory [33334444555566667777888899990000].mp4/x", "");
  write_text (fixture, "Text [44445555666677778888999900001111].mp4", "<html>");
  write_text (fixture, "Empty [55556666777788889999000011112222].mp4", "");
  write_text (fixture, "locked/x", "");
  write_video (fixture, "Half [22223333444455556666777788889999].mp4", 4000);
  g_assert_no_errno (truncate (half, 2000));
  g_assert_no_errno (symlink (outside, link));
  g_assert_no_errno (symlink (".", loop));
  g_assert_no_errno (mkfifo (fifo, 0600));
  g_assert_no_errno (g_chmod (locked, 0));
}

static void
assert_rebuilt (Fixture *fixture)
{
  PondLibraryEntry *entry;
  g_autofree char *aside = NULL;

  fixture->library = open_library (fixture);
  g_assert_true (pond_library_get_rebuilt (fixture->library));
  aside = find_name (fixture, ".millpond", "library.db.damaged-");
  g_assert_nonnull (aside);
  assert_n_entries (fixture->library, 3);

  entry = pond_library_find (fixture->library, UID, "default");
  g_assert_cmpstr (pond_library_entry_get_title (entry), ==, "Talk");
  assert_file (fixture, entry, "Talk [" UID "].mp4");
  g_assert_cmpint (pond_library_entry_get_duration (entry), ==, 4000);
  g_assert_cmpint (pond_library_entry_get_saved_at (entry), ==, 1600000000);
  entry = pond_library_find (fixture->library, OTHER_UID, "default");
  assert_file (fixture, entry, "Sub/Deeper/Other [" OTHER_UID "].mp4");
  entry = pond_library_find (fixture->library, THIRD_UID, "audio");
  g_assert_cmpint (pond_library_entry_get_duration (entry), ==, 6000);

  /* It works as any other, and is not made again each time. */
  save (fixture, "66667777888899990000111122223333", "default", "New");
  reopen (fixture);
  g_assert_false (pond_library_get_rebuilt (fixture->library));
  assert_n_entries (fixture->library, 4);
}

static void
test_rebuild (Fixture       *fixture,
              gconstpointer  data)
{
  const char *damage = data;
  g_autofree char *path = path_of (fixture, ".millpond/library.db");
  g_autofree char *talk = path_of (fixture, "Talk [" UID "].mp4");
  g_autofree char *elsewhere = path_of (fixture, "../elsewhere.db");
  g_autofree char *locked = path_of (fixture, "locked");

  fill_with_odd_files (fixture);
  g_assert_no_errno (utime (talk, &(struct utimbuf) { 1600000000, 1600000000 }));
  reopen (fixture);
  close_library (&fixture->library);

  if (g_str_equal (damage, "garbage"))
    {
      g_autofree char *garbage = g_strnfill (10000, '!');

      write_text (fixture, ".millpond/library.db", garbage);
    }
  else if (g_str_equal (damage, "truncated"))
    {
      g_assert_no_errno (truncate (path, 6000));
    }
  else if (g_str_equal (damage, "directory"))
    {
      g_unlink (path);
      write_text (fixture, ".millpond/library.db/x", "");
    }
  else if (g_str_equal (damage, "link"))
    {
      g_assert_no_errno (g_rename (path, elsewhere));
      g_assert_no_errno (symlink (elsewhere, path));
    }
  else
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PondDatabase) database = pond_database_open (path,
                                                              pond_library_migrations,
                                                              POND_LIBRARY_SCHEMA_VERSION,
                                                              &error);

      g_assert_no_error (error);
      g_assert_true (pond_database_exec (database, "DROP TABLE video", &error));
    }

  assert_rebuilt (fixture);
  g_assert_no_errno (g_chmod (locked, 0700));
}

/* No index at all, or an empty one, is none that was damaged. */
static void
test_no_index (Fixture       *fixture,
               gconstpointer  data)
{
  write_video (fixture, "Talk [" UID "].mp4", 4000);
  write_text (fixture, ".millpond/library.db", "");
  fixture->library = open_library (fixture);
  assert_n_entries (fixture->library, 1);
  g_assert_false (pond_library_get_rebuilt (fixture->library));
}

/* An index that came with the folder can't reach out of it. */
static void
test_hostile_index (Fixture       *fixture,
                    gconstpointer  data)
{
  static const char *const paths[] = {
    "../secret [" UID "].mp4", "/etc/passwd", "Sub/../../secret [" UID "].mp4",
    ".millpond/library.db",    "",            "Talk [" OTHER_UID "].mp4",
    "Talk [" UID "].m4a",      ".",           "Sub//Talk [" UID "].mp4",
  };

  save (fixture, OTHER_UID, "default", "Sound");
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *sql = g_strdup_printf ("INSERT OR REPLACE INTO video"
                                              "  (uid, type, path, bytes, mtime, saved_at)"
                                              "  VALUES ('" UID "', 'default', '%s', 1, 1, 1)",
                                              paths[i]);

      g_free (run_sql (fixture->library, sql));
      reopen (fixture);
      assert_n_entries (fixture->library, 1);
    }

  /* Nor does it stand in the way of the video itself. */
  g_free (run_sql (fixture->library,
                   "INSERT INTO video (uid, type, path, bytes, mtime, saved_at)"
                   "  VALUES ('" UID "', 'default', '/etc/passwd', 1, 1, 1)"));
  write_video (fixture, "Talk [" UID "].mp4", 4000);
  reopen (fixture);
  assert_n_entries (fixture->library, 2);

  g_free (run_sql (fixture->library,
                   "UPDATE video SET bytes = -1, duration = -9, position = -1, created = -1,"
                   "  saved_at = -1, width = -1, status = 'odd', title = CAST (x'ff41' AS TEXT)"));
  reopen (fixture);
  g_assert_cmpstr (pond_library_entry_get_title (entry_at (fixture->library, 0)), ==, "\ufffdA");
  g_assert_cmpfloat (pond_library_entry_get_progress (entry_at (fixture->library, 0)), ==, 0.0);
}

static void
test_verify (Fixture       *fixture,
             gconstpointer  data)
{
  PondLibraryEntry *entry = save (fixture, UID, "default", "Talk");
  const char *path = g_file_peek_path (pond_library_entry_get_file (entry));
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) found = NULL;
  gsize length;

  g_assert_cmpstr (verify (fixture, entry), ==, "ok");

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  memset (contents + 28, 'x', 8);
  g_file_set_contents (path, contents, length, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (verify (fixture, entry), ==, "corrupt");
  g_assert_cmpint (pond_library_entry_get_status (entry), ==, POND_ENTRY_CHANGED);

  write_text (fixture, "Talk [" UID "].mp4", "x");
  g_assert_cmpstr (verify (fixture, entry), ==, "changed");
  g_assert_no_errno (g_unlink (path));
  g_assert_cmpstr (verify (fixture, entry), ==, "missing");
  g_assert_cmpint (pond_library_entry_get_status (entry), ==, POND_ENTRY_MISSING);

  write_video (fixture, "Talk [" UID "].mp4", DURATION);
  save (fixture, OTHER_UID, "default", "Other");
  pond_library_verify_async (fixture->library, NULL, NULL, on_ready, &result);
  found = pond_library_verify_finish (fixture->library, wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 2);
  g_assert_cmpint (pond_library_entry_get_status (entry), ==, POND_ENTRY_PRESENT);
}

/* --- More than one --- */

static void
test_refresh (Fixture       *fixture,
              gconstpointer  data)
{
  Fixture other = { .folder = fixture->folder };
  PondLibraryEntry *entry, *mine;

  save (fixture, UID, "default", "First");
  other.library = open_library (&other);
  assert_n_entries (other.library, 1);
  mine = pond_library_find (other.library, UID, "default");
  g_signal_connect (other.library, "items-changed", G_CALLBACK (on_items_changed), &other);

  refresh (other.library);
  g_assert_cmpuint (other.n_changes, ==, 0);

  save (fixture, OTHER_UID, "default", "Second");
  entry = pond_library_find (fixture->library, UID, "default");
  pond_library_set_position (fixture->library, entry, 9000);
  pond_library_flush (fixture->library);
  refresh (fixture->library);
  refresh (other.library);
  g_assert_cmpuint (other.n_changes, ==, 1);
  assert_n_entries (other.library, 2);
  g_assert_true (pond_library_find (other.library, UID, "default") == mine);
  g_assert_cmpint (pond_library_entry_get_position (mine), ==, 9000);

  /* What is set here while it reads is newer than what it reads. */
  pond_library_set_position (fixture->library, entry, 10000);
  refresh (fixture->library);
  {
    g_autoptr (GAsyncResult) result = NULL;

    pond_library_refresh_async (other.library, NULL, on_ready, &result);
    pond_library_set_position (other.library, mine, 11000);
    wait_for (&result);
  }
  g_assert_cmpint (pond_library_entry_get_position (mine), ==, 11000);

  remove_video (fixture, entry, FALSE);
  refresh (other.library);
  assert_n_entries (other.library, 1);
  g_assert_null (pond_library_find (other.library, UID, "default"));
  close_library (&other.library);
}

static void
test_acquire (Fixture       *fixture,
              gconstpointer  data)
{
  PondLibrary *other = open_library (fixture);

  g_assert_true (pond_library_acquire (fixture->library));
  g_assert_true (pond_library_acquire (fixture->library));
  g_assert_false (pond_library_acquire (other));

  g_setenv (ENV_FOLDER, g_file_peek_path (fixture->folder), TRUE);
  g_test_trap_subprocess ("/library/acquire/subprocess/refused", 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();

  close_library (&fixture->library);
  g_test_trap_subprocess ("/library/acquire/subprocess/killed", 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_assert_true (pond_library_acquire (other));
  close_library (&other);
}

static Fixture
fixture_of_parent (void)
{
  Fixture fixture = { .folder = g_file_new_for_path (g_getenv (ENV_FOLDER)) };

  fixture.library = open_library (&fixture);
  return fixture;
}

static void
test_acquire_refused (void)
{
  Fixture fixture = fixture_of_parent ();

  g_assert_false (pond_library_acquire (fixture.library));
  close_library (&fixture.library);
  g_object_unref (fixture.folder);
}

static void
test_acquire_killed (void)
{
  Fixture fixture = fixture_of_parent ();

  g_assert_true (pond_library_acquire (fixture.library));
  kill (getpid (), SIGKILL);
}

/* Runs a test on a small disk of its own: @mount follows mount's name. */
static void
run_on_disk (const char *mount,
             const char *test)
{
  g_autofree char *script = g_strdup_printf ("mkdir -p \"$" ENV_FOLDER "\" &&"
                                             "%s &&"
                                             "exec \"$0\" --GTestSubprocess -p %s",
                                             mount,
                                             test);
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *output = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (self);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE,
                              &error,
                              "unshare",
                              "-Urm",
                              "sh",
                              "-c",
                              script,
                              self,
                              NULL);
  if (process == NULL)
    {
      g_test_skip ("No unshare");
      return;
    }

  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%s", output);
  if (strstr (output, "unshare: ") != NULL || strstr (output, "mount: ") != NULL)
    g_test_skip ("No disk can be mounted here");
  else
    g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
}

static void
test_full_disk (Fixture       *fixture,
                gconstpointer  data)
{
  g_setenv (ENV_FOLDER, g_file_peek_path (fixture->folder), TRUE);
  run_on_disk ("mount -t tmpfs -o size=400k none \"$" ENV_FOLDER "\"",
               "/library/full-disk/subprocess/save");
}

static void
test_full_disk_save (void)
{
  Fixture fixture = fixture_of_parent ();
  PondSavedVideo video = { .uid = UID, .type = "default", .title = "Talk", .duration = DURATION };
  g_autoptr (GFile) part = write_part (&fixture, UID, "default", DURATION);
  g_autofree char *filler = path_of (&fixture, "filler");
  g_autoptr (GError) error = NULL;
  g_autoptr (PondLibraryEntry) entry = NULL;
  FILE *file = g_fopen (filler, "w");

  while (fputc ('x', file) != EOF && fflush (file) == 0)
    ;
  fclose (file);

  g_assert_null (try_save (&fixture, part, &video, &error));
  g_assert_error (error, POND_LIBRARY_ERROR, POND_LIBRARY_ERROR_DISK_FULL);
  g_assert_true (g_file_query_exists (part, NULL));
  assert_n_entries (fixture.library, 0);

  /* With room again the same part is taken. */
  g_unlink (filler);
  g_clear_error (&error);
  entry = try_save (&fixture, part, &video, &error);
  g_assert_no_error (error);
  close_library (&fixture.library);
  g_object_unref (fixture.folder);
}

static void
test_read_only (Fixture       *fixture,
                gconstpointer  data)
{
  g_setenv (ENV_FOLDER, g_file_peek_path (fixture->folder), TRUE);
  run_on_disk ("mount -t tmpfs -o ro none \"$" ENV_FOLDER "\"",
               "/library/read-only/subprocess/open");
}

static void
test_read_only_open (void)
{
  Fixture fixture = { .folder = g_file_new_for_path (g_getenv (ENV_FOLDER)) };

  assert_open_fails (&fixture, fixture.folder, POND_LIBRARY_ERROR_READ_ONLY);
  g_object_unref (fixture.folder);
}

static void
test_choose_folder (void)
{
  g_autoptr (GFile) usual = NULL;
  g_autoptr (GFile) set = NULL;
  g_autoptr (GFile) told = NULL;

  g_unsetenv ("MILLPOND_LIBRARY");
  usual = pond_library_choose_folder ("");
  g_assert_true (g_str_has_suffix (g_file_peek_path (usual), "/Millpond"));
  set = pond_library_choose_folder ("/somewhere");
  g_assert_cmpstr (g_file_peek_path (set), ==, "/somewhere");
  g_setenv ("MILLPOND_LIBRARY", "/elsewhere", TRUE);
  told = pond_library_choose_folder ("/somewhere");
  g_assert_cmpstr (g_file_peek_path (told), ==, "/elsewhere");
  g_unsetenv ("MILLPOND_LIBRARY");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, func) g_test_add ("/library/" name, Fixture, NULL, set_up_open, func, tear_down)
#define ADD_CLOSED(name, func, data) \
  g_test_add ("/library/" name, Fixture, data, set_up, func, tear_down)
  ADD ("open", test_open);
  ADD_CLOSED ("unavailable", test_unavailable, NULL);
  ADD_CLOSED ("open-again", test_open_again, NULL);
  ADD ("linked-folder", test_linked_folder);
  ADD ("newer", test_newer);
  ADD ("save", test_save);
  ADD ("save-corrupt", test_save_corrupt);
  ADD ("save-again", test_save_again);
  ADD ("save-types", test_save_types);
  ADD ("save-cancelled", test_save_cancelled);
  ADD ("let-go", test_let_go);
  ADD ("captions", test_captions);
  ADD ("positions", test_positions);
  ADD ("positions-in-time", test_positions_in_time);
  ADD ("trash", test_trash);
  ADD ("remove", test_remove);
  ADD ("remove-keeping", test_remove_keeping);
  ADD ("remove-missing", test_remove_missing);
  ADD ("lost-commit", test_lost_commit);
  ADD ("background", test_background);
  ADD_CLOSED ("rebuild/garbage", test_rebuild, "garbage");
  ADD_CLOSED ("rebuild/truncated", test_rebuild, "truncated");
  ADD_CLOSED ("rebuild/directory", test_rebuild, "directory");
  ADD_CLOSED ("rebuild/link", test_rebuild, "link");
  ADD_CLOSED ("rebuild/other-tables", test_rebuild, "other-tables");
  ADD_CLOSED ("no-index", test_no_index, NULL);
  ADD ("hostile-index", test_hostile_index);
  ADD ("verify", test_verify);
  ADD ("refresh", test_refresh);
  ADD ("acquire", test_acquire);
  g_test_add_func ("/library/acquire/subprocess/refused", test_acquire_refused);
  g_test_add_func ("/library/acquire/subprocess/killed", test_acquire_killed);
  ADD_CLOSED ("full-disk", test_full_disk, NULL);
  g_test_add_func ("/library/full-disk/subprocess/save", test_full_disk_save);
  ADD_CLOSED ("read-only", test_read_only, NULL);
  g_test_add_func ("/library/read-only/subprocess/open", test_read_only_open);
#undef ADD_CLOSED
#undef ADD
  g_test_add_func ("/library/choose-folder", test_choose_folder);

  return g_test_run ();
}
