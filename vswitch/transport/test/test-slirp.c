/* SPDX-License-Identifier: BSD-2-Clause */
/* slirp: a guest made of a few frames, and sockets on the host's loopback. */
#define _GNU_SOURCE /* memmem() */
#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "main.h"
#include "rig.h"

#define HOST  0x0a000202u /* 10.0.2.2 */
#define GUEST 0x0a00020fu /* 10.0.2.15 */

static struct bench *b;
static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
static uint8_t host_mac[6];

static void setup(void)
{
	b = bench_new();
}

static void teardown(void)
{
	bench_free(b);
}

static void put32(uint8_t *p, uint32_t v)
{
	frame_put_be16(p, (uint16_t)(v >> 16));
	frame_put_be16(p + 2, (uint16_t)v);
}

static void give(const uint8_t *buf, uint32_t len)
{
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;

	pkt_flat(&pkt, &iov, buf, len);
	vsw_port_input(b->card, &one, 1);
	vsw_worker_round(b->worker, 0);
}

/* The next frame of a type that comes, and holds @bytes at @at; NULL after ten seconds */
static const struct bench_frame *await(uint16_t type, uint32_t at, const void *bytes, size_t len)
{
	time_t end = time(NULL) + 10;
	unsigned i = 0;

	do {
		for (; i < b->n; i++)
			if (frame_be16(b->got[i].bytes + 12) == type && b->got[i].len >= at + len &&
			    !memcmp(b->got[i].bytes + at, bytes, len))
				return &b->got[i];
		vsw_worker_round(b->worker, 100 * 1000000);
	} while (time(NULL) < end);
	return NULL;
}

/* Ask for the host's hardware address, and wait for the answer; what was sent before has been dealt
 * with then */
static void arp(void)
{
	uint8_t f[60] = { 255, 255, 255, 255, 255, 255 };
	const struct bench_frame *answer;

	bench_clear(b);
	memcpy(f + 6, mac, 6);
	memcpy(f + 12, "\x08\x06\0\1\x08\0\6\4\0\1", 10);
	memcpy(f + 22, mac, 6);
	put32(f + 28, GUEST);
	put32(f + 38, HOST);
	give(f, sizeof(f));
	answer = await(0x0806, 20, "\0\2", 2);
	ck_assert_msg(answer != NULL, "no answer to ARP");
	ck_assert_uint_eq(frame_be16(answer->bytes + 28) << 16 | frame_be16(answer->bytes + 30),
			  HOST);
	memcpy(host_mac, answer->bytes + 22, 6);
}

static uint32_t udp(uint8_t *f, uint32_t to, uint16_t sport, uint16_t dport, const void *data,
		    uint16_t len)
{
	memset(f, 0, 42);
	memcpy(f, host_mac, 6);
	memcpy(f + 6, mac, 6);
	memcpy(f + 12, "\x08\0\x45\0", 4);
	frame_put_be16(f + 16, (uint16_t)(28 + len));
	f[22] = 64;
	f[23] = 17;
	put32(f + 26, GUEST);
	put32(f + 30, to);
	{
		uint8_t copy[20];
		uint16_t sum = csum_fold(csum_copy(copy, f + 14, 20));

		memcpy(f + 24, &sum, 2);
	}
	frame_put_be16(f + 34, sport);
	frame_put_be16(f + 36, dport);
	frame_put_be16(f + 38, (uint16_t)(8 + len));
	memcpy(f + 42, data, len);
	return 42u + len;
}

static int udp_socket(uint16_t *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval ten = { 10, 0 };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &ten, sizeof(ten));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	getsockname(fd, (struct sockaddr *)&a, &len);
	*port = ntohs(a.sin_port);
	return fd;
}

/* Ask for an address as the station whose own ends in @station, and wait for the offer */
static const struct bench_frame *discover(uint8_t station)
{
	static const uint8_t options[] = { 99, 130, 83, 99, 53, 1, 1, 255 };
	uint8_t f[400] = { 0 }, dhcp[300] = { 1, 1, 6 };
	const struct bench_frame *offer;
	uint32_t len;

	bench_clear(b);
	memset(host_mac, 255, 6);
	memcpy(dhcp + 28, mac, 6);
	dhcp[33] = station;
	memcpy(dhcp + 236, options, sizeof(options));
	len = udp(f, 0xffffffff, 68, 67, dhcp, sizeof(dhcp));
	f[11] = station;
	give(f, len);
	offer = await(0x0800, 42 + 236, "\x63\x82\x53\x63\x35\1\2", 7);
	ck_assert_msg(offer != NULL, "no offer");
	return offer;
}

