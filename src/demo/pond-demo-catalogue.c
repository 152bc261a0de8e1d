/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-demo"

#include "config.h"

#include "demo/pond-demo-catalogue.h"

#include <math.h>
#include <string.h>

#include "demo/pond-demo-rules.h"

typedef struct
{
  gboolean asked_for;
  gboolean early;
  double   since;
  guint    generation;
} Download;

struct _PondDemoVideo
{
  PondDemoCatalogue *catalogue;
  JsonObject        *description;
  char              *uid;
  char              *title;
  char              *created;
  gint64             created_ns;
  double             added;
  Download           downloads[POND_DEMO_N_KINDS];
};

struct _PondDemoCatalogue
{
  GFile      *folder;
  GPtrArray  *videos;
  GHashTable *by_uid;
  gboolean    sorted;

  /* The clock: what it showed when the speed was last changed, and when that was. */
  double      shown;
  gint64      changed;
  double      speed;
};

static void
video_free (gpointer data)
{
  PondDemoVideo *self = data;

  json_object_unref (self->description);
  g_free (self->uid);
  g_free (self->title);
  g_free (self->created);
  g_free (self);
}

static double
get_now (PondDemoCatalogue *self)
{
  double passed = (g_get_monotonic_time () - self->changed) / (double) G_USEC_PER_SEC;

  return self->shown + passed * self->speed;
}

static double
get_number (PondDemoVideo *self,
            const char    *name,
            double         otherwise)
{
  return json_object_get_double_member_with_default (self->description, name, otherwise);
}

static const char *
get_string (PondDemoVideo *self,
            const char    *name)
{
  return json_object_get_string_member_with_default (self->description, name, NULL);
}

static JsonArray *
get_array (PondDemoVideo *self,
           const char    *name)
{
  if (!json_object_has_member (self->description, name))
    return NULL;
  return json_object_get_array_member (self->description, name);
}

/* How far something is along that began at @since: it moves unevenly, as encoders do, and never
 * back. */
static double
get_progress (PondDemoVideo *self,
              double         since,
              double         seconds)
{
  double share;

  if (seconds <= 0)
    return 1;
  share = (get_now (self->catalogue) - since) / seconds;
  if (share >= 1)
    return 1;
  return share + 0.045 * sin (share * 4 * G_PI);
}

static gboolean
is_error (PondDemoVideo *self)
{
  return g_strcmp0 (get_string (self, "state"), "error") == 0;
}

static double
get_encoded_share (PondDemoVideo *self)
{
  double processing = get_number (self, "processing_seconds", 0);

  return get_progress (self, self->added, processing + get_number (self, "finishing_seconds", 0));
}

static PondDemoContent *
load (PondDemoVideo  *self,
      const char     *name,
      guint64         size,
      GError        **error)
{
  g_autoptr (GFile) file = g_file_get_child (self->catalogue->folder, name);

  return pond_demo_content_new_for_file (file, size, error);
}

static int
compare_newest_first (gconstpointer a,
                      gconstpointer b)
{
  const PondDemoVideo *first = *(PondDemoVideo *const *) a;
  const PondDemoVideo *second = *(PondDemoVideo *const *) b;

  if (first->created_ns != second->created_ns)
    return first->created_ns < second->created_ns ? 1 : -1;
  return strcmp (first->uid, second->uid);
}

static char *
make_uid (const char *seed,
          guint       number)
{
  g_autofree char *text = g_strdup_printf ("%s %u", seed, number);

  return g_compute_checksum_for_string (G_CHECKSUM_MD5, text, -1);
}

static char *
format_time (gint64 nanoseconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (nanoseconds / 1000000000);
  g_autofree char *seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%09" G_GINT64_FORMAT "Z", seconds, nanoseconds % 1000000000);
}

PondDemoCatalogue *
pond_demo_catalogue_new (GFile *folder)
{
  PondDemoCatalogue *self = g_new0 (PondDemoCatalogue, 1);

  self->folder = g_object_ref (folder);
  self->videos = g_ptr_array_new_with_free_func (video_free);
  self->by_uid = g_hash_table_new (g_str_hash, g_str_equal);
  self->changed = g_get_monotonic_time ();
  self->speed = 1;
  return self;
}

