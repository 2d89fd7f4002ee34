/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of the vmxnet3 share: a host with MSI-X, a driver, a frame to send and one that
 * came.
 */
#ifndef HW_NET_TEST_VMXNET3_FIXTURE_H
#define HW_NET_TEST_VMXNET3_FIXTURE_H

#include "unit.h"
#include "build-frame.h"
#include "guest.h"

extern struct fake_host h;
extern struct guest g;
extern struct guest_frame got;
extern uint8_t frame[BUILD_ROOM];

extern const uint8_t station[6];

/* Host and card, which the test may alter; then driver and interrupts. */
void open_host(unsigned rev, unsigned queues);
void start(void);
/* All of it. */
void setup(unsigned rev, unsigned queues);
/* With RSS of all types. */
void setup_rss(unsigned rev, unsigned queues);
/* open_host(), with a value for a property. */
void open_prop(const char *name, uint64_t val, unsigned rev, unsigned queues);

/* Build a frame to the station in @frame: its length. */
uint32_t make(struct build b);
uint32_t tcp(uint32_t payload);
uint32_t udp(uint32_t payload);

/* A frame as the switch gives it: private head, the rest somewhere else. */
struct sent {
	struct pkt pkt;
	struct iovec iov[2];
	uint8_t head[512];
};

/* The first @len bytes of @frame. */
struct pkt *send_pkt(struct sent *s, uint32_t len);
/* A message as a sender's card makes it. */
void message(struct sent *s, struct build b, uint16_t mss);
unsigned deliver(const struct pkt *pkt);
/* The driver gets the segments that a sender without offload would send: their number. */
unsigned count_segments(const struct pkt *msg);

/* Does a frame to this address, with this tag, come through? */
bool passes(const uint8_t *dst, uint16_t vid);
/* Deliver and find the queue. */
unsigned queue_of(struct build b);

/* A register of BAR 1. */
uint32_t bar1(uint64_t off);

/* The driver resets the device as Linux does after an error, and all is well. Ends the host. */
void check_alive(void);

#endif
