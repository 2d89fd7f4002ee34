/* SPDX-License-Identifier: BSD-2-Clause */
/* Checking a switch's document by the code of the switch, as vswitchctl config check does. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "vswitch/control.h"

static int64_t no_time(void *opaque)
{
	return 0;
}

static void no_timer(void *opaque, int64_t deadline)
{
}

bool check_switch(const struct vswitch *s, const json_t *doc, struct trouble *bad)
{
	static const struct vsw_host host = { no_time, no_timer, NULL };
	/* what opens an uplink is the daemon's */
	static const char *const port_keys[] = { "connect", NULL };
	static const struct vsw_control_host keys = { no_time, no_timer, .port_keys = port_keys };
	const struct vsw_conf conf = { .name = "check", .host = &host };
	char err[400] = "out of memory", *text = json_dumps(doc, JSON_COMPACT);
	struct vsw *sw = vsw_new(&conf, err, sizeof(err));
	struct vsw_control *ctl = sw ? vsw_control_new(sw, &keys, NULL) : NULL;
	bool ok = ctl && text && vsw_control_load(ctl, text, strlen(text), err, sizeof(err)) == 0;

	vsw_control_free(ctl);
	vsw_free(sw);
	free(text);
	return ok ? true :
		    trouble_at(bad, s->file, s->line, "switch '%s' cannot be one here: %s", s->name,
			       err);
}
