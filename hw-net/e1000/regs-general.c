/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of the memory BAR: device control, EEPROM, PHY access, flow control, interrupts (13.4.1
 * to 13.4.21). */
#include "regs.h"

#include "eeprom.h"
#include "link.h"
#include "phy.h"
#include "regs-intr.h"
#include "reset.h"
#include "rx.h"
#include "tx.h"

const struct hwnet_reg e1000_rows_general[E1000_ROWS_GENERAL] = {
	ROW(CTRL, 0x00000, RW, .reset = CTRL_FD | CTRL_SLU | SPEED_1000 << CTRL_SPEED_SHIFT,
	    .wmask = CTRL_WMASK, .write = e1000_ctrl_write, .sect = "13.4.1",
	    .text = "Device control: link set-up, flow control enables, VLAN mode, device and PHY "
		    "reset"),
	ROW(STATUS, 0x00008, RO, .read = e1000_status_read, .sect = "13.4.2",
	    .text = "Device status: link, duplex, speed, transmission paused"),
	ROW(EECD, 0x00010, RW, .reset = EECD_FWE_DIS,
	    .wmask = EECD_FWE | EECD_REQ | EECD_DI | EECD_CS | EECD_SK, .read = e1000_eecd_read,
	    .write = e1000_eecd_write, .sect = "13.4.3",
	    .text = "EEPROM pins: clock, chip select, data in and out; request and grant; presence "
		    "and size"),
	ROW(EERD, 0x00014, RW, .wmask = 0xff00, .write = e1000_eerd_write, .sect = "13.4.4",
	    .text = "EEPROM read: address and start in, data and done out"),
	ROW(CTRL_EXT, 0x00018, RW, .wmask = 0x00c7dfff & ~(CTRL_EXT_ASDCHK | CTRL_EXT_EE_RST),
	    .write = e1000_ctrl_ext_write, .sect = "13.4.6",
	    .text = "More device control; EE_RST reads the EEPROM again"),
	ROW(MDIC, 0x00020, RW, .reset = MDIC_R, .write = e1000_mdic_write, .sect = "13.4.7",
	    .text = "PHY register access; ready as soon as it is written"),
	ROW(FCAL, 0x00028, RW, .wmask = 0xffffffff, .sect = "13.4.8",
	    .text = "Flow control address, low"),
	ROW(FCAH, 0x0002c, RW, .wmask = 0x0000ffff, .sect = "13.4.9",
	    .text = "Flow control address, high"),
	ROW(FCT, 0x00030, RW, .wmask = 0x0000ffff, .sect = "13.4.10",
	    .text = "Flow control EtherType"),
	ROW(VET, 0x00038, RW, .reset = 0x8100, .wmask = 0x0000ffff, .sect = "13.4.11",
	    .text = "VLAN EtherType that is inserted, recognized and stripped"),
	ROW(ICR, 0x000c0, RW, .wmask = ICR_ALL, .read = e1000_icr_read, .write = e1000_icr_write,
	    .sect = "13.4.17",
	    .text = "Interrupt causes; reading clears all, writing 1 clears one"),
	ROW(ITR, 0x000c4, RW, .wmask = 0x0000ffff, .write = e1000_itr_write, .sect = "13.4.18",
	    .text = "Least time between interrupts, 256 ns (not 82544)"),
	ROW(ICS, 0x000c8, RW, .read = e1000_ics_read, .write = e1000_ics_write,
	    .sect = "13.4.19, VxWorks reads it",
	    .text = "Sets causes; reads as ICR without clearing"),
	ROW(IMS, 0x000d0, RW, .wmask = ICR_ALL, .write = e1000_ims_write, .sect = "13.4.20",
	    .text = "Interrupt mask: writing 1 enables, reads as the mask"),
	ROW(IMC, 0x000d8, WO, .wmask = ICR_ALL, .write = e1000_imc_write, .sect = "13.4.21",
	    .text = "Writing 1 disables in the interrupt mask"),
	ROW(RCTL, 0x00100, RW, .wmask = RCTL_WMASK, .write = e1000_rctl_write, .sect = "13.4.22",
	    .text = "Receive control: enable, filters, buffer size, long packets, CRC, loopback"),
	ROW(FCTTV, 0x00170, RW, .wmask = 0x0000ffff, .sect = "13.4.12",
	    .text = "Pause time that XOFF frames carry, 512 bit times"),
	ROW(TXCW, 0x00178, RW, .wmask = 0xc000ffff, .sect = "13.4.13",
	    .text = "Autonegotiation word of fibre cards; storage with a copper PHY"),
	ROW(RXCW, 0x00180, RO, .sect = "13.4.14",
	    .text = "Received autonegotiation word; 0 with a copper PHY"),
	ROW(TCTL, 0x00400, RW, .wmask = TCTL_WMASK, .write = e1000_tctl_write, .sect = "13.4.33",
	    .text = "Transmit control: enable, padding, software XOFF"),
	ROW(TIPG, 0x00410, RW, .reset = 0x00602008, .wmask = 0x3fffffff, .sect = "13.4.34",
	    .text = "Gap between frames; storage, there is no wire to space them on"),
	ROW(AIT, 0x00458, RW, .wmask = 0x0000ffff, .sect = "13.4.35",
	    .text = "Adaptive gap (AIFS); storage, there are no collisions"),
	ROW(LEDCTL, 0x00e00, RW, .reset = 0x07068302, .wmask = 0xcfcfcfcf, .sect = "13.4.15",
	    .text = "What the four LEDs show (not 82544)"),
	ROW(PBA, 0x01000, RW, .reset = 0x00100030, .wmask = 0x0000007f, .write = e1000_pba_write,
	    .sect = "13.4.16",
	    .text = "Packet buffer for receive in KiB; the high half is what is left for transmit"),
};
