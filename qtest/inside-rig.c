/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A machine in which things happen from inside a card's call; see inside-rig.h. */
#include "inside-rig.h"

#define LEN 64u

enum { SLOT_CARD = 4, SLOT_STOCK = 5, SLOT_OTHER = 6, SLOT_INSIDE = 9 };

static struct e1000_rig card;

static void attach_card(void)
{
	e1000_rig_attach(&card);
}

static void send_frame(const uint8_t *frame)
{
	e1000_tx_frame(&card, frame, LEN, 0);
}

const struct inside_model inside_e1000 = { "vc-e1000", &card.r, attach_card, send_frame };

/* All receive buffers of the stock card lie in the register. */
static void aim(struct inside *in)
{
	for (unsigned i = 0; i < RX_RING; i++)
		qtest_writeq(in->qts, in->stock.rx_ring + 16 * i, in->reg);
}

static void attach(struct inside *in, struct rig *first)
{
	rig_join(in->model->rig, first, SLOT_CARD);
	rig_join(&in->stock.r, first, SLOT_STOCK);
	rig_join(&in->other.r, first, SLOT_OTHER);
	in->model->attach();
	e1000_rig_attach(&in->stock);
	e1000_rig_attach(&in->other);
	in->dev = qpci_device_find(first->bus, QPCI_DEVFN(SLOT_INSIDE, 0));
	qpci_device_enable(in->dev);
	in->reg = qpci_iomap(in->dev, 0, NULL).addr;
	aim(in);
	qtest_clock_step(in->qts, 2000000000ll); /* the stock card rests after RCTL was written */
}

void inside_start(struct inside *in, const struct inside_model *model, const char *more)
{
	int theirs, ours = wire_make(&theirs);
	struct rig first;
	g_autofree char *args = g_strdup_printf(
		"-machine q35 -nodefaults -netdev socket,id=w0,fd=%d "
		"-device vc-port,id=u0,switch=sw0,netdev=w0 -device vc-port,id=p0,switch=sw0 "
		"-device vc-port,id=p1,switch=sw0 -device vc-port,id=p2,switch=sw0 "
		"-device %s,id=n0,netdev=p0,addr=%d,mac=52:54:00:aa:00:00 "
		"-device e1000,id=n1,netdev=p1,addr=%d,mac=52:54:00:aa:00:01 "
		"-device vc-e1000,id=n2,netdev=p2,addr=%d,mac=52:54:00:aa:00:02 "
		"-device vc-inside,id=x,addr=%d %s",
		theirs, model->device, SLOT_CARD, SLOT_STOCK, SLOT_OTHER, SLOT_INSIDE, more);

	memset(in, 0, sizeof(*in));
	setenv("LD_PRELOAD", QTEST_INSIDE, 1);
	rig_open(&first, 0, args);
	unsetenv("LD_PRELOAD");
	close(theirs);
	in->model = model;
	in->card = &card;
	in->qts = first.qts;
	in->wire = ours;
	attach(in, &first);
	alloc_destroy(&first.alloc);
}

void inside_stop(struct inside *in)
{
	qtest_clock_step(in->qts, 10000000);
	g_free(in->dev);
	qpci_free_pc(in->other.r.bus);
	rig_stop(in->model->rig);
	rig_stop(&in->stock.r);
	rig_stop(&in->other.r);
	qtest_quit(in->qts);
	close(in->wire);
}

void inside_setup(struct inside *in)
{
	qpci_device_enable(in->model->rig->dev);
	in->model->attach();
}

/* The byte that is the low one of an aligned word in the register. */
static void make(uint8_t *frame, uint8_t dst, uint8_t act)
{
	uint8_t to[6] = { 0x52, 0x54, 0, 0xaa, 0, dst };
	static const uint8_t from[6] = { 0x52, 0x54, 0, 0xaa, 0, 0 };

	if (dst == 0xff)
		memset(to, 0xff, 6);
	rig_frame(frame, to, from, LEN, (uint32_t)act << 8);
	memset(frame + 18, 0, LEN - 18);
}

void inside_send(struct inside *in, uint8_t dst, uint8_t act)
{
	uint8_t frame[LEN];

	make(frame, dst, act);
	in->model->send(frame);
}

void inside_acts(struct inside *in, const char *acts)
{
	qtest_qmp_assert_success(in->qts,
				 "{ 'execute': 'qom-set', 'arguments': { 'path': "
				 "'/machine/peripheral/x', 'property': 'acts', 'value': %s } }",
				 acts);
}

char *inside_log(struct inside *in)
{
	QDict *rsp = qtest_qmp(in->qts, "{ 'execute': 'qom-get', 'arguments': { 'path': "
					"'/machine/peripheral/x', 'property': 'log' } }");
	char *log = g_strdup(qdict_get_str(rsp, "return"));

	qobject_unref(rsp);
	return log;
}

void inside_do(struct inside *in, const char *act)
{
	inside_acts(in, act);
	inside_send(in, 0xff, 1);
}

void inside_exchange(struct inside *in)
{
	static const uint8_t station[6] = { 0x52, 0x54, 0, 0xbb, 0, 1 };
	uint8_t frame[LEN], got[BUF_SIZE];
	static const uint8_t mac[6] = { 0x52, 0x54, 0, 0xaa, 0, 2 };

	while (!e1000_rx_idle(&in->other))
		e1000_rx_frame(&in->other, got, NULL, NULL, NULL);
	e1000_rx_refill(&in->other);
	rig_frame(frame, mac, station, LEN, 0xabcd);
	wire_send(in->wire, frame, LEN);
	g_assert_cmpuint(e1000_rx_frame(&in->other, got, NULL, NULL, NULL), >=, 60);
	g_assert_cmpmem(got, LEN, frame, LEN);
	e1000_rx_refill(&in->other);
}
