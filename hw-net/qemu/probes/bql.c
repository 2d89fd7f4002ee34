// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/osdep.h"
#include "qemu/main-loop.h"

bool probe(void);
bool probe(void)
{
	return bql_locked();
}
