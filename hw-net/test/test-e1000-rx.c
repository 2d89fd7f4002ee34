/* SPDX-License-Identifier: BSD-2-Clause */
/* e1000 receive: descriptors, buffers, filters, tags, FCS, waiting. */
#include "e1000-rig.h"

static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t group[6] = { 0x01, 0x00, 0x5e, 0x12, 0x34, 0x56 };
static const uint8_t stranger[6] = { 0x52, 0x54, 0x00, 0xaa, 0xbb, 0xcc };

static struct rig R;
static uint8_t frame[BUILD_ROOM];

START_TEST(frame_arrives)
{
	rig_open(&R);
	rig_frame(frame, 1000, rig_mac);
	wr(&R, IMS, RXT0);
	ck_assert(fake_rx_bytes(&R.h, frame, 1000));
	ck_assert_uint_eq(rig_rxd(&R, 0).len, 1000);
	ck_assert_uint_eq(rig_rxd(&R, 0).status, ST_DD | ST_EOP | ST_IXSM);
	ck_assert_uint_eq(rig_rxd(&R, 0).errors, 0);
	ck_assert_mem_eq(rig_rx_mem(&R, 0), frame, 1000);
	ck_assert_uint_eq(rd(&R, RDH), 1);
	ck_assert(R.h.intx);
	ck_assert_uint_eq(rd(&R, ICR), RXT0);
	ck_assert(!R.h.intx);
	rig_close(&R);
}
END_TEST

/* Without SECRC the real FCS is there, for every length and every way of mapping. */
START_TEST(fcs_is_real)
{
	static const enum fake_map maps[] = { FAKE_MAP_FULL, FAKE_MAP_SHORT, FAKE_MAP_REFUSED,
					      FAKE_MAP_BOUNCE, FAKE_MAP_NONE };

	for (unsigned m = 0; m < 5; m++) {
		rig_init(&R);
		R.h.map = maps[m];
		R.h.map_max = 100;
		fake_open(&R.h, "e1000");
		rig_start(&R);
		wr(&R, RCTL, 0x8002);
		for (uint32_t len = 60, i = 0; len <= 1514; len += 31, i = (i + 1) % RIG_RING) {
			const uint8_t *p;
			uint32_t fcs;

			rig_frame(frame, len, rig_mac);
			fcs = slow_crc32(frame, len);
			ck_assert(fake_rx_bytes(&R.h, frame, len));
			p = rig_rx_mem(&R, i);
			ck_assert_uint_eq(rig_rxd(&R, i).len, len + 4);
			ck_assert_mem_eq(p, frame, len);
			ck_assert_uint_eq(p[len] | p[len + 1] << 8 | p[len + 2] << 16 |
						  (uint32_t)p[len + 3] << 24,
					  fcs);
			wr(&R, RDT, i);
		}
		rig_close(&R);
	}
}
END_TEST

/* What is in the buffers of the first descriptors, up to the end of the frame. */
static uint32_t gather(uint8_t *to)
{
	uint32_t at = 0;

	for (unsigned i = 0; i < RIG_RING; i++) {
		struct rig_rxd d = rig_rxd(&R, i);

		memcpy(to + at, rig_rx_mem(&R, i), d.len);
		at += d.len;
		if (d.status & ST_EOP)
			return at;
	}
	return 0;
}

/* A frame in pieces, over buffers of 256 bytes, between which the FCS is torn; with a tag that is
 * put in; with a checksum to complete beyond the first buffer; with an FCS that came wrong. */
