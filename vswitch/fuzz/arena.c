/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that can be put back; see arena.h. */
#include "arena.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fake-priv.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(ARENA_ASAN)
#define ARENA_ASAN 1
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define ARENA_DELAY 16u
#define UNCHECKED   __attribute__((no_sanitize_address))
#else
#define ASAN_POISON_MEMORY_REGION(p, n)	  ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ARENA_DELAY			  0u
#define UNCHECKED
#endif

#define ARENAS	   8u
#define ARENA_SIZE ((size_t)64 << 20) /* of addresses; memory is what is used */
#define ARENA_FILL 0xbe
/* Bytes of a new block that are filled */
#define ARENA_FILLED 4096u
#define CLASSES	     100u

#define PAGE  4096u
#define PAGES (ARENA_SIZE / PAGE)
/* So often is a page compared since it was written last */
#define IDLE 400u

/* In front of each block; @next: in a list of those that were given back */
struct block {
	uint32_t size, class;
	struct block *next;
};

_Static_assert(sizeof(struct block) == 16, "blocks are aligned");

/* At the arena's begin; it is put back with all else */
struct head {
	size_t used, live;
	struct {
		struct block *first, **last;
		unsigned n;
	} list[CLASSES];
};

/*
 * @bytes: The arena
 * @image: @shadow: What it was, and what the sanitizer knew of it
 * @pages: How many of it are watched
 * @written: Those that were written
 */
struct arena {
	uint8_t *bytes, *image, *shadow;
	size_t pages, n_written;
	uint32_t written[PAGES];
	bool is_written[PAGES];
	uint16_t idle[PAGES];
};

static struct arena arenas[ARENAS], *on;
static unsigned n_arenas;
/* Addresses of all */
static uint8_t *space;
static struct sigaction old_action;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void __real_free(void *p);
void *__real_mmap64(void *at, size_t size, int prot, int flags, int fd, off_t off);
int __real_munmap(void *p, size_t size);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void __wrap_free(void *p);
void *__wrap_mmap64(void *at, size_t size, int prot, int flags, int fd, off_t off);
int __wrap_munmap(void *p, size_t size);

/* Return: whose it is; NULL: the C library's. */
static struct arena *owner(const void *p)
{
	size_t at = (size_t)((uintptr_t)p - (uintptr_t)space);

	return space && at < n_arenas * ARENA_SIZE ? &arenas[at / ARENA_SIZE] : NULL;
}

static struct head *head(const struct arena *a)
{
	return (struct head *)a->bytes;
}

/* ---- blocks ---- */

/* Four sizes for each power of two. Return: the class; @size is rounded up to that of its blocks */
static unsigned class_of(size_t *size)
{
	unsigned log, quarter;
	size_t n = *size ? *size - 1 : 0;

	if (n < 64) {
		*size = (n / 16 + 1) * 16;
		return (unsigned)n / 16;
	}
	log = 63u - (unsigned)__builtin_clzll(n);
	quarter = n >> (log - 2) & 3;
	*size = (size_t)(5u + quarter) << (log - 2);
	return 4 + (log - 6) * 4 + quarter;
}

UNCHECKED static struct block *reuse(struct head *h, unsigned class)
{
	struct block *b = h->list[class].first;

	if (h->list[class].n <= ARENA_DELAY)
		return NULL;
	h->list[class].first = b->next;
	h->list[class].n--;
	return b;
}

UNCHECKED static struct block *cut(struct head *h, size_t room)
{
	struct block *b = (struct block *)((uint8_t *)h + h->used);

	if (h->used + room > ARENA_SIZE)
		fake_fail("out of memory");
	h->used += room;
	return b;
}

UNCHECKED static void *lend(size_t size)
{
	size_t room = size + sizeof(struct block) + 16;
	struct head *h = head(on);
	unsigned class;
	struct block *b;

	if (size > ARENA_SIZE / 2)
		return NULL;
	class = class_of(&room);
	b = reuse(h, class);
	if (!b)
		b = cut(h, room);
	h->live++;
	b->size = (uint32_t)size;
	b->class = class;
	ASAN_UNPOISON_MEMORY_REGION(b + 1, size);
	return b + 1;
}

UNCHECKED static void take_back(struct arena *a, void *p)
{
	struct block *b = (struct block *)p - 1;
	struct head *h = head(a);

#ifdef ARENA_ASAN
	if (b->size && __asan_address_is_poisoned(p))
		fake_fail("memory is given back twice");
#endif
	ASAN_POISON_MEMORY_REGION(p, b->size);
	h->live--;
	if ((size_t)((uint8_t *)b - a->bytes) < a->pages * PAGE)
		return;
	b->next = NULL;
	if (h->list[b->class].n++)
		*h->list[b->class].last = b;
	else
		h->list[b->class].first = b;
	h->list[b->class].last = &b->next;
}

UNCHECKED static size_t size_of(const void *p)
{
	return ((const struct block *)p - 1)->size;
}

/* ---- what the linker puts in the place of the C library's ---- */

void *__wrap_malloc(size_t size)
{
	void *p;

	if (!on)
		return __real_malloc(size);
	p = lend(size);
	if (p)
		memset(p, ARENA_FILL, size < ARENA_FILLED ? size : ARENA_FILLED);
	return p;
}

