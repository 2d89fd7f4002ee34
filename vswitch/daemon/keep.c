/* SPDX-License-Identifier: BSD-2-Clause */
/* Counters that outlive the process (keep.h has the theory). */
#define _GNU_SOURCE /* memfd_create() */
#include "keep.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon.h"
#include "dswitch.h"
#include "log.h"
#include "notify.h"
#include "port.h"

/* #syscalls control memfd_create pread pwrite */

#define NAME	    "counters"
#define MAGIC	    UINT64_C(0x0170656b77736376) /* "vcswkep" and a 1 */
#define RECORDS_MAX 65536u
#define KEEP_S	    60
#define PIECE	    64u /* ports whose counters are copied between two bursts */

/* struct record - what a port has counted */
struct record {
	char sw[VSW_NAME_MAX], port[VSW_NAME_MAX];
	struct vsw_counters c;
};

/* struct head - of a half; records follow */
struct head {
	uint64_t magic, turn, sum;
	uint32_t size, n;
};

#define HALF ((off_t)(sizeof(struct head) + RECORDS_MAX * sizeof(struct record)))

/* struct keep - @left: records of the process before us, by switch and port, until @until;
 * @written: what was written last */
struct keep {
	struct daemon *daemon;
	int fd;
	uint64_t turn;
	GHashTable *left;
	gint64 until;
	GArray *written;
	GSource *timer;
};

/* FNV-1a, by words */
static uint64_t sum_of(const struct record *r, uint32_t n)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325), word;
	const char *at = (const char *)r, *end = (const char *)(r + n);

	for (; at < end; at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		sum = (sum ^ word) * UINT64_C(0x100000001b3);
	}
	return sum;
}

_Static_assert(sizeof(struct record) % sizeof(uint64_t) == 0, "a record is whole words");

static char *key_of(const char *sw, const char *id)
{
	return g_strdup_printf("%s\n%s", sw, id);
}

/* A half of a file. Return: its records, or NULL */
static struct record *read_half(int fd, unsigned half, struct head *h)
{
	off_t at = half * HALF;
	struct record *r;
	size_t len;

	if (pread(fd, h, sizeof(*h), at) != sizeof(*h) || h->magic != MAGIC ||
	    h->size != sizeof(*r) || h->n > RECORDS_MAX)
		return NULL;
	len = h->n * sizeof(*r);
	r = g_malloc(len + 1);
	if (pread(fd, r, len, at + (off_t)sizeof(*h)) == (ssize_t)len && sum_of(r, h->n) == h->sum)
		return r;
	g_free(r);
	return NULL;
}

static void read_file(struct keep *k)
{
	struct head a, b;
	g_autofree struct record *first = read_half(k->fd, 0, &a),
				 *second = read_half(k->fd, 1, &b);
	bool newer = second && (!first || b.turn > a.turn);
	struct record *r = newer ? second : first;
	uint32_t n = newer ? b.n : first ? a.n : 0;

	k->turn = newer ? b.turn : first ? a.turn : 0;
	for (uint32_t i = 0; i < n; i++) {
		r[i].sw[VSW_NAME_MAX - 1] = r[i].port[VSW_NAME_MAX - 1] = 0;
		g_hash_table_replace(k->left, key_of(r[i].sw, r[i].port),
				     g_memdup2(&r[i], sizeof(r[i])));
	}
	if (n)
		vd_log(VD_NOTICE, "counters of %u ports go on from the process before", n);
}

static struct keep *keep_new(struct daemon *d, int fd)
{
	struct keep *k = g_new0(struct keep, 1);

	k->daemon = d;
	k->fd = fd;
	k->left = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	k->written = g_array_new(FALSE, TRUE, sizeof(struct record));
	k->until = g_get_monotonic_time() + KEEP_S * G_USEC_PER_SEC;
	return k;
}

void vd_keep_open(struct daemon *d)
{
	int fd = vd_notify_managed() ? vd_notify_stored(NAME) : -1;

	if (fd >= 0) {
		d->keep = keep_new(d, fd);
		read_file(d->keep);
	}
	vd_notify_close_stored();
}

bool vd_keep_find(struct daemon *d, const char *sw, const char *id, struct vsw_counters *c)
{
	g_autofree char *key = d->keep ? key_of(sw, id) : NULL;
	const struct record *r = key ? g_hash_table_lookup(d->keep->left, key) : NULL;

	if (!r)
		return false;
	*c = r->c;
	g_hash_table_remove(d->keep->left, key);
	return true;
}

