/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-video-ref-private.h"

#include <string.h>

#define UID_LENGTH 32

G_DEFINE_BOXED_TYPE (PondVideoRef, pond_video_ref, pond_video_ref_ref, pond_video_ref_unref)

/**
 * pond_is_uid:
 * @text: a text
 *
 * Returns: whether @text is 32 lowercase hexadecimal digits, as the IDs of videos and accounts are
 */
gboolean
pond_is_uid (const char *text)
{
  gsize i;

  for (i = 0; i < UID_LENGTH; i++)
    {
      if (!g_ascii_isxdigit (text[i]) || g_ascii_isupper (text[i]))
        return FALSE;
    }

  return text[i] == '\0';
}

/**
 * pond_video_ref_new:
 * @uid: 32 lowercase hexadecimal digits
 *
 * Returns: (transfer full): a reference to the video by its bare ID
 */
PondVideoRef *
pond_video_ref_new (const char *uid)
{
  PondVideoRef *self;

  g_return_val_if_fail (uid != NULL && pond_is_uid (uid), NULL);

  self = g_new0 (PondVideoRef, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->uid = g_strdup (uid);

  return self;
}

/**
 * pond_video_ref_ref:
 * @self: a reference
 *
 * Returns: (transfer full): @self
 */
PondVideoRef *
pond_video_ref_ref (PondVideoRef *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * pond_video_ref_unref:
 * @self: (transfer full): a reference
 *
 * Gives it back. The token, if it has one, is wiped with the last.
 */
void
pond_video_ref_unref (PondVideoRef *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->token != NULL)
    explicit_bzero (self->token, strlen (self->token));

  g_free (self->uid);
  g_free (self->host);
  g_free (self->account);
  g_free (self->token);
  g_free (self);
}

/**
 * pond_video_ref_get_uid:
 * @self: a reference
 *
 * Returns: (transfer none): 32 lowercase hexadecimal digits
 */
const char *
pond_video_ref_get_uid (PondVideoRef *self)
{
  return self->uid;
}

/**
 * pond_video_ref_get_host:
 * @self: a reference
 *
 * Returns: (transfer none) (nullable): the delivery host that the address named, in lower case, with its
 *   port if it named one
 */
const char *
pond_video_ref_get_host (PondVideoRef *self)
{
  return self->host;
}

/**
 * pond_video_ref_get_account:
 * @self: a reference
 *
 * Returns: (transfer none) (nullable): the account ID that the address named
 */
const char *
pond_video_ref_get_account (PondVideoRef *self)
{
  return self->account;
}

/**
 * pond_video_ref_get_type_name:
 * @self: a reference
 *
 * Returns: (transfer none) (nullable): "default" or "audio", when the address named a file
 */
const char *
pond_video_ref_get_type_name (PondVideoRef *self)
{
  return self->type;
}

/**
 * pond_video_ref_get_token:
 * @self: a reference
 *
 * Gets the signed token that stood in the uid's place. It opens the video for everybody who has it, for as
 * long as its claims say (pond_stream_claims_read()): it is kept out of logs and of anything stored.
 *
 * Returns: (transfer none) (nullable): the token, a secret, without percent-escapes
 */
const char *
pond_video_ref_get_token (PondVideoRef *self)
{
  return self->token;
}
