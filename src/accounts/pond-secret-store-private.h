/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "accounts/pond-secret-store.h"

G_BEGIN_DECLS

/**
 * pond_secret_store_set_timeouts:
 * @self: a secret store
 * @silence: milliseconds after which a service that shows no sign of life is given up; default
 *   10,000
 * @patience: milliseconds that a person has to answer the keyring's question; default 300,000
 *
 * Sets how long the calls that begin from now on may take. For tests, which have less time.
 */
void pond_secret_store_set_timeouts (PondSecretStore *self,
                                     guint            silence,
                                     guint            patience);

G_END_DECLS
