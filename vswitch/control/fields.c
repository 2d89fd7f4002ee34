/* SPDX-License-Identifier: BSD-2-Clause */
/* What is in the answers to commands, and in events (fields.h). */
#include "control/fields.h"

#include <stddef.h>

static const struct vsw_field commands[] = {
	{ "name", "string", .help = "name of the command" },
	{ "arguments", "string", .help = "names it takes, with a ? those that may be left out" },
	{ "help", "string", .help = "what it does" },
	{ 0 }
};

static const struct vsw_field of_switch[] = {
	{ "name", "string", .help = "name of the switch" },
	{ "ports", "number", .help = "ports, uplinks included" },
	{ "uplinks", "number", .help = "uplinks" },
	{ "addresses", "number", .help = "entries in the table of addresses" },
	{ "mtu", "number", .help = "`mtu` in force" },
	{ "ageing", "number", .help = "`ageing` in force" },
	{ "unconfirmed", "boolean", .help = "a configuration waits for its confirmation" },
	{ "multicast", "object", .help = "messages of IGMP and MLD that were not used" },
	{ "multicast.bad", "number", .help = "unsound" },
	{ "multicast.forged", "number", .help = "of routers or queriers where none may be" },
	{ "multicast.full", "number", .help = "a table was full" },
	{ 0 }
};

#define COUNT(path, what)                                                      \
	{ path, "object", .help = what },                                      \
		{ path ".frames", "number", .help = "frames as on the wire" }, \
	{                                                                      \
		path ".bytes", "number", .help = "their bytes"                 \
	}

#define TRAFFIC(path, what)                                                                \
	{ path, "object", .help = what }, COUNT(path ".unicast", "to one station"),        \
		COUNT(path ".multicast", "to groups"), COUNT(path ".broadcast", "to all"), \
	{                                                                                  \
		path ".gso", "number", .help = "messages among them"                       \
	}

static const struct vsw_field of_port[] = {
	{ "id", "string", .help = "its id" },
	{ "portgroup", "string", .help = "port group it was connected with, or empty" },
	{ "uplink", "boolean", .help = "it is an uplink" },
	{ "link", "boolean", .help = "its link is up" },
	{ "blocked", "boolean", .help = "`blocked` in force" },
	{ "vlan", "number", .help = "VMware's number of `vlan` in force" },
	{ "mac", "string", .help = "address of its card" },
	{ "promiscuous", "boolean", .help = "the card wants all frames" },
	{ "counters", "object", .help = "since they were cleared" },
	TRAFFIC("counters.in", "frames into the switch"),
	TRAFFIC("counters.out", "frames out of it"),
	{ "counters.drops", "object", .help = "frames that were dropped, by [reason](#drops)" },
	{ "counters.drops.*", "number", .help = "frames" },
	{ "counters.queue", "object", .help = "egress queue" },
	{ "counters.queue.frames", "number", .help = "that wait now" },
	{ "counters.queue.bytes", "number", .help = "that wait now" },
	{ "counters.queue.queued", "number", .help = "frames that had to wait" },
	{ "counters.queue.ecn-marked", "number", .help = "packets marked by CoDel" },
	{ "counters.queue.delay-max-ns", "number", .help = "longest wait" },
	{ "counters.queue.delay-histogram", "array of number",
	  .help = "frames by their wait: less than 2^10 ns, 2^11 ns, … and the rest" },
	{ "counters.segmented", "number", .help = "messages cut for this receiver" },
	{ "counters.checksummed", "number", .help = "checksums finished for it" },
	{ "counters.held", "number", .help = "frames that stayed with their sender, shaped" },
	{ "counters.addresses", "number", .help = "addresses learnt from it" },
	{ "counters.moves", "number", .help = "stations that moved here" },
	{ "shut", "string", .maybe = true, .help = "[reason](#drops) for which a policy shut it" },
	{ "leaves-by", "string", .maybe = true, .help = "uplink that its frames leave by" },
	{ 0 }
};

