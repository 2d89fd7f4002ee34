// SPDX-License-Identifier: GPL-2.0-or-later
/* A card's receive filter, for query-rx-filter, `info network`, and the security policy. */
#include "nic-filter.h"
#include "port-client.h"
#include "qapi/qapi-events-net.h"
#include "vswitch/card.h"

static bool is_group(const uint8_t mac[6])
{
	return mac[0] & 1;
}

static RxState state_of(enum hwnet_filter_mode mode)
{
	static const RxState states[] = {
		[HWNET_FILTER_NONE] = RX_STATE_NONE,
		[HWNET_FILTER_TABLE] = RX_STATE_NORMAL,
		[HWNET_FILTER_ALL] = RX_STATE_ALL,
	};

	return states[mode];
}

static strList *addresses(const struct hwnet_rx_filter *f, bool groups)
{
	strList *list = NULL;

	for (unsigned i = f->n_addrs; i--;)
		if (is_group(f->addrs[i]) == groups)
			QAPI_LIST_PREPEND(list, qemu_mac_strdup_printf(f->addrs[i]));
	return list;
}

static intList *vlans(const struct hwnet_rx_filter *f)
{
	intList *list = NULL;

	for (int vid = f->vlan_filter ? 4095 : -1; vid >= 0; vid--)
		if (f->vlans[vid / 32] & 1u << vid % 32)
			QAPI_LIST_PREPEND(list, vid);
	return list;
}

RxFilterInfo *vc_nic_query_rx_filter(NetClientState *nc)
{
	struct vc_nic *s = qemu_get_nic_opaque(nc);
	RxFilterInfo *info = g_new0(RxFilterInfo, 1);
	struct hwnet_rx_filter f;

	hwnet_rx_filter(s->core, &f);
	info->name = g_strdup(nc->name);
	info->promiscuous = f.promiscuous;
	info->unicast = state_of(f.unicast);
	info->multicast = state_of(f.multicast);
	info->vlan = f.vlan_filter ? RX_STATE_NORMAL : RX_STATE_ALL;
	info->broadcast_allowed = f.broadcast;
	info->unicast_overflow = f.overflow;
	/* Hashed groups can't be listed: to management they are a table that overflowed. */
	info->multicast_overflow = f.overflow || vsw_card_hashes(&f);
	info->main_mac = qemu_mac_strdup_printf(f.mac);
	info->vlan_table = vlans(&f);
	info->unicast_table = addresses(&f, false);
	info->multicast_table = addresses(&f, true);
	nc->rxfilter_notify_enabled = 1; /* the event comes once per query */
	return info;
}

static void tell_management(struct vc_nic *s, NetClientState *nc)
{
	g_autofree char *path = NULL;

	if (!nc->rxfilter_notify_enabled)
		return;
	nc->rxfilter_notify_enabled = 0;
	path = object_get_canonical_path(OBJECT(s));
#if HAVE_EVENT_HAS_NAME
	qapi_event_send_nic_rx_filter_changed(true, nc->name, path);
#else
	qapi_event_send_nic_rx_filter_changed(nc->name, path);
#endif
}

static void tell_port(struct vc_port *port, const struct hwnet_rx_filter *f)
{
	struct vsw_addrs a;

	vsw_card_addrs(f, &a);
	vc_port_set_addrs(port, &a);
}

void vc_nic_update_filter(struct vc_nic *s)
{
	NetClientState *nc = qemu_get_queue(s->client);
	struct vc_port *port = vc_port_of(nc->peer);
	struct hwnet_rx_filter f;

	hwnet_rx_filter(s->core, &f);
	qemu_format_nic_info_str(nc, f.mac);
	tell_management(s, nc);
	if (port)
		tell_port(port, &f);
}
