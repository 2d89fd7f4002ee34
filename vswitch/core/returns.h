/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames of our own stations that come in from an uplink: copies that came back, or stations that
 * moved. */
#ifndef VSWITCH_RETURNS_H
#define VSWITCH_RETURNS_H

#include "core/vsw.h"

bool vsw_returned(struct vsw *sw, const struct vsw_burst *b, unsigned i, struct fdb_ref r);
void vsw_returns_note(struct vsw *sw, const struct vsw_burst *b, unsigned i);
unsigned vsw_returns_place(const struct vsw *sw, uint64_t key);
void vsw_returns_told(struct vsw *sw, uint64_t key);

#endif
