/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * State as one table for both directions.
 *
 * DOC: Theory of Operation
 *
 * A saved state is "hwnet" 0x01, the model's name (u8 length, bytes), and a record of fields
 * (hwnet/fields.h) until the end of the buffer. The record is read into a state that is not in use
 * (the shadow of model.h).
 */
#ifndef HW_NET_STATE_H
#define HW_NET_STATE_H

#include "hwnet/fields.h"

/**
 * hwnet_state_size() - Exact size of a saved state
 * @model:  Name of the model
 * @fields: The table
 * @n:      Its rows
 *
 * Return: bytes.
 */
size_t hwnet_state_size(const char *model, const struct hwnet_field *fields, unsigned n);

/**
 * hwnet_state_save() - Write a state
 * @model:  Name of the model
 * @fields: The table
 * @n:      Its rows
 * @state:  The struct
 * @buf:    Where to, hwnet_state_size() bytes
 *
 * Return: bytes written.
 */
size_t hwnet_state_save(const char *model, const struct hwnet_field *fields, unsigned n,
			const void *state, void *buf);

/**
 * hwnet_state_load() - Read a state
 * @model:  Name of the model
 * @fields: The table
 * @n:      Its rows
 * @state:  Filled with what the buffer has; holds reset values at the call; may be changed even on
 *          failure
 * @buf:    Hostile
 * @len:    Its length
 * @err:    On failure, one line: which field, what is wrong
 * @errlen: Room in @err
 *
 * Return: 0 or -1.
 */
int hwnet_state_load(const char *model, const struct hwnet_field *fields, unsigned n, void *state,
		     const void *buf, size_t len, char *err, size_t errlen);

#endif
