/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a document to the policies of a switch and of its ports.
 *
 * DOC: Theory of Operation
 *
 * Every object is read and checked, whether a port uses it or not, each once (and, where there are
 * uplinks, once more for them, who have other values untold): the ports are sorted by their groups,
 * so that a group is read for all of its ports, and forgotten before the next one. What a policy
 * borrows while it is read lies on a stack, which is cut when its object is done. So time is linear
 * in the document and the ports, and memory what the defaults, one group and one port need, besides
 * the list of ports.
 */
#ifndef VSWITCH_CONTROL_RESOLVE_H
#define VSWITCH_CONTROL_RESOLVE_H

#include "control/levels.h"

/*
 * struct resolve_ops - what is done with what comes out; each may be NULL
 * @port: A port that is there has this policy, which lives for the call. Return: 0, or -1
 * @seen: An object was read into @policy: the defaults, a group, an entry of "ports". @w->in.path
 *      is its path; @id: the port that it is the entry of, or NULL; @k: that port, if it is there
 */
struct resolve_ops {
	int (*port)(void *opaque, const struct known *k, const struct vsw_policy *policy);
	void (*seen)(void *opaque, struct resolving *w, const json_t *obj,
		     const struct vsw_policy *policy, const char *id, const struct known *k);
};

int vsw_resolve_begin(struct resolving *w, const struct vsw_control *ctl, const json_t *doc,
		      char *err, size_t errlen);
int vsw_resolve_port(struct resolving *w, const struct known *k, struct vsw_policy *policy);
int vsw_resolve_all(struct resolving *w, const struct known_ports *ports,
		    const struct resolve_ops *ops, void *opaque);
void vsw_resolve_end(struct resolving *w);

#endif
