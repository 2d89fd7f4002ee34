/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A switch that is slow and obviously right: no tables, no bits, no short cuts. Lists are walked,
 * policies are read as they are written. The property test compares the real one with it.
 */
#ifndef VSWITCH_TEST_REFERENCE_H
#define VSWITCH_TEST_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "vswitch/policy.h"

#define REF_PORTS  16
#define REF_LEARNT 4096
#define REF_TAGS   4
#define REF_UP	   99 /* where stations outside are */

/* struct ref_tag - a tag */
struct ref_tag {
	uint16_t tpid, tci;
};

/* struct ref_frame - a frame as the model sees it: addresses and a stack of tags, outermost first
 */
struct ref_frame {
	uint64_t dst, src;
	unsigned n_tags;
	struct ref_tag tag[REF_TAGS];
	uint32_t id;
};

/* struct ref_port - a port */
struct ref_port {
	bool exists, link, uplink, wants_promiscuous;
	struct vsw_policy policy;
	uint64_t mac; /* registered; 0: none */
};

/* struct ref_station - something learnt */
struct ref_station {
	uint16_t fid;
	uint64_t mac;
	int port;
};

struct ref {
	int n;
	struct ref_port port[REF_PORTS];
	unsigned n_pvlans;
	struct vsw_pvlan pvlan[8];
	unsigned n_learnt;
	struct ref_station learnt[REF_LEARNT];
};

/* Deliver a frame: @out[p] is filled for each port p for which @get[p] is set */
void ref_input(struct ref *r, int in, const struct ref_frame *f, bool *get, struct ref_frame *out);
void ref_forget(struct ref *r, int port);
/* Addresses, links or VLANs changed: what a card registers takes the place of what was learnt */
void ref_changed(struct ref *r);

#endif
