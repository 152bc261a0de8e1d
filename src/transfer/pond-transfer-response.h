/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "transfer/pond-checkpoint.h"

G_BEGIN_DECLS

/**
 * PondTransferRequest:
 * @have: bytes of the file that are good
 * @from: the first byte to ask for; 0 asks for the whole file, without `Range`
 * @checkpoint: (nullable): what is known of the resource; not %NULL when @from is not 0
 *
 * What one request asks.
 */
typedef struct
{
  guint64               have;
  guint64               from;
  const PondCheckpoint *checkpoint;
} PondTransferRequest;

/**
 * PondTransferVerdict:
 * @POND_TRANSFER_VERDICT_FAIL: the run ends with the error
 * @POND_TRANSFER_VERDICT_REDIRECT: ask elsewhere
 * @POND_TRANSFER_VERDICT_BEGIN: the whole file follows, and is to replace what there is
 * @POND_TRANSFER_VERDICT_CONTINUE: the bytes from the one asked for follow
 * @POND_TRANSFER_VERDICT_RESTART: what there is does not fit; ask for the whole file
 * @POND_TRANSFER_VERDICT_COMPLETE: nothing follows: the file is whole as it is
 *
 * What is to be done with an answer.
 */
typedef enum
{
  POND_TRANSFER_VERDICT_FAIL,
  POND_TRANSFER_VERDICT_REDIRECT,
  POND_TRANSFER_VERDICT_BEGIN,
  POND_TRANSFER_VERDICT_CONTINUE,
  POND_TRANSFER_VERDICT_RESTART,
  POND_TRANSFER_VERDICT_COMPLETE,
} PondTransferVerdict;

/**
 * PondTransferResponse:
 * @verdict: what is to be done
 * @version: (nullable): with begin and continue, the validators and the total of the answer
 * @end: with begin and continue, where its bytes end in the file, or -1 when it is not said
 *
 * What one answer means.
 */
typedef struct
{
  PondTransferVerdict  verdict;
  PondCheckpoint      *version;
  gint64               end;
} PondTransferResponse;

void pond_transfer_request_plan   (PondTransferRequest        *self,
                                   guint64                     have,
                                   const PondCheckpoint       *checkpoint);
void pond_transfer_request_write  (const PondTransferRequest  *self,
                                   SoupMessageHeaders         *headers);

void pond_transfer_response_judge (PondTransferResponse       *self,
                                   const PondTransferRequest  *request,
                                   guint                       status,
                                   SoupMessageHeaders         *headers,
                                   const char                 *host,
                                   GError                    **error);
void pond_transfer_response_clear (PondTransferResponse       *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PondTransferResponse, pond_transfer_response_clear)

G_END_DECLS
