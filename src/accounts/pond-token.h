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
 * @POND_TOKEN_ERROR_GLOBAL_KEY: it looks like a global API key (37 hexadecimal digits), which is
 *   not a token and which Millpond does not use
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

PondToken  *pond_token_new         (const char  *text,
                                    GError     **error);
PondToken  *pond_token_ref         (PondToken   *self);
void        pond_token_unref       (PondToken   *self);
const char *pond_token_peek        (PondToken   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondToken, pond_token_unref)

G_END_DECLS
