/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-format"

#include "config.h"

#include "ui/pond-format.h"

#include <glib/gi18n.h>

/* Stream is paid for each thousand minutes that it delivers, whatever their size. */
#define DOLLARS_PER_MINUTE (1.0 / 1000.0)

#include "stream/pond-stream-error.h"

static const char *
describe_reason (PondWaitingReason reason)
{
  switch (reason)
    {
    case POND_WAITING_NOT_READY:
      return _("Stream is still processing this video");
    case POND_WAITING_NETWORK:
      return _("Waiting for the network");
    case POND_WAITING_METERED:
      return _("Waiting for a network that is not metered");
    case POND_WAITING_RATE_LIMIT:
      return _("Stream asked for a short break");
    case POND_WAITING_RETRY:
      return _("Interrupted, will try again shortly");
    case POND_WAITING_DISK_FULL:
      return _("Not enough space. Free some, and it goes on");
    case POND_WAITING_SIGN_IN:
      return _("No valid token. Connect the account, and it goes on");
    case POND_WAITING_SCHEDULE:
      return _("Waiting for the hours set for downloading");
    case POND_WAITING_NONE:
    default:
      return _("Waiting");
    }
}

static const char *
describe_failure (PondFailureCode code)
{
  switch (code)
    {
    case POND_FAILURE_UNAUTHORIZED:
      return _("The token was refused. Connect the account with a new one");
    case POND_FAILURE_FORBIDDEN:
      return _("The token may not do this. Give it the permission “Stream: Edit”");
    case POND_FAILURE_NOT_FOUND:
      return _("There is no such video on the account. Check the ID");
    case POND_FAILURE_NOT_DOWNLOADABLE:
      return _("Stream makes no download of this video");
    case POND_FAILURE_ENCODING_FAILED:
      return _("Stream could not make the file. Try again later");
    case POND_FAILURE_LINK_REFUSED:
      return _("The link was refused. Check where the video may be watched");
    case POND_FAILURE_CORRUPT:
      return _("What came is not the whole video. Try again");
    case POND_FAILURE_DISK_FULL:
      return _("Not enough space. Free some, then try again");
    case POND_FAILURE_LIBRARY_UNAVAILABLE:
      return _("The library folder can’t be written. Check its disk");
    case POND_FAILURE_TLS:
      return _("No secure connection. Check the date and the network");
    case POND_FAILURE_NETWORK:
      return _("The connection failed too often. Check the network");
    case POND_FAILURE_SERVER:
      return _("Stream has a problem. Try again later");
    case POND_FAILURE_PROTOCOL:
      return _("Stream’s answer made no sense. Try again later");
    case POND_FAILURE_NONE:
    default:
      return _("Failed. Try again");
    }
}

char *
pond_format_duration (gint64 duration)
{
  gint64 seconds = duration / 1000;

  if (duration < 0)
    return g_strdup ("");

  if (seconds >= 3600)
    return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d:%02d", seconds / 3600,
                            (int) (seconds / 60 % 60), (int) (seconds % 60));

  return g_strdup_printf ("%d:%02d", (int) (seconds / 60), (int) (seconds % 60));
}

char *
pond_format_remaining (gint64 seconds)
{
  gint64 minutes = (seconds + 30) / 60;

  if (seconds < 60)
    /* Translators: seconds until a download is complete */
    return g_strdup_printf (_("%d s left"), (int) MAX (seconds, 1));

  if (minutes < 60)
    /* Translators: minutes until a download is complete */
    return g_strdup_printf (_("%d min left"), (int) minutes);

  /* Translators: hours and minutes until a download is complete */
  return g_strdup_printf (_("%d h %d min left"), (int) MIN (minutes / 60, G_MAXINT),
                          (int) (minutes % 60));
}

