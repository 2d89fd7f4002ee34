/* SPDX-License-Identifier: BSD-2-Clause */
/* What vswitchctl can be told (words.h). */
#include "words.h"

#include <string.h>

#include "capture.h"
#include "complete.h"
#include "config.h"
#include "doctor.h"
#include "edit.h"
#include "help.h"
#include "look.h"
#include "move.h"
#include "metrics.h"
#include "nic.h"
#include "show.h"
#include "top.h"
#include "watch.h"

const struct ctl_noun ctl_nouns[] = {
	{ "switch", NULL, "a switch as a whole" },
	{ "portgroup", NULL, "port groups: policies that ports share" },
	{ "port", NULL, "ports" },
	{ "defaults", NULL, "policy of all ports" },
	{ "uplink", NULL, "ports that lead out of the switch" },
	{ "team", NULL, "teaming: by which uplinks frames leave" },
	{ "mirror", NULL, "mirror sessions" },
	{ "rule", NULL, "traffic rules" },
	{ "class", NULL, "classes of network I/O control" },
	{ "private-vlan", "pvlan", "secondary VLANs" },
	{ "address", "fdb", "the table of addresses" },
	{ "group", NULL, "multicast groups that snooping knows" },
	{ "snooping", NULL, "what snooping knows of a VLAN" },
	{ "connection", NULL, "vswitchd: what is plugged into the ports" },
	{ "nic", NULL, "vswitchd: cards that it hosts for a QEMU (vfio-user)" },
	{ "transport", NULL, "vswitchd: what can carry a port's frames" },
	{ "daemon", NULL, "vswitchd itself" },
	{ "command", NULL, "commands of the control socket" },
	{ "config", NULL, "the configuration as a whole" },
	{ "watch", "event", "events, as they come" },
	{ "drops", NULL, "frames that were dropped" },
	{ "explain", NULL, "what would become of a frame" },
	{ "capture", NULL, "frames as they pass" },
	{ "top", NULL, "rates of ports" },
	{ "metrics", NULL, "counters for Prometheus" },
	{ "doctor", NULL, "by which ways a QEMU can have cards" },
	{ "completion", NULL, "completion for a shell" },
	{ "help", NULL, "help" },
	{ 0 }
};

/* Nouns of the document have the same verbs. @name: arguments that say which one */
#define SHOW(noun, name, place, what)                                            \
	{                                                                        \
		noun, "show", name, "", "query-config", NULL, edit_show, &place, \
			"what the configuration says of " what                   \
	}
#define CHANGE(noun, verb, args, run, place, help)                              \
	{                                                                       \
		noun, verb, args, "c", "config-patch", NULL, run, &place, help, \
	}
#define ADD(noun, name, place, what) \
	CHANGE(noun, "add", name " [KEY=VALUE]...", edit_add, place, "add " what)
#define SET(noun, args, place, what) \
	CHANGE(noun, "set", args, edit_set, place, "change " what "; KEY= takes a value back")
#define REMOVE(noun, name, place, what) CHANGE(noun, "remove", name, edit_remove, place, what)

