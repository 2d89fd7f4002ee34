// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames for a machine that sleeps; see wake.h. */
#include "wake.h"
#include "vnet.h"
#include "net/filter.h"
#include "qemu/error-report.h"
#include "qemu/iov.h"
#include "qom/object_interfaces.h"

#define TYPE_VC_WAKE "vc-wake"

/* Returning the size takes the frame away. */
static ssize_t receive_iov(NetFilterState *nf, NetClientState *sender, unsigned flags,
			   const struct iovec *iov, int cnt, NetPacketSent *sent)
{
	NetClientState *to = nf->netdev->peer;

	if (!to || runstate_is_running())
		return 0;
	if (!(flags & QEMU_NET_PACKET_FLAG_RAW))
		to->info->receive_iov(to, iov, cnt);
	return iov_size(iov, cnt);
}

/* A card keeps what is left of a back end that was deleted. */
static bool is_deleted(NetClientState *nc)
{
	return nc->info->type == NET_CLIENT_DRIVER_NIC && qemu_get_nic(nc)->peer_deleted;
}

/* The back end: neither a card nor a port of ours, whose frames need no detour. */
static NetClientState *back_end_of(NetClientState *nc)
{
	NetClientState *peer = nc->peer;

	if (!peer || peer->info->type == NET_CLIENT_DRIVER_NIC || vc_is_port(peer))
		return NULL;
	return is_deleted(nc) ? NULL : peer;
}

/* The user is told once, if a frame is missed. */
static void tell_refused(struct vc_wake *w, const char *netdev, const char *why)
{
	if (w->told || (w->may_wake && !w->may_wake(w->nc)))
		return;
	w->told = true;
	warn_report("%s: no frame can wake the machine, as netdev %s takes no filter: %s",
		    w->nc->name, netdev, why);
}

static void fall_asleep(struct vc_wake *w)
{
	NetClientState *peer = back_end_of(w->nc);
	g_autofree char *id = NULL;
	Error *err = NULL;

	if (w->filter || !peer)
		return;
	id = g_strdup_printf("%s:%s", TYPE_VC_WAKE, peer->name);
	w->filter = object_new_with_props(TYPE_VC_WAKE, object_get_objects_root(), id, &err,
					  "netdev", peer->name, "queue", "tx", NULL);
	if (w->filter) {
		object_ref(w->filter); /* it goes with the back end, if that is deleted */
		return;
	}
	tell_refused(w, peer->name, error_get_pretty(err));
	error_free(err);
}

static void drop_filter(struct vc_wake *w)
{
	if (!w->filter)
		return;
	object_unparent(w->filter);
	object_unref(w->filter);
	w->filter = NULL;
}

/*
 * What was sent to a back end meanwhile, by a mirror of an uplink, stands in QEMU's queue, and the
 * port's queue stands behind it. QEMU delivers what stands there when a machine goes on that was
 * stopped, but not when one wakes.
 */
static void wake_up(struct vc_wake *w)
{
	NetClientState *peer = back_end_of(w->nc);

	drop_filter(w);
	if (peer)
		qemu_flush_queued_packets(peer);
}

static void machine_changed(struct vc_watch *watch, enum vc_machine_event event)
{
	struct vc_wake *w = container_of(watch, struct vc_wake, watch);

	if (event == VC_MACHINE_SUSPEND)
		fall_asleep(w);
	else if (event == VC_MACHINE_WAKEUP)
		wake_up(w);
}

void vc_wake_init(struct vc_wake *w, NetClientState *nc, bool (*may_wake)(NetClientState *nc))
{
	*w = (struct vc_wake) { .nc = nc, .may_wake = may_wake };
	vc_watch_machine(&w->watch, machine_changed);
}

void vc_wake_fini(struct vc_wake *w)
{
	if (!w->nc)
		return;
	vc_unwatch_machine(&w->watch);
	drop_filter(w);
	w->nc = NULL;
}

static void class_init(ObjectClass *klass, vc_class_data *data)
{
	NETFILTER_CLASS(klass)->receive_iov = receive_iov;
}

static const TypeInfo wake_type = {
	.name = TYPE_VC_WAKE,
	.parent = TYPE_NETFILTER,
	.class_init = class_init,
	.instance_size = sizeof(NetFilterState),
};

static void register_types(void)
{
	type_register_static(&wake_type);
}
type_init(register_types)
