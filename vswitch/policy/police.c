/* SPDX-License-Identifier: BSD-2-Clause */
/* Policies on the way in that look at each frame: storm control, traffic rules, mirrors. Only for
 * ports that have one. */
#include "mirror.h"
#include "rules.h"
#include "core/vsw.h"

static void storm(struct vsw_burst *b, int64_t now)
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

/**
 * vsw_storm_unknown() - May a frame to an unknown address pass?
 * @in:     Where it comes from; IN_STORM
 * @frames: What it counts
 *
 * Return: whether.
 */
bool vsw_storm_unknown(struct vsw_port *in, uint32_t frames)
{
	if (bucket_take(&in->storm[KIND_UNICAST], vsw_now(in->sw), frames))
		return true;
	vsw_tell(in->sw, VSW_EVENT_STORM, in, 0, 0,
		 "storm control drops frames to unknown addresses");
	return false;
}

static void rules(struct vsw *sw, struct vsw_burst *b, int64_t now)
{
	for (unsigned i = 0; i < b->n; i++) {
		int why;

		if (b->kind[i] == KIND_DROPPED)
			continue;
		why = vsw_rules_run(b->in, VSW_DIR_FROM_PORT, b, i, &b->pkt[i], &sw->altered[i],
				    now);
		if (why >= 0)
			vsw_drop_frame(b, i, (enum vsw_drop)why);
	}
}

/**
 * vsw_in_policies() - Put a burst under its port's policies
 * @sw: The switch
 * @b:  The burst, admitted; what does not pass is dropped
 */
void vsw_in_policies(struct vsw *sw, struct vsw_burst *b)
{
	uint32_t special = b->in->in_special;
	int64_t now = vsw_now(sw);

	if (special & IN_STORM)
		storm(b, now);
	if (special & IN_RULES)
		rules(sw, b, now);
	if (special & IN_MIRROR)
		for (unsigned i = 0; i < b->n; i++)
			if (b->kind[i] != KIND_DROPPED)
				vsw_mirror_note(sw, b->in->mirror_in, b, i, b->pkt[i]);
}

/**
 * vsw_police_compile() - Bring storm control and rules of a port into force
 * @p: The port
 */
void vsw_police_compile(struct vsw_port *p)
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
	if (p->rules && vsw_rules_direction(p->rules) & VSW_DIR_FROM_PORT)
		p->in_special |= IN_RULES;
	if (p->rules && vsw_rules_direction(p->rules) & VSW_DIR_TO_PORT)
		p->out_special |= OUT_RULES;
	if (p->mirror_in)
		p->in_special |= IN_MIRROR;
	if (p->mirror_out)
		p->out_special |= OUT_MIRROR;
}
