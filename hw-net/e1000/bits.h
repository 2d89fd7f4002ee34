/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bits of the 8254x: registers, descriptors, PHY, EEPROM.
 *
 * Sections are those of Intel's PCI/PCI-X Family of Gigabit Ethernet Controllers Software
 * Developer's Manual (317453), PHY bits those of the 88E1000/88E1011 as the drivers know them.
 */
#ifndef E1000_BITS_H
#define E1000_BITS_H

/* CTRL, 13.4.1 */
#define CTRL_FD		 (1u << 0)
#define CTRL_SLU	 (1u << 6)
#define CTRL_SPEED_SHIFT 8
#define CTRL_FRCSPD	 (1u << 11)
#define CTRL_FRCDPX	 (1u << 12)
#define CTRL_RST	 (1u << 26)
#define CTRL_RFCE	 (1u << 27)
#define CTRL_TFCE	 (1u << 28)
#define CTRL_VME	 (1u << 30)
#define CTRL_PHY_RST	 (1u << 31)
#define CTRL_WMASK	 0xfbfc1be9u /* RST is never kept */

/* SWSM of the 82571 */
#define SWSM_SWESMBI (1u << 1)

/* STATUS, 13.4.2 */
#define STATUS_FD	   (1u << 0)
#define STATUS_LU	   (1u << 1)
#define STATUS_TXOFF	   (1u << 4)
#define STATUS_SPEED_SHIFT 6
#define STATUS_ASDV_SHIFT  8
#define STATUS_MTXCKOK	   (1u << 10)

/* Speed codes of CTRL, STATUS, PSSR */
#define SPEED_10   0u
#define SPEED_100  1u
#define SPEED_1000 2u

/* EECD, 13.4.3 */
#define EECD_SK	     (1u << 0)
#define EECD_CS	     (1u << 1)
#define EECD_DI	     (1u << 2)
#define EECD_DO	     (1u << 3)
#define EECD_FWE     0x30u
#define EECD_FWE_DIS 0x10u
#define EECD_REQ     (1u << 6)
#define EECD_GNT     (1u << 7)
#define EECD_PRES    (1u << 8)
#define EECD_SIZE    (1u << 9)

/* EERD, 13.4.4 */
#define EERD_START	(1u << 0)
#define EERD_DONE	(1u << 4)
#define EERD_ADDR_SHIFT 8
#define EERD_DATA_SHIFT 16

/* CTRL_EXT, 13.4.6 */
#define CTRL_EXT_ASDCHK (1u << 12)
#define CTRL_EXT_EE_RST (1u << 13)

/* MDIC, 13.4.7 */
#define MDIC_REG_SHIFT 16
#define MDIC_PHY_SHIFT 21
#define MDIC_OP_SHIFT  26
#define MDIC_OP_WRITE  1u
#define MDIC_OP_READ   2u
#define MDIC_R	       (1u << 28)
#define MDIC_I	       (1u << 29)
#define MDIC_E	       (1u << 30)
#define PHY_ADDR       1u /* the internal PHY's address */

/* ICR, ICS, IMS, IMC, 13.4.17 to 13.4.21 */
#define ICR_TXDW    (1u << 0)
#define ICR_TXQE    (1u << 1)
#define ICR_LSC	    (1u << 2)
#define ICR_RXSEQ   (1u << 3)
#define ICR_RXDMT0  (1u << 4)
#define ICR_RXO	    (1u << 6)
#define ICR_RXT0    (1u << 7)
#define ICR_MDAC    (1u << 9)
#define ICR_RXCFG   (1u << 10)
#define ICR_TXD_LOW (1u << 15)
#define ICR_SRPD    (1u << 16)
/* Reserved bits exist too: Linux's interrupt test raises each of the first ten (ethtool -t) */
#define ICR_ALL	      0x0001ffffu
#define ICR_ALL_82544 0x00007fffu /* no TXD_LOW, no SRPD */

/* RCTL, 13.4.22 */
#define RCTL_EN		 (1u << 1)
#define RCTL_SBP	 (1u << 2)
#define RCTL_UPE	 (1u << 3)
#define RCTL_MPE	 (1u << 4)
#define RCTL_LPE	 (1u << 5)
#define RCTL_LBM_SHIFT	 6
#define RCTL_LBM	 0xc0u
#define RCTL_RDMTS_SHIFT 8
#define RCTL_MO_SHIFT	 12
#define RCTL_BAM	 (1u << 15)
#define RCTL_BSIZE_SHIFT 16
#define RCTL_VFE	 (1u << 18)
#define RCTL_CFIEN	 (1u << 19)
#define RCTL_CFI	 (1u << 20)
#define RCTL_DPF	 (1u << 22)
#define RCTL_PMCF	 (1u << 23)
#define RCTL_BSEX	 (1u << 25)
#define RCTL_SECRC	 (1u << 26)
#define RCTL_WMASK	 0x06dfbffeu

