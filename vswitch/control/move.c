/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state of a port (vswitch/state.h), handed out and taken by commands.
 *
 * DOC: Theory of Operation
 *
 * Besides what the switch knows of a port, its state has what the document says of the port's own
 * (@overrides, JSON), but for its group and what is the host's: where it is plugged in is not the
 * port's. A port that takes a state takes these as "config-patch" would, so that a group that does
 * not let its ports have them refuses the state as a whole; then the rest follows, which cannot
 * fail. What the switch had no place for is told as warnings.
 *
 * In JSON the bytes are base64. A request has VSW_DOCUMENT_MAX bytes at most, and so has a state.
 */
#include "control/move.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/config.h"
#include "control/confirm.h"
#include "control/state.h"
#include "hwnet/fields.h"
#include "vswitch/fail.h"
#include "vswitch/query.h"
#include "vswitch/state.h"

#define OVERRIDES     "overrides"
#define OVERRIDES_MAX (64u << 10)
/* base64 makes four bytes of three; a kilobyte is the request's */
#define STATE_BYTES ((VSW_DOCUMENT_MAX - 1024) / 4 * 3)
#define LINES_MAX   2048u
#define BASE64	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/* struct move - a port and its state, where the switch is called; @said: lines of what was left
 * out */
struct move {
	struct vsw *sw;
	const char *port;
	struct vsw_blob blob;
	struct vsw_loading *loading;
	struct vsw_left_out out;
	char said[LINES_MAX];
	char *err;
	size_t errlen;
	int ret;
};

static void hear(void *opaque, const char *line)
{
	struct move *m = opaque;
	size_t n = strlen(m->said);

	if (n < sizeof(m->said) - 1)
		snprintf(m->said + n, sizeof(m->said) - n, "%s\n", line);
}

static void move_begin(struct move *m, struct vsw_call *call)
{
	const char *port = json_string_value(json_object_get(call->args, "port"));

	memset(m, 0, sizeof(*m));
	m->sw = call->ctl->sw;
	m->port = port ? port : "";
	m->out = (struct vsw_left_out) { hear, m };
	m->err = call->err;
	m->errlen = call->errlen;
}

static void add_warning(json_t *list, const struct move *m, const char *line)
{
	char path[VSW_NAME_MAX + 16];

	snprintf(path, sizeof(path), "/ports/%.63s", m->port);
	json_array_append_new(
		list, json_pack("{s:s,s:s,s:s}", "path", path, "kind", "left-out", "text", line));
}

/* What was left out; the lines name the port, which the path does, too */
static json_t *warnings(struct move *m)
{
	json_t *list = json_array();
	char *rest = m->said, *line;

	while ((line = strtok_r(rest, "\n", &rest))) {
		const char *text = strstr(line, "': ");

		add_warning(list, m, !strncmp(line, "port '", 6) && text ? text + 3 : line);
	}
	return list;
}

static struct vsw_port *find(struct move *m)
{
	struct vsw_port *p = vsw_port_find(m->sw, m->port);

	if (!p)
		m->ret = vsw_fail(m->err, m->errlen, "no port '%.60s'", m->port);
	return p;
}

static bool save_there(void *arg)
{
	struct move *m = arg;
	struct vsw_port *p = find(m);

	if (p)
		m->ret = vsw_port_save(p, &m->blob, &m->out, m->err, m->errlen);
	return false;
}

static bool is_host_key(const struct vsw_control *ctl, const char *key)
{
	const char *const *keys = ctl->host ? ctl->host->port_keys : NULL;

	for (; keys && *keys; keys++)
		if (!strcmp(*keys, key))
			return true;
	return !strcmp(key, "portgroup");
}

/* Policy out of an entry of "ports" */
static json_t *overrides_of(const struct vsw_control *ctl, const json_t *entry)
{
	json_t *own = json_object(), *v;
	const char *key;

	json_object_foreach((json_t *)entry, key, v)
		if (!is_host_key(ctl, key))
			json_object_set(own, key, v);
	return own;
}

/* Write a port's overrides behind the rest of its state */
static int add_overrides(struct move *m, const struct vsw_control *ctl)
{
	const json_t *entry = json_object_get(json_object_get(ctl->doc, "ports"), m->port);
	json_t *own = overrides_of(ctl, entry);
	char *text = json_object_size(own) ? json_dumps(own, JSON_COMPACT) : NULL;
	size_t len = text ? strlen(text) : 0, head = fields_head_size(OVERRIDES);
	int ret = 0;

	json_decref(own);
	if (len > OVERRIDES_MAX || (len && vsw_blob_reserve(&m->blob, head + len) < 0))
		ret = vsw_fail(m->err, m->errlen, "port '%s': its overrides do not fit", m->port);
	else if (len) {
		fields_head(OVERRIDES, (uint32_t)len, m->blob.data + m->blob.len);
		memcpy(m->blob.data + m->blob.len + head, text, len);
		m->blob.len += head + len;
	}
	free(text);
	return ret;
}

