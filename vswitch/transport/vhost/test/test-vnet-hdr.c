/* SPDX-License-Identifier: BSD-2-Clause */
/* Words of a frame's header that are believed, finished at once, or refused. */
#include "main.h"

#include <string.h>

#include "build-frame.h"
#include "hwnet/csum.h"
#include "transport/vhost/vnet-hdr.h"

static uint8_t bytes[BUILD_ROOM];
static struct iovec iov[2];
static struct pkt pkt;

/* A TCP/IPv4 frame with an unfinished checksum, and the header that says so */
static struct vnet_hdr partial(const struct build *b)
{
	uint32_t len = build_frame(b, bytes), l4 = build_headers(b) - (b->proto == 17 ? 8 : 20);
	uint16_t sum = csum_fold16(csum_pseudo4(bytes + 26, b->proto ? b->proto : 6, len - l4));

	pkt_flat(&pkt, iov, bytes, len);
	memcpy(bytes + l4 + (b->proto == 17 ? 6 : 16), &sum, 2);
	return (struct vnet_hdr) { .flags = VNET_NEEDS_CSUM,
				   .csum_start = htole16((uint16_t)l4),
				   .csum_offset = htole16(b->proto == 17 ? 6 : 16) };
}

/* Judge it as a ring does: with a head of its own */
static const char *judge(const struct vnet_hdr *h)
{
	uint32_t head = vsw_vnet_plain(h) ? PKT_HEAD : vsw_vnet_head(h, pkt.len);

	if (!head)
		return "beyond";
	if (head < pkt.len) {
		iov[0].iov_len = head;
		iov[1] = (struct iovec) { bytes + head, pkt.len - head };
		pkt.iovcnt = 2;
	}
	return vsw_vnet_words(h, &pkt, bytes);
}

START_TEST(a_checksum_of_tcp_or_udp_stays_unfinished)
{
	const struct build b[] = { { .payload = 500 },
				   { .payload = 500, .proto = 17 },
				   { .ip_opts = 40, .payload = 9 },
				   { .tpid = { 0x8100 }, .tci = { 5 }, .payload = 1 } };

	for (unsigned i = 0; i < 3; i++) {
		struct vnet_hdr h = partial(&b[i]);

		ck_assert_ptr_null(judge(&h));
		ck_assert_uint_eq(pkt.flags, PKT_CSUM_PARTIAL);
		ck_assert_uint_eq(pkt.csum_start, le16toh(h.csum_start));
		ck_assert_uint_eq(pkt.csum_offset, le16toh(h.csum_offset));
	}
}
END_TEST

/* Otherwise the word could become an address, or a port, after a policy has looked at it */
START_TEST(any_other_checksum_is_finished_at_once)
{
	const struct build b = { .payload = 100 };
	struct vnet_hdr h = partial(&b);
	uint8_t was[154];
	uint16_t sum;

	static const uint16_t places[][2] = { { 34, 14 }, { 30, 20 }, { 14, 12 }, { 0, 6 },
					      { 34, 2 },  { 40, 10 }, { 100, 0 } };

	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		unsigned field = places[i][0] + places[i][1];

		partial(&b);
		memcpy(was, bytes, sizeof(was));
		h.csum_start = htole16(places[i][0]);
		h.csum_offset = htole16(places[i][1]);
		ck_assert_ptr_null(judge(&h));
		ck_assert_uint_eq(pkt.flags, 0);
		sum = (uint16_t)~slow_sum(0, was + places[i][0], sizeof(was) - places[i][0]);
		if (!sum && places[i][1] == 6)
			sum = 0xffff;
		ck_assert_uint_eq(frame_be16(bytes + field), sum);
		memcpy(was + field, bytes + field, 2);
		ck_assert_mem_eq(was, bytes, sizeof(was));
	}
}
END_TEST

START_TEST(fragments_have_no_checksum_to_finish_later)
{
	const struct build b = { .payload = 100, .frag = 0x2000 };
	struct vnet_hdr h = partial(&b);

	ck_assert_ptr_null(judge(&h));
	ck_assert_uint_eq(pkt.flags, 0);
}
END_TEST

START_TEST(words_beyond_the_frame_or_its_headers_are_refused)
{
	const struct build b = { .payload = 1000 };
	struct vnet_hdr h = partial(&b);

	static const uint16_t places[][2] = {
		{ 1053, 0 }, { 0, 1053 }, { 65535, 65535 }, { 600, 0 }, { 34, 600 }
	};

	for (unsigned i = 0; i < 5; i++) {
		h.csum_start = htole16(places[i][0]);
		h.csum_offset = htole16(places[i][1]);
		ck_assert_ptr_nonnull(judge(&h));
	}
}
END_TEST

static struct vnet_hdr message(const struct build *b, uint8_t type)
{
	struct vnet_hdr h = partial(b);

	h.gso_type = type;
	h.gso_size = htole16(1448);
	h.hdr_len = htole16(1); /* a hint, and a wrong one */
	return h;
}

