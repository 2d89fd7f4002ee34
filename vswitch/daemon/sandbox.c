/* SPDX-License-Identifier: BSD-2-Clause */
/* Filters of system calls (sandbox.h has the theory). */
#include "sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>
#include <string.h>

#include "sandbox-calls.h"
#include "vswitch/fail.h"
#include "vswitch/worker.h"

/* The run-time library of a sanitizer makes calls of its own: no filter */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#else
#define SANITIZED false
#endif

/* What libraries do for us, and the switch: */
/* #syscalls all memory threads descriptors time random */
/* #syscalls control closing ending itself glib libslirp messages */

/* What is never ours */
static const char *const intruders[] = {
	"execve",
	"execveat",
	"fork",
	"vfork",
	"ptrace",
	"process_vm_readv",
	"process_vm_writev",
	"init_module",
	"finit_module",
	"delete_module",
	"kexec_load",
	"mount",
	"umount2",
	"pivot_root",
	"setns",
	"unshare",
	"bpf",
	"perf_event_open",
	"userfaultfd",
	"keyctl",
	"add_key",
	"request_key",
	"io_uring_setup",
};

/* The allocator moves what it cannot let grow otherwise, if the kernel does not */
static const char *const spared[] = { "mremap" };

#define N(array) (sizeof(array) / sizeof((array)[0]))

_Static_assert(N(frames_calls) <= SANDBOX_FRAMES, "the frame thread is to make few system calls");

/* Rules for calls by name; those that this machine does not have are left out. Return: 0, or -1 */
static int rules(scmp_filter_ctx ctx, uint32_t action, const char *const *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int number = seccomp_syscall_resolve_name(calls[i]);
		int ret = number < 0 ? 0 : seccomp_rule_add(ctx, action, number, 0);

		if (ret < 0 && ret != -EACCES && ret != -EEXIST)
			return -1;
	}
	return 0;
}

static scmp_filter_ctx everybody(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));

	if (ctx && seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
	    rules(ctx, SCMP_ACT_ALLOW, control_calls, N(control_calls)) == 0 &&
	    rules(ctx, SCMP_ACT_KILL_PROCESS, intruders, N(intruders)) == 0)
		return ctx;
	seccomp_release(ctx);
	return NULL;
}

static scmp_filter_ctx frames(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);

	if (ctx && rules(ctx, SCMP_ACT_ALLOW, frames_calls, N(frames_calls)) == 0 &&
	    rules(ctx, SCMP_ACT_ERRNO(ENOSYS), spared, N(spared)) == 0)
		return ctx;
	seccomp_release(ctx);
	return NULL;
}

/* struct loading - a filter on its way to the frame thread */
struct loading {
	scmp_filter_ctx ctx;
	int ret;
};

static bool load_there(void *opaque)
{
	struct loading *l = opaque;

	l->ret = seccomp_load(l->ctx);
	return false;
}

static int load(scmp_filter_ctx all, scmp_filter_ctx own, struct vsw_worker *worker)
{
	struct loading l = { own, -1 };
	int ret = all && own ? seccomp_load(all) : -ENOMEM;

	if (ret == 0) {
		vsw_worker_call(worker, load_there, &l);
		ret = l.ret;
	}
	return ret;
}

int vd_sandbox(struct vsw_worker *worker, char *err, size_t errlen)
{
	scmp_filter_ctx all, own;
	int ret;

	if (SANITIZED)
		return 0;
	all = everybody();
	own = frames();
	ret = load(all, own, worker);
	seccomp_release(all);
	seccomp_release(own);
	return ret < 0 ?
		       vsw_fail(err, errlen, "system calls are not filtered: %s", strerror(-ret)) :
		       0;
}
