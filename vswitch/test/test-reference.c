/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Property test: random switches, policies, changes and frames; the same deliveries as the
 * reference's, in the same order per flow, each with the right tags. A receiver may take frames
 * whole or plain, at once or slowly.
 *
 * VSWITCH_SEED repeats a run, VSWITCH_FRAMES sets its length.
 */
#include "main.h"
#include "reference.h"

#include <stdio.h>
#include <string.h>

#include "hwnet/frame.h"
#include "vswitch/vswitch.h"

#define KEEP	   8192
#define FRAME_ROOM 4096

static uint64_t rng;

static uint32_t rnd(uint32_t n)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (uint32_t)((rng >> 16) % n);
}

static bool one_in(uint32_t n)
{
	return rnd(n) == 0;
}

/* struct got - what a port got, or should */
struct got {
	struct ref_frame f;
	bool whole, tcp;
};

struct side {
	unsigned n;
	struct got g[KEEP];
};

struct net {
	struct vsw *sw;
	struct ref ref;
	struct vsw_port *port[REF_PORTS];
	uint32_t takes[REF_PORTS], room[REF_PORTS];
	struct side have[REF_PORTS], want[REF_PORTS];
	bool slow;
	int number[REF_PORTS];
};

static struct net net;
static uint64_t seed;

static int64_t host_now(void *opaque)
{
	return 1000;
}

static void host_timer(void *opaque, int64_t deadline)
{
}

static const struct vsw_host host = { host_now, host_timer, NULL };

/* A frame as it came, into the model's terms; ids are behind the EtherType, or the IPv4 source
 * address */
static void understand(const struct pkt *p, struct got *g)
{
	uint8_t b[80];
	uint32_t len = pkt_copy(p, 0, b, sizeof(b)), at = 12;

	memset(g, 0, sizeof(*g));
	ck_assert_uint_ge(len, 14);
	g->f.dst = (uint64_t)frame_be16(b) << 32 | frame_be32(b + 2);
	g->f.src = (uint64_t)frame_be16(b + 6) << 32 | frame_be32(b + 8);
	if (p->flags & PKT_VLAN)
		g->f.tag[g->f.n_tags++] = (struct ref_tag) { p->vlan_tpid, p->vlan_tci };
	while (frame_be16(b + at) == 0x8100 || frame_be16(b + at) == 0x88a8) {
		ck_assert_uint_lt(g->f.n_tags, REF_TAGS);
		g->f.tag[g->f.n_tags++] =
			(struct ref_tag) { frame_be16(b + at), frame_be16(b + at + 2) };
		at += 4;
	}
	g->f.id = frame_be16(b + at) == 0x0800 ? frame_be32(b + at + 14) : frame_be32(b + at + 2);
	g->whole = p->gso_type != 0;
	g->tcp = frame_be16(b + at) == 0x0800;
}

static unsigned take(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	int i = *(int *)opaque;
	unsigned taken;

	for (taken = 0; taken < n && net.room[i]; taken++) {
		const struct pkt *p = pkts[taken];

		ck_assert_msg(pkt_fits(p, net.takes[i]), "port %d got what it does not take", i);
		ck_assert_uint_lt(net.have[i].n, KEEP);
		understand(p, &net.have[i].g[net.have[i].n++]);
		if (net.room[i] != UINT32_MAX)
			net.room[i]--;
	}
	return taken;
}

static const struct vsw_port_ops ops = { take, NULL, NULL };

static uint64_t station(void)
{
	return UINT64_C(0x020000000000) + rnd(14);
}

static uint16_t some_vid(void)
{
	static const uint16_t vids[] = { 0, 10, 20, 30, 100, 101, 102 };

	return vids[rnd(7)];
}

