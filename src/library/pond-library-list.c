/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-library"

#include "config.h"

#include "library/pond-library-list.h"

#include "library/pond-library-entry-private.h"

struct _PondLibraryList
{
  GObject parent_instance;

  GFile *folder;
  GPtrArray *entries; /* last saved first */
  GHashTable *by_key; /* key -> entry, unowned */

  /* Entry -> the stamp of when its position or watched was last set. */
  GHashTable *touched;
  guint64 last_stamp;
  GHashTable *unwritten; /* set of entries */
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PondLibraryList,
                               pond_library_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type (GListModel *model)
{
  return POND_TYPE_LIBRARY_ENTRY;
}

static guint
get_n_items (GListModel *model)
{
  return POND_LIBRARY_LIST (model)->entries->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  PondLibraryList *self = POND_LIBRARY_LIST (model);

  return position < self->entries->len
             ? g_object_ref (g_ptr_array_index (self->entries, position))
             : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static char *
key_of (PondLibraryEntry *entry)
{
  const PondLibraryRow *row = pond_library_entry_get_row (entry);

  return pond_library_make_key (row->uid, row->type);
}

/* The entry that shows @row, which is taken over: the one there is, or a new one. */
static PondLibraryEntry *
adopt_row (PondLibraryList *self,
           PondLibraryRow  *row,
           guint64          stamp)
{
  g_autofree char *key = pond_library_make_key (row->uid, row->type);
  PondLibraryEntry *entry = g_hash_table_lookup (self->by_key, key);
  guint64 *touched;

  if (entry == NULL)
    return pond_library_entry_new (self->folder, row);

  touched = g_hash_table_lookup (self->touched, entry);
  if (touched != NULL && *touched > stamp)
    {
      row->position = pond_library_entry_get_position (entry);
      row->watched = pond_library_entry_get_watched (entry);
    }
  pond_library_entry_update (entry, row);
  return g_object_ref (entry);
}

static void
pond_library_list_finalize (GObject *object)
{
  PondLibraryList *self = POND_LIBRARY_LIST (object);

  g_clear_object (&self->folder);
  g_hash_table_unref (self->unwritten);
  g_hash_table_unref (self->touched);
  g_hash_table_unref (self->by_key);
  g_ptr_array_unref (self->entries);

  G_OBJECT_CLASS (pond_library_list_parent_class)->finalize (object);
}

static void
pond_library_list_class_init (PondLibraryListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = pond_library_list_finalize;
}

static void
pond_library_list_init (PondLibraryList *self)
{
  self->entries = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->touched = g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);
  self->unwritten = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

PondLibraryList *
pond_library_list_new (GFile *folder)
{
  PondLibraryList *self = g_object_new (POND_TYPE_LIBRARY_LIST, NULL);

  self->folder = g_object_ref (folder);

  return self;
}

PondLibraryEntry *
pond_library_list_find (PondLibraryList *self,
                        const char      *uid,
                        const char      *type)
{
  g_autofree char *key = pond_library_make_key (uid, type);

  return g_hash_table_lookup (self->by_key, key);
}

PondLibraryEntry *
pond_library_list_put_first (PondLibraryList *self,
                             PondLibraryRow  *row)
{
  g_autofree char *key = pond_library_make_key (row->uid, row->type);
  PondLibraryEntry *entry = g_hash_table_lookup (self->by_key, key);
  guint position;

  if (entry == NULL)
    {
      entry = pond_library_entry_new (self->folder, row);
      g_hash_table_insert (self->by_key, g_steal_pointer (&key), entry);
    }
  else
    {
      row->position = pond_library_entry_get_position (entry);
      row->watched = pond_library_entry_get_watched (entry);
      pond_library_entry_update (entry, row);
      g_ptr_array_find (self->entries, entry, &position);
      if (position == 0)
        return entry;

      g_object_ref (entry);
      g_ptr_array_remove_index (self->entries, position);
      g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
    }

  g_ptr_array_insert (self->entries, 0, entry);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, 1);
  return entry;
}

void
pond_library_list_remove (PondLibraryList      *self,
                          const PondLibraryRow *row)
{
  g_autofree char *key = pond_library_make_key (row->uid, row->type);
  PondLibraryEntry *entry = g_hash_table_lookup (self->by_key, key);
  guint position;

  if (!g_ptr_array_find (self->entries, entry, &position))
    return;

  g_hash_table_remove (self->by_key, key);
  g_hash_table_remove (self->touched, entry);
  g_hash_table_remove (self->unwritten, entry);
  g_ptr_array_remove_index (self->entries, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

guint64
pond_library_list_get_stamp (PondLibraryList *self)
{
  return self->last_stamp;
}

void
pond_library_list_apply (PondLibraryList *self,
                         GPtrArray       *rows,
                         guint64          stamp)
{
  g_autoptr (GPtrArray) old = self->entries;
  guint before = 0, after = 0;

  self->entries = g_ptr_array_new_full (rows->len, g_object_unref);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (self->entries, adopt_row (self, g_ptr_array_index (rows, i), stamp));
  g_ptr_array_set_free_func (rows, NULL);

  g_hash_table_remove_all (self->by_key);
  for (guint i = 0; i < self->entries->len; i++)
    {
      PondLibraryEntry *entry = g_ptr_array_index (self->entries, i);

      g_hash_table_insert (self->by_key, key_of (entry), entry);
    }
  for (guint i = 0; i < old->len; i++)
    {
      PondLibraryEntry *entry = g_ptr_array_index (old, i);
      g_autofree char *key = key_of (entry);

      if (g_hash_table_lookup (self->by_key, key) != entry)
        {
          g_hash_table_remove (self->touched, entry);
          g_hash_table_remove (self->unwritten, entry);
        }
    }

  /* What is the same at both ends stays untouched. */
  while (before < MIN (old->len, self->entries->len) &&
         old->pdata[before] == self->entries->pdata[before])
    before++;
  while (after < MIN (old->len, self->entries->len) - before &&
         old->pdata[old->len - 1 - after] == self->entries->pdata[self->entries->len - 1 - after])
    after++;

  if (before + after < MAX (old->len, self->entries->len))
    g_list_model_items_changed (G_LIST_MODEL (self),
                                before,
                                old->len - before - after,
                                self->entries->len - before - after);
}

void
pond_library_list_touch (PondLibraryList  *self,
                         PondLibraryEntry *entry)
{
  guint64 stamp = ++self->last_stamp;

  g_hash_table_insert (self->touched, g_object_ref (entry), g_memdup2 (&stamp, sizeof stamp));
  g_hash_table_add (self->unwritten, g_object_ref (entry));
}

GPtrArray *
pond_library_list_take_unwritten (PondLibraryList *self)
{
  GPtrArray *rows;
  GHashTableIter iter;
  gpointer entry;

  if (g_hash_table_size (self->unwritten) == 0)
    return NULL;

  rows = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_library_row_free);
  g_hash_table_iter_init (&iter, self->unwritten);
  while (g_hash_table_iter_next (&iter, &entry, NULL))
    g_ptr_array_add (rows, pond_library_row_copy (pond_library_entry_get_row (entry)));
  g_hash_table_remove_all (self->unwritten);

  return rows;
}
