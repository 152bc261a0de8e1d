/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/pond-session.h"

G_BEGIN_DECLS

#define POND_TYPE_APPLICATION (pond_application_get_type ())

/**
 * PondApplication:
 *
 * The program with a window: one instance for each person, and one of its own on the sample account.
 */
G_DECLARE_FINAL_TYPE (PondApplication, pond_application, POND, APPLICATION, AdwApplication)

PondApplication *pond_application_new (PondSession *session);

G_END_DECLS
