/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-download-job"

#include "config.h"

#include "downloads/pond-download-job.h"
#include "downloads/pond-access-token.h"
#include "downloads/pond-captions-fetch.h"
#include "downloads/pond-download-verdict.h"
#include "downloads/pond-part.h"
#include "downloads/pond-poster-fetch.h"
#include "downloads/pond-speed.h"
#include "stream/pond-link-time.h"
#include "stream/pond-stream-claims.h"
#include "stream/pond-tls.h"
#include "transfer/pond-transfer.h"

#include <glib/gi18n-lib.h>

/* Live recordings of four hours and more play, but have no MP4. */
#define LONGEST_RECORDING  (4 * 3600 * G_GINT64_CONSTANT (1000))
#define NOT_READY_DELAY    5.0
#define NOT_READY_LONGEST  60.0
#define STANDSTILL_SECONDS (30 * 60)

typedef enum
{
  /* See whether the file is here already, wholly or in part. */
  STEP_INSPECT,
  /* Find the client of the video's account. */
  STEP_CONNECT,
  /* Wait until the account's other videos leave requests for this one. */
  STEP_TURN,
  /* Ask for the video: is it ready, is it private, what is it called? */
  STEP_LOOK,
  /* Ask whether the file has been made, */
  STEP_LIST,
  /* have it made, */
  STEP_ENABLE,
  /* and see it grow. */
  STEP_POLL,
  /* Ask for one of the places for running downloads, */
  STEP_QUEUE,
  /* and wait until pond_download_job_fetch() gives it. */
  STEP_PLACE,
  STEP_SIGN,
  STEP_TRANSFER,
  STEP_CAPTIONS,
  STEP_CHECK,
  STEP_WRITE_CAPTIONS,
  STEP_SAVED,
  /* Delete what is on the disk of the file, because it is of no use. */
  STEP_DISCARD,
  /* Wait for the time of the next try, which begins with step_after_wait. */
  STEP_WAIT,
  STEP_END,
} Step;

struct _PondDownloadJob
{
  GObject parent_instance;

  PondDownload *download;
  PondDownloadStore *store;
  PondLibrary *library;
  PondClientPool *pool;
  int max_retries;

  /* What will be written next; the download shows what was. */
  PondDownloadRecord *record;
  Step step;
  Step step_after_wait;
  PondJobPhase phase;

  GCancellable *cancellable;
  /* The one operation under way, if any, has not come back yet. */
  gboolean pending;
  gboolean stopping;
  GTask *stop_task;

  PondStreamClient *client;
  char *url;
  /* Of a private video, once it is needed. */
  PondAccessToken *token;
  gboolean poster_wanted;
  /* What it has in the scheduler of @client: its place, its turn, or its encode. */
  guint watch;
  guint n_not_ready;
  guint wait_timeout;
  double last_percent;
  gint64 last_gain;

  PondTransfer *transfer;
  PondSpeed speed;
  guint64 delivered_before;
  int n_spoilt;
  /* Refusals in a row, without a byte between them. */
  int n_refused;

  GPtrArray *captions;
  gboolean captions_tried;
  PondLibraryEntry *entry;
};

G_DEFINE_FINAL_TYPE (PondDownloadJob, pond_download_job, G_TYPE_OBJECT)

enum
{
  PHASE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void advance (PondDownloadJob *self);

static void
leave_scheduler (PondDownloadJob *self)
{
  if (self->watch != 0)
    pond_poll_scheduler_leave (pond_client_pool_get_scheduler (self->pool, self->client), self->watch);
  self->watch = 0;
}

static void
set_phase (PondDownloadJob *self,
           PondJobPhase     phase)
{
  if (phase != POND_JOB_LOOKING)
    leave_scheduler (self);

  if (self->phase == phase)
    return;

  self->phase = phase;
  g_signal_emit (self, signals[PHASE_CHANGED], 0);
}

static void
end_stop (PondDownloadJob *self)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->stop_task);

  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

static void
on_progress_written (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(PondDownloadJob) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!pond_download_store_update_finish (POND_DOWNLOAD_STORE (source), result, &error))
    g_info ("How far %s got was not written: %s", self->record->uid, error->message);

  end_stop (self);
}

static void
finish_stop (PondDownloadJob *self)
{
  self->step = STEP_END;

  /* Whoever looks at the queue while nobody works on it sees how far this got. */
  if (self->stop_task != NULL && pond_download_get_state (self->download) == POND_DOWNLOAD_DOWNLOADING)
    pond_download_store_update_async (self->store, pond_download_peek_record (self->download),
                                      on_progress_written, g_object_ref (self));
  else
    end_stop (self);
}

/* Every operation is begun with a reference for its callback, which begins with came_back(): FALSE means
 * that the job is being stopped and nothing more is to be started. */
static PondDownloadJob *
send_off (PondDownloadJob *self)
{
  g_assert (!self->pending);

  self->pending = TRUE;

  return g_object_ref (self);
}

