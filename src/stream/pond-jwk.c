/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-jwk.h"

#include <string.h>

/* Twice of what a key of 16,384 bits has in one number. */
#define MAX_NUMBER 4096

/* A string in the text, between its quotes. */
typedef struct
{
  const char *start;
  gsize length;
} Span;

static const char *
skip_blanks (const char *text)
{
  return text + strspn (text, " \t\r\n");
}

static gboolean
span_equals (Span        span,
             const char *text)
{
  return span.length == strlen (text) && strncmp (span.start, text, span.length) == 0;
}

/* Reads a string that begins at @text; gives what follows its end, or NULL. None that matters here has escapes. */
static const char *
read_string (const char *text,
             Span       *span)
{
  const char *end;

  if (*text != '"')
    return NULL;

  span->start = text + 1;
  end = span->start + strcspn (span->start, "\"\\");
  span->length = end - span->start;

  return *end == '"' ? end + 1 : NULL;
}

/* Finds the value of a member that is a string. The text is searched where it lies: a JSON parser would make copies
 * of the key that nobody wipes. */
static gboolean
find_member (const char *text,
             const char *name,
             Span       *value)
{
  const char *quote = text;

  while ((quote = strchr (quote, '"')) != NULL)
    {
      Span string;
      const char *rest = read_string (quote, &string);

      if (rest == NULL)
        return FALSE;

      quote = rest;
      rest = skip_blanks (rest);
      if (*rest == ':' && span_equals (string, name))
        return read_string (skip_blanks (rest + 1), value) != NULL;
    }

  return FALSE;
}

/* A number in base64url, which the caller wipes and frees. */
static gboolean
read_number (const char     *text,
             const char     *name,
             gnutls_datum_t *number)
{
  char base64[MAX_NUMBER + 4];
  Span value;
  gsize length;

  if (!find_member (text, name, &value) || value.length == 0 || value.length > MAX_NUMBER)
    return FALSE;

  length = value.length;
  memcpy (base64, value.start, length);
  while (length % 4 != 0)
    base64[length++] = '=';
  base64[length] = '\0';
  g_strdelimit (base64, "-", '+');
  g_strdelimit (base64, "_", '/');

  number->data = g_base64_decode (base64, &length);
  number->size = (unsigned int) length;
  explicit_bzero (base64, sizeof base64);

  return TRUE;
}

/**
 * pond_jwk_read:
 * @text: a JSON Web Key
 * @id: the ID that the key must have, if it says one
 * @key: an empty key
 *
 * Reads a private RSA key.
 *
 * Returns: whether @key has it
 */
gboolean
pond_jwk_read (const char            *text,
               const char            *id,
               gnutls_x509_privkey_t  key)
{
  static const char * const names[] = { "n", "e", "d", "p", "q" };
  gnutls_datum_t numbers[G_N_ELEMENTS (names)] = { 0 };
  gboolean read = TRUE;
  Span value;

  if (!find_member (text, "kty", &value) || !span_equals (value, "RSA") ||
      (find_member (text, "kid", &value) && !span_equals (value, id)))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (names) && read; i++)
    read = read_number (text, names[i], &numbers[i]);

  /* What else a key has, to be faster, follows from these. */
  if (read)
    read = gnutls_x509_privkey_import_rsa_raw2 (key, &numbers[0], &numbers[1], &numbers[2], &numbers[3],
                                                &numbers[4], NULL, NULL, NULL) == GNUTLS_E_SUCCESS;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (numbers[i].data != NULL)
        explicit_bzero (numbers[i].data, numbers[i].size);
      g_free (numbers[i].data);
    }

  return read;
}
