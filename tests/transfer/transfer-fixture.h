/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "script-server.h"
#include "transfer-scripts.h"
#include "transfer/pond-checkpoint.h"
#include "transfer/pond-transfer.h"

G_BEGIN_DECLS

#define KIB 1024
#define MIB (1024 * KIB)
#define BODY_SIZE (3 * MIB + 12345)
#define STRONG "ETag: \"v1\"\n"

typedef struct
{
  ScriptServer *server;
  char         *folder;
  char         *path;
  char         *checkpoint_path;
  GFile        *file;
  PondTransfer *transfer;
  GCancellable *cancellable;
} Fixture;

typedef void (*FixtureTest) (Fixture       *fixture,
                             gconstpointer  user_data);

/* Two versions of the resource, of BODY_SIZE bytes. */
extern GBytes *body_v1;
extern GBytes *body_v2;

void            init               (int                *argc,
                                    char             ***argv);
void            add                (const char         *path,
                                    gconstpointer       data,
                                    FixtureTest         test);
void            add_tls            (const char         *path,
                                    gconstpointer       data,
                                    FixtureTest         test);
int             run_tests          (void);

void            set_path           (Fixture            *fixture,
                                    const char         *path);
GTlsDatabase   *load_trust         (void);
PondCheckpoint *load_checkpoint    (Fixture            *fixture);

/* Lets go of the transfer, and makes another for the same file, as another start would. */
void            renew_transfer     (Fixture            *fixture);
void            cancel_soon        (Fixture            *fixture);

void            on_ready           (GObject            *source,
                                    GAsyncResult       *result,
                                    gpointer            user_data);
gboolean        run_transfer       (PondTransfer       *transfer,
                                    GCancellable       *cancellable,
                                    GError            **error);
gboolean        run                (Fixture            *fixture,
                                    GError            **error);

/* Makes a run that leaves the first part of the first body. */
void            begin_with         (Fixture            *fixture,
                                    Script              script);
void            expect_whole       (Fixture            *fixture,
                                    GBytes             *body);
void            expect_error       (Fixture            *fixture,
                                    PondTransferError   code);
/* Makes a run that an answer ends, and that leaves no bytes. */
void            expect_refusal     (Fixture            *fixture,
                                    Script              script,
                                    PondTransferError   code);

void            assert_file        (Fixture            *fixture,
                                    GBytes             *body);
/* That the file is the beginning of @body, and the properties agree. Returns its length. */
gsize           assert_file_begins (Fixture            *fixture,
                                    GBytes             *body);

G_END_DECLS
