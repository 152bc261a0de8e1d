/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-transfer"

#include "config.h"

#include "transfer/pond-checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "transfer/pond-transfer-error.h"

#define GROUP "checkpoint"

/* A reader refuses what it does not know: a file with gaps must never be taken for one without. */
#define VERSION_READ 1

#define LARGEST_FILE (64 * 1024)
#define LONGEST_VALIDATOR 1024
#define BOOT_ID_FILE "/proc/sys/kernel/random/boot_id"

/* Validators come from the server, or from a folder that somebody else may have written, and go
 * back to a server in a header. */
static gboolean
is_validator (const char *text)
{
  if (text == NULL || *text == '\0' || strlen (text) > LONGEST_VALIDATOR)
    return FALSE;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (g_ascii_iscntrl (*p))
        return FALSE;
    }

  return g_utf8_validate (text, -1, NULL);
}

static char *
dup_validator (const char *text)
{
  return is_validator (text) ? g_strdup (text) : NULL;
}

static gboolean
invalid (GError     **error,
         const char  *what)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The checkpoint has %s", what);
  return FALSE;
}

static gboolean
read_validator (GKeyFile    *keys,
                const char  *key,
                char       **value,
                GError     **error)
{
  g_autofree char *text = NULL;

  if (!g_key_file_has_key (keys, GROUP, key, NULL))
    return TRUE;

  text = g_key_file_get_string (keys, GROUP, key, NULL);
  if (!is_validator (text))
    return invalid (error, "a validator that is none");

  *value = g_steal_pointer (&text);
  return TRUE;
}

static gboolean
read_count (GKeyFile    *keys,
            const char  *key,
            guint64     *value,
            GError     **error)
{
  g_autofree char *text = g_key_file_get_value (keys, GROUP, key, NULL);

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, value, NULL))
    return invalid (error, "a number that is none");

  return TRUE;
}

static gboolean
read_version (GKeyFile  *keys,
              GError   **error)
{
  guint64 version;

  if (!read_count (keys, "version", &version, error))
    return FALSE;
  if (version != VERSION_READ)
    return invalid (error, "a version that is not known here");

  return TRUE;
}

static gboolean
read_fields (PondCheckpoint  *self,
             GKeyFile        *keys,
             GError         **error)
{
  guint64 total;

  if (!read_version (keys, error)
      || !read_validator (keys, "etag", &self->etag, error)
      || !read_validator (keys, "last-modified", &self->last_modified, error)
      || !read_count (keys, "synced", &self->synced, error))
    return FALSE;

  if (g_key_file_has_key (keys, GROUP, "total", NULL))
    {
      if (!read_count (keys, "total", &total, error))
        return FALSE;
      if (self->synced > total)
        return invalid (error, "more bytes than the whole");
      self->total = total;
    }

  self->boot_id = g_key_file_get_string (keys, GROUP, "boot-id", NULL);
  return TRUE;
}

/* Not g_file_get_contents(): nothing that a foreign folder may hold under that name, such as a
 * link, a pipe or a very large file, is to be followed, waited for or taken into memory. */
static char *
read_small_file (const char  *path,
                 gsize       *length,
                 GError     **error)
{
  g_autofd int fd = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  g_autofree char *text = NULL;
  struct stat status;
  gssize n_read;

  if (fd < 0 && errno == ENOENT)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no checkpoint");
      return NULL;
    }
  if (fd < 0 || fstat (fd, &status) != 0)
    {
      pond_transfer_error_set_errno (error, errno, "The checkpoint could not be opened");
      return NULL;
    }
  if (!S_ISREG (status.st_mode) || status.st_size > LARGEST_FILE)
    {
      invalid (error, "an odd kind or size");
      return NULL;
    }

  text = g_malloc (LARGEST_FILE);
  n_read = read (fd, text, LARGEST_FILE);
  if (n_read < 0)
    {
      pond_transfer_error_set_errno (error, errno, "The checkpoint could not be read");
      return NULL;
    }

  *length = n_read;
  return g_steal_pointer (&text);
}

