/* SPDX-License-Identifier: BSD-2-Clause */
/* Configurations that wait for their confirmation (confirm.h has the theory). */
#include "control/confirm.h"

#include <stdio.h>

#include "control/capture.h"
#include "control/config.h"
#include "control/state.h"
#include "vswitch/fail.h"
#include "vswitch/manage.h"

#define NS_PER_S INT64_C(1000000000)

static void set_deadline(struct vsw_control *ctl, int64_t deadline)
{
	ctl->confirm_by = deadline;
	vsw_control_wish(ctl);
}

/**
 * vsw_confirm_check() - May another document be put in force?
 * @ctl:    The control
 * @err:    If not, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1: one waits for its confirmation.
 */
int vsw_confirm_check(const struct vsw_control *ctl, char *err, size_t errlen)
{
	return ctl->previous ?
		       vsw_fail(err, errlen,
				"a configuration waits for its confirmation: config-confirm "
				"keeps it, config-rollback takes it back") :
		       0;
}

/**
 * vsw_confirm_await() - Go back to a document, unless vsw_confirm_end() is called in time
 * @ctl:      The control, which has a host; the change is in force
 * @previous: The document before it; none waits yet
 * @seconds:  How long
 */
void vsw_confirm_await(struct vsw_control *ctl, json_t *previous, unsigned seconds)
{
	ctl->previous = json_incref(previous);
	set_deadline(ctl, ctl->host->now(ctl->host_opaque) + seconds * NS_PER_S);
}

/**
 * vsw_confirm_end() - Nothing waits any more: what is in force stays
 * @ctl: The control
 */
void vsw_confirm_end(struct vsw_control *ctl)
{
	json_decref(ctl->previous);
	ctl->previous = NULL;
	set_deadline(ctl, VSW_NEVER);
}

/* struct reporting - arguments of report_there() */
struct reporting {
	struct vsw *sw;
	const struct vsw_event *ev;
};

static bool report_there(void *arg)
{
	struct reporting *r = arg;

	vsw_report(r->sw, r->ev);
	return false;
}

static void roll_back(struct vsw_control *ctl)
{
	struct vsw_event ev = { .kind = VSW_EVENT_ROLLBACK };
	struct reporting r = { ctl->sw, &ev };
	char err[200] = "", text[300];
	int ret = vsw_config_apply(ctl, ctl->previous, true, err, sizeof(err));

	vsw_confirm_end(ctl);
	snprintf(text, sizeof(text), "configuration was not confirmed, %s%s",
		 ret == 0 ? "the previous one is in force" : "and could not be taken back: ", err);
	ev.text = text;
	vsw_control_at_switch(ctl, report_there, &r);
}

void vsw_control_timer(struct vsw_control *ctl)
{
	int64_t now;

	if (!ctl->host || ctl->wished == VSW_NEVER)
		return;
	now = ctl->host->now(ctl->host_opaque);
	ctl->wished = VSW_NEVER; /* the host has none any more */
	vsw_captures_expire(ctl, now);
	if (now >= ctl->confirm_by)
		roll_back(ctl);
	else
		vsw_control_wish(ctl);
}