const struct ctl_word ctl_words[] = {
	{ "switch", "list", "", "", "query-switches", show_switches, show_switch_list, NULL,
	  "switches that are served here" },
	{ "switch", "show", "", "", "query-switch", NULL, ctl_run_command, NULL,
	  "the switch as a whole" },
	SET("switch", "KEY=VALUE...", edit_switch, "the switch's own policy"),

	{ "portgroup", "list", "", "", "query-config", show_groups_of_ports, edit_list,
	  &edit_portgroup, "port groups" },
	SHOW("portgroup", "PORTGROUP", edit_portgroup, "a port group"),
	ADD("portgroup", "PORTGROUP", edit_portgroup, "a port group"),
	SET("portgroup", "PORTGROUP KEY=VALUE...", edit_portgroup, "a port group"),
	REMOVE("portgroup", "PORTGROUP", edit_portgroup, "remove a port group"),

	{ "port", "list", "", "", "query-ports", show_ports, ctl_run_command, NULL,
	  "ports with state and traffic" },
	{ "port", "show", "PORT", "", "query-ports", NULL, show_port, NULL,
	  "a port with all its counters, and its policy with where each value comes from" },
	{ "port", "config", "PORT", "", "query-config", NULL, edit_show, &edit_port,
	  "what the configuration says of a port" },
	CHANGE("port", "add", "PORT [KEY=VALUE]...", edit_add, edit_port,
	       "add a port's entry; connect.transport=NAME has a daemon open the port"),
	SET("port", "PORT KEY=VALUE...", edit_port, "a port's own policy"),
	REMOVE("port", "PORT", edit_port, "remove a port's entry of the configuration"),
	{ "port", "open", "PORT", "", "port-open", NULL, ctl_run_command, NULL,
	  "open a port that a policy shut" },
	{ "port", "export", "PORT", "w", "port-export", NULL, move_export, NULL,
	  "write what a port had and was (counters, levels, addresses, groups, queue, own policy), "
	  "or print it as base64" },
	{ "port", "import", "PORT FILE", "", "port-import", NULL, move_import, NULL,
	  "give a port what another one had and was; what was left out is told" },
	{ "port", "clear", "[PORT]", "", "clear-counters", NULL, ctl_run_command, NULL,
	  "set counters to 0" },

	SHOW("defaults", "", edit_defaults, "all ports"),
	SET("defaults", "KEY=VALUE...", edit_defaults, "the policy of all ports"),
	REMOVE("defaults", "", edit_defaults, "take all of it back"),

	{ "uplink", "list", "", "", "query-ports", show_uplinks, show_uplink_list, NULL,
	  "uplinks with state and traffic" },
	{ "uplink", "show", "PORT", "", "query-ports", NULL, ctl_run_command, NULL,
	  "an uplink with all its counters" },

	{ "team", "list", "", "", "query-ports", show_teams, show_team_list, NULL,
	  "by which uplink the frames of each port leave" },
	SHOW("team", "OWNER", edit_team, "a team"),
	SET("team", "OWNER KEY=VALUE...", edit_team, "a team"),
	REMOVE("team", "OWNER", edit_team, "take a team's settings back"),

	{ "mirror", "list", "", "", "query-mirrors", show_mirrors, show_mirror_list, NULL,
	  "mirror sessions and what they copied" },
	SHOW("mirror", "MIRROR", edit_mirror, "a mirror session"),
	ADD("mirror", "MIRROR", edit_mirror, "a mirror session"),
	SET("mirror", "MIRROR KEY=VALUE...", edit_mirror, "a mirror session"),
	REMOVE("mirror", "MIRROR", edit_mirror, "remove a mirror session"),

	{ "rule", "list", "PORT", "", "query-rules", show_rules, ctl_run_command, NULL,
	  "rules that a port is under, and what they hit" },
	SHOW("rule", "OWNER RULE", edit_rule, "a traffic rule"),
	ADD("rule", "OWNER RULE", edit_rule, "a traffic rule"),
	SET("rule", "OWNER RULE KEY=VALUE...", edit_rule, "a traffic rule"),
	REMOVE("rule", "OWNER RULE", edit_rule, "remove a traffic rule"),

	{ "class", "list", "", "", "query-config", show_classes, edit_list, &edit_class,
	  "classes" },
	SHOW("class", "CLASS", edit_class, "a class"),
	ADD("class", "CLASS", edit_class, "a class"),
	SET("class", "CLASS KEY=VALUE...", edit_class, "a class"),
	REMOVE("class", "CLASS", edit_class, "remove a class"),

	{ "private-vlan", "list", "", "", "query-config", show_private_vlans, edit_list,
	  &edit_private_vlan, "secondary VLANs" },
	SHOW("private-vlan", "SECONDARY", edit_private_vlan, "a secondary VLAN"),
	ADD("private-vlan", "SECONDARY", edit_private_vlan, "a secondary VLAN"),
	SET("private-vlan", "SECONDARY KEY=VALUE...", edit_private_vlan, "a secondary VLAN"),
	REMOVE("private-vlan", "SECONDARY", edit_private_vlan, "remove a secondary VLAN"),

	{ "address", "list", "", "", "query-fdb", show_addresses, ctl_run_command, NULL,
	  "addresses and the ports they are behind" },
	{ "address", "add", "MAC PORT [VLAN]", "", "fdb-add", NULL, ctl_run_command, NULL,
	  "enter a static address" },
	{ "address", "remove", "MAC [VLAN]", "", "fdb-delete", NULL, ctl_run_command, NULL,
	  "take an address out" },
	{ "address", "flush", "[PORT]", "", "fdb-flush", NULL, ctl_run_command, NULL,
	  "forget learnt addresses" },

	{ "group", "list", "", "", "query-groups", show_groups, ctl_run_command, NULL,
	  "groups and who asked for them" },
	{ "snooping", "list", "", "", "query-multicast", show_snooping, ctl_run_command, NULL,
	  "by VLAN, whether groups are filtered, and who asks" },

	{ "connection", "list", "", "", "query-connections", show_connections, ctl_run_command,
	  NULL, "what is plugged in, and by whom" },
	{ "connection", "show", "PORT", "", "query-connections", NULL, ctl_run_command, NULL,
	  "what is plugged into a port" },
	{ "connection", "remove", "PORT", "", "unplug", NULL, ctl_run_command, NULL,
	  "pull out what is plugged in" },

	{ "nic", "list", "", "", "query-config", nic_columns, nic_list, NULL,
	  "cards, and whether a QEMU has them" },
	{ "nic", "show", "NIC", "", "query-config", NULL, nic_show, NULL,
	  "a card, with its counters if a QEMU has it" },
	CHANGE("nic", "add", "NIC [KEY=VALUE]...", nic_add, nic_place,
	       "make a card and its socket: an element of the port group's listen"),
	CHANGE("nic", "set", "NIC KEY=VALUE...", nic_set, nic_place,
	       "change a card; a QEMU that has it keeps it as it was"),
	CHANGE("nic", "remove", "NIC", nic_remove, nic_place,
	       "remove a card; a QEMU that has it loses it until it is started anew"),

	{ "transport", "list", "", "", "query-transports", show_transports, ctl_run_command, NULL,
	  "transports" },
	{ "daemon", "show", "", "", "query-daemon", NULL, ctl_run_command, NULL,
	  "the daemon as a whole" },
	{ "daemon", "quit", "", "", "quit", NULL, ctl_run_command, NULL, "end the daemon" },
	{ "command", "list", "", "", "query-commands", show_commands, show_command_list, NULL,
	  "commands that the socket understands" },

	{ "config", "show", "", "", "query-config", NULL, config_show, NULL,
	  "the configuration in force" },
	{ "config", "check", "FILE", "", "config-check", NULL, config_check, NULL,
	  "could a file be put in force? Nothing need run" },
	{ "config", "load", "FILE", "c", "config-set", NULL, config_load, NULL,
	  "put a file in force, all of it or nothing" },
	{ "config", "diff", "FILE [OTHER]", "", "query-config", NULL, config_diff, NULL,
	  "what would change from what runs to FILE, or from FILE to OTHER" },
	{ "config", "save", "[FILE]", "", "config-save", NULL, config_save, NULL,
	  "write what runs into FILE; without one the daemon writes its own" },
	{ "config", "confirm", "", "", "config-confirm", NULL, ctl_run_command, NULL,
	  "keep a configuration that waits for confirmation" },
	{ "config", "rollback", "", "", "config-rollback", NULL, ctl_run_command, NULL,
	  "take it back now" },
	{ "config", "reload", "", "", "config-reload", NULL, ctl_run_command, NULL,
	  "have the daemon read its file again" },

	{ "watch", "", "[PORT]", "n", "", NULL, watch_run, NULL,
	  "print events as they come, of a port or of all" },
	{ "drops", "", "[PORT]", "nf", "drops", NULL, look_drops, NULL,
	  "the last frames that were dropped, with header, reason and port; 20 if no --count" },
	{ "explain", "", "PORT FRAME...", "n", "explain", look_steps, look_explain, NULL,
	  "what each stage would decide about a frame from a port, and who would get it; FRAME is "
	  "fields (dst=, vlan=, dst-ip=, ...) or a pcap file, of which --count frames are taken" },
	{ "capture", "", "PORT [FILTER]...", "nw", "capture-start", NULL, capture_run, NULL,
	  "print the frames of a port, or of 'all', or write them as pcapng: as they come from it, "
	  "as they go to it, and where they are dropped; FILTER is libpcap's" },
	{ "top", "", "", "ni", "query-ports", top_columns, top_run, NULL,
	  "rates, queues and drops, again and again; on a terminal of the busiest ports" },
	{ "metrics", "", "", "", "query-ports", NULL, metrics_run, NULL,
	  "print all counters in Prometheus' text format" },
	{ "doctor", "", "QEMU", "", "", doctor_ways, doctor_run, NULL,
	  "probe a program of QEMU: by which ways it can have cards, with the command lines; "
	  "nothing need run" },
	{ "completion", "bash", "", "", "", NULL, complete_bash, NULL,
	  "print a script for bash: source it, or put it where bash-completion looks" },
	{ "help", "", "[NOUN]", "", "", NULL, help_run, NULL, "what can be done" },
	{ 0 }
};

