/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of the configuration document: a port's policy and the switch's. docs/switch-schema.md is
 * made from them. */
#include "schema.h"

#include "core/vsw.h"

#define AT(t, m) offsetof(struct t, m)
#define BOOL(k, t, m, h)                        \
	{                                       \
		k, JF_BOOL, AT(t, m), .help = h \
	}
#define NUM(k, kind_, t, m, lo, hi, h)                \
	{                                             \
		k, kind_, AT(t, m), lo, hi, .help = h \
	}
#define WORDS(k, t, m, w, h)                                \
	{                                                   \
		k, JF_WORD, AT(t, m), .words = w, .help = h \
	}
#define OBJ(k, t, m, s, h)                                  \
	{                                                   \
		k, JF_OBJECT, AT(t, m), .sub = s, .help = h \
	}
#define CUSTOM(k, t, m, f, ty, s, h)                                                 \
	{                                                                            \
		k, JF_CUSTOM, AT(t, m), .custom = f, .type = ty, .sub = s, .help = h \
	}

#define MAX_RATE UINT64_C(1000000000000)

static const char *const vlan_modes[] = { "access", "trunk", "tunnel", "private", NULL };
static const char *const accepts[] = { "all", "tagged", "untagged", NULL };
static const char *const team_kinds[] = { "port", "mac", "ip", "load", "explicit", NULL };
static const char *const multicasts[] = { "flood", "filter", "snooping", NULL };

const struct json_field schema_vlan[] = {
	WORDS("mode", vsw_vlan_policy, mode, vlan_modes, "what the port does with tags"),
	NUM("id", JF_U16, vsw_vlan_policy, vid, 0, 4094,
	    "access: its VLAN; trunk: native VLAN; tunnel: outer VLAN; private: "
	    "a primary or secondary VLAN; 0: the untagged one"),
	CUSTOM("trunk", vsw_vlan_policy, allowed, value_vlan_list, "string", NULL,
	       "trunk: VLANs carried, as in `1-10,20`"),
	CUSTOM("tpid", vsw_vlan_policy, tpid, value_tpid, "string", NULL,
	       "trunk: type of its tags, `0x8100` or `0x88a8`"),
	WORDS("accept", vsw_vlan_policy, accept, accepts,
	      "trunk: acceptable frame types (802.1Q 6.9)"),
	BOOL("ingress-filter", vsw_vlan_policy, filter,
	     "trunk: drop what comes in of VLANs it does not carry"),
	{ 0 }
};

static const struct json_field security[] = {
	BOOL("promiscuous", vsw_security_policy, promiscuous,
	     "a card in promiscuous mode gets the traffic of its VLANs"),
	BOOL("mac-changes", vsw_security_policy, mac_changes,
	     "the card may use another address than its permanent one"),
	BOOL("forged-transmits", vsw_security_policy, forged_transmits,
	     "the guest may send from other addresses"),
	{ 0 }
};

static const struct json_field mac[] = {
	BOOL("learning", vsw_mac_policy, learning, "learn the addresses of frames from the port"),
	BOOL("flooding", vsw_mac_policy, flooding, "the port gets frames to unknown addresses"),
	NUM("limit", JF_U32, vsw_mac_policy, limit, 0, 1000000,
	    "most addresses learnt; 0: no limit"),
	BOOL("limit-drop", vsw_mac_policy, limit_drop,
	     "frames of further addresses are dropped, else passed unlearnt"),
	CUSTOM("addresses", vsw_mac_policy, n_addresses, value_addresses, "array of string", NULL,
	       "static entries: addresses behind the port besides its card's (not for uplinks)"),
	CUSTOM("reserved", vsw_mac_policy, reserved, value_reserved, "array of number", NULL,
	       "last digits (0 to 15) of the addresses 01-80-C2-00-00-0x that pass from this port"),
	{ 0 }
};

static const struct json_field queue[] = {
	NUM("frames", JF_U32, vsw_queue_policy, frames, 16, 65536,
	    "most frames that wait, of which a TSO message is one"),
	NUM("bytes", JF_U32, vsw_queue_policy, bytes, 65536, 256u << 20,
	    "most bytes that wait, as on the wire"),
	NUM("target-us", JF_NS_FROM_US, vsw_queue_policy, target, 0, 1000000,
	    "CoDel: standing delay that is tolerated; 0: any, only a full queue drops"),
	NUM("interval-us", JF_NS_FROM_US, vsw_queue_policy, interval, 1, 10000000,
	    "CoDel: for how long more is; not less than `target-us`"),
	BOOL("ecn", vsw_queue_policy, ecn,
	     "CoDel: mark ECN-capable packets instead of dropping them"),
	{ 0 }
};

static const struct json_field shape[] = {
	NUM("average", JF_U64, vsw_shape_policy, average, 0, MAX_RATE,
	    "bits a second over time; 0: not shaped"),
	NUM("peak", JF_U64, vsw_shape_policy, peak, 0, MAX_RATE, "bits a second within a burst"),
	NUM("burst", JF_U64, vsw_shape_policy, burst, 0, 1u << 30,
	    "bytes that may pass at peak after a pause"),
	{ 0 }
};