START_TEST(fcs_of_many_buffers)
{
	uint8_t want[1100], got[1100];

	for (uint32_t len = 440; len < 1034; len++) {
		bool tag = len % 3 == 1, sum = len % 7 == 1, bad = len % 5 == 1;
		uint32_t cut = 300 + len % 100, wire = len + (tag ? 4 : 0), fcs;
		struct iovec iov[2] = { { frame, cut }, { frame + cut, len - cut } };
		struct pkt pkt = { .iov = iov, .iovcnt = 2, .len = len };
		const struct pkt *vec = &pkt;

		rig_open(&R);
		wr(&R, RCTL, 0x8002 | 1u << 2 | 1u << 5 | 3u << 16); /* SBP, LPE */
		rig_frame(frame, len, rig_mac);
		memcpy(want, frame, 12);
		memcpy(want + 12, "\x81\0\xa1\x23", 4);
		memcpy(want + 12 + (wire - len), frame + 12, len - 12);
		pkt.flags = (tag ? PKT_VLAN : 0) | (sum ? PKT_CSUM_PARTIAL : 0) |
			    (bad ? PKT_FCS_BAD : 0);
		pkt.csum_start = 262;
		pkt.csum_offset = 6;
		if (sum)
			memcpy(want + wire - len + 268, &(uint16_t) { pkt_csum_value(&pkt) }, 2);
		pkt.vlan_tpid = 0x8100;
		pkt.vlan_tci = 0xa123;
		fcs = htole32(slow_crc32(want, wire) ^ (bad ? UINT32_MAX : 0));
		memcpy(want + wire, &fcs, 4);
		ck_assert_uint_eq(fake_rx(&R.h, &vec, 1), 1);
		ck_assert_uint_eq(gather(got), wire + 4);
		ck_assert_mem_eq(got, want, wire + 4);
		rig_close(&R);
	}
}
END_TEST

/* A small frame in one piece or two, a right FCS and one that came wrong; and nothing behind it. */
START_TEST(fcs_of_small_frames)
{
	for (uint32_t len = 60; len < 460; len++) {
		uint32_t cut = len % 2 ? len : 14 + len % 45, fcs;
		struct iovec iov[2] = { { frame, cut }, { frame + cut, len - cut } };
		struct pkt pkt = { .iov = iov, .iovcnt = len % 2 ? 1 : 2, .len = len };
		const struct pkt *vec = &pkt;

		rig_open(&R);
		wr(&R, RCTL, 0x8002 | 1u << 2); /* SBP */
		fake_fill(&R.h, R.rx_buf, 0xee, RIG_BUF);
		rig_frame(frame, len, rig_mac);
		pkt.flags = len % 5 == 1 ? PKT_FCS_BAD : 0;
		fcs = htole32(slow_crc32(frame, len) ^ (pkt.flags ? UINT32_MAX : 0));
		ck_assert_uint_eq(fake_rx(&R.h, &vec, 1), 1);
		ck_assert_uint_eq(rig_rxd(&R, 0).len, len + 4);
		ck_assert_mem_eq(rig_rx_mem(&R, 0), frame, len);
		ck_assert_mem_eq(rig_rx_mem(&R, 0) + len, &fcs, 4);
		ck_assert_uint_eq(rig_rx_mem(&R, 0)[len + 4], 0xee);
		rig_close(&R);
	}
}
END_TEST

START_TEST(short_frames_are_padded)
{
	uint8_t want[60] = { 0 };

	rig_open(&R);
	fake_fill(&R.h, R.rx_buf + RIG_BUF, 0xee, 64);
	ck_assert(rig_receive(&R, 200, rig_mac)); /* nothing of it must show */
	rig_frame(want, 42, rig_mac);
	ck_assert(fake_rx_bytes(&R.h, want, 42));
	ck_assert_uint_eq(rig_rxd(&R, 1).len, 60);
	ck_assert_mem_eq(rig_rx_mem(&R, 1), want, 60);
	ck_assert_uint_eq(rig_rx_mem(&R, 1)[60], 0xee);
	rig_close(&R);
}
END_TEST

