/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a frame costs in the switch: 16 ports in this process, each frame copied to its receiver's ring.
 *
 * Every row runs several rounds, alternating with the rows it is compared with; the medians are printed. "Cold" frames
 * come from a source area much larger than the caches, "hot" ones from one that fits. The raw rows copy the same frames
 * in the same order without a switch: what the machine allows.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "hwnet/frame.h"
#include "vswitch/policy.h"
#include "vswitch/vswitch.h"

#define PORTS 16u
#define RING (64u << 10)

static int64_t clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static int64_t host_now(void *opaque)
{
	return clock_ns();
}

static void host_timer(void *opaque, int64_t deadline)
{
}

static const struct vsw_host host = { host_now, host_timer, NULL };

/* struct sink - a receiver that copies frames into its ring, as a card does */
struct sink {
	struct vsw_port *port;
	uint32_t at;
	uint64_t frames;
	uint8_t ring[RING];
};

static inline void sink_put(struct sink *s, const struct pkt *p)
{
	uint32_t len = p->len;

	if (s->at + len > RING)
		s->at = 0;
	if (len == 64 && p->iovcnt == 1)
		memcpy(s->ring + s->at, p->iov->iov_base, 64);
	else
		pkt_copy(p, 0, s->ring + s->at, len);
	s->at += (len + 63) & ~63u;
}

static unsigned sink_send(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	struct sink *s = opaque;

	for (unsigned i = 0; i < n; i++)
		sink_put(s, pkts[i]);
	s->frames += n;
	return n;
}

static const struct vsw_port_ops sink_ops = { sink_send, NULL, NULL };

/* struct load - frames ready to be sent, from one port each burst */
struct load {
	const char *name;
	uint32_t len, addresses;
	unsigned burst;
	bool cold, registered, trunk, raw;
	struct vsw *sw;
	struct sink *sink;
	uint8_t *area;
	struct pkt *pkt;
	struct iovec *iov;
	uint16_t *dest; /* raw rows: to whom */
	uint32_t n, at;
	double round[32];
};

static uint64_t rng = 88172645463325252u;

static uint64_t rnd(void)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return rng;
}

/* Addresses lie round robin over the ports */
static void address(uint8_t *p, uint32_t station)
{
	p[0] = 2;
	p[1] = 0;
	frame_put_be32(p + 2, station * 2654435761u);
}

static void fail(const char *what)
{
	fprintf(stderr, "vswitch-bench: %s\n", what);
	exit(1);
}

static void set_policy(struct load *l, struct vsw_port *port)
{
	struct vsw_policy p = *vsw_port_policy(port);
	struct vsw_txn *txn = vsw_txn_new(l->sw);

	p.security = (struct vsw_security_policy){ false, true, !l->registered };
	p.mac.limit = 0;
	if (vsw_txn_port(txn, port, &p, NULL, 0) || vsw_txn_prepare(txn, NULL, 0))
		fail("policy");
	vsw_txn_commit(txn);
}

static void add_port(struct load *l, unsigned i)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	char id[16];

	snprintf(id, sizeof(id), "p%u", i);
	conf.id = id;
	conf.vlan = l->trunk ? 4095 : 10;
	conf.caps = PKT_TAKES_VLAN;
	l->sink[i].port = vsw_port_add(l->sw, &conf, &sink_ops, &l->sink[i], NULL, 0);
	if (!l->sink[i].port)
		fail("port");
	set_policy(l, l->sink[i].port);
}

static void register_addresses(struct load *l, unsigned port)
{
	static uint8_t list[VSW_MAX_ADDRS][6];
	struct vsw_addrs a = { .addrs = (const uint8_t (*)[6])list };

	for (uint32_t s = port; s < l->addresses && a.n < VSW_MAX_ADDRS; s += PORTS)
		address(list[a.n++], s);
	memcpy(a.mac, list[0], 6);
	vsw_port_set_addrs(l->sink[port].port, &a);
}

/* Frame i is sent by port (i / burst) % PORTS; source and destination are random stations of sender and another port */
static void make_frame(struct load *l, uint32_t i)
{
	uint32_t stride = (l->len + 63) & ~63u, per = l->addresses / PORTS;
	uint8_t *p = l->area + (size_t)i * stride;
	unsigned from = i / l->burst % PORTS, to = (from + 1 + rnd() % (PORTS - 1)) % PORTS;

	memset(p, (int)i, l->len);
	address(p, (uint32_t)(rnd() % per) * PORTS + to);
	address(p + 6, (uint32_t)(rnd() % per) * PORTS + from);
	frame_put_be16(p + 12, 0x0800);
	pkt_flat(&l->pkt[i], &l->iov[i], p, l->len);
	if (l->trunk) {
		l->pkt[i].flags = PKT_VLAN;
		l->pkt[i].vlan_tpid = 0x8100;
		l->pkt[i].vlan_tci = 10;
	}
	l->dest[i] = (uint16_t)to;
}

static void teach(struct load *l)
{
	uint8_t buf[64] = { 0 };
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;

	for (uint32_t s = 0; s < l->addresses; s++) {
		address(buf, s ^ 1);
		address(buf + 6, s);
		pkt_flat(&pkt, &iov, buf, sizeof(buf));
		if (l->trunk) {
			pkt.flags = PKT_VLAN;
			pkt.vlan_tpid = 0x8100;
			pkt.vlan_tci = 10;
		}
		vsw_port_input(l->sink[s % PORTS].port, &one, 1);
	}
}

