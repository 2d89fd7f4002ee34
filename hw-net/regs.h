/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers as tables: one row each.
 *
 * DOC: Theory of Operation
 *
 * A register space (memory BAR of the e1000, the CSRs of the PCnet, ...) is a constant array of
 * rows, sorted by number. The values live in the model's state as an array of 32-bit words indexed
 * by the row's *slot*, so that a save carries them; slots are given to rows by the model with an
 * enum and never change their meaning once released.
 *
 * The same rows answer reads and writes, fill reset values, drive the generic register test (unit
 * tests walk every row), print a dump, make the reference page in docs/ and the fuzzer's
 * dictionary.
 *
 * Order of a read: hook @read if there is one, else the value; REG_RC clears afterwards.
 * Order of a write: hook @write if there is one (it stores what it wants), else the value under
 * @wmask.
 */
#ifndef HW_NET_REGS_H
#define HW_NET_REGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hwnet_nic;
struct hwnet_reg;

/* enum hwnet_reg_kind - what reads and writes do without a hook */
enum hwnet_reg_kind {
	REG_RW,	 /* read and write (bits of wmask) */
	REG_RO,	 /* writes ignored */
	REG_WO,	 /* reads as 0 */
	REG_W1C, /* writing 1 clears (bits of wmask) */
	REG_RC,	 /* clears when read; writes ignored */
};

/**
 * hwnet_reg_read, hwnet_reg_write - Hooks of a row
 *
 * Both get the card (nic), the row (reg), and which element of it (index; 0 unless the row is an
 * array). A read returns the value, of the row's width; a write gets it as the guest wrote it
 * (val), not masked yet.
 */
typedef uint32_t hwnet_reg_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index);
typedef void hwnet_reg_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
			     uint32_t val);

/**
 * struct hwnet_reg - One register, or an array of alike registers
 * @num:    Byte offset or register number of the first
 * @count:  Elements (0 counts as 1)
 * @stride: Distance of elements in units of @num (0: the space's own)
 * @slot:   Index of the first value in the state's array of words
 * @kind:   What reads and writes do
 * @reset:  Value after reset
 * @wmask:  Bits that a write can change
 * @name:   The data sheet's
 * @read:   Hook or NULL
 * @write:  Hook or NULL
 * @sect:   Data-sheet section, or the driver that needs it
 * @text:   What it is for, one line (for the reference page)
 * @flags:  The model's own
 */
struct hwnet_reg {
	uint32_t num;
	uint16_t count, stride;
	uint16_t slot;
	uint8_t kind;
	uint32_t reset, wmask;
	const char *name;
	hwnet_reg_read *read;
	hwnet_reg_write *write;
	const char *sect;
	const char *text;
	uint8_t flags;
};

/**
 * struct hwnet_regspace - A table
 * @name:   Heading ("Memory BAR", "CSR", "PHY")
 * @unit:   Default stride (4 for byte offsets of words, 1 for register numbers)
 * @bits:   Width of a value
 * @rows: @n_rows: the table, sorted by @num, ranges disjoint
 */
struct hwnet_regspace {
	const char *name;
	uint8_t unit, bits;
	const struct hwnet_reg *rows;
	unsigned n_rows;
};

/**
 * hwnet_reg_find() - Row of a register number, by bisection
 * @space: The table
 * @num:   Number
 * @index: Filled with the element's index
 *
 * A model with a hot table keeps a direct map beside it.
 *
 * Return: the row, or NULL if there is no such register.
 */
const struct hwnet_reg *hwnet_reg_find(const struct hwnet_regspace *space, uint32_t num,
				       unsigned *index);

/**
 * hwnet_reg_get() - Guest reads
 * @nic: Passed to hooks
 * @reg: Row
 * @index: Element
 * @words: The state's array
 *
 * Return: the value.
 */
uint32_t hwnet_reg_get(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		       uint32_t *words);

/**
 * hwnet_reg_set() - Guest writes
 * @nic: Passed to hooks
 * @reg: Row
 * @index: Element
 * @words: The state's array
 * @val: Value
 */
void hwnet_reg_set(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		   uint32_t *words, uint32_t val);

/**
 * hwnet_regs_reset() - Put reset values into every slot of a table
 * @space: The table
 * @words: The state's array
 */
void hwnet_regs_reset(const struct hwnet_regspace *space, uint32_t *words);

/**
 * hwnet_regs_check() - Is a table well formed? For unit tests.
 * @space: The table
 * @n_words: Slots that exist
 *
 * Checks order, overlap, slots inside @n_words and used once, names and sections present.
 *
 * Return: NULL, or the name of the first bad row.
 */
const char *hwnet_regs_check(const struct hwnet_regspace *space, unsigned n_words);

#endif
