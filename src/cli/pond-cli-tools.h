/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "session/pond-session.h"

G_BEGIN_DECLS

void       pond_cli_print          (const char            *format,
                                    ...) G_GNUC_PRINTF (1, 2);
void       pond_cli_complain       (const char            *format,
                                    ...) G_GNUC_PRINTF (1, 2);

GOptionContext *
           pond_cli_new_context    (const char            *command,
                                    const char            *parameters,
                                    const char            *summary,
                                    const GOptionEntry    *entries);
gboolean   pond_cli_parse          (GOptionContext        *context,
                                    int                   *argc,
                                    char                ***argv);
gboolean   pond_cli_parse_alone    (GOptionContext        *context,
                                    int                   *argc,
                                    char                ***argv);

void       pond_cli_on_result      (GObject               *source,
                                    GAsyncResult          *result,
                                    gpointer               user_data);
void       pond_cli_wait           (GAsyncResult         **result);

gboolean   pond_cli_load_accounts  (PondSession           *session);
gboolean   pond_cli_open_library   (PondSession           *session,
                                    GError               **error);
gboolean   pond_cli_start_queue    (PondSession           *session,
                                    GError               **error);
PondStreamClient *
           pond_cli_make_client    (PondSession           *session,
                                    PondAccount           *account,
                                    GError               **error);
int        pond_cli_exit_for       (const GError          *error);

gboolean   pond_cli_check_type     (const char            *type);
GPtrArray *pond_cli_read_videos    (char                 **arguments,
                                    int                    n_arguments);
GPtrArray *pond_cli_find_entries   (PondLibrary           *library,
                                    GPtrArray             *refs,
                                    gboolean              *complete);

void       pond_cli_print_json     (JsonBuilder           *builder);
void       pond_cli_add_string     (JsonBuilder           *builder,
                                    const char            *key,
                                    const char            *value);
void       pond_cli_add_int        (JsonBuilder           *builder,
                                    const char            *key,
                                    gint64                 value);
void       pond_cli_add_double     (JsonBuilder           *builder,
                                    const char            *key,
                                    double                 value);
void       pond_cli_add_bool       (JsonBuilder           *builder,
                                    const char            *key,
                                    gboolean               value);
void       pond_cli_add_time       (JsonBuilder           *builder,
                                    const char            *key,
                                    gint64                 seconds);

char      *pond_cli_format_length  (gint64                 milliseconds);

G_END_DECLS
