/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "demo/pond-demo-server.h"

G_BEGIN_DECLS

/* Samples that the tests name: see data/samples/samples.json. */
#define ENABLED    "6b1d0c3a9f2e47d8b5a4c7e210f3968d"
#define PUBLIC     "c40e7d92a1b84f36958d2e6f7b01a35c"
#define PRIVATE    "93d6b81f0e7a42c5a1f84d0c2b6e579a"
#define PROCESSING "8f31d5c07b9e4a64920ce7a45d18b3f2"
#define CAPTIONED  "d05b6e1a72c84f9fa3e4190d8c7f2b46"
#define FAILING    "b98e02f6417d4c3aae5b60c3f1d2a78e"
#define BROKEN     "5d7f13b8e60a4295c8fa0e2d91b46c37"

typedef struct
{
  PondDemoServer *server;
  SoupSession    *session;
  const char     *token;
} Fixture;

/* What came back; @body is NULL when the connection broke. */
typedef struct
{
  SoupMessage *message;
  GBytes      *body;
  JsonNode    *json;
} Reply;

/* Adds a test that has a server of its own. */
void        fixture_add_test    (const char    *path,
                                 void         (*test) (Fixture       *fixture,
                                                       gconstpointer  data));
void        fixture_add_rules   (Fixture       *fixture,
                                 const char    *json);

/* Asks @url, with "Name: value" headers up to NULL, and follows no redirect. */
Reply      *fixture_ask         (Fixture       *fixture,
                                 const char    *method,
                                 const char    *url,
                                 const char    *body,
                                 ...) G_GNUC_NULL_TERMINATED;
/* Asks the API at a path below the account's "stream". */
Reply      *fixture_call        (Fixture       *fixture,
                                 const char    *method,
                                 const char    *path,
                                 const char    *body);
/* Follows the redirect from the canonical link of a download to the link of its bytes. */
char       *fixture_get_link    (Fixture       *fixture,
                                 const char    *id);

guint       reply_get_status    (Reply         *reply);
const char *reply_get_header    (Reply         *reply,
                                 const char    *name);
JsonObject *reply_get_result    (Reply         *reply);
int         reply_get_code      (Reply         *reply);
gsize       reply_get_size      (Reply         *reply);
void        reply_free          (Reply         *reply);

/* All that comes over the wire, head and body, until the connection ends; @error if it is reset. */
GByteArray *fixture_read_wire   (Fixture       *fixture,
                                 const char    *url,
                                 const char    *header,
                                 GError       **error);

GBytes     *load_sample         (const char    *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reply, reply_free)

G_END_DECLS
