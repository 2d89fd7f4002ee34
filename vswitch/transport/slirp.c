/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slirp: a way out without rights: NAT, DHCP and DNS by libslirp, as QEMU's -netdev user
 * (slirp.h has the theory).
 */
#define _GNU_SOURCE /* memrchr() */
#include "slirp.h"

#include <arpa/inet.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stream.h"
#include "vswitch/fail.h"

extern const struct vsw_transport vsw_transport_slirp;

/* struct slirp_options */
struct slirp_options {
	bool ipv4, ipv6, restricted, host_loopback;
	char *net, *host, *dns, *dhcp_start;
	char *ipv6_net, *ipv6_host, *ipv6_dns;
	char *hostname, *domain, **dns_search;
	uint32_t mtu;
	char **forward, **guest_forward;
};

#define FORWARDS  64u /* most forwards of a wire, each way */
#define RETRY_MS  100 /* after a hand-over: while the old process has its ports */
#define RETRY_MAX 100u

/* struct slirp_wire - a wire */
struct slirp_wire {
	struct vsw_stream stream;
	struct vsw_nat *nat;
	struct vsw_forward forward[FORWARDS];
	unsigned n_forward, forwarded; /* the first ones are in force */
	GSource *retry;
	unsigned retries;
};

/* A decimal number of at most @max, up to @end, which is not part of it */
static bool number(const char *text, const char *end, unsigned long max, unsigned long *n)
{
	char *stop;

	if (!g_ascii_isdigit(*text) || end - text > 5)
		return false;
	*n = strtoul(text, &stop, 10);
	return stop == end && *n <= max;
}

static bool ipv4(const char *text, size_t len, struct in_addr *a)
{
	char copy[INET_ADDRSTRLEN];

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = 0;
	return inet_pton(AF_INET, copy, a) == 1;
}

static bool net4(const char *text, struct in_addr *net, struct in_addr *mask)
{
	const char *slash = strchr(text, '/');
	unsigned long bits;

	if (!slash || !ipv4(text, (size_t)(slash - text), net) ||
	    !number(slash + 1, text + strlen(text), 30, &bits) || bits < 4)
		return false;
	mask->s_addr = htonl(~UINT32_C(0) << (32 - bits));
	return !(net->s_addr & ~mask->s_addr);
}

static bool net6(const char *text, struct in6_addr *net, uint8_t *prefix)
{
	const char *slash = strchr(text, '/');
	char copy[INET6_ADDRSTRLEN];
	unsigned long bits;

	if (!slash || slash - text >= (long)sizeof(copy) ||
	    !number(slash + 1, text + strlen(text), 126, &bits))
		return false;
	snprintf(copy, sizeof(copy), "%.*s", (int)(slash - text), text);
	*prefix = (uint8_t)bits;
	return inet_pton(AF_INET6, copy, net) == 1;
}

/* "ADDRESS:PORT", ":PORT" or "PORT" of @len bytes; an address that is not there stays as it was */
static bool place(const char *text, size_t len, struct in_addr *a, uint16_t *port)
{
	const char *colon = memrchr(text, ':', len);
	const char *digits = colon ? colon + 1 : text;
	unsigned long n;

	if (colon && colon > text && !ipv4(text, (size_t)(colon - text), a))
		return false;
	if (!number(digits, text + len, 65535, &n) || !n)
		return false;
	*port = (uint16_t)n;
	return true;
}

/* "[tcp:|udp:]HOST-GUEST" */
static bool forward_parse(const char *text, struct vsw_forward *f)
{
	const char *dash = strchr(text, '-');

	memset(f, 0, sizeof(*f));
	f->udp = !strncmp(text, "udp:", 4);
	if (f->udp || !strncmp(text, "tcp:", 4))
		text += 4;
	return dash && dash > text && place(text, (size_t)(dash - text), &f->host, &f->host_port) &&
	       place(dash + 1, strlen(dash + 1), &f->guest, &f->guest_port);
}

/* "ADDRESS:PORT-PATH" */
static bool guest_forward_parse(const char *text, struct vsw_guest_forward *f)
{
	const char *dash = strchr(text, '-');

	memset(f, 0, sizeof(*f));
	f->path = dash ? dash + 1 : NULL;
	return dash && dash[1] == '/' && strlen(f->path) < 108 &&
	       place(text, (size_t)(dash - text), &f->address, &f->port) && f->address.s_addr;
}

