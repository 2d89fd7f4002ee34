/* SPDX-License-Identifier: BSD-2-Clause */
/* e1000 transmit offloads: checksums, TSO, VLAN tags. */
#include "rig.h"

#define TUCMD_TCP 0x01000000u
#define TUCMD_IP  0x02000000u

static struct rig R;
static uint8_t frame[BUILD_ROOM], want[BUILD_ROOM], got[BUILD_ROOM];

/* A frame with both checksums cleared to what a driver leaves: IP 0, L4 the pseudo-header's sum. */
static uint32_t driver_frame(const struct build *b, bool with_len)
{
	uint32_t len = build_frame(b, want), l4 = build_headers(b) - (b->proto == 17 ? 8 : 20);
	uint32_t field = l4 + (b->proto == 17 ? 6 : 16);
	uint32_t l4_len = with_len ? len - l4 : 0;
	uint32_t sum;
	uint16_t v;

	memcpy(frame, want, len);
	if (b->v6) {
		sum = csum_pseudo6(frame + 22, b->proto == 17 ? 17 : 6, l4_len);
	} else {
		memset(frame + 24, 0, 2);
		sum = csum_pseudo4(frame + 26, b->proto == 17 ? 17 : 6, l4_len);
	}
	v = csum_fold16(sum);
	memcpy(frame + field, &v, 2);
	return len;
}

/* The frame that left, completed, is the one that was built. */
static void check_complete(unsigned n, uint32_t len)
{
	ck_assert_uint_lt(n, R.h.n_tx);
	ck_assert_uint_eq(R.h.tx[n].pkt.len, len);
	pkt_copy_finished(&R.h.tx[n].pkt, got);
	ck_assert_mem_eq(got, want, len);
}

START_TEST(tcp_and_ip_checksum)
{
	struct build b = { .payload = 1000 };
	uint32_t len = driver_frame(&b, true);

	rig_open(&R);
	rig_data(&R, 0, frame, len);
	rig_context(&R, 14 | 24 << 8 | 33 << 16, 34 | 50 << 8, TUCMD_TCP | TUCMD_IP, 0);
	rig_desc(&R, R.tx_buf, len | DATA | EOP | IFCS | RS, IXSM | TXSM);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.tx[0].pkt.flags, PKT_CSUM_PARTIAL);
	ck_assert_uint_eq(R.h.tx[0].pkt.csum_start, 34);
	ck_assert_uint_eq(R.h.tx[0].pkt.csum_offset, 16);
	check_complete(0, len);
	rig_close(&R);
}
END_TEST

START_TEST(udp_over_ipv6_checksum)
{
	struct build b = { .payload = 333, .v6 = true, .proto = 17 };
	uint32_t len = driver_frame(&b, true);

	rig_open(&R);
	rig_data(&R, 0, frame, len);
	rig_context(&R, 0, 54 | 60 << 8, 0, 0);
	rig_desc(&R, R.tx_buf, len | DATA | EOP | IFCS | RS, TXSM);
	rig_ring(&R);
	check_complete(0, len);
	rig_close(&R);
}
END_TEST

/* 3.3.3.1 IC: one sum to the end of the frame, offsets in the last descriptor. */
START_TEST(legacy_insert_checksum)
{
	struct build b = { .payload = 500 };
	uint32_t len = build_frame(&b, want);
	uint16_t v = csum_fold16(csum_pseudo4(want + 26, 6, len - 34));

	memcpy(frame, want, len);
	memcpy(frame + 50, &v, 2);
	rig_open(&R);
	rig_data(&R, 0, frame, len);
	rig_desc(&R, R.tx_buf, 100 | IFCS, 0);
	rig_desc(&R, R.tx_buf + 100, (len - 100) | 50 << 16 | EOP | IFCS | RS | IC, 34 << 8);
	rig_ring(&R);
	check_complete(0, len);
	rig_close(&R);
}
END_TEST