void
pond_demo_catalogue_free (PondDemoCatalogue *self)
{
  g_hash_table_unref (self->by_uid);
  g_ptr_array_unref (self->videos);
  g_object_unref (self->folder);
  g_free (self);
}

gboolean
pond_demo_catalogue_load (PondDemoCatalogue  *self,
                          GError            **error)
{
  g_autoptr (GFile) file = g_file_get_child (self->folder, "samples.json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *array;

  if (!json_parser_load_from_file (parser, g_file_peek_path (file), error))
    return FALSE;
  if (!JSON_NODE_HOLDS_ARRAY (json_parser_get_root (parser)))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "“%s” does not hold an array", g_file_peek_path (file));
      return FALSE;
    }

  array = json_node_get_array (json_parser_get_root (parser));
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (!pond_demo_catalogue_add (self, json_array_get_object_element (array, i), error))
        return FALSE;
    }
  return TRUE;
}

static void
add_one (PondDemoCatalogue *self,
         JsonObject        *description,
         char              *uid,
         char              *title,
         gint64             created)
{
  PondDemoVideo *video = g_new0 (PondDemoVideo, 1);

  video->catalogue = self;
  video->description = json_object_ref (description);
  video->uid = uid;
  video->title = title;
  video->created_ns = created;
  video->created = format_time (created);
  video->added = get_now (self);
  if (json_object_has_member (description, "enabled"))
    {
      JsonArray *kinds = json_object_get_array_member (description, "enabled");

      for (guint i = 0; i < json_array_get_length (kinds); i++)
        {
          for (PondDemoKind kind = 0; kind < POND_DEMO_N_KINDS; kind++)
            {
              if (g_str_equal (json_array_get_string_element (kinds, i),
                               pond_demo_kind_get_name (kind)))
                video->downloads[kind] = (Download) { TRUE, FALSE, -G_MAXDOUBLE, 1 };
            }
        }
    }
  g_ptr_array_add (self->videos, video);
  g_hash_table_replace (self->by_uid, video->uid, video);
  self->sorted = FALSE;
}

gboolean
pond_demo_catalogue_add (PondDemoCatalogue  *self,
                         JsonObject         *description,
                         GError            **error)
{
  const char *uid = json_object_get_string_member_with_default (description, "uid", NULL);
  const char *title = json_object_get_string_member_with_default (description, "title", "");
  const char *created =
      json_object_get_string_member_with_default (description, "created", "2026-01-01T00:00:00Z");
  gint64 copies = json_object_get_int_member_with_default (description, "copies", 0);
  double step = json_object_get_double_member_with_default (description, "created_step", 0);
  const char *like = json_object_get_string_member_with_default (description, "like", NULL);
  g_autoptr (JsonObject) whole = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  gint64 first;

  if (!pond_demo_parse_time (created, &first))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "“%s” is not a time", created);
      return FALSE;
    }
  if (uid && g_hash_table_contains (self->by_uid, uid))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "There is a video “%s” already", uid);
      return FALSE;
    }
  if (like && !g_hash_table_contains (self->by_uid, like))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no video “%s”", like);
      return FALSE;
    }

  whole = json_object_new ();
  if (like)
    {
      PondDemoVideo *model = g_hash_table_lookup (self->by_uid, like);

      json_object_iter_init (&iter, model->description);
      while (json_object_iter_next (&iter, &name, &value))
        json_object_set_member (whole, name, json_node_copy (value));
    }
  json_object_iter_init (&iter, description);
  while (json_object_iter_next (&iter, &name, &value))
    json_object_set_member (whole, name, json_node_copy (value));

  if (copies == 0)
    add_one (self, whole, uid ? g_strdup (uid) : make_uid (title, 0), g_strdup (title), first);
  for (guint i = 0; i < copies; i++)
    add_one (self, whole, make_uid (uid ? uid : title, i + 1),
             g_strdup_printf ("%s %u", title, i + 1), first + (gint64) (i * step * 1e9));
  return TRUE;
}

void
pond_demo_catalogue_set_speed (PondDemoCatalogue *self,
                               double             speed)
{
  self->shown = get_now (self);
  self->changed = g_get_monotonic_time ();
  self->speed = speed;
}

GPtrArray *
pond_demo_catalogue_get_videos (PondDemoCatalogue *self)
{
  if (!self->sorted)
    g_ptr_array_sort (self->videos, compare_newest_first);
  self->sorted = TRUE;
  return self->videos;
}

