/* SPDX-License-Identifier: BSD-2-Clause */
/* What routers say. */
#ifndef VSWITCH_MCAST_ROUTER_H
#define VSWITCH_MCAST_ROUTER_H

#include "policy/mcast-msg.h"

/*
 * struct mcast_ctx - a message being acted on
 * @net:    Where it was heard
 * @port:   At which port; VSW_UPLINK: at an uplink
 * @failed: It turned out to be unsound after all
 */
struct mcast_ctx {
	struct vsw *sw;
	struct vsw_mcast *m;
	struct mcast_net *net;
	const struct mcast_msg *msg;
	uint16_t port;
	bool failed;
};

/* mcast_ctx_addr() - An address in the message */
static inline struct mcast_addr mcast_ctx_addr(const struct mcast_ctx *c, const uint8_t *ip)
{
	struct mcast_addr a = { { 0 } };

	memcpy(&a, ip, c->msg->v6 ? 16 : 4);
	return a;
}

/* mcast_own_asks() - Is the switch the querier there? */
static inline bool mcast_own_asks(const struct mcast_ctx *c)
{
	return c->m->own[c->msg->v6].net == c->net && !c->net->other_until;
}

void vsw_mcast_query_heard(struct mcast_ctx *c);
void vsw_mcast_advert_heard(struct mcast_ctx *c);
void vsw_mcast_hello_heard(struct mcast_ctx *c);

#endif
