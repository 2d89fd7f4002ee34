/* SPDX-License-Identifier: BSD-2-Clause */
/* A switch with nothing but libc: this program is linked without GLib, jansson, threads. */
#include <stdio.h>
#include <string.h>

#include "hwnet/frame.h"
#include "vswitch/vswitch.h"

static unsigned got;

static int64_t host_now(void *opaque)
{
	return 0;
}

static void host_timer(void *opaque, int64_t deadline)
{
}

static unsigned take(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	got += n;
	return n;
}

int main(void)
{
	static const struct vsw_host host = { host_now, host_timer, NULL };
	static const struct vsw_port_ops ops = { take, NULL, NULL };
	struct vsw_conf conf = { .name = "alone", .host = &host };
	struct vsw_port_conf pc = VSW_PORT_CONF_INIT;
	uint8_t bytes[60] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8 };
	char err[100] = "";
	struct vsw *sw = vsw_new(&conf, err, sizeof(err));
	struct vsw_port *a, *b;
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;

	printf("1..1\n");
	pc.id = "a";
	a = sw ? vsw_port_add(sw, &pc, &ops, NULL, err, sizeof(err)) : NULL;
	pc.id = "b";
	b = a ? vsw_port_add(sw, &pc, &ops, NULL, err, sizeof(err)) : NULL;
	if (b) {
		pkt_flat(&pkt, &iov, bytes, sizeof(bytes));
		vsw_port_input(a, &one, 1);
	}
	vsw_free(sw);
	printf("%s 1 - the data path works with libc alone %s\n", got == 1 ? "ok" : "not ok", err);
	return got != 1;
}
