/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"

#include "stream/pond-stream-claims.h"
#include "stream/pond-video-ref-private.h"

static void
check_ref (PondVideoRef *ref,
           GHashTable   *seen)
{
  const char *account = pond_video_ref_get_account (ref);
  const char *token = pond_video_ref_get_token (ref);

  g_assert_true (pond_is_uid (pond_video_ref_get_uid (ref)));
  g_assert_true (g_hash_table_add (seen, (gpointer) pond_video_ref_get_uid (ref)));
  g_assert_true (account == NULL || pond_is_uid (account));

  if (token != NULL)
    {
      g_autoptr(PondStreamClaims) claims = pond_stream_claims_read (token);

      g_assert_nonnull (claims);
      g_assert_cmpstr (claims->video, ==, pond_video_ref_get_uid (ref));
    }
}

/* Finds videos in anything: IDs in their form, once each, and reasons that can be shown. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) rejected = NULL;
  g_autoptr(GPtrArray) refs = pond_video_ref_scan_bytes (bytes, &rejected);

  for (guint i = 0; i < refs->len; i++)
    check_ref (g_ptr_array_index (refs, i), seen);
  for (guint i = 0; i < rejected->len; i++)
    g_assert_true (g_utf8_validate (g_ptr_array_index (rejected, i), -1, NULL));

  return 0;
}
