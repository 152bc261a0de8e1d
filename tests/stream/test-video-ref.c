/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "stream/pond-stream-claims.h"
#include "stream/pond-video-ref.h"

#define V "3f1c9a7be2d04865b1a97c20de4f5a68"
#define W "a0b1c2d3e4f5061728394a5b6c7d8e9f"
#define A "00112233445566778899aabbccddeeff"
#define C "customer-m0ck7code3xample.cloudflarestream.com"
#define HEAD "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0"
#define T HEAD ".eyJzdWIiOiIzZjFjOWE3YmUyZDA0ODY1YjFhOTdjMjBkZTRmNWE2OCIsImtpZCI6ImsxIiwiZXhwIjoiMTkwMDAwMDAwMCIs" \
  "ImRvd25sb2FkYWJsZSI6dHJ1ZX0.c2ln"
#define N HEAD ".eyJraWQiOiJrMSIsImV4cCI6IjE5MDAwMDAwMDAifQ.c2ln"

/* @expected names each video as uid, and what is known of it: "host=", "account=", "type=" and "token". */
typedef struct
{
  const char *name;
  const char *text;
  const char *expected;
  /* A part of each reason, in order; "" for none. */
  const char *reasons;
} Case;

#define LIVE "a live input"
#define ASK "which video it is for"
#define SCRIPT "the player’s script"
#define BAD_ID "not a video ID"
#define UNNAMED "names no video"
#define FOREIGN "not a Stream video"

