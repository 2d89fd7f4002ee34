// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/osdep.h"
#include "hw/qdev-core.h"
#include "qemu/main-loop.h"

QEMUBH *probe(QEMUBHFunc *cb, DeviceState *dev);
QEMUBH *probe(QEMUBHFunc *cb, DeviceState *dev)
{
	return qemu_bh_new_guarded(cb, dev, &dev->mem_reentrancy_guard);
}
