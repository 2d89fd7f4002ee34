// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames between struct pkt and QEMU's net clients (vnet.c), with a back end that notes what it
 * gets.
 */
#include "../vnet.h"
#include "qemu/iov.h"
#include "standard-headers/linux/virtio_net.h"

/* The back end. */
static uint8_t got[128][2048];
static size_t got_len[128];
static unsigned n_got;
static ssize_t answer;
static bool peer_has_header, uses_header = !HAVE_USING_VNET_HDR;
static int header_len;

ssize_t qemu_sendv_packet_async(NetClientState *nc, const struct iovec *iov, int cnt,
				NetPacketSent *sent)
{
	size_t len = iov_size(iov, cnt);

	g_assert_cmpuint(n_got, <, G_N_ELEMENTS(got));
	iov_to_buf(iov, cnt, 0, got[n_got], MIN(len, sizeof(got[0])));
	got_len[n_got++] = len;
	return answer ? (ssize_t)len : 0;
}

bool qemu_has_vnet_hdr(NetClientState *nc)
{
	return peer_has_header;
}

bool qemu_has_vnet_hdr_len(NetClientState *nc, int len)
{
	return len == VC_VNET_LEN;
}

void qemu_set_vnet_hdr_len(NetClientState *nc, int len)
{
	header_len = len;
}

#if HAVE_USING_VNET_HDR
void qemu_using_vnet_hdr(NetClientState *nc, bool on)
{
	uses_header = on;
}
#endif

/* A header and a TCP/IPv4 message of @payload bytes in one buffer, 10 + 54 + @payload. */
struct message {
	struct virtio_net_hdr hdr;
	uint8_t bytes[54 + 4000];
};

static void make_message(struct message *m, unsigned payload)
{
	static const uint8_t head[54] = {
		0x02, 0,    0,	  0,	0, 0xfe, 0x02, 0, 0, 0,	 0, 0x01, 0x08, 0x00, 0x45, 0,	  0,
		0,    0,    0,	  0,	0, 64,	 6,    0, 0, 10, 0, 0,	  1,	10,   0,    0,	  2,
		0x10, 0x00, 0x10, 0x01, 0, 0,	 0,    1, 0, 0,	 0, 1,	  0x50, 0x10, 0xff, 0xff,
	};

	memcpy(m->bytes, head, sizeof(head));
	for (unsigned i = 0; i < payload; i++)
		m->bytes[54 + i] = i * 7;
	stw_be_p(m->bytes + 16, 40 + payload);
	m->hdr = (struct virtio_net_hdr) {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
		.hdr_len = 200,
		.gso_size = 1000,
		.csum_start = 34,
		.csum_offset = 16,
	};
}

static struct vc_frame frame;
static uint8_t *flat;

static const char *take(const void *bytes, size_t len, int vnet_len)
{
	struct iovec iov = { (void *)bytes, len };

	return vc_frame_from(&frame, &iov, 1, vnet_len, false, &flat);
}

static void assert_same(const void *bytes, size_t len)
{
	g_autofree uint8_t *copy = g_malloc(len);

	g_assert_cmpuint(frame.pkt.len, ==, len);
	g_assert_cmpuint(pkt_copy(&frame.pkt, 0, copy, len), ==, len);
	g_assert_cmpmem(copy, len, bytes, len);
}

static void test_head_is_private(void)
{
	struct message m;

	make_message(&m, 1000);
	g_assert_null(take(m.bytes, 1054, 0));
	assert_same(m.bytes, 1054);
	g_assert_cmpuint(frame.iov[0].iov_len, >=, PKT_HEAD);
	g_assert_true(frame.iov[0].iov_base == frame.head);
	g_assert_true(frame.iov[1].iov_base == m.bytes + frame.iov[0].iov_len);
}

static void test_many_pieces(void)
{
	struct message m;
	struct iovec iov[1000];

	make_message(&m, 1946);
	for (int i = 0; i < 1000; i++)
		iov[i] = (struct iovec) { m.bytes + 2 * i, 2 };
	g_assert_null(vc_frame_from(&frame, iov, 1000, 0, false, &flat));
	assert_same(m.bytes, 2000);
	g_assert_cmpuint(frame.pkt.iovcnt, <, FRAME_IOV_MAX);
}

static void test_private_is_not_copied(void)
{
	struct virtio_net_hdr none = { 0 };
	struct message m;
	struct iovec iov[] = { { &none, VC_VNET_LEN }, { m.bytes, 1054 } };

	make_message(&m, 1000);
	g_assert_null(vc_frame_from(&frame, iov, 2, VC_VNET_LEN, true, &flat));
	assert_same(m.bytes, 1054);
	g_assert_true(frame.iov[0].iov_base == m.bytes);
	g_assert_null(vc_frame_from(&frame, iov, 2, VC_VNET_LEN, false, &flat));
	assert_same(m.bytes, 1054);
	g_assert_true(frame.iov[0].iov_base == frame.head);
	m.hdr = none;
	g_assert_null(take(&m, 10 + 1054, VC_VNET_LEN));
	assert_same(m.bytes, 1054);
}

