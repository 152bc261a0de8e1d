/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "downloads/pond-download-record.h"

G_BEGIN_DECLS

PondDownload             *pond_download_new          (const PondDownloadRecord *record,
                                                      GFile                    *poster);

const PondDownloadRecord *pond_download_peek_record  (PondDownload             *self);

/* Shows what has been written. */
void                      pond_download_apply        (PondDownload             *self,
                                                      const PondDownloadRecord *record);

/* Progress between states is shown as it comes; it is no state, and what is on the disk tells it again. */
void                      pond_download_set_progress (PondDownload             *self,
                                                      guint64                   bytes,
                                                      gint64                    total,
                                                      double                    speed);
void                      pond_download_set_resumed  (PondDownload             *self,
                                                      guint64                   resumed_from);
void                      pond_download_set_percent  (PondDownload             *self,
                                                      double                    percent,
                                                      const char               *message);
void                      pond_download_poster_changed (PondDownload           *self);

/* The signed token of the link that the person gave, or NULL: a secret, kept in memory alone and wiped. */
const char               *pond_download_peek_link_token (PondDownload          *self);
void                      pond_download_set_link_token (PondDownload           *self,
                                                      const char               *token);

G_END_DECLS
