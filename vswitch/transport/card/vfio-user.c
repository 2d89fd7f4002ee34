/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfio-user: a card that this process hosts for a virtual machine, right at its port.
 *
 * DOC: Theory of Operation
 *
 * A connection is a card (hw-net/vfu/vfu.h): it is made when a client comes, powered on, and is
 * gone with it. Frames go from the guest's memory through the switch into the memory of another
 * guest without a ring between card and switch.
 *
 * All of the card is the frame thread's: accesses to registers, deadlines (@alarm), frames. What is
 * left over of a turn is done by @poller, as is what comes up while something else calls the card.
 * Messages that map memory are for the control thread: nothing more is read, @slow is posted, and
 * control prepares, has the frame thread apply, and disposes. So a client that does not read, maps,
 * or writes registers without end holds nobody up: one turn is a few messages and frames.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "vfu/move.h"
#include "vswitch/card.h"
#include "vswitch/fail.h"
#include "vswitch/text.h"
#include "vswitch/transport.h"

extern const struct vsw_transport vsw_transport_vfio_user;

/* struct card_options - what can be said of a card */
struct card_options {
	char *model, *mac, **properties;
};

/* struct card - a card; @started: the wire is plugged in; @more: messages were read that wait, or
 * may have been */
struct card {
	struct vsw_wire wire;
	int fd;
	struct vfu *v;
	struct vsw_watch watch;
	struct vsw_poller poller;
	struct vsw_alarm alarm;
	struct vsw_note slow;
	int64_t deadline;
	bool started, more;
	char error[VSW_FACT_MAX];
};

/* ---- options ---- */

static const char *check_model(const char *name)
{
	static char list[120] = "must be one of";
	size_t n = strlen("must be one of");

	if (hwnet_find_model(name))
		return NULL;
	for (const struct hwnet_model *const *m = hwnet_models(); *m && n < sizeof(list); m++)
		n += (size_t)snprintf(list + n, sizeof(list) - n, " %s", (*m)->name);
	return list;
}

static const char *check_mac(const char *text)
{
	uint8_t mac[6];

	return vsw_text_station(text, mac) ? NULL : "must be a station's address";
}

#define AT(m) .off = offsetof(struct card_options, m)

static const struct vsw_option rows[] = {
	{ "model", VSW_OPTION_TEXT, AT(model), .max = 32, .def = "vmxnet3", .check = check_model,
	  .help = "what card the guest finds: a model of docs/devices.md, without vc-" },
	{ "mac", VSW_OPTION_TEXT, AT(mac), .max = 17, .check = check_mac,
	  .help = "its permanent address; untold one that is made of the port's id, the same each "
		  "time" },
	{ "properties", VSW_OPTION_LIST, AT(properties), .max = HWNET_MAX_PROPS,
	  .help = "properties of the model, as NAME=VALUE" },
	{ 0 }
};

static int read_options(const struct card_options *o, struct hwnet_config *cfg, char *err,
			size_t errlen)
{
	const struct hwnet_model *model = hwnet_find_model(o->model);
	char why[160];

	if (!model)
		return vsw_fail(err, errlen, "model: %s", check_model(o->model));
	hwnet_config_init(model, cfg);
	for (char **p = o->properties; p && *p; p++)
		if (hwnet_config_set(model, cfg, *p, why, sizeof(why)) < 0)
			return vsw_fail(err, errlen, "properties: %s", why);
	return 0;
}

static int card_check(const void *options, char *err, size_t errlen)
{
	struct hwnet_config cfg;

	return read_options(options, &cfg, err, errlen);
}

/* An address of the port's id (FNV-1a): locally administered, and the same each time */
static void make_mac(const char *port, uint8_t mac[6])
{
	uint64_t h = 0xcbf29ce484222325;

	for (; *port; port++)
		h = (h ^ (uint8_t)*port) * 0x100000001b3;
	mac[0] = 0x02;
	for (unsigned i = 1; i < 6; i++)
		mac[i] = (uint8_t)(h >> 8 * i);
}

