/* SPDX-License-Identifier: BSD-2-Clause */
/* What the guest's driver has made of the card, for hwnet_describe(). */
#include "describe.h"

#include "intr.h"
#include "loopback.h"
#include "rx-ring.h"

static void say_receive(const struct e1000 *c, const struct hwnet_listener *to)
{
	uint32_t rctl = REG(c, RCTL), rxcsum = REG(c, RXCSUM);

	hwnet_say_yes_no(to, "rx-enabled", rctl & RCTL_EN);
	hwnet_say_number(to, "rx-ring", e1000_ring_len(REG(c, RDLEN)));
	hwnet_say_number(to, "rx-buffer", 1u << e1000_buf_shift(rctl));
	hwnet_say_yes_no(to, "long-frames", rctl & RCTL_LPE);
	hwnet_say_yes_no(to, "fcs-strip", rctl & RCTL_SECRC);
	hwnet_say_yes_no(to, "rx-checksum", rxcsum & RXCSUM_TUOFL);
	hwnet_say_yes_no(to, "rx-ip-checksum", rxcsum & RXCSUM_IPOFL);
	hwnet_say_yes_no(to, "rx-waiting", c->s->rx_held);
}

static void say_transmit(const struct e1000 *c, const struct hwnet_listener *to)
{
	hwnet_say_yes_no(to, "tx-enabled", REG(c, TCTL) & TCTL_EN);
	hwnet_say_number(to, "tx-ring", e1000_ring_len(REG(c, TDLEN)));
}

static void say_interrupts(const struct e1000 *c, const struct hwnet_listener *to)
{
	hwnet_say_number(to, "interrupt-mask", REG(c, IMS));
	hwnet_say_number(to, "interrupt-gap-ns", (uint64_t)REG(c, ITR) * E1000_ITR_NS);
	hwnet_say_number(to, "tx-delay-ns", (uint64_t)REG(c, TIDV) * E1000_DELAY_NS);
	hwnet_say_number(to, "tx-delay-max-ns", (uint64_t)REG(c, TADV) * E1000_DELAY_NS);
	hwnet_say_number(to, "rx-delay-ns", (uint64_t)REG(c, RDTR) * E1000_DELAY_NS);
	hwnet_say_number(to, "rx-delay-max-ns", (uint64_t)REG(c, RADV) * E1000_DELAY_NS);
}

/**
 * e1000_describe() - Say what the driver has made of the card
 * @nic: The card
 * @to:  Who is told
 */
void e1000_describe(struct hwnet_nic *nic, const struct hwnet_listener *to)
{
	const struct e1000 *c = e1000_of(nic);
	uint32_t ctrl = REG(c, CTRL);

	hwnet_say_yes_no(to, "active", (REG(c, RCTL) & RCTL_EN) || (REG(c, TCTL) & TCTL_EN));
	say_transmit(c, to);
	say_receive(c, to);
	hwnet_say_yes_no(to, "vlan-strip", ctrl & CTRL_VME);
	hwnet_say_yes_no(to, "rx-pause", ctrl & CTRL_RFCE);
	hwnet_say_yes_no(to, "tx-pause", ctrl & CTRL_TFCE);
	hwnet_say_yes_no(to, "loopback", e1000_loops(c));
	say_interrupts(c, to);
}
