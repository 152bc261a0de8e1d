/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define POND_TYPE_VIDEO_REF (pond_video_ref_get_type ())

/**
 * PondVideoRef:
 *
 * A video as somebody named it: a bare ID, or an address that holds one. Immutable.
 */
typedef struct _PondVideoRef PondVideoRef;

GType         pond_video_ref_get_type         (void) G_GNUC_CONST;
PondVideoRef *pond_video_ref_new              (const char           *uid);
PondVideoRef *pond_video_ref_ref              (PondVideoRef         *self);
void          pond_video_ref_unref            (PondVideoRef         *self);

const char   *pond_video_ref_get_uid          (PondVideoRef         *self);
const char   *pond_video_ref_get_host         (PondVideoRef         *self);
const char   *pond_video_ref_get_account      (PondVideoRef         *self);
const char   *pond_video_ref_get_type_name    (PondVideoRef         *self);
const char   *pond_video_ref_get_token        (PondVideoRef         *self);

GPtrArray    *pond_video_ref_scan             (const char           *text,
                                               GPtrArray           **rejected);

void          pond_video_ref_scan_file_async  (GFile                *file,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
GPtrArray    *pond_video_ref_scan_file_finish (GAsyncResult         *result,
                                               GPtrArray           **rejected,
                                               GError              **error);

gboolean      pond_is_uid                     (const char           *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondVideoRef, pond_video_ref_unref)

G_END_DECLS
