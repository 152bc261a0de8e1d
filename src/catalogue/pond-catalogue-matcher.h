/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "catalogue/pond-catalogue-row.h"

G_BEGIN_DECLS

/**
 * PondChoice:
 * @POND_CHOICE_ANY: it does not matter
 * @POND_CHOICE_YES: only those that are
 * @POND_CHOICE_NO: only those that are not
 */
typedef enum
{
  POND_CHOICE_ANY,
  POND_CHOICE_YES,
  POND_CHOICE_NO,
} PondChoice;

/**
 * PondCatalogueFilter:
 * @text: (nullable): words that title or creator must have, each from its beginning; or the first
 *   eight or more digits of an ID
 * @states: the states that are wanted, as `1 << POND_VIDEO_READY` and so on; 0 for any
 * @private: whether addresses must be signed
 * @saved: whether it is in the library
 * @recording: whether it is the recording of a live input
 * @creator: (nullable): exactly this creator
 * @since: made at this time or later, in seconds since 1970; 0 for any
 * @until: made before this time, in seconds since 1970; 0 for any
 *
 * What somebody wants to see of an account. All of it must hold; all zero wants everything.
 */
typedef struct
{
  const char *text;
  guint states;
  PondChoice private;
  PondChoice saved;
  PondChoice recording;
  const char *creator;
  gint64 since;
  gint64 until;
} PondCatalogueFilter;

/**
 * PondCatalogueSavedFunc:
 * @uid: a video
 * @user_data: what was given with it
 *
 * Returns: whether the video is in the library
 */
typedef gboolean (*PondCatalogueSavedFunc) (const char *uid,
                                            gpointer    user_data);

/**
 * PondCatalogueMatcher:
 *
 * A filter, made ready to be asked of ten thousand videos within a frame.
 */
typedef struct _PondCatalogueMatcher PondCatalogueMatcher;

/**
 * pond_catalogue_matcher_new:
 * @filter: what is wanted; copied
 *
 * Returns: (transfer full): a matcher
 */
PondCatalogueMatcher *pond_catalogue_matcher_new     (const PondCatalogueFilter  *filter);
void                  pond_catalogue_matcher_free    (PondCatalogueMatcher       *self);

/**
 * pond_catalogue_matcher_matches:
 * @self: a matcher
 * @row: a video
 * @saved_func: (nullable) (scope call): tells what is saved; without it nothing is
 * @saved_data: for @saved_func
 *
 * Returns: whether @row is wanted
 */
gboolean              pond_catalogue_matcher_matches (PondCatalogueMatcher       *self,
                                                      const PondCatalogueRow     *row,
                                                      PondCatalogueSavedFunc      saved_func,
                                                      gpointer                    saved_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondCatalogueMatcher, pond_catalogue_matcher_free)

G_END_DECLS
