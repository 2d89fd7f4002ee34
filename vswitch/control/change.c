/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that change a switch. Those that change its configuration make a new document and put
 * that in force. */
#include "control/change.h"

#include <stdio.h>
#include <string.h>

#include "control/config.h"
#include "control/confirm.h"
#include "control/move.h"
#include "control/state.h"
#include "control/warn.h"
#include "vswitch/fail.h"
#include "vswitch/manage.h"
#include "vswitch/query.h"
#include "vswitch/text.h"

#define CONFIRM_MAX 86400

static json_t *arg(const struct vsw_call *call, const char *key)
{
	return json_object_get(call->args, key);
}

static const char *text(const struct vsw_call *call, const char *key)
{
	const json_t *v = arg(call, key);

	return json_is_string(v) ? json_string_value(v) : "";
}

/* Take the warnings of @was, the document before a change, out of those after it */
static void only_new(struct vsw_control *ctl, json_t *warnings, const json_t *was)
{
	size_t i = json_array_size(warnings), k;
	json_t *before = i ? vsw_warnings(ctl, was) : NULL, *w;

	while (i--) {
		json_array_foreach((json_t *)before, k, w) {
			if (json_equal(json_array_get(warnings, i), w)) {
				json_array_remove(warnings, i);
				break;
			}
		}
	}
	json_decref(before);
}

/*
 * The answer of a command that has dealt with a document: what of it has no effect, and, if it was
 * put in force, whether it will be there after a restart. @doc is a reference of one's own; so is
 * @was, the document whose warnings are not told again, or NULL: there is none.
 */
static json_t *dealt_with(struct vsw_call *call, json_t *doc, bool in_force, json_t *was)
{
	struct vsw_control *ctl = call->ctl;
	json_t *warnings = vsw_warnings(ctl, doc), *j;
	bool saves = !ctl->previous && ctl->host && ctl->host->saves &&
		     ctl->host->saves(ctl->host_opaque);

	if (was)
		only_new(ctl, warnings, was);
	j = json_pack("{s:o}", "warnings", warnings);
	if (in_force)
		json_object_set_new(j, "saved", json_boolean(saves));
	json_decref(was);
	json_decref(doc);
	return j;
}

/* The answer of a command that has nothing to tell */
static json_t *done(int ret)
{
	return ret < 0 ? NULL : json_object();
}

static int check_timeout(const struct vsw_call *call, const json_t *timeout)
{
	if (!json_is_integer(timeout) || json_integer_value(timeout) < 1 ||
	    json_integer_value(timeout) > CONFIRM_MAX)
		return vsw_fail(call->err, call->errlen, "confirm-timeout: out of range (1 to %d)",
				CONFIRM_MAX);
	if (!call->ctl->host)
		return vsw_fail(call->err, call->errlen,
				"confirm-timeout: this program gives the control no clock");
	return 0;
}

/* Put a document in force; with "confirm-timeout" it is taken back unless it is confirmed in that
 * many seconds */
static int set_document(struct vsw_call *call, json_t *doc)
{
	struct vsw_control *ctl = call->ctl;
	const json_t *timeout = arg(call, "confirm-timeout");
	json_t *was;

	if ((timeout && check_timeout(call, timeout) < 0) ||
	    vsw_confirm_check(ctl, call->err, call->errlen) < 0)
		return -1;
	was = json_incref(ctl->doc);
	if (vsw_config_apply(ctl, doc, true, call->err, call->errlen) < 0) {
		json_decref(was);
		return -1;
	}
	if (timeout)
		vsw_confirm_await(ctl, was, (unsigned)json_integer_value(timeout));
	json_decref(was);
	return 0;
}

static json_t *config_set(struct vsw_call *call)
{
	json_t *doc = arg(call, "config");

	return set_document(call, doc) < 0 ? NULL : dealt_with(call, json_incref(doc), true, NULL);
}

static json_t *config_check(struct vsw_call *call)
{
	json_t *doc = arg(call, "config");

	return vsw_config_apply(call->ctl, doc, false, call->err, call->errlen) < 0 ?
		       NULL :
		       dealt_with(call, json_incref(doc), false, NULL);
}

void vsw_document_merge(json_t *into, const json_t *patch)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)patch, key, v) {
		json_t *there = json_object_get(into, key);

		if (json_is_null(v)) {
			json_object_del(into, key);
		} else if (json_is_object(v)) {
			if (!json_is_object(there)) {
				json_object_set_new(into, key, json_object());
				there = json_object_get(into, key);
			}
			vsw_document_merge(there, v);
		} else {
			json_object_set_new(into, key, json_deep_copy(v));
		}
	}
}

static json_t *config_patch(struct vsw_call *call)
{
	json_t *patch = arg(call, "patch"), *doc, *was;

	if (!json_is_object(patch)) {
		vsw_fail(call->err, call->errlen, "patch: must be an object");
		return NULL;
	}
	doc = json_deep_copy(call->ctl->doc);
	was = json_incref(call->ctl->doc);
	vsw_document_merge(doc, patch);
	if (set_document(call, doc) == 0)
		return dealt_with(call, doc, true, was);
	json_decref(was);
	json_decref(doc);
	return NULL;
}

static int check_pending(const struct vsw_call *call)
{
	return call->ctl->previous ?
		       0 :
		       vsw_fail(call->err, call->errlen, "no configuration waits for confirmation");
}

static json_t *config_confirm(struct vsw_call *call)
{
	if (check_pending(call) < 0)
		return NULL;
	vsw_confirm_end(call->ctl);
	return dealt_with(call, json_incref(call->ctl->doc), true, NULL);
}

