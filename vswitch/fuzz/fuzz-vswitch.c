/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: a program of frames, changes and time for a switch with four ports and two uplinks.
 *
 * The input is a list of operations, a byte each with what they need behind them. Frames have any
 * bytes, and any offload words that keep the rules of hwnet/pkt.h (a card or a virtio back end
 * checks those). What comes out must keep them, too, and must be what the receiver said it takes.
 */
#include <stdlib.h>
#include <string.h>

#include "core/vsw.h"
#include "fake-host.h"
#include "fuzz.h"
#include "hwnet/frame.h"
#include "vswitch/policy.h"
#include "vswitch/vswitch.h"

#define PORTS 6u

struct owner {
	struct vsw_port *port;
	uint32_t takes;
	unsigned room;
	bool echo;
};

struct world {
	struct vsw *sw;
	struct owner owner[PORTS];
	int64_t now, deadline;
	const uint8_t *p, *end;
};

static struct world w;

static int64_t host_now(void *opaque)
{
	return w.now;
}

static void host_timer(void *opaque, int64_t deadline)
{
	w.deadline = deadline;
}

static void host_event(void *opaque, const struct vsw_event *ev)
{
	if (!ev->text || !vsw_event_name(ev->kind))
		abort();
}

static const struct vsw_host host = { host_now, host_timer, host_event };

static void check(const struct pkt *p, uint32_t takes)
{
	static volatile uint8_t sink;
	uint64_t len = 0;

	if (!pkt_fits(p, takes) || p->len < 14 || p->len > PKT_MAX_LEN || !p->iovcnt)
		abort();
	for (unsigned i = 0; i < p->iovcnt; i++) {
		len += p->iov[i].iov_len;
		if (!p->iov[i].iov_len)
			abort();
		for (size_t k = 0; k < p->iov[i].iov_len;
		     k += 64) /* a sanitizer looks whether it is there */
			sink = ((const uint8_t *)p->iov[i].iov_base)[k];
	}
	if (len != p->len ||
	    (p->iov[0].iov_len < PKT_HEAD && p->iov[0].iov_len < p->len && !p->gso_type))
		abort();
	if (p->gso_type && gso_check(p, NULL))
		abort();
	(void)sink;
}

static unsigned take(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	struct owner *o = opaque;
	unsigned taken = n < o->room ? n : o->room;

	if (!n || n > PKT_BURST)
		abort();
	for (unsigned i = 0; i < n; i++)
		check(pkts[i], o->takes);
	if (o->room != UINT32_MAX)
		o->room -= taken;
	if (o->echo && w.owner[0].port) {
		vsw_port_input(w.owner[0].port, pkts, n);
		vsw_port_ready(o->port);
	}
	return taken;
}

static void ready(void *opaque)
{
}

static const struct vsw_port_ops ops = { take, ready, NULL };

static uint32_t byte(void)
{
	return w.p < w.end ? *w.p++ : 0;
}

static uint32_t word(void)
{
	uint32_t v = byte();

	return v << 8 | byte();
}

static void add(unsigned i)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	char id[4] = { 'p', (char)('0' + i), 0 };

	conf.id = id;
	conf.uplink = i >= 4;
	conf.speed_mbps = 10;
	conf.mac[0] = 2;
	conf.mac[5] = (uint8_t)i;
	conf.caps = w.owner[i].takes;
	w.owner[i].port = vsw_port_add(w.sw, &conf, &ops, &w.owner[i], NULL, 0);
	w.owner[i].room = UINT32_MAX;
	if (!w.owner[i].port)
		abort();
}

/* Words that the rules allow; else a plain frame */
static void words(struct pkt *p, uint32_t kind)
{
	p->csum_start = (uint16_t)byte();
	p->csum_offset = kind & 1 ? 16 : 6;
	if (kind & 2 && (uint32_t)p->csum_start + p->csum_offset + 2 <= p->iov[0].iov_len)
		p->flags |= PKT_CSUM_PARTIAL;
	if (pkt_words_settle(p, p->iov[0].iov_base))
		p->flags = 0;
	if (kind & 4) {
		p->flags |= PKT_VLAN;
		p->vlan_tpid = kind & 8 ? 0x88a8 : 0x8100;
		p->vlan_tci = (uint16_t)word();
	}
	if (!(kind & 16))
		return;
	p->gso_type = (uint8_t[]) { 1, 4, 5, 0x81 }[kind >> 5 & 3];
	p->gso_size = (uint16_t)(1 + word() % 2000);
	if (!gso_init(p, p->iov[0].iov_base) && !gso_check(p, NULL))
		return;
	p->gso_type = 0;
	p->flags &= PKT_VLAN;
}

