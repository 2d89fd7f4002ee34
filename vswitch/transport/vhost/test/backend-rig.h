/* SPDX-License-Identifier: BSD-2-Clause */
/* A back end without a socket: messages are given to it one by one. */
#ifndef VSWITCH_VHOST_TEST_BACKEND_RIG_H
#define VSWITCH_VHOST_TEST_BACKEND_RIG_H

#include "link.h"

/* Memory of a front end, region by region: where it says they are, and where its guest has them */
#define UVA    UINT64_C(0x7f0000000000)
#define GPA    UINT64_C(0x100000)
#define REGION UINT64_C(0x100000)

/* The back end, the message that it gets next, its last answer, and how often it was parked */
extern struct vhost_backend *be;
extern struct vhost_message m, reply;
extern unsigned parks;

void make(unsigned pairs);

/* The next message comes with this descriptor */
void with_fd(int fd);

/* Give it m. Descriptors that it does not take are closed, as those who read from a socket do */
int give(uint32_t request, uint32_t size);

/* Messages of one word; of a ring and a number; a question, and its answer */
int word(uint32_t request, uint64_t v);
int state(uint32_t request, uint32_t i, uint32_t num);
uint64_t ask(uint32_t request);

/* A file that is memory; a message about a region; add region @i, with memory of its own */
int memory(uint64_t bytes);
int region(uint32_t request, struct peer_range r);
int add(unsigned i);

/* Where a ring is; start it; both, a ring of 64 entries at a place of the memory of its own */
int addr(uint32_t i, uint64_t at);
int kick(uint32_t i);
void start(uint32_t i, uint32_t base);

/* Those that all front ends acknowledge, and more */
void features(uint64_t more);

/* One pair of rings runs and is enabled */
void bring_up(void);

#endif
