/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of the PCnet, their bits, and those of descriptors, by the names of the data sheets. */
#ifndef PCNET_BITS_H
#define PCNET_BITS_H

/* enum pcnet_csr - numbers of the CSRs that the card works with; of a pair the low half's */
enum pcnet_csr {
	CSR0 = 0, /* controller status */
	CSR_IADR = 1,
	CSR3 = 3,
	CSR4 = 4,
	CSR5 = 5,
	CSR_LENGTHS = 6,
	CSR7 = 7,
	CSR_LADRF = 8, /* four */
	CSR_PADR = 12, /* three */
	CSR_MODE = 15,
	CSR_CRBA = 18,
	CSR_CXBA = 20,
	CSR_BADR = 24,
	CSR_NRDA = 26,
	CSR_CRDA = 28,
	CSR_BADX = 30,
	CSR_NXDA = 32,
	CSR_CXDA = 34,
	CSR_NNRD = 36,
	CSR_NNXD = 38,
	CSR_CRBC = 40,
	CSR_CRST = 41,
	CSR_CXBC = 42,
	CSR_CXST = 43,
	CSR_TXPOLLINT = 47,
	CSR_PXDA = 60,
	CSR_RCVRC = 72,
	CSR_XMTRC = 74,
	CSR_RCVRL = 76,
	CSR_XMTRL = 78,
	CSR_FIFO = 80,
	CSR_DMABA = 84,
	CSR_CHIPID = 88,
	CSR_MISSED = 112,
	CSR_COLLISIONS = 114,
	CSR116 = 116,
	CSR122 = 122,
	CSR124 = 124,
};

/* enum pcnet_bcr - numbers of the BCRs */
enum pcnet_bcr {
	BCR2 = 2,
	BCR_LED0 = 4,
	BCR_LED3 = 7,
	BCR9 = 9,
	BCR18 = 18,
	BCR19 = 19,
	BCR20 = 20,
	BCR_LATENCY = 22,
	BCR_SUBSYS_VENDOR = 23,
	BCR_SUBSYS_ID = 24,
	BCR_STVAL = 31,
	BCR32 = 32,
	BCR_MIIADDR = 33,
	BCR_PMC = 36,
	BCR_LED4 = 48,
};

/* enum pcnet_anr - numbers of the PHY's registers */
enum pcnet_anr { ANR_CONTROL = 0, ANR_STATUS = 1, ANR_ADVERTISE = 4 };

/* CSR0: controller status and control */
#define CSR0_INIT 0x0001u
#define CSR0_STRT 0x0002u
#define CSR0_STOP 0x0004u
#define CSR0_TDMD 0x0008u
#define CSR0_TXON 0x0010u
#define CSR0_RXON 0x0020u
#define CSR0_IENA 0x0040u
#define CSR0_INTR 0x0080u
#define CSR0_IDON 0x0100u
#define CSR0_TINT 0x0200u
#define CSR0_RINT 0x0400u
#define CSR0_MERR 0x0800u
#define CSR0_MISS 0x1000u
#define CSR0_CERR 0x2000u
#define CSR0_BABL 0x4000u
#define CSR0_ERR  0x8000u
/* Causes, cleared by writing ones; their masks stand at the same places in CSR3 (CERR has none). */
#define CSR0_W1C   0x7f00u
#define CSR0_ERROR (CSR0_BABL | CSR0_CERR | CSR0_MISS | CSR0_MERR)
#define CSR0_CAUSE 0x5f00u

/* CSR3: interrupt masks and deferral control */
#define CSR3_BSWP     0x0004u
#define CSR3_EMBA     0x0008u
#define CSR3_DXMT2PD  0x0010u
#define CSR3_LAPPEN   0x0020u
#define CSR3_DXSUFLO  0x0040u
#define CSR3_WRITABLE 0x5f7cu

