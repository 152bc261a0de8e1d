/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "catalogue/pond-catalogue-matcher.h"
#include "cli/pond-cli.h"
#include "cli/pond-cli-tools.h"

#include <glib/gi18n.h>

typedef struct
{
  PondLibrary *library;
  PondCatalogueMatcher *matcher;
  PondCatalogueSort sort;
  guint limit; /* 0 for none */
  gboolean json;
  /* (element-type PondCatalogueRow): of one account, those that can be printed only when all are there */
  GPtrArray *found;
  guint n_printed;
} Browse;

static void
print_json (PondVideo *video,
            gboolean   saved)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  gint64 duration = pond_video_get_duration (video);

  json_builder_begin_object (builder);
  pond_cli_add_string (builder, "video", pond_video_get_uid (video));
  pond_cli_add_string (builder, "title", pond_video_get_title (video));
  pond_cli_add_string (builder, "state", pond_video_get_state_name (video));
  pond_cli_add_double (builder, "duration", duration >= 0 ? (double) duration / 1000.0 : -1);
  pond_cli_add_time (builder, "created", pond_video_get_created (video));
  pond_cli_add_bool (builder, "private", pond_video_get_private (video));
  pond_cli_add_bool (builder, "saved", saved);
  json_builder_end_object (builder);
  pond_cli_print_json (builder);
}

static void
print_plain (PondVideo *video,
             gboolean   saved)
{
  g_autofree char *length = pond_cli_format_length (pond_video_get_duration (video));

  pond_cli_print ("%s  %8s  %-10s  %s%s", pond_video_get_uid (video), length, pond_video_get_state_name (video),
                  pond_video_get_title (video) != NULL ? pond_video_get_title (video) : "–",
                  saved ? _("  (saved)") : "");
}

static gboolean
is_saved (const char *uid,
          gpointer    user_data)
{
  PondLibrary *library = user_data;

  return library != NULL && (pond_library_find (library, uid, "default") != NULL ||
                             pond_library_find (library, uid, "audio") != NULL);
}

static gboolean
is_enough (Browse *browse)
{
  return browse->limit != 0 && browse->n_printed >= browse->limit;
}

static void
print_video (Browse    *browse,
             PondVideo *video)
{
  gboolean saved = is_saved (pond_video_get_uid (video), browse->library);

  if (is_enough (browse))
    return;

  browse->n_printed++;
  if (browse->json)
    print_json (video, saved);
  else
    print_plain (video, saved);
}

/* Videos come newest first, so that in this order they are printed as they come. */
static gboolean
on_page (GPtrArray *videos,
         gpointer   user_data)
{
  Browse *browse = user_data;

  for (guint i = 0; i < videos->len; i++)
    {
      g_autoptr(PondCatalogueRow) row = pond_catalogue_row_new (videos->pdata[i]);

      if (!pond_catalogue_matcher_matches (browse->matcher, row, is_saved, browse->library))
        continue;

      if (browse->sort == POND_CATALOGUE_NEWEST)
        print_video (browse, row->video);
      else
        g_ptr_array_add (browse->found, g_steal_pointer (&row));
    }

  return !is_enough (browse);
}

static int
compare_rows (gconstpointer a,
              gconstpointer b,
              gpointer      user_data)
{
  const Browse *browse = user_data;

  return pond_catalogue_row_compare (a, b, browse->sort);
}

static void
print_found (Browse *browse)
{
  g_ptr_array_sort_values_with_data (browse->found, compare_rows, browse);
  for (guint i = 0; i < browse->found->len; i++)
    {
      PondCatalogueRow *row = g_ptr_array_index (browse->found, i);

      print_video (browse, row->video);
    }
}

static gboolean
list_videos (PondSession  *session,
             PondAccount  *account,
             guint         n_needed,
             Browse       *browse,
             GError      **error)
{
  g_autoptr(PondStreamClient) client = pond_cli_make_client (session, account, error);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) videos = NULL;

  if (client == NULL)
    return FALSE;

  pond_stream_client_list_pages_async (client, n_needed, on_page, browse, NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);
  videos = pond_stream_client_list_videos_finish (client, result, error);

  return videos != NULL;
}

