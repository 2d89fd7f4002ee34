/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes with a machine of a port that a daemon has: the port's state, as the daemon gives it.
 *
 * It is a section of its own, named after the port, and there only if the port stands still for a
 * migration and its daemon knows of states. So streams of earlier releases load, snapshots have
 * none, and a port of a switch of this process has none either. The daemon at the other end checks
 * it; a state that it does not take is told, and the machine begins there with a new port.
 */
#ifndef VC_PORT_VMSTATE_H
#define VC_PORT_VMSTATE_H

#include "port.h"

/**
 * vc_port_vmstate_init() - Say how ports are saved
 * @klass: Class of the device
 */
void vc_port_vmstate_init(ObjectClass *klass);

#endif
