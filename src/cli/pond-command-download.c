/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/pond-cli.h"
#include "cli/pond-cli-tools.h"
#include "cli/pond-progress-printer.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* Without any progress, about a minute; the window goes on for as long as somebody wants the video. */
#define MAX_RETRIES 6

typedef struct
{
  PondSession *session;
  PondProgressPrinter *printer;
  GPtrArray *downloads;
  guint n_pending;
  gboolean no_wait;
  int signal;
} Run;

static gboolean
on_interrupt (gpointer user_data)
{
  Run *run = user_data;

  run->signal = SIGINT;

  return G_SOURCE_CONTINUE;
}

static gboolean
on_terminate (gpointer user_data)
{
  Run *run = user_data;

  run->signal = SIGTERM;

  return G_SOURCE_CONTINUE;
}

static void
on_added (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Run *run = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PondDownload) download = NULL;

  download = pond_download_queue_add_finish (POND_DOWNLOAD_QUEUE (source), result, &error);
  run->n_pending--;
  if (download == NULL)
    {
      pond_cli_complain ("%s", error->message);
      return;
    }

  pond_progress_printer_watch (run->printer, download);
  g_ptr_array_add (run->downloads, g_steal_pointer (&download));
}

/* Somebody may cancel a download in another process. */
static gboolean
is_cancelled (Run          *run,
              PondDownload *download)
{
  return pond_download_get_state (download) != POND_DOWNLOAD_SAVED &&
         pond_download_queue_find (pond_session_get_queue (run->session), pond_download_get_uid (download),
                                   pond_download_get_type_name (download)) != download;
}

static gboolean
is_at_rest (Run          *run,
            PondDownload *download)
{
  if (is_cancelled (run, download))
    return TRUE;

  switch (pond_download_get_state (download))
    {
    case POND_DOWNLOAD_SAVED:
    case POND_DOWNLOAD_FAILED:
      return TRUE;

    case POND_DOWNLOAD_QUEUED:
    case POND_DOWNLOAD_ENABLING:
      /* Another process works on the queue and will see to it. */
      return run->no_wait && !pond_download_queue_is_owner (pond_session_get_queue (run->session));

    case POND_DOWNLOAD_WAITING:
      /* Nobody here can sign in for the process that works on the queue. */
      return run->no_wait || (pond_download_get_reason (download) == POND_WAITING_SIGN_IN &&
                              !pond_download_queue_is_owner (pond_session_get_queue (run->session)));

    case POND_DOWNLOAD_PREPARING:
    case POND_DOWNLOAD_DOWNLOADING:
    case POND_DOWNLOAD_CHECKING:
    case POND_DOWNLOAD_PAUSED:
    default:
      return run->no_wait;
    }
}

static gboolean
is_over (Run *run)
{
  if (run->n_pending > 0)
    return FALSE;

  for (guint i = 0; i < run->downloads->len; i++)
    {
      if (!is_at_rest (run, g_ptr_array_index (run->downloads, i)))
        return FALSE;
    }

  return TRUE;
}

static int
get_status (Run   *run,
            guint  n_wanted)
{
  int status = run->downloads->len < n_wanted ? POND_EXIT_FAILED : POND_EXIT_DONE;

  for (guint i = 0; i < run->downloads->len; i++)
    {
      PondDownload *download = g_ptr_array_index (run->downloads, i);

      if (pond_download_get_reason (download) == POND_WAITING_SIGN_IN)
        return POND_EXIT_ACCOUNT;
      if (is_cancelled (run, download))
        {
          pond_cli_complain (_("%s was cancelled elsewhere"), pond_download_get_title (download));
          status = POND_EXIT_FAILED;
          continue;
        }

      if (pond_download_get_state (download) != POND_DOWNLOAD_FAILED)
        continue;

      if (pond_download_get_code (download) == POND_FAILURE_UNAUTHORIZED ||
          pond_download_get_code (download) == POND_FAILURE_FORBIDDEN)
        return POND_EXIT_ACCOUNT;
      status = POND_EXIT_FAILED;
    }

  return status;
}

/* The types that were asked for, or the one that the link is to; @own is where that is put. */
static const char *const *
choose_types (PondVideoRef      *ref,
              const char *const *types,
              const char        *own[2])
{
  const char *named = pond_video_ref_get_type_name (ref);

  own[0] = named != NULL ? named : "default";
  own[1] = NULL;

  return types != NULL ? types : own;
}

static int
download_all (PondSession       *session,
              GPtrArray         *refs,
              const char *const *types,
              PondPrinterStyle   style,
              gboolean           no_wait)
{
  g_autoptr(PondProgressPrinter) printer = NULL;
  g_autoptr(GPtrArray) downloads = g_ptr_array_new_with_free_func (g_object_unref);
  PondDownloadQueue *queue = pond_session_get_queue (session);
  Run run = { .session = session, .downloads = downloads, .no_wait = no_wait };
  guint interrupt = g_unix_signal_add (SIGINT, on_interrupt, &run);
  guint terminate = g_unix_signal_add (SIGTERM, on_terminate, &run);
  guint n_wanted = 0;

  printer = pond_progress_printer_new (pond_session_get_library (session), style);
  run.printer = printer;

  for (guint i = 0; i < refs->len; i++)
    {
      PondVideoRef *ref = g_ptr_array_index (refs, i);
      const char *own[2];

      for (const char *const *type = choose_types (ref, types, own); *type != NULL; type++)
        {
          n_wanted++;
          run.n_pending++;
          pond_download_queue_add_async (queue, ref, *type, NULL, on_added, &run);
        }
    }

  while (run.n_pending > 0 || (run.signal == 0 && !is_over (&run)))
    g_main_context_iteration (NULL, TRUE);

  pond_progress_printer_end (printer);
  g_source_remove (interrupt);
  g_source_remove (terminate);

  return run.signal != 0 ? 128 + run.signal : get_status (&run, n_wanted);
}