/* 13.4.22: 256 to 2048 bytes, with BSEX 4096 to 16384. */
START_TEST(all_buffer_sizes)
{
	static const struct {
		uint32_t bits, size;
	} sizes[] = { { 0, 2048 },
		      { 1u << 16, 1024 },
		      { 2u << 16, 512 },
		      { 3u << 16, 256 },
		      { 1u << 16 | 1u << 25, 16384 },
		      { 2u << 16 | 1u << 25, 8192 },
		      { 3u << 16 | 1u << 25, 4096 } };

	for (unsigned s = 0; s < 7; s++) {
		uint32_t size = sizes[s].size, len = 3 * size - 9, off = 0;
		unsigned n;

		len = len > 16380 ? 16380 : len < 60 ? 60 : len;
		n = (len + size - 1) / size;
		rig_open(&R);
		for (unsigned i = 0; i < RIG_RING; i++)
			fake_put64(&R.h, R.rx_ring + 16 * i, R.rx_buf + 16384 * i % (1 << 19));
		wr(&R, RDBAL, (uint32_t)R.rx_ring); /* the card fetches anew */
		wr(&R, RCTL, RCTL_ON | 1u << 5 | sizes[s].bits);
		rig_frame(frame, len, rig_mac);
		ck_assert(fake_rx_bytes(&R.h, frame, len));
		for (unsigned i = 0; i < n; i++) {
			uint32_t part = len - off < size ? len - off : size;

			ck_assert_uint_eq(rig_rxd(&R, i).len, part);
			ck_assert_uint_eq(rig_rxd(&R, i).status & 3,
					  i == n - 1 ? ST_DD | ST_EOP : ST_DD);
			ck_assert_mem_eq(fake_mem(&R.h, R.rx_buf + 16384 * i, part), frame + off,
					 part);
			off += part;
		}
		ck_assert_uint_eq(rd(&R, RDH), n);
		rig_close(&R);
	}
}
END_TEST

START_TEST(long_packets_only_if_enabled)
{
	rig_open(&R);
	ck_assert(rig_receive(&R, 1518, rig_mac)); /* 1522 with FCS: the longest */
	ck_assert(rig_receive(&R, 1519, rig_mac));
	ck_assert_uint_eq(rd(&R, RDH), 1);
	ck_assert_uint_eq(rd(&R, ROC), 1);
	wr(&R, RCTL, RCTL_ON | 1u << 5);
	ck_assert(rig_receive(&R, 9014, rig_mac));
	ck_assert_uint_eq(rd(&R, RDH), 1 + 5);
	ck_assert(rig_receive(&R, 16381, rig_mac)); /* 16385: no card takes that */
	ck_assert_uint_eq(rd(&R, RDH), 6);
	rig_close(&R);
}
END_TEST

START_TEST(frames_wait_for_descriptors)
{
	rig_open(&R);
	wr(&R, RDT, 2);
	ck_assert(rig_receive(&R, 100, rig_mac));
	ck_assert(rig_receive(&R, 101, rig_mac));
	ck_assert(!rig_receive(&R, 102, rig_mac));
	ck_assert(!rig_receive(&R, 102, rig_mac));
	ck_assert_uint_eq(rd(&R, RNBC), 1); /* counted when it came */
	ck_assert_uint_eq(rd(&R, ICR) & RXO, RXO);
	ck_assert_uint_eq(rd(&R, MPC), 0);
	fake_reopen(&R.h);
	ck_assert_uint_ge(R.h.rx_ready, 1); /* a loaded card asks for them */
	R.h.rx_ready = 0;
	ck_assert(!rig_receive(&R, 102, rig_mac));
	wr(&R, RDT, 3);
	ck_assert_uint_eq(R.h.rx_ready, 1);
	ck_assert(rig_receive(&R, 102, rig_mac));
	ck_assert_uint_eq(rig_rxd(&R, 2).len, 102);
	rig_close(&R);
}
END_TEST

/* A burst: one write-back of all, one decision about the interrupt. */
START_TEST(burst)
{
	const struct pkt *vec[20];
	struct iovec iov;
	struct pkt pkt;

	rig_open(&R);
	wr(&R, IMS, RXT0);
	rig_frame(frame, 60, rig_mac);
	pkt_flat(&pkt, &iov, frame, 60);
	for (unsigned i = 0; i < 20; i++)
		vec[i] = &pkt;
	ck_assert_uint_eq(fake_rx(&R.h, vec, 20), 20);
	ck_assert_uint_eq(R.h.intx_edges, 1);
	ck_assert_uint_eq(R.h.dma_reads, 1);
	ck_assert_uint_eq(R.h.dma_maps, 1);
	ck_assert_uint_eq(rd(&R, RDH), 20);
	ck_assert_uint_eq(fake_rx(&R.h, vec, 20), 11);
	rig_close(&R);
}
END_TEST

