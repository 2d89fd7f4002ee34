/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line in rows (options.h). */
#include "options.h"

#include <stddef.h>

const struct import_option import_options[] = {
	{ 'o', "output", "FOLDER",
	  "write what was made into a new folder; without, only the report is printed" },
	{ 'u', "uplink", "VMNIC=IFNAME", "an uplink's interface on this host; once for each" },
	{ 's', "script", NULL,
	  "print a script for the shell of an ESXi host, which prints an input" },
	{ 'V', "version", NULL, "print the version" },
	{ 'h', "help", NULL, "print what can be done" },
	{ 0 },
};

const struct import_file import_files[] = {
	{ "vswitchd.json", "the configuration of vswitchd: a switch for each switch of the host" },
	{ "NAME.sh", "starts a machine with qemu-vchassis; more options may be given" },
	{ "NAME.xml", "the machine as a domain of libvirt, with a system daemon" },
	{ "convert.sh", "converts the disks with qemu-img, into the folder it is run in" },
	{ "report.txt",
	  "what was not carried over, and what is to be decided, in the order of the inputs" },
	{ NULL },
};

const struct import_input import_inputs[] = {
	{ "esxcli network vswitch standard list", "switches, MTU, uplinks" },
	{ "esxcli network vswitch standard portgroup list", "port groups and VLANs" },
	{ "esxcli network vswitch standard policy security get -v VSWITCH", "what cards may do" },
	{ "esxcli network vswitch standard policy shaping get -v VSWITCH", "rates" },
	{ "esxcli network vswitch standard policy failover get -v VSWITCH", "teams" },
	{ "esxcli network vswitch standard portgroup policy security get -p PORTGROUP",
	  "the same of port groups, as far as they differ" },
	{ "esxcli network vswitch standard portgroup policy shaping get -p PORTGROUP", "" },
	{ "esxcli network vswitch standard portgroup policy failover get -p PORTGROUP", "" },
	{ "esxcfg-vswitch -l", "switches, MTU, uplinks, port groups and VLANs" },
	{ NULL },
};

const char import_script[] =
	"say() {\n"
	"\techo \"# $*\"\n"
	"\t\"$@\"\n"
	"\techo\n"
	"}\n"
	"\n"
	"net='esxcli network vswitch standard'\n"
	"say $net list\n"
	"say $net portgroup list\n"
	"$net list | sed -n 's/^   Name: //p' | while IFS= read -r name; do\n"
	"\tfor policy in security shaping failover; do\n"
	"\t\techo \"# $net policy $policy get -v '$name'\"\n"
	"\t\t$net policy $policy get -v \"$name\"\n"
	"\t\techo\n"
	"\tdone\n"
	"done\n"
	"esxcli --formatter=csv --format-param=fields=Name network vswitch standard portgroup "
	"list |\n"
	"\tsed -e 1d -e 's/,$//' | while IFS= read -r name; do\n"
	"\tfor policy in security shaping failover; do\n"
	"\t\techo \"# $net portgroup policy $policy get -p '$name'\"\n"
	"\t\t$net portgroup policy $policy get -p \"$name\"\n"
	"\t\techo\n"
	"\tdone\n"
	"done\n"
	"say esxcfg-vswitch -l\n";
