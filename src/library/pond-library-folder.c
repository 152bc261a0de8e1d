/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-library"

#include "config.h"

#include "library/pond-library-folder.h"

#include "library/pond-file-name.h"
#include "library/pond-library-row.h"
#include "library/pond-library.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_DEPTH 16
#define MAX_NUMBER 99

/* So much of a title stays in a name that gets a number. */
#define NUMBERED_TITLE_CHARS 40

void
pond_library_set_errno_error (GError     **error,
                              int          number,
                              const char  *path)
{
  g_autofree char *display_name = g_filename_display_name (path);
  PondLibraryError code;

  switch (number)
    {
    case ENOSPC:
    case EDQUOT:
      code = POND_LIBRARY_ERROR_DISK_FULL;
      break;
    case EACCES:
    case EPERM:
    case EROFS:
      code = POND_LIBRARY_ERROR_READ_ONLY;
      break;
    default:
      code = POND_LIBRARY_ERROR_FAILED;
      break;
    }

  /* Translators: a file’s name and what the system says of it. */
  g_set_error (error,
               POND_LIBRARY_ERROR,
               code,
               _("“%s”: %s"),
               display_name,
               g_strerror (number));
}

/* Says what it means for the person's videos, and what can be done. */
static gboolean
fail_to_prepare (const char  *folder,
                 int          number,
                 GError     **error)
{
  g_autofree char *display_name = g_filename_display_name (folder);

  switch (number)
    {
    case ENOSPC:
    case EDQUOT:
      g_set_error (error,
                   POND_LIBRARY_ERROR,
                   POND_LIBRARY_ERROR_DISK_FULL,
                   _("The disk of the library folder “%s” is full. Saved videos stay as they are, "
                     "but no more fit. Free some space and try again."),
                   display_name);
      break;
    case EACCES:
    case EPERM:
    case EROFS:
      g_set_error (error,
                   POND_LIBRARY_ERROR,
                   POND_LIBRARY_ERROR_READ_ONLY,
                   _("The library folder “%s” can’t be written to. Videos in it stay as they are, "
                     "but none can be saved. Change its permissions or choose another folder."),
                   display_name);
      break;
    default:
      g_set_error (error,
                   POND_LIBRARY_ERROR,
                   POND_LIBRARY_ERROR_UNAVAILABLE,
                   _("The library folder “%s” can’t be reached: %s. Videos in it are not touched, "
                     "but can’t be listed or played for now. Connect its disk or choose another "
                     "folder."),
                   display_name,
                   g_strerror (number));
      break;
    }

  return FALSE;
}

/* Ours are folders, not links to some: a library may come from anywhere. */
static int
make_folder (const char *path)
{
  struct stat status;

  if (g_mkdir (path, 0700) == 0)
    return 0;
  if (errno != EEXIST)
    return errno;
  if (lstat (path, &status) != 0)
    return errno;

  return S_ISDIR (status.st_mode) ? 0 : ENOTDIR;
}

gboolean
pond_library_folder_prepare (const char  *folder,
                             GError     **error)
{
  static const char *const hidden[] = { ".millpond", ".millpond/parts", ".millpond/posters" };
  g_autofree char *trial = g_build_filename (folder, ".millpond", ".trial-XXXXXX", NULL);
  g_autofd int fd = -1;

  if (g_mkdir_with_parents (folder, 0755) != 0)
    return fail_to_prepare (folder, errno, error);

  for (guint i = 0; i < G_N_ELEMENTS (hidden); i++)
    {
      g_autofree char *path = g_build_filename (folder, hidden[i], NULL);
      int number = make_folder (path);

      if (number != 0)
        return fail_to_prepare (folder, number, error);
    }

  fd = g_mkstemp_full (trial, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail_to_prepare (folder, errno, error);

  g_unlink (trial);
  return TRUE;
}

int
pond_library_folder_hold (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, ".millpond", NULL);
  g_autofd int fd = g_open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  while (fd >= 0 && flock (fd, LOCK_EX) != 0)
    {
      if (errno != EINTR)
        return -1;
    }

  return g_steal_fd (&fd);
}

