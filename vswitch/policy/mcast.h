/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Multicast snooping: who wants which group.
 *
 * DOC: Theory of Operation
 *
 * A *net* is a filtering id (a VLAN, or the primary one of a private VLAN) and a version of IP. All
 * that is known is known of a net: IPv4 says nothing of IPv6, a VLAN nothing of another. A net has
 *
 *  - groups, by IP address (not by MAC address, which 32 groups of IPv4 share), each with the ports
 *    whose reports asked for it, and until when that holds;
 *  - router ports: where queries, PIM hellos or router advertisements (RFC 4286) come from. They
 *    get all groups and all reports. Ports that are router ports by configuration are @fixed;
 *  - the other querier: the one with the lowest address of those heard (RFC 3376 6.6.2). While he
 *    is there and is before ours, ours is silent (querier.c);
 *  - ports in doubt: something they asked for could not be kept. They get all groups.
 *
 * A net is *filtered* while somebody asks its hosts: then a group goes to the ports that want it,
 * to router ports, and to ports in doubt; and to the uplinks always, which is why nothing is kept
 * of what is asked for behind them. Without a querier nobody repeats his report, so all is flooded.
 * Whatever is in doubt is flooded: a group is never cut from who asked for it.
 *
 * | file            | what it does                                                             |
 * |-----------------|--------------------------------------------------------------------------|
 * | snoop.c         | the data path's question: to whom does this frame go?                    |
 * | mcast-msg.c     | is it a message, and sound? It is read from a private copy only          |
 * | igmp.c          | what hosts say                                                           |
 * | mcast-router.c  | what routers say                                                         |
 * | mcast.c         | groups and their members                                                 |
 * | mcast-net.c     | nets: routers, the other querier, doubt                                  |
 * | querier.c       | the switch's own querier                                                 |
 * | mcast-query.c   | the bytes of queries                                                     |
 * | mcast-clock.c   | the clock of all this                                                    |
 * | mcast-state.c   | what is known, for those who ask                                         |
 * | multicast.c     | the policy                                                               |
 *
 * Bounds. Tables are made with the switch. A message is read up to MCAST_MSG_MAX bytes (1150
 * records of IGMPv3, 459 of MLDv2), a longer report puts its port in doubt; each record is one
 * look-up. A port has MCAST_PORT_MEMBERS memberships at most, so one guest can't fill the tables
 * for others. What a port leaves is asked for MCAST_ASKS times, at that port only, MCAST_RUN_ASKS
 * queries in a run of the clock.
 *
 * Time. When the clock jumps (the host's goes back, or it goes ahead by more than MCAST_LAPSE
 * between two runs), what was left of each deadline stays left, all other queriers are forgotten
 * and ours starts again: until somebody has asked anew, all is flooded.
 */
#ifndef VSWITCH_MCAST_H
#define VSWITCH_MCAST_H

#include "core/vsw.h"
#include "vswitch/query.h"

#define MCAST_NETS	   256u
#define MCAST_GROUPS	   2048u /* a power of two */
#define MCAST_MEMBERS	   8192u /* a power of two */
#define MCAST_PORT_MEMBERS 1024u
#define MCAST_ROUTERS	   512u
#define MCAST_MSG_MAX	   9216u
#define MCAST_WORDS	   ((VSW_MAX_PORTS + 64u) / 64u)

#define MCAST_TICK     NS_PER_S
#define MCAST_LAPSE    (10 * NS_PER_S)
#define MCAST_BATCH    (NS_PER_S / 50)	     /* what is to be sent within this is sent at once */
#define MCAST_MAX_LIFE (3 * 3600 * NS_PER_S) /* nothing is believed for longer without news */

/* RFC 3376 8, RFC 3810 9: robustness, intervals of a querier that does not tell its own */
#define ROBUSTNESS     2
#define QUERY_INTERVAL (125 * NS_PER_S)
#define QUERY_RESPONSE (10 * NS_PER_S)
#define MCAST_LIFE     (ROBUSTNESS * QUERY_INTERVAL + QUERY_RESPONSE)
#define LAST_INTERVAL  NS_PER_S	      /* last member query interval */
#define MCAST_ASKS     ROBUSTNESS     /* last member query count */
#define LAST_GRACE     (NS_PER_S / 2) /* besides the last member query time: ways there and back */

/* struct mcast_ports - a set of ports by number */
struct mcast_ports {
	uint64_t word[MCAST_WORDS];
};

/* struct mcast_addr - IPv4 (the first four bytes, then zeros) or IPv6 address */
struct mcast_addr {
	uint8_t b[16];
};

/*
 * struct mcast_member - a port in a group
 * @until:   Its report holds until then
 * @leaving: It left: the group ends then, unless somebody else there answers; 0: it did not
 * @v1:      A host of IGMPv1 is there until then: it can't leave (RFC 2236 5)
 * @ask_at:  When the next query after a leave is due
 * @group:   Whose: index + 1; 0: the entry is free
 * @port:    Where
 * @next:    In the chain of the hash table, or of free ones: index + 1; 0: none
 * @asks:    Queries still to be sent after a leave
 * @pending: It is in the list of those that are to be asked
 */
struct mcast_member {
	int64_t until, leaving, v1, ask_at;
	uint16_t group, port, next;
	uint8_t asks;
	bool pending;
};

