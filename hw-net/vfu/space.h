/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A card's configuration space in a conventional slot (PCI 3.0, chapter 6), made from struct
 * hwnet_pci.
 *
 * It has the same identity, BARs and capabilities at the same places as the QEMU device has there.
 * Clients emulate part of it (BARs, the tables of MSI-X) and tell us what the guest wrote all the
 * same; what is decided by here is whether the card may reach memory, its power state, and which
 * kind of interrupt is enabled.
 */
#ifndef HW_NET_VFU_SPACE_H
#define HW_NET_VFU_SPACE_H

#include "hwnet/nic.h"

/** VFU_SPACE - Bytes of it. */
#define VFU_SPACE 256u

/**
 * struct vfu_space - Configuration space
 * @bytes:    What is read
 * @writable: Bits that a write changes
 * @clear:    Bits that are cleared by writing 1
 * @pm: @msi: @msix: Where capabilities stand; 0: there is none
 * @pmc:      Which power states there are
 */
struct vfu_space {
	uint8_t bytes[VFU_SPACE], writable[VFU_SPACE], clear[VFU_SPACE];
	uint8_t pm, msi, msix;
	uint16_t pmc;
};

/**
 * vfu_space_init() - Make it, as after a reset
 * @s:   Filled
 * @ids: What it shows
 */
void vfu_space_init(struct vfu_space *s, const struct hwnet_pci *ids);

/**
 * vfu_space_read() - A read
 * @s:   The space
 * @off: @len: Where, inside it
 * @to:  Filled
 */
void vfu_space_read(const struct vfu_space *s, unsigned off, unsigned len, uint8_t *to);

/**
 * vfu_space_write() - A write; what cannot be written stays
 * @s:    The space
 * @off:  @len: Where, inside it
 * @from: What
 */
void vfu_space_write(struct vfu_space *s, unsigned off, unsigned len, const uint8_t *from);

/**
 * vfu_space_load() - Take what another one of the same card read
 * @s:    The space, as after a reset
 * @from: VFU_SPACE bytes; what cannot be written stays
 */
void vfu_space_load(struct vfu_space *s, const uint8_t *from);

/**
 * vfu_space_line() - The interrupt line is as the status register says
 * @s:     The space
 * @level: The line
 */
void vfu_space_line(struct vfu_space *s, bool level);

/**
 * vfu_space_master() - May the card reach memory?
 * @s: The space
 *
 * Return: whether.
 */
bool vfu_space_master(const struct vfu_space *s);

/**
 * vfu_space_line_off() - Did the guest forbid the interrupt line?
 * @s: The space
 *
 * Return: whether.
 */
bool vfu_space_line_off(const struct vfu_space *s);

/**
 * vfu_space_power() - The power state
 * @s: The space
 *
 * Return: 0 to 3.
 */
unsigned vfu_space_power(const struct vfu_space *s);

/**
 * vfu_space_irq() - What the guest enabled
 * @s: The space
 *
 * Return: kind of interrupt.
 */
enum hwnet_irq_mode vfu_space_irq(const struct vfu_space *s);

/**
 * vfu_space_msi() - How many messages of MSI the guest enabled
 * @s: The space, with MSI
 *
 * Return: 1 to 32.
 */
unsigned vfu_space_msi(const struct vfu_space *s);

#endif
