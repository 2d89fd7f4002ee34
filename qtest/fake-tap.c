/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tap with vhost for tests without privileges: preloaded into QEMU, it answers what QEMU asks of
 * /dev/net/tun and /dev/vhost-net on descriptors that are neither. No ring is ever served, as for a
 * card that is not virtio-net.
 */
#include <errno.h>
#include <linux/if_tun.h>
#include <linux/vhost.h>
#include <net/if.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TUN_MAGIC _IOC_TYPE(TUNSETIFF)

/* Everything is granted; what is asked for reads as zero, but for the kind of interface. */
static int answer(unsigned long request, void *arg)
{
	if (request == TUNGETIFF)
		((struct ifreq *)arg)->ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
	else if (request == TUNGETVNETHDRSZ)
		*(int *)arg = 10;
	else if (request == VHOST_GET_FEATURES || request == VHOST_GET_BACKEND_FEATURES)
		memset(arg, 0, _IOC_SIZE(request));
	return 0;
}

/* As libc declares it. */
int ioctl(int fd, unsigned long request, ...)
{
	unsigned type = _IOC_TYPE(request);
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if ((type == TUN_MAGIC && _IOC_NR(request) >= _IOC_NR(TUNSETNOCSUM)) ||
	    type == VHOST_VIRTIO)
		return answer(request, arg);
	return (int)syscall(SYS_ioctl, fd, request, arg);
}
