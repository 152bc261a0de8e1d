/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "stream/pond-video.h"

G_BEGIN_DECLS

/**
 * PondCatalogueSort:
 * @POND_CATALOGUE_NEWEST: by when it was made, the last first
 * @POND_CATALOGUE_OLDEST: by when it was made, the first first
 * @POND_CATALOGUE_TITLE: by title as people expect it, numbers by their value; those without at the end
 * @POND_CATALOGUE_LONGEST: by duration, the longest first; not yet known ones at the end
 * @POND_CATALOGUE_SHORTEST: by duration, the shortest first; not yet known ones at the end
 *
 * Orders of videos. What is equal in them is ordered newest first, then by ID.
 */
typedef enum
{
  POND_CATALOGUE_NEWEST,
  POND_CATALOGUE_OLDEST,
  POND_CATALOGUE_TITLE,
  POND_CATALOGUE_LONGEST,
  POND_CATALOGUE_SHORTEST,
} PondCatalogueSort;

/**
 * PondCatalogueRow:
 * @video: the video
 * @words: the words of its title and creator, as pond_catalogue_fold() gives them
 * @title_key: (nullable): what to compare, byte by byte, to order titles
 *
 * A video, and what takes too long to work out each time when somebody searches or sorts. Counted by
 * reference, constant, and so for any thread.
 */
typedef struct
{
  PondVideo *video;
  char *words;
  char *title_key;
} PondCatalogueRow;

/* (transfer full) */
PondCatalogueRow *pond_catalogue_row_new     (PondVideo              *video);
PondCatalogueRow *pond_catalogue_row_ref     (PondCatalogueRow       *self);
void              pond_catalogue_row_unref   (PondCatalogueRow       *self);

int               pond_catalogue_row_compare (const PondCatalogueRow *self,
                                              const PondCatalogueRow *other,
                                              PondCatalogueSort       sort);

/**
 * pond_catalogue_fold:
 * @text: (nullable): a text
 *
 * Takes the words out of a text and folds what does not matter for a search: case, diacritics and
 * forms of presentation. In scripts that put no space between words each character is one.
 *
 * Returns: (transfer full): the words, a blank before each
 */
char             *pond_catalogue_fold        (const char             *text);

/* Brings the rows that @model shows to @target, which is in the order of @sort, as both should be, in
 * few and small changes. */
void              pond_catalogue_rows_apply  (GListModel             *model,
                                              GPtrArray              *rows,
                                              GPtrArray              *target,
                                              PondCatalogueSort       sort);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondCatalogueRow, pond_catalogue_row_unref)

G_END_DECLS
