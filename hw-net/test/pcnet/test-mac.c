/* SPDX-License-Identifier: BSD-2-Clause */
/* What a MAC does to frames: padding, FCS, stripping, lengths, filters, loopback. */
#include "build-frame.h"
#include "fixture.h"

#include <string.h>

#include "hwnet/copy.h"

static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t group[6] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0x01 };

static void up_mode(enum pc_chip chip, unsigned style, uint16_t mode, uint64_t ladrf)
{
	pc_open(&host, chip);
	pc_rings(&drv, &host, style, 8, 8, 2048);
	drv.mode = mode;
	drv.ladrf = ladrf;
	pc_refill(&drv);
	pc_start(&drv);
}

static void put_fcs(uint8_t *buf, unsigned len)
{
	uint32_t fcs = slow_crc32(buf, len);

	for (unsigned i = 0; i < 4; i++)
		buf[len + i] = (uint8_t)(fcs >> (8 * i));
}

/* 970A, CSR4 APAD_XMT. */
START_TEST(short_frames_are_padded_on_demand)
{
	up_mode(PC_970A, 2, 0, 0);
	pc_frame(frame, peer, 42, 1);
	pc_send(&drv, frame, 42);
	ck_assert_uint_eq(host.tx[0].pkt.len, 42);
	pc_set_csr(&drv, 4, 0x0915);
	for (unsigned len = 14; len <= 60; len++) {
		fake_tx_clear(&host);
		pc_frame(frame, peer, len, 1);
		memset(frame + len, 0, 60 - len);
		pc_send(&drv, frame, len);
		ck_assert_frame_eq(host.tx[0].data, host.tx[0].pkt.len, frame, 60);
	}
	fake_host_fini(&host);
}
END_TEST

/* 970A, CSR15 DXMTFCS, TMD1 ADD_FCS: who makes the FCS. A wrong one leaves flagged. */
START_TEST(drivers_may_make_the_fcs)
{
	unsigned len = 104;

	up_mode(PC_970A, 2, MODE_DXMTFCS, 0);
	pc_frame(frame, peer, 100, 1);
	put_fcs(frame, 100);
	pc_send(&drv, frame, len);
	ck_assert_frame_eq(host.tx[0].data, host.tx[0].pkt.len, frame, 100);
	ck_assert_uint_eq(host.tx[0].pkt.flags, 0);
	frame[103] ^= 1;
	pc_send(&drv, frame, len);
	ck_assert_uint_eq(host.tx[1].pkt.len, 100);
	ck_assert_uint_eq(host.tx[1].pkt.flags, PKT_FCS_BAD);
	pc_queue(&drv, frame, &len, 1, T_FCS); /* ADD_FCS: these 104 bytes are data */
	pc_ring_tdmd(&drv);
	ck_assert_frame_eq(host.tx[2].data, host.tx[2].pkt.len, frame, 104);
	ck_assert_uint_eq(host.tx[2].pkt.flags, 0);
	fake_host_fini(&host);
}
END_TEST

/* With SWSTYLE 1 the same bit, in the last descriptor, means NO_FCS. */
START_TEST(no_fcs_of_the_ilacc)
{
	unsigned len = 104, pieces[2] = { 50, 54 };

	up_mode(PC_970A, 1, 0, 0);
	pc_frame(frame, peer, 100, 1);
	put_fcs(frame, 100);
	pc_queue(&drv, frame, &len, 1, T_FCS);
	pc_ring_tdmd(&drv);
	ck_assert_uint_eq(host.tx[0].pkt.len, 100);
	pc_queue(&drv, frame, &len, 1, 0);
	pc_ring_tdmd(&drv);
	ck_assert_uint_eq(host.tx[1].pkt.len, 104);
	pc_queue(&drv, frame, pieces, 2, 0);
	pc_set_flags(&drv, &drv.tx, 3, D_OWN | D_ENP | T_FCS);
	pc_ring_tdmd(&drv);
	ck_assert_uint_eq(host.tx[2].pkt.len, 100);
	ck_assert_uint_eq(host.tx[2].pkt.flags, 0);
	fake_host_fini(&host);
}
END_TEST

/* 970A, CSR0 BABL at more than 1518 bytes on the wire; VLAN frames still go, jumbo frames do
 * not. */
