/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-library-page"

#include "config.h"

#include "ui/pond-library-page.h"

#include <glib/gi18n.h>

#include "ui/pond-video-card.h"

struct _PondLibraryPage
{
  AdwNavigationPage   parent_instance;

  GtkSearchBar       *search_bar;
  GtkSearchEntry     *search_entry;
  GtkStack           *stack;
  GtkGridView        *grid_view;
  GtkNoSelection     *selection;

  PondLibrary        *library;
  PondPlace          *place;
  GtkFilterListModel *shown;
  GtkFilter          *place_filter;
  GtkStringFilter    *text_filter;

  /* Entries that the person removed and may still bring back. */
  GHashTable         *removed;
};

G_DEFINE_FINAL_TYPE (PondLibraryPage, pond_library_page, ADW_TYPE_NAVIGATION_PAGE)

enum
{
  PROP_0,
  PROP_PLACE,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

enum
{
  SIGNAL_PLAY,
  SIGNAL_TOAST,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

typedef struct
{
  PondLibraryPage  *page;
  PondLibraryEntry *entry;
  gboolean          undone;
} Removal;

static void
removal_free (Removal *removal)
{
  g_object_unref (removal->page);
  g_object_unref (removal->entry);
  g_free (removal);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Removal, removal_free)

static char *
describe_place (PondLibraryPage *self,
                PondPlace       *place)
{
  switch (place != NULL ? pond_place_get_kind (place) : POND_PLACE_ALL)
    {
    case POND_PLACE_CONTINUE:
      return g_strdup (_("Videos that you began to watch are shown here."));
    case POND_PLACE_UNWATCHED:
      return g_strdup (_("You have watched everything."));
    case POND_PLACE_AUDIO:
      return g_strdup (_("What you save as audio is shown here."));
    case POND_PLACE_ALL:
    case POND_PLACE_ACCOUNT:
    case POND_PLACE_DOWNLOADS:
    default:
      return g_strdup ("");
    }
}

static gboolean
match_place (gpointer item,
             gpointer user_data)
{
  PondLibraryEntry *entry = item;
  PondLibraryPage *self = user_data;

  if (g_hash_table_contains (self->removed, entry))
    return FALSE;

  switch (self->place != NULL ? pond_place_get_kind (self->place) : POND_PLACE_ALL)
    {
    case POND_PLACE_CONTINUE:
      return pond_library_entry_get_position (entry) > 0 && !pond_library_entry_get_watched (entry);
    case POND_PLACE_UNWATCHED:
      return !pond_library_entry_get_watched (entry);
    case POND_PLACE_AUDIO:
      return g_str_equal (pond_library_entry_get_type_name (entry), "audio");
    case POND_PLACE_ALL:
    case POND_PLACE_ACCOUNT:
    case POND_PLACE_DOWNLOADS:
    default:
      return TRUE;
    }
}

static void
update_stack (PondLibraryPage *self)
{
  const char *name;

  if (g_list_model_get_n_items (G_LIST_MODEL (self->shown)) > 0)
    name = "grid";
  else if (*gtk_editable_get_text (GTK_EDITABLE (self->search_entry)) != '\0')
    name = "no-match";
  else if (self->place != NULL && pond_place_get_kind (self->place) != POND_PLACE_ALL)
    name = "nothing";
  else
    name = "empty";

  gtk_stack_set_visible_child_name (self->stack, name);
}

static void
on_search_changed (PondLibraryPage *self)
{
  gtk_string_filter_set_search (self->text_filter,
                                gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
  update_stack (self);
}

static void
on_activate (PondLibraryPage *self,
             guint            position)
{
  g_autoptr(PondLibraryEntry) entry = g_list_model_get_item (G_LIST_MODEL (self->shown), position);

  g_signal_emit (self, signals[SIGNAL_PLAY], 0, entry, FALSE);
}

static PondLibraryEntry *
find_entry (PondLibraryPage *self,
            GVariant        *parameter)
{
  const char *uid;
  const char *type;

  g_variant_get (parameter, "(&s&s)", &uid, &type);

  return self->library != NULL ? pond_library_find (self->library, uid, type) : NULL;
}

static void
pond_library_page_toast (PondLibraryPage *self,
                         AdwToast        *toast)
{
  g_signal_emit (self, signals[SIGNAL_TOAST], 0, toast);
}

static void
pond_library_page_report (PondLibraryPage *self,
                          const char      *title)
{
  AdwToast *toast = adw_toast_new (title);

  adw_toast_set_use_markup (toast, FALSE);
  pond_library_page_toast (self, g_object_ref_sink (toast));
  g_object_unref (toast);
}

static void
on_play_activated (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  PondLibraryPage *self = POND_LIBRARY_PAGE (widget);
  PondLibraryEntry *entry = find_entry (self, parameter);

  if (entry != NULL)
    g_signal_emit (self, signals[SIGNAL_PLAY], 0, entry, g_str_has_suffix (action_name, "restart"));
}

static void
on_mark_activated (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  PondLibraryPage *self = POND_LIBRARY_PAGE (widget);
  PondLibraryEntry *entry = find_entry (self, parameter);

  if (entry == NULL)
    return;

  pond_library_set_watched (self->library, entry, g_str_has_suffix (action_name, "-watched"));
  gtk_filter_changed (self->place_filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void
on_folder_opened (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(PondLibraryPage) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!gtk_file_launcher_open_containing_folder_finish (GTK_FILE_LAUNCHER (source), result, &error)
      && !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    {
      g_debug ("Can't show the folder: %s", error->message);
      pond_library_page_report (self, _("The folder can’t be shown"));
    }
}

static void
on_show_activated (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  PondLibraryPage *self = POND_LIBRARY_PAGE (widget);
  PondLibraryEntry *entry = find_entry (self, parameter);
  g_autoptr(GtkFileLauncher) launcher = NULL;

  if (entry == NULL)
    return;

  launcher = gtk_file_launcher_new (pond_library_entry_get_file (entry));
  gtk_file_launcher_open_containing_folder (launcher, GTK_WINDOW (gtk_widget_get_root (widget)),
                                            NULL, on_folder_opened, g_object_ref (self));
}

static void
pond_library_page_set_removed (PondLibraryPage  *self,
                               PondLibraryEntry *entry,
                               gboolean          removed)
{
  if (removed)
    g_hash_table_add (self->removed, g_object_ref (entry));
  else
    g_hash_table_remove (self->removed, entry);

  if (self->place_filter != NULL)
    gtk_filter_changed (self->place_filter, removed ? GTK_FILTER_CHANGE_MORE_STRICT
                                                    : GTK_FILTER_CHANGE_LESS_STRICT);
}

static void
on_remove_ready (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(Removal) removal = user_data;
  g_autoptr(GError) error = NULL;
  GApplication *app = g_application_get_default ();

  if (!pond_library_remove_finish (POND_LIBRARY (source), result, &error))
    {
      g_debug ("Can't remove a video: %s", error->message);
      pond_library_page_report (removal->page, _("The video can’t be moved to the trash"));
    }

  pond_library_page_set_removed (removal->page, removal->entry, FALSE);
  if (app != NULL)
    g_application_release (app);
}

static void
on_undo_clicked (AdwToast *toast,
                 Removal  *removal)
{
  removal->undone = TRUE;
  pond_library_page_set_removed (removal->page, removal->entry, FALSE);
}

static void
on_toast_dismissed (AdwToast *toast,
                    Removal  *removal)
{
  g_autoptr(Removal) next = NULL;
  GApplication *app = g_application_get_default ();

  if (removal->undone)
    return;

  next = g_new0 (Removal, 1);
  next->page = g_object_ref (removal->page);
  next->entry = g_object_ref (removal->entry);

  /* The toast is also dismissed by closing the window, and the file is to go to the trash even so. */
  if (app != NULL)
    g_application_hold (app);
  pond_library_remove_async (removal->page->library, removal->entry, FALSE, NULL, on_remove_ready,
                             g_steal_pointer (&next));
}

static void
on_remove_activated (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  PondLibraryPage *self = POND_LIBRARY_PAGE (widget);
  PondLibraryEntry *entry = find_entry (self, parameter);
  g_autoptr(AdwToast) toast = NULL;
  g_autofree char *title = NULL;
  Removal *removal;

  if (entry == NULL)
    return;

  removal = g_new0 (Removal, 1);
  removal->page = g_object_ref (self);
  removal->entry = g_object_ref (entry);

  /* Translators: the placeholder is the title of a video */
  title = g_strdup_printf (_("“%s” moved to trash"), pond_library_entry_get_title (entry));
  toast = g_object_ref_sink (adw_toast_new (title));
  adw_toast_set_use_markup (toast, FALSE);
  adw_toast_set_button_label (toast, _("_Undo"));
  g_signal_connect (toast, "button-clicked", G_CALLBACK (on_undo_clicked), removal);
  g_signal_connect_data (toast, "dismissed", G_CALLBACK (on_toast_dismissed), removal,
                         (GClosureNotify) (void (*) (void)) removal_free, G_CONNECT_DEFAULT);

  pond_library_page_set_removed (self, entry, TRUE);
  pond_library_page_toast (self, toast);
}

/* The keyboard focus is on the list's item, whose child the card is. */
static GtkWidget *
find_focused_card (PondLibraryPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *card;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->grid_view)))
    return NULL;

  card = gtk_widget_get_ancestor (focus, POND_TYPE_VIDEO_CARD);
  if (card != NULL)
    return card;

  card = gtk_widget_get_first_child (focus);

  return POND_IS_VIDEO_CARD (card) ? card : NULL;
}

static void
on_focused_action_activated (GtkWidget  *widget,
                             const char *action_name,
                             GVariant   *parameter)
{
  GtkWidget *card = find_focused_card (POND_LIBRARY_PAGE (widget));

  if (card != NULL)
    gtk_widget_activate_action (
        card, g_str_equal (action_name, "library.menu-focused") ? "card.menu" : "card.remove", NULL);
}

/* Positions change while a video plays, and no filter watches them. */
static void
pond_library_page_showing (AdwNavigationPage *page)
{
  PondLibraryPage *self = POND_LIBRARY_PAGE (page);

  if (self->place != NULL && pond_place_get_kind (self->place) != POND_PLACE_ALL)
    gtk_filter_changed (self->place_filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void
pond_library_page_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  PondLibraryPage *self = POND_LIBRARY_PAGE (object);

  switch (prop_id)
    {
    case PROP_PLACE:
      g_value_set_object (value, self->place);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_library_page_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_PLACE:
      pond_library_page_set_place (POND_LIBRARY_PAGE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_library_page_dispose (GObject *object)
{
  PondLibraryPage *self = POND_LIBRARY_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_LIBRARY_PAGE);
  g_clear_object (&self->shown);
  g_clear_object (&self->place_filter);
  g_clear_object (&self->text_filter);
  g_clear_object (&self->place);
  g_clear_object (&self->library);

  G_OBJECT_CLASS (pond_library_page_parent_class)->dispose (object);
}

static void
pond_library_page_finalize (GObject *object)
{
  PondLibraryPage *self = POND_LIBRARY_PAGE (object);

  g_hash_table_unref (self->removed);

  G_OBJECT_CLASS (pond_library_page_parent_class)->finalize (object);
}

static void
pond_library_page_class_init (PondLibraryPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = pond_library_page_get_property;
  object_class->set_property = pond_library_page_set_property;
  object_class->dispose = pond_library_page_dispose;
  object_class->finalize = pond_library_page_finalize;

  ADW_NAVIGATION_PAGE_CLASS (klass)->showing = pond_library_page_showing;

  props[PROP_PLACE] = g_param_spec_object ("place", NULL, NULL, POND_TYPE_PLACE,
                                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                                               | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_PLAY] = g_signal_new ("play", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 2, POND_TYPE_LIBRARY_ENTRY,
                                       G_TYPE_BOOLEAN);
  signals[SIGNAL_TOAST] = g_signal_new ("toast", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, ADW_TYPE_TOAST);

  g_type_ensure (POND_TYPE_LIBRARY_ENTRY);
  g_type_ensure (POND_TYPE_VIDEO_CARD);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-library-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PondLibraryPage, grid_view);
  gtk_widget_class_bind_template_child (widget_class, PondLibraryPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, PondLibraryPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PondLibraryPage, selection);
  gtk_widget_class_bind_template_child (widget_class, PondLibraryPage, stack);
  gtk_widget_class_bind_template_callback (widget_class, describe_place);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);

  gtk_widget_class_install_action (widget_class, "library.play", "(ss)", on_play_activated);
  gtk_widget_class_install_action (widget_class, "library.restart", "(ss)", on_play_activated);
  gtk_widget_class_install_action (widget_class, "library.mark-watched", "(ss)", on_mark_activated);
  gtk_widget_class_install_action (widget_class, "library.mark-unwatched", "(ss)",
                                   on_mark_activated);
  gtk_widget_class_install_action (widget_class, "library.show", "(ss)", on_show_activated);
  gtk_widget_class_install_action (widget_class, "library.remove", "(ss)", on_remove_activated);
  gtk_widget_class_install_action (widget_class, "library.remove-focused", NULL,
                                   on_focused_action_activated);
  gtk_widget_class_install_action (widget_class, "library.menu-focused", NULL,
                                   on_focused_action_activated);
}

static void
pond_library_page_init (PondLibraryPage *self)
{
  GtkEveryFilter *every = gtk_every_filter_new ();

  self->removed = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));

