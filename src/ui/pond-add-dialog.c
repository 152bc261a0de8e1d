/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-add-dialog"

#include "config.h"

#include "ui/pond-add-dialog.h"

#include <glib/gi18n.h>

#include "ui/pond-drop-area.h"
#include "ui/pond-finding.h"
#include "ui/pond-format.h"

/* How long typing must rest before the text is looked through, in milliseconds. */
#define SCAN_DELAY 100

struct _PondAddDialog
{
  AdwDialog          parent_instance;

  GtkTextView       *text_view;
  AdwToggleGroup    *type_group;
  GtkStack          *stack;
  GtkNoSelection    *selection;
  GtkWidget         *account_hint;
  GtkLabel          *cost_label;
  GtkButton         *download_button;

  PondDownloadQueue *queue;
  PondVideoLookup   *lookup;
  GListStore        *findings;
  GPtrArray         *refs;
  guint              scan_id;
};

G_DEFINE_FINAL_TYPE (PondAddDialog, pond_add_dialog, ADW_TYPE_DIALOG)

enum
{
  SIGNAL_DOWNLOAD,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const char *
get_type_name (PondAddDialog *self)
{
  return adw_toggle_group_get_active_name (self->type_group);
}

static void
update_button (PondAddDialog *self)
{
  g_autofree char *label = NULL;

  if (self->refs->len > 0)
    label = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "_Download %u Video",
                                          "_Download %u Videos", self->refs->len),
                             self->refs->len);
  else
    label = g_strdup (_("_Download"));

  gtk_button_set_use_underline (self->download_button, TRUE);
  gtk_button_set_label (self->download_button, label);
  gtk_widget_set_sensitive (GTK_WIDGET (self->download_button), self->refs->len > 0);
}

/* Says what adding the findings comes to, the cost only when all lengths are known: half of it is none. */
static void
update_findings (PondAddDialog *self)
{
  GListModel *findings = G_LIST_MODEL (self->findings);
  gint64 total = 0;
  gboolean known = TRUE;
  g_autofree char *cost = NULL;

  g_ptr_array_set_size (self->refs, 0);
  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr(PondFinding) finding = g_list_model_get_item (findings, i);
      PondVideoRef *ref;

      pond_finding_update (finding, self->lookup);
      ref = pond_finding_get_new_ref (finding);
      if (ref == NULL)
        continue;

      g_ptr_array_add (self->refs, pond_video_ref_ref (ref));
      known = known && pond_finding_get_duration (finding) >= 0;
      total += pond_finding_get_duration (finding);
    }

  cost = known && self->refs->len > 0 ? pond_format_cost (total) : g_strdup ("");
  gtk_label_set_label (self->cost_label, cost);
  gtk_widget_set_visible (GTK_WIDGET (self->cost_label), *cost != '\0');
  update_button (self);
}

static void
pond_add_dialog_scan (PondAddDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  GtkTextIter start;
  GtkTextIter end;
  g_autofree char *text = NULL;
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(GPtrArray) rejected = NULL;
  g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func (g_object_unref);

  g_clear_handle_id (&self->scan_id, g_source_remove);

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  found = pond_video_ref_scan (text, &rejected);

  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add (findings, pond_finding_new (found->pdata[i], get_type_name (self), self->queue));

  for (guint i = 0; i < rejected->len; i++)
    g_ptr_array_add (findings, pond_finding_new_rejected (rejected->pdata[i]));

  g_list_store_splice (self->findings, 0, g_list_model_get_n_items (G_LIST_MODEL (self->findings)),
                       findings->pdata, findings->len);
  gtk_stack_set_visible_child_name (self->stack, findings->len > 0 ? "list" : "empty");
  update_findings (self);
}

static void
on_scan_timeout (gpointer user_data)
{
  PondAddDialog *self = user_data;

  self->scan_id = 0;
  pond_add_dialog_scan (self);
}

static void
on_text_changed (PondAddDialog *self)
{
  g_clear_handle_id (&self->scan_id, g_source_remove);
  self->scan_id = g_timeout_add_once (SCAN_DELAY, on_scan_timeout, self);
}

static void
on_type_changed (PondAddDialog *self)
{
  if (self->queue != NULL)
    pond_add_dialog_scan (self);
}

static void
on_accounts_changed (PondAddDialog *self)
{
  gboolean none =
      g_list_model_get_n_items (G_LIST_MODEL (pond_download_queue_get_accounts (self->queue))) == 0;

  gtk_widget_set_visible (self->account_hint, none);
  pond_add_dialog_scan (self);
}

