/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * PondCheckKind:
 * @POND_CHECK_TOKEN_FORM: what was given can be an API token
 * @POND_CHECK_TOKEN_ACTIVE: Cloudflare knows the token and accepts it
 * @POND_CHECK_ACCOUNT: the account exists and the token is for it
 * @POND_CHECK_STREAM: the token may list the account's videos
 * @POND_CHECK_ENABLE: the token may enable downloads
 * @POND_CHECK_EXPIRY: the token goes on being valid
 *
 * What is checked of an account, in this order. All but the last two are needed.
 */
typedef enum
{
  POND_CHECK_TOKEN_FORM,
  POND_CHECK_TOKEN_ACTIVE,
  POND_CHECK_ACCOUNT,
  POND_CHECK_STREAM,
  POND_CHECK_ENABLE,
  POND_CHECK_EXPIRY,
  POND_CHECK_N_KINDS,
} PondCheckKind;

/**
 * PondCheckState:
 * @POND_CHECK_PENDING: its turn has not come, and never does after a step that failed
 * @POND_CHECK_RUNNING: the answer is awaited
 * @POND_CHECK_PASSED: it is so
 * @POND_CHECK_FAILED: it is not so
 * @POND_CHECK_UNKNOWN: there was no answer that tells
 *
 * How far a step is.
 */
typedef enum
{
  POND_CHECK_PENDING,
  POND_CHECK_RUNNING,
  POND_CHECK_PASSED,
  POND_CHECK_FAILED,
  POND_CHECK_UNKNOWN,
} PondCheckState;

#define POND_TYPE_CHECK_STATE (pond_check_state_get_type ())

GType           pond_check_state_get_type (void) G_GNUC_CONST;

#define POND_TYPE_CHECK_STEP (pond_check_step_get_type ())

/**
 * PondCheckStep:
 *
 * One step of a [class@AccountCheck]. Properties, all read-only: `title`, `state`, `detail`, `advice`.
 */
G_DECLARE_FINAL_TYPE (PondCheckStep, pond_check_step, POND, CHECK_STEP, GObject)

PondCheckStep  *pond_check_step_new        (PondCheckKind   kind);

PondCheckKind   pond_check_step_get_kind   (PondCheckStep  *self);
const char     *pond_check_step_get_title  (PondCheckStep  *self);
PondCheckState  pond_check_step_get_state  (PondCheckStep  *self);
const char     *pond_check_step_get_detail (PondCheckStep  *self);
const char     *pond_check_step_get_advice (PondCheckStep  *self);

void            pond_check_step_set        (PondCheckStep  *self,
                                            PondCheckState  state,
                                            const char     *detail,
                                            const char     *advice);

G_END_DECLS
