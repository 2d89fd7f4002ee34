/* SPDX-License-Identifier: BSD-2-Clause */
#include "control-rig.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "vswitch/control.h"

struct ctl ctl_start(void)
{
	struct ctl t = { .r = rig_new() };

	t.c = rig_control(t.r);
	return t;
}

void ctl_stop(struct ctl *t)
{
	rig_free(t->r);
}

int ctl_load(struct ctl *t, const char *text)
{
	t->err[0] = 0;
	return vsw_control_load(t->c, text, strlen(text), t->err, sizeof(t->err));
}

json_t *ctl_command(struct ctl *t, const char *text)
{
	char *answer = vsw_control_execute(t->c, text, strlen(text));
	json_t *j, *ret;

	ck_assert_ptr_nonnull(answer);
	j = json_loads(answer, 0, NULL);
	ck_assert_msg(j != NULL, "%s", answer);
	ret = json_incref(json_object_get(j, "return"));
	if (!ret)
		snprintf(t->err, sizeof(t->err), "%s",
			 json_string_value(json_object_get(json_object_get(j, "error"), "desc")));
	json_decref(j);
	free(answer);
	return ret;
}

bool ctl_ok(struct ctl *t, const char *text)
{
	json_t *j = ctl_command(t, text);

	json_decref(j);
	return j != NULL;
}
