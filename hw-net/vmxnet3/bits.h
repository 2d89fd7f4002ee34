/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vmxnet3 interface as its drivers define it (there is no data sheet): register offsets,
 * commands, and the layout of what driver and device share in memory. Source of the facts: Linux
 * drivers/net/vmxnet3 up to 6.12 (revision 9), checked against what FreeBSD, iPXE and DPDK rely on.
 * Everything in memory is little-endian.
 *
 * Shared structures are given as byte offsets, because the device copies them whole and then picks
 * fields: nothing is read twice from memory that a guest can change.
 */
#ifndef VMXNET3_BITS_H
#define VMXNET3_BITS_H

#include "desc.h"

/* PCI identity */
#define VMX_VENDOR 0x15ad
#define VMX_DEVICE 0x07b0

/* Revisions: bit (rev - 1) of VRRS */
#define VMX_REV_MAX 9u

/* Limits. The first of each pair holds below revision 6. */
#define VMX_MAX_TXQ_V1	 8u
#define VMX_MAX_RXQ_V1	 16u
#define VMX_MAX_INTRS_V1 25u
#define VMX_MAX_TXQ	 32u
#define VMX_MAX_RXQ	 32u
#define VMX_MAX_INTRS	 65u
#define VMX_MAX_MTU_V1	 9000u
#define VMX_MAX_MTU	 9190u
#define VMX_MIN_MTU	 60u

#define VMX_RING_ALIGN	    512u
#define VMX_RING_SIZE_ALIGN 32u
#define VMX_RING_MAX	    4096u
#define VMX_RX_COMP_MAX	    8192u
#define VMX_QDESC_ALIGN	    128u
#define VMX_DATA_DESC_ALIGN 64u
#define VMX_TXDATA_MIN	    128u
#define VMX_DATA_DESC_MAX   2048u
#define VMX_TS_DESC_MAX	    256u
#define VMX_MIN_HEAD_BUF    128u

/* BAR 0, "PT": interrupt masks and doorbells, 8 bytes apart. The last three with the large BAR
 * (revision 7). */
#define VMX_IMR	       0x000u
#define VMX_TXPROD     0x600u
#define VMX_RXPROD     0x800u
#define VMX_RXPROD2    0xa00u
#define VMX_LB_TXPROD  0x1000u
#define VMX_LB_RXPROD  0x1400u
#define VMX_LB_RXPROD2 0x1800u
#define VMX_BAR0_SIZE  0x1000u
#define VMX_BAR0_LARGE 0x2000u

/* BAR 1, "VD": everything slow */
#define VMX_VRRS      0x00u
#define VMX_UVRS      0x08u
#define VMX_DSAL      0x10u
#define VMX_DSAH      0x18u
#define VMX_CMD	      0x20u
#define VMX_MACL      0x28u
#define VMX_MACH      0x30u
#define VMX_ICR	      0x38u
#define VMX_ECR	      0x40u
#define VMX_DCR	      0x48u
#define VMX_N_DCR     8u
#define VMX_PTCR      0x88u
#define VMX_N_PTCR    6u
#define VMX_BAR1_SIZE 0x1000u

/* BAR 2: MSI-X table and pending bits */
#define VMX_BAR2_SIZE 0x2000u
#define VMX_MSIX_PBA  0x1000u

enum vmx_cmd {
	VMX_CMD_ACTIVATE = (int)0xcafe0000,
	VMX_CMD_QUIESCE,
	VMX_CMD_RESET,
	VMX_CMD_UPDATE_RX_MODE,
	VMX_CMD_UPDATE_MAC_FILTERS,
	VMX_CMD_UPDATE_VLAN_FILTERS,
	VMX_CMD_UPDATE_RSSIDT,
	VMX_CMD_UPDATE_IML,
	VMX_CMD_UPDATE_PMCFG,
	VMX_CMD_UPDATE_FEATURE,
	VMX_CMD_SET_COALESCE = (int)0xcafe000e,
	VMX_CMD_REGISTER_MEMREGS,
	VMX_CMD_SET_RSS_FIELDS,
	VMX_CMD_SET_RING_BUFFER_SIZE = (int)0xcafe0013,

	VMX_CMD_GET_QUEUE_STATUS = (int)0xf00d0000,
	VMX_CMD_GET_STATS,
	VMX_CMD_GET_LINK,
	VMX_CMD_GET_PERM_MAC_LO,
	VMX_CMD_GET_PERM_MAC_HI,
	VMX_CMD_GET_DID_LO,
	VMX_CMD_GET_DID_HI,
	VMX_CMD_GET_DEV_EXTRA_INFO,
	VMX_CMD_GET_CONF_INTR,
	VMX_CMD_GET_ADAPTIVE_RING_INFO,
	VMX_CMD_GET_TXDATA_DESC_SIZE,
	VMX_CMD_GET_COALESCE,
	VMX_CMD_GET_RSS_FIELDS,
	VMX_CMD_GET_MAX_QUEUES_CONF = (int)0xf00d000f,
	VMX_CMD_GET_MAX_CAPABILITIES = (int)0xf00d0011,
	VMX_CMD_GET_DCR0_REG,
	VMX_CMD_GET_TSRING_DESC_SIZE,
	VMX_CMD_GET_DISABLED_OFFLOADS,
};

