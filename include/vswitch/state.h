/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state of a switch, or of one port, as bytes: for another process that takes the switch over,
 * and for a port that moves with its virtual machine.
 *
 * DOC: Theory of Operation
 *
 * What somebody *said* (documents, policies, which ports there are) is not state: whoever loads one
 * has a switch that was configured already, with ports of the same ids. State is what *happened*:
 *
 * | of a port                                             | besides, of a whole switch           |
 * |-------------------------------------------------------|--------------------------------------|
 * | counters, drops by reason                             | the table of addresses, with ages,   |
 * | addresses and filter of its card, VLANs it used       | and entries made by hand             |
 * | addresses learnt from it, with ages                   | teams: uplinks in use, beacons       |
 * | levels of shapers, storm control, rules; rule hits    | what is known of multicast: routers, |
 * | groups that it asked for, and for how much longer     | queriers, the switch's own           |
 * | whether and why it is shut, and for how much longer   | mirror sessions: counters            |
 * | frames that wait in its queue, in order               | network I/O control: levels          |
 *
 * Not in it: links, and what an owner takes (their owners tell), who looks at frames
 * (vswitch/look.h), when an event was told last, and uplinks by themselves, which belong to their
 * switch and can't be moved.
 *
 * Times are relative to the moment of saving, so a state can be loaded under another clock. Port
 * numbers need not be the same.
 *
 * The bytes are "vsw" 0x01, u8 length and name of what it is the state of ("port" or "switch"), and
 * a record (hwnet/fields.h) whose fields are records and lists again, one for each part of core and
 * of each policy. Unknown fields are skipped, missing ones are as in a new port or switch. So older
 * and newer releases understand each other's.
 *
 * A state is hostile. vsw_state_read() checks it as a whole and makes a copy that has all that is
 * needed, or refuses it with one line; it calls no switch, so it may run on any thread. Putting the
 * copy in force then cannot fail: what the switch at hand has no place for is left out, and told
 * line by line: ports that are not there, addresses in VLANs that a port does not carry, and so on.
 * A port never gets by its state what its policy would refuse it.
 *
 * Work and memory: reading is linear in the length (each byte is looked at once or twice) and takes
 * 200 KB and at most 80 bytes for each byte of the state. Putting it in force is one look-up for
 * each address and group, one copy of each frame, and one pass over all ports, as after a change of
 * the configuration.
 *
 * Taking a switch over, with a gap as short as can be. What there may be very much of is the table
 * of addresses. It goes ahead while frames flow, and only what has changed since follows:
 *
 *	old process                                 new process
 *	vsw_early_new()                             makes switch and ports
 *	vsw_early_copy() until it is done           .
 *	vsw_early_save()    -- early bytes -->      vsw_switch_load()
 *	stops calling the switch
 *	vsw_switch_save_late() -- late bytes -->    vsw_switch_load()
 *	vsw_early_free()                            begins to call the switch
 *
 * If anything fails, the old process goes on as if nothing had been: saving changes nothing.
 */
#ifndef VSWITCH_STATE_H
#define VSWITCH_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vsw;
struct vsw_port;

/** VSW_PORT_STATE_MAX - Most bytes of the state of a port. */
#define VSW_PORT_STATE_MAX (2u << 20)
/** VSW_QUEUE_STATE_MAX - Most bytes of frames in it; those behind do not fit. */
#define VSW_QUEUE_STATE_MAX (1u << 20)
/** VSW_SWITCH_STATE_MAX - Most bytes of the state of a switch, in which each queue is whole. */
#define VSW_SWITCH_STATE_MAX (1u << 30)

/**
 * struct vsw_blob - Bytes that grow, up to a limit
 * @data: The bytes
 * @len:  Their number
 * @room: Private
 * @max:  The limit
 */
struct vsw_blob {
	uint8_t *data;
	size_t len, room, max;
};

/**
 * vsw_blob_init() - Begin empty
 * @blob: Filled
 * @max:  Most bytes
 */
void vsw_blob_init(struct vsw_blob *blob, size_t max);

/**
 * vsw_blob_reserve() - Have memory for more bytes at hand, so that saving need not ask for it
 * @blob:  The blob
 * @bytes: How many more
 *
 * Return: 0, or -1: beyond the limit, or no memory.
 */
int vsw_blob_reserve(struct vsw_blob *blob, size_t bytes);

/**
 * vsw_blob_fini() - Free the bytes
 * @blob: The blob; empty afterwards, and can be used again
 */
void vsw_blob_fini(struct vsw_blob *blob);

/**
 * struct vsw_left_out - Who hears what was not saved, or not loaded
 * @line:   Called with one line for people, without its end
 * @opaque: Its first argument
 */
