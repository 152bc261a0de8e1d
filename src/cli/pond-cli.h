/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/pond-session.h"

G_BEGIN_DECLS

/**
 * PondExit:
 * @POND_EXIT_DONE: all that was asked is done
 * @POND_EXIT_FAILED: at least one video failed
 * @POND_EXIT_USAGE: wrong usage, or an argument that holds no video
 * @POND_EXIT_ACCOUNT: no account, or its token was refused
 *
 * Exit statuses, as the command line's contract has them; 128 and the signal's number when interrupted.
 */
typedef enum
{
  POND_EXIT_DONE = 0,
  POND_EXIT_FAILED = 1,
  POND_EXIT_USAGE = 2,
  POND_EXIT_ACCOUNT = 3,
} PondExit;

gboolean  pond_cli_is_command    (const char    *word);

int       pond_cli_run           (int            argc,
                                  char         **argv,
                                  gboolean       sample);

int       pond_command_account   (PondSession   *session,
                                  int            argc,
                                  char         **argv);
int       pond_command_account_key (PondSession *session,
                                  int            argc,
                                  char         **argv);
int       pond_command_browse    (PondSession   *session,
                                  int            argc,
                                  char         **argv);
int       pond_command_download  (PondSession   *session,
                                  int            argc,
                                  char         **argv);
int       pond_command_link      (PondSession   *session,
                                  int            argc,
                                  char         **argv);
int       pond_command_list      (PondSession   *session,
                                  int            argc,
                                  char         **argv);
int       pond_command_remove    (PondSession   *session,
                                  int            argc,
                                  char         **argv);
int       pond_command_status    (PondSession   *session,
                                  int            argc,
                                  char         **argv);
int       pond_command_tour      (PondSession   *session,
                                  int            argc,
                                  char         **argv);
int       pond_command_verify    (PondSession   *session,
                                  int            argc,
                                  char         **argv);

G_END_DECLS
