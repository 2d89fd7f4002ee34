/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine runs, stops, sleeps, wakes: who wants to know.
 *
 * DOC: Theory of Operation
 *
 * QEMU has lists of those it tells, and walks over them with the next entry in its hand. Whoever is
 * told may let frames go, frames may remove a card (life.h), and a removed card would free the
 * entry that QEMU holds. So QEMU tells this file alone, which never leaves its lists, and this file
 * tells the others in a way that bears that any of them goes meanwhile.
 */
#ifndef VC_MACHINE_H
#define VC_MACHINE_H

#include "compat.h"

/* enum vc_machine_event - what happened */
enum vc_machine_event {
	VC_MACHINE_STATE,   /* it runs now, or does no longer */
	VC_MACHINE_SUSPEND, /* S3 is about to begin; no VC_MACHINE_STATE says so */
	VC_MACHINE_WAKEUP,  /* S3 has ended */
};

/**
 * struct vc_watch - Who is told
 * @notify: Tells; any watcher may be dropped meanwhile
 * @told:   Last event that it was told of
 * @next:   In the list
 */
struct vc_watch {
	void (*notify)(struct vc_watch *w, enum vc_machine_event event);
	uint64_t told;
	QLIST_ENTRY(vc_watch) next;
};

/**
 * vc_watch_machine() - Be told from now on
 * @w:      Filled
 * @notify: See struct vc_watch
 */
void vc_watch_machine(struct vc_watch *w,
		      void (*notify)(struct vc_watch *w, enum vc_machine_event event));

/**
 * vc_unwatch_machine() - No longer
 * @w: As filled by vc_watch_machine()
 */
void vc_unwatch_machine(struct vc_watch *w);

#endif
