/* SPDX-License-Identifier: BSD-2-Clause */
/* tap and packet: in a network namespace of the test's own, which needs no rights where users may
 * have such. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "main.h"
#include "rig.h"
#include "vhost/virtio.h"

static struct bench *b;

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* A network namespace; as an ordinary user one of users, too. NULL, or what is missing */
static const char *own_namespace(void)
{
	uid_t uid = getuid();
	char map[32];

	snprintf(map, sizeof(map), "0 %u 1", (unsigned)uid);
	if (uid == 0)
		return unshare(CLONE_NEWNET) == 0 ? NULL : "no network namespaces";
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return "no namespaces for users";
	return write_file("/proc/self/setgroups", "deny") && write_file("/proc/self/uid_map", map) ?
		       NULL :
		       "no namespaces for users";
}

/* Tried in a child, for main() */
static const char *what_is_missing(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		int fd = open("/dev/net/tun", O_RDWR);

		_exit(fd < 0 ? 1 : own_namespace() ? 2 : 0);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status) == 0 ? NULL :
	       WEXITSTATUS(status) == 1 ? "/dev/net/tun cannot be opened" :
					  "no network namespaces";
}

static void set_flags(const char *name, short on, short off)
{
	struct ifreq r = { .ifr_flags = 0 };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	ck_assert_int_eq(ioctl(fd, SIOCGIFFLAGS, &r), 0);
	r.ifr_flags = (short)((r.ifr_flags | on) & ~off);
	ck_assert_int_eq(ioctl(fd, SIOCSIFFLAGS, &r), 0);
	close(fd);
}

/* IPv6 would send frames of its own */
static void quiet(const char *name)
{
	char path[80];

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6", name);
	write_file(path, "1");
}

/* The far end of an interface, with 10 bytes of header */
static int far_end(const char *name)
{
	struct ifreq r = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	ck_assert_int_eq(ioctl(fd, TUNSETIFF, &r), 0);
	ck_assert_int_eq(
		ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN), 0);
	quiet(name);
	set_flags(name, IFF_UP, 0);
	return fd;
}

/* A packet socket at an interface, with 10 bytes of header; with ETH_P_ALL it sees also frames that
 * leave */
