/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "library/pond-library.h"

G_BEGIN_DECLS

void pond_part_discard_async (PondLibrary          *library,
                              const char           *uid,
                              const char           *type,
                              GAsyncReadyCallback   callback,
                              gpointer              user_data);
void pond_part_forget        (PondLibrary          *library,
                              const char           *uid,
                              const char           *type);

G_END_DECLS
