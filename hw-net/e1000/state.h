/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a save carries: registers by slot, and the rest of struct e1000_state. A slot's number is
 * part of the saved state: new ones go to the end.
 */
#ifndef E1000_STATE_H
#define E1000_STATE_H

#include "bits.h"
#include "model.h"

#define E1000_EE_WORDS 256u /* of a 93C66; a 93C46 has 64 */

/* Slots of register values: name, number of values */
/* clang-format off */
#define E1000_SLOTS(X) \
	X(CTRL, 1) X(STATUS, 1) X(EECD, 1) X(EERD, 1) X(CTRL_EXT, 1) X(MDIC, 1) X(FCAL, 1) \
	X(FCAH, 1) X(FCT, 1) X(VET, 1) X(ICR, 1) X(ITR, 1) X(ICS, 1) X(IMS, 1) X(IMC, 1) \
	X(RCTL, 1) X(FCTTV, 1) X(TXCW, 1) X(RXCW, 1) X(TCTL, 1) X(TIPG, 1) X(AIT, 1) \
	X(LEDCTL, 1) X(PBA, 1) X(FCRTL, 1) X(FCRTH, 1) X(RDFH, 1) X(RDFT, 1) X(RDFHS, 1) \
	X(RDFTS, 1) X(RDFPC, 1) X(RDBAL, 1) X(RDBAH, 1) X(RDLEN, 1) X(RDH, 1) X(RDT, 1) \
	X(RDTR, 1) X(RXDCTL, 1) X(RADV, 1) X(RSRPD, 1) X(TXDMAC, 1) X(TDFH, 1) X(TDFT, 1) \
	X(TDFHS, 1) X(TDFTS, 1) X(TDFPC, 1) X(TDBAL, 1) X(TDBAH, 1) X(TDLEN, 1) X(TDH, 1) \
	X(TDT, 1) X(TIDV, 1) X(TXDCTL, 1) X(TADV, 1) X(TSPMT, 1) X(RXCSUM, 1) X(MTA, 128) \
	X(RA, 32) X(VFTA, 128) X(WUC, 1) X(WUFC, 1) X(WUS, 1) X(MANC, 1) X(IPAV, 1) \
	X(IP4AT, 4) X(IP6AT, 4) X(WUPL, 1) X(WUPM, 32) X(FFLT, 4) X(FFMT, 128) X(FFVT, 128) \
	X(STATS, 64) X(PHY, 32) X(PHY_EXT, 32) X(PBM, 16384) \
	X(SWSM, 1)

#define E1000_SLOT_ENUM(name, n) R_##name, R_##name##_LAST = R_##name + (n) - 1,
enum e1000_slot { E1000_SLOTS(E1000_SLOT_ENUM) E1000_N_SLOTS };
/* clang-format on */

/* Slot of a statistics register by its offset, 13.7 */
#define R_STAT(off) (R_STATS + ((off)-STAT_CRCERRS) / 4)

/* A register's value: PHY(s, PSSTAT) in a state */
#define PHY(s, name) ((s)->reg[R_PHY + PHY_##name])

/* enum e1000_at - deadlines; numbers are part of the saved state */
enum e1000_at {
	AT_ITR,	  /* an interrupt held back by ITR may go out */
	AT_TIDV,  /* transmit delay, restarted by each descriptor */
	AT_TADV,  /* transmit delay, from the first descriptor on */
	AT_RDTR,  /* receive delay, restarted by each frame */
	AT_RADV,  /* receive delay, from the first frame on */
	AT_AN,	  /* autonegotiation completes */
	AT_PAUSE, /* a received pause ends */
	AT_XOFF,  /* a pause frame of our own is to be sent (again) */
	E1000_N_AT,
};

/* enum e1000_ee_phase - serial EEPROM, see eeprom.c */
enum e1000_ee_phase { EE_IDLE, EE_COMMAND, EE_READ, EE_WRITE, EE_DONE, E1000_N_EE_PHASES };

/**
 * struct e1000_state - All that a save carries
 * @reg:      Register values by slot
 * @eeprom:   Its words
 * @at:       Deadlines, HWNET_NEVER: not running
 * @itr_open: Until then ITR holds interrupts back
 * @io_addr:  IOADDR of the I/O BAR
 * @ctx:      Last context descriptors as the guest wrote them: checksum, then TSO
 * @tx_wb:    First descriptor that is fetched but not yet written back (WTHRESH)
 * @tx_skip:  The rest of a frame that was given up is being skipped, until EOP
 * @rx_held:  Frames wait at the host for descriptors
 * @linked:   There was a link since power-on: SLU does not matter any more
 * @xoff:     The peer was told to stop
 * @xoff_once: It is to be told so once more, whatever @xoff says
 * @xon_due:  It is to be told to go on
 * @ee_phase: @ee_out: @ee_bits: @ee_addr: @ee_shift: @ee_op: @ee_wen: serial EEPROM, see eeprom.c
 */
struct e1000_state {
	uint32_t reg[E1000_N_SLOTS];
	uint16_t eeprom[E1000_EE_WORDS];
	int64_t at[E1000_N_AT];
	int64_t itr_open;
	uint32_t io_addr;
	uint32_t ctx[2][4];
	uint32_t tx_wb;
	bool tx_skip;
	bool rx_held, linked;
	bool xoff, xoff_once, xon_due;
	uint8_t ee_phase, ee_bits, ee_addr, ee_op;
	bool ee_out, ee_wen;
	uint16_t ee_shift;
};

#define E1000_N_FIELDS 20u
extern const struct hwnet_field e1000_fields[E1000_N_FIELDS];
const char *e1000_state_check(const struct hwnet_nic *nic, const void *state);

#endif
