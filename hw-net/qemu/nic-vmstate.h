/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Saved state of a card: QEMU's part (config space, MSI-X), the cable, and the core's own state as
 * bytes.
 *
 * DOC: Theory of Operation
 *
 * The bytes have their own format (hw-net/state.h) and are hostile: a length beyond all reason is
 * refused before room is made for it, and hwnet_load() changes nothing unless all is sound. What is
 * refused ends the migration with one line. They come first, and are checked before QEMU compares
 * its own part, so that this line says which property differs (hw-net/config.h), and not at which
 * offset config space does. States of version 1, in which they come last, are taken, too.
 */
#ifndef VC_NIC_VMSTATE_H
#define VC_NIC_VMSTATE_H

#include "nic.h"

/** vc_nic_vmstate - Saved state of every card */
extern const VMStateDescription vc_nic_vmstate;

#endif
