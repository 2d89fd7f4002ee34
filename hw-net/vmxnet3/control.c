/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands: a table of what each does, from which revision on, and whether it needs an active
 * device.
 *
 * A command that comes before ACTIVATE (Linux asks for statistics of a closed interface, sets
 * features of one) does nothing and answers 0. A command of no revision, or of a later one than the
 * driver chose, is told once and answers as a bus does where nothing is: all ones, which each
 * driver takes for "not there".
 */
#include "control.h"

#include "coalesce.h"
#include "filter.h"
#include "regs.h"
#include "reset.h"
#include "rss.h"
#include "setup.h"
#include "stats.h"
#include "wake.h"

#define NOT_THERE 0xffffffffu
#define RX_DATA	  128u /* bytes of a receive data ring entry that drivers are told */
#define TS_DESC	  128u /* bytes of a timestamp descriptor, likewise */

/* A part of DriverShared changed: @read takes what it needs from a copy. */
static uint32_t read_shared(struct hwnet_nic *nic,
			    void (*read)(struct vmx *v, const uint8_t *shared))
{
	struct vmx *v = vmx_of(nic);
	uint8_t b[DS_SIZE_V1];

	if (!hwnet_dma_read(nic, v->s->shared_pa, b, sizeof(b)))
		read(v, b);
	else
		hwnet_guest_error(nic, "DriverShared at 0x%llx is not memory",
				  (unsigned long long)v->s->shared_pa);
	return 0;
}

/* The first bytes of CmdInfo. false: it is not memory. */
static bool read_info(struct hwnet_nic *nic, uint8_t *info, size_t len)
{
	return !hwnet_dma_read(nic, vmx_of(nic)->s->shared_pa + DS_CMD_INFO, info, len);
}

static uint32_t do_quiesce(struct hwnet_nic *nic)
{
	vmx_quiesce(vmx_of(nic));
	return 0;
}

static uint32_t do_reset(struct hwnet_nic *nic)
{
	vmx_device_reset(vmx_of(nic));
	return 0;
}

static uint32_t do_rx_mode(struct hwnet_nic *nic)
{
	return read_shared(nic, vmx_filter_mode);
}

static uint32_t do_mac_filters(struct hwnet_nic *nic)
{
	return read_shared(nic, vmx_filter_mcast);
}

static uint32_t do_vlan_filters(struct hwnet_nic *nic)
{
	return read_shared(nic, vmx_filter_vlans);
}

static void read_table(struct vmx *v, const uint8_t *shared)
{
	vmx_rss_configure(v, shared, true);
}

static uint32_t do_rssidt(struct hwnet_nic *nic)
{
	return read_shared(nic, read_table);
}

/* The driver changed modLevels. */
static void read_levels(struct vmx *v, const uint8_t *shared)
{
	const uint8_t *levels = shared + DS_MOD_LEVELS;

	for (unsigned i = 0; i < VMX_MAX_INTRS_V1 && i < v->s->n_intrs; i++)
		v->s->intr[i].level = vmx_mod_level(levels[i]);
}

static uint32_t do_iml(struct hwnet_nic *nic)
{
	return read_shared(nic, read_levels);
}

static uint32_t do_pmcfg(struct hwnet_nic *nic)
{
	return read_shared(nic, vmx_pm_configure);
}

static void read_features(struct vmx *v, const uint8_t *shared)
{
	v->s->features = get64(shared + DS_UPT_FEATURES);
	vmx_rss_configure(v, shared, false);
}

static uint32_t do_feature(struct hwnet_nic *nic)
{
	return read_shared(nic, read_features);
}

/* A driver's promise to use no other memory (DPDK). Buffers are mapped at use, so checking it is
 * all there is to do. */
static uint32_t do_memregs(struct hwnet_nic *nic)
{
	uint8_t info[16], head[MEMREGS_HEAD];
	uint32_t len;

	if (!read_info(nic, info, sizeof(info)))
		return 1;
	len = get32(info + 4);
	if (len < MEMREGS_HEAD || hwnet_dma_read(nic, get64(info + 8), head, sizeof(head)))
		return 1;
	if (get16(head) > MEMREGS_MAX || len < MEMREGS_HEAD + get16(head) * MEMREG_SIZE) {
		hwnet_guest_error(nic, "memory regions: %u do not fit in %u bytes", get16(head),
				  len);
		return 1;
	}
	return 0;
}

static uint32_t do_set_rss_fields(struct hwnet_nic *nic)
{
	uint8_t info[4];

	if (!read_info(nic, info, sizeof(info)))
		return 1;
	vmx_rss_choose_fields(vmx_of(nic), get32(info));
	return 0;
}