PondDemoVideo *
pond_demo_catalogue_find (PondDemoCatalogue *self,
                          const char        *uid)
{
  return g_hash_table_lookup (self->by_uid, uid);
}

const char *
pond_demo_video_get_uid (PondDemoVideo *self)
{
  return self->uid;
}

const char *
pond_demo_video_get_title (PondDemoVideo *self)
{
  return self->title;
}

const char *
pond_demo_video_get_creator (PondDemoVideo *self)
{
  return get_string (self, "creator");
}

const char *
pond_demo_video_get_live_input (PondDemoVideo *self)
{
  return get_string (self, "live_input");
}

gint64
pond_demo_video_get_created (PondDemoVideo *self)
{
  return self->created_ns;
}

double
pond_demo_video_get_duration (PondDemoVideo *self)
{
  return get_number (self, "duration", -1);
}

gboolean
pond_demo_video_is_private (PondDemoVideo *self)
{
  return json_object_get_boolean_member_with_default (self->description, "require_signed_urls",
                                                      FALSE);
}

const char *
pond_demo_video_get_state (PondDemoVideo *self)
{
  const char *state = get_string (self, "state");
  double processing = get_number (self, "processing_seconds", 0);

  if (state)
    return state;
  return get_now (self->catalogue) - self->added < processing ? "inprogress" : "ready";
}

/* A recording of four hours or more can be watched, but has no file. */
gboolean
pond_demo_video_can_download (PondDemoVideo *self)
{
  if (!g_str_equal (pond_demo_video_get_state (self), "ready"))
    return FALSE;
  return !get_string (self, "live_input") || pond_demo_video_get_duration (self) < 4 * 60 * 60;
}

