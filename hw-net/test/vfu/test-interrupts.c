/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts: eventfds of the client, the line, messages. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "peer/call.h"
#include "rig.h"
#include "toy-nic.h"
#include "unit.h"
#include "vfu/irqs.h"

#define FIRE   (VFU_SET_EVENTFD | VFU_SET_TRIGGER)
#define OFF    (VFU_SET_NONE | VFU_SET_TRIGGER)
#define UNMASK (VFU_SET_NONE | VFU_SET_UNMASK)

static struct rig r;

static int new_eventfd(void)
{
	return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

/* A toy card whose line is told to an eventfd; its deadline raises it */
static int open_line(void)
{
	int fd = new_eventfd();

	rig_open(&r, &toy_model, true);
	ck_assert_int_eq(rig_irqs(&r, VFU_INTX, FIRE, 0, 1, &fd, 1), 0);
	return fd;
}

static void raise_line(void)
{
	rig_write(&r, 0, TOY_TIMER, 5, 4);
	r.now += 5000;
	vfu_timer(r.v);
}

START_TEST(the_line_is_told_once_until_it_is_unmasked)
{
	int fd = open_line();

	raise_line();
	ck_assert_uint_eq(rig_rung(fd), 1);
	ck_assert_int_eq(rig_irqs(&r, VFU_INTX, UNMASK, 0, 1, NULL, 0), 0);
	ck_assert_uint_eq(rig_rung(fd), 1); /* it is still up */
	rig_write(&r, 0, TOY_CAUSE, TOY_TIMED, 4);
	ck_assert_int_eq(rig_irqs(&r, VFU_INTX, UNMASK, 0, 1, NULL, 0), 0);
	ck_assert_uint_eq(rig_rung(fd), 0);
	raise_line();
	ck_assert_uint_eq(rig_rung(fd), 1);
	close(fd);
	rig_close(&r);
}
END_TEST

START_TEST(a_line_that_is_up_is_told_to_who_comes_later)
{
	int fd = new_eventfd();

	rig_open(&r, &toy_model, true);
	raise_line();
	ck_assert_uint_eq(rig_read(&r, VFU_CONFIG, 6, 2) & 8, 8);
	ck_assert_int_eq(rig_irqs(&r, VFU_INTX, FIRE, 0, 1, &fd, 1), 0);
	ck_assert_uint_eq(rig_rung(fd), 1);
	close(fd);
	rig_close(&r);
}
END_TEST

START_TEST(a_guest_may_forbid_the_line)
{
	int fd = open_line();

	rig_write(&r, VFU_CONFIG, 4, 0x0400, 2);
	raise_line();
	ck_assert_uint_eq(rig_rung(fd), 0);
	rig_write(&r, VFU_CONFIG, 4, 0, 2);
	ck_assert_uint_eq(rig_rung(fd), 1);
	close(fd);
	rig_close(&r);
}
END_TEST

START_TEST(an_eventfd_may_be_taken_away)
{
	int fd = open_line();

	ck_assert_int_eq(rig_irqs(&r, VFU_INTX, OFF, 0, 0, NULL, 0), 0);
	raise_line();
	ck_assert_uint_eq(rig_rung(fd), 0);
	ck_assert_int_eq(rig_irqs(&r, VFU_INTX, FIRE, 0, 1, &fd, 1), 0);
	ck_assert_uint_eq(rig_rung(fd), 1);
	ck_assert_int_eq(rig_irqs(&r, VFU_INTX, FIRE, 0, 1, NULL, 0), 0);
	close(fd);
	rig_close(&r);
}
END_TEST

START_TEST(interrupts_that_are_not_there_are_refused)
{
	int fds[3] = { new_eventfd(), new_eventfd(), new_eventfd() };
	static const uint32_t wrong[][4] = {
		{ VFU_INTX, FIRE, 0, 2 },
		{ VFU_INTX, FIRE, 1, 1 },
		{ VFU_INTX, FIRE, 0xffffffff, 2 },
		{ VFU_INTX, FIRE, 2, 0xffffffff },
		{ VFU_MSI, FIRE, 0, 1 },
		{ VFU_MSIX, FIRE, 0, 1 },
		{ VFU_IRQ_ERR, FIRE, 0, 1 },
		{ VFU_IRQS, FIRE, 0, 1 },
		{ 0xffffffff, FIRE, 0, 1 },
		{ VFU_INTX, VFU_SET_EVENTFD, 0, 1 },
		{ VFU_INTX, VFU_SET_TRIGGER, 0, 1 },
		{ VFU_INTX, FIRE | VFU_SET_MASK, 0, 1 },
		{ VFU_INTX, FIRE | VFU_SET_BOOL, 0, 1 },
		{ VFU_INTX, FIRE | 0x40, 0, 1 },
		{ VFU_INTX, VFU_SET_EVENTFD | VFU_SET_UNMASK, 0, 1 },
		{ VFU_MSIX, UNMASK, 0, 0 },
		{ VFU_INTX, VFU_SET_BOOL | VFU_SET_UNMASK, 0, 1 },
	};

	rig_open(&r, &toy_model, true);
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		for (unsigned n = 0; n <= 3; n++)
			ck_assert_int_eq(rig_irqs(&r, wrong[i][0], wrong[i][1], wrong[i][2],
						  wrong[i][3], fds, n),
					 EINVAL);
	ck_assert_int_eq(rig_irqs(&r, VFU_INTX, FIRE, 0, 1, fds, 2), EINVAL);
	ck_assert_int_eq(rig_irqs(&r, VFU_INTX, OFF, 0, 1, fds, 1), EINVAL);
	for (unsigned i = 0; i < 3; i++)
		close(fds[i]);
	rig_close(&r);
}
END_TEST

START_TEST(only_eventfds_are_taken)
{
	int file = open("/dev/null", O_RDWR | O_CLOEXEC), end[2];

	rig_open(&r, &toy_model, true);
	ck_assert_int_eq(pipe(end), 0);
	ck_assert_int_eq(rig_irqs(&r, VFU_INTX, FIRE, 0, 1, &file, 1), EINVAL);
	ck_assert_int_eq(rig_irqs(&r, VFU_INTX, FIRE, 0, 1, &end[1], 1), EINVAL);
	close(file);
	close(end[0]);
	close(end[1]);
	rig_close(&r);
}
END_TEST

/* ---- messages, of a card that has them ---- */

static struct vfu_irqs q;
static struct vfu_space space;

static void open_messages(unsigned msi, unsigned msix)
{
	struct hwnet_pci ids = { .msi_vectors = (uint8_t)msi, .msix_vectors = (uint8_t)msix };
	static const uint8_t on_msi[] = { 0x71 }, on_msix[] = { 0x80 };

	peer_call_init();
	vfu_space_init(&space, &ids);
	vfu_irqs_init(&q, &ids);
	if (msix)
		vfu_space_write(&space, space.msix + 3, 1, on_msix);
	else
		vfu_space_write(&space, space.msi + 2, 1, on_msi);
}

static void set_one(unsigned index, unsigned vec, int fd)
{
	struct vfu_irq_set set = { sizeof(set), FIRE, index, vec, 1 };
	struct vfu_msg m = { .body = (uint8_t *)&set, .len = sizeof(set), .n_fds = fd >= 0 };

	m.fds[0] = fd >= 0 ? dup(fd) : -1;
	ck_assert_int_eq(vfu_irqs_check(&q, &m), 0);
	vfu_irqs_set(&q, &m);
	vfu_irqs_drop(&q);
	ck_assert_int_eq(m.fds[0], -1);
}

START_TEST(a_vector_without_an_eventfd_is_pending)
{
	int fd = new_eventfd();

	open_messages(1, HWNET_MAX_MSIX);
	vfu_irqs_message(&q, &space, 64);
	vfu_irqs_message(&q, &space, 64);
	vfu_irqs_message(&q, &space, 65); /* there is none */
	ck_assert_uint_eq(q.pending[8], 1);
	set_one(VFU_MSIX, 64, fd);
	ck_assert_uint_eq(rig_rung(fd), 1);
	ck_assert_uint_eq(q.pending[8], 0);
	vfu_irqs_message(&q, &space, 64);
	ck_assert_uint_eq(rig_rung(fd), 1);
	set_one(VFU_MSIX, 64, -1);
	vfu_irqs_message(&q, &space, 64);
	ck_assert_uint_eq(rig_rung(fd), 0);
	vfu_irqs_fini(&q);
	close(fd);
}
END_TEST

/* The guest enabled more than the card has: its first message stands for those. */
START_TEST(messages_that_are_not_there_are_the_first)
{
	int fd = new_eventfd();

	open_messages(2, 0);
	set_one(VFU_MSI, 0, fd);
	vfu_irqs_message(&q, &space, 0);
	vfu_irqs_message(&q, &space, 1); /* without an eventfd */
	vfu_irqs_message(&q, &space, 99);
	ck_assert_uint_eq(rig_rung(fd), 2);
	vfu_irqs_fini(&q);
	close(fd);
}
END_TEST

START_TEST(a_sleeping_card_tells_nothing)
{
	int fd = new_eventfd();

	open_messages(0, 4);
	set_one(VFU_MSIX, 1, fd);
	q.quiet = true;
	vfu_irqs_message(&q, &space, 1);
	q.line = true;
	vfu_irqs_update(&q, &space);
	ck_assert_uint_eq(rig_rung(fd), 0);
	vfu_irqs_fini(&q);
	close(fd);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		the_line_is_told_once_until_it_is_unmasked,
		a_line_that_is_up_is_told_to_who_comes_later,
		a_guest_may_forbid_the_line,
		an_eventfd_may_be_taken_away,
		interrupts_that_are_not_there_are_refused,
		only_eventfds_are_taken,
		a_vector_without_an_eventfd_is_pending,
		messages_that_are_not_there_are_the_first,
		a_sleeping_card_tells_nothing,
		NULL,
	};

	return unit_main("vfu-interrupts", tests);
}
