/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of the memory BAR: receive and transmit rings, packet buffer (13.4.23
 * to 13.4.46, 13.8). */
#include "regs.h"

#include "regs-intr.h"
#include "rx-ring.h"
#include "tx-done.h"
#include "tx.h"

const struct hwnet_reg e1000_rows_rx[E1000_ROWS_RX] = {
	ROW(FCRTL, 0x02160, RW, .wmask = 0x8000fff8, .sect = "13.4.23",
	    .text = "Flow control receive threshold, low; XONE"),
	ROW(FCRTH, 0x02168, RW, .wmask = 0x0000fff8, .sect = "13.4.24",
	    .text = "Flow control receive threshold, high; 0 sends no XOFF"),
	ROW(RDFH, 0x02410, RW, .wmask = 0x00001fff, .sect = "13.8.1",
	    .text = "Receive FIFO head; storage"),
	ROW(RDFT, 0x02418, RW, .wmask = 0x00001fff, .sect = "13.8.2",
	    .text = "Receive FIFO tail; storage"),
	ROW(RDFHS, 0x02420, RW, .wmask = 0x00001fff, .sect = "13.8.3",
	    .text = "Receive FIFO head, saved; storage"),
	ROW(RDFTS, 0x02428, RW, .wmask = 0x00001fff, .sect = "13.8.4",
	    .text = "Receive FIFO tail, saved; storage"),
	ROW(RDFPC, 0x02430, RW, .wmask = 0x00001fff, .sect = "13.8.5",
	    .text = "Receive FIFO packet count; storage"),
	ROW(RDBAL, 0x02800, RW, .wmask = 0xfffffff0, .write = e1000_rx_ring_write,
	    .sect = "13.4.25", .text = "Receive ring address, low"),
	ROW(RDBAH, 0x02804, RW, .wmask = 0xffffffff, .write = e1000_rx_ring_write,
	    .sect = "13.4.26", .text = "Receive ring address, high"),
	ROW(RDLEN, 0x02808, RW, .wmask = 0x000fff80, .write = e1000_rx_ring_write,
	    .sect = "13.4.27", .text = "Receive ring size in bytes"),
	ROW(RDH, 0x02810, RW, .wmask = 0x0000ffff, .write = e1000_rx_ring_write, .sect = "13.4.28",
	    .text = "Receive ring head"),
	ROW(RDT, 0x02818, RW, .wmask = 0x0000ffff, .write = e1000_rdt_write, .sect = "13.4.29",
	    .text = "Receive ring tail"),
	ROW(RDTR, 0x02820, RW, .wmask = 0x0000ffff, .write = e1000_rdtr_write, .sect = "13.4.30",
	    .text = "Receive interrupt delay after the last frame, 1.024 us; FPD ends it now"),
	ROW(RXDCTL, 0x02828, RW, .reset = 0x00010000, .wmask = 0x013f3f3f, .sect = "13.4.46",
	    .text = "Receive descriptor thresholds; bounds that fetching in blocks and writing "
		    "back per burst keep"),
	ROW(RADV, 0x0282c, RW, .wmask = 0x0000ffff, .sect = "13.4.31",
	    .text = "Receive interrupt delay after the first frame, 1.024 us (not 82544)"),
	ROW(RSRPD, 0x02c00, RW, .wmask = 0x00000fff, .sect = "13.4.32",
	    .text = "Frames up to this size interrupt at once (not 82544)"),
	ROW(RXCSUM, 0x05000, RW, .wmask = 0x000007ff, .sect = "13.4.47",
	    .text = "Receive checksum offload: IPv4, TCP and UDP, IPv6 (not 82544), start of the "
		    "packet checksum"),
};

const struct hwnet_reg e1000_rows_tx[E1000_ROWS_TX] = {
	ROW(TXDMAC, 0x03000, RW, .wmask = 0x00000001, .sect = "13.4.42",
	    .text = "Early transmit; storage, frames always leave whole"),
	ROW(TDFH, 0x03410, RW, .wmask = 0x00001fff, .sect = "13.8.6",
	    .text = "Transmit FIFO head; storage"),
	ROW(TDFT, 0x03418, RW, .wmask = 0x00001fff, .sect = "13.8.7",
	    .text = "Transmit FIFO tail; storage"),
	ROW(TDFHS, 0x03420, RW, .wmask = 0x00001fff, .sect = "13.8.8",
	    .text = "Transmit FIFO head, saved; storage"),
	ROW(TDFTS, 0x03428, RW, .wmask = 0x00001fff, .sect = "13.8.9",
	    .text = "Transmit FIFO tail, saved; storage"),
	ROW(TDFPC, 0x03430, RW, .wmask = 0x00001fff, .sect = "13.8.10",
	    .text = "Transmit FIFO packet count; storage"),
	ROW(TDBAL, 0x03800, RW, .wmask = 0xfffffff0, .write = e1000_tx_ring_write,
	    .sect = "13.4.36", .text = "Transmit ring address, low"),
	ROW(TDBAH, 0x03804, RW, .wmask = 0xffffffff, .write = e1000_tx_ring_write,
	    .sect = "13.4.37", .text = "Transmit ring address, high"),
	ROW(TDLEN, 0x03808, RW, .wmask = 0x000fff80, .write = e1000_tx_ring_write,
	    .sect = "13.4.38", .text = "Transmit ring size in bytes"),
	ROW(TDH, 0x03810, RW, .wmask = 0x0000ffff, .write = e1000_tx_ring_write, .sect = "13.4.39",
	    .text = "Transmit ring head"),
	ROW(TDT, 0x03818, RW, .wmask = 0x0000ffff, .write = e1000_tdt_write, .sect = "13.4.40",
	    .text = "Transmit ring tail, the doorbell"),
	ROW(TIDV, 0x03820, RW, .wmask = 0x0000ffff, .write = e1000_tidv_write, .sect = "13.4.41",
	    .text = "Transmit interrupt delay after the last descriptor, 1.024 us; FPD ends it "
		    "now"),
	ROW(TXDCTL, 0x03828, RW, .wmask = 0xff3f3f3f, .write = e1000_txdctl_write,
	    .sect = "13.4.43",
	    .text = "Transmit descriptor thresholds: write-back, low (not 82544)"),
	ROW(TADV, 0x0382c, RW, .wmask = 0x0000ffff, .sect = "13.4.44",
	    .text = "Transmit interrupt delay after the first descriptor, 1.024 us (not 82544)"),
	ROW(TSPMT, 0x03830, RW, .reset = 0x01000400, .wmask = 0xffffffff, .sect = "13.4.45",
	    .text = "TSO padding and threshold; storage, there is no small FIFO to overrun"),
};

const struct hwnet_reg e1000_rows_pbm[E1000_ROWS_PBM] = {
	ROW(PBM, 0x10000, RW, .count = 16384, .wmask = 0xffffffff, .sect = "13.8.11",
	    .text = "Packet buffer memory for diagnostics; storage, traffic does not pass through "
		    "it"),
};