/* ---- what the card asks for ---- */

static int64_t card_now(void *opaque)
{
	return vsw_worker_now(((struct card *)opaque)->wire.worker);
}

static void card_timer(void *opaque, int64_t deadline)
{
	struct card *c = opaque;

	c->deadline = deadline;
	if (c->started)
		vsw_alarm_set(c->wire.worker, &c->alarm, deadline);
}

static void card_work(void *opaque)
{
	struct card *c = opaque;

	if (c->started)
		vsw_poller_wake(c->wire.worker, &c->poller);
}

static unsigned card_tx(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	struct card *c = opaque;

	return c->wire.port ? vsw_port_input(c->wire.port, pkts, n) : n;
}

static void card_rx_ready(void *opaque)
{
	struct card *c = opaque;

	if (c->wire.port)
		vsw_port_ready(c->wire.port);
}

static void tell_link(struct card *c)
{
	struct hwnet_link link;

	hwnet_link(vfu_nic(c->v), &link);
	vsw_port_set_caps(c->wire.port,
			  hwnet_rx_caps(vfu_nic(c->v)) | PKT_TAKES_CSUM | PKT_TAKES_VLAN);
	vsw_port_set_link(c->wire.port, link.up);
}

static void tell_filter(struct card *c)
{
	struct hwnet_rx_filter f;
	struct vsw_addrs a;

	hwnet_rx_filter(vfu_nic(c->v), &f);
	vsw_card_addrs(&f, &a);
	vsw_port_set_addrs(c->wire.port, &a);
}

static void card_changed(void *opaque, unsigned what)
{
	struct card *c = opaque;

	if (what & VFU_CHANGED_LINK && c->wire.port)
		tell_link(c);
	if (what & VFU_CHANGED_FILTER && c->wire.port)
		tell_filter(c);
}

static void card_error(void *opaque, const char *line)
{
	struct card *c = opaque;

	snprintf(c->error, sizeof(c->error), "%s", line);
}

static const struct vfu_ops ops = {
	.now = card_now,
	.timer = card_timer,
	.work = card_work,
	.tx = card_tx,
	.rx_ready = card_rx_ready,
	.changed = card_changed,
	.error = card_error,
};

/* ---- frame thread ---- */

/* What is looked for at the socket, and who does the rest */
static void after(struct card *c, enum vfu_state state)
{
	uint32_t events = state == VFU_FULL ? EPOLLOUT : state == VFU_SLOW ? 0 : EPOLLIN;

	c->more = state == VFU_MORE;
	vsw_watch_change(c->wire.worker, &c->watch, events);
	if (state == VFU_SLOW)
		vsw_note_post(c->wire.worker, &c->slow);
}

static void serve(struct card *c)
{
	enum vfu_state state = vfu_receive(c->v);

	if (state == VFU_OVER)
		vsw_wire_fail(&c->wire, "%s", vfu_why(c->v));
	else
		after(c, state);
}

/* Return: there is more */
static bool work(struct card *c)
{
	bool more = vfu_work(c->v);

	if (!c->started)
		return false;
	if (!vfu_broken(c->v))
		return more || c->more;
	vsw_wire_fail(&c->wire, "memory that it had shared is gone");
	return false;
}

static unsigned poll(struct vsw_poller *poller)
{
	struct card *c = (void *)((char *)poller - offsetof(struct card, poller));

	if (c->more)
		serve(c);
	return c->started && work(c);
}

static bool arm(struct vsw_poller *poller)
{
	struct card *c = (void *)((char *)poller - offsetof(struct card, poller));

	return !work(c);
}

static void ready(struct vsw_watch *watch, uint32_t events)
{
	struct card *c = (void *)((char *)watch - offsetof(struct card, watch));

	if (!c->watch.events) { /* EPOLLHUP comes unasked */
		vsw_wire_fail(&c->wire, "connection closed");
		return;
	}
	serve(c);
	if (c->started && work(c))
		vsw_poller_wake(c->wire.worker, &c->poller);
}

