/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that look at single frames (vswitch/look.h). They are not among those that ask: they
 * show what guests send. */
#include "control/look.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "control/state.h"
#include "hwnet/pkt.h"
#include "vswitch/fail.h"
#include "vswitch/look.h"

#define DROPS	  512u /* frames that are kept */
#define PIECE	  16u  /* that are read at a time */
#define FRAME_MAX 65535u

static bool keep_there(void *arg)
{
	struct vsw_control *ctl = arg;

	vsw_drops_keep(ctl->sw, ctl->drops);
	return false;
}

/**
 * vsw_look_begin() - Keep frames that are dropped from now on
 * @ctl: The control; without memory it has none
 */
void vsw_look_begin(struct vsw_control *ctl)
{
	ctl->drops = vsw_drop_ring_new(DROPS);
	vsw_control_at_switch(ctl, keep_there, ctl);
}

/**
 * vsw_look_end() - And no more
 * @ctl: The control
 */
void vsw_look_end(struct vsw_control *ctl)
{
	struct vsw_drop_ring *ring = ctl->drops;

	ctl->drops = NULL;
	vsw_control_at_switch(ctl, keep_there, ctl);
	vsw_drop_ring_free(ring);
}

static json_t *hex(const uint8_t *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char text[2 * VSW_DROPPED_HEAD];

	for (size_t i = 0; i < n; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	return json_stringn(text, 2 * n);
}

/* struct drops_view - frames that were dropped, a piece of them */
struct drops_view {
	struct vsw *sw;
	uint64_t next, missed;
	int64_t now;
	unsigned n;
	struct vsw_dropped d[PIECE];
};

static bool drops_there(void *arg)
{
	struct drops_view *v = arg;

	v->n = vsw_drops(v->sw, &v->next, v->d, PIECE, &v->missed, &v->now);
	return false;
}

static json_t *dropped(const struct vsw_dropped *d, int64_t now)
{
	struct timeval tv;
	json_t *j;

	gettimeofday(&tv, NULL);
	j = json_pack(
		"{s:I,s:s,s:s,s:I,s:I,s:o}", "when-us",
		(json_int_t)(tv.tv_sec * INT64_C(1000000) + tv.tv_usec - (now - d->when) / 1000),
		"port", d->port, "reason", vsw_drop_name(d->why), "length", (json_int_t)d->len,
		"frames", (json_int_t)d->frames, "head", hex(d->head, d->n));
	if (d->tag)
		json_object_set_new(j, "tag", json_integer(d->tag));
	return j;
}

static json_t *drops(struct vsw_call *call)
{
	const json_t *since = json_object_get(call->args, "since");
	struct drops_view v = { .sw = call->ctl->sw };
	json_t *list;
	uint64_t missed = 0;

	if (since && (!json_is_integer(since) || json_integer_value(since) < 0)) {
		vsw_fail(call->err, call->errlen, "since: must be a number, 0 or more");
		return NULL;
	}
	v.next = (uint64_t)json_integer_value(since);
	list = json_array();
	do {
		vsw_control_at_switch(call->ctl, drops_there, &v);
		missed += v.missed;
		for (unsigned i = 0; i < v.n; i++)
			json_array_append_new(list, dropped(&v.d[i], v.now));
	} while (v.n == PIECE && json_array_size(list) < DROPS);
	return json_pack("{s:o,s:I,s:I}", "frames", list, "next", (json_int_t)v.next, "missed",
			 (json_int_t)missed);
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	       c >= 'a' && c <= 'f' ? c - 'a' + 10 :
	       c >= 'A' && c <= 'F' ? c - 'A' + 10 :
				      -1;
}

/* "frame": hexadecimal digits. NULL: it is none, and the error is told */
static uint8_t *frame_arg(struct vsw_call *call, uint32_t *len)
{
	const json_t *v = json_object_get(call->args, "frame");
	const char *s = json_string_value(v);
	size_t n = json_string_length(v) / 2;
	uint8_t *bytes = NULL;

	if (s && json_string_length(v) % 2 == 0 && n >= 14 && n <= FRAME_MAX)
		bytes = malloc(n);
	for (size_t i = 0; bytes && i < n; i++) {
		int high = digit(s[2 * i]), low = digit(s[2 * i + 1]);

		if (high < 0 || low < 0) {
			free(bytes);
			bytes = NULL;
			break;
		}
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	if (!bytes)
		vsw_fail(call->err, call->errlen,
			 "frame: must be 14 to %u bytes in hexadecimal digits", FRAME_MAX);
	*len = (uint32_t)n;
	return bytes;
}

/* struct explaining - arguments of explain_there() */
struct explaining {
	struct vsw *sw;
	const char *port;
	struct vsw_explain *x;
	const struct pkt *pkt;
	bool found;
};

static bool explain_there(void *arg)
{
	struct explaining *e = arg;
	struct vsw_port *p = vsw_port_find(e->sw, e->port);

	e->found = p;
	if (p)
		vsw_explain(e->x, p, e->pkt);
	return false;
}

static json_t *steps(const struct vsw_explain *x)
{
	json_t *list = json_array(), *j;
	unsigned n, more;
	const struct vsw_step *s = vsw_explain_steps(x, &n, &more);

	for (unsigned i = 0; i < n; i++) {
		j = json_pack("{s:s,s:s}", "stage", s[i].stage, "text", s[i].text);
		if (s[i].port[0])
			json_object_set_new(j, "port", json_string(s[i].port));
		if (s[i].why >= 0)
			json_object_set_new(j, "drop",
					    json_string(vsw_drop_name((enum vsw_drop)s[i].why)));
		json_array_append_new(list, j);
	}
	return json_pack("{s:o,s:i}", "steps", list, "more", (int)more);
}

static json_t *explain_frame(struct vsw_call *call, const char *port, uint8_t *bytes, uint32_t len)
{
	struct iovec iov = { bytes, len };
	struct pkt pkt = { .iov = &iov, .iovcnt = 1, .len = len };
	struct explaining e = { call->ctl->sw, port, vsw_explain_new(), &pkt, false };
	json_t *j = NULL;

	if (!e.x) {
		vsw_fail(call->err, call->errlen, "out of memory");
		return NULL;
	}
	vsw_control_at_switch(call->ctl, explain_there, &e);
	if (e.found)
		j = steps(e.x);
	else
		vsw_fail(call->err, call->errlen, "no port '%.60s'", port);
	vsw_explain_free(e.x);
	return j;
}

static json_t *explain(struct vsw_call *call)
{
	const char *port = json_string_value(json_object_get(call->args, "port"));
	uint32_t len;
	uint8_t *bytes = frame_arg(call, &len);
	json_t *j;

	if (!bytes)
		return NULL;
	j = explain_frame(call, port ? port : "", bytes, len);
	free(bytes);
	return j;
}

const struct vsw_command vsw_look_commands[] = {
	{ "drops", drops, "since?", "the last frames that were dropped, with their first bytes" },
	{ "explain", explain, "port frame",
	  "what would become of a frame (hexadecimal digits) from a port; nothing is sent" },
	{ 0 }
};