static void test_lengths(void)
{
	static uint8_t big[PKT_MAX_LEN + 1];

	for (size_t len = 0; len < 14; len++)
		g_assert_nonnull(take(big, len, 0));
	for (size_t len = 0; len < 14 + VC_VNET_LEN; len++)
		g_assert_nonnull(take(big, len, VC_VNET_LEN));
	g_assert_null(take(big, 14, 0));
	g_assert_null(take(big, PKT_MAX_LEN, 0));
	g_assert_nonnull(take(big, PKT_MAX_LEN + 1, 0));
}

static void test_words(void)
{
	struct message m;

	make_message(&m, 3000);
	g_assert_null(take(&m, 10 + 54 + 3000, VC_VNET_LEN));
	assert_same(m.bytes, 3054);
	g_assert_cmpuint(frame.pkt.flags, ==, PKT_CSUM_PARTIAL);
	g_assert_cmpuint(frame.pkt.gso_type, ==, PKT_GSO_TCPV4);
	g_assert_cmpuint(frame.pkt.gso_size, ==, 1000);
	g_assert_cmpuint(frame.pkt.hdr_len, ==, 54); /* not the hint's 200 */
}

static void test_longer_header(void)
{
	uint8_t bytes[12 + 60] = { VIRTIO_NET_HDR_F_DATA_VALID };

	struct iovec iov = { bytes, sizeof(bytes) };

	g_assert_null(vc_frame_from(&frame, &iov, 1, 12, true, &flat));
	g_assert_cmpuint(frame.pkt.len, ==, 60);
	g_assert_cmpuint(frame.pkt.flags, ==, PKT_CSUM_VALID);
}

/* A driver must not set it; what a guest says of its own checksum verifies nothing. */
static void test_guest_verifies_nothing(void)
{
	uint8_t bytes[12 + 60] = { VIRTIO_NET_HDR_F_DATA_VALID };

	g_assert_null(take(bytes, sizeof(bytes), 12));
	g_assert_cmpuint(frame.pkt.len, ==, 60);
	g_assert_cmpuint(frame.pkt.flags, ==, 0);
}

static void assert_refused(struct message *m)
{
	g_assert_nonnull(take(m, 10 + 54 + 3000, VC_VNET_LEN));
	make_message(m, 3000);
}

static void test_hostile_words(void)
{
	struct message m;

	make_message(&m, 3000);
	m.hdr.csum_start = 3053;
	assert_refused(&m);
	m.hdr.csum_start = m.hdr.csum_offset = 0xffff;
	assert_refused(&m);
	m.hdr.csum_start = 2000; /* in the frame, but no head is that long */
	assert_refused(&m);
	m.hdr.flags = 0;
	assert_refused(&m);
	m.hdr.gso_type = VIRTIO_NET_HDR_GSO_UDP;
	assert_refused(&m);
	m.hdr.gso_type = 0x7f;
	assert_refused(&m);
	m.hdr.gso_type = VIRTIO_NET_HDR_GSO_TCPV6;
	assert_refused(&m);
	m.hdr.gso_size = 0;
	assert_refused(&m);
	m.bytes[46] = 0; /* TCP header of 0 bytes */
	assert_refused(&m);
	m.hdr.gso_type = VIRTIO_NET_HDR_GSO_NONE;
	m.hdr.csum_start = 3000; /* plain frame, field beyond what a head may hold */
	assert_refused(&m);
	g_assert_null(take(&m, 10 + 54 + 3000, VC_VNET_LEN));
}

/* csum-rewrite: a stock peer has its sum stored over addresses or ports. */
static void test_sum_in_other_places(void)
{
	static const unsigned at[] = { 0, 6, 12, 26, 34, 36, 52 };
	struct message m;

	for (unsigned i = 0; i < G_N_ELEMENTS(at); i++) {
		make_message(&m, 500);
		m.hdr.gso_type = VIRTIO_NET_HDR_GSO_NONE;
		m.hdr.csum_start = at[i];
		m.hdr.csum_offset = 0;
		g_assert_null(take(&m, 10 + 54 + 500, VC_VNET_LEN));
		g_assert_cmpuint(frame.pkt.flags, ==, 0);
		g_assert_cmphex(lduw_he_p(frame.head + at[i]), ==,
				csum_fold(csum_bytes(m.bytes + at[i], 554 - at[i])));
	}
	make_message(&m, 500);
	m.hdr.gso_type = VIRTIO_NET_HDR_GSO_NONE;
	g_assert_null(take(&m, 10 + 54 + 500, VC_VNET_LEN));
	g_assert_cmpuint(frame.pkt.flags, ==, PKT_CSUM_PARTIAL);
}

