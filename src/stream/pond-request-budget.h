/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PondRequestBudget:
 *
 * How many requests an account may still make. The API allows 1,200 in any five minutes, over all the
 * person's tools together, and shuts everything out for five minutes when that is passed; a tenth is left
 * to the other tools. What the server says of its own limits can only make that less. Times are monotonic
 * microseconds and always given, so that a test can run a virtual clock.
 *
 * Each request takes its turn: pond_request_budget_get_next(), and when that has come,
 * pond_request_budget_spend(); its answer, or that there was none, is told to pond_request_budget_learn().
 *
 * Source: the API's documented rate limits and its `Ratelimit`, `Ratelimit-Policy` and `Retry-After`
 * headers.
 */
typedef struct _PondRequestBudget PondRequestBudget;

PondRequestBudget *pond_request_budget_new      (void);
void               pond_request_budget_free     (PondRequestBudget *self);

gint64             pond_request_budget_get_next (PondRequestBudget *self,
                                                 gint64             now);
guint64            pond_request_budget_spend    (PondRequestBudget *self,
                                                 gint64             now);
void               pond_request_budget_learn    (PondRequestBudget *self,
                                                 guint64            ticket,
                                                 gint64             now,
                                                 const char        *ratelimit,
                                                 const char        *policy);
void               pond_request_budget_block    (PondRequestBudget *self,
                                                 gint64             now,
                                                 double             seconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondRequestBudget, pond_request_budget_free)

G_END_DECLS
