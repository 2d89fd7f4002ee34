/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory of another process; see map.h. */
#include "map.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* #syscalls control fstat fstatfs sigaction */

#ifndef MADV_POPULATE_WRITE /* Linux 5.14 */
#define MADV_POPULATE_WRITE 23
#endif

#define PAGE	  4096u
#define TMPFS	  0x01021994
#define HUGETLBFS 0x958458f6

/*
 * An entry of the handler's table. @turn is odd while the entry is in use, and changes with each
 * use: a handler on another thread that looks while the entry changes hands takes it for none.
 */
struct guard {
	_Atomic unsigned turn;
	_Atomic uintptr_t base;
	_Atomic size_t len;
	_Atomic(atomic_bool *) broken;
};

static struct guard guards[PEER_MAPS];
static struct sigaction before;
static atomic_flag installed = ATOMIC_FLAG_INIT;

/* Does an address lie in a guarded map? Then its memory is replaced. */
static bool replace(struct guard *g, uintptr_t at)
{
	unsigned turn = g->turn;
	uintptr_t base = g->base;
	size_t len = g->len;
	atomic_bool *broken = g->broken;

	if (!(turn & 1) || at - base >= len || g->turn != turn)
		return false;
	*broken = true;
	return mmap((void *)base, len, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0) != MAP_FAILED;
}

/* None of ours: as if there were no handler of ours */
static void pass_on(int sig, siginfo_t *info, void *context)
{
	if (before.sa_flags & SA_SIGINFO)
		before.sa_sigaction(sig, info, context);
	else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN)
		before.sa_handler(sig);
	else
		sigaction(sig, &before, NULL); /* the access faults again, and ends the process */
}

static void on_sigbus(int sig, siginfo_t *info, void *context)
{
	int was = errno;
	bool done = false;

	for (unsigned i = 0; i < PEER_MAPS && !done; i++)
		done = replace(&guards[i], (uintptr_t)info->si_addr);
	if (!done)
		pass_on(sig, info, context);
	errno = was;
}

static void install(void)
{
	struct sigaction act = { .sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO };

	if (!atomic_flag_test_and_set(&installed))
		sigaction(SIGBUS, &act, &before);
}

/* Return: the entry, or PEER_MAPS if all are in use */
static unsigned guard_add(const struct peer_map *map, atomic_bool *broken)
{
	unsigned i;

	install();
	for (i = 0; i < PEER_MAPS; i++) {
		struct guard *g = &guards[i];
		size_t none = 0;

		/* a length of 0 is a free entry; 1 that of nobody's yet */
		if (!atomic_compare_exchange_strong(&g->len, &none, 1))
			continue;
		g->base = (uintptr_t)map->base;
		g->broken = broken;
		g->len = map->len;
		g->turn++;
		break;
	}
	return i;
}

static void guard_remove(unsigned i)
{
	guards[i].turn++;
	guards[i].len = 0;
}

static bool is_memory(const struct stat *st, const struct statfs *fs)
{
	return S_ISREG(st->st_mode) && (fs->f_type == TMPFS || fs->f_type == HUGETLBFS);
}

bool peer_is_memory(int fd)
{
	struct statfs fs;
	struct stat st;

	return !fstat(fd, &st) && !fstatfs(fd, &fs) && is_memory(&st, &fs);
}

/* Is it memory, and is the range in it? Finds the size of its pages. */
static const char *check(int fd, uint64_t offset, uint64_t size, uint64_t *page)
{
	struct statfs fs;
	struct stat st;

	if (fstat(fd, &st) || fstatfs(fd, &fs))
		return "no file";
	if (!is_memory(&st, &fs))
		return "not shared memory: a file of memfd, tmpfs or hugetlbfs is needed";
	*page = (uint64_t)fs.f_bsize;
	if (!size || offset > (uint64_t)st.st_size || size > (uint64_t)st.st_size - offset)
		return "beyond the end of its file";
	return NULL;
}

const char *peer_map(struct peer_map *map, int fd, uint64_t offset, uint64_t size,
		     atomic_bool *broken)
{
	uint64_t page, in;
	const char *why = check(fd, offset, size, &page);

	if (why)
		return why;
	in = offset % page;
	/* a range may begin anywhere in a huge page, a map may not */
	map->len = (size + in + page - 1) / page * page;
	map->base = mmap(NULL, map->len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd,
			 (off_t)(offset - in));
	if (map->base == MAP_FAILED) {
		memset(map, 0, sizeof(*map));
		return "cannot be mapped";
	}
	map->guard = guard_add(map, broken);
	if (map->guard == PEER_MAPS) {
		munmap(map->base, map->len);
		memset(map, 0, sizeof(*map));
		return "this process has too many maps";
	}
	madvise(map->base, map->len, MADV_DONTDUMP);
	map->host = (uint8_t *)map->base + in;
	map->size = size;
	map->offset = offset;
	map->fd = fd;
	return NULL;
}

void peer_map_touch(void *at, uint64_t len)
{
	uintptr_t begin = (uintptr_t)at & ~(uintptr_t)(PAGE - 1);

	madvise((void *)begin, (uintptr_t)at + len - begin, MADV_POPULATE_WRITE);
}

void peer_unmap(struct peer_map *map)
{
	if (!map->base)
		return;
	guard_remove(map->guard);
	munmap(map->base, map->len);
	close(map->fd);
	memset(map, 0, sizeof(*map));
}
