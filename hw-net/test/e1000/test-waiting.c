/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames that are in the e1000's ring before they may leave: whatever held them, they leave when
 * it is gone, without another doorbell; and none waits for a host that was told to forget it.
 * Most of these orders are those of a driver that resumes, or of a machine too busy to do things
 * in time.
 */
#include "rig.h"

#define CTRL_SLU     (1u << 6)
#define CTRL_RST     (1u << 26)
#define CTRL_RFCE    (1u << 27)
#define STATUS_LU    0x02u
#define STATUS_TXOFF 0x10u
#define PAUSE_ALL    0xffffu

static struct rig R;
static uint8_t frame[BUILD_ROOM];

/* A frame waits in the ring, and STATUS says that the transmitter is stopped. */
static void queue(void)
{
	rig_frame(frame, 60, rig_mac);
	rig_send(&R, frame, 60, 0);
	ck_assert_uint_eq(R.h.n_tx, 0);
	ck_assert_uint_eq(rd(&R, TDH), 0);
	ck_assert_uint_eq(rig_tx_status(&R, 0), 0);
	ck_assert_uint_eq(rd(&R, STATUS) & STATUS_TXOFF, STATUS_TXOFF);
}

/* It has left. */
static void expect_sent(void)
{
	ck_assert_uint_eq(R.h.n_tx, 1);
	ck_assert_uint_eq(rd(&R, TDH), 1);
	ck_assert_uint_eq(rig_tx_status(&R, 0), 1);
	ck_assert_uint_eq(rd(&R, STATUS) & STATUS_TXOFF, 0);
}

/* 13.4.33. Linux sets EN when it has seen the link, and fills the ring before. */
START_TEST(for_the_transmitter)
{
	rig_open(&R);
	wr(&R, TCTL, TCTL_ON & ~2u);
	ck_assert_uint_eq(rd(&R, STATUS) & STATUS_TXOFF, 0); /* the ring is empty */
	queue();
	wr(&R, TCTL, TCTL_ON);
	expect_sent();
	rig_close(&R);
}
END_TEST

START_TEST(for_the_cable)
{
	rig_open(&R);
	fake_carrier(&R.h, false);
	queue();
	fake_carrier(&R.h, true);
	ck_assert_uint_eq(R.h.n_tx, 0); /* negotiation takes its time */
	fake_advance(&R.h, 10000000);
	expect_sent();
	rig_close(&R);
}
END_TEST

START_TEST(for_the_phy)
{
	rig_open(&R);
	rig_phy_write(&R, 0, 0x1940); /* powered down */
	queue();
	rig_phy_write(&R, 0, 0x1340); /* up, negotiate anew */
	fake_advance(&R.h, 10000000);
	expect_sent();
	rig_close(&R);
}
END_TEST

START_TEST(for_the_mac)
{
	rig_open_unplugged(&R);
	wr(&R, CTRL, rd(&R, CTRL) & ~CTRL_SLU);
	fake_carrier(&R.h, true);
	fake_advance(&R.h, 10000000);
	queue();
	wr(&R, CTRL, rd(&R, CTRL) | CTRL_SLU);
	expect_sent();
	rig_close(&R);
}
END_TEST

START_TEST(for_a_loopback)
{
	rig_open(&R);
	fake_carrier(&R.h, false);
	queue();
	wr(&R, RCTL, RCTL_ON | 1u << 6);
	ck_assert_uint_eq(rd(&R, TDH), 1);
	ck_assert_uint_eq(rd(&R, RDH), 1);
	rig_close(&R);
}
END_TEST

/* The link is there from the time on at which it is due, even if the host's timer is late: Linux
 * asks the PHY once, and resets the card if it sees no link and frames wait. */
START_TEST(for_a_late_timer)
{
	rig_open(&R);
	wr(&R, IMS, LSC);
	rig_phy_write(&R, 0, 0x1340);
	rd(&R, ICR);
	queue();
	R.h.now += 1000000; /* behind the timer's back */
	ck_assert_uint_eq(rig_phy_read(&R, 1) & 4, 0);
	R.h.now += 1000000;
	rig_phy_read(&R, 1);
	ck_assert_uint_eq(rig_phy_read(&R, 1) & 4, 4);
	ck_assert_uint_eq(rd(&R, STATUS) & STATUS_LU, STATUS_LU);
	ck_assert_uint_eq(rd(&R, ICR) & LSC, LSC);
	expect_sent();
	fake_advance(&R.h, 100000000); /* the timer: nothing is done twice */
	ck_assert_uint_eq(rd(&R, ICR) & LSC, 0);
	ck_assert_uint_eq(R.h.n_tx, 1);
	rig_close(&R);
}
END_TEST

/* An IEEE 802.3x pause frame for this many quanta. */
static void pause_for(unsigned quanta)
{
	static const uint8_t head[16] = {
		0x01, 0x80, 0xc2, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0x88, 8, 0, 1
	};
	uint8_t p[60] = { 0 };

	memcpy(p, head, sizeof(head));
	p[16] = (uint8_t)(quanta >> 8);
	p[17] = (uint8_t)quanta;
	ck_assert(fake_rx_bytes(&R.h, p, sizeof(p)));
}

static void open_paused(void)
{
	rig_open(&R);
	wr(&R, FCAL, 0x00c28001);
	wr(&R, FCAH, 0x0100);
	wr(&R, FCT, 0x8808);
	wr(&R, CTRL, rd(&R, CTRL) | CTRL_RFCE);
	pause_for(PAUSE_ALL);
	queue();
}