/**
 * vsw_move_export() - The command
 * @call: Its call
 *
 * Return: the answer, or NULL and the error is told.
 */
json_t *vsw_move_export(struct vsw_call *call)
{
	struct move m;
	json_t *j = NULL;

	move_begin(&m, call);
	vsw_blob_init(&m.blob, STATE_BYTES);
	vsw_control_at_switch(call->ctl, save_there, &m);
	if (m.ret == 0 && add_overrides(&m, call->ctl) == 0) {
		g_autofree char *text = g_base64_encode(m.blob.data, m.blob.len);

		j = json_pack("{s:s,s:b}", "state", text, "complete", !m.said[0]);
	}
	vsw_blob_fini(&m.blob);
	return j;
}

/* The bytes of "state", to be freed with g_free(); NULL and the error is told */
static uint8_t *state_arg(struct vsw_call *call, size_t *len)
{
	const char *text = json_string_value(json_object_get(call->args, "state"));
	size_t n = text ? strspn(text, BASE64) : 0, all = text ? strlen(text) : 0;

	if (all && all % 4 == 0 && all - n <= 2 && strspn(text + n, "=") == all - n)
		return g_base64_decode(text, len);
	vsw_fail(call->err, call->errlen, "state: must be base64, as of port-export");
	return NULL;
}

/* The overrides in a state that was read already; NULL: none, or @wrong */
static json_t *read_overrides(const uint8_t *at, size_t len, bool *wrong)
{
	const uint8_t *end = at + len;
	struct fields_item item;
	json_t *own = NULL;

	at += 5 + at[4]; /* "vsw" 0x01, length and name of the kind: they were checked */
	while (fields_next(&at, end, &item, NULL, 0) > 0)
		if (fields_is(&item, OVERRIDES)) {
			json_decref(own);
			own = item.size == 1 && item.count <= OVERRIDES_MAX ?
				      json_loadb((const char *)item.data, item.count,
						 JSON_REJECT_DUPLICATES, NULL) :
				      NULL;
			*wrong = !json_is_object(own);
		}
	return own;
}

/* An object in another one, made if it is not there */
static json_t *member(json_t *obj, const char *key)
{
	if (!json_is_object(json_object_get(obj, key)))
		json_object_set_new(obj, key, json_object());
	return json_object_get(obj, key);
}

/* Put a port's overrides in force, with what else the document says */
static int put_overrides(struct vsw_call *call, const char *port, const json_t *own)
{
	struct vsw_control *ctl = call->ctl;
	json_t *doc, *mine = overrides_of(ctl, own);
	int ret;

	if (vsw_confirm_check(ctl, call->err, call->errlen) < 0) {
		json_decref(mine);
		return -1;
	}
	doc = json_deep_copy(ctl->doc);
	json_object_update(member(member(doc, "ports"), port), mine);
	ret = vsw_config_apply(ctl, doc, true, call->err, call->errlen);
	json_decref(mine);
	json_decref(doc);
	return ret;
}

static bool look_there(void *arg)
{
	struct move *m = arg;
	struct vsw_port *p = find(m);
	struct vsw_port_state st = { 0 };

	if (p)
		vsw_port_state(p, &st);
	if (st.uplink)
		m->ret = vsw_fail(m->err, m->errlen,
				  "port '%s' is an uplink, whose state is its switch's", m->port);
	return false;
}

static bool put_there(void *arg)
{
	struct move *m = arg;
	struct vsw_port *p = find(m);

	if (p)
		vsw_state_put(m->loading, m->sw, p, &m->out);
	return false;
}

/* A state that was read is put in force, its overrides first */
static json_t *put(struct vsw_call *call, struct move *m, const uint8_t *bytes, size_t len)
{
	bool wrong = false;
	json_t *own = read_overrides(bytes, len, &wrong);
	int ret = 0;

	if (wrong)
		ret = vsw_fail(call->err, call->errlen, "saved state: overrides: not an object");
	else if (own)
		ret = put_overrides(call, m->port, own);
	json_decref(own);
	if (ret < 0)
		return NULL;
	vsw_control_at_switch(call->ctl, put_there, m);
	return m->ret < 0 ? NULL : json_pack("{s:o}", "warnings", warnings(m));
}

/**
 * vsw_move_import() - The command
 * @call: Its call
 *
 * Return: the answer, or NULL and the error is told.
 */
json_t *vsw_move_import(struct vsw_call *call)
{
	struct move m;
	uint8_t *bytes;
	json_t *j = NULL;
	size_t len;

	move_begin(&m, call);
	vsw_control_at_switch(call->ctl, look_there, &m);
	bytes = m.ret == 0 ? state_arg(call, &len) : NULL;
	if (!bytes)
		return NULL;
	m.loading = vsw_state_read(bytes, len, call->err, call->errlen);
	if (m.loading && vsw_state_of_switch(m.loading))
		vsw_fail(call->err, call->errlen, "saved state: is of a switch, not of a port");
	else if (m.loading)
		j = put(call, &m, bytes, len);
	vsw_state_free(m.loading);
	g_free(bytes);
	return j;
}
