/* SPDX-License-Identifier: BSD-2-Clause */
/* A state that was read and checked. */
#ifndef VSWITCH_STATE_READ_H
#define VSWITCH_STATE_READ_H

#include "core/state.h"

/*
 * struct vsw_loading - a state that was read
 * @whole: Of a switch, else of one port
 * @sw:    The switch's own parts
 * @n_ports: @port: Its ports
 * @known: Port numbers that occur
 * @number: When it is put in force: our ports by their number there
 */
struct vsw_loading {
	bool whole;
	struct vsw_state_record sw;
	unsigned n_ports;
	struct vsw_state_record *port;
	bool known[UINT16_MAX + 1];
	uint16_t number[UINT16_MAX + 1];
};

#endif
