/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-link-time.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* More than any link may last, and far from what a number holds. */
#define MAX_NUMBER (10 * 1000 * 1000)

static gint64
get_unit (char letter)
{
  switch (letter)
    {
    case 's':
    case '\0':
      return 1;

    case 'm':
      return 60;

    case 'h':
      return 3600;

    case 'd':
      return 24 * 3600;

    default:
      return 0;
    }
}

/* One number and its unit; moves @text behind it. */
static gboolean
read_part (const char **text,
           gint64      *seconds)
{
  const char *unit = *text + strspn (*text, "0123456789");
  guint64 number;
  g_autofree char *digits = g_strndup (*text, unit - *text);

  if (!g_ascii_string_to_unsigned (digits, 10, 0, MAX_NUMBER, &number, NULL) || get_unit (*unit) == 0)
    return FALSE;

  *seconds += (gint64) number * get_unit (*unit);
  *text = *unit != '\0' ? unit + 1 : unit;

  return TRUE;
}

static gboolean
read_duration (const char *text,
               gint64     *seconds)
{
  *seconds = 0;
  do
    {
      if (strlen (text) > 32 || !read_part (&text, seconds))
        return FALSE;
    }
  while (*text != '\0');

  return TRUE;
}

/**
 * pond_link_parse_duration:
 * @text: what a person typed: "90s", "30m", "12h", "1d", "1h30m", or seconds
 * @seconds: (out): how long that is
 * @error: %POND_LINK_ERROR_EXPIRES
 *
 * Returns: whether @text is a duration
 */
gboolean
pond_link_parse_duration (const char  *text,
                          gint64      *seconds,
                          GError     **error)
{
  if (read_duration (text, seconds))
    return TRUE;

  g_set_error (error, POND_LINK_ERROR, POND_LINK_ERROR_EXPIRES,
               _("“%s” is no duration. Write 90s, 30m, 12h or 1d, or a number of seconds"), text);

  return FALSE;
}

static GDateTime *
read_clock (const char *text,
            GDateTime  *now)
{
  g_autoptr(GDateTime) today = NULL;
  int hour;
  int minute;

  if (strlen (text) != 5 || !g_ascii_isdigit (text[0]) || !g_ascii_isdigit (text[1]) || text[2] != ':' ||
      !g_ascii_isdigit (text[3]) || !g_ascii_isdigit (text[4]))
    return NULL;

  hour = 10 * (text[0] - '0') + text[1] - '0';
  minute = 10 * (text[3] - '0') + text[4] - '0';
  today = g_date_time_new (g_date_time_get_timezone (now), g_date_time_get_year (now),
                           g_date_time_get_month (now), g_date_time_get_day_of_month (now), hour, minute, 0);
  if (today == NULL)
    return NULL;

  return g_date_time_compare (today, now) > 0 ? g_steal_pointer (&today) : g_date_time_add_days (today, 1);
}

static GDateTime *
read_time (const char *text,
           GDateTime  *now)
{
  gint64 later;
  GDateTime *time;

  if (*text == '+')
    return read_duration (text + 1, &later) ? g_date_time_add (now, later * G_TIME_SPAN_SECOND) : NULL;

  time = read_clock (text, now);
  if (time == NULL)
    time = g_date_time_new_from_iso8601 (text, g_date_time_get_timezone (now));

  return time;
}

/**
 * pond_link_parse_time:
 * @text: what a person typed: RFC 3339, "18:00" for when it is that time next, or "+30m"
 * @now: the time, in the person's time zone; a time that names no other zone is meant in that
 * @seconds: (out): the time, in seconds since 1970
 * @error: %POND_LINK_ERROR_NOT_BEFORE
 *
 * Returns: whether @text is a time
 */
gboolean
pond_link_parse_time (const char  *text,
                      GDateTime   *now,
                      gint64      *seconds,
                      GError     **error)
{
  g_autoptr(GDateTime) time = read_time (text, now);

  if (time == NULL)
    {
      g_set_error (error, POND_LINK_ERROR, POND_LINK_ERROR_NOT_BEFORE,
                   _("“%s” is no time. Write 18:00, +30m or 2026-11-24T18:00:00+01:00"), text);
      return FALSE;
    }

  *seconds = g_date_time_to_unix (time);

  return TRUE;
}

/**
 * pond_link_format_time:
 * @seconds: seconds since 1970
 *
 * Returns: (transfer full): the date and the time of the day, in the person's time zone
 */
char *
pond_link_format_time (gint64 seconds)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (seconds);

  /* Translators: a date and a time, as g_date_time_format() takes it: "24 Nov 2026, 18:00". */
  return time != NULL ? g_date_time_format (time, _("%-d %b %Y, %H:%M")) : g_strdup ("–");
}
