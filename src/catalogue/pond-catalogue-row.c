/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-catalogue"

#include "config.h"

#include "catalogue/pond-catalogue-row.h"

#include <string.h>

/* Each change makes whoever shows the list do some work, so that many are worse than one that is too
 * long. */
#define MAX_CHANGES 64

typedef struct
{
  guint position;
  guint n_removed;
  guint first_added;
  guint n_added;
} Change;

PondCatalogueRow *
pond_catalogue_row_new (PondVideo *video)
{
  PondCatalogueRow *self = g_atomic_rc_box_new0 (PondCatalogueRow);
  const char *title = pond_video_get_title (video);
  const char *creator = pond_video_get_creator (video);
  g_autofree char *title_words = pond_catalogue_fold (title);
  g_autofree char *creator_words = pond_catalogue_fold (creator);

  self->video = g_object_ref (video);
  self->words = g_strconcat (title_words, creator_words, NULL);
  if (title != NULL)
    self->title_key = g_utf8_collate_key_for_filename (title, -1);

  return self;
}

PondCatalogueRow *
pond_catalogue_row_ref (PondCatalogueRow *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_row (gpointer data)
{
  PondCatalogueRow *self = data;

  g_object_unref (self->video);
  g_free (self->words);
  g_free (self->title_key);
}

void
pond_catalogue_row_unref (PondCatalogueRow *self)
{
  g_atomic_rc_box_release_full (self, clear_row);
}

static int
compare_numbers (gint64 a,
                 gint64 b)
{
  return (a > b) - (a < b);
}

static int
compare_titles (const PondCatalogueRow *a,
                const PondCatalogueRow *b)
{
  if (a->title_key == NULL || b->title_key == NULL)
    return (a->title_key == NULL) - (b->title_key == NULL);

  return strcmp (a->title_key, b->title_key);
}

static int
compare_durations (const PondCatalogueRow *a,
                   const PondCatalogueRow *b,
                   int                     direction)
{
  gint64 duration_a = pond_video_get_duration (a->video);
  gint64 duration_b = pond_video_get_duration (b->video);

  if (duration_a < 0 || duration_b < 0)
    return (duration_a < 0) - (duration_b < 0);

  return direction * compare_numbers (duration_a, duration_b);
}

int
pond_catalogue_row_compare (const PondCatalogueRow *self,
                            const PondCatalogueRow *other,
                            PondCatalogueSort       sort)
{
  int newest = compare_numbers (pond_video_get_created_usec (other->video),
                                pond_video_get_created_usec (self->video));
  int order;

  switch (sort)
    {
    case POND_CATALOGUE_OLDEST:
      newest = -newest;
      order = 0;
      break;

    case POND_CATALOGUE_TITLE:
      order = compare_titles (self, other);
      break;

    case POND_CATALOGUE_LONGEST:
      order = compare_durations (self, other, -1);
      break;

    case POND_CATALOGUE_SHORTEST:
      order = compare_durations (self, other, 1);
      break;

    case POND_CATALOGUE_NEWEST:
    default:
      order = 0;
      break;
    }

  if (order != 0)
    return order;
  if (newest != 0)
    return newest;

  return strcmp (pond_video_get_uid (self->video), pond_video_get_uid (other->video));
}

static gboolean
is_word_by_itself (gunichar c)
{
  GUnicodeBreakType type = g_unichar_break_type (c);

  return type == G_UNICODE_BREAK_IDEOGRAPHIC || type == G_UNICODE_BREAK_COMPLEX_CONTEXT;
}

char *
pond_catalogue_fold (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  g_autofree char *normal = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL);
  g_autofree char *folded = g_utf8_casefold (normal, -1);
  GString *words = g_string_sized_new (strlen (folded) + 1);
  gboolean in_word = FALSE;

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      /* Marks sit on a letter, and an apostrophe between two. */
      if (g_unichar_ismark (c) || c == '\'' || c == 0x2019)
        continue;

      if (!g_unichar_isalnum (c))
        {
          in_word = FALSE;
          continue;
        }

      if (!in_word || is_word_by_itself (c))
        g_string_append_c (words, ' ');
      g_string_append_unichar (words, c);
      in_word = !is_word_by_itself (c);
    }

  return g_string_free_and_steal (words);
}

static GArray *
find_changes (GPtrArray         *rows,
              GPtrArray         *target,
              PondCatalogueSort  sort)
{
  GArray *changes = g_array_new (FALSE, FALSE, sizeof (Change));
  guint i = 0, j = 0;

  while (i < rows->len || j < target->len)
    {
      Change change = { .position = i, .first_added = j };

      while (i < rows->len || j < target->len)
        {
          int order;

          if (i == rows->len)
            order = 1;
          else if (j == target->len)
            order = -1;
          else if (rows->pdata[i] == target->pdata[j])
            break;
          else
            order = pond_catalogue_row_compare (rows->pdata[i], target->pdata[j], sort);

          if (order <= 0)
            i++;
          if (order >= 0)
            j++;
        }

      change.n_removed = i - change.position;
      change.n_added = j - change.first_added;
      if (change.n_removed + change.n_added > 0)
        g_array_append_val (changes, change);

      while (i < rows->len && j < target->len && rows->pdata[i] == target->pdata[j])
        {
          i++;
          j++;
        }
    }

  return changes;
}

static void
join_changes (GArray *changes)
{
  Change first = g_array_index (changes, Change, 0);
  Change last = g_array_index (changes, Change, changes->len - 1);

  first.n_removed = last.position + last.n_removed - first.position;
  first.n_added = last.first_added + last.n_added - first.first_added;
  g_array_set_size (changes, 0);
  g_array_append_val (changes, first);
}

static void
splice (GPtrArray    *rows,
        const Change *change,
        GPtrArray    *target)
{
  guint tail = rows->len - change->position - change->n_removed;
  gpointer *place;

  if (change->n_removed > 0)
    g_ptr_array_remove_range (rows, change->position, change->n_removed);
  if (change->n_added == 0)
    return;

  g_ptr_array_set_size (rows, (int) (rows->len + change->n_added));
  place = rows->pdata + change->position;
  memmove (place + change->n_added, place, tail * sizeof (gpointer));
  for (guint i = 0; i < change->n_added; i++)
    place[i] = pond_catalogue_row_ref (target->pdata[change->first_added + i]);
}

void
pond_catalogue_rows_apply (GListModel        *model,
                           GPtrArray         *rows,
                           GPtrArray         *target,
                           PondCatalogueSort  sort)
{
  g_autoptr(GArray) changes = find_changes (rows, target, sort);

  if (changes->len > MAX_CHANGES)
    join_changes (changes);

  /* From the end, so that the positions of those that are still to come stay what they are. */
  for (guint i = changes->len; i > 0; i--)
    {
      const Change *change = &g_array_index (changes, Change, i - 1);

      splice (rows, change, target);
      g_list_model_items_changed (model, change->position, change->n_removed, change->n_added);
    }
}