char *
pond_format_transfer (guint64 bytes,
                      gint64  total,
                      double  speed)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *have = g_format_size (bytes);

  if (total >= 0)
    {
      g_autofree char *all = g_format_size (total);

      /* Translators: how much of a file has come, as in “12.4 MB of 80 MB” */
      g_string_append_printf (text, _("%s of %s"), have, all);
    }
  else if (bytes > 0)
    {
      g_string_append (text, have);
    }

  if (speed >= 1.0)
    {
      g_autofree char *rate = g_format_size ((guint64) speed);

      if (text->len > 0)
        g_string_append (text, " — ");
      /* Translators: an amount of data per second, as in “3.1 MB/s” */
      g_string_append_printf (text, _("%s/s"), rate);

      if (total > 0 && (guint64) total > bytes)
        {
          g_autofree char *remaining = pond_format_remaining ((gint64) ((total - bytes) / speed));

          g_string_append_printf (text, " — %s", remaining);
        }
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
pond_format_state (PondDownloadState state,
                   PondWaitingReason reason,
                   PondFailureCode   code,
                   double            percent)
{
  switch (state)
    {
    case POND_DOWNLOAD_QUEUED:
      return g_strdup (_("Waiting for its turn"));
    case POND_DOWNLOAD_ENABLING:
      return g_strdup (_("Asking Stream for the file"));
    case POND_DOWNLOAD_PREPARING:
      /* Translators: the figure is how far Stream is, in per cent */
      return g_strdup_printf (_("Stream is preparing the file — %d%%"), (int) percent);
    case POND_DOWNLOAD_DOWNLOADING:
      /* Translators: the figure is how much has come, in per cent */
      return g_strdup_printf (_("Downloading — %d%%"), (int) percent);
    case POND_DOWNLOAD_CHECKING:
      return g_strdup (_("Checking the file"));
    case POND_DOWNLOAD_SAVED:
      return g_strdup (_("Saved"));
    case POND_DOWNLOAD_PAUSED:
      return g_strdup (_("Paused"));
    case POND_DOWNLOAD_WAITING:
      return g_strdup (describe_reason (reason));
    case POND_DOWNLOAD_FAILED:
      return g_strdup (describe_failure (code));
    default:
      g_return_val_if_reached (NULL);
    }
}

double
pond_format_fraction (PondDownloadState state,
                      double            percent,
                      double            progress)
{
  switch (state)
    {
    case POND_DOWNLOAD_PREPARING:
      return CLAMP (percent / 100.0, 0.0, 1.0);
    case POND_DOWNLOAD_CHECKING:
    case POND_DOWNLOAD_SAVED:
      return 1.0;
    case POND_DOWNLOAD_QUEUED:
    case POND_DOWNLOAD_ENABLING:
    case POND_DOWNLOAD_DOWNLOADING:
    case POND_DOWNLOAD_PAUSED:
    case POND_DOWNLOAD_WAITING:
    case POND_DOWNLOAD_FAILED:
    default:
      return CLAMP (progress, 0.0, 1.0);
    }
}

char *
pond_format_stream_error (const GError *error)
{
  if (error->domain != POND_STREAM_ERROR)
    return g_strdup (error->message);

  switch ((PondStreamError) error->code)
    {
    case POND_STREAM_ERROR_UNAUTHORIZED:
      return g_strdup (_("The token was refused. Copy it again, or create a new one."));
    case POND_STREAM_ERROR_FORBIDDEN:
      return g_strdup (_("The token is valid but may not use Stream on this account. Check the account ID and "
               "the token’s permissions."));
    case POND_STREAM_ERROR_NO_ROUTE:
    case POND_STREAM_ERROR_NOT_FOUND:
      return g_strdup (_("There is no such account. Check the account ID."));
    case POND_STREAM_ERROR_RATE_LIMITED:
      return g_strdup (_("Stream asked for a break after too many requests. Try again in a few minutes."));
    case POND_STREAM_ERROR_NETWORK:
      return g_strdup (_("Stream can’t be reached. Check the network and try again."));
    case POND_STREAM_ERROR_TLS:
      return g_strdup (_("There is no secure connection to Stream. Check the date and the network."));
    case POND_STREAM_ERROR_SERVER:
      return g_strdup (_("Stream has a problem of its own. Try again later."));
    case POND_STREAM_ERROR_BAD_REQUEST:
    case POND_STREAM_ERROR_PROTOCOL:
    default:
      return g_strdup (_("Stream’s answer made no sense. Try again later."));
    }
}

char *
pond_format_video (PondVideoState state,
                   double         percent,
                   gint64         duration,
                   gint64         created)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GDateTime) time = created > 0 ? g_date_time_new_from_unix_local (created) : NULL;

  switch (state)
    {
    case POND_VIDEO_PROCESSING:
      /* Translators: the figure is how far Stream is, in per cent */
      g_string_append_printf (text, _("Being processed — %d%%"), (int) percent);
      break;
    case POND_VIDEO_LIVE:
      g_string_append (text, _("Live now"));
      break;
    case POND_VIDEO_ERROR:
      g_string_append (text, _("Stream could not process it"));
      break;
    case POND_VIDEO_READY:
    default:
      if (duration > 0)
        {
          g_autofree char *length = pond_format_duration (duration);

          g_string_append (text, length);
        }
    }

  if (time != NULL)
    {
      /* Translators: the day on which a video was made; see g_date_time_format() */
      g_autofree char *day = g_date_time_format (time, _("%-d %B %Y"));

      g_string_append_printf (text, "%s%s", text->len > 0 ? " — " : "", day);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
pond_format_cost (gint64 duration)
{
  double minutes = MAX (duration, 0) / 60000.0;
  double dollars = minutes * DOLLARS_PER_MINUTE;
  gulong n = (gulong) MAX (1.0, minutes + 0.5);

  if (dollars < 0.01)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "About %lu minute, less than $0.01",
                                         "About %lu minutes, less than $0.01", n),
                            n);

  /* Translators: US dollars, in which Stream is paid */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "About %lu minute, $%.2f",
                                       "About %lu minutes, $%.2f", n),
                          n, dollars);
}