/* CSR4: test and features control. A cause is one bit left of its mask. */
#define CSR4_JABM    0x0001u
#define CSR4_JAB     0x0002u
#define CSR4_TXSTRTM 0x0004u
#define CSR4_TXSTRT  0x0008u
#define CSR4_RCVCCOM 0x0010u
#define CSR4_RCVCCO  0x0020u
#define CSR4_UINT    0x0040u
#define CSR4_UINTCMD 0x0080u
#define CSR4_MFCOM   0x0100u
#define CSR4_MFCO    0x0200u
#define CSR4_ASTRP   0x0400u
#define CSR4_APAD    0x0800u
#define CSR4_DPOLL   0x1000u
#define CSR4_TIMER   0x2000u
#define CSR4_DMAPLUS 0x4000u
#define CSR4_EN124   0x8000u
#define CSR4_W1C     (CSR4_JAB | CSR4_TXSTRT | CSR4_RCVCCO | CSR4_UINT | CSR4_MFCO)
#define CSR4_WRITABLE                                                                    \
	(CSR4_JABM | CSR4_TXSTRTM | CSR4_RCVCCOM | CSR4_MFCOM | CSR4_ASTRP | CSR4_APAD | \
	 CSR4_DPOLL | CSR4_TIMER | CSR4_DMAPLUS | CSR4_EN124)

/* CSR5: extended control and interrupt. A cause is one bit left of its enable bit. */
#define CSR5_SPND    0x0001u
#define CSR5_MPMODE  0x0002u
#define CSR5_MPEN    0x0004u
#define CSR5_MPINTE  0x0008u
#define CSR5_MPINT   0x0010u
#define CSR5_MPPLBA  0x0020u
#define CSR5_EXDINTE 0x0040u
#define CSR5_EXDINT  0x0080u
#define CSR5_SLPINTE 0x0100u
#define CSR5_SLPINT  0x0200u
#define CSR5_SINTE   0x0400u
#define CSR5_SINT    0x0800u
#define CSR5_LTINTEN 0x4000u
#define CSR5_TOKINTD 0x8000u
#define CSR5_W1C     (CSR5_MPINT | CSR5_EXDINT | CSR5_SLPINT | CSR5_SINT)
#define CSR5_WRITABLE                                                                     \
	(CSR5_SPND | CSR5_MPMODE | CSR5_MPEN | CSR5_MPINTE | CSR5_MPPLBA | CSR5_EXDINTE | \
	 CSR5_SLPINTE | CSR5_SINTE | CSR5_LTINTEN | CSR5_TOKINTD)

/* CSR7: extended control and interrupt 2 (Am79C971 and later) */
#define CSR7_MIIPDTINTE 0x0001u
#define CSR7_MIIPDTINT	0x0002u
#define CSR7_MCCIINTE	0x0004u
#define CSR7_MCCIINT	0x0008u
#define CSR7_MCCINTE	0x0010u
#define CSR7_MCCINT	0x0020u
#define CSR7_MAPINTE	0x0040u
#define CSR7_MAPINT	0x0080u
#define CSR7_MREINTE	0x0100u
#define CSR7_MREINT	0x0200u
#define CSR7_STINTE	0x0400u
#define CSR7_STINT	0x0800u
#define CSR7_RXDPOLL	0x1000u
#define CSR7_RDMD	0x2000u
#define CSR7_RXFRTG	0x4000u
#define CSR7_FASTSPNDE	0x8000u
#define CSR7_W1C	0x0aaau
#define CSR7_ENABLES	0x0555u
#define CSR7_WRITABLE	(CSR7_ENABLES | CSR7_RXDPOLL | CSR7_RXFRTG | CSR7_FASTSPNDE)

/* CSR15: mode */
#define MODE_DRX     0x0001u
#define MODE_DTX     0x0002u
#define MODE_LOOP    0x0004u
#define MODE_DXMTFCS 0x0008u
#define MODE_FCOLL   0x0010u
#define MODE_DRTY    0x0020u
#define MODE_INTL    0x0040u
#define MODE_PORTSEL 0x0180u
#define MODE_10BT    0x0080u
#define MODE_DLNKTST 0x1000u
#define MODE_DRCVPA  0x2000u
#define MODE_DRCVBC  0x4000u
#define MODE_PROM    0x8000u

/* CSR88: chip id, low half; the high one is the same for both */
#define CHIPID_970A 0x1003u
#define CHIPID_973  0x5003u
#define CHIPID_HIGH 0x0262u