START_TEST(long_frames_babble)
{
	unsigned pieces[3] = { 1514, 8, 1 };

	up_mode(PC_970A, 2, 0, 0);
	pc_frame(frame, peer, 2000, 1);
	pc_send(&drv, frame, 1514);
	ck_assert_uint_eq(pc_csr(&drv, 0) & CSR0_BABL, 0);
	pc_send(&drv, frame, 1515);
	ck_assert_uint_eq(pc_csr(&drv, 0) & (CSR0_BABL | CSR0_ERR), CSR0_BABL | CSR0_ERR);
	pc_set_csr(&drv, 0, CSR0_BABL);
	pc_queue(&drv, frame, pieces, 2, 0);
	pc_ring_tdmd(&drv);
	ck_assert_uint_eq(host.n_tx, 3);
	ck_assert_frame_eq(host.tx[2].data, host.tx[2].pkt.len, frame, 1522);
	pc_queue(&drv, frame, pieces, 3, 0);
	pc_ring_tdmd(&drv);
	ck_assert_uint_eq(host.n_tx, 3);
	ck_assert_uint_eq(pc_csr(&drv, 0) & CSR0_BABL, CSR0_BABL);
	ck_assert(!(pc_flags(&drv, &drv.tx, 4) & (D_OWN | D_ERR)));
	fake_host_fini(&host);
}
END_TEST

START_TEST(jumbo_is_not_received)
{
	up_mode(PC_970A, 2, 0, 0);
	pc_frame(frame, pc_mac, 8000, 1);
	ck_assert(fake_rx_bytes(&host, frame, 1522));
	ck_assert(fake_rx_bytes(&host, frame, 1523));
	ck_assert(fake_rx_bytes(&host, frame, 8000));
	ck_assert_uint_eq(hwnet_counters(host.nic)->rx_frames, 1);
	ck_assert_uint_eq(hwnet_counters(host.nic)->rx_dropped, 2);
	ck_assert_uint_eq(pc_mcnt(&drv, 0), 1526);
	fake_host_fini(&host);
}
END_TEST

/* 970A, CSR4 ASTRP_RCV: padding and FCS go if the length field is below 46. */
START_TEST(padding_is_stripped)
{
	up_mode(PC_970A, 2, 0, 0);
	pc_set_csr(&drv, 4, CSR4_ASTRP | 0x115);
	for (unsigned length = 0; length <= 47; length++) {
		unsigned i = length % 8;

		pc_frame(frame, pc_mac, 61, 1);
		frame[12] = 0;
		frame[13] = (uint8_t)length;
		ck_assert(fake_rx_bytes(&host, frame, 61));
		ck_assert_uint_eq(pc_mcnt(&drv, i), length < 46 ? 14 + length : 65);
		fake_get(&host, pc_buf(&drv.rx, i), got, pc_mcnt(&drv, i));
		ck_assert_mem_eq(got, frame, length < 46 ? 14 + length : 61);
		pc_give(&drv, i);
	}
	fake_host_fini(&host);
}
END_TEST

START_TEST(bad_fcs_is_reported)
{
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *pkts[1] = { &pkt };

	up_mode(PC_970A, 2, 0, 0);
	pc_frame(frame, pc_mac, 100, 1);
	pkt_flat(&pkt, &iov, frame, 100);
	pkt.flags = PKT_FCS_BAD;
	ck_assert_uint_eq(fake_rx(&host, pkts, 1), 1);
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 0), D_ERR | R_CRC | D_STP | D_ENP | R_PAM);
	ck_assert_uint_eq(pc_mcnt(&drv, 0), 104);
	ck_assert_uint_ne(fake_get32(&host, pc_buf(&drv.rx, 0) + 100), slow_crc32(frame, 100));
	fake_host_fini(&host);
}
END_TEST

