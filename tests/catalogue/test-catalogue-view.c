/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "catalogue-fixture.h"

#include "catalogue/pond-catalogue-store.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  const char *text;
  const char *words;
} FoldCase;

static const FoldCase folds[] = {
  { NULL, "" },
  { "", "" },
  { " - ", "" },
  { "Dusk over the pond", " dusk over the pond" },
  { "ÖFFNUNG\tdes\u00a0Cafés", " offnung des cafes" },
  { "Straße", " strasse" },
  { "O\u0308ffnung", " offnung" },
  { "İstanbul", " istanbul" },
  { "final_cut-v2.mp4", " final cut v2 mp4" },
  { "It’s Anna's", " its annas" },
  { "ﬁrst １２", " first 12" },
  { "Ёлка", " елка" },
  { "池の鯉", " 池 の 鯉" },
  { "Pond池2", " pond 池 2" },
  { "\xff\xfeпруд", " пруд" },
};

static void
test_fold (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (folds); i++)
    {
      g_autofree char *words = pond_catalogue_fold (folds[i].text);

      g_assert_cmpstr (words, ==, folds[i].words);
    }
}

#define DAY(n) (G_GINT64_CONSTANT (86400) * (n))
#define USEC(n) (DAY (n) * G_USEC_PER_SEC)

/* By the first digit of their uids. */
static const PondVideoDetails videos[] = {
  { .uid = "a0000000000000000000000000000001", .title = "Episode 10: Überfahrt", .creator = "Zoé Martin",
    .state_name = "ready", .duration = 5000, .created = USEC (10), .private = TRUE },
  { .uid = "b0000000000000000000000000000001", .title = "Episode 9: the ferry", .creator = "adam",
    .state_name = "ready", .duration = 9000, .created = USEC (9) },
  { .uid = "c0000000000000000000000000000001", .title = "Live: evening at the ferry", .creator = "adam",
    .state_name = "live-inprogress", .duration = -1, .created = USEC (12), .recording = TRUE },
  { .uid = "d0000000000000000000000000000001", .title = NULL, .state_name = "error", .duration = -1,
    .created = USEC (11) },
  { .uid = "e0000000000000000000000000000001", .title = "ébauche", .creator = "adam smith",
    .state_name = "queued", .duration = 5000, .created = USEC (9) },
  { .uid = "f0000000000000000000000000000001", .title = "池の鯉", .state_name = "ready", .duration = 1000,
    .created = USEC (8), .recording = TRUE, .private = TRUE },
};

static gboolean
is_saved (const char *uid,
          gpointer    user_data)
{
  return strchr (user_data, *uid) != NULL;
}

typedef struct
{
  PondCatalogueFilter filter;
  const char *expected;
} FilterCase;

static const FilterCase filters[] = {
  { { .text = NULL }, "abcdef" },
  { { .text = "" }, "abcdef" },
  { { .text = "  " }, "abcdef" },
  { { .text = "epi" }, "ab" },
  { { .text = "uberf" }, "a" },
  { { .text = "ÜBER epi" }, "a" },
  { { .text = "erry" }, "" },
  { { .text = "ferry" }, "bc" },
  { { .text = "ferry adam live" }, "c" },
  { { .text = "zoe" }, "a" },
  { { .text = "episode 1" }, "a" },
  { { .text = "EBAUCHE" }, "e" },
  { { .text = "鯉" }, "f" },
  { { .text = "池鯉" }, "f" },
  { { .text = "魚" }, "" },
  { { .text = "d0000000" }, "d" },
  { { .text = " D0000000000000000000000000000001\n" }, "d" },
  { { .text = "d000000" }, "" },
  { { .states = 1u << POND_VIDEO_READY }, "abf" },
  { { .states = 1u << POND_VIDEO_LIVE | 1u << POND_VIDEO_ERROR }, "cd" },
  { { .states = 1u << POND_VIDEO_PROCESSING }, "e" },
  { { .private = POND_CHOICE_YES }, "af" },
  { { .private = POND_CHOICE_NO }, "bcde" },
  { { .saved = POND_CHOICE_YES }, "bf" },
  { { .saved = POND_CHOICE_NO }, "acde" },
  { { .recording = POND_CHOICE_YES }, "cf" },
  { { .recording = POND_CHOICE_NO }, "abde" },
  { { .creator = "adam" }, "bc" },
  { { .creator = "Adam" }, "" },
  { { .since = DAY (10) }, "acd" },
  { { .until = DAY (10) }, "bef" },
  { { .since = DAY (9), .until = DAY (10) }, "be" },
  { { .text = "ferry", .states = 1u << POND_VIDEO_READY, .saved = POND_CHOICE_YES, .creator = "adam",
      .private = POND_CHOICE_NO, .recording = POND_CHOICE_NO, .since = DAY (9), .until = DAY (10) }, "b" },
};

