/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-check-verdict.h"

#include <glib/gi18n-lib.h>

#include "accounts/pond-token.h"
#include "stream/pond-stream-error.h"
#include "stream/pond-stream-json.h"

#define ACCOUNTS_PAGE   50
#define NOTICE_DAYS     14
#define USEC_PER_DAY    (G_GINT64_CONSTANT (24) * 60 * 60 * G_USEC_PER_SEC)
#define CODE_BAD_HEADER 6003
#define CODE_NOT_FOUND  10003

void
pond_check_verdict_clear (PondCheckVerdict *self)
{
  g_clear_pointer (&self->detail, g_free);
  g_clear_pointer (&self->advice, g_free);
}

static PondCheckVerdict
decide (PondCheckState  state,
        const char     *detail,
        const char     *advice)
{
  return (PondCheckVerdict) { state, g_strdup (detail), g_strdup (advice) };
}

/* Takes @advice. */
static PondCheckVerdict
decide_taking (PondCheckState  state,
               const char     *detail,
               char           *advice)
{
  return (PondCheckVerdict) { state, g_strdup (detail), advice };
}

/* Where in the dashboard tokens are. */
static const char *
get_place (PondTokenOwner owner)
{
  return owner == POND_TOKEN_OWNER_ACCOUNT ? _("Manage Account → API Tokens") : _("My Profile → API Tokens");
}

static char *
format_day (gint64 time)
{
  g_autoptr(GDateTime) day = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);

  /* Translators: a day; see g_date_time_format() */
  return g_date_time_format (day, _("%-d %B %Y"));
}

static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_UNAUTHORIZED) ||
         g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_FORBIDDEN);
}

/**
 * pond_check_is_trouble:
 * @error: (nullable): how a call of the API failed
 *
 * Tells failures that say nothing about account and token: of the network, of somebody who answers in
 * the API's place, and of the API itself.
 *
 * Returns: whether it is one
 */
gboolean
pond_check_is_trouble (const GError *error)
{
  if (error == NULL)
    return FALSE;
  if (error->domain != POND_STREAM_ERROR)
    return TRUE;

  switch ((PondStreamError) error->code)
    {
    case POND_STREAM_ERROR_RATE_LIMITED:
    case POND_STREAM_ERROR_SERVER:
    case POND_STREAM_ERROR_PROTOCOL:
    case POND_STREAM_ERROR_NETWORK:
    case POND_STREAM_ERROR_TLS:
      return TRUE;

    case POND_STREAM_ERROR_UNAUTHORIZED:
    case POND_STREAM_ERROR_FORBIDDEN:
    case POND_STREAM_ERROR_NO_ROUTE:
    case POND_STREAM_ERROR_NOT_FOUND:
    case POND_STREAM_ERROR_BAD_REQUEST:
    default:
      return FALSE;
    }
}

static const char *
advise_on_trouble (const GError *error)
{
  if (g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_NETWORK))
    return _("Check the network connection, then try again.");

  if (g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_TLS))
    return _("Check the date and time of this computer. A network that looks into secure connections gets in "
             "the way, too.");

  if (g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_PROTOCOL))
    return _("If this network asks you to sign in, do so on a web page, then try again.");

  return _("Try again in a few minutes.");
}

static PondCheckVerdict
decide_trouble (const GError *error)
{
  g_autofree char *detail = g_strconcat (error->message, ".", NULL);

  return decide (POND_CHECK_UNKNOWN, detail, advise_on_trouble (error));
}

/**
 * pond_check_find_scope:
 * @envelope: (nullable): the answer to `GET /accounts?per_page=50`
 * @account_id: the account that is looked for
 * @name: (out) (transfer none): what Cloudflare calls it, if it is there
 *
 * Tokens that may not read account settings see an empty list, or none.
 *
 * Returns: what the token is for, as far as that tells
 */
