/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU's options for the cards of a machine, which a shell and libvirt both hand on. */
#ifndef IMPORT_NETWORK_H
#define IMPORT_NETWORK_H

#include "machine.h"

/**
 * network_options() - Options, each followed by its value
 * @m:      The machine
 * @socket: connect= of its ports with switch= behind it; or NULL: the switch's name
 * @addr:   First slot of the root ports on the machine's own bus; 0: QEMU chooses
 *
 * Return: array of strings, which frees them.
 */
GPtrArray *network_options(const struct machine *m, const char *socket, unsigned addr);

/**
 * network_value() - A value within an option of QEMU
 * @text: The value
 *
 * Return: it with commas doubled, to be freed.
 */
char *network_value(const char *text);

#endif