START_TEST(minimum_threshold)
{
	rig_open(&R);
	for (unsigned part = 0; part < 3; part++) {
		unsigned low = RIG_RING >> (part + 1), n = 0;

		wr(&R, RDH, 0);
		wr(&R, RDT, RIG_RING - 1);
		wr(&R, RCTL, RCTL_ON | part << 8);
		rd(&R, ICR);
		for (; n < RIG_RING - 1 - low; n++) {
			ck_assert_uint_eq(rd(&R, ICR) & RXDMT0, 0);
			ck_assert(rig_receive(&R, 60, rig_mac));
		}
		ck_assert_uint_eq(rd(&R, ICR) & RXDMT0, RXDMT0);
		ck_assert(rig_receive(&R, 60, rig_mac));
		ck_assert_uint_eq(rd(&R, ICR) & RXDMT0, 0); /* once */
	}
	rig_close(&R);
}
END_TEST

START_TEST(filters)
{
	unsigned n = 0;

	rig_open(&R);
	wr(&R, RCTL, RCTL_ON & ~0x8000u);
	rig_receive(&R, 60, broadcast);
	rig_receive(&R, 60, group);
	rig_receive(&R, 60, stranger);
	ck_assert_uint_eq(rd(&R, RDH), 0);
	rig_receive(&R, 60, rig_mac);
	ck_assert_uint_eq(rig_rxd(&R, n++).status & ST_PIF, 0);
	wr(&R, RCTL, RCTL_ON);
	rig_receive(&R, 60, broadcast);
	ck_assert_uint_eq(rig_rxd(&R, n++).status & ST_PIF, 0);
	wr(&R, RCTL, RCTL_ON | 8); /* UPE */
	rig_receive(&R, 60, stranger);
	ck_assert_uint_eq(rig_rxd(&R, n++).status & ST_PIF, ST_PIF);
	rig_receive(&R, 60, group);
	wr(&R, RCTL, RCTL_ON | 16); /* MPE */
	ck_assert_uint_eq(rd(&R, RDH), n);
	rig_receive(&R, 60, group);
	ck_assert_uint_eq(rig_rxd(&R, n++).status & ST_PIF, ST_PIF);
	wr(&R, RCTL, RCTL_ON);
	wr(&R, RA + 8 * 15, 0xaa005452);
	wr(&R, RA + 8 * 15 + 4, 0x8000ccbb);
	rig_receive(&R, 60, stranger);
	ck_assert_uint_eq(rig_rxd(&R, n++).status & ST_PIF, 0);
	wr(&R, RA + 8 * 15 + 4, 0x8001ccbb); /* ASEL: source */
	rig_receive(&R, 60, stranger);
	ck_assert_uint_eq(rd(&R, RDH), n);
	rig_frame(frame, 60, group);
	memcpy(frame + 6, stranger, 6);
	fake_rx_bytes(&R.h, frame, 60);
	ck_assert_uint_eq(rd(&R, RDH), n + 1);
	rig_close(&R);
}
END_TEST

/* 13.5.1: which 12 bits of the address, for each value of MO. */
START_TEST(multicast_hash)
{
	static const unsigned shift[] = { 36, 35, 34, 32 };
	uint64_t addr = 0;

	for (unsigned i = 0; i < 6; i++)
		addr |= (uint64_t)group[i] << 8 * i;
	rig_open(&R);
	for (unsigned mo = 0; mo < 4; mo++) {
		unsigned hash = addr >> shift[mo] & 0xfff;

		wr(&R, RCTL, RCTL_ON | mo << 12);
		for (unsigned i = 0; i < 128; i++)
			wr(&R, MTA + 4 * i, i == hash / 32 ? ~(1u << hash % 32) : 0xffffffff);
		rig_receive(&R, 60, group);
		ck_assert_uint_eq(rd(&R, RDH), mo);
		wr(&R, MTA + hash / 32 * 4, 1u << hash % 32);
		rig_receive(&R, 60, group);
		ck_assert_uint_eq(rd(&R, RDH), mo + 1);
		ck_assert_uint_eq(rig_rxd(&R, mo).status & ST_PIF, ST_PIF);
	}
	rig_close(&R);
}
END_TEST

