/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the back end share; see backend.h. */
#ifndef VSWITCH_VHOST_BACKEND_PRIV_H
#define VSWITCH_VHOST_BACKEND_PRIV_H

#include "backend.h"

/**
 * struct vhost_call - A message being dealt with
 * @size: @in: Its payload, copied
 * @fds: @n_fds: What came with it
 * @out:   The answer's payload
 * @reply: Bytes of @out that are an answer of its own; 0: none but whether it was done
 * @answers: There is an answer of its own, even without bytes
 */
struct vhost_call {
	uint32_t size;
	union vhost_payload in, out;
	int *fds;
	unsigned n_fds;
	uint32_t reply;
	bool answers;
};

/**
 * vsw_vhost_refuse() - Say why a message is refused
 * @be:  The back end; its @why is set
 * @fmt: One line, as for printf(), and what it wants
 *
 * Return: -1.
 */
int vsw_vhost_refuse(struct vhost_backend *be, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * vsw_vhost_take_fd() - Keep a descriptor of a message
 * @c: The message
 * @i: Which
 *
 * Return: it, from now on the caller's; -1: there is none.
 */
int vsw_vhost_take_fd(struct vhost_call *c, unsigned i);

/**
 * vsw_vhost_answer() - Answer a word
 * @c:    The message
 * @word: The word
 *
 * Return: 0.
 */
int vsw_vhost_answer(struct vhost_call *c, uint64_t word);

/* Requests about the device: backend.c */

/**
 * vsw_vhost_set_features() - VHOST_SET_FEATURES: what the front end acknowledges
 * @be: The back end, parked
 * @c:  The message
 *
 * Return: 0, or -1 and be->why is set.
 */
int vsw_vhost_set_features(struct vhost_backend *be, struct vhost_call *c);

/**
 * vsw_vhost_set_card() - VHOST_CARD: the card behind the front end
 * @be: The back end
 * @c:  The message
 *
 * Return: 0, or -1 and be->why is set.
 */
int vsw_vhost_set_card(struct vhost_backend *be, struct vhost_call *c);

/* Requests about memory: backend-mem.c */

/**
 * vsw_vhost_set_mem_table() - VHOST_SET_MEM_TABLE: the memory is what the message says
 * @be: The back end, parked
 * @c:  The message
 *
 * Return: 0, or -1 and be->why is set.
 */
int vsw_vhost_set_mem_table(struct vhost_backend *be, struct vhost_call *c);

/**
 * vsw_vhost_add_mem_reg() - VHOST_ADD_MEM_REG: one region more
 * @be: The back end, parked
 * @c:  The message
 *
 * Return: 0, or -1 and be->why is set.
 */
int vsw_vhost_add_mem_reg(struct vhost_backend *be, struct vhost_call *c);

/**
 * vsw_vhost_rem_mem_reg() - VHOST_REM_MEM_REG: one region less
 * @be: The back end, parked
 * @c:  The message
 *
 * Return: 0, or -1 and be->why is set.
 */
int vsw_vhost_rem_mem_reg(struct vhost_backend *be, struct vhost_call *c);

/**
 * vsw_vhost_set_log_base() - VHOST_SET_LOG_BASE: where to log what is written to memory
 * @be: The back end, parked
 * @c:  The message
 *
 * Return: 0, or -1 and be->why is set.
 */
int vsw_vhost_set_log_base(struct vhost_backend *be, struct vhost_call *c);

/* Requests about rings: backend-ring.c */

/**
 * vsw_vhost_set_vring_num() - VHOST_SET_VRING_NUM: entries of a ring that does not run
 * @be: The back end, parked
 * @c:  The message
 *
 * Return: 0, or -1 and be->why is set.
 */
int vsw_vhost_set_vring_num(struct vhost_backend *be, struct vhost_call *c);

/**
 * vsw_vhost_set_vring_addr() - VHOST_SET_VRING_ADDR: where the parts of a ring are
 * @be: The back end, parked
 * @c:  The message
 *
 * Return: 0, or -1 and be->why is set.
 */
int vsw_vhost_set_vring_addr(struct vhost_backend *be, struct vhost_call *c);

/**
 * vsw_vhost_set_vring_base() - VHOST_SET_VRING_BASE: where a ring that does not run will begin
 * @be: The back end, parked
 * @c:  The message
 *
 * Return: 0, or -1 and be->why is set.
 */
int vsw_vhost_set_vring_base(struct vhost_backend *be, struct vhost_call *c);

/**
 * vsw_vhost_get_vring_base() - VHOST_GET_VRING_BASE: stop a ring, answer where it was
 * @be: The back end, parked
 * @c:  The message
 *
 * Return: 0, or -1 and be->why is set.
 */
int vsw_vhost_get_vring_base(struct vhost_backend *be, struct vhost_call *c);

/**
 * vsw_vhost_set_vring_kick() - VHOST_SET_VRING_KICK: the driver's eventfd; the ring runs now
 * @be: The back end, parked
 * @c:  The message
 *
 * Return: 0, or -1 and be->why is set.
 */
int vsw_vhost_set_vring_kick(struct vhost_backend *be, struct vhost_call *c);

/**
 * vsw_vhost_set_vring_call() - VHOST_SET_VRING_CALL: our eventfd for the driver
 * @be: The back end, parked
 * @c:  The message
 *
 * Return: 0, or -1 and be->why is set.
 */
int vsw_vhost_set_vring_call(struct vhost_backend *be, struct vhost_call *c);

/**
 * vsw_vhost_set_vring_err() - VHOST_SET_VRING_ERR: eventfd that tells of a broken ring
 * @be: The back end, parked
 * @c:  The message
 *
 * Return: 0, or -1 and be->why is set.
 */
int vsw_vhost_set_vring_err(struct vhost_backend *be, struct vhost_call *c);

/**
 * vsw_vhost_set_vring_enable() - VHOST_SET_VRING_ENABLE: enable a ring, or disable it
 * @be: The back end, parked
 * @c:  The message
 *
 * Return: 0, or -1 and be->why is set.
 */
int vsw_vhost_set_vring_enable(struct vhost_backend *be, struct vhost_call *c);

/**
 * vsw_vhost_eventfd() - Is it an eventfd? Then it will not make who looks at it wait
 * @fd: A descriptor of a peer
 *
 * Return: whether it is.
 */
bool vsw_vhost_eventfd(int fd);

/**
 * vsw_vhost_ring_settle() - Fill the ring's vq from what messages have said
 * @be: The back end, parked
 * @r:  One of its rings; @there tells whether all its parts are in memory
 */
void vsw_vhost_ring_settle(struct vhost_backend *be, struct vhost_ring *r);

/**
 * vsw_vhost_ring_close() - Close a ring's descriptors
 * @r: The ring
 */
void vsw_vhost_ring_close(struct vhost_ring *r);

/**
 * vsw_vhost_rings_disable() - Disable all rings
 * @be: The back end
 */
void vsw_vhost_rings_disable(struct vhost_backend *be);

/* Descriptors of all back ends: fds.c */

/**
 * vsw_vhost_fds_may() - May a back end take more descriptors?
 * @be:   The back end
 * @more: How many
 *
 * Return: whether all back ends together are allowed them.
 */
bool vsw_vhost_fds_may(struct vhost_backend *be, unsigned more);

/**
 * vsw_vhost_fds_count() - Note how many descriptors a back end has now
 * @be: The back end, parked
 */
void vsw_vhost_fds_count(struct vhost_backend *be);

/**
 * vsw_vhost_fds_free() - A back end has none any more
 * @be: The back end
 */
void vsw_vhost_fds_free(struct vhost_backend *be);

#endif