static int raw(const char *name, uint16_t type)
{
	struct sockaddr_ll a = { .sll_family = AF_PACKET,
				 .sll_protocol = htons(type),
				 .sll_ifindex = (int)if_nametoindex(name) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(type)), one = 1;

	setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void setup(void)
{
	ck_assert_ptr_null(own_namespace());
	b = bench_new();
}

static void teardown(void)
{
	bench_free(b);
}

static void events_run(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
	bench_run(b);
}

static void expect_got(unsigned i, uint32_t len, unsigned number)
{
	uint8_t want[9014];

	bench_frame_make(want, len, number);
	ck_assert_uint_lt(i, b->n);
	ck_assert_uint_eq(b->got[i].len, len);
	ck_assert_mem_eq(b->got[i].bytes, want, len);
}

static void expect_read(int fd, uint32_t len, unsigned number)
{
	uint8_t want[9014], got[10 + 9015];

	bench_frame_make(want, len, number);
	ck_assert_int_eq(read(fd, got, sizeof(got)), 10 + len);
	ck_assert_mem_eq(got + 10, want, len);
}

static void put(int fd, uint32_t len, unsigned number)
{
	uint8_t buf[10 + 9014] = { 0 };

	bench_frame_make(buf + 10, len, number);
	ck_assert_int_eq(write(fd, buf, 10 + len), 10 + len);
}

/* A TCP message of 32 KiB that is to be cut, behind a header; how long it is */
static size_t message(uint8_t *buf)
{
	struct vnet_hdr h = { .flags = VNET_NEEDS_CSUM,
			      .gso_type = PKT_GSO_TCPV4,
			      .hdr_len = 54,
			      .gso_size = 1460,
			      .csum_start = 34,
			      .csum_offset = 16 };
	static const uint8_t head[54] = { 255, 255, 255,  255,	255, 255, 2, 0, 0,  0, 0,
					  1,   8,   0,	  0x45, 0,   0,	  0, 0, 1,  0, 0,
					  64,  6,   0,	  0,	10,  0,	  0, 1, 10, 0, 0,
					  2,   0,   80,	  0,	81,  0,	  0, 0, 1,  0, 0,
					  0,   1,   0x50, 16,	255, 255, 0, 0, 0,  0 };
	struct pkt pkt = { .gso_type = PKT_GSO_TCPV4, .gso_size = 1460, .len = 54 + 32768 };
	struct iovec iov = { buf + 10, 54 + 32768 };

	memcpy(buf, &h, 10);
	memcpy(buf + 10, head, sizeof(head));
	for (uint32_t i = 0; i < 32768; i++)
		buf[64 + i] = (uint8_t)i;
	pkt.iov = &iov;
	pkt.iovcnt = 1;
	ck_assert_ptr_null(gso_init(&pkt, buf + 10));
	return 10 + 54 + 32768;
}

/* It came whole to the card */
static void expect_message(const uint8_t *buf)
{
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(b->got[0].len, 54 + 32768);
	ck_assert_uint_eq(b->got[0].gso_size, 1460);
	ck_assert_mem_eq(b->got[0].bytes + 54, buf + 64, 32768);
}

/* And back from the card to @fd, whole */
static void send_message(int fd, uint8_t *buf)
{
	static uint8_t got[10 + 65536];
	struct vnet_hdr *h = (struct vnet_hdr *)got;
	struct iovec iov = { buf + 10, 54 + 32768 };
	struct pkt pkt = { .iov = &iov,
			   .iovcnt = 1,
			   .len = 54 + 32768,
			   .gso_type = PKT_GSO_TCPV4,
			   .gso_size = 1460 };
	const struct pkt *one = &pkt;

	ck_assert_ptr_null(gso_init(&pkt, buf + 10));
	vsw_port_input(b->card, &one, 1);
	ck_assert_int_eq(read(fd, got, sizeof(got)), 10 + 54 + 32768);
	ck_assert_uint_eq(h->gso_type, PKT_GSO_TCPV4);
	ck_assert_uint_eq(h->gso_size, 1460);
	ck_assert_mem_eq(got + 64, buf + 64, 32768);
}

START_TEST(packet_both_ways)
{
	int far = far_end("far0");

	bench_plug(b, "packet", -1, "ifname=far0");
	ck_assert(b->link);
	for (unsigned i = 0; i < 200; i++)
		put(far, 60 + i, i);
	events_run();
	for (unsigned i = 0; i < 200; i++)
		expect_got(i, 60 + i, i);
	bench_send(b, 40, 1514);
	for (unsigned i = 0; i < 40; i++)
		expect_read(far, 1514, i);
	bench_clear(b);
	events_run();
	ck_assert_uint_eq(b->n, 0); /* our own do not come back */
	close(far);
}
END_TEST

/* Longer than a slot, in order with others */
START_TEST(packet_whole_messages)
{
	static uint8_t buf[10 + 65536];
	int far = far_end("far0");
	size_t n = message(buf);

	bench_plug(b, "packet", -1, "ifname=far0");
	vsw_port_set_caps(b->card, PKT_TAKES_CSUM | PKT_TAKES_TCPV4);
	ck_assert_int_eq(write(far, buf, n), (ssize_t)n);
	events_run();
	expect_message(buf);
	ck_assert_uint_ge(bench_fact(b, "reads"), 1);
	send_message(far, buf);
	bench_clear(b);
	put(far, 60, 1);
	ck_assert_int_eq(write(far, buf, n), (ssize_t)n);
	put(far, 61, 2);
	events_run();
	ck_assert_uint_eq(b->n, 3);
	expect_got(0, 60, 1);
	expect_got(2, 61, 2);
	close(far);
}
END_TEST

START_TEST(packet_link_follows_the_interface)
{
	int far = far_end("far0");

	bench_plug(b, "packet", -1, "ifname=far0");
	set_flags("far0", 0, IFF_UP);
	events_run();
	ck_assert(!b->link);
	set_flags("far0", IFF_UP, 0);
	events_run();
	ck_assert(b->link);
	put(far, 60, 7);
	events_run();
	expect_got(b->n - 1, 60, 7);
	close(far); /* and with it the interface */
	events_run();
	ck_assert_uint_eq(b->failed, 1);
	ck_assert_str_eq(b->why, "interface 'far0' is gone");
}
END_TEST

/* Whether others at the interface see what is sent: they do in front of the queueing discipline */
static void send_and_see(int far, const char *options, bool seen)
{
	uint8_t buf[256];
	int other = raw("far0", ETH_P_ALL);
	ssize_t n;

	bench_plug(b, "packet", -1, options);
	bench_send(b, 1, 100);
	expect_read(far, 100, 0);
	n = read(other, buf, sizeof(buf));
	ck_assert(seen ? n > 0 : n < 0 && errno == EAGAIN);
	bench_unplug(b);
	close(other);
}

START_TEST(packet_past_the_queueing_discipline)
{
	int far = far_end("far0");

	send_and_see(far, "ifname=far0", true);
	send_and_see(far, "ifname=far0 qdisc=off", false);
	close(far);
}
END_TEST

START_TEST(packet_without_an_interface)
{
	ck_assert_ptr_null(bench_open(b, "packet", -1, "ifname=nowhere"));
	ck_assert_str_eq(b->err, "there is no interface 'nowhere'");
}
END_TEST

START_TEST(tap_both_ways)
{
	int fd;

	bench_plug(b, "tap", -1, "ifname=tap7");
	quiet("tap7");
	events_run();
	ck_assert(b->link); /* it was brought up */
	fd = raw("tap7", 0x88b5);
	for (unsigned i = 0; i < 100; i++)
		put(fd, 60 + i, i);
	events_run();
	for (unsigned i = 0; i < 100; i++)
		expect_got(b->n - 100 + i, 60 + i, i);
	bench_send(b, 40, 1514); /* what the socket of the test has room for */
	for (unsigned i = 0; i < 40; i++)
		expect_read(fd, 1514, i);
	close(fd);
}
END_TEST

START_TEST(tap_whole_messages)
{
	static uint8_t buf[10 + 65536];
	struct ifreq r = { .ifr_name = "tap7" };
	size_t n = message(buf);
	int fd;

	bench_plug(b, "tap", -1, "ifname=tap7");
	quiet("tap7");
	events_run();
	vsw_port_set_caps(b->card, PKT_TAKES_CSUM | PKT_TAKES_TCPV4);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
	{
		struct sockaddr_ll a = { .sll_family = AF_PACKET,
					 .sll_protocol = htons(0x0800),
					 .sll_ifindex = (int)if_nametoindex("tap7") };
		int one = 1;

		setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one));
		bind(fd, (struct sockaddr *)&a, sizeof(a));
	}
	ck_assert_int_eq(write(fd, buf, n), (ssize_t)n);
	bench_clear(b);
	events_run();
	expect_message(buf);
	while (recv(fd, &r, 1, 0) >= 0)
		;
	send_message(fd, buf);
	close(fd);
}
END_TEST

