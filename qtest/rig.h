/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A test rig for one network card: the distribution's QEMU with our plug-in under the qtest
 * accelerator, a stepped clock, the card in a slot, and a wire whose other end is the test.
 *
 * DOC: Theory of Operation
 *
 * The machine is q35 without firmware: its interrupt router hands the INTx pins of a slot to I/O
 * APIC inputs 16-23 without being programmed. The wire is described in wire.h.
 *
 * A machine may have several cards: rig_open() with arguments of the test's own finds one of them,
 * rig_join() another.
 */
#ifndef QTEST_RIG_H
#define QTEST_RIG_H

#include "wire.h"
#include "libqos/libqos-malloc.h"
#include "libqos/malloc-pc.h"
#include "libqos/pci-pc.h"

#define RIG_MAX_FRAME WIRE_MAX_FRAME

/**
 * struct rig - One QEMU with one card, or one card of several
 * @qts:   Connection
 * @bus: @dev: @bar: the card; @bar[i] is mapped if the card has it
 * @alloc: Guest memory
 * @wire:  Our end, or -1
 * @irq:   I/O APIC input of the card's INTA#, -1 before rig_irq() found it
 * @joined: The machine is another rig's
 */
struct rig {
	QTestState *qts;
	QPCIBus *bus;
	QPCIDevice *dev;
	QPCIBar bar[6];
	QGuestAllocator alloc;
	int wire;
	int irq;
	bool joined;
};

/**
 * rig_start() - Start QEMU with the card in slot 4
 * @r:      Filled
 * @device: Argument of -device without netdev= and addr=, e.g. "vc-e1000,id=nic"
 * @more:   Further arguments, or ""
 */
void rig_start(struct rig *r, const char *device, const char *more);

/**
 * rig_open() - Start QEMU with arguments of the test's own; no wire
 * @r:    Filled
 * @slot: Where the card is on bus 0; 0: there is none yet
 * @args: Arguments, with a machine that has I/O APIC and PCI
 */
void rig_open(struct rig *r, unsigned slot, const char *args);

/**
 * rig_join() - Another card of a machine; it has guest memory of its own
 * @r:     Filled
 * @first: The machine
 * @slot:  Where the card is
 */
void rig_join(struct rig *r, const struct rig *first, unsigned slot);

/**
 * rig_move() - Put a card's rig onto the machine to which its state was migrated
 * @r:     The rig, of a machine that may be gone
 * @fresh: A rig of the same card in the new machine; taken over
 */
void rig_move(struct rig *r, const struct rig *fresh);

/**
 * rig_stop() - End it, and QEMU too if it was not joined
 * @r: The rig
 */
void rig_stop(struct rig *r);

/**
 * rig_map() - Enable the device and map a memory or I/O BAR
 * @r:   The rig
 * @bar: Which
 */
void rig_map(struct rig *r, unsigned bar);

/**
 * rig_master() - Let the card reach memory, or not (PCI 3.0, 6.2.2)
 * @r:  The rig
 * @on: Let it
 */
void rig_master(struct rig *r, bool on);

/**
 * rig_power() - Write the power state (PCI PM 1.1, 3.2.4); the other bits of PMCSR become 0
 * @r:     The rig
 * @state: 0 to 3
 */
void rig_power(struct rig *r, unsigned state);

/**
 * rig_power_at() - Where PMCSR is
 * @r: The rig
 *
 * Return: offset in config space.
 */
uint8_t rig_power_at(struct rig *r);

/**
 * rig_sleep() - Suspend the machine to RAM, as its operating system does when drivers are done
 * @r: The rig
 */
void rig_sleep(struct rig *r);

/**
 * rig_wake() - Wake it, by somebody else than the card; cards are reset, their BARs mapped nowhere
 * @r: The rig
 */
void rig_wake(struct rig *r);

/* 32-bit registers of a mapped BAR. */
uint32_t rig_read(struct rig *r, unsigned bar, uint32_t off);
void rig_write(struct rig *r, unsigned bar, uint32_t off, uint32_t val);

/**
 * rig_send() - Put a frame on the wire, towards the card
 * @r:     The rig
 * @frame: Bytes
 * @len:   Their number
 */
void rig_send(struct rig *r, const void *frame, size_t len);

/**
 * rig_recv() - Take the next frame from the wire
 * @r:     The rig
 * @frame: Room for RIG_MAX_FRAME bytes
 *
 * Return: its length; the test fails if none comes.
 */
size_t rig_recv(struct rig *r, void *frame);

/**
 * rig_wire_quiet() - Is there nothing on the wire now?
 * @r: The rig
 *
 * Return: true if the card has sent nothing that was not taken.
 */
bool rig_wire_quiet(struct rig *r);

/**
 * rig_irq() - Level of the card's INTA#
 * @r: The rig
 *
 * Return: the OR of the router's outputs (there is one card only).
 */
bool rig_irq(struct rig *r);

/**
 * rig_frame() - Make an Ethernet frame with a counting payload
 * @buf: Filled
 * @dst: Destination
 * @src: Source
 * @len: Whole length, at least 18
 * @seq: Put behind the header, big-endian
 */
void rig_frame(uint8_t *buf, const uint8_t dst[6], const uint8_t src[6], size_t len, uint32_t seq);

/**
 * rig_tcp4() - Make an IPv4 TCP frame with right checksums
 * @buf:     Filled
 * @dst: @src: addresses
 * @payload: Bytes of payload, counting
 *
 * Return: whole length.
 */
size_t rig_tcp4(uint8_t *buf, const uint8_t dst[6], const uint8_t src[6], size_t payload);

/**
 * rig_tcp4_ok() - Are both checksums of an IPv4 TCP frame right?
 * @frame: The frame
 * @len:   Its length
 *
 * Return: true if so.
 */
bool rig_tcp4_ok(const uint8_t *frame, size_t len);

/**
 * rig_sum() - Internet checksum (RFC 1071), the slow and obvious way
 * @p:   Bytes
 * @len: Their number
 * @sum: Start value
 *
 * Return: 16 bits, not complemented.
 */
uint16_t rig_sum(const uint8_t *p, size_t len, uint32_t sum);

#endif
