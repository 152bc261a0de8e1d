/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "accounts/pond-account.h"

G_BEGIN_DECLS

/**
 * PondPlaceKind:
 * @POND_PLACE_ALL: every saved video
 * @POND_PLACE_CONTINUE: those that were begun
 * @POND_PLACE_UNWATCHED: those not watched to the end
 * @POND_PLACE_AUDIO: those saved as audio
 * @POND_PLACE_ACCOUNT: what is on an account
 * @POND_PLACE_DOWNLOADS: what is on its way
 */
typedef enum
{
  POND_PLACE_ALL,
  POND_PLACE_CONTINUE,
  POND_PLACE_UNWATCHED,
  POND_PLACE_AUDIO,
  POND_PLACE_ACCOUNT,
  POND_PLACE_DOWNLOADS,
} PondPlaceKind;

#define POND_TYPE_PLACE (pond_place_get_type ())

/**
 * PondPlace:
 *
 * A line of the sidebar. Properties: `title`, `icon-name`, `count` (shown when it is not 0) and
 * `progress` (0.0 to 1.0, and less than 0.0 when there is none to show).
 */
G_DECLARE_FINAL_TYPE (PondPlace, pond_place, POND, PLACE, GObject)

/**
 * pond_place_new:
 * @kind: what it shows; not %POND_PLACE_ACCOUNT
 *
 * Returns: (transfer full): a new place
 */
PondPlace     *pond_place_new             (PondPlaceKind  kind);

/**
 * pond_place_new_for_account:
 * @account: an account, whose name the place takes and follows
 *
 * Returns: (transfer full): a new place of the kind %POND_PLACE_ACCOUNT
 */
PondPlace     *pond_place_new_for_account (PondAccount   *account);

PondPlaceKind  pond_place_get_kind        (PondPlace     *self);

/* (nullable) (transfer none) */
PondAccount   *pond_place_get_account     (PondPlace     *self);
const char    *pond_place_get_title       (PondPlace     *self);

/* The heading of the group that @self is in; places of a group follow one another. (nullable) */
const char    *pond_place_get_group       (PondPlace     *self);

G_END_DECLS
