/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli/pond-cli-tools.h"
#include "cli/pond-cli.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

#define MAX_LIST (32 * 1024 * 1024)

/* Titles and messages come from outside: on a terminal they must not be able to do anything but be read. */
static char *
make_harmless (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *harmless = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gboolean turns_text = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);

      g_string_append_unichar (harmless, g_unichar_iscntrl (c) || turns_text ? 0xfffd : c);
    }

  return g_string_free_and_steal (harmless);
}

/**
 * pond_cli_print:
 * @format: a line for a person, without its end
 * @...: its arguments
 *
 * Prints a line on standard output.
 */
void
pond_cli_print (const char *format,
                ...)
{
  g_autofree char *line = NULL;
  g_autofree char *harmless = NULL;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);

  harmless = make_harmless (line);
  g_print ("%s\n", harmless);
}

/**
 * pond_cli_complain:
 * @format: a message for a person
 * @...: its arguments
 *
 * Says something on standard error.
 */
void
pond_cli_complain (const char *format,
                   ...)
{
  g_autofree char *message = NULL;
  g_autofree char *harmless = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  harmless = make_harmless (message);
  g_printerr ("millpond: %s\n", harmless);
}

/**
 * pond_cli_new_context:
 * @command: the command's name
 * @parameters: (nullable): what else it takes, for its help
 * @summary: what it does
 * @entries: its options
 *
 * Returns: (transfer full): an option context for a command
 */
GOptionContext *
pond_cli_new_context (const char         *command,
                      const char         *parameters,
                      const char         *summary,
                      const GOptionEntry *entries)
{
  GOptionContext *context = g_option_context_new (parameters);
  g_autofree char *name = g_strconcat ("millpond ", command, NULL);

  g_set_prgname (name);
  g_option_context_set_summary (context, summary);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);

  return context;
}

/**
 * pond_cli_parse:
 * @context: a command's options
 * @argc: (inout): how many arguments there are
 * @argv: (inout): the arguments; what is left are those that are no options
 *
 * Parses a command's arguments and complains about what it does not know.
 *
 * Returns: whether they were understood
 */
gboolean
pond_cli_parse (GOptionContext   *context,
                int              *argc,
                char           ***argv)
{
  g_autoptr(GError) error = NULL;

  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;

  pond_cli_complain ("%s", error->message);

  return FALSE;
}

/**
 * pond_cli_parse_alone:
 * @context: the options of a command that takes nothing else
 * @argc: (inout): how many arguments there are
 * @argv: (inout): the arguments
 *
 * Parses a command's arguments and complains about what it does not know.
 *
 * Returns: whether they were understood
 */
gboolean
pond_cli_parse_alone (GOptionContext   *context,
                      int              *argc,
                      char           ***argv)
{
  if (!pond_cli_parse (context, argc, argv))
    return FALSE;

  if (*argc <= 1)
    return TRUE;

  pond_cli_complain (_("“%s” is one argument too many"), (*argv)[1]);

  return FALSE;
}

/**
 * pond_cli_on_result:
 * @source: (nullable): not used
 * @result: what came
 * @user_data: a place for a #GAsyncResult
 *
 * Puts the result of an operation where pond_cli_wait() waits for it.
 */
