/* SPDX-License-Identifier: BSD-2-Clause */
/* Sources: learning, and what speaks against it. */
#ifndef VSWITCH_SOURCE_H
#define VSWITCH_SOURCE_H

#include "core/vsw.h"

bool vsw_source_slow(struct vsw *sw, struct vsw_burst *b, unsigned i, struct fdb_ref r);

#endif
