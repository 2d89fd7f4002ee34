/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * BPDU filter and guard: what becomes of spanning tree at a port.
 *
 * A guest that bridges two of its cards, or only runs a bridge, sends BPDUs. Forwarded to a
 * physical switch they take part in its spanning tree: its port may be disabled there with all
 * ports of ours behind it, or the guest becomes the root of the network. VMware knows the filter as
 * Net.BlockGuestBPDU; the guard is that of physical switches.
 *
 * A BPDU is what goes to the bridge group address, that of provider bridges (802.1Q-2018 table
 * 8-1), or Cisco's for spanning tree per VLAN, whatever it holds: nothing else is sent there, and
 * what looks like one elsewhere no bridge takes for one. Such frames are also looked for among
 * those that the port's VLAN policy drops.
 */
#include "core/shut.h"
#include "policy/row.h"

#define BPDU_BRIDGE   UINT64_C(0x0180c2000000)
#define BPDU_PROVIDER UINT64_C(0x0180c2000008)
#define BPDU_PVST     UINT64_C(0x01000ccccccd)
#define BPDU_RESERVED (1u << 0 | 1u << 8) /* of @reserved: the former two */

static bool is_bpdu(const struct vsw_burst *b, unsigned i)
{
	uint64_t dst = fdb_key_mac(b->dst[i]);

	return dst == BPDU_BRIDGE || dst == BPDU_PROVIDER || dst == BPDU_PVST;
}

static void in(struct vsw_burst *b, int64_t now)
{
	struct vsw_port *p = b->in;
	const struct vsw_mac_policy *mac = &p->policy.mac;

	for (unsigned i = 0; i < b->n; i++) {
		if (!is_bpdu(b, i))
			continue;
		if (mac->bpdu == VSW_BPDU_GUARD) {
			vsw_port_shut(p, VSW_DROP_BPDU_GUARD, mac->bpdu_recovery,
				      fdb_key_mac(b->src[i]), b->vid[i]);
			return;
		}
		if (b->kind[i] != KIND_DROPPED)
			vsw_drop_frame(b, i, VSW_DROP_BPDU);
	}
}

static int out(struct vsw_port *p, const struct vsw_burst *b, unsigned i)
{
	return is_bpdu(b, i) ? VSW_DROP_BPDU : -1;
}

static void compile(struct vsw_port *p)
{
	enum vsw_bpdu bpdu = p->policy.mac.bpdu;

	if (bpdu != VSW_BPDU_GUARD && p->shut && p->shut_why == VSW_DROP_BPDU_GUARD)
		vsw_port_unshut(p);
	if (bpdu == VSW_BPDU_FORWARD)
		return;
	p->reserved |= BPDU_RESERVED; /* not dropped as such: they are to come before in() */
	policy_in(p, POLICY_BPDU);
	if (bpdu == VSW_BPDU_FILTER)
		policy_out(p, POLICY_BPDU);
}

static const char *const words[] = { "forward", "filter", "guard", NULL };

static const struct vsw_value_row values[] = {
	{ "mac.bpdu", VSW_VALUE_WORD, PORT_VALUE(mac.bpdu), .words = words,
	  .help = "frames to 01-80-C2-00-00-00, 01-80-C2-00-00-08 or 01-00-0C-CC-CC-CD (spanning "
		  "tree): as others, of which `reserved` lets the former two pass or not; dropped "
		  "to and from the port; or one from the port shuts it" },
	{ "mac.bpdu-recovery", VSW_VALUE_NUMBER, PORT_VALUE(mac.bpdu_recovery), .max = 86400,
	  .init = 300, .of = "bpdu", .when = 1u << VSW_BPDU_GUARD,
	  .help = "seconds that the port stays shut; 0: until `port-open`" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_bpdu = {
	.name = "BPDU filter and guard",
	.no_state = "that a port is shut is core's",
	.port_values = values,
	.compile_port = compile,
	.in = in,
	.out = out,
};
