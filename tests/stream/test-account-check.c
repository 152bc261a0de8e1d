/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "demo/pond-demo-server.h"
#include "stream/pond-account-check.h"
#include "stream/pond-check-verdict.h"
#include "stream/pond-stream-error.h"

#include <string.h>

#define OTHER_ID "fedcba9876543210fedcba9876543210"
#define UNKNOWN_TOKEN "cfut_0000000000000000000000000000000000000000"
#define DAY (G_GINT64_CONSTANT (24) * 60 * 60 * G_USEC_PER_SEC)
/* 2026-11-24 */
#define NOW (G_GINT64_CONSTANT (1795478400) * G_USEC_PER_SEC)

/* What an answer comes to, without the call. */

static GError *
make_error (int code,
            int api_code)
{
  return pond_stream_error_new (code, 0, api_code, -1, "What happened");
}

static void
assert_verdict (PondCheckVerdict  verdict,
                PondCheckState    state,
                const char       *detail,
                const char       *advice)
{
  g_assert_cmpint (verdict.state, ==, state);
  if (detail == NULL)
    g_assert_null (verdict.detail);
  else if (verdict.detail == NULL || strstr (verdict.detail, detail) == NULL)
    g_error ("“%s” is not in “%s”", detail, verdict.detail);
  if (advice == NULL)
    g_assert_null (verdict.advice);
  else if (verdict.advice == NULL || strstr (verdict.advice, advice) == NULL)
    g_error ("“%s” is not in “%s”", advice, verdict.advice);

  pond_check_verdict_clear (&verdict);
}

