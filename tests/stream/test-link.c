/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-country.h"
#include "stream/pond-link-request.h"
#include "stream/pond-link-time.h"

#define HOUR 3600
#define DAY (24 * HOUR)
/* 24 Nov 2026, 18:00 in Berlin. */
#define NOW G_GINT64_CONSTANT (1795539600)

typedef struct
{
  const char *text;
  gint64 seconds;
} Times;

static void
test_durations (void)
{
  static const Times good[] = {
    { "90s", 90 }, { "90", 90 }, { "30m", 30 * 60 }, { "12h", 12 * HOUR }, { "1d", DAY }, { "1h30m", HOUR + 1800 },
    { "0", 0 }, { "007s", 7 },
  };
  static const char * const bad[] = {
    "", "s", "h1", "1w", "1.5h", "-1h", "+1h", "1 h", "1h ", "10000001", "99999999999999999999s", "1H", "٣h",
    "1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      gint64 seconds = -1;

      g_assert_true (pond_link_parse_duration (good[i].text, &seconds, NULL));
      g_assert_cmpint (seconds, ==, good[i].seconds);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;
      gint64 seconds;

      g_test_message ("%s", bad[i]);
      g_assert_false (pond_link_parse_duration (bad[i], &seconds, &error));
      g_assert_error (error, POND_LINK_ERROR, POND_LINK_ERROR_EXPIRES);
    }
}

static void
test_times (void)
{
  static const Times good[] = {
    { "+30m", NOW + 1800 },
    { "+0", NOW },
    { "18:30", NOW + 1800 },
    /* What is over today, or just now, is meant for tomorrow. */
    { "17:59", NOW + DAY - 60 },
    { "18:00", NOW + DAY },
    { "2026-11-24T18:00:00+01:00", NOW },
    { "2026-11-24T17:00:00Z", NOW },
    { "2026-11-24T18:00:00", NOW },
  };
  static const char * const bad[] = {
    "", "+", "+1w", "24:00", "18:60", "1800:", "18.00", "tomorrow", "2026-13-24T18:00:00Z", "8:00", "+99999999999d",
  };
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_local (NOW);

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      gint64 seconds = -1;

      g_test_message ("%s", good[i].text);
      g_assert_true (pond_link_parse_time (good[i].text, now, &seconds, NULL));
      g_assert_cmpint (seconds, ==, good[i].seconds);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;
      gint64 seconds;

      g_test_message ("%s", bad[i]);
      g_assert_false (pond_link_parse_time (bad[i], now, &seconds, &error));
      g_assert_error (error, POND_LINK_ERROR, POND_LINK_ERROR_NOT_BEFORE);
    }
}

static void
test_bounds (void)
{
  static const struct
  {
    gint64 expires;
    gint64 not_before;
    int code;
  } cases[] = {
    { NOW + 1, 0, -1 },
    { NOW + DAY, 0, -1 },
    { NOW + DAY, NOW + DAY - 1, -1 },
    { NOW + HOUR, NOW - HOUR, -1 },
    { 0, 0, -1 },
    { 0, NOW + HOUR, POND_LINK_ERROR_NOT_BEFORE },
    { NOW, 0, POND_LINK_ERROR_EXPIRES },
    { NOW - HOUR, 0, POND_LINK_ERROR_EXPIRES },
    { NOW + DAY + 1, 0, POND_LINK_ERROR_EXPIRES },
    { NOW + HOUR, NOW + HOUR, POND_LINK_ERROR_NOT_BEFORE },
    { NOW + HOUR, NOW + DAY, POND_LINK_ERROR_NOT_BEFORE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(PondLinkRequest) request = pond_link_request_new ();
      g_autoptr(GError) error = NULL;
      gboolean good;

      request->expires = cases[i].expires;
      request->not_before = cases[i].not_before;
      good = pond_link_request_check (request, NOW, &error);
      g_assert_cmpint (good, ==, cases[i].code == -1);
      if (!good)
        g_assert_error (error, POND_LINK_ERROR, cases[i].code);
    }
}

static void
test_countries (void)
{
  static const char * const bad[] = { "", "D", "DEU", "XX", "T1", "D E", "DE,", ",DE", "DE,,FR", "DE;FR", "ÄÖ" };
  g_autoptr(PondAccessRules) rules = pond_access_rules_new ();
  g_autoptr(GError) unexpected = NULL;
  g_autoptr(JsonNode) json = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpstr (pond_country_get_name ("DE"), ==, "Germany");
  g_assert_cmpstr (pond_country_get_name ("AD"), ==, "Andorra");
  g_assert_cmpstr (pond_country_get_name ("ZW"), ==, "Zimbabwe");

  g_assert_true (pond_access_rules_add_countries (rules, TRUE, "de, FR,DE", &unexpected));
  g_assert_no_error (unexpected);
  json = pond_access_rules_to_json (rules);
  text = json_to_string (json, FALSE);
  g_assert_cmpstr (text, ==, "[{\"type\":\"ip.geoip.country\",\"action\":\"allow\",\"country\":[\"DE\",\"FR\"]}]");

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (pond_access_rules_add_countries (rules, TRUE, bad[i], &error));
      g_assert_error (error, POND_LINK_ERROR, POND_LINK_ERROR_COUNTRY);
    }
  g_assert_cmpuint (pond_access_rules_get_length (rules), ==, 1);
}

