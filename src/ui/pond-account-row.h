/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "accounts/pond-account.h"

G_BEGIN_DECLS

#define POND_TYPE_ACCOUNT_ROW (pond_account_row_get_type ())

/**
 * PondAccountRow:
 *
 * An account that is kept, with what can be done about it. That is done by the actions
 * `accounts.rename` (ID and name), `accounts.replace-token` and `accounts.remove` (ID) of a widget above.
 */
G_DECLARE_FINAL_TYPE (PondAccountRow, pond_account_row, POND, ACCOUNT_ROW, AdwExpanderRow)

/**
 * pond_account_row_new:
 * @account: an account that is kept, or one of this session
 *
 * Returns: (transfer floating): a new row
 */
GtkWidget *pond_account_row_new      (PondAccount *account);

/**
 * pond_account_row_describe:
 * @account: an account
 *
 * Returns: (transfer full): its ID, and where its token is
 */
char      *pond_account_row_describe (PondAccount *account);

G_END_DECLS