/* struct gathering - ports whose counters are copied, a piece between two bursts */
struct gathering {
	GPtrArray *ports;
	struct record *r;
	guint done;
};

static bool count_there(void *opaque)
{
	struct gathering *g = opaque;

	for (guint i = 0; i < PIECE && g->done < g->ports->len; i++, g->done++) {
		const struct port *p = g_ptr_array_index(g->ports, g->done);

		vsw_port_counters(p->jack.port, &g->r[g->done].c);
	}
	return g->done < g->ports->len;
}

static void list_ports(const struct daemon *d, GPtrArray *ports)
{
	GHashTableIter switches, it;
	gpointer sw, p;

	g_hash_table_iter_init(&switches, d->switches);
	while (g_hash_table_iter_next(&switches, NULL, &sw)) {
		g_hash_table_iter_init(&it, ((struct dswitch *)sw)->ports);
		while (g_hash_table_iter_next(&it, NULL, &p))
			if (ports->len < RECORDS_MAX)
				g_ptr_array_add(ports, p);
	}
}

/* All ports, and those that have not come back yet */
static GArray *gather(struct keep *k)
{
	g_autoptr(GPtrArray) ports = g_ptr_array_new();
	GArray *all = g_array_new(FALSE, TRUE, sizeof(struct record));
	struct gathering g = { .ports = ports };
	GHashTableIter it;
	gpointer r;

	list_ports(k->daemon, ports);
	g_array_set_size(all, ports->len);
	g.r = (struct record *)all->data;
	for (guint i = 0; i < ports->len; i++) {
		const struct port *p = g_ptr_array_index(ports, i);

		g_strlcpy(g.r[i].sw, p->sw->name, VSW_NAME_MAX);
		g_strlcpy(g.r[i].port, p->id, VSW_NAME_MAX);
	}
	vsw_worker_call(k->daemon->worker, count_there, &g);
	g_hash_table_iter_init(&it, k->left);
	while (all->len < RECORDS_MAX && g_hash_table_iter_next(&it, NULL, &r))
		g_array_append_vals(all, r, 1);
	return all;
}

/* Into the half that is older; its head last */
static void write_file(struct keep *k, const GArray *all)
{
	const struct record *r = (const struct record *)all->data;
	size_t len = all->len * sizeof(*r);
	struct head h = { MAGIC, ++k->turn, sum_of(r, all->len), sizeof(*r), all->len };
	off_t at = k->turn % 2 ? 0 : HALF;
	static const struct head none;

	if (pwrite(k->fd, &none, sizeof(none), at) != sizeof(none) ||
	    pwrite(k->fd, r, len, at + (off_t)sizeof(h)) != (ssize_t)len ||
	    pwrite(k->fd, &h, sizeof(h), at) != sizeof(h))
		vd_log(VD_WARNING, "counters are not kept: the file of memory cannot be written");
}

static bool same(const GArray *a, const GArray *b)
{
	return a->len == b->len &&
	       (!a->len || !memcmp(a->data, b->data, a->len * sizeof(struct record)));
}

static void keep_now(struct keep *k)
{
	GArray *all;

	if (g_get_monotonic_time() > k->until)
		g_hash_table_remove_all(k->left);
	all = gather(k);
	if (!same(all, k->written))
		write_file(k, all);
	g_array_free(k->written, TRUE);
	k->written = all;
}

static gboolean on_timer(gpointer opaque)
{
	keep_now(opaque);
	return G_SOURCE_CONTINUE;
}

void vd_keep_begin(struct daemon *d)
{
	int fd;

	if (!vd_notify_managed())
		return;
	if (!d->keep) {
		fd = memfd_create(NAME, MFD_CLOEXEC);
		if (fd < 0)
			return;
		d->keep = keep_new(d, fd);
		vd_notify_drop(NAME); /* that of a process that was taken over */
		vd_notify_store(fd, NAME);
	}
	d->keep->timer = g_timeout_source_new_seconds(1);
	g_source_set_callback(d->keep->timer, on_timer, d->keep, NULL);
	g_source_attach(d->keep->timer, d->context);
}

void vd_keep_end(struct daemon *d)
{
	struct keep *k = d->keep;

	if (!k)
		return;
	d->keep = NULL;
	keep_now(k);
	g_source_destroy(k->timer);
	g_source_unref(k->timer);
	g_hash_table_destroy(k->left);
	g_array_free(k->written, TRUE);
	close(k->fd);
	g_free(k);
}