START_TEST(tap_link_follows_the_interface)
{
	bench_plug(b, "tap", -1, "ifname=tap7");
	events_run();
	ck_assert(b->link);
	set_flags("tap7", 0, IFF_UP);
	events_run();
	ck_assert(!b->link);
	ck_assert_uint_eq(b->failed, 0);
	set_flags("tap7", IFF_UP, 0);
	events_run();
	ck_assert(b->link);
}
END_TEST

START_TEST(tap_in_use)
{
	int far = far_end("far0");

	ck_assert_ptr_null(bench_open(b, "tap", -1, "ifname=far0"));
	ck_assert_msg(strstr(b->err, "far0") != NULL, "%s", b->err);
	close(far);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { packet_both_ways,
				       packet_whole_messages,
				       packet_link_follows_the_interface,
				       packet_past_the_queueing_discipline,
				       packet_without_an_interface,
				       tap_both_ways,
				       tap_whole_messages,
				       tap_link_follows_the_interface,
				       tap_in_use };
	const char *missing = what_is_missing();
	Suite *s = suite_create("transport-interface");
	TCase *t = tcase_create("interface");

	if (missing) {
		printf("1..0 # SKIP %s\n", missing);
		return 0;
	}
	tcase_add_checked_fixture(t, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(t, tests[i]);
	suite_add_tcase(s, t);
	return run_suite(s);
}
