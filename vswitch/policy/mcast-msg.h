/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames as snooping sees them, and the messages among them. */
#ifndef VSWITCH_MCAST_MSG_H
#define VSWITCH_MCAST_MSG_H

#include "policy/mcast.h"

/*
 * struct mcast_view - a frame as snooping sees it
 * @f:     What frame_parse() says of its first PKT_HEAD bytes: what follows them does not count, so
 *         that a frame means the same in whatever pieces it comes
 * @p:     Those bytes, private
 * @have:  Their number
 * @inner: It is no plain IP: a tag is left inside, or LLC; whoever that is for, it is not for us
 */
struct mcast_view {
	const struct pkt *pkt;
	const uint8_t *p;
	uint32_t have;
	bool inner;
	struct frame f;
	struct mcast_addr src, dst;
};

/*
 * struct mcast_msg - a message whose checks hold
 * @src: @dst: IP addresses
 * @proto:     IGMP, ICMPv6 or PIM
 * @p: @len:   The message, private
 */
struct mcast_msg {
	bool v6;
	uint8_t proto;
	struct mcast_addr src, dst;
	const uint8_t *p;
	uint32_t len;
};

/* enum mcast_look - what a frame is to snooping */
enum mcast_look {
	LOOK_OTHER, /* not IP, or to an address that is never filtered */
	LOOK_DATA,  /* data to a group */
	LOOK_BAD,   /* a message that fails a check: not used */
	LOOK_LONG,  /* a report longer than can be read */
	LOOK_MSG,   /* a sound message */
};

void vsw_mcast_view(struct mcast_view *v, const struct vsw_burst *b, unsigned i);
enum mcast_look vsw_mcast_look(struct vsw_mcast *m, const struct mcast_view *v,
			       struct mcast_msg *msg);
bool vsw_mcast_of_router(const struct mcast_view *v);

#endif
