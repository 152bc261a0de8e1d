/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "catalogue/pond-catalogue-matcher.h"
#include "catalogue/pond-catalogue.h"

G_BEGIN_DECLS

#define POND_TYPE_CATALOGUE_VIEW (pond_catalogue_view_get_type ())

/**
 * PondCatalogueView:
 *
 * What somebody wants to see of a catalogue, in the order they want: a [iface@Gio.ListModel] of
 * [class@Video] that follows the catalogue. At first everything, newest first.
 */
G_DECLARE_FINAL_TYPE (PondCatalogueView, pond_catalogue_view, POND, CATALOGUE_VIEW, GObject)

/**
 * pond_catalogue_view_new:
 * @catalogue: a catalogue
 *
 * Returns: (transfer full): a view of it
 */
PondCatalogueView *pond_catalogue_view_new            (PondCatalogue             *catalogue);

/**
 * pond_catalogue_view_set_filter:
 * @self: a view
 * @filter: what is wanted; copied
 *
 * Sets what is shown, at once.
 */
void               pond_catalogue_view_set_filter     (PondCatalogueView         *self,
                                                       const PondCatalogueFilter *filter);

/**
 * pond_catalogue_view_set_sort:
 * @self: a view
 * @sort: an order
 *
 * Sets the order, at once.
 */
void               pond_catalogue_view_set_sort       (PondCatalogueView         *self,
                                                       PondCatalogueSort          sort);

/**
 * pond_catalogue_view_set_saved_func:
 * @self: a view
 * @func: (nullable): tells what is saved; without it nothing is
 * @user_data: for @func
 * @destroy: (nullable): frees @user_data
 *
 * Sets how it is found out whether a video is in the library.
 */
void               pond_catalogue_view_set_saved_func (PondCatalogueView         *self,
                                                       PondCatalogueSavedFunc     func,
                                                       gpointer                   user_data,
                                                       GDestroyNotify             destroy);

/**
 * pond_catalogue_view_update:
 * @self: a view
 *
 * Filters anew, for when other videos are saved than before.
 */
void               pond_catalogue_view_update         (PondCatalogueView         *self);

G_END_DECLS
