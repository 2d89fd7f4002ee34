// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/osdep.h"
#include "hw/resettable.h"

static void hold(Object *obj, ResetType type)
{
}

void probe(ResettableClass *rc);
void probe(ResettableClass *rc)
{
	rc->phases.hold = hold;
}
