/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-place"

#include "config.h"

#include "ui/pond-place.h"

#include <glib/gi18n.h>

struct _PondPlace
{
  GObject        parent_instance;

  PondPlaceKind  kind;
  PondAccount   *account;
  char          *title;
  guint          count;
  double         progress;
};

G_DEFINE_FINAL_TYPE (PondPlace, pond_place, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_ICON_NAME,
  PROP_COUNT,
  PROP_PROGRESS,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static const char *
title_of_kind (PondPlaceKind kind)
{
  switch (kind)
    {
    case POND_PLACE_ALL:
      return _("All Videos");
    case POND_PLACE_CONTINUE:
      return _("Continue Watching");
    case POND_PLACE_UNWATCHED:
      return _("Unwatched");
    case POND_PLACE_AUDIO:
      return _("Audio");
    case POND_PLACE_DOWNLOADS:
      return _("Downloads");
    case POND_PLACE_ACCOUNT:
    default:
      return NULL;
    }
}

static const char *
icon_of_kind (PondPlaceKind kind)
{
  switch (kind)
    {
    case POND_PLACE_CONTINUE:
      return "media-playback-start-symbolic";
    case POND_PLACE_UNWATCHED:
      return "starred-symbolic";
    case POND_PLACE_AUDIO:
      return "audio-x-generic-symbolic";
    case POND_PLACE_ACCOUNT:
      return "network-server-symbolic";
    case POND_PLACE_DOWNLOADS:
      return "folder-download-symbolic";
    case POND_PLACE_ALL:
    default:
      return "video-x-generic-symbolic";
    }
}

static void
pond_place_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  PondPlace *self = POND_PLACE (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_ICON_NAME:
      g_value_set_static_string (value, icon_of_kind (self->kind));
      break;
    case PROP_COUNT:
      g_value_set_uint (value, self->count);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_place_set_property (GObject      *object,
                         guint         prop_id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  PondPlace *self = POND_PLACE (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      if (g_set_str (&self->title, g_value_get_string (value)))
        g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_COUNT:
      if (self->count != g_value_get_uint (value))
        {
          self->count = g_value_get_uint (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    case PROP_PROGRESS:
      if (self->progress != g_value_get_double (value))
        {
          self->progress = g_value_get_double (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_place_finalize (GObject *object)
{
  PondPlace *self = POND_PLACE (object);

  g_clear_object (&self->account);
  g_free (self->title);

  G_OBJECT_CLASS (pond_place_parent_class)->finalize (object);
}

static void
pond_place_class_init (PondPlaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = pond_place_get_property;
  object_class->set_property = pond_place_set_property;
  object_class->finalize = pond_place_finalize;

  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_COUNT] = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, -1.0, 1.0, -1.0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
pond_place_init (PondPlace *self)
{
  self->progress = -1.0;
}

PondPlace *
pond_place_new (PondPlaceKind kind)
{
  PondPlace *self;

  g_return_val_if_fail (kind != POND_PLACE_ACCOUNT, NULL);

  self = g_object_new (POND_TYPE_PLACE, NULL);
  self->kind = kind;
  self->title = g_strdup (title_of_kind (kind));

  return self;
}

PondPlace *
pond_place_new_for_account (PondAccount *account)
{
  PondPlace *self;

  g_return_val_if_fail (POND_IS_ACCOUNT (account), NULL);

  self = g_object_new (POND_TYPE_PLACE, NULL);
  self->kind = POND_PLACE_ACCOUNT;
  self->account = g_object_ref (account);
  g_object_bind_property (account, "name", self, "title", G_BINDING_SYNC_CREATE);

  return self;
}

PondPlaceKind
pond_place_get_kind (PondPlace *self)
{
  g_return_val_if_fail (POND_IS_PLACE (self), POND_PLACE_ALL);

  return self->kind;
}

PondAccount *
pond_place_get_account (PondPlace *self)
{
  g_return_val_if_fail (POND_IS_PLACE (self), NULL);

  return self->account;
}

const char *
pond_place_get_title (PondPlace *self)
{
  g_return_val_if_fail (POND_IS_PLACE (self), NULL);

  return self->title;
}

const char *
pond_place_get_group (PondPlace *self)
{
  g_return_val_if_fail (POND_IS_PLACE (self), NULL);

  switch (self->kind)
    {
    case POND_PLACE_ALL:
    case POND_PLACE_CONTINUE:
    case POND_PLACE_UNWATCHED:
    case POND_PLACE_AUDIO:
      return _("Library");
    case POND_PLACE_ACCOUNT:
      return _("On Stream");
    case POND_PLACE_DOWNLOADS:
    default:
      return NULL;
    }
}
