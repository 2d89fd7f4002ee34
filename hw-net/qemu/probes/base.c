// SPDX-License-Identifier: GPL-2.0-or-later
/* What every QEMU has: if this fails, the flags or headers are broken, and no answer counts. */
#include "qemu/osdep.h"
#include "hw/qdev-core.h"
#include "net/net.h"
#include "qemu/module.h"

static const TypeInfo type = { .name = "probe", .parent = TYPE_DEVICE };

static void register_types(void)
{
	type_register_static(&type);
}
type_init(register_types)