static const char *check_net(const char *v)
{
	struct in_addr net, mask;

	return net4(v, &net, &mask) ? NULL : "must be a network such as 10.0.2.0/24 (/4 to /30)";
}

static const char *check_ipv4(const char *v)
{
	struct in_addr a;

	return ipv4(v, strlen(v), &a) ? NULL : "must be an IPv4 address";
}

static const char *check_net6(const char *v)
{
	struct in6_addr net;
	uint8_t prefix;

	return net6(v, &net, &prefix) ? NULL : "must be a network such as fec0::/64";
}

static const char *check_ipv6(const char *v)
{
	struct in6_addr a;

	return inet_pton(AF_INET6, v, &a) == 1 ? NULL : "must be an IPv6 address";
}

static const char *check_forward(const char *v)
{
	struct vsw_forward f;

	return forward_parse(v, &f) ? NULL :
				      "must be [tcp:|udp:][ADDRESS:]PORT-[GUEST:]PORT, such as "
				      "tcp:127.0.0.1:2222-10.0.2.15:22";
}

static const char *check_guest_forward(const char *v)
{
	struct vsw_guest_forward f;

	return guest_forward_parse(v, &f) ?
		       NULL :
		       "must be ADDRESS:PORT-PATH, such as 10.0.2.100:80-/run/web.sock";
}

/* Addresses of IPv4: those not given are where QEMU has them: 2, 3 and 15 in the network */
static void conf_ipv4(SlirpConfig *c, const struct slirp_options *o)
{
	c->in_enabled = o->ipv4;
	net4(o->net, &c->vnetwork, &c->vnetmask);
	c->vhost.s_addr = c->vnetwork.s_addr | htonl(2 & ~ntohl(c->vnetmask.s_addr));
	c->vnameserver.s_addr = c->vnetwork.s_addr | htonl(3 & ~ntohl(c->vnetmask.s_addr));
	c->vdhcp_start.s_addr = c->vnetwork.s_addr | htonl(15 & ~ntohl(c->vnetmask.s_addr));
	if (o->host)
		inet_pton(AF_INET, o->host, &c->vhost);
	if (o->dns)
		inet_pton(AF_INET, o->dns, &c->vnameserver);
	if (o->dhcp_start)
		inet_pton(AF_INET, o->dhcp_start, &c->vdhcp_start);
}

static void conf_ipv6(SlirpConfig *c, const struct slirp_options *o)
{
	c->in6_enabled = o->ipv6;
	net6(o->ipv6_net, &c->vprefix_addr6, &c->vprefix_len);
	c->vhost6 = c->vnameserver6 = c->vprefix_addr6;
	c->vhost6.s6_addr[15] |= 2;
	c->vnameserver6.s6_addr[15] |= 3;
	if (o->ipv6_host)
		inet_pton(AF_INET6, o->ipv6_host, &c->vhost6);
	if (o->ipv6_dns)
		inet_pton(AF_INET6, o->ipv6_dns, &c->vnameserver6);
}

static bool inside(const SlirpConfig *c, struct in_addr a)
{
	uint32_t host = ntohl(a.s_addr & ~c->vnetmask.s_addr);

	return (a.s_addr & c->vnetmask.s_addr) == c->vnetwork.s_addr && host &&
	       host != ntohl(~c->vnetmask.s_addr);
}

/* What libslirp would refuse without a word */
static int conf_check(const SlirpConfig *c, char *err, size_t errlen)
{
	if (!c->in_enabled && !c->in6_enabled)
		return vsw_fail(err, errlen, "ipv4, ipv6: both are off");
	if (!c->in_enabled)
		return 0;
	if (!inside(c, c->vhost))
		return vsw_fail(err, errlen, "host: not in the network");
	if (!inside(c, c->vnameserver))
		return vsw_fail(err, errlen, "dns: not in the network");
	if (!inside(c, c->vdhcp_start))
		return vsw_fail(err, errlen, "dhcp-start: not in the network");
	if (c->vhost.s_addr == c->vnameserver.s_addr || c->vhost.s_addr == c->vdhcp_start.s_addr ||
	    c->vnameserver.s_addr == c->vdhcp_start.s_addr)
		return vsw_fail(err, errlen, "host, dns, dhcp-start: two are the same");
	return 0;
}

