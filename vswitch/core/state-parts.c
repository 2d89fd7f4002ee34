/* SPDX-License-Identifier: BSD-2-Clause */
/* All parts of a state: core's, then those of each policy in the order of the rows. */
#include "core/state.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/state-core.h"
#include "policy/row.h"

static const struct vsw_state_part *const core_port[] = {
	&vsw_state_card, &vsw_state_addresses, &vsw_state_vlans_used,
	&vsw_state_shut, &vsw_state_learnt,
};

static const struct vsw_state_part *const core_switch[] = {
	&vsw_state_identity, &vsw_state_gone,  &vsw_state_generations,
	&vsw_state_table,    &vsw_state_heard, &vsw_state_told,
};

/**
 * vsw_state_parts() - All parts, in the order in which they are saved and loaded
 * @port:  Of a port, else of a switch
 * @parts: Filled
 *
 * Counters come last: loading may count.
 *
 * Return: their number.
 */
unsigned vsw_state_parts(bool port, const struct vsw_state_part *parts[STATE_PARTS])
{
	unsigned n = 0;

	for (unsigned i = 0; i < (port ? HWNET_COUNT(core_port) : HWNET_COUNT(core_switch)); i++)
		parts[n++] = port ? core_port[i] : core_switch[i];
	for (unsigned i = 0; i < VSW_POLICIES; i++) {
		const struct vsw_state_part *const *part =
			port ? vsw_policies[i]->port_state : vsw_policies[i]->switch_state;

		for (; part && *part && n < STATE_PARTS - 1; part++)
			parts[n++] = *part;
	}
	if (port)
		parts[n++] = &vsw_state_counters;
	return n;
}

/**
 * vsw_state_sibling() - Another part of the same port or switch, as it was read
 * @of:   What is being checked or put in force
 * @name: The part
 * @n:    Filled: its structs
 *
 * Return: the structs, or NULL.
 */
const void *vsw_state_sibling(const struct vsw_state_of *of, const char *name, uint32_t *n)
{
	const struct vsw_state_part *parts[STATE_PARTS];
	unsigned count = vsw_state_parts(of->port != NULL, parts);

	for (unsigned i = 0; i < count; i++)
		if (!strcmp(parts[i]->name, name)) {
			*n = of->record->held[i].n;
			return of->record->held[i].items;
		}
	*n = 0;
	return NULL;
}

/**
 * vsw_state_out() - Say that something is left out
 * @of:  What is being saved or put in force
 * @fmt: As printf; one line
 */
void vsw_state_out(const struct vsw_state_of *of, const char *fmt, ...)
{
	char line[256];
	size_t n = 0;
	va_list ap;

	if (!of->out || !of->out->line)
		return;
	if (of->port)
		n = (size_t)snprintf(line, sizeof(line), "port '%s': ", of->port->id);
	va_start(ap, fmt);
	vsnprintf(line + n, sizeof(line) - n, fmt, ap);
	va_end(ap);
	of->out->line(of->out->opaque, line);
}
