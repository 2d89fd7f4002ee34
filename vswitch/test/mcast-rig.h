/* SPDX-License-Identifier: BSD-2-Clause */
/* The bench with messages of hosts and routers on it. */
#ifndef VSWITCH_TEST_MCAST_RIG_H
#define VSWITCH_TEST_MCAST_RIG_H

#include "mcast-frames.h"
#include "rig.h"

/* Records of reports (RFC 3376 4.2.12) */
enum { IS_IN = 1, IS_EX, TO_IN, TO_EX, ALLOW, BLOCK };

/* struct say - what a message is said in; zeros: as it should be */
struct say {
	bool v6;
	enum mc_flaw flaw;
	unsigned version; /* 0: the latest of queries, the older of reports */
	int tag;	  /* VLAN of a tag in the bytes; 0: none */
};

/* V4, V6, both[] - Each version, as it should be */
#define V4 ((struct say) { .v6 = false })
#define V6 ((struct say) { .v6 = true })
static const struct say both[] = { { .v6 = false }, { .v6 = true } };

/* struct four - the usual four ports */
struct four {
	struct rig *r;
	struct rig_port *a, *b, *c, *q;
};

/* Address of the switch's own querier: 10.0.0.100 */
#define OWN 0x0a000064

struct rig *snooping_rig(void);
struct four four(void);
/* The same with a querier that has started */
struct four four_asked(void);
void querier_on(struct rig *r, uint32_t interval, uint32_t address);
void say_query(struct rig_port *p, uint8_t host, struct say how);
void say_group_query(struct rig_port *p, uint8_t host, unsigned group, struct say how);
void say_join(struct rig_port *p, uint8_t host, unsigned group, struct say how);
void say_leave(struct rig_port *p, uint8_t host, unsigned group, struct say how);
void say_record(struct rig_port *p, uint8_t host, uint8_t type, unsigned sources, unsigned group,
		struct say how);
void say_records(struct rig_port *p, uint8_t host, unsigned group, unsigned n, uint32_t first_piece,
		 uint32_t piece, struct say how);
void say_hello(struct rig_port *p, uint8_t host, int holdtime, struct say how);
void say_advert(struct rig_port *p, uint8_t host, bool end, struct say how);
/* Send to a group, and count what @to got of it */
unsigned stream(struct rig_port *from, struct rig_port *to, unsigned group, struct say how);
unsigned stream_to(struct rig_port *from, struct rig_port *to, const uint8_t *group,
		   struct say how);
/* Queries that a port got: of all groups (@group < 0) or one */
unsigned queries_at(const struct rig_port *p, bool v6, int group);

#endif
