/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers as tables; see regs.h. */
#include "regs.h"

static unsigned reg_count(const struct hwnet_reg *reg)
{
	return reg->count ? reg->count : 1;
}

static uint32_t reg_stride(const struct hwnet_regspace *space, const struct hwnet_reg *reg)
{
	return reg->stride ? reg->stride : space->unit;
}

/* First number behind the row's last element. */
static uint32_t reg_end(const struct hwnet_regspace *space, const struct hwnet_reg *reg)
{
	return reg->num + (reg_count(reg) - 1) * reg_stride(space, reg) + space->unit;
}

const struct hwnet_reg *hwnet_reg_find(const struct hwnet_regspace *space, uint32_t num,
				       unsigned *index)
{
	unsigned lo = 0, hi = space->n_rows;

	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;
		const struct hwnet_reg *reg = &space->rows[mid];
		uint32_t rel = num - reg->num;

		if (num < reg->num) {
			hi = mid;
		} else if (num >= reg_end(space, reg)) {
			lo = mid + 1;
		} else {
			*index = rel / reg_stride(space, reg);
			return rel % reg_stride(space, reg) < space->unit ? reg : NULL;
		}
	}
	return NULL;
}

uint32_t hwnet_reg_get(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		       uint32_t *words)
{
	uint32_t *word = &words[reg->slot + index];
	uint32_t val;

	if (reg->kind == REG_WO)
		return 0;
	val = reg->read ? reg->read(nic, reg, index) : *word;
	if (reg->kind == REG_RC)
		*word = 0;
	return val;
}

void hwnet_reg_set(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		   uint32_t *words, uint32_t val)
{
	uint32_t *word = &words[reg->slot + index];

	if (reg->write) {
		reg->write(nic, reg, index, val);
		return;
	}
	switch (reg->kind) {
	case REG_RW:
	case REG_WO:
		*word = (*word & ~reg->wmask) | (val & reg->wmask);
		break;
	case REG_W1C:
		*word &= ~(val & reg->wmask);
		break;
	default:
		break;
	}
}

void hwnet_regs_reset(const struct hwnet_regspace *space, uint32_t *words)
{
	for (unsigned i = 0; i < space->n_rows; i++) {
		const struct hwnet_reg *reg = &space->rows[i];

		for (unsigned j = 0; j < reg_count(reg); j++)
			words[reg->slot + j] = reg->reset;
	}
}

/* Do two rows use a slot in common? */
static bool slots_meet(const struct hwnet_reg *a, const struct hwnet_reg *b)
{
	return a->slot < b->slot + reg_count(b) && b->slot < a->slot + reg_count(a);
}

const char *hwnet_regs_check(const struct hwnet_regspace *space, unsigned n_words)
{
	for (unsigned i = 0; i < space->n_rows; i++) {
		const struct hwnet_reg *reg = &space->rows[i];

		if (!reg->name)
			return "(a row without a name)";
		if (!reg->sect || !reg->text || reg->slot + reg_count(reg) > n_words)
			return reg->name;
		if (i && reg->num < reg_end(space, reg - 1))
			return reg->name;
		for (unsigned j = 0; j < i; j++)
			if (slots_meet(reg, &space->rows[j]))
				return reg->name;
	}
	return NULL;
}
