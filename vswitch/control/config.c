/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration document: from JSON to the policies of a switch and all its ports.
 *
 * A port's policy is what an untold port has, written over by "defaults", by its group, by its own
 * entry, and at last by the VLAN it was connected with. Sections that a group's "override" does not
 * name can't be written over by a port.
 */
#include "control/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/schema.h"
#include "control/state.h"
#include "vswitch/fail.h"
#include "vswitch/query.h"

/* struct work - a document being worked out */
struct work {
	struct vsw_json_in in;
	const json_t *doc;
	const struct vsw_control_host *host;
	struct vsw_switch_policy sp;
};

static const json_t *member(const json_t *obj, const char *a, const char *b)
{
	json_t *v = json_object_get(obj, a);

	return v && b ? json_object_get(v, b) : v;
}

static bool listed(const json_t *array, const char *name)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (json_is_string(json_array_get(array, i)) &&
		    !strcmp(json_string_value(json_array_get(array, i)), name))
			return true;
	return false;
}

static bool among(const char *const *keys, const char *key)
{
	for (; keys && *keys; keys++)
		if (!strcmp(*keys, key))
			return true;
	return false;
}

/* A group's or port's object without the keys that are not policy: @extra, and the host's */
static int read_policy(struct work *w, const json_t *obj, const char *extra,
		       const char *const *hosts, struct vsw_policy *policy)
{
	json_t *rest = json_copy((json_t *)obj);
	int ret;

	if (!rest)
		return vsw_json_fail(&w->in, "out of memory");
	json_object_del(rest, extra);
	for (; hosts && *hosts; hosts++)
		json_object_del(rest, *hosts);
	ret = vsw_schema_read(&w->in, rest, &vsw_schema_of_port, NULL, policy);
	json_decref(rest);
	return ret;
}

static int one_override(struct vsw_json_in *in, const char *key, const json_t *v, size_t n,
			void *opaque)
{
	return json_is_string(v) &&
			       vsw_schema_find(&vsw_schema_of_port, NULL, json_string_value(v)) ?
		       0 :
		       vsw_json_fail(in, "must be a section of a policy");
}

static int read_group(struct work *w, const char *name, struct vsw_policy *policy)
{
	const json_t *group = member(w->doc, "portgroups", name),
		     *override = json_object_get(group, "override");
	size_t a = vsw_json_enter(&w->in, "portgroups"), b = vsw_json_enter(&w->in, name), c;

	if (read_policy(w, group, "override", w->host ? w->host->portgroup_keys : NULL, policy) < 0)
		return -1;
	c = vsw_json_enter(&w->in, "override");
	if (override && vsw_json_each(&w->in, override, one_override, NULL) < 0)
		return -1;
	vsw_json_leave(&w->in, c);
	vsw_json_leave(&w->in, b);
	vsw_json_leave(&w->in, a);
	return 0;
}

/* May the ports of a group have a section of their own? Without "override" all. */
static bool may_override(const json_t *group, const char *section)
{
	const json_t *override = json_object_get(group, "override");

	return !override || listed(override, section);
}

static int check_overrides(struct work *w, const json_t *port, const char *group)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)port, key, v) {
		size_t mark = vsw_json_enter(&w->in, key);

		if (strcmp(key, "portgroup") && !(w->host && among(w->host->port_keys, key)) &&
		    !may_override(member(w->doc, "portgroups", group), key))
			return vsw_json_fail(&w->in,
					     "port group '%s' does not let its ports override this",
					     group);
		vsw_json_leave(&w->in, mark);
	}
	return 0;
}

static int read_port(struct work *w, const char *id, const char *group, struct vsw_policy *policy)
{
	const json_t *port = member(w->doc, "ports", id);
	size_t a, b;

	if (!port)
		return 0;
	a = vsw_json_enter(&w->in, "ports");
	b = vsw_json_enter(&w->in, id);
	if ((group && check_overrides(w, port, group) < 0) ||
	    read_policy(w, port, "portgroup", w->host ? w->host->port_keys : NULL, policy) < 0)
		return -1;
	vsw_json_leave(&w->in, b);
	vsw_json_leave(&w->in, a);
	return 0;
}

