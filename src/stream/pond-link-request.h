/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "stream/pond-access-rules.h"

G_BEGIN_DECLS

/* How far ahead a link may end, in seconds. */
#define POND_LINK_LONGEST (24 * 3600)

/**
 * PondLinkRequest:
 * @expires: when the link ends, in seconds since 1970; 0 for an hour after it was made
 * @not_before: when it begins, in seconds since 1970; 0 for at once
 * @downloadable: whether it is good for files, and not only for playing
 * @rules: (nullable): who may use it; %NULL for everyone
 *
 * What a signed link to a video is to allow.
 */
typedef struct
{
  gint64           expires;
  gint64           not_before;
  gboolean         downloadable;
  PondAccessRules *rules;
} PondLinkRequest;

PondLinkRequest *pond_link_request_new      (void);
void             pond_link_request_free     (PondLinkRequest        *self);

gboolean         pond_link_request_check    (const PondLinkRequest  *self,
                                             gint64                  now,
                                             GError                **error);
JsonNode        *pond_link_request_to_json  (const PondLinkRequest  *self);
char            *pond_link_request_describe (const PondLinkRequest  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondLinkRequest, pond_link_request_free)

G_END_DECLS