static void load_init(struct load *l)
{
	struct vsw_conf conf = { .name = "bench", .host = &host, .addresses = l->addresses, .seed = 1 };
	uint32_t stride = (l->len + 63) & ~63u;
	size_t bytes = l->cold ? 128u << 20 : 128u << 10;

	l->n = (uint32_t)(bytes / stride) / (l->burst * PORTS) * l->burst * PORTS;
	if (!l->n)
		l->n = l->burst * PORTS;
	l->area = aligned_alloc(4096, ((size_t)l->n * stride + 4095) & ~(size_t)4095);
	l->pkt = calloc(l->n, sizeof(*l->pkt));
	l->iov = calloc(l->n, sizeof(*l->iov));
	l->dest = calloc(l->n, sizeof(*l->dest));
	l->sink = calloc(PORTS, sizeof(*l->sink));
	l->sw = vsw_new(&conf, NULL, 0);
	if (!l->area || !l->pkt || !l->iov || !l->dest || !l->sink || !l->sw)
		fail("out of memory");
	for (unsigned i = 0; i < PORTS; i++)
		add_port(l, i);
	for (unsigned i = 0; i < PORTS && l->registered; i++)
		register_addresses(l, i);
	for (uint32_t i = 0; i < l->n; i++)
		make_frame(l, i);
	teach(l);
}

static void load_fini(struct load *l)
{
	vsw_free(l->sw);
	free(l->area);
	free(l->pkt);
	free(l->iov);
	free(l->dest);
	free(l->sink);
}

static void burst_switch(struct load *l, const struct pkt *const *pkts)
{
	vsw_port_input(l->sink[l->at / l->burst % PORTS].port, pkts, l->burst);
}

/* The same copies in the same order, receiver by receiver, prefetched alike, without a switch */
static void burst_raw(struct load *l, const struct pkt *const *pkts)
{
	const struct pkt *list[PORTS][PKT_BURST];
	unsigned n[PORTS] = { 0 };

	for (unsigned i = 0; i < l->burst; i++) {
		unsigned to = l->dest[l->at + i];

		__builtin_prefetch(pkt_head(pkts[i]));
		list[to][n[to]++] = pkts[i];
	}
	for (unsigned to = 0; to < PORTS; to++)
		if (n[to])
			sink_send(&l->sink[to], list[to], n[to]);
}

__attribute__((noinline)) static double run_round(struct load *l, unsigned frames)
{
	const struct pkt *pkts[PKT_BURST];
	int64_t start = clock_ns();
	unsigned done;

	for (done = 0; done < frames; done += l->burst) {
		for (unsigned i = 0; i < l->burst; i++)
			pkts[i] = &l->pkt[l->at + i];
		if (l->raw)
			burst_raw(l, pkts);
		else
			burst_switch(l, pkts);
		l->at += l->burst;
		if (l->at + l->burst > l->n)
			l->at = 0;
	}
	return (double)(clock_ns() - start) / done;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static struct load rows[] = {
	{ "cold 64, copy only", 64, 4096, 64, .cold = true, .raw = true },
	{ "cold 64", 64, 4096, 64, .cold = true },
	{ "cold 64, registered, forged rejected", 64, 4096, 64, .cold = true, .registered = true },
	{ "cold 64, 100000 addresses", 64, 100000, 64, .cold = true },
	{ "hot 64, copy only", 64, 4096, 64, .raw = true },
	{ "hot 64", 64, 4096, 64 },
	{ "hot 64, registered, forged rejected", 64, 4096, 64, .registered = true },
	{ "hot 64, trunk to trunk", 64, 4096, 64, .trunk = true },
	{ "hot 64, 100000 addresses", 64, 100000, 64 },
	{ "hot 64, bursts of 32", 64, 4096, 32 },
	{ "hot 64, bursts of 8", 64, 4096, 8 },
	{ "hot 64, one at a time", 64, 4096, 1 },
	{ "cold 64, one at a time", 64, 4096, 1, .cold = true },
	{ "cold 1514, copy only", 1514, 4096, 64, .cold = true, .raw = true },
	{ "cold 1514", 1514, 4096, 64, .cold = true },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

int main(int argc, char **argv)
{
	unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 7, frames = argc > 2 ? (unsigned)atoi(argv[2]) : 1000000;

	for (unsigned i = 0; i < ROWS; i++)
		if (argc <= 3 || strstr(rows[i].name, argv[3]))
			load_init(&rows[i]);
	for (unsigned r = 0; r < rounds && r < 32; r++)
		for (unsigned i = 0; i < ROWS; i++)
			if (rows[i].sw)
				rows[i].round[r] = run_round(&rows[i], frames);
	for (unsigned i = 0; i < ROWS; i++) {
		struct load *l = &rows[i];

		if (!l->sw)
			continue;
		qsort(l->round, rounds, sizeof(double), compare);
		printf("%-40s %7.1f ns  %6.1f Mpps  (%.1f..%.1f)\n", l->name, l->round[rounds / 2],
		       1e3 / l->round[rounds / 2], l->round[0], l->round[rounds - 1]);
		load_fini(l);
	}
	return 0;
}
