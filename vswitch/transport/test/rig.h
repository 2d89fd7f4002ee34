/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bench for transports: a worker that the test turns round by round, a switch on it with a
 * stepped clock, one port with a wire, and one that keeps what it gets and sends what the test
 * wants.
 */
#ifndef VSWITCH_TRANSPORT_TEST_RIG_H
#define VSWITCH_TRANSPORT_TEST_RIG_H

#include "hwnet/frame.h"
#include "vswitch/policy.h"
#include "vswitch/seat.h"
#include "vswitch/transport.h"

#define BENCH_KEEP 8192u

/* struct bench_frame - a frame that came */
struct bench_frame {
	uint8_t *bytes;
	uint32_t len;
	uint16_t gso_size;
};

/* struct bench */
struct bench {
	struct vsw_worker *worker;
	struct vsw_seat seat;
	int64_t now;
	struct vsw_port *card; /* the other end */
	unsigned n;
	struct bench_frame got[BENCH_KEEP];
	unsigned ready; /* input_ready() of the card */
	struct vsw_jack jack;
	bool link; /* of the wire's port */
	struct vsw_wire *wire, *old;
	struct vsw_handover *from; /* for the next wire that is opened */
	unsigned failed;
	char why[VSW_WHY_MAX];
	char err[200];
};

extern const struct vsw_port_ops bench_card_ops;

struct bench *bench_new(void);
void bench_free(struct bench *b);
struct vsw_wire *bench_open(struct bench *b, const char *transport, int fd, const char *options);
struct vsw_wire *bench_plug(struct bench *b, const char *transport, int fd, const char *options);
void bench_unplug(struct bench *b);
void bench_run(struct bench *b);
void bench_frame_make(uint8_t *buf, uint32_t len, unsigned number);
void bench_send(struct bench *b, unsigned n, uint32_t len);
void bench_clear(struct bench *b);
uint64_t bench_fact(struct bench *b, const char *name);

#endif
