/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/pond-cli.h"
#include "cli/pond-cli-tools.h"
#include "downloads/pond-download-store.h"

#include <glib/gi18n.h>

static void
print_json (PondDownloadRecord *record)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  pond_cli_add_string (builder, "video", record->uid);
  pond_cli_add_string (builder, "type", record->type);
  pond_cli_add_string (builder, "title", record->title);
  pond_cli_add_string (builder, "state", pond_enum_to_nick (POND_TYPE_DOWNLOAD_STATE, (int) record->state));
  if (record->state == POND_DOWNLOAD_WAITING)
    pond_cli_add_string (builder, "reason",
                         pond_enum_to_nick (POND_TYPE_WAITING_REASON, (int) record->reason));
  if (record->state == POND_DOWNLOAD_FAILED)
    pond_cli_add_string (builder, "code", pond_enum_to_nick (POND_TYPE_FAILURE_CODE, (int) record->code));
  pond_cli_add_double (builder, "percent", record->percent);
  pond_cli_add_int (builder, "bytes", (gint64) record->bytes);
  pond_cli_add_int (builder, "total", record->total);
  pond_cli_add_string (builder, "message", record->message);
  json_builder_end_object (builder);
  pond_cli_print_json (builder);
}

static void
print_plain (PondDownloadRecord *record)
{
  const char *state = pond_enum_to_nick (POND_TYPE_DOWNLOAD_STATE, (int) record->state);
  g_autofree char *bytes = g_format_size (record->bytes);

  pond_cli_print ("%s  %-11s  %9s  %s%s%s", record->uid, state, bytes, record->title,
                  record->message != NULL ? " – " : "", record->message != NULL ? record->message : "");
}

static GPtrArray *
load_records (PondLibrary  *library,
              GError      **error)
{
  g_autoptr(PondDownloadStore) store = pond_download_store_new (library);
  g_autoptr(GAsyncResult) result = NULL;

  pond_download_store_load_async (store, FALSE, NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);

  return pond_download_store_load_finish (store, result, error);
}

/**
 * pond_command_status:
 * @session: a session
 * @argc: how many arguments there are
 * @argv: `status` and what follows
 *
 * Prints the queue as the process that works on it has written it, and touches nothing.
 *
 * Returns: the exit status
 */
int
pond_command_status (PondSession  *session,
                     int           argc,
                     char        **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object for each download"), NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = pond_cli_new_context ("status", NULL,
      _("Print the queue: what is on its way, waits, or has failed."), entries);
  g_autoptr(GPtrArray) records = NULL;
  g_autoptr(GError) error = NULL;

  if (!pond_cli_parse_alone (context, &argc, &argv))
    return POND_EXIT_USAGE;

  if (pond_cli_open_library (session, &error))
    records = load_records (pond_session_get_library (session), &error);

  if (records == NULL)
    {
      pond_cli_complain ("%s", error->message);
      return POND_EXIT_FAILED;
    }

  for (guint i = 0; i < records->len; i++)
    {
      if (json)
        print_json (g_ptr_array_index (records, i));
      else
        print_plain (g_ptr_array_index (records, i));
    }

  return POND_EXIT_DONE;
}
