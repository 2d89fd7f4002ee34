/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: a hostile state of a switch or port (vswitch/state.h).
 *
 * The input is the state. It is put in force in a switch with ports of each kind, with everything
 * on that has something to remember. What must hold:
 *
 *  - A state that is refused has changed nothing: the switch saves the same bytes as before.
 *  - One that is taken leaves the switch sound: what it saves then is taken by a second switch of
 *    the same configuration, which saves the very same bytes.
 *  - Both live on: frames pass, time goes by, ports come and go.
 *
 * Seeds are states of that switch after frames; the dictionary is printed with --dictionary.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/state.h"
#include "fuzz.h"
#include "hwnet/frame.h"
#include "vswitch/manage.h"
#include "vswitch/policy.h"
#include "vswitch/state.h"

#define PORTS	3u
#define UPLINKS 2u
#define MAX_OUT (1u << 24)

/* struct world - a switch and its host */
struct world {
	struct vsw *sw;
	struct vsw_port *port[PORTS + UPLINKS];
	int64_t now, deadline;
	unsigned room;
};

static int64_t now(void *opaque)
{
	return ((struct world *)opaque)->now;
}

static void timer(void *opaque, int64_t deadline)
{
	((struct world *)opaque)->deadline = deadline;
}

static unsigned take(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	struct world *w = opaque;
	unsigned taken = n < w->room ? n : w->room;

	for (unsigned i = 0; i < taken; i++) {
		uint8_t byte;

		if (pkts[i]->len < FRAME_ETH_LEN ||
		    pkt_copy(pkts[i], pkts[i]->len - 1, &byte, 1) != 1)
			abort();
	}
	w->room -= taken;
	return taken;
}

static void ready(void *opaque)
{
}

static const struct vsw_host host = { now, timer, NULL };
static const struct vsw_port_ops ops = { take, ready, NULL };

static const struct vsw_rule rules[] = {
	{ .name = "limit",
	  .direction = VSW_DIR_BOTH,
	  .action = VSW_RULE_LIMIT,
	  .limit = 1000,
	  .cos = -1,
	  .dscp = -1 },
	{ .direction = VSW_DIR_BOTH, .action = VSW_RULE_MARK, .cos = 3, .dscp = -1 },
};

static void policy_of(struct vsw_policy *p, unsigned i)
{
	vsw_policy_init(p, i >= PORTS);
	p->queue.frames = 64;
	p->queue.bytes = 256u << 10;
	if (i >= PORTS)
		return;
	vsw_policy_set_vlan(p, i == 0 ? 4095 : i == 1 ? 0 : 10);
	p->mac.bpdu = VSW_BPDU_GUARD;
	p->shape_in = p->shape_out = (struct vsw_shape_policy) { 1000000, 1000000000, 10000 };
	p->storm = (struct vsw_storm_policy) { 1000, 1000, 1000 };
	p->rules = rules;
	p->n_rules = 2;
	p->team.beacon = i == 2;
	p->team.kind = i == 1 ? VSW_TEAM_LOAD : VSW_TEAM_MAC;
	p->mac.limit = 20;
}

static void add(struct world *w, unsigned i)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	struct vsw_policy p;
	struct vsw_txn *txn;
	char id[8];

	snprintf(id, sizeof(id), "p%u", i);
	conf.id = id;
	conf.uplink = i >= PORTS;
	conf.speed_mbps = 1000;
	w->port[i] = vsw_port_add(w->sw, &conf, &ops, w, NULL, 0);
	txn = vsw_txn_new(w->sw);
	policy_of(&p, i);
	if (!w->port[i] || !txn || vsw_txn_port(txn, w->port[i], &p, NULL, 0) < 0 ||
	    vsw_txn_prepare(txn, NULL, 0) < 0)
		abort();
	vsw_txn_commit(txn);
}

static void configure(struct world *w)
{
	static struct vsw_switch_policy sp;
	struct vsw_txn *txn = vsw_txn_new(w->sw);

	vsw_switch_policy_init(&sp);
	sp.multicast = VSW_MCAST_SNOOPING;
	sp.querier.enabled = true;
	sp.n_classes = 2;
	sp.class[0] = (struct vsw_class) { .name = "a", .shares = 50, .limit = 1000000 };
	sp.class[1] = (struct vsw_class) { .name = "b", .shares = 20, .reservation = 1000 };
	sp.n_mirrors = 1;
	sp.mirror[0] = (struct vsw_mirror) { .name = "m",
					     .n_ports = 1,
					     .port = { "p0" },
					     .direction = { VSW_DIR_BOTH },
					     .to = "p2",
					     .sampling = 2 };
	if (!txn || vsw_txn_switch(txn, &sp, NULL, 0) < 0 || vsw_txn_prepare(txn, NULL, 0) < 0)
		abort();
	vsw_txn_commit(txn);
}

static void open_world(struct world *w)
{
	struct vsw_conf conf = {
		.name = "f", .host = &host, .opaque = w, .seed = 7, .addresses = 64
	};

	*w = (struct world) { .now = 1000000000, .deadline = VSW_NEVER };
	w->sw = vsw_new(&conf, NULL, 0);
	if (!w->sw)
		abort();
	for (unsigned i = 0; i < PORTS + UPLINKS; i++)
		add(w, i);
	configure(w);
}

