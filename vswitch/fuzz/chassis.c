/* SPDX-License-Identifier: BSD-2-Clause */
/* Cards, stock owners, and the switch between them; see chassis.h. */
#include "chassis.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hwnet/gso.h"
#include "fake-priv.h"
#include "hwnet/nic.h"

static const struct chassis_row rows[CHASSIS_SOCKETS] = {
	{ "c0", CHASSIS_CARD, 10, "e1000" }, { "c1", CHASSIS_CARD, 20, "vmxnet3" },
	{ "c2", CHASSIS_CARD, 10, "pcnet" }, { "s0", CHASSIS_STOCK, 10, NULL },
	{ "s1", CHASSIS_STOCK, 20, NULL },   { "s2", CHASSIS_STOCK, 0, NULL },
	{ "s3", CHASSIS_MONITOR, 99, NULL }, { "u0", CHASSIS_UPLINK, 0, NULL },
	{ "u1", CHASSIS_UPLINK, 0, NULL },
};

/* A small queue is put back faster. */
#define QUEUE "\"queue\": {\"frames\": 32, \"bytes\": 65536}"

static const char document[] =
	"{\"portgroups\": {"
	"\"card\": {" QUEUE ","
	" \"security\": {\"forged-transmits\": false, \"mac-changes\": false,"
	" \"promiscuous\": true}, \"rules\": [{\"name\": \"r\", \"match\": {\"protocol\": 17,"
	" \"destination-port\": \"4000-4999\"}, \"action\": \"drop\"}]},"
	"\"stock\": {" QUEUE ","
	" \"security\": {\"forged-transmits\": false, \"mac-changes\": false},"
	" \"rules\": [{\"name\": \"r\", \"match\": {\"protocol\": 17,"
	" \"destination-port\": \"4000-4999\"}, \"action\": \"drop\"}]}},"
	"\"ports\": {"
	"\"c0\": {\"portgroup\": \"card\", \"vlan\": 10},"
	"\"c1\": {\"portgroup\": \"card\", \"vlan\": 20},"
	"\"c2\": {\"portgroup\": \"card\", \"vlan\": 10},"
	"\"s0\": {\"portgroup\": \"stock\", \"vlan\": 10},"
	"\"s1\": {\"portgroup\": \"stock\", \"vlan\": 20},"
	"\"s2\": {\"portgroup\": \"stock\", \"vlan\": {\"mode\": \"trunk\", \"trunk\": \"10,20\"}},"
	"\"u0\": {" QUEUE "},"
	"\"u1\": {" QUEUE "},"
	"\"s3\": {" QUEUE ", \"vlan\": 99, \"mac\": {\"flooding\": false}}}}";

struct fuzz chassis_cards[CHASSIS_CARDS];

struct chassis chassis;

static int64_t host_now(void *opaque)
{
	return chassis.now;
}

static void host_timer(void *opaque, int64_t deadline)
{
	chassis.deadline = deadline;
}

static void host_event(void *opaque, const struct vsw_event *ev)
{
	if (!ev->text || !vsw_event_name(ev->kind))
		fake_fail("an event without words");
}

static const struct vsw_host host = { host_now, host_timer, host_event };

/* ---- owners ---- */

static unsigned stock_takes(struct chassis_socket *s, const struct pkt *const *pkts, unsigned n)
{
	unsigned taken = n < s->room ? n : s->room;

	if (s->room != UINT32_MAX)
		s->room -= taken;
	if (s->echo && chassis.socket[3].port && !chassis.socket[3].adding) {
		vsw_port_input(chassis.socket[3].port, pkts, n);
		vsw_port_ready(s->port);
	}
	return taken;
}

/* A card that is at work already takes nothing now. */
static unsigned card_takes(struct chassis_socket *s, const struct pkt *const *pkts, unsigned n)
{
	unsigned taken = s->card->host.entry == FAKE_IDLE ? fake_rx(&s->card->host, pkts, n) : 0;

	s->refused |= taken < n;
	return taken;
}

static unsigned port_send(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	struct chassis_socket *s = opaque;

	if (!s->port || s->adding)
		fake_fail("%s gets frames without having a port", s->row->id);
	if (!n || n > PKT_BURST)
		fake_fail("%s gets %u frames at once", s->row->id, n);
	chassis.offered += n;
	for (unsigned i = 0; i < n; i++) {
		if (!pkt_fits(pkts[i], s->takes))
			fake_fail("%s gets a frame that it does not take", s->row->id);
		chassis_look(s, pkts[i]);
	}
	return s->card ? card_takes(s, pkts, n) : stock_takes(s, pkts, n);
}

static void port_input_ready(void *opaque)
{
	struct chassis_socket *s = opaque;

	if (!s->port || s->adding)
		fake_fail("%s is called without having a port", s->row->id);
	s->waiting = true;
}

/* The linker puts it in the place of what the switch calls. */
const struct pkt *__real_pkt_fit_next(struct pkt_fit *fit, struct pkt_buf *buf);
const struct pkt *__wrap_pkt_fit_next(struct pkt_fit *fit, struct pkt_buf *buf);