  self->place_filter = GTK_FILTER (gtk_custom_filter_new (match_place, self, NULL));
  self->text_filter = gtk_string_filter_new (
      gtk_property_expression_new (POND_TYPE_LIBRARY_ENTRY, NULL, "title"));
  gtk_multi_filter_append (GTK_MULTI_FILTER (every), g_object_ref (self->place_filter));
  gtk_multi_filter_append (GTK_MULTI_FILTER (every), g_object_ref (GTK_FILTER (self->text_filter)));

  self->shown = gtk_filter_list_model_new (NULL, GTK_FILTER (every));
  g_signal_connect_object (self->shown, "items-changed", G_CALLBACK (update_stack), self,
                           G_CONNECT_SWAPPED);
  gtk_no_selection_set_model (self->selection, G_LIST_MODEL (self->shown));
  update_stack (self);
}

AdwNavigationPage *
pond_library_page_new (void)
{
  return g_object_new (POND_TYPE_LIBRARY_PAGE, NULL);
}

void
pond_library_page_set_library (PondLibraryPage *self,
                               PondLibrary     *library)
{
  g_return_if_fail (POND_IS_LIBRARY_PAGE (self));
  g_return_if_fail (POND_IS_LIBRARY (library));

  g_set_object (&self->library, library);
  gtk_filter_list_model_set_model (self->shown, G_LIST_MODEL (library));
}

void
pond_library_page_set_place (PondLibraryPage *self,
                             PondPlace       *place)
{
  g_return_if_fail (POND_IS_LIBRARY_PAGE (self));
  g_return_if_fail (POND_IS_PLACE (place));

  if (!g_set_object (&self->place, place))
    return;

  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), pond_place_get_title (place));
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_filter_changed (self->place_filter, GTK_FILTER_CHANGE_DIFFERENT);
  update_stack (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PLACE]);
}

void
pond_library_page_start_search (PondLibraryPage *self)
{
  g_return_if_fail (POND_IS_LIBRARY_PAGE (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}
