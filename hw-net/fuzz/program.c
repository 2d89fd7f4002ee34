/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs: operations; see program.h. */
#include "program.h"

#include <stdlib.h>
#include <string.h>

#include "hwnet/frame.h"

#include "guests.h"
#include "model.h"
#include "rx.h"

/* A program does not run forever, however long the input. */
#define MAX_OPS 400u

/* Operations. Those a driver does most often have more than one number. */
enum op {
	OP_SEND,
	OP_SEND_2,
	OP_SEND_3,
	OP_REFILL,
	OP_RX,
	OP_RX_2,
	OP_RX_3,
	OP_RX_RAW,
	OP_REG_WRITE,
	OP_REG_WRITE_2,
	OP_REG_READ,
	OP_RAW_WRITE,
	OP_RAW_READ,
	OP_ACT,
	OP_ACT_2,
	OP_MEMORY,
	OP_MEMORY_2,
	OP_ADDRESS,
	OP_TIME,
	OP_TIME_2,
	OP_RUN,
	OP_TX_ROOM,
	OP_REOPEN,
	OP_CARRIER,
	OP_RESET,
	OP_IRQ_MODE,
	OP_MAP,
	OP_DMA_FAIL,
	OP_FLIP,
	OP_ASK,
	OP_KICK,
	OP_WAKE,
	N_OPS,
};

uint8_t fuzz_u8(struct fuzz *z)
{
	if (!z->left)
		return 0;
	z->left--;
	return *z->in++;
}

uint16_t fuzz_u16(struct fuzz *z)
{
	uint16_t v = fuzz_u8(z);

	return (uint16_t)(v << 8 | fuzz_u8(z));
}

uint32_t fuzz_u32(struct fuzz *z)
{
	uint32_t v = fuzz_u16(z);

	return v << 16 | fuzz_u16(z);
}

uint64_t fuzz_area(struct fuzz *z, uint32_t len, uint32_t unit, uint32_t align)
{
	uint64_t addr = fake_alloc(&z->host, len, align);

	if (z->n_areas < FUZZ_AREAS)
		z->areas[z->n_areas++] = (struct fuzz_area) { addr, len, unit };
	return addr;
}

uint64_t fuzz_value(struct fuzz *z)
{
	static const uint64_t odd[] = {
		0,
		~0ull,
		FAKE_MMIO,
		FAKE_NOWHERE,
		FAKE_HIGH,
		FAKE_HIGH - 1,
		FAKE_LOW - 1,
		FAKE_LOW + FAKE_LOW_SIZE - 8,
		FAKE_HIGH + FAKE_HIGH_SIZE - 8,
		0x7fffffff,
		0xffff,
		0x10000,
	};
	uint8_t how = fuzz_u8(z);

	switch (how & 7) {
	case 0:
		return fuzz_u32(z);
	case 1:
		return FAKE_LOW + (fuzz_u16(z) * 128u) % FAKE_LOW_SIZE;
	case 2:
		return FAKE_HIGH + (fuzz_u16(z) * 128u) % FAKE_HIGH_SIZE;
	case 3:
		return z->n_areas ? z->areas[how / 8 % z->n_areas].addr : 0;
	case 4:
		return odd[how / 8 % (sizeof(odd) / sizeof(odd[0]))];
	case 5:
		return 1ull << how / 8;
	case 6:
		return how / 8;
	default:
		return (uint64_t)fuzz_u32(z) << 32 | fuzz_u32(z);
	}
}

unsigned fuzz_space_bits(const struct fuzz *z, unsigned space)
{
	return z->model->ops->regs[space].bits;
}

/* A guest that writes while the card reads: one byte of what was just fetched changes. */
static void flip_after_read(struct fake_host *h, uint64_t addr, size_t len)
{
	struct fuzz *z = (struct fuzz *)h;

	if (len && z->flip)
		fake_mem(h, addr, len)[test_random(&z->random) % len] ^=
			(uint8_t)test_random(&z->random);
}

/* Every frame that left is one that anybody can take. */
static void check_frames(struct fuzz *z)
{
	static struct pkt_fit fit;
	static struct pkt_buf buf;

	for (unsigned i = 0; i < z->host.n_tx; i++) {
		const struct pkt *pkt = &z->host.tx[i].pkt;
		const char *why = pkt_fit_begin(&fit, pkt, 0);

		if (why)
			fake_fail("tx: %s", why);
		if (z->host.tx[i].pieces >= FRAME_IOV_MAX)
			fake_fail("tx: %u pieces", z->host.tx[i].pieces);
		if (!pkt_fit_next(&fit, &buf))
			fake_fail("tx: a frame that cannot be made plain");
	}
	fake_tx_clear(&z->host);
}

/* ---- operations ---- */

static void op_register(struct fuzz *z, bool write)
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

static void op_raw(struct fuzz *z, bool write)
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

static void op_memory(struct fuzz *z, bool address)
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

