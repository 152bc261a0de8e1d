/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "demo/pond-demo-catalogue.h"
#include "demo/pond-demo-exchange.h"
#include "demo/pond-demo-keys.h"
#include "demo/pond-demo-rules.h"

G_BEGIN_DECLS

#define POND_DEMO_ACCOUNT       "0f3a5c7e9b1d4826a4c6e8f00b2d4f61"
#define POND_DEMO_TOKEN         "cfut_samplePondReadsAndWritesThe0neAccount4e1"
#define POND_DEMO_READ_TOKEN    "cfut_samplePondReadsOnlyAndMayNotWrite77b2d03"
#define POND_DEMO_ACCOUNT_TOKEN "cfat_samplePondBelongsToTheAccountItself90c6e"

/**
 * PondDemoWorld:
 *
 * What both ports of the sample server work on, in the server's thread.
 */
typedef struct
{
  PondDemoCatalogue *catalogue;
  PondDemoRules     *rules;
  char              *api_base;
  char              *media_base;
  /* Signs tokens and links; new with every start. */
  char              *secret;
  PondDemoKeys      *keys;

  /* The rate limit: requests since the window opened, and until when nothing is answered. Monotonic
   * microseconds. */
  gint64             window_opened;
  guint              window_count;
  gint64             blocked_until;
} PondDemoWorld;

/* The handlers of the two ports; user_data is a PondDemoWorld. */
void  pond_demo_api_handle      (PondDemoExchange *exchange,
                                 gpointer          user_data);
void  pond_demo_media_handle    (PondDemoExchange *exchange,
                                 gpointer          user_data);

/* The video that a path of either port is about, or NULL. (transfer full) */
char *pond_demo_api_get_video   (const char       *path);
char *pond_demo_media_get_video (const char       *path);

G_END_DECLS
