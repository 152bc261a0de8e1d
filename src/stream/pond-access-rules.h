/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "stream/pond-link-error.h"

G_BEGIN_DECLS

/* How many rules a link can have. */
#define POND_ACCESS_RULES_MAX 5

/**
 * PondAccessRules:
 *
 * Who may use a link, as Stream checks it: in order, the first rule that matches decides, and whom none
 * matches may use it. So rules that allow mean something only before one that refuses everyone else.
 */
typedef struct _PondAccessRules PondAccessRules;

PondAccessRules *pond_access_rules_new           (void);
void             pond_access_rules_free          (PondAccessRules        *self);

gboolean         pond_access_rules_add_countries (PondAccessRules        *self,
                                                  gboolean                allow,
                                                  const char             *list,
                                                  GError                **error);
gboolean         pond_access_rules_add_addresses (PondAccessRules        *self,
                                                  gboolean                allow,
                                                  const char             *list,
                                                  GError                **error);
gboolean         pond_access_rules_add_everyone  (PondAccessRules        *self,
                                                  gboolean                allow,
                                                  GError                **error);

guint            pond_access_rules_get_length    (const PondAccessRules  *self);
JsonNode        *pond_access_rules_to_json       (const PondAccessRules  *self);
char            *pond_access_rules_describe      (const PondAccessRules  *self,
                                                  const char             *sentence);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondAccessRules, pond_access_rules_free)

G_END_DECLS