static void ring(struct vsw_alarm *alarm)
{
	struct card *c = (void *)((char *)alarm - offsetof(struct card, alarm));

	vfu_timer(c->v);
	vsw_poller_wake(c->wire.worker, &c->poller);
}

static unsigned card_send(struct vsw_wire *wire, const struct pkt *const *pkts, unsigned n)
{
	struct card *c = (struct card *)wire;
	unsigned taken = vfu_rx(c->v, pkts, n);

	if (vfu_broken(c->v))
		card_work(c);
	return taken;
}

static void card_input_ready(struct vsw_wire *wire)
{
	vfu_tx_ready(((struct card *)wire)->v);
}

static void card_start(struct vsw_wire *wire)
{
	struct card *c = (struct card *)wire;

	if (vsw_watch_add(wire->worker, &c->watch) < 0) {
		vsw_wire_fail(wire, "cannot be watched: %s", strerror(errno));
		return;
	}
	c->started = true;
	vsw_alarm_set(wire->worker, &c->alarm, c->deadline);
	tell_link(c);
	tell_filter(c);
	vsw_poller_wake(wire->worker, &c->poller);
}

static void card_stop(struct vsw_wire *wire)
{
	struct card *c = (struct card *)wire;

	c->started = false;
	vsw_watch_remove(wire->worker, &c->watch);
	vsw_poller_remove(wire->worker, &c->poller);
	vsw_alarm_set(wire->worker, &c->alarm, INT64_MAX);
}

static void show_counters(const struct hwnet_counters *n, struct vsw_facts *facts)
{
	const char *name;
	uint64_t value;

	for (unsigned i = 0; (name = hwnet_counter(n, i, &value)); i++)
		vsw_fact_number(facts, name, value);
}

static void card_show(const struct vsw_wire *wire, struct vsw_facts *facts)
{
	const struct card *c = (const struct card *)wire;
	const uint8_t *m = vfu_mac(c->v);
	struct vfu_stats s;

	vfu_stats(c->v, &s);
	vsw_fact_text(facts, "model", "%s", vfu_model(c->v)->name);
	vsw_fact_text(facts, "mac", "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4],
		      m[5]);
	show_counters(hwnet_counters(vfu_nic(c->v)), facts);
	vsw_fact_number(facts, "rx-not-ready", s.not_ready);
	vsw_fact_number(facts, "register-reads", s.reads);
	vsw_fact_number(facts, "register-writes", s.writes);
	vsw_fact_number(facts, "messages", s.messages);
	vsw_fact_number(facts, "socket-calls", s.received + s.sent);
	vsw_fact_number(facts, "messages-refused", s.refused);
	vsw_fact_number(facts, "memory-ranges", s.maps);
	vsw_fact_number(facts, "memory-ranges-not-shared", s.unshared);
	if (c->error[0])
		vsw_fact_text(facts, "last-guest-error", "%s", c->error);
}

/* ---- control thread ---- */

static bool apply_there(void *opaque)
{
	vfu_apply(((struct card *)opaque)->v);
	return false;
}

static bool resume_there(void *opaque)
{
	struct card *c = opaque;

	if (c->started)
		after(c, VFU_MORE); /* others may have been read already */
	card_work(c);
	return false;
}

static void on_slow(struct vsw_note *note)
{
	struct card *c = (void *)((char *)note - offsetof(struct card, slow));

	vfu_prepare(c->v);
	vsw_worker_call(c->wire.worker, apply_there, c);
	vfu_dispose(c->v);
	vsw_worker_call(c->wire.worker, resume_there, c);
}

/* ---- hand-over ---- */

