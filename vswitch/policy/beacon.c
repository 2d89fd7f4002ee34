/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Beacon probing: each uplink broadcasts a small frame, and must be heard by another one.
 *
 * A link that is up may lead nowhere. With three uplinks or more, one that no other hears while
 * others hear each other is taken out of the teams that ask for it. With two, silence does not tell
 * which one is wrong, so nothing is done.
 *
 * A beacon is an 802 local experimental EtherType frame (802-2014 table 3):
 *
 * | bytes | |
 * |-------|--------------------------------------------------------------------------------------|
 * | 14    | magic number                                                                         |
 * | 18    | which switch it is of: beacons of others on the same network are left alone          |
 * | 24    | number of the uplink that sent it                                                    |
 * | 26    | sequence number                                                                      |
 * | 30    | a sum of these under a secret key: who hears beacons can't make one                  |
 *
 * Nothing in it is of the secret of the tables. It counts for as long as the silence that makes an
 * uplink lost, so one that was recorded can't keep a dead uplink alive.
 */
#include "core/due.h"
#include "core/emit.h"
#include "core/siphash.h"
#include "policy/levels-state.h"
#include "policy/row.h"
#include "policy/stages.h"
#include "policy/team.h"

#define BEACON_LEN    60u
#define BEACON_TYPE   0x88b6
#define BEACON_MISSES 3
#define MAGIC	      0x76737762u

static uint64_t sum(const struct vsw *sw, uint16_t number, uint32_t sequence)
{
	uint64_t words[2] = { sw->id & MAC_MASK, (uint64_t)number << 32 | sequence };

	return siphash(sw->mark, words, 2);
}

static void beacon(struct vsw_port *up)
{
	uint8_t p[BEACON_LEN] = { 0 };
	const struct vsw *sw = up->sw;
	uint64_t signature = sum(sw, up->number, sw->beacon_sequence);
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;

	memset(p, 0xff, 6);
	mac_bytes((sw->id & UINT64_C(0xfcffffff0000)) | UINT64_C(0x020000000000) | up->number,
		  p + 6);
	frame_put_be16(p + 12, BEACON_TYPE);
	frame_put_be32(p + 14, MAGIC);
	mac_bytes(sw->id, p + 18);
	frame_put_be16(p + 24, up->number);
	frame_put_be32(p + 26, sw->beacon_sequence);
	memcpy(p + 30, &signature, sizeof(signature));
	pkt_flat(&pkt, &iov, p, sizeof(p));
	vsw_port_emit(up, &one, 1);
}

/* One of ours, whoever sends it now? */
static bool signed_by_us(const struct vsw *sw, const struct pkt *pkt)
{
	const uint8_t *p = pkt_head(pkt);
	uint64_t signature;

	if (pkt_head_len(pkt) < BEACON_LEN || frame_be16(p + 12) != BEACON_TYPE ||
	    frame_be32(p + 14) != MAGIC || mac_number(p + 18) != (sw->id & MAC_MASK))
		return false;
	memcpy(&signature, p + 30, sizeof(signature));
	return signature == sum(sw, frame_be16(p + 24), frame_be32(p + 26));
}

bool vsw_beacon_seen(struct vsw_port *in, const struct pkt *pkt)
{
	const uint8_t *p = pkt_head(pkt);
	struct vsw *sw = in->sw;
	struct vsw_port *from;

	if (!signed_by_us(sw, pkt))
		return false;
	from = frame_be16(p + 24) <= VSW_MAX_PORTS ? sw->port[frame_be16(p + 24)] : NULL;
	if (from && from->is_uplink && from != in &&
	    sw->beacon_sequence - frame_be32(p + 26) < BEACON_MISSES)
		from->beacon_heard = in->beacon_heard = vsw_now(sw);
	return true;
}

static void count(struct vsw_port *p, bool wants)
{
	p->sw->n_beacon += wants - p->wants_beacon;
	p->wants_beacon = wants;
}

static void compile_port(struct vsw_port *p)
{
	count(p, !p->is_uplink && p->policy.team.beacon);
}

/* Beacons are wanted, or no more */
static void compile(struct vsw *sw)
{
	if (!sw->n_beacon || sw->uplinks.n < 3)
		vsw_due_at(sw, DUE_POLICY + POLICY_BEACON, VSW_NEVER);
	else if (sw->due[DUE_POLICY + POLICY_BEACON] == VSW_NEVER)
		vsw_due_at(sw, DUE_POLICY + POLICY_BEACON, vsw_now(sw));
}

static void compile_for(struct vsw_port *p)
{
	compile(p->sw);
}

static void gone(struct vsw_port *p)
{
	count(p, false);
	compile(p->sw);
}

/* Who is not heard while others are */
static bool judge(struct vsw *sw, int64_t now)
{
	int64_t limit = BEACON_MISSES * (int64_t)sw->policy.beacon * 1000000;
	unsigned heard = 0;
	bool changed = false;

	for (unsigned i = 0; i < sw->uplinks.n; i++)
		heard += now - sw->port[sw->uplinks.port[i]]->beacon_heard <= limit;
	for (unsigned i = 0; i < sw->uplinks.n; i++) {
		struct vsw_port *up = sw->port[sw->uplinks.port[i]];
		bool lost;

		lost = heard >= 2 && now - up->beacon_heard > limit;
		changed |= lost != up->beacon_lost;
		up->beacon_lost = lost;
	}
	return changed;
}

/* Send beacons and see who is heard */
static void run(struct vsw *sw, int64_t now)
{
	sw->beacon_sequence++;
	if (sw->beacon_sequence > BEACON_MISSES && judge(sw, now))
		vsw_teams_compile(sw);
	for (unsigned i = 0; i < sw->uplinks.n; i++)
		if (sw->port[sw->uplinks.port[i]]->link_up)
			beacon(sw->port[sw->uplinks.port[i]]);
	vsw_due_at(sw, DUE_POLICY + POLICY_BEACON, now + (int64_t)sw->policy.beacon * 1000000);
}

static const struct vsw_value_row values[] = {
	{ "beacon-interval", VSW_VALUE_NUMBER, SWITCH_VALUE(beacon), .min = 100, .max = 60000,
	  .init = 1000, .help = "milliseconds between beacons" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_beacon = {
	.name = "beacon probing",
	.switch_values = values,
	.compile_port = compile_port,
	.compile = compile,
	.compile_for = compile_for,
	.due = run,
	.port_state = vsw_beacon_state,
	.switch_state = vsw_beacon_switch_state,
	.gone = gone,
};