/* Group of a port: as the document says, else as it was connected with */
static const char *group_of(const struct work *w, const char *id, const char *own)
{
	const json_t *g = json_object_get(member(w->doc, "ports", id), "portgroup");

	return json_is_string(g) ? json_string_value(g) : own && *own ? own : NULL;
}

/* The policy of a port that is, or may come to be */
static int port_policy(struct work *w, const char *id, const char *own_group, bool uplink, int vlan,
		       struct vsw_policy *policy)
{
	const char *group = group_of(w, id, own_group);
	const json_t *defaults = json_object_get(w->doc, "defaults");
	size_t mark;

	vsw_policy_init(policy, uplink);
	mark = vsw_json_enter(&w->in, "defaults");
	if (defaults && vsw_schema_read(&w->in, defaults, &vsw_schema_of_port, NULL, policy) < 0)
		return -1;
	vsw_json_leave(&w->in, mark);
	if (group && !member(w->doc, "portgroups", group))
		return vsw_json_fail(&w->in, "port '%s': no port group '%s'", id, group);
	if ((group && read_group(w, group, policy) < 0) || read_port(w, id, group, policy) < 0)
		return -1;
	if (vlan == VSW_VLAN_DEFAULT || json_object_get(member(w->doc, "ports", id), "vlan"))
		return 0;
	if (group && !may_override(member(w->doc, "portgroups", group), "vlan"))
		return vsw_json_fail(
			&w->in, "port '%s': port group '%s' does not let its ports override vlan",
			id, group);
	if (vsw_policy_set_vlan(policy, vlan) < 0)
		return vsw_json_fail(&w->in, "port '%s': VLAN %d out of range (0 to 4095)", id,
				     vlan);
	return 0;
}

static int begin(struct work *w, const struct vsw_control *ctl, const json_t *doc, char *err,
		 size_t errlen)
{
	memset(w, 0, sizeof(*w));
	w->doc = doc;
	w->host = ctl->host;
	w->in.err = err;
	w->in.errlen = errlen;
	w->in.user = &w->sp;
	vsw_switch_policy_init(&w->sp);
	return vsw_schema_read(&w->in, doc, &vsw_schema_of_document, NULL, &w->sp);
}

/* Defaults, groups and ports that nobody is connected to must be sound all the same */
static int check_unused(struct work *w, struct vsw_policy *policy)
{
	const char *name;
	json_t *v;

	if (port_policy(w, "", NULL, false, VSW_VLAN_DEFAULT, policy) < 0)
		return -1;
	json_object_foreach(json_object_get(w->doc, "portgroups"), name, v) {
		vsw_policy_init(policy, false);
		if (read_group(w, name, policy) < 0)
			return -1;
	}
	json_object_foreach(json_object_get(w->doc, "ports"), name, v)
		if (port_policy(w, name, NULL, false, VSW_VLAN_DEFAULT, policy) < 0)
			return -1;
	return 0;
}

/* struct known - a port, and what its policy depends on */
struct known {
	struct vsw_port *port;
	char id[VSW_NAME_MAX], portgroup[VSW_NAME_MAX];
	bool uplink;
	int vlan;
};

/* struct ports - all ports of a switch, gathered where it is called */
struct ports {
	const struct vsw *sw;
	uint64_t cursor;
	unsigned n;
	struct known known[VSW_MAX_PORTS];
};

#define PORTS_PIECE 32u

static bool gather_ports(void *arg)
{
	struct ports *a = arg;
	struct vsw_port *found[PORTS_PIECE];
	unsigned n = vsw_ports(a->sw, &a->cursor, found, PORTS_PIECE);

	for (unsigned i = 0; i < n && a->n < VSW_MAX_PORTS; i++) {
		struct known *k = &a->known[a->n++];
		struct vsw_port_state st;

		vsw_port_state(found[i], &st);
		k->port = found[i];
		snprintf(k->id, sizeof(k->id), "%s", vsw_port_id(found[i]));
		snprintf(k->portgroup, sizeof(k->portgroup), "%s", st.portgroup);
		k->uplink = st.uplink;
		k->vlan = st.vlan;
	}
	return a->cursor != VSW_WALK_END;
}

static int add_ports(struct work *w, struct vsw_control *ctl, struct vsw_txn *txn,
		     struct vsw_policy *policy)
{
	struct ports *a = calloc(1, sizeof(*a));
	int ret = 0;

