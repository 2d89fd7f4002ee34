// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/osdep.h"
#include "hw/qdev-core.h"
#include "net/net.h"

NICState *probe(NetClientInfo *info, NICConf *conf, DeviceState *dev);
NICState *probe(NetClientInfo *info, NICConf *conf, DeviceState *dev)
{
	return qemu_new_nic(info, conf, "model", "name", &dev->mem_reentrancy_guard, dev);
}
