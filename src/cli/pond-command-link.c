/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/pond-cli.h"
#include "cli/pond-cli-tools.h"
#include "stream/pond-link-time.h"

#include <glib/gi18n.h>

/* What Stream's clock may be behind this machine's, so that the longest link is not too long for it. */
#define CLOCK_MARGIN 5

/* What was found of the video that a link is to lead to. */
typedef struct
{
  PondStreamClient *client;
  PondVideo *video;
  char *url;
} Target;

static void
target_clear (Target *target)
{
  g_clear_object (&target->client);
  g_clear_object (&target->video);
  g_clear_pointer (&target->url, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Target, target_clear)

static gboolean
allow_country (const char  *option,
               const char  *value,
               gpointer     data,
               GError     **error)
{
  PondLinkRequest *request = data;

  return pond_access_rules_add_countries (request->rules, TRUE, value, error);
}

static gboolean
allow_ip (const char  *option,
          const char  *value,
          gpointer     data,
          GError     **error)
{
  PondLinkRequest *request = data;

  return pond_access_rules_add_addresses (request->rules, TRUE, value, error);
}

static GOptionContext *
make_context (const GOptionEntry *entries,
              PondLinkRequest    *request)
{
  GOptionContext *context = pond_cli_new_context ("link", _("VIDEO"),
      _("Print a signed link to a video’s file, which is good for some time and, if you say so, in some places only."),
      NULL);
  GOptionGroup *group = g_option_group_new (NULL, NULL, NULL, request, NULL);

  g_option_group_add_entries (group, entries);
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_context_set_main_group (context, group);

  return context;
}

/* Turns what was typed into what is asked for, and complains if that can't be had. */
static gboolean
fill_request (PondLinkRequest *request,
              const char      *expires,
              const char      *not_before)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  gint64 seconds = 3600;
  g_autoptr(GError) error = NULL;

  if (expires != NULL && !pond_link_parse_duration (expires, &seconds, &error))
    goto out;
  if (not_before != NULL && !pond_link_parse_time (not_before, now, &request->not_before, &error))
    goto out;

  if (seconds == POND_LINK_LONGEST)
    seconds -= CLOCK_MARGIN;
  request->expires = g_date_time_to_unix (now) + seconds;
  if (!pond_link_request_check (request, g_date_time_to_unix (now), &error))
    goto out;

  /* Whom no rule matches may use a link, so allowing some takes one rule more. */
  if (pond_access_rules_get_length (request->rules) > 0 &&
      !pond_access_rules_add_everyone (request->rules, FALSE, &error))
    {
      pond_cli_complain (_("%s, and refusing everyone else is one of them"), error->message);
      return FALSE;
    }

out:
  if (error != NULL)
    pond_cli_complain ("%s", error->message);

  return error == NULL;
}

static PondVideo *
get_video (PondStreamClient  *client,
           const char        *uid,
           GError           **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  pond_stream_client_get_video_async (client, uid, NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);

  return pond_stream_client_get_video_finish (client, result, error);
}

/* Looks for the video on one account after the other. */
static int
find_video (PondSession *session,
            const char  *uid,
            Target      *target)
{
  GListModel *accounts = G_LIST_MODEL (pond_session_get_accounts (session));

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(PondAccount) account = g_list_model_get_item (accounts, i);
      g_autoptr(PondStreamClient) client = NULL;
      g_autoptr(GError) error = NULL;

      client = pond_cli_make_client (session, account, &error);
      if (client != NULL)
        target->video = get_video (client, uid, &error);

      if (target->video != NULL)
        {
          target->client = g_steal_pointer (&client);
          return POND_EXIT_DONE;
        }

      if (!g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_NOT_FOUND))
        {
          pond_cli_complain ("%s: %s", pond_account_get_name (account), error->message);
          return pond_cli_exit_for (error);
        }
    }

  pond_cli_complain (_("There is no video %s on your accounts"), uid);

  return POND_EXIT_FAILED;
}

/* A link would lead nowhere; and making the file is no business of a command that was asked for a link. */
static void
complain_of_missing (PondVideo                *video,
                     const PondStreamDownload *download)
{
  const char *title = pond_video_get_title (video) != NULL ? pond_video_get_title (video)
                                                           : pond_video_get_uid (video);

  if (download == NULL)
    pond_cli_complain (_("Stream has made no such file of “%s”. “millpond download %s” has it made"), title,
                       pond_video_get_uid (video));
  else if (download->status == POND_ENCODE_IN_PROGRESS)
    pond_cli_complain (_("Stream is still making the file of “%s” (%.0f %%). Try again when it is done"), title,
                       download->percent);
  else
    pond_cli_complain (_("Stream could not make a file of “%s”"), title);
}

