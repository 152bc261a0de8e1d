/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-check-step.h"

#include <glib/gi18n-lib.h>

struct _PondCheckStep
{
  GObject parent_instance;

  PondCheckKind kind;
  PondCheckState state;
  char *detail;
  char *advice;
};

G_DEFINE_ENUM_TYPE (PondCheckState, pond_check_state,
                    G_DEFINE_ENUM_VALUE (POND_CHECK_PENDING, "pending"),
                    G_DEFINE_ENUM_VALUE (POND_CHECK_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (POND_CHECK_PASSED, "passed"),
                    G_DEFINE_ENUM_VALUE (POND_CHECK_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (POND_CHECK_UNKNOWN, "unknown"))

G_DEFINE_FINAL_TYPE (PondCheckStep, pond_check_step, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_STATE,
  PROP_DETAIL,
  PROP_ADVICE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
pond_check_step_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  PondCheckStep *self = POND_CHECK_STEP (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, pond_check_step_get_title (self));
      break;

    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;

    case PROP_ADVICE:
      g_value_set_string (value, self->advice);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_check_step_finalize (GObject *object)
{
  PondCheckStep *self = POND_CHECK_STEP (object);

  g_free (self->detail);
  g_free (self->advice);

  G_OBJECT_CLASS (pond_check_step_parent_class)->finalize (object);
}

static void
pond_check_step_class_init (PondCheckStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pond_check_step_get_property;
  object_class->finalize = pond_check_step_finalize;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, POND_TYPE_CHECK_STATE, POND_CHECK_PENDING,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_ADVICE] = g_param_spec_string ("advice", NULL, NULL, NULL,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pond_check_step_init (PondCheckStep *self)
{
}

/**
 * pond_check_step_new:
 * @kind: what it checks
 *
 * Returns: (transfer full): a step that is pending
 */
PondCheckStep *
pond_check_step_new (PondCheckKind kind)
{
  PondCheckStep *self = g_object_new (POND_TYPE_CHECK_STEP, NULL);

  self->kind = kind;

  return self;
}

/**
 * pond_check_step_get_kind:
 * @self: a step
 *
 * Returns: what it checks
 */
PondCheckKind
pond_check_step_get_kind (PondCheckStep *self)
{
  return self->kind;
}

/**
 * pond_check_step_get_title:
 * @self: a step
 *
 * Returns: (transfer none): what is so if the step passes, for a person
 */
const char *
pond_check_step_get_title (PondCheckStep *self)
{
  switch (self->kind)
    {
    case POND_CHECK_TOKEN_FORM:
      return _("The token is well-formed");

    case POND_CHECK_TOKEN_ACTIVE:
      return _("The token is active");

    case POND_CHECK_ACCOUNT:
      return _("The account can be reached");

    case POND_CHECK_STREAM:
      return _("Videos can be listed");

    case POND_CHECK_ENABLE:
      return _("Downloads can be enabled");

    case POND_CHECK_EXPIRY:
      return _("The token stays valid");

    case POND_CHECK_N_KINDS:
    default:
      g_return_val_if_reached ("");
    }
}

/**
 * pond_check_step_get_state:
 * @self: a step
 *
 * Returns: how far it is
 */
PondCheckState
pond_check_step_get_state (PondCheckStep *self)
{
  return self->state;
}

/**
 * pond_check_step_get_detail:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): what was found, a sentence
 */
const char *
pond_check_step_get_detail (PondCheckStep *self)
{
  return self->detail;
}

/**
 * pond_check_step_get_advice:
 * @self: a step
 *
 * Returns: (transfer none) (nullable): what the person can do, and where. A step that passed has some
 *   when it soon won't any more
 */
const char *
pond_check_step_get_advice (PondCheckStep *self)
{
  return self->advice;
}

/**
 * pond_check_step_set:
 * @self: a step
 * @state: how far it is now
 * @detail: (nullable): what was found
 * @advice: (nullable): what the person can do
 *
 * For the account check alone.
 */
void
pond_check_step_set (PondCheckStep  *self,
                     PondCheckState  state,
                     const char     *detail,
                     const char     *advice)
{
  GObject *object = G_OBJECT (self);

  /* Whoever hears of the state finds the words that belong to it. */
  g_object_freeze_notify (object);

  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (object, properties[PROP_STATE]);
    }
  if (g_set_str (&self->detail, detail))
    g_object_notify_by_pspec (object, properties[PROP_DETAIL]);
  if (g_set_str (&self->advice, advice))
    g_object_notify_by_pspec (object, properties[PROP_ADVICE]);

  g_object_thaw_notify (object);
}
