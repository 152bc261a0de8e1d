/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-tls"

#include "config.h"

#include "stream/pond-tls.h"

static gpointer
load_database (gpointer data)
{
  const char *path = g_getenv ("SSL_CERT_FILE");
  g_autofree char *absolute = NULL;
  g_autoptr(GTlsDatabase) database = NULL;
  g_autoptr(GError) error = NULL;

  if (path == NULL || *path == '\0')
    return NULL;

  absolute = g_canonicalize_filename (path, NULL);
  database = g_tls_file_database_new (absolute, &error);
  if (database == NULL)
    g_message ("SSL_CERT_FILE was not understood, the system's certificates are used: %s",
               error->message);

  return g_steal_pointer (&database);
}

/**
 * pond_tls_get_database:
 *
 * Gets the trust anchors that `SSL_CERT_FILE` names, as other tools do; GLib does not read it by itself.
 * Safe in any thread.
 *
 * Returns: (transfer none) (nullable): the anchors, or %NULL for the system's
 */
GTlsDatabase *
pond_tls_get_database (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, load_database, NULL);
}