static gboolean
came_back (PondDownloadJob *self)
{
  self->pending = FALSE;
  if (!self->stopping)
    return TRUE;

  finish_stop (self);

  return FALSE;
}

/* The one place that says 'next'. */
static void
go_on (PondDownloadJob *self,
       Step             step)
{
  self->step = step;
  advance (self);
}

static void
on_record_written (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(PondDownloadJob) self = user_data;
  g_autoptr(GError) error = NULL;

  /* A state that can't be written is shown all the same: the next start begins from an earlier one. */
  if (!pond_download_store_update_finish (self->store, result, &error))
    g_warning ("The state of %s was not written: %s", self->record->uid, error->message);

  self->record->bytes = pond_download_get_bytes (self->download);
  self->record->total = pond_download_get_total (self->download);
  self->record->resumed_from = pond_download_get_resumed_from (self->download);
  pond_download_apply (self->download, self->record);

  if (came_back (self))
    advance (self);
}

static void
write_record (PondDownloadJob *self)
{
  pond_download_store_update_async (self->store, self->record, on_record_written, send_off (self));
}

/* Writes a state, shows it, and then goes on with @next. */
static void
enter (PondDownloadJob   *self,
       PondDownloadState  state,
       Step               next)
{
  self->step = next;
  if (self->record->state == state && self->record->code == POND_FAILURE_NONE &&
      pond_download_get_state (self->download) == state)
    {
      advance (self);
      return;
    }

  self->record->state = state;
  self->record->reason = POND_WAITING_NONE;
  self->record->code = POND_FAILURE_NONE;
  self->record->retry_at = 0;
  g_clear_pointer (&self->record->message, g_free);
  write_record (self);
}

static void
fail (PondDownloadJob *self,
      PondFailureCode  code,
      const char      *message)
{
  self->record->state = POND_DOWNLOAD_FAILED;
  self->record->reason = POND_WAITING_NONE;
  self->record->code = code;
  self->record->retry_at = 0;
  g_set_str (&self->record->message, message);
  self->step = STEP_END;
  write_record (self);
}

static void
wait_for (PondDownloadJob   *self,
          PondWaitingReason  reason,
          double             seconds,
          Step               after,
          gboolean           spoilt,
          const char        *message)
{
  self->record->state = POND_DOWNLOAD_WAITING;
  self->record->reason = reason;
  self->record->code = POND_FAILURE_NONE;
  self->record->retry_at = g_get_real_time () / 1000 + (gint64) (seconds * 1000);
  g_set_str (&self->record->message, message);
  self->step_after_wait = after;
  self->step = spoilt ? STEP_DISCARD : STEP_WAIT;
  write_record (self);
}

static void
on_discarded (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(PondDownloadJob) self = user_data;

  pond_download_set_progress (self->download, 0, -1, 0);
  if (came_back (self))
    go_on (self, STEP_WAIT);
}

static Step
step_after_error (PondDownloadJob *self,
                  const GError    *error)
{
  /* What went wrong on the way of the bytes needs no new look at the video. */
  if (error->domain == POND_TRANSFER_ERROR && self->url != NULL &&
      !g_error_matches (error, POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_NOT_FOUND))
    return STEP_QUEUE;

  return STEP_CONNECT;
}

static int
get_patience (PondDownloadJob   *self,
              const PondVerdict *verdict)
{
  /* A command has nobody beside it who makes room or unlocks a keyring. */
  if (self->max_retries > 0 &&
      (verdict->reason == POND_WAITING_DISK_FULL || verdict->reason == POND_WAITING_SIGN_IN))
    return 0;

  if (verdict->patience >= 0)
    return verdict->patience;

  return self->max_retries > 0 ? self->max_retries : G_MAXINT;
}

/* What went wrong in other ways says nothing of whether a link is good, nor of whether the file is. */
static int *
choose_count (PondDownloadJob   *self,
              const PondVerdict *verdict)
{
  if (verdict->spoilt)
    return &self->n_spoilt;

  return verdict->code == POND_FAILURE_LINK_REFUSED ? &self->n_refused : &self->record->attempts;
}

/* The one place that decides what an error means, and whether to try again. */
static void
stumble (PondDownloadJob *self,
         const GError    *error)
{
  gboolean network = g_network_monitor_get_network_available (g_network_monitor_get_default ());
  PondVerdict verdict = pond_download_judge (error, network);
  int *count = choose_count (self, &verdict);

  g_debug ("%s: %s", self->record->uid, error->message);

  if (++*count > get_patience (self, &verdict))
    {
      fail (self, verdict.code, error->message);
      return;
    }

  wait_for (self, verdict.reason, pond_download_delay (&verdict, *count), step_after_error (self, error),
            verdict.spoilt, error->message);
}

static void
discard_part (PondDownloadJob *self)
{
  g_clear_object (&self->transfer);
  pond_part_discard_async (self->library, self->record->uid, self->record->type, on_discarded,
                           send_off (self));
}