static void frames(void)
{
	static uint8_t store[8][4096];
	static uint8_t *exact[8];
	struct iovec iov[8][2];
	struct pkt pkt[8];
	const struct pkt *pkts[8];
	unsigned from = byte() % PORTS, n = 1 + byte() % 8;

	for (unsigned i = 0; i < n; i++) {
		uint32_t kind = byte(), len = 14 + word() % (sizeof(store[0]) - 14),
			 given = byte() % 120;

		memset(store[i], 0x5a, len);
		for (uint32_t k = 0; k < given && k < len; k++)
			store[i][k] = (uint8_t)byte();
		exact[i] = malloc(len);
		memcpy(exact[i], store[i], len);
		pkt_flat(&pkt[i], iov[i], exact[i], len);
		words(&pkt[i], kind);
		if (len > 300 && kind & 128) {
			iov[i][0].iov_len = 300;
			iov[i][1] = (struct iovec) { exact[i] + 300, len - 300 };
			pkt[i].iovcnt = 2;
		}
		if (pkt[i].gso_type && gso_check(&pkt[i], NULL)) {
			pkt[i].gso_type = 0;
			pkt[i].flags &= PKT_VLAN;
		}
		pkts[i] = &pkt[i];
	}
	if (w.owner[from].port)
		vsw_port_input(w.owner[from].port, pkts, n);
	for (unsigned i = 0; i < n; i++)
		free(exact[i]);
}

static void rules(struct vsw_policy *p, struct vsw_rule *r)
{
	for (p->n_rules = 0; p->n_rules < byte() % 3; p->n_rules++) {
		memset(&r[p->n_rules], 0, sizeof(*r));
		r[p->n_rules].direction = 1 + byte() % 3;
		r[p->n_rules].match = word() & 0x3ff;
		r[p->n_rules].negate = word() & 0x3ff;
		r[p->n_rules].v6 = byte() & 1;
		r[p->n_rules].action = (enum vsw_rule_action)(byte() % 5);
		r[p->n_rules].limit = 1 + byte();
		r[p->n_rules].cos = (int)(byte() % 9) - 1;
		r[p->n_rules].dscp = (int)(byte() % 65) - 1;
		r[p->n_rules].log = true;
		strcpy(r[p->n_rules].mirror, "m0");
	}
	p->rules = r;
}

static void policy(void)
{
	struct owner *o = &w.owner[byte() % PORTS];
	struct vsw_rule r[4];
	struct vsw_policy p;
	struct vsw_txn *txn;
	uint32_t bits = word();

	if (!o->port)
		return;
	p = *vsw_port_policy(o->port);
	p.blocked = (bits & 15) == 15;
	p.reflective = bits & 16;
	p.security = (struct vsw_security_policy) { bits & 32, bits & 64, bits & 128,
						    (enum vsw_router)(bits % 3) };
	p.mac.learning = bits & 256;
	p.mac.flooding = bits & 512;
	p.mac.limit = bits >> 10 & 3;
	p.mac.reserved = (uint16_t)word();
	p.mac.bpdu = (enum vsw_bpdu)(p.mac.reserved % 3);
	p.mac.bpdu_recovery = bits & 1;
	p.class = (uint8_t)(byte() & 1);
	vsw_policy_set_vlan(&p, (int)(word() % 4096));
	p.vlan.mode = (enum vsw_vlan_mode)(byte() % 4);
	p.vlan.vid = (uint16_t)(byte() % 6);
	p.vlan.accept = (enum vsw_accept)(byte() % 3);
	p.shape_in = (struct vsw_shape_policy) { bits & 4096 ? 100000 : 0, 200000, 3000 };
	p.shape_out = (struct vsw_shape_policy) { bits & 8192 ? 100000 : 0, 200000, 3000 };
	p.storm.broadcast = bits & 16384 ? 10 : 0;
	p.storm.unknown = bits & 32768 ? 10 : 0;
	p.queue.frames = 16 + byte();
	p.queue.bytes = 65536 + word();
	if (p.queue.frames & 1)
		p.queue.target = 0;
	p.team.kind = (enum vsw_team_kind)(byte() % 5);
	p.team.beacon = byte() & 1;
	rules(&p, r);
	txn = vsw_txn_new(w.sw);
	if (vsw_txn_port(txn, o->port, &p, NULL, 0) == 0 && vsw_txn_prepare(txn, NULL, 0) == 0)
		vsw_txn_commit(txn);
	else
		vsw_txn_abort(txn);
}

