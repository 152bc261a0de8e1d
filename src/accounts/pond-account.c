/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-accounts"

#include "config.h"

#include "accounts/pond-account-private.h"

#include <string.h>

#define ID_LENGTH 32

struct _PondAccount
{
  GObject parent_instance;

  char *id;
  char *name;
  PondAccountOrigin origin;
};

G_DEFINE_ENUM_TYPE (PondAccountOrigin,
                    pond_account_origin,
                    G_DEFINE_ENUM_VALUE (POND_ACCOUNT_KEYRING, "keyring"),
                    G_DEFINE_ENUM_VALUE (POND_ACCOUNT_SESSION, "session"),
                    G_DEFINE_ENUM_VALUE (POND_ACCOUNT_ENVIRONMENT, "environment"),
                    G_DEFINE_ENUM_VALUE (POND_ACCOUNT_SAMPLE, "sample"))

G_DEFINE_FINAL_TYPE (PondAccount, pond_account, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_ORIGIN,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static gboolean
is_id_of_any_case (const char *text)
{
  return strlen (text) == ID_LENGTH && strspn (text, "0123456789abcdefABCDEF") == ID_LENGTH;
}

/* The dashboard's addresses begin with the account's ID; the API's have it after "accounts". Other
 * runs of 32 digits are videos and zones. */
static const char *
find_id_in_path (const char * const *segments,
                 gboolean            is_dashboard)
{
  for (guint i = 0; segments[i] != NULL; i++)
    {
      gboolean is_place = g_str_equal (segments[i], "accounts") || (is_dashboard && i == 0);

      if (is_place && segments[i + 1] != NULL && is_id_of_any_case (segments[i + 1]))
        return segments[i + 1];
    }

  return NULL;
}

static void
pond_account_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  PondAccount *self = POND_ACCOUNT (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_ORIGIN:
      g_value_set_enum (value, self->origin);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_account_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  PondAccount *self = POND_ACCOUNT (object);

  switch (prop_id)
    {
    case PROP_ID:
      self->id = g_value_dup_string (value);
      break;
    case PROP_NAME:
      pond_account_set_name (self, g_value_get_string (value));
      break;
    case PROP_ORIGIN:
      self->origin = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pond_account_finalize (GObject *object)
{
  PondAccount *self = POND_ACCOUNT (object);

  g_free (self->id);
  g_free (self->name);

  G_OBJECT_CLASS (pond_account_parent_class)->finalize (object);
}

static void
pond_account_class_init (PondAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = pond_account_get_property;
  object_class->set_property = pond_account_set_property;
  object_class->finalize = pond_account_finalize;

  /**
   * PondAccount:id: (getter get_id)
   *
   * The account's ID at Cloudflare: 32 lowercase hexadecimal digits.
   */
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL,
                                             G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                                 G_PARAM_STATIC_STRINGS);

  /**
   * PondAccount:name: (getter get_name) (setter set_name)
   *
   * What the person calls the account.
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL,
                                               G_PARAM_READWRITE | G_PARAM_CONSTRUCT |
                                                   G_PARAM_EXPLICIT_NOTIFY |
                                                   G_PARAM_STATIC_STRINGS);

  /**
   * PondAccount:origin: (getter get_origin)
   *
   * Where the account and its token come from. It changes when the account is added once more and
   * the keyring has come or gone since.
   */
  properties[PROP_ORIGIN] = g_param_spec_enum ("origin", NULL, NULL, POND_TYPE_ACCOUNT_ORIGIN,
                                               POND_ACCOUNT_KEYRING,
                                               G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                                   G_PARAM_EXPLICIT_NOTIFY |
                                                   G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pond_account_init (PondAccount *self)
{
}

PondAccount *
pond_account_new (const char        *id,
                  const char        *name,
                  PondAccountOrigin  origin)
{
  g_return_val_if_fail (pond_account_is_id (id), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_object_new (POND_TYPE_ACCOUNT,
                       "id", id,
                       "name", name,
                       "origin", origin,
                       NULL);
}

const char *
pond_account_get_id (PondAccount *self)
{
  g_return_val_if_fail (POND_IS_ACCOUNT (self), NULL);

  return self->id;
}

const char *
pond_account_get_name (PondAccount *self)
{
  g_return_val_if_fail (POND_IS_ACCOUNT (self), NULL);

  return self->name;
}

void
pond_account_set_name (PondAccount *self,
                       const char  *name)
{
  g_return_if_fail (POND_IS_ACCOUNT (self));
  g_return_if_fail (name != NULL);

  if (g_set_str (&self->name, name))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

PondAccountOrigin
pond_account_get_origin (PondAccount *self)
{
  g_return_val_if_fail (POND_IS_ACCOUNT (self), POND_ACCOUNT_KEYRING);

  return self->origin;
}

void
pond_account_set_origin (PondAccount       *self,
                         PondAccountOrigin  origin)
{
  g_return_if_fail (POND_IS_ACCOUNT (self));

  if (self->origin == origin)
    return;

  self->origin = origin;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ORIGIN]);
}

gboolean
pond_account_is_id (const char *text)
{
  return text != NULL && strlen (text) == ID_LENGTH &&
         strspn (text, "0123456789abcdef") == ID_LENGTH;
}

char *
pond_account_parse_id (const char *text)
{
  g_autofree char *stripped = NULL;
  g_autofree char *address = NULL;
  g_autoptr (GUri) uri = NULL;
  g_auto (GStrv) segments = NULL;
  const char *id;
  const char *host;
  gboolean is_dashboard;

  g_return_val_if_fail (text != NULL, NULL);

  stripped = g_strstrip (g_strdup (text));
  if (is_id_of_any_case (stripped))
    return g_ascii_strdown (stripped, -1);

  /* Browsers leave the scheme out of what they show. */
  if (strstr (stripped, "://") != NULL)
    address = g_steal_pointer (&stripped);
  else
    address = g_strconcat ("https://", stripped, NULL);

  uri = g_uri_parse (address, G_URI_FLAGS_PARSE_RELAXED, NULL);
  if (uri == NULL)
    return NULL;

  host = g_uri_get_host (uri);
  is_dashboard = host != NULL && (g_ascii_strcasecmp (host, "dash.cloudflare.com") == 0 ||
                                  g_ascii_strcasecmp (host, "one.dash.cloudflare.com") == 0);

  segments = g_strsplit (g_uri_get_path (uri), "/", -1);
  id = find_id_in_path ((const char * const *) segments, is_dashboard);

  return id != NULL ? g_ascii_strdown (id, -1) : NULL;
}
