/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-stream-page"

#include "config.h"

#include "ui/pond-stream-page.h"

#include <glib/gi18n.h>

#include "stream/pond-stream-client.h"
#include "ui/pond-format.h"
#include "ui/pond-listing-row.h"
#include "ui/pond-listing.h"

/* How long the list must rest before posters are fetched, in milliseconds. */
#define LOOK_DELAY 150

struct _PondStreamPage
{
  AdwNavigationPage   parent_instance;

  GtkSearchBar       *search_bar;
  GtkSearchEntry     *search_entry;
  GtkStack           *stack;
  AdwStatusPage      *error_page;
  GtkWidget          *connect_button;
  GtkScrolledWindow  *scroller;
  GtkWidget          *list_view;
  GtkNoSelection     *selection;

  PondDownloadQueue  *queue;
  PondAccount        *account;
  PondThumbnails     *thumbnails;
  GBinding           *title_binding;
  GListStore         *listings;
  GtkFilterListModel *shown;
  GtkStringFilter    *filter;
  GCancellable       *cancellable;
  gboolean            listed;
  guint               update_id;
  guint               look_id;
  gboolean            narrow;
};

G_DEFINE_FINAL_TYPE (PondStreamPage, pond_stream_page, ADW_TYPE_NAVIGATION_PAGE)

enum
{
  PROP_0,
  PROP_NARROW,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

enum
{
  SIGNAL_DOWNLOAD,
  SIGNAL_PLAY,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
update_stack (PondStreamPage *self)
{
  const char *name;

  if (g_list_model_get_n_items (G_LIST_MODEL (self->shown)) > 0)
    name = "list";
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->listings)) > 0)
    name = "no-match";
  else if (self->listed)
    name = "empty";
  else
    name = "loading";

  gtk_stack_set_visible_child_name (self->stack, name);
}

static void
pond_stream_page_fail (PondStreamPage *self,
                       const char     *title,
                       const char     *description,
                       gboolean        connect)
{
  g_autofree char *markup = g_markup_escape_text (description, -1);

  adw_status_page_set_title (self->error_page, title);
  adw_status_page_set_description (self->error_page, markup);
  gtk_widget_set_visible (self->connect_button, connect);
  gtk_stack_set_visible_child_name (self->stack, "error");
}

static void
on_list_ready (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(PondStreamPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) videos = NULL;
  g_autoptr(GPtrArray) listings = g_ptr_array_new_with_free_func (g_object_unref);

  videos = pond_stream_client_list_videos_finish (POND_STREAM_CLIENT (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (videos == NULL)
    {
      g_autofree char *description = pond_format_stream_error (error);

      pond_stream_page_fail (
          self, _("The Account Can’t Be Shown"), description,
          g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_UNAUTHORIZED)
              || g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_FORBIDDEN));
      return;
    }

  for (guint i = 0; i < videos->len; i++)
    g_ptr_array_add (listings, pond_listing_new (videos->pdata[i], self->queue, self->thumbnails));

  self->listed = TRUE;
  g_list_store_splice (self->listings, 0, g_list_model_get_n_items (G_LIST_MODEL (self->listings)),
                       listings->pdata, listings->len);
  update_stack (self);
}

