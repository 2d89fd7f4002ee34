/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who wants which group.
 *
 * DOC: Theory of Operation
 *
 * Snooping (RFC 4541): a table of groups, each by filtering id and group MAC address, with the
 * ports that reported it and until when that holds; and ports behind which a querier was heard.
 * Table and members are bounded and made with the switch. What does not fit is flooded, as is
 * everything until a querier was heard in that VLAN: without queries nobody repeats his report.
 *
 * Reports go only to where queriers are and to the uplinks (RFC 4541 2.1.1), so that hosts don't
 * suppress each other's.
 */
#ifndef VSWITCH_MCAST_H
#define VSWITCH_MCAST_H

#include "core/vsw.h"

#define MCAST_GROUPS   1024u /* a power of two */
#define MCAST_MEMBERS  4096u
#define MCAST_QUERIERS 64u
#define MCAST_NONE     UINT16_MAX
#define MEMBER_LIFE    (260 * NS_PER_S) /* RFC 3376 8.4 */
#define QUERIER_LIFE   (255 * NS_PER_S) /* RFC 3376 8.5 */
#define LEAVE_LIFE     (2 * NS_PER_S)	/* RFC 3376 8.8, twice over */

/* struct mcast_member - a port in a group */
struct mcast_member {
	uint16_t port, next;
	int64_t until;
};

/* struct mcast_group - a group; key 0: free */
struct mcast_group {
	uint64_t key;
	uint16_t first;
};

/* struct mcast_querier - a port behind which a querier is */
struct mcast_querier {
	uint16_t port, fid;
	int64_t until;
};

struct vsw_mcast {
	struct mcast_group group[MCAST_GROUPS];
	struct mcast_member member[MCAST_MEMBERS];
	struct mcast_querier querier[MCAST_QUERIERS];
	uint16_t free, fresh;
	unsigned n_groups;
	int64_t next_query;
};

struct vsw_mcast *vsw_mcast_new(void);
struct mcast_group *vsw_mcast_find(struct vsw_mcast *m, uint64_t key);
void vsw_mcast_join(struct vsw_mcast *m, uint64_t key, uint16_t port, int64_t until);
void vsw_mcast_leave(struct vsw_mcast *m, uint64_t key, uint16_t port, int64_t until);
void vsw_mcast_querier(struct vsw_mcast *m, uint16_t fid, uint16_t port, int64_t until);
bool vsw_mcast_has_querier(const struct vsw_mcast *m, uint16_t fid);
void vsw_mcast_drop_port(struct vsw_mcast *m, uint16_t port);
void vsw_mcast_expire(struct vsw_mcast *m, int64_t now);

#endif