/*
 * struct mcast_group - a group of a net
 * @addr:  Its address
 * @ports: Who is in it
 * @net:   Its net: index + 1; 0: the entry is free
 * @next:  In the chain of the hash table, or of free ones: index + 1; 0: none
 * @n:     Members
 */
struct mcast_group {
	struct mcast_addr addr;
	struct mcast_ports ports;
	uint16_t net, next, n;
};

/* enum mcast_by - what told that a router is behind a port */
enum mcast_by { BY_QUERY, BY_PIM, BY_MRD, BY_COUNT };

/* struct mcast_router - a port behind which a router is, until when by each sign of it */
struct mcast_router {
	int64_t until[BY_COUNT];
	uint16_t net, port; /* @net: index + 1; 0: the entry is free */
};

/*
 * struct mcast_net - a filtering id and a version of IP
 * @filtered:    Groups are not flooded
 * @asked:       The other querier asked all hosts: that holds until then
 * @asked_from:  From when on it does: when the first answers are in
 * @asked_port:  Where he is
 * @other:       His address
 * @other_until: Until then he is the querier; 0: he has no address, or there is none
 * @life:        How long a report holds (group membership interval), by who asks
 * @doubt_until: Until then ports in @doubt get all groups
 * @flood_until: Until then all is flooded, since a router could not be kept
 * @groups: @n_routers: Entries that are of it
 * @routers: @doubt: Ports
 */
struct mcast_net {
	uint16_t fid;
	bool used, v6, filtered;
	int64_t asked, asked_from, other_until, life, doubt_until, flood_until;
	struct mcast_addr other;
	uint16_t asked_port;
	uint16_t groups, n_routers;
	struct mcast_ports routers, doubt;
};

/*
 * struct mcast_own - the switch's own querier of a version of IP
 * @net:      Where it asks; NULL: it is off
 * @silent:   Another one was before it at the last look
 * @trusted:  Its first query has been answered: the net is filtered on its word
 * @life:     How long what is reported to it holds
 * @startup:  Queries of the start that are still to be sent
 * @next:     When the next query is due
 * @answered: When the first one will have been answered; 0: it was not sent
 */
struct mcast_own {
	struct mcast_net *net;
	bool silent, trusted;
	unsigned startup;
	int64_t life, next, answered;
};

struct vsw_mcast {
	struct mcast_net net[MCAST_NETS];
	uint16_t net_of[2][VSW_VLANS]; /* by version and filtering id: index + 1; 0: none */
	struct mcast_group group[MCAST_GROUPS];
	uint16_t group_head[MCAST_GROUPS], group_free; /* index + 1; 0: none */
	struct mcast_member member[MCAST_MEMBERS];
	uint16_t member_head[MCAST_MEMBERS], member_free;
	uint16_t groups_touched, members_touched; /* entries beyond were never in use */
	uint16_t members_of[VSW_MAX_PORTS + 1];
	struct mcast_router router[MCAST_ROUTERS];
	uint16_t pending[MCAST_MEMBERS]; /* members to be asked */
	unsigned n_pending, n_nets;
	uint64_t seed;
	uint64_t mac;			/* queries come from it */
	int64_t clock;			/* time of the last look at it */
	int64_t clock_add;		/* struct vsw's at that look */
	int64_t next_tick;		/* when to look for what ended */
	int64_t greet_at;		/* when ports that came are asked; 0: there are none */
	struct mcast_ports fixed;	/* router ports by configuration */
	struct mcast_ports guarded;	/* no router may be there */
	struct mcast_ports open, fresh; /* that frames leave by; that came since */
	struct mcast_own own[2];	/* by version */
	struct vsw_querier_policy conf; /* that @own runs on */
	bool on;
	struct vsw_snooping_counters stats;
	struct mcast_ports to;		/* answer to the data path */
	uint8_t msg[MCAST_MSG_MAX + 1]; /* the message being read */
};

static inline bool ports_has(const struct mcast_ports *s, uint16_t port)
{
	return s->word[port / 64] >> (port % 64) & 1;
}

static inline void ports_add(struct mcast_ports *s, uint16_t port)
{
	s->word[port / 64] |= UINT64_C(1) << (port % 64);
}

static inline void ports_del(struct mcast_ports *s, uint16_t port)
{
	s->word[port / 64] &= ~(UINT64_C(1) << (port % 64));
}

static inline bool addr_zero(const struct mcast_addr *a)
{
	static const struct mcast_addr zero;

	return !memcmp(a, &zero, sizeof(zero));
}

struct vsw_mcast *vsw_mcast_new(uint64_t seed, uint64_t mac);
void vsw_mcast_forget_all(struct vsw_mcast *m);
struct mcast_group *vsw_mcast_group(struct vsw_mcast *m, const struct mcast_net *net,
				    const struct mcast_addr *addr);
struct mcast_member *vsw_mcast_member(struct vsw_mcast *m, const struct mcast_group *g,
				      uint16_t port);
struct mcast_member *vsw_mcast_join(struct vsw_mcast *m, struct mcast_net *net,
				    const struct mcast_addr *addr, uint16_t port);
void vsw_mcast_part(struct vsw_mcast *m, struct mcast_member *member);
void vsw_mcast_ask(struct vsw_mcast *m, struct mcast_member *member);

#endif