static int
browse_account (PondSession *session,
                PondAccount *account,
                guint        n_needed,
                Browse      *browse)
{
  g_autoptr(GError) error = NULL;

  browse->n_printed = 0;
  g_ptr_array_set_size (browse->found, 0);
  if (!list_videos (session, account, n_needed, browse, &error))
    {
      pond_cli_complain ("%s: %s", pond_account_get_name (account), error->message);
      return pond_cli_exit_for (error);
    }

  print_found (browse);

  return POND_EXIT_DONE;
}

static gboolean
parse_state (const char *text,
             guint      *states)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (POND_TYPE_VIDEO_STATE);
  const GEnumValue *value = g_enum_get_value_by_nick (klass, text);

  if (value == NULL)
    {
      pond_cli_complain (_("“%s” is no state; there are “processing”, “ready”, “live” and “error”"),
                         text);
      return FALSE;
    }

  *states |= 1u << value->value;

  return TRUE;
}

static gboolean
parse_states (char  **texts,
              guint  *states)
{
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      if (!parse_state (texts[i], states))
        return FALSE;
    }

  return TRUE;
}

static gboolean
parse_sort (const char        *text,
            PondCatalogueSort *sort)
{
  static const char *const names[] = {
    [POND_CATALOGUE_NEWEST] = "newest",
    [POND_CATALOGUE_OLDEST] = "oldest",
    [POND_CATALOGUE_TITLE] = "title",
    [POND_CATALOGUE_LONGEST] = "longest",
    [POND_CATALOGUE_SHORTEST] = "shortest",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (text == NULL || g_str_equal (text, names[i]))
        {
          *sort = (PondCatalogueSort) i;
          return TRUE;
        }
    }

  pond_cli_complain (_("“%s” is no order; there are “newest”, “oldest”, “title”, “longest” and "
                       "“shortest”"),
                     text);

  return FALSE;
}

/* A day begins at midnight here. */
static gboolean
parse_time (const char *text,
            gint64     *seconds)
{
  g_autoptr(GTimeZone) here = g_time_zone_new_local ();
  g_autofree char *midnight = NULL;
  g_autoptr(GDateTime) time = NULL;

  if (text == NULL)
    return TRUE;

  midnight = g_strconcat (text, "T00:00:00", NULL);
  time = g_date_time_new_from_iso8601 (midnight, here);
  if (time == NULL)
    time = g_date_time_new_from_iso8601 (text, here);
  if (time == NULL)
    {
      pond_cli_complain (_("“%s” is no date such as 2024-05-31"), text);
      return FALSE;
    }

  *seconds = g_date_time_to_unix (time);

  return TRUE;
}

static PondChoice
choose (gboolean yes,
        gboolean no)
{
  if (yes == no)
    return POND_CHOICE_ANY;

  return yes ? POND_CHOICE_YES : POND_CHOICE_NO;
}

static gboolean
wants_all (const PondCatalogueFilter *filter)
{
  return filter->text == NULL && filter->states == 0 && filter->private == POND_CHOICE_ANY &&
         filter->saved == POND_CHOICE_ANY && filter->recording == POND_CHOICE_ANY &&
         filter->creator == NULL && filter->since == 0 && filter->until == 0;
}

static int
browse_accounts (PondSession               *session,
                 const PondCatalogueFilter *filter,
                 Browse                    *browse)
{
  GListModel *accounts = G_LIST_MODEL (pond_session_get_accounts (session));
  guint n_needed = wants_all (filter) && browse->sort == POND_CATALOGUE_NEWEST ? browse->limit : 0;
  g_autoptr(PondCatalogueMatcher) matcher = pond_catalogue_matcher_new (filter);
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_catalogue_row_unref);
  g_autoptr(GError) error = NULL;
  int status = POND_EXIT_DONE;

  if (!pond_cli_load_accounts (session) || g_list_model_get_n_items (accounts) == 0)
    {
      pond_cli_complain (_("There is no account. Connect one with “millpond account add”"));
      return POND_EXIT_ACCOUNT;
    }

  /* What is saved can't be told without the library; what is on Stream can. */
  if (!pond_cli_open_library (session, &error))
    pond_cli_complain ("%s", error->message);

  browse->library = pond_session_get_library (session);
  browse->matcher = matcher;
  browse->found = found;
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(PondAccount) account = g_list_model_get_item (accounts, i);
      int account_status = browse_account (session, account, n_needed, browse);

      status = MAX (status, account_status);
    }

  return status;
}

