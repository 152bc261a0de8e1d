/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define POND_TYPE_TOKEN (pond_token_get_type ())

/**
 * PondToken:
 *
 * An API token, counted by reference, in memory that is kept out of swap where the system allows it
 * and wiped when the last reference goes. Immutable, and safe to share between threads.
 *
 * It has no property and no string form on purpose: nothing that prints objects can print it.
 */
typedef struct _PondToken PondToken;

/**
 * PondTokenError:
 * @POND_TOKEN_ERROR_EMPTY: nothing but white space was given
 * @POND_TOKEN_ERROR_MALFORMED: it has characters that no token has, or is far too short or long
 * @POND_TOKEN_ERROR_GLOBAL_KEY: it looks like a global API key (`cfk_…`, or 37 hexadecimal
 *   digits), which is not a token and which Millpond does not use
 *
 * Why a text is no API token. No message of this domain quotes the text.
 */
typedef enum
{
  POND_TOKEN_ERROR_EMPTY,
  POND_TOKEN_ERROR_MALFORMED,
  POND_TOKEN_ERROR_GLOBAL_KEY,
} PondTokenError;

#define POND_TOKEN_ERROR (pond_token_error_quark ())

GQuark      pond_token_error_quark (void);

GType       pond_token_get_type    (void) G_GNUC_CONST;

/**
 * pond_token_new:
 * @text: what a person typed or pasted, or what the keyring holds
 * @error: return location for an error
 *
 * Takes an API token out of @text. White space around it, line ends included, is dropped, and so is
 * the header it is often copied with (`Authorization: Bearer …`). The token is not known to work:
 * only the server can tell.
 *
 * @text stays the caller's, to be wiped by the caller.
 *
 * Returns: (transfer full): a token; NULL with an error of the domain %POND_TOKEN_ERROR when @text
 *   holds none
 */
PondToken  *pond_token_new         (const char  *text,
                                    GError     **error);

/**
 * pond_token_ref:
 * @self: a token
 *
 * Takes one more reference.
 *
 * Returns: (transfer full): @self
 */
PondToken  *pond_token_ref         (PondToken   *self);

/**
 * pond_token_unref:
 * @self: (transfer full): a token
 *
 * Gives a reference back. The last one wipes the token.
 */
void        pond_token_unref       (PondToken   *self);

/**
 * pond_token_peek:
 * @self: a token
 *
 * Gets the token's text, for the header of a request or for the keyring. A copy of it would be in
 * ordinary memory: make it as late and drop it as early as can be.
 *
 * Returns: (transfer none): the text, good for as long as @self is
 */
const char *pond_token_peek        (PondToken   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondToken, pond_token_unref)

G_END_DECLS