/* A sum that is stored in front of where it starts, or ends early, cannot be left to others. */
START_TEST(odd_checksums_are_done_at_once)
{
	uint16_t sum;

	rig_open(&R);
	rig_frame(frame, 400, rig_mac);
	memset(frame + 20, 0, 2);
	memcpy(want, frame, 400);
	sum = csum_fold(csum_bytes(frame + 40, 360));
	memcpy(want + 20, &sum, 2);
	rig_data(&R, 0, frame, 400);
	rig_desc(&R, R.tx_buf, 400 | 20 << 16 | EOP | IFCS | RS | IC, 40 << 8);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.tx[0].pkt.flags, 0);
	check_complete(0, 400);
	memcpy(want, frame, 400);
	sum = csum_fold(csum_bytes(frame + 16, 301 - 16));
	memcpy(want + 20, &sum, 2);
	rig_context(&R, 0, 16 | 20 << 8 | 300u << 16, 0, 0);
	rig_desc(&R, R.tx_buf, 400 | DATA | EOP | IFCS | RS, TXSM);
	rig_ring(&R);
	check_complete(1, 400);
	rig_close(&R);
}
END_TEST

/* Steer the sum from @at on, so that what is stored there is @val: the last two bytes make it
 * so. */
static void steer(uint8_t *p, uint32_t len, uint32_t at, uint16_t val)
{
	uint32_t sum;

	memset(p + len - 2, 0, 2);
	sum = slow_sum(0, p + at, len - at);
	frame_put_be16(p + len - 2, (uint16_t)((0xffffu - val + 0xffffu - sum) % 0xffff));
}

/* csum-rewrite: what leaves is what is shown to the host, wherever the guest has its sum stored. */
static void check_shown(uint32_t at, uint16_t val)
{
	struct fake_frame *f = &R.h.tx[0];

	ck_assert_uint_eq(R.h.n_tx, 1);
	ck_assert_uint_eq(f->pkt.flags & PKT_CSUM_PARTIAL, 0);
	ck_assert_uint_eq(frame_be16(f->data + at), val);
}

START_TEST(a_sum_over_the_addresses_is_seen)
{
	static const struct {
		uint32_t at;
		uint16_t val;
	} aims[] = { { 10, 0x0099 }, { 0, 0x0180 }, { 36, 22 }, { 12, 0x0806 }, { 26, 0x0a00 } };
	struct build b = { .payload = 10 };
	uint32_t len = build_frame(&b, frame);

	for (unsigned i = 0; i < 2 * 5; i++) {
		uint32_t at = aims[i / 2].at;

		build_frame(&b, frame);
		steer(frame, len, at, aims[i / 2].val);
		rig_open(&R);
		rig_data(&R, 0, frame, len);
		if (i & 1) {
			rig_context(&R, 0, at | at << 8, 0, 0);
			rig_desc(&R, R.tx_buf, len | DATA | EOP | IFCS | RS, TXSM);
		} else {
			rig_desc(&R, R.tx_buf, len | at << 16 | EOP | IFCS | RS | IC, at << 8);
		}
		rig_ring(&R);
		check_shown(at, aims[i / 2].val);
		rig_close(&R);
	}
}
END_TEST

/*
 * A tag whose type is IPv4 makes another frame of the bytes: what was the checksum of TCP stands in
 * an address then.
 */
START_TEST(a_tag_that_makes_other_headers_leaves_no_sum)
{
	struct build b = { .payload = 10 };
	uint32_t len = build_frame(&b, frame);

	rig_open(&R);
	wr(&R, CTRL, 0x40000041); /* VME */
	wr(&R, VET, FRAME_TYPE_IPV4);
	rig_data(&R, 0, frame, len);
	rig_context(&R, 0, 34 | 50 << 8, 0, 0);
	rig_desc(&R, R.tx_buf, len | DATA | EOP | IFCS | RS | VLE, 0x45000000 | TXSM);
	rig_ring(&R);
	check_shown(12, FRAME_TYPE_IPV4);
	ck_assert_uint_eq(frame_be16(R.h.tx[0].data + 14), 0x4500);
	rig_close(&R);
}
END_TEST

