/* SPDX-License-Identifier: BSD-2-Clause */
/* A client of vfio-user and the server it talks to, in one thread. */
#ifndef HW_NET_TEST_VFU_RIG_H
#define HW_NET_TEST_VFU_RIG_H

#include <check.h>

#include "vfu/proto.h"
#include "vfu/vfu.h"

/** RIG_FRAME - Most bytes of a frame that is kept. */
#define RIG_FRAME 2048u

/**
 * struct rig - Both ends
 * @v:     The server's card, or NULL once its connection is over
 * @state: What vfu_receive() left
 * @why:   Why it is over
 * @peer:  The client's socket
 * @mem: @mem_fd: @mem_size: Shared memory of rig_memory()
 * @deadline: The card's
 * @sent: @len: Frames it sent, and the last of them
 * @takes: How many more frames are taken
 * @changed: Bits that were told
 * @rx_ready: Times
 * @id:    Of the last message
 */
struct rig {
	struct vfu *v;
	enum vfu_state state;
	char why[80];
	int peer, fd;
	uint8_t *mem;
	int mem_fd;
	size_t mem_size;
	int64_t now, deadline;
	bool work;
	unsigned sent, takes, changed, rx_ready, errors;
	uint32_t len;
	uint8_t frame[RIG_FRAME];
	uint16_t id;
};

/* struct answer - what came back */
struct answer {
	struct vfu_hdr hdr;
	uint8_t body[VFU_MSG_MAX];
	uint32_t len;
};

/** rig_ops - Operations of its card; their first argument is the rig */
extern const struct vfu_ops *const rig_ops;

/** rig_open() - A card of a model, and a client that has agreed on a version if @greet */
void rig_open(struct rig *r, const struct hwnet_model *model, bool greet);

/** rig_close() - All of it */
void rig_close(struct rig *r);

/** rig_memory() - Shared memory of the client, at bus address 1 MiB if @map; bus mastering is on */
void rig_memory(struct rig *r, size_t size, bool map);

/** rig_serve() - Let the server do what there is to do */
void rig_serve(struct rig *r);

/** rig_send() - Send a message; it is not served yet */
void rig_send(struct rig *r, uint16_t command, uint32_t flags, const void *body, uint32_t len,
	      const int *fds, unsigned n_fds);

/** rig_raw() - Send bytes */
void rig_raw(struct rig *r, const void *bytes, size_t len);

/** rig_get() - An answer that has come. Return: whether there is one */
bool rig_get(struct rig *r, struct answer *a);

/** rig_ask() - Send, serve, get the answer. Return: its errno, or 0 */
int rig_ask(struct rig *r, uint16_t command, const void *body, uint32_t len, const int *fds,
	    unsigned n_fds, struct answer *a);

/** rig_read() - Read from a region; must succeed */
uint64_t rig_read(struct rig *r, uint32_t region, uint64_t off, uint32_t size);

/** rig_write() - Write to a region; must succeed */
void rig_write(struct rig *r, uint32_t region, uint64_t off, uint64_t val, uint32_t size);

/** rig_map() - DMA_MAP. Return: its errno */
int rig_map(struct rig *r, uint64_t addr, uint64_t size, uint64_t offset, uint32_t flags, int fd);

/** rig_unmap() - DMA_UNMAP. Return: its errno */
int rig_unmap(struct rig *r, uint64_t addr, uint64_t size, uint32_t flags);

/** rig_irqs() - SET_IRQS. Return: its errno */
int rig_irqs(struct rig *r, uint32_t index, uint32_t flags, uint32_t start, uint32_t count,
	     const int *fds, unsigned n_fds);

/** rig_rung() - How often an eventfd was rung since it was asked last */
uint64_t rig_rung(int fd);

#define RIG_BASE 0x100000u

#endif
