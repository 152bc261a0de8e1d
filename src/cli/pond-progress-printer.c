/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/pond-progress-printer.h"
#include "cli/pond-cli-tools.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* At most four lines a second for a video. */
#define INTERVAL (G_USEC_PER_SEC / 4)

typedef struct
{
  PondDownload *download;
  gint64 last_line;
  PondDownloadState printed_state;
  PondWaitingReason printed_reason;
  double printed_percent;
  guint64 printed_bytes;
  gboolean printed;
  gboolean ended;
} Watched;

struct _PondProgressPrinter
{
  GObject parent_instance;

  PondLibrary *library;
  PondPrinterStyle style;
  GPtrArray *watched;
  guint timeout;
  guint n_drawn;
};

G_DEFINE_FINAL_TYPE (PondProgressPrinter, pond_progress_printer, G_TYPE_OBJECT)

static void
watched_free (Watched *watched)
{
  g_object_unref (watched->download);
  g_free (watched);
}

static void
begin_event (JsonBuilder  *builder,
             const char   *event,
             PondDownload *download)
{
  json_builder_begin_object (builder);
  pond_cli_add_string (builder, "event", event);
  pond_cli_add_string (builder, "video", pond_download_get_uid (download));
  pond_cli_add_string (builder, "type", pond_download_get_type_name (download));
}

static void
print_state_json (PondDownload *download)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  PondDownloadState state = pond_download_get_state (download);

  begin_event (builder, "state", download);
  pond_cli_add_string (builder, "state", pond_enum_to_nick (POND_TYPE_DOWNLOAD_STATE, (int) state));

  if (state == POND_DOWNLOAD_PREPARING)
    pond_cli_add_double (builder, "percent", pond_download_get_percent (download));

  if (state == POND_DOWNLOAD_DOWNLOADING)
    {
      pond_cli_add_int (builder, "bytes", (gint64) pond_download_get_bytes (download));
      if (pond_download_get_total (download) >= 0)
        pond_cli_add_int (builder, "total", pond_download_get_total (download));
    }

  if (state == POND_DOWNLOAD_WAITING)
    {
      gint64 left = pond_download_get_retry_at (download) - g_get_real_time () / 1000;

      pond_cli_add_string (builder, "reason",
                           pond_enum_to_nick (POND_TYPE_WAITING_REASON,
                                              (int) pond_download_get_reason (download)));
      pond_cli_add_double (builder, "retry_in", (double) MAX (left, 0) / 1000.0);
    }

  json_builder_end_object (builder);
  pond_cli_print_json (builder);
}

static void
print_failed_json (PondDownload *download)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  begin_event (builder, "failed", download);
  pond_cli_add_string (builder, "code", pond_enum_to_nick (POND_TYPE_FAILURE_CODE,
                                                           (int) pond_download_get_code (download)));
  pond_cli_add_string (builder, "message", pond_download_get_message (download));
  json_builder_end_object (builder);
  pond_cli_print_json (builder);
}

static void
print_saved_json (PondDownload     *download,
                  PondLibraryEntry *entry)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  begin_event (builder, "saved", download);
  pond_cli_add_string (builder, "path", g_file_peek_path (pond_library_entry_get_file (entry)));
  pond_cli_add_int (builder, "bytes", (gint64) pond_library_entry_get_bytes (entry));
  pond_cli_add_double (builder, "duration", (double) pond_library_entry_get_duration (entry) / 1000.0);
  pond_cli_add_int (builder, "resumed_from", (gint64) pond_download_get_resumed_from (download));
  json_builder_end_object (builder);
  pond_cli_print_json (builder);
}

static char *
describe_downloading (PondDownload *download)
{
  g_autofree char *bytes = g_format_size (pond_download_get_bytes (download));
  g_autofree char *speed = g_format_size ((guint64) pond_download_get_speed (download));
  g_autofree char *total = NULL;

  if (pond_download_get_speed (download) == 0)
    return g_strdup (_("downloading"));
  if (pond_download_get_total (download) < 0)
    /* Translators: bytes so far, and bytes a second */
    return g_strdup_printf (_("%s, %s/s"), bytes, speed);

  total = g_format_size ((guint64) pond_download_get_total (download));

  /* Translators: percent, bytes so far, bytes in all, and bytes a second */
  return g_strdup_printf (_("%3.0f %%  %s of %s, %s/s"), pond_download_get_progress (download) * 100, bytes, total,
                          speed);
}

