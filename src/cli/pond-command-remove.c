/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/pond-cli.h"
#include "cli/pond-cli-tools.h"

#include <glib/gi18n.h>

static gboolean
remove_entry (PondLibrary      *library,
              PondLibraryEntry *entry,
              gboolean          keep_file)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  pond_library_remove_async (library, entry, keep_file, NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);
  if (pond_library_remove_finish (library, result, &error))
    return TRUE;

  pond_cli_complain ("%s: %s", pond_library_entry_get_title (entry), error->message);

  return FALSE;
}

/**
 * pond_command_remove:
 * @session: a session
 * @argc: how many arguments there are
 * @argv: `remove` and what follows
 *
 * Takes videos out of the library. Nothing happens to them on Stream.
 *
 * Returns: the exit status
 */
int
pond_command_remove (PondSession  *session,
                     int           argc,
                     char        **argv)
{
  gboolean keep_file = FALSE;
  const GOptionEntry entries[] = {
    { "keep-file", 0, 0, G_OPTION_ARG_NONE, &keep_file,
      N_("Leave the files where they are; otherwise they go to the trash"), NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = pond_cli_new_context ("remove", _("VIDEO…"),
      _("Take videos out of the library. Nothing happens to them on Stream."), entries);
  g_autoptr(GPtrArray) refs = NULL;
  g_autoptr(GPtrArray) chosen = NULL;
  g_autoptr(GError) error = NULL;
  gboolean complete;

  if (!pond_cli_parse (context, &argc, &argv))
    return POND_EXIT_USAGE;

  if (argc < 2)
    {
      pond_cli_complain (_("Name at least one video"));
      return POND_EXIT_USAGE;
    }

  refs = pond_cli_read_videos (argv + 1, argc - 1);
  if (refs == NULL)
    return POND_EXIT_USAGE;

  if (!pond_cli_open_library (session, &error))
    {
      pond_cli_complain ("%s", error->message);
      return POND_EXIT_FAILED;
    }

  chosen = pond_cli_find_entries (pond_session_get_library (session), refs, &complete);
  for (guint i = 0; i < chosen->len; i++)
    complete = remove_entry (pond_session_get_library (session), g_ptr_array_index (chosen, i), keep_file) &&
               complete;

  return complete ? POND_EXIT_DONE : POND_EXIT_FAILED;
}