static void
test_addresses (void)
{
  static const char * const bad[] = {
    "", "192.0.2.1/24", "192.0.2.0/33", "192.0.2", "192.0.2.256", "2001:db8::1/32", "2001:db8::/129", "fe80::1%eth0",
    "192.0.2.0/24 ,", "localhost", "192.0.2.0/", "http://192.0.2.1",
  };
  g_autoptr(PondAccessRules) rules = pond_access_rules_new ();
  g_autoptr(GError) unexpected = NULL;
  g_autoptr(JsonNode) json = NULL;
  g_autofree char *text = NULL;

  g_assert_true (pond_access_rules_add_addresses (rules, FALSE, "192.0.2.0/24, 192.0.2.7,2001:DB8::/32,::1", &unexpected));
  g_assert_no_error (unexpected);
  json = pond_access_rules_to_json (rules);
  text = json_to_string (json, FALSE);
  g_assert_cmpstr (text, ==, "[{\"type\":\"ip.src\",\"action\":\"block\",\"ip\":"
                             "[\"192.0.2.0/24\",\"192.0.2.7\",\"2001:db8::/32\",\"::1\"]}]");

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_false (pond_access_rules_add_addresses (rules, TRUE, bad[i], &error));
      g_assert_error (error, POND_LINK_ERROR, POND_LINK_ERROR_ADDRESS);
    }
}

static void
test_too_many (void)
{
  g_autoptr(PondAccessRules) rules = pond_access_rules_new ();
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < POND_ACCESS_RULES_MAX; i++)
    g_assert_true (pond_access_rules_add_countries (rules, TRUE, "DE", NULL));

  g_assert_false (pond_access_rules_add_everyone (rules, FALSE, &error));
  g_assert_error (error, POND_LINK_ERROR, POND_LINK_ERROR_TOO_MANY);
  g_assert_cmpuint (pond_access_rules_get_length (rules), ==, POND_ACCESS_RULES_MAX);
}

static void
test_json (void)
{
  g_autoptr(PondLinkRequest) request = pond_link_request_new ();
  g_autoptr(JsonNode) plain = pond_link_request_to_json (request);
  g_autofree char *plain_text = json_to_string (plain, FALSE);
  g_autoptr(JsonNode) full = NULL;
  g_autofree char *full_text = NULL;

  g_assert_cmpstr (plain_text, ==, "{\"downloadable\":true}");

  request->expires = NOW + HOUR;
  request->not_before = NOW;
  request->downloadable = FALSE;
  request->rules = pond_access_rules_new ();
  g_assert_true (pond_access_rules_add_everyone (request->rules, FALSE, NULL));
  full = pond_link_request_to_json (request);
  full_text = json_to_string (full, FALSE);
  g_assert_cmpstr (full_text, ==, "{\"exp\":1795543200,\"nbf\":1795539600,\"downloadable\":false,"
                                  "\"accessRules\":[{\"type\":\"any\",\"action\":\"block\"}]}");
}

