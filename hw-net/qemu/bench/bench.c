// SPDX-License-Identifier: GPL-2.0-or-later
/* The measurement; see bench.h. */
#include "bench.h"
#include "exec/address-spaces.h"

#define TYPE_BENCH "vc-bench"
/* Time of one sample, ns. */
#define SAMPLE	  (30 * 1000 * 1000ll)
#define MAX_CARDS 8

static const struct bench_driver *const drivers[] = { &bench_e1000, &bench_pcnet, &bench_vmxnet3 };

/**
 * struct bench - The device
 * @rounds: How many samples of each
 * @out:    File for the samples
 * @only:   Rows whose name begins so, in a loop; for profiling
 * @fcs:    Receive rows alone, with the FCS behind each frame
 * @drive:  No rows: the name of one to send for ever, or "receive"
 */
struct bench {
	DeviceState dev;
	uint32_t rounds;
	char *out, *only, *drive;
	bool fcs;
	QEMUBH *bh;
	FILE *file;
	bool begun;
	struct bench_card cards[MAX_CARDS];
	unsigned n;
};
DECLARE_INSTANCE_CHECKER(struct bench, BENCH, TYPE_BENCH)

/* struct row - one kind of measurement */
struct row {
	const char *name;
	enum { TX, RX, TSO } what;
	unsigned len;
};

static const struct row rows[] = {
	{ "transmit 60 B", TX, 60 },
	{ "transmit 1514 B", TX, BENCH_MTU_FRAME },
	{ "transmit 64 KiB TSO", TSO, 0 },
	{ "receive 60 B", RX, 60 },
	{ "receive 1514 B", RX, BENCH_MTU_FRAME },
};

/* IPv4, UDP; locally administered addresses. */
static const uint8_t head[42] = {
	0x02, 0, 0,  0,	 0, 0xfe, 0x02, 0,    0,    0,	  0, 0x01, 0x08, 0x00,
	0x45, 0, 0,  46, 0, 0,	  0,	0,    64,   17,	  0, 0,	   10,	 0,
	0,    1, 10, 0,	 0, 2,	  0x10, 0x00, 0x10, 0x01, 0, 26,   0,	 0,
};

void bench_frame(uint8_t *buf, unsigned len)
{
	memset(buf, 0x5a, len);
	memcpy(buf, head, sizeof(head));
	stw_be_p(buf + 16, len - 14);
	stw_be_p(buf + 38, len - 34);
}

void bench_tso_head(uint8_t *buf)
{
	memset(buf, 0, BENCH_TSO_HEAD);
	memcpy(buf, head, 34);
	buf[23] = 6; /* TCP */
	stw_be_p(buf + 16, 0);
	stw_be_p(buf + 34, 0x1000);
	stw_be_p(buf + 36, 0x1001);
	buf[46] = 5 << 4;
	buf[47] = 0x10;
	stw_be_p(buf + 48, 0xffff);
	stw_be_p(buf + 50, 0x0a00 + 1 + 0x0a00 + 2 + 6); /* pseudo-header without length */
}

static int64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NANOSECONDS_PER_SECOND + t.tv_nsec;
}

static void receive_batch(struct bench_card *c, const uint8_t *frame, unsigned len)
{
	for (unsigned i = 0; i < BENCH_BATCH; i++) {
		if (!bench_sink_send(c->sink, frame, len)) {
			fprintf(stderr, "bench: card takes no frame\n");
			exit(1);
		}
	}
	c->driver->rx_post(c, BENCH_BATCH);
}

static unsigned batch(struct bench_card *c, const struct row *row, const uint8_t *frame)
{
	switch (row->what) {
	case TX:
		c->driver->tx(c, BENCH_BATCH, row->len);
		return BENCH_BATCH;
	case TSO:
		c->driver->tso(c, c->driver->tso_batch);
		return c->driver->tso_batch;
	default:
		receive_batch(c, frame, row->len);
		return BENCH_BATCH;
	}
}

