/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "accounts/pond-token.h"
#include "stream/pond-check-step.h"

G_BEGIN_DECLS

#define POND_TYPE_ACCOUNT_CHECK (pond_account_check_get_type ())

/**
 * PondAccountCheck:
 *
 * Finds out step by step whether an account and a token do what Millpond needs, and what to change if
 * not. Nothing on Stream is changed by it: what it asks to be enabled is the download of a video that
 * can't exist.
 */
G_DECLARE_FINAL_TYPE (PondAccountCheck, pond_account_check, POND, ACCOUNT_CHECK, GObject)

PondAccountCheck *pond_account_check_new              (const char           *base,
                                                       const char           *account_id,
                                                       const char           *token_text);

const char       *pond_account_check_get_account_id   (PondAccountCheck     *self);
PondToken        *pond_account_check_get_token        (PondAccountCheck     *self);
const char       *pond_account_check_get_account_name (PondAccountCheck     *self);
GListModel       *pond_account_check_get_steps        (PondAccountCheck     *self);

void              pond_account_check_run_async        (PondAccountCheck     *self,
                                                       GCancellable         *cancellable,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
gboolean          pond_account_check_run_finish       (PondAccountCheck     *self,
                                                       GAsyncResult         *result,
                                                       GError              **error);

char             *pond_account_check_build_token_page (const char           *account_id);

G_END_DECLS