static const struct vsw_field address[] = {
	{ "mac", "string", .help = "the address" },
	{ "port", "string", .help = "port it is behind; `(uplinks)`: any of them" },
	{ "static", "boolean", .help = "registered or entered, else learnt" },
	{ "vlan", "number", .help = "VLAN it is known in" },
	{ "age", "number", .maybe = true, .help = "learnt: seconds since it was seen" },
	{ 0 }
};

static const struct vsw_field group[] = {
	{ "group", "string", .help = "IP address" },
	{ "vlan", "number", .help = "VLAN" },
	{ "ports", "array of string", .help = "ports that asked for it" },
	{ "expires", "object", .help = "by port, seconds until it must have asked again" },
	{ "expires.*", "number", .help = "seconds" },
	{ 0 }
};

static const struct vsw_field multicast[] = {
	{ "vlan", "number", .help = "VLAN" },
	{ "ip", "number", .help = "version of IP: 4 or 6" },
	{ "filtered", "boolean", .help = "groups go to who asked for them, else to all" },
	{ "querier", "object", .maybe = true, .help = "who asks; null: nobody" },
	{ "querier.port", "string", .help = "port it is behind, or `(switch)`" },
	{ "querier.address", "string", .maybe = true, .help = "its address, if it is another" },
	{ "querier.expires", "number", .maybe = true, .help = "seconds until it is thought gone" },
	{ "routers", "array of object", .help = "router ports" },
	{ "routers.port", "string", .help = "the port" },
	{ "routers.known-by", "array of string",
	  .help = "`queries`, `pim`, `discovery`, `configuration`" },
	{ "routers.expires", "number", .maybe = true, .help = "seconds, if not configured" },
	{ "groups", "number", .help = "groups that are known" },
	{ "in-doubt", "number", .help = "ports that get all groups" },
	{ 0 }
};

static const struct vsw_field mirror[] = {
	{ "name", "string", .help = "name of the session" },
	{ "active", "boolean", .help = "the port its copies leave by is there" },
	{ "copied", "number", .help = "frames that were copied" },
	{ "missed", "number", .help = "frames that could not be" },
	{ 0 }
};

static const struct vsw_field rule[] = { { "name", "string", .help = "name of the rule, or empty" },
					 { "frames", "number", .help = "frames that it matched" },
					 { 0 } };

#define WARNING(path_)                                                  \
	{ path_ "path", "string", .help = "where in the document" },    \
		{ path_ "kind", "string", .help = "a word; it stays" }, \
	{                                                               \
		path_ "text", "string", .help = "one line for people"   \
	}

static const struct vsw_field checked[] = { { "warnings", "array of object",
					      .help = "what of the document has no effect" },
					    WARNING("warnings."),
					    { 0 } };

#define IN_FORCE(help_)                                                           \
	{ "warnings", "array of object", .help = help_ }, WARNING("warnings."),   \
	{                                                                         \
		"saved", "boolean",                                               \
			.help = "it will be there after a restart; not while it " \
				"waits for its confirmation"                      \
	}

static const struct vsw_field in_force[] = { IN_FORCE("what of the document has no effect"),
					     { 0 } };

static const struct vsw_field patched[] = {
	IN_FORCE("what of the document has no effect, and was not told before the change"), { 0 }
};

static const struct vsw_field exported[] = {
	{ "state", "string", .help = "base64; `port-import` takes it" },
	{ "complete", "boolean", .help = "all frames that wait are in it" },
	{ 0 }
};

static const struct vsw_field imported[] = { { "warnings", "array of object",
					       .help = "what of it was left out" },
					     WARNING("warnings."),
					     { 0 } };

static const struct vsw_field warning[] = { WARNING(""), { 0 } };

static const struct vsw_field port_policy[] = {
	{ "port", "string", .help = "the port" },
	{ "portgroup", "string", .help = "port group in force, or empty" },
	{ "uplink", "boolean", .help = "it is an uplink" },
	{ "policy", "array of object", .help = "its values, one after the other" },
	{ "policy.key", "string", .help = "[key](#a-policy)" },
	{ "policy.value", "any", true, "as a document would say it" },
	{ "policy.origin", "string",
	  .help = "who says so: `port`, `device`, `portgroup`, `defaults`, `untold`" },
	{ "policy.path", "string", true, "where in the document" },
	{ 0 }
};

