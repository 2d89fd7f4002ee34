/* SPDX-License-Identifier: BSD-2-Clause */
/* The ports of a switch, gathered where it is called. */
#ifndef VSWITCH_CONTROL_KNOWN_H
#define VSWITCH_CONTROL_KNOWN_H

#include <jansson.h>
#include <stdbool.h>

#include "vswitch/control.h"

/*
 * struct known - a port, and what its policy depends on besides the document
 * @port:      The port; NULL: it is not there yet
 * @portgroup: Port group it was connected with, or ""
 * @vlan:      VLAN it was connected with, or VSW_VLAN_DEFAULT
 */
struct known {
	struct vsw_port *port;
	char id[VSW_NAME_MAX], portgroup[VSW_NAME_MAX];
	bool uplink;
	int vlan;
};

/* struct known_ports - all of them; @by_id: id to place in @known */
struct known_ports {
	const struct vsw *sw;
	uint64_t cursor;
	json_t *by_id;
	unsigned n;
	struct known known[VSW_MAX_PORTS];
};

struct known_ports *vsw_known_ports(struct vsw_control *ctl);
void vsw_known_free(struct known_ports *ports);
const struct known *vsw_known_find(const struct known_ports *ports, const char *id);

#endif