static void
on_poster_fetched (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(PondDownload) download = user_data;
  g_autoptr(GError) error = NULL;

  if (pond_poster_fetch_finish (result, &error))
    pond_download_poster_changed (download);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_info ("The poster of %s did not come: %s", pond_download_get_uid (download), error->message);
}

/* Beside the steps: a video without a poster is a video all the same. */
static void
fetch_poster (PondDownloadJob *self,
              const char      *url)
{
  if (!self->poster_wanted)
    return;

  self->poster_wanted = FALSE;
  pond_poster_fetch_async (self->client, url, pond_download_get_poster (self->download), self->cancellable,
                           on_poster_fetched, g_object_ref (self->download));
}

static char *
make_delivery_url (PondDownloadJob *self,
                   const char      *rest)
{
  /* A sample server's delivery is on this machine, without TLS; everyone else's has it. */
  const char *scheme = pond_stream_client_is_loopback (self->client) &&
                       g_str_has_prefix (self->record->host, "127.") ? "http" : "https";

  return g_strdup_printf ("%s://%s/%s/%s", scheme, self->record->host, self->record->uid, rest);
}

static void
fail_expired (PondDownloadJob        *self,
              const PondStreamClaims *claims)
{
  g_autofree char *end = pond_link_format_time (claims->expires);
  g_autofree char *message = NULL;

  /* Translators: %s is a date and a time. */
  message = g_strdup_printf (_("The link expired on %s. Ask for a new one where you got it"), end);
  fail (self, POND_FAILURE_LINK_REFUSED, message);
}

static void
wait_for_begin (PondDownloadJob        *self,
                const PondStreamClaims *claims,
                gint64                  now)
{
  g_autofree char *begin = pond_link_format_time (claims->not_before);
  g_autofree char *message = NULL;

  /* Translators: %s is a date and a time. */
  message = g_strdup_printf (_("The link is not good before %s"), begin);
  wait_for (self, POND_WAITING_RETRY, (double) (claims->not_before - now), STEP_CONNECT, FALSE, message);
}

/* What a link's token says of itself is believed without asking anybody. Returns whether it may be tried. */
static gboolean
take_link_token (PondDownloadJob *self)
{
  const char *text = pond_download_peek_link_token (self->download);
  g_autoptr(PondStreamClaims) claims = text != NULL ? pond_stream_claims_read (text) : NULL;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr(GError) error = NULL;

  if (text == NULL && !self->record->private)
    return TRUE;

  self->record->private = TRUE;
  if (claims == NULL)
    {
      error = g_error_new_literal (POND_SECRET_ERROR, POND_SECRET_ERROR_UNAVAILABLE,
                                   _("A link to a private video is not kept. Open it again, or connect the account "
                                     "that the video belongs to"));
      stumble (self, error);
      return FALSE;
    }

  g_clear_pointer (&self->token, pond_access_token_free);
  self->token = pond_access_token_new_fixed (text);
  if (!pond_access_token_is_good (self->token, now))
    fail_expired (self, claims);
  else if (!claims->downloadable)
    fail (self, POND_FAILURE_LINK_REFUSED, _("The link is for watching only, not for downloading"));
  else if (claims->not_before > now)
    wait_for_begin (self, claims, now);
  else
    return TRUE;

  return FALSE;
}

static char *
sign_url (PondDownloadJob *self,
          const char      *url)
{
  if (self->token == NULL)
    return g_strdup (url);

  return pond_stream_client_sign_url (url, self->record->uid, pond_access_token_peek (self->token));
}

static void
take_link_as_it_is (PondDownloadJob *self)
{
  g_autofree char *plain = NULL;
  g_autofree char *poster = NULL;
  const char *name = g_str_equal (self->record->type, "audio") ? "downloads/audio.m4a"
                                                               : "downloads/default.mp4";

  leave_scheduler (self);
  if (!take_link_token (self))
    return;

  g_set_object (&self->client, pond_client_pool_get_anonymous (self->pool));
  g_clear_pointer (&self->url, g_free);
  self->url = make_delivery_url (self, name);

  self->poster_wanted = TRUE;
  plain = make_delivery_url (self, "thumbnails/thumbnail.jpg");
  poster = sign_url (self, plain);
  fetch_poster (self, poster);

  go_on (self, STEP_QUEUE);
}

static void
on_client_ready (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(PondDownloadJob) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PondStreamClient) client = NULL;

  client = pond_client_pool_get_finish (POND_CLIENT_POOL (source), result, &error);
  if (!came_back (self))
    return;

  if (client == NULL)
    {
      stumble (self, error);
      return;
    }

  g_set_object (&self->client, client);
  go_on (self, STEP_TURN);
}

static void
connect_account (PondDownloadJob *self)
{
  PondDownloadRecord *record = self->record;

  set_phase (self, POND_JOB_LOOKING);
  g_clear_pointer (&self->token, pond_access_token_free);

  /* The link's token did not survive the process that had it, but an account may have come meanwhile. */
  if (record->account == NULL && record->private && pond_download_peek_link_token (self->download) == NULL)
    record->account = pond_client_pool_guess_account (self->pool);

  if (record->account == NULL && record->host != NULL)
    take_link_as_it_is (self);
  else
    pond_client_pool_get_async (self->pool, record->account != NULL ? record->account : "",
                                self->cancellable, on_client_ready, send_off (self));
}

