/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "stream/pond-signing-key.h"
#include "stream/pond-stream-claims.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define ID "5e0f4c61a3d94b0f8f1d52a6a2c7b913"
#define UID "3f1c9a7be2d04865b1a97c20de4f5a68"

/* One for all tests, since making it takes a while. */
static gnutls_x509_privkey_t made;

static char *
export_pem (gnutls_x509_privkey_t key,
            gboolean              pkcs8)
{
  gnutls_datum_t pem;
  char *text;

  if (pkcs8)
    g_assert_cmpint (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem), ==, 0);
  else
    g_assert_cmpint (gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_PEM, &pem), ==, 0);
  text = g_strndup ((const char *) pem.data, pem.size);
  gnutls_free (pem.data);

  return text;
}

static char *
encode_url (const guint8 *data,
            gsize         size)
{
  char *text = g_base64_encode (data, size);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return text;
}

static GBytes *
decode_url (const char *text)
{
  g_autoptr(GString) base64 = g_string_new (text);
  gsize size;
  guchar *data;

  g_strdelimit (base64->str, "-", '+');
  g_strdelimit (base64->str, "_", '/');
  while (base64->len % 4 != 0)
    g_string_append_c (base64, '=');
  data = g_base64_decode (base64->str, &size);

  return g_bytes_new_take (data, size);
}

/* A JSON Web Key of @made, with members in the order of the API's own. */
static char *
export_jwk (const char *kty,
            const char *kid)
{
  static const char * const names[] = { "n", "e", "d", "p", "q", "qi", "dp", "dq" };
  gnutls_datum_t numbers[G_N_ELEMENTS (names)];
  g_autoptr(GString) text = g_string_new (NULL);

  g_assert_cmpint (gnutls_x509_privkey_export_rsa_raw2 (made, &numbers[0], &numbers[1], &numbers[2], &numbers[3],
                                                        &numbers[4], &numbers[5], &numbers[6], &numbers[7]), ==, 0);
  g_string_append_printf (text, "{\"use\":\"sig\",\"kty\":\"%s\",\"kid\":\"%s\",\"alg\":\"RS256\"", kty, kid);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *number = encode_url (numbers[i].data, numbers[i].size);

      g_string_append_printf (text, ",\n \"%s\" : \"%s\"", names[i], number);
      gnutls_free (numbers[i].data);
    }
  g_string_append (text, "}");

  return g_string_free_and_steal (g_steal_pointer (&text));
}

static char *
in_base64 (const char *text)
{
  return g_base64_encode ((const guchar *) text, strlen (text));
}