static void switch_policy(void)
{
	struct vsw_switch_policy *p = malloc(sizeof(*p));
	struct vsw_txn *txn = vsw_txn_new(w.sw);

	vsw_switch_policy_init(p);
	p->mtu = 68 + word();
	p->vepa = byte() & 1;
	p->multicast = (enum vsw_multicast)(byte() % 3);
	p->querier.enabled = byte() & 1;
	p->querier.interval = 1 + byte();
	p->querier.igmp = 2 + (p->querier.interval & 1);
	p->querier.mld = 1 + (p->querier.interval >> 1 & 1);
	p->n_classes = byte() % 3;
	for (unsigned i = 0; i < p->n_classes; i++)
		p->class[i] = (struct vsw_class) { "c", 1 + byte() % 100, byte() * 10000,
						   byte() * 10000 };
	p->n_pvlans = byte() % 3;
	p->pvlan[0] = (struct vsw_pvlan) { 3, 4, true };
	p->pvlan[1] = (struct vsw_pvlan) { 3, 5, false };
	p->n_mirrors = byte() % 2;
	p->mirror[0] = (struct vsw_mirror) { .name = "m0",
					     .kind = (enum vsw_mirror_kind)(byte() % 4),
					     .n_ports = 1,
					     .port = { "p1" },
					     .direction = { 3 },
					     .vlan = 9,
					     .strip = byte() & 1,
					     .truncate = byte() & 1 ? 60 + byte() : 0,
					     .sampling = byte() % 3 };
	strcpy(p->mirror[0].to, byte() & 1 ? "p2" : "p4");
	if (vsw_txn_switch(txn, p, NULL, 0) == 0 && vsw_txn_prepare(txn, NULL, 0) == 0)
		vsw_txn_commit(txn);
	else
		vsw_txn_abort(txn);
	free(p);
}

/* ---- addresses of cards ---- */

/* Places of the table that were passed by walks over it */
static uint32_t passed;

/* The linker puts it in the place of what others call. */
bool __real_vsw_fdb_next(const struct fdb *t, uint32_t *pos, uint32_t end, uint64_t *key,
			 uint16_t *port, unsigned *age);
bool __wrap_vsw_fdb_next(const struct fdb *t, uint32_t *pos, uint32_t end, uint64_t *key,
			 uint16_t *port, unsigned *age);

bool __wrap_vsw_fdb_next(const struct fdb *t, uint32_t *pos, uint32_t end, uint64_t *key,
			 uint16_t *port, unsigned *age)
{
	uint32_t from = *pos;
	bool found = __real_vsw_fdb_next(t, pos, end, key, port, age);

	passed += *pos - from;
	return found;
}

/* What is a card's own address by its host is no other card's in a VLAN that it is in. */
static void look_at_own(const struct vsw_port *p)
{
	uint64_t mac = mac_number(p->permanent), key = fdb_key(p->fid, mac);
	const struct fdb *t = &w.sw->fdb;
	struct fdb_ref r = fdb_lookup(t, key, fdb_hash(t, key));

	if (p->is_uplink || p->any_vlan || !p->link_up || p->mac != mac)
		return;
	if (r.i >= 0 && fdb_age(r) == FDB_STATIC && r.b->port[r.i] != p->fdb_port)
		fake_fail("another card has the address of %s", p->id);
}

