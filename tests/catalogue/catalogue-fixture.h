/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "catalogue/pond-catalogue-view.h"
#include "demo/pond-demo-server.h"

G_BEGIN_DECLS

PondDemoServer   *start_server     (guint16             api_port,
                                    guint16             media_port);
void              stop_server      (PondDemoServer     *server);
void              add_videos       (PondDemoServer     *server,
                                    const char         *json);
PondStreamClient *make_client      (PondDemoServer     *server);
guint             count_requests   (PondDemoServer     *server);

PondCatalogue    *open_catalogue   (const char         *path);
void              close_catalogue  (PondCatalogue      *catalogue);
void              refresh          (PondCatalogue      *catalogue,
                                    PondStreamClient   *client,
                                    gboolean            full);

void              store_result     (GObject            *source,
                                    GAsyncResult       *result,
                                    gpointer            user_data);
GAsyncResult     *wait_for         (GAsyncResult      **place);

/* All of the model's uids, once each and in its order. */
GPtrArray        *get_uids         (GListModel         *model);

/* Follows items-changed, and fails where it is not what the model shows. */
typedef struct
{
  GListModel *model;
  GPtrArray *items;
  guint n_changes;
  guint n_removed;
  guint n_added;
} Follower;

Follower         *follow           (GListModel         *model);
void              follower_check   (Follower           *self);
void              follower_free    (Follower           *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Follower, follower_free)

G_END_DECLS
