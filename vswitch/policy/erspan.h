/* SPDX-License-Identifier: BSD-2-Clause */
/* A mirrored frame in its tunnel. */
#ifndef VSWITCH_ERSPAN_H
#define VSWITCH_ERSPAN_H

#include "policy/mirror.h"

const struct pkt *vsw_erspan(struct mirror_session *s, const struct pkt *inner,
			     const struct mirror_note *n, uint32_t whole, int64_t now,
			     struct pkt_buf *out);

#endif