static gboolean
write_all (int         fd,
           const char *text)
{
  gsize left = strlen (text);

  while (left > 0)
    {
      gssize n_written = write (fd, text, left);

      if (n_written < 0 && errno == EINTR)
        continue;
      if (n_written < 0)
        return FALSE;

      text += n_written;
      left -= n_written;
    }

  return TRUE;
}

static gboolean
sync_folder_of (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofd int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  return fd >= 0 && fsync (fd) == 0;
}

static gboolean
replace (const char *path,
         const char *new_path,
         const char *text,
         gboolean    durable)
{
  g_autofd int fd = open (new_path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);

  return fd >= 0
         && write_all (fd, text)
         && (!durable || fsync (fd) == 0)
         && rename (new_path, path) == 0
         && (!durable || sync_folder_of (path));
}

/* A name of its own, not a random one: what a kill leaves behind is used up by the next save. */
static char *
dup_new_path (const char *path)
{
  return g_strconcat (path, ".new", NULL);
}

/**
 * pond_checkpoint_new:
 * @etag: (nullable): an `ETag` header
 * @last_modified: (nullable): a `Last-Modified` header
 * @total: bytes of the whole file, or -1
 *
 * Makes the checkpoint of a file that has no bytes yet. Headers that can't be kept and sent back as
 * they are, are left out.
 *
 * Returns: (transfer full): a checkpoint
 */
PondCheckpoint *
pond_checkpoint_new (const char *etag,
                     const char *last_modified,
                     gint64      total)
{
  PondCheckpoint *self = g_new0 (PondCheckpoint, 1);

  self->etag = dup_validator (etag);
  self->last_modified = dup_validator (last_modified);
  self->total = total;

  return self;
}

/**
 * pond_checkpoint_free:
 * @self: (transfer full): a checkpoint
 *
 * Frees @self.
 */
void
pond_checkpoint_free (PondCheckpoint *self)
{
  g_free (self->etag);
  g_free (self->last_modified);
  g_free (self->boot_id);
  g_free (self);
}

/**
 * pond_checkpoint_parse:
 * @text: what a checkpoint file holds, not trusted
 * @length: its length in bytes
 * @error: return location for an error
 *
 * Reads a checkpoint. Keys that are not known are passed over, versions that are not known are
 * refused.
 *
 * Returns: (transfer full): a checkpoint; or %NULL with %G_IO_ERROR_INVALID_DATA or a
 *   #GKeyFileError
 */
