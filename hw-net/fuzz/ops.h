/* SPDX-License-Identifier: BSD-2-Clause */
/* Operations of fuzz programs. */
#ifndef HW_NET_FUZZ_OPS_H
#define HW_NET_FUZZ_OPS_H

#include "program.h"

/* enum fuzz_op - numbers of operations */
enum fuzz_op {
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

/* One operation of the input. */
void fuzz_step(struct fuzz *z);

#endif