static void send_tso(const struct build *b, uint32_t mss, bool with_len)
{
	uint32_t len = driver_frame(b, with_len), hdr = build_headers(b), l4 = hdr - 20;
	uint32_t at = 0, n;

	if (!b->v6)
		memset(frame + 16, 0, 2); /* Linux leaves lengths 0 */
	else
		memset(frame + 18, 0, 2);
	rig_data(&R, 0, frame, len);
	rig_context(&R, 14 | 24 << 8 | (l4 - 1) << 16, l4 | (l4 + 16) << 8,
		    (len - hdr) | TSE | TUCMD_TCP | (b->v6 ? 0 : TUCMD_IP), mss << 16 | hdr << 8);
	for (; at < len; at += n) {
		n = len - at < 4096 ? len - at : 4096;
		rig_desc(&R, R.tx_buf + at, n | DATA | TSE | IFCS | (at + n == len ? EOP | RS : 0),
			 IXSM | TXSM);
	}
	rig_ring(&R);
}

static void check_segments(const struct build *whole, uint32_t mss)
{
	struct gso_iter it;
	struct pkt_buf buf;
	const struct pkt *seg;
	uint32_t off = 0;

	ck_assert_ptr_null(gso_check(&R.h.tx[0].pkt, NULL));
	ck_assert_ptr_null(gso_begin(&it, &R.h.tx[0].pkt, GSO_FINISH));
	while ((seg = gso_next(&it, &buf))) {
		struct build b = *whole;
		uint32_t len;

		b.payload = whole->payload - off < mss ? whole->payload - off : mss;
		b.fill = (uint8_t)(whole->fill + off);
		b.seq = whole->seq + off;
		b.ip_id = (uint16_t)(whole->ip_id + (whole->v6 ? 0 : off / mss));
		off += b.payload;
		if (off < whole->payload)
			b.flags &= (uint8_t) ~(FRAME_TCP_PSH | FRAME_TCP_FIN);
		len = build_frame(&b, want);
		ck_assert_uint_eq(seg->len, len);
		pkt_copy(seg, 0, got, len);
		ck_assert_mem_eq(got, want, len);
	}
	ck_assert_uint_eq(off, whole->payload);
}

/* A message leaves whole, and its segments are what the data sheet's hardware would send (3.5). */
START_TEST(tso_ipv4)
{
	struct build b = { .payload = 64000, .seq = 1000, .ip_id = 7, .flags = 0x18 };

	rig_open(&R);
	send_tso(&b, 1448, false);
	ck_assert_uint_eq(R.h.n_tx, 1);
	ck_assert_uint_eq(R.h.tx[0].pkt.gso_type, PKT_GSO_TCPV4);
	ck_assert_uint_eq(R.h.tx[0].pkt.gso_size, 1448);
	check_segments(&b, 1448);
	ck_assert_uint_eq(rd(&R, TPT), 45);
	ck_assert_uint_eq(rd(&R, TSCTC), 1);
	ck_assert_uint_eq(rd(&R, GOTCL), 64000 + 45 * (54 + 4));
	ck_assert_uint_eq(R.h.errors, 0);
	rig_close(&R);
}
END_TEST

START_TEST(tso_ipv6)
{
	struct build b = { .payload = 30000, .seq = 5, .v6 = true, .flags = 0x10 };

	rig_open(&R);
	send_tso(&b, 1428, false);
	ck_assert_uint_eq(R.h.tx[0].pkt.gso_type, PKT_GSO_TCPV6);
	check_segments(&b, 1428);
	rig_close(&R);
}
END_TEST

