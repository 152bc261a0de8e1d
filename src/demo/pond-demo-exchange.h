/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "demo/pond-demo-content.h"
#include "demo/pond-demo-log.h"
#include "demo/pond-demo-rules.h"

G_BEGIN_DECLS

/**
 * PondDemoExchange:
 *
 * One request and its answer. A handler fills in the answer; the rules that match the request may
 * put another in its place, and decide how it goes over the wire.
 */
typedef struct _PondDemoExchange PondDemoExchange;

typedef void (*PondDemoHandler) (PondDemoExchange *exchange,
                                 gpointer          user_data);

/* Takes on a request of @host. The exchange is in @open, a set, for as long as it lasts. */
void               pond_demo_exchange_start       (SoupServerMessage *message,
                                                   const char        *host,
                                                   const char        *video,
                                                   PondDemoRules     *rules,
                                                   PondDemoLog       *log,
                                                   GHashTable        *open,
                                                   PondDemoHandler    handler,
                                                   gpointer           user_data);
/* Ends it at once, without an answer. */
void               pond_demo_exchange_abort       (PondDemoExchange  *self);

SoupServerMessage *pond_demo_exchange_get_message (PondDemoExchange  *self);
const char        *pond_demo_exchange_get_path    (PondDemoExchange  *self);
/* A parameter of the query, NULL when it was not given. */
const char        *pond_demo_exchange_get_query   (PondDemoExchange  *self,
                                                   const char        *name);
/* The "do" of the rules that match. */
JsonObject        *pond_demo_exchange_get_actions (PondDemoExchange  *self);
/* Whether the rules want @value for the open question @name. */
gboolean           pond_demo_exchange_is_variant  (PondDemoExchange  *self,
                                                   const char        *name,
                                                   const char        *value);

/* The ways for a handler to answer. */
void               pond_demo_exchange_succeed     (PondDemoExchange  *self,
                                                   JsonNode          *result,
                                                   JsonObject        *beside);
void               pond_demo_exchange_fail        (PondDemoExchange  *self,
                                                   guint              status,
                                                   int                code,
                                                   const char        *message);
void               pond_demo_exchange_send_text   (PondDemoExchange  *self,
                                                   guint              status,
                                                   const char        *content_type,
                                                   const char        *text);
void               pond_demo_exchange_send        (PondDemoExchange  *self,
                                                   guint              status,
                                                   const char        *content_type,
                                                   PondDemoContent   *content,
                                                   guint64            offset,
                                                   guint64            length);
void               pond_demo_exchange_redirect    (PondDemoExchange  *self,
                                                   guint              status,
                                                   const char        *location);

G_END_DECLS