static char *
describe_waiting (PondDownload *download)
{
  gint64 left = (pond_download_get_retry_at (download) - g_get_real_time () / 1000 + 999) / 1000;
  const char *message = pond_download_get_message (download);

  if (message == NULL)
    message = pond_enum_to_nick (POND_TYPE_WAITING_REASON, (int) pond_download_get_reason (download));
  if (left <= 0)
    return g_strdup (message);

  /* Translators: why a download waits, and in how many seconds it goes on */
  return g_strdup_printf (_("%s (again in %d s)"), message, (int) left);
}

static char *
describe (PondDownload *download)
{
  switch (pond_download_get_state (download))
    {
    case POND_DOWNLOAD_QUEUED:
      return g_strdup (_("queued"));

    case POND_DOWNLOAD_ENABLING:
      return g_strdup (_("asking Stream for the file"));

    case POND_DOWNLOAD_PREPARING:
      if (pond_download_get_percent (download) < 1)
        return g_strdup (_("Stream is making the file"));
      return g_strdup_printf (_("Stream is making the file, %.0f %%"), pond_download_get_percent (download));

    case POND_DOWNLOAD_DOWNLOADING:
      return describe_downloading (download);

    case POND_DOWNLOAD_CHECKING:
      return g_strdup (_("checking"));

    case POND_DOWNLOAD_SAVED:
      return g_strdup (_("saved"));

    case POND_DOWNLOAD_PAUSED:
      return g_strdup (_("paused"));

    case POND_DOWNLOAD_WAITING:
      return describe_waiting (download);

    case POND_DOWNLOAD_FAILED:
    default:
      return g_strdup_printf (_("failed: %s"), pond_download_get_message (download));
    }
}

