/* SPDX-License-Identifier: BSD-2-Clause */
/* Operations of programs; see program.h. */
#include "ops.h"

#include <stddef.h>

#include "guests.h"
#include "model.h"
#include "rx.h"

/* Saves of one program, without the last. */
#define MAX_REOPENS 2u

static void access_register(struct fuzz *z, bool write)
{
	const struct hwnet_model_ops *ops = z->model->ops;
	uint8_t space = fuzz_u8(z), row = fuzz_u8(z), index = fuzz_u8(z);
	const struct hwnet_regspace *s;
	const struct hwnet_reg *reg;
	uint32_t num, val;

	if (!ops->n_regs)
		return;
	space %= ops->n_regs;
	s = &ops->regs[space];
	if (!s->n_rows)
		return;
	reg = &s->rows[row % s->n_rows];
	num = reg->num +
	      index % (reg->count ? reg->count : 1u) * (reg->stride ? reg->stride : s->unit);
	val = write ? (uint32_t)fuzz_value(z) : 0;
	z->guest->reg(z, space, num, write ? &val : NULL);
}

static void access_raw(struct fuzz *z, bool write)
{
	static const unsigned sizes[] = { 4, 1, 2, 8 };
	uint8_t how = fuzz_u8(z);
	unsigned size = sizes[how & 3], bar = how >> 2 & 7;
	struct hwnet_pci pci;
	uint64_t off = fuzz_u16(z);

	hwnet_pci(z->host.nic, &pci);
	if (bar >= 6 || !pci.bars[bar].size)
		return;
	off = (how & 0x80 ? off << 2 : off) % pci.bars[bar].size;
	if (write)
		fake_write(&z->host, bar, off, fuzz_value(z), size);
	else
		fake_read(&z->host, bar, off, size);
}

static void write_memory(struct fuzz *z, bool address)
{
	uint8_t which = fuzz_u8(z), at = fuzz_u8(z), n = fuzz_u8(z);
	uint32_t off, len = address ? 8 : 1 + n % 16;
	const struct fuzz_area *a;

	if (!z->n_areas)
		return;
	a = &z->areas[which % z->n_areas];
	off = at * a->unit + n / 16;
	if (off + len > a->len)
		off = a->len - len;
	if (address) {
		fake_put64(&z->host, a->addr + off, fuzz_value(z));
		return;
	}
	for (uint32_t i = 0; i < len; i++)
		fake_put8(&z->host, a->addr + off + i, fuzz_u8(z));
}

/* From nanoseconds to hours. */
static void op_time(struct fuzz *z)
{
	uint8_t t = fuzz_u8(z);

	fake_advance(&z->host, (int64_t)(1 + (t & 15)) << (t >> 4) * 2);
}

static void op_ask(struct fuzz *z)
{
	struct hwnet_rx_filter f;
	struct hwnet_link link;

	hwnet_rx_filter(z->host.nic, &f);
	if (f.n_addrs > 64 || f.mhash_bits > 12 || (f.mhash_bits && !f.mhash) ||
	    (f.vlan_filter && !f.vlans))
		fake_fail("receive filter of %u addresses, %u bits", f.n_addrs, f.mhash_bits);
	hwnet_link(z->host.nic, &link);
	if (hwnet_rx_caps(z->host.nic) &
	    ~(1u << PKT_GSO_TCPV4 | 1u << PKT_GSO_TCPV6 | 1u << PKT_GSO_UDP_L4))
		fake_fail("rx_caps %#x", hwnet_rx_caps(z->host.nic));
}

static void op_tx_room(struct fuzz *z)
{
	uint8_t room = fuzz_u8(z);

	z->host.tx_room = room < 0x80 ? room : UINT32_MAX;
	if (room & 1)
		fake_tx_ready(&z->host);
}

static void op_reset(struct fuzz *z)
{
	uint8_t how = fuzz_u8(z);

	fake_reset(&z->host, how & 1 ? HWNET_RESET_BUS : HWNET_RESET_POWER);
	if (how & 2)
		z->guest->bring_up(z);
}

/* What the card's config space lets a guest switch on. */
static void op_irq_mode(struct fuzz *z)
{
	uint8_t how = fuzz_u8(z);
	struct hwnet_pci pci;

	hwnet_pci(z->host.nic, &pci);
	z->host.irq_mode = HWNET_IRQ_INTX;
	if (how % 3 == 1 && pci.msi_vectors)
		z->host.irq_mode = HWNET_IRQ_MSI;
	else if (how % 3 == 2 && pci.msix_vectors)
		z->host.irq_mode = HWNET_IRQ_MSIX;
}