static int conf_make(SlirpConfig *c, const struct slirp_options *o, char *err, size_t errlen)
{
	c->version = 4;
	c->restricted = o->restricted;
	c->disable_host_loopback = !o->host_loopback;
	c->vhostname = o->hostname;
	c->vdomainname = o->domain;
	c->vdnssearch = (const char **)o->dns_search;
	c->if_mtu = c->if_mru = o->mtu;
	conf_ipv4(c, o);
	conf_ipv6(c, o);
	return conf_check(c, err, errlen);
}

static int forwards_parse(struct slirp_wire *s, const SlirpConfig *c, const struct slirp_options *o,
			  char *err, size_t errlen)
{
	for (char **p = o->forward; p && *p; p++) {
		struct vsw_forward *f = &s->forward[s->n_forward++];

		forward_parse(*p, f);
		if (!f->guest.s_addr)
			f->guest = c->vdhcp_start;
		if (!inside(c, f->guest))
			return vsw_fail(err, errlen, "forward: %s: guest is not in the network",
					*p);
	}
	return 0;
}

static int forwards_enter(struct slirp_wire *s, char *err, size_t errlen)
{
	for (; s->forwarded < s->n_forward; s->forwarded++)
		if (vsw_nat_forward(s->nat, &s->forward[s->forwarded], err, errlen) < 0)
			return -1;
	return 0;
}

static void retry_stop(struct slirp_wire *s)
{
	if (!s->retry)
		return;
	g_source_destroy(s->retry);
	g_source_unref(s->retry);
	s->retry = NULL;
}

static gboolean retry(gpointer opaque)
{
	struct slirp_wire *s = opaque;
	const struct vsw_wire *w = &s->stream.wire;
	char err[160];

	if (forwards_enter(s, err, sizeof(err)) < 0) {
		if (++s->retries < RETRY_MAX)
			return G_SOURCE_CONTINUE;
		if (w->host->changed)
			w->host->changed(w->opaque, &s->stream.wire, err);
	}
	retry_stop(s);
	return G_SOURCE_REMOVE;
}

/* The process before us has the ports until it ends */
static void forwards_later(struct slirp_wire *s, GMainContext *context)
{
	s->retry = g_timeout_source_new(RETRY_MS);
	g_source_set_callback(s->retry, retry, s, NULL);
	g_source_attach(s->retry, context);
}

static int forwards(struct slirp_wire *s, const struct vsw_wire_conf *conf, char *err,
		    size_t errlen)
{
	const struct slirp_options *o = conf->options;

	for (char **p = o->guest_forward; p && *p; p++) {
		struct vsw_guest_forward f;

		guest_forward_parse(*p, &f);
		if (vsw_nat_guest_forward(s->nat, &f, err, errlen) < 0)
			return -1;
	}
	if (!conf->from)
		return forwards_enter(s, err, errlen);
	if (conf->from->len && vsw_nat_load(s->nat, conf->from->data, conf->from->len) < 0)
		return vsw_fail(err, errlen, "leases that were handed over are not sound");
	forwards_later(s, conf->context);
	return 0;
}

static void slirp_close(struct vsw_wire *wire)
{
	struct slirp_wire *s = (struct slirp_wire *)wire;

	retry_stop(s);
	vsw_stream_fini(&s->stream);
	vsw_nat_free(s->nat);
	free(s);
}

static int slirp_make(struct slirp_wire *s, const struct vsw_wire_conf *conf, char *err,
		      size_t errlen)
{
	SlirpConfig c = { .version = 4 };
	int fd;

	if (conf_make(&c, conf->options, err, errlen) < 0 ||
	    forwards_parse(s, &c, conf->options, err, errlen) < 0)
		return -1;
	s->nat = vsw_nat_new(&c, &fd, err, errlen);
	if (!s->nat)
		return -1;
	if (vsw_stream_init(&s->stream, fd, err, errlen) == 0)
		return forwards(s, conf, err, errlen);
	close(fd);
	return -1;
}

static struct vsw_wire *slirp_open(const struct vsw_wire_conf *conf, char *err, size_t errlen)
{
	struct slirp_wire *s = calloc(1, sizeof(*s));

	if (!s) {
		vsw_fail(err, errlen, "out of memory");
		return NULL;
	}
	vsw_wire_init(&s->stream.wire, &vsw_transport_slirp, conf);
	s->stream.fd = -1;
	if (slirp_make(s, conf, err, errlen) == 0)
		return &s->stream.wire;
	slirp_close(&s->stream.wire);
	return NULL;
}

