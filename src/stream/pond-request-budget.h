/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PondRequestBudget:
 *
 * How many requests an account may still make. The API allows 1,200 in any five minutes, over all the
 * person's tools together, and shuts everything out for five minutes when that is passed; a tenth is left
 * to the other tools. Times are monotonic microseconds and always given, so that a test can run a virtual
 * clock.
 *
 * Source: the API's documented rate limits and its `Ratelimit` and `Retry-After` headers.
 */
typedef struct _PondRequestBudget PondRequestBudget;

PondRequestBudget *pond_request_budget_new     (void);
void               pond_request_budget_free    (PondRequestBudget *self);

gint64             pond_request_budget_reserve (PondRequestBudget *self,
                                                gint64             now);
void               pond_request_budget_learn   (PondRequestBudget *self,
                                                gint64             now,
                                                const char        *ratelimit);
void               pond_request_budget_block   (PondRequestBudget *self,
                                                gint64             now,
                                                double             seconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondRequestBudget, pond_request_budget_free)

G_END_DECLS
