/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers of the two BARs. All have 32 bits and stand 8 bytes apart. */
#include "regs.h"

#include "control.h"
#include "intr.h"
#include "reset.h"
#include "rss.h"
#include "rx-wait.h"
#include "setup.h"
#include "stats.h"
#include "tx.h"

/**
 * vmx_caps() - Capabilities of the revision that the driver chose
 * @st: State
 *
 * Return: CAP_... (Linux vmxnet3_defs.h, VMXNET3_CAP_...).
 */
uint32_t vmx_caps(const struct vmx_state *st)
{
	if (st->rev < 7)
		return 0;
	return CAP_UDP_RSS | CAP_ESP_RSS_IPV4 | CAP_ESP_RSS_IPV6 | CAP_GENEVE_CSUM |
	       CAP_GENEVE_TSO | CAP_VXLAN_CSUM | CAP_VXLAN_TSO | CAP_GENEVE_OUTER_CSUM |
	       CAP_VXLAN_OUTER_CSUM | CAP_LARGE_BAR | CAP_OOORX_COMP;
}

/**
 * vmx_mac() - The station address
 * @st:  State
 * @mac: Filled
 */
void vmx_mac(const struct vmx_state *st, uint8_t mac[6])
{
	put_mac(mac, st->regs[SLOT_MACL], st->regs[SLOT_MACH]);
}

/**
 * vmx_set_mac() - Set the station address
 * @st:  State
 * @mac: The address
 */
void vmx_set_mac(struct vmx_state *st, const uint8_t mac[6])
{
	st->regs[SLOT_MACL] = get32(mac);
	st->regs[SLOT_MACH] = get16(mac + 4);
}

static void imr_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	vmx_intr_mask(vmx_of(nic), index, val & 1);
}

static void txprod_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
			 uint32_t val)
{
	vmx_of(nic)->s->regs[reg->slot + index] = val;
	vmx_tx_kick(vmx_of(nic), index);
}

static void rxprod_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
			 uint32_t val)
{
	bool second = reg->slot == SLOT_RXPROD2 || reg->slot == SLOT_LB_RXPROD2;

	vmx_of(nic)->s->regs[reg->slot + index] = val;
	vmx_rx_bell(vmx_of(nic), index, second, val);
}

static uint32_t vrrs_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	return (1u << nic->cfg.values[PROP_REV]) - 1;
}

/* A driver takes the device over: it starts with the register file of the revision it chose. */
static void vrrs_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		       uint32_t val)
{
	struct vmx *v = vmx_of(nic);

	if (!val || (val & (val - 1)) || val > vrrs_read(nic, reg, index)) {
		hwnet_guest_error(nic, "VRRS: 0x%x does not choose one of the revisions offered",
				  val);
		return;
	}
	vmx_device_reset(v);
	v->s->rev = (uint8_t)(__builtin_ctz(val) + 1);
	memset(&v->s->regs[SLOT_DCR], 0, VMX_N_DCR * sizeof(uint32_t));
	memset(v->s->tx_stats, 0, sizeof(v->s->tx_stats));
	memset(v->s->rx_stats, 0, sizeof(v->s->rx_stats));
}

static uint32_t uvrs_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	return 1; /* UPT version 1, the only one there is */
}

/* Linux writes 0 when ACTIVATE failed or the driver goes: the area is not the device's any more. */
static void dsal_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		       uint32_t val)
{
	vmx_of(nic)->s->regs[SLOT_DSAL] = val;
	if (!val)
		vmx_quiesce(vmx_of(nic));
}

static void cmd_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	vmx_of(nic)->s->regs[SLOT_CMD] = vmx_command(vmx_of(nic), val);
}

static void mac_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	vmx_of(nic)->s->regs[reg->slot] = val & reg->wmask;
	nic->host->rx_filter_changed(nic->opaque);
}

/* Reading says whether the line is ours, and releases it (Linux vmxnet3_intr, OpenBSD
 * vmxnet3_intr). */
static uint32_t icr_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	uint32_t level = vmx_of(nic)->s->regs[SLOT_ICR];

	vmx_intr_line(vmx_of(nic), false);
	return level;
}

static void ecr_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	vmx_event_ack(vmx_of(nic), val);
}

/* Reading DCR and PTCR tells what there is; what the driver wrote into DCR is told by
 * GET_DCR0_REG. */
static uint32_t caps_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	return index ? 0 : vmx_caps(vmx_of(nic)->s);
}

static void dcr_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	struct vmx_state *st = vmx_of(nic)->s;

	st->regs[SLOT_DCR + index] = index ? 0 : val & vmx_caps(st);
	vmx_rss_set_fields(vmx_of(nic), st->rss_fields);
}

