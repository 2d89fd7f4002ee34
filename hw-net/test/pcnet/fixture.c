/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of the PCnet share; see fixture.h. */
#include "fixture.h"

#include <string.h>

#include "build-frame.h"

struct fake_host host;
struct pc_driver drv;
uint8_t frame[8192], got[8192];

const uint8_t peer[6] = { 0x02, 0, 0, 0, 0, 0x01 };

void open_card(enum pc_chip chip)
{
	pc_open(&host, chip);
	memset(&drv, 0, sizeof(drv));
	drv.h = &host;
}

void up_coalescing(enum pc_chip chip, unsigned coalesce, unsigned n_rx, unsigned n_tx)
{
	pc_open_coalesce(&host, chip, coalesce, 200);
	pc_up(&drv, &host, 2, n_rx, n_tx);
	pc_frame(frame, pc_mac, 1000, 1);
}

void send_frame(void)
{
	uint8_t out[64];

	pc_frame(out, peer, 60, 1);
	pc_send(&drv, out, 60);
}

unsigned handle(void)
{
	uint16_t flags;
	unsigned n = 0;

	pc_set_csr(&drv, 0, (pc_csr(&drv, 0) & CSR0_W1C) | CSR0_IENA);
	while (pc_recv(&drv, got, sizeof(got), &flags))
		n++;
	return n;
}

void expect_tx(unsigned i, const uint8_t *want, unsigned len)
{
	ck_assert_uint_lt(i, host.n_tx);
	ck_assert_frame_eq(host.tx[i].data, host.tx[i].pkt.len, want, len);
	ck_assert_uint_eq(host.tx[i].pkt.flags, 0);
}

void arrive(unsigned len, uint8_t fill)
{
	pc_frame(frame, pc_mac, len, fill);
	ck_assert(fake_rx_bytes(&host, frame, len));
}

void expect_rx(const uint8_t *want, unsigned len)
{
	unsigned wire = len < 60 ? 60 : len;
	uint8_t padded[2048] = { 0 };
	uint16_t flags;
	unsigned n = pc_recv(&drv, got, sizeof(got), &flags);

	ck_assert_uint_eq(n, wire + 4);
	ck_assert_uint_eq(flags & (D_ERR | D_ENP), D_ENP);
	memcpy(padded, want, len);
	ck_assert_mem_eq(got, padded, wire);
	ck_assert_uint_eq((unsigned)(got[wire] | got[wire + 1] << 8 | got[wire + 2] << 16) |
				  (unsigned)got[wire + 3] << 24,
			  slow_crc32(padded, wire));
}
