/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the switch share: its structures, and the few inline functions of the data
 * path.
 *
 * DOC: Theory of Operation
 *
 * The data path, in the order a burst meets it:
 *
 * | file      | what happens to it                                                             |
 * |-----------|--------------------------------------------------------------------------------|
 * | port-io.c | vsw_port_input(): link, blocking, shaping on the way in; bursts of PKT_BURST   |
 * | input.c   | length, tag, VLAN, reserved address admit or drop a frame (admit.c); the       |
 * |           | source is looked up and learnt (source.c), the destination looked up; onto the |
 * |           | lists of its receivers, which for groups and unknown stations flood.c finds    |
 * | inspect.c | policies that look at each frame                                               |
 * | output.c  | one visit to each receiver that has a list: tag for its VLAN mode              |
 * | send.c    | finish what the receiver can't take, send(); or into the queue                 |
 * | queue.c   | FQ-CoDel (codel.c), for what is not taken or has to wait: vsw_port_ready() and |
 * |           | the timer send from it later (dequeue.c)                                       |
 * | emit.c    | frames that the switch itself makes join here                                  |
 *
 * Policies that not every port has are bits: @in_special and @out_special of a port, @special of
 * the switch. A port without any takes the short way, so that what is not configured costs one test
 * a burst.
 *
 * Uplinks share one number in the table of addresses, VSW_UPLINK: which of them a frame leaves by
 * is the team's decision for each sender (team.c), not the table's.
 */
#ifndef VSWITCH_VSW_H
#define VSWITCH_VSW_H

#include <string.h>

#include "core/bucket.h"
#include "core/burst.h"
#include "core/fdb.h"
#include "core/likely.h"
#include "core/look.h"
#include "core/mac.h"
#include "core/wire.h"
#include "hwnet/frame.h"
#include "policy/list.h"
#include "vswitch/manage.h"
#include "vswitch/policy.h"
#include "vswitch/vswitch.h"

#define VSW_UPLINK 0u /* port number of "the uplinks" in the table of addresses */
#define NS_PER_S   INT64_C(1000000000)

struct vsw_queue;
struct vsw_ruleset; /* rules.h */
struct vsw_mcast;   /* mcast.h */
struct vsw_mirrors; /* mirror.h */

/* enum vsw_pick - how a port's uplink is found */
enum vsw_pick { PICK_FIXED, PICK_MAC, PICK_IP };

/* struct vsw_team - a port's team as it is now: uplinks in use, by number */
struct vsw_team {
	unsigned n;
	uint16_t up[VSW_TEAM_MAX];
};

/* enum vsw_in_special - why input of a port does not go the short way */
enum vsw_in_special {
	IN_BLOCKED = 1 << 0,
	IN_LINK_DOWN = 1 << 1,
	IN_SHUT = 1 << 7,
	IN_CLOSED = IN_BLOCKED | IN_LINK_DOWN | IN_SHUT,
	IN_SHAPED = 1 << 2,
	IN_STORM = 1 << 3,
	IN_RULES = 1 << 4,
	IN_MIRROR = 1 << 5,
	IN_ROWS = 1 << 6, /* policies that have a stage in their row: @in_rows */
	/* looked at for each burst, frame by frame */
	IN_POLICIES = IN_STORM | IN_RULES | IN_MIRROR | IN_ROWS,
};

/* enum vsw_out_special - why output of a port does not go the short way */
enum vsw_out_special {
	OUT_BLOCKED = 1 << 0,
	OUT_LINK_DOWN = 1 << 1,
	OUT_MAC_CHANGE = 1 << 2, /* the card uses another address and may not */
	OUT_SHUT = 1 << 9,
	OUT_CLOSED = OUT_BLOCKED | OUT_LINK_DOWN | OUT_SHUT,
	OUT_QUEUED = 1 << 3, /* frames wait in the queue: others go behind them */
	OUT_TAGGED = 1 << 4, /* frames leave with a tag */
	OUT_PACED =
		1 << 5, /* shaped, or under network I/O control: all frames go through the queue */
	OUT_RULES = 1 << 6,
	OUT_MIRROR = 1 << 7,
	OUT_ROWS = 1 << 8,  /* policies that have a stage in their row: @out_rows */
	OUT_LOOK = 1 << 10, /* somebody looks at what passes to it */
	OUT_FRAMES = OUT_RULES | OUT_MIRROR | OUT_ROWS, /* looked at frame by frame */
};

