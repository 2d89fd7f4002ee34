/* SPDX-License-Identifier: BSD-2-Clause */
/* e1000 statistics, flow control, wake-up filters. */
#include "rig.h"

#define RFCE	(1u << 27)
#define TFCE	(1u << 28)
#define QUANTUM 512 /* ns, at 1000 Mb/s */

static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t group[6] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0x01 };
static const uint8_t pause_addr[6] = { 0x01, 0x80, 0xc2, 0x00, 0x00, 0x01 };

static struct rig R;
static uint8_t frame[2000];

/* One frame of each length class in both directions; registers count with FCS. */
START_TEST(sizes_and_kinds)
{
	static const uint32_t lens[] = { 60, 123, 251, 507, 1019, 1514 };
	uint32_t sum = 0;

	rig_open(&R);
	for (unsigned i = 0; i < 6; i++) {
		sum += lens[i] + 4;
		ck_assert(rig_receive(&R, lens[i], rig_mac));
		rig_frame(frame, lens[i], rig_mac);
		rig_send(&R, frame, lens[i], 0);
	}
	for (unsigned i = 0; i < 6; i++) {
		ck_assert_uint_eq(rd(&R, PRC64 + 4 * i), 1);
		ck_assert_uint_eq(rd(&R, PTC64 + 4 * i), 1);
		ck_assert_uint_eq(rd(&R, PRC64 + 4 * i), 0); /* reading clears */
	}
	ck_assert_uint_eq(rd(&R, GPRC), 6);
	ck_assert_uint_eq(rd(&R, GPTC), 6);
	ck_assert_uint_eq(rd(&R, GORCL), sum);
	ck_assert_uint_eq(rd(&R, GORCL), sum); /* the low half does not */
	ck_assert_uint_eq(rd(&R, GORCH), 0);
	ck_assert_uint_eq(rd(&R, GORCL), 0); /* the high half clears both */
	ck_assert_uint_eq(rd(&R, GOTCL), sum);
	ck_assert(rig_receive(&R, 60, broadcast));
	ck_assert(rig_receive(&R, 60, group));
	ck_assert_uint_eq(rd(&R, BPRC), 1);
	ck_assert_uint_eq(rd(&R, MPRC), 0); /* filtered */
	ck_assert_uint_eq(rd(&R, GPRC), 1);
	ck_assert_uint_eq(rd(&R, TPR), 8);
	ck_assert_uint_eq(rd(&R, TORL), sum + 128);
	rig_frame(frame, 60, broadcast);
	rig_send(&R, frame, 60, 0);
	rig_frame(frame, 60, group);
	rig_send(&R, frame, 60, 0);
	ck_assert_uint_eq(rd(&R, BPTC), 1);
	ck_assert_uint_eq(rd(&R, MPTC), 1);
	ck_assert_uint_eq(rd(&R, TPT), 8);
	wr(&R, TPT, 5);
	ck_assert_uint_eq(rd(&R, TPT), 0);
	rig_close(&R);
}
END_TEST

static void pause_frame(const uint8_t *dst, uint16_t opcode, uint16_t quanta)
{
	memset(frame, 0, 60);
	memcpy(frame, dst, 6);
	memcpy(frame + 6, "\x52\x54\0\0\0\2\x88\x08", 8);
	frame_put_be16(frame + 14, opcode);
	frame_put_be16(frame + 16, quanta);
	fake_rx_bytes(&R.h, frame, 60);
}

static void flow_open(uint32_t ctrl)
{
	rig_open(&R);
	wr(&R, FCAL, 0x00c28001);
	wr(&R, FCAH, 0x0100);
	wr(&R, FCT, 0x8808);
	wr(&R, FCTTV, 100);
	wr(&R, FCRTH, 0x8000);
	wr(&R, FCRTL, 0x80004000);
	wr(&R, CTRL, rd(&R, CTRL) | ctrl);
}

