/* SPDX-License-Identifier: BSD-2-Clause */
/* From a document to policies: one object after the other (resolve.h has the theory). */
#include "control/resolve.h"

#include <stdlib.h>
#include <string.h>

#include "control/schema.h"
#include "control/state.h"

static int check_switch(struct resolving *w)
{
	char wrong[200];

	return vsw_switch_policy_check(&w->sp, wrong, sizeof(wrong)) < 0 ?
		       vsw_json_fail_key(&w->in, wrong) :
		       0;
}

/**
 * vsw_resolve_begin() - Begin to work a document out: the switch's own policy
 * @w:      Filled; @w->sp is the policy
 * @ctl:    The control
 * @doc:    The document, which outlives @w
 * @err:    For this and all that follows: on failure, one line with the path of what was wrong
 * @errlen: Room in @err
 *
 * Return: 0, or -1; vsw_resolve_end() is called in either case.
 */
int vsw_resolve_begin(struct resolving *w, const struct vsw_control *ctl, const json_t *doc,
		      char *err, size_t errlen)
{
	memset(w, 0, sizeof(*w));
	w->doc = doc;
	w->host = ctl->host;
	w->in.err = err;
	w->in.errlen = errlen;
	w->in.user = &w->sp;
	vsw_switch_policy_init(&w->sp);
	return vsw_schema_read(&w->in, doc, &vsw_schema_of_document, NULL, &w->sp) < 0 ?
		       -1 :
		       check_switch(w);
}

/**
 * vsw_resolve_port() - Work one port's policy out
 * @w:      The document, which is sound
 * @k:      The port
 * @policy: Filled; what it borrows lives until vsw_resolve_end()
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_resolve_port(struct resolving *w, const struct known *k, struct vsw_policy *policy)
{
	const char *group = vsw_level_group_of(w->doc, k->id, k->portgroup);
	const json_t *object =
			     group ? json_object_get(json_object_get(w->doc, "portgroups"), group) :
				     NULL,
		     *entry = json_object_get(json_object_get(w->doc, "ports"), k->id);

	vsw_policy_init(policy, k->uplink);
	if (group && !object)
		return vsw_level_no_group(w, k->id, group,
					  group == k->portgroup ? GROUP_BY_NEW_PORT :
								  GROUP_BY_DOCUMENT);
	if (vsw_level_defaults(w, policy) < 0 ||
	    (group && vsw_level_group(w, group, object, policy) < 0) ||
	    (entry && vsw_level_port(w, k->id, entry, group, policy) < 0))
		return -1;
	return vsw_level_device(w, k, group, policy);
}

/*
 * struct place - a port, there or only in the document, in the list of its group
 * @k:    The port; NULL: nobody is connected to it
 * @next: Place of the next one of its group, from 1; 0: it is the last
 */
struct place {
	const struct known *k;
	const char *id;
	const json_t *entry;
	size_t next;
};

/*
 * struct walk - all objects of a document
 * @rank:  Port groups by name, numbered from 1; 0 is the list of ports without one
 * @first: @last: First and last place of each list
 * @base:  @group: @port: policies up to that level; of the former two, [1] is for uplinks
 * @uplinks: there are some
 */
struct walk {
	struct resolving *w;
	const struct resolve_ops *ops;
	void *opaque;
	json_t *rank;
	size_t *first, *last, n;
	struct place *place;
	struct vsw_policy base[2], group[2], port;
	bool uplinks;
};

static void seen(struct walk *a, const json_t *obj, const struct vsw_policy *policy,
		 const char *section, const char *name, const struct known *k)
{
	size_t mark;

	if (!a->ops->seen)
		return;
	mark = vsw_json_enter(&a->w->in, section);
	if (name)
		vsw_json_enter(&a->w->in, name);
	a->ops->seen(a->opaque, a->w, obj, policy, !strcmp(section, "ports") ? name : NULL, k);
	vsw_json_leave(&a->w->in, mark);
}

static int one_port(struct walk *a, const struct place *p, const char *group)
{
	struct resolving *w = a->w;
	struct vsw_json_heap *mark = w->in.heap;
	int ret = 0;

	a->port = a->group[p->k && p->k->uplink];
	if (p->entry)
		ret = vsw_level_port(w, p->id, p->entry, group, &a->port);
	if (p->entry && ret == 0)
		seen(a, p->entry, &a->port, "ports", p->id, p->k);
	if (p->k && ret == 0)
		ret = vsw_level_device(w, p->k, group, &a->port);
	if (p->k && ret == 0 && a->ops->port)
		ret = a->ops->port(a->opaque, p->k, &a->port);
	vsw_json_heap_cut(&w->in, mark);
	return ret;
}