static json_t *config_rollback(struct vsw_call *call)
{
	struct vsw_control *ctl = call->ctl;

	if (check_pending(call) < 0 ||
	    vsw_config_apply(ctl, ctl->previous, true, call->err, call->errlen) < 0)
		return NULL;
	return config_confirm(call);
}

/*
 * struct act - what is done to the switch, where it is called
 * @port:   The port a command names, or NULL: none
 * @do_it:  Called with that port, if there is one
 * @err: @errlen: as in struct vsw_call
 * @cursor: To walk over the ports
 */
struct act {
	struct vsw *sw;
	const char *port;
	bool (*do_it)(struct act *a, struct vsw_port *p);
	uint8_t mac[6];
	uint16_t vlan;
	uint64_t cursor;
	char *err;
	size_t errlen;
	int ret;
};

static bool act_there(void *arg_)
{
	struct act *a = arg_;
	struct vsw_port *p = a->port ? vsw_port_find(a->sw, a->port) : NULL;

	if (p || !a->port)
		return a->do_it(a, p);
	a->ret = vsw_fail(a->err, a->errlen, "no port '%.60s'", a->port);
	return false;
}

static json_t *act(struct vsw_call *call, struct act *a,
		   bool (*do_it)(struct act *a, struct vsw_port *p))
{
	a->sw = call->ctl->sw;
	a->do_it = do_it;
	a->err = call->err;
	a->errlen = call->errlen;
	vsw_control_at_switch(call->ctl, act_there, a);
	return done(a->ret);
}

/* "mac" and "vlan" */
static int address_arg(struct vsw_call *call, struct act *a)
{
	const json_t *vlan = arg(call, "vlan");
	json_int_t v = json_integer_value(vlan);

	if (!vsw_text_station(text(call, "mac"), a->mac))
		return vsw_fail(call->err, call->errlen,
				"mac: must be a station's address such as \"02:00:00:00:00:01\"");
	if (vlan && (!json_is_integer(vlan) || v < 0 || v > 4094))
		return vsw_fail(call->err, call->errlen, "vlan: out of range (0 to 4094)");
	a->vlan = (uint16_t)v;
	return 0;
}

static bool add_address(struct act *a, struct vsw_port *p)
{
	a->ret = vsw_address_add(p, a->vlan, a->mac, a->err, a->errlen);
	return false;
}

static bool only_look(struct act *a, struct vsw_port *p)
{
	return false;
}

/* The port is looked for first: what is wrong with it is told rather than with the address */
static json_t *fdb_add(struct vsw_call *call)
{
	struct act a = { .port = text(call, "port") };
	json_t *found = act(call, &a, only_look);

	if (!found)
		return NULL;
	json_decref(found);
	return address_arg(call, &a) == 0 ? act(call, &a, add_address) : NULL;
}

static bool remove_address(struct act *a, struct vsw_port *p)
{
	if (vsw_address_remove(a->sw, a->vlan, a->mac) < 0)
		a->ret = vsw_fail(a->err, a->errlen, "no such address");
	return false;
}

static json_t *fdb_delete(struct vsw_call *call)
{
	struct act a = { .port = NULL };

	return address_arg(call, &a) == 0 ? act(call, &a, remove_address) : NULL;
}

static bool flush(struct act *a, struct vsw_port *p)
{
	if (p)
		vsw_port_flush(p);
	else
		vsw_addresses_flush(a->sw);
	return false;
}

static json_t *fdb_flush(struct vsw_call *call)
{
	struct act a = { .port = arg(call, "port") ? text(call, "port") : NULL };

	return act(call, &a, flush);
}

static bool clear(struct act *a, struct vsw_port *p)
{
	if (p) {
		vsw_port_clear_counters(p);
		return false;
	}
	if (vsw_ports(a->sw, &a->cursor, &p, 1))
		vsw_port_clear_counters(p);
	return a->cursor != VSW_WALK_END;
}

static json_t *clear_counters(struct vsw_call *call)
{
	struct act a = { .port = arg(call, "port") ? text(call, "port") : NULL };

	return act(call, &a, clear);
}

static bool open_port(struct act *a, struct vsw_port *p)
{
	a->ret = vsw_port_open(p, a->err, a->errlen);
	return false;
}

static json_t *port_open(struct vsw_call *call)
{
	struct act a = { .port = text(call, "port") };

	return act(call, &a, open_port);
}

const struct vsw_command vsw_change_commands[] = {
	{ "config-set", config_set, "config confirm-timeout?",
	  "put a whole configuration in force" },
	{ "config-patch", config_patch, "patch confirm-timeout?",
	  "change it by a merge patch (RFC 7396)" },
	{ "config-check", config_check, "config", "dry run: could it be put in force?" },
	{ "config-confirm", config_confirm, "",
	  "keep a configuration that waits for confirmation" },
	{ "config-rollback", config_rollback, "", "take it back now" },
	{ "fdb-add", fdb_add, "mac port vlan?", "enter a static address" },
	{ "fdb-delete", fdb_delete, "mac vlan?", "take an address out" },
	{ "fdb-flush", fdb_flush, "port?", "forget learnt addresses" },
	{ "clear-counters", clear_counters, "port?", "set counters to 0" },
	{ "port-open", port_open, "port", "open a port that a policy shut" },
	{ "port-export", vsw_move_export, "port",
	  "what a port had and was: counters, levels, addresses, groups, queue, overrides" },
	{ "port-import", vsw_move_import, "port state",
	  "give a port what another one had and was, wholly or not at all" },
	{ 0 }
};