/* As the receiver of a token checks it. */
static JsonObject *
verify (const char *token)
{
  g_auto(GStrv) parts = g_strsplit (token, ".", -1);
  g_autofree char *signed_text = NULL;
  g_autoptr(GBytes) signature = NULL;
  g_autoptr(GBytes) header = NULL;
  g_autoptr(GBytes) payload = NULL;
  g_autoptr(JsonParser) parser = json_parser_new ();
  gnutls_datum_t data;
  gnutls_datum_t proof;
  gnutls_privkey_t private_key;
  gnutls_pubkey_t public_key;

  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  g_assert_null (strpbrk (token, "+/="));
  signed_text = g_strjoin (".", parts[0], parts[1], NULL);
  signature = decode_url (parts[2]);
  data = (gnutls_datum_t) { (unsigned char *) signed_text, (unsigned int) strlen (signed_text) };
  proof = (gnutls_datum_t) { (unsigned char *) g_bytes_get_data (signature, NULL),
                             (unsigned int) g_bytes_get_size (signature) };

  g_assert_cmpint (gnutls_privkey_init (&private_key), ==, 0);
  g_assert_cmpint (gnutls_privkey_import_x509 (private_key, made, 0), ==, 0);
  g_assert_cmpint (gnutls_pubkey_init (&public_key), ==, 0);
  g_assert_cmpint (gnutls_pubkey_import_privkey (public_key, private_key, 0, 0), ==, 0);
  g_assert_cmpint (gnutls_pubkey_verify_data2 (public_key, GNUTLS_SIGN_RSA_SHA256, 0, &data, &proof), >=, 0);
  signed_text[10] ^= 1;
  g_assert_cmpint (gnutls_pubkey_verify_data2 (public_key, GNUTLS_SIGN_RSA_SHA256, 0, &data, &proof), <, 0);
  gnutls_pubkey_deinit (public_key);
  gnutls_privkey_deinit (private_key);

  header = decode_url (parts[0]);
  g_assert_cmpmem (g_bytes_get_data (header, NULL), g_bytes_get_size (header), "{\"alg\":\"RS256\",\"kid\":\"" ID "\"}",
                   strlen ("{\"alg\":\"RS256\",\"kid\":\"" ID "\"}"));
  payload = decode_url (parts[1]);
  g_assert_true (json_parser_load_from_data (parser, g_bytes_get_data (payload, NULL),
                                             (gssize) g_bytes_get_size (payload), NULL));

  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

static void
assert_signs (PondSigningKey *key)
{
  g_autoptr(PondLinkRequest) request = pond_link_request_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *token = NULL;
  g_autoptr(JsonObject) claims = NULL;
  g_autoptr(PondStreamClaims) read = NULL;
  JsonObject *rule;

  request->expires = 1900000000;
  request->not_before = 1800000000;
  request->rules = pond_access_rules_new ();
  g_assert_true (pond_access_rules_add_countries (request->rules, TRUE, "DE", NULL));
  g_assert_true (pond_access_rules_add_everyone (request->rules, FALSE, NULL));

  token = pond_signing_key_sign (key, UID, request, &error);
  g_assert_no_error (error);
  claims = verify (token);
  g_assert_cmpstr (json_object_get_string_member (claims, "sub"), ==, UID);
  g_assert_cmpstr (json_object_get_string_member (claims, "kid"), ==, ID);
  g_assert_cmpint (json_object_get_int_member (claims, "exp"), ==, 1900000000);
  g_assert_cmpint (json_object_get_int_member (claims, "nbf"), ==, 1800000000);
  g_assert_true (json_object_get_boolean_member (claims, "downloadable"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (claims, "accessRules")), ==, 2);
  rule = json_array_get_object_element (json_object_get_array_member (claims, "accessRules"), 1);
  g_assert_cmpstr (json_object_get_string_member (rule, "action"), ==, "block");

  read = pond_stream_claims_read (token);
  g_assert_cmpstr (read->video, ==, UID);
  g_assert_true (read->downloadable);
}

static void
test_forms (void)
{
  g_autofree char *pem = export_pem (made, FALSE);
  g_autofree char *pkcs8 = export_pem (made, TRUE);
  g_autofree char *jwk = export_jwk ("RSA", ID);
  g_autofree char *indented = g_strdup_printf ("\n  %s \n\n", jwk);
  g_autofree char *pem64 = in_base64 (pem);
  g_autofree char *jwk64 = in_base64 (jwk);
  const char *forms[] = { pem, pkcs8, jwk, indented, pem64, jwk64 };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(PondSigningKey) key = pond_signing_key_new (ID, forms[i], &error);

      g_assert_no_error (error);
      assert_signs (key);
    }
}

static void
test_usual_life (void)
{
  g_autofree char *pem = export_pem (made, FALSE);
  g_autoptr(PondSigningKey) key = pond_signing_key_new (ID, pem, NULL);
  g_autoptr(PondLinkRequest) request = pond_link_request_new ();
  g_autofree char *token = pond_signing_key_sign (key, UID, request, NULL);
  g_autoptr(JsonObject) claims = verify (token);
  gint64 left = json_object_get_int_member (claims, "exp") - g_get_real_time () / G_USEC_PER_SEC;

  g_assert_cmpint (left, >=, 3590);
  g_assert_cmpint (left, <=, 3600);
  g_assert_false (json_object_has_member (claims, "nbf"));
  g_assert_false (json_object_has_member (claims, "accessRules"));
}

