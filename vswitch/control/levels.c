/* SPDX-License-Identifier: BSD-2-Clause */
/* The levels of a port's policy (levels.h has the theory). */
#include "control/levels.h"

#include <stdio.h>
#include <string.h>

#include "control/schema.h"
#include "vswitch/fail.h"
#include "vswitch/text.h"

static const json_t *member(const json_t *obj, const char *a, const char *b)
{
	const json_t *v = json_object_get(obj, a);

	return v && b ? json_object_get(v, b) : v;
}

static bool listed(const json_t *array, const char *name)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (!strcmp(json_string_value(json_array_get(array, i)), name))
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

/* @rules: those of the level before, which were checked there: thousands of ports may have them */
static int check(struct resolving *w, struct vsw_policy *policy, const struct vsw_rule *rules)
{
	unsigned n = policy->n_rules;
	char wrong[200];
	int ret;

	if (policy->rules == rules)
		policy->n_rules = 0;
	ret = vsw_policy_check(policy, &w->sp, wrong, sizeof(wrong));
	policy->n_rules = n;
	return ret < 0 ? vsw_json_fail_key(&w->in, wrong) : 0;
}

/* A group's or port's object without the keys that are not policy: @extra, and the host's */
static int read_policy(struct resolving *w, const json_t *obj, const char *extra,
		       const char *const *hosts, struct vsw_policy *policy)
{
	const struct vsw_rule *rules = policy->rules;
	json_t *rest;
	int ret;

	if (!json_is_object(obj))
		return vsw_json_fail(&w->in, "must be an object");
	rest = json_copy((json_t *)obj);
	if (!rest)
		return vsw_json_fail(&w->in, "out of memory");
	json_object_del(rest, extra);
	for (; hosts && *hosts; hosts++)
		json_object_del(rest, *hosts);
	ret = vsw_schema_read(&w->in, rest, &vsw_schema_of_port, NULL, policy);
	json_decref(rest);
	return ret < 0 ? -1 : check(w, policy, rules);
}

/**
 * vsw_level_defaults() - Write "defaults" over a policy
 * @w:      The document
 * @policy: The policy
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_level_defaults(struct resolving *w, struct vsw_policy *policy)
{
	const json_t *defaults = json_object_get(w->doc, "defaults");
	size_t mark = vsw_json_enter(&w->in, "defaults");

	if (defaults && (vsw_schema_read(&w->in, defaults, &vsw_schema_of_port, NULL, policy) < 0 ||
			 check(w, policy, NULL) < 0))
		return -1;
	vsw_json_leave(&w->in, mark);
	return 0;
}

static int one_override(struct vsw_json_in *in, const char *key, const json_t *v, size_t n,
			void *opaque)
{
	const json_t *array = opaque;

	if (!json_is_string(v) || !vsw_schema_find(&vsw_schema_of_port, NULL, json_string_value(v)))
		return vsw_json_fail(in, "must be a section of a policy");
	for (size_t i = 0; i < n; i++)
		if (json_equal(json_array_get(array, i), v))
			return vsw_json_fail(in, "is there twice");
	return 0;
}

static int check_override(struct resolving *w, const json_t *override)
{
	size_t mark = vsw_json_enter(&w->in, "override");

	if (override && vsw_json_each(&w->in, override, one_override, (void *) override) < 0)
		return -1;
	vsw_json_leave(&w->in, mark);
	return 0;
}

/**
 * vsw_level_group() - Write a port group over a policy
 * @w:      The document
 * @name:   Its name
 * @group:  The group
 * @policy: The policy
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_level_group(struct resolving *w, const char *name, const json_t *group,
		    struct vsw_policy *policy)
{
	size_t mark = vsw_json_enter(&w->in, "portgroups");

	vsw_json_enter(&w->in, name);
	if (read_policy(w, group, "override", w->host ? w->host->portgroup_keys : NULL, policy) <
		    0 ||
	    check_override(w, json_object_get(group, "override")) < 0)
		return -1;
	vsw_json_leave(&w->in, mark);
	return 0;
}

/* May the ports of a group have a section of their own? Without "override" all. */
static bool may_override(const json_t *group, const char *section)
{
	const json_t *override = json_object_get(group, "override");

	return !override || listed(override, section);
}