START_TEST(pause_frames_stop_the_transmitter)
{
	uint8_t data[60];

	flow_open(RFCE);
	rig_frame(data, 60, rig_mac);
	pause_frame(pause_addr, 1, 1000);
	ck_assert_uint_eq(rd(&R, STATUS) & 0x10, 0x10);
	rig_send(&R, data, 60, 0);
	ck_assert_uint_eq(R.h.n_tx, 0);
	fake_reopen(&R.h);
	fake_advance(&R.h, 1000 * QUANTUM - 1);
	ck_assert_uint_eq(R.h.n_tx, 0);
	fake_advance(&R.h, 1);
	ck_assert_uint_eq(R.h.n_tx, 1);
	ck_assert_uint_eq(rd(&R, STATUS) & 0x10, 0);
	pause_frame(pause_addr, 1, 0xffff);
	rig_send(&R, data, 60, 0);
	pause_frame(pause_addr, 1, 0);
	fake_advance(&R.h, 0);
	ck_assert_uint_eq(R.h.n_tx, 2);
	ck_assert_uint_eq(rd(&R, XOFFRXC), 2);
	ck_assert_uint_eq(rd(&R, XONRXC), 1);
	ck_assert_uint_eq(rd(&R, RDH), 0);
	rig_close(&R);
}
END_TEST

START_TEST(pause_frames_of_other_kinds)
{
	flow_open(RFCE);
	pause_frame(pause_addr, 2, 1000);
	ck_assert_uint_eq(rd(&R, 0x4058), 1); /* FCRUC */
	ck_assert_uint_eq(rd(&R, STATUS) & 0x10, 0);
	pause_frame(rig_mac, 1, 1000); /* to the station: passed on as well ... */
	ck_assert_uint_eq(rd(&R, STATUS) & 0x10, 0x10);
	ck_assert_uint_eq(rd(&R, RDH), 1);
	wr(&R, RCTL, RCTL_ON | 1u << 22); /* ... unless DPF */
	pause_frame(rig_mac, 1, 1000);
	ck_assert_uint_eq(rd(&R, RDH), 1);
	wr(&R, CTRL, rd(&R, CTRL) & ~RFCE);
	ck_assert_uint_eq(rd(&R, STATUS) & 0x10, 0);
	pause_frame(pause_addr, 1, 1000);
	ck_assert_uint_eq(rd(&R, STATUS) & 0x10, 0);
	rig_close(&R);
}
END_TEST

/* 8.8.1: the flow control address, or receive address 0; not broadcast, nor another address. */
START_TEST(pause_frames_to_others_are_frames)
{
	static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	static const uint8_t second[6] = { 0x52, 0x54, 0, 0, 0, 0x77 };

	flow_open(RFCE);
	wr(&R, RA + 8, second[0] | second[1] << 8 | second[2] << 16 | (uint32_t)second[3] << 24);
	wr(&R, RA + 12, 0x80000000u | second[4] | second[5] << 8);
	pause_frame(all, 1, 1000);
	pause_frame(second, 1, 1000);
	ck_assert_uint_eq(rd(&R, STATUS) & 0x10, 0);
	ck_assert_uint_eq(rd(&R, XOFFRXC), 0);
	ck_assert_uint_eq(rd(&R, RDH), 2);
	rig_close(&R);
}
END_TEST

static void check_pause(unsigned n, uint16_t quanta)
{
	ck_assert_uint_lt(n, R.h.n_tx);
	ck_assert_uint_eq(R.h.tx[n].pkt.len, 60);
	ck_assert_mem_eq(R.h.tx[n].data, pause_addr, 6);
	ck_assert_mem_eq(R.h.tx[n].data + 6, rig_mac, 6);
	ck_assert_mem_eq(R.h.tx[n].data + 12, "\x88\x08\0\1", 4);
	ck_assert_uint_eq(frame_be16(R.h.tx[n].data + 16), quanta);
}

