/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-download-row"

#include "config.h"

#include "ui/pond-download-row.h"

#include <glib/gi18n.h>

#include "ui/pond-format.h"
#include "ui/pond-poster.h"

struct _PondDownloadRow
{
  AdwBin        parent_instance;

  PondPoster   *poster;
  GtkWidget    *state_label;

  PondDownload *download;
};

G_DEFINE_FINAL_TYPE (PondDownloadRow, pond_download_row, ADW_TYPE_BIN)

enum
{
  PROP_0,
  PROP_DOWNLOAD,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static char *
format_state (PondDownloadRow   *self,
              PondDownloadState  state,
              PondWaitingReason  reason,
              PondFailureCode    code,
              double             percent,
              double             progress)
{
  return pond_format_state (state, reason, code,
                            state == POND_DOWNLOAD_DOWNLOADING ? progress * 100.0 : percent);
}

static char *
format_transfer (PondDownloadRow *self,
                 guint64          bytes,
                 gint64           total,
                 double           speed)
{
  return pond_format_transfer (bytes, total, speed);
}

/* A float, because that is what Blueprint makes of a closure that returns a floating-point number. */
static float
get_fraction (PondDownloadRow   *self,
              PondDownloadState  state,
              double             percent,
              double             progress)
{
  return pond_format_fraction (state, percent, progress);
}

static gboolean
has_progress (PondDownloadRow   *self,
              PondDownloadState  state,
              guint64            bytes)
{
  return state == POND_DOWNLOAD_PREPARING || state == POND_DOWNLOAD_DOWNLOADING
         || state == POND_DOWNLOAD_CHECKING || (bytes > 0 && state != POND_DOWNLOAD_SAVED);
}

static gboolean
is_filled (PondDownloadRow *self,
           const char      *text)
{
  return text != NULL && *text != '\0';
}

static gboolean
can_pause (PondDownloadRow   *self,
           PondDownloadState  state)
{
  return state != POND_DOWNLOAD_PAUSED && state != POND_DOWNLOAD_FAILED
         && state != POND_DOWNLOAD_SAVED && state != POND_DOWNLOAD_CHECKING;
}

static gboolean
can_resume (PondDownloadRow   *self,
            PondDownloadState  state)
{
  return state == POND_DOWNLOAD_PAUSED;
}

static gboolean
can_retry (PondDownloadRow   *self,
           PondDownloadState  state)
{
  return state == POND_DOWNLOAD_FAILED || state == POND_DOWNLOAD_WAITING;
}

static gboolean
is_saved (PondDownloadRow   *self,
          PondDownloadState  state)
{
  return state == POND_DOWNLOAD_SAVED;
}

static char *
describe_cancel (PondDownloadRow   *self,
                 PondDownloadState  state)
{
  return g_strdup (state == POND_DOWNLOAD_SAVED ? _("Remove From This List") : _("Cancel"));
}

static void
on_action_activated (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  PondDownloadRow *self = POND_DOWNLOAD_ROW (widget);
  g_autofree char *name = g_strconcat ("downloads.", strchr (action_name, '.') + 1, NULL);

  if (self->download != NULL)
    gtk_widget_activate_action (widget, name, "(ss)", pond_download_get_uid (self->download),
                                pond_download_get_type_name (self->download));
}

/* The poster arrives some time before the video does. */
static void
on_state_changed (PondDownloadRow *self)
{
  pond_poster_reload (self->poster);

  if (pond_download_get_state (self->download) == POND_DOWNLOAD_FAILED)
    gtk_widget_add_css_class (self->state_label, "error");
  else
    gtk_widget_remove_css_class (self->state_label, "error");
}

static void
pond_download_row_set_download (PondDownloadRow *self,
                                PondDownload    *download)
{
  if (self->download == download)
    return;

  if (self->download != NULL)
    g_signal_handlers_disconnect_by_func (self->download, on_state_changed, self);

  g_set_object (&self->download, download);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DOWNLOAD]);

  if (download != NULL)
    {
      g_signal_connect_object (download, "notify::state", G_CALLBACK (on_state_changed), self,
                               G_CONNECT_SWAPPED);
      on_state_changed (self);
    }
}

static void
pond_download_row_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  PondDownloadRow *self = POND_DOWNLOAD_ROW (object);

  switch (prop_id)
    {
    case PROP_DOWNLOAD:
      g_value_set_object (value, self->download);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_download_row_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  PondDownloadRow *self = POND_DOWNLOAD_ROW (object);

  switch (prop_id)
    {
    case PROP_DOWNLOAD:
      pond_download_row_set_download (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_download_row_dispose (GObject *object)
{
  PondDownloadRow *self = POND_DOWNLOAD_ROW (object);

  if (self->download != NULL)
    g_signal_handlers_disconnect_by_func (self->download, on_state_changed, self);
  g_clear_object (&self->download);
  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_DOWNLOAD_ROW);

  G_OBJECT_CLASS (pond_download_row_parent_class)->dispose (object);
}

static void
pond_download_row_class_init (PondDownloadRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = pond_download_row_get_property;
  object_class->set_property = pond_download_row_set_property;
  object_class->dispose = pond_download_row_dispose;

  props[PROP_DOWNLOAD] = g_param_spec_object ("download", NULL, NULL, POND_TYPE_DOWNLOAD,
                                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                                                  | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (POND_TYPE_DOWNLOAD);
  g_type_ensure (POND_TYPE_POSTER);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-download-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PondDownloadRow, poster);
  gtk_widget_class_bind_template_child (widget_class, PondDownloadRow, state_label);
  gtk_widget_class_bind_template_callback (widget_class, can_pause);
  gtk_widget_class_bind_template_callback (widget_class, can_resume);
  gtk_widget_class_bind_template_callback (widget_class, can_retry);
  gtk_widget_class_bind_template_callback (widget_class, describe_cancel);
  gtk_widget_class_bind_template_callback (widget_class, format_state);
  gtk_widget_class_bind_template_callback (widget_class, format_transfer);
  gtk_widget_class_bind_template_callback (widget_class, get_fraction);
  gtk_widget_class_bind_template_callback (widget_class, has_progress);
  gtk_widget_class_bind_template_callback (widget_class, is_filled);
  gtk_widget_class_bind_template_callback (widget_class, is_saved);

  gtk_widget_class_install_action (widget_class, "download.pause", NULL, on_action_activated);
  gtk_widget_class_install_action (widget_class, "download.play", NULL, on_action_activated);
  gtk_widget_class_install_action (widget_class, "download.resume", NULL, on_action_activated);
  gtk_widget_class_install_action (widget_class, "download.cancel", NULL, on_action_activated);
}

static void
pond_download_row_init (PondDownloadRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
