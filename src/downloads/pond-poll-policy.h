/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PondPollPolicy:
 *
 * Decides what the next request of an account is for: to have another video made, or to look at one that
 * Stream is making. It asks nobody and has no clock; times are microseconds that only grow, and always given,
 * so that a simulation can run it on a virtual clock.
 *
 * Of a video that is being made it knows how the percentage has moved, hence when it should be ready, and how
 * wrong that may be. While that is more than the delay that can be afforded now, the next look comes before
 * the file may be ready, to know better; otherwise just after.
 *
 * No video is made much further ahead than keeps the link busy.
 */
typedef struct _PondPollPolicy PondPollPolicy;

typedef enum
{
  POND_POLL_ENABLE,
  POND_POLL_LOOK,
} PondPollAction;

/**
 * PondPollTurn:
 * @id: a video of the policy
 * @action: what to do about it
 *
 * What the next request is for.
 */
typedef struct
{
  guint          id;
  PondPollAction action;
} PondPollTurn;

PondPollPolicy *pond_poll_policy_new       (void);
void            pond_poll_policy_free      (PondPollPolicy *self);

void            pond_poll_policy_set_link  (PondPollPolicy *self,
                                            guint           n_waiting,
                                            double          seconds_each);

void            pond_poll_policy_hold_looks
                                           (PondPollPolicy *self,
                                            gboolean        hold);

guint           pond_poll_policy_add       (PondPollPolicy *self,
                                            gint64          order);
guint           pond_poll_policy_watch     (PondPollPolicy *self,
                                            gint64          now,
                                            double          percent);
void            pond_poll_policy_looked    (PondPollPolicy *self,
                                            guint           id,
                                            gint64          now,
                                            double          percent);
void            pond_poll_policy_remove    (PondPollPolicy *self,
                                            guint           id);

gint64          pond_poll_policy_next      (PondPollPolicy *self,
                                            gint64          now,
                                            PondPollTurn   *turn);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PondPollPolicy, pond_poll_policy_free)

G_END_DECLS
