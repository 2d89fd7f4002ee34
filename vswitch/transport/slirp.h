/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libslirp, and the thread that runs it.
 *
 * DOC: Theory of Operation
 *
 * libslirp opens files and sockets, does as much at a time as there is to do, and keeps variables
 * that all its instances share. So all of them run on one thread, the *NAT thread*, which is
 * neither the frame thread nor the control thread. An instance and the frame thread exchange frames
 * over a stream socket pair, as a virtual machine would: the data half of such a wire is that of
 * stream.c, which is bounded, batched and waits for nobody. While frames wait in the pair, the
 * instance reads nothing from the host's sockets.
 *
 * The control thread has things done on the NAT thread, and waits for them. The thread starts with
 * the first instance and ends with the last.
 */
#ifndef VSWITCH_TRANSPORT_SLIRP_H
#define VSWITCH_TRANSPORT_SLIRP_H

#include <libslirp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* struct vsw_forward - a port of the host that leads to one of a guest */
struct vsw_forward {
	bool udp;
	struct in_addr host, guest;
	uint16_t host_port, guest_port;
};

/* struct vsw_guest_forward - a port of the virtual network that leads to a Unix socket */
struct vsw_guest_forward {
	struct in_addr address;
	uint16_t port;
	const char *path;
};

struct vsw_nat;

/**
 * vsw_nat_new() - Make an instance; control thread
 * @conf:   What kind; borrowed for the call
 * @fd:     Set to the frame thread's end of the socket pair
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: the instance, or NULL.
 */
struct vsw_nat *vsw_nat_new(const SlirpConfig *conf, int *fd, char *err, size_t errlen);

/**
 * vsw_nat_forward() - Let a port of the host lead to a guest; control thread
 * @nat:    The instance
 * @f:      The ports
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_nat_forward(struct vsw_nat *nat, const struct vsw_forward *f, char *err, size_t errlen);

/**
 * vsw_nat_guest_forward() - Let a port of the network lead to a Unix socket; control thread
 * @nat:    The instance
 * @f:      The port and the path
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vsw_nat_guest_forward(struct vsw_nat *nat, const struct vsw_guest_forward *f, char *err,
			  size_t errlen);

/**
 * vsw_nat_free() - Destroy it; control thread
 * @nat: The instance or NULL
 */
void vsw_nat_free(struct vsw_nat *nat);

/**
 * vsw_nat_save() - Its leases, for another process; control thread
 * @nat:  The instance
 * @buf:  Where to
 * @room: Room there
 * @len:  Bytes written
 *
 * Return: 0, or -1 if there is too little room.
 */
int vsw_nat_save(struct vsw_nat *nat, uint8_t *buf, size_t room, size_t *len);

/**
 * vsw_nat_load() - Take what vsw_nat_save() wrote
 * @nat: The instance, unused
 * @buf: The bytes
 * @len: Their number
 *
 * Return: 0, or -1 if they are not sound.
 */
int vsw_nat_load(struct vsw_nat *nat, const uint8_t *buf, size_t len);

#endif