static void addrs(struct owner *o)
{
	uint8_t list[3][6];
	struct vsw_addrs a = { .promiscuous = byte() & 1,
			       .allmulti = byte() & 1,
			       .n = byte() % 4,
			       .addrs = (const uint8_t(*)[6])list };

	for (unsigned i = 0; i < sizeof(list); i++)
		list[i / 6][i % 6] = (uint8_t)(i % 6 == 0 ? byte() & 3 : byte() & 1);
	memcpy(a.mac, list[0], 6);
	a.mac[0] &= 0xfe;
	passed = 0;
	vsw_port_set_addrs(o->port, &a);
	if (passed > fdb_places(&w.sw->fdb))
		fake_fail("a change of a card's filter passes %u places of the table, which has %u",
			  passed, fdb_places(&w.sw->fdb));
}

static void pass_time(int64_t ns)
{
	int64_t end = w.now + ns;

	for (unsigned i = 0; i < 100 && w.deadline <= end; i++) {
		if (w.deadline > w.now)
			w.now = w.deadline;
		w.deadline = VSW_NEVER;
		vsw_timer(w.sw);
	}
	w.now = end;
}

static void port_op(uint32_t op)
{
	unsigned i = byte() % PORTS;
	struct owner *o = &w.owner[i];

	if (!o->port) {
		add(i);
		return;
	}
	switch (op) {
	case 3:
		vsw_port_set_link(o->port, byte() & 1);
		return;
	case 4:
		o->room = byte() % 8 ? byte() % 16 : UINT32_MAX;
		o->echo = !(byte() % 8);
		vsw_port_ready(o->port);
		return;
	case 5:
		addrs(o);
		return;
	case 6:
		o->takes = word();
		vsw_port_set_caps(o->port, o->takes);
		return;
	}
	vsw_port_remove(o->port);
	o->port = NULL;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vsw_conf conf = { .name = "f", .host = &host, .seed = 7, .addresses = 16 };

	memset(&w, 0, sizeof(w));
	w.p = data;
	w.end = data + size;
	w.now = 1000000000;
	w.deadline = VSW_NEVER;
	w.sw = vsw_new(&conf, NULL, 0);
	if (!w.sw)
		abort();
	for (unsigned i = 0; i < PORTS; i++)
		add(i);
	while (w.p < w.end) {
		uint32_t op = byte() % 10;

		if (op < 2 || op == 9)
			frames();
		else if (op == 2)
			policy();
		else if (op == 7)
			pass_time((int64_t)word() << (byte() % 24));
		else if (op == 8)
			switch_policy();
		else
			port_op(byte() % 16 ? op : 99);
		for (unsigned i = 0; i < PORTS; i++)
			if (w.owner[i].port)
				look_at_own(w.owner[i].port);
	}
	vsw_free(w.sw);
	return 0;
}

/* Frames of each kind from each port, with changes of policy between them */
size_t fuzz_seed(unsigned i, uint8_t *buf)
{
	uint64_t rng = 0x9e3779b97f4a7c15u * (i + 1);
	size_t n = 0;

	if (i >= 24)
		return 0;
	while (n < 1500) {
		if (n % 300 < 100 && i > 4)
			buf[n++] = (uint8_t)(2 + (rng >> 40) % 7);
		buf[n++] = 0;
		buf[n++] = (uint8_t)(rng >> 33);
		buf[n++] = 0;
		buf[n++] = (uint8_t)(i * 37);
		buf[n++] = (uint8_t)(rng >> 50 & 7);
		buf[n++] = (uint8_t)(rng >> 24);
		buf[n++] = 54;
		memcpy(buf + n,
		       "\x02\0\0\0\0\1\x02\0\0\0\0\2\x08\0"
		       "\x45\0\0\x64\0\0\0\0\x40\x06\0\0\x0a\0\0\1\x0a\0\0\2"
		       "\0\x50\0\x51\0\0\0\1\0\0\0\1\x50\x10\0\1\0\0\0\0",
		       54);
		buf[n + 5] = (uint8_t)(rng >> 13 & 7);
		buf[n + 11] = (uint8_t)(rng >> 17 & 7);
		if (!(rng >> 20 & 7))
			memset(buf + n, 0xff, 6);
		if (i % 4 == 3 && !(rng >> 23 & 7))
			memcpy(buf + n, "\x01\x80\xc2\0\0\0", 6); /* a BPDU */
		n += 54;
		rng = rng * 6364136223846793005u + 1442695040888963407u;
	}
	return n;
}
