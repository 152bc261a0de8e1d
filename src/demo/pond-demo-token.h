/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "demo/pond-demo-keys.h"

G_BEGIN_DECLS

/**
 * PondDemoTokenState:
 * @POND_DEMO_TOKEN_GOOD: it opens the video
 * @POND_DEMO_TOKEN_BAD: it is not one of ours, or changed on the way
 * @POND_DEMO_TOKEN_EXPIRED: it is too late for it
 * @POND_DEMO_TOKEN_EARLY: it is too early for it
 * @POND_DEMO_TOKEN_BLOCKED: its access rules refuse this client
 */
typedef enum
{
  POND_DEMO_TOKEN_GOOD,
  POND_DEMO_TOKEN_BAD,
  POND_DEMO_TOKEN_EXPIRED,
  POND_DEMO_TOKEN_EARLY,
  POND_DEMO_TOKEN_BLOCKED,
} PondDemoTokenState;

/* Signs @payload. The token says RS256, but its signature is an HMAC by @secret, which only this
 * server can check; clients have no business doing so. Tokens that clients sign with a key of their
 * own are what they say. (transfer full) */
char               *pond_demo_token_issue    (const char          *secret,
                                              JsonObject          *payload);

/* What @token says of itself, unchecked; NULL when it is no token. (transfer full) */
JsonObject         *pond_demo_token_read     (const char          *token);

/* Whether a client at @address may use @token now, which this server signed or one of @keys. */
PondDemoTokenState  pond_demo_token_check    (const char          *secret,
                                              PondDemoKeys        *keys,
                                              const char          *token,
                                              GInetAddress        *address,
                                              const char          *country);

/* A hexadecimal HMAC of @text, for links. (transfer full) */
char               *pond_demo_sign           (const char          *secret,
                                              const char          *text);

G_END_DECLS
