/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GTlsDatabase *pond_tls_get_database (void);

G_END_DECLS