PondTokenScope
pond_check_find_scope (JsonObject  *envelope,
                       const char  *account_id,
                       const char **name)
{
  JsonArray *accounts = envelope != NULL ? pond_json_get_array (envelope, "result") : NULL;
  guint n_accounts = accounts != NULL ? json_array_get_length (accounts) : 0;

  *name = NULL;
  for (guint i = 0; i < n_accounts; i++)
    {
      JsonNode *node = json_array_get_element (accounts, i);
      JsonObject *account = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      if (g_strcmp0 (pond_json_get_string (account, "id"), account_id) == 0)
        {
          *name = pond_json_get_string (account, "name");
          return POND_TOKEN_SCOPE_ACCOUNT;
        }
    }

  return n_accounts > 0 && n_accounts < ACCOUNTS_PAGE ? POND_TOKEN_SCOPE_OTHERS : POND_TOKEN_SCOPE_UNKNOWN;
}

/**
 * pond_check_judge_form:
 * @error: (nullable): of the domain %POND_TOKEN_ERROR, why there is no token
 *
 * Returns: the outcome of %POND_CHECK_TOKEN_FORM
 */
PondCheckVerdict
pond_check_judge_form (const GError *error)
{
  if (error == NULL)
    return decide (POND_CHECK_PASSED, NULL, NULL);

  switch ((PondTokenError) error->code)
    {
    case POND_TOKEN_ERROR_EMPTY:
      return decide_taking (POND_CHECK_FAILED, _("There is no token."),
                            g_strdup_printf (_("Create one in the dashboard, under %s, and paste it."),
                                             get_place (POND_TOKEN_OWNER_USER)));

    case POND_TOKEN_ERROR_GLOBAL_KEY:
      return decide_taking (POND_CHECK_FAILED, _("This is the global API key, which opens all you have."),
                            g_strdup_printf (_("Create an API token in the dashboard, under %s, with "
                                               "nothing but the permission “Stream: Edit”."),
                                             get_place (POND_TOKEN_OWNER_USER)));

    case POND_TOKEN_ERROR_MALFORMED:
    default:
      return decide_taking (POND_CHECK_FAILED, _("This is no API token, or only a part of one."),
                            g_strdup_printf (_("Copy the whole token and nothing else. It is shown once, "
                                               "when it is created in the dashboard, under %s."),
                                             get_place (POND_TOKEN_OWNER_USER)));
    }
}

static PondCheckVerdict
judge_status (JsonObject     *token,
              PondTokenOwner  owner,
              gint64          now)
{
  const char *status = pond_json_get_string (token, "status");
  gint64 expires = pond_json_get_time (token, "expires_on");
  gint64 begins = pond_json_get_time (token, "not_before");
  g_autofree char *detail = NULL;
  g_autofree char *day = NULL;

  if (g_strcmp0 (status, "expired") == 0 || (expires != 0 && expires <= now))
    return decide_taking (POND_CHECK_FAILED, _("The token has expired."),
                          g_strdup_printf (_("In the dashboard, under %s, give it a later end, or create "
                                             "a new one."),
                                           get_place (owner)));

  if (begins > now)
    {
      day = format_day (begins);
      detail = g_strdup_printf (_("The token is not valid before %s."), day);
      return decide_taking (POND_CHECK_FAILED, detail,
                            g_strdup_printf (_("Wait until then, or give it an earlier start in the "
                                               "dashboard, under %s."),
                                             get_place (owner)));
    }

  if (status != NULL && !g_str_equal (status, "active"))
    return decide_taking (POND_CHECK_FAILED, _("The token is disabled."),
                          g_strdup_printf (_("Enable it in the dashboard, under %s, or create a new one."),
                                           get_place (owner)));

  return decide (POND_CHECK_PASSED,
                 owner == POND_TOKEN_OWNER_ACCOUNT ? _("It belongs to the account.") : _("It is your own."),
                 NULL);
}

