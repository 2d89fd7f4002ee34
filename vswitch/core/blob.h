/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes that grow, up to a limit. */
#ifndef VSWITCH_BLOB_H
#define VSWITCH_BLOB_H

#include "vswitch/state.h"

uint8_t *vsw_blob_add(struct vsw_blob *blob, size_t bytes);

#endif
