/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/pond-cli.h"
#include "cli/pond-cli-tools.h"
#include "player/pond-player.h"

#include <glib/gi18n.h>
#include <gst/gst.h>

#define PLAY_LIMIT_SECONDS 20

/* Of the sample videos two never become files, which is what they are there to show. */
static GStrv
choose_videos (PondSession  *session,
               GError      **error)
{
  g_autoptr(PondAccount) account =
      g_list_model_get_item (G_LIST_MODEL (pond_session_get_accounts (session)), 0);
  g_autoptr(PondStreamClient) client = pond_cli_make_client (session, account, error);
  g_autoptr(GStrvBuilder) chosen = g_strv_builder_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) videos = NULL;

  if (client == NULL)
    return NULL;

  pond_stream_client_list_videos_async (client, NULL, 0, NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);
  videos = pond_stream_client_list_videos_finish (client, result, error);
  if (videos == NULL)
    return NULL;

  g_strv_builder_add (chosen, "download");
  for (guint i = 0; i < videos->len; i++)
    g_strv_builder_add (chosen, pond_video_get_uid (g_ptr_array_index (videos, i)));

  return g_strv_builder_end (chosen);
}

static gboolean
on_play_limit (gpointer user_data)
{
  gboolean *over = user_data;

  *over = TRUE;

  return G_SOURCE_REMOVE;
}

/* Plays a second of a saved video, without a screen and without a sound device. */
static gboolean
play_a_second (PondLibraryEntry *entry)
{
  g_autoptr(PondPlayer) player = pond_player_new (gst_element_factory_make ("fakevideosink", NULL),
                                                  gst_element_factory_make ("fakeaudiosink", NULL));
  gboolean over = FALSE;
  guint limit = g_timeout_add_seconds (PLAY_LIMIT_SECONDS, on_play_limit, &over);
  gboolean played = FALSE;

  pond_player_open (player, pond_library_entry_get_file (entry), 0);
  pond_player_play (player);

  while (!over && !played && pond_player_get_state (player) != POND_PLAYER_FAILED)
    {
      GstClockTime position = pond_player_get_position (player);

      played = GST_CLOCK_TIME_IS_VALID (position) && position >= GST_SECOND;
      if (!played)
        g_main_context_iteration (NULL, TRUE);
    }

  if (!over)
    g_source_remove (limit);
  pond_player_stop (player);

  return played;
}

static int
report (PondSession *session)
{
  GListModel *library = G_LIST_MODEL (pond_session_get_library (session));
  g_autoptr(PondLibraryEntry) first = g_list_model_get_item (library, 0);

  if (first == NULL)
    {
      pond_cli_complain (_("No video was saved"));
      return POND_EXIT_FAILED;
    }

  if (!play_a_second (first))
    {
      pond_cli_complain (_("“%s” was saved, but does not play"), pond_library_entry_get_title (first));
      return POND_EXIT_FAILED;
    }

  pond_cli_print (_("Played a second of “%s”"), pond_library_entry_get_title (first));
  pond_cli_print (_("The files are in %s"),
                  g_file_peek_path (pond_library_get_folder (POND_LIBRARY (library))));
  for (guint i = 0; i < g_list_model_get_n_items (library); i++)
    {
      g_autoptr(PondLibraryEntry) entry = g_list_model_get_item (library, i);

      pond_cli_print ("  %s", g_file_peek_path (pond_library_entry_get_file (entry)));
    }

  return POND_EXIT_DONE;
}

/**
 * pond_command_tour:
 * @session: a session on the sample account
 * @argc: how many arguments there are
 * @argv: `tour` and what follows
 *
 * Shows without a display what Millpond does: saves the sample videos, plays a second of one, and says
 * where the files are.
 *
 * Returns: the exit status
 */
int
pond_command_tour (PondSession  *session,
                   int           argc,
                   char        **argv)
{
  g_autoptr(GOptionContext) context = pond_cli_new_context ("tour", NULL,
      _("Save the sample videos, play a second of one, and say where the files are. Needs no display."), NULL);
  g_auto(GStrv) arguments = NULL;
  g_autoptr(GError) error = NULL;

  if (!pond_cli_parse_alone (context, &argc, &argv))
    return POND_EXIT_USAGE;

  if (!pond_session_get_sample (session))
    {
      pond_cli_complain (_("The tour is of the sample account: “millpond --demo tour”"));
      return POND_EXIT_USAGE;
    }

  arguments = choose_videos (session, &error);
  if (arguments == NULL)
    {
      pond_cli_complain ("%s", error->message);
      return POND_EXIT_FAILED;
    }

  if (pond_command_download (session, (int) g_strv_length (arguments), arguments) >= POND_EXIT_ACCOUNT)
    return POND_EXIT_FAILED;

  gst_init (NULL, NULL);

  return report (session);
}