/**
 * pond_command_browse:
 * @session: a session
 * @argc: how many arguments there are
 * @argv: `browse` and what follows
 *
 * Lists what is on the accounts.
 *
 * Returns: the exit status
 */
int
pond_command_browse (PondSession  *session,
                     int           argc,
                     char        **argv)
{
  Browse browse = { 0 };
  PondCatalogueFilter filter = { 0 };
  g_autofree char *search = NULL;
  g_auto(GStrv) states = NULL;
  gboolean private = FALSE, public = FALSE, saved = FALSE, unsaved = FALSE;
  gboolean recordings = FALSE, uploads = FALSE;
  g_autofree char *creator = NULL;
  g_autofree char *since = NULL;
  g_autofree char *before = NULL;
  g_autofree char *sort = NULL;
  int limit = 0;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &browse.json, N_("Print one JSON object for each video"), NULL },
    { "search", 0, 0, G_OPTION_ARG_STRING, &search,
      N_("Only videos whose title or creator has words that begin like this"), N_("TEXT") },
    { "state", 0, 0, G_OPTION_ARG_STRING_ARRAY, &states,
      N_("Only those that are processing, ready, live or in error"), N_("STATE") },
    { "private", 0, 0, G_OPTION_ARG_NONE, &private, N_("Only private videos"), NULL },
    { "public", 0, 0, G_OPTION_ARG_NONE, &public, N_("Only public videos"), NULL },
    { "saved", 0, 0, G_OPTION_ARG_NONE, &saved, N_("Only videos that are in the library"), NULL },
    { "unsaved", 0, 0, G_OPTION_ARG_NONE, &unsaved, N_("Only videos that are not in the library"), NULL },
    { "recordings", 0, 0, G_OPTION_ARG_NONE, &recordings, N_("Only recordings of live inputs"), NULL },
    { "uploads", 0, 0, G_OPTION_ARG_NONE, &uploads, N_("Only videos that are no such recordings"), NULL },
    { "creator", 0, 0, G_OPTION_ARG_STRING, &creator, N_("Only videos of this creator"), N_("NAME") },
    { "since", 0, 0, G_OPTION_ARG_STRING, &since, N_("Only videos made on this day or later"), N_("DATE") },
    { "before", 0, 0, G_OPTION_ARG_STRING, &before, N_("Only videos made before this day"), N_("DATE") },
    { "sort", 0, 0, G_OPTION_ARG_STRING, &sort,
      N_("By newest (which is usual), oldest, title, longest or shortest"), N_("ORDER") },
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, N_("At most so many of each account"), N_("N") },
    { NULL }
  };
  g_autoptr(GOptionContext) context = pond_cli_new_context ("browse", NULL,
      _("List the videos on your accounts."), entries);

  if (!pond_cli_parse_alone (context, &argc, &argv) || !parse_states (states, &filter.states) ||
      !parse_sort (sort, &browse.sort) || !parse_time (since, &filter.since) ||
      !parse_time (before, &filter.until))
    return POND_EXIT_USAGE;

  if (limit < 0)
    {
      pond_cli_complain (_("There is no list of %d videos"), limit);
      return POND_EXIT_USAGE;
    }

  browse.limit = (guint) limit;
  filter.text = search;
  filter.private = choose (private, public);
  filter.saved = choose (saved, unsaved);
  filter.recording = choose (recordings, uploads);
  filter.creator = creator;

  return browse_accounts (session, &filter, &browse);
}
