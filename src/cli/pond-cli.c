/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/pond-cli.h"
#include "cli/pond-cli-tools.h"

#include <glib/gi18n.h>

typedef int (*CommandFunc) (PondSession *session, int argc, char **argv);

static const struct
{
  const char *name;
  CommandFunc run;
} commands[] = {
  { "account", pond_command_account },
  { "browse", pond_command_browse },
  { "download", pond_command_download },
  { "link", pond_command_link },
  { "list", pond_command_list },
  { "remove", pond_command_remove },
  { "status", pond_command_status },
  { "tour", pond_command_tour },
  { "verify", pond_command_verify },
};

static CommandFunc
find_command (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (g_str_equal (commands[i].name, word))
        return commands[i].run;
    }

  return NULL;
}

/**
 * pond_cli_is_command:
 * @word: the first argument
 *
 * Returns: whether it names a command that needs no display
 */
gboolean
pond_cli_is_command (const char *word)
{
  return find_command (word) != NULL;
}

/**
 * pond_cli_run:
 * @argc: how many arguments there are
 * @argv: the arguments, the command's name first
 * @sample: whether to work on the sample account
 *
 * Runs a command.
 *
 * Returns: the exit status
 */
int
pond_cli_run (int       argc,
              char    **argv,
              gboolean  sample)
{
  g_autoptr(PondSession) session = pond_session_new (sample);
  g_autoptr(GError) error = NULL;
  CommandFunc run = find_command (argv[0]);
  GAsyncResult *closed = NULL;
  int status;

  g_return_val_if_fail (run != NULL, POND_EXIT_USAGE);

  /* Standard output is for what was asked for, even when debugging is. */
  g_log_writer_default_set_use_stderr (TRUE);

  if (!pond_session_prepare (session, &error))
    {
      pond_cli_complain ("%s", error->message);
      return POND_EXIT_ACCOUNT;
    }

  status = run (session, argc, argv);
  pond_session_close_async (session, pond_cli_on_result, &closed);
  pond_cli_wait (&closed);
  g_clear_object (&closed);

  return status;
}