/* Return: ns per frame; @total: frames. */
static double sample(struct bench_card *c, const struct row *row, bool turn, uint64_t *total)
{
	uint8_t frame[BENCH_MTU_FRAME];
	int64_t start = clock_ns(), now;
	uint64_t frames = 0;

	bench_frame(frame, sizeof(frame));
	do {
		for (int i = 0; i < 16; i++) {
			frames += batch(c, row, frame);
			if (turn)
				main_loop_wait(true);
		}
		now = clock_ns();
	} while (now - start < SAMPLE);
	main_loop_wait(true);
	*total = frames;
	return (double)(now - start) / frames;
}

static bool is_measured(const struct bench *b, const struct bench_driver *d, const struct row *row,
			bool turn)
{
	if ((row->what == TSO && !d->tso) || (row->what != RX && b->fcs))
		return false;
	return !b->only || (!turn && g_str_has_prefix(row->name, b->only));
}

static void measure(struct bench *b, struct bench_card *c, const struct row *row, bool turn,
		    bool keep)
{
	uint64_t before = c->sink->frames, frames;
	double ns;

	if (!is_measured(b, c->driver, row, turn))
		return;
	ns = sample(c, row, turn, &frames);
	if (row->what != RX && c->sink->frames == before) {
		fprintf(stderr, "bench: nothing came out of the card\n");
		exit(1);
	}
	if (keep)
		fprintf(b->file,
			"{\"card\": \"%s\", \"kind\": \"%s\", \"row\": \"%s%s\", \"way\": \"%s\", "
			"\"ns\": %.1f, \"frames\": %" PRIu64 "}\n",
			object_get_typename(OBJECT(c->pci)), c->driver->name, row->name,
			b->fcs ? " with FCS" : "", turn ? "turn" : "loop", ns, frames);
}

/* Stock e1000 takes no frame for a second after its receiver was set up. */
static void settle(void)
{
	int64_t end = clock_ns() + 1200 * 1000 * 1000ll;

	while (clock_ns() < end) {
		main_loop_wait(true);
		g_usleep(10000);
	}
}

/* For ever */
static void drive(struct bench_card *c, const char *what)
{
	const struct row *row = rows;

	while (row < rows + ARRAY_SIZE(rows) && strcmp(row->name, what))
		row++;
	for (;;) {
		if (c->driver->rx_take)
			c->driver->rx_take(c);
		if (row < rows + ARRAY_SIZE(rows))
			batch(c, row, NULL);
		main_loop_wait(row < rows + ARRAY_SIZE(rows));
	}
}

static void run(void *opaque)
{
	struct bench *b = opaque;

	for (unsigned i = 0; i < b->n; i++) {
		if (!b->cards[i].driver->up(&b->cards[i])) {
			fprintf(stderr, "bench: %s does not come up\n",
				object_get_typename(OBJECT(b->cards[i].pci)));
			exit(1);
		}
	}
	settle();
	if (b->drive && b->n)
		drive(&b->cards[0], b->drive);
	/* Round 0 warms caches and is not kept. */
	for (unsigned round = 0; round <= b->rounds; round++)
		for (unsigned r = 0; r < ARRAY_SIZE(rows); r++)
			for (int turn = 0; turn < 2; turn++)
				for (unsigned i = 0; i < b->n; i++)
					measure(b, &b->cards[i], &rows[r], turn, round);
	fclose(b->file);
	exit(0);
}

static const struct bench_driver *driver_for(PCIDevice *pci)
{
	for (unsigned i = 0; i < ARRAY_SIZE(drivers); i++)
		if (pci_get_word(pci->config + PCI_VENDOR_ID) == drivers[i]->vendor &&
		    pci_get_word(pci->config + PCI_DEVICE_ID) == drivers[i]->device)
			return drivers[i];
	return NULL;
}

static void config(PCIDevice *pci, unsigned at, uint32_t val, int len)
{
	pci->config_write(pci, at, val, len);
}