START_TEST(guest_gets_a_lease)
{
	const struct bench_frame *offer;

	bench_plug(b, "slirp", -1, "hostname=guest domain=example.org dns-search=a dns-search=b");
	offer = discover(1);
	ck_assert_mem_eq(offer->bytes + 42 + 16, "\x0a\0\2\x0f", 4);
	ck_assert_ptr_nonnull(memmem(offer->bytes, offer->len, "example.org", 11));
}
END_TEST

/* The new process knows who has which address, and takes the ports when the old one has ended */
START_TEST(hand_over_keeps_leases)
{
	static uint8_t data[1 << 20];
	struct vsw_handover h = { .data = data, .room = sizeof(data) };
	uint16_t port;
	int fd = udp_socket(&port);
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				  .sin_port = htons(port) };
	char options[80];

	close(fd);
	snprintf(options, sizeof(options), "forward=udp:127.0.0.1:%u-7777", port);
	bench_plug(b, "slirp", -1, options);
	discover(1);
	discover(9);
	ck_assert_int_eq(b->wire->transport->give(b->wire, &h), 0);
	ck_assert_uint_gt(h.len, 0);
	b->from = &h;
	b->old = b->wire;
	vsw_wire_unplug(b->old);
	bench_plug(b, "slirp", -1, options); /* although the old one has the port */
	ck_assert_mem_eq(discover(9)->bytes + 42 + 16, "\x0a\0\2\x10", 4);
	ck_assert_mem_eq(discover(7)->bytes + 42 + 16, "\x0a\0\2\x11", 4);
	vsw_wire_close(b->old);
	g_main_context_iteration(NULL, TRUE);
	arp();
	fd = udp_socket(&port);
	ck_assert_int_eq(sendto(fd, "hello", 6, 0, (struct sockaddr *)&to, sizeof(to)), 6);
	ck_assert_ptr_nonnull(await(0x0800, 42, "hello", 6));
	close(fd);
}
END_TEST

START_TEST(guest_reaches_the_host)
{
	uint16_t port;
	int fd = udp_socket(&port);
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	uint8_t f[100], got[100];
	char data[] = "to the host";

	bench_plug(b, "slirp", -1, NULL);
	arp();
	give(f, udp(f, HOST, 5000, port, data, sizeof(data)));
	ck_assert_int_eq(recvfrom(fd, got, sizeof(got), 0, (struct sockaddr *)&from, &len),
			 sizeof(data));
	ck_assert_str_eq((char *)got, data);
	bench_clear(b);
	ck_assert_int_eq(sendto(fd, "and back", 9, 0, (struct sockaddr *)&from, len), 9);
	ck_assert_ptr_nonnull(await(0x0800, 42, "and back", 9));
	close(fd);
}
END_TEST

static void expect_nothing_at_the_host(const char *options)
{
	uint16_t port;
	int fd = udp_socket(&port);
	uint8_t f[100], got[100];

	bench_plug(b, "slirp", -1, options);
	arp();
	give(f, udp(f, HOST, 5000, port, "x", 1));
	arp();
	ck_assert_int_lt(recv(fd, got, sizeof(got), MSG_DONTWAIT), 0);
	close(fd);
}

START_TEST(restricted_guest_does_not)
{
	expect_nothing_at_the_host("restrict=on");
}
END_TEST

START_TEST(nor_without_host_loopback)
{
	expect_nothing_at_the_host("host-loopback=off");
}
END_TEST

START_TEST(port_is_forwarded_to_the_guest)
{
	uint16_t port, unused;
	int fd = udp_socket(&port), out = udp_socket(&unused);
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				  .sin_port = htons(port) };
	char options[80];

	snprintf(options, sizeof(options), "forward=udp:127.0.0.1:%u-:7777", port);
	ck_assert_ptr_null(bench_open(b, "slirp", -1, options)); /* we are there */
	ck_assert_msg(strstr(b->err, "forward: cannot listen at UDP port 127.0.0.1") != NULL, "%s",
		      b->err);
	close(fd);
	bench_plug(b, "slirp", -1, options);
	arp(); /* it knows the guest now */
	ck_assert_int_eq(sendto(out, "hello", 6, 0, (struct sockaddr *)&to, sizeof(to)), 6);
	ck_assert_ptr_nonnull(await(0x0800, 36, "\x1e\x61", 2));
	ck_assert_ptr_nonnull(await(0x0800, 42, "hello", 6));
	close(out);
}
END_TEST

