// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/osdep.h"
#include "hw/qdev-properties.h"

static const Property props[1];

void probe(DeviceClass *dc);
void probe(DeviceClass *dc)
{
	device_class_set_props(dc, props);
}