static void send_frame(const struct vc_vnet *v, bool room)
{
	NetClientState peer = { .do_not_pad = true }, nc = { .peer = &peer };

	n_got = 0;
	answer = room;
	g_assert_true(vc_send(&nc, &frame.pkt, v, NULL) == room);
}

static void test_send_whole(void)
{
	struct vc_vnet v = { VC_VNET_LEN, PKT_TAKES_CSUM | PKT_TAKES_TCPV4 };
	struct virtio_net_hdr h;
	struct message m;

	make_message(&m, 1900);
	g_assert_null(take(&m, 10 + 54 + 1900, VC_VNET_LEN));
	send_frame(&v, true);
	g_assert_cmpuint(n_got, ==, 1);
	g_assert_cmpuint(got_len[0], ==, 10 + 54 + 1900);
	memcpy(&h, got[0], sizeof(h));
	m.hdr.hdr_len = 54;
	g_assert_cmpmem(&h, sizeof(h), &m.hdr, sizeof(h));
	g_assert_cmpmem(got[0] + 10, 54 + 1900, m.bytes, 54 + 1900);
}

static void test_send_in_segments(void)
{
	struct vc_vnet plain = { 0, 0 };
	struct message m;

	make_message(&m, 2500);
	g_assert_null(take(&m, 10 + 54 + 2500, VC_VNET_LEN));
	send_frame(&plain, true);
	g_assert_cmpuint(n_got, ==, 3);
	g_assert_cmpuint(got_len[0], ==, 1054);
	g_assert_cmpuint(got_len[2], ==, 554);
	for (unsigned i = 0; i < 3; i++) {
		uint32_t sum = csum_pseudo4(got[i] + 26, 6, got_len[i] - 34);

		sum = csum_add(sum, csum_bytes(got[i] + 34, got_len[i] - 34));
		g_assert_cmphex(csum_fold16(sum), ==, 0xffff);
		g_assert_cmpmem(got[i] + 54, got_len[i] - 54, m.bytes + 54 + 1000 * i,
				got_len[i] - 54);
	}
}

static void test_no_room(void)
{
	struct vc_vnet plain = { 0, 0 };
	struct message m;

	make_message(&m, 2500);
	g_assert_null(take(&m, 10 + 54 + 2500, VC_VNET_LEN));
	send_frame(&plain, false);
	g_assert_cmpuint(n_got, ==,
			 3); /* QEMU keeps all of a message whose first segment it kept */
}

static void test_padding(void)
{
#if HAVE_PEER_NEEDS_PADDING
	static const uint8_t bytes[42] = { 1, 2, 3 };
	struct vc_vnet plain = { 0, 0 };
	NetClientState peer = { .do_not_pad = false }, nc = { .peer = &peer };

	g_assert_null(take(bytes, sizeof(bytes), 0));
	send_frame(&plain, true);
	g_assert_cmpuint(got_len[0], ==, 42);
	n_got = 0;
	g_assert_true(vc_send(&nc, &frame.pkt, &plain, NULL));
	g_assert_cmpuint(got_len[0], ==, 60);
	g_assert_cmpmem(got[0], 42, bytes, 42);
#else
	g_test_skip("this QEMU has its cards pad");
#endif
}

static void test_agree(void)
{
	struct vc_vnet v;

	peer_has_header = false;
	g_assert_false(vc_agree_vnet(NULL, &v));
	g_assert_cmpint(v.len, ==, 0);
	g_assert_cmpuint(v.takes, ==, 0);
	peer_has_header = true;
	g_assert_true(vc_agree_vnet(NULL, &v));
	g_assert_cmpint(v.len, ==, VC_VNET_LEN);
	g_assert_cmpuint(v.takes & PKT_TAKES_VLAN, ==, 0);
	g_assert_cmpint(header_len, ==, VC_VNET_LEN);
	g_assert_true(uses_header);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vnet/head-is-private", test_head_is_private);
	g_test_add_func("/vnet/many-pieces", test_many_pieces);
	g_test_add_func("/vnet/private-is-not-copied", test_private_is_not_copied);
	g_test_add_func("/vnet/lengths", test_lengths);
	g_test_add_func("/vnet/words", test_words);
	g_test_add_func("/vnet/longer-header", test_longer_header);
	g_test_add_func("/vnet/guest-verifies-nothing", test_guest_verifies_nothing);
	g_test_add_func("/vnet/hostile-words", test_hostile_words);
	g_test_add_func("/vnet/sum-in-other-places", test_sum_in_other_places);
	g_test_add_func("/vnet/send-whole", test_send_whole);
	g_test_add_func("/vnet/send-in-segments", test_send_in_segments);
	g_test_add_func("/vnet/no-room", test_no_room);
	g_test_add_func("/vnet/padding", test_padding);
	g_test_add_func("/vnet/agree", test_agree);
	return g_test_run();
}