gboolean
pond_library_folder_set_aside (const char  *database,
                               GError     **error)
{
  static const char *const companions[] = { "", "-wal", "-shm", "-journal" };
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *aside = g_strdup_printf ("%s.damaged-%s", database, time);

  for (guint n = 2; g_access (aside, F_OK) == 0; n++)
    {
      g_free (aside);
      aside = g_strdup_printf ("%s.damaged-%s-%u", database, time, n);
    }

  /* SQLite finds the companions by their names, so whoever opens what was set aside has it all. */
  for (guint i = 0; i < G_N_ELEMENTS (companions); i++)
    {
      g_autofree char *from = g_strconcat (database, companions[i], NULL);
      g_autofree char *to = g_strconcat (aside, companions[i], NULL);

      if (g_rename (from, to) != 0 && errno != ENOENT)
        {
          pond_library_set_errno_error (error, errno, from);
          return FALSE;
        }
    }

  return TRUE;
}

typedef struct
{
  const char *folder;
  gboolean recurse;
  PondLibraryFoundFunc func;
  gpointer data;
  GCancellable *cancellable;
} Scan;

static gboolean
is_type (const char          *path,
         const struct dirent *entry,
         mode_t               type)
{
  struct stat status;

  if (entry->d_type != DT_UNKNOWN)
    return entry->d_type == IFTODT (type);

  return lstat (path, &status) == 0 && (status.st_mode & S_IFMT) == type;
}

static void
scan_folder (const Scan *scan,
             const char *relative, /* "" or ending in a slash */
             guint       depth)
{
  g_autofree char *path = g_build_filename (scan->folder, relative, NULL);
  g_autoptr (GPtrArray) subfolders = g_ptr_array_new_with_free_func (g_free);
  struct dirent *entry;
  DIR *dir = opendir (path);

  if (dir == NULL)
    {
      g_debug ("Not looked through: %s", g_strerror (errno));
      return;
    }

  while (!g_cancellable_is_cancelled (scan->cancellable) && (entry = readdir (dir)) != NULL)
    {
      g_autofree char *child = NULL;
      g_autofree char *child_relative = NULL;
      g_autofree char *uid = NULL;
      const char *suffix, *type;

      if (entry->d_name[0] == '.')
        continue;

      child = g_build_filename (path, entry->d_name, NULL);
      child_relative = g_strconcat (relative, entry->d_name, NULL);
      if (pond_file_name_parse (entry->d_name, NULL, &uid, &suffix) &&
          (type = pond_library_type_from_suffix (suffix)) != NULL &&
          is_type (child, entry, S_IFREG))
        scan->func (child_relative, uid, type, scan->data);
      else if (scan->recurse && depth < MAX_DEPTH && is_type (child, entry, S_IFDIR))
        g_ptr_array_add (subfolders, g_strconcat (child_relative, "/", NULL));
    }

  closedir (dir);

  for (guint i = 0; i < subfolders->len; i++)
    scan_folder (scan, g_ptr_array_index (subfolders, i), depth + 1);
}

void
pond_library_folder_scan (const char           *folder,
                          gboolean              recurse,
                          PondLibraryFoundFunc  func,
                          gpointer              data,
                          GCancellable         *cancellable)
{
  Scan scan = { folder, recurse, func, data, cancellable };

  scan_folder (&scan, "", 0);
}

gboolean
pond_library_folder_look (const char *path,
                          gint64     *bytes,
                          gint64     *mtime)
{
  struct stat status;

  if (lstat (path, &status) != 0 || !S_ISREG (status.st_mode))
    return FALSE;

  *bytes = status.st_size;
  *mtime = (gint64) status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
  return TRUE;
}