static const struct json_field shaping[] = {
	OBJ("in", vsw_policy, shape_in, shape, "from the guest"),
	OBJ("out", vsw_policy, shape_out, shape, "to the guest"),
	{ 0 }
};

static const struct json_field storm[] = { NUM("broadcast", JF_U32, vsw_storm_policy, broadcast, 0,
					       1000000000,
					       "broadcast frames a second; 0: no limit"),
					   NUM("multicast", JF_U32, vsw_storm_policy, multicast, 0,
					       1000000000, "multicast frames a second"),
					   NUM("unknown", JF_U32, vsw_storm_policy, unknown, 0,
					       1000000000, "frames a second to unknown addresses"),
					   { 0 } };

static const struct json_field team[] = {
	WORDS("policy", vsw_team_policy, kind, team_kinds,
	      "which uplink a frame takes: by originating port, source MAC, "
	      "IP addresses, load, or explicit order"),
	CUSTOM("active", vsw_team_policy, active, value_active, "array of string", NULL,
	       "uplinks in use; none: all"),
	CUSTOM("standby", vsw_team_policy, standby, value_standby, "array of string", NULL,
	       "uplinks that take the place of active ones"),
	BOOL("failback", vsw_team_policy, failback, "an uplink that returns takes its place again"),
	BOOL("notify", vsw_team_policy, notify,
	     "announce addresses by RARP when the uplink changes"),
	BOOL("beacon", vsw_team_policy, beacon,
	     "only uplinks that hear each other's beacons (3 or more)"),
	{ 0 }
};

const struct json_field schema_policy[] = {
	BOOL("blocked", vsw_policy, blocked, "nothing passes"),
	CUSTOM("vlan", vsw_policy, vlan, value_vlan, "number or object", schema_vlan,
	       "VMware's number (0 untagged, 1-4094 access, 4095 guest tags), or:"),
	OBJ("security", vsw_policy, security, security, "VMware's security policy; true: accept"),
	OBJ("mac", vsw_policy, mac, mac, "addresses behind the port"),
	OBJ("queue", vsw_policy, queue, queue, "egress queue (RFC 8290)"),
	{ "shaping", JF_OBJECT, 0, .sub = shaping, .help = "traffic shaping" },
	OBJ("storm", vsw_policy, storm, storm, "storm control, from the guest"),
	OBJ("teaming", vsw_policy, team, team, "how frames leave the switch"),
	CUSTOM("class", vsw_policy, class, value_class, "string", NULL,
	       "class of network I/O control"),
	BOOL("reflective-relay", vsw_policy, reflective,
	     "frames may leave by the port they came in at (802.1Qbg)"),
	{ "rules", JF_CUSTOM, 0, .custom = value_rules, .type = "array of object",
	  .sub = schema_rule, .help = "traffic rules, in order" },
	{ 0 }
};

static const struct json_field querier[] = {
	BOOL("enabled", vsw_querier_policy, enabled, "send IGMP and MLD queries"),
	NUM("interval", JF_U32, vsw_querier_policy, interval, 1, 3600, "seconds between them"),
	NUM("vlan", JF_U16, vsw_querier_policy, vlan, 0, 4094, "VLAN they are sent in"),
	CUSTOM("address", vsw_querier_policy, address, value_ipv4, "string", NULL,
	       "IPv4 source address"),
	{ 0 }
};

const struct json_field schema_switch[] = {
	NUM("mtu", JF_U32, vsw_switch_policy, mtu, 68, 65535,
	    "longest frame without Ethernet header and tags"),
	NUM("ageing", JF_U32, vsw_switch_policy, ageing, 10, 1000000,
	    "seconds until an unused address is forgotten"),
	BOOL("vepa", vsw_switch_policy, vepa,
	     "frames between ports go through the uplink and come back (802.1Qbg)"),
	WORDS("multicast", vsw_switch_policy, multicast, multicasts,
	      "who gets frames to groups: all, those whose card's "
	      "filter has the group, or those that asked for it by IGMP or MLD"),
	OBJ("querier", vsw_switch_policy, querier, querier, "IGMP and MLD querier"),
	NUM("beacon-interval", JF_U32, vsw_switch_policy, beacon, 100, 60000,
	    "milliseconds between beacons"),
	{ "private-vlans", JF_CUSTOM, 0, .custom = value_pvlans, .type = "array of object",
	  .sub = schema_pvlan, .help = "secondary VLANs" },
	{ "classes", JF_CUSTOM, 0, .custom = value_classes, .type = "array of object",
	  .sub = schema_class, .help = "network I/O control of uplinks; none: off" },
	{ "mirrors", JF_CUSTOM, 0, .custom = value_mirrors, .type = "array of object",
	  .sub = schema_mirror, .help = "mirror sessions" },
	{ "defaults", JF_CUSTOM, 0, .custom = value_anything, .type = "object (policy)",
	  .help = "policy of all ports" },
	{ "portgroups", JF_CUSTOM, 0, .custom = value_anything,
	  .type = "object of objects (policy)",
	  .help = "port groups by name: a policy each, and `override`" },
	{ "ports", JF_CUSTOM, 0, .custom = value_anything, .type = "object of objects (policy)",
	  .help = "ports by id: `portgroup`, and what they have of their own" },
	{ 0 }
};
