/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of the memory BAR: receive filters and wake-up (13.5 and 13.6). */
#include "regs.h"

#include "filter.h"
#include "wake.h"

const struct hwnet_reg e1000_rows_filter[E1000_ROWS_FILTER] = {
	ROW(MTA, 0x05200, RW, .count = 128, .wmask = 0xffffffff, .write = e1000_mta_write,
	    .sect = "13.5.1", .text = "Multicast hash table"),
	ROW(RA, 0x05400, RW, .count = 32, .wmask = 0xffffffff, .write = e1000_ra_write,
	    .sect = "13.5.2, 13.5.3",
	    .text = "Exact addresses, RAL and RAH by turns; the first is the station's own, from "
		    "the EEPROM"),
	ROW(VFTA, 0x05600, RW, .count = 128, .wmask = 0xffffffff, .write = e1000_vfta_write,
	    .sect = "13.5.4", .text = "VLAN filter table"),
	ROW(WUC, 0x05800, RW, .wmask = WUC_APME | WUC_PME_EN | WUC_APMPME, .write = e1000_wuc_write,
	    .sect = "13.6.1", .text = "Wake-up control; PME_STATUS is cleared by writing 1"),
	ROW(WUFC, 0x05808, RW, .wmask = WUFC_WMASK, .sect = "13.6.2",
	    .text = "Wake-up filters that are on"),
	ROW(WUS, 0x05810, RW, .wmask = WUFC_WMASK, .write = e1000_wus_write, .sect = "13.6.3",
	    .text = "Wake-up filters that matched; cleared by writing 1"),
	ROW(MANC, 0x05820, RW, .wmask = 0x0fffffff, .sect = "Linux e1000 clears ARP_EN in it",
	    .text = "Management control; storage, there is no management controller"),
	ROW(IPAV, 0x05838, RW, .wmask = 0x0001000f, .sect = "13.6.4",
	    .text = "Which wake-up IP addresses are valid"),
	ROW(IP4AT, 0x05840, RW, .count = 4, .stride = 8, .wmask = 0xffffffff, .sect = "13.6.5",
	    .text = "IPv4 addresses for wake-up"),
	ROW(IP6AT, 0x05880, RW, .count = 4, .wmask = 0xffffffff, .sect = "13.6.6",
	    .text = "IPv6 address for wake-up (not 82544)"),
	ROW(WUPL, 0x05900, RW, .wmask = 0x00000fff, .sect = "13.6.7",
	    .text = "Length of the wake-up packet, up to 2047; lost with the power, not by a "
		    "reset"),
	ROW(WUPM, 0x05a00, RW, .count = 32, .wmask = 0xffffffff, .sect = "13.6.8",
	    .text = "First 128 bytes of the wake-up packet; lost with the power, not by a reset"),
	ROW(SWSM, 0x05b50, RW, .wmask = SWSM_SWESMBI,
	    .sect = "82571; U-Boot sets it on every model",
	    .text = "Software semaphore of the EEPROM, which no 8254x has; storage"),
	ROW(FFLT, 0x05f00, RW, .count = 4, .stride = 8, .wmask = 0x000007ff, .sect = "13.6.9",
	    .text = "Lengths of the flexible filters"),
	ROW(FFMT, 0x09000, RW, .count = 128, .stride = 8, .wmask = 0x0000000f, .sect = "13.6.10",
	    .text = "Which bytes the flexible filters compare, one bit a filter"),
	ROW(FFVT, 0x09800, RW, .count = 128, .stride = 8, .wmask = 0xffffffff, .sect = "13.6.11",
	    .text = "What they are compared with, one byte a filter"),
};
