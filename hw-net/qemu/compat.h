/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between versions of QEMU, absorbed in one place.
 *
 * The answers (HAVE_..., 0 or 1) come from the programs in probes/, compiled against the headers in
 * use; version numbers are not asked, because distributions change signatures with patches. The
 * rest of this directory is written against the names defined here. Built and run with 7.2
 * and 10.0; what is here for versions between and after them has not been compiled yet.
 */
#ifndef VC_COMPAT_H
#define VC_COMPAT_H

#include "qemu/osdep.h"
#include "qemu-config.h"

#if HAVE_SYSTEM_MEMORY_H
#include "system/memory.h"
#else
#include "exec/memory.h"
#endif
#if HAVE_SYSTEM_HEADERS
#include "system/dma.h"
#include "system/runstate.h"
#include "system/system.h"
#include "system/xen.h"
#else
#include "sysemu/dma.h"
#include "sysemu/runstate.h"
#include "sysemu/sysemu.h"
#include "sysemu/xen.h"
#endif
#if __has_include("system/ramlist.h")
#include "system/ramlist.h"
#else
#include "exec/ramlist.h"
#endif
#include "exec/target_page.h"
#if HAVE_PCI_DEVICE_H
#include "hw/pci/pci_device.h"
#else
#include "hw/pci/pci.h"
#endif
#include "hw/pci/msi.h"
#include "hw/pci/msix.h"
#include "hw/pci/pcie.h"
#include "hw/boards.h"
#include "hw/hotplug.h"
#include "hw/qdev-properties.h"
#include "hw/qdev-properties-system.h"
#include "migration/vmstate.h"
#include "net/net.h"
#include "qapi/error.h"
#if HAVE_QOBJECT_HEADERS
#include "qobject/qdict.h"
#include "qobject/qjson.h"
#include "qobject/qlist.h"
#else
#include "qapi/qmp/qdict.h"
#include "qapi/qmp/qjson.h"
#include "qapi/qmp/qlist.h"
#endif
#include "qemu/main-loop.h"
#include "qemu/module.h"
#include "qemu/timer.h"

/* Property lists: const and counted, or ended by an entry that says so. */
#if HAVE_CONST_PROPS
#define VC_PROPS static const Property
#else
#define VC_PROPS static Property
#endif
#if HAVE_PROP_END
#define VC_PROP_END DEFINE_PROP_END_OF_LIST(),
#else
#define VC_PROP_END
#endif

/* The data of class_init. */
#if HAVE_CONST_CLASS_DATA
typedef const void vc_class_data;
typedef const InterfaceInfo vc_interfaces;
#else
typedef void vc_class_data;
typedef InterfaceInfo vc_interfaces;
#endif

/**
 * vc_set_reset() - Set a device class's reset function
 * @dc:    The class
 * @reset: The function
 */
static inline void vc_set_reset(DeviceClass *dc, void (*reset)(DeviceState *dev))
{
#if HAVE_LEGACY_RESET_SETTER
	device_class_set_legacy_reset(dc, reset);
#else
	dc->reset = reset;
#endif
}

/**
 * vc_new_nic() - Make a card's net client
 * @info:   Its operations
 * @conf:   Address and peer
 * @dev:    The card
 * @opaque: What qemu_get_nic_opaque() gives
 *
 * Return: the client, to be freed by qemu_del_nic().
 */
static inline NICState *vc_new_nic(NetClientInfo *info, NICConf *conf, DeviceState *dev,
				   void *opaque)
{
#if HAVE_NEW_NIC_GUARD
	return qemu_new_nic(info, conf, object_get_typename(OBJECT(dev)), dev->id,
			    &dev->mem_reentrancy_guard, opaque);
#else
	return qemu_new_nic(info, conf, object_get_typename(OBJECT(dev)), dev->id, opaque);
#endif
}

/* The arguments of NetClientInfo.set_offload, as one type where QEMU has none. */
#if HAVE_SET_OFFLOAD_STRUCT
#define VC_OFFLOAD_PARAMS const NetOffloads *o
#define VC_OFFLOAD_CSUM	  (o->csum)
#define VC_OFFLOAD_TSO4	  (o->tso4)
#define VC_OFFLOAD_TSO6	  (o->tso6)
#define VC_OFFLOAD_ECN	  (o->ecn)
#define VC_OFFLOAD_USO	  (o->uso4 && o->uso6)
#elif HAVE_SET_OFFLOAD_USO
#define VC_OFFLOAD_PARAMS int csum, int tso4, int tso6, int ecn, int ufo, int uso4, int uso6
#define VC_OFFLOAD_CSUM	  csum
#define VC_OFFLOAD_TSO4	  tso4
#define VC_OFFLOAD_TSO6	  tso6
#define VC_OFFLOAD_ECN	  ecn
#define VC_OFFLOAD_USO	  (uso4 && uso6)
#else
#define VC_OFFLOAD_PARAMS int csum, int tso4, int tso6, int ecn, int ufo
#define VC_OFFLOAD_CSUM	  csum
#define VC_OFFLOAD_TSO4	  tso4
#define VC_OFFLOAD_TSO6	  tso6
#define VC_OFFLOAD_ECN	  ecn
#define VC_OFFLOAD_USO	  false
#endif

/**
 * vc_set_offload() - Tell a back end which messages and unfinished checksums it may give us
 * @nc:   The back end
 * @csum: Frames whose checksum is to be finished
 * @tso4: @tso6: TCP messages over IPv4, IPv6
 * @ecn:  Messages with CWR set
 */
static inline void vc_set_offload(NetClientState *nc, bool csum, bool tso4, bool tso6, bool ecn)
{
#if HAVE_SET_OFFLOAD_STRUCT
	NetOffloads o = { .csum = csum, .tso4 = tso4, .tso6 = tso6, .ecn = ecn };

	qemu_set_offload(nc, &o);
#elif HAVE_SET_OFFLOAD_USO
	qemu_set_offload(nc, csum, tso4, tso6, ecn, 0, 0, 0);
#else
	qemu_set_offload(nc, csum, tso4, tso6, ecn, 0);
#endif
}

/**
 * vc_use_vnet_hdr() - Have both directions of a back end carry a virtio_net_hdr from now on
 * @nc:  The back end
 * @len: Bytes of the header
 */
static inline void vc_use_vnet_hdr(NetClientState *nc, int len)
{
	qemu_set_vnet_hdr_len(nc, len);
#if HAVE_USING_VNET_HDR
	qemu_using_vnet_hdr(nc, len != 0);
#endif
}

/**
 * vc_peer_needs_padding() - Do frames to a peer have to be as long as Ethernet wants?
 * @nc: Our net client
 *
 * Return: true if so; false if whoever receives them pads.
 */
static inline bool vc_peer_needs_padding(NetClientState *nc)
{
#if HAVE_PEER_NEEDS_PADDING
	return net_peer_needs_padding(nc);
#else
	return false;
#endif
}

#endif
