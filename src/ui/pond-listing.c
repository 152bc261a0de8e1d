/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-listing"

#include "config.h"

#include "ui/pond-listing.h"

struct _PondListing
{
  GObject           parent_instance;

  PondVideo        *video;
  PondThumbnails   *thumbnails;
  GFile            *poster;
  PondAvailability  availability;
};

G_DEFINE_FINAL_TYPE (PondListing, pond_listing, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_VIDEO,
  PROP_TITLE,
  PROP_POSTER,
  PROP_AVAILABILITY,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

/* One that was saved and is not in the library any more was removed. */
static gboolean
is_on_its_way (PondDownloadQueue *queue,
               const char        *uid,
               const char        *type)
{
  PondDownload *download = pond_download_queue_find (queue, uid, type);

  return download != NULL && pond_download_get_state (download) != POND_DOWNLOAD_SAVED;
}

static PondAvailability
find_availability (PondVideo         *video,
                   PondDownloadQueue *queue)
{
  PondLibrary *library = pond_download_queue_get_library (queue);
  const char *uid = pond_video_get_uid (video);

  if (pond_library_find (library, uid, "default") != NULL
      || pond_library_find (library, uid, "audio") != NULL)
    return POND_SAVED;

  if (is_on_its_way (queue, uid, "default") || is_on_its_way (queue, uid, "audio"))
    return POND_ON_ITS_WAY;

  /* One that is still being processed may be asked for; the queue waits until it is ready. */
  switch (pond_video_get_state (video))
    {
    case POND_VIDEO_PROCESSING:
    case POND_VIDEO_READY:
      return POND_AVAILABLE;
    case POND_VIDEO_LIVE:
    case POND_VIDEO_ERROR:
    default:
      return POND_UNAVAILABLE;
    }
}

static void
pond_listing_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  PondListing *self = POND_LISTING (object);

  switch (prop_id)
    {
    case PROP_VIDEO:
      g_value_set_object (value, self->video);
      break;
    case PROP_TITLE:
      g_value_set_string (value, pond_video_get_title (self->video));
      break;
    case PROP_POSTER:
      g_value_set_object (value, self->poster);
      break;
    case PROP_AVAILABILITY:
      g_value_set_int (value, self->availability);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_listing_finalize (GObject *object)
{
  PondListing *self = POND_LISTING (object);

  g_clear_object (&self->video);
  g_clear_object (&self->thumbnails);
  g_clear_object (&self->poster);

  G_OBJECT_CLASS (pond_listing_parent_class)->finalize (object);
}

static void
pond_listing_class_init (PondListingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = pond_listing_get_property;
  object_class->finalize = pond_listing_finalize;

  props[PROP_VIDEO] = g_param_spec_object ("video", NULL, NULL, POND_TYPE_VIDEO, flags);
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_POSTER] = g_param_spec_object ("poster", NULL, NULL, G_TYPE_FILE, flags);
  props[PROP_AVAILABILITY] = g_param_spec_int ("availability", NULL, NULL, POND_AVAILABLE,
                                               POND_SAVED, POND_AVAILABLE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
pond_listing_init (PondListing *self)
{
}

static void
on_poster_ready (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(PondListing) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = pond_thumbnails_get_finish (POND_THUMBNAILS (source), result, &error);

  if (file == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_debug ("No poster of %s: %s", pond_video_get_uid (self->video), error->message);
      return;
    }

  if (g_set_object (&self->poster, file))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_POSTER]);
}

PondListing *
pond_listing_new (PondVideo         *video,
                  PondDownloadQueue *queue,
                  PondThumbnails    *thumbnails)
{
  PondListing *self;

  g_return_val_if_fail (POND_IS_VIDEO (video), NULL);
  g_return_val_if_fail (POND_IS_DOWNLOAD_QUEUE (queue), NULL);
  g_return_val_if_fail (POND_IS_THUMBNAILS (thumbnails), NULL);

  self = g_object_new (POND_TYPE_LISTING, NULL);
  self->video = g_object_ref (video);
  self->thumbnails = g_object_ref (thumbnails);
  self->availability = find_availability (video, queue);

  return self;
}

PondVideo *
pond_listing_get_video (PondListing *self)
{
  g_return_val_if_fail (POND_IS_LISTING (self), NULL);

  return self->video;
}

void
pond_listing_update (PondListing       *self,
                     PondDownloadQueue *queue)
{
  PondAvailability availability;

  g_return_if_fail (POND_IS_LISTING (self));
  g_return_if_fail (POND_IS_DOWNLOAD_QUEUE (queue));

  availability = find_availability (self->video, queue);
  if (self->availability == availability)
    return;

  self->availability = availability;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_AVAILABILITY]);
}

void
pond_listing_load_poster (PondListing  *self,
                          GCancellable *cancellable)
{
  g_return_if_fail (POND_IS_LISTING (self));

  if (self->poster == NULL)
    pond_thumbnails_get_async (self->thumbnails, self->video, cancellable, on_poster_ready,
                               g_object_ref (self));
}
