/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs: input, life, what is checked; see program.h. */
#include "program.h"

#include <stdlib.h>
#include <string.h>

#include "hwnet/frame.h"

#include "guests.h"
#include "judge.h"
#include "model.h"
#include "ops.h"

/* A program does not run forever, however long the input. */
#define MAX_OPS 400u

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

/* Every frame that left is one that anybody can take, and that finishing leaves what it is. */
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
		why = fuzz_judge(pkt);
		if (why)
			fake_fail("tx: finishing a frame alters %s", why);
	}
	fake_tx_clear(&z->host);
}

void fuzz_run(struct fuzz *z)
{
	for (unsigned i = 0; i < MAX_OPS && z->left; i++) {
		fuzz_step(z);
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
							   &fuzz_guest_vmxnet3, &fuzz_guest_any };
	unsigned i = 0;

	/* The last one's prefix is empty. */
	while (strncmp(model->name, guests[i]->prefix, strlen(guests[i]->prefix)))
		i++;
	return guests[i];
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
static void choose_config(struct fuzz *z, const uint8_t *mac, struct hwnet_config *cfg)
{
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

bool fuzz_open(struct fuzz *z, const struct hwnet_model *model, const uint8_t *data, size_t size)
{
	return fuzz_open_at(z, model, (const uint8_t *)FUZZ_MAC, data, size);
}

bool fuzz_open_at(struct fuzz *z, const struct hwnet_model *model, const uint8_t *mac,
		  const uint8_t *data, size_t size)
{
	struct hwnet_config cfg;
	uint8_t how;

	fake_host_init(&z->host);
	memset((char *)z + sizeof(z->host), 0, sizeof(*z) - sizeof(z->host));
	z->in = data;
	z->left = size;
	z->model = model ? model : choose_model(z);
	if (!z->model)
		return false;
	z->guest = guest_of(z->model);
	choose_config(z, mac, &cfg);
	z->host.lenient = true;
	z->host.on_dma = flip_after_read;
	z->random = 1;
	z->tx_buf = fake_alloc(&z->host, 0x10000, 4096);
	z->rx_buf = fake_alloc(&z->host, 0x10000, 4096);
	if (fake_open_cfg(&z->host, z->model, &cfg)) {
		hwnet_config_init(z->model, &cfg);
		memcpy(cfg.mac, mac, 6);
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

/* Look at every byte that is told; names are the unit tests' business. */
static void hear(void *opaque, const struct hwnet_fact *fact)
{
	volatile uint64_t *seen = opaque;

	*seen += fact->number;
	for (const char *c = fact->text; c && *c; c++)
		*seen += (unsigned char)*c;
	for (unsigned i = 0; i < fact->n; i++)
		*seen += fact->list[i];
}

/* Whatever the guest has made of the card, it can be told. */
void fuzz_tell(struct fuzz *z)
{
	volatile uint64_t seen = 0;

	fake_describe(&z->host, hear, (void *)&seen);
}

void fuzz_close(struct fuzz *z)
{
	fuzz_tell(z);
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