static void random_policy(struct vsw_policy *p, bool uplink)
{
	vsw_policy_init(p, uplink);
	p->vlan.vid = some_vid();
	switch (rnd(uplink ? 2 : 8)) {
	case 0:
	case 1:
		vsw_policy_set_vlan(p, VSW_VGT);
		p->vlan.vid = one_in(2) ? 0 : some_vid();
		p->vlan.accept = (enum vsw_accept)(one_in(3) ? rnd(3) : 0);
		p->vlan.filter = !one_in(4);
		p->vlan.tpid = one_in(6) ? 0x88a8 : 0x8100;
		for (unsigned i = 0; i < 200 && one_in(2); i++)
			p->vlan.allowed[0] &= rng | 1ull << 10;
		if (one_in(3)) {
			memset(p->vlan.allowed, 0, sizeof(p->vlan.allowed));
			p->vlan.allowed[0] = rng & (1ull << 10 | 1ull << 20 | 1ull << 30);
		}
		break;
	case 2:
		p->vlan.mode = VSW_VLAN_TUNNEL;
		break;
	case 3:
	case 4:
		p->vlan.mode = VSW_VLAN_PRIVATE;
		p->vlan.vid = (uint16_t)(100 + rnd(3));
		break;
	default:
		vsw_policy_set_vlan(p, some_vid());
	}
	p->blocked = one_in(20);
	p->reflective = !uplink && one_in(10);
	p->security.promiscuous = one_in(4);
	p->security.forged_transmits = uplink || !one_in(3);
	p->mac.learning = !one_in(4);
	p->mac.flooding = !one_in(4);
	p->mac.limit = 0;
	p->mac.reserved = one_in(4) ? (uint16_t)rng : 0;
	p->team.notify = false; /* no RARP among the frames */
	p->queue.frames = 4096;
	p->queue.bytes = 64u << 20;
}

static void put_policy(int i, const struct vsw_policy *policy)
{
	char err[200];
	struct vsw_txn *txn = vsw_txn_new(net.sw);

	ck_assert_msg(vsw_txn_port(txn, net.port[i], policy, err, sizeof(err)) == 0, "%s", err);
	ck_assert_msg(vsw_txn_prepare(txn, err, sizeof(err)) == 0, "%s", err);
	vsw_txn_commit(txn);
	if (memcmp(&net.ref.port[i].policy.vlan, &policy->vlan, sizeof(policy->vlan)) &&
	    !net.ref.port[i].uplink)
		ref_forget(&net.ref, i);
	net.ref.port[i].policy = *policy;
	ref_changed(&net.ref);
}

static void tell_addrs(int i)
{
	struct vsw_addrs a = { .promiscuous = net.ref.port[i].wants_promiscuous };

	for (int k = 0; k < 6; k++)
		a.mac[k] = (uint8_t)(net.ref.port[i].mac >> (40 - 8 * k));
	vsw_port_set_addrs(net.port[i], &a);
	ref_changed(&net.ref);
}

static void add(int i, bool uplink)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	struct ref_port *p = &net.ref.port[i];
	struct vsw_policy policy;
	char id[16], err[200];

	snprintf(id, sizeof(id), "p%d", i);
	conf.id = id;
	conf.uplink = uplink;
	net.number[i] = i;
	net.port[i] = vsw_port_add(net.sw, &conf, &ops, &net.number[i], err, sizeof(err));
	ck_assert_msg(net.port[i] != NULL, "%s", err);
	*p = (struct ref_port) { .exists = true, .link = true, .uplink = uplink };
	p->policy = *vsw_port_policy(net.port[i]);
	random_policy(&policy, uplink);
	put_policy(i, &policy);
	if (!uplink) {
		p->mac = one_in(3) ? 0 :
				     UINT64_C(0x020000000000) +
					     (unsigned)i; /* each its own: no conflicts */
		p->wants_promiscuous = one_in(4);
		tell_addrs(i);
	}
	net.takes[i] =
		one_in(2) ? 0 : PKT_TAKES_CSUM | PKT_TAKES_TCPV4 | (one_in(2) ? PKT_TAKES_VLAN : 0);
	vsw_port_set_caps(net.port[i], net.takes[i]);
	net.room[i] = UINT32_MAX;
}