/* Sizes of the buffers that the driver will use. Descriptors say them again, one by one, so this is
 * kept and nothing more. */
static uint32_t do_ring_buffer_size(struct hwnet_nic *nic)
{
	uint8_t info[8];

	if (!read_info(nic, info, sizeof(info)))
		return 1;
	for (unsigned i = 0; i < 3; i++)
		vmx_of(nic)->s->buf_size[i] = get16(info + 2 * i);
	return 0;
}

static uint32_t get_queue_status(struct hwnet_nic *nic)
{
	vmx_status_put(vmx_of(nic));
	return 0;
}

static uint32_t get_stats(struct hwnet_nic *nic)
{
	vmx_stats_put(vmx_of(nic));
	return 0;
}

static uint32_t get_link(struct hwnet_nic *nic)
{
	struct hwnet_link link;

	hwnet_link(nic, &link);
	return link.up ? link.speed_mbps << 16 | 1 : 0;
}

static uint32_t get_perm_mac_lo(struct hwnet_nic *nic)
{
	return get32(nic->cfg.mac);
}

static uint32_t get_perm_mac_hi(struct hwnet_nic *nic)
{
	return get16(nic->cfg.mac + 4);
}

static uint32_t get_did_lo(struct hwnet_nic *nic)
{
	return VMX_DEVICE;
}

static uint32_t get_did_hi(struct hwnet_nic *nic)
{
	return 1;
}

static uint32_t get_extra_info(struct hwnet_nic *nic)
{
	return 0;
}

/* Which kind of interrupt: the best that config space shows, which the driver finds out itself. */
static uint32_t get_conf_intr(struct hwnet_nic *nic)
{
	return (uint32_t)nic->cfg.values[PROP_MASK_MODE] << 2 | IT_AUTO;
}

/* DPDK's header has the command, QEMU's device this answer: the driver is to leave its rings as
 * they are. */
static uint32_t get_adaptive_ring(struct hwnet_nic *nic)
{
	return ADAPTIVE_RING_OFF;
}

/* Entries of the transmit data ring, where a driver puts headers, or a whole small frame. Drivers
 * may set up larger ones, but are not told to: Linux declares an entry with VMX_TXDATA_MIN bytes,
 * and a kernel that was built to check the fields that it copies to (Debian 13's) warns of more. */
static uint32_t get_data_desc_size(struct hwnet_nic *nic)
{
	return vmx_state_of(nic)->rev >= 9 ? RX_DATA << 16 | VMX_TXDATA_MIN : VMX_TXDATA_MIN;
}

static uint32_t get_rss_fields(struct hwnet_nic *nic)
{
	return vmx_state_of(nic)->rss_fields;
}

static uint32_t get_max_queues(struct hwnet_nic *nic)
{
	uint32_t n = (uint32_t)nic->cfg.values[PROP_QUEUES];

	return n << 8 | n;
}

static uint32_t get_max_caps(struct hwnet_nic *nic)
{
	return vmx_caps(vmx_state_of(nic));
}

static uint32_t get_dcr0(struct hwnet_nic *nic)
{
	return vmx_state_of(nic)->regs[SLOT_DCR];
}

/*
 * Bytes of a timestamp descriptor, transmit in the low half, receive in the high one. The device
 * asks for no samples: Linux takes them from a performance counter that only VMware's processors
 * have, and dies where it is missing.
 */
static uint32_t get_tsring(struct hwnet_nic *nic)
{
	return TS_DESC << 16 | TS_DESC;
}

static uint32_t get_disabled_offloads(struct hwnet_nic *nic)
{
	return nic->cfg.values[PROP_LRO] ? 0 : OFFLOAD_LRO;
}

#define CMD(name, rev, active, run, text)                                \
	{                                                                \
		(uint32_t) VMX_CMD_##name, rev, active, #name, text, run \
	}

