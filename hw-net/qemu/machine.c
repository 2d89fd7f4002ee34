// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine's state; see machine.h. */
#include "machine.h"

static QLIST_HEAD(, vc_watch) watchers = QLIST_HEAD_INITIALIZER(watchers);

/* Number of the last event. */
static uint64_t events;

static struct vc_watch *first_untold(uint64_t event)
{
	struct vc_watch *w;

	QLIST_FOREACH(w, &watchers, next)
		if (w->told < event)
			return w;
	return NULL;
}

/* From the beginning after each: the list may be another one then. */
static void tell_all(enum vc_machine_event event)
{
	uint64_t number = ++events;
	struct vc_watch *w;

	while ((w = first_untold(number))) {
		w->told = number;
		w->notify(w, event);
	}
}

static void state_changed(void *opaque, bool running, RunState state)
{
	tell_all(VC_MACHINE_STATE);
}

static void suspended(Notifier *n, void *data)
{
	tell_all(VC_MACHINE_SUSPEND);
}

static void woken(Notifier *n, void *data)
{
	tell_all(VC_MACHINE_WAKEUP);
}

static void listen_to_qemu(void)
{
	static Notifier suspend = { .notify = suspended }, wakeup = { .notify = woken };

	qemu_add_vm_change_state_handler(state_changed, NULL);
	qemu_register_suspend_notifier(&suspend);
	qemu_register_wakeup_notifier(&wakeup);
}

void vc_watch_machine(struct vc_watch *w,
		      void (*notify)(struct vc_watch *w, enum vc_machine_event event))
{
	static bool listening;

	if (!listening)
		listen_to_qemu();
	listening = true;
	w->notify = notify;
	w->told = events;
	QLIST_INSERT_HEAD(&watchers, w, next);
}

void vc_unwatch_machine(struct vc_watch *w)
{
	QLIST_REMOVE(w, next);
}
