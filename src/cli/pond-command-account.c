/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "catalogue/pond-catalogue.h"
#include "cli/pond-cli.h"
#include "cli/pond-cli-tools.h"
#include "stream/pond-account-check.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Whoever looks over a shoulder at a terminal sees no token. */
static void
read_line_unseen (char   *buffer,
                  size_t  size)
{
  struct termios seen;
  gboolean is_terminal = tcgetattr (STDIN_FILENO, &seen) == 0;

  if (is_terminal)
    {
      struct termios unseen = seen;

      unseen.c_lflag &= ~(tcflag_t) ECHO;
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &unseen);
      g_printerr ("%s", _("API token: "));
    }

  if (fgets (buffer, (int) size, stdin) == NULL)
    buffer[0] = '\0';

  if (is_terminal)
    {
      g_printerr ("\n");
      tcsetattr (STDIN_FILENO, TCSAFLUSH, &seen);
    }
}

static const char *
get_mark (PondCheckState state)
{
  gboolean terminal = isatty (STDERR_FILENO);

  switch (state)
    {
    case POND_CHECK_PASSED:
      return terminal ? "✓" : _("Yes:");

    case POND_CHECK_FAILED:
      return terminal ? "✗" : _("No:");

    case POND_CHECK_PENDING:
    case POND_CHECK_RUNNING:
    case POND_CHECK_UNKNOWN:
    default:
      return terminal ? "–" : _("Unknown:");
    }
}

static void
on_step_changed (PondCheckStep *step)
{
  PondCheckState state = pond_check_step_get_state (step);
  const char *detail = pond_check_step_get_detail (step);
  const char *advice = pond_check_step_get_advice (step);

  if (state == POND_CHECK_PENDING || state == POND_CHECK_RUNNING)
    return;

  g_printerr ("%s %s\n", get_mark (state), pond_check_step_get_title (step));
  if (detail != NULL)
    g_printerr ("  %s\n", detail);
  if (advice != NULL)
    g_printerr ("  %s\n", advice);
}

static gboolean
run_check (PondAccountCheck *check)
{
  GListModel *steps = pond_account_check_get_steps (check);
  g_autoptr(GAsyncResult) result = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr(PondCheckStep) step = g_list_model_get_item (steps, i);

      g_signal_connect (step, "notify::state", G_CALLBACK (on_step_changed), NULL);
    }

  pond_account_check_run_async (check, NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);

  return pond_account_check_run_finish (check, result, NULL);
}

static int
keep (PondSession      *session,
      PondAccountCheck *check,
      const char       *name)
{
  PondAccountStore *accounts = pond_session_get_accounts (session);
  const char *id = pond_account_check_get_account_id (check);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) keyring_error = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(PondAccount) account = NULL;

  if (name == NULL && pond_account_store_find (accounts, id) == NULL)
    name = pond_account_check_get_account_name (check);

  pond_account_store_add_async (accounts, id, name, pond_account_check_get_token (check), NULL,
                                pond_cli_on_result, &result);
  pond_cli_wait (&result);
  account = pond_account_store_add_finish (accounts, result, &keyring_error, &error);
  if (account == NULL)
    {
      pond_cli_complain ("%s", error->message);
      return POND_EXIT_FAILED;
    }

  if (keyring_error != NULL)
    {
      pond_cli_complain (_("The token is good, but it was not kept: %s. Without a keyring set "
                           "CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN for each command"),
                         keyring_error->message);
      return POND_EXIT_ACCOUNT;
    }

  g_print (_("Connected “%s”\n"), pond_account_get_name (account));

  return POND_EXIT_DONE;
}

static int
add (PondSession  *session,
     int           argc,
     char        **argv)
{
  g_autofree char *id_text = NULL;
  g_autofree char *name = NULL;
  const GOptionEntry entries[] = {
    { "id", 0, 0, G_OPTION_ARG_STRING, &id_text,
      N_("The account’s ID, or an address of the dashboard that holds it"), N_("ACCOUNT") },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, N_("What to call it"), N_("NAME") },
    { NULL }
  };
  g_autoptr(GOptionContext) context = pond_cli_new_context ("account add", NULL,
      _("Connect an account, or replace its API token. That is read from standard input, tried, and kept in "
        "the keyring."), entries);
  g_autofree char *id = NULL;
  g_autoptr(PondAccountCheck) check = NULL;
  char secret[4096];

  if (!pond_cli_parse (context, &argc, &argv))
    return POND_EXIT_USAGE;

  id = id_text != NULL ? pond_account_parse_id (id_text) : NULL;
  if (id == NULL || argc > 1)
    {
      pond_cli_complain (_("Name the account with --id: 32 digits and letters, as the dashboard’s address "
                           "has them"));
      return POND_EXIT_USAGE;
    }

  read_line_unseen (secret, sizeof secret);
  check = pond_account_check_new (pond_session_get_api_base (session), id, secret);
  explicit_bzero (secret, sizeof secret);

  if (!run_check (check))
    {
      pond_cli_complain (_("The account was not connected"));
      return POND_EXIT_ACCOUNT;
    }

  if (!pond_cli_load_accounts (session))
    return POND_EXIT_FAILED;

  return keep (session, check, name);
}

static const char *
get_origin (PondAccount *account)
{
  switch (pond_account_get_origin (account))
    {
    case POND_ACCOUNT_ENVIRONMENT:
      return "environment";

    case POND_ACCOUNT_SAMPLE:
      return "sample";

    case POND_ACCOUNT_SESSION:
      return "session";

    case POND_ACCOUNT_KEYRING:
    default:
      return "keyring";
    }
}

