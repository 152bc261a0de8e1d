/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-jwk.h"
#include "stream/pond-signing-key.h"

#include <glib/gi18n-lib.h>
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <string.h>

#define MAX_ID     128
#define MAX_TEXT   (32 * 1024)
#define LEAST_BITS 2048
#define USUAL_LIFE 3600

struct _PondSigningKey
{
  char *id;
  gnutls_x509_privkey_t key;
};

G_DEFINE_BOXED_TYPE (PondSigningKey, pond_signing_key, pond_signing_key_ref, pond_signing_key_unref)

static void
pond_signing_key_clear (gpointer data)
{
  PondSigningKey *self = data;

  g_free (self->id);
  gnutls_x509_privkey_deinit (self->key);
}

static PondSigningKey *
pond_signing_key_alloc (const char *id)
{
  PondSigningKey *self = g_atomic_rc_box_new0 (PondSigningKey);

  self->id = g_strdup (id);
  gnutls_x509_privkey_init (&self->key);

  return self;
}

/**
 * pond_signing_key_ref:
 * @self: a key
 *
 * Returns: (transfer full): @self
 */
PondSigningKey *
pond_signing_key_ref (PondSigningKey *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * pond_signing_key_unref:
 * @self: (transfer full): a key
 *
 * Gives it back. The last reference wipes it.
 */
void
pond_signing_key_unref (PondSigningKey *self)
{
  g_atomic_rc_box_release_full (self, pond_signing_key_clear);
}

/* It becomes a part of a header in JSON. */
static gboolean
is_id (const char *text)
{
  gsize length = strlen (text);

  return length > 0 && length <= MAX_ID &&
         strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == length;
}

static gboolean
read_pem (const char            *text,
          gnutls_x509_privkey_t  key)
{
  gnutls_datum_t pem = { (unsigned char *) text, (unsigned int) strlen (text) };

  return gnutls_x509_privkey_import2 (key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0) == GNUTLS_E_SUCCESS;
}

/* @text is the caller's own, since base64 is decoded where it lies. */
static gboolean
read_text (char                  *text,
           const char            *id,
           gnutls_x509_privkey_t  key)
{
  gsize length = strlen (text);

  g_strstrip (text);
  if (*text != '-' && *text != '{' && *text != '\0')
    {
      g_base64_decode_inplace (text, &length);
      text[length] = '\0';
      g_strstrip (text);
    }

  return *text == '{' ? pond_jwk_read (text, id, key) : read_pem (text, key);
}

static char *
encode (const guint8 *data,
        gsize         size)
{
  char *text = g_base64_encode (data, size);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return text;
}

static char *
sign_text (PondSigningKey  *self,
           const char      *text,
           GError         **error)
{
  gnutls_datum_t data = { (unsigned char *) text, (unsigned int) strlen (text) };
  gnutls_datum_t signature = { 0 };
  gnutls_privkey_t key;
  char *encoded = NULL;
  int status;

  gnutls_privkey_init (&key);
  status = gnutls_privkey_import_x509 (key, self->key, 0);
  if (status == GNUTLS_E_SUCCESS)
    status = gnutls_privkey_sign_data2 (key, GNUTLS_SIGN_RSA_SHA256, 0, &data, &signature);

  if (status == GNUTLS_E_SUCCESS)
    encoded = encode (signature.data, signature.size);
  else
    g_set_error (error, POND_LINK_ERROR, POND_LINK_ERROR_KEY, _("The signing key does not sign: %s"),
                 gnutls_strerror (status));

  gnutls_free (signature.data);
  gnutls_privkey_deinit (key);

  return encoded;
}

/* Numbers that do not belong together are found out by a signature, which GnuTLS checks itself. */
static gboolean
is_good (PondSigningKey  *self,
         GError         **error)
{
  g_autofree char *signature = NULL;
  unsigned int bits = 0;

  if (gnutls_x509_privkey_get_pk_algorithm2 (self->key, &bits) != GNUTLS_PK_RSA || bits < LEAST_BITS)
    g_set_error (error, POND_LINK_ERROR, POND_LINK_ERROR_KEY,
                 _("Stream signs with RSA keys of %d bits or more; this is another one"), LEAST_BITS);
  else
    signature = sign_text (self, self->id, error);

  return signature != NULL;
}

/**
 * pond_signing_key_new:
 * @id: the key's ID, as Stream gave it
 * @text: the key: PEM or JWK, or either in base64 as Stream gives them; the caller wipes it
 * @error: %POND_LINK_ERROR_KEY
 *
 * Returns: (transfer full) (nullable): the key
 */
PondSigningKey *
pond_signing_key_new (const char  *id,
                      const char  *text,
                      GError     **error)
{
  g_autoptr(PondSigningKey) self = NULL;
  gsize size = strnlen (text, MAX_TEXT) + 1;
  g_autofree char *copy = g_strndup (text, size - 1);
  gboolean read;

  if (!is_id (id))
    {
      explicit_bzero (copy, size);
      g_set_error_literal (error, POND_LINK_ERROR, POND_LINK_ERROR_KEY,
                           _("This is no ID of a signing key: that has letters and digits only"));
      return NULL;
    }

  self = pond_signing_key_alloc (id);
  read = read_text (copy, id, self->key);
  explicit_bzero (copy, size);
  if (!read)
    {
      g_set_error_literal (error, POND_LINK_ERROR, POND_LINK_ERROR_KEY,
                           _("This is no signing key with that ID. Stream gives each as “pem” and as “jwk”; "
                             "either will do, and both only when the key is made"));
      return NULL;
    }

  return is_good (self, error) ? g_steal_pointer (&self) : NULL;
}

static void
free_secret (gpointer data)
{
  GString *text = data;

  explicit_bzero (text->str, text->allocated_len);
  g_string_free (text, TRUE);
}

/**
 * pond_signing_key_save:
 * @self: a key
 *
 * Returns: (transfer full): the key and its ID, for the keyring; wiped with the last reference
 */
GBytes *
pond_signing_key_save (PondSigningKey *self)
{
  gnutls_datum_t pem;
  GString *text;

  if (gnutls_x509_privkey_export2 (self->key, GNUTLS_X509_FMT_PEM, &pem) != GNUTLS_E_SUCCESS)
    g_error ("A key that was read can't be written");

  /* All at once, since a string that grows leaves copies behind. */
  text = g_string_sized_new (strlen (self->id) + pem.size + 2);
  g_string_append_printf (text, "%s\n", self->id);
  g_string_append_len (text, (const char *) pem.data, pem.size);
  explicit_bzero (pem.data, pem.size);
  gnutls_free (pem.data);

  return g_bytes_new_with_free_func (text->str, text->len, free_secret, text);
}

/**
 * pond_signing_key_load:
 * @secret: what pond_signing_key_save() gave
 * @error: %POND_LINK_ERROR_KEY
 *
 * Returns: (transfer full) (nullable): the key
 */
PondSigningKey *
pond_signing_key_load (GBytes  *secret,
                       GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (secret, &size);
  const char *line_end = size > 0 ? memchr (data, '\n', size) : NULL;
  g_autofree char *id = NULL;
  g_autofree char *text = NULL;
  PondSigningKey *self;

  if (line_end == NULL)
    {
      g_set_error_literal (error, POND_LINK_ERROR, POND_LINK_ERROR_KEY,
                           _("What the keyring holds is no signing key. Remove the key and add it again"));
      return NULL;
    }

  id = g_strndup (data, line_end - data);
  text = g_strndup (line_end + 1, size - (line_end + 1 - data));
  self = pond_signing_key_new (id, text, error);
  explicit_bzero (text, strlen (text));

  return self;
}

static char *
make_payload (PondSigningKey        *self,
              const char            *uid,
              const PondLinkRequest *request)
{
  g_autoptr(JsonNode) node = pond_link_request_to_json (request);
  JsonObject *claims = json_node_get_object (node);

  json_object_set_string_member (claims, "sub", uid);
  json_object_set_string_member (claims, "kid", self->id);
  if (request->expires == 0)
    json_object_set_int_member (claims, "exp", g_get_real_time () / G_USEC_PER_SEC + USUAL_LIFE);

  return json_to_string (node, FALSE);
}

/**
 * pond_signing_key_sign:
 * @self: a key
 * @uid: a video of the key's account
 * @request: what the token is to allow; within the bounds of pond_link_request_check()
 * @error: %POND_LINK_ERROR_KEY
 *
 * Makes a token: a JWT signed with RSASSA-PKCS1-v1_5 and SHA-256.
 *
 * Returns: (transfer full) (nullable): the token, a secret
 */
char *
pond_signing_key_sign (PondSigningKey         *self,
                       const char             *uid,
                       const PondLinkRequest  *request,
                       GError                **error)
{
  g_autofree char *header = g_strdup_printf ("{\"alg\":\"RS256\",\"kid\":\"%s\"}", self->id);
  g_autofree char *payload = make_payload (self, uid, request);
  g_autofree char *first = encode ((const guint8 *) header, strlen (header));
  g_autofree char *second = encode ((const guint8 *) payload, strlen (payload));
  g_autofree char *text = g_strjoin (".", first, second, NULL);
  g_autofree char *signature = sign_text (self, text, error);

  return signature != NULL ? g_strjoin (".", text, signature, NULL) : NULL;
}
