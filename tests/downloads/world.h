/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "demo/pond-demo-server.h"
#include "downloads/pond-download-queue.h"

G_BEGIN_DECLS

/* A sample server, a library folder of its own, and as many processes' worth of queues on it as a test
 * starts. */

typedef struct
{
  PondDemoServer *server;
  GFile *folder;
} World;

typedef struct
{
  PondLibrary *library;
  PondAccountStore *accounts;
  PondDownloadQueue *queue;
} Process;

World        *world_new             (void);
void          world_free            (World              *self);

Process      *world_start           (World              *self);
Process      *world_start_without_account
                                    (World              *self);
/* Without any tidying up, as far as one process can do that to a part of itself. */
void          process_stop          (Process            *self);

PondDownload *process_add           (Process            *self,
                                     const char         *uid,
                                     const char         *type);
void          wait_for_state        (PondDownload       *download,
                                     PondDownloadState   state);
void          wait_for_bytes        (PondDownload       *download,
                                     guint64             bytes);
/* Takes the last reference but those of operations that are being cancelled, and waits for these. */
void          wait_until_gone       (gpointer             object);
void          assert_same_file      (PondLibraryEntry   *entry,
                                     const char         *sample);
guint64       world_count_sent      (World              *self);
guint         world_count_requests  (World              *self,
                                     const char         *host,
                                     const char         *method_glob,
                                     const char         *path_glob);

/* Of data/samples/samples.json. */
#define RIPPLES "6b1d0c3a9f2e47d8b5a4c7e210f3968d"
#define WHEEL   "c40e7d92a1b84f36958d2e6f7b01a35c"
#define BOAT    "d05b6e1a72c84f9fa3e4190d8c7f2b46"
#define PRIVATE "93d6b81f0e7a42c5a1f84d0c2b6e579a"

G_END_DECLS