const struct ctl_option ctl_options[] = {
	{ 's', "socket", "PATH", true,
	  "control socket of vswitchd or of a vc-switch in QEMU; untold "
	  "$XDG_RUNTIME_DIR/vchassis/control.sock, or without that variable "
	  "/run/vchassis/control.sock" },
	{ 'S', "switch", "NAME", true, "switch that is meant, where a daemon has several" },
	{ 'j', "json", NULL, true, "JSON for programs" },
	{ 'c', "confirm", "SECONDS", false,
	  "take the change back unless 'config confirm' comes in time" },
	{ 'f', "follow", NULL, false, "go on: print what comes from now on" },
	{ 'w', "write", "FILE", false, "write there; - is standard output" },
	{ 'i', "interval", "SECONDS", false, "time between two looks; untold 1" },
	{ 'n', "count", "N", false, "so many, and no more" },
	{ 'V', "version", NULL, true, "print the version" },
	{ 'h', "help", NULL, true, "print help" },
	{ 0 }
};

const struct ctl_status ctl_statuses[] = {
	{ EX_OK, "done" },
	{ CTL_REFUSED, "the switch refused it, or 'config diff' found differences" },
	{ EX_USAGE, "wrong command line" },
	{ EX_DATAERR, "what was given cannot be sent" },
	{ EX_NOINPUT, "a file cannot be read" },
	{ EX_UNAVAILABLE, "nobody serves the control socket" },
	{ EX_SOFTWARE, "vswitchd ended by a signal while it checked a file" },
	{ EX_OSERR, "the system refuses" },
	{ EX_CANTCREAT, "a file cannot be made" },
	{ EX_IOERR, "a file cannot be written, a change not be saved, or the connection ended" },
	{ EX_PROTOCOL, "what serves the socket is no switch of vchassis" },
	{ EX_NOPERM, "the control socket may not be used" },
	{ EX_CONFIG, "a configuration cannot be put in force" },
	{ 0 }
};

const struct ctl_noun *ctl_noun_find(const char *name)
{
	for (const struct ctl_noun *n = ctl_nouns; n->name; n++)
		if (!strcmp(n->name, name) || (n->alias && !strcmp(n->alias, name)))
			return n;
	return NULL;
}

const struct ctl_word *ctl_word_find(const char *noun, const char *verb)
{
	for (const struct ctl_word *w = ctl_words; w->noun; w++)
		if (!strcmp(w->noun, noun) && !strcmp(w->verb, verb))
			return w;
	return NULL;
}

char *ctl_args_next(const char **args, bool *optional, bool *many)
{
	size_t len = strcspn(*args, " ");
	char *name = g_strndup(*args, len), *end;

	*args += len + strspn(*args + len, " ");
	if (!len) {
		g_free(name);
		return NULL;
	}
	*many = g_str_has_suffix(name, "...");
	if (*many)
		name[strlen(name) - 3] = 0;
	*optional = name[0] == '[';
	if (*optional) {
		end = strchr(name, ']');
		if (end)
			*end = 0;
		memmove(name, name + 1, strlen(name));
	}
	return name;
}
