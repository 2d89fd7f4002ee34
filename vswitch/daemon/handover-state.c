/* SPDX-License-Identifier: BSD-2-Clause */
/* States of switches on their way (handover-state.h). */
#include "handover-state.h"

#include "daemon.h"
#include "dswitch.h"
#include "log.h"
#include "vswitch/fail.h"

/* struct act - arguments and result of what follows, on the frame thread */
struct act {
	struct handover_switch *s;
	struct dswitch *sw;
	struct vsw_loading *loading;
	char *err;
	size_t errlen;
};

static bool begin_there(void *opaque)
{
	struct act *a = opaque;

	a->s->early = vsw_early_new(a->s->sw->sw, a->err, a->errlen);
	return false;
}

static bool copy_there(void *opaque)
{
	return vsw_early_copy(((struct act *)opaque)->s->early);
}

int vd_state_early(struct handover_switch *s, char *err, size_t errlen)
{
	struct act a = { .s = s, .err = err, .errlen = errlen };
	struct vsw_worker *worker = s->sw->daemon->worker;

	vsw_blob_init(&s->blob, VSW_SWITCH_STATE_MAX);
	vsw_worker_call(worker, begin_there, &a);
	if (!s->early)
		return -1;
	vsw_worker_call(worker, copy_there, &a);
	return vsw_early_save(s->early, &s->blob, err, errlen);
}

int vd_state_late(struct handover_switch *s, char *err, size_t errlen)
{
	vsw_blob_fini(&s->blob);
	return vsw_switch_save_late(s->sw->sw, s->early, &s->blob, err, errlen);
}

static bool free_there(void *opaque)
{
	struct act *a = opaque;

	vsw_early_free(a->s->early);
	return false;
}

void vd_state_fini(struct handover_switch *s)
{
	struct act a = { .s = s };

	vsw_worker_call(s->sw->daemon->worker, free_there, &a);
	vsw_blob_fini(&s->blob);
}

static void left_out(void *opaque, const char *line)
{
	const struct dswitch *sw = opaque;

	vd_log(VD_NOTICE, "switch '%s': not taken over: %s", sw->name, line);
}

static bool put_there(void *opaque)
{
	struct act *a = opaque;
	const struct vsw_left_out out = { left_out, a->sw };

	vsw_state_put(a->loading, a->sw->sw, NULL, &out);
	return false;
}

int vd_state_load(struct dswitch *sw, const uint8_t *bytes, size_t len, char *err, size_t errlen)
{
	struct act a = { .sw = sw };
	char why[200];
	int ret = 0;

	a.loading = vsw_state_read(bytes, len, why, sizeof(why));
	if (!a.loading)
		return vsw_fail(err, errlen, "switch '%s': %s", sw->name, why);
	if (vsw_state_of_switch(a.loading))
		vsw_worker_call(sw->daemon->worker, put_there, &a);
	else
		ret = vsw_fail(err, errlen, "switch '%s': the state is of a port", sw->name);
	vsw_state_free(a.loading);
	return ret;
}
