/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists that are put together from more than one answer, and columns of tables. */
#ifndef VSWITCHCTL_SHOW_H
#define VSWITCHCTL_SHOW_H

#include <stdint.h>

#include "words.h"

extern const struct ctl_column show_switches[], show_groups_of_ports[], show_ports[],
	show_uplinks[], show_teams[], show_mirrors[], show_rules[], show_classes[],
	show_private_vlans[], show_addresses[], show_groups[], show_snooping[], show_connections[],
	show_transports[], show_commands[];

/**
 * show_traffic() - What came from a port, or went there, to whomever
 * @item: The port, of "query-ports"
 * @way:  "in", "out"
 * @what: "frames", "bytes"
 *
 * Return: the number.
 */
uint64_t show_traffic(const json_t *item, const char *way, const char *what);

/**
 * show_drops() - Frames that were dropped at a port, whatever for
 * @item: The port, of "query-ports"
 *
 * Return: their number.
 */
uint64_t show_drops(const json_t *item);

/* show_switch_list() and those after it - @run of rows. Return: the status */
int show_switch_list(struct ctl *c);
int show_port(struct ctl *c);
int show_uplink_list(struct ctl *c);
int show_team_list(struct ctl *c);
int show_mirror_list(struct ctl *c);
int show_command_list(struct ctl *c);

#endif
