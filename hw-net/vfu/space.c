/* SPDX-License-Identifier: BSD-2-Clause */
/* A card's configuration space; see space.h. */
#include "vfu/space.h"

#include <string.h>

/* Offsets and bits of PCI 3.0, chapter 6, and PCI PM 1.1, chapter 3 */
#define COMMAND	      0x04
#define STATUS	      0x06
#define CACHE_LINE    0x0c
#define BAR(n)	      (0x10 + 4 * (n))
#define CAPS	      0x34
#define IRQ_LINE      0x3c
#define IRQ_PIN	      0x3d
#define FIRST_FREE    0x40
#define COMMAND_BITS  0x0547 /* I/O, memory, master, parity, SERR#, INTx off */
#define MASTER	      0x0004
#define INTX_OFF      0x0400
#define STATUS_ERRORS 0xf9 /* of the upper byte: cleared by 1 */
#define STATUS_LINE   0x08
#define STATUS_CAPS   0x10

#define CAP_PM	  0x01
#define CAP_MSI	  0x05
#define CAP_MSIX  0x11
#define PM_SIZE	  8
#define MSI_SIZE  14
#define MSIX_SIZE 12
#define PM_PMC	  2
#define PM_CTRL	  4
#define PM_STATE  0x03
#define PM_D1	  0x0200
#define PM_D2	  0x0400

static void put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v & 0xffff);
	put16(p + 2, v >> 16);
}

