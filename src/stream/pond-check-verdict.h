/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "stream/pond-check-step.h"

G_BEGIN_DECLS

/* What the answers to an account check mean, without the calls. */

/**
 * PondCheckVerdict:
 * @state: what a step has come to
 * @detail: (nullable): what was found
 * @advice: (nullable): what the person can do, and where
 *
 * The outcome of a step.
 */
typedef struct
{
  PondCheckState state;
  char *detail;
  char *advice;
} PondCheckVerdict;

void             pond_check_verdict_clear (PondCheckVerdict *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PondCheckVerdict, pond_check_verdict_clear)

/**
 * PondTokenOwner:
 * @POND_TOKEN_OWNER_USER: a person's own
 * @POND_TOKEN_OWNER_ACCOUNT: the account's
 *
 * Whose a token is, and so where in the dashboard it is found.
 */
typedef enum
{
  POND_TOKEN_OWNER_USER,
  POND_TOKEN_OWNER_ACCOUNT,
} PondTokenOwner;

/**
 * PondTokenScope:
 * @POND_TOKEN_SCOPE_UNKNOWN: Cloudflare did not say which accounts the token is for
 * @POND_TOKEN_SCOPE_ACCOUNT: for this account
 * @POND_TOKEN_SCOPE_OTHERS: for other accounts only
 *
 * What a token is for.
 */
typedef enum
{
  POND_TOKEN_SCOPE_UNKNOWN,
  POND_TOKEN_SCOPE_ACCOUNT,
  POND_TOKEN_SCOPE_OTHERS,
} PondTokenScope;

gboolean         pond_check_is_trouble    (const GError     *error);

PondTokenScope   pond_check_find_scope    (JsonObject       *envelope,
                                           const char       *account_id,
                                           const char      **name);

PondCheckVerdict pond_check_judge_form    (const GError     *error);
PondCheckVerdict pond_check_judge_active  (JsonObject       *token,
                                           PondTokenOwner    owner,
                                           gint64            now,
                                           const GError     *error);
PondCheckVerdict pond_check_judge_account (PondTokenScope    scope,
                                           PondTokenOwner    owner,
                                           const char       *name,
                                           const GError     *error);
PondCheckVerdict pond_check_judge_stream  (PondTokenScope    scope,
                                           PondTokenOwner    owner,
                                           int               n_videos,
                                           const GError     *error);
PondCheckVerdict pond_check_judge_enable  (PondTokenOwner    owner,
                                           const GError     *error);
PondCheckVerdict pond_check_judge_expiry  (JsonObject       *token,
                                           PondTokenOwner    owner,
                                           gint64            now);

G_END_DECLS
