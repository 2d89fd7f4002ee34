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

/* vsw_vhost_refuse() - Say why a message is refused. Return: -1 */
int vsw_vhost_refuse(struct vhost_backend *be, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* vsw_vhost_take_fd() - Keep a descriptor of a message. Return: it, or -1 if there is none */
int vsw_vhost_take_fd(struct vhost_call *c, unsigned i);

/* vsw_vhost_answer() - Answer a word. Return: 0 */
int vsw_vhost_answer(struct vhost_call *c, uint64_t word);

/* Requests: 0, or -1 and vsw_vhost_refuse() was called. backend-mem.c */
int vsw_vhost_set_mem_table(struct vhost_backend *be, struct vhost_call *c);
int vsw_vhost_add_mem_reg(struct vhost_backend *be, struct vhost_call *c);
int vsw_vhost_rem_mem_reg(struct vhost_backend *be, struct vhost_call *c);
int vsw_vhost_set_log_base(struct vhost_backend *be, struct vhost_call *c);
/* backend-ring.c */
int vsw_vhost_set_vring_num(struct vhost_backend *be, struct vhost_call *c);
int vsw_vhost_set_vring_addr(struct vhost_backend *be, struct vhost_call *c);
int vsw_vhost_set_vring_base(struct vhost_backend *be, struct vhost_call *c);
int vsw_vhost_get_vring_base(struct vhost_backend *be, struct vhost_call *c);
int vsw_vhost_set_vring_kick(struct vhost_backend *be, struct vhost_call *c);
int vsw_vhost_set_vring_call(struct vhost_backend *be, struct vhost_call *c);
int vsw_vhost_set_vring_err(struct vhost_backend *be, struct vhost_call *c);
int vsw_vhost_set_vring_enable(struct vhost_backend *be, struct vhost_call *c);

/* vsw_vhost_ring_settle() - Fill the ring's vq from what messages have said */
void vsw_vhost_ring_settle(struct vhost_backend *be, struct vhost_ring *r);

/* vsw_vhost_ring_close() - Close its descriptors */
void vsw_vhost_ring_close(struct vhost_ring *r);

/* vsw_vhost_rings_disable() - Disable all */
void vsw_vhost_rings_disable(struct vhost_backend *be);

/* vsw_vhost_any_started() - Does a ring run? */
bool vsw_vhost_any_started(const struct vhost_backend *be);

#endif
