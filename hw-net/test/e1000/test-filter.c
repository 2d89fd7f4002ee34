/* SPDX-License-Identifier: BSD-2-Clause */
/* e1000 receive: which frames are let in, by address and by tag, and what becomes of the tag. */
#include "rig.h"

static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t group[6] = { 0x01, 0x00, 0x5e, 0x12, 0x34, 0x56 };
static const uint8_t stranger[6] = { 0x52, 0x54, 0x00, 0xaa, 0xbb, 0xcc };

static struct rig R;
static uint8_t frame[BUILD_ROOM];

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

int main(void)
{
	const TTest *const tests[] = {
		filters, multicast_hash, vlan_strip_and_insert, vlan_filter, NULL,
	};

	return unit_main("e1000-filter", tests);
}
