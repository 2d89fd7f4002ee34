/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A vmxnet3 of fuzz-glue; see glue-driver.h. */
#include "glue-driver.h"
#include "vmxnet3-rig.h"

/* Revision that QEMU's card has, too */
#define REV 1

#define VECTORS 3u

static struct vmx_rig cards[GLUE_CARDS];

static struct rig *rig_of(unsigned i)
{
	return &cards[i].r;
}

static bool ready(unsigned i)
{
	return cards[i].shared;
}

static void setup(unsigned i)
{
	struct vmx_rig *v = &cards[i];

	vmx_defaults(v);
	v->rev = REV;
	vmx_cmd(v, CMD_RESET);
	vmx_allocate(v);
	vmx_prepare(v);
	vmx_activate(v);
}

static void put(unsigned i, const uint8_t *frame)
{
	vmx_queue(&cards[i], 0, frame, GLUE_LEN, VMX_BUF, 0, 0);
}

static void ring_bell(unsigned i)
{
	vmx_bell(&cards[i], 0);
}

static void tso(unsigned i, const uint8_t *frame, size_t len, uint16_t mss)
{
	vmx_queue(&cards[i], 0, frame, (uint32_t)len, VMX_BUF, TXD_MSSCOF(mss),
		  TXD_HLEN(54) | TXD_OM(OM_TSO));
	vmx_bell(&cards[i], 0);
}

static size_t take(unsigned i, uint8_t *frame)
{
	static struct vmx_frame got;

	vmx_rx(&cards[i], 0, &got);
	memcpy(frame, got.data, MIN(got.len, GLUE_ROOM));
	return got.len;
}

/* PCI 3.0, 6.8.2: the table of vectors, in BAR 2. */
void glue_vmxnet3_aim(unsigned i, uint64_t addr, uint32_t data)
{
	struct rig *r = &cards[i].r;
	unsigned cap = 0;

	if (qpci_config_readw(r->dev, 0) != 0xffff)
		cap = qpci_find_capability(r->dev, 0x11, 0);
	if (!cap)
		return;
	qpci_config_writew(r->dev, cap + 2, 0x8000);
	for (unsigned k = 0; k < VECTORS; k++) {
		qpci_io_writel(r->dev, r->bar[2], 16 * k, (uint32_t)addr);
		qpci_io_writel(r->dev, r->bar[2], 16 * k + 4, addr >> 32);
		qpci_io_writel(r->dev, r->bar[2], 16 * k + 8, data);
		qpci_io_writel(r->dev, r->bar[2], 16 * k + 12, 0);
		vmx_imr(&cards[i], k, false);
	}
}

const struct glue_driver glue_vmxnet3 = { rig_of, ready, setup, put, ring_bell, tso, take };
