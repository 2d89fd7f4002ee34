/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine of fuzz-glue; see glue-world.h. */
#include "glue-world.h"

#include <poll.h>
#include <sys/un.h>

/* Slots on bus 0, and what firmware gives out: so much for each card. */
#define SLOT_ROOT   16u
#define SLOT_INSIDE 9u
#define WINDOW	    0xe0000000u
#define WINDOW_SIZE 0x1000000u
#define IO_WINDOW   0x4000u
#define IO_SIZE	    0x1000u
#define MEMORY	    (16u << 20)
#define MEMORY_SIZE (4u << 20)

/* Turns of asking before the switch must have answered. */
#define PATIENCE 20000u

const struct glue_row glue_rows[GLUE_CARDS] = {
	{ "vc-e1000", &glue_e1000, true },	   { "e1000", &glue_e1000, false },
	{ "vc-e1000-82545em", &glue_e1000, true }, { "vc-vmxnet3", &glue_vmxnet3, true },
	{ "vc-pcnet", &glue_pcnet, true },	   { "vmxnet3", &glue_vmxnet3, false },
};

/* ---- firmware ---- */

static QPCIDevice *place(struct glue *g, unsigned bus, unsigned slot)
{
	QPCIDevice *dev = g_new0(QPCIDevice, 1);

	dev->bus = g->bus;
	dev->devfn = (int)(bus << 8 | QPCI_DEVFN(slot, 0));
	return dev;
}

/*
 * PCI-to-PCI Bridge 1.2, 3.2.5: bus numbers and windows of I/O and memory. PCI Express 3.0, 7.8.10:
 * the slot has power.
 */
static void program_root(struct glue *g, unsigned i)
{
	uint32_t mem = WINDOW + i * WINDOW_SIZE, io = IO_WINDOW + i * IO_SIZE;
	QPCIDevice *dev = g->root[i];

	qpci_config_writel(dev, 0x18, (i + 1) << 16 | (i + 1) << 8);
	qpci_config_writew(dev, 0x1c, (io >> 8 & 0xf0) | (io & 0xf000));
	qpci_config_writel(dev, 0x20, mem >> 16 | ((mem + WINDOW_SIZE - 1) & 0xfff00000));
	qpci_config_writew(dev, 4, 7);
	qpci_config_writew(dev, qpci_find_capability(dev, 0x10, 0) + 0x18, 0x100);
}

/* Return: how many registers it has. */
static unsigned program_bar(QPCIDevice *dev, unsigned bar, uint32_t mem, uint32_t io, QPCIBar *out)
{
	unsigned at = 0x10 + 4 * bar;
	uint32_t mask;

	qpci_config_writel(dev, at, 0xffffffff);
	mask = qpci_config_readl(dev, at);
	if (!mask)
		return 1;
	out->is_io = mask & 1;
	out->addr = out->is_io ? io + 0x100 * bar : mem + 0x100000 * bar;
	qpci_config_writel(dev, at, (uint32_t)out->addr);
	if ((mask & 7) != 4)
		return 1;
	qpci_config_writel(dev, at + 4, 0);
	return 2;
}

static void program_card(struct glue *g, unsigned i)
{
	struct rig *r = g->card[i];

	if (qpci_config_readw(r->dev, 0) == 0xffff)
		return;
	for (unsigned bar = 0; bar < 6;)
		bar += program_bar(r->dev, bar, WINDOW + i * WINDOW_SIZE, IO_WINDOW + i * IO_SIZE,
				   &r->bar[bar]);
	qpci_config_writew(r->dev, 4, 7);
}

void glue_firmware(struct glue *g)
{
	QPCIBar bar = { 0 };

	for (unsigned i = 0; i < GLUE_CARDS; i++) {
		program_root(g, i);
		program_card(g, i);
	}
	program_bar(g->inside, 0, WINDOW + GLUE_CARDS * WINDOW_SIZE, 0, &bar);
	qpci_config_writew(g->inside, 4, 7);
	g->reg = bar.addr;
}

unsigned glue_power_at(struct glue *g, unsigned i)
{
	QPCIDevice *dev = g->card[i]->dev;
	uint8_t at;

	if (qpci_config_readw(dev, 0) == 0xffff)
		return 0;
	at = qpci_find_capability(dev, 1, 0);
	return at ? at + 4 : 0;
}

/* ---- QEMU ---- */

static void add_card(GString *args, unsigned i)
{
	g_string_append_printf(args,
			       " -device vc-port,id=p%u,switch=sw0"
			       " -device pcie-root-port,id=rp%u,chassis=%u,slot=%u,addr=%#x"
			       " -device %s,id=n%u,netdev=p%u,bus=rp%u,mac=52:54:00:aa:00:%02x",
			       i, i, i + 1, i + 1, SLOT_ROOT + i, glue_rows[i].type, i, i, i, i);
}

static GString *arguments(struct glue *g, bool native, int wire)
{
	GString *args = g_string_new("-machine q35 -nodefaults -m 128");

	if (native)
		g_string_append(args, " -global ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off");
	g_string_append_printf(
		args,
		" -drive if=none,id=disk,format=qcow2,file=%s/disk"
		" -device vc-switch,id=sw0,control=%s/control"
		" -netdev socket,id=w0,fd=%d -device vc-port,id=u0,switch=sw0,netdev=w0"
		" -device vc-inside,id=x,addr=%#x",
		g->dir, g->dir, wire, SLOT_INSIDE);
	for (unsigned i = 0; i < GLUE_CARDS; i++)
		add_card(args, i);
	return args;
}

