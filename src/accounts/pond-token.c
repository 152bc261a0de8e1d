/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-accounts"

#include "config.h"

#include "accounts/pond-token.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/* Tokens are opaque; these bounds only catch what somebody pasted by mistake. */
#define MIN_LENGTH 8
#define MAX_LENGTH 1024
#define PAGE_LENGTH 4096

/* The text has a page to itself, so that locking it locks nothing else, and unmapping it leaves
 * nothing behind. */
struct _PondToken
{
  char *page;
};

G_STATIC_ASSERT (MAX_LENGTH < PAGE_LENGTH);

G_DEFINE_BOXED_TYPE (PondToken, pond_token, pond_token_ref, pond_token_unref)
G_DEFINE_QUARK (pond-token-error-quark, pond_token_error)

/* What a page or a mail adds to a copied token: white space of any kind, and marks nobody sees. */
static gboolean
is_blank (const char *text)
{
  gunichar c = g_utf8_get_char (text);

  return g_unichar_isspace (c) || g_unichar_iszerowidth (c);
}

static const char *
skip_blanks (const char *start,
             const char *end)
{
  while (start < end && is_blank (start))
    start = g_utf8_next_char (start);

  return start;
}

static const char *
skip_word (const char *start,
           const char *end,
           const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (end - start) < length || g_ascii_strncasecmp (start, word, length) != 0)
    return NULL;

  return start + length;
}

/* Documentation and examples show the token within its header, and that gets copied too. */
static const char *
skip_header (const char *start,
             const char *end)
{
  const char *rest = skip_word (start, end, "Authorization:");
  const char *scheme_end;

  if (rest != NULL)
    start = skip_blanks (rest, end);

  scheme_end = skip_word (start, end, "Bearer");
  if (scheme_end != NULL && scheme_end < end && is_blank (scheme_end))
    start = skip_blanks (scheme_end, end);

  return start;
}

static gboolean
is_global_key (const char *text,
               gsize       length)
{
  /* Newer keys say what they are; older ones are 37 lowercase hexadecimal digits. */
  if (g_str_has_prefix (text, "cfk_"))
    return TRUE;

  return length == 37 && strspn (text, "0123456789abcdef") >= length;
}

static gboolean
is_token (const char *text,
          gsize       length)
{
  if (length < MIN_LENGTH || length > MAX_LENGTH)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isgraph (text[i]) || strchr ("\"'<>\\", text[i]) != NULL)
        return FALSE;
    }

  return g_strstr_len (text, (gssize) length, "://") == NULL;
}

static void
pond_token_clear (gpointer data)
{
  PondToken *self = data;

  explicit_bzero (self->page, PAGE_LENGTH);
  munmap (self->page, PAGE_LENGTH);
}

PondToken *
pond_token_new (const char  *text,
                GError     **error)
{
  PondToken *self = NULL;
  const char *start;
  const char *end;
  gsize length;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error_literal (error, POND_TOKEN_ERROR, POND_TOKEN_ERROR_MALFORMED,
                           "This is no API token: it is not even text");
      return NULL;
    }

  end = text + strlen (text);
  start = skip_blanks (text, end);
  while (end > start && is_blank (g_utf8_prev_char (end)))
    end = g_utf8_prev_char (end);

  if (start == end)
    {
      g_set_error_literal (error, POND_TOKEN_ERROR, POND_TOKEN_ERROR_EMPTY,
                           "The API token is empty");
      return NULL;
    }

  start = skip_header (start, end);
  length = end - start;

  if (is_global_key (start, length))
    {
      g_set_error_literal (error, POND_TOKEN_ERROR, POND_TOKEN_ERROR_GLOBAL_KEY,
                           "This is a global API key, which opens everything on an account. "
                           "Create an API token with the Stream permission instead");
      return NULL;
    }

  if (!is_token (start, length))
    {
      g_set_error (error, POND_TOKEN_ERROR, POND_TOKEN_ERROR_MALFORMED,
                   "This is no API token: those are at least %d letters, digits and signs, "
                   "without blanks. Copy the whole token and nothing else",
                   MIN_LENGTH);
      return NULL;
    }

  self = g_atomic_rc_box_new0 (PondToken);
  self->page = mmap (NULL, PAGE_LENGTH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (self->page == MAP_FAILED)
    g_error ("Could not map a page: %s", g_strerror (errno));

  /* Both are best effort: the limit of locked memory may be reached, and the token is needed. */
  if (mlock (self->page, PAGE_LENGTH) != 0)
    g_debug ("A token is not locked in memory: %s", g_strerror (errno));
  madvise (self->page, PAGE_LENGTH, MADV_DONTDUMP);

  memcpy (self->page, start, length);

  return self;
}

PondToken *
pond_token_ref (PondToken *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

void
pond_token_unref (PondToken *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, pond_token_clear);
}

const char *
pond_token_peek (PondToken *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->page;
}
