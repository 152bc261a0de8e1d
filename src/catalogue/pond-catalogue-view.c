/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-catalogue"

#include "config.h"

#include "catalogue/pond-catalogue-view.h"

#include "catalogue/pond-catalogue-private.h"

struct _PondCatalogueView
{
  GObject parent_instance;

  PondCatalogue *catalogue;
  PondCatalogueMatcher *matcher;
  PondCatalogueSort sort;
  PondCatalogueSavedFunc saved_func;
  gpointer saved_data;
  GDestroyNotify saved_destroy;
  GPtrArray *rows; /* of PondCatalogueRow */
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PondCatalogueView,
                               pond_catalogue_view,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type (GListModel *model)
{
  return POND_TYPE_VIDEO;
}

static guint
get_n_items (GListModel *model)
{
  return POND_CATALOGUE_VIEW (model)->rows->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  PondCatalogueView *self = POND_CATALOGUE_VIEW (model);
  PondCatalogueRow *row;

  if (position >= self->rows->len)
    return NULL;

  row = g_ptr_array_index (self->rows, position);

  return g_object_ref (row->video);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static int
compare_rows (gconstpointer a,
              gconstpointer b,
              gpointer      user_data)
{
  PondCatalogueView *self = user_data;

  return pond_catalogue_row_compare (a, b, self->sort);
}

static void
pond_catalogue_view_finalize (GObject *object)
{
  PondCatalogueView *self = POND_CATALOGUE_VIEW (object);

  if (self->saved_destroy != NULL)
    self->saved_destroy (self->saved_data);
  pond_catalogue_matcher_free (self->matcher);
  g_ptr_array_unref (self->rows);
  g_object_unref (self->catalogue);

  G_OBJECT_CLASS (pond_catalogue_view_parent_class)->finalize (object);
}

static void
pond_catalogue_view_class_init (PondCatalogueViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = pond_catalogue_view_finalize;
}

static void
pond_catalogue_view_init (PondCatalogueView *self)
{
  const PondCatalogueFilter everything = { 0 };

  self->matcher = pond_catalogue_matcher_new (&everything);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_catalogue_row_unref);
}

PondCatalogueView *
pond_catalogue_view_new (PondCatalogue *catalogue)
{
  PondCatalogueView *self;

  g_return_val_if_fail (POND_IS_CATALOGUE (catalogue), NULL);

  self = g_object_new (POND_TYPE_CATALOGUE_VIEW, NULL);
  self->catalogue = g_object_ref (catalogue);
  g_signal_connect_object (catalogue, "changed", G_CALLBACK (pond_catalogue_view_update), self,
                           G_CONNECT_SWAPPED);
  pond_catalogue_view_update (self);

  return self;
}

void
pond_catalogue_view_set_filter (PondCatalogueView         *self,
                                const PondCatalogueFilter *filter)
{
  g_return_if_fail (POND_IS_CATALOGUE_VIEW (self));
  g_return_if_fail (filter != NULL);

  pond_catalogue_matcher_free (self->matcher);
  self->matcher = pond_catalogue_matcher_new (filter);
  pond_catalogue_view_update (self);
}

void
pond_catalogue_view_set_sort (PondCatalogueView *self,
                              PondCatalogueSort  sort)
{
  g_return_if_fail (POND_IS_CATALOGUE_VIEW (self));

  if (self->sort == sort)
    return;

  self->sort = sort;
  pond_catalogue_view_update (self);
}

void
pond_catalogue_view_set_saved_func (PondCatalogueView      *self,
                                    PondCatalogueSavedFunc  func,
                                    gpointer                user_data,
                                    GDestroyNotify          destroy)
{
  g_return_if_fail (POND_IS_CATALOGUE_VIEW (self));

  if (self->saved_destroy != NULL)
    self->saved_destroy (self->saved_data);

  self->saved_func = func;
  self->saved_data = user_data;
  self->saved_destroy = destroy;
  pond_catalogue_view_update (self);
}

void
pond_catalogue_view_update (PondCatalogueView *self)
{
  g_autoptr(GPtrArray) target = NULL;
  GPtrArray *all;

  g_return_if_fail (POND_IS_CATALOGUE_VIEW (self));

  all = pond_catalogue_peek_rows (self->catalogue);
  target = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_catalogue_row_unref);
  for (guint i = 0; i < all->len; i++)
    {
      PondCatalogueRow *row = g_ptr_array_index (all, i);

      if (pond_catalogue_matcher_matches (self->matcher, row, self->saved_func, self->saved_data))
        g_ptr_array_add (target, pond_catalogue_row_ref (row));
    }

  if (self->sort != POND_CATALOGUE_NEWEST)
    g_ptr_array_sort_values_with_data (target, compare_rows, self);
  pond_catalogue_rows_apply (G_LIST_MODEL (self), self->rows, target, self->sort);
}
