/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "accounts/pond-account.h"

#define ID "0123456789abcdef0123456789abcdef"
#define UPPER_ID "0123456789ABCDEF0123456789ABCDEF"
#define VIDEO "ffffffffffffffffffffffffffffffff"

static void
test_parse_id (void)
{
  const struct
  {
    const char *text;
    const char *id;
  } cases[] = {
    { ID, ID },
    { UPPER_ID, ID },
    { " " ID "\n", ID },
    { "https://dash.cloudflare.com/" ID, ID },
    { "https://dash.cloudflare.com/" ID "/stream/videos/" VIDEO, ID },
    { "https://dash.cloudflare.com/" UPPER_ID "/stream?tab=videos#top", ID },
    { "dash.cloudflare.com/" ID "/stream", ID },
    { "https://one.dash.cloudflare.com/" ID "/home", ID },
    { "https://api.cloudflare.com/client/v4/accounts/" ID "/stream", ID },
    { "https://api.cloudflare.com/client/v4/accounts/" ID "/stream/" VIDEO "/downloads", ID },
    { "http://127.0.0.1:8080/client/v4/accounts/" ID "/stream", ID },

    { "", NULL },
    { "My account", NULL },
    { "0123456789abcdef0123456789abcde", NULL },
    { ID "0", NULL },
    { "g123456789abcdef0123456789abcdef", NULL },
    { ID " " ID, NULL },
    { "https://dash.cloudflare.com/", NULL },
    { "https://dash.cloudflare.com/?to=/:account/stream", NULL },
    { "https://api.cloudflare.com/client/v4/zones/" ID "/stream", NULL },
    { "https://api.cloudflare.com/client/v4/accounts", NULL },
    { "https://customer-abc.cloudflarestream.com/" VIDEO "/watch", NULL },
    { "https://dash.cloudflare.com.example.org/" ID, NULL },
    { "http://[", NULL },
    { "\xff\xfe", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *id = pond_account_parse_id (cases[i].text);

      g_assert_cmpstr (id, ==, cases[i].id);
    }
}

static void
count_notify (gpointer user_data)
{
  guint *count = user_data;

  (*count)++;
}

static void
test_properties (void)
{
  PondAccount *account = pond_account_new (ID, "Work", POND_ACCOUNT_SAMPLE);
  g_autofree char *id = NULL;
  g_autofree char *name = NULL;
  PondAccountOrigin origin;
  guint count = 0;

  g_object_get (account, "id", &id, "name", &name, "origin", &origin, NULL);
  g_assert_cmpstr (id, ==, ID);
  g_assert_cmpstr (name, ==, "Work");
  g_assert_cmpint (origin, ==, POND_ACCOUNT_SAMPLE);

  g_signal_connect_swapped (account, "notify::name", G_CALLBACK (count_notify), &count);
  pond_account_set_name (account, "Work");
  g_assert_cmpuint (count, ==, 0);
  pond_account_set_name (account, "Home");
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpstr (pond_account_get_name (account), ==, "Home");

  g_assert_finalize_object (account);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/account/parse-id", test_parse_id);
  g_test_add_func ("/account/properties", test_properties);

  return g_test_run ();
}
