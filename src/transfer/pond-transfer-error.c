/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-transfer"

#include "config.h"

#include "transfer/pond-transfer-error.h"

#include <errno.h>

typedef struct
{
  double retry_after;
} PondTransferErrorPrivate;

static void
pond_transfer_error_private_init (PondTransferErrorPrivate *priv)
{
  priv->retry_after = -1;
}

static void
pond_transfer_error_private_copy (const PondTransferErrorPrivate *source,
                                  PondTransferErrorPrivate       *copy)
{
  *copy = *source;
}

static void
pond_transfer_error_private_clear (PondTransferErrorPrivate *priv)
{
}

G_DEFINE_EXTENDED_ERROR (PondTransferError, pond_transfer_error)

/**
 * pond_transfer_error_get_retry_after:
 * @error: an error of the domain %POND_TRANSFER_ERROR
 *
 * Gets how long the server asked to be left alone.
 *
 * Returns: seconds, or -1 when it did not say
 */
double
pond_transfer_error_get_retry_after (const GError *error)
{
  g_return_val_if_fail (error != NULL && error->domain == POND_TRANSFER_ERROR, -1);

  return pond_transfer_error_get_private (error)->retry_after;
}

/**
 * pond_transfer_error_set_retry_after:
 * @error: an error of the domain %POND_TRANSFER_ERROR
 * @seconds: how long the server asked to be left alone, or -1 when it did not say
 *
 * Notes in @error what the server said.
 */
void
pond_transfer_error_set_retry_after (GError *error,
                                     double  seconds)
{
  g_return_if_fail (error != NULL && error->domain == POND_TRANSFER_ERROR);

  pond_transfer_error_get_private (error)->retry_after = seconds;
}

/**
 * pond_transfer_error_set_errno:
 * @error: (out) (optional): return location for the error
 * @saved_errno: the `errno` of a system call on the file or its checkpoint
 * @what: what could not be done, without the path
 *
 * Sets %POND_TRANSFER_ERROR_DISK_FULL or %POND_TRANSFER_ERROR_FILE.
 */
void
pond_transfer_error_set_errno (GError     **error,
                               int          saved_errno,
                               const char  *what)
{
  gboolean full = saved_errno == ENOSPC || saved_errno == EDQUOT || saved_errno == EFBIG;

  g_set_error (error, POND_TRANSFER_ERROR,
               full ? POND_TRANSFER_ERROR_DISK_FULL : POND_TRANSFER_ERROR_FILE,
               "%s: %s", what, g_strerror (saved_errno));
}
