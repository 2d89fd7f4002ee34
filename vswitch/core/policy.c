/* SPDX-License-Identifier: BSD-2-Clause */
/* Policies before anybody said anything. */
#include "core/vsw.h"

static void allow_all(struct vsw_vlan_policy *v)
{
	memset(v->allowed, 0xff, sizeof(v->allowed));
	v->allowed[0] &= ~UINT64_C(1); /* 0 is the native VLAN's business */
	v->allowed[VSW_VLANS / 64 - 1] &=
		~(UINT64_C(1) << 63); /* 4095 is reserved (802.1Q-2018 table 9-2) */
}

int vsw_policy_set_vlan(struct vsw_policy *p, int vlan)
{
	struct vsw_vlan_policy *v = &p->vlan;

	if (vlan < 0 || vlan > VSW_VGT)
		return -1;
	memset(v, 0, sizeof(*v));
	v->mode = vlan == VSW_VGT ? VSW_VLAN_TRUNK : VSW_VLAN_ACCESS;
	v->vid = vlan == VSW_VGT ? 0 : (uint16_t)vlan;
	v->tpid = FRAME_TYPE_VLAN;
	v->accept = VSW_ACCEPT_ALL;
	v->filter = true;
	allow_all(v);
	return 0;
}

void vsw_policy_init(struct vsw_policy *p, bool uplink)
{
	memset(p, 0, sizeof(*p));
	vsw_policy_set_vlan(p, uplink ? VSW_VGT : 0);
	p->security = (struct vsw_security_policy) { false, true, true };
	p->mac.learning = true;
	p->mac.flooding = true;
	p->mac.limit = uplink ? 0 : 4096;
	p->mac.limit_drop = true;
	p->queue = (struct vsw_queue_policy) {
		.frames = 1024,
		.bytes = 4u << 20,
		.target = 5000000,     /* RFC 8289 4.4 */
		.interval = 100000000, /* 4.3 */
		.ecn = true,
	};
	p->team.failback = true;
	p->team.notify = true;
}

void vsw_switch_policy_init(struct vsw_switch_policy *p)
{
	memset(p, 0, sizeof(*p));
	p->mtu = 65535;
	p->ageing = 300; /* 802.1Q-2018 table 8-6 */
	p->multicast = VSW_MCAST_FLOOD;
	p->querier.interval = 125; /* RFC 3376 8.2 */
	p->beacon = 1000;
}
