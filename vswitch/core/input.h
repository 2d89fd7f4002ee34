/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the way in share: input.c (every frame), source.c and flood.c (those that are
 * not simply known). */
#ifndef VSWITCH_INPUT_H
#define VSWITCH_INPUT_H

#include "vsw.h"

/* vsw_list() - Put a frame on the list of a receiver. Whether it is the receiver's first can't be
 * predicted, so there is no branch. */
static inline void vsw_list(struct vsw *sw, struct vsw_port *p, unsigned i)
{
	unsigned listed = p->listed;

	sw->used_port[sw->used] = p->number;
	sw->used += listed == 0;
	p->list[listed] = (uint8_t)i;
	p->listed = (uint8_t)(listed + 1);
}

/* An address that its card registered for all VLANs of its trunk port */
static inline struct fdb_ref lookup_any_vlan(const struct vsw *sw, uint64_t key)
{
	uint64_t any = fdb_key(FDB_ANY_VLAN, key & UINT64_C(0xffffffffffff));

	return fdb_lookup(&sw->fdb, any, fdb_hash(&sw->fdb, any));
}

/* source.c */
bool vsw_source_slow(struct vsw *sw, struct vsw_burst *b, unsigned i, struct fdb_ref r);

/* flood.c */
int vsw_to_uplink(struct vsw *sw, struct vsw_burst *b, unsigned i);
bool vsw_refuses(const struct vsw *sw, const struct vsw_burst *b, unsigned i,
		 const struct vsw_port *p);
bool vsw_to_promiscuous(struct vsw *sw, struct vsw_burst *b, unsigned i);
int vsw_to_unknown(struct vsw *sw, struct vsw_burst *b, unsigned i);
int vsw_to_group(struct vsw *sw, struct vsw_burst *b, unsigned i);

#endif
