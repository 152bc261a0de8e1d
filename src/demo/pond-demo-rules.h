/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * PondDemoRules:
 *
 * What the sample server is to do other than usual, and for which requests: docs/sample-server.md.
 */
typedef struct _PondDemoRules PondDemoRules;

PondDemoRules *pond_demo_rules_new         (void);
void           pond_demo_rules_free        (PondDemoRules  *self);

/* Adds all rules of @json, an array, or none of them and sets @error. */
gboolean       pond_demo_rules_add         (PondDemoRules  *self,
                                            const char     *json,
                                            GError        **error);
void           pond_demo_rules_clear       (PondDemoRules  *self);

/* What is to be done with a request: the "do" of all rules that match it, the later ones over the
 * earlier. Counts the request for these rules. (transfer full) */
JsonObject    *pond_demo_rules_match       (PondDemoRules  *self,
                                            const char     *host,
                                            const char     *method,
                                            const char     *path,
                                            const char     *video);

/* A number that a rule has set, or its usual value. */
double         pond_demo_rules_get_setting (PondDemoRules  *self,
                                            const char     *name);

/* One of the variants that @actions, of pond_demo_rules_match(), ask for; NULL if none. */
const char    *pond_demo_rules_get_variant (JsonObject     *actions,
                                            const char     *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondDemoRules, pond_demo_rules_free)

G_END_DECLS