/* Payload of a multiple of the MSS makes no empty segment; one of a single MSS makes no message. */
START_TEST(tso_multiple_of_mss)
{
	struct build b = { .payload = 14480, .flags = 0x10 }, one = { .payload = 1448 };

	rig_open(&R);
	send_tso(&b, 1448, false);
	ck_assert_uint_eq(rd(&R, TPT), 10);
	check_segments(&b, 1448);
	send_tso(&one, 1448, false);
	ck_assert_uint_eq(R.h.tx[1].pkt.gso_type, PKT_GSO_NONE);
	build_frame(&one, want);
	check_complete(1, 54 + 1448);
	rig_close(&R);
}
END_TEST

/* 120 buffers that are nowhere next to each other: no more pieces than others can alter. */
START_TEST(message_in_many_pieces)
{
	struct build b = { .payload = 60000, .flags = 0x10 };
	uint32_t len = driver_frame(&b, false), off = 54;
	uint64_t ring;

	rig_open(&R);
	ring = fake_alloc(&R.h, 128 * 16, 128);
	wr(&R, TDBAL, (uint32_t)ring);
	wr(&R, TDBAH, 0);
	wr(&R, TDLEN, 128 * 16);
	rig_data(&R, 0, frame, 54);
	rig_context(&R, 14 | 24 << 8, 34 | 50 << 8, (len - 54) | TSE | TUCMD_TCP | TUCMD_IP,
		    1448u << 16 | 54 << 8);
	rig_desc(&R, R.tx_buf, 54 | DATA | TSE | IFCS, IXSM | TXSM);
	fake_put(&R.h, ring, fake_mem(&R.h, R.tx_ring, 32), 32);
	for (unsigned i = 0; i < 120; i++, off += 500) {
		rig_data(&R, (1 << 18) - 2048 * (i + 1), frame + off, 500);
		fake_put64(&R.h, ring + 16 * (i + 2), R.tx_buf + (1 << 18) - 2048 * (i + 1));
		fake_put64(&R.h, ring + 16 * (i + 2) + 8,
			   500 | DATA | TSE | IFCS | (i == 119 ? EOP | RS : 0));
	}
	wr(&R, TDT, 122);
	ck_assert_uint_eq(R.h.n_tx, 1);
	ck_assert_uint_lt(R.h.tx[0].pieces, FRAME_IOV_MAX);
	check_segments(&b, 1448);
	rig_close(&R);
}
END_TEST

/* A message has its tag from any of its descriptors that says so. */
START_TEST(tso_with_a_tag)
{
	struct build b = { .payload = 3000, .flags = 0x10 };
	uint32_t len = driver_frame(&b, false);

	rig_open(&R);
	wr(&R, CTRL, rd(&R, CTRL) | 1u << 30);
	rig_data(&R, 0, frame, len);
	for (unsigned i = 0; i < 2; i++) {
		rig_context(&R, 14 | 24 << 8, 34 | 50 << 8, 3000 | TSE | TUCMD_TCP | TUCMD_IP,
			    1000u << 16 | 54 << 8);
		rig_desc(&R, R.tx_buf, 100 | DATA | TSE | IFCS | (i ? 0 : VLE),
			 IXSM | TXSM | 9u << 16);
		rig_desc(&R, R.tx_buf + 100, (len - 100) | DATA | TSE | EOP | IFCS | (i ? VLE : 0),
			 9u << 16);
		rig_ring(&R);
		ck_assert_uint_eq(R.h.tx[i].pkt.flags & PKT_VLAN, PKT_VLAN);
		ck_assert_uint_eq(R.h.tx[i].pkt.vlan_tci, 9);
	}
	rig_close(&R);
}
END_TEST