static int
get_columns (void)
{
  struct winsize size;

  return ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

static void
erase_drawn (PondProgressPrinter *self)
{
  for (; self->n_drawn > 0; self->n_drawn--)
    fputs ("\033[A\033[2K", stdout);
}

static void
draw (PondProgressPrinter *self)
{
  int columns = get_columns ();

  erase_drawn (self);
  for (guint i = 0; i < self->watched->len; i++)
    {
      Watched *watched = g_ptr_array_index (self->watched, i);
      PondDownloadState state = pond_download_get_state (watched->download);
      g_autofree char *text = NULL;
      g_autofree char *line = NULL;
      g_autofree char *shown = NULL;

      if (watched->ended || state == POND_DOWNLOAD_QUEUED || self->n_drawn >= 12)
        continue;

      text = describe (watched->download);
      line = g_strdup_printf ("%s: %s", pond_download_get_title (watched->download), text);
      shown = g_utf8_substring (line, 0, MIN (g_utf8_strlen (line, -1), columns - 1));
      pond_cli_print ("%s", shown);
      self->n_drawn++;
    }
  fflush (stdout);
}

static void
print_plain_state (Watched *watched)
{
  g_autofree char *text = describe (watched->download);

  pond_cli_print ("%s: %s", pond_download_get_title (watched->download), text);
}

static gboolean
has_moved (Watched *watched)
{
  PondDownload *download = watched->download;

  return !watched->printed || watched->printed_state != pond_download_get_state (download) ||
         watched->printed_reason != pond_download_get_reason (download) ||
         watched->printed_percent != pond_download_get_percent (download) ||
         watched->printed_bytes != pond_download_get_bytes (download);
}

static void
remember (Watched *watched)
{
  watched->printed = TRUE;
  watched->last_line = g_get_monotonic_time ();
  watched->printed_state = pond_download_get_state (watched->download);
  watched->printed_reason = pond_download_get_reason (watched->download);
  watched->printed_percent = pond_download_get_percent (watched->download);
  watched->printed_bytes = pond_download_get_bytes (watched->download);
}

static void
print_json_if_due (Watched *watched)
{
  if (watched->ended || !has_moved (watched) || g_get_monotonic_time () - watched->last_line < INTERVAL)
    return;

  remember (watched);
  print_state_json (watched->download);
}

static gboolean
on_timeout (gpointer user_data)
{
  PondProgressPrinter *self = user_data;

  if (self->style == POND_PRINTER_TERMINAL)
    draw (self);
  else
    {
      for (guint i = 0; i < self->watched->len; i++)
        print_json_if_due (g_ptr_array_index (self->watched, i));
    }

  return G_SOURCE_CONTINUE;
}

static void
print_end (PondProgressPrinter *self,
           Watched             *watched)
{
  PondDownload *download = watched->download;
  gboolean saved = pond_download_get_state (download) == POND_DOWNLOAD_SAVED;
  PondLibraryEntry *entry = pond_library_find (self->library, pond_download_get_uid (download),
                                               pond_download_get_type_name (download));

  watched->ended = TRUE;
  if (self->style == POND_PRINTER_JSON)
    {
      if (!saved)
        print_failed_json (download);
      else if (entry != NULL)
        print_saved_json (download, entry);
      return;
    }

  erase_drawn (self);
  if (!saved)
    pond_cli_complain (_("%s: failed: %s"), pond_download_get_title (download),
                       pond_download_get_message (download));
  else if (entry != NULL)
    pond_cli_print (_("%s: saved as %s"), pond_download_get_title (download),
                    g_file_peek_path (pond_library_entry_get_file (entry)));
  fflush (stdout);
  if (self->style == POND_PRINTER_TERMINAL)
    draw (self);
}

static void
on_download_changed (PondProgressPrinter *self,
                     GParamSpec          *pspec,
                     PondDownload        *download)
{
  PondDownloadState state = pond_download_get_state (download);

  for (guint i = 0; i < self->watched->len; i++)
    {
      Watched *watched = g_ptr_array_index (self->watched, i);

      if (watched->download != download || watched->ended)
        continue;

      if (state == POND_DOWNLOAD_SAVED || state == POND_DOWNLOAD_FAILED)
        print_end (self, watched);
      else if (self->style == POND_PRINTER_JSON)
        print_json_if_due (watched);
      else if (self->style == POND_PRINTER_PLAIN &&
               (!watched->printed || watched->printed_state != state))
        {
          remember (watched);
          print_plain_state (watched);
        }
    }
}

static void
pond_progress_printer_dispose (GObject *object)
{
  PondProgressPrinter *self = POND_PROGRESS_PRINTER (object);

  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_pointer (&self->watched, g_ptr_array_unref);
  g_clear_object (&self->library);

  G_OBJECT_CLASS (pond_progress_printer_parent_class)->dispose (object);
}

static void
pond_progress_printer_class_init (PondProgressPrinterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pond_progress_printer_dispose;
}

static void
pond_progress_printer_init (PondProgressPrinter *self)
{
  self->watched = g_ptr_array_new_with_free_func ((GDestroyNotify) watched_free);
}

/**
 * pond_progress_printer_new:
 * @library: (transfer none): where saved videos are found
 * @style: how to print
 *
 * Returns: (transfer full): a printer that watches nothing yet
 */
PondProgressPrinter *
pond_progress_printer_new (PondLibrary      *library,
                           PondPrinterStyle  style)
{
  PondProgressPrinter *self = g_object_new (POND_TYPE_PROGRESS_PRINTER, NULL);

  self->library = g_object_ref (library);
  self->style = style;
  if (style != POND_PRINTER_PLAIN)
    self->timeout = g_timeout_add (INTERVAL / 1000, on_timeout, self);

  return self;
}

/**
 * pond_progress_printer_watch:
 * @self: a printer
 * @download: (transfer none): a download
 *
 * Prints how it stands and how it goes on.
 */
void
pond_progress_printer_watch (PondProgressPrinter *self,
                             PondDownload        *download)
{
  Watched *watched = g_new0 (Watched, 1);

  watched->download = g_object_ref (download);
  g_ptr_array_add (self->watched, watched);
  g_signal_connect_object (download, "notify::state", G_CALLBACK (on_download_changed), self,
                           G_CONNECT_SWAPPED);
  on_download_changed (self, NULL, download);
}

/**
 * pond_progress_printer_end:
 * @self: a printer
 *
 * Leaves the terminal as it was found.
 */
void
pond_progress_printer_end (PondProgressPrinter *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  erase_drawn (self);
  fflush (stdout);
}