/* A group with its ports, or those that have none */
static int one_group(struct walk *a, size_t list, const char *name, const json_t *group)
{
	struct vsw_json_heap *mark = a->w->in.heap;
	int ret = 0;

	for (unsigned up = 0; up <= a->uplinks && ret == 0; up++) {
		a->group[up] = a->base[up];
		if (group)
			ret = vsw_level_group(a->w, name, group, &a->group[up]);
	}
	if (group && ret == 0)
		seen(a, group, &a->group[0], "portgroups", name, NULL);
	for (size_t n = a->first[list]; n && ret == 0; n = a->place[n - 1].next)
		ret = one_port(a, &a->place[n - 1], name);
	vsw_json_heap_cut(&a->w->in, mark);
	return ret;
}

static int enlist(struct walk *a, const char *id, const struct known *k, const json_t *entry)
{
	const char *group = vsw_level_group_of(a->w->doc, id, k ? k->portgroup : NULL);
	const json_t *rank = group ? json_object_get(a->rank, group) : NULL;
	size_t list = (size_t)json_integer_value(rank);

	if (group && !rank)
		return vsw_level_no_group(a->w, id, group,
					  k && group == k->portgroup ? GROUP_BY_PORT :
								       GROUP_BY_DOCUMENT);
	a->place[a->n++] = (struct place) { k, id, entry, 0 };
	if (a->last[list])
		a->place[a->last[list] - 1].next = a->n;
	else
		a->first[list] = a->n;
	a->last[list] = a->n;
	return 0;
}

static int enlist_all(struct walk *a, const struct known_ports *ports)
{
	const json_t *entries = json_object_get(a->w->doc, "ports");
	const char *id;
	json_t *v;

	json_object_foreach((json_t *)entries, id, v)
		if (enlist(a, id, vsw_known_find(ports, id), v) < 0)
			return -1;
	for (unsigned i = 0; i < ports->n; i++) {
		const struct known *k = &ports->known[i];

		a->uplinks |= k->uplink;
		if (!json_object_get(entries, k->id) && enlist(a, k->id, k, NULL) < 0)
			return -1;
	}
	return 0;
}

static int walk_begin(struct walk *a, const struct known_ports *ports)
{
	const json_t *groups = json_object_get(a->w->doc, "portgroups");
	size_t lists = json_object_size(groups) + 1;
	json_int_t n = 0;
	const char *name;
	json_t *v;

	a->rank = json_object();
	a->first = calloc(2 * lists, sizeof(*a->first));
	a->place = calloc(json_object_size(json_object_get(a->w->doc, "ports")) + ports->n + 1,
			  sizeof(*a->place));
	if (!a->rank || !a->first || !a->place)
		return vsw_json_fail(&a->w->in, "out of memory");
	a->last = a->first + lists;
	json_object_foreach((json_t *)groups, name, v)
		json_object_set_new(a->rank, name, json_integer(++n));
	return enlist_all(a, ports);
}

static int walk_defaults(struct walk *a)
{
	const json_t *defaults = json_object_get(a->w->doc, "defaults");

	for (unsigned up = 0; up <= a->uplinks; up++) {
		vsw_policy_init(&a->base[up], up);
		if (vsw_level_defaults(a->w, &a->base[up]) < 0)
			return -1;
	}
	if (defaults)
		seen(a, defaults, &a->base[0], "defaults", NULL, NULL);
	return 0;
}

static int walk_groups(struct walk *a)
{
	const json_t *groups = json_object_get(a->w->doc, "portgroups");
	const char *name;
	size_t n = 0;
	json_t *v;

	if (one_group(a, 0, NULL, NULL) < 0)
		return -1;
	json_object_foreach((json_t *)groups, name, v)
		if (one_group(a, ++n, name, v) < 0)
			return -1;
	return 0;
}

/**
 * vsw_resolve_all() - Work all policies out, and check every object of the document
 * @w:      The document
 * @ports:  Ports that are there
 * @ops: @opaque: what is done with what comes out
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_resolve_all(struct resolving *w, const struct known_ports *ports,
		    const struct resolve_ops *ops, void *opaque)
{
	struct walk *a = calloc(1, sizeof(*a));
	int ret = -1;

	if (!a)
		return vsw_json_fail(&w->in, "out of memory");
	a->w = w;
	a->ops = ops;
	a->opaque = opaque;
	if (walk_begin(a, ports) == 0 && walk_defaults(a) == 0)
		ret = walk_groups(a);
	json_decref(a->rank);
	free(a->first);
	free(a->place);
	free(a);
	return ret;
}

/**
 * vsw_resolve_end() - Be done with a document
 * @w: The document
 */
void vsw_resolve_end(struct resolving *w)
{
	vsw_json_heap_free(w->in.heap);
	w->in.heap = NULL;
}
