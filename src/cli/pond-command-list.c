/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/pond-cli.h"
#include "cli/pond-cli-tools.h"

#include <glib/gi18n.h>

static void
print_json (PondLibraryEntry *entry)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  pond_cli_add_string (builder, "video", pond_library_entry_get_uid (entry));
  pond_cli_add_string (builder, "type", pond_library_entry_get_type_name (entry));
  pond_cli_add_string (builder, "title", pond_library_entry_get_title (entry));
  pond_cli_add_string (builder, "path", g_file_peek_path (pond_library_entry_get_file (entry)));
  pond_cli_add_int (builder, "bytes", (gint64) pond_library_entry_get_bytes (entry));
  pond_cli_add_double (builder, "duration", (double) pond_library_entry_get_duration (entry) / 1000.0);
  pond_cli_add_time (builder, "saved_at", pond_library_entry_get_saved_at (entry));
  pond_cli_add_double (builder, "position", (double) pond_library_entry_get_position (entry) / 1000.0);
  pond_cli_add_bool (builder, "watched", pond_library_entry_get_watched (entry));
  json_builder_end_object (builder);
  pond_cli_print_json (builder);
}

static void
print_plain (PondLibraryEntry *entry)
{
  g_autofree char *length = pond_cli_format_length (pond_library_entry_get_duration (entry));
  g_autofree char *size = g_format_size (pond_library_entry_get_bytes (entry));

  pond_cli_print ("%s  %8s  %9s  %s", pond_library_entry_get_uid (entry), length, size,
                  pond_library_entry_get_title (entry));
}

static gboolean
matches (PondLibraryEntry *entry,
         const char       *query)
{
  return query == NULL || g_str_match_string (query, pond_library_entry_get_title (entry), TRUE) ||
         g_str_equal (query, pond_library_entry_get_uid (entry));
}

/**
 * pond_command_list:
 * @session: a session
 * @argc: how many arguments there are
 * @argv: `list` and what follows
 *
 * Lists what is in the library.
 *
 * Returns: the exit status
 */
int
pond_command_list (PondSession  *session,
                   int           argc,
                   char        **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object for each video"), NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = pond_cli_new_context ("list", _("[QUERY]"),
      _("List what is in the library, or those whose title matches QUERY."), entries);
  g_autoptr(GError) error = NULL;
  GListModel *library;

  if (!pond_cli_parse (context, &argc, &argv))
    return POND_EXIT_USAGE;

  if (argc > 2)
    {
      pond_cli_complain (_("There is more than one query; put it in quotes"));
      return POND_EXIT_USAGE;
    }

  if (!pond_cli_open_library (session, &error))
    {
      pond_cli_complain ("%s", error->message);
      return POND_EXIT_FAILED;
    }

  library = G_LIST_MODEL (pond_session_get_library (session));
  for (guint i = 0; i < g_list_model_get_n_items (library); i++)
    {
      g_autoptr(PondLibraryEntry) entry = g_list_model_get_item (library, i);

      if (!matches (entry, argv[1]))
        continue;

      if (json)
        print_json (entry);
      else
        print_plain (entry);
    }

  return POND_EXIT_DONE;
}
