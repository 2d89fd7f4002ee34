/* SPDX-License-Identifier: BSD-2-Clause */
/* What the 8254x manual says of counters, wake-up, and the 82544's registers. */
#include "rig.h"

#define RLEC	0x4040u
#define TOTL	0x40c8u
#define LEDCTL	0x0e00u
#define SWXOFF	(1u << 22)
#define SLU	(1u << 6)
#define APME	1u
#define PME_EN	2u
#define APMPME	8u
#define MAGIC	2u
#define EE_WAKE 0x0f

static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t group[6] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0x01 };
static const uint8_t stranger[6] = { 0x52, 0x54, 0x00, 0x99, 0x99, 0x99 };

static struct rig R;
static uint8_t frame[2100];

static bool wakes(const uint8_t *p, uint32_t len)
{
	struct iovec iov;
	struct pkt pkt;

	pkt_flat(&pkt, &iov, (uint8_t *)p, len);
	return fake_wake(&R.h, &pkt);
}

static void magic_to(const uint8_t *dst)
{
	rig_frame(frame, 200, dst);
	memset(frame + 20, 0xff, 6);
	for (unsigned i = 0; i < 16; i++)
		memcpy(frame + 26 + 6 * i, rig_mac, 6);
}

/* 13.7.15: an oversized frame is a length error; 13.7.36 counts it as too long besides. */
START_TEST(length_errors)
{
	rig_open(&R);
	ck_assert(rig_receive(&R, 1514, rig_mac));
	ck_assert_uint_eq(rd(&R, RLEC), 0);
	ck_assert(rig_receive(&R, 1600, rig_mac));
	ck_assert_uint_eq(rd(&R, ROC), 1);
	ck_assert_uint_eq(rd(&R, RLEC), 1);
	ck_assert(rig_receive(&R, 1600, stranger)); /* does not pass the filter */
	ck_assert_uint_eq(rd(&R, RLEC), 0);
	rig_close(&R);
}
END_TEST

/* 13.7.30, 13.7.32: good frames and octets leave pause frames out; the totals do not. */
START_TEST(pause_frames_are_no_good_frames)
{
	rig_open(&R);
	wr(&R, FCAL, 0x00c28001);
	wr(&R, FCAH, 0x0100);
	wr(&R, FCT, 0x8808);
	wr(&R, FCTTV, 100);
	wr(&R, TCTL, rd(&R, TCTL) | SWXOFF);
	fake_advance(&R.h, 0);
	ck_assert_uint_eq(R.h.n_tx, 1);
	ck_assert_uint_eq(rd(&R, XOFFTXC), 1);
	ck_assert_uint_eq(rd(&R, GPTC), 0);
	ck_assert_uint_eq(rd(&R, GOTCL), 0);
	ck_assert_uint_eq(rd(&R, PTC64), 0);
	ck_assert_uint_eq(rd(&R, MPTC), 0);
	ck_assert_uint_eq(rd(&R, TPT), 1);
	ck_assert_uint_eq(rd(&R, TOTL), 64);
	rig_close(&R);
}
END_TEST

/* 6.4.3.1.4: a magic packet may come as a broadcast, whatever the filter says: no driver has set
 * that up when the firmware's wake-up is on. */
START_TEST(magic_packet_by_broadcast)
{
	rig_open(&R);
	wr(&R, RCTL, 0);
	wr(&R, WUC, APME | APMPME);
	magic_to(broadcast);
	ck_assert(wakes(frame, 200));
	ck_assert_uint_eq(rd(&R, WUS), MAGIC);
	magic_to(stranger);
	ck_assert(!wakes(frame, 200));
	rig_close(&R);
}
END_TEST

/* 6.4.2: a frame has to pass the address filter first, then a wake-up filter. */
START_TEST(patterns_come_after_the_address_filter)
{
	rig_open(&R);
	wr(&R, WUC, PME_EN);
	wr(&R, WUFC, 1u << 16);
	wr(&R, FFLT, 16); /* the mask is empty: anything of 16 bytes matches */
	rig_frame(frame, 100, stranger);
	ck_assert(!wakes(frame, 100));
	rig_frame(frame, 100, group);
	ck_assert(!wakes(frame, 100));
	rig_frame(frame, 100, rig_mac);
	ck_assert(wakes(frame, 100));
	rig_close(&R);
}
END_TEST

/* 13.6.7, 13.6.8: no reset clears the packet that woke the machine; a driver reads it after the bus
 * reset of the resume. Of longer ones 2047 bytes are told. Diagnostics may write both. */
