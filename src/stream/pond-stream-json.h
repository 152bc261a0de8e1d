/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Reading of the API's JSON, lenient where its answers are known to vary: numbers that come as strings,
 * nulls and keys that are missing. */

JsonNode   *pond_json_parse      (GBytes      *bytes,
                                  GError     **error);

JsonObject *pond_json_get_object (JsonObject  *object,
                                  const char  *key);
JsonArray  *pond_json_get_array  (JsonObject  *object,
                                  const char  *key);
const char *pond_json_get_string (JsonObject  *object,
                                  const char  *key);
double      pond_json_get_number (JsonObject  *object,
                                  const char  *key,
                                  double       fallback);
gboolean    pond_json_get_bool   (JsonObject  *object,
                                  const char  *key,
                                  gboolean     fallback);
gint64      pond_json_get_time   (JsonObject  *object,
                                  const char  *key);

JsonNode   *pond_stream_parse_envelope (int           status,
                                        double        retry_after,
                                        GBytes       *body,
                                        GError      **error);

G_END_DECLS