static void
test_form (void)
{
  static const struct
  {
    const char *text;
    PondCheckState state;
    const char *detail;
    const char *advice;
  } rows[] = {
    { UNKNOWN_TOKEN, POND_CHECK_PASSED, NULL, NULL },
    { " \n", POND_CHECK_FAILED, "no token", "My Profile → API Tokens" },
    { "not a token", POND_CHECK_FAILED, "no API token", "the whole token" },
    { "0123456789abcdef0123456789abcdef01234", POND_CHECK_FAILED, "global API key", "“Stream: Edit”" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;
      PondToken *token = pond_token_new (rows[i].text, &error);

      assert_verdict (pond_check_judge_form (error), rows[i].state, rows[i].detail, rows[i].advice);
      g_clear_pointer (&token, pond_token_unref);
    }
}

static void
test_active (void)
{
  static const struct
  {
    const char *token;
    PondTokenOwner owner;
    PondCheckState state;
    const char *detail;
    const char *advice;
  } rows[] = {
    { "{'status': 'active'}", POND_TOKEN_OWNER_USER, POND_CHECK_PASSED, "your own", NULL },
    { "{'status': 'active'}", POND_TOKEN_OWNER_ACCOUNT, POND_CHECK_PASSED, "the account", NULL },
    { "{}", POND_TOKEN_OWNER_USER, POND_CHECK_PASSED, "your own", NULL },
    { "{'status': 'disabled'}", POND_TOKEN_OWNER_USER, POND_CHECK_FAILED, "disabled", "My Profile → API" },
    { "{'status': 'disabled'}", POND_TOKEN_OWNER_ACCOUNT, POND_CHECK_FAILED, "disabled", "Manage Account → API" },
    { "{'status': 'expired'}", POND_TOKEN_OWNER_USER, POND_CHECK_FAILED, "expired", "a later end" },
    { "{'status': 'active', 'expires_on': '2026-11-23T00:00:00Z'}", POND_TOKEN_OWNER_USER, POND_CHECK_FAILED,
      "expired", "a later end" },
    { "{'status': 'active', 'not_before': '2026-11-26T12:00:00Z'}", POND_TOKEN_OWNER_USER, POND_CHECK_FAILED,
      "before 26 November 2026", "an earlier start" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *json = g_strdelimit (g_strdup (rows[i].token), "'", '"');
      g_autoptr(JsonNode) node = json_from_string (json, NULL);

      assert_verdict (pond_check_judge_active (json_node_get_object (node), rows[i].owner, NOW, NULL),
                      rows[i].state, rows[i].detail, rows[i].advice);
    }
}

static void
test_active_errors (void)
{
  static const struct
  {
    int code;
    int api_code;
    PondCheckState state;
    const char *detail;
    const char *advice;
  } rows[] = {
    { POND_STREAM_ERROR_UNAUTHORIZED, 1000, POND_CHECK_FAILED, "does not know", "Copy it again" },
    { POND_STREAM_ERROR_UNAUTHORIZED, 6003, POND_CHECK_FAILED, "does not take this", "the whole token" },
    { POND_STREAM_ERROR_FORBIDDEN, 9109, POND_CHECK_FAILED, "refuses", "Client IP Address Filtering" },
    { POND_STREAM_ERROR_NOT_FOUND, 0, POND_CHECK_UNKNOWN, "does not say", NULL },
    { POND_STREAM_ERROR_NETWORK, 0, POND_CHECK_UNKNOWN, "What happened.", "network connection" },
    { POND_STREAM_ERROR_TLS, 0, POND_CHECK_UNKNOWN, "What happened.", "date and time" },
    { POND_STREAM_ERROR_PROTOCOL, 0, POND_CHECK_UNKNOWN, "What happened.", "sign in" },
    { POND_STREAM_ERROR_SERVER, 0, POND_CHECK_UNKNOWN, "What happened.", "in a few minutes" },
    { POND_STREAM_ERROR_RATE_LIMITED, 971, POND_CHECK_UNKNOWN, "What happened.", "in a few minutes" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = make_error (rows[i].code, rows[i].api_code);

      assert_verdict (pond_check_judge_active (NULL, POND_TOKEN_OWNER_USER, NOW, error), rows[i].state,
                      rows[i].detail, rows[i].advice);
    }
}

/* One failure of the list, read by what is known of the token. */
static void
test_listed (void)
{
  static const struct
  {
    PondTokenScope scope;
    int code;
    PondCheckState account;
    const char *account_advice;
    PondCheckState stream;
    const char *stream_advice;
  } rows[] = {
    { POND_TOKEN_SCOPE_ACCOUNT, POND_STREAM_ERROR_FORBIDDEN, POND_CHECK_PASSED, NULL, POND_CHECK_FAILED,
      "add the permission “Stream: Edit”" },
    { POND_TOKEN_SCOPE_OTHERS, POND_STREAM_ERROR_FORBIDDEN, POND_CHECK_FAILED, "Account Resources",
      POND_CHECK_PENDING, NULL },
    { POND_TOKEN_SCOPE_UNKNOWN, POND_STREAM_ERROR_FORBIDDEN, POND_CHECK_UNKNOWN, NULL, POND_CHECK_FAILED,
      "Account Resources" },
    { POND_TOKEN_SCOPE_UNKNOWN, POND_STREAM_ERROR_UNAUTHORIZED, POND_CHECK_UNKNOWN, NULL, POND_CHECK_FAILED,
      "Account Resources" },
    { POND_TOKEN_SCOPE_UNKNOWN, POND_STREAM_ERROR_NO_ROUTE, POND_CHECK_FAILED, "dash.cloudflare.com/",
      POND_CHECK_PENDING, NULL },
    { POND_TOKEN_SCOPE_OTHERS, POND_STREAM_ERROR_NOT_FOUND, POND_CHECK_FAILED, "dash.cloudflare.com/",
      POND_CHECK_PENDING, NULL },
    { POND_TOKEN_SCOPE_UNKNOWN, POND_STREAM_ERROR_NETWORK, POND_CHECK_UNKNOWN, "network connection",
      POND_CHECK_PENDING, NULL },
    { POND_TOKEN_SCOPE_ACCOUNT, POND_STREAM_ERROR_NETWORK, POND_CHECK_PASSED, NULL, POND_CHECK_UNKNOWN,
      "network connection" },
    { POND_TOKEN_SCOPE_UNKNOWN, POND_STREAM_ERROR_BAD_REQUEST, POND_CHECK_UNKNOWN, NULL, POND_CHECK_FAILED,
      "whether the account has Stream" },
    { POND_TOKEN_SCOPE_ACCOUNT, POND_STREAM_ERROR_NOT_FOUND, POND_CHECK_PASSED, NULL, POND_CHECK_FAILED,
      "whether the account has Stream" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = make_error (rows[i].code, 0);
      PondCheckVerdict account =
          pond_check_judge_account (rows[i].scope, POND_TOKEN_OWNER_USER, NULL, error);
      PondCheckVerdict stream = pond_check_judge_stream (rows[i].scope, POND_TOKEN_OWNER_USER, -1, error);

      g_test_message ("Row %" G_GSIZE_FORMAT, i);
      assert_verdict (account, rows[i].account, account.detail, rows[i].account_advice);
      assert_verdict (stream, rows[i].stream, stream.detail, rows[i].stream_advice);
    }

  assert_verdict (pond_check_judge_account (POND_TOKEN_SCOPE_UNKNOWN, POND_TOKEN_OWNER_USER, NULL, NULL),
                  POND_CHECK_PASSED, NULL, NULL);
  assert_verdict (pond_check_judge_account (POND_TOKEN_SCOPE_ACCOUNT, POND_TOKEN_OWNER_USER, "The mill", NULL),
                  POND_CHECK_PASSED, "“The mill”", NULL);
  assert_verdict (pond_check_judge_stream (POND_TOKEN_SCOPE_ACCOUNT, POND_TOKEN_OWNER_USER, 1, NULL),
                  POND_CHECK_PASSED, "There is 1.", NULL);
  assert_verdict (pond_check_judge_stream (POND_TOKEN_SCOPE_ACCOUNT, POND_TOKEN_OWNER_USER, -1, NULL),
                  POND_CHECK_PASSED, NULL, NULL);
}

static void
test_enable (void)
{
  static const struct
  {
    int code;
    int api_code;
    PondCheckState state;
    const char *detail;
    const char *advice;
  } rows[] = {
    { POND_STREAM_ERROR_NOT_FOUND, 10003, POND_CHECK_PASSED, NULL, NULL },
    { POND_STREAM_ERROR_NOT_FOUND, 0, POND_CHECK_UNKNOWN, "the first download", NULL },
    { POND_STREAM_ERROR_NO_ROUTE, 7003, POND_CHECK_UNKNOWN, "the first download", NULL },
    { POND_STREAM_ERROR_BAD_REQUEST, 10005, POND_CHECK_UNKNOWN, "the first download", NULL },
    { POND_STREAM_ERROR_FORBIDDEN, 10000, POND_CHECK_FAILED, "may only read", "“Stream: Edit”" },
    { POND_STREAM_ERROR_UNAUTHORIZED, 10000, POND_CHECK_FAILED, "may only read", "“Stream: Edit”" },
    { POND_STREAM_ERROR_SERVER, 0, POND_CHECK_UNKNOWN, "What happened.", "in a few minutes" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = make_error (rows[i].code, rows[i].api_code);

      assert_verdict (pond_check_judge_enable (POND_TOKEN_OWNER_USER, error), rows[i].state, rows[i].detail,
                      rows[i].advice);
    }
}

static void
test_expiry (void)
{
  static const struct
  {
    gint64 days;
    const char *detail;
    const char *advice;
  } rows[] = {
    { 100, "until 4 March 2027", NULL },
    { 15, "until 9 December 2026", NULL },
    { 14, "until 8 December 2026", "a later end" },
    { 1, "until 25 November 2026", "a later end" },
  };
  g_autoptr(JsonObject) token = json_object_new ();

  assert_verdict (pond_check_judge_expiry (NULL, POND_TOKEN_OWNER_USER, NOW), POND_CHECK_UNKNOWN, "does not say",
                  NULL);
  assert_verdict (pond_check_judge_expiry (token, POND_TOKEN_OWNER_USER, NOW), POND_CHECK_PASSED,
                  "does not expire", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc ((NOW + rows[i].days * DAY) / G_USEC_PER_SEC);
      g_autofree char *text = g_date_time_format_iso8601 (time);

      json_object_set_string_member (token, "expires_on", text);
      assert_verdict (pond_check_judge_expiry (token, POND_TOKEN_OWNER_USER, NOW), POND_CHECK_PASSED,
                      rows[i].detail, rows[i].advice);
    }
}

static void
test_scope (void)
{
  static const struct
  {
    const char *envelope;
    PondTokenScope scope;
    const char *name;
  } rows[] = {
    { "{'result': []}", POND_TOKEN_SCOPE_UNKNOWN, NULL },
    { "{'result': null}", POND_TOKEN_SCOPE_UNKNOWN, NULL },
    { "{'result': [{'id': '0'}, 7]}", POND_TOKEN_SCOPE_OTHERS, NULL },
    { "{'result': [{'id': '0'}, {'id': '" OTHER_ID "', 'name': 'Mill'}]}", POND_TOKEN_SCOPE_ACCOUNT, "Mill" },
    { "{'result': [{'id': '" OTHER_ID "'}]}", POND_TOKEN_SCOPE_ACCOUNT, NULL },
  };
  const char *name;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *json = g_strdelimit (g_strdup (rows[i].envelope), "'", '"');
      g_autoptr(JsonNode) node = json_from_string (json, NULL);

      g_assert_cmpint (pond_check_find_scope (json_node_get_object (node), OTHER_ID, &name), ==, rows[i].scope);
      g_assert_cmpstr (name, ==, rows[i].name);
    }

  g_assert_cmpint (pond_check_find_scope (NULL, OTHER_ID, &name), ==, POND_TOKEN_SCOPE_UNKNOWN);
}

/* The whole way, against the sample server. */

typedef struct
{
  PondDemoServer *server;
  PondAccountCheck *check;
  GString *states; /* what was heard of each step */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GFile) samples = g_file_new_for_path (g_getenv ("SAMPLES"));
  g_autoptr(GError) error = NULL;

  fixture->server = pond_demo_server_new (samples);
  pond_demo_server_start (fixture->server, &error);
  g_assert_no_error (error);
  fixture->states = g_string_new (NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->check != NULL)
    g_assert_finalize_object (fixture->check);
  g_string_free (fixture->states, TRUE);
  pond_demo_server_stop (fixture->server);
  g_assert_finalize_object (fixture->server);
}

static void
add_rules (Fixture    *fixture,
           const char *rules)
{
  g_autofree char *json = g_strdelimit (g_strdup (rules), "'", '"');
  g_autoptr(GError) error = NULL;

  pond_demo_server_add_rules (fixture->server, json, &error);
  g_assert_no_error (error);
}

static void
on_result (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
on_state_changed (PondCheckStep *step,
                  GParamSpec    *pspec,
                  Fixture       *fixture)
{
  static const char letters[] = "-rPFU";

  g_string_append_printf (fixture->states, "%d%c ", pond_check_step_get_kind (step),
                          letters[pond_check_step_get_state (step)]);
}

static void
prepare (Fixture    *fixture,
         const char *base,
         const char *account_id,
         const char *token)
{
  GListModel *steps;

  fixture->check = pond_account_check_new (base, account_id, token);
  steps = pond_account_check_get_steps (fixture->check);
  g_assert_cmpuint (g_list_model_get_n_items (steps), ==, POND_CHECK_N_KINDS);

  for (guint i = 0; i < POND_CHECK_N_KINDS; i++)
    {
      g_autoptr(PondCheckStep) step = g_list_model_get_item (steps, i);

      g_signal_connect (step, "notify::state", G_CALLBACK (on_state_changed), fixture);
    }
}

static gboolean
run (Fixture       *fixture,
     GCancellable  *cancellable,
     GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  pond_account_check_run_async (fixture->check, cancellable, on_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return pond_account_check_run_finish (fixture->check, result, error);
}

static void
assert_step (Fixture        *fixture,
             PondCheckKind   kind,
             PondCheckState  state,
             const char     *detail,
             const char     *advice)
{
  g_autoptr(PondCheckStep) step = g_list_model_get_item (pond_account_check_get_steps (fixture->check), kind);
  PondCheckVerdict verdict = { pond_check_step_get_state (step), g_strdup (pond_check_step_get_detail (step)),
                               g_strdup (pond_check_step_get_advice (step)) };

  assert_verdict (verdict, state, detail, advice);
}

static guint
count_requests (Fixture    *fixture,
                const char *method,
                const char *path_glob)
{
  g_autoptr(JsonNode) node = pond_demo_server_get_requests (fixture->server);
  JsonArray *requests = json_node_get_array (node);
  guint count = 0;

  for (guint i = 0; i < json_array_get_length (requests); i++)
    {
      JsonObject *request = json_array_get_object_element (requests, i);

      if (g_str_equal (json_object_get_string_member (request, "method"), method) &&
          g_pattern_match_simple (path_glob, json_object_get_string_member (request, "path")))
        count++;
    }

  return count;
}

static void
test_good (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  prepare (fixture, pond_demo_server_get_api_base (fixture->server),
           pond_demo_server_get_account_id (fixture->server), pond_demo_server_get_token (fixture->server));
  g_assert_true (run (fixture, NULL, &error));
  g_assert_no_error (error);

  g_assert_cmpstr (fixture->states->str, ==, "0P 1r 1P 2r 2P 3r 3P 4r 4P 5P ");
  assert_step (fixture, POND_CHECK_TOKEN_ACTIVE, POND_CHECK_PASSED, "your own", NULL);
  assert_step (fixture, POND_CHECK_ACCOUNT, POND_CHECK_PASSED, "“The mill”", NULL);
  assert_step (fixture, POND_CHECK_STREAM, POND_CHECK_PASSED, "There are ", NULL);
  assert_step (fixture, POND_CHECK_EXPIRY, POND_CHECK_PASSED, "does not expire", NULL);
  g_assert_cmpstr (pond_account_check_get_account_name (fixture->check), ==, "The mill");

  /* Nothing was enabled, of any video that there could be. */
  g_assert_cmpuint (count_requests (fixture, "POST", "*"), ==, 1);
  g_assert_cmpuint (count_requests (fixture, "POST", "*/00000000000000000000000000000000/downloads"), ==, 1);
}

static void
test_read_only (Fixture       *fixture,
                gconstpointer  data)
{
  prepare (fixture, pond_demo_server_get_api_base (fixture->server),
           pond_demo_server_get_account_id (fixture->server),
           pond_demo_server_get_read_token (fixture->server));
  g_assert_true (run (fixture, NULL, NULL));
  assert_step (fixture, POND_CHECK_STREAM, POND_CHECK_PASSED, "There are ", NULL);
  assert_step (fixture, POND_CHECK_ENABLE, POND_CHECK_FAILED, "may only read", "“Stream: Edit”");
}

static void
test_account_owned (Fixture       *fixture,
                    gconstpointer  data)
{
  prepare (fixture, pond_demo_server_get_api_base (fixture->server),
           pond_demo_server_get_account_id (fixture->server),
           pond_demo_server_get_account_token (fixture->server));
  g_assert_true (run (fixture, NULL, NULL));
  assert_step (fixture, POND_CHECK_TOKEN_ACTIVE, POND_CHECK_PASSED, "the account", NULL);
  assert_step (fixture, POND_CHECK_ACCOUNT, POND_CHECK_PASSED, NULL, NULL);
  assert_step (fixture, POND_CHECK_ENABLE, POND_CHECK_PASSED, NULL, NULL);
}

static void
test_unknown_token (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  prepare (fixture, pond_demo_server_get_api_base (fixture->server),
           pond_demo_server_get_account_id (fixture->server), UNKNOWN_TOKEN);
  g_assert_false (run (fixture, NULL, &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_UNAUTHORIZED);
  g_assert_cmpstr (fixture->states->str, ==, "0P 1r 1F ");
  assert_step (fixture, POND_CHECK_TOKEN_ACTIVE, POND_CHECK_FAILED, "does not know", "Copy it again");
}

static void
test_malformed_token (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  prepare (fixture, pond_demo_server_get_api_base (fixture->server),
           pond_demo_server_get_account_id (fixture->server), "0123456789abcdef0123456789abcdef01234");
  g_assert_false (run (fixture, NULL, &error));
  g_assert_error (error, POND_TOKEN_ERROR, POND_TOKEN_ERROR_GLOBAL_KEY);
  g_assert_cmpstr (fixture->states->str, ==, "0F ");
  g_assert_null (pond_account_check_get_token (fixture->check));
  g_assert_cmpuint (count_requests (fixture, "*", "*"), ==, 0);
}

static void
test_other_account (Fixture       *fixture,
                    gconstpointer  data)
{
  prepare (fixture, pond_demo_server_get_api_base (fixture->server), OTHER_ID,
           pond_demo_server_get_token (fixture->server));
  g_assert_false (run (fixture, NULL, NULL));
  assert_step (fixture, POND_CHECK_TOKEN_ACTIVE, POND_CHECK_PASSED, "your own", NULL);
  assert_step (fixture, POND_CHECK_ACCOUNT, POND_CHECK_FAILED, "other accounts", "Account Resources");
  assert_step (fixture, POND_CHECK_STREAM, POND_CHECK_PENDING, NULL, NULL);
}

/* What a rule does to one call, and what the step then says. */
typedef struct
{
  const char *name;
  const char *rules;
  gboolean usable;
  PondCheckKind kind;
  PondCheckState state;
  const char *detail;
  const char *advice;
} Bad;

#define ON_VERIFY(actions) "[{'match': {'path': '*/user/tokens/verify'}, 'do': {" actions "}}]"
#define ON_LIST(actions) "[{'match': {'path': '*/stream'}, 'do': {" actions "}}]"
#define ON_ENABLE(actions) "[{'match': {'path': '*/downloads'}, 'do': {" actions "}}]"
#define TOKEN(more) "'content_type': 'application/json', 'body': '{\\'success\\': true, \\'result\\': " \
                    "{\\'id\\': \\'0\\', " more "}}'"

static const Bad bad[] = {
  { "portal", ON_VERIFY ("'status': 200, 'body': '<html>Welcome</html>'"), FALSE, POND_CHECK_TOKEN_ACTIVE,
    POND_CHECK_UNKNOWN, "not the Stream API", "sign in" },
  { "portal-redirect", ON_VERIFY ("'redirect': 'http://127.0.0.1:9/'"), FALSE, POND_CHECK_TOKEN_ACTIVE,
    POND_CHECK_UNKNOWN, "elsewhere", "sign in" },
  { "hang-up", ON_VERIFY ("'drop': true"), FALSE, POND_CHECK_TOKEN_ACTIVE, POND_CHECK_UNKNOWN, "can’t be reached",
    "network connection" },
  { "server-error", ON_VERIFY ("'status': 502, 'body': '<html>Bad gateway</html>'"), FALSE,
    POND_CHECK_TOKEN_ACTIVE, POND_CHECK_UNKNOWN, "HTTP 502", "in a few minutes" },
  { "rate-limit", ON_VERIFY ("'status': 429, 'code': 971"), FALSE, POND_CHECK_TOKEN_ACTIVE, POND_CHECK_UNKNOWN,
    "wait", "in a few minutes" },
  { "disabled", ON_VERIFY (TOKEN ("\\'status\\': \\'disabled\\'")), FALSE, POND_CHECK_TOKEN_ACTIVE,
    POND_CHECK_FAILED, "disabled", "My Profile → API Tokens" },
  { "expired", ON_VERIFY (TOKEN ("\\'status\\': \\'expired\\'")), FALSE, POND_CHECK_TOKEN_ACTIVE,
    POND_CHECK_FAILED, "expired", "a later end" },
  { "ends", ON_VERIFY (TOKEN ("\\'status\\': \\'active\\', \\'expires_on\\': \\'2199-01-02T12:00:00Z\\'")), TRUE,
    POND_CHECK_EXPIRY, POND_CHECK_PASSED, "until 2 January 2199", NULL },
  { "no-verify", "[{'match': {'path': '*/tokens/verify'}, 'do': {'status': 404, 'code': 7003}}]", TRUE,
    POND_CHECK_TOKEN_ACTIVE, POND_CHECK_UNKNOWN, "does not say", NULL },
  { "no-verify-expiry", "[{'match': {'path': '*/tokens/verify'}, 'do': {'status': 404, 'code': 7003}}]", TRUE,
    POND_CHECK_EXPIRY, POND_CHECK_UNKNOWN, "does not say", NULL },
  { "address-filter", "[{'match': {'path': '*/tokens/verify'}, 'do': {'status': 403, 'code': 9109}}]", FALSE,
    POND_CHECK_TOKEN_ACTIVE, POND_CHECK_FAILED, "refuses", "Client IP Address Filtering" },
  { "no-permission", ON_LIST ("'status': 403, 'code': 10000"), FALSE, POND_CHECK_STREAM, POND_CHECK_FAILED,
    "no permission for Stream", "add the permission" },
  { "no-accounts-either", "[{'match': {'path': '*/accounts'}, 'do': {'status': 403, 'code': 9109}}, "
    "{'match': {'path': '*/stream'}, 'do': {'status': 403, 'code': 10000}}]", FALSE, POND_CHECK_STREAM,
    POND_CHECK_FAILED, "may not list", "Account Resources" },
  { "no-account", "[{'match': {'path': '*/accounts'}, 'do': {'status': 403, 'code': 9109}}, "
    "{'match': {'path': '*/stream'}, 'do': {'status': 404, 'code': 7003}}]", FALSE, POND_CHECK_ACCOUNT,
    POND_CHECK_FAILED, "no account", "dash.cloudflare.com/" },
  { "portal-late", ON_LIST ("'status': 200, 'body': '<html>Welcome</html>'"), FALSE, POND_CHECK_STREAM,
    POND_CHECK_UNKNOWN, "not the Stream API", "sign in" },
  { "enable-refused", ON_ENABLE ("'status': 403, 'code': 10000"), TRUE, POND_CHECK_ENABLE, POND_CHECK_FAILED,
    "may only read", "“Stream: Edit”" },
  { "enable-odd", ON_ENABLE ("'status': 400, 'code': 10005"), TRUE, POND_CHECK_ENABLE, POND_CHECK_UNKNOWN,
    "the first download", NULL },
  { "enable-down", ON_ENABLE ("'status': 503, 'body': '<html></html>'"), TRUE, POND_CHECK_ENABLE,
    POND_CHECK_UNKNOWN, "HTTP 503", "in a few minutes" },
};

static void
test_bad (Fixture       *fixture,
          gconstpointer  data)
{
  const Bad *row = data;

  add_rules (fixture, row->rules);
  prepare (fixture, pond_demo_server_get_api_base (fixture->server),
           pond_demo_server_get_account_id (fixture->server), pond_demo_server_get_token (fixture->server));
  g_assert_cmpint (run (fixture, NULL, NULL), ==, row->usable);
  assert_step (fixture, row->kind, row->state, row->detail, row->advice);

  /* Nothing is left as if it were still going on. */
  g_assert_false (g_str_has_suffix (fixture->states->str, "r "));
}

static void
test_unreachable (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  prepare (fixture, "http://127.0.0.1:9/client/v4", OTHER_ID, UNKNOWN_TOKEN);
  g_assert_false (run (fixture, NULL, &error));
  g_assert_error (error, POND_STREAM_ERROR, POND_STREAM_ERROR_NETWORK);
  assert_step (fixture, POND_CHECK_TOKEN_ACTIVE, POND_CHECK_UNKNOWN, "can’t be reached", "network connection");
}

static gboolean
cancel (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  add_rules (fixture, ON_LIST ("'delay_ms': 60000"));
  prepare (fixture, pond_demo_server_get_api_base (fixture->server),
           pond_demo_server_get_account_id (fixture->server), pond_demo_server_get_token (fixture->server));
  g_timeout_add (200, cancel, cancellable);
  g_assert_false (run (fixture, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_step (fixture, POND_CHECK_STREAM, POND_CHECK_PENDING, NULL, NULL);
}

static void
test_page (void)
{
  g_autofree char *any = pond_account_check_build_token_page (NULL);
  g_autofree char *one = pond_account_check_build_token_page (OTHER_ID);
  g_autoptr(GUri) uri = g_uri_parse (one, G_URI_FLAGS_NONE, NULL);
  g_autoptr(GHashTable) values = g_uri_parse_params (g_uri_get_query (uri), -1, "&", G_URI_PARAMS_NONE, NULL);

  g_assert_nonnull (strstr (any, "&accountId=%2A&"));
  g_assert_cmpstr (g_uri_get_host (uri), ==, "dash.cloudflare.com");
  g_assert_cmpstr (g_hash_table_lookup (values, "accountId"), ==, OTHER_ID);
  g_assert_cmpstr (g_hash_table_lookup (values, "permissionGroupKeys"), ==,
                   "[{\"key\":\"stream\",\"type\":\"edit\"}]");
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *path;
    void (*function) (Fixture *, gconstpointer);
  } whole[] = {
    { "good", test_good },
    { "read-only", test_read_only },
    { "account-owned", test_account_owned },
    { "unknown-token", test_unknown_token },
    { "malformed-token", test_malformed_token },
    { "other-account", test_other_account },
    { "unreachable", test_unreachable },
    { "cancel", test_cancel },
  };

  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/account-check/verdict/form", test_form);
  g_test_add_func ("/account-check/verdict/active", test_active);
  g_test_add_func ("/account-check/verdict/active-errors", test_active_errors);
  g_test_add_func ("/account-check/verdict/scope", test_scope);
  g_test_add_func ("/account-check/verdict/listed", test_listed);
  g_test_add_func ("/account-check/verdict/enable", test_enable);
  g_test_add_func ("/account-check/verdict/expiry", test_expiry);
  g_test_add_func ("/account-check/page", test_page);

  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    {
      g_autofree char *path = g_strconcat ("/account-check/whole/", whole[i].path, NULL);

      g_test_add (path, Fixture, NULL, set_up, whole[i].function, tear_down);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strconcat ("/account-check/bad/", bad[i].name, NULL);

      g_test_add (path, Fixture, &bad[i], set_up, test_bad, tear_down);
    }

  return g_test_run ();
}
