/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/pond-cli.h"
#include "cli/pond-cli-tools.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_KEY (32 * 1024)

/* Standard input up to its end, past the buffers of stdio, which nobody wipes; @text is wiped by the caller. */
static gboolean
read_all (char  *text,
          gsize  size)
{
  gsize length = 0;
  gssize n;

  do
    {
      n = TEMP_FAILURE_RETRY (read (STDIN_FILENO, text + length, size - 1 - length));
      length += n > 0 ? (gsize) n : 0;
    }
  while (n > 0 && length < size - 1);
  text[length] = '\0';

  return n >= 0 && length < size - 1;
}

static PondSigningKey *
read_key (const char  *id,
          GError     **error)
{
  char text[MAX_KEY];
  PondSigningKey *key = NULL;

  if (isatty (STDIN_FILENO))
    g_printerr ("%s\n", _("Paste the signing key, then press Ctrl+D on a line of its own"));

  if (read_all (text, sizeof text))
    key = pond_signing_key_new (id, text, error);
  else
    g_set_error_literal (error, POND_LINK_ERROR, POND_LINK_ERROR_KEY, _("No signing key is that long"));
  explicit_bzero (text, sizeof text);

  return key;
}

/* An account of the environment hides the one with its ID that is kept. */
static PondAccount *
find_kept (PondAccountStore *accounts,
           const char       *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (accounts)); i++)
    {
      g_autoptr(PondAccount) account = g_list_model_get_item (G_LIST_MODEL (accounts), i);

      if (pond_account_get_origin (account) == POND_ACCOUNT_KEYRING &&
          g_str_equal (pond_account_get_id (account), id))
        return g_steal_pointer (&account);
    }

  return NULL;
}

static int
set_key (PondSession    *session,
         const char     *id,
         PondSigningKey *key)
{
  PondAccountStore *accounts = pond_session_get_accounts (session);
  g_autoptr(PondAccount) account = NULL;
  g_autoptr(GBytes) secret = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  if (!pond_cli_load_accounts (session))
    return POND_EXIT_FAILED;

  account = find_kept (accounts, id);
  if (account == NULL)
    {
      pond_cli_complain (_("There is no account “%s” in the keyring. Connect it with “millpond account add”"), id);
      return POND_EXIT_ACCOUNT;
    }

  secret = key != NULL ? pond_signing_key_save (key) : NULL;
  pond_account_store_set_key_async (accounts, account, secret, NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);
  if (!pond_account_store_set_key_finish (accounts, result, &error))
    {
      pond_cli_complain ("%s", error->message);
      return POND_EXIT_FAILED;
    }

  if (key != NULL)
    g_print (_("Links to the videos of “%s” are signed with this key now\n"), pond_account_get_name (account));
  else
    g_print (_("Links to the videos of “%s” are signed by Stream now\n"), pond_account_get_name (account));

  return POND_EXIT_DONE;
}

/**
 * pond_command_account_key:
 * @session: a session
 * @argc: how many arguments there are
 * @argv: `key` and what follows
 *
 * Keeps or forgets the key that an account's links are signed with.
 *
 * Returns: the exit status
 */
int
pond_command_account_key (PondSession  *session,
                          int           argc,
                          char        **argv)
{
  g_autofree char *id_text = NULL;
  g_autofree char *key_id = NULL;
  const GOptionEntry entries[] = {
    { "id", 0, 0, G_OPTION_ARG_STRING, &id_text, N_("The account’s ID"), N_("ACCOUNT") },
    { "key-id", 0, 0, G_OPTION_ARG_STRING, &key_id, N_("The ID that Stream gave to the key"), N_("ID") },
    { NULL }
  };
  g_autoptr(GOptionContext) context = pond_cli_new_context ("account key", _("add|remove"),
      _("Sign links with a key of your own, without asking Stream for each, or leave that to Stream again. The key is "
        "read from standard input, as PEM or JWK, and kept in the keyring."), entries);
  g_autofree char *id = NULL;
  g_autoptr(PondSigningKey) key = NULL;
  g_autoptr(GError) error = NULL;
  gboolean adding;

  if (!pond_cli_parse (context, &argc, &argv))
    return POND_EXIT_USAGE;

  adding = argc == 2 && g_str_equal (argv[1], "add");
  id = id_text != NULL ? pond_account_parse_id (id_text) : NULL;
  if (id == NULL || adding != (key_id != NULL) || (!adding && (argc != 2 || !g_str_equal (argv[1], "remove"))))
    {
      pond_cli_complain (_("Write “millpond account key add --id=ACCOUNT --key-id=ID”, or “millpond account key remove "
                           "--id=ACCOUNT”"));
      return POND_EXIT_USAGE;
    }

  if (!adding)
    return set_key (session, id, NULL);

  key = read_key (key_id, &error);
  if (key == NULL)
    {
      pond_cli_complain ("%s", error->message);
      return POND_EXIT_FAILED;
    }

  return set_key (session, id, key);
}
