/* SPDX-License-Identifier: BSD-2-Clause */
/* How a machine is started: by a shell, and by libvirt; and how its disks are converted. */
#ifndef IMPORT_COMMAND_H
#define IMPORT_COMMAND_H

#include "machine.h"

/**
 * command_shell() - A script that starts a machine
 * @m: The machine
 *
 * Return: text, to be freed.
 */
char *command_shell(const struct machine *m);

/**
 * command_xml() - A domain of libvirt
 * @m: The machine
 *
 * Return: text, to be freed.
 */
char *command_xml(const struct machine *m);

/**
 * command_convert() - A script that converts disks
 * @machines: struct machine
 *
 * Return: text, to be freed.
 */
char *command_convert(const GPtrArray *machines);

#endif
