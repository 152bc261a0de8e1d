/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <gnutls/abstract.h>

G_BEGIN_DECLS

gboolean pond_jwk_read (const char            *text,
                        const char            *id,
                        gnutls_x509_privkey_t  key);

G_END_DECLS