static const struct vsw_field drops[] = {
	{ "frames", "array of object", .help = "the last frames that were dropped, oldest first" },
	{ "frames.when-us", "number", .help = "microseconds since 1970" },
	{ "frames.port", "string", .help = "port that counts it" },
	{ "frames.reason", "string", .help = "[reason](#drops)" },
	{ "frames.length", "number", .help = "its bytes" },
	{ "frames.frames", "number", .help = "frames that it would have been on the wire" },
	{ "frames.head", "string", .help = "its first bytes, hexadecimal" },
	{ "frames.tag", "number", true, "tag that was beside it" },
	{ "next", "number", .help = "for `since`: those that come" },
	{ "missed", "number", .help = "frames that are not there any more" },
	{ 0 }
};

static const struct vsw_field explain[] = {
	{ "steps", "array of object", .help = "what happens to it, in order" },
	{ "steps.stage", "string", .help = "where" },
	{ "steps.text", "string", .help = "one line for people" },
	{ "steps.port", "string", true, "port it is about" },
	{ "steps.drop", "string", true, "[reason](#drops) for which it ends here" },
	{ "more", "number", .help = "steps that are not told" },
	{ 0 }
};

static const struct vsw_field capture[] = {
	{ "id", "number", .help = "for `capture-renew` and `capture-stop`" },
	{ "now-ns", "number", .help = "the switch's time when it began" },
	{ "slots", "number", .help = "places in the memory that comes with it" },
	{ "slot-size", "number", .help = "bytes of each" },
	{ "seconds", "number", .help = "after which it ends if it is not renewed" },
	{ 0 }
};
const struct vsw_answer_row vsw_answer_rows[] = { { "query-commands", true, commands },
						  { "query-switch", false, of_switch },
						  { "query-ports", true, of_port },
						  { "query-port-policy", false, port_policy },
						  { "query-fdb", true, address },
						  { "query-groups", true, group },
						  { "query-multicast", true, multicast },
						  { "query-mirrors", true, mirror },
						  { "query-rules", true, rule },
						  { "query-config", false, NULL },
						  { "query-warnings", true, warning },
						  { "config-set", false, in_force },
						  { "config-patch", false, patched },
						  { "config-check", false, checked },
						  { "config-confirm", false, in_force },
						  { "config-rollback", false, in_force },
						  { "port-export", false, exported },
						  { "port-import", false, imported },
						  { "drops", false, drops },
						  { "explain", false, explain },
						  { "capture-start", false, capture },
						  { 0 } };

#define SWITCH_AND_TEXT                                         \
	{ "switch", "string", .help = "name of the switch" },   \
	{                                                       \
		"text", "string", .help = "one line for people" \
	}
#define PORT                                               \
	{                                                  \
		"port", "string", .help = "id of the port" \
	}

const struct vsw_field *vsw_event_fields(enum vsw_event_about about)
{
	static const struct vsw_field nothing[] = { SWITCH_AND_TEXT, { 0 } },
				      port[] = { SWITCH_AND_TEXT, PORT, { 0 } },
				      station[] = { SWITCH_AND_TEXT,
						    PORT,
						    { "mac", "string", .help = "address" },
						    { "vlan", "number", .help = "its VLAN" },
						    { 0 } },
				      card[] = { SWITCH_AND_TEXT,
						 PORT,
						 { "mac", "string", true, "the card's" },
						 { "vlan", "number", true, "its VLAN, or 0" },
						 { 0 } };
	static const struct vsw_field *const fields[] = {
		[VSW_ABOUT_SWITCH] = nothing,
		[VSW_ABOUT_PORT] = port,
		[VSW_ABOUT_STATION] = station,
		[VSW_ABOUT_CARD] = card,
	};

	return fields[about];
}
