/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "stream/pond-stream-client.h"

G_BEGIN_DECLS

#define POND_TYPE_CATALOGUE (pond_catalogue_get_type ())

/**
 * PondCatalogue:
 *
 * All videos of an account: a [iface@Gio.ListModel] of [class@Video], newest first. What was listed
 * last time is kept in a file, so that it is shown at once; the file is a cache, and one that can't be
 * used is made again. It never holds a token.
 *
 * A video that Stream describes otherwise than before gets another [class@Video], in an `items-changed`
 * of its own. After the last of those that one page or the end of a refresh brings, the signal
 * `changed` is emitted.
 *
 * It belongs to the main thread, and works on a thread of its own. Properties: `refreshing`.
 */
G_DECLARE_FINAL_TYPE (PondCatalogue, pond_catalogue, POND, CATALOGUE, GObject)

/**
 * pond_catalogue_choose_file:
 * @account_id: an account
 *
 * Returns: (transfer full): the path of the file that its catalogue is kept in, in the XDG cache folder
 */
char          *pond_catalogue_choose_file     (const char           *account_id);

/**
 * pond_catalogue_new:
 * @path: (nullable): the file, or %NULL to keep nothing
 *
 * Returns: (transfer full): a catalogue that is not open yet, and empty
 */
PondCatalogue *pond_catalogue_new             (const char           *path);

/**
 * pond_catalogue_open_async:
 * @self: a catalogue
 * @cancellable: (nullable): to end it before it begins
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Reads what was listed last time. One that is open stays as it is.
 */
void           pond_catalogue_open_async      (PondCatalogue        *self,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);

/**
 * pond_catalogue_open_finish:
 * @self: a catalogue
 * @result: what the callback was given
 * @error: %G_IO_ERROR_CANCELLED, and nothing else
 *
 * Returns: whether it is open
 */
gboolean       pond_catalogue_open_finish     (PondCatalogue        *self,
                                               GAsyncResult         *result,
                                               GError              **error);

/**
 * pond_catalogue_refresh_async:
 * @self: a catalogue that is open
 * @client: the API
 * @full: whether to list all videos in any case
 * @cancellable: (nullable): ends it at once; what has arrived stays
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Lists the account's videos, newest first, and shows each page of up to 1,000 as it arrives.
 *
 * Videos change and go whatever their age, so only a list of all of them is the truth. One of up to a
 * thousand takes one request and is always asked for whole. Of more than that, those that are new since
 * last time are asked for, and what is on the same pages; the rest once an hour, or if @full. Videos
 * that are gone disappear when all were listed.
 */
void           pond_catalogue_refresh_async   (PondCatalogue        *self,
                                               PondStreamClient     *client,
                                               gboolean              full,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);

/**
 * pond_catalogue_refresh_finish:
 * @self: a catalogue
 * @result: what the callback was given
 * @error: of the domain %POND_STREAM_ERROR; %G_IO_ERROR_CANCELLED; or %G_IO_ERROR_PENDING when a refresh
 *   was under way already
 *
 * Returns: whether it went through
 */
gboolean       pond_catalogue_refresh_finish  (PondCatalogue        *self,
                                               GAsyncResult         *result,
                                               GError              **error);

/**
 * pond_catalogue_get_refreshing: (get-property refreshing)
 * @self: a catalogue
 *
 * Returns: whether a refresh is under way
 */
gboolean       pond_catalogue_get_refreshing  (PondCatalogue        *self);

/**
 * pond_catalogue_get_complete_at:
 * @self: a catalogue
 *
 * Returns: when all videos were last listed, in seconds since 1970; 0 for never
 */
gint64         pond_catalogue_get_complete_at (PondCatalogue        *self);

/**
 * pond_catalogue_forget_async:
 * @account_id: an account that is removed
 * @cancellable: (nullable): to end it before it begins
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Deletes what is kept of an account. A catalogue of it that is open keeps nothing from now on.
 */
void           pond_catalogue_forget_async    (const char           *account_id,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);

/**
 * pond_catalogue_forget_finish:
 * @result: what the callback was given
 * @error: %G_IO_ERROR_CANCELLED, and nothing else
 *
 * Returns: whether it was tried
 */
gboolean       pond_catalogue_forget_finish   (GAsyncResult         *result,
                                               GError              **error);

/**
 * pond_catalogue_list_creators:
 * @self: a catalogue
 *
 * Returns: (transfer full) (array zero-terminated=1): the creators of its videos, once each and sorted
 */
char         **pond_catalogue_list_creators   (PondCatalogue        *self);

G_END_DECLS
