/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Objects of the configuration document: list, show, add, set, remove.
 *
 * DOC: Theory of Operation
 *
 * What a noun stands for is a place in the document: an object by name ("portgroups"), an element
 * of an array by one of its members ("mirrors"), or a section ("teaming"). A place may be in a
 * policy; then the argument OWNER says in whose: "port/ID", "portgroup/NAME", "defaults"; a name
 * alone is a port.
 *
 * A change is one "config-patch": all of it or nothing. Arrays have no patch of their own, so what
 * two people do to one array at a time may be lost for one of them.
 */
#ifndef VSWITCHCTL_EDIT_H
#define VSWITCHCTL_EDIT_H

#include "ctl.h"
#include "values.h"

/**
 * struct edit_place - Where a noun's objects are
 * @at:    Member of the document, or of a policy
 * @id:    It is an array, and this member names an element; NULL: an object by name
 * @owned: It is in a policy
 * @one:   There is but one, without name
 * @ports: Ports may be named that have no entry yet
 * @keys:  Keys that it may have
 */
struct edit_place {
	const char *at, *id;
	bool owned, one, ports;
	struct value_keys keys;
};

extern const struct edit_place edit_switch, edit_portgroup, edit_port, edit_mirror, edit_class,
	edit_private_vlan, edit_rule, edit_team, edit_defaults;

/* edit_list() and those after it - @run of rows with such a place: their arguments are OWNER if it
 * is owned, NAME (PORT, VLAN, ...) unless there is but one, and KEY=VALUE. Return: the status */
int edit_list(struct ctl *c);
int edit_show(struct ctl *c);
int edit_add(struct ctl *c);
int edit_set(struct ctl *c);
int edit_remove(struct ctl *c);

#endif