static void make_net(void)
{
	struct vsw_conf conf = { .name = "t", .host = &host, .seed = rng | 1, .addresses = 1024 };
	int ups = one_in(2) ? 0 : (int)rnd(3);
	struct vsw_switch_policy *sp = calloc(1, sizeof(*sp));
	struct vsw_txn *txn;

	memset(&net, 0, sizeof(net));
	net.sw = vsw_new(&conf, NULL, 0);
	ck_assert_ptr_nonnull(net.sw);
	vsw_switch_policy_init(sp);
	sp->n_pvlans = net.ref.n_pvlans = 2;
	sp->pvlan[0] = net.ref.pvlan[0] = (struct vsw_pvlan) { 100, 101, true };
	sp->pvlan[1] = net.ref.pvlan[1] = (struct vsw_pvlan) { 100, 102, false };
	txn = vsw_txn_new(net.sw);
	ck_assert_int_eq(vsw_txn_switch(txn, sp, NULL, 0), 0);
	ck_assert_int_eq(vsw_txn_prepare(txn, NULL, 0), 0);
	vsw_txn_commit(txn);
	free(sp);
	net.ref.n = 2 + (int)rnd(10);
	for (int i = 0; i < net.ref.n; i++)
		add(i, i < ups);
	net.slow = one_in(4);
}

/* struct made - a frame to be sent */
struct made {
	struct ref_frame f;
	uint8_t bytes[FRAME_ROOM];
	struct iovec iov[2];
	struct pkt pkt;
	unsigned segments;
};

static struct made made[PKT_BURST];

static uint64_t some_dst(void)
{
	switch (rnd(8)) {
	case 0:
		return UINT64_C(0xffffffffffff);
	case 1:
		return UINT64_C(0x01005e000000) + rnd(4);
	case 2:
		return UINT64_C(0x0180c2000000) + rnd(18);
	}
	return station();
}

static void some_tags(struct ref_frame *f)
{
	unsigned n = one_in(2) ? 0 : one_in(4) ? 2 : 1;

	for (f->n_tags = 0; f->n_tags < n; f->n_tags++) {
		uint16_t vid = one_in(12) ? 4095 : one_in(6) ? 0 : some_vid();

		f->tag[f->n_tags] = (struct ref_tag) { one_in(8) ? 0x88a8 : 0x8100,
						       (uint16_t)(rnd(16) << 12 | vid) };
	}
}

static uint32_t put_ethernet(struct made *m, bool meta)
{
	uint32_t at = 12;

	frame_put_be16(m->bytes, (uint16_t)(m->f.dst >> 32));
	frame_put_be32(m->bytes + 2, (uint32_t)m->f.dst);
	frame_put_be16(m->bytes + 6, (uint16_t)(m->f.src >> 32));
	frame_put_be32(m->bytes + 8, (uint32_t)m->f.src);
	for (unsigned i = meta ? 1 : 0; i < m->f.n_tags; i++, at += 4) {
		frame_put_be16(m->bytes + at, m->f.tag[i].tpid);
		frame_put_be16(m->bytes + at + 2, m->f.tag[i].tci);
	}
	return at;
}

static uint32_t put_tcp(struct made *m, uint32_t at, uint32_t payload)
{
	uint8_t *p = m->bytes + at;

	frame_put_be16(p, 0x0800);
	p += 2;
	memset(p, 0, 40);
	p[0] = 0x45;
	p[8] = 64;
	p[9] = 6;
	frame_put_be32(p + 12, m->f.id);
	frame_put_be32(p + 16, 0x0a000001);
	p[32] = 0x50;
	p[33] = 0x10;
	memset(p + 40, 0x77, payload);
	return at + 42 + payload;
}

static void make_frame(struct made *m, uint32_t id)
{
	bool meta, tso = one_in(50);
	uint32_t at, len;

	memset(&m->f, 0, sizeof(m->f));
	m->f.id = id;
	m->f.dst = some_dst();
	m->f.src = one_in(40) ? UINT64_C(0x010000000001) : station();
	some_tags(&m->f);
	meta = m->f.n_tags && one_in(2);
	at = put_ethernet(m, meta);
	if (tso) {
		len = put_tcp(m, at, 3000);
	} else {
		frame_put_be16(m->bytes + at, 0x88b5);
		frame_put_be32(m->bytes + at + 2, id);
		len = 64 + rnd(200);
		memset(m->bytes + at + 6, 0x11, len - at - 6);
	}
	pkt_flat(&m->pkt, m->iov, m->bytes, len);
	if (len > PKT_HEAD && one_in(2)) { /* in two pieces */
		m->iov[0].iov_len = PKT_HEAD;
		m->iov[1] = (struct iovec) { m->bytes + PKT_HEAD, len - PKT_HEAD };
		m->pkt.iovcnt = 2;
	}
	m->segments = 1;
	if (tso) {
		m->pkt.gso_type = PKT_GSO_TCPV4;
		m->pkt.gso_size = 1000;
		ck_assert_ptr_null(gso_init(&m->pkt, m->bytes));
		m->segments = 3;
	}
	if (meta) {
		m->pkt.flags |= PKT_VLAN;
		m->pkt.vlan_tpid = m->f.tag[0].tpid;
		m->pkt.vlan_tci = m->f.tag[0].tci;
	}
}

