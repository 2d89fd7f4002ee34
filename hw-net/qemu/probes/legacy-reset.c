// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/osdep.h"
#include "hw/qdev-core.h"

void probe(DeviceClass *dc, DeviceReset reset);
void probe(DeviceClass *dc, DeviceReset reset)
{
	device_class_set_legacy_reset(dc, reset);
}
