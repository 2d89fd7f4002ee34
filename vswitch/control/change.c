/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that change a switch. Those that change its configuration make a new document and put
 * that in force. */
#include <stdio.h>
#include <stdlib.h>

#include "control_priv.h"
#include "vswitch/manage.h"

#define CONFIRM_MAX 86400
#define NS_PER_S    INT64_C(1000000000)

static const char *text(const json_t *args, const char *key)
{
	const json_t *v = json_object_get(args, key);

	return json_is_string(v) ? json_string_value(v) : "";
}

/* Put a document in force; with "confirm-timeout" it is taken back unless it is confirmed in that
 * many seconds */
static json_t *set_document(struct vsw_control *ctl, json_t *doc, const json_t *timeout, char *err,
			    size_t errlen)
{
	json_t *was = json_incref(ctl->doc);
	int ret;

	if (timeout && (!json_is_integer(timeout) || json_integer_value(timeout) < 1 ||
			json_integer_value(timeout) > CONFIRM_MAX)) {
		json_decref(was);
		vsw_fail(err, errlen, "confirm-timeout: out of range (1 to %d)", CONFIRM_MAX);
		return NULL;
	}
	if (timeout && !ctl->host) {
		json_decref(was);
		vsw_fail(err, errlen, "confirm-timeout: this program gives the control no clock");
		return NULL;
	}
	ret = config_apply(ctl, doc, true, err, errlen);
	if (ret == 0 && timeout) {
		if (!ctl->previous)
			ctl->previous = json_incref(was);
		vsw_control_confirm_by(ctl, ctl->host->now(ctl->host_opaque) +
						    json_integer_value(timeout) * NS_PER_S);
	}
	json_decref(was);
	return ret == 0 ? json_object() : NULL;
}

static json_t *config_set(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	json_t *doc = json_deep_copy(json_object_get(args, "config")), *ret;

	ret = set_document(ctl, doc, json_object_get(args, "confirm-timeout"), err, errlen);
	json_decref(doc);
	return ret;
}

static json_t *config_check(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	return config_apply(ctl, json_object_get(args, "config"), false, err, errlen) == 0 ?
		       json_object() :
		       NULL;
}

/* JSON merge patch (RFC 7396) */
static void merge(json_t *into, const json_t *patch)
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
			merge(there, v);
		} else {
			json_object_set_new(into, key, json_deep_copy(v));
		}
	}
}

static json_t *config_patch(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	json_t *doc = json_deep_copy(ctl->doc), *ret;

	if (!json_is_object(json_object_get(args, "patch"))) {
		json_decref(doc);
		vsw_fail(err, errlen, "patch: must be an object");
		return NULL;
	}
	merge(doc, json_object_get(args, "patch"));
	ret = set_document(ctl, doc, json_object_get(args, "confirm-timeout"), err, errlen);
	json_decref(doc);
	return ret;
}

static json_t *config_confirm(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	if (!ctl->previous) {
		vsw_fail(err, errlen, "no configuration waits for confirmation");
		return NULL;
	}
	json_decref(ctl->previous);
	ctl->previous = NULL;
	vsw_control_confirm_by(ctl, VSW_NEVER);
	return json_object();
}

static json_t *config_rollback(struct vsw_control *ctl, const json_t *args, char *err,
			       size_t errlen)
{
	int ret;

	if (!ctl->previous) {
		vsw_fail(err, errlen, "no configuration waits for confirmation");
		return NULL;
	}
	ret = config_apply(ctl, ctl->previous, true, err, errlen);
	if (ret < 0)
		return NULL;
	return config_confirm(ctl, args, err, errlen);
}

static struct vsw_port *port_arg(struct vsw_control *ctl, const json_t *args, char *err,
				 size_t errlen)
{
	struct vsw_port *p = vsw_port_find(ctl->sw, text(args, "port"));

	if (!p)
		vsw_fail(err, errlen, "no port '%.60s'", text(args, "port"));
	return p;
}

/* "mac" and "vlan" */
static int address_arg(const json_t *args, uint8_t *mac, uint16_t *vlan, char *err, size_t errlen)
{
	json_int_t v = json_integer_value(json_object_get(args, "vlan"));
	unsigned b[6];
	char end;

	if (sscanf(text(args, "mac"), "%2x:%2x:%2x:%2x:%2x:%2x%c", &b[0], &b[1], &b[2], &b[3],
		   &b[4], &b[5], &end) != 6 ||
	    b[0] & 1)
		return vsw_fail(err, errlen,
				"mac: must be a station's address such as \"02:00:00:00:00:01\"");
	if (v < 0 || v > 4094)
		return vsw_fail(err, errlen, "vlan: out of range (0 to 4094)");
	for (int i = 0; i < 6; i++)
		mac[i] = (uint8_t)b[i];
	*vlan = (uint16_t)v;
	return 0;
}

static json_t *fdb_add(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	struct vsw_port *p = port_arg(ctl, args, err, errlen);
	uint16_t vlan;
	uint8_t mac[6];

	if (!p || address_arg(args, mac, &vlan, err, errlen) < 0 ||
	    vsw_address_add(p, vlan, mac, err, errlen) < 0)
		return NULL;
	return json_object();
}

static json_t *fdb_delete(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	uint16_t vlan;
	uint8_t mac[6];

	if (address_arg(args, mac, &vlan, err, errlen) < 0)
		return NULL;
	if (vsw_address_remove(ctl->sw, vlan, mac) == 0)
		return json_object();
	vsw_fail(err, errlen, "no such address");
	return NULL;
}

static json_t *fdb_flush(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	struct vsw_port *p;

	if (!json_object_get(args, "port")) {
		vsw_addresses_flush(ctl->sw);
		return json_object();
	}
	p = port_arg(ctl, args, err, errlen);
	if (!p)
		return NULL;
	vsw_port_flush(p);
	return json_object();
}

static json_t *clear_counters(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	struct vsw_port *p;

	if (json_object_get(args, "port")) {
		p = port_arg(ctl, args, err, errlen);
		if (!p)
			return NULL;
		vsw_port_clear_counters(p);
		return json_object();
	}
	for (p = vsw_port_next(ctl->sw, NULL); p; p = vsw_port_next(ctl->sw, p))
		vsw_port_clear_counters(p);
	return json_object();
}

const struct control_command change_commands[] = {
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
	{ 0 }
};