static void expect(int in, const struct made *m)
{
	bool get[REF_PORTS];
	struct ref_frame out[REF_PORTS];

	ref_input(&net.ref, in, &m->f, get, out);
	for (int i = 0; i < net.ref.n; i++) {
		bool whole = m->segments > 1 && net.takes[i] & PKT_TAKES_TCPV4;

		for (unsigned s = 0; get[i] && s < (whole ? 1 : m->segments); s++) {
			ck_assert_uint_lt(net.want[i].n, KEEP);
			net.want[i].g[net.want[i].n++] =
				(struct got) { out[i], whole, m->segments > 1 };
		}
	}
}

static bool same(const struct got *a, const struct got *b)
{
	if (a->f.id != b->f.id || a->f.dst != b->f.dst || a->f.src != b->f.src ||
	    a->f.n_tags != b->f.n_tags || a->whole != b->whole)
		return false;
	return !memcmp(a->f.tag, b->f.tag, a->f.n_tags * sizeof(a->f.tag[0]));
}

/* What was sent, for the message of a failure */
static struct {
	int in;
	struct ref_frame f;
} history[1u << 16];

static void describe(const char *what, uint32_t id)
{
	const struct ref_frame *f = &history[id % (1u << 16)].f;
	int in = history[id % (1u << 16)].in;
	const struct vsw_policy *p = &net.ref.port[in].policy;

	fprintf(stderr,
		"# %s: id %u from port %d (mode %d vid %u accept %d uplink %d link %d) %012llx to "
		"%012llx, tags %u "
		"%04x.%04x %04x.%04x\n",
		what, id, in, p->vlan.mode, p->vlan.vid, p->vlan.accept, net.ref.port[in].uplink,
		net.ref.port[in].link, (unsigned long long)f->src, (unsigned long long)f->dst,
		f->n_tags, f->tag[0].tpid, f->tag[0].tci, f->tag[1].tpid, f->tag[1].tci);
}

static void complain(int i, unsigned n)
{
	const struct side *h = &net.have[i], *w = &net.want[i];
	const struct vsw_policy *p = &net.ref.port[i].policy;

	if (n < h->n)
		describe("has", h->g[n].f.id);
	if (n < w->n)
		describe("should", w->g[n].f.id);
	fprintf(stderr,
		"# port %d: mode %d vid %u accept %d flooding %d reflective %d uplink %d "
		"promiscuous %d/%d\n",
		i, p->vlan.mode, p->vlan.vid, p->vlan.accept, p->mac.flooding, p->reflective,
		net.ref.port[i].uplink, p->security.promiscuous, net.ref.port[i].wants_promiscuous);
	ck_abort_msg("seed %llu, port %d: has %u, should have %u; at %u id %u for %u (tags %u "
		     "%04x.%04x for %u %04x.%04x)",
		     (unsigned long long)seed, i, h->n, w->n, n, h->g[n].f.id, w->g[n].f.id,
		     h->g[n].f.n_tags, h->g[n].f.tag[0].tpid, h->g[n].f.tag[0].tci,
		     w->g[n].f.n_tags, w->g[n].f.tag[0].tpid, w->g[n].f.tag[0].tci);
}

/* Order of flows: a queue may serve one flow before another, but within one (here: same addresses,
 * same tags) it keeps it */
static bool same_flow(const struct got *a, const struct got *b)
{
	if (a->tcp != b->tcp ||
	    (a->tcp && a->f.id != b->f.id)) /* each message has its own IP address */
		return false;
	return a->f.dst == b->f.dst && a->f.src == b->f.src && a->f.n_tags == b->f.n_tags &&
	       !memcmp(a->f.tag, b->f.tag, a->f.n_tags * sizeof(a->f.tag[0]));
}

