/* SPDX-License-Identifier: BSD-2-Clause */
/* What ports counted, and the names of things. */
#include "core/queue.h"

static const char *const drop_names[VSW_DROP_COUNT] = {
	[VSW_DROP_BLOCKED] = "blocked",
	[VSW_DROP_LINK_DOWN] = "link-down",
	[VSW_DROP_MALFORMED] = "malformed",
	[VSW_DROP_TOO_LONG] = "too-long",
	[VSW_DROP_VLAN_RESERVED] = "vlan-reserved",
	[VSW_DROP_VLAN] = "vlan",
	[VSW_DROP_SRC_GROUP] = "source-group",
	[VSW_DROP_RESERVED] = "reserved-address",
	[VSW_DROP_FORGED] = "forged-transmit",
	[VSW_DROP_MAC_LIMIT] = "mac-limit",
	[VSW_DROP_STORM] = "storm",
	[VSW_DROP_RULE] = "rule",
	[VSW_DROP_RULE_RATE] = "rule-rate",
	[VSW_DROP_REFLECTED] = "reflected",
	[VSW_DROP_SAME_PORT] = "same-port",
	[VSW_DROP_SHAPED] = "shaped",
	[VSW_DROP_NO_DEST] = "no-destination",
	[VSW_DROP_NO_UPLINK] = "no-uplink",
	[VSW_DROP_BUSY] = "busy",
	[VSW_DROP_MAC_CHANGE] = "mac-change",
	[VSW_DROP_OUT_RULE] = "out-rule",
	[VSW_DROP_OUT_RULE_RATE] = "out-rule-rate",
	[VSW_DROP_QUEUE_FULL] = "queue-full",
	[VSW_DROP_QUEUE_DELAY] = "queue-delay",
	[VSW_DROP_FINISH] = "not-segmentable",
};

static const char *const event_names[] = {
	[VSW_EVENT_PORT_ADDED] = "PORT_ADDED", [VSW_EVENT_PORT_REMOVED] = "PORT_REMOVED",
	[VSW_EVENT_LINK] = "PORT_LINK",	       [VSW_EVENT_FORGED] = "FORGED_TRANSMIT",
	[VSW_EVENT_MAC_CHANGE] = "MAC_CHANGE", [VSW_EVENT_MAC_MOVED] = "MAC_MOVED",
	[VSW_EVENT_MAC_LIMIT] = "MAC_LIMIT",   [VSW_EVENT_MAC_CONFLICT] = "MAC_CONFLICT",
	[VSW_EVENT_STORM] = "STORM",	       [VSW_EVENT_FAILOVER] = "FAILOVER",
	[VSW_EVENT_RULE] = "RULE_HIT",	       [VSW_EVENT_ROLLBACK] = "ROLLBACK",
};

const char *vsw_drop_name(unsigned reason)
{
	return reason < VSW_DROP_COUNT ? drop_names[reason] : NULL;
}

const char *vsw_event_name(enum vsw_event_kind kind)
{
	return event_names[kind];
}

void vsw_port_counters(const struct vsw_port *p, struct vsw_counters *c)
{
	*c = p->c;
	c->queue_frames = p->queue->frames;
	c->queue_bytes = p->queue->bytes;
	c->addresses = p->sw->fdb.count[p->fdb_port];
}

void vsw_port_clear_counters(struct vsw_port *p)
{
	memset(&p->c, 0, sizeof(p->c));
}
