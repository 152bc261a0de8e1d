/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "accounts/pond-account.h"

G_BEGIN_DECLS

/**
 * pond_account_is_id:
 * @text: a text
 *
 * Tells whether @text is an account ID as [class@Account] keeps it: 32 lowercase hexadecimal digits
 * and nothing else.
 *
 * Returns: TRUE if it is
 */
gboolean pond_account_is_id      (const char        *text);

/**
 * pond_account_set_origin:
 * @self: an account
 * @origin: where its token is now
 *
 * For the account store alone: an account that is added once more may have a keyring this time, or
 * no longer have one.
 */
void     pond_account_set_origin (PondAccount       *self,
                                  PondAccountOrigin  origin);

G_END_DECLS
