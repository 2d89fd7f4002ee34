/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine of fuzz-glue: cards of every model, and stock cards, one of which carries acts into
 * calls.
 *
 * DOC: Theory of Operation
 *
 * Each card is behind a root port of its own, so it can be unplugged and plugged again, and has a
 * port of switch "sw0". All receive buffers of the carrier "n1" lie in the register of "vc-inside"
 * (inside-device.c): a frame for it brings an act about while the call is on the stack that sent
 * it. The uplink is a wire whose other end is the fuzzer.
 *
 * | card | model              | driver  | port | root port |
 * |------|--------------------|---------|------|-----------|
 * | n0   | vc-e1000           | e1000   | p0   | rp0       |
 * | n1   | e1000 of QEMU      | e1000   | p1   | rp1       |
 * | n2   | vc-e1000-82545em   | e1000   | p2   | rp2       |
 * | n3   | vc-vmxnet3         | vmxnet3 | p3   | rp3       |
 * | n4   | vc-pcnet           | pcnet   | p4   | rp4       |
 * | n5   | vmxnet3 of QEMU    | vmxnet3 | p5   | rp5       |
 *
 * There is no firmware: numbers of buses, windows, and addresses of BARs are fixed, and
 * glue_firmware() writes them. Whatever is not there reads as ones, and writes to it are lost, so
 * drivers go on without knowing what became of their cards.
 */
#ifndef QTEST_GLUE_WORLD_H
#define QTEST_GLUE_WORLD_H

#include "glue-driver.h"

/**
 * struct glue_row - What a card is
 * @type:   Device
 * @driver: Who drives it
 * @ours:   A card of ours
 */
struct glue_row {
	const char *type;
	const struct glue_driver *driver;
	bool ours;
};

/** glue_rows - The cards */
extern const struct glue_row glue_rows[GLUE_CARDS];

/**
 * struct glue - The machine
 * @qts:     Connection
 * @bus:     PCI
 * @card:    Rigs of the cards
 * @root:    Root ports
 * @inside:  The device that acts
 * @reg:     Its register
 * @wire:    Our end of the uplink
 * @control: Control socket of the switch, -1: closed
 * @pid:     QEMU
 * @dir:     Directory for its files
 * @worst:   Most CPU time that a step took, seconds
 * @bound:   That much is a failure
 */
struct glue {
	QTestState *qts;
	QPCIBus *bus;
	QGuestAllocator alloc;
	struct rig *card[GLUE_CARDS];
	QPCIDevice *root[GLUE_CARDS], *inside;
	uint64_t reg;
	int wire, control;
	pid_t pid;
	char *dir;
	double worst, bound;
};

/**
 * glue_start() - Start it: firmware has run, no driver has
 * @g:      Filled
 * @native: Slots are ejected at the root ports' registers, not by ACPI
 */
void glue_start(struct glue *g, bool native);

/**
 * glue_stop() - End it; the test fails if QEMU is not alive
 * @g: The machine
 */
void glue_stop(struct glue *g);

/**
 * glue_firmware() - What firmware does: buses, windows, BARs
 * @g: The machine
 */
void glue_firmware(struct glue *g);

/**
 * glue_memory() - Give all memory of a card's driver back
 * @g: The machine
 * @i: Which card
 */
void glue_memory(struct glue *g, unsigned i);

/**
 * glue_power_at() - Where PMCSR of a card is
 * @g: The machine
 * @i: Which card
 *
 * Return: offset, 0 if it has none or is not there.
 */
unsigned glue_power_at(struct glue *g, unsigned i);

/**
 * glue_ask() - A command of QMP whose outcome is not known
 * @g:   The machine
 * @fmt: Command, as qtest_qmp() takes it
 *
 * Return: true if it went well.
 */
bool glue_ask(struct glue *g, const char *fmt, ...) G_GNUC_PRINTF(2, 3);

/**
 * glue_control() - A command for the switch
 * @g:    The machine
 * @text: JSON
 *
 * Return: the answer, to be freed; NULL: the switch is gone.
 */
char *glue_control(struct glue *g, const char *text);

/**
 * glue_has() - Is there a device?
 * @g:  The machine
 * @id: Its name
 *
 * Return: true if so.
 */
bool glue_has(struct glue *g, const char *id);

/**
 * glue_cpu() - CPU time that QEMU has taken
 * @g: The machine
 *
 * Return: seconds.
 */
double glue_cpu(const struct glue *g);

#endif