/* enum vsw_special - policies that concern the whole switch */
enum vsw_special {
	SW_PROMISCUOUS = 1 << 0, /* some port gets what is meant for others */
	SW_VEPA = 1 << 1,	 /* frames between ports go through the uplink */
	SW_MULTICAST = 1 << 2,	 /* groups are filtered or snooped */
	SW_TEAM = 1 << 3, /* more than one uplink: who takes what from which is to be checked */
	SW_RETURNS = SW_VEPA | SW_TEAM, /* what left by an uplink may come back: ports refuse it */
	SW_ODD = SW_RETURNS | SW_PROMISCUOUS,
};

/* enum vsw_due - deadlines of a switch */
enum vsw_due {
	DUE_INPUT,  /* owners whose input was refused are told */
	DUE_QUEUE,  /* a paced queue may send again */
	DUE_OPEN,   /* ports that were shut are opened */
	DUE_POLICY, /* the first of the policies': add the policy's number */
	DUE_COUNT = DUE_POLICY + VSW_POLICIES
};

/* Ports as bits: words of 64, by number */
#define VSW_PORT_WORDS ((VSW_MAX_PORTS + 64u) / 64u)

/* struct vsw_vlan - a VLAN: under which filtering id its addresses are kept, and how many uplinks
 * carry it. Which other ports do is in @member of the switch */
struct vsw_vlan {
	uint16_t fid, uplinks;
};

/* struct vsw_numbers - ports by number, in ascending order */
struct vsw_numbers {
	uint16_t n, port[VSW_MAX_PORTS];
};

struct vsw_port {
	/* read for each frame or burst */
	struct vsw *sw;
	const struct vsw_port_ops *ops;
	void *opaque;
	uint32_t in_special, out_special;
	uint32_t takes;
	uint16_t number;   /* in struct vsw, from 1 */
	uint16_t turn;	   /* its number for the choice of an uplink (team.c) */
	uint16_t fdb_port; /* as which it is in the table of addresses: @number or VSW_UPLINK */
	uint16_t uplink;   /* number of the uplink its frames leave by; 0: none */
	uint16_t vid, fid; /* of untagged frames on the way in */
	uint16_t vid_out;  /* leaves untagged */
	uint16_t tpid;	   /* of its tags; 0: it has none */
	bool is_uplink;
	bool untagged;	 /* takes untagged frames */
	bool lookup_src; /* sources are looked up: it learns, or forged ones are refused */
	bool learning;
	bool strict;			/* forged transmits are refused */
	bool any_vlan;			/* its registered addresses hold in all its VLANs */
	bool reflective;		/* frames may leave where they came in */
	uint8_t pick;			/* enum vsw_pick */
	uint8_t class;			/* of network I/O control */
	uint16_t reserved;		/* reserved addresses that pass */
	uint16_t mirror_in, mirror_out; /* sessions that copy it, a bit each */
	uint64_t last_src; /* last source that was found in order, at @last_version of the table */
	uint32_t last_version;
	/* the list that output works on */
	uint8_t listed;
	uint8_t list[PKT_BURST];

	struct vsw_counters c;
	uint64_t in_vlans[VSW_VLANS / 64];  /* VIDs of tags that come in */
	uint64_t out_vlans[VSW_VLANS / 64]; /* VLANs that go out */
	struct vsw_queue *queue;

	struct vsw_ruleset *rules;
	uint64_t in_rows, out_rows; /* policies whose rows have a stage, by number */
	struct vsw_team team;
	struct bucket storm[3]; /* by enum vsw_kind; [0]: unknown unicast */
	struct bucket in_average, in_peak, out_average, out_peak;
	int64_t input_at; /* when a shaped owner may try again */
	int64_t queue_at; /* when a paced queue may send again */