struct vsw_left_out {
	void (*line)(void *opaque, const char *line);
	void *opaque;
};

/**
 * vsw_port_save() - Save the state of a port
 * @port:   The port, not an uplink; the switch is not inside an operation
 * @blob:   Gets the bytes behind those that it has. On failure it is as before
 * @out:    Hears of frames that did not fit; NULL: nobody
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_port_save(struct vsw_port *port, struct vsw_blob *blob, const struct vsw_left_out *out,
		  char *err, size_t errlen);

/**
 * vsw_switch_save() - Save the state of a switch in one go
 * @sw:     The switch, not inside an operation
 * @blob:   As of vsw_port_save()
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_switch_save(struct vsw *sw, struct vsw_blob *blob, char *err, size_t errlen);

/** struct vsw_early - What was saved of a switch while frames flow; private */
struct vsw_early;

/**
 * vsw_early_new() - Begin to save a switch while frames flow
 * @sw:     The switch; called where ports are added and removed
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: the beginning, or NULL.
 */
struct vsw_early *vsw_early_new(struct vsw *sw, char *err, size_t errlen);

/**
 * vsw_early_copy() - Copy a piece of the table of addresses, where the switch is called
 * @early: The beginning
 *
 * Copies 256 KiB at most and neither allocates nor calls the system.
 *
 * Return: true: call it again, after the frames that have come meanwhile; false: all is copied.
 */
bool vsw_early_copy(struct vsw_early *early);

/**
 * vsw_early_save() - Save what was copied, on any thread
 * @early:  The beginning, wholly copied
 * @blob: @err: @errlen: As of vsw_port_save()
 *
 * Return: 0, or -1.
 */
int vsw_early_save(const struct vsw_early *early, struct vsw_blob *blob, char *err, size_t errlen);

/**
 * vsw_switch_save_late() - Save what has changed of the table since, and all else
 * @sw:    The switch, which is not called any more
 * @early: The beginning, saved; NULL: there is none, all is saved
 * @blob: @err: @errlen: As of vsw_port_save()
 *
 * Return: 0, or -1.
 */
int vsw_switch_save_late(struct vsw *sw, struct vsw_early *early, struct vsw_blob *blob, char *err,
			 size_t errlen);

/**
 * vsw_early_free() - Forget it
 * @early: The beginning or NULL
 */
void vsw_early_free(struct vsw_early *early);

/** struct vsw_loading - A state that was read; private */
struct vsw_loading;

/**
 * vsw_state_read() - Read a state, and check all of it
 * @data:   Hostile; not needed afterwards
 * @len:    Its length
 * @err:    On failure, one line: where, what is wrong
 * @errlen: Room in @err
 *
 * Return: the state, or NULL.
 */
struct vsw_loading *vsw_state_read(const void *data, size_t len, char *err, size_t errlen);

/**
 * vsw_state_of_switch() - Is it the state of a switch, and not of a port?
 * @loading: What was read
 *
 * Return: whether.
 */
bool vsw_state_of_switch(const struct vsw_loading *loading);

/**
 * vsw_state_put() - Put a state in force
 * @loading: What was read; can be put in force once
 * @sw:      The switch, not inside an operation
 * @port:    The port that gets the state of a port, not an uplink; NULL: it is of a switch
 * @out:     Hears what was left out; NULL: nobody
 *
 * Neither allocates nor calls the system, but through the host's operations. What a port has
 * counted is replaced; frames that wait come behind those that wait there already; addresses and
 * groups are added.
 */
void vsw_state_put(struct vsw_loading *loading, struct vsw *sw, struct vsw_port *port,
		   const struct vsw_left_out *out);

/**
 * vsw_state_free() - Free what was read
 * @loading: What was read, or NULL
 */
void vsw_state_free(struct vsw_loading *loading);

/**
 * vsw_port_load() - Read the state of a port and put it in force
 * @port:   The port, not an uplink; the switch is not inside an operation
 * @data: @len: Hostile
 * @out:    Hears what was left out; NULL: nobody
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1 and nothing changed.
 */
int vsw_port_load(struct vsw_port *port, const void *data, size_t len,
		  const struct vsw_left_out *out, char *err, size_t errlen);

/**
 * vsw_switch_load() - Read the state of a switch, early, late or whole, and put it in force
 * @sw:     The switch, configured, with its ports; not inside an operation
 * @data: @len: @out: @err: @errlen: As of vsw_port_load()
 *
 * Return: 0, or -1 and nothing changed.
 */
int vsw_switch_load(struct vsw *sw, const void *data, size_t len, const struct vsw_left_out *out,
		    char *err, size_t errlen);

#endif
