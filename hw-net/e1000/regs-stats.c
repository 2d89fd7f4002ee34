/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers of the memory BAR: statistics (13.7).
 *
 * All clear on read. The low half of a 64-bit pair does not: reading the high half clears both.
 */
#include "row.h"
#include "regs.h"

#define STAT(n, off, s, t)                                                                        \
	{                                                                                         \
		.num = (off), .slot = R_STAT(off), .kind = REG_RC, .name = #n, .sect = "13.7." s, \
		.text = t                                                                         \
	}
#define LOW(n, off, s, t)                                                                         \
	{                                                                                         \
		.num = (off), .slot = R_STAT(off), .kind = REG_RO, .name = #n, .sect = "13.7." s, \
		.text = t                                                                         \
	}
#define HIGH(n, off, s, t)                                                     \
	{                                                                      \
		.num = (off), .slot = R_STAT(off), .kind = REG_RC, .name = #n, \
		.read = e1000_stat_read_high, .sect = "13.7." s, .text = t     \
	}

const struct hwnet_reg e1000_rows_stats[E1000_ROWS_STATS] = {
	STAT(CRCERRS, 0x04000, "1", "Frames with a wrong CRC"),
	STAT(ALGNERRC, 0x04004, "2", "Alignment errors; none on this wire"),
	STAT(SYMERRS, 0x04008, "3", "Symbol errors; none on this wire"),
	STAT(RXERRC, 0x0400c, "4", "Receive errors; none on this wire"),
	STAT(MPC, 0x04010, "5", "Frames lost for want of room"),
	STAT(SCC, 0x04014, "6", "Single collisions; none, full duplex"),
	STAT(ECOL, 0x04018, "7", "Excessive collisions; none"),
	STAT(MCC, 0x0401c, "8", "Multiple collisions; none"),
	STAT(LATECOL, 0x04020, "9", "Late collisions; none"),
	STAT(COLC, 0x04028, "10", "Collisions; none"),
	STAT(DC, 0x04030, "11", "Deferrals; none"),
	STAT(TNCRS, 0x04034, "12", "Transmissions without carrier sense; none"),
	STAT(SEC, 0x04038, "13", "Sequence errors; none with a copper PHY"),
	STAT(CEXTERR, 0x0403c, "14", "Carrier extension errors; none"),
	STAT(RLEC, 0x04040, "15", "Frames too long or, which never happens, too short"),
	STAT(XONRXC, 0x04048, "16", "XON frames received"),
	STAT(XONTXC, 0x0404c, "17", "XON frames sent"),
	STAT(XOFFRXC, 0x04050, "18", "XOFF frames received"),
	STAT(XOFFTXC, 0x04054, "19", "XOFF frames sent"),
	STAT(FCRUC, 0x04058, "20", "Flow control frames of unknown kind"),
	STAT(PRC64, 0x0405c, "21", "Good frames received of 64 bytes"),
	STAT(PRC127, 0x04060, "22", "... of 65 to 127 bytes"),
	STAT(PRC255, 0x04064, "23", "... of 128 to 255 bytes"),
	STAT(PRC511, 0x04068, "24", "... of 256 to 511 bytes"),
	STAT(PRC1023, 0x0406c, "25", "... of 512 to 1023 bytes"),
	STAT(PRC1522, 0x04070, "26", "... of 1024 bytes and more"),
	STAT(GPRC, 0x04074, "27", "Good frames received"),
	STAT(BPRC, 0x04078, "28", "Good broadcast frames received"),
	STAT(MPRC, 0x0407c, "29", "Good multicast frames received"),
	STAT(GPTC, 0x04080, "30", "Good frames sent"),
	LOW(GORCL, 0x04088, "31", "Good octets received, low"),
	HIGH(GORCH, 0x0408c, "31", "... high; reading clears both"),
	LOW(GOTCL, 0x04090, "32", "Good octets sent, low"),
	HIGH(GOTCH, 0x04094, "32", "... high; reading clears both"),
	STAT(RNBC, 0x040a0, "33", "Frames that found no receive descriptor when they came"),
	STAT(RUC, 0x040a4, "34", "Frames shorter than 64 bytes; none, short frames are padded"),
	STAT(RFC, 0x040a8, "35", "Fragments; none"),
	STAT(ROC, 0x040ac, "36", "Frames too long"),
	STAT(RJC, 0x040b0, "37", "Jabber: too long, with a wrong CRC"),
	STAT(MGTPRC, 0x040b4, "38", "Management frames received; none (not 82544)"),
	STAT(MGTPDC, 0x040b8, "39", "Management frames dropped; none (not 82544)"),
	STAT(MGTPTC, 0x040bc, "40", "Management frames sent; none (not 82544)"),
	LOW(TORL, 0x040c0, "41", "Octets on the wire towards this card, low"),
	HIGH(TORH, 0x040c4, "41", "... high; reading clears both"),
	LOW(TOTL, 0x040c8, "42", "Octets sent, low"),
	HIGH(TOTH, 0x040cc, "42", "... high; reading clears both"),
	STAT(TPR, 0x040d0, "43", "Frames on the wire towards this card"),
	STAT(TPT, 0x040d4, "44", "Frames sent"),
	STAT(PTC64, 0x040d8, "45", "Frames sent of 64 bytes"),
	STAT(PTC127, 0x040dc, "46", "... of 65 to 127 bytes"),
	STAT(PTC255, 0x040e0, "47", "... of 128 to 255 bytes"),
	STAT(PTC511, 0x040e4, "48", "... of 256 to 511 bytes"),
	STAT(PTC1023, 0x040e8, "49", "... of 512 to 1023 bytes"),
	STAT(PTC1522, 0x040ec, "50", "... of 1024 bytes and more"),
	STAT(MPTC, 0x040f0, "51", "Multicast frames sent"),
	STAT(BPTC, 0x040f4, "52", "Broadcast frames sent"),
	STAT(TSCTC, 0x040f8, "53", "TSO contexts sent"),
	STAT(TSCTFC, 0x040fc, "54", "TSO contexts that failed"),
};