/**
 * pond_check_judge_active:
 * @token: (nullable): what Cloudflare says of the token; %NULL when it said nothing
 * @owner: whose it was found to be
 * @now: microseconds since 1970
 * @error: (nullable): why @token is %NULL
 *
 * A refusal by both ends, the user's and the account's, fails. Where nobody checks tokens the step stays
 * unknown, and what the token may do decides.
 *
 * Returns: the outcome of %POND_CHECK_TOKEN_ACTIVE
 */
PondCheckVerdict
pond_check_judge_active (JsonObject     *token,
                         PondTokenOwner  owner,
                         gint64          now,
                         const GError   *error)
{
  if (error == NULL)
    return judge_status (token, owner, now);

  if (pond_check_is_trouble (error))
    return decide_trouble (error);

  if (pond_stream_error_get_api_code (error) == CODE_BAD_HEADER)
    return decide_taking (POND_CHECK_FAILED, _("Cloudflare does not take this for an API token."),
                          g_strdup_printf (_("Copy the whole token and nothing else. It is shown once, "
                                             "when it is created in the dashboard, under %s."),
                                           get_place (owner)));

  if (g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_UNAUTHORIZED))
    return decide_taking (POND_CHECK_FAILED, _("Cloudflare does not know this token."),
                          g_strdup_printf (_("Copy it again. If it was deleted or rolled, create a new "
                                             "one in the dashboard, under %s. If it belongs to the "
                                             "account, check the account ID."),
                                           get_place (owner)));

  if (g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_FORBIDDEN))
    return decide_taking (POND_CHECK_FAILED, _("Cloudflare refuses this token here."),
                          g_strdup_printf (_("In the dashboard, under %s, see whether its Client IP "
                                             "Address Filtering leaves out this network. If it belongs "
                                             "to the account, check the account ID."),
                                           get_place (owner)));

  return decide (POND_CHECK_UNKNOWN, _("Cloudflare does not say. What the token may do shows it."), NULL);
}

/**
 * pond_check_judge_account:
 * @scope: what the token is for
 * @owner: whose it is
 * @name: (nullable): what Cloudflare calls the account
 * @error: (nullable): why its videos were not listed
 *
 * Cloudflare answers a token for another account and one without the permission alike, so it is asked
 * twice: for the token's accounts, and for the videos.
 *
 * Returns: the outcome of %POND_CHECK_ACCOUNT
 */
PondCheckVerdict
pond_check_judge_account (PondTokenScope  scope,
                          PondTokenOwner  owner,
                          const char     *name,
                          const GError   *error)
{
  if (scope == POND_TOKEN_SCOPE_ACCOUNT || error == NULL)
    {
      g_autofree char *detail = NULL;

      /* Translators: %s is the name of an account. */
      if (name != NULL)
        detail = g_strdup_printf (_("Cloudflare calls it “%s”."), name);
      return decide (POND_CHECK_PASSED, detail, NULL);
    }

  if (pond_check_is_trouble (error))
    return decide_trouble (error);

  if (g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_NO_ROUTE) ||
      g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_NOT_FOUND))
    return decide (POND_CHECK_FAILED, _("There is no account with this ID."),
                   _("Copy the ID again: in the dashboard it follows dash.cloudflare.com/ in the address, and "
                     "the menu beside the account’s name copies it."));

  if (scope == POND_TOKEN_SCOPE_OTHERS && is_refusal (error))
    return decide_taking (POND_CHECK_FAILED, _("The token is for other accounts."),
                          g_strdup_printf (_("Check the account ID, or add this account to the token’s "
                                             "Account Resources in the dashboard, under %s."),
                                           get_place (owner)));

  return decide (POND_CHECK_UNKNOWN, _("Cloudflare does not say whether the token is for this account."), NULL);
}

/**
 * pond_check_judge_stream:
 * @scope: what the token is for
 * @owner: whose it is
 * @n_videos: how many videos there are, or -1 when that was not said
 * @error: (nullable): why they were not listed
 *
 * Returns: the outcome of %POND_CHECK_STREAM. It is pending where the account is what fails
 */