void *__wrap_calloc(size_t n, size_t size)
{
	void *p;

	if (!on)
		return __real_calloc(n, size);
	if (size && n > ARENA_SIZE / size)
		return NULL;
	p = lend(n * size);
	if (p)
		memset(p, 0, n * size);
	return p;
}

void __wrap_free(void *p)
{
	struct arena *a = owner(p);

	if (a)
		take_back(a, p);
	else
		__real_free(p);
}

void *__wrap_realloc(void *old, size_t size)
{
	struct arena *a = owner(old);
	void *p;

	if (old ? !a : !on)
		return __real_realloc(old, size);
	p = __wrap_malloc(size);
	if (p && old) {
		memcpy(p, old, size < size_of(old) ? size : size_of(old));
		take_back(a, old);
	}
	return p;
}

void *__wrap_mmap64(void *at, size_t size, int prot, int flags, int fd, off_t off)
{
	void *p;

	if (!on || fd >= 0)
		return __real_mmap64(at, size, prot, flags, fd, off);
	p = __wrap_calloc(1, size);
	return p ? p : MAP_FAILED;
}

int __wrap_munmap(void *p, size_t size)
{
	struct arena *a = owner(p);

	if (!a)
		return __real_munmap(p, size);
	take_back(a, p);
	return 0;
}

/* ---- which pages were written ---- */

UNCHECKED static void note_written(struct arena *a, size_t n)
{
	mprotect(a->bytes + n * PAGE, PAGE, PROT_READ | PROT_WRITE);
	a->is_written[n] = true;
	a->idle[n] = 0;
	a->written[a->n_written++] = (uint32_t)n;
}

/* A page that is watched can only be read. */
UNCHECKED static void on_fault(int sig, siginfo_t *info, void *context)
{
	struct arena *a = owner(info->si_addr);
	size_t n = a ? (size_t)((uint8_t *)info->si_addr - a->bytes) / PAGE : 0;

	if (a && n < a->pages && !a->is_written[n])
		note_written(a, n);
	else /* it comes again, for whom it is */
		sigaction(sig, &old_action, NULL);
}

static void catch_faults(void)
{
	struct sigaction act = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER };
	static bool done;

	if (!done)
		sigaction(SIGSEGV, &act, &old_action);
	done = true;
}

/* ---- images ---- */

/* memcpy() and memcmp() that no sanitizer looks at */
UNCHECKED static void copy(void *to, const void *from, size_t len)
{
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(len) : : "memory");
}

UNCHECKED static bool is_same(const void *a, const void *b)
{
	const uint64_t *p = a, *q = b;
	uint64_t differ = 0;

	for (size_t i = 0; i < PAGE / 8 && !differ; i += 32)
		for (size_t k = i; k < i + 32; k++)
			differ |= p[k] ^ q[k];
	return !differ;
}

static uint8_t *shadow_of(const void *p)
{
#ifdef ARENA_ASAN
	size_t scale, offset;

	__asan_get_shadow_mapping(&scale, &offset);
	return (uint8_t *)(((uintptr_t)p >> scale) + offset);
#else
	return NULL;
#endif
}

struct arena *arena_new(void)
{
	struct arena *a = &arenas[n_arenas];

	if (!space)
		space = __real_mmap64(NULL, ARENAS * ARENA_SIZE, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (space == MAP_FAILED || n_arenas == ARENAS)
		fake_fail("out of memory");
	a->bytes = space + n_arenas++ * ARENA_SIZE;
	head(a)->used = (sizeof(struct head) + 15) / 16 * 16;
	ASAN_POISON_MEMORY_REGION(a->bytes + head(a)->used, ARENA_SIZE - head(a)->used);
	return a;
}

void arena_begin(struct arena *a)
{
	on = a;
}

void arena_end(void)
{
	on = NULL;
}

size_t arena_live(const struct arena *a)
{
	return head(a)->live;
}

void arena_keep(struct arena *a)
{
	struct head *h = head(a);
	size_t used;

	a->pages = (h->used + PAGE - 1) / PAGE;
	h->used = used = a->pages * PAGE;
	memset(h->list, 0, sizeof(h->list));
	a->image = __real_malloc(used);
	a->shadow = __real_malloc(used / 8);
	if (!a->image || !a->shadow)
		fake_fail("out of memory");
	copy(a->image, a->bytes, used);
	if (shadow_of(a->bytes))
		copy(a->shadow, shadow_of(a->bytes), used / 8);
	mprotect(a->bytes, used, PROT_READ);
}

/* Return: the page is watched again. */
static bool put_page_back(struct arena *a, uint32_t n)
{
	uint8_t *page = a->bytes + (size_t)n * PAGE, *was = a->image + (size_t)n * PAGE;

	if (!is_same(page, was)) {
		copy(page, was, PAGE);
		a->idle[n] = 0;
	} else if (++a->idle[n] == IDLE) {
		mprotect(page, PAGE, PROT_READ);
		a->is_written[n] = false;
		return true;
	}
	return false;
}

void arena_put_back(struct arena *a)
{
	size_t used = a->pages * PAGE, kept = 0;

	catch_faults();
	if (head(a)->used > used)
		ASAN_POISON_MEMORY_REGION(a->bytes + used, head(a)->used - used);
	for (size_t i = 0; i < a->n_written; i++)
		if (!put_page_back(a, a->written[i]))
			a->written[kept++] = a->written[i];
	a->n_written = kept;
	if (shadow_of(a->bytes))
		copy(shadow_of(a->bytes), a->shadow, used / 8);
}
