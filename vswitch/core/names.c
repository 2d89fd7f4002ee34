/* SPDX-License-Identifier: BSD-2-Clause */
/* Drop reasons and events in words, from the rows of vswitch/vswitch.h. */
#include "vswitch/vswitch.h"

static const struct {
	const char *name, *help;
	enum vsw_drop_at at;
} drops[VSW_DROP_COUNT] = {
#define ROW(reason, name, at, help) { name, help, VSW_AT_##at },
	VSW_DROPS(ROW)
#undef ROW
};

static const struct {
	const char *name, *help;
	enum vsw_event_about about;
} events[VSW_EVENT_COUNT] = {
#define ROW(kind, name, about, help) { name, help, VSW_ABOUT_##about },
	VSW_EVENTS(ROW)
#undef ROW
};

const char *vsw_drop_name(unsigned reason)
{
	return reason < VSW_DROP_COUNT ? drops[reason].name : NULL;
}

const char *vsw_drop_help(unsigned reason)
{
	return reason < VSW_DROP_COUNT ? drops[reason].help : NULL;
}

enum vsw_drop_at vsw_drop_at(enum vsw_drop reason)
{
	return drops[reason].at;
}

const char *vsw_event_name(unsigned kind)
{
	return kind < VSW_EVENT_COUNT ? events[kind].name : NULL;
}

const char *vsw_event_help(unsigned kind)
{
	return kind < VSW_EVENT_COUNT ? events[kind].help : NULL;
}

enum vsw_event_about vsw_event_about(enum vsw_event_kind kind)
{
	return events[kind].about;
}