static void
test_keyring_form (void)
{
  g_autofree char *jwk = export_jwk ("RSA", ID);
  g_autoptr(PondSigningKey) key = pond_signing_key_new (ID, jwk, NULL);
  g_autoptr(GBytes) secret = pond_signing_key_save (key);
  g_autoptr(GBytes) foreign = g_bytes_new_static ("cfut_token", 10);
  g_autoptr(GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr(PondSigningKey) again = NULL;
  g_autoptr(GError) error = NULL;

  again = pond_signing_key_load (secret, &error);
  g_assert_no_error (error);
  assert_signs (again);

  g_assert_null (pond_signing_key_load (foreign, &error));
  g_assert_error (error, POND_LINK_ERROR, POND_LINK_ERROR_KEY);
  g_assert_null (pond_signing_key_load (empty, NULL));
}

static void
assert_refused (const char *id,
                const char *text)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (pond_signing_key_new (id, text, &error));
  g_assert_error (error, POND_LINK_ERROR, POND_LINK_ERROR_KEY);
  if (strlen (text) > 8)
    g_assert_null (strstr (error->message, text));
}

static void
test_refused (void)
{
  g_autofree char *pem = export_pem (made, FALSE);
  g_autofree char *cut = g_strndup (pem, strlen (pem) / 2);
  g_autofree char *jwk = export_jwk ("RSA", ID);
  g_autofree char *other_id = export_jwk ("RSA", "another");
  g_autofree char *other_type = export_jwk ("EC", ID);
  g_autofree char *public_only = g_strndup (jwk, strstr (jwk, "\"d\"") - jwk);
  g_autofree char *long_number = g_strnfill (8000, 'A');
  g_autofree char *too_long = g_strdup_printf ("{\"kty\":\"RSA\",\"n\":\"%s\"}", long_number);
  g_autofree char *ec_pem = NULL;
  g_autofree char *weak_pem = NULL;
  gnutls_x509_privkey_t other;
  char *digit;

  assert_refused (ID, "");
  assert_refused (ID, "cfut_notAKey");
  assert_refused (ID, cut);
  assert_refused (ID, other_id);
  assert_refused (ID, other_type);
  assert_refused (ID, public_only);
  assert_refused (ID, too_long);
  assert_refused (ID, "{\"kty\"");
  assert_refused (ID, "{\"kty\":\"RSA\",\"n\":7}");
  assert_refused ("", pem);
  assert_refused ("with\"quote", pem);
  assert_refused ("two words", pem);

  /* Numbers that do not belong together. */
  digit = strstr (jwk, "\"d\" : \"") + 40;
  *digit = *digit == 'A' ? 'B' : 'A';
  assert_refused (ID, jwk);

  gnutls_x509_privkey_init (&other);
  g_assert_cmpint (gnutls_x509_privkey_generate (other, GNUTLS_PK_EC, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
                   ==, 0);
  ec_pem = export_pem (other, TRUE);
  assert_refused (ID, ec_pem);
  gnutls_x509_privkey_deinit (other);

  gnutls_x509_privkey_init (&other);
  g_assert_cmpint (gnutls_x509_privkey_generate (other, GNUTLS_PK_RSA, 1024, 0), ==, 0);
  weak_pem = export_pem (other, FALSE);
  assert_refused (ID, weak_pem);
  gnutls_x509_privkey_deinit (other);
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  gnutls_x509_privkey_init (&made);
  g_assert_cmpint (gnutls_x509_privkey_generate (made, GNUTLS_PK_RSA, 2048, 0), ==, 0);

  g_test_add_func ("/link-key/forms", test_forms);
  g_test_add_func ("/link-key/usual-life", test_usual_life);
  g_test_add_func ("/link-key/keyring-form", test_keyring_form);
  g_test_add_func ("/link-key/refused", test_refused);

  status = g_test_run ();
  gnutls_x509_privkey_deinit (made);

  return status;
}