static void
on_turn (gpointer user_data)
{
  enter (user_data, POND_DOWNLOAD_ENABLING, STEP_LOOK);
}

static void
wait_for_turn (PondDownloadJob *self)
{
  PondPollScheduler *scheduler = pond_client_pool_get_scheduler (self->pool, self->client);

  self->watch = pond_poll_scheduler_queue (scheduler, self->record->id, on_turn, self);
}

static double
get_not_ready_delay (PondDownloadJob *self)
{
  return MIN (NOT_READY_DELAY * ++self->n_not_ready, NOT_READY_LONGEST);
}

static void
judge_video (PondDownloadJob *self,
             PondVideo       *video)
{
  switch (pond_video_get_state (video))
    {
    case POND_VIDEO_ERROR:
      fail (self, POND_FAILURE_ENCODING_FAILED,
            pond_video_get_error (video) != NULL ? pond_video_get_error (video)
                                                 : _("Stream could not process this video"));
      break;

    case POND_VIDEO_PROCESSING:
      self->record->percent = pond_video_get_percent (video);
      wait_for (self, POND_WAITING_NOT_READY, get_not_ready_delay (self), STEP_CONNECT, FALSE,
                _("Stream is still processing this video"));
      break;

    case POND_VIDEO_LIVE:
      wait_for (self, POND_WAITING_NOT_READY, NOT_READY_DELAY * 6, STEP_CONNECT, FALSE,
                _("This video is being broadcast; it can be saved when that has ended"));
      break;

    case POND_VIDEO_READY:
    default:
      self->poster_wanted = pond_video_get_thumbnail (video) != NULL;
      if (!self->record->private)
        fetch_poster (self, pond_video_get_thumbnail (video));

      if (pond_video_get_recording (video) && pond_video_get_duration (video) >= LONGEST_RECORDING)
        fail (self, POND_FAILURE_NOT_DOWNLOADABLE,
              _("Stream makes no file of a live recording of four hours or more"));
      else
        go_on (self, STEP_LIST);
    }
}

/* One that was seen on the account, and is private, is nobody else's. */
static gboolean
may_be_of_others (PondDownloadJob *self)
{
  return self->record->host != NULL &&
         (!self->record->private || self->record->created == 0 ||
          pond_download_peek_link_token (self->download) != NULL);
}

static void
on_video_ready (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(PondDownloadJob) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PondVideo) video = NULL;

  video = pond_stream_client_get_video_finish (POND_STREAM_CLIENT (source), result, &error);
  if (!came_back (self))
    return;

  if (video == NULL)
    {
      /* The link may be to somebody else's video. */
      if (may_be_of_others (self) && g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_NOT_FOUND))
        take_link_as_it_is (self);
      else
        stumble (self, error);
      return;
    }

  g_set_str (&self->record->title, pond_video_get_title (video) != NULL ? pond_video_get_title (video) : "");
  g_set_str (&self->record->creator, pond_video_get_creator (video));
  self->record->private = pond_video_get_private (video);
  self->record->created = pond_video_get_created (video);
  self->record->duration = pond_video_get_duration (video);
  pond_download_apply (self->download, self->record);

  judge_video (self, video);
}

static void
look_at_video (PondDownloadJob *self)
{
  pond_stream_client_get_video_async (self->client, self->record->uid, self->cancellable, on_video_ready,
                                      send_off (self));
}

static void
take_url (PondDownloadJob *self,
          const char      *url)
{
  self->record->percent = 100;
  g_set_str (&self->url, url);
  go_on (self, STEP_QUEUE);
}

static void
judge_download (PondDownloadJob          *self,
                const PondStreamDownload *download)
{
  switch (download->status)
    {
    case POND_ENCODE_ERROR:
      fail (self, POND_FAILURE_ENCODING_FAILED, _("Stream could not make a file of this video"));
      break;

    case POND_ENCODE_READY:
      if (download->url != NULL)
        take_url (self, download->url);
      else
        fail (self, POND_FAILURE_PROTOCOL, _("Stream says that the file is ready, but not where it is"));
      break;

    case POND_ENCODE_IN_PROGRESS:
    default:
      self->record->percent = download->percent;
      enter (self, POND_DOWNLOAD_PREPARING, STEP_POLL);
    }
}

static void
on_downloads_listed (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(PondDownloadJob) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) downloads = NULL;
  PondStreamDownload *download;

  downloads = pond_stream_client_list_downloads_finish (POND_STREAM_CLIENT (source), result, &error);
  if (!came_back (self))
    return;

  if (downloads == NULL)
    {
      stumble (self, error);
      return;
    }

  download = pond_stream_download_find (downloads, self->record->type);
  if (download != NULL)
    judge_download (self, download);
  else
    go_on (self, STEP_ENABLE);
}