PondCheckpoint *
pond_checkpoint_parse (const char  *text,
                       gsize        length,
                       GError     **error)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();
  g_autoptr (PondCheckpoint) self = pond_checkpoint_new (NULL, NULL, -1);

  if (!g_key_file_load_from_data (keys, text, length, G_KEY_FILE_NONE, error)
      || !read_fields (self, keys, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * pond_checkpoint_print:
 * @self: a checkpoint
 *
 * The reverse of pond_checkpoint_parse().
 *
 * Returns: (transfer full): text for a file
 */
char *
pond_checkpoint_print (const PondCheckpoint *self)
{
  g_autoptr (GKeyFile) keys = g_key_file_new ();

  g_key_file_set_integer (keys, GROUP, "version", VERSION_READ);
  if (self->etag != NULL)
    g_key_file_set_string (keys, GROUP, "etag", self->etag);
  if (self->last_modified != NULL)
    g_key_file_set_string (keys, GROUP, "last-modified", self->last_modified);
  if (self->total >= 0)
    g_key_file_set_int64 (keys, GROUP, "total", self->total);
  g_key_file_set_uint64 (keys, GROUP, "synced", self->synced);
  if (self->boot_id != NULL)
    g_key_file_set_string (keys, GROUP, "boot-id", self->boot_id);

  return g_key_file_to_data (keys, NULL, NULL);
}

/**
 * pond_checkpoint_load:
 * @path: where a checkpoint may be
 * @error: return location for an error
 *
 * Reads a checkpoint from a file.
 *
 * Returns: (transfer full): a checkpoint; or %NULL with %G_IO_ERROR_NOT_FOUND, a #PondTransferError
 *   when the file can't be read, or the errors of pond_checkpoint_parse()
 */
PondCheckpoint *
pond_checkpoint_load (const char  *path,
                      GError     **error)
{
  gsize length;
  g_autofree char *text = read_small_file (path, &length, error);

  return text == NULL ? NULL : pond_checkpoint_parse (text, length, error);
}

/**
 * pond_checkpoint_save:
 * @self: a checkpoint
 * @path: its file
 * @durable: whether to wait until it is on the disk
 * @error: return location for an error
 *
 * Replaces the file in one step: at any time there is the old checkpoint or the new one. Only a
 * first checkpoint may do without @durable, for then a loss of power costs no more than what it
 * describes.
 *
 * Returns: %FALSE with a #PondTransferError when the file can't be written
 */
gboolean
pond_checkpoint_save (const PondCheckpoint  *self,
                      const char            *path,
                      gboolean               durable,
                      GError               **error)
{
  g_autofree char *text = pond_checkpoint_print (self);
  g_autofree char *new_path = dup_new_path (path);

  if (!replace (path, new_path, text, durable))
    {
      pond_transfer_error_set_errno (error, errno, "The checkpoint could not be written");
      return FALSE;
    }

  return TRUE;
}

/**
 * pond_checkpoint_remove:
 * @path: where a checkpoint may be
 * @error: return location for an error
 *
 * Deletes a checkpoint, and what an interrupted save may have left. That there is none is fine.
 *
 * Returns: %FALSE with a #PondTransferError when it is still there
 */
gboolean
pond_checkpoint_remove (const char  *path,
                        GError     **error)
{
  g_autofree char *new_path = dup_new_path (path);

  g_unlink (new_path);
  if (g_unlink (path) != 0 && errno != ENOENT)
    {
      pond_transfer_error_set_errno (error, errno, "The checkpoint could not be deleted");
      return FALSE;
    }

  return TRUE;
}

/**
 * pond_checkpoint_get_strong:
 * @self: a checkpoint
 *
 * Gets the validator that goes into `If-Range`: a strong ETag, else the date of the last change.
 *
 * Returns: (nullable): a header's value, or %NULL when nothing but a comparison of bytes can tell
 *   whether the resource is still the same
 */
const char *
pond_checkpoint_get_strong (const PondCheckpoint *self)
{
  if (self->etag != NULL && self->etag[0] == '"' && g_str_has_suffix (self->etag + 1, "\""))
    return self->etag;

  return self->last_modified;
}

/**
 * pond_checkpoint_is_same:
 * @self: what was kept
 * @other: what an answer says
 *
 * Compares two checkpoints' validators.
 *
 * Returns: %FALSE when they name different versions of the resource
 */
gboolean
pond_checkpoint_is_same (const PondCheckpoint *self,
                         const PondCheckpoint *other)
{
  if (self->etag != NULL && other->etag != NULL)
    return g_str_equal (self->etag, other->etag);
  if (self->last_modified != NULL && other->last_modified != NULL)
    return g_str_equal (self->last_modified, other->last_modified);

  return TRUE;
}

/**
 * pond_checkpoint_count_trusted:
 * @self: a checkpoint
 * @file_length: bytes that the file has
 * @boot_id: the boot that this is
 *
 * Decides how much of a file is good. What a killed process wrote is in the kernel's hands, and all
 * there; after another start of the machine only what was synced is sure.
 *
 * Returns: bytes from the file's start
 */
guint64
pond_checkpoint_count_trusted (const PondCheckpoint *self,
                               guint64               file_length,
                               const char           *boot_id)
{
  if (self->total >= 0 && file_length > (guint64) self->total)
    return 0;
  if (self->boot_id != NULL && g_str_equal (self->boot_id, boot_id))
    return file_length;

  return MIN (self->synced, file_length);
}

/**
 * pond_checkpoint_dup_boot_id:
 *
 * Gets what tells this start of the machine from others.
 *
 * Returns: (transfer full): an ID; where the kernel has none, one that no other call returns
 */
char *
pond_checkpoint_dup_boot_id (void)
{
  char *id = NULL;

  if (g_file_get_contents (BOOT_ID_FILE, &id, NULL, NULL))
    return g_strstrip (id);

  return g_uuid_string_random ();
}
