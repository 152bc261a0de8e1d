/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-demo"

#include "config.h"

#include "demo/pond-demo-keys.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <string.h>

#define KEY_BITS 2048

typedef struct
{
  gnutls_x509_privkey_t private_key;
  char                 *created;
} Key;

struct _PondDemoKeys
{
  /* By ID. */
  GHashTable *keys;
};

static void
key_free (gpointer data)
{
  Key *key = data;

  gnutls_x509_privkey_deinit (key->private_key);
  g_free (key->created);
  g_free (key);
}

PondDemoKeys *
pond_demo_keys_new (void)
{
  PondDemoKeys *self = g_new0 (PondDemoKeys, 1);

  self->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, key_free);
  return self;
}

void
pond_demo_keys_free (PondDemoKeys *self)
{
  g_hash_table_unref (self->keys);
  g_free (self);
}

static char *
make_pem (Key *key)
{
  gnutls_datum_t pem;
  char *text;

  gnutls_x509_privkey_export2 (key->private_key, GNUTLS_X509_FMT_PEM, &pem);
  text = g_base64_encode (pem.data, pem.size);
  gnutls_free (pem.data);
  return text;
}

static char *
make_jwk (Key        *key,
          const char *id)
{
  static const char *const names[] = { "n", "e", "d", "p", "q", "qi", "dp", "dq" };
  gnutls_datum_t numbers[G_N_ELEMENTS (names)];
  g_autoptr (GString) text = g_string_new (NULL);

  gnutls_x509_privkey_export_rsa_raw2 (key->private_key, &numbers[0], &numbers[1], &numbers[2],
                                       &numbers[3], &numbers[4], &numbers[5], &numbers[6],
                                       &numbers[7]);
  g_string_printf (text, "{\"use\":\"sig\",\"kty\":\"RSA\",\"kid\":\"%s\",\"alg\":\"RS256\"", id);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *number = g_base64_encode (numbers[i].data, numbers[i].size);

      g_strdelimit (number, "+", '-');
      g_strdelimit (number, "/", '_');
      number[strcspn (number, "=")] = '\0';
      g_string_append_printf (text, ",\"%s\":\"%s\"", names[i], number);
      gnutls_free (numbers[i].data);
    }
  g_string_append_c (text, '}');
  return g_base64_encode ((const guint8 *) text->str, text->len);
}

JsonObject *
pond_demo_keys_create (PondDemoKeys *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *pem = NULL;
  g_autofree char *jwk = NULL;
  JsonObject *object = json_object_new ();
  Key *key = g_new0 (Key, 1);

  g_strdelimit (id, "-", '0');
  id[32] = '\0';
  key->created = g_date_time_format_iso8601 (now);
  gnutls_x509_privkey_init (&key->private_key);
  gnutls_x509_privkey_generate (key->private_key, GNUTLS_PK_RSA, KEY_BITS, 0);
  g_hash_table_insert (self->keys, g_strdup (id), key);

  pem = make_pem (key);
  jwk = make_jwk (key, id);
  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "pem", pem);
  json_object_set_string_member (object, "jwk", jwk);
  json_object_set_string_member (object, "created", key->created);
  return object;
}

JsonArray *
pond_demo_keys_list (PondDemoKeys *self)
{
  JsonArray *array = json_array_new ();
  GHashTableIter iter;
  gpointer id;
  gpointer key;

  g_hash_table_iter_init (&iter, self->keys);
  while (g_hash_table_iter_next (&iter, &id, &key))
    {
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "id", id);
      json_object_set_string_member (object, "created", ((Key *) key)->created);
      json_array_add_object_element (array, object);
    }
  return array;
}

gboolean
pond_demo_keys_remove (PondDemoKeys *self,
                       const char   *id)
{
  return g_hash_table_remove (self->keys, id);
}

gboolean
pond_demo_keys_has (PondDemoKeys *self,
                    const char   *id)
{
  return g_hash_table_contains (self->keys, id);
}

gboolean
pond_demo_keys_verify (PondDemoKeys *self,
                       const char   *id,
                       const char   *text,
                       GBytes       *signature)
{
  Key *key = g_hash_table_lookup (self->keys, id);
  gsize size;
  gnutls_datum_t proof = { (unsigned char *) g_bytes_get_data (signature, &size), 0 };
  gnutls_datum_t data = { (unsigned char *) text, (unsigned int) strlen (text) };
  gnutls_privkey_t private_key;
  gnutls_pubkey_t public_key;
  gboolean good;

  if (!key)
    return FALSE;
  proof.size = (unsigned int) size;
  gnutls_privkey_init (&private_key);
  gnutls_pubkey_init (&public_key);
  gnutls_privkey_import_x509 (private_key, key->private_key, 0);
  good = gnutls_pubkey_import_privkey (public_key, private_key, 0, 0) >= 0 &&
         gnutls_pubkey_verify_data2 (public_key, GNUTLS_SIGN_RSA_SHA256, 0, &data, &proof) >= 0;
  gnutls_pubkey_deinit (public_key);
  gnutls_privkey_deinit (private_key);
  return good;
}
