/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers of the memory BAR: statistics (13.7).
 *
 * All clear on read. The low half of a 64-bit pair does not: reading the high half clears both.
 */
#include "regs.h"

#include "stats.h"

/* Cleared by reading, never cleared, cleared with its low half */
#define STAT(n, s, t) ROW_STAT(n, REG_RC, s, t)
#define LOW(n, s, t)  ROW_STAT(n, REG_RO, s, t)
#define HIGH(n, s, t) ROW_STAT(n, REG_RC, s, t, .read = e1000_stat_read_high)

#define ROW_STAT(n, k, s, t, ...)                                                 \
	{                                                                         \
		.num = STAT_##n, .slot = R_STAT(STAT_##n), .kind = k, .name = #n, \
		.sect = "13.7." s, .text = t, ##__VA_ARGS__                       \
	}

const struct hwnet_reg e1000_rows_stats[E1000_ROWS_STATS] = {
	STAT(CRCERRS, "1", "Frames with a wrong CRC"),
	STAT(ALGNERRC, "2", "Alignment errors; none on this wire"),
	STAT(SYMERRS, "3", "Symbol errors; none on this wire"),
	STAT(RXERRC, "4", "Receive errors; none on this wire"),
	STAT(MPC, "5", "Frames lost for want of room"),
	STAT(SCC, "6", "Single collisions; none, full duplex"),
	STAT(ECOL, "7", "Excessive collisions; none"),
	STAT(MCC, "8", "Multiple collisions; none"),
	STAT(LATECOL, "9", "Late collisions; none"),
	STAT(COLC, "10", "Collisions; none"),
	STAT(DC, "11", "Deferrals; none"),
	STAT(TNCRS, "12", "Transmissions without carrier sense; none"),
	STAT(SEC, "13", "Sequence errors; none with a copper PHY"),
	STAT(CEXTERR, "14", "Carrier extension errors; none"),
	STAT(RLEC, "15", "Frames too long or, which never happens, too short"),
	STAT(XONRXC, "16", "XON frames received"),
	STAT(XONTXC, "17", "XON frames sent"),
	STAT(XOFFRXC, "18", "XOFF frames received"),
	STAT(XOFFTXC, "19", "XOFF frames sent"),
	STAT(FCRUC, "20", "Flow control frames of unknown kind"),
	STAT(PRC64, "21", "Good frames received of 64 bytes"),
	STAT(PRC127, "22", "... of 65 to 127 bytes"),
	STAT(PRC255, "23", "... of 128 to 255 bytes"),
	STAT(PRC511, "24", "... of 256 to 511 bytes"),
	STAT(PRC1023, "25", "... of 512 to 1023 bytes"),
	STAT(PRC1522, "26", "... of 1024 bytes and more"),
	STAT(GPRC, "27", "Good frames received"),
	STAT(BPRC, "28", "Good broadcast frames received"),
	STAT(MPRC, "29", "Good multicast frames received"),
	STAT(GPTC, "30", "Good frames sent"),
	LOW(GORCL, "31", "Good octets received, low"),
	HIGH(GORCH, "31", "... high; reading clears both"),
	LOW(GOTCL, "32", "Good octets sent, low"),
	HIGH(GOTCH, "32", "... high; reading clears both"),
	STAT(RNBC, "33", "Frames that found no receive descriptor when they came"),
	STAT(RUC, "34", "Frames shorter than 64 bytes; none, short frames are padded"),
	STAT(RFC, "35", "Fragments; none"),
	STAT(ROC, "36", "Frames too long"),
	STAT(RJC, "37", "Jabber: too long, with a wrong CRC"),
	STAT(MGTPRC, "38", "Management frames received; none (not 82544)"),
	STAT(MGTPDC, "39", "Management frames dropped; none (not 82544)"),
	STAT(MGTPTC, "40", "Management frames sent; none (not 82544)"),
	LOW(TORL, "41", "Octets on the wire towards this card, low"),
	HIGH(TORH, "41", "... high; reading clears both"),
	LOW(TOTL, "42", "Octets sent, low"),
	HIGH(TOTH, "42", "... high; reading clears both"),
	STAT(TPR, "43", "Frames on the wire towards this card"),
	STAT(TPT, "44", "Frames sent"),
	STAT(PTC64, "45", "Frames sent of 64 bytes"),
	STAT(PTC127, "46", "... of 65 to 127 bytes"),
	STAT(PTC255, "47", "... of 128 to 255 bytes"),
	STAT(PTC511, "48", "... of 256 to 511 bytes"),
	STAT(PTC1023, "49", "... of 512 to 1023 bytes"),
	STAT(PTC1522, "50", "... of 1024 bytes and more"),
	STAT(MPTC, "51", "Multicast frames sent"),
	STAT(BPTC, "52", "Broadcast frames sent"),
	STAT(TSCTC, "53", "TSO contexts sent"),
	STAT(TSCTFC, "54", "TSO contexts that failed"),
};