static int check_overrides(struct resolving *w, const json_t *port, const char *group)
{
	const json_t *object = member(w->doc, "portgroups", group);
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)port, key, v) {
		size_t mark = vsw_json_enter(&w->in, key);

		if (strcmp(key, "portgroup") && !(w->host && among(w->host->port_keys, key)) &&
		    !may_override(object, key))
			return vsw_json_fail(&w->in,
					     "port group '%s' does not let its ports override this",
					     group);
		vsw_json_leave(&w->in, mark);
	}
	return 0;
}

/**
 * vsw_level_port() - Write an entry of "ports" over a policy
 * @w:      The document
 * @id:     The port
 * @entry:  Its entry
 * @group:  Its port group or NULL
 * @policy: The policy
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_level_port(struct resolving *w, const char *id, const json_t *entry, const char *group,
		   struct vsw_policy *policy)
{
	const json_t *own = json_object_get(entry, "portgroup");
	size_t mark = vsw_json_enter(&w->in, "ports");

	vsw_json_enter(&w->in, id);
	if (own && !json_is_string(own)) {
		vsw_json_enter(&w->in, "portgroup");
		return vsw_json_fail(&w->in, "must be the name of a port group");
	}
	if ((group && check_overrides(w, entry, group) < 0) ||
	    read_policy(w, entry, "portgroup", w->host ? w->host->port_keys : NULL, policy) < 0)
		return -1;
	vsw_json_leave(&w->in, mark);
	return 0;
}

/**
 * vsw_level_device() - Write the VLAN that a port was connected with over a policy
 * @w:      The document
 * @k:      The port
 * @group:  Its port group or NULL
 * @policy: The policy
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_level_device(struct resolving *w, const struct known *k, const char *group,
		     struct vsw_policy *policy)
{
	if (k->vlan == VSW_VLAN_DEFAULT || json_object_get(member(w->doc, "ports", k->id), "vlan"))
		return 0;
	if (group && !may_override(member(w->doc, "portgroups", group), "vlan"))
		return vsw_fail(w->in.err, w->in.errlen,
				"/portgroups/%s/override: port group '%s' does not let its ports "
				"override vlan, as port '%s' does by its vlan=%d",
				group, group, k->id, k->vlan);
	if (vsw_policy_set_vlan(policy, k->vlan) < 0)
		return vsw_fail(w->in.err, w->in.errlen,
				"port '%s': VLAN %d out of range (0 to 4095)", k->id, k->vlan);
	return 0;
}

/* Names of the port groups that there are, for people */
static void list_groups(const struct resolving *w, char *text, size_t size)
{
	size_t n = (size_t)snprintf(text, size, "there is none");
	const char *name, *sep = "there are ";
	json_t *v;

	json_object_foreach(json_object_get(w->doc, "portgroups"), name, v) {
		if (*sep == 't')
			n = 0;
		if (n + strlen(name) + 16 > size) {
			snprintf(text + n, size - n, ", ...");
			return;
		}
		n += (size_t)snprintf(text + n, size - n, "%s%s", sep, name);
		sep = ", ";
	}
}

/**
 * vsw_level_no_group() - Say that a port's group is not there
 * @w:     The document
 * @id:    The port
 * @group: Its group
 * @who:   Who says so
 *
 * Return: -1, always.
 */
int vsw_level_no_group(struct resolving *w, const char *id, const char *group, enum group_by who)
{
	char list[100];

	list_groups(w, list, sizeof(list));
	switch (who) {
	case GROUP_BY_DOCUMENT:
		vsw_fail(w->in.err, w->in.errlen, "/ports/%s/portgroup: no port group '%s'; %s", id,
			 group, list);
		break;
	case GROUP_BY_PORT:
		vsw_fail(w->in.err, w->in.errlen,
			 "/portgroups: no port group '%s', which port '%s' was connected with; %s",
			 group, id, list);
		break;
	case GROUP_BY_NEW_PORT:
		vsw_fail(w->in.err, w->in.errlen, "port '%s': no port group '%s'; %s", id, group,
			 list);
	}
	if (w->in.errlen)
		vsw_text_clean(w->in.err);
	return -1;
}

/**
 * vsw_level_group_of() - Port group of a port
 * @doc: The document
 * @id:  The port
 * @own: The group it was connected with; "" or NULL: none
 *
 * Return: the group, as the document says, else @own, borrowed from there; NULL: none.
 */
const char *vsw_level_group_of(const json_t *doc, const char *id, const char *own)
{
	const json_t *g = json_object_get(member(doc, "ports", id), "portgroup");

	return json_is_string(g) ? json_string_value(g) : own && *own ? own : NULL;
}
