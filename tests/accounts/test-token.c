/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "accounts/pond-token.h"

#include <string.h>
#include <sys/mman.h>

#define OLD "v1Abcdefghij-klmnopqrst_uvwxyz0123456789"
#define USER "cfut_Abcdefghijklmnopqrstuvwxyz0123456789ABCDdeadbeef"
#define ACCOUNT "cfat_Abcdefghijklmnopqrstuvwxyz0123456789ABCDdeadbeef"
#define GLOBAL_37 "0123456789abcdef0123456789abcdef01234"

static void
test_accepted (void)
{
  const struct
  {
    const char *text;
    const char *token;
  } cases[] = {
    { OLD, OLD },
    { USER, USER },
    { ACCOUNT, ACCOUNT },
    { " \t" OLD " \r\n", OLD },
    { "\n\n" OLD, OLD },
    { "\u00a0" OLD "\u2003", OLD },
    { "\ufeff" OLD "\u200b", OLD },
    { "Bearer " OLD, OLD },
    { "bearer\t " OLD "\n", OLD },
    { "Authorization: Bearer " OLD, OLD },
    { "authorization:BEARER " OLD, OLD },
    { "Bearer_abcdefghijklmnop", "Bearer_abcdefghijklmnop" },
    { "test.token~of+an/other=kind", "test.token~of+an/other=kind" },
    { GLOBAL_37 "abc", GLOBAL_37 "abc" },
    { "0123456789ABCDEF0123456789ABCDEF01234", "0123456789ABCDEF0123456789ABCDEF01234" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PondToken) token = pond_token_new (cases[i].text, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (pond_token_peek (token), ==, cases[i].token);
    }
}

static void
test_refused (void)
{
  g_autofree char *too_long = g_strnfill (1025, 'x');
  const struct
  {
    const char *text;
    PondTokenError code;
  } cases[] = {
    { "", POND_TOKEN_ERROR_EMPTY },
    { " \n\t\u00a0", POND_TOKEN_ERROR_EMPTY },
    { "Bearer", POND_TOKEN_ERROR_MALFORMED },
    { "Bearer ", POND_TOKEN_ERROR_MALFORMED },
    { "Authorization:", POND_TOKEN_ERROR_MALFORMED },
    { "short", POND_TOKEN_ERROR_MALFORMED },
    { "seven77", POND_TOKEN_ERROR_MALFORMED },
    { too_long, POND_TOKEN_ERROR_MALFORMED },
    { "abcdefghij 0123456789 abcdefghij", POND_TOKEN_ERROR_MALFORMED },
    { "abcdefghij\n0123456789abcdefghij", POND_TOKEN_ERROR_MALFORMED },
    { "abcdefghij0123456789äbcdefghij", POND_TOKEN_ERROR_MALFORMED },
    { "abcdefghij0123456789\"", POND_TOKEN_ERROR_MALFORMED },
    { "https://dash.cloudflare.com/profile/api-tokens", POND_TOKEN_ERROR_MALFORMED },
    { "abcdefghij0123456789\xff\xfe", POND_TOKEN_ERROR_MALFORMED },
    { GLOBAL_37, POND_TOKEN_ERROR_GLOBAL_KEY },
    { " " GLOBAL_37 "\n", POND_TOKEN_ERROR_GLOBAL_KEY },
    { "Bearer " GLOBAL_37, POND_TOKEN_ERROR_GLOBAL_KEY },
    { "cfk_Abcdefghijklmnopqrstuvwxyz0123456789ABCDdeadbeef", POND_TOKEN_ERROR_GLOBAL_KEY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PondToken) token = pond_token_new (cases[i].text, &error);

      g_assert_error (error, POND_TOKEN_ERROR, (int) cases[i].code);
      g_assert_null (token);
      if (strlen (cases[i].text) > 3)
        g_assert_null (strstr (error->message, cases[i].text));
    }
}

/* What the kernel tells of the mapping that begins at @address. */
static char *
get_mapping_flags (const void *address)
{
  g_autofree char *heading = g_strdup_printf ("\n%" G_GINTPTR_MODIFIER "x-", (guintptr) address);
  g_autofree char *maps = NULL;
  const char *mapping;
  const char *flags;

  g_assert_true (g_file_get_contents ("/proc/self/smaps", &maps, NULL, NULL));
  mapping = strstr (maps, heading);
  g_assert_nonnull (mapping);
  flags = strstr (mapping, "VmFlags:");
  g_assert_nonnull (flags);

  return g_strndup (flags, strcspn (flags, "\n"));
}

/* A page of the test's own shows whether locking works here at all: there may be no allowance for
 * it, and sanitizers turn it off. */
static gboolean
can_lock_memory (void)
{
  char *page = mmap (NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  g_autofree char *flags = NULL;

  /* Keeps the kernel from joining it to another mapping. */
  g_assert_cmpint (madvise (page, 4096, MADV_DONTFORK), ==, 0);
  mlock (page, 4096);
  flags = get_mapping_flags (page);
  munmap (page, 4096);

  return strstr (flags, " lo") != NULL;
}

static void
test_memory (void)
{
  g_autoptr (PondToken) token = pond_token_new (OLD, NULL);
  g_autofree char *flags = get_mapping_flags (pond_token_peek (token));

  g_assert_nonnull (strstr (flags, " dd"));
  if (can_lock_memory ())
    g_assert_nonnull (strstr (flags, " lo"));
  else
    g_test_message ("Memory can't be locked here");
}

static void
test_references (void)
{
  g_autoptr (PondToken) token = pond_token_new (OLD, NULL);
  g_autofree char *address = g_strdup_printf ("\n%" G_GINTPTR_MODIFIER "x-",
                                              (guintptr) pond_token_peek (token));
  GValue value = G_VALUE_INIT;
  g_autofree char *maps = NULL;

  g_value_init (&value, POND_TYPE_TOKEN);
  g_value_set_boxed (&value, token);
  g_assert_true (g_value_get_boxed (&value) == token);
  g_clear_pointer (&token, pond_token_unref);
  g_assert_cmpstr (pond_token_peek (g_value_get_boxed (&value)), ==, OLD);

  g_value_unset (&value);
  g_assert_true (g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL));
  g_assert_null (strstr (maps, address));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/token/accepted", test_accepted);
  g_test_add_func ("/token/refused", test_refused);
  g_test_add_func ("/token/memory", test_memory);
  g_test_add_func ("/token/references", test_references);

  return g_test_run ();
}