static const Case cases[] = {
  { "01", V, V, "" },
  { "02", "  \t3F1C9A7BE2D04865B1A97C20DE4F5A68\n", V, "" },
  { "03", "https://" C "/" V "/watch", V " host=" C, "" },
  { "04", "https://" C "/" V "/iframe?autoplay=true&poster=https%3A%2F%2F" C "%2F" W
    "%2Fthumbnails%2Fthumbnail.jpg", V " host=" C, "" },
  { "05", "https://" C "/" V "/manifest/video.mpd", V " host=" C, "" },
  { "06", "https://" C "/" V "/thumbnails/thumbnail.jpg?time=5s&height=270", V " host=" C, "" },
  { "07", "https://" C "/" V "/downloads/default.mp4?filename=talk", V " host=" C " type=default", "" },
  { "08", "https://" C "/" V "/downloads/audio.m4a", V " host=" C " type=audio", "" },
  { "09", "https://" C "/" V, V " host=" C, "" },
  { "10", C "/" V "/watch", V " host=" C, "" },
  { "11", "https://videodelivery.net/" V "/downloads/default.mp4", V " host=videodelivery.net type=default", "" },
  { "12", "https://watch.videodelivery.net/" V, V, "" },
  { "13", "https://iframe.videodelivery.net/" V "?muted=true", V, "" },
  { "14", "https://watch.cloudflarestream.com/" V, V, "" },
  { "15", "https://embed.videodelivery.net/embed/r4xu.fla9.latest.js?video=" V, V, "" },
  { "16", "//embed.cloudflarestream.com/embed/r4xu.fla9.latest.js?video=" V, V, "" },
  { "17", "https://embed.cloudflarestream.com/embed/sdk.latest.js", "", SCRIPT },
  { "18", "https://dash.cloudflare.com/" A "/stream/videos/" V, V " account=" A, "" },
  { "19", "https://dash.cloudflare.com/" A "/stream/inputs/" W, "", LIVE },
  { "20", "https://api.cloudflare.com/client/v4/accounts/" A "/stream/" V "/downloads", V " account=" A, "" },
  { "21", "https://api.cloudflare.com/client/v4/accounts/" A "/stream", "", UNNAMED },
  { "22", "https://" C "/" T "/downloads/default.mp4", V " host=" C " type=default token", "" },
  { "23", T, V " token", "" },
  { "24", "https://" C "/" N "/manifest/video.m3u8", "", ASK },
  { "25", "<iframe src=\"https://" C "/" V "/iframe\" style=\"border:none\" allowfullscreen></iframe>",
    V " host=" C, "" },
  { "26", "<stream src=\"" V "\" controls></stream><script data-cfasync=\"false\" defer "
    "src=\"https://embed.videodelivery.net/embed/r4xu.fla9.latest.js?video=" V "\"></script>", V, "" },
  { "27", "<stream src='" T "' controls></stream>", V " token", "" },
  { "28", "<iframe src=\"https://iframe.videodelivery.net/" V "?poster=https%3A%2F%2Fvideodelivery.net%2F" V
    "%2Fthumbnails%2Fthumbnail.jpg%3Ftime%3D1s&amp;muted=true\">", V, "" },
  { "29", "https://cdn.example.org/" V "/downloads/default.mp4", V " host=cdn.example.org type=default", "" },
  { "30", "https://" C "/" V "/watch\nhttps://" C "/" W "/watch", V " host=" C "\n" W " host=" C, "" },
  { "31a", "3f1c9a7be2d04865b1a97c20de4f5a6", "", BAD_ID },
  { "31b", V "0", "", BAD_ID },
  { "31c", "g" "f1c9a7be2d04865b1a97c20de4f5a68", "", BAD_ID },
  { "31d", "", "", "" },
  { "31e", "https://example.org/", "", FOREIGN },

  /* Hosts. */
  { "host-upper-case", "HTTPS://CUSTOMER-M0CK7CODE3XAMPLE.CLOUDFLARESTREAM.COM/" V "/watch", V " host=" C, "" },
  { "host-with-dot", "https://videodelivery.net./" V "/watch", V " host=videodelivery.net", "" },
  { "host-alike", "https://notvideodelivery.net/" V, "", FOREIGN },
  { "host-below-another", "https://videodelivery.net.example.org/" V, "", FOREIGN },
  { "host-behind-user", "https://videodelivery.net@example.org/" V, "", FOREIGN },
  { "host-local", "http://127.0.0.1:8080/" V "/downloads/default.mp4", V " host=127.0.0.1:8080 type=default", "" },
  { "host-upload", "https://upload.cloudflarestream.com/" V, V, "" },
  { "host-empty-segments", "https://" C "//" V "//watch", V " host=" C, "" },
  { "host-alone", "https://" C "/", "", UNNAMED },
  { "host-plain", "cloudflarestream.com/" V, V " host=cloudflarestream.com", "" },
  { "fragment", "https://" C "/" V "#t=10", V " host=" C, "" },
  { "path-alone", "GET /client/v4/accounts/" A "/stream/" V " HTTP/1.1", V " account=" A, "" },
  { "path-known", "/" V "/manifest/video.m3u8", V, "" },
  { "path-unknown", "/home/" V "/notes", "", "" },
  { "api-audio", "https://api.cloudflare.com/client/v4/accounts/" A "/stream/" V "/downloads/audio",
    V " account=" A " type=audio", "" },
  { "api-live", "https://api.cloudflare.com/client/v4/accounts/" A "/stream/live_inputs/" W "/videos", "", LIVE },
  { "api-watermark", "https://api.cloudflare.com/client/v4/accounts/" A "/stream/watermarks/" W, "", UNNAMED },
  { "account-alone", "https://dash.cloudflare.com/" A "/stream", "", UNNAMED },
  { "live-publish", "https://" C "/" W "/webRTC/publish", "", LIVE },
  { "live-key", "rtmps://live.cloudflare.com:443/live/3b9e2f", "", "“rtmps://live.cloudflare.com…”: " LIVE },

  /* Tokens. */
  { "token-escaped", "https://" C "/eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0%2EeyJzdWIiOiIzZjFjOWE3YmUyZDA0ODY1YjFh"
    "OTdjMjBkZTRmNWE2OCJ9.c2%5Fl%2Dn/watch", V " host=" C " token", "" },
  { "token-bare-without-video", N, "", "“…”: a signed link that does not say " ASK },
  { "token-broken", "https://" C "/eyJhbGciOiJSUzI1NiJ9.!!!.c2ln/watch", "", UNNAMED },
  { "token-of-something-else", HEAD ".eyJzdWIiOiJhbGljZSJ9.c2ln", "", ASK },
  { "token-cut", "https://" C "/" HEAD ".eyJzdWIi/watch", "", UNNAMED },
  { "uid-escaped", "https://" C "/%33f1c9a7be2d04865b1a97c20de4f5a68/watch", V " host=" C, "" },

  /* Pictures, which may be another video's. */
  { "poster-plain", "https://" C "/" V "/iframe?poster=https://" C "/" W "/thumbnails/thumbnail.jpg",
    V " host=" C, "" },
  { "poster-no-scheme", "//" C "/" V "/iframe?poster=//" C "/" W "/thumbnails/thumbnail.jpg", V " host=" C, "" },
  { "poster-attribute", "<video poster=\"https://" C "/" W "/thumbnails/thumbnail.jpg\" src=\"https://" C "/" V
    "/downloads/default.mp4\">", V " host=" C " type=default", "" },
  { "poster-spaced", "<stream poster = '" W "' src='" V "'>", V, "" },
  { "poster-unquoted", "<stream poster=https://" C "/" W "/thumbnails/thumbnail.jpg src=" V ">", V, "" },
  { "poster-empty", "<stream poster=\"\" src=" V ">", V, "" },
  { "poster-data", "<div data-poster=\"" W "\" data-video=\"" V "\">", V, "" },
  { "poster-json", "{\"poster\": \"https://" C "/" W "/thumbnails/thumbnail.jpg\", \"uid\": \"" V "\"}", V, "" },
  { "poster-bare", "video=" V "&poster=" W, V, "" },
  { "poster-escaped-alone", "poster=https%3A%2F%2F" C "%2F" W "%2Fthumbnails%2Fthumbnail.jpg", "", "" },
  { "poster-word", "The poster is not here: " V, V, "" },
  { "query-first", "?poster=https://" C "/" W "/watch", "", "" },

  /* Embed code and pages. */
  { "html-escaped", "&lt;iframe src=&quot;https://" C "/" V "/iframe&quot;&gt;", V " host=" C, "" },
  { "html-numbers", "https&#58;&#47;&#x2F;" C "&#x2f;" V "&sol;watch", V " host=" C, "" },
  { "html-furniture", "<!DOCTYPE html><html xmlns=\"http://www.w3.org/1999/xhtml\"><link href=\"https://example.org/a.css\">"
    "<a href=\"https://" C "/" V "/watch\">Watch</a>", V " host=" C, "" },
  { "html-autolink", "<https://example.org/talk>", "", FOREIGN },
  { "markdown", "[talk](https://" C "/" V "/watch), **" W "**, `" A "`", V " host=" C "\n" W "\n" A, "" },
  { "underlined", "_" V "_", V, "" },
  { "sentence", "See https://" C "/" V ". Or " W "!", V " host=" C "\n" W, "" },
  { "typographic-quotes", "“" V "” «" W "»", V "\n" W, "" },
  { "wide-blanks", "Video\xc2\xa0" V "\xe3\x80\x80" W, V "\n" W, "" },
  { "unseen-marks", "\xef\xbb\xbf" "3f1c9a7be2d04865\xe2\x80\x8b" "b1a97c20de4f5a68", V, "" },
  { "json-slashes", "{\"hls\":\"https:\\/\\/" C "\\/" V "\\/manifest\\/video.m3u8\"}", V " host=" C, "" },
  { "json-unicode", "\"https:\\u002f\\u002F" C "/" V "/iframe?a=1\\u0026b=2\"", V " host=" C, "" },
  { "json-lines", "\"" V "\\n" W "\"", V "\n" W, "" },
  { "address-escaped", "https%3A%2F%2F" C "%2F" V "%2Fwatch", V " host=" C, "" },
  { "address-escaped-rubbish", "http%3A%2F%2Fexample.org%2F%FF", "", "" },
  { "label", "Video:" V " uid=" W, V "\n" W, "" },
  { "file-name", "Talk [" V "].mp4 " W ".mp4", V "\n" W, "" },
  { "windows-path", "C:\\Videos\\" V ".mp4", V, "" },
  { "mail-address", V "@example.org", "", "" },
  { "words", "and/or 1/2 //comment text/html a@b/c", "", "" },

  /* Files. */
  { "txt", "# talks\r\n" V "\r\n\r\n" W "\r\n", V "\n" W, "" },
  { "uri-list", "#comment\r\nhttps://" C "/" V "/watch\r\nfile:///tmp/a\r\n", V " host=" C, FOREIGN },
  { "csv", "title,uid\n\"Talk, the first\",\"" V "\"\nSecond;" W "\n", V "\n" W, "" },
  { "desktop", "[Desktop Entry]\nType=Link\nName=Talk\nURL=https://" C "/" V "/watch\nIcon=text-html\n",
    V " host=" C, "" },
  { "url", "[InternetShortcut]\r\nURL=https://" C "/" V "/watch\r\nIconFile=https://" C "/" W "/thumbnails/thumbnail.jpg\r\n",
    V " host=" C, "" },
  { "webloc", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
    "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\"><plist version=\"1.0\"><dict><key>URL</key><string>"
    "https://" C "/" V "/watch</string></dict></plist>", V " host=" C, "" },

  /* Once each. */
  { "twice", V " " W " " V, V "\n" W, "" },
  { "told-more", V " https://" C "/" T "/watch https://dash.cloudflare.com/" A "/stream/videos/" V,
    V " host=" C " account=" A " token", "" },
  { "rejected-once", "https://example.org/ https://example.org/ https://example.org/", "", FOREIGN },
  { "mixed", "https://example.org/ " V " " V "0", V, FOREIGN "\n" BAD_ID },
};