/* TCTL, 13.4.33 */
#define TCTL_EN	    (1u << 1)
#define TCTL_PSP    (1u << 3)
#define TCTL_SWXOFF (1u << 22)
#define TCTL_WMASK  0x033ffffau

/* RDTR and TIDV, 13.4.30 and 13.4.41 */
#define DELAY_FPD (1u << 31)

/* TXDCTL and RXDCTL, 13.4.43 and 13.4.46 */
#define DCTL_WTHRESH_SHIFT  16
#define DCTL_GRAN	    (1u << 24)
#define DCTL_LWTHRESH_SHIFT 25

/* RXCSUM, 13.4.47 */
#define RXCSUM_PCSS    0xffu
#define RXCSUM_IPOFL   (1u << 8)
#define RXCSUM_TUOFL   (1u << 9)
#define RXCSUM_IPV6OFL (1u << 10)

/* FCRTL, 13.4.23 */
#define FCRTL_XONE (1u << 31)

/* RAH, 13.5.3 */
#define RAH_ASEL_SHIFT 16
#define RAH_AV	       (1u << 31)

/* WUC, 13.6.1; WUFC and WUS, 13.6.2 and 13.6.3 */
#define WUC_APME	(1u << 0)
#define WUC_PME_EN	(1u << 1)
#define WUC_PME_STATUS	(1u << 2)
#define WUC_APMPME	(1u << 3)
#define WUFC_LNKC	(1u << 0)
#define WUFC_MAG	(1u << 1)
#define WUFC_EX		(1u << 2)
#define WUFC_MC		(1u << 3)
#define WUFC_BC		(1u << 4)
#define WUFC_ARP	(1u << 5)
#define WUFC_IPV4	(1u << 6)
#define WUFC_IPV6	(1u << 7)
#define WUFC_FLX0_SHIFT 16
#define WUFC_WMASK	0x000f80ffu
#define IPAV_V40	(1u << 0)
#define IPAV_V60	(1u << 16)

/* enum e1000_stat - statistics registers by offset, 13.7 */
enum e1000_stat {
	STAT_CRCERRS = 0x4000,
	STAT_ALGNERRC = 0x4004,
	STAT_SYMERRS = 0x4008,
	STAT_RXERRC = 0x400c,
	STAT_MPC = 0x4010,
	STAT_SCC = 0x4014,
	STAT_ECOL = 0x4018,
	STAT_MCC = 0x401c,
	STAT_LATECOL = 0x4020,
	STAT_COLC = 0x4028,
	STAT_DC = 0x4030,
	STAT_TNCRS = 0x4034,
	STAT_SEC = 0x4038,
	STAT_CEXTERR = 0x403c,
	STAT_RLEC = 0x4040,
	STAT_XONRXC = 0x4048,
	STAT_XONTXC = 0x404c,
	STAT_XOFFRXC = 0x4050,
	STAT_XOFFTXC = 0x4054,
	STAT_FCRUC = 0x4058,
	STAT_PRC64 = 0x405c,
	STAT_PRC127 = 0x4060,
	STAT_PRC255 = 0x4064,
	STAT_PRC511 = 0x4068,
	STAT_PRC1023 = 0x406c,
	STAT_PRC1522 = 0x4070,
	STAT_GPRC = 0x4074,
	STAT_BPRC = 0x4078,
	STAT_MPRC = 0x407c,
	STAT_GPTC = 0x4080,
	STAT_GORCL = 0x4088,
	STAT_GORCH = 0x408c,
	STAT_GOTCL = 0x4090,
	STAT_GOTCH = 0x4094,
	STAT_RNBC = 0x40a0,
	STAT_RUC = 0x40a4,
	STAT_RFC = 0x40a8,
	STAT_ROC = 0x40ac,
	STAT_RJC = 0x40b0,
	STAT_MGTPRC = 0x40b4,
	STAT_MGTPDC = 0x40b8,
	STAT_MGTPTC = 0x40bc,
	STAT_TORL = 0x40c0,
	STAT_TORH = 0x40c4,
	STAT_TOTL = 0x40c8,
	STAT_TOTH = 0x40cc,
	STAT_TPR = 0x40d0,
	STAT_TPT = 0x40d4,
	STAT_PTC64 = 0x40d8,
	STAT_PTC127 = 0x40dc,
	STAT_PTC255 = 0x40e0,
	STAT_PTC511 = 0x40e4,
	STAT_PTC1023 = 0x40e8,
	STAT_PTC1522 = 0x40ec,
	STAT_MPTC = 0x40f0,
	STAT_BPTC = 0x40f4,
	STAT_TSCTC = 0x40f8,
	STAT_TSCTFC = 0x40fc,
};