static void
fail_all (GPtrArray        *refs,
          const char *const *types,
          PondPrinterStyle  style,
          const GError     *error)
{
  gboolean full = g_error_matches (error, POND_LIBRARY_ERROR, POND_LIBRARY_ERROR_DISK_FULL) ||
                  g_error_matches (error, POND_DATABASE_ERROR, POND_DATABASE_ERROR_FULL);

  pond_cli_complain ("%s", error->message);
  if (style != POND_PRINTER_JSON)
    return;

  for (guint i = 0; i < refs->len; i++)
    {
      PondVideoRef *ref = g_ptr_array_index (refs, i);
      const char *own[2];

      for (const char *const *type = choose_types (ref, types, own); *type != NULL; type++)
        {
          g_autoptr(JsonBuilder) builder = json_builder_new ();

          json_builder_begin_object (builder);
          pond_cli_add_string (builder, "event", "failed");
          pond_cli_add_string (builder, "video", pond_video_ref_get_uid (ref));
          pond_cli_add_string (builder, "type", *type);
          pond_cli_add_string (builder, "code", full ? "disk-full" : "library-unavailable");
          pond_cli_add_string (builder, "message", error->message);
          json_builder_end_object (builder);
          pond_cli_print_json (builder);
        }
    }
}

static gboolean
check_types (const char *const *types)
{
  for (const char *const *type = types; type != NULL && *type != NULL; type++)
    {
      if (!pond_cli_check_type (*type))
        return FALSE;
    }

  return TRUE;
}

/* A bare ID can only be looked for on an account; a link to a public video needs none. */
static gboolean
check_accounts (PondSession *session,
                GPtrArray   *refs)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (pond_session_get_accounts (session))) > 0)
    return TRUE;

  for (guint i = 0; i < refs->len; i++)
    {
      PondVideoRef *ref = g_ptr_array_index (refs, i);

      if (pond_video_ref_get_host (ref) != NULL)
        continue;

      pond_cli_complain (_("There is no account on which to look for %s. Connect one with "
                           "“millpond account add”, or set CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN"),
                         pond_video_ref_get_uid (ref));
      return FALSE;
    }

  return TRUE;
}

/**
 * pond_command_download:
 * @session: a session
 * @argc: how many arguments there are
 * @argv: `download` and what follows
 *
 * Saves videos, and waits until they are saved or have failed.
 *
 * Returns: the exit status
 */
int
pond_command_download (PondSession  *session,
                       int           argc,
                       char        **argv)
{
  g_auto(GStrv) types = NULL;
  gboolean json = FALSE;
  gboolean no_wait = FALSE;
  const GOptionEntry entries[] = {
    { "type", 0, 0, G_OPTION_ARG_STRING_ARRAY, &types,
      N_("Which file: “default” is the MP4, “audio” the sound alone; may be given twice"), N_("TYPE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print events as JSON Lines"), NULL },
    { "no-wait", 0, 0, G_OPTION_ARG_NONE, &no_wait,
      N_("Have Stream make the files and leave, without waiting for them"), NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = pond_cli_new_context ("download", _("VIDEO…"),
      _("Save videos into the library. A VIDEO is an ID, a Stream link, a file that holds such, or “-” for "
        "standard input."), entries);
  g_autoptr(GPtrArray) refs = NULL;
  g_autoptr(GError) error = NULL;
  PondPrinterStyle style;

  if (!pond_cli_parse (context, &argc, &argv) || !check_types ((const char *const *) types))
    return POND_EXIT_USAGE;

  if (argc < 2)
    {
      pond_cli_complain (_("Name at least one video"));
      return POND_EXIT_USAGE;
    }

  refs = pond_cli_read_videos (argv + 1, argc - 1);
  if (refs == NULL)
    return POND_EXIT_USAGE;

  if (!pond_cli_load_accounts (session) || !check_accounts (session, refs))
    return POND_EXIT_ACCOUNT;

  style = json ? POND_PRINTER_JSON : isatty (STDOUT_FILENO) ? POND_PRINTER_TERMINAL : POND_PRINTER_PLAIN;
  if (!pond_cli_open_library (session, &error) || !pond_cli_start_queue (session, &error))
    {
      fail_all (refs, (const char *const *) types, style, error);
      return POND_EXIT_FAILED;
    }

  g_object_set (pond_session_get_queue (session), "max-retries", MAX_RETRIES, NULL);

  return download_all (session, refs, (const char *const *) types, style, no_wait);
}
