/* SPDX-License-Identifier: BSD-2-Clause */
/* Nets: routers, the other querier, doubt. */
#ifndef VSWITCH_MCAST_NET_H
#define VSWITCH_MCAST_NET_H

#include "policy/mcast.h"

struct mcast_net *vsw_mcast_net(struct vsw_mcast *m, uint16_t fid, bool v6);
struct mcast_net *vsw_mcast_net_get(struct vsw_mcast *m, uint16_t fid, bool v6, bool router);
void vsw_mcast_router_seen(struct vsw_mcast *m, struct mcast_net *net, uint16_t port,
			   enum mcast_by by, int64_t until);
void vsw_mcast_router_gone(struct vsw_mcast *m, struct mcast_net *net, uint16_t port,
			   enum mcast_by by);
void vsw_mcast_doubt(struct vsw_mcast *m, struct mcast_net *net, uint16_t port);
void vsw_mcast_judge(struct vsw_mcast *m, struct mcast_net *net);
void vsw_mcast_expire(struct vsw_mcast *m);
void vsw_mcast_shift(struct vsw_mcast *m, int64_t by);
void vsw_mcast_forget_routers(struct vsw_mcast *m, const struct mcast_ports *ports);
void vsw_mcast_drop_port(struct vsw_mcast *m, uint16_t port);

#endif