static void compare_slow(int i)
{
	struct side *h = &net.have[i], *w = &net.want[i];
	static bool used[KEEP];

	if (h->n != w->n)
		complain(i, 0);
	memset(used, 0, sizeof(used));
	for (unsigned a = 0; a < w->n; a++) {
		unsigned b = 0;

		while (b < h->n &&
		       (used[b] || !same_flow(&h->g[b], &w->g[a]) || !same(&h->g[b], &w->g[a]))) {
			/* an unused one of the same flow that comes before ours: order is broken */
			if (!used[b] && same_flow(&h->g[b], &w->g[a]))
				complain(i, a);
			b++;
		}
		if (b == h->n)
			complain(i, a);
		used[b] = true;
	}
}

static void compare(int i)
{
	if (net.slow) {
		compare_slow(i);
	} else {
		for (unsigned n = 0; n < net.have[i].n || n < net.want[i].n; n++)
			if (n >= net.have[i].n || n >= net.want[i].n ||
			    !same(&net.have[i].g[n], &net.want[i].g[n]))
				complain(i, n);
	}
	net.have[i].n = net.want[i].n = 0;
}

/* A change in the middle of traffic */
static void disturb(void)
{
	int i = (int)rnd((uint32_t)net.ref.n);
	struct ref_port *p = &net.ref.port[i];
	struct vsw_policy policy;

	switch (rnd(3)) {
	case 0:
		if (p->uplink || net.slow)
			return; /* what waits at a port that goes down is lost by right */
		p->link = !p->link;
		if (!p->link)
			ref_forget(&net.ref, i);
		vsw_port_set_link(net.port[i], p->link);
		ref_changed(&net.ref);
		return;
	case 1:
		if (net.slow)
			return;
		random_policy(&policy, p->uplink);
		if (one_in(2))
			policy.vlan = p->policy.vlan; /* what was learnt stays, under other rules */
		put_policy(i, &policy);
		return;
	case 2:
		if (p->uplink)
			return;
		p->wants_promiscuous = one_in(2);
		tell_addrs(i);
	}
}

static void drain(void)
{
	for (int i = 0; i < net.ref.n; i++) {
		net.room[i] = UINT32_MAX;
		vsw_port_ready(net.port[i]);
	}
}

static unsigned send_burst(uint32_t id)
{
	const struct pkt *pkts[PKT_BURST];
	int in = (int)rnd((uint32_t)net.ref.n);
	unsigned n = one_in(3) ? 1 : 1 + rnd(PKT_BURST);

	for (unsigned i = 0; i < n; i++) {
		make_frame(&made[i], id + i);
		pkts[i] = &made[i].pkt;
		history[(id + i) % (1u << 16)].in = in;
		history[(id + i) % (1u << 16)].f = made[i].f;
		expect(in, &made[i]);
	}
	for (int i = 0; net.slow && i < net.ref.n; i++)
		net.room[i] = rnd(20);
	ck_assert_uint_eq(vsw_port_input(net.port[in], pkts, n), n);
	return n;
}

static unsigned one_net(uint32_t id)
{
	unsigned sent = 0, goal = 200 + rnd(800);

	make_net();
	while (sent < goal) {
		sent += send_burst(id + sent);
		if (net.slow && !one_in(4))
			continue;
		drain();
		for (int i = 0; i < net.ref.n; i++)
			compare(i);
		if (one_in(4))
			disturb();
	}
	drain();
	for (int i = 0; i < net.ref.n; i++)
		compare(i);
	vsw_free(net.sw);
	return sent;
}

START_TEST(same_as_reference)
{
	const char *s = getenv("VSWITCH_SEED"), *f = getenv("VSWITCH_FRAMES");
	uint64_t frames = f ? strtoull(f, NULL, 10) : 300000, sent = 0;

	rng = s ? strtoull(s, NULL, 10) : 0x9e3779b97f4a7c15u * (uint64_t)(_i + 1);
	while (sent < frames) {
		seed = rng;
		sent += one_net((uint32_t)(sent & 0x3fffffff));
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("vswitch-reference");
	TCase *t = tcase_create("reference");

	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, same_as_reference, 0, 4); /* 4 times 300,000 frames */
	suite_add_tcase(s, t);
	return run_suite(s);
}
