/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-downloads-page"

#include "config.h"

#include "ui/pond-downloads-page.h"

#include "ui/pond-download-row.h"

struct _PondDownloadsPage
{
  AdwNavigationPage  parent_instance;

  GtkStack          *stack;
  GtkNoSelection    *selection;

  PondDownloadQueue *queue;
};

G_DEFINE_FINAL_TYPE (PondDownloadsPage, pond_downloads_page, ADW_TYPE_NAVIGATION_PAGE)

enum
{
  SIGNAL_PLAY,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static PondDownload *
find_download (PondDownloadsPage *self,
               GVariant          *parameter)
{
  const char *uid;
  const char *type;

  g_variant_get (parameter, "(&s&s)", &uid, &type);

  return self->queue != NULL ? pond_download_queue_find (self->queue, uid, type) : NULL;
}

static void
on_pause_activated (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  PondDownloadsPage *self = POND_DOWNLOADS_PAGE (widget);
  PondDownload *download = find_download (self, parameter);

  if (download != NULL)
    pond_download_queue_pause (self->queue, download);
}

static void
on_resume_activated (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  PondDownloadsPage *self = POND_DOWNLOADS_PAGE (widget);
  PondDownload *download = find_download (self, parameter);

  if (download != NULL)
    pond_download_queue_resume (self->queue, download);
}

static void
on_cancel_activated (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  PondDownloadsPage *self = POND_DOWNLOADS_PAGE (widget);
  PondDownload *download = find_download (self, parameter);

  if (download != NULL)
    pond_download_queue_cancel (self->queue, download);
}

static void
on_play_activated (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  PondDownloadsPage *self = POND_DOWNLOADS_PAGE (widget);
  PondLibraryEntry *entry;
  const char *uid;
  const char *type;

  g_variant_get (parameter, "(&s&s)", &uid, &type);
  entry = pond_library_find (pond_download_queue_get_library (self->queue), uid, type);
  if (entry != NULL)
    g_signal_emit (self, signals[SIGNAL_PLAY], 0, entry);
}

static void
on_clear_saved_activated (GtkWidget  *widget,
                          const char *action_name,
                          GVariant   *parameter)
{
  PondDownloadsPage *self = POND_DOWNLOADS_PAGE (widget);

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->queue)); i-- > 0;)
    {
      g_autoptr(PondDownload) download = g_list_model_get_item (G_LIST_MODEL (self->queue), i);

      if (pond_download_get_state (download) == POND_DOWNLOAD_SAVED)
        pond_download_queue_cancel (self->queue, download);
    }
}

static void
on_pause_all_activated (GtkWidget  *widget,
                        const char *action_name,
                        GVariant   *parameter)
{
  PondDownloadsPage *self = POND_DOWNLOADS_PAGE (widget);

  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->queue)); i-- > 0;)
    {
      g_autoptr(PondDownload) download = g_list_model_get_item (G_LIST_MODEL (self->queue), i);

      if (pond_download_is_active (download))
        pond_download_queue_pause (self->queue, download);
    }
}

static void
on_resume_all_activated (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  PondDownloadsPage *self = POND_DOWNLOADS_PAGE (widget);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->queue)); i++)
    {
      g_autoptr(PondDownload) download = g_list_model_get_item (G_LIST_MODEL (self->queue), i);

      if (pond_download_get_state (download) == POND_DOWNLOAD_PAUSED)
        pond_download_queue_resume (self->queue, download);
    }

  pond_download_queue_retry_failed (self->queue);
}

static void
update_actions (PondDownloadsPage *self)
{
  guint n_items = self->queue != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->queue)) : 0;
  gboolean active = FALSE;
  gboolean stopped = FALSE;
  gboolean saved = FALSE;

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(PondDownload) download = g_list_model_get_item (G_LIST_MODEL (self->queue), i);

      if (pond_download_is_active (download))
        active = TRUE;
      else if (pond_download_get_state (download) == POND_DOWNLOAD_SAVED)
        saved = TRUE;
      else
        stopped = TRUE;
    }

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "downloads.pause-all", active);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "downloads.resume-all", stopped);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "downloads.clear-saved", saved);
  gtk_stack_set_visible_child_name (self->stack, n_items > 0 ? "list" : "empty");
}

static void
pond_downloads_page_dispose (GObject *object)
{
  PondDownloadsPage *self = POND_DOWNLOADS_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_DOWNLOADS_PAGE);
  g_clear_object (&self->queue);

  G_OBJECT_CLASS (pond_downloads_page_parent_class)->dispose (object);
}

static void
pond_downloads_page_class_init (PondDownloadsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pond_downloads_page_dispose;

  signals[SIGNAL_PLAY] = g_signal_new ("play", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, POND_TYPE_LIBRARY_ENTRY);

  g_type_ensure (POND_TYPE_DOWNLOAD);
  g_type_ensure (POND_TYPE_DOWNLOAD_ROW);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-downloads-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PondDownloadsPage, selection);
  gtk_widget_class_bind_template_child (widget_class, PondDownloadsPage, stack);

  gtk_widget_class_install_action (widget_class, "downloads.pause", "(ss)", on_pause_activated);
  gtk_widget_class_install_action (widget_class, "downloads.resume", "(ss)", on_resume_activated);
  gtk_widget_class_install_action (widget_class, "downloads.cancel", "(ss)", on_cancel_activated);
  gtk_widget_class_install_action (widget_class, "downloads.play", "(ss)", on_play_activated);
  gtk_widget_class_install_action (widget_class, "downloads.clear-saved", NULL,
                                   on_clear_saved_activated);
  gtk_widget_class_install_action (widget_class, "downloads.pause-all", NULL,
                                   on_pause_all_activated);
  gtk_widget_class_install_action (widget_class, "downloads.resume-all", NULL,
                                   on_resume_all_activated);
}

static void
pond_downloads_page_init (PondDownloadsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update_actions (self);
}

AdwNavigationPage *
pond_downloads_page_new (void)
{
  return g_object_new (POND_TYPE_DOWNLOADS_PAGE, NULL);
}

void
pond_downloads_page_set_queue (PondDownloadsPage *self,
                               PondDownloadQueue *queue)
{
  g_return_if_fail (POND_IS_DOWNLOADS_PAGE (self));
  g_return_if_fail (POND_IS_DOWNLOAD_QUEUE (queue));
  g_return_if_fail (self->queue == NULL);

  self->queue = g_object_ref (queue);
  gtk_no_selection_set_model (self->selection, G_LIST_MODEL (queue));
  g_signal_connect_object (queue, "items-changed", G_CALLBACK (update_actions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (queue, "notify::n-active", G_CALLBACK (update_actions), self,
                           G_CONNECT_SWAPPED);
  update_actions (self);
}
