/* SPDX-License-Identifier: BSD-2-Clause */
/* The two register BARs: what a guest's access means. */
#include "io.h"

#include "regs.h"

/**
 * vmx_read() - hwnet_read() of this model
 * @nic:  The card
 * @bar:  0 or 1
 * @off:  Offset
 * @size: 1, 2, 4 or 8
 *
 * Return: the value.
 */
uint64_t vmx_read(struct hwnet_nic *nic, unsigned bar, uint64_t off, unsigned size)
{
	const struct hwnet_reg *reg;
	unsigned index;
	uint64_t val;

	if (bar > 1)
		return 0;
	reg = hwnet_reg_find(&vmx_regspaces[bar], (uint32_t)off & ~3u, &index);
	if (!reg)
		return 0;
	val = hwnet_reg_get(nic, reg, index, vmx_of(nic)->s->regs) >> 8 * (off & 3);
	return size < 8 ? val & ((1ull << 8 * size) - 1) : val;
}

/**
 * vmx_write() - hwnet_write() of this model
 * @nic:  The card
 * @bar:  0 or 1
 * @off:  Offset
 * @val:  Value
 * @size: 4 or 8: no driver writes a part of a register
 */
void vmx_write(struct hwnet_nic *nic, unsigned bar, uint64_t off, uint64_t val, unsigned size)
{
	const struct hwnet_reg *reg;
	unsigned index;

	if (bar > 1 || size < 4 || (off & 3))
		return; /* no driver writes a part of a register */
	reg = hwnet_reg_find(&vmx_regspaces[bar], (uint32_t)off, &index);
	if (reg)
		hwnet_reg_set(nic, reg, index, vmx_of(nic)->s->regs, (uint32_t)val);
}
