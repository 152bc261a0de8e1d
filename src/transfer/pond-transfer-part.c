/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-transfer"

#include "config.h"

#include "transfer/pond-transfer-part.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "transfer/pond-transfer-error.h"

/* What a loss of power may cost. Syncing more often would cost the disk more than it saves. */
#define SYNC_BYTES (64 * 1024 * 1024)
#define SYNC_INTERVAL (5 * G_USEC_PER_SEC)

struct _PondTransferPart
{
  int             fd;
  guint64         length;           /* bytes that are good; where the next ones go */
  PondCheckpoint *checkpoint;       /* (nullable): until the first answer */
  gboolean        has_saved;        /* whether there is a checkpoint file */
  char           *checkpoint_path;
  char           *boot_id;
  gint64          synced_at;        /* monotonic time */
};

static gboolean
fail (GError     **error,
      const char  *what)
{
  pond_transfer_error_set_errno (error, errno, what);
  return FALSE;
}

/* A checkpoint that can't be understood is as good as none; one that can't be read is an error, for
 * to start over because of it would fetch everything again. */
static gboolean
load_checkpoint (const char      *path,
                 PondCheckpoint **checkpoint,
                 gboolean        *exists,
                 GError         **error)
{
  g_autofree char *checkpoint_path = pond_transfer_part_dup_checkpoint_path (path);
  g_autoptr (GError) local_error = NULL;

  *checkpoint = pond_checkpoint_load (checkpoint_path, &local_error);
  *exists = !g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);

  if (local_error != NULL && local_error->domain == POND_TRANSFER_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (local_error != NULL && *exists)
    g_debug ("Starting over: %s", local_error->message);

  return TRUE;
}

static guint64
count_trusted (const PondCheckpoint *checkpoint,
               guint64               file_length,
               const char           *boot_id)
{
  if (checkpoint == NULL)
    return 0;

  return pond_checkpoint_count_trusted (checkpoint, file_length, boot_id);
}

static gboolean
read_length (int       fd,
             guint64  *length,
             GError  **error)
{
  struct stat status;

  if (fstat (fd, &status) != 0)
    return fail (error, "The file could not be examined");
  if (!S_ISREG (status.st_mode))
    {
      g_set_error_literal (error, POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_FILE,
                           "What is in the file's place is not a file");
      return FALSE;
    }

  *length = status.st_size;
  return TRUE;
}

static gboolean
save_checkpoint (PondTransferPart  *self,
                 GError           **error)
{
  g_set_str (&self->checkpoint->boot_id, self->boot_id);
  if (!pond_checkpoint_save (self->checkpoint, self->checkpoint_path, self->has_saved, error))
    return FALSE;

  self->has_saved = TRUE;
  return TRUE;
}

static gboolean
is_sync_due (PondTransferPart *self)
{
  guint64 unsynced = self->length - self->checkpoint->synced;

  return unsynced >= SYNC_BYTES || g_get_monotonic_time () - self->synced_at >= SYNC_INTERVAL;
}

/**
 * pond_transfer_part_dup_checkpoint_path:
 * @path: an unfinished file
 *
 * Returns: (transfer full): where its checkpoint is
 */
char *
pond_transfer_part_dup_checkpoint_path (const char *path)
{
  return g_strconcat (path, ".checkpoint", NULL);
}

/**
 * pond_transfer_part_inspect:
 * @path: an unfinished file, which need not exist
 * @length: (out): bytes that a run would go on from
 * @total: (out): bytes the whole file will have, or -1 while that is not known
 * @error: return location for an error
 *
 * Looks what is on the disk, and changes nothing.
 *
 * Returns: %FALSE when the file or its checkpoint can't be read
 */
gboolean
pond_transfer_part_inspect (const char  *path,
                            guint64     *length,
                            gint64      *total,
                            GError     **error)
{
  g_autoptr (PondCheckpoint) checkpoint = NULL;
  g_autofree char *boot_id = pond_checkpoint_dup_boot_id ();
  g_autofd int fd = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  gboolean exists;

  *length = 0;
  *total = -1;

  if (fd < 0 && errno == ENOENT)
    return TRUE;
  if (fd < 0)
    return fail (error, "The file could not be opened");
  if (!read_length (fd, length, error) || !load_checkpoint (path, &checkpoint, &exists, error))
    return FALSE;

  *length = count_trusted (checkpoint, *length, boot_id);
  if (checkpoint != NULL)
    *total = checkpoint->total;

  return TRUE;
}