/* Fragments of collisions are counted in RMD2.RPC; CSR124.RPA lets them in. */
START_TEST(runts)
{
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *pkts[1] = { &pkt };

	up_mode(PC_970A, 2, 0, 0);
	pc_frame(frame, pc_mac, 100, 1);
	pkt_flat(&pkt, &iov, frame, 40);
	pkt.flags = PKT_FCS_BAD;
	for (unsigned i = 0; i < 3; i++)
		ck_assert_uint_eq(fake_rx(&host, pkts, 1), 1);
	ck_assert(pc_flags(&drv, &drv.rx, 0) & D_OWN);
	fake_rx_bytes(&host, frame, 100);
	ck_assert_uint_eq(pc_counts(&drv, 0), 3);
	fake_rx_bytes(&host, frame, 100);
	ck_assert_uint_eq(pc_counts(&drv, 1), 0);
	pc_set_csr(&drv, 124, CSR124_RPA);
	ck_assert_uint_eq(pc_csr(&drv, 124), 0);
	pc_set_csr(&drv, 4, CSR4_EN124 | 0x115);
	pc_set_csr(&drv, 124, CSR124_RPA);
	ck_assert_uint_eq(fake_rx(&host, pkts, 1), 1);
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 2), D_ERR | R_CRC | D_STP | D_ENP | R_PAM);
	ck_assert_uint_eq(pc_mcnt(&drv, 2), 44);
	fake_host_fini(&host);
}
END_TEST

static void expect_match(const uint8_t *da, uint16_t mode, uint64_t ladrf, bool in, uint16_t match)
{
	up_mode(PC_970A, 2, mode, ladrf);
	pc_frame(frame, da, 60, 1);
	ck_assert(fake_rx_bytes(&host, frame, 60));
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 0), in ? D_STP | D_ENP | match : D_OWN);
	ck_assert_uint_eq(hwnet_counters(host.nic)->rx_filtered, !in);
	fake_host_fini(&host);
}

/* 970A, Address Matching. Bit 31 of the hash is 01:00:5e:00:00:01's: the CRC's upper six bits. */
START_TEST(filters)
{
	unsigned bit = ~slow_crc32(group, 6) >> 26;
	uint64_t ladrf = 1ull << bit;

	expect_match(pc_mac, 0, 0, true, R_PAM);
	expect_match(peer, 0, ~0ull, false, 0);
	expect_match(peer, MODE_PROM, 0, true, 0);
	expect_match(pc_mac, MODE_DRCVPA, 0, false, 0);
	expect_match(broadcast, 0, 0, true, R_BAM);
	expect_match(broadcast, MODE_DRCVBC, 0, false, 0);
	expect_match(broadcast, MODE_DRCVBC, ~0ull, true, R_LAFM);
	expect_match(group, 0, 0, false, 0);
	expect_match(group, 0, ladrf, true, R_LAFM);
	expect_match(group, 0, ~ladrf, false, 0);
}
END_TEST

START_TEST(filter_is_told_to_the_host)
{
	struct hwnet_rx_filter f;
	unsigned before;

	up_mode(PC_970A, 2, 0, 0x8000000000000001);
	hwnet_rx_filter(host.nic, &f);
	ck_assert_mem_eq(f.mac, pc_mac, 6);
	ck_assert(f.broadcast && !f.promiscuous);
	ck_assert_int_eq(f.unicast, HWNET_FILTER_TABLE);
	ck_assert_uint_eq(f.mhash_bits, 6);
	ck_assert_uint_eq(f.mhash[0], 1);
	ck_assert_uint_eq(f.mhash[1], 0x80000000);
	before = host.filter_changed;
	pc_set_csr(&drv, 5, CSR5_SPND);
	pc_set_csr(&drv, 15, MODE_PROM);
	ck_assert_uint_gt(host.filter_changed, before);
	hwnet_rx_filter(host.nic, &f);
	ck_assert(f.promiscuous);
	pc_set_csr(&drv, 0, CSR0_STOP);
	hwnet_rx_filter(host.nic, &f);
	ck_assert(!f.promiscuous && !f.broadcast);
	ck_assert_int_eq(f.unicast, HWNET_FILTER_NONE);
	fake_host_fini(&host);
}
END_TEST

static void looped(unsigned i, const uint8_t *want, unsigned len, uint16_t extra)
{
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, i), D_STP | D_ENP | R_PAM | extra);
	ck_assert_uint_eq(pc_mcnt(&drv, i), len + 4);
	fake_get(&host, pc_buf(&drv.rx, i), got, len + 4);
	ck_assert_mem_eq(got, want, len);
}