static void op_map(struct fuzz *z)
{
	uint8_t how = fuzz_u8(z);

	z->host.map = how % FAKE_MAP_NONE;
	z->host.map_max = 1 + how / FAKE_MAP_NONE * 7u;
}

static void op_send(struct fuzz *z)
{
	z->guest->send(z);
}

static void op_refill(struct fuzz *z)
{
	z->guest->refill(z);
}

static void op_act(struct fuzz *z)
{
	z->guest->act(z);
}

static void op_reg_write(struct fuzz *z)
{
	access_register(z, true);
}

static void op_reg_read(struct fuzz *z)
{
	access_register(z, false);
}

static void op_raw_write(struct fuzz *z)
{
	access_raw(z, true);
}

static void op_raw_read(struct fuzz *z)
{
	access_raw(z, false);
}

static void op_memory(struct fuzz *z)
{
	write_memory(z, false);
}

static void op_address(struct fuzz *z)
{
	write_memory(z, true);
}

static void op_run(struct fuzz *z)
{
	fake_run(&z->host, fuzz_u8(z) % 80);
}

/* Saving and loading costs as much as a hundred operations of other kinds. */
static void op_reopen(struct fuzz *z)
{
	if (z->reopens++ < MAX_REOPENS)
		fake_reopen(&z->host);
}

static void op_carrier(struct fuzz *z)
{
	fake_carrier(&z->host, fuzz_u8(z) & 1);
}

static void op_dma_fail(struct fuzz *z)
{
	z->host.dma_fail_in = fuzz_u8(z) % 32;
}

static void op_flip(struct fuzz *z)
{
	z->flip = fuzz_u8(z) & 1;
	z->random = 1 + fuzz_u8(z);
}

static void op_kick(struct fuzz *z)
{
	z->host.kick = fuzz_u8(z) % 3;
}

/* Those that a driver does most often have more than one number. */
static void (*const ops[N_OPS])(struct fuzz *z) = {
	[OP_SEND] = op_send,
	[OP_SEND_2] = op_send,
	[OP_SEND_3] = op_send,
	[OP_REFILL] = op_refill,
	[OP_RX] = fuzz_rx,
	[OP_RX_2] = fuzz_rx,
	[OP_RX_3] = fuzz_rx,
	[OP_RX_RAW] = fuzz_rx_raw,
	[OP_REG_WRITE] = op_reg_write,
	[OP_REG_WRITE_2] = op_reg_write,
	[OP_REG_READ] = op_reg_read,
	[OP_RAW_WRITE] = op_raw_write,
	[OP_RAW_READ] = op_raw_read,
	[OP_ACT] = op_act,
	[OP_ACT_2] = op_act,
	[OP_MEMORY] = op_memory,
	[OP_MEMORY_2] = op_memory,
	[OP_ADDRESS] = op_address,
	[OP_TIME] = op_time,
	[OP_TIME_2] = op_time,
	[OP_RUN] = op_run,
	[OP_TX_ROOM] = op_tx_room,
	[OP_REOPEN] = op_reopen,
	[OP_CARRIER] = op_carrier,
	[OP_RESET] = op_reset,
	[OP_IRQ_MODE] = op_irq_mode,
	[OP_MAP] = op_map,
	[OP_DMA_FAIL] = op_dma_fail,
	[OP_FLIP] = op_flip,
	[OP_ASK] = op_ask,
	[OP_KICK] = op_kick,
	[OP_WAKE] = fuzz_wake,
};

void fuzz_step(struct fuzz *z)
{
	ops[fuzz_u8(z) % N_OPS](z);
}

/* Programs that do what drivers do: send all kinds, receive all kinds, wait, save. */
size_t fuzz_program_seed(unsigned i, uint8_t *buf)
{
	static const uint8_t script[] = {
		OP_REFILL,  OP_SEND, OP_RX,	OP_TIME, OP_ACT, OP_REG_READ,
		OP_RX_RAW,  OP_SEND, OP_MEMORY, OP_RX,	 OP_ASK, OP_REG_WRITE,
		OP_ADDRESS, OP_SEND, OP_REOPEN, OP_RUN,	 OP_RX,	 OP_TIME,
	};
	uint64_t random = 77 + i;
	size_t n = 0;

	if (i >= 24)
		return 0;
	/* Each operation with a few bytes; what it does not take is taken as operations. */
	for (unsigned k = 0; k < 30; k++) {
		buf[n++] = script[(k + i * 5) % sizeof(script)];
		for (unsigned b = test_random(&random) % 14; b; b--)
			buf[n++] = (uint8_t)test_random(&random);
	}
	return n;
}
