/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a frame costs in the switch: 16 ports in this process, each frame copied to its receiver's
 * ring.
 *
 * Every row runs several rounds, alternating with the rows it is compared with; the medians are
 * printed. "Cold" frames come from a source area much larger than the caches, "hot" ones from one
 * that fits. The raw rows copy the same frames in the same order without a switch: what the machine
 * allows.
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
#include "row.h"

#define PORTS 16u
#define RING  (64u << 10)

static int64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static int64_t host_now(void *opaque)
{
	return clock_ns(CLOCK_MONOTONIC);
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

/* enum extra - a policy whose cost is measured, on all ports */
enum extra { PLAIN, STORM, RULES, SHAPE_IN, SHAPE_OUT, MIRROR, UPLINKS, SNOOP };

/* struct load - frames ready to be sent, from one port each burst */
struct load {
	const char *name;
	const char *peer; /* name of the row it is compared with */
	enum extra extra;
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
	double round[ROW_ROUNDS];
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

__attribute__((noreturn)) static void fail(const char *what)
{
	fprintf(stderr, "vswitch-bench: %s\n", what);
	exit(1);
}

/* Policies that let everything pass: what is measured is looking, not dropping */
static void add_extra(struct vsw_policy *p, enum extra extra)
{
	static struct vsw_rule rule[10];

	for (unsigned i = 0; i < 10; i++)
		rule[i] =
			(struct vsw_rule) { .direction = VSW_DIR_FROM_PORT,
					    .match = VSW_MATCH_DST_PORT,
					    .action = VSW_RULE_DROP,
					    .dst_port = { (uint16_t)(i + 1), (uint16_t)(i + 1) } };
	if (extra == STORM)
		p->storm = (struct vsw_storm_policy) { 1000000, 1000000, 1000000 };
	if (extra == RULES) {
		p->rules = rule;
		p->n_rules = 10;
	}
	if (extra == SHAPE_IN)
		p->shape_in = (struct vsw_shape_policy) { UINT64_C(1000000000000),
							  UINT64_C(1000000000000), 1u << 30 };
	if (extra == SHAPE_OUT)
		p->shape_out = (struct vsw_shape_policy) { UINT64_C(1000000000000),
							   UINT64_C(1000000000000), 1u << 30 };
}

static void set_switch(struct load *l)
{
	struct vsw_switch_policy *sp = malloc(sizeof(*sp));
	struct vsw_txn *txn = vsw_txn_new(l->sw);

	*sp = *vsw_switch_policy(l->sw);
	if (l->extra == SNOOP)
		sp->multicast = VSW_MCAST_SNOOPING;
	if (l->extra == MIRROR) {
		sp->n_mirrors = 1;
		sp->mirror[0] = (struct vsw_mirror) { .name = "m",
						      .n_ports = 1,
						      .port = { "p0" },
						      .direction = { VSW_DIR_BOTH },
						      .to = "p15",
						      .strip = true };
	}
	if (vsw_txn_switch(txn, sp, NULL, 0) || vsw_txn_prepare(txn, NULL, 0))
		fail("switch policy");
	vsw_txn_commit(txn);
	free(sp);
}

static void set_policy(struct load *l, struct vsw_port *port)
{
	struct vsw_policy p = *vsw_port_policy(port);
	struct vsw_txn *txn = vsw_txn_new(l->sw);

	p.security = (struct vsw_security_policy) { false, true, !l->registered };
	p.mac.limit = 0;
	add_extra(&p, l->extra);
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
	struct vsw_addrs a = { .addrs = (const uint8_t(*)[6])list };

	for (uint32_t s = port; s < l->addresses && a.n < VSW_MAX_ADDRS; s += PORTS)
		address(list[a.n++], s);
	memcpy(a.mac, list[0], 6);
	vsw_port_set_addrs(l->sink[port].port, &a);
}

/* Frame i is sent by port (i / burst) % PORTS; source and destination are random stations of sender
 * and another port */
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
	struct vsw_conf conf = {
		.name = "bench", .host = &host, .addresses = l->addresses, .seed = 1
	};
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
	for (unsigned i = 0; i < 2 && l->extra == UPLINKS; i++) {
		struct vsw_port_conf up = VSW_PORT_CONF_INIT;

		up.id = i ? "up1" : "up0";
		up.uplink = true;
		if (!vsw_port_add(l->sw, &up, &sink_ops, &l->sink[0], NULL, 0))
			fail("uplink");
	}
	set_switch(l);
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
	int64_t start =
		clock_ns(CLOCK_THREAD_CPUTIME_ID); /* not the time that others had the processor */
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
	return (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - start) / done;
}

#define RAW_COLD "copy of cold 64-byte frames"
#define RAW_HOT	 "copy of hot 64-byte frames"
#define RAW_LONG "copy of cold 1514-byte frames"
#define COLD	 "switch, cold 64-byte frames"
#define HOT	 "switch, hot 64-byte frames"

static struct load rows[] = {
	{ RAW_COLD, NULL, PLAIN, 64, 4096, 64, .cold = true, .raw = true },
	{ COLD, RAW_COLD, PLAIN, 64, 4096, 64, .cold = true },
	{ COLD ", forged rejected", RAW_COLD, PLAIN, 64, 4096, 64, .cold = true,
	  .registered = true },
	{ COLD ", 100000 addresses", COLD, PLAIN, 64, 100000, 64, .cold = true },
	{ RAW_HOT, NULL, PLAIN, 64, 4096, 64, .raw = true },
	{ HOT, RAW_HOT, PLAIN, 64, 4096, 64 },
	{ HOT ", 100000 addresses", HOT, PLAIN, 64, 100000, 64 },
	{ HOT ", bursts of 32", HOT, PLAIN, 64, 4096, 32 },
	{ HOT ", bursts of 8", HOT, PLAIN, 64, 4096, 8 },
	{ HOT ", one at a time", HOT, PLAIN, 64, 4096, 1 },
	{ COLD ", one at a time", COLD, PLAIN, 64, 4096, 1, .cold = true },
	{ HOT ", forged rejected", HOT, PLAIN, 64, 4096, 64, .registered = true },
	{ HOT ", trunk to trunk", HOT, PLAIN, 64, 4096, 64, .trunk = true },
	{ HOT ", storm control", HOT, STORM, 64, 4096, 64 },
	{ HOT ", ten traffic rules", HOT, RULES, 64, 4096, 64 },
	{ HOT ", shaped in", HOT, SHAPE_IN, 64, 4096, 64 },
	{ HOT ", shaped out", HOT, SHAPE_OUT, 64, 4096, 64 },
	{ HOT ", one of 16 ports mirrored", HOT, MIRROR, 64, 4096, 64 },
	{ HOT ", team of two uplinks", HOT, UPLINKS, 64, 4096, 64 },
	{ HOT ", IGMP snooping", HOT, SNOOP, 64, 4096, 64 },
	{ RAW_LONG, NULL, PLAIN, 1514, 4096, 64, .cold = true, .raw = true },
	{ "switch, cold 1514-byte frames", RAW_LONG, PLAIN, 1514, 4096, 64, .cold = true },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct load *find(const char *name)
{
	for (unsigned i = 0; name && i < ROWS; i++)
		if (!strcmp(rows[i].name, name))
			return &rows[i];
	return NULL;
}

static void print_json(const struct load *l, unsigned rounds)
{
	const struct load *peer = find(l->peer);
	struct row r = { l->name, l->peer, l->round, peer ? peer->round : NULL, rounds };

	if (peer && peer->sw)
		row_print(&r);
}

static void print_text(FILE *out, const struct load *l, unsigned rounds)
{
	const struct load *peer = find(l->peer);
	double ns = row_quantile(l->round, rounds, 2);

	fprintf(out, "%-56s %7.1f ns %6.1f Mpps (%.1f..%.1f)", l->name, ns, 1e3 / ns,
		row_quantile(l->round, rounds, 0), row_quantile(l->round, rounds, 4));
	if (peer && peer->sw)
		fprintf(out, "  %+.1f ns", ns - row_quantile(peer->round, rounds, 2));
	fprintf(out, "\n");
}

static long resident_kib(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long all = 0, resident = 0;

	if (!f || fscanf(f, "%ld %ld", &all, &resident) != 2)
		resident = 0;
	if (f)
		fclose(f);
	return resident * 4;
}

/* Memory of a table of 100,000 addresses, full, and of 256 idle ports */
static void print_memory(FILE *out)
{
	struct load l = { .name = "memory", .len = 64, .addresses = 100000, .burst = 1 };
	struct vsw_conf conf = { .name = "m", .host = &host, .addresses = 100000, .seed = 1 };
	long start, table, ports;

	l.sink = calloc(PORTS, sizeof(*l.sink));
	l.sw = vsw_new(&conf, NULL, 0);
	for (unsigned i = 0; i < PORTS; i++)
		add_port(&l, i);
	for (unsigned i = 0; i < PORTS; i++) /* their rings are not the switch's */
		memset(l.sink[i].ring, 1, RING);
	start = resident_kib();
	teach(&l);
	table = resident_kib() - start;
	for (unsigned i = 16; i < 272; i++) {
		struct vsw_port_conf pc = VSW_PORT_CONF_INIT;
		char id[16];

		snprintf(id, sizeof(id), "q%u", i);
		pc.id = id;
		if (!vsw_port_add(l.sw, &pc, &sink_ops, &l.sink[0], NULL, 0))
			fail("port");
	}
	ports = resident_kib() - start - table;
	fprintf(out, "memory: %.1f bytes an address (switch with 100000), %.1f KiB an idle port\n",
		table * 1024.0 / 100000, ports / 256.0);
	vsw_free(l.sw);
	free(l.sink);
}

/* vswitch-bench [--json] [ROUNDS [FRAMES [PART-OF-NAME]]]: with --json the text goes to standard
 * error */
int main(int argc, char **argv)
{
	bool json = argc > 1 && !strcmp(argv[1], "--json");
	FILE *text = json ? stderr : stdout;
	unsigned rounds, frames;

	argc -= json;
	argv += json;
	rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 9;
	frames = argc > 2 ? (unsigned)atoi(argv[2]) : 500000;
	if (rounds < 1 || rounds > ROW_ROUNDS || frames < PKT_BURST)
		fail("1 to 32 rounds of at least 64 frames");
	if (argc <= 3)
		print_memory(text);
	for (unsigned i = 0; i < ROWS; i++)
		if (argc <= 3 || strstr(rows[i].name, argv[3]))
			load_init(&rows[i]);
	for (unsigned r = 0; r < rounds; r++)
		for (unsigned i = 0; i < ROWS; i++)
			if (rows[i].sw)
				rows[i].round[r] = run_round(&rows[i], frames);
	for (unsigned i = 0; i < ROWS; i++) {
		if (!rows[i].sw)
			continue;
		print_text(text, &rows[i], rounds);
		if (json)
			print_json(&rows[i], rounds);
	}
	if (json)
		row_end();
	for (unsigned i = 0; i < ROWS; i++)
		if (rows[i].sw)
			load_fini(&rows[i]);
	return 0;
}