static void
test_filters (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      g_autoptr(PondCatalogueMatcher) matcher = pond_catalogue_matcher_new (&filters[i].filter);
      g_autoptr(GString) found = g_string_new (NULL);

      for (guint j = 0; j < G_N_ELEMENTS (videos); j++)
        {
          g_autoptr(PondVideo) video = pond_video_new (&videos[j]);
          g_autoptr(PondCatalogueRow) row = pond_catalogue_row_new (video);

          if (pond_catalogue_matcher_matches (matcher, row, is_saved, (gpointer) "bf"))
            g_string_append_c (found, *videos[j].uid);
        }

      g_test_message ("filter %u", i);
      g_assert_cmpstr (found->str, ==, filters[i].expected);
    }
}

typedef struct
{
  PondCatalogueSort sort;
  const char *expected;
} SortCase;

static const SortCase sorts[] = {
  { POND_CATALOGUE_NEWEST, "cdabef" },
  { POND_CATALOGUE_OLDEST, "fbeadc" },
  { POND_CATALOGUE_LONGEST, "baefcd" },
  { POND_CATALOGUE_SHORTEST, "faebcd" },
};

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      user_data)
{
  const PondCatalogueSort *sort = user_data;
  int order = pond_catalogue_row_compare (a, b, *sort);

  g_assert_cmpint (pond_catalogue_row_compare (b, a, *sort), ==, -order);

  return order;
}

static char *
sort_videos (PondCatalogueSort sort)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_catalogue_row_unref);
  GString *order = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (videos); i++)
    {
      g_autoptr(PondVideo) video = pond_video_new (&videos[i]);

      g_ptr_array_add (rows, pond_catalogue_row_new (video));
    }
  g_ptr_array_sort_values_with_data (rows, compare, &sort);

  for (guint i = 0; i < rows->len; i++)
    {
      PondCatalogueRow *row = g_ptr_array_index (rows, i);

      g_string_append_c (order, *pond_video_get_uid (row->video));
    }

  return g_string_free_and_steal (order);
}

static void
test_sorts (void)
{
  g_autofree char *by_title = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (sorts); i++)
    {
      g_autofree char *order = sort_videos (sorts[i].sort);

      g_assert_cmpstr (order, ==, sorts[i].expected);
    }

  /* How letters are ordered is up to the locale; numbers and what has no title are not. */
  by_title = sort_videos (POND_CATALOGUE_TITLE);
  g_assert_cmpuint (strlen (by_title), ==, G_N_ELEMENTS (videos));
  g_assert_true (strchr (by_title, 'b') < strchr (by_title, 'a'));
  g_assert_true (g_str_has_suffix (by_title, "d"));
}

/* However two lists differ, following the changes leads from one to the other. */
static void
test_apply (void)
{
  const PondCatalogueFilter filter_sets[] = {
    { .text = "" },
    { .text = "video 1" },
    { .text = "video 7" },
    { .text = "nothing" },
    { .states = 1u << POND_VIDEO_ERROR },
  };
  PondDemoServer *server = start_server (0, 0);
  g_autoptr(PondStreamClient) client = make_client (server);
  PondCatalogue *catalogue = open_catalogue (NULL);
  PondCatalogueView *view = pond_catalogue_view_new (catalogue);
  g_autoptr(Follower) follower = follow (G_LIST_MODEL (view));

  add_videos (server, "{\"title\": \"Video\", \"created\": \"2024-01-01T00:00:00Z\", \"created_step\": 60,"
                      " \"copies\": 200}");
  for (guint i = 0; i < 200; i++)
    {
      int n = g_test_rand_int_range (0, G_N_ELEMENTS (filter_sets));

      if (i == 3)
        refresh (catalogue, client, FALSE);
      pond_catalogue_view_set_filter (view, &filter_sets[n]);
      pond_catalogue_view_set_sort (view, (PondCatalogueSort) g_test_rand_int_range (0, 5));
      follower_check (follower);
    }

  g_clear_pointer (&follower, follower_free);
  g_assert_finalize_object (view);
  close_catalogue (catalogue);
  stop_server (server);
}

