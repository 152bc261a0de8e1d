/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-link-request.h"
#include "stream/pond-link-time.h"

#include <glib/gi18n-lib.h>

/**
 * pond_link_request_new:
 *
 * Returns: (transfer full): a request for a link to a file, good for everyone and for an hour
 */
PondLinkRequest *
pond_link_request_new (void)
{
  PondLinkRequest *self = g_new0 (PondLinkRequest, 1);

  self->downloadable = TRUE;

  return self;
}

/**
 * pond_link_request_free:
 * @self: (transfer full): a request
 *
 * Frees it, and its rules.
 */
void
pond_link_request_free (PondLinkRequest *self)
{
  g_clear_pointer (&self->rules, pond_access_rules_free);
  g_free (self);
}

/**
 * pond_link_request_check:
 * @self: a request
 * @now: seconds since 1970
 * @error: %POND_LINK_ERROR_EXPIRES or %POND_LINK_ERROR_NOT_BEFORE
 *
 * Returns: whether its times are within what Stream takes
 */
gboolean
pond_link_request_check (const PondLinkRequest  *self,
                         gint64                  now,
                         GError                **error)
{
  gint64 expires = self->expires != 0 ? self->expires : now + 3600;

  if (expires <= now)
    g_set_error_literal (error, POND_LINK_ERROR, POND_LINK_ERROR_EXPIRES,
                         _("The link would end before it is made"));
  else if (expires > now + POND_LINK_LONGEST)
    g_set_error (error, POND_LINK_ERROR, POND_LINK_ERROR_EXPIRES,
                 g_dngettext (GETTEXT_PACKAGE, "A link can last no longer than %d hour",
                              "A link can last no longer than %d hours", POND_LINK_LONGEST / 3600),
                 POND_LINK_LONGEST / 3600);
  else if (self->not_before >= expires)
    g_set_error_literal (error, POND_LINK_ERROR, POND_LINK_ERROR_NOT_BEFORE,
                         _("The link would end before it begins"));
  else
    return TRUE;

  return FALSE;
}

/**
 * pond_link_request_to_json:
 * @self: a request
 *
 * Returns: (transfer full): the object that `POST token` takes, and that is the payload of a token but for the
 *   video and the key
 */
JsonNode *
pond_link_request_to_json (const PondLinkRequest *self)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  if (self->expires != 0)
    json_object_set_int_member (object, "exp", self->expires);
  if (self->not_before != 0)
    json_object_set_int_member (object, "nbf", self->not_before);
  json_object_set_boolean_member (object, "downloadable", self->downloadable);
  if (self->rules != NULL && pond_access_rules_get_length (self->rules) > 0)
    json_object_set_member (object, "accessRules", pond_access_rules_to_json (self->rules));

  return node;
}

static char *
describe_times (const PondLinkRequest *self)
{
  g_autofree char *end = pond_link_format_time (self->expires);
  g_autofree char *begin = NULL;

  /* Translators: %s is a date and a time. */
  if (self->not_before == 0)
    return g_strdup_printf (self->downloadable ? _("Can be downloaded until %s") : _("Can be played until %s"), end);

  begin = pond_link_format_time (self->not_before);

  /* Translators: %s are dates and times. */
  return g_strdup_printf (self->downloadable ? _("Can be downloaded from %s until %s")
                                             : _("Can be played from %s until %s"), begin, end);
}

/**
 * pond_link_request_describe:
 * @self: a request that says when the link ends
 *
 * Says in words what the link allows: "Can be downloaded until 24 Nov 2026, 18:00, from Germany and France, and
 * from 192.0.2.0/24". Times are the person's own.
 *
 * Returns: (transfer full): a sentence without a full stop
 */
char *
pond_link_request_describe (const PondLinkRequest *self)
{
  g_autofree char *times = NULL;

  g_return_val_if_fail (self->expires != 0, NULL);

  times = describe_times (self);

  return self->rules != NULL ? pond_access_rules_describe (self->rules, times) : g_steal_pointer (&times);
}
