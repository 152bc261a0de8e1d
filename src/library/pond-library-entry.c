/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-library"

#include "config.h"

#include "library/pond-library-entry-private.h"

struct _PondLibraryEntry
{
  GObject parent_instance;

  GFile *folder;
  PondLibraryRow *row;

  /* Made when they are asked for: a library may hold 100,000 entries. */
  GFile *file;
  GFile *poster;
};

G_DEFINE_ENUM_TYPE (PondEntryStatus,
                    pond_entry_status,
                    G_DEFINE_ENUM_VALUE (POND_ENTRY_PRESENT, "present"),
                    G_DEFINE_ENUM_VALUE (POND_ENTRY_MISSING, "missing"),
                    G_DEFINE_ENUM_VALUE (POND_ENTRY_CHANGED, "changed"))

G_DEFINE_FINAL_TYPE (PondLibraryEntry, pond_library_entry, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_UID,
  PROP_TYPE,
  PROP_TITLE,
  PROP_CREATOR,
  PROP_ACCOUNT,
  PROP_PRIVATE,
  PROP_FILE,
  PROP_POSTER,
  PROP_BYTES,
  PROP_DURATION,
  PROP_CREATED,
  PROP_SAVED_AT,
  PROP_POSITION,
  PROP_PROGRESS,
  PROP_WATCHED,
  PROP_STATUS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
pond_library_entry_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  PondLibraryEntry *self = POND_LIBRARY_ENTRY (object);

  switch (prop_id)
    {
    case PROP_UID:
      g_value_set_string (value, pond_library_entry_get_uid (self));
      break;
    case PROP_TYPE:
      g_value_set_string (value, pond_library_entry_get_type_name (self));
      break;
    case PROP_TITLE:
      g_value_set_string (value, pond_library_entry_get_title (self));
      break;
    case PROP_CREATOR:
      g_value_set_string (value, pond_library_entry_get_creator (self));
      break;
    case PROP_ACCOUNT:
      g_value_set_string (value, pond_library_entry_get_account (self));
      break;
    case PROP_PRIVATE:
      g_value_set_boolean (value, pond_library_entry_get_private (self));
      break;
    case PROP_FILE:
      g_value_set_object (value, pond_library_entry_get_file (self));
      break;
    case PROP_POSTER:
      g_value_set_object (value, pond_library_entry_get_poster (self));
      break;
    case PROP_BYTES:
      g_value_set_uint64 (value, pond_library_entry_get_bytes (self));
      break;
    case PROP_DURATION:
      g_value_set_int64 (value, pond_library_entry_get_duration (self));
      break;
    case PROP_CREATED:
      g_value_set_int64 (value, pond_library_entry_get_created (self));
      break;
    case PROP_SAVED_AT:
      g_value_set_int64 (value, pond_library_entry_get_saved_at (self));
      break;
    case PROP_POSITION:
      g_value_set_int64 (value, pond_library_entry_get_position (self));
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, pond_library_entry_get_progress (self));
      break;
    case PROP_WATCHED:
      g_value_set_boolean (value, pond_library_entry_get_watched (self));
      break;
    case PROP_STATUS:
      g_value_set_enum (value, pond_library_entry_get_status (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_library_entry_finalize (GObject *object)
{
  PondLibraryEntry *self = POND_LIBRARY_ENTRY (object);

  g_clear_object (&self->folder);
  g_clear_object (&self->file);
  g_clear_object (&self->poster);
  g_clear_pointer (&self->row, pond_library_row_free);

  G_OBJECT_CLASS (pond_library_entry_parent_class)->finalize (object);
}

static void
pond_library_entry_class_init (PondLibraryEntryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = pond_library_entry_get_property;
  object_class->finalize = pond_library_entry_finalize;

  properties[PROP_UID] = g_param_spec_string ("uid", NULL, NULL, NULL, flags);
  properties[PROP_TYPE] = g_param_spec_string ("type", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_CREATOR] = g_param_spec_string ("creator", NULL, NULL, NULL, flags);
  properties[PROP_ACCOUNT] = g_param_spec_string ("account", NULL, NULL, NULL, flags);
  properties[PROP_PRIVATE] = g_param_spec_boolean ("private", NULL, NULL, FALSE, flags);
  properties[PROP_FILE] = g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE, flags);
  properties[PROP_POSTER] = g_param_spec_object ("poster", NULL, NULL, G_TYPE_FILE, flags);
  properties[PROP_BYTES] = g_param_spec_uint64 ("bytes", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_DURATION] =
    g_param_spec_int64 ("duration", NULL, NULL, -1, G_MAXINT64, -1, flags);
  properties[PROP_CREATED] = g_param_spec_int64 ("created", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_SAVED_AT] = g_param_spec_int64 ("saved-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_POSITION] = g_param_spec_int64 ("position", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0.0, 1.0, 0.0, flags);
  properties[PROP_WATCHED] = g_param_spec_boolean ("watched", NULL, NULL, FALSE, flags);
  properties[PROP_STATUS] =
    g_param_spec_enum ("status", NULL, NULL, POND_TYPE_ENTRY_STATUS, POND_ENTRY_PRESENT, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pond_library_entry_init (PondLibraryEntry *self)
{
}

PondLibraryEntry *
pond_library_entry_new (GFile          *folder,
                        PondLibraryRow *row)
{
  PondLibraryEntry *self = g_object_new (POND_TYPE_LIBRARY_ENTRY, NULL);

  self->folder = g_object_ref (folder);
  self->row = row;

  return self;
}

static void
notify (PondLibraryEntry *self,
        guint             prop_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

void
pond_library_entry_update (PondLibraryEntry *self,
                           PondLibraryRow   *row)
{
  g_autoptr (PondLibraryRow) old = g_steal_pointer (&self->row);
  double old_progress;

  g_assert (g_str_equal (row->uid, old->uid) && g_str_equal (row->type, old->type));

  self->row = old;
  old_progress = pond_library_entry_get_progress (self);
  self->row = row;

  g_object_freeze_notify (G_OBJECT (self));

  if (g_strcmp0 (old->title, row->title) != 0)
    notify (self, PROP_TITLE);
  if (g_strcmp0 (old->creator, row->creator) != 0)
    notify (self, PROP_CREATOR);
  if (g_strcmp0 (old->account, row->account) != 0)
    notify (self, PROP_ACCOUNT);
  if (old->private != row->private)
    notify (self, PROP_PRIVATE);
  if (g_strcmp0 (old->path, row->path) != 0)
    {
      g_clear_object (&self->file);
      notify (self, PROP_FILE);
    }
  if (old->bytes != row->bytes)
    notify (self, PROP_BYTES);
  if (old->duration != row->duration)
    notify (self, PROP_DURATION);
  if (old->created != row->created)
    notify (self, PROP_CREATED);
  if (old->saved_at != row->saved_at)
    notify (self, PROP_SAVED_AT);
  if (old->position != row->position)
    notify (self, PROP_POSITION);
  if (old_progress != pond_library_entry_get_progress (self))
    notify (self, PROP_PROGRESS);
  if (old->watched != row->watched)
    notify (self, PROP_WATCHED);
  if (old->status != row->status)
    notify (self, PROP_STATUS);

  g_object_thaw_notify (G_OBJECT (self));
}

const PondLibraryRow *
pond_library_entry_get_row (PondLibraryEntry *self)
{
  return self->row;
}

void
pond_library_entry_set_position (PondLibraryEntry *self,
                                 gint64            position)
{
  if (self->row->position == position)
    return;

  self->row->position = position;
  notify (self, PROP_POSITION);
  notify (self, PROP_PROGRESS);
}

void
pond_library_entry_set_watched (PondLibraryEntry *self,
                                gboolean          watched)
{
  if (self->row->watched == watched)
    return;

  self->row->watched = watched;
  notify (self, PROP_WATCHED);
}

void
pond_library_entry_set_status (PondLibraryEntry *self,
                               PondEntryStatus   status)
{
  if (self->row->status == status)
    return;

  self->row->status = status;
  notify (self, PROP_STATUS);
}

const char *
pond_library_entry_get_uid (PondLibraryEntry *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (self), NULL);

  return self->row->uid;
}

const char *
pond_library_entry_get_type_name (PondLibraryEntry *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (self), NULL);

  return self->row->type;
}

const char *
pond_library_entry_get_title (PondLibraryEntry *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (self), NULL);

  return self->row->title;
}

const char *
pond_library_entry_get_creator (PondLibraryEntry *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (self), NULL);

  return self->row->creator;
}

const char *
pond_library_entry_get_account (PondLibraryEntry *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (self), NULL);

  return self->row->account;
}

gboolean
pond_library_entry_get_private (PondLibraryEntry *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (self), FALSE);

  return self->row->private;
}

