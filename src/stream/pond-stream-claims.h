/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PondStreamClaims:
 * @video: (nullable): the uid of the video that the token is for
 * @expires: when it ends, in seconds since 1970, or 0 when it does not say
 * @not_before: when it begins, in seconds since 1970, or 0 when it does not say
 * @downloadable: whether it is good for files, and not only for playing
 *
 * What a signed token of a video says of itself. Nothing of it is proven: the signature is Stream's to
 * check.
 */
typedef struct
{
  char     *video;
  gint64    expires;
  gint64    not_before;
  gboolean  downloadable;
} PondStreamClaims;

PondStreamClaims *pond_stream_claims_read     (const char       *token);
void              pond_stream_claims_free     (PondStreamClaims *self);

gboolean          pond_stream_claims_is_token (const char       *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondStreamClaims, pond_stream_claims_free)

G_END_DECLS
