/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the suites of hostile vmxnet3 guests share. */
#ifndef QTEST_VMXNET3_HOSTILE_H
#define QTEST_VMXNET3_HOSTILE_H

#include "vmxnet3-rig.h"

/* A card and its driver, with MSI-X. */
void hostile_start(struct vmx_rig *v);
/* How often the guest was told off. */
int64_t hostile_errors(struct vmx_rig *v);
/* Let the device work, and take what it sends. */
void hostile_drain(struct vmx_rig *v);
/*
 * Takes the place of all that a case left: the driver resets, activates, and frames go both ways.
 * Then QEMU ends well.
 */
void hostile_alive(struct vmx_rig *v);

#endif
