/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "accounts/pond-account-store.h"

G_BEGIN_DECLS

#define POND_TYPE_ACCOUNTS_PAGE (pond_accounts_page_get_type ())

/**
 * PondAccountsPage:
 *
 * The accounts, to rename, to remove and to give another token. Those of the environment and the
 * sample are only shown. To be put into an [class@Adw.PreferencesDialog] on a window that has the
 * action `win.connect-account`.
 */
G_DECLARE_FINAL_TYPE (PondAccountsPage, pond_accounts_page, POND, ACCOUNTS_PAGE, AdwPreferencesPage)

/**
 * pond_accounts_page_new:
 * @accounts: the accounts
 * @api_base: the Stream API's base address, without a slash at the end
 *
 * Returns: (transfer floating): a new page
 */
AdwPreferencesPage *pond_accounts_page_new (PondAccountStore *accounts,
                                            const char       *api_base);

G_END_DECLS