const struct pkt *__wrap_pkt_fit_next(struct pkt_fit *fit, struct pkt_buf *buf)
{
	const struct pkt *made = __real_pkt_fit_next(fit, buf);

	chassis.made += made != NULL;
	return made;
}

static const struct vsw_port_ops port_ops = { port_send, port_input_ready, NULL };

/* The card's transmit: into the switch, as far as that takes it; a cable that is out takes all. */
static unsigned card_tx(void *opaque, unsigned queue, const struct pkt *const *pkts, unsigned n)
{
	struct fuzz *z = opaque;
	struct chassis_socket *s = &chassis.socket[z - chassis_cards];
	unsigned taken = s->port ? vsw_port_input(s->port, pkts, n) : n;

	if (taken)
		fake_ops.tx(opaque, queue, pkts, taken);
	z->host.tx_stalled |= taken < n;
	return taken;
}

/* Another type than IP's, in front or behind a tag; or a static address, see fuzz-chassis.c */
static void dress_oddly(struct fuzz *z, struct build *b)
{
	static const uint8_t fixed[6] = { 0x02, 0xbb, 0, 0, 0, 0 };
	static const uint16_t types[] = { 0x8808, 0x8809, 0x88cc, 0x88b6 };
	uint8_t how = fuzz_u8(z);

	if ((how & 7) == 1) {
		memcpy(b->dst, fixed, 6);
		b->dst[5] = how >> 3 & 3;
	} else if ((how & 7) == 2) {
		b->tpid[b->tpid[0] && how & 8] = types[how >> 4 & 3];
	}
}

/* Header and payload tell of each other which frame they are of (look_at_payload()). */
static void number(struct build *b)
{
	chassis.number = chassis.number == 255 ? 1 : chassis.number + 1;
	b->hosts[0] = b->fill = chassis.number;
}

void chassis_dress(struct fuzz *z, struct build *b)
{
	static const uint8_t group[6] = { 0x01, 0x00, 0x5e, 0, 0, 1 },
			     bpdu[6] = { 0x01, 0x80, 0xc2, 0, 0, 0 };
	struct chassis_socket *s = chassis.dressing;
	uint8_t how = fuzz_u8(z);

	memcpy(b->src, s->mac, 6);
	if (s->row->kind == CHASSIS_UPLINK)
		memcpy(b->src, CHASSIS_OUTSIDE, 2);
	else if (!(how & 7))
		b->src[5] ^= fuzz_u8(z);
	memcpy(b->dst, chassis.socket[how >> 3 & 7].mac, 6);
	if (how >> 6 == 1)
		memset(b->dst, 0xff, 6);
	else if (how >> 6 == 2)
		memcpy(b->dst, how & 32 ? group : bpdu, 6);
	b->dport = how & 8 ? 4500 : 0;
	if ((how & 0x1f) == 0x1f) { /* the first of tiny fragments, without that port */
		b->proto = 17;
		b->frag = 0x2000;
		b->cut = b->payload + 6;
	}
	dress_oddly(z, b);
	number(b);
}

/* ---- what cards tell the switch ---- */

static uint32_t card_caps(const struct chassis_socket *s)
{
	return hwnet_rx_caps(s->card->host.nic) | PKT_TAKES_CSUM | PKT_TAKES_VLAN | PKT_TAKES_ECN;
}

static void tell_filter(struct chassis_socket *s)
{
	struct hwnet_rx_filter f;
	struct vsw_addrs a = { 0 };

	hwnet_rx_filter(s->card->host.nic, &f);
	memcpy(a.mac, f.mac, 6);
	a.mac[0] &= 0xfe;
	a.promiscuous = f.promiscuous;
	a.allmulti = f.mhash_bits || f.overflow;
	a.n = f.n_addrs;
	a.addrs = (const uint8_t(*)[6])f.addrs;
	vsw_port_set_addrs(s->port, &a);
	s->takes = card_caps(s);
	vsw_port_set_caps(s->port, s->takes);
}

static void tell_link(struct chassis_socket *s)
{
	struct hwnet_link link;

	hwnet_link(s->card->host.nic, &link);
	vsw_port_set_link(s->port, link.up);
}

static void settle_card(struct chassis_socket *s)
{
	struct fake_host *h = &s->card->host;

	fake_tx_clear(h);
	if (!s->port)
		return;
	if (h->filter_changed != s->filters)
		tell_filter(s);
	if (h->link_changed != s->links)
		tell_link(s);
	s->filters = h->filter_changed;
	s->links = h->link_changed;
	if (s->refused && h->rx_ready) {
		s->refused = false;
		vsw_port_ready(s->port);
	}
	h->rx_ready = 0;
	if (s->waiting && h->tx_stalled) {
		s->waiting = false;
		fake_tx_ready(h);
	}
}