static void vlan_frame(uint8_t *p, uint32_t len, uint16_t tci)
{
	rig_frame(p, len, rig_mac);
	frame_put_be16(p + 12, 0x8100);
	frame_put_be16(p + 14, tci);
	frame_put_be16(p + 16, 0x88b5);
}

/* A tag in the bytes and one in the metadata look alike to the guest, stripped or not. */
START_TEST(vlan_strip_and_insert)
{
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *vec = &pkt;
	uint8_t bare[300];

	vlan_frame(frame, 300, 0xa123);
	memcpy(bare, frame, 12);
	memcpy(bare + 12, frame + 16, 284);
	for (unsigned meta = 0; meta < 2; meta++) {
		for (unsigned strip = 0; strip < 2; strip++) {
			rig_open(&R);
			wr(&R, CTRL, rd(&R, CTRL) | strip << 30);
			pkt_flat(&pkt, &iov, meta ? bare : frame, meta ? 296 : 300);
			if (meta) {
				pkt.flags = PKT_VLAN;
				pkt.vlan_tpid = 0x8100;
				pkt.vlan_tci = 0xa123;
			}
			ck_assert_uint_eq(fake_rx(&R.h, &vec, 1), 1);
			ck_assert_uint_eq(rig_rxd(&R, 0).len, strip ? 296 : 300);
			ck_assert_mem_eq(rig_rx_mem(&R, 0), strip ? bare : frame,
					 strip ? 296 : 300);
			ck_assert_uint_eq(rig_rxd(&R, 0).status & ST_VP, strip ? ST_VP : 0);
			ck_assert_uint_eq(rig_rxd(&R, 0).special, strip ? 0xa123 : 0);
			ck_assert_mem_eq(frame + 12, "\x81\0\xa1\x23",
					 4); /* borrowed, not altered */
			rig_close(&R);
		}
	}
}
END_TEST

START_TEST(vlan_filter)
{
	rig_open(&R);
	wr(&R, RCTL, RCTL_ON | 1u << 18);
	wr(&R, VFTA + 4 * (0x123 / 32), 1u << 0x123 % 32);
	vlan_frame(frame, 60, 0x124);
	fake_rx_bytes(&R.h, frame, 60);
	ck_assert_uint_eq(rd(&R, RDH), 0);
	vlan_frame(frame, 60, 0xe123); /* priority and CFI do not count ... */
	fake_rx_bytes(&R.h, frame, 60);
	ck_assert_uint_eq(rd(&R, RDH), 1);
	wr(&R, RCTL, RCTL_ON | 1u << 18 | 1u << 19); /* ... unless CFIEN */
	vlan_frame(frame, 60, 0x1123);
	fake_rx_bytes(&R.h, frame, 60);
	ck_assert_uint_eq(rd(&R, RDH), 1);
	wr(&R, RCTL, RCTL_ON | 1u << 18 | 1u << 19 | 1u << 20);
	fake_rx_bytes(&R.h, frame, 60);
	ck_assert_uint_eq(rd(&R, RDH), 2);
	rig_receive(&R, 60, rig_mac); /* untagged passes */
	ck_assert_uint_eq(rd(&R, RDH), 3);
	rig_close(&R);
}
END_TEST