static void step(struct fuzz *z, uint8_t op)
{
	switch (op % N_OPS) {
	case OP_REFILL:
		z->guest->refill(z);
		break;
	case OP_RX:
	case OP_RX_2:
	case OP_RX_3:
		fuzz_rx(z);
		break;
	case OP_RX_RAW:
		fuzz_rx_raw(z);
		break;
	case OP_REG_WRITE:
	case OP_REG_WRITE_2:
		op_register(z, true);
		break;
	case OP_REG_READ:
		op_register(z, false);
		break;
	case OP_RAW_WRITE:
		op_raw(z, true);
		break;
	case OP_RAW_READ:
		op_raw(z, false);
		break;
	case OP_ACT:
	case OP_ACT_2:
		z->guest->act(z);
		break;
	case OP_MEMORY:
	case OP_MEMORY_2:
		op_memory(z, false);
		break;
	case OP_ADDRESS:
		op_memory(z, true);
		break;
	case OP_TIME:
	case OP_TIME_2:
		op_time(z);
		break;
	case OP_RUN:
		fake_run(&z->host, fuzz_u8(z) % 80);
		break;
	case OP_TX_ROOM:
		op_tx_room(z);
		break;
	case OP_REOPEN:
		fake_reopen(&z->host);
		break;
	case OP_CARRIER:
		fake_carrier(&z->host, fuzz_u8(z) & 1);
		break;
	case OP_RESET:
		op_reset(z);
		break;
	case OP_IRQ_MODE:
		op_irq_mode(z);
		break;
	case OP_MAP:
		op_map(z);
		break;
	case OP_DMA_FAIL:
		z->host.dma_fail_in = fuzz_u8(z) % 32;
		break;
	case OP_FLIP:
		z->flip = fuzz_u8(z) & 1;
		z->random = 1 + fuzz_u8(z);
		break;
	case OP_ASK:
		op_ask(z);
		break;
	case OP_KICK:
		z->host.kick = fuzz_u8(z) % 3;
		break;
	case OP_WAKE:
		fuzz_wake(z);
		break;
	default:
		z->guest->send(z);
	}
}

void fuzz_run(struct fuzz *z)
{
	for (unsigned i = 0; i < MAX_OPS && z->left; i++) {
		step(z, fuzz_u8(z));
		check_frames(z);
	}
	/* A card at rest can be saved, and a timer that was wished for may come. */
	fake_advance(&z->host, 20 * 1000000);
	check_frames(z);
	if (!z->reopen)
		return;
	fake_reopen(&z->host);
	check_frames(z);
}

/* ---- life ---- */

static const struct fuzz_guest *guest_of(const struct hwnet_model *model)
{
	static const struct fuzz_guest *const guests[] = { &fuzz_guest_e1000, &fuzz_guest_pcnet,
							   &fuzz_guest_vmxnet3 };

	for (unsigned i = 0; i < 3; i++)
		if (!strncmp(model->name, guests[i]->prefix, strlen(guests[i]->prefix)))
			return guests[i];
	fake_fail("no guest for %s", model->name);
}

static const struct hwnet_model *choose_model(struct fuzz *z)
{
	const struct hwnet_model *const *models = hwnet_models();
	unsigned n = 0;

	while (models[n])
		n++;
	return n ? models[fuzz_u8(z) % n] : NULL;
}

/* Properties by the input; 0 takes the defaults. */
static void choose_config(struct fuzz *z, struct hwnet_config *cfg)
{
	static const uint8_t mac[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };
	uint8_t how = fuzz_u8(z);

	hwnet_config_init(z->model, cfg);
	memcpy(cfg->mac, mac, 6);
	for (unsigned i = 0; how && z->model->props[i].name; i++) {
		const struct hwnet_prop *p = &z->model->props[i];
		uint64_t choices = p->kind == HWNET_PROP_UINT ? p->max - p->min + 1 : 2;

		if (how & 1u << i % 8)
			cfg->values[i] = p->min + fuzz_u8(z) % (choices ? choices : 256);
	}
}

bool fuzz_open(struct fuzz *z, const struct hwnet_model *model)
{
	struct hwnet_config cfg;
	uint8_t how;

	z->model = model ? model : choose_model(z);
	if (!z->model)
		return false;
	z->guest = guest_of(z->model);
	choose_config(z, &cfg);
	fake_host_init(&z->host);
	z->host.lenient = true;
	z->host.on_dma = flip_after_read;
	z->random = 1;
	z->tx_buf = fake_alloc(&z->host, 0x10000, 4096);
	z->rx_buf = fake_alloc(&z->host, 0x10000, 4096);
	if (fake_open_cfg(&z->host, z->model, &cfg)) {
		hwnet_config_init(z->model, &cfg);
		cfg.mac[0] = 2;
		if (fake_open_cfg(&z->host, z->model, &cfg))
			fake_fail("%s does not take its own defaults", z->model->name);
	}
	z->guest->allocate(z);
	how = fuzz_u8(z);
	if (!(how & 1))
		z->guest->bring_up(z);
	z->reopen = !(how & 6);
	return true;
}

void fuzz_close(struct fuzz *z)
{
	fake_host_fini(&z->host);
}

const struct hwnet_model *fuzz_model_argument(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const struct hwnet_model *model;

		if (strncmp(argv[i], "--model=", 8))
			continue;
		model = hwnet_find_model(argv[i] + 8);
		if (model)
			return model;
		fake_fail("there is no model %s", argv[i] + 8);
	}
	return NULL;
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
