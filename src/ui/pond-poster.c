/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-poster"

#include "config.h"

#include "ui/pond-poster.h"

#include "ui/pond-poster-loader.h"

struct _PondPoster
{
  GtkWidget     parent_instance;

  GtkWidget    *picture;
  GtkWidget    *image;
  GFile        *file;
  int           fixed_width;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (PondPoster, pond_poster, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_FILE,
  PROP_ICON_NAME,
  PROP_FIXED_WIDTH,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void
pond_poster_show (PondPoster *self,
                  GdkTexture *texture)
{
  gtk_picture_set_paintable (GTK_PICTURE (self->picture), GDK_PAINTABLE (texture));
  gtk_widget_set_visible (self->image, texture == NULL);
}

static void
on_load_ready (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(PondPoster) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = pond_poster_load_finish (result, &error);

  if (texture != NULL)
    {
      /* Another file may have been set in the meantime; then this task was cancelled too late. */
      if (!g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
        pond_poster_show (self, texture);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
           && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_debug ("No poster: %s", error->message);
    }
}

static void
pond_poster_load (PondPoster *self)
{
  GdkTexture *texture;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  texture = self->file != NULL ? pond_poster_peek (self->file) : NULL;
  pond_poster_show (self, texture);

  if (self->file == NULL || texture != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  pond_poster_load_async (self->file, self->cancellable, on_load_ready, g_object_ref (self));
}

static GtkSizeRequestMode
pond_poster_get_request_mode (GtkWidget *widget)
{
  return POND_POSTER (widget)->fixed_width > 0 ? GTK_SIZE_REQUEST_CONSTANT_SIZE
                                               : GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
pond_poster_measure (GtkWidget      *widget,
                     GtkOrientation  orientation,
                     int             for_size,
                     int            *minimum,
                     int            *natural,
                     int            *minimum_baseline,
                     int            *natural_baseline)
{
  int width = POND_POSTER (widget)->fixed_width;

  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = ((width > 0 ? width : MAX (for_size, 0)) * 9 + 8) / 16;
  else
    *minimum = *natural = width;
}

static void
pond_poster_size_allocate (GtkWidget *widget,
                           int        width,
                           int        height,
                           int        baseline)
{
  PondPoster *self = POND_POSTER (widget);

  gtk_widget_allocate (self->picture, width, height, baseline, NULL);
  gtk_widget_allocate (self->image, width, height, baseline, NULL);
}

static void
pond_poster_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  PondPoster *self = POND_POSTER (object);

  switch (prop_id)
    {
    case PROP_FILE:
      g_value_set_object (value, self->file);
      break;
    case PROP_ICON_NAME:
      g_value_set_string (value, gtk_image_get_icon_name (GTK_IMAGE (self->image)));
      break;
    case PROP_FIXED_WIDTH:
      g_value_set_int (value, self->fixed_width);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_poster_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  PondPoster *self = POND_POSTER (object);

  switch (prop_id)
    {
    case PROP_FILE:
      pond_poster_set_file (self, g_value_get_object (value));
      break;
    case PROP_ICON_NAME:
      g_object_set (self->image, "icon-name", g_value_get_string (value), NULL);
      break;
    case PROP_FIXED_WIDTH:
      self->fixed_width = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_poster_dispose (GObject *object)
{
  PondPoster *self = POND_POSTER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->file);
  g_clear_pointer (&self->picture, gtk_widget_unparent);
  g_clear_pointer (&self->image, gtk_widget_unparent);

  G_OBJECT_CLASS (pond_poster_parent_class)->dispose (object);
}

static void
pond_poster_class_init (PondPosterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = pond_poster_get_property;
  object_class->set_property = pond_poster_set_property;
  object_class->dispose = pond_poster_dispose;

  widget_class->get_request_mode = pond_poster_get_request_mode;
  widget_class->measure = pond_poster_measure;
  widget_class->size_allocate = pond_poster_size_allocate;

  props[PROP_FILE] = g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE,
                                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                                              | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, "video-x-generic-symbolic",
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_FIXED_WIDTH] = g_param_spec_int ("fixed-width", NULL, NULL, 0, G_MAXINT16, 0,
                                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_css_name (widget_class, "poster");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
pond_poster_init (PondPoster *self)
{
  self->image = g_object_new (GTK_TYPE_IMAGE,
                              "icon-name", "video-x-generic-symbolic",
                              "pixel-size", 32,
                              "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                              NULL);
  self->picture = g_object_new (GTK_TYPE_PICTURE,
                                "content-fit", GTK_CONTENT_FIT_COVER,
                                "can-shrink", TRUE,
                                "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                NULL);
  gtk_widget_set_parent (self->image, GTK_WIDGET (self));
  gtk_widget_set_parent (self->picture, GTK_WIDGET (self));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

void
pond_poster_set_file (PondPoster *self,
                      GFile      *file)
{
  g_return_if_fail (POND_IS_POSTER (self));
  g_return_if_fail (file == NULL || G_IS_FILE (file));

  if (self->file == file || (self->file != NULL && file != NULL && g_file_equal (self->file, file)))
    return;

  g_set_object (&self->file, file);
  pond_poster_load (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FILE]);
}

void
pond_poster_reload (PondPoster *self)
{
  g_return_if_fail (POND_IS_POSTER (self));

  if (gtk_picture_get_paintable (GTK_PICTURE (self->picture)) == NULL)
    pond_poster_load (self);
}