	/* control */
	char id[VSW_NAME_MAX], portgroup[VSW_NAME_MAX];
	uint16_t
		next_named; /* the next port of its place in the switch's index of names; 0: none */
	struct vsw_policy policy;
	bool link_up;
	bool in_paced;	   /* in the switch's list of paced queues to be run */
	bool input_wanted; /* owner waits for input_ready() */
	bool share_waits;  /* ... for a share (share.c) */
	uint32_t share;	   /* its share, if the timer has not run since @share_run */
	uint32_t share_run;
	bool promiscuous;  /* gets what is meant for others */
	bool unmet;	   /* claims an address that another one has */
	bool wants_beacon; /* counted in @n_beacon of the switch */
	bool by_load;	   /* counted in @n_by_load */
	bool filter_known; /* the owner told its receive filter */
	bool mac_violation;
	uint64_t mac_change;	/* address of a violation that was told, or will be at */
	int64_t mac_change_at;	/* VSW_NEVER: it was told */
	bool shut;		/* closed by a policy (shut.h) */
	enum vsw_drop shut_why; /* as what frames are dropped then */
	int64_t shut_until;	/* VSW_NEVER: until somebody opens it */
	uint64_t groups;  /* of the group addresses in @addrs: a bit of 64 each, by group_bit() */
	bool beacon_lost; /* uplink: the others do not hear it */
	int64_t beacon_heard;
	struct vsw_team told; /* uplinks on which its addresses were announced last (notify.c) */
	uint8_t announce;     /* times that they are still to be announced */
	bool announcing;      /* that is being done */
	uint64_t vlans_used[VSW_VLANS / 64]; /* trunk: in which its card sent */
	uint64_t load_bytes;		     /* team by load: out bytes at the last look */
	uint8_t permanent[6];
	uint64_t mac;		 /* address now; 0: unknown */
	struct vsw_addrs filter; /* @addrs is below */
	uint8_t addrs[VSW_MAX_ADDRS][6];
	unsigned n_registered;
	uint64_t registered[VSW_MAX_ADDRS + 1]; /* keys entered in the table */
	uint64_t registered_in[VSW_VLANS / 64]; /* @out_vlans when they were */
	uint32_t speed_mbps;
	int conf_vlan;			   /* VLAN it was connected with */
	int64_t event_at[VSW_EVENT_COUNT]; /* when an event of a kind was last told */
	/* what was asked for from inside an operation; takes effect when the outer call ends */
	bool want_ready, want_addrs, want_link, next_link, want_shut;
	struct vsw_addrs next_filter;
	uint8_t next_addrs[VSW_MAX_ADDRS][6];
};

/* struct vsw_notify - where the walk is that announces addresses (notify.c) */
struct vsw_notify {
	bool walking;
	uint32_t pos;
	uint64_t key; /* the address whose VLANs are being gone through; 0: none */
	unsigned vid;
};

#define VSW_RETURNS 512u  /* a power of two */
#define VSW_NAMES   4096u /* a power of two */

/* struct vsw_heard - a station of ours that was heard from an uplink (returns.c) */
struct vsw_heard {
	uint64_t key;
	int64_t since;
	uint8_t age; /* of its entry, as long as it is not heard here */
};

/* struct vsw_told - a station of ours that was announced at an uplink */
struct vsw_told {
	uint64_t key;
	int64_t at;
};

struct vsw {
	struct vsw_port *port[VSW_MAX_PORTS + 1]; /* by number; [0] unused */
	struct fdb fdb;
	uint32_t addresses; /* that the table holds if its policy does not say */
	uint32_t special;
	uint32_t max_len;
	unsigned busy;	   /* inside a burst or operation */
	bool wide;	   /* so many ports that frames for many are shared out (share.c) */
	bool in_timer;	   /* vsw_timer() will tell the host the nearest deadline itself */
	bool want_any;	   /* some port has a want_ */
	bool mirror_noted; /* frames of the burst are to be copied */
	bool mirror_full;  /* so many that it is to be done before the next receiver */
	unsigned used;	   /* receivers of the burst */
	uint16_t used_port[VSW_MAX_PORTS + 1];
	uint16_t last_port; /* highest number in use */
	/* deliveries that are left; runs of the timer; ports that wait, and who had one last */
	uint32_t share_left, share_run, share_waits, share_next;
	struct vsw_numbers promiscuous;
	struct vsw_vlan vlan[VSW_VLANS];
	unsigned words;			   /* of 64 ports each, that there is room for */
	uint64_t *member[VSW_PORT_WORDS];  /* of each word its members of each VLAN, but uplinks */
	uint64_t flooding[VSW_PORT_WORDS]; /* who gets frames to unknown stations */
	struct vsw_burst burst;
	/* views of frames altered for a receiver, while it is visited */
	struct pkt view[PKT_BURST];
	struct pkt_buf buf[PKT_BURST];
	struct pkt_fit fit;
	struct pkt_buf segment[PKT_BURST]; /* what @fit makes */
	struct pkt_buf altered[PKT_BURST]; /* frames marked by a rule on their way in */
	struct pkt_buf marked[PKT_BURST];  /* and on their way out */
	struct vsw_mcast *mcast;
	struct vsw_mirrors *mirrors;
	struct vsw_numbers uplinks;
	struct vsw_heard heard[VSW_RETURNS];
	struct vsw_told told[VSW_RETURNS];
	struct vsw_notify notify;
	uint8_t class;				   /* of what is being sent */
	uint16_t paced, paced_port[VSW_MAX_PORTS]; /* queues to be run when the burst is done */
	uint32_t beacon_sequence;

