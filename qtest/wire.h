/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The wire between a QEMU under test and the test, and moving a machine's state from one QEMU to
 * another.
 *
 * The wire is `-netdev socket` over a socket pair: each frame is a 32-bit big-endian length and the
 * bytes. QEMU reads it in its main loop, so every qtest command is also a chance for it to receive:
 * waiting for something means asking again, never sleeping.
 */
#ifndef QTEST_WIRE_H
#define QTEST_WIRE_H

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "libqtest.h"
#include "qobject.h"

/** WIRE_MAX_FRAME - Longest frame of a wire */
#define WIRE_MAX_FRAME 70000

/** WIRE_PATIENCE - How often QEMU is asked again before a wait fails; each time is a round trip */
#define WIRE_PATIENCE 20000

/**
 * wire_turn() - Let QEMU's main loop go round; no time passes
 * @qts: The machine
 */
void wire_turn(QTestState *qts);

/**
 * wire_make() - Make a wire
 * @qemu_end: Filled with the descriptor that QEMU inherits: -netdev socket,fd=; close it when QEMU
 * runs
 *
 * Return: our end.
 */
int wire_make(int *qemu_end);

/**
 * wire_send() - Put a frame on the wire, towards QEMU
 * @fd:    Our end
 * @frame: @len: the frame
 */
void wire_send(int fd, const void *frame, size_t len);

/**
 * wire_recv() - Take the next frame from the wire
 * @fd:    Our end
 * @qts:   The QEMU at the other end
 * @frame: Room for WIRE_MAX_FRAME bytes
 *
 * Return: its length; the test fails if none comes.
 */
size_t wire_recv(int fd, QTestState *qts, void *frame);

/**
 * wire_quiet() - Is there nothing on the wire now?
 * @fd:  Our end
 * @qts: The QEMU at the other end
 *
 * Return: true if QEMU has sent nothing that was not taken.
 */
bool wire_quiet(int fd, QTestState *qts);

/**
 * wire_save() - Save a machine's state
 * @from:    It; stopped afterwards
 * @command: Of the shell, that reads the state
 */
void wire_save(QTestState *from, const char *command);

/**
 * wire_migrate() - Move a machine's state
 * @from: From here, where the machine is stopped afterwards
 * @to:   To here; started with -incoming defer. Its clock is set to that of @from.
 *
 * Each card announces its addresses on its wire once: see wire_is_rarp().
 */
void wire_migrate(QTestState *from, QTestState *to);

/**
 * wire_is_rarp() - Is this the announcement of a card that moved? RFC 903: a request for one's own
 * address
 * @frame: @len: the frame
 * @mac:   The card's address
 *
 * Return: true if so.
 */
bool wire_is_rarp(const uint8_t *frame, size_t len, const uint8_t mac[6]);

/**
 * wire_error() - Give a command that must fail
 * @qts: Connection
 * @fmt: The command, as for qtest_qmp()
 *
 * Return: the description of the error, to be freed.
 */
char *wire_error(QTestState *qts, const char *fmt, ...) G_GNUC_PRINTF(2, 3);

/**
 * wire_set_link() - Plug or pull a cable
 * @qts:    Connection
 * @client: Of which net client: a card's id, or a back end's
 * @up:     Plug
 */
void wire_set_link(QTestState *qts, const char *client, bool up);

/**
 * wire_setup() - What the driver has made of a card
 * @qts: Connection
 * @id:  Of the card
 *
 * Return: property `setup`; the caller unrefs it.
 */
QDict *wire_setup(QTestState *qts, const char *id);

/**
 * wire_stat() - A counter of a port or card
 * @qts:  Connection
 * @id:   Of the device
 * @name: Of the counter, with dots between levels: "in.unicast.frames"
 *
 * Return: its value; a truth value as 0 or 1.
 */
int64_t wire_stat(QTestState *qts, const char *id, const char *name);

#endif
