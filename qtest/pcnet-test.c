/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device suite of the PCnet: what drivers see, on the distribution's QEMU with a stepped clock.
 * Chapters are those of the data sheets Am79C970A (19436) and Am79C973 (21510).
 */
#include "pcnet-rig.h"

#define MAC  "mac=52:54:00:12:34:56"
#define A970 "vc-pcnet,id=nic,model=am79c970a," MAC
#define A973 "vc-pcnet,id=nic,model=am79c973," MAC
/* An interrupt for every frame */
#define EACH ",coalesce=1"

static void step_us(struct pcnet_rig *p, unsigned us)
{
	qtest_clock_step(p->r.qts, us * 1000ll);
}

/* The FCS, bit by bit (802.3, 3.2.9). */
static uint32_t fcs(const uint8_t *b, size_t len)
{
	uint32_t crc = ~0u;

	for (size_t i = 0; i < len * 8; i++) {
		uint32_t bit = b[i / 8] >> i % 8 & 1;

		crc = crc >> 1 ^ ((crc ^ bit) & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void identify_as(const char *device, uint32_t chip, bool pm)
{
	struct pcnet_rig p;
	unsigned sum = 0, prom[16];

	pcnet_rig_open(&p, device, "");
	g_assert_cmphex(qpci_config_readl(p.r.dev, 0), ==, 0x20001022);
	g_assert_cmphex(qpci_config_readw(p.r.dev, 10), ==, 0x0200);
	g_assert_cmphex(qpci_config_readw(p.r.dev, 6) & 0x10, ==, pm ? 0x10 : 0);
	g_assert_cmphex(csr(&p, 0), ==, STOP);
	g_assert_cmphex(csr(&p, 88) | (uint32_t)csr(&p, 89) << 16, ==, chip);
	for (unsigned i = 0; i < 16; i++) {
		prom[i] = qpci_io_readb(p.r.dev, p.r.bar[i & 1], i);
		sum += i == 12 || i == 13 ? 0 : prom[i];
	}
	for (unsigned i = 0; i < 6; i++)
		g_assert_cmphex(prom[i], ==, pcnet_mac[i]);
	g_assert_cmphex(prom[12] | prom[13] << 8, ==, sum);
	g_assert_cmphex(prom[14] << 8 | prom[15], ==, 0x5757);
	g_assert_cmphex(csr(&p, 12), ==, 0x5452);
	pcnet_rig_stop(&p);
}

static void test_identify(void)
{
	identify_as(A970, 0x02621003, false);
	identify_as(A973, 0x02625003, true);
}

/* One frame out, one in, by the wire. */
static void exchange(struct pcnet_rig *p, unsigned len, unsigned seq)
{
	uint8_t want[1514], got[RIG_MAX_FRAME];

	rig_frame(want, pcnet_peer, pcnet_mac, len, seq);
	pcnet_send(p, want, len);
	g_assert_cmpuint(rig_recv(&p->r, got), ==, len);
	g_assert_cmpmem(want, len, got, len);
	rig_frame(want, pcnet_mac, pcnet_peer, len, seq);
	rig_send(&p->r, want, len);
	g_assert_cmpuint(pcnet_recv(p, got), ==, len + 4);
	g_assert_cmpmem(want, len, got, len);
	g_assert_cmphex((uint32_t)ldl_le_p(got + len), ==, fcs(want, len));
}

/* Each layout of init block and descriptors, words and double words, I/O and memory space. */
static void test_styles(void)
{
	struct pcnet_rig p;

	for (unsigned wide = 0; wide <= 1; wide++)
		for (unsigned bar = 0; bar <= 1; bar++) {
			pcnet_rig_open(&p, wide ? A973 : A970, "");
			p.bar = bar;
			if (wide)
				pcnet_dwio(&p);
			for (unsigned style = 0; style <= 3; style++) {
				pcnet_setup(&p, style, 4, 4, 2048, 0, true);
				for (unsigned i = 0; i < 9; i++)
					exchange(&p, 60 + i * 181, i);
			}
			pcnet_rig_stop(&p);
		}
}

/* Rings of one descriptor and of the most that a style allows, more than once round. */
static void test_ring_lengths(void)
{
	struct pcnet_rig p;

	pcnet_rig_open(&p, A970, "-m 256");
	for (unsigned style = 0; style <= 3; style++) {
		unsigned most = style ? 512 : 128;

		pcnet_setup(&p, style, 1, 1, 1536, 0, true);
		for (unsigned i = 0; i < 5; i++)
			exchange(&p, 1514, i);
		pcnet_setup(&p, style, most, most, 1536, 0, true);
		for (unsigned i = 0; i < most + 5; i++)
			exchange(&p, 60, i);
	}
	pcnet_rig_stop(&p);
}

/* A whole ring behind one doorbell. */
static void test_tx_batch(void)
{
	struct pcnet_rig p;
	uint8_t want[100], got[RIG_MAX_FRAME];
	unsigned len = sizeof(want);

	pcnet_rig_open(&p, A970, "");
	for (unsigned style = 0; style <= 3; style++) {
		pcnet_setup(&p, style, 4, 64, 2048, 0, true);
		for (unsigned i = 0; i < 64; i++) {
			rig_frame(want, pcnet_peer, pcnet_mac, len, i);
			pcnet_queue(&p, want, &len, 1);
		}
		pcnet_bell(&p);
		for (unsigned i = 0; i < 64; i++) {
			rig_frame(want, pcnet_peer, pcnet_mac, len, i);
			g_assert_cmpuint(rig_recv(&p.r, got), ==, len);
			g_assert_cmpmem(want, len, got, len);
		}
	}
	pcnet_rig_stop(&p);
}

/* A TDMD of a card that may not reach memory yet. */
static void test_bus_master(void)
{
	struct pcnet_rig p;
	uint8_t out[100], in[RIG_MAX_FRAME];

	pcnet_rig_start(&p, A973, "");
	rig_frame(out, pcnet_peer, pcnet_mac, sizeof(out), 1);
	rig_master(&p.r, false);
	pcnet_send(&p, out, sizeof(out));
	g_assert_true(rig_wire_quiet(&p.r));
	rig_master(&p.r, true);
	g_assert_cmpuint(rig_recv(&p.r, in), ==, sizeof(out));
	g_assert_true(rig_wire_quiet(&p.r));
	pcnet_rig_stop(&p);
}

/* Frames in 2 to 16 descriptors. */
static void test_tx_chains(void)
{
	struct pcnet_rig p;
	uint8_t want[1514], got[RIG_MAX_FRAME];
	unsigned pieces[16];

	pcnet_rig_open(&p, A973, "");
	for (unsigned style = 0; style <= 3; style++) {
		pcnet_setup(&p, style, 4, 16, 2048, 0, true);
		for (unsigned n = 2; n <= 16; n++) {
			unsigned len = 0;

			for (unsigned i = 0; i < n; i++)
				len += pieces[i] = 7 + i * 11;
			rig_frame(want, pcnet_peer, pcnet_mac, MAX(len, 18), n);
			pcnet_queue(&p, want, pieces, n);
			pcnet_bell(&p);
			g_assert_cmpuint(rig_recv(&p.r, got), >=, len);
			g_assert_cmpmem(want, len, got, len);
		}
	}
	pcnet_rig_stop(&p);
}

/* Frames one less than, exactly, and one more than what one, two, ... buffers hold. */
static void test_rx_fits(void)
{
	struct pcnet_rig p;
	uint8_t want[1514], got[RIG_MAX_FRAME];

	pcnet_rig_open(&p, A970, "");
	for (unsigned style = 0; style <= 3; style++) {
		pcnet_setup(&p, style, 32, 4, 128, 0, true);
		for (unsigned bufs = 1; bufs <= 11; bufs++)
			for (int over = -1; over <= 1; over++) {
				unsigned len = bufs * 128 - 4 + over, used = bufs + (over > 0),
					 first = p.rx.next;

				rig_frame(want, pcnet_mac, pcnet_peer, len, bufs);
				rig_send(&p.r, want, len);
				g_assert_cmpuint(pcnet_recv(&p, got), ==, len + 4);
				g_assert_cmpmem(want, len, got, len);
				g_assert_cmpuint(p.rx.next, ==, (first + used) % 32);
			}
	}
	pcnet_rig_stop(&p);
}

/* PCI PM 1.1, 5.4: a card in D3 does not interrupt. Without its registers nobody could stop it. */
static void test_interrupt_in_d3(void)
{
	uint8_t frame[60], got[RIG_MAX_FRAME];
	struct pcnet_rig p;

	pcnet_rig_start(&p, A973 EACH, "");
	rig_frame(frame, pcnet_peer, pcnet_mac, 60, 1);
	pcnet_send(&p, frame, 60);
	rig_recv(&p.r, got);
	g_assert_true(rig_irq(&p.r));
	rig_power(&p.r, 3);
	g_assert_false(rig_irq(&p.r));
	rig_power(&p.r, 0);
	g_assert_false(rig_irq(&p.r));
	pcnet_rig_stop(&p);
}

/* Every frame interrupts, and is acknowledged. */
static void test_interrupts(void)
{
	struct pcnet_rig p;
	uint8_t frame[60], got[RIG_MAX_FRAME];

	pcnet_rig_start(&p, A970 EACH, "");
	g_assert_false(rig_irq(&p.r));
	rig_frame(frame, pcnet_peer, pcnet_mac, 60, 1);
	pcnet_send(&p, frame, 60);
	rig_recv(&p.r, got);
	g_assert_true(rig_irq(&p.r));
	g_assert_cmphex(csr(&p, 0) & (INTR | TINT | RINT), ==, INTR | TINT);
	set_csr(&p, 0, TINT | IENA);
	g_assert_false(rig_irq(&p.r));
	rig_frame(frame, pcnet_mac, pcnet_peer, 60, 1);
	rig_send(&p.r, frame, 60);
	pcnet_recv(&p, got);
	g_assert_true(rig_irq(&p.r));
	set_csr(&p, 3, RINT); /* masked */
	g_assert_false(rig_irq(&p.r));
	set_csr(&p, 3, 0);
	g_assert_true(rig_irq(&p.r));
	set_csr(&p, 0, RINT | IENA);
	g_assert_false(rig_irq(&p.r));
	pcnet_rig_stop(&p);
}

static void flood(struct pcnet_rig *p, unsigned n)
{
	uint8_t frame[60], got[RIG_MAX_FRAME];

	for (unsigned i = 0; i < n; i++) {
		rig_frame(frame, pcnet_mac, pcnet_peer, 60, i);
		rig_send(&p->r, frame, 60);
		pcnet_recv(p, got);
		step_us(p, 5);
	}
}

/*
 * Under load the pin waits: for 32 frames, or a quarter of coalesce-us after the last one. Alone, a
 * frame is told at once.
 */
static void test_moderation(void)
{
	struct pcnet_rig p;
	uint8_t got[RIG_MAX_FRAME];

	pcnet_rig_open(&p, A970 ",coalesce=32,coalesce-us=400", "");
	pcnet_setup(&p, 2, 128, 4, 2048, 0, true);
	flood(&p, 1);
	g_assert_true(rig_irq(&p.r));
	set_csr(&p, 0, RINT | IENA);
	flood(&p, 64);
	set_csr(&p, 0, RINT | IENA);
	for (unsigned i = 1; i <= 32; i++) {
		g_assert_false(rig_irq(&p.r));
		flood(&p, 1);
	}
	g_assert_true(rig_irq(&p.r));
	set_csr(&p, 0, RINT | IENA);
	flood(&p, 3);
	g_assert_false(rig_irq(&p.r));
	g_assert_cmphex(csr(&p, 0) & (RINT | INTR), ==, RINT | INTR);
	step_us(&p, 90);
	g_assert_false(rig_irq(&p.r));
	step_us(&p, 10);
	g_assert_true(rig_irq(&p.r));
	set_csr(&p, 0, RINT | IENA);
	step_us(&p, 5000);
	rig_frame(got, pcnet_mac, pcnet_peer, 60, 0);
	rig_send(&p.r, got, 60);
	pcnet_recv(&p, got);
	g_assert_true(rig_irq(&p.r));
	pcnet_rig_stop(&p);
}

/* Forty frames for a ring of four: none is missed, the order stays. */
static void test_back_pressure(void)
{
	struct pcnet_rig p;
	uint8_t frame[60], got[RIG_MAX_FRAME];

	pcnet_rig_open(&p, A970, "");
	pcnet_setup(&p, 2, 4, 4, 2048, 0, true);
	for (unsigned i = 0; i < 40; i++) {
		rig_frame(frame, pcnet_mac, pcnet_peer, 60, i);
		rig_send(&p.r, frame, 60);
	}
	for (unsigned i = 0; i < 40; i++) {
		if (i % 4 == 0)
			step_us(&p, 2000); /* the receive poll timer */
		g_assert_cmpuint(pcnet_recv(&p, got), ==, 64);
		rig_frame(frame, pcnet_mac, pcnet_peer, 60, i);
		g_assert_cmpmem(frame, 60, got, 60);
	}
	g_assert_cmpuint(csr(&p, 112), ==, 0);
	g_assert_cmphex(csr(&p, 0) & MISS, ==, 0);
	pcnet_rig_stop(&p);
}

/* A driver that does not come back: MISS after two seconds. */
static void test_miss(void)
{
	struct pcnet_rig p;
	uint8_t frame[60], got[RIG_MAX_FRAME];

	pcnet_rig_open(&p, A970, "");
	pcnet_setup(&p, 2, 4, 4, 2048, 0, true);
	for (unsigned i = 0; i < 10; i++) {
		rig_frame(frame, pcnet_mac, pcnet_peer, 60, i);
		rig_send(&p.r, frame, 60);
	}
	g_assert_true(pcnet_arrived(&p));
	step_us(&p, 1900000);
	g_assert_cmphex(csr(&p, 0) & MISS, ==, 0);
	step_us(&p, 200000);
	for (unsigned turn = 0; csr(&p, 112) < 6 && turn < 1000; turn++)
		step_us(&p, 0);
	g_assert_cmpuint(csr(&p, 112), ==, 6);
	g_assert_cmphex(csr(&p, 0) & MISS, ==, MISS);
	for (unsigned i = 0; i < 4; i++)
		pcnet_recv(&p, got);
	exchange(&p, 100, 7);
	pcnet_rig_stop(&p);
}

/* CSR5 SPND with frames on both sides. */
static void test_suspend(void)
{
	struct pcnet_rig p;
	uint8_t frame[60], got[RIG_MAX_FRAME];
	unsigned len = 60;

	pcnet_rig_start(&p, A973, "");
	for (unsigned i = 0; i < 20; i++) {
		set_csr(&p, 5, 1);
		g_assert_cmphex(csr(&p, 5) & 1, ==, 1);
		rig_frame(frame, pcnet_peer, pcnet_mac, 60, i);
		pcnet_queue(&p, frame, &len, 1);
		pcnet_bell(&p);
		rig_frame(frame, pcnet_mac, pcnet_peer, 60, i);
		rig_send(&p.r, frame, 60);
		g_assert_true(rig_wire_quiet(&p.r));
		g_assert_cmphex(pcnet_flags(&p, &p.rx, p.rx.next) & OWN, ==, OWN);
		set_csr(&p, 8 + i % 4, 1 << i % 16);
		set_csr(&p, 5, 0);
		g_assert_cmpuint(pcnet_recv(&p, got), ==, 64);
		g_assert_cmpmem(frame, 60, got, 60);
		g_assert_cmpuint(rig_recv(&p.r, got), ==, 60);
	}
	pcnet_rig_stop(&p);
}

/* MODE LOOP and INTL: what Linux's self-test does. */
static void test_loopback(void)
{
	struct pcnet_rig p;
	uint8_t frame[75], got[RIG_MAX_FRAME];

	pcnet_rig_open(&p, A970, "");
	for (unsigned style = 0; style <= 3; style++) {
		pcnet_setup(&p, style, 4, 4, 2048, 0x44, true);
		rig_frame(frame, pcnet_mac, pcnet_mac, sizeof(frame), style);
		pcnet_send(&p, frame, sizeof(frame));
		g_assert_cmpuint(pcnet_recv(&p, got), ==, sizeof(frame) + 4);
		g_assert_cmpmem(frame, sizeof(frame), got, sizeof(frame));
		g_assert_cmphex((uint32_t)ldl_le_p(got + sizeof(frame)), ==,
				fcs(frame, sizeof(frame)));
		g_assert_true(rig_wire_quiet(&p.r));
	}
	pcnet_rig_stop(&p);
}

/* Transmit poll timer: no doorbell, 2 ms (CSR47). */
static void test_poll(void)
{
	struct pcnet_rig p;
	uint8_t frame[60], got[RIG_MAX_FRAME];
	unsigned len = 60;

	pcnet_rig_start(&p, A970, "");
	for (unsigned i = 0; i < 5; i++) {
		rig_frame(frame, pcnet_peer, pcnet_mac, 60, i);
		pcnet_queue(&p, frame, &len, 1);
		g_assert_true(rig_wire_quiet(&p.r));
		step_us(&p, 2000);
		g_assert_cmpuint(rig_recv(&p.r, got), ==, 60);
	}
	pcnet_rig_stop(&p);
}

/* A reset of the machine gives words, STOP and the address back; S_RESET stops alone. */
static void test_reset(void)
{
	struct pcnet_rig p;

	pcnet_rig_open(&p, A970, "");
	pcnet_dwio(&p);
	pcnet_setup(&p, 3, 4, 4, 2048, 0, true);
	exchange(&p, 100, 1);
	qpci_io_readl(p.r.dev, p.r.bar[0], 0x18); /* S_RESET */
	g_assert_cmphex(csr(&p, 0), ==, STOP);
	g_assert_cmphex(bcr(&p, 20), ==, 0x0303);
	qtest_qmp_assert_success(p.r.qts, "{ 'execute': 'system_reset' }");
	qtest_qmp_eventwait(p.r.qts, "RESET");
	qpci_device_enable(p.r.dev);
	qpci_config_writel(p.r.dev, 0x10, p.r.bar[0].addr);
	p.dwio = false;
	g_assert_cmphex(csr(&p, 0), ==, STOP);
	g_assert_cmphex(bcr(&p, 20), ==, 0x0200);
	g_assert_cmphex(csr(&p, 14), ==, 0x5634);
	pcnet_setup(&p, 0, 4, 4, 2048, 0, true);
	exchange(&p, 100, 2);
	pcnet_rig_stop(&p);
}

/* The cable: BCR4 on the 970A, the PHY's status on the 973, where a loss is latched. */
static void test_set_link(void)
{
	struct pcnet_rig p;

	pcnet_rig_start(&p, A970, "");
	g_assert_cmphex(bcr(&p, 4), ==, 0x80c0);
	wire_set_link(p.r.qts, "nic", false);
	g_assert_cmphex(bcr(&p, 4), ==, 0x00c0);
	wire_set_link(p.r.qts, "nic", true);
	g_assert_cmphex(bcr(&p, 4), ==, 0x80c0);
	exchange(&p, 60, 1);
	pcnet_rig_stop(&p);

	pcnet_rig_start(&p, A973, "");
	set_bcr(&p, 33, 30 << 5 | 1);
	g_assert_cmphex(bcr(&p, 34) & 4, ==, 4);
	wire_set_link(p.r.qts, "nic", false);
	wire_set_link(p.r.qts, "nic", true);
	g_assert_cmphex(bcr(&p, 34) & 4, ==, 0);
	g_assert_cmphex(bcr(&p, 34) & 4, ==, 4);
	pcnet_rig_stop(&p);
}

/* The new machine's QEMU, with the driver's own state taken over. */
static void migrate(const char *device, unsigned style)
{
	uint8_t announcement[RIG_MAX_FRAME];
	struct pcnet_rig from, to;
	struct rig fresh;

	pcnet_rig_open(&from, device, "");
	pcnet_setup(&from, style, 8, 8, 2048, 0, true);
	for (unsigned i = 0; i < 5; i++)
		exchange(&from, 200, i);
	rig_start(&fresh, device, "-incoming defer");
	wire_migrate(from.r.qts, fresh.qts);
	to = from;
	rig_move(&to.r, &fresh);
	pcnet_rig_stop(&from);
	while (!rig_wire_quiet(&to.r)) /* QEMU announces the address in its new place */
		rig_recv(&to.r, announcement);
	g_assert_cmphex(csr(&to, 0) & (INTR | TINT | RINT | STRT), ==, INTR | TINT | RINT | STRT);
	set_csr(&to, 0, TINT | RINT | IENA);
	g_assert_false(rig_irq(&to.r));
	for (unsigned i = 5; i < 20; i++)
		exchange(&to, 200, i);
	pcnet_rig_stop(&to);
}

static void test_migrate(void)
{
	migrate(A970 EACH, 0);
	migrate(A973 EACH, 3);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/vc-pcnet/identify", test_identify);
	qtest_add_func("/vc-pcnet/styles", test_styles);
	qtest_add_func("/vc-pcnet/ring-lengths", test_ring_lengths);
	qtest_add_func("/vc-pcnet/tx/batch", test_tx_batch);
	qtest_add_func("/vc-pcnet/tx/bus-master", test_bus_master);
	qtest_add_func("/vc-pcnet/tx/chains", test_tx_chains);
	qtest_add_func("/vc-pcnet/tx/poll-timer", test_poll);
	qtest_add_func("/vc-pcnet/rx/fits", test_rx_fits);
	qtest_add_func("/vc-pcnet/rx/back-pressure", test_back_pressure);
	qtest_add_func("/vc-pcnet/rx/miss", test_miss);
	qtest_add_func("/vc-pcnet/interrupts", test_interrupts);
	qtest_add_func("/vc-pcnet/interrupts-in-d3", test_interrupt_in_d3);
	qtest_add_func("/vc-pcnet/moderation", test_moderation);
	qtest_add_func("/vc-pcnet/suspend", test_suspend);
	qtest_add_func("/vc-pcnet/loopback", test_loopback);
	qtest_add_func("/vc-pcnet/reset", test_reset);
	qtest_add_func("/vc-pcnet/set-link", test_set_link);
	qtest_add_func("/vc-pcnet/migrate", test_migrate);
	return g_test_run();
}
