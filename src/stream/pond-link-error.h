/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PondLinkError:
 * @POND_LINK_ERROR_EXPIRES: the end is too early, too far ahead, or not understood
 * @POND_LINK_ERROR_NOT_BEFORE: the beginning is after the end, or not understood
 * @POND_LINK_ERROR_COUNTRY: a rule names something that is no country
 * @POND_LINK_ERROR_ADDRESS: a rule names something that is no IP address or range
 * @POND_LINK_ERROR_TOO_MANY: there are more rules than a link can have
 * @POND_LINK_ERROR_KEY: a signing key can't be used
 *
 * What of a link that somebody wants to have is out of bounds. Each code is one field of those that they
 * fill in. No message quotes a key.
 */
typedef enum
{
  POND_LINK_ERROR_EXPIRES,
  POND_LINK_ERROR_NOT_BEFORE,
  POND_LINK_ERROR_COUNTRY,
  POND_LINK_ERROR_ADDRESS,
  POND_LINK_ERROR_TOO_MANY,
  POND_LINK_ERROR_KEY,
} PondLinkError;

#define POND_LINK_ERROR (pond_link_error_quark ())

GQuark pond_link_error_quark (void);

G_END_DECLS