/* The connection, and what slow messages have said; none is carried out until it is over */
static int card_give(struct vsw_wire *wire, struct vsw_handover *h)
{
	struct card *c = (struct card *)wire;
	struct peer_moved m = { h->fd, 1, VSW_HANDOVER_FDS, h->data, 0, h->room };

	h->fd[0] = c->fd;
	if (vfu_give(c->v, &m) < 0)
		return -1;
	h->n_fds = m.n_fds;
	h->len = m.len;
	return 0;
}

static int card_freeze(struct vsw_wire *wire, struct vsw_handover *h)
{
	struct peer_moved m = { h->fd, 0, VSW_HANDOVER_FDS, h->data, 0, h->room };

	if (vfu_freeze(((struct card *)wire)->v, &m) < 0)
		return -1;
	h->n_fds = m.n_fds;
	h->len = m.len;
	return 0;
}

static int card_thaw(struct vsw_wire *wire, const struct vsw_handover *h)
{
	struct peer_moved m = { (int *)h->fd, h->n_fds, h->n_fds, h->data, h->len, h->len };

	return vfu_thaw(((struct card *)wire)->v, &m);
}

static int card_take(struct card *c, struct vsw_handover *h, char *err, size_t errlen)
{
	struct peer_moved m = { h->fd + 1, h->n_fds - 1, h->n_fds - 1, h->data, h->len, h->len };

	if (!h->n_fds)
		return vsw_fail(err, errlen, "its connection was not given");
	c->v = vfu_taken(&m, &ops, c, h->fd[0], err, errlen);
	if (!c->v)
		return -1;
	c->fd = h->fd[0];
	h->fd[0] = -1;
	c->more = true;
	return 0;
}

static void card_close(struct vsw_wire *wire)
{
	struct card *c = (struct card *)wire;

	vsw_note_cancel(wire->worker, &c->slow);
	vfu_free(c->v);
	if (c->fd >= 0)
		close(c->fd);
	free(c);
}

static int card_make(struct card *c, const struct vsw_wire_conf *conf, char *err, size_t errlen)
{
	const struct card_options *o = conf->options;
	struct hwnet_config cfg;

	if (read_options(o, &cfg, err, errlen) < 0)
		return -1;
	if (o->mac)
		vsw_text_station(o->mac, cfg.mac);
	else
		make_mac(conf->port, cfg.mac);
	c->v = vfu_new(hwnet_find_model(o->model), &cfg, &ops, c, conf->fd, err, errlen);
	if (!c->v)
		return -1;
	c->fd = conf->fd;
	return 0;
}

static struct vsw_wire *card_open(const struct vsw_wire_conf *conf, char *err, size_t errlen)
{
	struct card *c = calloc(1, sizeof(*c));

	if (!c) {
		vsw_fail(err, errlen, "out of memory");
		return NULL;
	}
	vsw_wire_init(&c->wire, &vsw_transport_vfio_user, conf);
	c->fd = -1;
	c->deadline = INT64_MAX;
	c->poller.poll = poll;
	c->poller.arm = arm;
	c->alarm.ring = ring;
	c->slow.read = on_slow;
	if ((conf->from ? card_take(c, conf->from, err, errlen) : card_make(c, conf, err, errlen)) <
	    0) {
		card_close(&c->wire);
		return NULL;
	}
	c->watch = (struct vsw_watch) { c->fd, EPOLLIN, ready };
	return &c->wire;
}

const struct vsw_transport vsw_transport_vfio_user = {
	.name = "vfio-user",
	.help = "a card that the daemon hosts for a virtual machine, as QEMU's vfio-user-pci",
	.kind = VSW_TRANSPORT_SOCKET,
	.options = rows,
	.options_size = sizeof(struct card_options),
	.check = card_check,
	.open = card_open,
	.close = card_close,
	.start = card_start,
	.stop = card_stop,
	.send = card_send,
	.input_ready = card_input_ready,
	.show = card_show,
	.give = card_give,
	.freeze = card_freeze,
	.thaw = card_thaw,
};
