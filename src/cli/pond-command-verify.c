/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/pond-cli.h"
#include "cli/pond-cli-tools.h"

#include <glib/gi18n.h>

static void
print_result (const PondVerification *verification,
              gboolean                json)
{
  PondLibraryEntry *entry = verification->entry;
  const char *path = g_file_peek_path (pond_library_entry_get_file (entry));
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  if (!json)
    {
      pond_cli_print ("%-8s  %s", verification->result, path);
      return;
    }

  json_builder_begin_object (builder);
  pond_cli_add_string (builder, "video", pond_library_entry_get_uid (entry));
  pond_cli_add_string (builder, "type", pond_library_entry_get_type_name (entry));
  pond_cli_add_string (builder, "path", path);
  pond_cli_add_string (builder, "result", verification->result);
  json_builder_end_object (builder);
  pond_cli_print_json (builder);
}

/**
 * pond_command_verify:
 * @session: a session
 * @argc: how many arguments there are
 * @argv: `verify` and what follows
 *
 * Checks files against the index.
 *
 * Returns: the exit status
 */
int
pond_command_verify (PondSession  *session,
                     int           argc,
                     char        **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object for each file"), NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = pond_cli_new_context ("verify", _("[VIDEO…]"),
      _("Check that saved files are there and whole: all of them, or those of the VIDEOs."), entries);
  g_autoptr(GPtrArray) refs = NULL;
  g_autoptr(GPtrArray) chosen = NULL;
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gboolean complete = TRUE;
  PondLibrary *library;

  if (!pond_cli_parse (context, &argc, &argv))
    return POND_EXIT_USAGE;

  refs = pond_cli_read_videos (argv + 1, argc - 1);
  if (refs == NULL)
    return POND_EXIT_USAGE;

  if (!pond_cli_open_library (session, &error))
    {
      pond_cli_complain ("%s", error->message);
      return POND_EXIT_FAILED;
    }

  library = pond_session_get_library (session);
  if (refs->len > 0)
    chosen = pond_cli_find_entries (library, refs, &complete);

  pond_library_verify_async (library, chosen, NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);
  results = pond_library_verify_finish (library, result, &error);
  if (results == NULL)
    {
      pond_cli_complain ("%s", error->message);
      return POND_EXIT_FAILED;
    }

  for (guint i = 0; i < results->len; i++)
    {
      const PondVerification *verification = g_ptr_array_index (results, i);

      print_result (verification, json);
      complete = complete && g_str_equal (verification->result, "ok");
    }

  return complete ? POND_EXIT_DONE : POND_EXIT_FAILED;
}
