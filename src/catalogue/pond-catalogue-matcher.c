/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-catalogue"

#include "config.h"

#include "catalogue/pond-catalogue-matcher.h"

#include <string.h>

/* Shorter ones are words as well. */
#define MIN_UID_PREFIX 8

struct _PondCatalogueMatcher
{
  PondCatalogueFilter filter; /* its texts are unset */
  GPtrArray *words;           /* each with the blank before it */
  char *uid_prefix;
  char *creator;
};

static GPtrArray *
split_words (const char *folded)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);

  while (*folded == ' ')
    {
      gsize length = 1 + strcspn (folded + 1, " ");

      g_ptr_array_add (words, g_strndup (folded, length));
      folded += length;
    }

  return words;
}

static char *
find_uid_prefix (const char *text)
{
  g_autofree char *prefix = g_strstrip (g_ascii_strdown (text, -1));
  gsize length = strlen (prefix);

  return length >= MIN_UID_PREFIX && strspn (prefix, "0123456789abcdef") == length
             ? g_steal_pointer (&prefix)
             : NULL;
}

PondCatalogueMatcher *
pond_catalogue_matcher_new (const PondCatalogueFilter *filter)
{
  PondCatalogueMatcher *self = g_new0 (PondCatalogueMatcher, 1);
  g_autofree char *folded = pond_catalogue_fold (filter->text);

  self->filter = *filter;
  self->filter.text = NULL;
  self->filter.creator = NULL;
  self->words = split_words (folded);
  self->creator = g_strdup (filter->creator);
  if (filter->text != NULL)
    self->uid_prefix = find_uid_prefix (filter->text);

  return self;
}

void
pond_catalogue_matcher_free (PondCatalogueMatcher *self)
{
  g_ptr_array_unref (self->words);
  g_free (self->uid_prefix);
  g_free (self->creator);
  g_free (self);
}

static gboolean
is_chosen (PondChoice choice,
           gboolean   value)
{
  return choice == POND_CHOICE_ANY || (choice == POND_CHOICE_YES) == !!value;
}

static gboolean
has_text (PondCatalogueMatcher   *self,
          const PondCatalogueRow *row)
{
  if (self->uid_prefix != NULL && g_str_has_prefix (pond_video_get_uid (row->video), self->uid_prefix))
    return TRUE;

  for (guint i = 0; i < self->words->len; i++)
    {
      if (strstr (row->words, g_ptr_array_index (self->words, i)) == NULL)
        return FALSE;
    }

  return TRUE;
}

gboolean
pond_catalogue_matcher_matches (PondCatalogueMatcher   *self,
                                const PondCatalogueRow *row,
                                PondCatalogueSavedFunc  saved_func,
                                gpointer                saved_data)
{
  const PondCatalogueFilter *filter = &self->filter;
  PondVideo *video = row->video;
  gint64 created = pond_video_get_created (video);

  if ((filter->states != 0 && (filter->states & (1u << pond_video_get_state (video))) == 0) ||
      !is_chosen (filter->private, pond_video_get_private (video)) ||
      !is_chosen (filter->recording, pond_video_get_recording (video)) ||
      (filter->since != 0 && created < filter->since) ||
      (filter->until != 0 && created >= filter->until) ||
      (self->creator != NULL && g_strcmp0 (self->creator, pond_video_get_creator (video)) != 0) ||
      !has_text (self, row))
    return FALSE;

  return filter->saved == POND_CHOICE_ANY ||
         is_chosen (filter->saved, saved_func != NULL && saved_func (pond_video_get_uid (video), saved_data));
}