static void
list_downloads (PondDownloadJob *self)
{
  pond_stream_client_list_downloads_async (self->client, self->record->uid, self->cancellable,
                                           on_downloads_listed, send_off (self));
}

static void
on_enabled (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(PondDownloadJob) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) downloads = NULL;
  PondStreamDownload *download;

  downloads = pond_stream_client_enable_finish (POND_STREAM_CLIENT (source), result, &error);
  if (!came_back (self))
    return;

  if (downloads == NULL)
    {
      stumble (self, error);
      return;
    }

  download = pond_stream_download_find (downloads, self->record->type);
  if (download != NULL)
    {
      judge_download (self, download);
      return;
    }

  self->record->percent = 0;
  enter (self, POND_DOWNLOAD_PREPARING, STEP_POLL);
}

static void
enable (PondDownloadJob *self)
{
  pond_stream_client_enable_async (self->client, self->record->uid, self->record->type, self->cancellable,
                                   on_enabled, send_off (self));
}

static void
show_encode (PondDownloadJob          *self,
             const PondStreamDownload *download)
{
  gint64 now = g_get_monotonic_time ();
  gboolean still;

  if (download->percent > self->last_percent)
    self->last_gain = now;

  still = now - self->last_gain > STANDSTILL_SECONDS * G_USEC_PER_SEC;
  self->last_percent = download->percent;
  self->record->percent = download->percent;
  pond_download_set_percent (self->download, download->percent,
                             still ? _("Stream has made no progress with this file for half an hour; "
                                       "Millpond goes on asking") : NULL);
}

static void
on_polled (const PondStreamDownload *download,
           const GError             *error,
           gpointer                  user_data)
{
  PondDownloadJob *self = user_data;

  if (error == NULL && download != NULL && download->status == POND_ENCODE_IN_PROGRESS)
    {
      show_encode (self, download);
      return;
    }

  leave_scheduler (self);
  if (error != NULL)
    stumble (self, error);
  else if (download != NULL)
    judge_download (self, download);
  else
    go_on (self, STEP_TURN);
}

static void
poll (PondDownloadJob *self)
{
  PondPollScheduler *scheduler = pond_client_pool_get_scheduler (self->pool, self->client);

  self->last_percent = self->record->percent;
  self->last_gain = g_get_monotonic_time ();
  self->record->attempts = 0;
  leave_scheduler (self);
  self->watch = pond_poll_scheduler_watch (scheduler, self->record->uid, self->record->type,
                                           self->record->percent, on_polled, self);
}

static void
queue_up (PondDownloadJob *self)
{
  set_phase (self, POND_JOB_READY);

  /* There was no place at once: say so. */
  if (self->phase == POND_JOB_READY)
    enter (self, POND_DOWNLOAD_QUEUED, STEP_PLACE);
}

/* The poster of a private video lies beside its file, under the same token. */
static void
fetch_signed_poster (PondDownloadJob *self)
{
  g_autoptr(GUri) file = g_uri_parse (self->url, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr(GUri) poster = NULL;
  g_autofree char *plain = NULL;
  g_autofree char *address = NULL;

  if (file == NULL)
    return;

  poster = g_uri_parse_relative (file, "../thumbnails/thumbnail.jpg", G_URI_FLAGS_ENCODED, NULL);
  plain = g_uri_to_string (poster);
  address = sign_url (self, plain);
  fetch_poster (self, address);
}

static void
on_signed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(PondDownloadJob) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *token = pond_stream_client_sign_finish (POND_STREAM_CLIENT (source), result, &error);

  if (!came_back (self))
    return;

  if (token == NULL)
    {
      stumble (self, error);
      return;
    }

  g_clear_pointer (&self->token, pond_access_token_free);
  self->token = pond_access_token_new (token, g_get_real_time () / G_USEC_PER_SEC);
  fetch_signed_poster (self);
  enter (self, POND_DOWNLOAD_DOWNLOADING, STEP_TRANSFER);
}

static void
sign (PondDownloadJob *self)
{
  g_autoptr(PondLinkRequest) request = pond_link_request_new ();

  if (!self->record->private ||
      (self->token != NULL && pond_access_token_is_good (self->token, g_get_real_time () / G_USEC_PER_SEC)))
    enter (self, POND_DOWNLOAD_DOWNLOADING, STEP_TRANSFER);
  else if (self->token != NULL && pond_access_token_is_fixed (self->token))
    take_link_as_it_is (self);
  else
    pond_stream_client_sign_async (self->client, self->record->uid, request, self->cancellable, on_signed,
                                   send_off (self));
}

/* A token that has opened the file before may just have come to its end: then nothing is wrong, and the transfer goes
 * on with another at once. */
static gboolean
renew_after (PondDownloadJob *self,
             const GError    *error)
{
  if (!g_error_matches (error, POND_TRANSFER_ERROR, POND_TRANSFER_ERROR_REFUSED) || self->token == NULL ||
      pond_access_token_is_fixed (self->token))
    return FALSE;

  g_clear_pointer (&self->token, pond_access_token_free);
  if (self->n_refused > 0)
    return FALSE;

  self->n_refused++;

  return TRUE;
}

