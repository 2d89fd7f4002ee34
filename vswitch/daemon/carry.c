/* SPDX-License-Identifier: BSD-2-Clause */
/* The state of a port that its machine carries to another daemon (carry.h has the theory). */
#include "carry.h"

#include <stdio.h>

#include "daemon.h"
#include "dswitch.h"
#include "holder.h"
#include "vswitch/fail.h"

/* So often, in us, may a client have its state told, logged and saved by the frame thread; and so
 * many times at once */
#define CARRY_EACH  100000
#define CARRY_BURST 8

/* struct carrying - arguments of what follows, on the frame thread; @left: lines that were left
 * out, @first: the first of them */
struct carrying {
	struct port *port;
	struct vsw_blob *blob;
	struct vsw_loading *loading;
	unsigned left;
	char first[80];
	char *err;
	size_t errlen;
	int ret;
};

static void hear(void *opaque, const char *line)
{
	struct carrying *c = opaque;

	if (!c->left++)
		snprintf(c->first, sizeof(c->first), "%s", line);
}

static bool save_there(void *opaque)
{
	struct carrying *c = opaque;
	struct vsw_left_out out = { hear, c };

	c->ret = vsw_port_save(c->port->jack.port, c->blob, &out, c->err, c->errlen);
	return false;
}

static bool put_there(void *opaque)
{
	struct carrying *c = opaque;
	struct vsw_left_out out = { hear, c };

	vsw_state_put(c->loading, c->port->sw->sw, c->port->jack.port, &out);
	return false;
}

static void tell(const struct carrying *c, const char *what, size_t len)
{
	if (c->left)
		vd_holder_step(c->port, "%s, %zu bytes; %u left out, the first: %s", what, len,
			       c->left, c->first);
	else
		vd_holder_step(c->port, "%s, %zu bytes", what, len);
}

static bool too_often(struct port *p)
{
	int64_t now = g_get_monotonic_time();

	if (p->carried >= now + CARRY_BURST * CARRY_EACH)
		return true;
	p->carried = MAX(p->carried, now) + CARRY_EACH;
	return false;
}

int vd_carry_save(void *port, struct vsw_wire *wire, struct vsw_blob *blob, char *err,
		  size_t errlen)
{
	struct port *p = port;
	struct carrying c = { .port = p, .blob = blob, .err = err, .errlen = errlen };

	if (wire != p->wire)
		return vsw_fail(err, errlen, "port '%s': another process holds it", p->id);
	if (too_often(p))
		return vsw_fail(err, errlen, "port '%s': its state is asked for too often", p->id);
	if (vsw_blob_reserve(blob, VSW_PORT_STATE_MAX) < 0)
		return vsw_fail(err, errlen, "out of memory");
	vsw_worker_call(p->sw->daemon->worker, save_there, &c);
	if (c.ret == 0)
		tell(&c, "its state goes with the machine", blob->len);
	return c.ret;
}

static int load(struct port *p, const uint8_t *data, size_t len, char *err, size_t errlen)
{
	struct carrying c = { .port = p };

	if (!p->fresh)
		return vsw_fail(err, errlen, "the port has begun without it");
	p->fresh = false;
	c.loading = vsw_state_read(data, len, err, errlen);
	if (!c.loading)
		return -1;
	if (vsw_state_of_switch(c.loading)) {
		vsw_state_free(c.loading);
		return vsw_fail(err, errlen, "saved state: is of a switch, not of a port");
	}
	vsw_worker_call(p->sw->daemon->worker, put_there, &c);
	vsw_state_free(c.loading);
	tell(&c, "its state has come with the machine", len);
	return 0;
}

int vd_carry_load(void *port, struct vsw_wire *wire, const uint8_t *data, size_t len, char *err,
		  size_t errlen)
{
	struct port *p = port;
	int ret;

	if (p->second)
		return 0; /* the port itself is here */
	ret = load(p, data, len, err, errlen);
	if (ret < 0 && !too_often(p))
		vd_holder_step(p, "the state that has come with the machine is refused: %.80s",
			       err);
	return ret;
}
