/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "downloads/pond-access-token.h"
#include "stream/pond-stream-claims.h"

#include <string.h>

/* What a token is good for if nothing else is asked for, and how long before its end another one is made. */
#define USUAL_LIFE 3600
#define MARGIN     60

struct _PondAccessToken
{
  char *text;
  gboolean fixed;
  gint64 good_until;
};

static PondAccessToken *
pond_access_token_alloc (const char *text)
{
  PondAccessToken *self = g_new0 (PondAccessToken, 1);

  self->text = g_strdup (text);

  return self;
}

/**
 * pond_access_token_new:
 * @text: a token for a download, which was made a moment ago
 * @now: the time
 *
 * Takes a token that can be made anew. Its end is reckoned from @now: the clock that its claims go by may be another
 * than this machine's.
 *
 * Returns: (transfer full): the token
 */
PondAccessToken *
pond_access_token_new (const char *text,
                       gint64      now)
{
  PondAccessToken *self = pond_access_token_alloc (text);
  g_autoptr(PondStreamClaims) claims = pond_stream_claims_read (text);
  gint64 life = claims != NULL && claims->expires > now ? claims->expires - now : USUAL_LIFE;

  self->good_until = now + MIN (life, USUAL_LIFE) - MARGIN;

  return self;
}

/**
 * pond_access_token_new_fixed:
 * @text: the token of a link
 *
 * Takes a token that is all there is, and used up to its end.
 *
 * Returns: (transfer full): the token
 */
PondAccessToken *
pond_access_token_new_fixed (const char *text)
{
  PondAccessToken *self = pond_access_token_alloc (text);
  g_autoptr(PondStreamClaims) claims = pond_stream_claims_read (text);

  self->fixed = TRUE;
  self->good_until = claims != NULL && claims->expires != 0 ? claims->expires : G_MAXINT64;

  return self;
}

/**
 * pond_access_token_free:
 * @self: (transfer full): a token
 *
 * Wipes it and frees it.
 */
void
pond_access_token_free (PondAccessToken *self)
{
  explicit_bzero (self->text, strlen (self->text));
  g_free (self->text);
  g_free (self);
}

/**
 * pond_access_token_peek:
 * @self: a token
 *
 * Returns: (transfer none): its text, a secret
 */
const char *
pond_access_token_peek (const PondAccessToken *self)
{
  return self->text;
}

/**
 * pond_access_token_is_fixed:
 * @self: a token
 *
 * Returns: whether it came with a link, so that no other can be had in its place
 */
gboolean
pond_access_token_is_fixed (const PondAccessToken *self)
{
  return self->fixed;
}

/**
 * pond_access_token_is_good:
 * @self: a token
 * @now: the time
 *
 * Returns: whether a transfer may begin with it
 */
gboolean
pond_access_token_is_good (const PondAccessToken *self,
                           gint64                 now)
{
  return now < self->good_until;
}