START_TEST(messages_are_taken_with_the_headers_they_have)
{
	const struct build b = { .payload = 60000 };
	const struct build udp = { .payload = 30000, .proto = 17 };
	struct vnet_hdr h = message(&b, PKT_GSO_TCPV4);

	ck_assert_ptr_null(judge(&h));
	ck_assert_uint_eq(pkt.hdr_len, 54);
	ck_assert_uint_eq(pkt.gso_size, 1448);
	ck_assert_ptr_null(gso_check(&pkt, NULL));
	h = message(&b, PKT_GSO_TCPV4 | PKT_GSO_ECN);
	ck_assert_ptr_null(judge(&h));
	h = message(&udp, PKT_GSO_UDP_L4);
	ck_assert_ptr_null(judge(&h));
	ck_assert_uint_eq(pkt.hdr_len, 42);
}
END_TEST

START_TEST(messages_that_are_not_what_they_say_are_refused)
{
	const struct build b = { .payload = 6000 }, udp = { .payload = 6000, .proto = 17 };
	struct vnet_hdr h;

	static const uint8_t types[] = { PKT_GSO_TCPV6, PKT_GSO_UDP_L4, 3, 2, 0x80, 0xff };

	for (unsigned i = 0; i < sizeof(types); i++) {
		h = message(&b, types[i]);
		ck_assert_ptr_nonnull(judge(&h));
	}
	h = message(&udp, PKT_GSO_TCPV4);
	ck_assert_ptr_nonnull(judge(&h));
	h = message(&b, PKT_GSO_TCPV4);
	h.gso_size = 0;
	ck_assert_ptr_nonnull(judge(&h));
	h = message(&b, PKT_GSO_TCPV4);
	h.flags = 0;
	ck_assert_ptr_nonnull(judge(&h));
	h = message(&b, PKT_GSO_TCPV4);
	h.csum_start = htole16(30);
	ck_assert_ptr_nonnull(judge(&h));
}
END_TEST

START_TEST(a_driver_cannot_vouch_for_a_checksum)
{
	struct vnet_hdr h = { .flags = VNET_DATA_VALID, .csum_start = htole16(9999) };
	const struct build b = { .payload = 10 };

	partial(&b);
	ck_assert(vsw_vnet_plain(&h));
	ck_assert_ptr_null(judge(&h));
	ck_assert_uint_eq(pkt.flags, 0);
}
END_TEST

START_TEST(what_is_put_in_comes_out)
{
	const struct build b = { .payload = 60000 };
	struct vnet_hdr h = message(&b, PKT_GSO_TCPV4), out;

	ck_assert_ptr_null(judge(&h));
	h.hdr_len = htole16(54);
	h.num_buffers = htole16(1);
	out = vsw_vnet_from(&pkt, true);
	ck_assert_mem_eq(&h, &out, sizeof(h));
	pkt = (struct pkt) { .flags = PKT_CSUM_VALID };
	ck_assert_uint_eq(vsw_vnet_from(&pkt, true).flags, VNET_DATA_VALID);
	ck_assert_uint_eq(vsw_vnet_from(&pkt, false).flags, 0);
}
END_TEST

START_TEST(a_side_takes_what_was_agreed_upon)
{
	uint64_t csum = VIRTIO_BIT(VIRTIO_NET_F_GUEST_CSUM);
	uint32_t all = PKT_TAKES_CSUM | PKT_TAKES_TCPV4 | PKT_TAKES_TCPV6 | PKT_TAKES_ECN |
		       PKT_TAKES_UDP_L4;

	ck_assert_uint_eq(vsw_vnet_takes(0, true), 0);
	ck_assert_uint_eq(vsw_vnet_takes(VIRTIO_BIT(VIRTIO_NET_F_GUEST_TSO4), true), 0);
	ck_assert_uint_eq(vsw_vnet_takes(csum, true), PKT_TAKES_CSUM);
	ck_assert_uint_eq(vsw_vnet_takes(csum, false), 0);
	ck_assert_uint_eq(vsw_vnet_takes(csum | VIRTIO_BIT(VIRTIO_NET_F_GUEST_TSO4), true),
			  PKT_TAKES_CSUM | PKT_TAKES_TCPV4);
	ck_assert_uint_eq(vsw_vnet_takes(csum | VIRTIO_BIT(VIRTIO_NET_F_GUEST_USO4), true),
			  PKT_TAKES_CSUM);
	ck_assert_uint_eq(
		vsw_vnet_takes(VIRTIO_BIT(VIRTIO_NET_F_CSUM) | VIRTIO_BIT(VIRTIO_NET_F_HOST_USO),
			       false),
		PKT_TAKES_CSUM | PKT_TAKES_UDP_L4);
	ck_assert_uint_eq(vsw_vnet_takes(UINT64_MAX, true), all);
	ck_assert_uint_eq(vsw_vnet_takes(UINT64_MAX, false), all);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_checksum_of_tcp_or_udp_stays_unfinished,
		any_other_checksum_is_finished_at_once,
		fragments_have_no_checksum_to_finish_later,
		words_beyond_the_frame_or_its_headers_are_refused,
		messages_are_taken_with_the_headers_they_have,
		messages_that_are_not_what_they_say_are_refused,
		a_driver_cannot_vouch_for_a_checksum,
		what_is_put_in_comes_out,
		a_side_takes_what_was_agreed_upon,
		NULL,
	};

	return run_tests("vhost-vnet-hdr", tests);
}
