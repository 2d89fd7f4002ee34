/* SPDX-License-Identifier: BSD-2-Clause */
/* Places of the configuration document that nouns stand for (edit.h). */
#include "edit.h"

/* Keys that are no policy. What of them is the daemon's, it reads itself */
static const struct vsw_value_row group_keys[] = {
	{ .key = "override",
	  .kind = VSW_VALUE_NAMES,
	  .help = "sections that its ports may have of their own" },
	{ .key = "token",
	  .kind = VSW_VALUE_NAME,
	  .help = "vswitchd: what a client of the command plug must know" },
	{ .key = "listen",
	  .kind = VSW_VALUE_LIST,
	  .help = "vswitchd: sockets for machines, as JSON" },
	{ 0 }
};

static const struct vsw_value_row port_keys[] = {
	{ .key = "portgroup", .kind = VSW_VALUE_NAME, .help = "port group it is in" },
	{ .key = "connect",
	  .kind = VSW_VALUE_POLICIES,
	  .help = "vswitchd: what carries its frames, connect.KEY=VALUE" },
	{ 0 }
};

const struct edit_place edit_switch = { .at = "", .one = true, .keys = { vsw_schema_switch } };

const struct edit_place edit_portgroup = { .at = "portgroups",
					   .keys = { vsw_schema_port, NULL, group_keys } };

const struct edit_place edit_port = { .at = "ports",
				      .ports = true,
				      .keys = { vsw_schema_port, NULL, port_keys } };

const struct edit_place edit_mirror = { .at = "mirrors",
					.id = "name",
					.keys = { .list = "mirrors" } };

const struct edit_place edit_class = { .at = "classes",
				       .id = "name",
				       .keys = { .list = "classes" } };

const struct edit_place edit_private_vlan = { .at = "private-vlans",
					      .id = "secondary",
					      .keys = { .list = "private-vlans" } };

const struct edit_place edit_rule = {
	.at = "rules", .id = "name", .owned = true, .keys = { .list = "rules" }
};

const struct edit_place edit_team = { .at = "teaming",
				      .owned = true,
				      .one = true,
				      .keys = { vsw_schema_port, .section = "teaming" } };

const struct edit_place edit_defaults = { .at = "defaults",
					  .one = true,
					  .keys = { vsw_schema_port } };