static void
on_received_changed (PondDownloadJob *self)
{
  guint64 received = pond_transfer_get_received (self->transfer);

  if (self->phase != POND_JOB_FETCHING)
    return;

  pond_speed_add (&self->speed, g_get_monotonic_time (), pond_transfer_get_delivered (self->transfer));
  pond_download_set_resumed (self->download, pond_transfer_get_resumed_from (self->transfer));
  pond_download_set_progress (self->download, received, pond_transfer_get_total (self->transfer),
                              pond_speed_get (&self->speed));
}

static PondTransfer *
get_transfer (PondDownloadJob *self)
{
  g_autoptr(GFile) part = NULL;

  if (self->transfer != NULL)
    return self->transfer;

  part = pond_library_get_part (self->library, self->record->uid, self->record->type);
  self->transfer = pond_transfer_new (part);
  pond_transfer_set_tls_database (self->transfer, pond_tls_get_database ());
  g_signal_connect_object (self->transfer, "notify::received", G_CALLBACK (on_received_changed), self,
                           G_CONNECT_SWAPPED);

  return self->transfer;
}

static void
on_transferred (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(PondDownloadJob) self = user_data;
  PondTransfer *transfer = POND_TRANSFER (source);
  g_autoptr(GError) error = NULL;
  gboolean complete = pond_transfer_run_finish (transfer, result, &error);

  pond_download_set_resumed (self->download, pond_transfer_get_resumed_from (transfer));
  pond_download_set_progress (self->download, pond_transfer_get_received (transfer),
                              pond_transfer_get_total (transfer), 0);
  if (!came_back (self))
    return;

  if (complete)
    {
      go_on (self, STEP_CAPTIONS);
      return;
    }

  if (pond_transfer_get_delivered (transfer) > self->delivered_before)
    self->record->attempts = self->n_refused = 0;

  if (renew_after (self, error))
    go_on (self, STEP_SIGN);
  else
    stumble (self, error);
}

static void
transfer (PondDownloadJob *self)
{
  PondTransfer *running = get_transfer (self);
  g_autofree char *url = sign_url (self, self->url);

  pond_speed_init (&self->speed);
  self->delivered_before = pond_transfer_get_delivered (running);
  pond_transfer_set_allow_http (running, pond_stream_client_is_loopback (self->client));
  pond_transfer_set_uri (running, url);
  pond_transfer_run_async (running, self->cancellable, on_transferred, send_off (self));
}

/* The file is checked next, unless the last process had got so far as to have it in the library. */
static void
end_captions (PondDownloadJob *self)
{
  self->captions_tried = TRUE;
  if (self->entry != NULL)
    go_on (self, STEP_WRITE_CAPTIONS);
  else
    enter (self, POND_DOWNLOAD_CHECKING, STEP_CHECK);
}

static void
on_captions_fetched (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(PondDownloadJob) self = user_data;
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->captions, g_ptr_array_unref);
  self->captions = pond_captions_fetch_finish (result, &error);
  if (!came_back (self))
    return;

  /* A video without captions is a video all the same. */
  if (self->captions == NULL)
    g_info ("The captions of %s did not come: %s", self->record->uid, error->message);

  end_captions (self);
}

static void
on_captions_client_ready (GObject      *source,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr(PondDownloadJob) self = user_data;
  g_autoptr(GError) error = NULL;

  self->client = pond_client_pool_get_finish (POND_CLIENT_POOL (source), result, &error);
  if (!came_back (self))
    return;

  if (self->client == NULL)
    {
      g_info ("The captions of %s did not come: %s", self->record->uid, error->message);
      end_captions (self);
    }
  else
    advance (self);
}

static void
fetch_captions (PondDownloadJob *self)
{
  if (self->client == NULL && self->record->account != NULL)
    pond_client_pool_get_async (self->pool, self->record->account, self->cancellable,
                                on_captions_client_ready, send_off (self));
  else if (self->client == NULL || pond_stream_client_get_account_id (self->client) == NULL)
    end_captions (self);
  else
    pond_captions_fetch_async (self->client, self->record->uid, self->cancellable, on_captions_fetched,
                               send_off (self));
}

static void
on_saved (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(PondDownloadJob) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PondLibraryEntry) entry = NULL;

  entry = pond_library_save_finish (POND_LIBRARY (source), result, &error);
  if (!came_back (self))
    return;

  if (entry == NULL)
    {
      stumble (self, error);
      return;
    }

  g_set_object (&self->entry, entry);
  go_on (self, self->captions_tried ? STEP_WRITE_CAPTIONS : STEP_CAPTIONS);
}

static void
check (PondDownloadJob *self)
{
  g_autoptr(GFile) part = pond_library_get_part (self->library, self->record->uid, self->record->type);
  PondSavedVideo video = {
    .uid = self->record->uid,
    .type = self->record->type,
    .title = self->record->title,
    .creator = self->record->creator,
    .account = self->record->account,
    .private = self->record->private,
    .created = self->record->created,
    .duration = self->record->duration,
  };

  pond_library_save_async (self->library, part, &video, self->cancellable, on_saved, send_off (self));
}