/* A view follows the catalogue, and what is saved when it is told to look. */
static void
test_follows (void)
{
  PondDemoServer *server = start_server (0, 0);
  g_autoptr(PondStreamClient) client = make_client (server);
  PondCatalogue *catalogue = open_catalogue (NULL);
  PondCatalogueView *view = pond_catalogue_view_new (catalogue);
  char saved[17] = "";
  const PondCatalogueFilter unsaved = { .text = "video", .saved = POND_CHOICE_NO };
  g_autoptr(Follower) follower = follow (G_LIST_MODEL (view));

  add_videos (server, "{\"title\": \"Video\", \"created\": \"2024-01-01T00:00:00Z\", \"created_step\": 60,"
                      " \"copies\": 50}");
  pond_catalogue_view_set_saved_func (view, is_saved, saved, NULL);
  pond_catalogue_view_set_filter (view, &unsaved);
  refresh (catalogue, client, FALSE);
  g_assert_cmpuint (follower->items->len, ==, 50);
  g_assert_cmpuint (follower->n_changes, ==, 1);

  g_strlcpy (saved, "0123456789abcdef", sizeof saved);
  pond_catalogue_view_update (view);
  g_assert_cmpuint (follower->items->len, ==, 0);

  *saved = '\0';
  pond_catalogue_view_update (view);
  g_assert_cmpuint (follower->items->len, ==, 50);

  g_clear_pointer (&follower, follower_free);
  g_assert_finalize_object (view);
  close_catalogue (catalogue);
  stop_server (server);
}

/* A cache of many videos, as if they had been listed. */
static void
fill_cache (const char *path,
            guint       n_videos)
{
  g_autoptr(PondCatalogueStore) store = pond_catalogue_store_new (path);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func (g_object_unref);
  PondCataloguePass pass;
  GPtrArray *rows = pond_catalogue_store_load (store, &pass);

  g_assert_cmpuint (rows->len, ==, 0);
  g_ptr_array_unref (rows);
  for (guint i = 0; i < n_videos; i++)
    {
      g_autofree char *uid = g_strdup_printf ("%032x", i);
      g_autofree char *title = g_strdup_printf ("Vidéo %u of a day at the pond", i);
      const PondVideoDetails details = {
        .uid = uid, .title = title, .creator = "somebody", .state_name = "ready", .duration = i * 7919 % 5000,
        .created = i * G_USEC_PER_SEC,
        .thumbnail = "https://customer-example.cloudflarestream.com/0/thumbnails/thumbnail.jpg",
      };

      g_ptr_array_add (list, pond_video_new (&details));
    }
  pond_catalogue_store_put (store, list);
}

static void
test_speed (void)
{
  static const char *const texts[] = { "v", "vi", "video", "video 9", "video 99", "xyz" };
  g_autofree char *path = pond_catalogue_choose_file ("speed");
  PondCatalogue *catalogue;
  PondCatalogueView *view;
  GStatBuf info;
  gint64 start;

  fill_cache (path, 10000);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  catalogue = open_catalogue (path);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (catalogue)), ==, 10000);
  g_test_message ("The cache has %.1f MB", (double) info.st_size / 1e6);

  start = g_get_monotonic_time ();
  view = pond_catalogue_view_new (catalogue);
  g_test_message ("All in %.2f ms", (double) (g_get_monotonic_time () - start) / 1000);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const PondCatalogueFilter filter = { .text = texts[i] };

      start = g_get_monotonic_time ();
      pond_catalogue_view_set_filter (view, &filter);
      g_test_message ("\"%s\": %u in %.2f ms", texts[i], g_list_model_get_n_items (G_LIST_MODEL (view)),
                      (double) (g_get_monotonic_time () - start) / 1000);
    }

  pond_catalogue_view_set_filter (view, &(PondCatalogueFilter) { 0 });
  for (guint sort = POND_CATALOGUE_OLDEST; sort <= POND_CATALOGUE_SHORTEST; sort++)
    {
      start = g_get_monotonic_time ();
      pond_catalogue_view_set_sort (view, (PondCatalogueSort) sort);
      g_test_message ("order %u in %.2f ms", sort, (double) (g_get_monotonic_time () - start) / 1000);
    }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (view)), ==,
                    g_list_model_get_n_items (G_LIST_MODEL (catalogue)));

  g_assert_finalize_object (view);
  close_catalogue (catalogue);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/catalogue-view/fold", test_fold);
  g_test_add_func ("/catalogue-view/filters", test_filters);
  g_test_add_func ("/catalogue-view/sorts", test_sorts);
  g_test_add_func ("/catalogue-view/apply", test_apply);
  g_test_add_func ("/catalogue-view/follows", test_follows);
  g_test_add_func ("/catalogue-view/speed", test_speed);

  return g_test_run ();
}
