/* SPDX-License-Identifier: BSD-2-Clause */
/* The link: the cable, and the speed that the user chose. */
#include "link.h"

#include "stats.h"

/**
 * vmx_set_carrier() - hwnet_set_carrier() of this model
 * @nic: The card
 * @up:  Cable in; nic->carrier is set already
 */
void vmx_set_carrier(struct hwnet_nic *nic, bool up)
{
	nic->host->link_changed(nic->opaque);
	vmx_event(vmx_of(nic), ECR_LINK);
}

/**
 * vmx_link() - hwnet_link() of this model
 * @nic:  The card
 * @link: Filled
 */
void vmx_link(const struct hwnet_nic *nic, struct hwnet_link *link)
{
	link->up = nic->carrier;
	link->full = true;
	link->speed_mbps = (uint32_t)nic->cfg.values[PROP_SPEED];
}
