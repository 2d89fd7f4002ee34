/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtual machine, out of its .vmx file.
 *
 * DOC: Theory of Operation
 *
 * Where a card is in the guest is its pciSlotNumber. Linux names an interface by it (ens160), since
 * ESXi gives the slot of a root port that number, and firmware tells it. Above 1023 the number
 * has a function of the port in it: 1184 is 160 with function 1, which VMware's slots make 161,
 * and that is the name (ens161). So a card gets a root port of its own with slot= that number.
 */
#ifndef IMPORT_MACHINE_H
#define IMPORT_MACHINE_H

#include "host.h"
#include "vmx.h"

#define MACHINE_CARDS	 10 /* of a virtual machine of VMware's */
#define MACHINE_DISKS	 64
#define MACHINE_AHCI	 6 /* ports of q35's own controller */
#define MACHINE_NVME	 4
#define MACHINE_SLOT_MAX 8191 /* what the register of a root port holds */

/*
 * struct model - a card
 * @vmx:    Value of ethernetN.virtualDev
 * @device: Ours, or QEMU's on a port of ours
 * @note:   What is to be known; or NULL
 */
struct model {
	const char *vmx, *device, *note;
};

/*
 * struct card - ethernet@index
 * @slot:  Slot of its root port: the number in the interface's name
 * @group: Its port group
 * @start: Its cable is in when the machine starts
 */
struct card {
	unsigned index, line;
	const struct model *model;
	char *mac;
	int slot;
	struct group *group;
	bool start;
};

/* enum bus - what a disk is on */
enum bus { BUS_SCSI, BUS_SATA, BUS_IDE, BUS_NVME, BUSES };

/* struct disk - @bus @controller : @unit; @file: as the .vmx has it; @image: what it is converted
 * to */
struct disk {
	enum bus bus;
	unsigned controller, unit, line;
	char *file, *image;
};

/* struct machine - @scsi: device of each SCSI controller that is there, or NULL */
struct machine {
	char *name, *safe_name, *uuid, *file;
	gint64 memory, cpus;
	bool efi;
	const char *scsi[4];
	struct card card[MACHINE_CARDS];
	unsigned n_cards, n_ahci, n_nvme;
	GPtrArray *disks;
};

/**
 * machine_new() - Make a machine of a dictionary
 * @v:   The dictionary
 * @h:   The host whose port groups it is on; gets those that nobody described
 * @bad: Told on failure
 *
 * Return: the machine, or NULL.
 */
struct machine *machine_new(const struct vmx *v, struct host *h, struct trouble *bad);

/**
 * machine_free() - Free a machine
 * @machine: The machine or NULL
 */
void machine_free(gpointer machine);

/**
 * machine_cards() - Take its cards in
 * @m: The machine
 * @v: @h: @bad: As of machine_new()
 *
 * Return: true, or false.
 */
bool machine_cards(struct machine *m, const struct vmx *v, struct host *h, struct trouble *bad);

/**
 * machine_disks() - Take its disks in
 * @m: The machine
 * @v: @h: @bad: As of machine_new()
 *
 * Return: true, or false.
 */
bool machine_disks(struct machine *m, const struct vmx *v, struct host *h, struct trouble *bad);

#endif