GFile *
pond_library_entry_get_file (PondLibraryEntry *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (self), NULL);

  if (self->file == NULL)
    self->file = g_file_resolve_relative_path (self->folder, self->row->path);

  return self->file;
}

GFile *
pond_library_entry_get_poster (PondLibraryEntry *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (self), NULL);

  if (self->poster == NULL)
    {
      g_autofree char *path = g_strconcat (".millpond/posters/", self->row->uid, ".jpg", NULL);

      self->poster = g_file_resolve_relative_path (self->folder, path);
    }

  return self->poster;
}

guint64
pond_library_entry_get_bytes (PondLibraryEntry *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (self), 0);

  return self->row->bytes;
}

gint64
pond_library_entry_get_duration (PondLibraryEntry *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (self), 0);

  return self->row->duration;
}

gint64
pond_library_entry_get_created (PondLibraryEntry *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (self), 0);

  return self->row->created;
}

gint64
pond_library_entry_get_saved_at (PondLibraryEntry *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (self), 0);

  return self->row->saved_at;
}

gint64
pond_library_entry_get_position (PondLibraryEntry *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (self), 0);

  return self->row->position;
}

double
pond_library_entry_get_progress (PondLibraryEntry *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (self), 0.0);

  if (self->row->duration <= 0)
    return 0.0;

  return CLAMP ((double) self->row->position / self->row->duration, 0.0, 1.0);
}

gboolean
pond_library_entry_get_watched (PondLibraryEntry *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (self), FALSE);

  return self->row->watched;
}

PondEntryStatus
pond_library_entry_get_status (PondLibraryEntry *self)
{
  g_return_val_if_fail (POND_IS_LIBRARY_ENTRY (self), POND_ENTRY_PRESENT);

  return self->row->status;
}