static char *
describe (GPtrArray *refs)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < refs->len; i++)
    {
      PondVideoRef *ref = g_ptr_array_index (refs, i);

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", pond_video_ref_get_uid (ref));
      if (pond_video_ref_get_host (ref) != NULL)
        g_string_append_printf (text, " host=%s", pond_video_ref_get_host (ref));
      if (pond_video_ref_get_account (ref) != NULL)
        g_string_append_printf (text, " account=%s", pond_video_ref_get_account (ref));
      if (pond_video_ref_get_type_name (ref) != NULL)
        g_string_append_printf (text, " type=%s", pond_video_ref_get_type_name (ref));
      if (pond_video_ref_get_token (ref) != NULL)
        {
          g_assert_true (pond_stream_claims_is_token (pond_video_ref_get_token (ref)));
          g_string_append (text, " token");
        }
    }

  return g_string_free_and_steal (text);
}

static void
test_case (gconstpointer data)
{
  const Case *row = data;
  g_autoptr(GPtrArray) rejected = NULL;
  g_autoptr(GPtrArray) refs = pond_video_ref_scan (row->text, &rejected);
  g_autofree char *described = describe (refs);
  g_auto(GStrv) reasons = g_strsplit (row->reasons, "\n", -1);

  g_assert_cmpstr (described, ==, row->expected);

  for (guint i = 0; i < rejected->len; i++)
    g_test_message ("rejected: %s", (const char *) rejected->pdata[i]);
  g_assert_cmpuint (rejected->len, ==, g_strv_length (reasons));
  for (guint i = 0; i < rejected->len; i++)
    {
      g_assert_nonnull (strstr (rejected->pdata[i], reasons[i]));
      g_assert_null (strstr (rejected->pdata[i], "eyJ"));
      g_assert_true (g_utf8_validate (rejected->pdata[i], -1, NULL));
    }
}

