/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What it takes to save a switch and load it elsewhere: ahead, while frames flow, and in the gap.
 *
 * Usage: vswitch-bench-state [PORTS [ADDRESSES-OF-EACH [WAITING-FRAMES-OF-EACH]]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hwnet/frame.h"
#include "vswitch/policy.h"
#include "vswitch/state.h"
#include "vswitch/vswitch.h"

#define MAX (1u << 30)

static int64_t clock_now(void *opaque)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static void timer(void *opaque, int64_t deadline)
{
}

static bool taking = true;

static unsigned take(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	return taking ? n : 0;
}

static const struct vsw_host host = { clock_now, timer, NULL };
static const struct vsw_port_ops ops = { take, NULL, NULL };

static void fatal(const char *what)
{
	fprintf(stderr, "vswitch-bench-state: %s\n", what);
	exit(1);
}

static void station(uint8_t *mac, unsigned port, unsigned i)
{
	memcpy(mac,
	       (uint8_t[]) { 2, (uint8_t)i, (uint8_t)(i >> 8), (uint8_t)(i >> 16), (uint8_t)port,
			     (uint8_t)(port >> 8) },
	       6);
}

static struct vsw *make(unsigned ports, uint32_t addresses)
{
	struct vsw_conf conf = { .name = "b", .host = &host, .addresses = addresses };
	struct vsw *sw = vsw_new(&conf, NULL, 0);
	char id[16];

	for (unsigned i = 0; sw && i < ports; i++) {
		struct vsw_port_conf pc = VSW_PORT_CONF_INIT;

		snprintf(id, sizeof(id), "p%u", i);
		pc.id = id;
		if (!vsw_port_add(sw, &pc, &ops, NULL, NULL, 0))
			fatal("no port");
	}
	return sw ? sw : (fatal("no switch"), NULL);
}

static void send_one(struct vsw_port *p, const uint8_t *dst, const uint8_t *src, uint32_t len)
{
	uint8_t bytes[1514] = { 0 };
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *one = &pkt;

	memcpy(bytes, dst, 6);
	memcpy(bytes + 6, src, 6);
	pkt_flat(&pkt, &iov, bytes, len);
	vsw_port_input(p, &one, 1);
}

/* Each port has learnt, its card has told its filter, and frames wait for it */
static void fill(struct vsw *sw, unsigned ports, unsigned each, unsigned waiting)
{
	uint8_t mac[6], other[6], groups[4][6];
	struct vsw_addrs a = { .n = 4, .addrs = (const uint8_t(*)[6])groups };
	struct vsw_port *p = NULL;

	for (unsigned i = 0; (p = vsw_port_next(sw, p)); i++) {
		station(a.mac, i, 0);
		for (unsigned k = 0; k < 4; k++)
			memcpy(groups[k], (uint8_t[]) { 1, 0, 0x5e, 1, 2, (uint8_t)k }, 6);
		vsw_port_set_addrs(p, &a);
		station(other, (i + 1) % ports, 0);
		for (unsigned k = 1; k <= each; k++) {
			station(mac, i, k);
			send_one(p, other, mac, 60);
		}
	}
	taking = false;
	for (unsigned i = 0; (p = vsw_port_next(sw, p)); i++) {
		station(mac, i, 0);
		station(other, (i + 1) % ports, 0);
		for (unsigned k = 0; k < waiting; k++)
			send_one(p, other, mac, 1514);
	}
}

static void row(const char *what, int64_t ns, size_t bytes)
{
	printf("  %-34s %9.3f ms", what, (double)ns / 1e6);
	if (bytes)
		printf("  %10zu bytes", bytes);
	printf("\n");
}

static struct vsw_loading *read_state(const struct vsw_blob *blob)
{
	char err[200];
	struct vsw_loading *l = vsw_state_read(blob->data, blob->len, err, sizeof(err));

	if (!l)
		fatal(err);
	return l;
}

int main(int argc, char **argv)
{
	unsigned ports = argc > 1 ? (unsigned)atoi(argv[1]) : 100;
	unsigned each = argc > 2 ? (unsigned)atoi(argv[2]) : 10;
	unsigned waiting = argc > 3 ? (unsigned)atoi(argv[3]) : 0;
	uint32_t addresses = ports * (each + 1) > 16384 ? ports * (each + 1) : 0;
	struct vsw *old = make(ports, addresses), *new = make(ports, addresses);
	int64_t t[9], piece, longest = 0;
	struct vsw_blob early, late;
	struct vsw_loading *l;
	struct vsw_early *e;

	fill(old, ports, each, waiting);
	vsw_blob_init(&early, MAX);
	vsw_blob_init(&late, MAX);
	e = vsw_early_new(old, NULL, 0);
	for (bool more = true; e && more;) {
		piece = clock_now(NULL);
		more = vsw_early_copy(e);
		piece = clock_now(NULL) - piece;
		longest = piece > longest ? piece : longest;
	}
	t[0] = clock_now(NULL);
	if (!e || vsw_early_save(e, &early, NULL, 0) < 0)
		fatal("no early state");
	t[1] = clock_now(NULL);
	l = read_state(&early);
	t[2] = clock_now(NULL);
	vsw_state_put(l, new, NULL, NULL);
	t[3] = clock_now(NULL);
	vsw_state_free(l);
	t[4] = clock_now(NULL);
	if (vsw_switch_save_late(old, e, &late, NULL, 0) < 0)
		fatal("no late state");
	t[5] = clock_now(NULL);
	l = read_state(&late);
	t[6] = clock_now(NULL);
	vsw_state_put(l, new, NULL, NULL);
	t[7] = clock_now(NULL);
	printf("%u ports, %u addresses and %u waiting frames each\n", ports, each, waiting);
	row("ahead: longest piece of the copy", longest, 0);
	row("ahead: save", t[1] - t[0], early.len);
	row("ahead: read", t[2] - t[1], 0);
	row("ahead: put in force", t[3] - t[2], 0);
	row("gap: save", t[5] - t[4], late.len);
	row("gap: read", t[6] - t[5], 0);
	row("gap: put in force", t[7] - t[6], 0);
	row("gap: all", t[7] - t[4], 0);
	vsw_state_free(l);
	vsw_early_free(e);
	vsw_blob_fini(&early);
	vsw_blob_fini(&late);
	vsw_free(old);
	vsw_free(new);
	return 0;
}