/**
 * pond_transfer_part_open:
 * @path: an unfinished file; made when there is none
 * @error: return location for an error
 *
 * Opens the file to go on with it. Bytes that are not sure, after a loss of power, are cut off.
 *
 * Returns: (transfer full): the file, or %NULL
 */
PondTransferPart *
pond_transfer_part_open (const char  *path,
                         GError     **error)
{
  g_autoptr (PondTransferPart) self = g_new0 (PondTransferPart, 1);
  guint64 file_length;

  self->boot_id = pond_checkpoint_dup_boot_id ();
  self->checkpoint_path = pond_transfer_part_dup_checkpoint_path (path);
  self->synced_at = g_get_monotonic_time ();
  self->fd = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);

  if (self->fd < 0)
    {
      fail (error, "The file could not be opened");
      return NULL;
    }
  if (!read_length (self->fd, &file_length, error)
      || !load_checkpoint (path, &self->checkpoint, &self->has_saved, error))
    return NULL;

  self->length = count_trusted (self->checkpoint, file_length, self->boot_id);
  if (self->length < file_length && ftruncate (self->fd, self->length) != 0)
    {
      fail (error, "The file could not be cut");
      return NULL;
    }

  /* The file may be shorter than it was, if someone else cut it. */
  if (self->checkpoint != NULL)
    self->checkpoint->synced = MIN (self->checkpoint->synced, self->length);

  return g_steal_pointer (&self);
}

/**
 * pond_transfer_part_close:
 * @self: (transfer full): an unfinished file
 *
 * Closes the file, and syncs nothing.
 */
void
pond_transfer_part_close (PondTransferPart *self)
{
  g_clear_fd (&self->fd, NULL);
  g_clear_pointer (&self->checkpoint, pond_checkpoint_free);
  g_free (self->checkpoint_path);
  g_free (self->boot_id);
  g_free (self);
}

/**
 * pond_transfer_part_get_length:
 * @self: an unfinished file
 *
 * Returns: bytes that are there and good
 */
guint64
pond_transfer_part_get_length (PondTransferPart *self)
{
  return self->length;
}

/**
 * pond_transfer_part_get_total:
 * @self: an unfinished file
 *
 * Returns: bytes the whole file will have, or -1 while that is not known
 */
gint64
pond_transfer_part_get_total (PondTransferPart *self)
{
  return self->checkpoint == NULL ? -1 : self->checkpoint->total;
}

/**
 * pond_transfer_part_get_checkpoint:
 * @self: an unfinished file
 *
 * Returns: (nullable): what is known of the resource
 */
const PondCheckpoint *
pond_transfer_part_get_checkpoint (PondTransferPart *self)
{
  return self->checkpoint;
}

/**
 * pond_transfer_part_begin:
 * @self: an unfinished file
 * @version: the version of the resource whose bytes follow
 * @error: return location for an error
 *
 * Drops all bytes there are, and takes those of @version from the first one on.
 *
 * Returns: whether bytes can be written
 */
gboolean
pond_transfer_part_begin (PondTransferPart      *self,
                          const PondCheckpoint  *version,
                          GError               **error)
{
  /* In this order a kill in between leaves no bytes of one version beside the name of another. */
  if (ftruncate (self->fd, 0) != 0)
    return fail (error, "The file could not be cut");

  self->length = 0;
  g_clear_pointer (&self->checkpoint, pond_checkpoint_free);
  self->checkpoint = pond_checkpoint_new (version->etag, version->last_modified, version->total);

  return save_checkpoint (self, error);
}

/**
 * pond_transfer_part_continue:
 * @self: an unfinished file that has a checkpoint
 * @total: bytes the whole file will have, or -1 when nothing new is known
 * @error: return location for an error
 *
 * Takes bytes that follow those there are.
 *
 * Returns: whether bytes can be written
 */
gboolean
pond_transfer_part_continue (PondTransferPart  *self,
                             gint64             total,
                             GError           **error)
{
  gboolean is_new_total = total >= 0 && total != self->checkpoint->total;

  if (!is_new_total && g_strcmp0 (self->checkpoint->boot_id, self->boot_id) == 0)
    return TRUE;

  if (is_new_total)
    self->checkpoint->total = total;

  return save_checkpoint (self, error);
}