START_TEST(ipv6_router_answers)
{
	/* an MLD-less router solicitation from the unspecified address */
	static const uint8_t rs[62] = { 0x33, 0x33, 0,	 0, 0,	  2,	2, 0,  0,   0, 0, 1, 0x86,
					0xdd, 0x60, 0,	 0, 0,	  0,	8, 58, 255, 0, 0, 0, 0,
					0,    0,    0,	 0, 0,	  0,	0, 0,  0,   0, 0, 0, 0xff,
					2,    0,    0,	 0, 0,	  0,	0, 0,  0,   0, 0, 0, 0,
					0,    2,    133, 0, 0x7b, 0xb8, 0, 0,  0,   0 };
	bench_plug(b, "slirp", -1, NULL);
	give(rs, sizeof(rs));
	ck_assert_ptr_nonnull(await(0x86dd, 54, "\x86", 1));
}
END_TEST

/* Two of them share the thread, which ends with the last, and begins anew */
START_TEST(instances_come_and_go)
{
	struct vsw_wire *first;

	for (int i = 0; i < 3; i++) {
		ck_assert_ptr_nonnull(bench_open(b, "slirp", -1, "net=192.168.7.0/24"));
		first = b->wire;
		bench_plug(b, "slirp", -1, NULL);
		vsw_wire_close(first);
		arp();
		bench_unplug(b);
	}
}
END_TEST

static void refused(const char *options, const char *why)
{
	ck_assert_ptr_null(bench_open(b, "slirp", -1, options));
	ck_assert_str_eq(b->err, why);
}

START_TEST(options_that_contradict)
{
	refused("ipv4=off ipv6=off", "ipv4, ipv6: both are off");
	refused("host=10.0.3.2", "host: not in the network");
	refused("dns=10.0.2.255", "dns: not in the network");
	refused("dhcp-start=10.0.2.0", "dhcp-start: not in the network");
	refused("dns=10.0.2.2", "host, dns, dhcp-start: two are the same");
	refused("forward=2222-10.0.3.1:22",
		"forward: 2222-10.0.3.1:22: guest is not in the network");
}
END_TEST

START_TEST(values_that_are_none)
{
	static const char *const wrong[][2] = {
		{ "net", "10.0.2.0" },	      { "net", "10.0.2.1/24" },
		{ "net", "10.0.2.0/31" },     { "net", "10.0.2.0/x" },
		{ "host", "10.0.2" },	      { "ipv6-net", "fec0::" },
		{ "ipv6-dns", "1" },	      { "forward", "22" },
		{ "forward", "-22" },	      { "forward", "0-22" },
		{ "forward", "22-0" },	      { "forward", "70000-22" },
		{ "forward", "1-2-3" },	      { "forward", "sctp:1-2" },
		{ "forward", "1:2:3-4" },     { "mtu", "100" },
		{ "guest-forward", "80-/x" }, { "guest-forward", "10.0.2.100:80-x" },
	};
	const struct vsw_transport *t = vsw_transport_find("slirp");
	void *o = vsw_options_new(t->options, t->options_size);

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(vsw_option_set(t->options, o, wrong[i][0], wrong[i][1], b->err,
					     sizeof(b->err)) < 0,
			      "%s=%s", wrong[i][0], wrong[i][1]);
	vsw_options_free(t->options, o);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { guest_gets_a_lease,	  hand_over_keeps_leases,
				       guest_reaches_the_host,	  restricted_guest_does_not,
				       nor_without_host_loopback, port_is_forwarded_to_the_guest,
				       ipv6_router_answers,	  instances_come_and_go,
				       options_that_contradict,	  values_that_are_none };
	Suite *s = suite_create("transport-slirp");
	TCase *t = tcase_create("slirp");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(t, tests[i]);
	suite_add_tcase(s, t);
	return run_suite(s);
}
