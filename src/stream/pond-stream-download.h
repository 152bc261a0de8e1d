/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * PondEncodeStatus:
 * @POND_ENCODE_IN_PROGRESS: Stream is making the file
 * @POND_ENCODE_READY: it can be fetched
 * @POND_ENCODE_ERROR: it can't be made
 */
typedef enum
{
  POND_ENCODE_IN_PROGRESS,
  POND_ENCODE_READY,
  POND_ENCODE_ERROR,
} PondEncodeStatus;

/**
 * PondStreamDownload:
 * @type: "default", "audio" or whatever else the API lists
 * @status: how far Stream is; this decides, not @percent
 * @percent: 0 to 100
 * @url: (nullable): where the file is once it is ready; names the plain uid also for private videos
 *
 * One file that Stream has made of a video, or is making.
 */
typedef struct
{
  char             *type;
  PondEncodeStatus  status;
  double            percent;
  char             *url;
} PondStreamDownload;

void                pond_stream_download_free  (PondStreamDownload *self);
PondStreamDownload *pond_stream_download_copy  (PondStreamDownload *self);

GPtrArray          *pond_stream_download_parse (JsonNode           *result,
                                                const char         *asked_type);
PondStreamDownload *pond_stream_download_find  (GPtrArray          *downloads,
                                                const char         *type);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondStreamDownload, pond_stream_download_free)

G_END_DECLS
