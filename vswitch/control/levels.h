/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The levels of a port's policy.
 *
 * DOC: Theory of Operation
 *
 * A port's policy is what an untold port has, written over by "defaults", by its group, by its own
 * entry, and at last by the VLAN it was connected with. Sections that a group's "override" does not
 * name can't be written over by a port. Each level is checked when it is written: what is wrong is
 * told with the path of the object that brought it.
 */
#ifndef VSWITCH_CONTROL_LEVELS_H
#define VSWITCH_CONTROL_LEVELS_H

#include "control/json.h"
#include "control/known.h"
#include "vswitch/control.h"
#include "vswitch/policy.h"

/*
 * struct resolving - a document being worked out
 * @in:   Where one is in it
 * @host: Whose keys are in it, too, or NULL
 * @sp:   The switch's own policy
 */
struct resolving {
	struct vsw_json_in in;
	const json_t *doc;
	const struct vsw_control_host *host;
	struct vsw_switch_policy sp;
};

/* enum group_by - who says what group a port is in */
enum group_by { GROUP_BY_DOCUMENT, GROUP_BY_PORT, GROUP_BY_NEW_PORT };

int vsw_level_defaults(struct resolving *w, struct vsw_policy *policy);
int vsw_level_group(struct resolving *w, const char *name, const json_t *group,
		    struct vsw_policy *policy);
int vsw_level_port(struct resolving *w, const char *id, const json_t *entry, const char *group,
		   struct vsw_policy *policy);
int vsw_level_device(struct resolving *w, const struct known *k, const char *group,
		     struct vsw_policy *policy);
int vsw_level_no_group(struct resolving *w, const char *id, const char *group, enum group_by who);
const char *vsw_level_group_of(const json_t *doc, const char *id, const char *own);

#endif