/* 970A, Loopback Operation: internal, with the FCS made by the card, then by the driver. */
START_TEST(internal_loopback)
{
	up_mode(PC_970A, 2, MODE_LOOP | MODE_INTL, 0);
	pc_frame(frame, pc_mac, 300, 1);
	for (unsigned len = 40, i = 0; len <= 300; len += 130, i++) {
		pc_send(&drv, frame, len);
		looped(i, frame, len, 0);
		put_fcs(got, len);
		ck_assert_uint_eq(fake_get32(&host, pc_buf(&drv.rx, i) + len),
				  slow_crc32(frame, len));
	}
	ck_assert_uint_eq(host.n_tx, 0);
	/* The network is not heard. */
	fake_rx_bytes(&host, frame, 100);
	ck_assert(pc_flags(&drv, &drv.rx, 3) & D_OWN);
	fake_host_fini(&host);

	up_mode(PC_970A, 2, MODE_LOOP | MODE_INTL | MODE_DXMTFCS, 0);
	pc_frame(frame, pc_mac, 100, 1);
	put_fcs(frame, 100);
	pc_send(&drv, frame, 104);
	looped(0, frame, 100, 0);
	frame[100] ^= 0x80;
	pc_send(&drv, frame, 104);
	looped(1, frame, 100, D_ERR | R_CRC);
	ck_assert_mem_eq(got, frame, 104);
	fake_host_fini(&host);
}
END_TEST

START_TEST(external_loopback)
{
	up_mode(PC_970A, 2, MODE_LOOP, 0);
	pc_frame(frame, pc_mac, 100, 1);
	pc_send(&drv, frame, 100);
	looped(0, frame, 100, 0);
	ck_assert_uint_eq(host.n_tx, 1);
	fake_rx_bytes(&host, frame, 100); /* the network is heard too */
	looped(1, frame, 100, 0);
	fake_host_fini(&host);
}
END_TEST

/* 973: BCR32 MIIILP (what Linux' self-test sets) and the PHY's own loopback. */
START_TEST(mii_loopback)
{
	up_mode(PC_973, 2, 0, 0);
	pc_frame(frame, pc_mac, 100, 1);
	pc_set_bcr(&drv, 32, BCR32_MIIILP);
	pc_send(&drv, frame, 100);
	looped(0, frame, 100, 0);
	pc_set_bcr(&drv, 32, 0);
	pc_send(&drv, frame, 100);
	ck_assert_uint_eq(host.n_tx, 1);
	pc_set_mii(&drv, 0, 0x4000 | pc_mii(&drv, 0));
	pc_send(&drv, frame, 100);
	looped(1, frame, 100, 0);
	ck_assert_uint_eq(host.n_tx, 1);
	fake_host_fini(&host);
}
END_TEST

/* Without a descriptor a looped frame is missed: nobody could hold it. */
START_TEST(loopback_misses)
{
	up_mode(PC_970A, 2, MODE_LOOP | MODE_INTL, 0);
	for (unsigned i = 0; i < 8; i++)
		pc_set_flags(&drv, &drv.rx, i, 0);
	pc_frame(frame, pc_mac, 100, 1);
	pc_send(&drv, frame, 100);
	ck_assert_uint_eq(pc_csr(&drv, 0) & (CSR0_MISS | CSR0_TINT), CSR0_MISS | CSR0_TINT);
	ck_assert_uint_eq(pc_csr(&drv, 112), 1);
	fake_host_fini(&host);
}
END_TEST

/* 970A, CSR15 FCOLL: retry error, and the collisions are counted. */
START_TEST(forced_collision)
{
	up_mode(PC_970A, 2, MODE_LOOP | MODE_INTL | MODE_FCOLL, 0);
	pc_frame(frame, pc_mac, 100, 1);
	pc_send(&drv, frame, 100);
	ck_assert_uint_eq(pc_flags(&drv, &drv.tx, 0), D_ERR | D_STP | D_ENP);
	ck_assert_uint_eq(pc_error(&drv, 0), TE_RTRY);
	ck_assert(pc_flags(&drv, &drv.rx, 0) & D_OWN);
	ck_assert_uint_eq(pc_csr(&drv, 114), 16);
	fake_host_fini(&host);
}
END_TEST