/**
 * pond_transfer_part_write:
 * @self: an unfinished file, after begin or continue
 * @bytes: (array length=n_bytes): what follows
 * @n_bytes: how much that is
 * @error: return location for an error
 *
 * Adds to the end of the file, and syncs it when it is time for a checkpoint.
 *
 * Returns: %FALSE when not all of it was written
 */
gboolean
pond_transfer_part_write (PondTransferPart  *self,
                          const char        *bytes,
                          gsize              n_bytes,
                          GError           **error)
{
  while (n_bytes > 0)
    {
      gssize n_written = pwrite (self->fd, bytes, n_bytes, self->length);

      if (n_written < 0 && errno == EINTR)
        continue;
      if (n_written < 0)
        return fail (error, "The file could not be written");

      bytes += n_written;
      n_bytes -= n_written;
      self->length += n_written;
    }

  return !is_sync_due (self) || pond_transfer_part_sync (self, error);
}

/**
 * pond_transfer_part_compare:
 * @self: an unfinished file
 * @offset: where @bytes begin, in bytes from the file's start
 * @bytes: (array length=n_bytes): what came; the file has bytes in all of its place
 * @n_bytes: how much that is
 * @same: (out): whether the file has the same there
 * @error: return location for an error
 *
 * Compares what came with what is in the file.
 *
 * Returns: %FALSE when the file could not be read
 */
gboolean
pond_transfer_part_compare (PondTransferPart  *self,
                            guint64            offset,
                            const char        *bytes,
                            gsize              n_bytes,
                            gboolean          *same,
                            GError           **error)
{
  g_autofree char *there = g_malloc (n_bytes);
  gsize n_read = 0;

  g_assert (offset + n_bytes <= self->length);

  while (n_read < n_bytes)
    {
      gssize n = pread (self->fd, there + n_read, n_bytes - n_read, offset + n_read);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (error, "The file could not be read");
      if (n == 0)
        break;

      n_read += n;
    }

  *same = n_read == n_bytes && memcmp (there, bytes, n_bytes) == 0;
  return TRUE;
}

/**
 * pond_transfer_part_sync:
 * @self: an unfinished file
 * @error: return location for an error
 *
 * Waits until all bytes are on the disk, and notes that in the checkpoint.
 *
 * Returns: %FALSE when bytes may be lost; they are cut off, as far as that goes
 */
gboolean
pond_transfer_part_sync (PondTransferPart  *self,
                         GError           **error)
{
  if (self->checkpoint == NULL || self->checkpoint->synced == self->length)
    return TRUE;

  if (fdatasync (self->fd) != 0)
    {
      fail (error, "The file could not be synced");
      /* The kernel forgets what it failed to write, and reading it would show that only later. */
      if (ftruncate (self->fd, self->checkpoint->synced) == 0)
        self->length = self->checkpoint->synced;
      return FALSE;
    }

  self->checkpoint->synced = self->length;
  self->synced_at = g_get_monotonic_time ();

  return save_checkpoint (self, error);
}

/**
 * pond_transfer_part_finish:
 * @self: an unfinished file
 * @error: return location for an error
 *
 * Notes that the file is whole, and waits until that is on the disk.
 *
 * Returns: %FALSE when it may not be
 */
gboolean
pond_transfer_part_finish (PondTransferPart  *self,
                           GError           **error)
{
  if (self->checkpoint->total == (gint64) self->length)
    return pond_transfer_part_sync (self, error);

  self->checkpoint->total = self->length;
  if (self->checkpoint->synced == self->length)
    return save_checkpoint (self, error);

  return pond_transfer_part_sync (self, error);
}

/**
 * pond_transfer_part_discard:
 * @self: an unfinished file
 * @error: return location for an error
 *
 * Drops all bytes and what is known of them.
 *
 * Returns: %FALSE when the file could not be cut
 */
gboolean
pond_transfer_part_discard (PondTransferPart  *self,
                            GError           **error)
{
  if (ftruncate (self->fd, 0) != 0)
    return fail (error, "The file could not be cut");

  self->length = 0;
  self->has_saved = FALSE;
  g_clear_pointer (&self->checkpoint, pond_checkpoint_free);

  return pond_checkpoint_remove (self->checkpoint_path, error);
}
