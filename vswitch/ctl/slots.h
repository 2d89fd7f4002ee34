/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading copies of frames from memory that a switch writes (vswitch/look.h). */
#ifndef VSWITCHCTL_SLOTS_H
#define VSWITCHCTL_SLOTS_H

#include <glib.h>
#include <stdbool.h>

#include "vswitch/look.h"

/**
 * struct slots - The memory
 * @memory: Mapped, to be read only
 * @n:      Number of the next copy
 * @missed: Copies that were written over before they were read
 * @copy:   The last one that was read
 */
struct slots {
	const guint8 *memory;
	guint32 slots, slot_size;
	guint64 n, missed;
	struct vsw_tap_frame *copy;
};

/**
 * slots_map() - Map the memory
 * @s:         Filled
 * @fd:        The file, which is closed; -1: there is none
 * @slots:     As the switch says
 * @slot_size: As the switch says
 *
 * Return: false: it is no such memory.
 */
bool slots_map(struct slots *s, int fd, gint64 slots, gint64 slot_size);

/**
 * slots_unmap() - Be done with it
 * @s: The memory, mapped or zeroed
 */
void slots_unmap(struct slots *s);

/**
 * slots_next() - Read the next copy
 * @s: The memory
 *
 * Return: the copy, borrowed until the next call, its numbers checked; NULL: there is none yet.
 */
const struct vsw_tap_frame *slots_next(struct slots *s);

#endif