static int
find_file (const char *type,
           Target     *target)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) downloads = NULL;
  g_autoptr(GError) error = NULL;
  PondStreamDownload *download;

  pond_stream_client_list_downloads_async (target->client, pond_video_get_uid (target->video), NULL,
                                           pond_cli_on_result, &result);
  pond_cli_wait (&result);
  downloads = pond_stream_client_list_downloads_finish (target->client, result, &error);
  if (downloads == NULL)
    {
      pond_cli_complain ("%s", error->message);
      return pond_cli_exit_for (error);
    }

  download = pond_stream_download_find (downloads, type);
  if (download == NULL || download->status != POND_ENCODE_READY || download->url == NULL)
    {
      complain_of_missing (target->video, download);
      return POND_EXIT_FAILED;
    }

  target->url = g_strdup (download->url);

  return POND_EXIT_DONE;
}

static int
print_link (const Target          *target,
            const PondLinkRequest *request)
{
  const char *uid = pond_video_get_uid (target->video);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *token = NULL;
  g_autofree char *link = NULL;
  g_autofree char *description = pond_link_request_describe (request);

  pond_stream_client_sign_async (target->client, uid, request, NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);
  token = pond_stream_client_sign_finish (target->client, result, &error);
  if (token == NULL)
    {
      pond_cli_complain ("%s", error->message);
      return pond_cli_exit_for (error);
    }

  link = pond_stream_client_sign_url (target->url, uid, token);
  if (g_str_equal (link, target->url))
    {
      pond_cli_complain (_("Stream’s answer makes no sense"));
      return POND_EXIT_FAILED;
    }

  g_print ("%s\n", link);
  g_printerr ("%s\n", description);
  if (!pond_video_get_private (target->video))
    g_printerr ("%s\n", _("This video is public: its link without a token works as well, for everyone and for good"));

  return POND_EXIT_DONE;
}

static PondVideoRef *
read_video (int    argc,
            char **argv)
{
  g_autoptr(GPtrArray) refs = NULL;

  if (argc == 2)
    refs = pond_cli_read_videos (argv + 1, 1);
  else
    pond_cli_complain (_("Name one video"));

  if (refs == NULL)
    return NULL;

  if (refs->len > 1)
    {
      pond_cli_complain (_("“%s” holds more than one video"), argv[1]);
      return NULL;
    }

  return pond_video_ref_ref (g_ptr_array_index (refs, 0));
}

/**
 * pond_command_link:
 * @session: a session
 * @argc: how many arguments there are
 * @argv: `link` and what follows
 *
 * Prints a signed link to a video's file, and says in words what it allows.
 *
 * Returns: the exit status
 */
int
pond_command_link (PondSession  *session,
                   int           argc,
                   char        **argv)
{
  g_autofree char *expires = NULL;
  g_autofree char *not_before = NULL;
  g_autofree char *type = NULL;
  const GOptionEntry entries[] = {
    { "expires", 0, 0, G_OPTION_ARG_STRING, &expires,
      N_("How long from now it is good: 90s, 30m, 12h, at most 1d; an hour if not said"), N_("DURATION") },
    { "not-before", 0, 0, G_OPTION_ARG_STRING, &not_before,
      N_("When it begins to be good: 18:00, +30m or 2026-11-24T18:00:00+01:00"), N_("TIME") },
    { "allow-country", 0, 0, G_OPTION_ARG_CALLBACK, allow_country,
      N_("Only for people in these countries; may be given again"), N_("CC,…") },
    { "allow-ip", 0, 0, G_OPTION_ARG_CALLBACK, allow_ip,
      N_("Only for these addresses and ranges; may be given again"), N_("CIDR,…") },
    { "type", 0, 0, G_OPTION_ARG_STRING, &type, N_("Which file: “default” is the MP4, “audio” the sound alone"),
      N_("TYPE") },
    { NULL }
  };
  g_autoptr(PondLinkRequest) request = pond_link_request_new ();
  g_autoptr(GOptionContext) context = make_context (entries, request);
  g_autoptr(PondVideoRef) ref = NULL;
  g_auto(Target) target = { NULL };
  int status;

  request->rules = pond_access_rules_new ();
  if (!pond_cli_parse (context, &argc, &argv) || !pond_cli_check_type (type) ||
      !fill_request (request, expires, not_before))
    return POND_EXIT_USAGE;

  ref = read_video (argc, argv);
  if (ref == NULL)
    return POND_EXIT_USAGE;

  if (!pond_cli_load_accounts (session) ||
      g_list_model_get_n_items (G_LIST_MODEL (pond_session_get_accounts (session))) == 0)
    {
      pond_cli_complain (_("There is no account. Connect one with “millpond account add”"));
      return POND_EXIT_ACCOUNT;
    }

  if (type == NULL)
    type = g_strdup (pond_video_ref_get_type_name (ref) != NULL ? pond_video_ref_get_type_name (ref) : "default");

  status = find_video (session, pond_video_ref_get_uid (ref), &target);
  if (status == POND_EXIT_DONE)
    status = find_file (type, &target);
  if (status == POND_EXIT_DONE)
    status = print_link (&target, request);

  return status;
}