/* XOFF when a frame finds no descriptor, again before its time is over, XON when there is room. */
START_TEST(pause_frames_are_sent)
{
	flow_open(TFCE);
	wr(&R, RDT, 0);
	ck_assert(!rig_receive(&R, 60, rig_mac));
	fake_advance(&R.h, 0);
	ck_assert_uint_eq(R.h.n_tx, 1);
	check_pause(0, 100);
	fake_reopen(&R.h);
	fake_advance(&R.h, 50 * QUANTUM);
	ck_assert_uint_eq(R.h.n_tx, 2);
	check_pause(1, 100);
	wr(&R, RDT, 4);
	fake_advance(&R.h, 0);
	ck_assert_uint_eq(R.h.n_tx, 3);
	check_pause(2, 0);
	fake_advance(&R.h, 1000 * QUANTUM);
	ck_assert_uint_eq(R.h.n_tx, 3);
	ck_assert_uint_eq(rd(&R, XOFFTXC), 2);
	ck_assert_uint_eq(rd(&R, XONTXC), 1);
	wr(&R, TCTL, TCTL_ON | 1u << 22); /* SWXOFF */
	ck_assert_uint_eq(rd(&R, TCTL), TCTL_ON);
	fake_advance(&R.h, 1000 * QUANTUM);
	ck_assert_uint_eq(R.h.n_tx, 4);
	check_pause(3, 100);
	rig_close(&R);
}
END_TEST

START_TEST(no_pause_without_thresholds)
{
	flow_open(TFCE);
	wr(&R, FCRTH, 0);
	wr(&R, RDT, 0);
	ck_assert(!rig_receive(&R, 60, rig_mac));
	fake_advance(&R.h, 1000 * QUANTUM);
	ck_assert_uint_eq(R.h.n_tx, 0);
	rig_close(&R);
}
END_TEST

static bool wakes(const uint8_t *p, uint32_t len)
{
	struct iovec iov;
	struct pkt pkt;

	pkt_flat(&pkt, &iov, p, len);
	return fake_wake(&R.h, &pkt);
}

static void magic_packet(const uint8_t *mac)
{
	rig_frame(frame, 300, broadcast);
	memset(frame + 50, 0xff, 6);
	for (unsigned i = 0; i < 16; i++)
		memcpy(frame + 56 + 6 * i, mac, 6);
}

START_TEST(wake_up_filters)
{

	rig_open(&R);
	wr(&R, WUC, 2); /* PME_EN, no APM */
	rig_frame(frame, 100, rig_mac);
	ck_assert(!wakes(frame, 100));
	wr(&R, WUFC, 4); /* directed */
	ck_assert(wakes(frame, 100));
	ck_assert_uint_eq(rd(&R, WUS), 4);
	ck_assert_uint_eq(rd(&R, WUC) & 4, 4);
	ck_assert_uint_eq(rd(&R, WUPL), 100);
	ck_assert_uint_eq(rd(&R, WUPM), 0x12005452);
	wr(&R, WUS, 4);
	wr(&R, WUC, 2 | 4);
	ck_assert_uint_eq(rd(&R, WUS), 0);
	ck_assert_uint_eq(rd(&R, WUC), 2);
	rig_frame(frame, 100, broadcast);
	ck_assert(!wakes(frame, 100));
	wr(&R, WUFC, 16); /* broadcast */
	ck_assert(wakes(frame, 100));
	wr(&R, WUFC, 2); /* magic packet */
	ck_assert(!wakes(frame, 100));
	magic_packet(rig_mac);
	ck_assert(wakes(frame, 300));
	ck_assert(!wakes(frame, 50 + 101));
	ck_assert(wakes(frame, 50 + 102));
	magic_packet(group);
	ck_assert(!wakes(frame, 300));
	rig_close(&R);
}
END_TEST

/* 13.6.2, LNKC: the cable is pulled while the machine sleeps. */
START_TEST(wake_up_by_link)
{
	rig_open(&R);
	wr(&R, WUC, 2);
	ck_assert(!fake_wake(&R.h, NULL));
	ck_assert_uint_eq(rd(&R, WUS), 0);
	wr(&R, WUFC, 1);
	fake_carrier(&R.h, false);
	ck_assert(fake_wake(&R.h, NULL));
	ck_assert_uint_eq(rd(&R, WUS), 1);
	ck_assert_uint_eq(rd(&R, WUC), 2 | 4);
	wr(&R, WUC, 4); /* no PME_EN */
	ck_assert(!fake_wake(&R.h, NULL));
	rig_close(&R);
}
END_TEST

