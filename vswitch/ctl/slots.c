/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading copies of frames from memory that a switch writes (slots.h). */
#include "slots.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLOT_MAX (1 << 20)

bool slots_map(struct slots *s, int fd, gint64 slots, gint64 slot_size)
{
	struct stat st;
	void *memory = MAP_FAILED;

	if (fd < 0)
		return false;
	if (slots > 0 && slots <= SLOT_MAX && slot_size >= 256 && slot_size <= SLOT_MAX &&
	    slot_size % 8 == 0 && fstat(fd, &st) == 0 && st.st_size >= slots * slot_size)
		memory = mmap(NULL, (size_t)(slots * slot_size), PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (memory == MAP_FAILED)
		return false;
	s->memory = memory;
	s->slots = (guint32)slots;
	s->slot_size = (guint32)slot_size;
	s->copy = g_malloc0(s->slot_size + 8);
	return true;
}

void slots_unmap(struct slots *s)
{
	if (s->memory)
		munmap((void *)s->memory, (size_t)s->slots * s->slot_size);
	g_free(s->copy);
	memset(s, 0, sizeof(*s));
}

static struct vsw_tap_frame *slot(const struct slots *s)
{
	return (void *)(s->memory + (size_t)(s->n % s->slots) * s->slot_size);
}

/* It was written over: the oldest that may still be whole is next */
static void skip(struct slots *s, guint64 number)
{
	guint64 now = (number - 1) / 2, from = now - s->slots + 1 + s->slots / 8;

	if (from <= s->n)
		from = s->n + 1;
	s->missed += from - s->n;
	s->n = from;
}

const struct vsw_tap_frame *slots_next(struct slots *s)
{
	for (;;) {
		struct vsw_tap_frame *from = slot(s);
		guint64 want = 2 * s->n + 2, number;

		number = atomic_load_explicit(&from->number, memory_order_acquire);
		if (number < want)
			return NULL;
		memcpy((guint8 *)s->copy + 8, (const guint8 *)from + 8, s->slot_size - 8);
		atomic_thread_fence(memory_order_acquire);
		if (number == want &&
		    atomic_load_explicit(&from->number, memory_order_relaxed) == want)
			break;
		skip(s, atomic_load_explicit(&from->number, memory_order_relaxed));
	}
	s->n++;
	s->copy->port[sizeof(s->copy->port) - 1] = 0;
	if (s->copy->n > s->slot_size - sizeof(*s->copy))
		s->copy->n = s->slot_size - (guint32)sizeof(*s->copy);
	return s->copy;
}
