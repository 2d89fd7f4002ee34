/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The switch as a device.
 *
 * DOC: Theory of Operation
 *
 * QEMU fixes the kinds of -object and -netdev when it is built, but -device is open. So a switch is
 * a device without a bus, "vc-switch", and a port another (port.h). A switch that a port names and
 * that is not there is made, as if by "-device vc-switch,id=NAME".
 *
 * Everything runs under QEMU's big lock, so calls of a switch never overlap.
 *
 * Clocks. What a frame or a card waits for (rates, queues, ages, beacons; a card's deadlines) goes
 * by the VM's clock, QEMU_CLOCK_VIRTUAL: QEMU's net layer carries nothing while the VM is stopped,
 * so nothing may become due meanwhile, and a card's deadlines are part of its saved state. That
 * clock goes back when a snapshot is loaded, and the timers that QEMU has for it are late then. The
 * switch's own time goes on (vswitch.h); it is asked to look at it whenever the VM goes on. What a
 * person waits for (the confirmation of a change, limits of messages) goes by the host's clock,
 * QEMU_CLOCK_REALTIME, which stands still for nobody.
 */
#ifndef VC_SWITCH_H
#define VC_SWITCH_H

#include "life.h"
#include "machine.h"
#include "vswitch/control.h"
#include "vswitch/vswitch.h"

#define TYPE_VC_SWITCH "vc-switch"
DECLARE_INSTANCE_CHECKER(struct vc_switch, VC_SWITCH, TYPE_VC_SWITCH)

/** VC_SWITCH_DEFAULT - The switch of a port that names none */
#define VC_SWITCH_DEFAULT "vSwitch0"

/**
 * struct vc_switch - A switch
 * @dev:    QEMU's part of it
 * @config: @socket: properties: file with the configuration, path of the control socket
 * @sw:      The switch itself
 * @control: @server: its configuration, and who serves it on the socket
 * @timer:   Its deadlines
 * @control_timer: Those of its control, on a clock that runs on while the VM is stopped
 * @watch:   Tells us when the VM goes on
 * @warned:  What of the configuration has no effect was told
 * @life:    Of its ports; see life.h
 * @trace: @name: see trace.h
 */
struct vc_switch {
	DeviceState dev;
	char *config, *socket;
	struct vsw *sw;
	struct vsw_control *control;
	struct vsw_server *server;
	QEMUTimer *timer, *control_timer;
	struct vc_watch watch;
	bool warned;
	struct vc_life life;
	uint32_t trace;
	const char *name;
};

/**
 * vc_switch_get() - Find a switch, or make it
 * @id:   Its id, or NULL for the default
 * @port: The port that asks, for people
 * @made: Set if it was made
 * @errp: Why not
 *
 * Return: the switch, or NULL.
 */
struct vc_switch *vc_switch_get(const char *id, const char *port, bool *made, Error **errp);

#endif
