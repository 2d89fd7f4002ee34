/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When may a vector be sent?
 *
 * DOC: Theory of Operation
 *
 * Two ways of asking for fewer interrupts meet here. Each vector has a moderation level
 * (modLevels): 0 none, 1 to 7 a smallest gap between interrupts, 8 adaptive. From revision 3 on
 * SET_COALESCE gives a scheme for the whole device:
 *
 *  - disabled: each batch of completions interrupts;
 *  - adaptive: what the vector's level says; this is also how a device starts;
 *  - static: so many transmit completions, or so many received frames, make an interrupt; fewer
 *    wait COAL_WAIT at most;
 *  - RBC: at most so many interrupts a second.
 *
 * Adaptive looks at how many completions an interrupt told. Many mean bulk traffic: the gap grows
 * until an interrupt tells 64 or so. Few mean that someone waits for each frame: the gap shrinks,
 * to nothing in the end. However large the gap, an interrupt is sent at once when a quarter of the
 * transmit ring waits to be told, so a driver never runs dry.
 */
#include "coalesce.h"

#include "intr.h"

#define US	  1000ll
#define COAL_WAIT (1000 * US)

/* Gap of each level, us; the last makes 4000 interrupts a second, what VMware's RBC starts with. */
static const uint8_t gaps[IML_HIGHEST + 1] = { 0, 10, 20, 40, 60, 90, 150, 250 };

/* Adaptive: completions of an interrupt that make the gap grow, shrink, or shrink fast. */
#define GROW_FROM 8u
#define GROW_TO	  64u
#define TOO_MANY  256u
#define FEW	  4u

static int64_t gap_of(const struct vmx *v, const struct vmx_intr *i)
{
	switch (v->s->coal_mode) {
	case COAL_DISABLED:
		return 0;
	case COAL_STATIC:
		return COAL_WAIT;
	case COAL_RBC:
		return 1000000000ll / v->s->coal_rate;
	default:
		return US * gaps[i->level == IML_ADAPTIVE ? i->step : i->level];
	}
}

/* Enough is waiting to be told, whatever the clock says. */
static bool deep_enough(const struct vmx *v, const struct vmx_intr *i)
{
	if (v->s->coal_mode == COAL_STATIC)
		return i->tx >= v->s->coal_tx || i->rx >= v->s->coal_rx;
	return v->s->coal_mode == COAL_ADAPT && i->tx >= v->s->txq[0].size / 4;
}

/**
 * vmx_coal_when() - When may a vector be sent?
 * @v: The card
 * @i: A pending vector
 *
 * Return: 0: now; else the time.
 */
int64_t vmx_coal_when(const struct vmx *v, const struct vmx_intr *i)
{
	int64_t gap = gap_of(v, i), now, since;

	if (!gap || deep_enough(v, i))
		return 0;
	now = hwnet_now(&v->nic);
	if (v->s->coal_mode == COAL_STATIC) { /* counts from the first completion that waits */
		if (i->deadline == HWNET_NEVER)
			return now + gap;
		return i->deadline <= now ? 0 : i->deadline;
	}
	since = (int64_t)((uint64_t)now - (uint64_t)i->last); /* a loaded state may hold anything */
	return since < 0 || since >= gap ? 0 : now + gap - since;
}

static uint8_t adapt(uint8_t step, uint32_t told)
{
	if (told < FEW)
		return step / 2;
	if (told >= TOO_MANY)
		return step ? step - 1 : 0;
	if (told >= GROW_FROM && told < GROW_TO && step < IML_HIGHEST)
		return step + 1;
	return step;
}

/**
 * vmx_coal_sent() - A vector is being sent
 * @v: The card
 * @i: The vector
 */
void vmx_coal_sent(struct vmx *v, struct vmx_intr *i)
{
	if (v->s->coal_mode == COAL_ADAPT && i->level == IML_ADAPTIVE)
		i->step = adapt(i->step, i->tx + i->rx);
	i->tx = i->rx = 0;
	i->last = hwnet_now(&v->nic);
}

/**
 * vmx_coal_reset() - The scheme that a device starts with
 * @st: State
 */
void vmx_coal_reset(struct vmx_state *st)
{
	st->coal_mode = COAL_ADAPT;
	st->coal_rate = 4000;
	st->coal_depth = st->coal_tx = st->coal_rx = 64;
}

/* Where the command's CoalesceScheme is; false: nowhere. */
static bool scheme_at(struct vmx *v, uint64_t *pa)
{
	uint8_t info[16];

	if (hwnet_dma_read(&v->nic, v->s->shared_pa + DS_CMD_INFO, info, sizeof(info)))
		return false;
	*pa = get64(info + 8);
	return get32(info + 4) >= COAL_SIZE;
}

static bool depth_ok(uint32_t depth)
{
	return depth && depth <= COAL_MAX_DEPTH;
}

/**
 * vmx_coal_set() - SET_COALESCE
 * @nic: The card
 *
 * Return: 0, or 1 if the scheme is none.
 */
uint32_t vmx_coal_set(struct hwnet_nic *nic)
{
	struct vmx *v = vmx_of(nic);
	struct vmx_state *st = v->s;
	uint8_t b[COAL_SIZE];
	uint32_t mode, p[3];
	uint64_t pa;

	if (!scheme_at(v, &pa) || hwnet_dma_read(&v->nic, pa, b, sizeof(b)))
		return 1;
	mode = get32(b);
	for (unsigned i = 0; i < 3; i++)
		p[i] = get32(b + 4 + 4 * i);
	if (mode > COAL_RBC ||
	    (mode == COAL_RBC && (p[0] < COAL_MIN_RATE || p[0] > COAL_MAX_RATE)) ||
	    (mode == COAL_STATIC && !(depth_ok(p[0]) && depth_ok(p[1]) && depth_ok(p[2])))) {
		hwnet_guest_error(&v->nic, "SET_COALESCE: mode %u with %u, %u, %u", mode, p[0],
				  p[1], p[2]);
		return 1;
	}
	st->coal_mode = mode;
	if (mode == COAL_RBC)
		st->coal_rate = p[0];
	if (mode == COAL_STATIC) {
		st->coal_depth = p[0];
		st->coal_tx = p[1];
		st->coal_rx = p[2];
	}
	for (unsigned vec = 0; vec < VMX_MAX_INTRS; vec++)
		st->intr[vec].deadline = HWNET_NEVER; /* of the old scheme */
	vmx_intr_again(v);
	return 0;
}

/**
 * vmx_coal_get() - GET_COALESCE: the scheme in use, into the driver's structure
 * @nic: The card
 *
 * Return: 0, or 1 if that is not memory.
 */
uint32_t vmx_coal_get(struct hwnet_nic *nic)
{
	struct vmx *v = vmx_of(nic);
	const struct vmx_state *st = v->s;
	uint32_t b[4] = { htole32(st->coal_mode) };
	uint64_t pa;

	if (!scheme_at(v, &pa))
		return 1;
	if (st->coal_mode == COAL_RBC)
		b[1] = htole32(st->coal_rate);
	if (st->coal_mode == COAL_STATIC) {
		b[1] = htole32(st->coal_depth);
		b[2] = htole32(st->coal_tx);
		b[3] = htole32(st->coal_rx);
	}
	return hwnet_dma_write(&v->nic, pa, b, sizeof(b)) ? 1 : 0;
}