START_TEST(the_packet_survives_resets)
{
	rig_open(&R);
	wr(&R, WUC, PME_EN);
	wr(&R, WUFC, 4);
	rig_frame(frame, 2060, rig_mac);
	ck_assert(wakes(frame, 2060));
	ck_assert_uint_eq(rd(&R, WUPL), 2047);
	fake_reset(&R.h, HWNET_RESET_BUS);
	ck_assert_uint_eq(rd(&R, WUPL), 2047);
	ck_assert_uint_eq(rd(&R, WUPM), 0x12005452);
	wr(&R, CTRL, 1u << 26);
	ck_assert_uint_eq(rd(&R, WUPM), 0x12005452);
	wr(&R, WUPL, 0xffffffff);
	wr(&R, WUPM + 4, 0x01020304);
	ck_assert_uint_eq(rd(&R, WUPL), 0xfff);
	ck_assert_uint_eq(rd(&R, WUPM + 4), 0x01020304);
	fake_reset(&R.h, HWNET_RESET_POWER);
	ck_assert_uint_eq(rd(&R, WUPL), 0);
	rig_close(&R);
}
END_TEST

/* What "not applicable to the 82544GC/EI" is said of; Linux asks for none of it there. */
START_TEST(the_82544_lacks)
{
	static const uint32_t lacks[] = { ITR, RADV, TADV, RSRPD, LEDCTL, IP6AT, IP6AT + 12 };

	rig_open_model(&R, "e1000-82544gc");
	for (unsigned i = 0; i < sizeof(lacks) / sizeof(lacks[0]); i++) {
		wr(&R, lacks[i], 0x11);
		ck_assert_uint_eq(rd(&R, lacks[i]), 0);
	}
	wr(&R, TXDCTL, 0xffffffff);
	ck_assert_uint_eq(rd(&R, TXDCTL), 0x013f3f3f); /* no LWTHRESH */
	rig_close(&R);
	rig_open(&R);
	for (unsigned i = 0; i < sizeof(lacks) / sizeof(lacks[0]); i++) {
		wr(&R, lacks[i], 0x01);
		ck_assert_uint_eq(rd(&R, lacks[i]), 1);
	}
	wr(&R, TXDCTL, 0xffffffff);
	ck_assert_uint_eq(rd(&R, TXDCTL), 0xff3f3f3f);
	rig_close(&R);
}
END_TEST

/* Linux e1000_probe: whether magic packets wake is bit 2 of word 0Fh on the 82544, bit 10 of word
 * 24h on the others. The card loads APME from there. */
START_TEST(the_82544_wakes_by_another_bit)
{
	rig_open_model(&R, "e1000-82544gc");
	wr(&R, EERD, EE_WAKE << 8 | 1);
	ck_assert_uint_eq(rd(&R, EERD) >> 16 & 4, 4);
	ck_assert_uint_eq(rd(&R, WUC) & APME, APME);
	rig_close(&R);
	rig_open(&R);
	wr(&R, EERD, 0x24 << 8 | 1);
	ck_assert_uint_eq(rd(&R, EERD) >> 16 & 0x400, 0x400);
	ck_assert_uint_eq(rd(&R, WUC) & APME, APME);
	rig_close(&R);
}
END_TEST

/* What a frame needs to leave. */
enum gate { G_TCTL, G_CABLE, G_SLU, G_TDT, G_HOST, N_GATES };

static void open_gate(enum gate gate)
{
	if (gate == G_TCTL)
		wr(&R, TCTL, TCTL_ON);
	else if (gate == G_CABLE)
		fake_carrier(&R.h, true);
	else if (gate == G_SLU)
		wr(&R, CTRL, rd(&R, CTRL) | SLU);
	else if (gate == G_TDT)
		rig_send(&R, frame, 60, 0);
	else
		R.h.tx_room = UINT32_MAX;
	if (R.h.tx_stalled && R.h.tx_room)
		fake_tx_ready(&R.h);
	fake_advance(&R.h, 10000000); /* the link is negotiated */
}

/* "Detected Tx Unit Hang" with TDH 0 and TDT 1: a driver's first frame waits for whatever comes
 * last, and leaves then, be the order what it may. */
START_TEST(the_first_frame_leaves_in_any_order)
{
	rig_frame(frame, 60, rig_mac);
	for (unsigned order = 0; order < 5 * 4 * 3 * 2; order++) {
		unsigned todo = (1u << N_GATES) - 1, code = order;

		rig_open_unplugged(&R);
		wr(&R, TCTL, 0);
		wr(&R, CTRL, rd(&R, CTRL) & ~SLU);
		R.h.tx_room = 0;
		for (unsigned left = N_GATES; left; left--) {
			unsigned gate = 0, skip = code % left;

			code /= left;
			while (!(todo & 1u << gate) || skip--)
				gate++;
			todo &= ~(1u << gate);
			ck_assert_uint_eq(R.h.n_tx, 0);
			open_gate((enum gate)gate);
		}
		ck_assert_uint_eq(R.h.n_tx, 1);
		ck_assert_uint_eq(rd(&R, TDH), 1);
		ck_assert_uint_eq(rig_tx_status(&R, 0), 1);
		rig_close(&R);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		length_errors,
		pause_frames_are_no_good_frames,
		magic_packet_by_broadcast,
		patterns_come_after_the_address_filter,
		the_packet_survives_resets,
		the_82544_lacks,
		the_82544_wakes_by_another_bit,
		the_first_frame_leaves_in_any_order,
		NULL,
	};

	return unit_main("e1000-sheet", tests);
}