START_TEST(tso_that_contradicts_itself)
{
	struct build b = { .payload = 5000 };
	uint32_t len = driver_frame(&b, false);
	static const struct {
		uint32_t hdr, mss, cmd;
	} bad[] = { { 54, 0, TUCMD_TCP | TUCMD_IP },
		    { 0, 1448, TUCMD_TCP | TUCMD_IP },
		    { 100, 1448, TUCMD_TCP | TUCMD_IP },
		    { 54, 1448, TUCMD_TCP },
		    { 54, 1448, TUCMD_IP } };

	rig_open(&R);
	rig_data(&R, 0, frame, len);
	for (unsigned i = 0; i < 5; i++) {
		rig_context(&R, 14 | 24 << 8, 34 | 50 << 8, len | TSE | bad[i].cmd,
			    bad[i].mss << 16 | bad[i].hdr << 8);
		rig_desc(&R, R.tx_buf, len | DATA | TSE | IFCS | EOP | RS, IXSM | TXSM);
		rig_ring(&R);
		ck_assert_uint_eq(R.h.n_tx, 0);
		ck_assert_uint_eq(R.h.errors, i + 1);
		ck_assert(i || strstr(R.h.last_error, "MSS"));
		ck_assert_uint_eq(rig_tx_status(&R, 2 * i + 1), 1);
	}
	rig_close(&R);
}
END_TEST

START_TEST(vlan_tag_is_inserted)
{
	rig_open(&R);
	rig_frame(frame, 200, rig_mac);
	rig_data(&R, 0, frame, 200);
	rig_desc(&R, R.tx_buf, 200 | DATA | EOP | IFCS | VLE, 0x6123u << 16);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.tx[0].pkt.flags, 0); /* CTRL.VME is off */
	wr(&R, CTRL, rd(&R, CTRL) | 1u << 30);
	rig_desc(&R, R.tx_buf, 200 | EOP | IFCS | VLE, 0x6123u << 16);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.tx[1].pkt.flags, PKT_VLAN);
	ck_assert_uint_eq(R.h.tx[1].pkt.vlan_tpid, 0x8100);
	ck_assert_uint_eq(R.h.tx[1].pkt.vlan_tci, 0x6123);
	ck_assert_frame_eq(R.h.tx[1].data, R.h.tx[1].pkt.len, frame, 200);
	rig_desc(&R, R.tx_buf, 100 | DATA | IFCS | VLE, 5u << 16); /* the last descriptor counts */
	rig_desc(&R, R.tx_buf + 100, 100 | DATA | EOP | IFCS, 6u << 16);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.tx[2].pkt.flags, 0);
	rig_close(&R);
}
END_TEST

/* A VET that struct pkt has no word for: the tag is in the bytes, and offsets follow. */
START_TEST(vlan_tag_of_another_type)
{
	struct build b = { .payload = 100 };
	uint32_t len = driver_frame(&b, true);

	rig_open(&R);
	wr(&R, CTRL, rd(&R, CTRL) | 1u << 30);
	wr(&R, VET, 0x9100);
	rig_data(&R, 0, frame, len);
	rig_context(&R, 14 | 24 << 8 | 33 << 16, 34 | 50 << 8, 0, 0);
	rig_desc(&R, R.tx_buf, len | DATA | EOP | IFCS | VLE, IXSM | TXSM | 5u << 16);
	rig_ring(&R);
	memmove(want + 16, want + 12, len - 12);
	memcpy(want + 12, "\x91\0\0\5", 4);
	check_complete(0, len + 4);
	rig_close(&R);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		tcp_and_ip_checksum,
		udp_over_ipv6_checksum,
		legacy_insert_checksum,
		odd_checksums_are_done_at_once,
		a_sum_over_the_addresses_is_seen,
		a_tag_that_makes_other_headers_leaves_no_sum,
		tso_ipv4,
		tso_ipv6,
		tso_multiple_of_mss,
		message_in_many_pieces,
		tso_with_a_tag,
		tso_that_contradicts_itself,
		vlan_tag_is_inserted,
		vlan_tag_of_another_type,
		NULL,
	};

	return unit_main("e1000-offload", tests);
}
