/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/pond-cli.h"
#include "cli/pond-cli-tools.h"

#include <glib/gi18n.h>

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
is_saved (PondLibrary *library,
          PondVideo   *video)
{
  return library != NULL && (pond_library_find (library, pond_video_get_uid (video), "default") != NULL ||
                             pond_library_find (library, pond_video_get_uid (video), "audio") != NULL);
}

static GPtrArray *
list_videos (PondSession  *session,
             PondAccount  *account,
             const char   *search,
             guint         limit,
             GError      **error)
{
  g_autoptr(PondStreamClient) client = pond_cli_make_client (session, account, error);
  g_autoptr(GAsyncResult) result = NULL;

  if (client == NULL)
    return NULL;

  pond_stream_client_list_videos_async (client, search, limit, NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);

  return pond_stream_client_list_videos_finish (client, result, error);
}

static int
browse_account (PondSession *session,
                PondAccount *account,
                const char  *search,
                guint        limit,
                gboolean     json)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) videos = list_videos (session, account, search, limit, &error);

  if (videos == NULL)
    {
      pond_cli_complain ("%s: %s", pond_account_get_name (account), error->message);
      return pond_cli_exit_for (error);
    }

  for (guint i = 0; i < videos->len; i++)
    {
      PondVideo *video = g_ptr_array_index (videos, i);
      gboolean saved = is_saved (pond_session_get_library (session), video);

      if (json)
        print_json (video, saved);
      else
        print_plain (video, saved);
    }

  return POND_EXIT_DONE;
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
  gboolean json = FALSE;
  g_autofree char *search = NULL;
  int limit = 0;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object for each video"), NULL },
    { "search", 0, 0, G_OPTION_ARG_STRING, &search, N_("Only videos whose title has this text"), N_("TEXT") },
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, N_("At most so many"), N_("N") },
    { NULL }
  };
  g_autoptr(GOptionContext) context = pond_cli_new_context ("browse", NULL,
      _("List the videos on your accounts, newest first."), entries);
  GListModel *accounts = G_LIST_MODEL (pond_session_get_accounts (session));
  g_autoptr(GError) error = NULL;
  int status = POND_EXIT_DONE;

  if (!pond_cli_parse_alone (context, &argc, &argv))
    return POND_EXIT_USAGE;

  if (limit < 0)
    {
      pond_cli_complain (_("--limit takes the number of videos, or 0 for all of them"));
      return POND_EXIT_USAGE;
    }

  if (!pond_cli_load_accounts (session) || g_list_model_get_n_items (accounts) == 0)
    {
      pond_cli_complain (_("There is no account. Connect one with “millpond account add”"));
      return POND_EXIT_ACCOUNT;
    }

  /* What is saved can't be told without the library; what is on Stream can. */
  if (!pond_cli_open_library (session, &error))
    pond_cli_complain ("%s", error->message);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(PondAccount) account = g_list_model_get_item (accounts, i);
      int account_status = browse_account (session, account, search, (guint) limit, json);

      status = MAX (status, account_status);
    }

  return status;
}
