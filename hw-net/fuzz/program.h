/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A card driven by bytes: a program of register accesses, memory writes, frames, and time.
 *
 * DOC: Theory of Operation
 *
 * A program is a sequence of operations, each one byte and the bytes it takes; at the end of the
 * input everything reads as 0. Register numbers come from the model's own tables. Before the
 * program, the model's *guest* (guests.h) brings the card up as a driver would, so that programs
 * start where cards are complicated; it also lends operations of its own: hand over a descriptor,
 * refill receive rings, poke indirect registers.
 *
 * What is a bug: whatever a sanitizer says, whatever the fake host notices, a frame that leaves the
 * card and is not what pkt.h promises, or that becomes another one when it is finished (judge.h), a
 * card that does not load what it saved.
 *
 * An execution shall be short and depend on its input only. What costs much is rationed (saves,
 * operations); the host's memory serves all executions, and is cleaned in between. To be sure of
 * that, tests of the targets compare what became of an input before and after others (fake_reuse).
 */
#ifndef HW_NET_FUZZ_PROGRAM_H
#define HW_NET_FUZZ_PROGRAM_H

#include "build-frame.h"
#include "fake-host.h"

#define FUZZ_AREAS 12u

/* The card's address; a group that it may listen to */
#define FUZZ_MAC   "\x52\x54\x00\x12\x34\x56"
#define FUZZ_GROUP "\x01\x00\x5e\x00\x00\x01"

/* A piece of guest memory that means something to the card. */
struct fuzz_area {
	uint64_t addr;
	uint32_t len, unit;
};

struct fuzz_guest;

/**
 * struct fuzz - A program being run
 * @host:  The host, with the card
 * @model: Its model
 * @guest: The model's guest
 * @in: @left: The input
 * @areas: @n_areas: Memory that memory writes go to
 * @tx_buf: @rx_buf: 64 KiB each
 * @next:  The guest's own ring indices
 * @dress: Called for each frame that is built, before it is written; may be NULL
 * @flip:  The guest changes memory behind the card's back, after each DMA read
 * @random: For that
 * @reopen: Save and load at the end
 * @reopens: How often the program did so
 */
struct fuzz {
	struct fake_host host;
	const struct hwnet_model *model;
	const struct fuzz_guest *guest;
	const uint8_t *in;
	size_t left;
	struct fuzz_area areas[FUZZ_AREAS];
	unsigned n_areas;
	uint64_t tx_buf, rx_buf;
	uint32_t next[8];
	void (*dress)(struct fuzz *z, struct build *b);
	bool flip, reopen;
	unsigned reopens;
	uint64_t random;
};

/* Input; 0 at its end. */
uint8_t fuzz_u8(struct fuzz *z);
uint16_t fuzz_u16(struct fuzz *z);
uint32_t fuzz_u32(struct fuzz *z);

/**
 * fuzz_area() - Allocate memory that programs write to
 * @z:    The program
 * @len:  Bytes
 * @unit: Distance of descriptors in it
 * @align: Alignment
 *
 * Return: bus address.
 */
uint64_t fuzz_area(struct fuzz *z, uint32_t len, uint32_t unit, uint32_t align);

/**
 * fuzz_build() - A frame from the input
 * @z: The program
 *
 * Return: what it is.
 */
struct build fuzz_build(struct fuzz *z);

/**
 * fuzz_value() - A value for a register or address field from the input
 * @z: The program
 *
 * Return: all kinds, among them addresses of memory and of what is not.
 */
uint64_t fuzz_value(struct fuzz *z);

/**
 * fuzz_space_bits() - Width of the registers of one of the model's tables
 * @z:     The program
 * @space: Which table
 *
 * Return: bits.
 */
unsigned fuzz_space_bits(const struct fuzz *z, unsigned space);

/**
 * fuzz_open() - Choose model and configuration by the input, make the card and bring it up
 * @z:     Filled
 * @model: The model, or NULL: the input chooses
 * @data: @size: The input
 *
 * Return: false if there is no such card.
 */
bool fuzz_open(struct fuzz *z, const struct hwnet_model *model, const uint8_t *data, size_t size);

/**
 * fuzz_open_at() - The same with an address of its own, for a host with several cards
 * @z:     Filled
 * @model: The model, or NULL: the input chooses
 * @mac:   The card's address
 * @data: @size: The input
 *
 * Return: false if there is no such card.
 */
bool fuzz_open_at(struct fuzz *z, const struct hwnet_model *model, const uint8_t *mac,
		  const uint8_t *data, size_t size);

/**
 * fuzz_run() - Run the program
 * @z: The program
 */
void fuzz_run(struct fuzz *z);

/**
 * fuzz_tell() - Have the card tell about itself
 * @z: The program
 */
void fuzz_tell(struct fuzz *z);

/**
 * fuzz_close() - Destroy card and host
 * @z: The program
 */
void fuzz_close(struct fuzz *z);

/**
 * fuzz_model_argument() - Find --model=NAME
 * @argc: @argv: Arguments
 *
 * Return: the model, or NULL if none is given. Exits if it does not exist.
 */
const struct hwnet_model *fuzz_model_argument(int argc, char **argv);

/**
 * fuzz_program_seed() - A program that leads somewhere
 * @i:   Which
 * @buf: Filled, up to 512 bytes
 *
 * Return: length, 0 if there are no more.
 */
size_t fuzz_program_seed(unsigned i, uint8_t *buf);

#endif
