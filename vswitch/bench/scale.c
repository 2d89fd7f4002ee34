/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What many ports cost: for how long a switch is held when one of them comes, changes, or goes, and
 * the memory of each.
 *
 * Usage: vswitch-bench-scale [PORTS...]
 *
 * Each act is made ACTS times on a switch that has the ports already, at ports picked at random,
 * whose memory is therefore cold. What is printed is processor time of the thread: what else runs
 * on the machine does not count.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vswitch/policy.h"
#include "vswitch/vswitch.h"

#define ACTS 400u

/* struct scale - a switch with ports */
struct scale {
	struct vsw *sw;
	unsigned n;
	struct vsw_port **port, *uplink[2];
	bool trunks;
};

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static int64_t host_now(void *opaque)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts); /* without a system call */
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static void host_timer(void *opaque, int64_t deadline)
{
}

static unsigned take(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	return n;
}

static const struct vsw_host host = { host_now, host_timer, NULL };
static const struct vsw_port_ops ops = { take, NULL, NULL };

static struct vsw_port *add(struct scale *s, unsigned n, bool uplink)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	char id[32], err[200];
	struct vsw_port *p;

	snprintf(id, sizeof(id), "%s-%u", uplink ? "uplink" : "port", n);
	conf.id = id;
	conf.uplink = uplink;
	conf.vlan = uplink || (s->trunks && n % 2) ? 4095 : (int)(1 + n % 4000);
	memcpy(conf.mac, (uint8_t[]) { 2, uplink, 0, 0, (uint8_t)(n >> 8), (uint8_t)n }, 6);
	p = vsw_port_add(s->sw, &conf, &ops, NULL, err, sizeof(err));
	if (p)
		return p;
	fprintf(stderr, "bench-scale: %s\n", err);
	exit(EXIT_FAILURE);
}

static void come(struct scale *s, unsigned n)
{
	s->port[n] = add(s, n, false);
}

static void go(struct scale *s, unsigned n)
{
	vsw_port_remove(s->port[n]);
}

static void link_down(struct scale *s, unsigned n)
{
	vsw_port_set_link(s->port[n], false);
}

static void link_up(struct scale *s, unsigned n)
{
	vsw_port_set_link(s->port[n], true);
}

/* What a control thread prepares is not counted: a port's policy is put in force */
static struct vsw_txn *prepared;

static void prepare(struct scale *s, unsigned n)
{
	struct vsw_policy policy = *vsw_port_policy(s->port[n]);

	prepared = vsw_txn_new(s->sw);
	vsw_policy_set_vlan(&policy, (int)(1 + (policy.vlan.vid + 1) % 4000));
	if (vsw_txn_port(prepared, s->port[n], &policy, NULL, 0) < 0 ||
	    vsw_txn_prepare(prepared, NULL, 0) < 0)
		exit(EXIT_FAILURE);
}

static void put(struct scale *s, unsigned n)
{
	vsw_txn_put(prepared);
}

static void done(struct scale *s, unsigned n)
{
	vsw_txn_abort(prepared);
}

static void uplink_down(struct scale *s, unsigned n)
{
	vsw_port_set_link(s->uplink[0], false);
}

static void uplink_up(struct scale *s, unsigned n)
{
	vsw_port_set_link(s->uplink[0], true);
}

/* struct act - something done to a port, between others that are not measured */
struct act {
	const char *name;
	void (*before)(struct scale *s, unsigned n);
	void (*act)(struct scale *s, unsigned n);
	void (*after)(struct scale *s, unsigned n);
};

static const struct act acts[] = {
	{ "a port goes", NULL, go, come },
	{ "a port comes", go, come, NULL },
	{ "a link goes down", NULL, link_down, link_up },
	{ "a link goes up", link_down, link_up, NULL },
	{ "a port's VLAN changes: prepared", NULL, prepare, done },
	{ "a port's VLAN changes: put in force", prepare, put, done },
	{ "one of two uplinks goes down", NULL, uplink_down, uplink_up },
	{ "one of two uplinks goes up", uplink_down, uplink_up, NULL },
};

static int earlier(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void measure(struct scale *s, const struct act *a)
{
	static int64_t took[ACTS];

	for (unsigned i = 0; i < ACTS; i++) {
		unsigned n = (unsigned)((uint64_t)rand() * s->n / ((uint64_t)RAND_MAX + 1));

		if (a->before)
			a->before(s, n);
		took[i] = -now_ns();
		a->act(s, n);
		took[i] += now_ns();
		if (a->after)
			a->after(s, n);
	}
	qsort(took, ACTS, sizeof(took[0]), earlier);
	printf("%5u %s, %-40s median %8.1f us, 99 %% %8.1f us, longest %8.1f us\n", s->n,
	       s->trunks ? "half trunks" : "access     ", a->name, (double)took[ACTS / 2] / 1e3,
	       (double)took[ACTS * 99 / 100] / 1e3, (double)took[ACTS - 1] / 1e3);
}

static size_t in_use(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

static void run(unsigned n, bool trunks)
{
	struct vsw_conf conf = { .name = "sw0", .host = &host, .seed = 12345 };
	struct scale s = { .n = n, .port = calloc(n, sizeof(*s.port)), .trunks = trunks };
	size_t empty = in_use(), made, full;

	s.sw = vsw_new(&conf, NULL, 0);
	made = in_use();
	for (unsigned i = 0; i < 2; i++)
		s.uplink[i] = add(&s, i, true);
	for (unsigned i = 0; i < n; i++)
		come(&s, i);
	full = in_use();
	printf("%5u %s, memory: switch %zu KiB, a port %zu bytes\n", n,
	       trunks ? "half trunks" : "access     ", (made - empty) >> 10, (full - made) / n);
	for (unsigned i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		measure(&s, &acts[i]);
	vsw_free(s.sw);
	free(s.port);
}

int main(int argc, char **argv)
{
	static const char *const usual[] = { "100", "1000", "4094", NULL };
	const char *const *arg = argc > 1 ? (const char *const *)argv + 1 : usual;

	for (; *arg; arg++) {
		run((unsigned)atoi(*arg), false);
		run((unsigned)atoi(*arg), true);
	}
	return EXIT_SUCCESS;
}
