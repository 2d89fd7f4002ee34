/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shaping: VMware's average, peak and burst size, as two token buckets that both must have room.
 *
 * On the way in a frame beyond it is left at the owner, for a card in the guest's ring, and the
 * owner is told when its time has come. On the way out frames wait in the port's queue (queue.c
 * asks vsw_shape_out_when()).
 */
#include "policy/levels-state.h"
#include "policy/row.h"
#include "policy/stages.h"

/* Peak is a rate within the burst: its own bucket is small, but a whole message must fit */
#define PEAK_DEPTH_BITS (UINT64_C(8) * PKT_MAX_LEN)

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void set(struct bucket *average, struct bucket *peak, const struct vsw_shape_policy *s)
{
	struct bucket was = *average;

	bucket_set(average, s->average, s->burst * 8);
	if (average->rate != was.rate || average->depth != was.depth)
		average->due = 0;
	bucket_set(peak, s->average ? s->peak : 0, PEAK_DEPTH_BITS);
}

/* What may be wrong with shaping one way */
struct wrongs {
	const char *average, *peak, *burst;
};

#define WRONGS(way)                                                                       \
	{                                                                                 \
		"shaping." way ".average: out of range (0, or 1k to 1000G)",              \
			"shaping." way ".peak: is less than average",                     \
			"shaping." way ".burst: out of range (1514 bytes to 1073741824)", \
	}

static const char *check_one(const struct vsw_shape_policy *s, const struct wrongs *wrong)
{
	return !s->average	    ? NULL :
	       s->average < 1000    ? wrong->average :
	       s->peak < s->average ? wrong->peak :
	       s->burst < 1514	    ? wrong->burst :
				      NULL;
}

static const char *check(const struct vsw_policy *policy)
{
	static const struct wrongs in = WRONGS("in"), out = WRONGS("out");
	const char *wrong = check_one(&policy->shape_in, &in);

	return wrong ? wrong : check_one(&policy->shape_out, &out);
}

static void compile(struct vsw_port *p)
{
	set(&p->in_average, &p->in_peak, &p->policy.shape_in);
	set(&p->out_average, &p->out_peak, &p->policy.shape_out);
	if (p->policy.shape_in.average)
		p->in_special |= IN_SHAPED;
	if (p->policy.shape_out.average)
		p->out_special |= OUT_PACED;
}

unsigned vsw_shape_in(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	int64_t now = vsw_now(p->sw);

	for (unsigned i = 0; i < n; i++) {
		uint64_t bits = UINT64_C(8) * wire_bytes(pkts[i]);
		int64_t when = later(bucket_when(&p->in_average, now, bits),
				     bucket_when(&p->in_peak, now, bits));

		if (when > now) {
			p->input_at = when;
			return i;
		}
		bucket_charge(&p->in_average, now, bits);
		bucket_charge(&p->in_peak, now, bits);
	}
	return n;
}

int64_t vsw_shape_out_when(const struct vsw_port *p, int64_t now, uint32_t bytes)
{
	uint64_t bits = UINT64_C(8) * bytes;

	return later(bucket_when(&p->out_average, now, bits), bucket_when(&p->out_peak, now, bits));
}

void vsw_shape_out_charge(struct vsw_port *p, int64_t now, uint32_t bytes)
{
	bucket_charge(&p->out_average, now, UINT64_C(8) * bytes);
	bucket_charge(&p->out_peak, now, UINT64_C(8) * bytes);
}

static const struct vsw_value_row values[] = { { "shaping", VSW_VALUE_OBJECT,
						 .help = "traffic shaping" },
#define SHAPE(key, member, help_)                                                            \
	{ "shaping." key, VSW_VALUE_OBJECT, .help = help_ },                                 \
		{ "shaping." key ".average", VSW_VALUE_RATE, PORT_VALUE(member.average),     \
		  .max = VALUE_RATE_MAX, .help = "bits a second over time; 0: not shaped" }, \
		{ "shaping." key ".peak", VSW_VALUE_RATE, PORT_VALUE(member.peak),           \
		  .max = VALUE_RATE_MAX, .help = "bits a second within a burst" },           \
	{                                                                                    \
		"shaping." key ".burst", VSW_VALUE_NUMBER, PORT_VALUE(member.burst),         \
			.max = 1u << 30, .help = "bytes that may pass at peak after a pause" \
	}
					       SHAPE("in", shape_in, "from the guest"),
					       SHAPE("out", shape_out, "to the guest"),
#undef SHAPE
					       { 0 } };

const struct vsw_policy_row vsw_policy_shape = {
	.name = "shaping",
	.port_values = values,
	.check_port = check,
	.compile_port = compile,
	.port_state = vsw_shape_state,
};