static void
test_token (void)
{
  g_autoptr(GPtrArray) refs = pond_video_ref_scan ("https://" C "/" T "/watch", NULL);

  g_assert_cmpuint (refs->len, ==, 1);
  g_assert_cmpstr (pond_video_ref_get_token (refs->pdata[0]), ==, T);
}

static void
test_long_word (void)
{
  g_autoptr(GString) text = g_string_new ("https://example.org/");
  g_autoptr(GPtrArray) rejected = NULL;
  g_autoptr(GPtrArray) refs = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append (text, "ä");

  refs = pond_video_ref_scan (text->str, &rejected);
  g_assert_cmpuint (refs->len, ==, 0);
  g_assert_cmpuint (rejected->len, ==, 1);
  g_assert_cmpint (g_utf8_strlen (rejected->pdata[0], -1), <, 100);
}

static void
test_long_list (gconstpointer data)
{
  /* What stands around each ID; a token in its place for "$". */
  g_auto(GStrv) around = g_strsplit_set (data, "@$", 2);
  gboolean signed_links = strchr (data, '$') != NULL;
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GPtrArray) rejected = NULL;
  g_autoptr(GPtrArray) refs = NULL;
  gint64 best = G_MAXINT64;

  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *uid = g_strdup_printf ("%032x", i);
      g_autofree char *claims = g_strdup_printf ("{\"sub\":\"%s\",\"exp\":1900000000}", uid);
      g_autofree char *payload = g_base64_encode ((const guchar *) claims, strlen (claims));
      g_autofree char *token = NULL;

      payload[strcspn (payload, "=")] = '\0';
      token = g_strconcat (HEAD ".", payload, ".c2ln", NULL);
      g_string_append (text, around[0]);
      g_string_append (text, signed_links ? token : uid);
      g_string_append (text, around[1]);
    }

  for (guint i = 0; i < 5; i++)
    {
      gint64 start = g_get_monotonic_time ();

      g_clear_pointer (&refs, g_ptr_array_unref);
      g_clear_pointer (&rejected, g_ptr_array_unref);
      refs = pond_video_ref_scan (text->str, &rejected);
      best = MIN (best, g_get_monotonic_time () - start);
    }

  g_assert_cmpuint (refs->len, ==, 10000);
  g_assert_cmpuint (rejected->len, ==, 0);
  g_test_minimized_result ((double) best / 1000, "10,000 lines in %.1f ms", (double) best / 1000);
  if (g_test_perf ())
    g_assert_cmpint (best, <, 50 * 1000);
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

