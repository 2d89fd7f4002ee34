/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long frames wait for a long answer: for its longest piece. Each row is an answer of the
 * control; what is printed is its pieces, and for how long one was worked on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vswitch/control.h"
#include "vswitch/manage.h"

#define MANY   100000u
#define PORTS  1000u
#define PIECES (1u << 20)

/* Processor time: what else runs on the machine does not count */
static int64_t now_ns(void *opaque)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

static void no_timer(void *opaque, int64_t deadline)
{
}

static unsigned take(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	return n;
}

static void fail(const char *why)
{
	fprintf(stderr, "bench-answers: %s\n", why);
	exit(EXIT_FAILURE);
}

static int earlier(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void measure(struct vsw_control *ctl, const char *name)
{
	static int64_t took[PIECES];
	enum vsw_answer_state state = VSW_ANSWER_MORE;
	char text[80], buf[8192];
	struct vsw_answer *a;
	size_t n, bytes = 0, pieces = 0;
	int64_t all = 0;

	snprintf(text, sizeof(text), "{\"execute\": \"%s\"}", name);
	took[pieces] = -now_ns(NULL);
	a = vsw_control_begin(ctl, text, strlen(text));
	took[pieces++] += now_ns(NULL);
	while (state == VSW_ANSWER_MORE && pieces < PIECES) {
		took[pieces] = -now_ns(NULL);
		state = vsw_answer_read(a, buf, sizeof(buf), &n);
		took[pieces++] += now_ns(NULL);
		bytes += n;
	}
	vsw_answer_free(a);
	if (state != VSW_ANSWER_COMPLETE)
		fail(name);
	for (size_t i = 0; i < pieces; i++)
		all += took[i];
	qsort(took, pieces, sizeof(took[0]), earlier);
	printf("%-14s %8zu bytes in %6zu pieces: median %5.0f us, 99%% %5.0f us, longest %5.0f us; "
	       "all %.1f ms\n",
	       name, bytes, pieces, (double)took[pieces / 2] / 1e3,
	       (double)took[pieces * 99 / 100] / 1e3, (double)took[pieces - 1] / 1e3,
	       (double)all / 1e6);
}

static void fill(struct vsw *sw)
{
	static const struct vsw_port_ops ops = { take, NULL, NULL };
	struct vsw_port *port = NULL;
	char id[16];

	for (unsigned i = 0; i < PORTS; i++) {
		struct vsw_port_conf conf = VSW_PORT_CONF_INIT;

		snprintf(id, sizeof(id), "port-%u", i);
		conf.id = id;
		port = vsw_port_add(sw, &conf, &ops, NULL, NULL, 0);
		if (!port)
			fail("port");
	}
	for (uint32_t i = 0; i < MANY; i++) {
		uint8_t mac[6] = { 2, 0, 0, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i };

		if (vsw_address_add(port, (uint16_t)(i % 4094), mac, NULL, 0) < 0)
			fail("address");
	}
}

static void load(struct vsw_control *ctl)
{
	char *doc = malloc(2u << 20), *at = doc;

	at += sprintf(at, "{\"portgroups\":{");
	for (unsigned i = 0; i < 10000; i++)
		at += sprintf(at,
			      "%s\"group-%u\":{\"vlan\":%u,\"security\":{\"promiscuous\":true}}",
			      i ? "," : "", i, i % 4095);
	at += sprintf(at, "}}");
	if (vsw_control_load(ctl, doc, (size_t)(at - doc), NULL, 0) < 0)
		fail("document");
	free(doc);
}

int main(void)
{
	static const struct vsw_host host = { now_ns, no_timer, NULL };
	struct vsw_conf conf = { .name = "b", .host = &host, .addresses = MANY * 2, .seed = 1 };
	struct vsw *sw = vsw_new(&conf, NULL, 0);
	struct vsw_control *ctl = sw ? vsw_control_new(sw, NULL, NULL) : NULL;

	if (!ctl)
		fail("switch");
	fill(sw);
	load(ctl);
	measure(ctl, "query-fdb");
	measure(ctl, "query-ports");
	measure(ctl, "query-config");
	vsw_control_free(ctl);
	vsw_free(sw);
	return 0;
}