static gboolean
sync_path (const char  *path,
           int          flags,
           GError     **error)
{
  g_autofd int fd = g_open (path, O_RDONLY | O_CLOEXEC | flags, 0);

  /* EINVAL: a file system without it, which syncs by itself or not at all. */
  if (fd < 0 || (fsync (fd) != 0 && errno != EINVAL))
    {
      pond_library_set_errno_error (error, errno, path);
      return FALSE;
    }

  return TRUE;
}

static gboolean
sync_folder_of (const char  *path,
                GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return sync_path (folder, O_DIRECTORY, error);
}

gboolean
pond_library_folder_sync_file (const char  *path,
                               GError     **error)
{
  return sync_path (path, O_NOFOLLOW, error);
}

gboolean
pond_library_folder_replace (const char  *from,
                             const char  *to,
                             GError     **error)
{
  if (g_rename (from, to) != 0)
    {
      pond_library_set_errno_error (error, errno, to);
      return FALSE;
    }

  return sync_folder_of (to, error);
}

/* Returns 0 or errno's value, EEXIST when @to is there. Not every file system can refuse to
 * replace, and not every one that can't has hard links. */
static int
move_to_new (const char *from,
             const char *to)
{
  struct stat status;

  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != EINVAL && errno != ENOSYS)
    return errno;

  if (link (from, to) == 0)
    return g_unlink (from) == 0 ? 0 : errno;
  if (errno == EEXIST)
    return EEXIST;

  if (lstat (to, &status) == 0)
    return EEXIST;

  return g_rename (from, to) == 0 ? 0 : errno;
}

static char *
make_name (const char *title,
           const char *uid,
           const char *suffix,
           guint       number)
{
  g_autofree char *start = NULL;
  g_autofree char *numbered = NULL;

  if (number == 1)
    return pond_file_name_make (title, uid, suffix);

  start = g_utf8_substring (title, 0, MIN (g_utf8_strlen (title, -1), NUMBERED_TITLE_CHARS));
  numbered = g_strdup_printf ("%s (%u)", start, number);
  return pond_file_name_make (numbered, uid, suffix);
}

char *
pond_library_folder_add (const char  *folder,
                         const char  *from,
                         const char  *title,
                         const char  *uid,
                         const char  *suffix,
                         GError     **error)
{
  int number = EEXIST;
  g_autofree char *to = NULL;

  for (guint n = 1; n <= MAX_NUMBER && number == EEXIST; n++)
    {
      g_autofree char *name = make_name (title, uid, suffix, n);

      g_free (to);
      to = g_build_filename (folder, name, NULL);
      number = move_to_new (from, to);

      /* Some file systems, encrypted ones mostly, take less than 255 bytes. */
      if (number == ENAMETOOLONG && *title != '\0')
        {
          title = "";
          number = EEXIST;
          n = 0;
          continue;
        }

      if (number == 0)
        return sync_folder_of (to, error) ? g_steal_pointer (&name) : NULL;
    }

  pond_library_set_errno_error (error, number, to);
  return NULL;
}

gboolean
pond_library_folder_trash (const char  *path,
                           GError     **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) local_error = NULL;

  if (g_file_trash (file, NULL, &local_error))
    return TRUE;

  /* "Not found" may be the file or the home folder that the trash belongs into. */
  g_debug ("No trash: %s", local_error->message);
  if (g_unlink (path) != 0 && errno != ENOENT)
    {
      pond_library_set_errno_error (error, errno, path);
      return FALSE;
    }

  return TRUE;
}

gboolean
pond_library_folder_trash_captions (const char  *path,
                                    const char  *uid,
                                    GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *caption = g_build_filename (folder, name, NULL);
      g_autofree char *name_uid = NULL;
      const char *suffix;

      if (pond_file_name_parse (name, NULL, &name_uid, &suffix) &&
          g_str_has_suffix (suffix, ".vtt") && g_str_equal (name_uid, uid) &&
          !pond_library_folder_trash (caption, error))
        return FALSE;
    }

  return TRUE;
}
