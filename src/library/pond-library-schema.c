/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "pond-library"

#include "config.h"

#include "library/pond-library-schema.h"

/* What was released does not change: a new version is a new entry at the end, with a dump of the
 * schema before it in tests/library/ to start the test of the upgrade from. */
const PondMigration pond_library_migrations[] = {
  /* 1: `path` is relative to the library's folder, `mtime` in nanoseconds, `duration` and
   * `position` of a video in milliseconds, other times Unix seconds. `ignored` are files that the
   * person took out of the library but kept in its folder. `position` of a download is its place in
   * the queue. */
  "CREATE TABLE video ("
  "  id INTEGER PRIMARY KEY,"
  "  uid TEXT NOT NULL,"
  "  type TEXT NOT NULL,"
  "  title TEXT NOT NULL DEFAULT '',"
  "  creator TEXT,"
  "  account TEXT,"
  "  private INTEGER NOT NULL DEFAULT 0,"
  "  path TEXT NOT NULL,"
  "  bytes INTEGER NOT NULL,"
  "  mtime INTEGER NOT NULL,"
  "  duration INTEGER NOT NULL DEFAULT -1,"
  "  width INTEGER NOT NULL DEFAULT 0,"
  "  height INTEGER NOT NULL DEFAULT 0,"
  "  created INTEGER NOT NULL DEFAULT 0,"
  "  saved_at INTEGER NOT NULL,"
  "  position INTEGER NOT NULL DEFAULT 0,"
  "  watched INTEGER NOT NULL DEFAULT 0,"
  "  status TEXT NOT NULL DEFAULT 'present',"
  "  UNIQUE (uid, type)"
  ") STRICT;"
  "CREATE TABLE ignored ("
  "  uid TEXT NOT NULL,"
  "  type TEXT NOT NULL,"
  "  PRIMARY KEY (uid, type)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE download ("
  "  id INTEGER PRIMARY KEY,"
  "  uid TEXT NOT NULL,"
  "  type TEXT NOT NULL,"
  "  account TEXT,"
  "  host TEXT,"
  "  title TEXT NOT NULL DEFAULT '',"
  "  creator TEXT,"
  "  private INTEGER NOT NULL DEFAULT 0,"
  "  created INTEGER NOT NULL DEFAULT 0,"
  "  duration INTEGER NOT NULL DEFAULT -1,"
  "  state TEXT NOT NULL,"
  "  reason TEXT,"
  "  code TEXT,"
  "  message TEXT,"
  "  percent REAL NOT NULL DEFAULT 0,"
  "  bytes INTEGER NOT NULL DEFAULT 0,"
  "  total INTEGER NOT NULL DEFAULT -1,"
  "  attempts INTEGER NOT NULL DEFAULT 0,"
  "  retry_at INTEGER NOT NULL DEFAULT 0,"
  "  resumed_from INTEGER NOT NULL DEFAULT 0,"
  "  request TEXT,"
  "  position REAL NOT NULL,"
  "  added_at INTEGER NOT NULL,"
  "  UNIQUE (uid, type)"
  ") STRICT;",
};