START_TEST(for_the_end_of_a_pause)
{
	open_paused();
	fake_advance(&R.h, 100000000);
	expect_sent();
	rig_close(&R);
	open_paused();
	pause_for(0);
	fake_advance(&R.h, 0);
	expect_sent();
	rig_close(&R);
	open_paused();
	wr(&R, CTRL, rd(&R, CTRL) & ~CTRL_RFCE);
	expect_sent();
	rig_close(&R);
}
END_TEST

static void open_refused(void)
{
	rig_open(&R);
	R.h.tx_room = 0;
	queue();
	R.h.tx_room = UINT_MAX;
}

START_TEST(for_the_host)
{
	open_refused();
	rig_ring(&R); /* nothing new: it is not asked again */
	ck_assert_uint_eq(R.h.n_tx, 0);
	fake_tx_ready(&R.h);
	expect_sent();
	rig_close(&R);
}
END_TEST

static void guest_reset(void)
{
	wr(&R, CTRL, CTRL_RST);
}

static void bus_reset(void)
{
	fake_reset(&R.h, HWNET_RESET_BUS);
}

static void power_cycle(void)
{
	fake_reset(&R.h, HWNET_RESET_POWER);
}

static void (*const resets[])(void) = { guest_reset, bus_reset, power_cycle };

/* What a host refused goes with the ring. The next ring waits for no word from it, and takes no
 * harm from one that comes. */
START_TEST(for_a_host_that_refused_before_a_reset)
{
	for (unsigned i = 0; i < 3; i++) {
		open_refused();
		resets[i]();
		ck_assert_uint_eq(rd(&R, STATUS) & STATUS_TXOFF, 0);
		rig_start(&R);
		ck_assert_uint_eq(R.h.n_tx, 0);
		fake_put32(&R.h, R.tx_ring + 12, 0);
		rig_send(&R, frame, 60, 0);
		expect_sent();
		fake_tx_ready(&R.h);
		expect_sent();
		rig_close(&R);
	}
}
END_TEST

/* A pause goes with a reset, too. */
START_TEST(for_a_pause_before_a_reset)
{
	for (unsigned i = 0; i < 3; i++) {
		open_paused();
		resets[i]();
		rig_start(&R);
		fake_put32(&R.h, R.tx_ring + 12, 0);
		rig_send(&R, frame, 60, 0);
		expect_sent();
		rig_close(&R);
	}
}
END_TEST

/* A host that loads a state has refused nothing of it, and so says nothing: another one, or the
 * same. */
START_TEST(for_another_host)
{
	static uint8_t state[1 << 17];
	char err[160];
	size_t len;

	open_refused();
	fake_reopen(&R.h);
	expect_sent();
	rig_close(&R);
	open_refused();
	len = fake_save(&R.h, state, sizeof(state));
	ck_assert_int_eq(fake_load(&R.h, state, len, err, sizeof(err)), 0);
	expect_sent();
	rig_close(&R);
	rig_open(&R);
	wr(&R, TCTL, TCTL_ON & ~2u);
	queue();
	fake_reopen(&R.h);
	wr(&R, TCTL, TCTL_ON);
	expect_sent();
	rig_close(&R);
}
END_TEST

/* A host that was asked to run and does so only after a reset finds nothing of the old ring. */
START_TEST(for_a_late_run)
{
	for (unsigned i = 0; i < 3; i++) {
		rig_open(&R);
		R.h.kick = FAKE_KICK_DEFERRED;
		rig_frame(frame, 60, rig_mac);
		rig_send(&R, frame, 60, 0);
		resets[i]();
		fake_run(&R.h, 64);
		rig_start(&R);
		fake_run(&R.h, 64);
		ck_assert_uint_eq(R.h.n_tx, 0);
		rig_send(&R, frame, 60, 0);
		fake_run(&R.h, 64);
		expect_sent();
		rig_close(&R);
	}
}
END_TEST

/* What Linux does when the machine wakes up: the bus was reset, then it resets card and PHY, sets
 * the ring up, fills it, and turns the transmitter on when the link is there. */
START_TEST(through_a_resume)
{
	rig_open(&R);
	rig_frame(frame, 60, rig_mac);
	R.h.tx_room = 0;
	rig_send(&R, frame, 60, 0);
	fake_reset(&R.h, HWNET_RESET_BUS); /* wake-up */
	fake_reset(&R.h, HWNET_RESET_BUS); /* D3 to D0 */
	R.h.tx_room = UINT_MAX;
	guest_reset();
	rig_phy_write(&R, 0, 0x9140);
	rig_phy_write(&R, 0, 0x1340);
	rig_start(&R);
	wr(&R, TCTL, TCTL_ON & ~2u);
	wr(&R, IMS, 0x9d);
	fake_put32(&R.h, R.tx_ring + 12, 0);
	queue();
	fake_advance(&R.h, 2000000000); /* nobody looks at the interrupt for seconds */
	ck_assert(R.h.intx);
	ck_assert_uint_eq(rd(&R, ICR) & LSC, LSC);
	ck_assert_uint_eq(rd(&R, STATUS) & STATUS_TXOFF, STATUS_TXOFF);
	rig_phy_read(&R, 1);
	ck_assert_uint_eq(rig_phy_read(&R, 1) & 4, 4);
	wr(&R, TCTL, TCTL_ON);
	expect_sent();
	rig_close(&R);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		for_the_transmitter,
		for_the_cable,
		for_the_phy,
		for_the_mac,
		for_a_loopback,
		for_a_late_timer,
		for_the_end_of_a_pause,
		for_the_host,
		for_a_host_that_refused_before_a_reset,
		for_a_pause_before_a_reset,
		for_another_host,
		for_a_late_run,
		through_a_resume,
		NULL,
	};

	return unit_main("e1000-waiting", tests);
}