static void
on_client_ready (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(PondStreamPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(PondStreamClient) client = NULL;

  client = pond_client_pool_get_finish (POND_CLIENT_POOL (source), result, &error);
  if (client != NULL)
    pond_stream_client_list_videos_async (client, NULL, 0, self->cancellable, on_list_ready,
                                          g_object_ref (self));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    pond_stream_page_fail (self, _("No Token for This Account"), error->message, TRUE);
}

static void
pond_stream_page_refresh (PondStreamPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();

  update_stack (self);
  pond_client_pool_get_async (pond_download_queue_get_clients (self->queue),
                              pond_account_get_id (self->account), self->cancellable,
                              on_client_ready, g_object_ref (self));
}

static void
on_refresh_activated (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  PondStreamPage *self = POND_STREAM_PAGE (widget);

  if (self->account != NULL)
    pond_stream_page_refresh (self);
}

static void
pond_stream_page_download (PondStreamPage *self,
                           const char     *uid)
{
  g_autoptr(GPtrArray) refs =
      g_ptr_array_new_with_free_func ((GDestroyNotify) pond_video_ref_unref);

  g_ptr_array_add (refs, pond_video_ref_new (uid));
  g_signal_emit (self, signals[SIGNAL_DOWNLOAD], 0, refs, "default");
}

static void
pond_stream_page_play (PondStreamPage *self,
                       const char     *uid)
{
  PondLibrary *library = pond_download_queue_get_library (self->queue);
  PondLibraryEntry *entry = pond_library_find (library, uid, "default");

  if (entry == NULL)
    entry = pond_library_find (library, uid, "audio");
  if (entry != NULL)
    g_signal_emit (self, signals[SIGNAL_PLAY], 0, entry);
}

static void
on_download_activated (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  pond_stream_page_download (POND_STREAM_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
on_play_activated (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  pond_stream_page_play (POND_STREAM_PAGE (widget), g_variant_get_string (parameter, NULL));
}

/* Playing a saved video costs nothing; a download does, so that wants its button. */
static void
on_activate (PondStreamPage *self,
             guint           position)
{
  g_autoptr(PondListing) listing = g_list_model_get_item (G_LIST_MODEL (self->shown), position);

  pond_stream_page_play (self, pond_video_get_uid (pond_listing_get_video (listing)));
}

static void
on_search_changed (PondStreamPage *self)
{
  gtk_string_filter_set_search (self->filter,
                                gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
  if (self->listed)
    update_stack (self);
}

static void
on_update_idle (gpointer user_data)
{
  PondStreamPage *self = user_data;

  self->update_id = 0;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->listings)); i++)
    {
      g_autoptr(PondListing) listing = g_list_model_get_item (G_LIST_MODEL (self->listings), i);

      pond_listing_update (listing, self->queue);
    }
}

/* Many downloads may be added or saved at once. */
static void
on_items_changed (PondStreamPage *self)
{
  if (self->update_id == 0)
    self->update_id = g_idle_add_once (on_update_idle, self);
}

static void
on_look_timeout (gpointer user_data)
{
  PondStreamPage *self = user_data;
  float height = gtk_widget_get_height (GTK_WIDGET (self->scroller));

  self->look_id = 0;
  for (GtkWidget *item = gtk_widget_get_first_child (self->list_view); item != NULL;
       item = gtk_widget_get_next_sibling (item))
    {
      GtkWidget *row = gtk_widget_get_first_child (item);
      graphene_rect_t bounds;

      if (POND_IS_LISTING_ROW (row))
        pond_listing_row_set_on_screen (
            POND_LISTING_ROW (row),
            gtk_widget_get_mapped (row)
                && gtk_widget_compute_bounds (row, GTK_WIDGET (self->scroller), &bounds)
                && bounds.origin.y < height && bounds.origin.y + bounds.size.height > 0);
    }
}

/* The list makes rows for much more than is seen, and while somebody scrolls fast nothing is seen. */
static void
on_view_changed (PondStreamPage *self)
{
  g_clear_handle_id (&self->look_id, g_source_remove);
  self->look_id = g_timeout_add_once (LOOK_DELAY, on_look_timeout, self);
}

static void
pond_stream_page_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_NARROW:
      g_value_set_boolean (value, POND_STREAM_PAGE (object)->narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_stream_page_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  PondStreamPage *self = POND_STREAM_PAGE (object);

  switch (prop_id)
    {
    case PROP_NARROW:
      if (self->narrow != g_value_get_boolean (value))
        {
          self->narrow = g_value_get_boolean (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_stream_page_dispose (GObject *object)
{
  PondStreamPage *self = POND_STREAM_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_handle_id (&self->look_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_STREAM_PAGE);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->shown);
  g_clear_object (&self->filter);
  g_clear_object (&self->listings);
  g_clear_object (&self->account);
  g_clear_object (&self->thumbnails);
  g_clear_object (&self->queue);

  G_OBJECT_CLASS (pond_stream_page_parent_class)->dispose (object);
}

static void
pond_stream_page_class_init (PondStreamPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pond_stream_page_dispose;
  object_class->get_property = pond_stream_page_get_property;
  object_class->set_property = pond_stream_page_set_property;

  props[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                                                 | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_DOWNLOAD] = g_signal_new ("download", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_PTR_ARRAY,
                                           G_TYPE_STRING);
  signals[SIGNAL_PLAY] = g_signal_new ("play", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, POND_TYPE_LIBRARY_ENTRY);

  g_type_ensure (POND_TYPE_LISTING);
  g_type_ensure (POND_TYPE_LISTING_ROW);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-stream-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PondStreamPage, connect_button);
  gtk_widget_class_bind_template_child (widget_class, PondStreamPage, error_page);
  gtk_widget_class_bind_template_child (widget_class, PondStreamPage, list_view);
  gtk_widget_class_bind_template_child (widget_class, PondStreamPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, PondStreamPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, PondStreamPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PondStreamPage, selection);
  gtk_widget_class_bind_template_child (widget_class, PondStreamPage, stack);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);

  gtk_widget_class_install_action (widget_class, "stream.download", "s", on_download_activated);
  gtk_widget_class_install_action (widget_class, "stream.play", "s", on_play_activated);
  gtk_widget_class_install_action (widget_class, "stream.refresh", NULL, on_refresh_activated);
}

static void
pond_stream_page_init (PondStreamPage *self)
{
  GtkAdjustment *adjustment;

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));

  self->listings = g_list_store_new (POND_TYPE_LISTING);
  self->filter =
      gtk_string_filter_new (gtk_property_expression_new (POND_TYPE_LISTING, NULL, "title"));
  self->shown = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->listings)),
                                           g_object_ref (GTK_FILTER (self->filter)));
  gtk_no_selection_set_model (self->selection, G_LIST_MODEL (self->shown));

  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (on_view_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (on_view_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->shown, "items-changed", G_CALLBACK (on_view_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list_view, "map", G_CALLBACK (on_view_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list_view, "unmap", G_CALLBACK (on_view_changed), self,
                           G_CONNECT_SWAPPED);
}

AdwNavigationPage *
pond_stream_page_new (void)
{
  return g_object_new (POND_TYPE_STREAM_PAGE, NULL);
}

void
pond_stream_page_set_account (PondStreamPage    *self,
                              PondDownloadQueue *queue,
                              PondAccount       *account)
{
  g_return_if_fail (POND_IS_STREAM_PAGE (self));
  g_return_if_fail (POND_IS_DOWNLOAD_QUEUE (queue));
  g_return_if_fail (POND_IS_ACCOUNT (account));

  if (g_set_object (&self->queue, queue))
    {
      g_signal_connect_object (queue, "items-changed", G_CALLBACK (on_items_changed), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (pond_download_queue_get_library (queue), "items-changed",
                               G_CALLBACK (on_items_changed), self, G_CONNECT_SWAPPED);
    }

  if (g_set_object (&self->account, account))
    {
      g_clear_pointer (&self->title_binding, g_binding_unbind);
      self->title_binding =
          g_object_bind_property (account, "name", self, "title", G_BINDING_SYNC_CREATE);
      g_clear_object (&self->thumbnails);
      self->thumbnails = pond_thumbnails_new (queue, pond_account_get_id (account));
      self->listed = FALSE;
      g_list_store_remove_all (self->listings);
      gtk_search_bar_set_search_mode (self->search_bar, FALSE);
    }

  pond_stream_page_refresh (self);
}

void
pond_stream_page_start_search (PondStreamPage *self)
{
  g_return_if_fail (POND_IS_STREAM_PAGE (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}