/* RCVCCO after 65536 collisions. */
START_TEST(collision_counter_overflows)
{
	up_mode(PC_970A, 2, MODE_LOOP | MODE_INTL | MODE_FCOLL, 0);
	pc_frame(frame, pc_mac, 60, 1);
	for (unsigned i = 0; i < 4096; i++)
		pc_send(&drv, frame, 60);
	ck_assert_uint_eq(pc_csr(&drv, 114), 0);
	ck_assert_uint_eq(pc_csr(&drv, 4) & CSR4_RCVCCO, CSR4_RCVCCO);
	fake_host_fini(&host);
}
END_TEST

static unsigned magic_frame(uint8_t *buf, const uint8_t *da, unsigned at)
{
	pc_frame(buf, da, at, 1);
	memset(buf + at, 0xff, 6);
	for (unsigned i = 1; i <= 16; i++)
		memcpy(buf + at + 6 * i, pc_mac, 6);
	return at + 102;
}

/* 970A, Magic Packet Mode: nothing is received, MPINT tells. MPPLBA lets group addresses count. */
START_TEST(magic_packet)
{
	unsigned len;

	up_mode(PC_970A, 2, 0, 0);
	pc_set_csr(&drv, 5, CSR5_MPEN | CSR5_MPMODE | CSR5_MPINTE);
	pc_frame(frame, pc_mac, 200, 1);
	fake_rx_bytes(&host, frame, 200);
	ck_assert_uint_eq(pc_csr(&drv, 5) & CSR5_MPINT, 0);
	len = magic_frame(frame, broadcast, 33);
	fake_rx_bytes(&host, frame, len);
	ck_assert_uint_eq(pc_csr(&drv, 5) & CSR5_MPINT, 0);
	len = magic_frame(frame, pc_mac, 33);
	fake_rx_bytes(&host, frame, len - 1);
	ck_assert_uint_eq(pc_csr(&drv, 5) & CSR5_MPINT, 0);
	fake_rx_bytes(&host, frame, len);
	ck_assert_uint_eq(pc_csr(&drv, 5) & CSR5_MPINT, CSR5_MPINT);
	ck_assert(host.intx);
	pc_set_csr(&drv, 5, CSR5_MPINT | CSR5_MPEN | CSR5_MPMODE | CSR5_MPINTE | CSR5_MPPLBA);
	ck_assert(!host.intx);
	len = magic_frame(frame, broadcast, 14);
	fake_rx_bytes(&host, frame, len);
	ck_assert(host.intx);
	ck_assert_uint_eq(hwnet_counters(host.nic)->rx_frames, 0);
	fake_host_fini(&host);
}
END_TEST

/* 973, CSR116: the sleeping machine. */
START_TEST(wake_up)
{
	struct iovec iov;
	struct pkt pkt;

	up_mode(PC_973, 2, 0, 0);
	pkt_flat(&pkt, &iov, frame, magic_frame(frame, pc_mac, 14));
	ck_assert(!fake_wake(&host, &pkt));
	pc_set_csr(&drv, 116, CSR116_MPPEN);
	ck_assert(fake_wake(&host, &pkt));
	ck_assert_uint_eq(pc_csr(&drv, 116), CSR116_MPPEN | CSR116_MPMAT);
	pc_set_csr(&drv, 116, CSR116_MPPEN | CSR116_MPMAT);
	ck_assert_uint_eq(pc_csr(&drv, 116), CSR116_MPPEN);
	ck_assert(!fake_wake(&host, NULL));
	pc_set_csr(&drv, 116, CSR116_LCMODE);
	ck_assert(fake_wake(&host, NULL)); /* the link changed */
	ck_assert_uint_eq(pc_csr(&drv, 116), CSR116_LCMODE | CSR116_LCDET);
	ck_assert(!fake_wake(&host, &pkt));
	pc_set_csr(&drv, 116, CSR116_MPPEN | CSR116_LCDET);
	frame[20] ^= 1;
	ck_assert(!fake_wake(&host, &pkt));
	fake_host_fini(&host);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		short_frames_are_padded_on_demand,
		drivers_may_make_the_fcs,
		no_fcs_of_the_ilacc,
		long_frames_babble,
		jumbo_is_not_received,
		padding_is_stripped,
		bad_fcs_is_reported,
		runts,
		filters,
		filter_is_told_to_the_host,
		internal_loopback,
		external_loopback,
		mii_loopback,
		loopback_misses,
		forced_collision,
		collision_counter_overflows,
		magic_packet,
		wake_up,
		NULL,
	};

	return unit_main("pcnet-mac", tests);
}
