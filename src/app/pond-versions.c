/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "app/pond-versions.h"

#include <adwaita.h>
#include <gst/gst.h>
#include <json-glib/json-glib.h>
#include <libsecret/secret.h>
#include <libsoup/soup.h>
#include <sqlite3.h>

static void
print_one (const char *library,
           guint       built_major,
           guint       built_minor,
           guint       built_micro,
           guint       major,
           guint       minor,
           guint       micro)
{
  g_print ("%s: built against %u.%u.%u, running %u.%u.%u\n", library, built_major, built_minor, built_micro,
           major, minor, micro);
}

/**
 * pond_versions_print:
 *
 * Prints Millpond's version and those of the libraries that it was built against and runs with.
 */
void
pond_versions_print (void)
{
  guint gst[4];

  gst_version (&gst[0], &gst[1], &gst[2], &gst[3]);

  g_print ("Millpond " VERSION "\n");
  print_one ("GLib", GLIB_MAJOR_VERSION, GLIB_MINOR_VERSION, GLIB_MICRO_VERSION, glib_major_version,
             glib_minor_version, glib_micro_version);
  print_one ("GTK", GTK_MAJOR_VERSION, GTK_MINOR_VERSION, GTK_MICRO_VERSION, gtk_get_major_version (),
             gtk_get_minor_version (), gtk_get_micro_version ());
  print_one ("libadwaita", ADW_MAJOR_VERSION, ADW_MINOR_VERSION, ADW_MICRO_VERSION, adw_get_major_version (),
             adw_get_minor_version (), adw_get_micro_version ());
  print_one ("libsoup", SOUP_MAJOR_VERSION, SOUP_MINOR_VERSION, SOUP_MICRO_VERSION,
             soup_get_major_version (), soup_get_minor_version (), soup_get_micro_version ());
  print_one ("GStreamer", GST_VERSION_MAJOR, GST_VERSION_MINOR, GST_VERSION_MICRO, gst[0], gst[1], gst[2]);
  g_print ("SQLite: built against %s, running %s\n", SQLITE_VERSION, sqlite3_libversion ());

  /* These two do not tell which version is running. */
  g_print ("json-glib: built against %s\n", JSON_VERSION_S);
  g_print ("libsecret: built against %d.%d.%d\n", SECRET_MAJOR_VERSION, SECRET_MINOR_VERSION,
           SECRET_MICRO_VERSION);
}
