/* SPDX-License-Identifier: BSD-2-Clause */
/* How many descriptors the daemon may have, and may come to need. */
#include "nofile.h"

#include <sys/resource.h>

#include "daemon.h"
#include "dswitch.h"
#include "listen.h"
#include "log.h"
#include "port.h"

/* Of the control socket and its clients, the log, both threads, a hand-over */
#define OWN 128u

void vd_nofile_raise(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) < 0)
		return;
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
}

static unsigned long of_a_wire(const struct vsw_transport *t)
{
	return t && t->fds ? t->fds : 1;
}

/* Ports that the document has, and clients that its listeners let in */
static unsigned long of_a_switch(const struct dswitch *sw)
{
	unsigned long n = 0;
	GHashTableIter it;
	gpointer p;

	g_hash_table_iter_init(&it, sw->ports);
	while (g_hash_table_iter_next(&it, NULL, &p))
		if (((struct port *)p)->lasting)
			n += of_a_wire(((struct port *)p)->transport);
	for (guint i = 0; i < sw->listeners->len; i++) {
		const struct listener *l = g_ptr_array_index(sw->listeners, i);

		n += 1 + l->conf->max * of_a_wire(l->transport);
	}
	return n;
}

void vd_nofile_check(const struct daemon *d)
{
	unsigned long n = OWN;
	struct rlimit r;
	GHashTableIter it;
	gpointer sw;

	g_hash_table_iter_init(&it, d->switches);
	while (g_hash_table_iter_next(&it, NULL, &sw))
		n += of_a_switch(sw);
	if (getrlimit(RLIMIT_NOFILE, &r) < 0 || n <= r.rlim_cur)
		return;
	vd_log(VD_WARNING,
	       "the configuration lets in what may take %lu descriptors, and the limit is %lu: "
	       "raise it (ulimit -Hn; LimitNOFILE= of the unit), or lower \"max\" of listeners",
	       n, (unsigned long)r.rlim_cur);
}
