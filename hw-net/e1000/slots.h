/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slots of register values in the state: name, number of values. A slot's number is part of the
 * saved state: new ones go to the end.
 */
#ifndef E1000_SLOTS_H
#define E1000_SLOTS_H

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
	X(STATS, 64) X(PHY, 32) X(PHY_EXT, 32) X(PBM, 16384)

#define E1000_SLOT_ENUM(name, n) R_##name, R_##name##_LAST = R_##name + (n) - 1,
enum e1000_slot { E1000_SLOTS(E1000_SLOT_ENUM) E1000_N_SLOTS };
/* clang-format on */

/* Slot of a statistics register by its offset, 13.7 */
#define R_STAT(off) (R_STATS + ((off)-0x4000) / 4)

#endif
