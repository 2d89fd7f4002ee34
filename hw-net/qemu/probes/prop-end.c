// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/osdep.h"
#include "hw/qdev-properties.h"

Property probe[] = {
	DEFINE_PROP_END_OF_LIST(),
};
