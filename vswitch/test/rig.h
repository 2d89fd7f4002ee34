/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A switch on a bench: stepped clock, ports that keep what they get, frames made from a line of
 * words.
 */
#ifndef VSWITCH_TEST_RIG_H
#define VSWITCH_TEST_RIG_H

#include <stdbool.h>
#include <stdint.h>

#include "hwnet/frame.h"
#include "vswitch/control.h"
#include "vswitch/policy.h"
#include "vswitch/vswitch.h"

#define RIG_PORTS 64
#define RIG_KEEP  4096
#define MS	  INT64_C(1000000)
#define SEC	  INT64_C(1000000000)

/* struct rig_frame - a frame as a port got it, bytes copied */
struct rig_frame {
	uint8_t *bytes;
	struct pkt pkt; /* @iov is not valid */
	int64_t when;
};

struct rig;

/* struct rig_port - a port's owner */
struct rig_port {
	struct rig *rig;
	struct vsw_port *port;
	unsigned n, calls;
	unsigned room;	/* frames it takes before it refuses; UINT_MAX: all */
	unsigned ready; /* input_ready calls */
	unsigned closed;
	bool discard; /* count only */
	uint64_t total, bytes;
	struct rig_frame got[RIG_KEEP];
	struct vsw_port *echo; /* input there from inside send */
	unsigned echo_taken;
	void (*on_ready)(struct rig_port *p);
	void (*on_frame)(struct rig_port *p, const struct pkt *pkt);
	void *user;
};

struct rig {
	struct vsw *sw;
	struct vsw_control *ctl; /* of rig_control() */
	int64_t now, deadline, ctl_deadline;
	struct rig_port port[RIG_PORTS];
	unsigned n_ports;
	unsigned events[32];
	char last_event[160];
	uint8_t last_mac[6]; /* of that event */
	char err[200];
};

struct rig *rig_new(void);
struct rig *rig_new_addresses(uint32_t addresses);
struct vsw_control *rig_control(struct rig *r);
void rig_free(struct rig *r);
struct rig_port *rig_port(struct rig *r, const char *id, int vlan);
struct rig_port *rig_card(struct rig *r, const char *id, int vlan, const char *mac);
struct rig_port *rig_uplink(struct rig *r, const char *id);
struct rig_port *rig_add(struct rig *r, const struct vsw_port_conf *conf);
struct vsw_policy rig_policy_of(struct rig_port *p);
void rig_policy(struct rig_port *p, const struct vsw_policy *policy);
void rig_change(struct rig_port *p, void (*change)(struct vsw_policy *policy));
void rig_switch_policy(struct rig *r, const struct vsw_switch_policy *policy);
void rig_step(struct rig *r, int64_t ns);
void rig_clear(struct rig *r);
uint64_t rig_drops(struct rig_port *p, enum vsw_drop why);

void rig_mac(const char *text, uint8_t *mac);
uint32_t rig_frame(uint8_t *buf, const char *dst, const char *src, int tag, uint32_t len);
unsigned rig_send(struct rig_port *p, const char *dst, const char *src, int tag);
unsigned rig_send_len(struct rig_port *p, const char *dst, const char *src, int tag, uint32_t len);
unsigned rig_send_bytes(struct rig_port *p, const uint8_t *buf, uint32_t len);
uint32_t rig_udp(uint8_t *buf, uint64_t dst, uint64_t src, uint32_t saddr, uint32_t daddr,
		 uint16_t sport, uint16_t dport, uint32_t payload);
uint32_t rig_tcp(uint8_t *buf, uint64_t dst, uint64_t src, uint32_t saddr, uint32_t daddr,
		 uint16_t sport, uint16_t dport, uint32_t payload);
unsigned rig_send_tso(struct rig_port *p, const char *dst, const char *src, uint32_t payload,
		      uint16_t mss);

#endif