	if (!a)
		return vsw_json_fail(&w->in, "out of memory");
	a->sw = ctl->sw;
	vsw_control_at_switch(ctl, gather_ports, a);
	for (unsigned i = 0; i < a->n && ret == 0; i++) {
		const struct known *k = &a->known[i];

		ret = port_policy(w, k->id, k->portgroup, k->uplink, k->vlan, policy);
		if (ret == 0)
			ret = vsw_txn_port(txn, k->port, policy, w->in.err, w->in.errlen);
	}
	free(a);
	return ret;
}

static bool put_there(void *arg)
{
	vsw_txn_put(arg);
	return false;
}

static void put(struct vsw_control *ctl, struct vsw_txn *txn, json_t *doc)
{
	vsw_control_at_switch(ctl, put_there, txn);
	json_incref(doc);
	json_decref(ctl->doc);
	ctl->doc = doc;
}

static int host_prepare(struct vsw_control *ctl, const json_t *doc, bool commit, char *err,
			size_t errlen)
{
	return ctl->host && ctl->host->prepare ?
		       ctl->host->prepare(ctl->host_opaque, doc, commit, err, errlen) :
		       0;
}

static void host_finish(struct vsw_control *ctl, bool commit)
{
	if (ctl->host && ctl->host->finish)
		ctl->host->finish(ctl->host_opaque, commit);
}

/**
 * vsw_config_apply() - Put a document in force, or see whether it could be
 * @ctl:    The control
 * @doc:    The document; with @commit it is kept
 * @commit: False: dry run
 * @err:    On failure, one line with the path of what was wrong
 * @errlen: Room in @err
 *
 * Return: 0, or -1 and nothing changed.
 */
int vsw_config_apply(struct vsw_control *ctl, json_t *doc, bool commit, char *err, size_t errlen)
{
	struct work *w = calloc(1, sizeof(*w));
	struct vsw_policy *policy = calloc(1, sizeof(*policy));
	struct vsw_txn *txn = vsw_txn_new(ctl->sw);
	int ret = -1;

	if (!w || !policy || !txn) {
		vsw_fail(err, errlen, "out of memory");
		goto out;
	}
	if (begin(w, ctl, doc, err, errlen) < 0 || check_unused(w, policy) < 0 ||
	    vsw_txn_switch(txn, &w->sp, err, errlen) < 0 || add_ports(w, ctl, txn, policy) < 0 ||
	    vsw_txn_prepare(txn, err, errlen) < 0 ||
	    host_prepare(ctl, doc, commit, err, errlen) < 0)
		goto out;
	ret = 0;
	if (commit)
		put(ctl, txn, doc);
	host_finish(ctl, commit);
out:
	vsw_txn_abort(txn);
	if (w)
		vsw_json_heap_free(w->in.heap);
	free(policy);
	free(w);
	return ret;
}

int vsw_control_prepare_port(struct vsw_control *ctl, const struct vsw_port_conf *conf, char *err,
			     size_t errlen)
{
	struct work *w = calloc(1, sizeof(*w));
	int ret = -1;

	vsw_json_heap_free(ctl->resolved);
	ctl->resolved = NULL;
	ctl->resolved_for[0] = 0;
	if (!w)
		return vsw_fail(err, errlen, "out of memory");
	if (begin(w, ctl, ctl->doc, err, errlen) == 0)
		ret = port_policy(w, conf->id, conf->portgroup, conf->uplink, conf->vlan,
				  &ctl->policy);
	ctl->resolved = w->in.heap;
	free(w);
	if (ret == 0)
		snprintf(ctl->resolved_for, sizeof(ctl->resolved_for), "%s", conf->id);
	return ret;
}

/**
 * vsw_config_resolve() - Policy of a port that is being connected
 * @opaque: The control
 * @conf:   The port
 * @policy: Filled; its rules are borrowed until the next call
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_config_resolve(void *opaque, const struct vsw_port_conf *conf, struct vsw_policy *policy,
		       char *err, size_t errlen)
{
	struct vsw_control *ctl = opaque;

	if (strcmp(ctl->resolved_for, conf->id) &&
	    vsw_control_prepare_port(ctl, conf, err, errlen) < 0)
		return -1;
	ctl->resolved_for[0] = 0;
	*policy = ctl->policy;
	return 0;
}
