/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define POND_TYPE_VIDEO_REF (pond_video_ref_get_type ())

/**
 * PondVideoRef:
 *
 * A video as somebody named it: a bare ID, or an address that holds one. Immutable.
 */
typedef struct _PondVideoRef PondVideoRef;

GType         pond_video_ref_get_type    (void) G_GNUC_CONST;
PondVideoRef *pond_video_ref_new         (const char          *uid);
PondVideoRef *pond_video_ref_ref         (PondVideoRef        *self);
void          pond_video_ref_unref       (PondVideoRef        *self);

/* 32 lowercase hexadecimal digits. */
const char   *pond_video_ref_get_uid     (PondVideoRef        *self);
/* (nullable): the delivery host that the address named, in lower case. */
const char   *pond_video_ref_get_host    (PondVideoRef        *self);
/* (nullable): the account ID that the address named. */
const char   *pond_video_ref_get_account (PondVideoRef        *self);
/* (nullable): "default" or "audio", when the address named a file. */
const char   *pond_video_ref_get_type_name (PondVideoRef      *self);

/* Every video that @text names, in order, once each. What looks like it was meant as one and can't be
 * used is put into @rejected (element-type utf8) (out) (optional), each with its reason.
 * (transfer full) (element-type PondVideoRef). */
GPtrArray    *pond_video_ref_scan        (const char          *text,
                                          GPtrArray          **rejected);

gboolean      pond_is_uid                (const char          *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondVideoRef, pond_video_ref_unref)

G_END_DECLS
