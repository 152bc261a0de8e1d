/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-player"

#include "config.h"

#include "player/pond-pipeline-errors.h"

#include <gst/pbutils/pbutils.h>

#include "player/pond-player.h"

struct _PondPipelineErrors
{
  gatomicrefcount ref_count;
  GstElement *pipeline;
  GstBus *bus;

  /* The messages come on the pipeline's threads. */
  GMutex lock;
  GError *first;
  gboolean is_sound;
  GPtrArray *missing;
};

static PondPipelineErrors *
pond_pipeline_errors_ref (PondPipelineErrors *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
pond_pipeline_errors_unref (PondPipelineErrors *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_error (&self->first);
  g_ptr_array_unref (self->missing);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
closure_unref (gpointer data, GClosure *closure)
{
  pond_pipeline_errors_unref (data);
}

static gboolean
is_sound_output (GstObject *object)
{
  for (; object != NULL; object = GST_OBJECT_PARENT (object))
    {
      const char *klass;

      if (!GST_IS_ELEMENT (object))
        continue;

      klass = gst_element_get_metadata (GST_ELEMENT (object), GST_ELEMENT_METADATA_KLASS);
      if (klass != NULL && strstr (klass, "Sink") != NULL && strstr (klass, "Audio") != NULL)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_missing_codec (GstMessage *message)
{
  const GstStructure *details = gst_message_get_structure (message);
  g_autoptr (GstCaps) caps = NULL;
  const char *type;

  if (!gst_is_missing_plugin_message (message))
    return FALSE;

  if (!gst_structure_get (details, "detail", GST_TYPE_CAPS, &caps, NULL) ||
      gst_caps_get_size (caps) == 0)
    return FALSE;

  type = gst_structure_get_name (gst_caps_get_structure (caps, 0));
  return g_str_has_prefix (type, "audio/") || g_str_has_prefix (type, "video/");
}

static int
code_for (const GError *error)
{
  /* No plug-in for what is neither sound nor picture: a text, a web page. */
  if (error->domain == GST_STREAM_ERROR ||
      g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN))
    return POND_PLAYER_ERROR_BROKEN;

  if (error->domain == GST_RESOURCE_ERROR)
    {
      switch (error->code)
        {
        case GST_RESOURCE_ERROR_NOT_FOUND:
        case GST_RESOURCE_ERROR_OPEN_READ:
        case GST_RESOURCE_ERROR_NOT_AUTHORIZED:
          return POND_PLAYER_ERROR_NOT_FOUND;
        case GST_RESOURCE_ERROR_READ:
        case GST_RESOURCE_ERROR_SEEK:
          return POND_PLAYER_ERROR_BROKEN;
        default:
          return POND_PLAYER_ERROR_FAILED;
        }
    }

  return POND_PLAYER_ERROR_FAILED;
}

static void
on_error_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  PondPipelineErrors *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *debug = NULL;

  gst_message_parse_error (message, &error, &debug);
  g_debug ("%s: %s (%s)", GST_OBJECT_NAME (GST_MESSAGE_SRC (message)), error->message, debug);

  g_mutex_lock (&self->lock);
  if (self->first == NULL)
    {
      self->first = g_steal_pointer (&error);
      self->is_sound = is_sound_output (GST_MESSAGE_SRC (message));
    }
  g_mutex_unlock (&self->lock);
}

static void
on_element_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  PondPipelineErrors *self = user_data;
  g_autofree char *description = NULL;

  if (!is_missing_codec (message))
    return;

  description = gst_missing_plugin_message_get_description (message);

  g_mutex_lock (&self->lock);
  if (!g_ptr_array_find_with_equal_func (self->missing, description, g_str_equal, NULL))
    g_ptr_array_add (self->missing, g_steal_pointer (&description));
  g_mutex_unlock (&self->lock);
}

/* GstPlay sets the URI after the pipeline has come to rest and before it starts anew. */
static void
on_uri_changed (GObject *pipeline, GParamSpec *pspec, gpointer user_data)
{
  PondPipelineErrors *self = user_data;

  g_mutex_lock (&self->lock);
  g_clear_error (&self->first);
  self->is_sound = FALSE;
  g_ptr_array_set_size (self->missing, 0);
  g_mutex_unlock (&self->lock);
}

PondPipelineErrors *
pond_pipeline_errors_new (GstElement *pipeline)
{
  PondPipelineErrors *self = g_new0 (PondPipelineErrors, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->missing = g_ptr_array_new_with_free_func (g_free);
  self->pipeline = gst_object_ref (pipeline);
  self->bus = gst_element_get_bus (pipeline);

  g_signal_connect_data (self->bus, "sync-message::error", G_CALLBACK (on_error_message),
                         pond_pipeline_errors_ref (self), closure_unref, G_CONNECT_DEFAULT);
  g_signal_connect_data (self->bus, "sync-message::element", G_CALLBACK (on_element_message),
                         pond_pipeline_errors_ref (self), closure_unref, G_CONNECT_DEFAULT);
  g_signal_connect_data (pipeline, "notify::uri", G_CALLBACK (on_uri_changed),
                         pond_pipeline_errors_ref (self), closure_unref, G_CONNECT_DEFAULT);

  return self;
}

void
pond_pipeline_errors_free (PondPipelineErrors *self)
{
  g_return_if_fail (self != NULL);

  g_signal_handlers_disconnect_by_data (self->bus, self);
  g_signal_handlers_disconnect_by_data (self->pipeline, self);
  gst_clear_object (&self->bus);
  gst_clear_object (&self->pipeline);

  pond_pipeline_errors_unref (self);
}

GError *
pond_pipeline_errors_get_missing (PondPipelineErrors *self)
{
  GError *error = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  g_mutex_lock (&self->lock);
  if (self->missing->len > 0)
    {
      g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
      g_auto (GStrv) names = NULL;
      g_autofree char *list = NULL;

      for (guint i = 0; i < self->missing->len; i++)
        g_strv_builder_add (builder, g_ptr_array_index (self->missing, i));
      names = g_strv_builder_end (builder);
      list = g_strjoinv (", ", names);
      error = g_error_new_literal (POND_PLAYER_ERROR, POND_PLAYER_ERROR_MISSING_CODEC, list);
    }
  g_mutex_unlock (&self->lock);

  return error;
}

GError *
pond_pipeline_errors_get_fatal (PondPipelineErrors *self)
{
  GError *error;

  g_return_val_if_fail (self != NULL, NULL);

  error = pond_pipeline_errors_get_missing (self);
  if (error != NULL)
    return error;

  g_mutex_lock (&self->lock);
  if (self->first != NULL)
    error = g_error_new_literal (POND_PLAYER_ERROR, code_for (self->first), self->first->message);
  else
    error = g_error_new_literal (POND_PLAYER_ERROR, POND_PLAYER_ERROR_FAILED, "Playing stopped");
  g_mutex_unlock (&self->lock);

  return error;
}

gboolean
pond_pipeline_errors_is_sound (PondPipelineErrors *self)
{
  gboolean is_sound;

  g_return_val_if_fail (self != NULL, FALSE);

  g_mutex_lock (&self->lock);
  is_sound = self->is_sound;
  g_mutex_unlock (&self->lock);

  return is_sound;
}
