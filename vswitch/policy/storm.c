/* SPDX-License-Identifier: BSD-2-Clause */
/* Storm control: most frames a second that a port may send to all, to groups, to unknown ones. */
#include "policy/stages.h"
#include "policy/levels-state.h"
#include "policy/row.h"
#include "core/event.h"

void vsw_storm_in(struct vsw_burst *b, int64_t now)
{
	for (unsigned i = 0; i < b->n; i++) {
		uint8_t kind = b->kind[i];

		if (kind != KIND_MULTICAST && kind != KIND_BROADCAST)
			continue;
		if (bucket_take(&b->in->storm[kind], now, wire_frames(b->pkt[i])))
			continue;
		vsw_tell(b->in->sw, VSW_EVENT_STORM, b->in, 0, b->vid[i],
			 "storm control drops %s frames",
			 kind == KIND_BROADCAST ? "broadcast" : "multicast");
		vsw_drop_frame(b, i, VSW_DROP_STORM);
	}
}

bool vsw_storm_unknown(struct vsw_port *in, uint32_t frames)
{
	if (bucket_take(&in->storm[KIND_UNICAST], vsw_now(in->sw), frames))
		return true;
	vsw_tell(in->sw, VSW_EVENT_STORM, in, 0, 0,
		 "storm control drops frames to unknown addresses");
	return false;
}

static void compile(struct vsw_port *p)
{
	const struct vsw_storm_policy *s = &p->policy.storm;
	uint32_t rate[3] = { [KIND_UNICAST] = s->unknown,
			     [KIND_MULTICAST] = s->multicast,
			     [KIND_BROADCAST] = s->broadcast };

	for (unsigned k = 0; k < 3; k++)
		if (p->storm[k].rate != rate[k])
			bucket_set(&p->storm[k], rate[k],
				   rate[k] / 10 + 1); /* a tenth of a second at once */
	if (s->unknown || s->multicast || s->broadcast)
		p->in_special |= IN_STORM;
}

static const struct vsw_value_row values[] = {
	{ "storm", VSW_VALUE_OBJECT, .help = "storm control, from the guest" },
	{ "storm.broadcast", VSW_VALUE_RATE, PORT_VALUE(storm.broadcast), .max = 1000000000,
	  .help = "broadcast frames a second; 0: no limit" },
	{ "storm.multicast", VSW_VALUE_RATE, PORT_VALUE(storm.multicast), .max = 1000000000,
	  .help = "multicast frames a second" },
	{ "storm.unknown", VSW_VALUE_RATE, PORT_VALUE(storm.unknown), .max = 1000000000,
	  .help = "frames a second to unknown addresses" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_storm = {
	.name = "storm control",
	.port_values = values,
	.compile_port = compile,
	.port_state = vsw_storm_state,
};
