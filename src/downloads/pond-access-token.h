/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PondAccessToken:
 *
 * A token that stands in the uid's place in the address of a private video, and until when it is used. It lives in
 * memory only, and is wiped when it is freed. Times are seconds since 1970 by this machine's clock, and always
 * given.
 */
typedef struct _PondAccessToken PondAccessToken;

PondAccessToken *pond_access_token_new       (const char             *text,
                                              gint64                  now);
PondAccessToken *pond_access_token_new_fixed (const char             *text);
void             pond_access_token_free      (PondAccessToken        *self);

const char      *pond_access_token_peek      (const PondAccessToken  *self);
gboolean         pond_access_token_is_fixed  (const PondAccessToken  *self);
gboolean         pond_access_token_is_good   (const PondAccessToken  *self,
                                              gint64                  now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondAccessToken, pond_access_token_free)

G_END_DECLS