void
pond_cli_on_result (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

/**
 * pond_cli_wait:
 * @result: (inout): filled by pond_cli_on_result()
 *
 * Waits for an operation. Commands have nothing else to do meanwhile.
 */
void
pond_cli_wait (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/**
 * pond_cli_load_accounts:
 * @session: a session
 *
 * Loads the accounts, and complains when that fails.
 *
 * Returns: whether they are there
 */
gboolean
pond_cli_load_accounts (PondSession *session)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  pond_session_load_accounts_async (session, NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);
  if (pond_session_load_accounts_finish (session, result, &error))
    return TRUE;

  pond_cli_complain ("%s", error->message);

  return FALSE;
}

static char *
read_library_setting (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema = NULL;
  g_autoptr(GSettings) settings = NULL;

  if (source == NULL)
    return NULL;

  schema = g_settings_schema_source_lookup (source, APP_ID, TRUE);
  if (schema == NULL)
    return NULL;

  settings = g_settings_new_full (schema, NULL, NULL);

  return g_settings_get_string (settings, "library-folder");
}

/**
 * pond_cli_open_library:
 * @session: a session
 * @error: of the domain %POND_LIBRARY_ERROR
 *
 * Opens the library.
 *
 * Returns: whether it is open
 */
gboolean
pond_cli_open_library (PondSession  *session,
                       GError      **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autofree char *setting = read_library_setting ();

  pond_session_open_library_async (session, setting, NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);

  if (!pond_session_open_library_finish (session, result, error))
    return FALSE;

  if (pond_library_get_rebuilt (pond_session_get_library (session)))
    pond_cli_complain (_("The library’s index was damaged. It was set aside and made again from the folder"));

  return TRUE;
}

/**
 * pond_cli_start_queue:
 * @session: a session whose library is open
 * @error: of the domain %POND_DATABASE_ERROR
 *
 * Starts the queue.
 *
 * Returns: whether it is started
 */
gboolean
pond_cli_start_queue (PondSession  *session,
                      GError      **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  pond_session_start_queue_async (session, NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);

  return pond_session_start_queue_finish (session, result, error);
}

/**
 * pond_cli_make_client:
 * @session: a session
 * @account: an account
 * @error: why its token can't be had
 *
 * Returns: (transfer full) (nullable): a client of the account
 */
PondStreamClient *
pond_cli_make_client (PondSession  *session,
                      PondAccount  *account,
                      GError      **error)
{
  g_autoptr(PondClientPool) pool = NULL;
  g_autoptr(GAsyncResult) result = NULL;

  pool = pond_client_pool_new (pond_session_get_accounts (session), pond_session_get_api_base (session));
  pond_client_pool_get_async (pool, pond_account_get_id (account), NULL, pond_cli_on_result, &result);
  pond_cli_wait (&result);

  return pond_client_pool_get_finish (pool, result, error);
}

/**
 * pond_cli_exit_for:
 * @error: why something on the account failed
 *
 * Returns: the exit status that says so
 */
int
pond_cli_exit_for (const GError *error)
{
  if (error->domain == POND_SECRET_ERROR ||
      g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_UNAUTHORIZED) ||
      g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_FORBIDDEN) ||
      g_error_matches (error, POND_STREAM_ERROR, POND_STREAM_ERROR_NO_ROUTE))
    return POND_EXIT_ACCOUNT;

  return POND_EXIT_FAILED;
}

static char *
read_stream (FILE *stream)
{
  g_autoptr(GString) text = g_string_new (NULL);
  char buffer[8192];
  gsize n;

  while ((n = fread (buffer, 1, sizeof buffer, stream)) > 0 && text->len <= MAX_LIST)
    g_string_append_len (text, buffer, (gssize) n);

  return text->len <= MAX_LIST ? g_string_free_and_steal (g_steal_pointer (&text)) : NULL;
}

/* An argument is a video, a file of them, or "-". */
static char *
read_argument (const char *argument)
{
  FILE *stream;
  char *text;

  if (g_str_equal (argument, "-"))
    return read_stream (stdin);

  if (!g_file_test (argument, G_FILE_TEST_IS_REGULAR))
    return g_strdup (argument);

  stream = fopen (argument, "rbe");
  if (stream == NULL)
    return NULL;

  text = read_stream (stream);
  fclose (stream);

  return text;
}

static void
add_new (GPtrArray    *refs,
         PondVideoRef *ref)
{
  for (guint i = 0; i < refs->len; i++)
    {
      if (g_str_equal (pond_video_ref_get_uid (g_ptr_array_index (refs, i)), pond_video_ref_get_uid (ref)) &&
          g_strcmp0 (pond_video_ref_get_type_name (g_ptr_array_index (refs, i)),
                     pond_video_ref_get_type_name (ref)) == 0)
        return;
    }

  g_ptr_array_add (refs, pond_video_ref_ref (ref));
}

static gboolean
read_videos_of (const char *argument,
                GPtrArray  *refs)
{
  g_autofree char *text = read_argument (argument);
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(GPtrArray) rejected = NULL;

  if (text == NULL)
    {
      pond_cli_complain (_("“%s” can’t be read"), argument);
      return FALSE;
    }

  found = pond_video_ref_scan (text, &rejected);
  for (guint i = 0; i < rejected->len; i++)
    pond_cli_complain ("%s", (const char *) g_ptr_array_index (rejected, i));

  if (found->len == 0)
    {
      pond_cli_complain (_("“%s” holds no video. A video is an ID of 32 digits and letters, or a Stream link"),
                         argument);
      return FALSE;
    }

  for (guint i = 0; i < found->len; i++)
    add_new (refs, g_ptr_array_index (found, i));

  return TRUE;
}

/**
 * pond_cli_check_type:
 * @type: (nullable): what --type was given, if it was
 *
 * Complains about a type of file that there is not.
 *
 * Returns: whether it is one that there is, or %NULL
 */
