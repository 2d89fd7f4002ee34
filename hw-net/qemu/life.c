// SPDX-License-Identifier: GPL-2.0-or-later
/* How long a device of ours lives; see life.h. */
#include "life.h"

/* What is left of a removed device. */
struct vc_life_rest {
	Object *obj;
	void (*finish)(Object *obj);
	QSIMPLEQ_ENTRY(vc_life_rest) next;
};

void vc_life_init(struct vc_life *l)
{
	l->holds = 0;
	l->due = false;
	QSIMPLEQ_INIT(&l->ended);
}

/* @l may be part of what is freed. */
static void bottom_half(void *opaque)
{
	struct vc_life *l = opaque;
	struct vc_life_rest *e = QSIMPLEQ_FIRST(&l->ended);

	l->due = false;
	if (l->holds)
		return; /* in an event loop inside a call: vc_life_put() asks again */
	QSIMPLEQ_REMOVE_HEAD(&l->ended, next);
	if (!QSIMPLEQ_EMPTY(&l->ended))
		vc_life_release(l);
	e->finish(e->obj);
	object_unref(e->obj);
	g_free(e);
}

void vc_life_release(struct vc_life *l)
{
	if (l->due)
		return;
	l->due = true;
	aio_bh_schedule_oneshot(qemu_get_aio_context(), bottom_half, l);
}

void vc_life_end(struct vc_life *l, Object *obj, void (*finish)(Object *obj))
{
	struct vc_life_rest *e;

	if (!l->holds) {
		finish(obj);
		return;
	}
	e = g_new(struct vc_life_rest, 1);
	*e = (struct vc_life_rest) { .obj = object_ref(obj), .finish = finish };
	QSIMPLEQ_INSERT_TAIL(&l->ended, e, next);
}
