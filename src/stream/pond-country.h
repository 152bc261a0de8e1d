/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *pond_country_get_code (const char *text);
const char *pond_country_get_name (const char *code);

G_END_DECLS
