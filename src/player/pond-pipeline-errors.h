/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * PondPipelineErrors:
 *
 * What went wrong in a pipeline since its URI was last set.
 *
 * GstPlay reports all errors but missing plug-ins under one code, and a missing decoder beside one that
 * works not at all; this keeps what the elements themselves said.
 */
typedef struct _PondPipelineErrors PondPipelineErrors;

/**
 * pond_pipeline_errors_new:
 * @pipeline: a playbin whose bus emits synchronous messages, as GstPlay's does
 *
 * Starts to listen, until it is freed.
 */
PondPipelineErrors *pond_pipeline_errors_new    (GstElement         *pipeline);
void                pond_pipeline_errors_free   (PondPipelineErrors *self);

/**
 * pond_pipeline_errors_get_missing:
 *
 * Returns: (nullable) (transfer full): a %POND_PLAYER_ERROR_MISSING_CODEC that lists all decoders that
 *   are missing, or %NULL when none is
 */
GError             *pond_pipeline_errors_get_missing (PondPipelineErrors *self);

/**
 * pond_pipeline_errors_get_fatal:
 *
 * Returns: (transfer full): why the pipeline stopped, of the domain %POND_PLAYER_ERROR
 */
GError             *pond_pipeline_errors_get_fatal   (PondPipelineErrors *self);

/**
 * pond_pipeline_errors_is_sound:
 *
 * Returns: whether it was the audio sink that stopped the pipeline
 */
gboolean            pond_pipeline_errors_is_sound    (PondPipelineErrors *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondPipelineErrors, pond_pipeline_errors_free)

G_END_DECLS
