/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Intel 8254x: what the files of this directory share.
 *
 * DOC: Theory of Operation
 *
 * Three members of one family differ in identities and in a few registers (struct e1000_info). The
 * card is struct e1000; everything that a guest can see or that outlives a call is in struct
 * e1000_state and travels with a save. The rest of struct e1000 is scratch memory of the data path
 * and what init() derives from the model.
 *
 * What is in which file, and in those of the other cards: "Floor plan of a card" in docs/design.md.
 */
#ifndef E1000_H
#define E1000_H

#include <string.h>

#include "bits.h"
#include "bytes.h"
#include "deadlines.h"
#include "hwnet/frame.h"
#include "model.h"
#include "scratch.h"
#include "state.h"

#define E1000_MEM_SIZE 0x20000u
#define E1000_MAP_END  0xa000u /* behind the last register but PBM */
#define E1000_PBM      0x10000u

/**
 * struct e1000_info - What distinguishes the models
 * @device: @subsys_vendor: @subsys: @revision: PCI identity
 * @phy_id2:  Second word of the PHY's id
 * @is_82544: No EERD size bit, TADV, RADV, ITR, RSRPD, LEDCTL, IP6AT, RXCSUM.IPV6OFL,
 *            TXDCTL.LWTHRESH
 * @wide:     64-bit memory BAR, and so the I/O BAR is number 4 (4.1)
 * @io_size:  Size of the I/O BAR
 * @ee_words: EEPROM size
 */
struct e1000_info {
	uint16_t device, subsys_vendor, subsys;
	uint8_t revision;
	uint16_t phy_id2;
	bool is_82544, wide;
	uint8_t io_size;
	uint16_t ee_words;
};

/* struct e1000_where - row of a register and the element in it */
struct e1000_where {
	uint8_t row, index;
};

/**
 * struct e1000 - The card
 * @nic:  First, see model.h
 * @s:    Its state
 * @info: The model's peculiarities
 * @rows: Rows of all tables; 0 is none
 * @where: Memory BAR by word
 * @n_ra: Exact addresses up to the last valid one, filter.c
 * @tx_blocked: The host did not take all; hwnet_tx_ready() follows
 * @rise_time: @rise_head: When INTA# was asserted last, and TDH then; coalesce.c
 * @tx: @rx: data path
 */
struct e1000 {
	struct hwnet_nic nic;
	struct e1000_state *s;
	const struct e1000_info *info;
	const struct hwnet_reg *rows[256];
	struct e1000_where where[E1000_MAP_END / 4];
	unsigned n_ra;
	bool tx_blocked;
	int64_t rise_time;
	uint32_t rise_head;
	struct e1000_rx rx;
	struct e1000_tx tx;
};

static inline struct e1000 *e1000_of(struct hwnet_nic *nic)
{
	return (struct e1000 *)nic;
}

static inline const struct e1000 *e1000_of_const(const struct hwnet_nic *nic)
{
	return (const struct e1000 *)nic;
}

/* A register's value: REG(c, CTRL) */
#define REG(c, name) ((c)->s->reg[R_##name])

/* enum e1000_prop - properties, in the order of model.c's table */
enum e1000_prop { E1000_PROP_TX_COALESCE };

const struct e1000_info *e1000_info_of(const struct hwnet_model *model);

#endif
