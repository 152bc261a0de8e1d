/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-library"

#include "config.h"

#include "library/pond-library-row.h"

#include "library/pond-file-name.h"

static const char *const status_nicks[] = {
  [POND_ENTRY_PRESENT] = "present",
  [POND_ENTRY_MISSING] = "missing",
  [POND_ENTRY_CHANGED] = "changed",
};

PondLibraryRow *
pond_library_row_new (const char *uid,
                      const char *type,
                      const char *title)
{
  PondLibraryRow *self = g_new0 (PondLibraryRow, 1);

  self->uid = g_strdup (uid);
  self->type = g_strdup (type);
  self->title = g_utf8_make_valid (title, -1);
  self->duration = -1;
  self->status = POND_ENTRY_PRESENT;

  return self;
}

PondLibraryRow *
pond_library_row_copy (const PondLibraryRow *self)
{
  PondLibraryRow *copy = g_memdup2 (self, sizeof *self);

  copy->uid = g_strdup (self->uid);
  copy->type = g_strdup (self->type);
  copy->title = g_strdup (self->title);
  copy->creator = g_strdup (self->creator);
  copy->account = g_strdup (self->account);
  copy->path = g_strdup (self->path);

  return copy;
}

void
pond_library_row_free (PondLibraryRow *self)
{
  g_free (self->uid);
  g_free (self->type);
  g_free (self->title);
  g_free (self->creator);
  g_free (self->account);
  g_free (self->path);
  g_free (self);
}

static gboolean
is_inside (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      /* Hidden folders hold what is not the person's: ours, and the trash. */
      if (parts[i][0] == '\0' || parts[i][0] == '.')
        return FALSE;
    }

  return TRUE;
}

gboolean
pond_library_row_is_sound (const PondLibraryRow *self)
{
  g_autofree char *name = NULL;
  g_autofree char *uid = NULL;
  const char *suffix;

  if (self->uid == NULL || !pond_file_name_is_uid (self->uid) || self->type == NULL ||
      pond_library_type_to_suffix (self->type) == NULL || self->title == NULL ||
      self->path == NULL || !is_inside (self->path))
    return FALSE;

  name = g_path_get_basename (self->path);
  return pond_file_name_parse (name, NULL, &uid, &suffix) &&
         g_str_equal (uid, self->uid) &&
         g_strcmp0 (pond_library_type_from_suffix (suffix), self->type) == 0;
}

const char *
pond_library_type_to_suffix (const char *type)
{
  if (g_str_equal (type, "default"))
    return ".mp4";
  if (g_str_equal (type, "audio"))
    return ".m4a";
  return NULL;
}

const char *
pond_library_type_from_suffix (const char *suffix)
{
  if (g_str_equal (suffix, ".mp4"))
    return "default";
  if (g_str_equal (suffix, ".m4a"))
    return "audio";
  return NULL;
}

char *
pond_library_make_key (const char *uid,
                       const char *type)
{
  return g_strconcat (uid, "/", type, NULL);
}

static char *
copy_text (PondStatement *statement,
           int            column)
{
  const char *text = pond_statement_get_text (statement, column);

  return text != NULL ? g_utf8_make_valid (text, -1) : NULL;
}

static PondEntryStatus
parse_status (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (status_nicks); i++)
    {
      if (g_strcmp0 (name, status_nicks[i]) == 0)
        return i;
    }

  return POND_ENTRY_PRESENT;
}

PondLibraryRow *
pond_library_row_read (PondStatement *statement)
{
  PondLibraryRow *row = g_new0 (PondLibraryRow, 1);

  row->id = pond_statement_get_int (statement, 0);
  row->uid = copy_text (statement, 1);
  row->type = copy_text (statement, 2);
  row->title = copy_text (statement, 3);
  row->creator = copy_text (statement, 4);
  row->account = copy_text (statement, 5);
  row->private = pond_statement_get_int (statement, 6) != 0;
  row->path = g_strdup (pond_statement_get_text (statement, 7));
  row->bytes = MAX (pond_statement_get_int (statement, 8), 0);
  row->mtime = pond_statement_get_int (statement, 9);
  row->duration = MAX (pond_statement_get_int (statement, 10), -1);
  row->width = CLAMP (pond_statement_get_int (statement, 11), 0, G_MAXINT);
  row->height = CLAMP (pond_statement_get_int (statement, 12), 0, G_MAXINT);
  row->created = MAX (pond_statement_get_int (statement, 13), 0);
  row->saved_at = MAX (pond_statement_get_int (statement, 14), 0);
  row->position = MAX (pond_statement_get_int (statement, 15), 0);
  row->watched = pond_statement_get_int (statement, 16) != 0;
  row->status = parse_status (pond_statement_get_text (statement, 17));

  return row;
}

void
pond_library_row_bind (PondStatement        *statement,
                       const PondLibraryRow *row)
{
  pond_statement_bind_text (statement, 1, row->uid);
  pond_statement_bind_text (statement, 2, row->type);
  pond_statement_bind_text (statement, 3, row->title);
  pond_statement_bind_text (statement, 4, row->creator);
  pond_statement_bind_text (statement, 5, row->account);
  pond_statement_bind_int (statement, 6, row->private);
  pond_statement_bind_text (statement, 7, row->path);
  pond_statement_bind_int (statement, 8, row->bytes);
  pond_statement_bind_int (statement, 9, row->mtime);
  pond_statement_bind_int (statement, 10, row->duration);
  pond_statement_bind_int (statement, 11, row->width);
  pond_statement_bind_int (statement, 12, row->height);
  pond_statement_bind_int (statement, 13, row->created);
  pond_statement_bind_int (statement, 14, row->saved_at);
}

const char *
pond_entry_status_to_nick (PondEntryStatus status)
{
  return status_nicks[status];
}