/* A frame from a port: to others, to all, a report for a group, a BPDU */
static void send_frame(struct world *w, unsigned i, unsigned what)
{
	static const uint8_t report[] = { 0x01, 0,    0x5e, 1,	  1,	1,    2,   0, 0, 0, 0,	  1,
					  8,	0,    0x46, 0xc0, 0,	32,   0,   0, 0, 0, 1,	  2,
					  0x42, 0x22, 10,   0,	  0,	1,    239, 1, 1, 1, 0x94, 4,
					  0,	0,    0x16, 0,	  0xf9, 0xfc, 239, 1, 1, 1 };
	uint8_t bytes[60] = { 2, 0, 0, 0, 0, (uint8_t)what,
			      2, 0, 0, 0, 0, (uint8_t)(i * 8 + what % 8),
			      8, 0 };
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *one = &pkt;

	if (what % 16 == 7)
		memcpy(bytes, report, sizeof(report));
	else if (what % 16 == 9)
		memset(bytes, 0xff, 6);
	else if (what == 100)
		memcpy(bytes, "\x01\x80\xc2\0\0\0", 6);
	pkt_flat(&pkt, &iov, bytes, sizeof(bytes));
	vsw_port_input(w->port[i], &one, 1);
}

static void step(struct world *w, int64_t ns)
{
	w->now += ns;
	vsw_timer(w->sw);
}

static void traffic(struct world *w, unsigned n, unsigned first)
{
	for (unsigned k = 0; k < n; k++) {
		send_frame(w, (first + k) % (PORTS + UPLINKS), (first * 13 + k * 5) % 97);
		if (k % 8 == 0)
			step(w, 1000000);
	}
}

static void save(struct world *w, unsigned port, struct vsw_blob *blob)
{
	blob->len = 0;
	if ((port < PORTS ? vsw_port_save(w->port[port], blob, NULL, NULL, 0) :
			    vsw_switch_save(w->sw, blob, NULL, 0)) < 0)
		abort();
}

static int load(struct world *w, unsigned port, const uint8_t *data, size_t len)
{
	return port < PORTS ? vsw_port_load(w->port[port], data, len, NULL, NULL, 0) :
			      vsw_switch_load(w->sw, data, len, NULL, NULL, 0);
}

static bool same(const struct vsw_blob *a, const struct vsw_blob *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

static void complain(const char *what)
{
	fprintf(stderr, "fuzz-vswitch-state: %s\n", what);
	abort();
}

/* What the switch is now, a second one can be, too */
static void compare(struct world *w)
{
	struct vsw_blob a, b;
	struct world other;

	vsw_blob_init(&a, MAX_OUT);
	vsw_blob_init(&b, MAX_OUT);
	save(w, PORTS, &a);
	open_world(&other);
	if (load(&other, PORTS, a.data, a.len) < 0)
		complain("what a sound switch saves is refused");
	save(&other, PORTS, &b);
	if (!same(&a, &b))
		complain("a switch saves itself otherwise after loading");
	vsw_blob_fini(&a);
	vsw_blob_fini(&b);
	vsw_free(other.sw);
}

static void live_on(struct world *w)
{
	w->room = 20;
	traffic(w, 40, 3);
	for (unsigned i = 0; i < PORTS + UPLINKS; i++) {
		w->room = 1000;
		vsw_port_ready(w->port[i]);
	}
	for (unsigned i = 0; i < 10; i++)
		step(w, INT64_C(40000000000));
	vsw_port_remove(w->port[1]);
	traffic(w, 1, 0);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const struct vsw_state_part *parts[STATE_PARTS];

	if (*argc < 2 || strcmp((*argv)[1], "--dictionary"))
		return 0;
	for (int port = 0; port < 2; port++)
		for (unsigned i = vsw_state_parts(port, parts); i-- > 0;) {
			printf("\"%s\"\n", parts[i]->name);
			for (unsigned k = 0; k < parts[i]->list.n; k++)
				printf("\"%s\"\n", parts[i]->list.fields[k].name);
		}
	exit(0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);
	struct vsw_blob before, after;
	/* the kind's first letter: of a port, or of a switch */
	unsigned port = size > 5 && data[5] == 'p' ? 1 : PORTS;
	struct world w;
	int ret;

	if (!exact)
		abort();
	memcpy(exact, data, size);
	open_world(&w);
	vsw_blob_init(&before, MAX_OUT);
	vsw_blob_init(&after, MAX_OUT);
	save(&w, PORTS, &before);
	ret = load(&w, port, exact, size);
	save(&w, PORTS, &after);
	if (ret < 0 && !same(&before, &after))
		complain("a state that was refused has changed the switch");
	if (ret == 0) {
		compare(&w);
		live_on(&w);
	}
	vsw_blob_fini(&before);
	vsw_blob_fini(&after);
	vsw_free(w.sw);
	free(exact);
	return 0;
}

/* The state of the switch (@port: PORTS) or a port after some frames */
static size_t make_seed(unsigned i, unsigned frames, unsigned port, uint8_t *buf)
{
	struct vsw_blob blob;
	struct world w;
	size_t len;

	open_world(&w);
	w.room = i % 4 == 1 ? 0 : 1000;
	traffic(&w, frames, i);
	if (i == 5)
		send_frame(&w, 1, 100);
	vsw_blob_init(&blob, MAX_OUT);
	save(&w, port, &blob);
	len = blob.len;
	if (len <= FUZZ_MAX_INPUT)
		memcpy(buf, blob.data, len);
	vsw_blob_fini(&blob);
	vsw_free(w.sw);
	return len;
}

/* As many frames as an input has room for what they leave behind */
size_t fuzz_seed(unsigned i, uint8_t *buf)
{
	unsigned frames = i < 8 ? i * 4 : 3;
	size_t len;

	if (i >= 12)
		return 0;
	do
		len = make_seed(i, frames, i % 4 == 3 ? PORTS : i % PORTS, buf);
	while (len > FUZZ_MAX_INPUT && frames-- > 0);
	return len > FUZZ_MAX_INPUT ? 0 : len;
}
