/* SPDX-License-Identifier: BSD-2-Clause */
/* The link: the cable, and the speed that the user chose. */
#include "link.h"

#include "stats.h"

void vmx_set_carrier(struct hwnet_nic *nic, bool up)
{
	nic->host->link_changed(nic->opaque);
	vmx_event(vmx_of(nic), ECR_LINK);
}

void vmx_link(const struct hwnet_nic *nic, struct hwnet_link *link)
{
	link->up = nic->carrier;
	link->full = true;
	link->speed_mbps = (uint32_t)nic->cfg.values[PROP_SPEED];
}
