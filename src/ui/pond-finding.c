/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-finding"

#include "config.h"

#include "ui/pond-finding.h"

#include <glib/gi18n.h>

#include "ui/pond-format.h"

struct _PondFinding
{
  GObject       parent_instance;

  char         *title;
  char         *note;
  const char   *icon_name;
  gint64        duration;
  PondVideoRef *new_ref;
};

G_DEFINE_FINAL_TYPE (PondFinding, pond_finding, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_NOTE,
  PROP_ICON_NAME,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void
pond_finding_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  PondFinding *self = POND_FINDING (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_NOTE:
      g_value_set_string (value, self->note);
      break;
    case PROP_ICON_NAME:
      g_value_set_static_string (value, self->icon_name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_finding_finalize (GObject *object)
{
  PondFinding *self = POND_FINDING (object);

  g_free (self->title);
  g_free (self->note);
  g_clear_pointer (&self->new_ref, pond_video_ref_unref);

  G_OBJECT_CLASS (pond_finding_parent_class)->finalize (object);
}

static void
pond_finding_class_init (PondFindingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = pond_finding_get_property;
  object_class->finalize = pond_finding_finalize;

  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_NOTE] = g_param_spec_string ("note", NULL, NULL, NULL, flags);
  props[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
pond_finding_init (PondFinding *self)
{
  self->duration = -1;
}

static gboolean
has_account (PondDownloadQueue *queue)
{
  return g_list_model_get_n_items (G_LIST_MODEL (pond_download_queue_get_accounts (queue))) > 0;
}

static void
refuse (PondFinding *self,
        const char  *note)
{
  g_set_str (&self->note, note);
  self->icon_name = "dialog-warning-symbolic";
  g_clear_pointer (&self->new_ref, pond_video_ref_unref);
}

static void
describe (PondFinding  *self,
          PondVideo    *video,
          const GError *error)
{
  g_autofree char *state = NULL;

  if (g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_NOT_FOUND))
    {
      if (pond_video_ref_get_host (self->new_ref) != NULL)
        g_set_str (&self->note, _("Not on your account — will be tried as a public video"));
      else
        refuse (self, _("There is no such video on your account"));
    }

  /* Without a network, the ID is all there is to show. */
  if (video == NULL)
    return;

  if (pond_video_get_title (video) != NULL)
    g_set_str (&self->title, pond_video_get_title (video));
  state = pond_format_video (pond_video_get_state (video), pond_video_get_percent (video),
                             pond_video_get_duration (video), 0);

  switch (pond_video_get_state (video))
    {
    case POND_VIDEO_LIVE:
    case POND_VIDEO_ERROR:
      refuse (self, state);
      break;
    case POND_VIDEO_PROCESSING:
    case POND_VIDEO_READY:
    default:
      self->duration = pond_video_get_duration (video);
      if (pond_video_get_private (video))
        {
          g_free (self->note);
          self->note = g_strconcat (state, *state != '\0' ? " — " : "", _("Private"), NULL);
        }
      else if (*state != '\0')
        {
          g_set_str (&self->note, state);
        }
    }
}

PondFinding *
pond_finding_new (PondVideoRef      *ref,
                  const char        *type,
                  PondDownloadQueue *queue)
{
  PondFinding *self;
  const char *uid;
  PondLibraryEntry *entry;
  PondDownload *download;

  g_return_val_if_fail (ref != NULL, NULL);
  g_return_val_if_fail (POND_IS_DOWNLOAD_QUEUE (queue), NULL);

  self = g_object_new (POND_TYPE_FINDING, NULL);
  uid = pond_video_ref_get_uid (ref);
  entry = pond_library_find (pond_download_queue_get_library (queue), uid, type);
  download = entry == NULL ? pond_download_queue_find (queue, uid, type) : NULL;

  if (entry != NULL)
    {
      self->title = g_strdup (pond_library_entry_get_title (entry));
      self->note = g_strdup (_("Already saved"));
      self->icon_name = "object-select-symbolic";
    }
  else if (download != NULL && pond_download_get_state (download) != POND_DOWNLOAD_FAILED
           && pond_download_get_state (download) != POND_DOWNLOAD_SAVED)
    {
      self->title = g_strdup (pond_download_get_title (download));
      self->note = g_strdup (_("Already on its way"));
      self->icon_name = "folder-download-symbolic";
    }
  else
    {
      self->title = g_strdup (download != NULL ? pond_download_get_title (download) : uid);
      self->note = g_strdup (download != NULL ? _("Will be downloaded again") : _("New"));
      self->icon_name = "list-add-symbolic";
      self->new_ref = pond_video_ref_ref (ref);
      if (!has_account (queue) && pond_video_ref_get_host (ref) == NULL)
        refuse (self, _("An ID alone needs an account"));
    }

  return self;
}

PondFinding *
pond_finding_new_rejected (const char *reason)
{
  PondFinding *self;

  g_return_val_if_fail (reason != NULL, NULL);

  self = g_object_new (POND_TYPE_FINDING, NULL);
  self->title = g_strdup (reason);
  self->note = g_strdup (_("Can’t be used"));
  self->icon_name = "dialog-warning-symbolic";

  return self;
}

PondVideoRef *
pond_finding_get_new_ref (PondFinding *self)
{
  g_return_val_if_fail (POND_IS_FINDING (self), NULL);

  return self->new_ref;
}

gint64
pond_finding_get_duration (PondFinding *self)
{
  g_return_val_if_fail (POND_IS_FINDING (self), -1);

  return self->duration;
}

void
pond_finding_update (PondFinding     *self,
                     PondVideoLookup *lookup)
{
  PondVideo *video;
  const GError *error = NULL;

  g_return_if_fail (POND_IS_FINDING (self));
  g_return_if_fail (POND_IS_VIDEO_LOOKUP (lookup));

  if (self->new_ref == NULL)
    return;

  video = pond_video_lookup_find (lookup, self->new_ref, &error);
  if (video == NULL && error == NULL)
    return;

  describe (self, video, error);
  for (guint i = PROP_TITLE; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), props[i]);
}
