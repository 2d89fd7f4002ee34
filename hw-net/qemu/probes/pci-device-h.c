// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/osdep.h"
#include "hw/pci/pci_device.h"

PCIDevice *probe;
