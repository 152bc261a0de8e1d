/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "accounts/pond-token.h"
#include "stream/pond-signing-key.h"
#include "stream/pond-stream-download.h"
#include "stream/pond-stream-error.h"
#include "stream/pond-video.h"

G_BEGIN_DECLS

/* The API's base address: `MILLPOND_API_BASE`, or Cloudflare's own. */
char             *pond_stream_client_choose_base           (GError              **error);

#define POND_TYPE_STREAM_CLIENT (pond_stream_client_get_type ())

/**
 * PondStreamClient:
 *
 * The Stream API of one account, as far as somebody needs it who wants videos offline. Calls end with
 * errors of the domain %POND_STREAM_ERROR or with %G_IO_ERROR_CANCELLED. None of them is tried again by
 * itself, and none deletes anything on Stream.
 */
G_DECLARE_FINAL_TYPE (PondStreamClient, pond_stream_client, POND, STREAM_CLIENT, GObject)

PondStreamClient *pond_stream_client_new                   (const char           *base,
                                                            const char           *account_id,
                                                            PondToken            *token);

const char       *pond_stream_client_get_account_id        (PondStreamClient     *self);
gboolean          pond_stream_client_is_loopback           (PondStreamClient     *self);
void              pond_stream_client_set_signing_key       (PondStreamClient     *self,
                                                            PondSigningKey       *key);

void              pond_stream_client_get_video_async       (PondStreamClient     *self,
                                                            const char           *uid,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
PondVideo        *pond_stream_client_get_video_finish      (PondStreamClient     *self,
                                                            GAsyncResult         *result,
                                                            GError              **error);

void              pond_stream_client_list_videos_async     (PondStreamClient     *self,
                                                            const char           *search,
                                                            guint                 limit,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
void              pond_stream_client_list_pages_async      (PondStreamClient     *self,
                                                            guint                 limit,
                                                            PondVideoPageFunc     page_func,
                                                            gpointer              page_data,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
GPtrArray        *pond_stream_client_list_videos_finish    (PondStreamClient     *self,
                                                            GAsyncResult         *result,
                                                            GError              **error);

void              pond_stream_client_list_downloads_async  (PondStreamClient     *self,
                                                            const char           *uid,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
GPtrArray        *pond_stream_client_list_downloads_finish (PondStreamClient     *self,
                                                            GAsyncResult         *result,
                                                            GError              **error);

void              pond_stream_client_enable_async          (PondStreamClient     *self,
                                                            const char           *uid,
                                                            const char           *type,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
GPtrArray        *pond_stream_client_enable_finish         (PondStreamClient     *self,
                                                            GAsyncResult         *result,
                                                            GError              **error);

void              pond_stream_client_sign_async            (PondStreamClient     *self,
                                                            const char           *uid,
                                                            const PondLinkRequest *request,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
char             *pond_stream_client_sign_finish           (PondStreamClient     *self,
                                                            GAsyncResult         *result,
                                                            GError              **error);

char             *pond_stream_client_sign_url              (const char           *url,
                                                            const char           *uid,
                                                            const char           *token);

/**
 * PondCaption:
 * @language: a BCP 47 tag
 * @label: the language's own name for itself, or the tag when there is none
 *
 * Captions that a video has, ready to be fetched.
 */
typedef struct
{
  char *language;
  char *label;
} PondCaption;

void              pond_caption_free                        (PondCaption          *self);

void              pond_stream_client_list_captions_async   (PondStreamClient     *self,
                                                            const char           *uid,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
GPtrArray        *pond_stream_client_list_captions_finish  (PondStreamClient     *self,
                                                            GAsyncResult         *result,
                                                            GError              **error);

void              pond_stream_client_fetch_captions_async  (PondStreamClient     *self,
                                                            const char           *uid,
                                                            const char           *language,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
void              pond_stream_client_fetch_poster_async    (PondStreamClient     *self,
                                                            const char           *url,
                                                            GCancellable         *cancellable,
                                                            GAsyncReadyCallback   callback,
                                                            gpointer              user_data);
GBytes           *pond_stream_client_fetch_finish          (PondStreamClient     *self,
                                                            GAsyncResult         *result,
                                                            GError              **error);

G_END_DECLS
