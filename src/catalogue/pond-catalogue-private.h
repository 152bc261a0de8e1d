/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "catalogue/pond-catalogue.h"

G_BEGIN_DECLS

/* The PondCatalogueRow behind the list, in its order. (transfer none) */
GPtrArray *pond_catalogue_peek_rows (PondCatalogue *self);

G_END_DECLS
