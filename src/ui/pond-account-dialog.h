/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "accounts/pond-account-store.h"

G_BEGIN_DECLS

#define POND_TYPE_ACCOUNT_DIALOG (pond_account_dialog_get_type ())

/**
 * PondAccountDialog:
 *
 * Where an account is connected, or gets another token: what is given is checked step by step before
 * it is kept, and what was found stays to be read.
 *
 * Signal: `connected`, with the [class@Account] (transfer none).
 */
G_DECLARE_FINAL_TYPE (PondAccountDialog, pond_account_dialog, POND, ACCOUNT_DIALOG, AdwDialog)

/**
 * pond_account_dialog_new:
 * @accounts: where to keep the account
 * @api_base: the Stream API's base address, without a slash at the end
 *
 * Returns: (transfer floating): a new dialog
 */
AdwDialog *pond_account_dialog_new             (PondAccountStore *accounts,
                                                const char       *api_base);

/**
 * pond_account_dialog_new_for_account:
 * @accounts: where the account is kept
 * @api_base: the Stream API's base address, without a slash at the end
 * @account: the account that gets another token
 *
 * Returns: (transfer floating): a new dialog
 */
AdwDialog *pond_account_dialog_new_for_account (PondAccountStore *accounts,
                                                const char       *api_base,
                                                PondAccount      *account);

G_END_DECLS
