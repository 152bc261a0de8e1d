/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "transfer-fixture.h"

#include <glib/gstdio.h>

GBytes *body_v1;
GBytes *body_v2;

static GBytes *
make_body (guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  guint32 *words = g_malloc (BODY_SIZE + sizeof *words);

  for (gsize i = 0; i <= BODY_SIZE / sizeof *words; i++)
    words[i] = g_rand_int (rand);

  return g_bytes_new_take (words, BODY_SIZE);
}

void
set_path (Fixture    *fixture,
          const char *path)
{
  g_autofree char *uri = g_strconcat (script_server_get_base (fixture->server), path, NULL);

  pond_transfer_set_uri (fixture->transfer, uri);
}

void
renew_transfer (Fixture *fixture)
{
  if (fixture->transfer != NULL)
    g_assert_finalize_object (fixture->transfer);

  fixture->transfer = pond_transfer_new (fixture->file);
  pond_transfer_set_allow_http (fixture->transfer, TRUE);
  set_path (fixture, SECRET_PATH);
}

static void
set_up_with (Fixture         *fixture,
             GTlsCertificate *certificate)
{
  fixture->server = script_server_new (certificate);
  script_server_set_body (fixture->server, body_v1, STRONG);
  fixture->folder = g_dir_make_tmp ("millpond-transfer-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "video.part", NULL);
  fixture->checkpoint_path = g_strconcat (fixture->path, ".checkpoint", NULL);
  fixture->file = g_file_new_for_path (fixture->path);
  fixture->cancellable = g_cancellable_new ();
  renew_transfer (fixture);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  user_data)
{
  set_up_with (fixture, NULL);
}

static void
set_up_tls (Fixture       *fixture,
            gconstpointer  user_data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "transfer", "server.pem", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (path, &error);

  g_assert_no_error (error);
  set_up_with (fixture, certificate);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  user_data)
{
  g_autoptr (GDir) folder = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_finalize_object (fixture->transfer);
  g_assert_finalize_object (fixture->cancellable);
  script_server_free (fixture->server);

  g_assert_true (pond_transfer_discard (fixture->file, &error));
  g_assert_no_error (error);
  /* Nothing else was left there. */
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);

  g_object_unref (fixture->file);
  g_free (fixture->checkpoint_path);
  g_free (fixture->path);
  g_free (fixture->folder);
}

void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

gboolean
run_transfer (PondTransfer  *transfer,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  pond_transfer_run_async (transfer, cancellable, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return pond_transfer_run_finish (transfer, result, error);
}

gboolean
run (Fixture  *fixture,
     GError  **error)
{
  return run_transfer (fixture->transfer, fixture->cancellable, error);
}

void
assert_file (Fixture *fixture,
             GBytes  *body)
{
  g_autofree char *contents = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *expected = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);
  gsize length;

  g_assert_true (g_file_get_contents (fixture->path, &contents, &length, NULL));
  g_assert_cmpuint (length, ==, g_bytes_get_size (body));
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) contents, length);
  g_assert_cmpstr (sum, ==, expected);
}

gsize
assert_file_begins (Fixture *fixture,
                    GBytes  *body)
{
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (fixture->path, &contents, &length, NULL));
  g_assert_cmpuint (length, <=, g_bytes_get_size (body));
  g_assert_cmpmem (contents, length, g_bytes_get_data (body, NULL), length);
  g_assert_cmpuint (pond_transfer_get_received (fixture->transfer), ==, length);

  return length;
}

void
expect_whole (Fixture *fixture,
              GBytes  *body)
{
  g_autoptr (GError) error = NULL;
  gboolean done = run (fixture, &error);
  gsize size = g_bytes_get_size (body);

  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_cmpuint (pond_transfer_get_received (fixture->transfer), ==, size);
  g_assert_cmpint (pond_transfer_get_total (fixture->transfer), ==, size);
  assert_file (fixture, body);
}

void
expect_error (Fixture           *fixture,
              PondTransferError  code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (run (fixture, &error));
  g_assert_error (error, POND_TRANSFER_ERROR, (int) code);
  g_assert_null (strstr (error->message, "eyJ"));
  g_assert_null (strstr (error->message, "://"));
}

PondCheckpoint *
load_checkpoint (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  PondCheckpoint *checkpoint = pond_checkpoint_load (fixture->checkpoint_path, &error);

  g_assert_no_error (error);
  return checkpoint;
}

void
begin_with (Fixture *fixture,
            Script   script)
{
  script_server_push (fixture->server, script);
  expect_error (fixture, POND_TRANSFER_ERROR_NETWORK);
  g_assert_cmpuint (assert_file_begins (fixture, body_v1), ==, CUT);
  g_assert_cmpint (pond_transfer_get_total (fixture->transfer), ==, BODY_SIZE);
}

void
expect_refusal (Fixture           *fixture,
                Script             script,
                PondTransferError  code)
{
  script_server_push (fixture->server, script);
  expect_error (fixture, code);
  g_assert_cmpuint (assert_file_begins (fixture, body_v1), ==, 0);
  g_assert_cmpuint (pond_transfer_get_delivered (fixture->transfer), ==, 0);
  g_assert_false (g_file_test (fixture->checkpoint_path, G_FILE_TEST_EXISTS));
}

static gboolean
on_time_to_cancel (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

GTlsDatabase *
load_trust (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "transfer", "server.pem", NULL);
  g_autoptr (GError) error = NULL;
  GTlsDatabase *database = g_tls_file_database_new (path, &error);

  g_assert_no_error (error);
  return database;
}

void
cancel_soon (Fixture *fixture)
{
  g_timeout_add (100, on_time_to_cancel, fixture->cancellable);
}

void
add (const char    *path,
     gconstpointer  data,
     FixtureTest    test)
{
  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

void
add_tls (const char    *path,
         gconstpointer  data,
         FixtureTest    test)
{
  g_test_add (path, Fixture, data, set_up_tls, test, tear_down);
}

void
init (int    *argc,
      char ***argv)
{
  g_test_init (argc, argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  body_v1 = make_body (1);
  body_v2 = make_body (2);
}

int
run_tests (void)
{
  int status = g_test_run ();

  g_bytes_unref (body_v1);
  g_bytes_unref (body_v2);

  return status;
}