static GPtrArray *
scan_file (GFile         *file,
           GCancellable  *cancellable,
           GPtrArray    **rejected,
           GError       **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  pond_video_ref_scan_file_async (file, cancellable, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return pond_video_ref_scan_file_finish (result, rejected, error);
}

static GFile *
write_file (const char *data,
            gsize       size)
{
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "list", NULL);
  g_autoptr(GError) error = NULL;

  g_mkdir_with_parents (g_get_user_cache_dir (), 0700);
  g_file_set_contents (path, data, (gssize) size, &error);
  g_assert_no_error (error);

  return g_file_new_for_path (path);
}

static void
check_file (const char *data,
            gsize       size,
            const char *expected)
{
  g_autoptr(GFile) file = write_file (data, size);
  g_autoptr(GPtrArray) rejected = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) refs = scan_file (file, NULL, &rejected, &error);
  g_autofree char *described = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (rejected);
  described = describe (refs);
  g_assert_cmpstr (described, ==, expected);
}

static void
test_file (void)
{
  static const char bookmark[] = "bplist00\xd1\x01\x02SURL_\x10\x59https://" C "/" V "/watch\x08\x0b\x0f\0\0\0\0\x01\x01";
  g_autofree char *wide = NULL;
  gsize size;

  check_file (V "\n" W "\n", 66, V "\n" W);
  check_file ("", 0, "");
  check_file (bookmark, sizeof bookmark, V " host=" C);

  wide = g_convert (V "\r\n" W, -1, "UTF-16", "UTF-8", NULL, &size, NULL);
  check_file (wide, size, V "\n" W);
  check_file ("\xff\xfe\x00", 3, "");
}