/* CSR116: OnNow power mode (Am79C972 and later) */
#define CSR116_MPPEN	0x0010u
#define CSR116_MPMAT	0x0020u
#define CSR116_EMPPLBA	0x0040u
#define CSR116_LCMODE	0x0100u
#define CSR116_LCDET	0x0200u
#define CSR116_PME_OVR	0x0400u
#define CSR116_W1C	(CSR116_MPMAT | CSR116_LCDET)
#define CSR116_WRITABLE (CSR116_MPPEN | CSR116_EMPPLBA | CSR116_LCMODE | CSR116_PME_OVR | 0x000fu)

#define CSR122_RCVALGN 0x0001u
#define CSR124_RPA     0x0008u

/* BCR2: miscellaneous configuration */
#define BCR2_ASEL    0x0002u
#define BCR2_APROMWE 0x0100u
#define BCR2_LEDPE   0x1000u

/* BCR4-7, 48: LEDs */
#define LED_COLE   0x0001u
#define LED_SPEED  0x0002u
#define LED_RCVE   0x0004u
#define LED_RXPOLE 0x0008u
#define LED_XMTE   0x0010u
#define LED_RCVME  0x0020u
#define LED_LNKSTE 0x0040u
#define LED_PSE	   0x0080u
#define LED_FDLSE  0x0100u
#define LED_MPSE   0x0200u
#define LED_100E   0x1000u
#define LED_OUT	   0x8000u

#define BCR9_FDEN  0x0001u
#define BCR9_AUIFD 0x0002u

#define BCR18_DWIO 0x0080u

/* BCR19: EEPROM control and status */
#define BCR19_EDIO   0x0001u
#define BCR19_ESK    0x0002u
#define BCR19_ECS    0x0004u
#define BCR19_EEN    0x0010u
#define BCR19_EEDET  0x2000u
#define BCR19_PREAD  0x4000u
#define BCR19_PVALID 0x8000u

#define BCR20_SWSTYLE  0x0003u /* of a style that is not reserved */
#define BCR20_SSIZE32  0x0100u
#define BCR20_CSRPCNET 0x0200u
#define BCR20_APERREN  0x0400u

#define STYLE_ILACC 1u /* SWSTYLE 1, where NO_FCS stands for ADD_FCS */

/* BCR32: PHY control and status */
#define BCR32_MIIILP  0x0002u
#define BCR32_XPHYSP  0x0008u
#define BCR32_XPHYFD  0x0010u
#define BCR32_XPHYANE 0x0020u
#define BCR32_XPHYRST 0x0040u
#define BCR32_DANAS   0x0080u

/* ANR0: PHY control, ANR1: status; IEEE 802.3, 22.2.4.1 and 22.2.4.2 */
#define BMCR_RESET   0x8000u
#define BMCR_LOOP    0x4000u
#define BMCR_100     0x2000u
#define BMCR_ANE     0x1000u
#define BMCR_PDOWN   0x0800u
#define BMCR_ISOLATE 0x0400u
#define BMCR_RESTART 0x0200u
#define BMCR_FULL    0x0100u
#define BMSR_ANC     0x0020u
#define BMSR_LINK    0x0004u

/* ANR4, ANR5: abilities of either side */
#define ANAR_10	   0x0020u
#define ANAR_10FD  0x0040u
#define ANAR_100   0x0080u
#define ANAR_100FD 0x0100u

/* ANR24: summary */
#define SUMMARY_LINK	    0x0008u
#define SUMMARY_FULL	    0x0004u
#define SUMMARY_NEGOTIATING 0x0002u
#define SUMMARY_100	    0x0001u

/* Flags of a descriptor: upper half of RMD1/TMD1; with 16-bit structures only bits 15-8 exist. */
#define D_OWN	0x8000u
#define D_ERR	0x4000u
#define D_STP	0x0200u
#define D_ENP	0x0100u
#define R_FRAM	0x2000u
#define R_OFLO	0x1000u
#define R_CRC	0x0800u
#define R_BUFF	0x0400u
#define R_PAM	0x0040u
#define R_LAFM	0x0020u
#define R_BAM	0x0010u
#define T_FCS	0x2000u /* ADD_FCS; with SWSTYLE 1 NO_FCS */
#define T_MORE	0x1000u
#define T_LTINT 0x1000u
#define T_ONE	0x0800u
#define T_DEF	0x0400u

/* Error word of a transmit descriptor: upper half of TMD2 */
#define TE_BUFF 0x8000u
#define TE_UFLO 0x4000u
#define TE_LCAR 0x0800u
#define TE_RTRY 0x0400u

#endif