/* Leases go on; connections of guests through the host end with the process that has them */
static int slirp_give(struct vsw_wire *wire, struct vsw_handover *h)
{
	h->n_fds = 0;
	return vsw_nat_save(((struct slirp_wire *)wire)->nat, h->data, h->room, &h->len);
}

/* Leases given since slirp_give() was asked first */
static int slirp_thaw(struct vsw_wire *wire, const struct vsw_handover *h)
{
	return vsw_nat_load(((struct slirp_wire *)wire)->nat, h->data, h->len);
}

/* Whole TCP messages are but large segments to libslirp, which only looks at their sums */
static void slirp_start(struct vsw_wire *wire)
{
	vsw_stream_start(wire);
	if (wire->port)
		vsw_port_set_caps(wire->port, PKT_TAKES_CSUM | PKT_TAKES_TCPV4 | PKT_TAKES_TCPV6 |
						      PKT_TAKES_ECN);
}

#define BOOL(k, m, d, h)                                                                          \
	{                                                                                         \
		k, VSW_OPTION_BOOL, .off = offsetof(struct slirp_options, m), .def = d, .help = h \
	}
#define TEXT(k, m, most, d, c, h)                                                          \
	{                                                                                  \
		k, VSW_OPTION_TEXT, .off = offsetof(struct slirp_options, m), .max = most, \
				    .def = d, .check = c, .help = h                        \
	}
#define LIST(k, m, most, c, h)                                                             \
	{                                                                                  \
		k, VSW_OPTION_LIST, .off = offsetof(struct slirp_options, m), .max = most, \
				    .check = c, .help = h                                  \
	}

static const struct vsw_option options[] = {
	BOOL("ipv4", ipv4, "on", "IPv4 with DHCP"),
	BOOL("ipv6", ipv6, "on", "IPv6 with router advertisements"),
	BOOL("restrict", restricted, "off", "guests reach nothing but what is forwarded"),
	BOOL("host-loopback", host_loopback, "on",
	     "guests reach the host's own 127.0.0.1 as the address `host`"),
	TEXT("net", net, 18, "10.0.2.0/24", check_net, "IPv4 network of the guests"),
	TEXT("host", host, 15, NULL, check_ipv4,
	     "the host as guests see it; the 2nd address of `net` if not given"),
	TEXT("dns", dns, 15, NULL, check_ipv4, "name server; the 3rd address if not given"),
	TEXT("dhcp-start", dhcp_start, 15, NULL, check_ipv4,
	     "first of the 16 addresses that guests get; the 15th if not given"),
	TEXT("ipv6-net", ipv6_net, 43, "fec0::/64", check_net6, "IPv6 network of the guests"),
	TEXT("ipv6-host", ipv6_host, 39, NULL, check_ipv6,
	     "the host; the 2nd address if not given"),
	TEXT("ipv6-dns", ipv6_dns, 39, NULL, check_ipv6,
	     "name server; the 3rd address if not given"),
	TEXT("hostname", hostname, 32, NULL, NULL, "name that DHCP gives a guest"),
	TEXT("domain", domain, 255, NULL, NULL, "domain that DHCP gives a guest"),
	LIST("dns-search", dns_search, 16, NULL, "domains in which guests look for names"),
	{ "mtu", VSW_OPTION_NUMBER, .off = offsetof(struct slirp_options, mtu), .min = 576,
	  .max = 65521, .def = "1500", .help = "MTU of the virtual network" },
	LIST("forward", forward, FORWARDS, check_forward,
	     "ports of the host that lead to a guest: [tcp:|udp:][ADDRESS:]PORT-[GUEST:]PORT"),
	LIST("guest-forward", guest_forward, FORWARDS, check_guest_forward,
	     "TCP ports of the network that lead to a Unix socket: ADDRESS:PORT-PATH"),
	{ 0 }
};

const struct vsw_transport vsw_transport_slirp = {
	.name = "slirp",
	.help = "NAT, DHCP and DNS without rights, by libslirp",
	.kind = VSW_TRANSPORT_OWN,
	.options = options,
	.options_size = sizeof(struct slirp_options),
	.open = slirp_open,
	.close = slirp_close,
	.start = slirp_start,
	.stop = vsw_stream_stop,
	.send = vsw_stream_send,
	.input_ready = vsw_stream_input_ready,
	.show = vsw_stream_show,
	.give = slirp_give,
	.thaw = slirp_thaw,
};