static unsigned get16(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

static void identity(struct vfu_space *s, const struct hwnet_pci *ids)
{
	put16(s->bytes, ids->vendor);
	put16(s->bytes + 2, ids->device);
	put32(s->bytes + 8, ids->class_code << 8 | ids->revision);
	put16(s->bytes + 0x2c, ids->subsys_vendor);
	put16(s->bytes + 0x2e, ids->subsys_device);
	s->bytes[0x3e] = ids->min_gnt;
	s->bytes[0x3f] = ids->max_lat;
	s->bytes[IRQ_PIN] = 1;
	put16(s->writable + COMMAND, COMMAND_BITS);
	s->clear[STATUS + 1] = STATUS_ERRORS;
	s->writable[CACHE_LINE] = s->writable[IRQ_LINE] = 0xff;
}

static void bars(struct vfu_space *s, const struct hwnet_pci *ids)
{
	for (unsigned i = 0; i < 6; i++) {
		const struct hwnet_bar *bar = &ids->bars[i];

		if (bar->kind == HWNET_BAR_NONE)
			continue;
		put32(s->writable + BAR(i), ~(bar->size - 1));
		s->bytes[BAR(i)] = bar->kind == HWNET_BAR_IO ?
					   0x01 :
					   (uint8_t)(bar->wide << 2 | bar->prefetch << 3);
		if (bar->wide)
			put32(s->writable + BAR(i + 1), UINT32_MAX);
	}
}

/* Is a capability there? */
static bool taken(const struct vfu_space *s, unsigned at, unsigned size)
{
	for (unsigned i = at; i < at + size; i++)
		if (s->bytes[i])
			return true;
	return false;
}

/*
 * A capability, in front of those that are there. @at 0: at the first place that is free, as QEMU
 * puts it. Return: where it stands.
 */
static uint8_t capability(struct vfu_space *s, unsigned id, unsigned at, unsigned size)
{
	for (at = at ? at : FIRST_FREE; taken(s, at, size);)
		at += 4;
	s->bytes[at] = (uint8_t)id;
	s->bytes[at + 1] = s->bytes[CAPS];
	s->bytes[CAPS] = (uint8_t)at;
	s->bytes[STATUS] |= STATUS_CAPS;
	return (uint8_t)at;
}

static void add_pm(struct vfu_space *s, const struct hwnet_pci *ids)
{
	if (!ids->pm_off)
		return;
	s->pm = capability(s, CAP_PM, ids->pm_off, PM_SIZE);
	s->pmc = ids->pm_pmc;
	put16(s->bytes + s->pm + PM_PMC, ids->pm_pmc);
	put16(s->writable + s->pm + PM_CTRL, 0x1f03); /* state, PME_En, Data_Select */
	s->clear[s->pm + PM_CTRL + 1] = 0x80;	      /* PME_Status */
}

static void add_msi(struct vfu_space *s, const struct hwnet_pci *ids)
{
	unsigned log = 0;

	if (!ids->msi_vectors)
		return;
	while (1u << log < ids->msi_vectors)
		log++;
	s->msi = capability(s, CAP_MSI, ids->msi_off, MSI_SIZE);
	put16(s->bytes + s->msi + 2, 0x80 | log << 1); /* 64-bit address */
	put16(s->writable + s->msi + 2, 0x71);
	put32(s->writable + s->msi + 4, 0xfffffffc);
	put32(s->writable + s->msi + 8, UINT32_MAX);
	put16(s->writable + s->msi + 12, 0xffff);
}

static void add_msix(struct vfu_space *s, const struct hwnet_pci *ids)
{
	if (!ids->msix_vectors)
		return;
	s->msix = capability(s, CAP_MSIX, ids->msix_off, MSIX_SIZE);
	put16(s->bytes + s->msix + 2, ids->msix_vectors - 1u);
	put32(s->bytes + s->msix + 4, ids->msix_table | ids->msix_bar);
	put32(s->bytes + s->msix + 8, ids->msix_pba | ids->msix_bar);
	put16(s->writable + s->msix + 2, 0xc000);
}

void vfu_space_init(struct vfu_space *s, const struct hwnet_pci *ids)
{
	memset(s, 0, sizeof(*s));
	identity(s, ids);
	bars(s, ids);
	add_pm(s, ids);
	add_msi(s, ids);
	add_msix(s, ids);
}

void vfu_space_read(const struct vfu_space *s, unsigned off, unsigned len, uint8_t *to)
{
	memcpy(to, s->bytes + off, len);
}

/* PCI PM 1.1, 3.2.4: a state that the card does not have is not entered. */
static void refuse_state(struct vfu_space *s, unsigned was)
{
	unsigned is = vfu_space_power(s);
	uint8_t *ctrl = s->bytes + s->pm + PM_CTRL;

	if ((is == 1 && !(s->pmc & PM_D1)) || (is == 2 && !(s->pmc & PM_D2)))
		*ctrl = (uint8_t)((*ctrl & ~PM_STATE) | was);
}

void vfu_space_write(struct vfu_space *s, unsigned off, unsigned len, const uint8_t *from)
{
	unsigned was = vfu_space_power(s);

	for (unsigned i = off; i < off + len; i++, from++) {
		s->bytes[i] = (uint8_t)((s->bytes[i] & ~s->writable[i]) | (*from & s->writable[i]));
		s->bytes[i] = (uint8_t)(s->bytes[i] & ~(*from & s->clear[i]));
	}
	refuse_state(s, was);
}

void vfu_space_load(struct vfu_space *s, const uint8_t *from)
{
	vfu_space_write(s, 0, VFU_SPACE, from);
}

void vfu_space_line(struct vfu_space *s, bool level)
{
	s->bytes[STATUS] = (uint8_t)((s->bytes[STATUS] & ~STATUS_LINE) | (level ? STATUS_LINE : 0));
}

bool vfu_space_master(const struct vfu_space *s)
{
	return get16(s->bytes + COMMAND) & MASTER;
}

bool vfu_space_line_off(const struct vfu_space *s)
{
	return get16(s->bytes + COMMAND) & INTX_OFF;
}

unsigned vfu_space_power(const struct vfu_space *s)
{
	return s->pm ? s->bytes[s->pm + PM_CTRL] & PM_STATE : 0;
}

enum hwnet_irq_mode vfu_space_irq(const struct vfu_space *s)
{
	if (s->msix && s->bytes[s->msix + 3] & 0x80)
		return HWNET_IRQ_MSIX;
	return s->msi && s->bytes[s->msi + 2] & 1 ? HWNET_IRQ_MSI : HWNET_IRQ_INTX;
}

unsigned vfu_space_msi(const struct vfu_space *s)
{
	return 1u << (s->bytes[s->msi + 2] >> 4 & 7);
}
