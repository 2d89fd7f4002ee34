/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a service tells its manager, and gets from it: systemd's protocol (sd_notify(3)), which is a
 * datagram of lines to the socket that $NOTIFY_SOCKET names.
 *
 * Written out, since it is that short: libsystemd would bring its compression libraries into a
 * process that guests talk to.
 */
#ifndef VSWITCHD_NOTIFY_H
#define VSWITCHD_NOTIFY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/**
 * vd_notify_init() - Read what the manager says, and take it out of the environment
 */
void vd_notify_init(void);

/**
 * vd_notify_managed() - Is there a manager?
 *
 * Return: whether.
 */
bool vd_notify_managed(void);

/**
 * vd_notify() - Tell the manager
 * @fmt: Lines such as "READY=1", as printf
 *
 * Without a manager nothing is done.
 */
void vd_notify(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * vd_notify_store() - Leave a descriptor with the manager, for the process after us
 * @fd:   The descriptor
 * @name: Its name: letters, digits, dashes
 */
void vd_notify_store(int fd, const char *name);

/**
 * vd_notify_drop() - Take back what was left under a name
 * @name: The name
 */
void vd_notify_drop(const char *name);

/**
 * vd_notify_give() - Who the manager is, for another process that becomes the service
 *
 * Return: jansson's object; empty: there is no manager.
 */
json_t *vd_notify_give(void);

/**
 * vd_notify_take() - Have the manager of another process, if we have none
 * @manager: What vd_notify_give() said there
 */
void vd_notify_take(const json_t *manager);

/**
 * vd_notify_watchdog() - How often the manager wants to hear of us
 *
 * Return: us; 0: never.
 */
uint64_t vd_notify_watchdog(void);

/**
 * vd_notify_stored() - Take a descriptor that the process before us left
 * @name: Its name
 *
 * Return: the descriptor, closed on exec; -1: there is none.
 */
int vd_notify_stored(const char *name);

/**
 * vd_notify_close_stored() - Close those that nobody took
 */
void vd_notify_close_stored(void);

#endif