#define ALL 0xffffffffu

/* ROW(name, elements, kind, other members...) */
#define ROW(reg, n, k, ...)                                                                     \
	{                                                                                       \
		.num = VMX_##reg, .count = n, .stride = 8, .slot = SLOT_##reg, .kind = REG_##k, \
		.name = #reg, __VA_ARGS__                                                       \
	}

static const struct hwnet_reg bar0[] = {
	ROW(IMR, VMX_MAX_INTRS, RW, .reset = 1, .wmask = 1, .write = imr_write,
	    .sect = "Linux vmxnet3_enable_intr", .text = "Interrupt mask, one a vector: 1 masks"),
	ROW(TXPROD, VMX_MAX_TXQ, RW, .wmask = ALL, .write = txprod_write,
	    .sect = "Linux vmxnet3_tq_xmit", .text = "Transmit doorbell; the value is informative"),
	ROW(RXPROD, VMX_MAX_RXQ, RW, .wmask = ALL, .write = rxprod_write,
	    .sect = "Linux vmxnet3_rq_rx_complete",
	    .text = "Buffers were added to ring 0, up to here"),
	ROW(RXPROD2, VMX_MAX_RXQ, RW, .wmask = ALL, .write = rxprod_write,
	    .sect = "Linux vmxnet3_rq_rx_complete",
	    .text = "Buffers were added to ring 1, up to here"),
	ROW(LB_TXPROD, VMX_MAX_TXQ, RW, .wmask = ALL, .write = txprod_write,
	    .sect = "Linux vmxnet3_probe_device, revision 7", .text = "TXPROD of the large BAR"),
	ROW(LB_RXPROD, VMX_MAX_RXQ, RW, .wmask = ALL, .write = rxprod_write,
	    .sect = "Linux vmxnet3_probe_device, revision 7", .text = "RXPROD of the large BAR"),
	ROW(LB_RXPROD2, VMX_MAX_RXQ, RW, .wmask = ALL, .write = rxprod_write,
	    .sect = "Linux vmxnet3_probe_device, revision 7", .text = "RXPROD2 of the large BAR"),
};

static const struct hwnet_reg bar1[] = {
	ROW(VRRS, 1, RW, .wmask = ALL, .read = vrrs_read, .write = vrrs_write,
	    .sect = "Linux vmxnet3_probe_device",
	    .text = "Revisions offered, bit revision - 1; the driver writes the one it takes"),
	ROW(UVRS, 1, RO, .reset = 1, .read = uvrs_read, .sect = "Linux vmxnet3_probe_device",
	    .text = "UPT versions offered"),
	ROW(DSAL, 1, RW, .wmask = ALL, .write = dsal_write, .sect = "Linux vmxnet3_activate_dev",
	    .text = "Address of DriverShared, low half; 0 takes it away"),
	ROW(DSAH, 1, RW, .wmask = ALL, .sect = "Linux vmxnet3_activate_dev",
	    .text = "Address of DriverShared, high half"),
	ROW(CMD, 1, RW, .wmask = ALL, .write = cmd_write, .sect = "all drivers",
	    .text = "Write: do a command; read: its answer"),
	ROW(MACL, 1, RW, .wmask = ALL, .write = mac_write, .sect = "Linux vmxnet3_write_mac_addr",
	    .text = "Station address, bytes 0 to 3"),
	ROW(MACH, 1, RW, .wmask = 0xffff, .write = mac_write,
	    .sect = "Linux vmxnet3_write_mac_addr", .text = "Station address, bytes 4 and 5"),
	ROW(ICR, 1, RO, .read = icr_read, .sect = "Linux vmxnet3_intr",
	    .text = "INTx: 1 if asserted; reading releases it"),
	ROW(ECR, 1, W1C, .wmask = ALL, .write = ecr_write, .sect = "Linux vmxnet3_ack_events",
	    .text = "Events; writing 1 acknowledges"),
	ROW(DCR, VMX_N_DCR, RW, .wmask = ALL, .read = caps_read, .write = dcr_write,
	    .sect = "Linux vmxnet3_declare_features, revision 7",
	    .text = "Read: capabilities there are; write: those to use"),
	ROW(PTCR, VMX_N_PTCR, RO, .read = caps_read,
	    .sect = "Linux vmxnet3_probe_device, revision 7",
	    .text = "Capabilities with passthrough: the same"),
};

const struct hwnet_regspace vmx_regspaces[2] = {
	{ "BAR 0 (PT)", 4, 32, bar0, sizeof(bar0) / sizeof(bar0[0]) },
	{ "BAR 1 (VD)", 4, 32, bar1, sizeof(bar1) / sizeof(bar1[0]) },
};
