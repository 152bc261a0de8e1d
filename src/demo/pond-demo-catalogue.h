/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "demo/pond-demo-content.h"

G_BEGIN_DECLS

typedef enum
{
  POND_DEMO_KIND_DEFAULT,
  POND_DEMO_KIND_AUDIO,
  POND_DEMO_N_KINDS,
} PondDemoKind;

typedef enum
{
  POND_DEMO_DOWNLOAD_NONE,
  POND_DEMO_DOWNLOAD_IN_PROGRESS,
  POND_DEMO_DOWNLOAD_READY,
  POND_DEMO_DOWNLOAD_ERROR,
} PondDemoDownloadState;

/**
 * PondDemoVideo:
 *
 * A video of the account, and how far Stream has come with it. It lives as long as the catalogue.
 */
typedef struct _PondDemoVideo PondDemoVideo;

/**
 * PondDemoCatalogue:
 *
 * The videos, read from the sample folder or made up, on a clock that can be made to run faster.
 */
typedef struct _PondDemoCatalogue PondDemoCatalogue;

PondDemoCatalogue     *pond_demo_catalogue_new          (GFile              *folder);
void                   pond_demo_catalogue_free         (PondDemoCatalogue  *self);

/* Reads samples.json, and sets the clock going. */
gboolean               pond_demo_catalogue_load         (PondDemoCatalogue  *self,
                                                         GError            **error);
gboolean               pond_demo_catalogue_add          (PondDemoCatalogue  *self,
                                                         JsonObject         *description,
                                                         GError            **error);
void                   pond_demo_catalogue_set_speed    (PondDemoCatalogue  *self,
                                                         double              speed);

/* PondDemoVideo, the newest first. (transfer none) */
GPtrArray             *pond_demo_catalogue_get_videos   (PondDemoCatalogue  *self);
PondDemoVideo         *pond_demo_catalogue_find         (PondDemoCatalogue  *self,
                                                         const char         *uid);

const char            *pond_demo_video_get_uid          (PondDemoVideo      *self);
/* "" when it has none. */
const char            *pond_demo_video_get_title        (PondDemoVideo      *self);
const char            *pond_demo_video_get_creator      (PondDemoVideo      *self);
const char            *pond_demo_video_get_live_input   (PondDemoVideo      *self);
/* Nanoseconds since 1970. */
gint64                 pond_demo_video_get_created      (PondDemoVideo      *self);
/* Seconds, or -1 where it is not known. */
double                 pond_demo_video_get_duration     (PondDemoVideo      *self);
gboolean               pond_demo_video_is_private       (PondDemoVideo      *self);
/* One of the states of the API, as it is now. */
const char            *pond_demo_video_get_state        (PondDemoVideo      *self);
gboolean               pond_demo_video_can_download     (PondDemoVideo      *self);

/* The object that the API gives for it. (transfer full) */
JsonObject            *pond_demo_video_to_json          (PondDemoVideo      *self,
                                                         const char         *media_base,
                                                         JsonObject         *actions);

PondDemoDownloadState  pond_demo_video_get_download     (PondDemoVideo      *self,
                                                         PondDemoKind        kind,
                                                         double             *percent);
void                   pond_demo_video_enable           (PondDemoVideo      *self,
                                                         PondDemoKind        kind);
/* FALSE if there was nothing to remove. */
gboolean               pond_demo_video_disable          (PondDemoVideo      *self,
                                                         PondDemoKind        kind);
/* How often this kind was made anew. */
guint                  pond_demo_video_get_generation   (PondDemoVideo      *self,
                                                         PondDemoKind        kind);

/* Whether it was asked for before the video had all its renditions, and now has them. */
gboolean               pond_demo_video_was_early        (PondDemoVideo      *self,
                                                         PondDemoKind        kind);
/* Whether a page at @referrer, which may be NULL, may show it. */
gboolean               pond_demo_video_allows_origin    (PondDemoVideo      *self,
                                                         const char         *referrer);

/* The bytes of a download. (transfer full) */
PondDemoContent       *pond_demo_video_get_content      (PondDemoVideo      *self,
                                                         PondDemoKind        kind,
                                                         GError            **error);
/* The poster, NULL without an error when there is none. (transfer full) */
PondDemoContent       *pond_demo_video_get_poster       (PondDemoVideo      *self,
                                                         GError            **error);
/* An array of objects of the API. (transfer full) */
JsonArray             *pond_demo_video_get_captions     (PondDemoVideo      *self);
/* NULL without an error when it has none in @language. (transfer full) */
GBytes                *pond_demo_video_get_vtt          (PondDemoVideo      *self,
                                                         const char         *language,
                                                         GError            **error);

/* Nanoseconds since 1970 of an RFC 3339 time with up to nine digits of a second's fraction. */
gboolean               pond_demo_parse_time             (const char         *text,
                                                         gint64             *nanoseconds);

const char            *pond_demo_kind_get_name          (PondDemoKind        kind);
const char            *pond_demo_kind_get_file_name     (PondDemoKind        kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondDemoCatalogue, pond_demo_catalogue_free)

G_END_DECLS