/* What is under way would come for nobody. */
static void
on_closed (PondAddDialog *self)
{
  pond_video_lookup_cancel (self->lookup);
}

static void
on_download_clicked (PondAddDialog *self)
{
  /* What was typed in the last instant counts too. */
  pond_add_dialog_scan (self);
  if (self->refs->len == 0)
    return;

  g_signal_emit (self, signals[SIGNAL_DOWNLOAD], 0, self->refs, get_type_name (self));
  adw_dialog_close (ADW_DIALOG (self));
}

static void
on_download_activated (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  on_download_clicked (POND_ADD_DIALOG (widget));
}

static void
pond_add_dialog_dispose (GObject *object)
{
  PondAddDialog *self = POND_ADD_DIALOG (object);

  g_clear_handle_id (&self->scan_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), POND_TYPE_ADD_DIALOG);
  if (self->lookup != NULL)
    pond_video_lookup_cancel (self->lookup);
  g_clear_object (&self->lookup);
  g_clear_object (&self->queue);
  g_clear_object (&self->findings);
  g_clear_pointer (&self->refs, g_ptr_array_unref);

  G_OBJECT_CLASS (pond_add_dialog_parent_class)->dispose (object);
}

static void
pond_add_dialog_class_init (PondAddDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = pond_add_dialog_dispose;

  signals[SIGNAL_DOWNLOAD] = g_signal_new ("download", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_PTR_ARRAY,
                                           G_TYPE_STRING);

  g_type_ensure (POND_TYPE_DROP_AREA);
  g_type_ensure (POND_TYPE_FINDING);

  gtk_widget_class_set_template_from_resource (widget_class, APP_PATH "/ui/pond-add-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PondAddDialog, account_hint);
  gtk_widget_class_bind_template_child (widget_class, PondAddDialog, cost_label);
  gtk_widget_class_bind_template_child (widget_class, PondAddDialog, download_button);
  gtk_widget_class_bind_template_child (widget_class, PondAddDialog, selection);
  gtk_widget_class_bind_template_child (widget_class, PondAddDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, PondAddDialog, text_view);
  gtk_widget_class_bind_template_child (widget_class, PondAddDialog, type_group);
  gtk_widget_class_bind_template_callback (widget_class, on_closed);
  gtk_widget_class_bind_template_callback (widget_class, on_download_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_type_changed);
  gtk_widget_class_bind_template_callback (widget_class, pond_add_dialog_add_text);

  gtk_widget_class_install_action (widget_class, "add.download", NULL, on_download_activated);
}

static void
pond_add_dialog_init (PondAddDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->refs = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_video_ref_unref);
  self->findings = g_list_store_new (POND_TYPE_FINDING);
  gtk_no_selection_set_model (self->selection, G_LIST_MODEL (self->findings));
  g_signal_connect_object (gtk_text_view_get_buffer (self->text_view), "changed",
                           G_CALLBACK (on_text_changed), self, G_CONNECT_SWAPPED);
  update_button (self);
}

PondAddDialog *
pond_add_dialog_new (PondDownloadQueue *queue)
{
  PondAddDialog *self;

  g_return_val_if_fail (POND_IS_DOWNLOAD_QUEUE (queue), NULL);

  self = g_object_new (POND_TYPE_ADD_DIALOG, NULL);
  self->queue = g_object_ref (queue);
  self->lookup = pond_video_lookup_new (queue);
  g_signal_connect_object (self->lookup, "changed", G_CALLBACK (update_findings), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (pond_download_queue_get_accounts (queue), "items-changed",
                           G_CALLBACK (on_accounts_changed), self, G_CONNECT_SWAPPED);
  on_accounts_changed (self);

  return self;
}

void
pond_add_dialog_add_text (PondAddDialog *self,
                          const char    *text)
{
  GtkTextBuffer *buffer;
  GtkTextIter end;

  g_return_if_fail (POND_IS_ADD_DIALOG (self));
  g_return_if_fail (text != NULL);

  buffer = gtk_text_view_get_buffer (self->text_view);
  gtk_text_buffer_get_end_iter (buffer, &end);
  if (!gtk_text_iter_is_start (&end) && !gtk_text_iter_starts_line (&end))
    gtk_text_buffer_insert (buffer, &end, "\n", 1);
  gtk_text_buffer_insert (buffer, &end, text, -1);

  pond_add_dialog_scan (self);
}
