/* SPDX-License-Identifier: BSD-2-Clause */
/* What the model of snooping knows: facts, each with its end. mcast-model.h has the theory. */
#ifndef VSWITCH_TEST_MCAST_FACTS_H
#define VSWITCH_TEST_MCAST_FACTS_H

#include "mcast-world.h"

/* Records of reports (RFC 3376 4.2.12) */
enum { IS_IN = 1, IS_EX, TO_IN, TO_EX, ALLOW, BLOCK };

#define SEC    WORLD_SEC
#define SLACK  (SEC + SEC / 5)	   /* what ended is forgotten within a second */
#define LEAVE  (2 * SEC + SEC / 2) /* last member query time, and half a second */
#define NETS   4u		   /* VLAN 0 and 10, IPv4 and IPv6 */
#define FACTS  9000u
#define MOST   1024u /* memberships of a port that are surely kept */
#define SURE   2000u /* groups and memberships that are, of all */
#define GROUPS 2400u
#define SIGNS  3u /* of a router: query, PIM, router discovery */

/*
 * struct fact - a port asked for a group: it must get it until @must, it may until @may. @until: if
 * nobody left. Until @v1 nobody can, until @v1_may perhaps not. @left: somebody surely did.
 */
struct fact {
	unsigned net, port, group;
	int64_t must, may, until, v1, v1_may;
	bool left;
};

/* struct sign - a router at a port: it must get all until @must, it may until @may */
struct sign {
	int64_t must, may;
};

struct net {
	struct sign router[WORLD_PORTS][SIGNS];
	bool doubt[WORLD_PORTS];
	int64_t doubt_until;
	int64_t asked, asked_from; /* by others than the switch; 0: nobody does */
	int64_t asked_life;	   /* how long what is reported to them holds */
	int64_t other_until;
	unsigned other, asked_port;
};

struct model {
	struct world w;
	struct net net[NETS];
	struct fact fact[FACTS];
	unsigned n;
	bool own;
	int64_t own_since[2]; /* by version: it asks since then, unless another one is before it */
	struct mc_record record[1600];
	bool trace;
	char text[200];
};

/* What happens, with VSWITCH_TRACE in the environment */
void facts_trace(const struct model *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool facts_filtered(const struct model *m, unsigned net);
bool facts_flooded(const struct model *m, unsigned net);
struct sign facts_router(const struct model *m, unsigned net, unsigned port);
struct fact *facts_find(struct model *m, unsigned net, unsigned port, unsigned group);
struct fact *facts_join(struct model *m, unsigned net, unsigned port, unsigned group);
void facts_leave(struct model *m, unsigned net, unsigned port, unsigned group);
void facts_record(struct model *m, unsigned net, unsigned port, const struct mc_record *r,
		  unsigned group);
void facts_sign(struct model *m, unsigned net, unsigned port, unsigned by, int64_t ns);
void facts_asked(struct model *m, unsigned net, unsigned port, unsigned src, int64_t present,
		 int64_t holds, int64_t response);
void facts_asked_group(struct model *m, unsigned net, unsigned group, int64_t ns);
void facts_forget_port(struct model *m, unsigned port);
bool facts_pass(struct model *m, int64_t ns);
void facts_jump(struct model *m, int64_t by);

#endif
