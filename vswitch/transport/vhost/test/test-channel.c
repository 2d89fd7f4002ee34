/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages on their way to the back end: descriptors, lengths, pieces. */
#include "main.h"

#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "link.h"

static struct vhost_message m;

START_TEST(descriptors_nobody_asked_for_are_closed)
{
	int pair[2], many[VHOST_TABLE + 1];
	unsigned before = open_fds();
	struct vhost_channel a = { 0 };
	struct back *b;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	a.fd = pair[0];
	b = back_new(pair[1], 0);
	for (unsigned i = 0; i < VHOST_TABLE; i++)
		many[i] = pair[0];
	m = (struct vhost_message) { .request = VHOST_GET_FEATURES };
	ck_assert_int_eq(vsw_vhost_send(&a, &m, many, VHOST_TABLE), 0);
	ck_assert(back_pump(b));
	ck_assert_int_eq(vsw_vhost_receive(&a), 1);
	m = (struct vhost_message) { .request = VHOST_SET_VRING_NUM, .size = 8 };
	m.payload.state.num = 64;
	ck_assert_int_eq(vsw_vhost_send(&a, &m, many, 3), 0);
	ck_assert(back_pump(b));
	back_free(b);
	close(pair[0]);
	ck_assert_uint_eq(open_fds(), before);
}
END_TEST

/* More descriptors than any message has: the kernel cuts the list (MSG_CTRUNC) */
START_TEST(too_many_descriptors_end_the_connection)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(20 * sizeof(int))];
	} control = { 0 };
	struct iovec iov = { &m, VHOST_HEADER };
	struct msghdr mh = { .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = &control,
			     .msg_controllen = sizeof(control) };
	unsigned before = open_fds();
	int pair[2];
	struct back *b;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	b = back_new(pair[1], 0);
	m = (struct vhost_message) { .request = VHOST_GET_FEATURES, .flags = VHOST_VERSION };
	control.align.cmsg_level = SOL_SOCKET;
	control.align.cmsg_type = SCM_RIGHTS;
	control.align.cmsg_len = CMSG_LEN(20 * sizeof(int));
	for (unsigned i = 0; i < 20; i++)
		memcpy(CMSG_DATA(&control.align) + i * sizeof(int), &pair[0], sizeof(int));
	ck_assert_int_eq(sendmsg(pair[0], &mh, 0), VHOST_HEADER);
	ck_assert(!back_pump(b));
	ck_assert_ptr_nonnull(strstr(b->ch.why, "too many"));
	back_free(b);
	close(pair[0]);
	ck_assert_uint_eq(open_fds(), before);
}
END_TEST

START_TEST(a_message_that_is_too_long_ends_the_connection)
{
	int pair[2];
	struct back *b;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	b = back_new(pair[1], 0);
	m = (struct vhost_message) { .request = VHOST_SET_MEM_TABLE,
				     .flags = VHOST_VERSION,
				     .size = sizeof(m.payload) + 1 };
	ck_assert_int_eq(send(pair[0], &m, VHOST_HEADER, 0), VHOST_HEADER);
	ck_assert(!back_pump(b));
	ck_assert_str_eq(b->ch.why, "a message is too long");
	back_free(b);
	close(pair[0]);
}
END_TEST

/* Byte by byte, with the descriptor in the middle */
START_TEST(messages_may_come_in_pieces)
{
	int pair[2], fd = eventfd(0, 0);
	struct back *b;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	b = back_new(pair[1], 0);
	for (unsigned round = 0; round < 3; round++) {
		m = (struct vhost_message) { .request = VHOST_SET_VRING_CALL,
					     .flags = VHOST_VERSION,
					     .size = 8 };
		for (unsigned i = 0; i < VHOST_HEADER + 8; i++) {
			union {
				struct cmsghdr align;
				char bytes[CMSG_SPACE(sizeof(int))];
			} control = { 0 };
			struct iovec iov = { (char *)&m + i, 1 };
			struct msghdr mh = { .msg_iov = &iov, .msg_iovlen = 1 };

			if (i == 5) {
				mh.msg_control = &control;
				mh.msg_controllen = sizeof(control);
				control.align.cmsg_level = SOL_SOCKET;
				control.align.cmsg_type = SCM_RIGHTS;
				control.align.cmsg_len = CMSG_LEN(sizeof(int));
				memcpy(CMSG_DATA(&control.align), &fd, sizeof(int));
			}
			ck_assert_int_eq(sendmsg(pair[0], &mh, 0), 1);
			ck_assert(back_pump(b));
		}
		ck_assert_int_ge(b->be->ring[0].vq.call_fd, 0);
	}
	back_free(b);
	close(pair[0]);
	close(fd);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		descriptors_nobody_asked_for_are_closed,
		too_many_descriptors_end_the_connection,
		a_message_that_is_too_long_ends_the_connection,
		messages_may_come_in_pieces,
		NULL,
	};

	return run_tests("vhost-channel", tests);
}
