/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-stream-download.h"
#include "stream/pond-stream-json.h"

void
pond_stream_download_free (PondStreamDownload *self)
{
  g_free (self->type);
  g_free (self->url);
  g_free (self);
}

/**
 * pond_stream_download_copy:
 * @self: a download
 *
 * Returns: (transfer full): a copy
 */
PondStreamDownload *
pond_stream_download_copy (PondStreamDownload *self)
{
  PondStreamDownload *copy = g_new0 (PondStreamDownload, 1);

  copy->type = g_strdup (self->type);
  copy->status = self->status;
  copy->percent = self->percent;
  copy->url = g_strdup (self->url);

  return copy;
}

static PondStreamDownload *
parse_one (const char *type,
           JsonObject *object)
{
  const char *status = pond_json_get_string (object, "status");
  PondStreamDownload *self;

  if (status == NULL)
    return NULL;

  self = g_new0 (PondStreamDownload, 1);
  self->type = g_strdup (type);
  self->url = g_strdup (pond_json_get_string (object, "url"));
  self->percent = CLAMP (pond_json_get_number (object, "percentComplete", 0), 0, 100);

  if (g_str_equal (status, "ready"))
    self->status = POND_ENCODE_READY;
  else if (g_str_equal (status, "error"))
    self->status = POND_ENCODE_ERROR;
  else
    self->status = POND_ENCODE_IN_PROGRESS;

  return self;
}

/**
 * pond_stream_download_parse:
 * @result: (nullable): the `result` of `/stream/{uid}/downloads`
 * @asked_type: (nullable): the type that was posted
 *
 * Reads what downloads a video has. An older form of the answer to a POST is flat, the entry itself in
 * place of an object of entries by type; it is taken as @asked_type.
 *
 * Returns: (transfer full) (element-type PondStreamDownload): the downloads, none if @result has none
 */
GPtrArray *
pond_stream_download_parse (JsonNode   *result,
                            const char *asked_type)
{
  g_autoptr(GPtrArray) downloads =
      g_ptr_array_new_with_free_func ((GDestroyNotify) pond_stream_download_free);
  JsonObject *object;
  JsonObjectIter iter;
  const char *type;
  JsonNode *member;
  PondStreamDownload *flat;

  if (result == NULL || !JSON_NODE_HOLDS_OBJECT (result))
    return g_steal_pointer (&downloads);

  object = json_node_get_object (result);
  flat = parse_one (asked_type != NULL ? asked_type : "default", object);
  if (flat != NULL)
    {
      g_ptr_array_add (downloads, flat);
      return g_steal_pointer (&downloads);
    }

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &type, &member))
    {
      PondStreamDownload *download = NULL;

      if (JSON_NODE_HOLDS_OBJECT (member))
        download = parse_one (type, json_node_get_object (member));
      if (download != NULL)
        g_ptr_array_add (downloads, download);
    }

  return g_steal_pointer (&downloads);
}

/**
 * pond_stream_download_find:
 * @downloads: (element-type PondStreamDownload): what a video has
 * @type: a type
 *
 * Returns: (transfer none) (nullable): the one of @type
 */
PondStreamDownload *
pond_stream_download_find (GPtrArray  *downloads,
                           const char *type)
{
  for (guint i = 0; i < downloads->len; i++)
    {
      PondStreamDownload *download = g_ptr_array_index (downloads, i);

      if (g_str_equal (download->type, type))
        return download;
    }

  return NULL;
}