/* DriverShared */
#define VMX_MAGIC	  3133079265u
#define DS_MAGIC	  0
#define DS_UPT_FEATURES	  24
#define DS_QDESC_PA	  40
#define DS_QDESC_LEN	  52
#define DS_MTU		  56
#define DS_MAX_RX_SG	  60
#define DS_NUM_TXQ	  62
#define DS_NUM_RXQ	  63
#define DS_AUTO_MASK	  80 /* IntrConf */
#define DS_NUM_INTRS	  81
#define DS_EVENT_INTR	  82
#define DS_MOD_LEVELS	  83
#define DS_RX_MODE	  120 /* RxFilterConf */
#define DS_MF_LEN	  124
#define DS_MF_PA	  128
#define DS_VF_TABLE	  136
#define DS_RSS_DESC	  648 /* VariableLenConfDesc: version 4, length 4, address 8 */
#define DS_PM_DESC	  664
#define DS_ECR		  696
#define DS_CMD_INFO	  704 /* revision 3 */
#define DS_SIZE_V1	  720
#define DS_EXT_AUTO_MASK  720 /* IntrConfExt, revision 6 */
#define DS_EXT_NUM_INTRS  721
#define DS_EXT_EVENT_INTR 722
#define DS_EXT_MOD_LEVELS 732
#define DS_SIZE		  800

#define VMX_VFT_WORDS 128u

/* uptFeatures */
#define UPT_F_RXCSUM	  0x01u
#define UPT_F_RSS	  0x02u
#define UPT_F_RXVLAN	  0x04u
#define UPT_F_LRO	  0x08u
#define UPT_F_RXINNEROFLD 0x10u

/* rxMode */
#define RXM_UCAST     0x01u
#define RXM_MCAST     0x02u
#define RXM_BCAST     0x04u
#define RXM_ALL_MULTI 0x08u
#define RXM_PROMISC   0x10u

/* TxQueueDesc and RxQueueDesc: 256 bytes each, all transmit queues first */
#define QD_SIZE		  256u
#define TQ_NUM_DEFERRED	  0
#define TQ_THRESHOLD	  4
#define TQ_RING_PA	  16
#define TQ_DATA_PA	  24
#define TQ_COMP_PA	  32
#define TQ_RING_SIZE	  56
#define TQ_DATA_SIZE	  60
#define TQ_COMP_SIZE	  64
#define TQ_INTR		  72
#define TQ_DATA_DESC_SIZE 74  /* revision 3 */
#define TQ_TS_PA	  168 /* revision 9 */
#define TQ_TS_DESC_SIZE	  176
#define RQ_UPDATE_PROD	  0
#define RQ_RING_PA	  16 /* two */
#define RQ_COMP_PA	  32
#define RQ_DATA_PA	  48 /* revision 3 */
#define RQ_RING_SIZE	  56 /* two */
#define RQ_COMP_SIZE	  64
#define RQ_INTR		  72
#define RQ_DATA_DESC_SIZE 74  /* revision 3 */
#define RQ_TS_PA	  168 /* revision 9 */
#define RQ_TS_DESC_SIZE	  176
#define QD_STOPPED	  80 /* both: status, then ten counters of 64 bits */
#define QD_ERROR	  84
#define QD_STATS	  88
#define QD_N_STATS	  10u

/* UPT1 counters, in the order of the block */
enum vmx_tx_stat {
	TXS_TSO_PKTS,
	TXS_TSO_BYTES,
	TXS_UCAST_PKTS,
	TXS_UCAST_BYTES,
	TXS_MCAST_PKTS,
	TXS_MCAST_BYTES,
	TXS_BCAST_PKTS,
	TXS_BCAST_BYTES,
	TXS_ERROR,
	TXS_DISCARD,
};
enum vmx_rx_stat {
	RXS_LRO_PKTS,
	RXS_LRO_BYTES,
	RXS_UCAST_PKTS,
	RXS_UCAST_BYTES,
	RXS_MCAST_PKTS,
	RXS_MCAST_BYTES,
	RXS_BCAST_PKTS,
	RXS_BCAST_BYTES,
	RXS_OUT_OF_BUF,
	RXS_ERROR,
};

/* Why a queue was stopped */
#define ERR_NOEOP	 0x80000000u
#define ERR_BIG_PKT	 0x80000002u
#define ERR_DESC_NOT_SPT 0x80000003u
#define ERR_SMALL_BUF	 0x80000004u
#define ERR_TXD_INVALID	 0x80000007u

