/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fuzz.h"

#include "stream/pond-stream-download.h"
#include "stream/pond-stream-error.h"
#include "stream/pond-stream-json.h"
#include "stream/pond-video.h"

static void
read_videos (JsonObject *envelope)
{
  JsonArray *array = pond_json_get_array (envelope, "result");
  guint length = array != NULL ? json_array_get_length (array) : 0;

  for (guint i = 0; i < length; i++)
    {
      g_autoptr(PondVideo) video = pond_video_new_from_json (json_array_get_element (array, i));

      if (video == NULL)
        continue;

      g_assert_cmpfloat (pond_video_get_percent (video), >=, 0);
      g_assert_cmpfloat (pond_video_get_percent (video), <=, 100);
      g_assert_cmpint (pond_video_get_duration (video), >=, -1);
      g_assert_cmpint (pond_video_get_created (video), >=, 0);
      g_assert_nonnull (pond_video_get_state_name (video));
    }
}

static void
read_result (JsonNode *envelope)
{
  JsonObject *object = json_node_get_object (envelope);
  JsonNode *result = json_object_get_member (object, "result");
  g_autoptr(GPtrArray) downloads = pond_stream_download_parse (result, NULL);
  g_autoptr(PondVideo) video = pond_video_new_from_json (result);

  for (guint i = 0; i < downloads->len; i++)
    {
      PondStreamDownload *download = g_ptr_array_index (downloads, i);

      g_assert_cmpfloat (download->percent, >=, 0);
      g_assert_cmpfloat (download->percent, <=, 100);
    }

  read_videos (object);
}

/* Judges an answer of any status, and reads what may be in it. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const int statuses[] = { 200, 400, 401, 403, 404, 429, 500 };
  g_autoptr(GBytes) body = g_bytes_new (data, size);

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) envelope = pond_stream_parse_envelope (statuses[i], -1, body, &error);

      if (envelope != NULL)
        {
          g_assert_no_error (error);
          g_assert_cmpint (statuses[i], ==, 200);
          read_result (envelope);
        }
      else
        {
          g_assert_true (error->domain == POND_STREAM_ERROR);
          g_assert_true (g_utf8_validate (error->message, -1, NULL));
        }
    }

  return 0;
}