/* 3.2.5.1: descriptors with address 0 take nothing and are passed over. */
START_TEST(null_descriptors)
{
	rig_open(&R);
	fake_put64(&R.h, R.rx_ring, 0);
	fake_put64(&R.h, R.rx_ring + 16, 0);
	rig_frame(frame, 3000, rig_mac);
	wr(&R, RCTL, RCTL_ON | 1u << 5);
	ck_assert(fake_rx_bytes(&R.h, frame, 3000));
	ck_assert_uint_eq(rig_rxd(&R, 0).len, 0);
	ck_assert_uint_eq(rig_rxd(&R, 0).status, ST_DD);
	ck_assert_uint_eq(rig_rxd(&R, 2).len, 2048);
	ck_assert_uint_eq(rig_rxd(&R, 3).len, 952);
	ck_assert_uint_eq(rig_rxd(&R, 3).status & 3, ST_DD | ST_EOP);
	rig_close(&R);
}
END_TEST

START_TEST(bad_frames_with_sbp)
{
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *vec = &pkt;
	const uint8_t *p;
	uint32_t fcs;

	rig_open(&R);
	rig_frame(frame, 100, rig_mac);
	pkt_flat(&pkt, &iov, frame, 100);
	pkt.flags = PKT_FCS_BAD;
	ck_assert_uint_eq(fake_rx(&R.h, &vec, 1), 1);
	ck_assert_uint_eq(rd(&R, RDH), 0);
	ck_assert_uint_eq(rd(&R, CRCERRS), 1);
	wr(&R, RCTL, 0x8002 | 4); /* SBP, FCS kept */
	ck_assert_uint_eq(fake_rx(&R.h, &vec, 1), 1);
	ck_assert_uint_eq(rig_rxd(&R, 0).errors, ER_CE);
	p = rig_rx_mem(&R, 0) + 100;
	fcs = p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
	ck_assert_uint_ne(fcs, slow_crc32(frame, 100));
	ck_assert_uint_eq(rd(&R, GPRC), 0);
	rig_close(&R);
}
END_TEST

START_TEST(receiver_off)
{
	rig_open(&R);
	wr(&R, RCTL, 0);
	ck_assert(rig_receive(&R, 60, rig_mac));
	ck_assert_uint_eq(hwnet_counters(R.h.nic)->rx_dropped, 1);
	wr(&R, RCTL, RCTL_ON); /* no black-out: the next one is taken */
	ck_assert(rig_receive(&R, 61, rig_mac));
	ck_assert_uint_eq(rd(&R, RDH), 1);
	ck_assert_uint_eq(rig_rxd(&R, 0).len, 61);
	rig_close(&R);
}
END_TEST

/* The guest learns of held frames' fate also when it turns the receiver off meanwhile. */
START_TEST(held_frames_are_asked_for_again)
{
	rig_open(&R);
	wr(&R, RDT, 0);
	ck_assert(!rig_receive(&R, 60, rig_mac));
	wr(&R, RCTL, 0);
	ck_assert_uint_eq(R.h.rx_ready, 1);
	ck_assert(rig_receive(&R, 60, rig_mac)); /* lost */
	rig_close(&R);
}
END_TEST

START_TEST(buffer_is_not_memory)
{
	rig_open(&R);
	fake_put64(&R.h, R.rx_ring, FAKE_NOWHERE);
	ck_assert(rig_receive(&R, 1000, rig_mac));
	ck_assert(rig_receive(&R, 1000, rig_mac));
	ck_assert_uint_eq(rig_rxd(&R, 1).len, 1000);
	ck_assert_uint_eq(R.h.errors, 1);
	rig_close(&R);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		frame_arrives,
		fcs_is_real,
		fcs_of_many_buffers,
		fcs_of_small_frames,
		short_frames_are_padded,
		all_buffer_sizes,
		long_packets_only_if_enabled,
		frames_wait_for_descriptors,
		burst,
		minimum_threshold,
		filters,
		multicast_hash,
		vlan_strip_and_insert,
		vlan_filter,
		null_descriptors,
		bad_frames_with_sbp,
		receiver_off,
		held_frames_are_asked_for_again,
		buffer_is_not_memory,
		NULL,
	};

	return unit_main("e1000-rx", tests);
}