static void
set_string_or_null (JsonObject *object,
                    const char *name,
                    const char *value)
{
  if (value)
    json_object_set_string_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

static JsonObject *
build_status (PondDemoVideo *self,
              JsonObject    *actions)
{
  const char *variant = pond_demo_rules_get_variant (actions, "pct_complete");
  const char *state = pond_demo_video_get_state (self);
  const char *reason = get_string (self, "error_reason_code");
  const char *text = get_string (self, "error_reason_text");
  JsonObject *status = json_object_new ();

  json_object_set_string_member (status, "state", state);
  if (g_str_equal (state, "inprogress") || g_str_equal (state, "ready"))
    {
      double percent = 100 * get_encoded_share (self);

      if (g_strcmp0 (variant, "number") == 0)
        {
          json_object_set_double_member (status, "pctComplete", percent);
        }
      else if (g_strcmp0 (variant, "missing") != 0)
        {
          g_autofree char *number = g_strdup_printf ("%d.%06d", (int) percent,
                                                     (int) ((percent - (int) percent) * 1e6));

          json_object_set_string_member (status, "pctComplete", number);
        }
      if (percent < 100)
        json_object_set_string_member (status, "step", "encoding");
    }
  json_object_set_string_member (status, "errorReasonCode", reason ? reason : "");
  json_object_set_string_member (status, "errorReasonText", text ? text : "");
  return status;
}

static JsonObject *
build_meta (PondDemoVideo *self,
            JsonObject    *actions)
{
  const char *variant = pond_demo_rules_get_variant (actions, "meta_name");
  JsonObject *meta = json_object_new ();
  g_autofree char *file_name = g_strdup_printf ("%s.mov", self->title);

  if (g_strcmp0 (variant, "number") == 0)
    json_object_set_int_member (meta, "name", 2026);
  else if (g_strcmp0 (variant, "missing") != 0)
    json_object_set_string_member (meta, "name",
                                   g_strcmp0 (variant, "empty") == 0 ? "" : self->title);
  json_object_set_string_member (meta, "filename", file_name);
  json_object_set_string_member (meta, "filetype", "video/quicktime");
  return meta;
}

static void
set_url (JsonObject *object,
         const char *name,
         const char *media_base,
         const char *uid,
         const char *path)
{
  g_autofree char *url = g_strdup_printf ("%s/%s/%s", media_base, uid, path);

  json_object_set_string_member (object, name, url);
}

JsonObject *
pond_demo_video_to_json (PondDemoVideo *self,
                         const char    *media_base,
                         JsonObject    *actions)
{
  gboolean ready = g_str_equal (pond_demo_video_get_state (self), "ready");
  gboolean known =
      !g_str_equal (pond_demo_video_get_state (self), "inprogress") && !is_error (self);
  const char *live_input = get_string (self, "live_input");
  JsonArray *origins = get_array (self, "allowed_origins");
  JsonObject *video = json_object_new ();
  JsonObject *input = json_object_new ();
  JsonObject *playback = json_object_new ();
  g_autofree char *ready_at = NULL;

  json_object_set_string_member (video, "uid", self->uid);
  set_string_or_null (video, "creator", get_string (self, "creator"));
  set_url (video, "thumbnail", media_base, self->uid, "thumbnails/thumbnail.jpg");
  json_object_set_double_member (video, "thumbnailTimestampPct", 0);
  json_object_set_boolean_member (video, "readyToStream", ready);
  if (ready)
    ready_at = format_time (self->created_ns + 41000000007);
  set_string_or_null (video, "readyToStreamAt", ready_at);
  json_object_set_object_member (video, "status", build_status (self, actions));
  json_object_set_object_member (video, "meta", build_meta (self, actions));
  json_object_set_string_member (video, "created", self->created);
  json_object_set_string_member (video, "modified", self->created);
  json_object_set_string_member (video, "uploaded", self->created);
  json_object_set_null_member (video, "uploadExpiry");
  set_string_or_null (video, "scheduledDeletion", get_string (self, "scheduled_deletion"));
  json_object_set_int_member (
      video, "size",
      live_input ? 0 : (gint64) MAX (0, pond_demo_video_get_duration (self) * 250000));
  set_url (video, "preview", media_base, self->uid, "watch");
  json_object_set_array_member (video, "allowedOrigins",
                                origins ? json_array_ref (origins) : json_array_new ());
  json_object_set_boolean_member (video, "requireSignedURLs", pond_demo_video_is_private (self));
  json_object_set_null_member (video, "maxSizeBytes");
  json_object_set_null_member (video, "maxDurationSeconds");
  json_object_set_double_member (video, "duration",
                                 known ? pond_demo_video_get_duration (self) : -1);
  json_object_set_int_member (input, "width", known ? (gint64) get_number (self, "width", -1) : -1);
  json_object_set_int_member (input, "height",
                              known ? (gint64) get_number (self, "height", -1) : -1);
  json_object_set_object_member (video, "input", input);
  set_url (playback, "hls", media_base, self->uid, "manifest/video.m3u8");
  set_url (playback, "dash", media_base, self->uid, "manifest/video.mpd");
  json_object_set_object_member (video, "playback", playback);
  json_object_set_null_member (video, "watermark");
  if (live_input)
    json_object_set_string_member (video, "liveInput", live_input);
  json_object_set_null_member (video, "clippedFrom");
  json_object_set_null_member (video, "publicDetails");
  return video;
}

PondDemoDownloadState
pond_demo_video_get_download (PondDemoVideo *self,
                              PondDemoKind   kind,
                              double        *percent)
{
  const char *file_key = kind == POND_DEMO_KIND_DEFAULT ? "file" : "audio";
  const char *error_key = kind == POND_DEMO_KIND_DEFAULT ? "encode_error" : "audio_error";
  gboolean fails = !get_string (self, file_key) || json_object_get_boolean_member_with_default (
                                                       self->description, error_key, FALSE);
  double seconds = get_number (self, "encode_seconds", 3);
  double share;

  *percent = 0;
  if (!self->downloads[kind].asked_for)
    return POND_DEMO_DOWNLOAD_NONE;
  if (kind == POND_DEMO_KIND_AUDIO)
    seconds /= 3;
  share = get_progress (self, self->downloads[kind].since, seconds);
  *percent = 100 * share;
  if (fails && share > 0.6)
    {
      *percent = 60;
      return POND_DEMO_DOWNLOAD_ERROR;
    }
  return share < 1 ? POND_DEMO_DOWNLOAD_IN_PROGRESS : POND_DEMO_DOWNLOAD_READY;
}

void
pond_demo_video_enable (PondDemoVideo *self,
                        PondDemoKind   kind)
{
  Download *download = &self->downloads[kind];

  if (download->asked_for)
    return;
  download->asked_for = TRUE;
  download->early = get_encoded_share (self) < 1;
  download->since = get_now (self->catalogue);
  download->generation++;
}

gboolean
pond_demo_video_disable (PondDemoVideo *self,
                         PondDemoKind   kind)
{
  gboolean had = self->downloads[kind].asked_for;

  self->downloads[kind].asked_for = FALSE;
  return had;
}

guint
pond_demo_video_get_generation (PondDemoVideo *self,
                                PondDemoKind   kind)
{
  return self->downloads[kind].generation;
}

gboolean
pond_demo_video_was_early (PondDemoVideo *self,
                           PondDemoKind   kind)
{
  return self->downloads[kind].early && get_encoded_share (self) >= 1;
}

gboolean
pond_demo_video_allows_origin (PondDemoVideo *self,
                               const char    *referrer)
{
  g_autoptr (GUri) uri = referrer ? g_uri_parse (referrer, G_URI_FLAGS_NONE, NULL) : NULL;
  JsonArray *origins = get_array (self, "allowed_origins");

  for (guint i = 0; origins && uri && i < json_array_get_length (origins); i++)
    {
      if (g_pattern_match_simple (json_array_get_string_element (origins, i), g_uri_get_host (uri)))
        return TRUE;
    }
  return !origins;
}

PondDemoContent *
pond_demo_video_get_content (PondDemoVideo  *self,
                             PondDemoKind    kind,
                             GError        **error)
{
  const char *key = kind == POND_DEMO_KIND_DEFAULT ? "file" : "audio";
  guint64 size = kind == POND_DEMO_KIND_DEFAULT ? (guint64) get_number (self, "file_size", 0) : 0;

  return load (self, get_string (self, key), size, error);
}

PondDemoContent *
pond_demo_video_get_poster (PondDemoVideo  *self,
                            GError        **error)
{
  const char *name = get_string (self, "poster");

  return name ? load (self, name, 0, error) : NULL;
}

JsonArray *
pond_demo_video_get_captions (PondDemoVideo *self)
{
  JsonArray *captions = get_array (self, "captions");
  JsonArray *result = json_array_new ();

  for (guint i = 0; captions && i < json_array_get_length (captions); i++)
    {
      JsonObject *caption = json_array_get_object_element (captions, i);
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "language",
                                     json_object_get_string_member (caption, "language"));
      json_object_set_string_member (entry, "label",
                                     json_object_get_string_member (caption, "label"));
      json_object_set_boolean_member (
          entry, "generated",
          json_object_get_boolean_member_with_default (caption, "generated", FALSE));
      json_object_set_string_member (
          entry, "status", json_object_get_string_member_with_default (caption, "status", "ready"));
      json_array_add_object_element (result, entry);
    }
  return result;
}