/* What firmware does: addresses for the first memory and I/O region, and all commands on. */
static void place(struct bench_card *c, unsigned i)
{
	PCIDevice *pci = c->pci;
	bool mem = false, io = false;

	c->mmio = 0xe0000000u + i * 0x1000000u;
	c->io = 0xc000 + i * 0x100;
	for (unsigned bar = 0; bar < 6; bar++) {
		PCIIORegion *r = &pci->io_regions[bar];
		unsigned at = PCI_BASE_ADDRESS_0 + 4 * bar;

		if (!r->size)
			continue;
		if (r->type & PCI_BASE_ADDRESS_SPACE_IO)
			config(pci, at, io ? 0xd000 + i * 0x100 : c->io, 4), io = true;
		else
			config(pci, at, c->mmio + (mem ? 0x100000 * bar : 0), 4), mem = true;
	}
	config(pci, PCI_COMMAND, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 2);
	c->ram = BENCH_RAM + i * BENCH_RAM_SIZE;
	c->host = (uint8_t *)memory_region_get_ram_ptr(MACHINE(qdev_get_machine())->ram) + c->ram;
}

/* By the property: what a stock card gives the net layer as itself need not be the device (pcnet).
 */
static struct bench_sink *sink_of_card(PCIDevice *pci)
{
	g_autofree char *netdev = NULL;
	NetClientState *nc;

	if (object_property_find(OBJECT(pci), "netdev"))
		netdev = object_property_get_str(OBJECT(pci), "netdev", NULL);
	nc = netdev ? qemu_find_netdev(netdev) : NULL;
	return nc ? bench_sink_of(nc) : NULL;
}

static void take_card(PCIBus *bus, PCIDevice *pci, void *opaque)
{
	struct bench *b = opaque;
	struct bench_sink *sink = sink_of_card(pci);
	struct bench_card *c = &b->cards[b->n];

	if ((!sink && !b->drive) || b->n == MAX_CARDS || !driver_for(pci))
		return;
	*c = (struct bench_card) {
		.pci = pci,
		.sink = sink,
		.driver = driver_for(pci),
		.fcs = b->fcs,
		.waits = b->drive,
	};
	place(c, b->n++);
}

static void vm_state_changed(void *opaque, bool running, RunState state)
{
	struct bench *b = opaque;

	if (!running || b->begun)
		return;
	b->begun = true;
	pci_for_each_device_under_bus(PCI_BUS(object_resolve_path_type("", TYPE_PCI_BUS, NULL)),
				      take_card, b);
	qemu_bh_schedule(b->bh);
}

static void bench_realize(DeviceState *dev, Error **errp)
{
	struct bench *b = BENCH(dev);

	b->file = fopen(b->out ? b->out : "/dev/stdout", "w");
	if (!b->file) {
		error_setg_file_open(errp, errno, b->out);
		return;
	}
	b->bh = qemu_bh_new(run, b);
	qemu_add_vm_change_state_handler(vm_state_changed, b);
}

VC_PROPS bench_props[] = { DEFINE_PROP_UINT32("rounds", struct bench, rounds, 7),
			   DEFINE_PROP_STRING("out", struct bench, out),
			   DEFINE_PROP_STRING("only", struct bench, only),
			   DEFINE_PROP_STRING("drive", struct bench, drive),
			   DEFINE_PROP_BOOL("fcs", struct bench, fcs, false),
			   VC_PROP_END };

static void bench_class_init(ObjectClass *klass, vc_class_data *data)
{
	DeviceClass *dc = DEVICE_CLASS(klass);

	dc->realize = bench_realize;
	dc->hotpluggable = false;
	device_class_set_props(dc, bench_props);
}

static const TypeInfo bench_type = {
	.name = TYPE_BENCH,
	.parent = TYPE_DEVICE,
	.instance_size = sizeof(struct bench),
	.class_init = bench_class_init,
};

static void register_types(void)
{
	type_register_static(&bench_type);
}
type_init(register_types)