const struct hwnet_command vmx_commands[VMX_N_COMMANDS] = {
	CMD(ACTIVATE, 1, false, vmx_activate,
	    "Read DriverShared and the queue descriptors, check them, start; 0, or 1 if something "
	    "is not sound"),
	CMD(QUIESCE, 1, false, do_quiesce, "Stop; the driver's memory is not touched any more"),
	CMD(RESET, 1, false, do_reset,
	    "Stop and forget settings; revision, capabilities and counters stay"),
	CMD(UPDATE_RX_MODE, 1, true, do_rx_mode, "Read rxMode"),
	CMD(UPDATE_MAC_FILTERS, 1, true, do_mac_filters,
	    "Read the multicast table, 512 addresses; more let in all"),
	CMD(UPDATE_VLAN_FILTERS, 1, true, do_vlan_filters,
	    "Read the VLAN table; without any bit it filters nothing"),
	CMD(UPDATE_RSSIDT, 1, true, do_rssidt, "Read the RSS indirection table"),
	CMD(UPDATE_IML, 1, true, do_iml, "Read modLevels"),
	CMD(UPDATE_PMCFG, 1, true, do_pmcfg, "Read the wake-up configuration"),
	CMD(UPDATE_FEATURE, 1, true, do_feature, "Read uptFeatures"),
	CMD(SET_COALESCE, 3, true, vmx_coal_set,
	    "Read CoalesceScheme: disabled, adaptive, static, RBC; 1 if it is none"),
	CMD(REGISTER_MEMREGS, 3, true, do_memregs,
	    "Check the list of memory regions; buffers are mapped at use whatever it says"),
	CMD(SET_RSS_FIELDS, 4, true, do_set_rss_fields, "Select what is hashed"),
	CMD(SET_RING_BUFFER_SIZE, 7, true, do_ring_buffer_size,
	    "Note sizes of the driver's receive buffers"),
	CMD(GET_QUEUE_STATUS, 1, true, get_queue_status, "Write stopped and error of each queue"),
	CMD(GET_STATS, 1, true, get_stats, "Write the counters of each queue"),
	CMD(GET_LINK, 1, false, get_link, "Mb/s in bits 31..16, up in bit 0"),
	CMD(GET_PERM_MAC_LO, 1, false, get_perm_mac_lo, "Bytes 0 to 3 of the permanent address"),
	CMD(GET_PERM_MAC_HI, 1, false, get_perm_mac_hi, "Bytes 4 and 5"),
	CMD(GET_DID_LO, 1, false, get_did_lo, "Device id"),
	CMD(GET_DID_HI, 1, false, get_did_hi, "Device revision"),
	CMD(GET_DEV_EXTRA_INFO, 1, false, get_extra_info, "0"),
	CMD(GET_CONF_INTR, 1, false, get_conf_intr,
	    "Interrupt type (0: find out) in bits 1..0, mask mode in bits 3..2"),
	CMD(GET_ADAPTIVE_RING_INFO, 1, false, get_adaptive_ring, "1: rings do not adapt"),
	CMD(GET_TXDATA_DESC_SIZE, 3, false, get_data_desc_size,
	    "Bytes of a transmit data ring entry; revision 9: of a receive one in bits 31..16"),
	CMD(GET_COALESCE, 3, true, vmx_coal_get, "Write the CoalesceScheme in use"),
	CMD(GET_RSS_FIELDS, 4, false, get_rss_fields, "What is hashed"),
	CMD(GET_MAX_QUEUES_CONF, 6, false, get_max_queues,
	    "`queues=`: receive in bits 15..8, transmit in bits 7..0"),
	CMD(GET_MAX_CAPABILITIES, 7, false, get_max_caps, "Capabilities there are, as DCR 0"),
	CMD(GET_DCR0_REG, 7, false, get_dcr0, "Capabilities in use"),
	CMD(GET_TSRING_DESC_SIZE, 9, false, get_tsring,
	    "Bytes of a timestamp descriptor, receive in bits 31..16, transmit in bits 15..0"),
	CMD(GET_DISABLED_OFFLOADS, 9, false, get_disabled_offloads, "`lro=off`: bit 1"),
};

/* Tell an unknown command, but each only once: drivers repeat them (LP1673722). */
static uint32_t unknown(struct vmx *v, uint32_t cmd)
{
	uint64_t *seen = &v->unknown[cmd >> 28 == 0xf];
	uint64_t bit = 1ull << (cmd & 63);

	if (!(*seen & bit))
		hwnet_guest_error(&v->nic, "command 0x%08x is not one of revision %u", cmd,
				  v->s->rev);
	*seen |= bit;
	return NOT_THERE;
}

/**
 * vmx_command() - The driver gives a command
 * @v:   The card
 * @cmd: Its number
 *
 * Return: the answer.
 */
uint32_t vmx_command(struct vmx *v, uint32_t cmd)
{
	for (unsigned i = 0; i < VMX_N_COMMANDS; i++) {
		const struct hwnet_command *c = &vmx_commands[i];

		if (c->num != cmd)
			continue;
		if (v->s->rev < c->rev)
			break;
		return c->active && !v->s->active ? 0 : c->run(&v->nic);
	}
	return unknown(v, cmd);
}
