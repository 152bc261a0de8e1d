/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-accounts"

#include "config.h"

#include "accounts/pond-account-file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "accounts/pond-account-private.h"

/* Reading, changing and writing is one step for the other threads of this process. */
G_LOCK_DEFINE_STATIC (account_file);

static gboolean
write_key_file (GFile     *file,
                GKeyFile  *key_file,
                GError   **error)
{
  g_autofree char *folder = g_path_get_dirname (g_file_peek_path (file));
  g_autofree char *text = NULL;
  gsize length;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   "The folder for the list of accounts could not be made: %s", g_strerror (code));
      return FALSE;
    }

  text = g_key_file_to_data (key_file, &length, NULL);

  return g_file_set_contents_full (g_file_peek_path (file), text, length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

/* A section is the text from one group's heading to the next; the first may be comments only. */
static gboolean
is_section_sound (const char *section,
                  gsize       length)
{
  g_autoptr (GKeyFile) key_file = g_key_file_new ();
  g_autofree char *name = NULL;
  g_autofree char *id = NULL;

  if (!g_key_file_load_from_data (key_file, section, length, G_KEY_FILE_NONE, NULL))
    return FALSE;

  id = g_key_file_get_start_group (key_file);
  if (id == NULL)
    return TRUE;

  name = g_key_file_get_string (key_file, id, "name", NULL);

  return pond_account_is_id (id) && name != NULL;
}

/* GKeyFile gives a whole file up for one bad line; here that costs one account at most. */
static char *
take_sound_sections (const char *text)
{
  g_autoptr (GString) sound = g_string_new (NULL);
  const char *section = text;

  while (*section != '\0')
    {
      const char *heading = strstr (section, "\n[");
      gsize length = heading != NULL ? (gsize) (heading + 1 - section) : strlen (section);

      if (is_section_sound (section, length))
        g_string_append_len (sound, section, length);

      section += length;
    }

  return g_string_free_and_steal (g_steal_pointer (&sound));
}

static void
set_aside (GFile    *file,
           GKeyFile *remainder)
{
  const char *path = g_file_peek_path (file);
  g_autofree char *aside = g_strconcat (path, ".broken", NULL);
  g_autoptr (GError) error = NULL;

  g_warning ("The list of accounts is damaged. What could be read of it is used; "
             "the file is kept as “%s”",
             aside);

  if (g_rename (path, aside) != 0)
    g_warning ("The damaged list of accounts stays where it is: %s", g_strerror (errno));
  else if (!write_key_file (file, remainder, &error))
    g_warning ("The rest of the list of accounts was not written: %s", error->message);
}

static GKeyFile *
read_key_file (GFile   *file,
               GError **error)
{
  g_autoptr (GKeyFile) key_file = g_key_file_new ();
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *sound = NULL;
  gsize length;

  if (!g_file_load_contents (file, NULL, &text, &length, NULL, &local_error))
    {
      if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        return g_steal_pointer (&key_file);

      g_propagate_prefixed_error (error, g_steal_pointer (&local_error),
                                  "The list of accounts could not be read: ");
      return NULL;
    }

  sound = take_sound_sections (text);
  if (!g_key_file_load_from_data (key_file, sound, -1, G_KEY_FILE_KEEP_COMMENTS, &local_error))
    g_debug ("Nothing is left of the list of accounts: %s", local_error->message);

  if (strlen (sound) != length)
    set_aside (file, key_file);

  return g_steal_pointer (&key_file);
}

GKeyFile *
pond_account_file_read (GFile   *file,
                        GError **error)
{
  GKeyFile *key_file = NULL;

  g_return_val_if_fail (G_IS_FILE (file) && g_file_is_native (file), NULL);

  G_LOCK (account_file);
  key_file = read_key_file (file, error);
  G_UNLOCK (account_file);

  return key_file;
}

gboolean
pond_account_file_add (GFile       *file,
                       const char  *id,
                       const char  *name,
                       GError     **error)
{
  g_autoptr (GKeyFile) key_file = NULL;
  gboolean is_written = FALSE;

  g_return_val_if_fail (G_IS_FILE (file) && g_file_is_native (file), FALSE);
  g_return_val_if_fail (pond_account_is_id (id), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  G_LOCK (account_file);
  key_file = read_key_file (file, error);
  if (key_file != NULL)
    {
      g_key_file_set_string (key_file, id, "name", name);
      is_written = write_key_file (file, key_file, error);
    }
  G_UNLOCK (account_file);

  return is_written;
}

gboolean
pond_account_file_remove (GFile       *file,
                          const char  *id,
                          GError     **error)
{
  g_autoptr (GKeyFile) key_file = NULL;
  gboolean is_written = FALSE;

  g_return_val_if_fail (G_IS_FILE (file) && g_file_is_native (file), FALSE);
  g_return_val_if_fail (pond_account_is_id (id), FALSE);

  G_LOCK (account_file);
  key_file = read_key_file (file, error);
  if (key_file != NULL)
    is_written = !g_key_file_remove_group (key_file, id, NULL) ||
                 write_key_file (file, key_file, error);
  G_UNLOCK (account_file);

  return is_written;
}
