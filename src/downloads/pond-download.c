/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "downloads/pond-download.h"
#include "downloads/pond-download-private.h"

#include <string.h>

struct _PondDownload
{
  GObject parent_instance;

  PondDownloadRecord *record;
  GFile *poster;
  double speed;
  char *link_token;
};

G_DEFINE_FINAL_TYPE (PondDownload, pond_download, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PondDownloadState, pond_download_state,
                    G_DEFINE_ENUM_VALUE (POND_DOWNLOAD_QUEUED, "queued"),
                    G_DEFINE_ENUM_VALUE (POND_DOWNLOAD_ENABLING, "enabling"),
                    G_DEFINE_ENUM_VALUE (POND_DOWNLOAD_PREPARING, "preparing"),
                    G_DEFINE_ENUM_VALUE (POND_DOWNLOAD_DOWNLOADING, "downloading"),
                    G_DEFINE_ENUM_VALUE (POND_DOWNLOAD_CHECKING, "checking"),
                    G_DEFINE_ENUM_VALUE (POND_DOWNLOAD_SAVED, "saved"),
                    G_DEFINE_ENUM_VALUE (POND_DOWNLOAD_PAUSED, "paused"),
                    G_DEFINE_ENUM_VALUE (POND_DOWNLOAD_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (POND_DOWNLOAD_FAILED, "failed"))

G_DEFINE_ENUM_TYPE (PondWaitingReason, pond_waiting_reason,
                    G_DEFINE_ENUM_VALUE (POND_WAITING_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (POND_WAITING_NOT_READY, "not-ready"),
                    G_DEFINE_ENUM_VALUE (POND_WAITING_NETWORK, "network"),
                    G_DEFINE_ENUM_VALUE (POND_WAITING_METERED, "metered"),
                    G_DEFINE_ENUM_VALUE (POND_WAITING_RATE_LIMIT, "rate-limit"),
                    G_DEFINE_ENUM_VALUE (POND_WAITING_RETRY, "retry"),
                    G_DEFINE_ENUM_VALUE (POND_WAITING_DISK_FULL, "disk-full"),
                    G_DEFINE_ENUM_VALUE (POND_WAITING_SIGN_IN, "sign-in"),
                    G_DEFINE_ENUM_VALUE (POND_WAITING_SCHEDULE, "schedule"))

G_DEFINE_ENUM_TYPE (PondFailureCode, pond_failure_code,
                    G_DEFINE_ENUM_VALUE (POND_FAILURE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (POND_FAILURE_UNAUTHORIZED, "unauthorized"),
                    G_DEFINE_ENUM_VALUE (POND_FAILURE_FORBIDDEN, "forbidden"),
                    G_DEFINE_ENUM_VALUE (POND_FAILURE_NOT_FOUND, "not-found"),
                    G_DEFINE_ENUM_VALUE (POND_FAILURE_NOT_DOWNLOADABLE, "not-downloadable"),
                    G_DEFINE_ENUM_VALUE (POND_FAILURE_ENCODING_FAILED, "encoding-failed"),
                    G_DEFINE_ENUM_VALUE (POND_FAILURE_LINK_REFUSED, "link-refused"),
                    G_DEFINE_ENUM_VALUE (POND_FAILURE_CORRUPT, "corrupt"),
                    G_DEFINE_ENUM_VALUE (POND_FAILURE_DISK_FULL, "disk-full"),
                    G_DEFINE_ENUM_VALUE (POND_FAILURE_LIBRARY_UNAVAILABLE, "library-unavailable"),
                    G_DEFINE_ENUM_VALUE (POND_FAILURE_TLS, "tls"),
                    G_DEFINE_ENUM_VALUE (POND_FAILURE_NETWORK, "network"),
                    G_DEFINE_ENUM_VALUE (POND_FAILURE_SERVER, "server"),
                    G_DEFINE_ENUM_VALUE (POND_FAILURE_PROTOCOL, "protocol"))

enum
{
  PROP_UID = 1,
  PROP_TYPE,
  PROP_TITLE,
  PROP_ACCOUNT,
  PROP_STATE,
  PROP_REASON,
  PROP_CODE,
  PROP_MESSAGE,
  PROP_PERCENT,
  PROP_BYTES,
  PROP_TOTAL,
  PROP_PROGRESS,
  PROP_SPEED,
  PROP_DURATION,
  PROP_RETRY_AT,
  PROP_POSTER,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/**
 * pond_enum_to_nick:
 * @type: an enumeration
 * @value: one of its values
 *
 * Returns: (transfer none): the word for @value in the database and on the command line
 */
const char *
pond_enum_to_nick (GType type,
                   int   value)
{
  g_autoptr(GEnumClass) enum_class = g_type_class_ref (type);
  GEnumValue *found = g_enum_get_value (enum_class, value);

  g_return_val_if_fail (found != NULL, NULL);

  return found->value_nick;
}

/**
 * pond_enum_from_nick:
 * @type: an enumeration
 * @nick: (nullable): a word
 * @fallback: what an unknown word stands for
 *
 * Returns: the value that @nick is the word for
 */
int
pond_enum_from_nick (GType       type,
                     const char *nick,
                     int         fallback)
{
  g_autoptr(GEnumClass) enum_class = g_type_class_ref (type);
  GEnumValue *found = nick != NULL ? g_enum_get_value_by_nick (enum_class, nick) : NULL;

  return found != NULL ? found->value : fallback;
}

static void
pond_download_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  PondDownload *self = POND_DOWNLOAD (object);

  switch (prop_id)
    {
    case PROP_UID:
      g_value_set_string (value, self->record->uid);
      break;

    case PROP_TYPE:
      g_value_set_string (value, self->record->type);
      break;

    case PROP_TITLE:
      g_value_set_string (value, pond_download_get_title (self));
      break;

    case PROP_ACCOUNT:
      g_value_set_string (value, self->record->account);
      break;

    case PROP_STATE:
      g_value_set_enum (value, self->record->state);
      break;

    case PROP_REASON:
      g_value_set_enum (value, self->record->reason);
      break;

    case PROP_CODE:
      g_value_set_enum (value, self->record->code);
      break;

    case PROP_MESSAGE:
      g_value_set_string (value, self->record->message);
      break;

    case PROP_PERCENT:
      g_value_set_double (value, self->record->percent);
      break;

    case PROP_BYTES:
      g_value_set_uint64 (value, self->record->bytes);
      break;

    case PROP_TOTAL:
      g_value_set_int64 (value, self->record->total);
      break;

    case PROP_PROGRESS:
      g_value_set_double (value, pond_download_get_progress (self));
      break;

    case PROP_SPEED:
      g_value_set_double (value, self->speed);
      break;

    case PROP_DURATION:
      g_value_set_int64 (value, self->record->duration);
      break;

    case PROP_RETRY_AT:
      g_value_set_int64 (value, self->record->retry_at);
      break;

    case PROP_POSTER:
      g_value_set_object (value, self->poster);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_download_finalize (GObject *object)
{
  PondDownload *self = POND_DOWNLOAD (object);

  pond_download_set_link_token (self, NULL);
  g_clear_pointer (&self->record, pond_download_record_free);
  g_clear_object (&self->poster);

  G_OBJECT_CLASS (pond_download_parent_class)->finalize (object);
}

static void
pond_download_class_init (PondDownloadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = pond_download_get_property;
  object_class->finalize = pond_download_finalize;

  properties[PROP_UID] = g_param_spec_string ("uid", NULL, NULL, NULL, flags);
  properties[PROP_TYPE] = g_param_spec_string ("type", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_ACCOUNT] = g_param_spec_string ("account", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, POND_TYPE_DOWNLOAD_STATE,
                                              POND_DOWNLOAD_QUEUED, flags);
  properties[PROP_REASON] = g_param_spec_enum ("reason", NULL, NULL, POND_TYPE_WAITING_REASON,
                                               POND_WAITING_NONE, flags);
  properties[PROP_CODE] = g_param_spec_enum ("code", NULL, NULL, POND_TYPE_FAILURE_CODE,
                                             POND_FAILURE_NONE, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  properties[PROP_PERCENT] = g_param_spec_double ("percent", NULL, NULL, 0, 100, 0, flags);
  properties[PROP_BYTES] = g_param_spec_uint64 ("bytes", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_TOTAL] = g_param_spec_int64 ("total", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_SPEED] = g_param_spec_double ("speed", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  properties[PROP_DURATION] = g_param_spec_int64 ("duration", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_RETRY_AT] = g_param_spec_int64 ("retry-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_POSTER] = g_param_spec_object ("poster", NULL, NULL, G_TYPE_FILE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pond_download_init (PondDownload *self)
{
}

/* Friends of the engine. */

PondDownload *
pond_download_new (const PondDownloadRecord *record,
                   GFile                    *poster)
{
  PondDownload *self = g_object_new (POND_TYPE_DOWNLOAD, NULL);

  self->record = pond_download_record_copy (record);
  self->poster = g_object_ref (poster);

  return self;
}

const PondDownloadRecord *
pond_download_peek_record (PondDownload *self)
{
  return self->record;
}

static void
notify_if (PondDownload *self,
           gboolean      changed,
           guint         prop_id)
{
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

void
pond_download_apply (PondDownload             *self,
                     const PondDownloadRecord *record)
{
  g_autoptr(PondDownloadRecord) old = g_steal_pointer (&self->record);
  gboolean bytes_changed = old->bytes != record->bytes;
  gboolean total_changed = old->total != record->total;

  self->record = pond_download_record_copy (record);

  g_object_freeze_notify (G_OBJECT (self));
  notify_if (self, g_strcmp0 (old->title, record->title) != 0, PROP_TITLE);
  notify_if (self, g_strcmp0 (old->account, record->account) != 0, PROP_ACCOUNT);
  notify_if (self, old->duration != record->duration, PROP_DURATION);
  notify_if (self, old->reason != record->reason, PROP_REASON);
  notify_if (self, old->code != record->code, PROP_CODE);
  notify_if (self, g_strcmp0 (old->message, record->message) != 0, PROP_MESSAGE);
  notify_if (self, old->percent != record->percent, PROP_PERCENT);
  notify_if (self, bytes_changed, PROP_BYTES);
  notify_if (self, total_changed, PROP_TOTAL);
  notify_if (self, bytes_changed || total_changed, PROP_PROGRESS);
  notify_if (self, old->retry_at != record->retry_at, PROP_RETRY_AT);
  if (record->state != POND_DOWNLOAD_DOWNLOADING && self->speed != 0)
    {
      self->speed = 0;
      notify_if (self, TRUE, PROP_SPEED);
    }
  notify_if (self, old->state != record->state, PROP_STATE);
  g_object_thaw_notify (G_OBJECT (self));
}

void
pond_download_set_progress (PondDownload *self,
                            guint64       bytes,
                            gint64        total,
                            double        speed)
{
  gboolean bytes_changed = self->record->bytes != bytes;
  gboolean total_changed = self->record->total != total;
  gboolean speed_changed = self->speed != speed;

  self->record->bytes = bytes;
  self->record->total = total;
  self->speed = speed;

  notify_if (self, bytes_changed, PROP_BYTES);
  notify_if (self, total_changed, PROP_TOTAL);
  notify_if (self, bytes_changed || total_changed, PROP_PROGRESS);
  notify_if (self, speed_changed, PROP_SPEED);
}

void
pond_download_set_resumed (PondDownload *self,
                           guint64       resumed_from)
{
  self->record->resumed_from = resumed_from;
}

void
pond_download_set_percent (PondDownload *self,
                           double        percent,
                           const char   *message)
{
  gboolean changed = self->record->percent != percent;

  self->record->percent = percent;
  notify_if (self, changed, PROP_PERCENT);
  notify_if (self, g_set_str (&self->record->message, message), PROP_MESSAGE);
}

void
pond_download_poster_changed (PondDownload *self)
{
  notify_if (self, TRUE, PROP_POSTER);
}

/**
 * pond_download_get_uid:
 * @self: a download
 *
 * Returns: (transfer none): the video's ID
 */
const char *
pond_download_get_uid (PondDownload *self)
{
  return self->record->uid;
}

/**
 * pond_download_get_type_name:
 * @self: a download
 *
 * Returns: (transfer none): "default" or "audio"
 */
const char *
pond_download_get_type_name (PondDownload *self)
{
  return self->record->type;
}

/**
 * pond_download_get_title:
 * @self: a download
 *
 * Returns: (transfer none): the video's title, or its ID until that is known
 */
const char *
pond_download_get_title (PondDownload *self)
{
  return *self->record->title != '\0' ? self->record->title : self->record->uid;
}

/**
 * pond_download_get_account:
 * @self: a download
 *
 * Returns: (transfer none) (nullable): the ID of the account that it comes from
 */
const char *
pond_download_get_account (PondDownload *self)
{
  return self->record->account;
}

/**
 * pond_download_get_state:
 * @self: a download
 *
 * Returns: where it is on its way
 */
PondDownloadState
pond_download_get_state (PondDownload *self)
{
  return self->record->state;
}

/**
 * pond_download_get_reason:
 * @self: a download
 *
 * Returns: what it waits for, in %POND_DOWNLOAD_WAITING
 */
PondWaitingReason
pond_download_get_reason (PondDownload *self)
{
  return self->record->reason;
}

/**
 * pond_download_get_code:
 * @self: a download
 *
 * Returns: why it failed, in %POND_DOWNLOAD_FAILED
 */
PondFailureCode
pond_download_get_code (PondDownload *self)
{
  return self->record->code;
}

/**
 * pond_download_get_message:
 * @self: a download
 *
 * Returns: (transfer none) (nullable): a sentence about what went wrong; never a secret
 */
const char *
pond_download_get_message (PondDownload *self)
{
  return self->record->message;
}

/**
 * pond_download_get_percent:
 * @self: a download
 *
 * Returns: how far Stream is with making the file, 0 to 100
 */
double
pond_download_get_percent (PondDownload *self)
{
  return self->record->percent;
}

/**
 * pond_download_get_bytes:
 * @self: a download
 *
 * Returns: how many bytes of the file are on the disk
 */
guint64
pond_download_get_bytes (PondDownload *self)
{
  return self->record->bytes;
}

/**
 * pond_download_get_total:
 * @self: a download
 *
 * Returns: how many bytes the whole file has, or -1 while that is not known
 */
gint64
pond_download_get_total (PondDownload *self)
{
  return self->record->total;
}

/**
 * pond_download_get_progress:
 * @self: a download
 *
 * Returns: how much of the file is on the disk, 0.0 to 1.0
 */
double
pond_download_get_progress (PondDownload *self)
{
  if (self->record->state == POND_DOWNLOAD_SAVED)
    return 1;
  if (self->record->total <= 0)
    return 0;

  return CLAMP ((double) self->record->bytes / (double) self->record->total, 0, 1);
}

/**
 * pond_download_get_speed:
 * @self: a download
 *
 * Returns: bytes a second, averaged over the last few; 0 when none come
 */
double
pond_download_get_speed (PondDownload *self)
{
  return self->speed;
}

/**
 * pond_download_get_duration:
 * @self: a download
 *
 * Returns: the video's length in milliseconds, or -1 while that is not known
 */
gint64
pond_download_get_duration (PondDownload *self)
{
  return self->record->duration;
}

/**
 * pond_download_get_retry_at:
 * @self: a download
 *
 * Returns: when it goes on by itself, in milliseconds since 1970, or 0
 */
gint64
pond_download_get_retry_at (PondDownload *self)
{
  return self->record->retry_at;
}

/**
 * pond_download_get_poster:
 * @self: a download
 *
 * Returns: (transfer none): where its poster is, if there is one
 */
GFile *
pond_download_get_poster (PondDownload *self)
{
  return self->poster;
}

/**
 * pond_download_get_resumed_from:
 * @self: a download
 *
 * Returns: how many bytes were on the disk already when the last transfer of it began
 */
guint64
pond_download_get_resumed_from (PondDownload *self)
{
  return self->record->resumed_from;
}

/**
 * pond_download_is_active:
 * @self: a download
 *
 * Returns: whether it moves, or will by itself
 */
gboolean
pond_download_is_active (PondDownload *self)
{
  switch (self->record->state)
    {
    case POND_DOWNLOAD_SAVED:
    case POND_DOWNLOAD_PAUSED:
    case POND_DOWNLOAD_FAILED:
      return FALSE;

    case POND_DOWNLOAD_QUEUED:
    case POND_DOWNLOAD_ENABLING:
    case POND_DOWNLOAD_PREPARING:
    case POND_DOWNLOAD_DOWNLOADING:
    case POND_DOWNLOAD_CHECKING:
    case POND_DOWNLOAD_WAITING:
    default:
      return TRUE;
    }
}

/**
 * pond_download_peek_link_token:
 * @self: a download
 *
 * Returns: (transfer none) (nullable): the signed token of the link that it was asked for with, a secret
 */
const char *
pond_download_peek_link_token (PondDownload *self)
{
  return self->link_token;
}

/**
 * pond_download_set_link_token:
 * @self: a download
 * @token: (nullable): the signed token of a link, a secret
 *
 * Keeps @token in place of the one there was, which is wiped.
 */
void
pond_download_set_link_token (PondDownload *self,
                              const char   *token)
{
  if (self->link_token != NULL)
    explicit_bzero (self->link_token, strlen (self->link_token));

  g_free (self->link_token);
  self->link_token = g_strdup (token);
}