static void
print_account (PondAccount *account,
               gboolean     json)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  if (!json)
    {
      g_print ("%s  %-11s  %s\n", pond_account_get_id (account), get_origin (account),
               pond_account_get_name (account));
      return;
    }

  json_builder_begin_object (builder);
  pond_cli_add_string (builder, "account", pond_account_get_id (account));
  pond_cli_add_string (builder, "name", pond_account_get_name (account));
  pond_cli_add_string (builder, "origin", get_origin (account));
  json_builder_end_object (builder);
  pond_cli_print_json (builder);
}

static int
list (PondSession  *session,
      int           argc,
      char        **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object for each account"), NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = pond_cli_new_context ("account list", NULL,
      _("List the accounts that are connected."), entries);
  GListModel *accounts = G_LIST_MODEL (pond_session_get_accounts (session));

  if (!pond_cli_parse_alone (context, &argc, &argv))
    return POND_EXIT_USAGE;

  if (!pond_cli_load_accounts (session))
    return POND_EXIT_FAILED;

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(PondAccount) account = g_list_model_get_item (accounts, i);

      print_account (account, json);
    }

  return POND_EXIT_DONE;
}

/* The account that @text names, which is told when there is none. */
static PondAccount *
find_account (PondAccountStore *accounts,
              const char       *text)
{
  g_autofree char *id = pond_account_parse_id (text);
  PondAccount *account = id != NULL ? pond_account_store_find (accounts, id) : NULL;

  if (account == NULL)
    pond_cli_complain (_("There is no account “%s”"), text);

  return account;
}

static int
rename_account (PondSession  *session,
                int           argc,
                char        **argv)
{
  g_autoptr(GOptionContext) context = pond_cli_new_context ("account rename", _("ACCOUNT NAME"),
      _("Give an account another name."), NULL);
  PondAccountStore *accounts = pond_session_get_accounts (session);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  PondAccount *account;

  if (!pond_cli_parse (context, &argc, &argv) || argc != 3)
    {
      pond_cli_complain (_("Name the account, and say what to call it"));
      return POND_EXIT_USAGE;
    }

  if (!pond_cli_load_accounts (session))
    return POND_EXIT_FAILED;

  account = find_account (accounts, argv[1]);
  if (account == NULL)
    return POND_EXIT_ACCOUNT;

  if (pond_account_get_origin (account) != POND_ACCOUNT_KEYRING)
    {
      pond_cli_complain (_("“%s” is not kept, and so can’t be renamed"), pond_account_get_name (account));
      return POND_EXIT_ACCOUNT;
    }

  pond_account_store_rename_async (accounts, account, argv[2], NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);
  if (pond_account_store_rename_finish (accounts, result, &error))
    return POND_EXIT_DONE;

  pond_cli_complain ("%s", error->message);

  return POND_EXIT_FAILED;
}

static int
remove_account (PondSession  *session,
                int           argc,
                char        **argv)
{
  g_autoptr(GOptionContext) context = pond_cli_new_context ("account remove", _("ACCOUNT"),
      _("Forget an account and its token. What was saved from it stays."), NULL);
  PondAccountStore *accounts = pond_session_get_accounts (session);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  PondAccount *account;

  if (!pond_cli_parse (context, &argc, &argv) || argc != 2)
    {
      pond_cli_complain (_("Name the account to forget"));
      return POND_EXIT_USAGE;
    }

  if (!pond_cli_load_accounts (session))
    return POND_EXIT_FAILED;

  account = find_account (accounts, argv[1]);
  if (account == NULL)
    return POND_EXIT_ACCOUNT;

  id = g_strdup (pond_account_get_id (account));
  pond_account_store_remove_async (accounts, account, NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);
  if (!pond_account_store_remove_finish (accounts, result, &error))
    {
      pond_cli_complain ("%s", error->message);
      return POND_EXIT_FAILED;
    }

  g_clear_object (&result);
  pond_catalogue_forget_async (id, NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);

  return POND_EXIT_DONE;
}

/**
 * pond_command_account:
 * @session: a session
 * @argc: how many arguments there are
 * @argv: `account` and what follows
 *
 * Connects, lists, renames and forgets accounts, and sets their signing keys.
 *
 * Returns: the exit status
 */
int
pond_command_account (PondSession  *session,
                      int           argc,
                      char        **argv)
{
  const char *word = argc > 1 ? argv[1] : "";
  gboolean help;

  if (g_str_equal (word, "add"))
    return add (session, argc - 1, argv + 1);
  if (g_str_equal (word, "list"))
    return list (session, argc - 1, argv + 1);
  if (g_str_equal (word, "rename"))
    return rename_account (session, argc - 1, argv + 1);
  if (g_str_equal (word, "remove"))
    return remove_account (session, argc - 1, argv + 1);
  if (g_str_equal (word, "key"))
    return pond_command_account_key (session, argc - 1, argv + 1);

  help = g_str_equal (word, "--help");
  fprintf (help ? stdout : stderr,
           "%s\n\n"
           "  millpond account add --id=ACCOUNT [--name=NAME]\n"
           "  millpond account list [--json]\n"
           "  millpond account rename ACCOUNT NAME\n"
           "  millpond account remove ACCOUNT\n"
           "  millpond account key add --id=ACCOUNT --key-id=ID\n"
           "  millpond account key remove --id=ACCOUNT\n",
           _("Usage:"));

  return help ? POND_EXIT_DONE : POND_EXIT_USAGE;
}
