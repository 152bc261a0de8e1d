/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "catalogue/pond-catalogue-row.h"

G_BEGIN_DECLS

/* How far the listing of an account has come.
 *
 * complete_at: when all videos were listed, in seconds since 1970, or 0 for never
 * newest: all videos made up to this time, in microseconds since 1970, have been listed once */
typedef struct
{
  gint64 complete_at;
  gint64 newest;
} PondCataloguePass;

/* What is known of an account, on the disk. It belongs to one thread, the catalogue's worker. None of
 * this fails: a cache that can't be used is made again, or done without. */
typedef struct _PondCatalogueStore PondCatalogueStore;

/* NULL for @path keeps nothing. */
PondCatalogueStore *pond_catalogue_store_new         (const char              *path);
void                pond_catalogue_store_free        (PondCatalogueStore      *self);

/* Opens it if it is not, and gives what is in it as PondCatalogueRow, in no order. (transfer full) */
GPtrArray          *pond_catalogue_store_load        (PondCatalogueStore      *self,
                                                      PondCataloguePass       *pass);

/* Keeps PondVideo that are new or other than before. */
void                pond_catalogue_store_put         (PondCatalogueStore      *self,
                                                      GPtrArray               *videos);

/* Forgets the uids of @gone, and remembers how far the listing has come. */
void                pond_catalogue_store_end_pass    (PondCatalogueStore      *self,
                                                      GPtrArray               *gone,
                                                      const PondCataloguePass *pass);

/* Deletes the file, whether it is one of ours or not. */
void                pond_catalogue_store_delete_file (const char              *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondCatalogueStore, pond_catalogue_store_free)

G_END_DECLS
