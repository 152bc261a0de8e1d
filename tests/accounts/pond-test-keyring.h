/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

/* A private session bus, and gnome-keyring-daemon on it with an empty, unlocked login keyring. As
 * connections to the bus live as long as their process, each test that has one runs in a process of
 * its own: add it with pond_test_keyring_add(). */
typedef struct _PondTestKeyring PondTestKeyring;

void             pond_test_keyring_add    (const char      *path,
                                           void           (*function) (void));

PondTestKeyring *pond_test_keyring_new    (void);
void             pond_test_keyring_free   (PondTestKeyring *self);

/* The bus has no service before this. */
void             pond_test_keyring_start  (PondTestKeyring *self);
void             pond_test_keyring_kill   (PondTestKeyring *self);
void             pond_test_keyring_signal (PondTestKeyring *self,
                                           int              number);
void             pond_test_keyring_lock   (PondTestKeyring *self);
gboolean         pond_test_keyring_is_up  (PondTestKeyring *self);
GDBusConnection *pond_test_keyring_bus    (PondTestKeyring *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondTestKeyring, pond_test_keyring_free)
