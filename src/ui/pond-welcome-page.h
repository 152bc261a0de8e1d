/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define POND_TYPE_WELCOME_PAGE (pond_welcome_page_get_type ())

/**
 * PondWelcomePage:
 *
 * What a person sees who has no account and no video yet, and the ways on from there.
 */
G_DECLARE_FINAL_TYPE (PondWelcomePage, pond_welcome_page, POND, WELCOME_PAGE, AdwBin)

G_END_DECLS
