// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/osdep.h"
#include "qom/object.h"

static void class_init(ObjectClass *oc, const void *data)
{
}

TypeInfo probe = { .class_init = class_init };
