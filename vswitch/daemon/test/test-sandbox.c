/* SPDX-License-Identifier: BSD-2-Clause */
/* Filters of system calls: what is none of ours ends the process, or is not known. */
#define _GNU_SOURCE /* syscall() */
#include "main.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox.h"
#include "vswitch/worker.h"

enum { FILTERED = 3, NOT_FILTERED = 77 };

static bool open_there(void *opaque)
{
	close(open("/dev/null", O_RDONLY));
	return false;
}

static bool socket_there(void *opaque)
{
	syscall(SYS_socket, 1, 1, 0);
	return false;
}

static bool write_there(void *opaque)
{
	return write(STDERR_FILENO, "", 0) != 0;
}

/* In a process of its own: filters, then @fn on the frame thread, or @control here */
static int run_filtered(bool (*fn)(void *opaque), int (*control)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		char err[200];
		struct vsw_worker *w = vsw_worker_new(NULL, err, sizeof(err));

		alarm(60);
		if (!w || vsw_worker_start(w, err, sizeof(err)) < 0)
			_exit(1);
		if (vd_sandbox(w, err, sizeof(err)) < 0)
			_exit(NOT_FILTERED);
		if (fn)
			vsw_worker_call(w, fn, NULL);
		if (control)
			_exit(control());
		vsw_worker_free(w);
		_exit(FILTERED);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

static void must_die(int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FILTERED)
		return; /* the kernel does not let us */
	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS, "status %x", status);
}

START_TEST(frame_thread_opens_and_connects_nothing)
{
	must_die(run_filtered(open_there, NULL));
	must_die(run_filtered(socket_there, NULL));
}
END_TEST

START_TEST(frame_thread_goes_on_with_what_is_its_own)
{
	int status = run_filtered(write_there, NULL);

	ck_assert(WIFEXITED(status));
	ck_assert(WEXITSTATUS(status) == FILTERED || WEXITSTATUS(status) == NOT_FILTERED);
}
END_TEST

static int start_program(void)
{
	char name[] = "true", *const argv[] = { name, NULL };

	return execv("/bin/true", argv);
}

static int trace(void)
{
	return (int)syscall(SYS_ptrace, 0, 0, NULL, NULL);
}

static int unknown(void)
{
	return syscall(SYS_personality, 0xffffffff) == -1 && errno == ENOSYS ? FILTERED : 1;
}

START_TEST(no_thread_starts_programs)
{
	must_die(run_filtered(NULL, start_program));
	must_die(run_filtered(NULL, trace));
}
END_TEST

START_TEST(other_calls_are_not_known)
{
	int status = run_filtered(NULL, unknown);

	ck_assert(WIFEXITED(status));
	ck_assert(WEXITSTATUS(status) == FILTERED || WEXITSTATUS(status) == NOT_FILTERED);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		frame_thread_opens_and_connects_nothing,
		frame_thread_goes_on_with_what_is_its_own,
		no_thread_starts_programs,
		other_calls_are_not_known,
		NULL,
	};

	return run_tests("sandbox", tests);
}