static void
test_file_too_large (void)
{
  gsize size = 1024 * 1024 + 1;
  g_autofree char *data = g_malloc (size);
  g_autoptr(GFile) file = NULL;
  g_autoptr(GError) error = NULL;

  memset (data, ' ', size);
  check_file (data, size - 1, "");

  file = write_file (data, size);
  g_assert_null (scan_file (file, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

static void
test_file_failures (void)
{
  g_autoptr(GFile) missing = g_file_new_build_filename (g_get_user_cache_dir (), "missing", NULL);
  g_autoptr(GFile) folder = g_file_new_for_path (g_get_tmp_dir ());
  g_autoptr(GFile) file = write_file (V, 32);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_assert_null (scan_file (missing, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_null (scan_file (folder, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  g_assert_null (scan_file (file, cancellable, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

typedef struct
{
  const char *claims;
  const char *video;
  gint64 expires;
  gint64 not_before;
  gboolean downloadable;
} ClaimsCase;

static const ClaimsCase claims_cases[] = {
  { "{\"sub\":\"" V "\",\"exp\":1900000000,\"nbf\":1800000000,\"downloadable\":true}", V, 1900000000, 1800000000, TRUE },
  { "{\"sub\":\"" V "\",\"exp\":\"1900000000\",\"nbf\":\"1800000000\",\"downloadable\":\"true\"}",
    V, 1900000000, 1800000000, TRUE },
  { "{\"sub\":\"3F1C9A7BE2D04865B1A97C20DE4F5A68\"}", V, 0, 0, FALSE },
  { "{\"exp\":1900000000.5,\"downloadable\":false}", NULL, 1900000000, 0, FALSE },
  { "{\"sub\":7,\"exp\":null,\"nbf\":[],\"downloadable\":1}", NULL, 0, 0, FALSE },
  { "{\"sub\":\"alice\",\"exp\":\"soon\",\"nbf\":-5}", NULL, 0, 0, FALSE },
  { "{\"exp\":1e300,\"nbf\":\"nan\"}", NULL, G_MAXINT32 * G_GINT64_CONSTANT (1000), 0, FALSE },
};

static void
test_claims (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (claims_cases); i++)
    {
      const ClaimsCase *row = &claims_cases[i];
      g_autofree char *payload = g_base64_encode ((const guchar *) row->claims, strlen (row->claims));
      g_autofree char *token = NULL;
      g_autoptr(PondStreamClaims) claims = NULL;

      payload[strcspn (payload, "=")] = '\0';
      g_strdelimit (payload, "+", '-');
      g_strdelimit (payload, "/", '_');
      token = g_strconcat (HEAD ".", payload, ".c2ln", NULL);
      claims = pond_stream_claims_read (token);

      g_assert_nonnull (claims);
      g_assert_cmpstr (claims->video, ==, row->video);
      g_assert_cmpint (claims->expires, ==, row->expires);
      g_assert_cmpint (claims->not_before, ==, row->not_before);
      g_assert_cmpint (claims->downloadable, ==, row->downloadable);
    }
}

static void
test_no_claims (void)
{
  static const char * const texts[] = {
    "", "eyJ", "eyJ..", "eyJ.a.", HEAD ".c2ln", HEAD ".c2ln.c2ln", HEAD ".c2ln.c2ln.c2ln", HEAD ".W10.c2ln",
    HEAD ".e30=.c2ln", "x" T, T " ",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_null (pond_stream_claims_read (texts[i]));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/video-ref/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }

  g_test_add_func ("/video-ref/token", test_token);
  g_test_add_func ("/video-ref/long-word", test_long_word);
  g_test_add_data_func ("/video-ref/long-list/ids", "@\n", test_long_list);
  g_test_add_data_func ("/video-ref/long-list/links", "https://" C "/@/iframe?muted=true&amp;poster=x\n",
                        test_long_list);
  g_test_add_data_func ("/video-ref/long-list/csv", "\"Talk\",@,\"ready\",12\n", test_long_list);
  g_test_add_data_func ("/video-ref/long-list/tokens", "https://" C "/$/watch\n", test_long_list);
  g_test_add_func ("/video-ref/file", test_file);
  g_test_add_func ("/video-ref/file-too-large", test_file_too_large);
  g_test_add_func ("/video-ref/file-failures", test_file_failures);
  g_test_add_func ("/claims/read", test_claims);
  g_test_add_func ("/claims/none", test_no_claims);

  return g_test_run ();
}
