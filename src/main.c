/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/pond-application.h"
#include "app/pond-versions.h"
#include "cli/pond-cli.h"
#include "cli/pond-cli-tools.h"

#include <glib/gi18n.h>
#include <gst/gst.h>
#include <locale.h>

static void
set_up_translations (void)
{
  const char *folder = g_getenv ("MILLPOND_LOCALEDIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, folder != NULL ? folder : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static void
print_help (void)
{
  g_print ("%s\n\n%s",
           _("Usage:"),
           _("  millpond [VIDEO…]              open the window; VIDEOs are offered for download\n"
             "  millpond download VIDEO…       save videos into the library\n"
             "  millpond list [QUERY]          what is in the library\n"
             "  millpond browse                what is on your accounts\n"
             "  millpond status                what is on its way\n"
             "  millpond verify [VIDEO…]       check saved files\n"
             "  millpond remove VIDEO…         take videos out of the library\n"
             "  millpond account add|list|remove\n"
             "  millpond play VIDEO            play a saved video\n"
             "  millpond --demo [COMMAND…]     any of these on the built-in sample account\n"
             "  millpond --demo tour           save the sample videos and play one, without a display\n"
             "  millpond COMMAND --help        the options of a command\n"
             "  millpond --version\n"
             "\n"
             "A VIDEO is an ID of 32 digits and letters, a Stream link, a file that holds such, or “-”.\n"));
}

static gboolean
is_known_option (const char *word)
{
  return word[0] != '-' || g_str_equal (word, "-") || g_str_has_prefix (word, "--gapplication");
}

static int
run_window (int       argc,
            char    **argv,
            gboolean  sample)
{
  g_autoptr(PondSession) session = pond_session_new (sample);
  g_autoptr(PondApplication) application = NULL;
  g_autoptr(GError) error = NULL;

  if (!pond_session_prepare (session, &error))
    {
      pond_cli_complain ("%s", error->message);
      return POND_EXIT_ACCOUNT;
    }

  gst_init (NULL, NULL);
  application = pond_application_new (session);

  return g_application_run (G_APPLICATION (application), argc, argv);
}

int
main (int   argc,
      char *argv[])
{
  gboolean sample = FALSE;

  set_up_translations ();
  g_set_application_name (APP_NAME);

  /* The program's name stays in front for whoever parses the rest. */
  if (argc > 1 && g_str_equal (argv[1], "--demo"))
    {
      sample = TRUE;
      argv[1] = argv[0];
      argv++;
      argc--;
    }

  if (argc > 1 && g_str_equal (argv[1], "--version"))
    {
      pond_versions_print ();
      return POND_EXIT_DONE;
    }

  if (argc > 1 && (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h")))
    {
      print_help ();
      return POND_EXIT_DONE;
    }

  if (argc > 1 && pond_cli_is_command (argv[1]))
    return pond_cli_run (argc - 1, argv + 1, sample);

  if (argc > 1 && !is_known_option (argv[1]))
    {
      pond_cli_complain (_("“%s” is no option. See “millpond --help”"), argv[1]);
      return POND_EXIT_USAGE;
    }

  return run_window (argc, argv, sample);
}