/* Receive descriptor, 3.2.3: second quadword is length | checksum | status | errors | special */
#define RXD_CSUM_SHIFT	  16
#define RXD_STATUS_SHIFT  32
#define RXD_ERRORS_SHIFT  40
#define RXD_SPECIAL_SHIFT 48
#define RXD_DD		  (1u << 0)
#define RXD_EOP		  (1u << 1)
#define RXD_IXSM	  (1u << 2)
#define RXD_VP		  (1u << 3)
#define RXD_TCPCS	  (1u << 5)
#define RXD_IPCS	  (1u << 6)
#define RXD_PIF		  (1u << 7)
#define RXD_ERR_CE	  (1u << 0)
#define RXD_ERR_TCPE	  (1u << 5)
#define RXD_ERR_IPE	  (1u << 6)
#define RXD_ERR_RXE	  (1u << 7)

/* Transmit descriptor, third word: 3.3.3.1 (legacy), 3.3.6 (context), 3.3.7 (data) */
#define TXD_EOP		 (1u << 24)
#define TXD_IFCS	 (1u << 25)
#define TXD_IC		 (1u << 26) /* legacy */
#define TXD_TSE		 (1u << 26) /* context and data */
#define TXD_RS		 (1u << 27)
#define TXD_RPS		 (1u << 28)
#define TXD_DEXT	 (1u << 29)
#define TXD_VLE		 (1u << 30)
#define TXD_IDE		 (1u << 31)
#define TXD_DTYP_SHIFT	 20
#define TXD_DTYP_CONTEXT 0u
#define TXD_DTYP_DATA	 1u
#define TXD_TUCMD_TCP	 (1u << 24) /* context, as the next */
#define TXD_TUCMD_IP	 (1u << 25)
/* fourth word of legacy and data */
#define TXD_DD	       (1u << 0)
#define TXD_POPTS_IXSM (1u << 8)
#define TXD_POPTS_TXSM (1u << 9)

/* enum e1000_phy - registers of the PHY, 13.4.7.1 */
enum e1000_phy {
	PHY_PCTRL = 0,
	PHY_PSTATUS = 1,
	PHY_PHY_ID1 = 2,
	PHY_PHY_ID2 = 3,
	PHY_ANA = 4,
	PHY_ANLPA = 5,
	PHY_ANE = 6,
	PHY_NPT = 7,
	PHY_LPN = 8,
	PHY_GCON = 9,
	PHY_GSTATUS = 10,
	PHY_EPSTATUS = 15,
	PHY_PSCON = 16,
	PHY_PSSTAT = 17,
	PHY_PINTE = 18,
	PHY_PINTS = 19,
	PHY_EPSCON1 = 20,
	PHY_PREC = 21,
	PHY_LEDCON = 24,
	PHY_LEDOVR = 25,
	PHY_EPSCON2 = 26,
	PHY_EPSSTAT = 27,
	PHY_R30PS = 29,
	PHY_R30AW = 30,
};

/* Their bits, 11.3 and 13.4.7.1 */
#define BMCR_RESET	 0x8000u
#define BMCR_LOOPBACK	 0x4000u
#define BMCR_SPEED_LSB	 0x2000u
#define BMCR_AN_ENABLE	 0x1000u
#define BMCR_POWER_DOWN	 0x0800u
#define BMCR_ISOLATE	 0x0400u
#define BMCR_AN_RESTART	 0x0200u
#define BMCR_FULL	 0x0100u
#define BMCR_SPEED_MSB	 0x0040u
#define BMSR_AN_DONE	 0x0020u
#define BMSR_LINK	 0x0004u
#define AN_PAUSE	 0x0400u
#define AN_ASM_DIR	 0x0800u
#define AN_100_FULL	 0x0100u
#define AN_100_HALF	 0x0080u
#define AN_10_FULL	 0x0040u
#define AN_10_HALF	 0x0020u
#define GBCR_FULL	 0x0200u
#define GBCR_HALF	 0x0100u
#define PSSR_SPEED_SHIFT 14
#define PSSR_FULL	 0x2000u
#define PSSR_PAGE_RCVD	 0x1000u
#define PSSR_RESOLVED	 0x0800u
#define PSSR_LINK	 0x0400u
#define PHYINT_AN_DONE	 0x0800u
#define PHYINT_LINK	 0x0400u

/* EEPROM words, 5.6 */
#define EE_COMPAT	 0x03
#define EE_ID_LED	 0x04
#define EE_PBA0		 0x08
#define EE_PBA1		 0x09
#define EE_INIT1	 0x0a
#define EE_SUBSYS_ID	 0x0b
#define EE_SUBSYS_VENDOR 0x0c
#define EE_DEVICE_ID	 0x0d
#define EE_VENDOR_ID	 0x0e
#define EE_INIT2	 0x0f
#define EE_SDP_A	 0x20
#define EE_INIT3	 0x24
#define EE_LED		 0x2f
#define EE_PXE		 0x30
#define EE_CHECKSUM	 0x3f
#define EE_SUM		 0xbabau

#endif
