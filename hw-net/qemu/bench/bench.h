/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a card costs without a guest: a driver inside the QEMU process.
 *
 * DOC: Theory of Operation
 *
 * `-device vc-bench` waits until the VM runs, then takes every card whose net client is a
 * `vc-bench-sink`, ours or stock, and plays the driver: it writes descriptors into guest memory and
 * rings doorbells through the address space, as a vCPU's access would. The vCPU itself is halted
 * (bench.py gives it a firmware that is one HLT). Each doorbell is for BENCH_BATCH frames; between
 * doorbells the driver looks at what the card wrote back and reads the interrupt cause, as a
 * guest's would.
 *
 * With drive= it measures nothing: the card may be on any back end, and its driver sends, or takes
 * what comes, until QEMU is killed. pair.py has two such QEMUs on one vswitchd.
 *
 * Each measurement is done in two ways: "loop" rings the next doorbell at once, "turn" lets QEMU's
 * main loop turn once after each, in which a card may do what it put off. Cards are taken in turn
 * within each round, so that whatever else the machine does hits them alike.
 */
#ifndef VC_BENCH_H
#define VC_BENCH_H

#include "../compat.h"

/** BENCH_BATCH - Frames a doorbell */
#define BENCH_BATCH 32u
/** BENCH_RAM - Where in guest memory a card's rings and buffers are: from here, BENCH_RAM_SIZE per
 * card */
#define BENCH_RAM      0x1000000u
#define BENCH_RAM_SIZE 0x400000u
/** BENCH_MTU_FRAME - Frame without FCS of a full MTU */
#define BENCH_MTU_FRAME 1514u

/**
 * struct bench_card - A card under test
 * @pci:    The device
 * @sink:   Its back end: sends what it receives, counts what it sends
 * @driver: How to drive it
 * @mmio:   Address of its memory BAR
 * @io:     Port of its I/O BAR
 * @ram:    Guest address of its memory
 * @host:   The same, here
 * @fcs:    Received frames end with their FCS, if the driver knows how to ask for that
 * @waits:  A driver without room sleeps, instead of looking again
 * @next: @next_tx: @next_rx: the driver's places in its rings
 */
struct bench_card {
	PCIDevice *pci;
	struct bench_sink *sink;
	const struct bench_driver *driver;
	uint64_t mmio;
	uint16_t io;
	uint64_t ram;
	uint8_t *host;
	bool fcs, waits;
	unsigned next_tx, next_rx;
	uint32_t gen_tx, gen_rx;
};

/**
 * struct bench_driver - A driver for a kind of card
 * @name:    Kind, as the rows name it
 * @vendor: @device: of the cards it drives
 * @up:      Initialise; return false if the card does not come up
 * @tx:      Send @n frames of @len bytes with one doorbell, and clean up after the last ones
 * @tso:     Send @n messages of 64 KiB with one doorbell; NULL: the card has none
 * @rx_post: Give back the buffers of @n received frames
 * @rx_take: Take what was received and give the buffers back; return the number of frames. NULL:
 *           the driver can't be one of two (pair.py)
 * @tso_batch: Messages a doorbell
 */
struct bench_driver {
	const char *name;
	uint16_t vendor, device;
	bool (*up)(struct bench_card *c);
	void (*tx)(struct bench_card *c, unsigned n, unsigned len);
	void (*tso)(struct bench_card *c, unsigned n);
	void (*rx_post)(struct bench_card *c, unsigned n);
	unsigned (*rx_take)(struct bench_card *c);
	unsigned tso_batch;
};

extern const struct bench_driver bench_e1000, bench_pcnet, bench_vmxnet3;

/** BENCH_TSO_MSS - Payload of a segment, BENCH_TSO_LEN - of a message: the most whole segments that
 * IPv4 has room for */
#define BENCH_TSO_MSS 1460u
#define BENCH_TSO_LEN (44u * BENCH_TSO_MSS)
/** BENCH_TSO_HEAD - Ethernet, IPv4 and TCP headers */
#define BENCH_TSO_HEAD 54u

static inline void bench_write32(struct bench_card *c, unsigned off, uint32_t val)
{
	address_space_stl_le(&address_space_memory, c->mmio + off, val, MEMTXATTRS_UNSPECIFIED,
			     NULL);
}

static inline uint32_t bench_read32(struct bench_card *c, unsigned off)
{
	return address_space_ldl_le(&address_space_memory, c->mmio + off, MEMTXATTRS_UNSPECIFIED,
				    NULL);
}

/**
 * bench_frame() - Make a frame: UDP to an address nobody has
 * @buf: Room for @len bytes
 * @len: Its length
 */
void bench_frame(uint8_t *buf, unsigned len);

/**
 * bench_tso_head() - Make the headers of a TSO message as drivers leave them: lengths 0 or whole,
 * pseudo-header sum
 * @buf: Room for BENCH_TSO_HEAD bytes
 */
void bench_tso_head(uint8_t *buf);

/* sink.c */

#define TYPE_BENCH_SINK "vc-bench-sink"

/**
 * struct bench_sink - A back end that takes everything
 * @nc:     Its net client
 * @frames: Taken
 */
struct bench_sink {
	DeviceState dev;
	struct bench_sink_client {
		NetClientState nc;
		struct bench_sink *sink;
	} * client;
	bool vnet;
	uint64_t frames;
};
DECLARE_INSTANCE_CHECKER(struct bench_sink, BENCH_SINK, TYPE_BENCH_SINK)

/**
 * bench_sink_of() - The sink behind a device's net client
 * @nc: The net client's peer
 *
 * Return: the sink, or NULL.
 */
struct bench_sink *bench_sink_of(NetClientState *nc);

/**
 * bench_sink_send() - Send a frame to the card
 * @sink: The sink
 * @buf:  The frame
 * @len:  Its length
 *
 * Return: true if the card took it.
 */
bool bench_sink_send(struct bench_sink *sink, const uint8_t *buf, unsigned len);

#endif