GBytes *
pond_demo_video_get_vtt (PondDemoVideo  *self,
                         const char     *language,
                         GError        **error)
{
  JsonArray *captions = get_array (self, "captions");

  for (guint i = 0; captions && i < json_array_get_length (captions); i++)
    {
      JsonObject *caption = json_array_get_object_element (captions, i);

      if (g_str_equal (json_object_get_string_member (caption, "language"), language) &&
          json_object_has_member (caption, "file"))
        {
          g_autoptr (PondDemoContent) content =
              load (self, json_object_get_string_member (caption, "file"), 0, error);

          return content ? pond_demo_content_read (content, 0, G_MAXSIZE) : NULL;
        }
    }
  return NULL;
}

gboolean
pond_demo_parse_time (const char *text,
                      gint64     *nanoseconds)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, utc);
  const char *fraction = strchr (text, '.');
  gint64 part = 0;

  if (!time)
    return FALSE;
  /* GDateTime keeps microseconds; the API gives nanoseconds. */
  if (fraction)
    {
      gint64 unit = 100000000;

      for (fraction++; g_ascii_isdigit (*fraction); fraction++, unit /= 10)
        part += unit * g_ascii_digit_value (*fraction);
    }
  *nanoseconds = g_date_time_to_unix (time) * 1000000000 + part;
  return TRUE;
}

const char *
pond_demo_kind_get_name (PondDemoKind kind)
{
  return kind == POND_DEMO_KIND_DEFAULT ? "default" : "audio";
}

const char *
pond_demo_kind_get_file_name (PondDemoKind kind)
{
  return kind == POND_DEMO_KIND_DEFAULT ? "default.mp4" : "audio.m4a";
}