	const struct vsw_host *host;
	void *opaque;
	char name[VSW_NAME_MAX];
	uint64_t seed;	  /* secret */
	uint64_t id;	  /* who the switch is to others; says nothing of the secrets */
	uint64_t mark[2]; /* secret: its beacons are signed by it */
	struct vsw_switch_policy policy;
	uint16_t named[VSW_NAMES]; /* first port of each place of the index of names (find.c) */
	struct vsw_numbers unmet;  /* ports with claims that are not met */
	bool freed;		   /* an address was given up: one of these may be met now */
	unsigned n_beacon;	   /* ports whose teams want beacons */
	unsigned n_by_load;	   /* ports whose teams are looked after */
	struct vsw_look look;
	const struct vsw_manager *manager; /* or NULL */
	void *manager_opaque;
	int64_t due[DUE_COUNT];
	int64_t wished;		       /* deadline the host has */
	int64_t clock_last, clock_add; /* time at the last look; what is added to the host's */
};

/* numbers_put() - A port is, or is not any more, among some */
static inline void numbers_put(struct vsw_numbers *s, uint16_t number, bool in)
{
	unsigned from = 0, to = s->n;

	while (from < to) {
		unsigned middle = (from + to) / 2;

		if (s->port[middle] < number)
			from = middle + 1;
		else
			to = middle;
	}
	if ((from < s->n && s->port[from] == number) == in)
		return;
	if (!in) {
		s->n--;
		memmove(&s->port[from], &s->port[from + 1], (s->n - from) * sizeof(s->port[0]));
		return;
	}
	memmove(&s->port[from + 1], &s->port[from], (s->n - from) * sizeof(s->port[0]));
	s->port[from] = number;
	s->n++;
}

static inline bool vlan_bit(const uint64_t *map, unsigned vid)
{
	return map[vid >> 6] >> (vid & 63) & 1;
}

/* port_carries() - May a frame of this VLAN leave by the port? One compare for access ports. */
static inline bool port_carries(const struct vsw_port *p, uint16_t vid)
{
	return p->vid_out == vid || vlan_bit(p->out_vlans, vid);
}

/* count_drop() - A frame is dropped at a port */
static inline void count_drop(struct vsw_port *p, enum vsw_drop why, uint32_t frames)
{
	p->c.drops[why] += frames;
}

/* port_usable() - May frames come in and go out? Not if its link is down, or a policy closed it */
static inline bool port_usable(const struct vsw_port *p)
{
	return p->link_up && !p->policy.blocked && !p->shut;
}

/* port_closed_why() - As what frames are dropped that may not come in or go out */
static inline enum vsw_drop port_closed_why(const struct vsw_port *p)
{
	return p->policy.blocked ? VSW_DROP_BLOCKED :
	       !p->link_up	 ? VSW_DROP_LINK_DOWN :
	       p->shut		 ? p->shut_why :
				   VSW_DROP_MAC_CHANGE;
}

static inline struct vsw_count *traffic_of(struct vsw_traffic *t, uint8_t kind)
{
	return kind == KIND_UNICAST   ? &t->unicast :
	       kind == KIND_MULTICAST ? &t->multicast :
					&t->broadcast;
}

int64_t vsw_clock_back(struct vsw *sw, int64_t now);

/* vsw_now() - The switch's time: the host's, but it never goes back (clock.c) */
static inline int64_t vsw_now(struct vsw *sw)
{
	int64_t now = sw->host->now(sw->opaque) + sw->clock_add;

	if (unlikely(now < sw->clock_last))
		now = vsw_clock_back(sw, now);
	sw->clock_last = now;
	return now;
}

#endif