gboolean
pond_cli_check_type (const char *type)
{
  if (type == NULL || g_str_equal (type, "default") || g_str_equal (type, "audio"))
    return TRUE;

  pond_cli_complain (_("“%s” is no type of file: there are “default” and “audio”"), type);

  return FALSE;
}

/**
 * pond_cli_read_videos:
 * @arguments: VIDEO arguments
 * @n_arguments: how many
 *
 * Reads videos from arguments: IDs, links, files that hold such, or "-" for standard input. Complains about
 * an argument that holds none.
 *
 * Returns: (transfer full) (nullable) (element-type PondVideoRef): the videos, once each, or %NULL when an
 *   argument holds none
 */
GPtrArray *
pond_cli_read_videos (char **arguments,
                      int    n_arguments)
{
  g_autoptr(GPtrArray) refs = g_ptr_array_new_with_free_func ((GDestroyNotify) pond_video_ref_unref);

  for (int i = 0; i < n_arguments; i++)
    {
      if (!read_videos_of (arguments[i], refs))
        return NULL;
    }

  return g_steal_pointer (&refs);
}

/**
 * pond_cli_find_entries:
 * @library: an open library
 * @refs: (element-type PondVideoRef): videos
 * @complete: (out): whether all of them are in it
 *
 * Finds videos in the library, each in every type that is saved, and complains about those that are not.
 *
 * Returns: (transfer full) (element-type PondLibraryEntry): the entries
 */
GPtrArray *
pond_cli_find_entries (PondLibrary *library,
                       GPtrArray   *refs,
                       gboolean    *complete)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (g_object_unref);
  static const char * const types[] = { "default", "audio" };

  *complete = TRUE;
  for (guint i = 0; i < refs->len; i++)
    {
      PondVideoRef *ref = g_ptr_array_index (refs, i);
      guint n_before = entries->len;

      for (gsize type = 0; type < G_N_ELEMENTS (types); type++)
        {
          PondLibraryEntry *entry = pond_library_find (library, pond_video_ref_get_uid (ref), types[type]);
          const char *wanted = pond_video_ref_get_type_name (ref);

          if (entry != NULL && (wanted == NULL || g_str_equal (wanted, types[type])))
            g_ptr_array_add (entries, g_object_ref (entry));
        }

      if (entries->len == n_before)
        {
          *complete = FALSE;
          pond_cli_complain (_("%s is not in the library"), pond_video_ref_get_uid (ref));
        }
    }

  return entries;
}

/**
 * pond_cli_print_json:
 * @builder: a builder whose root is finished
 *
 * Prints one line of JSON.
 */
void
pond_cli_print_json (JsonBuilder *builder)
{
  g_autoptr(JsonNode) root = json_builder_get_root (builder);
  g_autofree char *line = json_to_string (root, FALSE);

  /* A reader that waits for events gets each when it happens. */
  fputs (line, stdout);
  fputc ('\n', stdout);
  fflush (stdout);
}

void
pond_cli_add_string (JsonBuilder *builder,
                     const char  *key,
                     const char  *value)
{
  json_builder_set_member_name (builder, key);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
pond_cli_add_int (JsonBuilder *builder,
                  const char  *key,
                  gint64       value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, value);
}

void
pond_cli_add_double (JsonBuilder *builder,
                     const char  *key,
                     double       value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_double_value (builder, value);
}

void
pond_cli_add_bool (JsonBuilder *builder,
                   const char  *key,
                   gboolean     value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_boolean_value (builder, value);
}

/**
 * pond_cli_add_time:
 * @builder: a builder in an object
 * @key: a key
 * @seconds: seconds since 1970, or 0
 *
 * Adds a time in RFC 3339, or null.
 */
void
pond_cli_add_time (JsonBuilder *builder,
                   const char  *key,
                   gint64       seconds)
{
  g_autoptr(GDateTime) time = seconds > 0 ? g_date_time_new_from_unix_utc (seconds) : NULL;
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;

  pond_cli_add_string (builder, key, text);
}

/**
 * pond_cli_format_length:
 * @milliseconds: a length, or less than 0
 *
 * Returns: (transfer full): "1:02:03" or "4:05", or "–" when it is not known
 */
char *
pond_cli_format_length (gint64 milliseconds)
{
  gint64 seconds = (milliseconds + 500) / 1000;

  if (milliseconds < 0)
    return g_strdup ("–");
  if (seconds >= 3600)
    return g_strdup_printf ("%d:%02d:%02d", (int) (seconds / 3600), (int) (seconds / 60 % 60),
                            (int) (seconds % 60));

  return g_strdup_printf ("%d:%02d", (int) (seconds / 60), (int) (seconds % 60));
}
