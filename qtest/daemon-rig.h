/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A vswitchd in a directory of its own, beside the QEMU under test.
 *
 * The two run by themselves, and QEMU's stepped clock says nothing of the daemon: what is waited
 * for here comes, or the test fails after DAEMON_PATIENCE. That nothing comes is seen by what comes
 * behind it.
 */
#ifndef QTEST_DAEMON_RIG_H
#define QTEST_DAEMON_RIG_H

#include "switch-rig.h"

/** DAEMON_PATIENCE - Seconds; nothing that passes waits for it */
#define DAEMON_PATIENCE 60

/**
 * struct daemon - A daemon
 * @dir:     Its directory
 * @control: Path of its control socket
 * @pid:     It, or 0
 */
struct daemon {
	char *dir, *control;
	pid_t pid;
};

/** DAEMON_BLUE - A switch "sw0": a port group with a listener at blue.sock, one with a token */
#define DAEMON_BLUE                                                                       \
	"{\"switches\": {\"sw0\": {\"portgroups\": {"                                     \
	"\"blue\": {\"security\": {\"promiscuous\": true}, \"listen\": [{"                \
	"\"transport\": \"stream\", \"address\": \"blue.sock\", \"ports\": \"blue%\"}]}," \
	" \"red\": {\"token\": \"rouge\"}}}}}"

/* Make a directory; the daemon does not run yet. */
void daemon_make(struct daemon *d);
/* Start it with a configuration, and wait until it serves. */
void daemon_start(struct daemon *d, const char *config);
/* kill -9 */
void daemon_kill(struct daemon *d);
/* Kill it, and remove the directory. */
void daemon_end(struct daemon *d);

/* What it returns to a command; the caller unrefs it. */
QObject *daemon_ask(struct daemon *d, const char *command);

/* A number of a port of it, e.g. daemon_stat(d, "p0", "counters.in.gso"); -1: no such port */
int64_t daemon_stat(struct daemon *d, const char *port, const char *name);

/* A station at a listener of it: a wire */
int daemon_station(struct daemon *d, const char *name);

/* The next frame of a station. Return: its length */
size_t daemon_hear(int station, uint8_t *frame);

/* The time is up? For loops that wait; @since is 0 at first */
void daemon_wait(int64_t *since);

/* Wait until QEMU has said this on its standard error (errors.h) since daemon_make(). */
void daemon_wait_said(const char *text);

/* Wait until a card has got a frame; until a property of a port or card is so. */
void daemon_wait_rx(struct net *n, unsigned card);
void daemon_wait_stat(struct net *n, const char *id, const char *name, int64_t value);

/* Properties of a port that connects: ",connect=...,portgroup=blue" without the first comma */
const char *daemon_port(const struct daemon *d);

#endif