void chassis_settle(void)
{
	for (unsigned i = 0; i < CHASSIS_SOCKETS; i++)
		if (chassis.socket[i].card)
			settle_card(&chassis.socket[i]);
	if (chassis.work > CHASSIS_WORK + chassis.allowed)
		fake_fail("one act brings %u frames forth", chassis.work);
	chassis.work = chassis.allowed = 0;
}

/* Owners who echo may keep each other at work for ever, in turns. */
static bool anyone_echoes(void)
{
	for (unsigned i = 0; i < CHASSIS_SOCKETS; i++)
		if (chassis.socket[i].echo)
			return true;
	return false;
}

/* A deadline that is over is asked for once, or a few times: one thing after the other is due. */
static void switch_timer(void)
{
	for (unsigned n = 0; chassis.deadline <= chassis.now; n++) {
		if (n && anyone_echoes())
			return;
		if (n == CHASSIS_TIMERS)
			fake_fail("the switch's timer never comes to an end");
		chassis.deadline = VSW_NEVER;
		vsw_timer(chassis.sw);
	}
}

/* A card may send 40,000 pause frames a second: of a long time it lives through the end only. */
static void card_time(struct fake_host *h, int64_t end)
{
	if (h->now < end - CHASSIS_CARD_TIME)
		h->now = end - CHASSIS_CARD_TIME;
	if (h->now < end)
		fake_advance(h, end - h->now);
}

void chassis_time(int64_t ns)
{
	int64_t end = chassis.now + ns;

	for (unsigned i = 0; i < 100 && chassis.deadline <= end; i++) {
		if (chassis.deadline > chassis.now)
			chassis.now = chassis.deadline;
		switch_timer();
	}
	chassis.now = end;
	for (unsigned i = 0; i < CHASSIS_CARDS; i++)
		card_time(&chassis_cards[i].host, end);
}

/* ---- life ---- */

void chassis_plug(struct chassis_socket *s)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	char err[200] = "";

	conf.id = s->row->id;
	conf.uplink = s->row->kind == CHASSIS_UPLINK;
	conf.speed_mbps = 10;
	memcpy(conf.mac, s->mac, 6);
	s->takes = s->card ? card_caps(s) : s->takes;
	conf.caps = s->takes;
	s->room = UINT32_MAX;
	s->refused = s->waiting = false;
	s->adding = true;
	s->port = vsw_port_add(chassis.sw, &conf, &port_ops, s, err, sizeof(err));
	s->adding = false;
	if (!s->port)
		fake_fail("%s: %s", s->row->id, err);
	if (s->card)
		s->filters = s->links = UINT32_MAX;
}

void chassis_ready(struct chassis_socket *s)
{
	chassis.made = chassis.offered = 0;
	vsw_port_ready(s->port);
	if (chassis.made > chassis.offered && !anyone_echoes())
		fake_fail("%s: %u frames are made, and %u offered", s->row->id, chassis.made,
			  chassis.offered);
}

void chassis_unplug(struct chassis_socket *s)
{
	struct vsw_port *p = s->port;

	s->port = NULL;
	vsw_port_remove(p);
}

/* Bytes choose a card's properties; it has no port yet. */
static void open_card(struct chassis_socket *s, struct fuzz *card, const uint8_t *how, size_t n)
{
	s->card = card;
	if (!fuzz_open_at(card, hwnet_find_model(s->row->model), s->mac, how, n))
		fake_fail("there is no %s", s->row->model);
	card->dress = chassis_dress;
	card->host.ops.tx = card_tx;
}

static void make_switch(struct chassis *c)
{
	struct vsw_conf conf = { .name = "c", .host = &host, .seed = 7, .addresses = 64 };
	char err[300] = "";

	c->now = 1000000000;
	c->deadline = VSW_NEVER;
	c->sw = vsw_new(&conf, NULL, 0);
	c->ctl = c->sw ? vsw_control_new(c->sw, NULL, NULL) : NULL;
	if (!c->ctl || vsw_control_load(c->ctl, document, sizeof(document) - 1, err, sizeof(err)))
		fake_fail("no switch: %s", err);
}

void chassis_open(struct chassis *c, const uint8_t *how, size_t n)
{
	make_switch(c);
	for (unsigned i = 0; i < CHASSIS_SOCKETS; i++) {
		struct chassis_socket *s = &c->socket[i];

		s->row = &rows[i];
		memcpy(s->mac, FUZZ_MAC, 6);
		s->mac[5] = (uint8_t)i;
		if (s->row->kind == CHASSIS_CARD)
			open_card(s, &chassis_cards[i], how + i * n, n);
		chassis_plug(s);
	}
	chassis_settle();
}

void chassis_close(struct chassis *c)
{
	for (unsigned i = 0; i < CHASSIS_SOCKETS; i++)
		if (c->socket[i].port)
			chassis_unplug(&c->socket[i]);
	vsw_control_free(c->ctl);
	vsw_free(c->sw);
	for (unsigned i = 0; i < CHASSIS_CARDS; i++) {
		fuzz_tell(&chassis_cards[i]);
		fake_host_close(&chassis_cards[i].host);
	}
}
