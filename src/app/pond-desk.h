/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/pond-session.h"

G_BEGIN_DECLS

#define POND_TYPE_DESK (pond_desk_get_type ())

/**
 * PondDesk:
 *
 * A window and the session behind it: shows the window at once, opens the library meanwhile, and keeps the
 * application alive until everything under way has come to rest after the window was closed.
 */
G_DECLARE_FINAL_TYPE (PondDesk, pond_desk, POND, DESK, GObject)

PondDesk *pond_desk_new      (GtkApplication  *application,
                              PondSession     *session,
                              GSettings       *settings);

void      pond_desk_present  (PondDesk        *self);
void      pond_desk_open     (PondDesk        *self);
void      pond_desk_offer    (PondDesk        *self,
                              const char      *text);
void      pond_desk_play     (PondDesk        *self,
                              const char      *text);
void      pond_desk_complain (PondDesk        *self,
                              const char      *message);
void      pond_desk_close    (PondDesk        *self);

G_END_DECLS