/* A rule in a word: "+DE,FR", "-192.0.2.0/24", "+*". */
static void
add_rule (PondAccessRules *rules,
          const char      *word)
{
  gboolean allow = *word == '+';
  g_autoptr(GError) error = NULL;

  if (g_str_equal (word + 1, "*"))
    pond_access_rules_add_everyone (rules, allow, &error);
  else if (g_ascii_isupper (word[1]))
    pond_access_rules_add_countries (rules, allow, word + 1, &error);
  else
    pond_access_rules_add_addresses (rules, allow, word + 1, &error);
  g_assert_no_error (error);
}

static void
test_describe (void)
{
  static const struct
  {
    const char *rules;
    const char *expected;
  } cases[] = {
    { "", "Can be downloaded until 24 Nov 2026, 19:00" },
    { "+DE -*", "Can be downloaded until 24 Nov 2026, 19:00, from Germany" },
    { "+DE,FR +192.0.2.0/24 -*",
      "Can be downloaded until 24 Nov 2026, 19:00, from Germany and France, and from 192.0.2.0/24" },
    { "+DE +AT,CH,IT +::1 -*",
      "Can be downloaded until 24 Nov 2026, 19:00, from Germany, from Austria, Switzerland and Italy, and from ::1" },
    { "+AD,AE,AF,AG,AI,AL,AM,AO -*",
      "Can be downloaded until 24 Nov 2026, 19:00, from Andorra, United Arab Emirates, Afghanistan, Antigua and Barbuda, "
      "Anguilla, Albania, Armenia and Angola" },
    { "+AD,AE,AF,AG,AI,AL,AM,AO,DE -*",
      "Can be downloaded until 24 Nov 2026, 19:00, from Andorra, United Arab Emirates, Afghanistan, Antigua and Barbuda, "
      "Anguilla, Albania, Armenia and 2 more" },
    /* Rules that allow without refusing the rest allow nothing that was not allowed. */
    { "+DE", "Can be downloaded until 24 Nov 2026, 19:00; allowed from Germany" },
    { "-DE", "Can be downloaded until 24 Nov 2026, 19:00; refused from Germany" },
    { "+192.0.2.7 -DE,FR +*",
      "Can be downloaded until 24 Nov 2026, 19:00; allowed from 192.0.2.7; refused from Germany and France; "
      "allowed from everywhere else" },
    { "+DE -192.0.2.7 -*",
      "Can be downloaded until 24 Nov 2026, 19:00; allowed from Germany; refused from 192.0.2.7; "
      "refused from everywhere else" },
    { "-*", "Can be downloaded until 24 Nov 2026, 19:00; refused from everywhere" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(PondLinkRequest) request = pond_link_request_new ();
      g_auto(GStrv) words = g_strsplit (cases[i].rules, " ", -1);
      g_autofree char *text = NULL;

      request->expires = NOW + HOUR;
      request->rules = pond_access_rules_new ();
      for (char **word = words; *word != NULL && **word != '\0'; word++)
        add_rule (request->rules, *word);
      text = pond_link_request_describe (request);
      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_describe_times (void)
{
  g_autoptr(PondLinkRequest) request = pond_link_request_new ();
  g_autofree char *download = NULL;
  g_autofree char *play = NULL;

  request->expires = NOW + 12 * HOUR;
  request->not_before = NOW + 1800;
  download = pond_link_request_describe (request);
  g_assert_cmpstr (download, ==, "Can be downloaded from 24 Nov 2026, 18:30 until 25 Nov 2026, 06:00");

  request->downloadable = FALSE;
  request->not_before = 0;
  play = pond_link_request_describe (request);
  g_assert_cmpstr (play, ==, "Can be played until 25 Nov 2026, 06:00");
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", "Europe/Berlin", TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/link/durations", test_durations);
  g_test_add_func ("/link/times", test_times);
  g_test_add_func ("/link/bounds", test_bounds);
  g_test_add_func ("/link/countries", test_countries);
  g_test_add_func ("/link/addresses", test_addresses);
  g_test_add_func ("/link/too-many", test_too_many);
  g_test_add_func ("/link/json", test_json);
  g_test_add_func ("/link/describe", test_describe);
  g_test_add_func ("/link/describe-times", test_describe_times);

  return g_test_run ();
}