START_TEST(wake_up_by_address)
{
	struct build b = { .payload = 20 };
	uint32_t len;

	rig_open(&R);
	wr(&R, WUC, 2);
	wr(&R, WUFC, 0xe0); /* ARP, IPv4, IPv6 */
	len = build_frame(&b, frame);
	memcpy(frame, rig_mac, 6);
	ck_assert(!wakes(frame, len));
	wr(&R, IP4AT + 8 * 2,
	   frame[30] | frame[31] << 8 | frame[32] << 16 | (uint32_t)frame[33] << 24);
	ck_assert(!wakes(frame, len));
	wr(&R, IPAV, 4);
	ck_assert(wakes(frame, len));
	ck_assert_uint_eq(rd(&R, WUS), 0x40);
	memcpy(frame, broadcast, 6);
	memcpy(frame + 12, "\x08\x06\0\1\x08\0\6\4\0\1", 10);
	memset(frame + 22, 0, 38);
	for (unsigned i = 0; i < 4; i++)
		frame[38 + i] = (uint8_t)(rd(&R, IP4AT + 16) >> 8 * i);
	ck_assert(wakes(frame, 60));
	ck_assert_uint_eq(rd(&R, WUS) & 0x20, 0x20);
	b.v6 = true;
	len = build_frame(&b, frame);
	memcpy(frame, rig_mac, 6);
	ck_assert(!wakes(frame, len));
	for (unsigned i = 0; i < 4; i++)
		wr(&R, IP6AT + 4 * i,
		   frame[38 + 4 * i] | frame[39 + 4 * i] << 8 | frame[40 + 4 * i] << 16 |
			   (uint32_t)frame[41 + 4 * i] << 24);
	wr(&R, IPAV, 1u << 16);
	ck_assert(wakes(frame, len));
	rig_close(&R);
}
END_TEST

START_TEST(wake_up_by_pattern)
{
	rig_open(&R);
	wr(&R, WUC, 2);
	wr(&R, WUFC, 1u << 18); /* the third filter */
	wr(&R, FFLT + 8 * 2, 64);
	rig_frame(frame, 100, rig_mac);
	for (unsigned i = 0; i < 64; i++) {
		wr(&R, FFMT + 8 * i, i == 20 || i == 63 ? 4 : 3);
		wr(&R, FFVT + 8 * i, (uint32_t)frame[i] << 16);
	}
	ck_assert(wakes(frame, 100));
	ck_assert_uint_eq(rd(&R, WUS), 1u << 18);
	frame[21] ^= 1;
	ck_assert(wakes(frame, 100));
	frame[63] ^= 1;
	ck_assert(!wakes(frame, 100));
	frame[63] ^= 1;
	ck_assert(!wakes(frame, 63));
	rig_close(&R);
}
END_TEST

/* Before a driver comes: APM, from the EEPROM. */
START_TEST(wake_up_by_firmware)
{
	rig_open(&R);
	ck_assert_uint_eq(rd(&R, WUC), 1);
	magic_packet(rig_mac);
	ck_assert(!wakes(frame, 300)); /* noted, but APMPME is off */
	ck_assert_uint_eq(rd(&R, WUC) & 4, 4);
	wr(&R, WUC, 9);
	ck_assert(wakes(frame, 300));
	rig_close(&R);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		sizes_and_kinds,
		pause_frames_stop_the_transmitter,
		pause_frames_of_other_kinds,
		pause_frames_to_others_are_frames,
		pause_frames_are_sent,
		no_pause_without_thresholds,
		wake_up_filters,
		wake_up_by_link,
		wake_up_by_address,
		wake_up_by_pattern,
		wake_up_by_firmware,
		NULL,
	};

	return unit_main("e1000-stats", tests);
}