static void
on_captions_saved (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(PondDownloadJob) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!pond_library_save_captions_finish (POND_LIBRARY (source), result, &error))
    g_warning ("Captions of %s were not written: %s", self->record->uid, error->message);

  if (came_back (self))
    advance (self);
}

static void
write_captions (PondDownloadJob *self)
{
  g_autofree char *language = NULL;
  g_autoptr(GBytes) vtt = NULL;
  PondFetchedCaptions *captions;

  if (self->captions == NULL || self->captions->len == 0)
    {
      go_on (self, STEP_SAVED);
      return;
    }

  captions = g_ptr_array_index (self->captions, self->captions->len - 1);
  language = g_strdup (captions->language);
  vtt = g_bytes_ref (captions->vtt);
  g_ptr_array_set_size (self->captions, (int) self->captions->len - 1);

  pond_library_save_captions_async (self->library, self->entry, language, vtt, self->cancellable,
                                    on_captions_saved, send_off (self));
}

static void
show_saved (PondDownloadJob *self)
{
  pond_part_forget (self->library, self->record->uid, self->record->type);
  pond_download_set_link_token (self->download, NULL);

  if (self->entry != NULL)
    {
      gint64 bytes = (gint64) pond_library_entry_get_bytes (self->entry);

      self->record->bytes = (guint64) bytes;
      self->record->total = bytes;
      pond_download_set_progress (self->download, (guint64) bytes, bytes, 0);
    }

  enter (self, POND_DOWNLOAD_SAVED, STEP_END);
}

static void
on_inspected (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(PondDownloadJob) self = user_data;
  PondTransfer *inspected = POND_TRANSFER (source);
  g_autoptr(GError) error = NULL;
  gboolean known = pond_transfer_inspect_finish (inspected, result, &error);
  gint64 total = pond_transfer_get_total (inspected);
  guint64 received = pond_transfer_get_received (inspected);

  if (!came_back (self))
    return;

  if (!known)
    g_info ("What is on the disk of %s is not known: %s", self->record->uid, error->message);

  pond_download_set_progress (self->download, received, total, 0);

  /* All bytes were here when Millpond last ended; they are checked without asking anybody. */
  if (known && total > 0 && received == (guint64) total && self->record->title[0] != '\0')
    enter (self, POND_DOWNLOAD_CHECKING, STEP_CHECK);
  else
    enter (self, POND_DOWNLOAD_QUEUED, STEP_CONNECT);
}

static void
inspect (PondDownloadJob *self)
{
  PondLibraryEntry *entry = pond_library_find (self->library, self->record->uid, self->record->type);

  set_phase (self, POND_JOB_LOOKING);

  if (entry != NULL && pond_library_entry_get_status (entry) == POND_ENTRY_PRESENT)
    {
      /* The last process may have ended before the captions were written. */
      g_set_object (&self->entry, entry);
      go_on (self, self->record->state == POND_DOWNLOAD_CHECKING ? STEP_CAPTIONS : STEP_SAVED);
      return;
    }

  pond_transfer_inspect_async (get_transfer (self), self->cancellable, on_inspected, send_off (self));
}

static void
end_wait (PondDownloadJob *self)
{
  g_clear_handle_id (&self->wait_timeout, g_source_remove);
  if (self->step_after_wait == STEP_QUEUE)
    {
      go_on (self, STEP_QUEUE);
      return;
    }

  set_phase (self, POND_JOB_LOOKING);
  enter (self, POND_DOWNLOAD_QUEUED, self->step_after_wait);
}

static gboolean
on_wait_over (gpointer user_data)
{
  PondDownloadJob *self = user_data;

  self->wait_timeout = 0;
  end_wait (self);

  return G_SOURCE_REMOVE;
}

static void
wait_until_due (PondDownloadJob *self)
{
  gint64 left = self->record->retry_at - g_get_real_time () / 1000;

  set_phase (self, POND_JOB_WAITING);
  self->wait_timeout = g_timeout_add ((guint) CLAMP (left, 0, G_MAXINT), on_wait_over, self);
}

/* Starts exactly the step that is next. */
static void
advance (PondDownloadJob *self)
{
  switch (self->step)
    {
    case STEP_INSPECT:
      inspect (self);
      break;

    case STEP_CONNECT:
      connect_account (self);
      break;

    case STEP_TURN:
      wait_for_turn (self);
      break;

    case STEP_LOOK:
      look_at_video (self);
      break;

    case STEP_LIST:
      list_downloads (self);
      break;

    case STEP_ENABLE:
      enable (self);
      break;

    case STEP_POLL:
      poll (self);
      break;

    case STEP_QUEUE:
      queue_up (self);
      break;

    case STEP_SIGN:
      sign (self);
      break;

    case STEP_TRANSFER:
      transfer (self);
      break;

    case STEP_CAPTIONS:
      fetch_captions (self);
      break;

    case STEP_CHECK:
      check (self);
      break;

    case STEP_WRITE_CAPTIONS:
      write_captions (self);
      break;

    case STEP_SAVED:
      show_saved (self);
      break;

    case STEP_DISCARD:
      discard_part (self);
      break;

    case STEP_WAIT:
      wait_until_due (self);
      break;

    case STEP_PLACE:
      break;

    case STEP_END:
    default:
      set_phase (self, POND_JOB_DONE);
    }
}

