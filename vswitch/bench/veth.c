/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pairs of virtual Ethernet interfaces in a network namespace of our own, and packet sockets on
 * them. The load is at the outer end of each pair; at the inner one is the Linux bridge, or a
 * packet socket of our switch.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peers.h"

static bool put(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return good;
}

/* As an ordinary user: root in a user namespace too */
static bool user_namespace(void)
{
	char map[40], groups[40];
	unsigned uid = getuid(), gid = getgid();

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return false;
	snprintf(map, sizeof(map), "0 %u 1", uid);
	snprintf(groups, sizeof(groups), "0 %u 1", gid);
	return put("/proc/self/uid_map", map) && put("/proc/self/setgroups", "deny") &&
	       put("/proc/self/gid_map", groups);
}

/**
 * veth_namespace() - Leave the machine's network for an empty one
 *
 * Unix sockets then hold 512 datagrams, where they may be told: what an init of Debian's sets.
 *
 * Return: NULL, or why not.
 */
const char *veth_namespace(void)
{
	if (unshare(CLONE_NEWNET) && !user_namespace())
		return "no network namespace for us";
	put("/proc/sys/net/unix/max_dgram_qlen", "512");
	put("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	return NULL;
}

/* Interfaces NAMEoI (outer) and NAMEiI (inner) for ports I */
static void say_links(FILE *ip, const char *name, const char *master)
{
	for (unsigned i = 0; i < PEER_PORTS; i++) {
		fprintf(ip, "link add name %so%u type veth peer name %si%u\n", name, i, name, i);
		if (master)
			fprintf(ip, "link set dev %si%u master %s\n", name, i, master);
		fprintf(ip, "link set dev %si%u up\nlink set dev %so%u up\n", name, i, name, i);
	}
}

/**
 * veth_make() - Make the pairs of all paths: "none", "ours", "past", and "br" with the inner ends
 * in a bridge
 *
 * Return: NULL, or why not.
 */
const char *veth_make(void)
{
	FILE *ip = popen("PATH=$PATH:/sbin:/usr/sbin ip -batch - >/dev/null", "w");

	if (!ip)
		return "no shell";
	signal(SIGPIPE, SIG_IGN); /* as when there is no such program */
	fprintf(ip, "link add name br type bridge\nlink set dev br up\n");
	say_links(ip, "br", "br");
	say_links(ip, "ours", NULL);
	say_links(ip, "none", NULL);
	say_links(ip, "cross", NULL);
	say_links(ip, "past", NULL);
	return pclose(ip) ? "the program ip (Debian: iproute2) can't make veth pairs and a bridge" :
			    NULL;
}

/**
 * veth_taps() - Make a tap for each port
 * @name: NAMEoI, as veth_sockets() wants them
 *
 * Return: NULL, or why not.
 */
const char *veth_taps(const char *name)
{
	FILE *ip = popen("PATH=$PATH:/sbin:/usr/sbin ip -batch - >/dev/null 2>&1", "w");

	if (!ip)
		return "no shell";
	for (unsigned i = 0; i < PEER_PORTS; i++)
		fprintf(ip,
			"tuntap add dev %so%u mode tap vnet_hdr\n"
			"link set dev %so%u txqueuelen 1000 up\n",
			name, i, name, i);
	return pclose(ip) ? "no taps (/dev/net/tun)" : NULL;
}

static int packet_socket(const char *name, char end, unsigned i)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), on = 1, room = 4 << 20;
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	char ifname[IFNAMSIZ];

	snprintf(ifname, sizeof(ifname), "%s%c%u", name, end, i);
	to.sll_ifindex = (int)if_nametoindex(ifname);
	setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on));
	setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	return to.sll_ifindex && bind(fd, (struct sockaddr *)&to, sizeof(to)) == 0 ? fd : -1;
}

/**
 * veth_sockets() - Packet sockets on one end of each pair
 * @fd:   Filled
 * @name: As in veth_make()
 * @end:  'o' or 'i'
 *
 * Return: NULL, or why there are none.
 */
const char *veth_sockets(int *fd, const char *name, char end)
{
	for (unsigned i = 0; i < PEER_PORTS; i++) {
		fd[i] = packet_socket(name, end, i);
		if (fd[i] < 0)
			return "no packet sockets";
	}
	return NULL;
}