PondCheckVerdict
pond_check_judge_stream (PondTokenScope  scope,
                         PondTokenOwner  owner,
                         int             n_videos,
                         const GError   *error)
{
  g_autofree char *detail = NULL;

  if (error == NULL)
    {
      if (n_videos >= 0)
        detail = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "There is %d.", "There are %d.",
                                               (gulong) n_videos),
                                  n_videos);
      return decide (POND_CHECK_PASSED, detail, NULL);
    }

  if (scope == POND_TOKEN_SCOPE_ACCOUNT)
    {
      if (pond_check_is_trouble (error))
        return decide_trouble (error);

      if (is_refusal (error))
        return decide_taking (POND_CHECK_FAILED, _("The token has no permission for Stream."),
                              g_strdup_printf (_("In the dashboard, under %s, edit the token and add the "
                                                 "permission “Stream: Edit”."),
                                               get_place (owner)));
    }
  else if (is_refusal (error) && scope == POND_TOKEN_SCOPE_UNKNOWN)
    {
      return decide_taking (POND_CHECK_FAILED, _("The token may not list the videos of this account."),
                            g_strdup_printf (_("Check the account ID. In the dashboard, under %s, the "
                                               "token needs the permission “Stream: Edit”, with this "
                                               "account among its Account Resources."),
                                             get_place (owner)));
    }
  else if (!g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_BAD_REQUEST))
    {
      return decide (POND_CHECK_PENDING, NULL, NULL);
    }

  detail = g_strconcat (error->message, ".", NULL);

  return decide (POND_CHECK_FAILED, detail,
                 _("See in the dashboard whether the account has Stream, and try again later."));
}

/**
 * pond_check_judge_enable:
 * @owner: whose the token is
 * @error: (nullable): what came of enabling the download of a video that can't exist
 *
 * Whoever may enable downloads hears that there is no such video.
 *
 * Returns: the outcome of %POND_CHECK_ENABLE
 */
PondCheckVerdict
pond_check_judge_enable (PondTokenOwner  owner,
                         const GError   *error)
{
  if (error == NULL || (g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_NOT_FOUND) &&
                        pond_stream_error_get_api_code (error) == CODE_NOT_FOUND))
    return decide (POND_CHECK_PASSED, NULL, NULL);

  if (is_refusal (error))
    return decide_taking (POND_CHECK_FAILED,
                          _("The token may only read: it is enough for public videos whose download is enabled "
                            "already."),
                          g_strdup_printf (_("For all others edit the token in the dashboard, under %s, "
                                             "and make “Stream: Read” “Stream: Edit”."),
                                           get_place (owner)));

  if (pond_check_is_trouble (error))
    return decide_trouble (error);

  return decide (POND_CHECK_UNKNOWN, _("This shows when the first download is enabled."), NULL);
}

/**
 * pond_check_judge_expiry:
 * @token: (nullable): what Cloudflare says of the token
 * @owner: whose it is
 * @now: microseconds since 1970
 *
 * Returns: the outcome of %POND_CHECK_EXPIRY
 */
PondCheckVerdict
pond_check_judge_expiry (JsonObject     *token,
                         PondTokenOwner  owner,
                         gint64          now)
{
  gint64 expires = token != NULL ? pond_json_get_time (token, "expires_on") : 0;
  g_autofree char *day = NULL;
  g_autofree char *detail = NULL;

  if (token == NULL)
    return decide (POND_CHECK_UNKNOWN, _("Cloudflare does not say whether it expires."), NULL);

  if (expires == 0)
    return decide (POND_CHECK_PASSED, _("It does not expire."), NULL);

  day = format_day (expires);
  detail = g_strdup_printf (_("It is valid until %s."), day);
  if (expires - now > NOTICE_DAYS * USEC_PER_DAY)
    return decide (POND_CHECK_PASSED, detail, NULL);

  return decide_taking (POND_CHECK_PASSED, detail,
                        g_strdup_printf (_("That is soon: give it a later end in the dashboard, under "
                                           "%s, or replace it by then."),
                                         get_place (owner)));
}