static void
cease (PondDownloadJob *self)
{
  self->stopping = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->wait_timeout, g_source_remove);
  leave_scheduler (self);
}

static void
pond_download_job_dispose (GObject *object)
{
  PondDownloadJob *self = POND_DOWNLOAD_JOB (object);

  cease (self);
  g_clear_object (&self->transfer);
  g_clear_object (&self->client);
  g_clear_object (&self->pool);
  g_clear_object (&self->store);
  g_clear_object (&self->library);
  g_clear_object (&self->entry);
  g_clear_object (&self->download);

  G_OBJECT_CLASS (pond_download_job_parent_class)->dispose (object);
}

static void
pond_download_job_finalize (GObject *object)
{
  PondDownloadJob *self = POND_DOWNLOAD_JOB (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->captions, g_ptr_array_unref);
  g_clear_pointer (&self->record, pond_download_record_free);
  g_clear_pointer (&self->token, pond_access_token_free);
  g_free (self->url);

  G_OBJECT_CLASS (pond_download_job_parent_class)->finalize (object);
}

static void
pond_download_job_class_init (PondDownloadJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pond_download_job_dispose;
  object_class->finalize = pond_download_job_finalize;

  signals[PHASE_CHANGED] = g_signal_new ("phase-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pond_download_job_init (PondDownloadJob *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * pond_download_job_new:
 * @download: (transfer none): what is to be saved
 * @store: (transfer none): where its state is kept
 * @library: (transfer none): where it goes
 * @pool: (transfer none): the accounts' clients
 * @max_retries: how often without any progress before it fails, or 0 for as often as it takes
 *
 * Returns: (transfer full): a job that has not started
 */
PondDownloadJob *
pond_download_job_new (PondDownload      *download,
                       PondDownloadStore *store,
                       PondLibrary       *library,
                       PondClientPool    *pool,
                       int                max_retries)
{
  PondDownloadJob *self = g_object_new (POND_TYPE_DOWNLOAD_JOB, NULL);

  self->download = g_object_ref (download);
  self->store = g_object_ref (store);
  self->library = g_object_ref (library);
  self->pool = g_object_ref (pool);
  self->max_retries = max_retries;
  self->record = pond_download_record_copy (pond_download_peek_record (download));
  self->record->attempts = 0;
  self->step = STEP_INSPECT;

  return self;
}

/**
 * pond_download_job_get_download:
 * @self: a job
 *
 * Returns: (transfer none): what it works on
 */
PondDownload *
pond_download_job_get_download (PondDownloadJob *self)
{
  return self->download;
}

/**
 * pond_download_job_get_phase:
 * @self: a job
 *
 * Returns: what it occupies
 */
PondJobPhase
pond_download_job_get_phase (PondDownloadJob *self)
{
  return self->phase;
}

/**
 * pond_download_job_start:
 * @self: a job
 *
 * Begins, or goes on with what an earlier process began.
 */
void
pond_download_job_start (PondDownloadJob *self)
{
  advance (self);
}

/**
 * pond_download_job_fetch:
 * @self: a job in the phase %POND_JOB_READY
 *
 * Gives it one of the places for running downloads.
 */
void
pond_download_job_fetch (PondDownloadJob *self)
{
  g_return_if_fail (self->phase == POND_JOB_READY);

  self->step = STEP_SIGN;
  set_phase (self, POND_JOB_FETCHING);

  /* Else it is still being written that there was no place, and goes on from there. */
  if (!self->pending)
    advance (self);
}

/**
 * pond_download_job_retry_now:
 * @self: a job
 *
 * Ends its waiting, if it waits.
 */
void
pond_download_job_retry_now (PondDownloadJob *self)
{
  if (self->wait_timeout != 0)
    end_wait (self);
}

/**
 * pond_download_job_stop_async:
 * @self: a job
 * @callback: called when nothing of it is under way any more
 * @user_data: for @callback
 *
 * Stops at once, with everything on the disk left as it is.
 */
void
pond_download_job_stop_async (PondDownloadJob     *self,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_return_if_fail (self->stop_task == NULL);

  self->stop_task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->stop_task, pond_download_job_stop_async);
  cease (self);
  if (!self->pending)
    finish_stop (self);
}

/**
 * pond_download_job_stop_finish:
 * @self: a job
 * @result: what the callback got
 * @error: not used
 *
 * Returns: %TRUE
 */
gboolean
pond_download_job_stop_finish (PondDownloadJob  *self,
                               GAsyncResult     *result,
                               GError          **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
