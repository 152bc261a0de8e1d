/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "library/pond-database.h"

G_BEGIN_DECLS

/* The version of `library.db` that this program works with. */
#define POND_LIBRARY_SCHEMA_VERSION 1

extern const PondMigration pond_library_migrations[POND_LIBRARY_SCHEMA_VERSION];

G_END_DECLS