/* ECR, events */
#define ECR_RQERR 0x01u
#define ECR_TQERR 0x02u
#define ECR_LINK  0x04u

/* UPT1_RSSConf: hashType 2, hashFunc 2, key size 2, table size 2, key 40, table 128 */
#define RSS_CONF_TYPE	    0
#define RSS_CONF_FUNC	    2
#define RSS_CONF_KEY_SIZE   4
#define RSS_CONF_TABLE_SIZE 6
#define RSS_CONF_KEY	    8
#define RSS_CONF_TABLE	    48
#define RSS_CONF_SIZE	    176
#define RSS_KEY_MAX	    40u
#define RSS_TABLE_MAX	    128u
#define RSS_HASH_IPV4	    0x01u
#define RSS_HASH_TCP_IPV4   0x02u
#define RSS_HASH_IPV6	    0x04u
#define RSS_HASH_TCP_IPV6   0x08u
#define RSS_FUNC_TOEPLITZ   1u

/* RSS fields (revision 4; ESP over IPv6 revision 5) */
#define RSS_FIELD_TCP4 0x01u
#define RSS_FIELD_TCP6 0x02u
#define RSS_FIELD_UDP4 0x04u
#define RSS_FIELD_UDP6 0x08u
#define RSS_FIELD_ESP4 0x10u
#define RSS_FIELD_ESP6 0x20u

/* rssType of a completion */
enum vmx_rss_type {
	RSS_TYPE_NONE,
	RSS_TYPE_IPV4,
	RSS_TYPE_TCP4,
	RSS_TYPE_IPV6,
	RSS_TYPE_TCP6,
	RSS_TYPE_UDP4,
	RSS_TYPE_UDP6,
	RSS_TYPE_ESP4,
	RSS_TYPE_ESP6,
};

/* CoalesceScheme: mode 4, then rate 4, or the depths of transmit, transmit completion and receive,
 * 4 each */
enum vmx_coal_mode { COAL_DISABLED, COAL_ADAPT, COAL_STATIC, COAL_RBC };
#define COAL_SIZE      16
#define COAL_MAX_DEPTH 128u
#define COAL_MIN_RATE  100u
#define COAL_MAX_RATE  100000u

/* modLevels */
#define IML_HIGHEST  7u
#define IML_ADAPTIVE 8u

/* What a driver's level means: all beyond the last are adaptive. */
static inline uint8_t vmx_mod_level(uint8_t level)
{
	return level < IML_ADAPTIVE ? level : IML_ADAPTIVE;
}

/* PMConf: events 2, number of filters 1, pad 5; a filter: mask size 1, pattern size 1, mask 16,
 * pattern 128, pad 6 */
#define PM_SIZE		  920
#define PM_EVENTS	  0
#define PM_N_FILTERS	  2
#define PM_FILTERS	  8
#define PM_FILTER_SIZE	  152u
#define PM_MAX_FILTERS	  6u
#define PM_F_MASK_SIZE	  0
#define PM_F_PATTERN_SIZE 1
#define PM_F_MASK	  2
#define PM_F_PATTERN	  18
#define PM_MAX_MASK	  16u
#define PM_MAX_PATTERN	  128u
#define PM_WAKE_MAGIC	  0x01u
#define PM_WAKE_FILTER	  0x02u

/* MemRegs: number 2, pad 6; a region: address 8, length 4, transmit and receive queue bits 2
 * each */
#define MEMREGS_MAX  256u
#define MEMREGS_HEAD 8u
#define MEMREG_SIZE  16u

/* Capability register 0 */
#define CAP_UDP_RSS	      (1u << 0)
#define CAP_ESP_RSS_IPV4      (1u << 1)
#define CAP_GENEVE_CSUM	      (1u << 2)
#define CAP_GENEVE_TSO	      (1u << 3)
#define CAP_VXLAN_CSUM	      (1u << 4)
#define CAP_VXLAN_TSO	      (1u << 5)
#define CAP_GENEVE_OUTER_CSUM (1u << 6)
#define CAP_VXLAN_OUTER_CSUM  (1u << 7)
#define CAP_ESP_RSS_IPV6      (1u << 9)
#define CAP_LARGE_BAR	      (1u << 16)
#define CAP_OOORX_COMP	      (1u << 17)

/* GET_CONF_INTR: type in bits 1..0, mask mode in bits 3..2 */
enum vmx_intr_type { IT_AUTO, IT_INTX, IT_MSI, IT_MSIX };
enum vmx_mask_mode { IMM_AUTO, IMM_ACTIVE, IMM_LAZY };

/* GET_ADAPTIVE_RING_INFO */
#define ADAPTIVE_RING_OFF 0x01u

/* GET_DISABLED_OFFLOADS */
#define OFFLOAD_LRO 0x02u

#endif
