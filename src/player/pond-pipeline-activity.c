/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "player/pond-pipeline-activity.h"

static void
look_at_pad (const GValue *item,
             gpointer      user_data)
{
  GstPad *pad = g_value_get_object (item);
  gboolean *active = user_data;

  if (gst_pad_get_task_state (pad) == GST_TASK_STARTED)
    *active = TRUE;
}

static void
look_at_element (const GValue *item,
                 gpointer      user_data)
{
  GstIterator *pads = gst_element_iterate_pads (g_value_get_object (item));

  gst_iterator_foreach (pads, look_at_pad, user_data);
  gst_iterator_free (pads);
}

/**
 * pond_pipeline_is_active:
 * @pipeline: a pipeline
 *
 * Looks whether any thread moves data in a pipeline. One that is on its way to its first picture and in
 * which none does will never get there, even though it has not said so: parsebin drops an error that a
 * demuxer posts in the moment in which it is plugged in.
 *
 * Returns: whether there is such a thread
 */
gboolean
pond_pipeline_is_active (GstElement *pipeline)
{
  GstIterator *elements = gst_bin_iterate_recurse (GST_BIN (pipeline));
  gboolean active = FALSE;

  /* When it changes under the iterator, something is going on. */
  if (gst_iterator_foreach (elements, look_at_element, &active) == GST_ITERATOR_RESYNC)
    active = TRUE;
  gst_iterator_free (elements);

  return active;
}
