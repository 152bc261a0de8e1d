/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "downloads/pond-download-queue.h"
#include "stream/pond-video-ref.h"
#include "ui/pond-video-lookup.h"

G_BEGIN_DECLS

#define POND_TYPE_FINDING (pond_finding_get_type ())

/**
 * PondFinding:
 *
 * Something that a pasted or dropped text was found to name: a video that can be added, one that is
 * saved or on its way already, or something that can't be used.
 *
 * Properties, all read-only: `title`, `note` and `icon-name`.
 */
G_DECLARE_FINAL_TYPE (PondFinding, pond_finding, POND, FINDING, GObject)

/**
 * pond_finding_new:
 * @ref: a video
 * @type: what is wanted of it, "default" or "audio"
 * @queue: whose library and downloads to look into
 *
 * Returns: (transfer full): what adding @ref would come to
 */
PondFinding  *pond_finding_new          (PondVideoRef      *ref,
                                         const char        *type,
                                         PondDownloadQueue *queue);

/**
 * pond_finding_new_rejected:
 * @reason: what can't be used, and why
 *
 * Returns: (transfer full): a finding that can't be added
 */
PondFinding  *pond_finding_new_rejected (const char        *reason);

/**
 * pond_finding_update:
 * @self: a finding
 * @lookup: where to learn what Stream says of the video
 *
 * Says more of a video that can be added, or that it can't be, as soon as @lookup knows.
 */
void          pond_finding_update       (PondFinding       *self,
                                         PondVideoLookup   *lookup);

/* (nullable) (transfer none): the video, when it is one that can be added. */
PondVideoRef *pond_finding_get_new_ref  (PondFinding       *self);

/* In milliseconds, or less than 0 when unknown. */
gint64        pond_finding_get_duration (PondFinding       *self);

G_END_DECLS