/* Snapshots go there. */
static void make_disk(struct glue *g)
{
	g_autofree char *command =
		g_strdup_printf("qemu-img create -q -f qcow2 %s/disk 1M", g->dir);

	g_assert_cmpint(system(command), ==, 0);
}

/* Who listens is QEMU, which tells its number. */
static void open_control(struct glue *g)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(struct ucred);
	struct ucred peer;

	snprintf(to.sun_path, sizeof(to.sun_path), "%s/control", g->dir);
	g->control = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	g_assert_cmpint(connect(g->control, (struct sockaddr *)&to, sizeof(to)), ==, 0);
	g_assert_cmpint(getsockopt(g->control, SOL_SOCKET, SO_PEERCRED, &peer, &len), ==, 0);
	g->pid = peer.pid;
}

static void init_memory(struct glue *g, unsigned i)
{
	uint64_t at = MEMORY + i * MEMORY_SIZE;

	alloc_init(&g->card[i]->alloc, ALLOC_NO_FLAGS, at, at + MEMORY_SIZE, 4096);
}

void glue_memory(struct glue *g, unsigned i)
{
	alloc_destroy(&g->card[i]->alloc);
	init_memory(g, i);
}

static void attach(struct glue *g, unsigned i)
{
	struct rig *r = glue_rows[i].driver->rig(i);

	*r = (struct rig) { .qts = g->qts, .bus = g->bus, .wire = -1, .joined = true };
	r->dev = place(g, i + 1, 0);
	g->card[i] = r;
	g->root[i] = place(g, 0, SLOT_ROOT + i);
	init_memory(g, i);
}

void glue_start(struct glue *g, bool native)
{
	int theirs, ours = wire_make(&theirs);
	g_autofree char *dir = g_strdup_printf("%s/glue-XXXXXX", g_get_tmp_dir());
	double bound = g->bound;
	GString *args;

	memset(g, 0, sizeof(*g));
	g->bound = bound;
	g->dir = g_strdup(g_mkdtemp(dir));
	make_disk(g);
	args = arguments(g, native, theirs);
	g->qts = qtest_init(args->str);
	g_string_free(args, true);
	close(theirs);
	g->wire = ours;
	pc_alloc_init(&g->alloc, g->qts, ALLOC_NO_FLAGS);
	g->bus = qpci_new_pc(g->qts, &g->alloc);
	g->inside = place(g, 0, SLOT_INSIDE);
	for (unsigned i = 0; i < GLUE_CARDS; i++)
		attach(g, i);
	open_control(g);
	glue_firmware(g);
}

void glue_stop(struct glue *g)
{
	g_autofree char *command = g_strdup_printf("rm -rf '%s'", g->dir);

	for (unsigned i = 0; i < GLUE_CARDS; i++) {
		g_free(g->root[i]);
		rig_stop(g->card[i]);
	}
	g_free(g->inside);
	alloc_destroy(&g->alloc);
	qpci_free_pc(g->bus);
	if (g->control >= 0)
		close(g->control);
	close(g->wire);
	qtest_quit(g->qts);
	g_assert_cmpint(system(command), ==, 0);
	g_free(g->dir);
}

/* ---- questions ---- */

bool glue_ask(struct glue *g, const char *fmt, ...)
{
	va_list args;
	QDict *rsp;
	bool good;

	va_start(args, fmt);
	rsp = qtest_vqmp(g->qts, fmt, args);
	va_end(args);
	good = rsp && qdict_haskey(rsp, "return");
	qobject_unref(rsp);
	return good;
}

/* A line, or what there is of one when the other side closes. */
static char *read_line(struct glue *g)
{
	struct pollfd p = { .fd = g->control, .events = POLLIN };
	GString *line = g_string_new("");
	char c;

	for (unsigned turn = 0; !line->len || line->str[line->len - 1] != '\n';) {
		if (poll(&p, 1, 0) == 1) {
			if (read(g->control, &c, 1) != 1)
				break;
			g_string_append_c(line, c);
			continue;
		}
		g_assert_cmpuint(turn++, <, PATIENCE);
		wire_turn(g->qts);
	}
	return g_string_free(line, false);
}

char *glue_control(struct glue *g, const char *text)
{
	g_autofree char *line = g_strdup_printf("%s\n", text);
	char *answer;

	if (g->control < 0 || send(g->control, line, strlen(line), MSG_NOSIGNAL) < 0)
		return NULL;
	do { /* past the greeting and events */
		answer = read_line(g);
		if (!*answer) {
			close(g->control);
			g->control = -1;
			g_free(answer);
			return NULL;
		}
		if (strstr(answer, "\"return\"") || strstr(answer, "\"error\""))
			return answer;
		g_free(answer);
	} while (true);
}

bool glue_has(struct glue *g, const char *id)
{
	QDict *rsp = qtest_qmp(g->qts, "{ 'execute': 'qom-list', 'arguments': { 'path': "
				       "'/machine/peripheral' } }");
	QListEntry *e;
	bool found = false;

	QLIST_FOREACH_ENTRY(qdict_get_qlist(rsp, "return"), e)
	found |= !strcmp(qdict_get_str(qobject_to(QDict, qlist_entry_obj(e)), "name"), id);
	qobject_unref(rsp);
	return found;
}

double glue_cpu(const struct glue *g)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(g->pid, &clock) || clock_gettime(clock, &t))
		return 0;
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
