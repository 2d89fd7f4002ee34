/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A saved state and a card that was made otherwise: refused in a line that names the property, or
 * taken because it makes no difference (docs/devices.md). The state goes from one card of a machine
 * to another, by vc-inside.
 */
#include "errors.h"
#include "rig.h"

/**
 * struct pair - Two cards
 * @from: @to: as for -device
 * @words: The first line that QEMU says, without the name; NULL: the state is taken
 */
struct pair {
	const char *name, *from, *to, *words;
};

#define M1 "mac=52:54:00:00:00:01"
#define M2 "mac=52:54:00:00:00:02"

static const struct pair pairs[] = {
	{ "e1000/mac", "vc-e1000," M1, "vc-e1000," M2,
	  "the state is of a card with " M1 ", this one has " M2 },
	{ "e1000/model", "vc-e1000," M1, "vc-e1000-82545em," M1,
	  "saved state: e1000: is of another model" },
	{ "e1000/tx-coalesce-us", "vc-e1000," M1, "vc-e1000,tx-coalesce-us=7," M1, NULL },
	{ "pcnet/mac", "vc-pcnet," M1, "vc-pcnet," M2,
	  "the state is of a card with " M1 ", this one has " M2 },
	{ "pcnet/model", "vc-pcnet," M1, "vc-pcnet,model=am79c973," M1,
	  "the state is of a card with model=am79c970a, this one has model=am79c973" },
	{ "pcnet/coalesce", "vc-pcnet,coalesce=1,coalesce-us=9," M1, "vc-pcnet," M1, NULL },
	{ "vmxnet3/mac", "vc-vmxnet3," M1, "vc-vmxnet3," M2,
	  "the state is of a card with " M1 ", this one has " M2 },
	{ "vmxnet3/queues", "vc-vmxnet3,queues=8," M1, "vc-vmxnet3,queues=4," M1,
	  "the state is of a card with queues=8, this one has queues=4" },
	{ "vmxnet3/rev", "vc-vmxnet3,rev=3," M1, "vc-vmxnet3,rev=9," M1,
	  "the state is of a card with rev=3, this one has rev=9" },
	{ "vmxnet3/msi", "vc-vmxnet3," M1, "vc-vmxnet3,msi=off," M1,
	  "the state is of a card with msi=on, this one has msi=off" },
	{ "vmxnet3/msix", "vc-vmxnet3,msix=off," M1, "vc-vmxnet3," M1,
	  "the state is of a card with msix=off, this one has msix=on" },
	{ "vmxnet3/mask-mode", "vc-vmxnet3," M1, "vc-vmxnet3,mask-mode=lazy," M1,
	  "the state is of a card with mask-mode=auto, this one has mask-mode=lazy" },
	{ "vmxnet3/others", "vc-vmxnet3,lro=off,link-speed=1000,doorbell=bh," M1, "vc-vmxnet3," M1,
	  NULL },
	{ "vmxnet3/slot", "vc-vmxnet3," M1, "vc-vmxnet3,bus=br," M1,
	  "the state is of a card in an express slot, this one is in a plain one" },
	{ "another-card", "vc-vmxnet3," M1, "vc-pcnet," M1,
	  "saved state: vmxnet3: is of another model" },
	{ "itself", "vc-vmxnet3," M1, "vc-vmxnet3," M1, NULL },
};

static char *get_log(QTestState *qts)
{
	QDict *rsp = qtest_qmp(qts, "{ 'execute': 'qom-get', 'arguments': { 'path': "
				    "'/machine/peripheral/x', 'property': 'log' } }");
	char *log = g_strdup(qdict_get_str(rsp, "return"));

	qobject_unref(rsp);
	return log;
}

static void test_pair(const void *data)
{
	const struct pair *pair = data;
	g_autofree char *errors = NULL, *log = NULL, *want = NULL;
	g_autofree char *args = g_strdup_printf(
		"-machine q35 -nodefaults -device pci-bridge,id=br,chassis_nr=1,addr=7 "
		"-device vc-inside,id=x,addr=9 -device %s,id=from,addr=4 -device %s,id=to,addr=5 "
		"%s",
		pair->from, pair->to, errors_apart());
	struct rig r;
	QPCIBar bar;

	setenv("LD_PRELOAD", QTEST_INSIDE, 1);
	rig_open(&r, 9, args);
	unsetenv("LD_PRELOAD");
	bar = qpci_iomap(r.dev, 0, NULL);
	qtest_qmp_assert_success(r.qts,
				 "{ 'execute': 'qom-set', 'arguments': { 'path': "
				 "'/machine/peripheral/x', 'property': 'acts', 'value': %s } }",
				 "save from & load to");
	qpci_io_writeb(r.dev, bar, 0, 1);
	log = get_log(r.qts);
	rig_stop(&r);
	errors = errors_take();
	if (!pair->words) {
		g_assert_cmpstr(errors, ==, "");
		g_assert_cmpstr(log, ==, "ok\nok\n");
		return;
	}
	want = g_strdup_printf(": to: %s\n", pair->words);
	g_assert_cmpstr(log, ==, "ok\nnot loaded\n");
	g_assert_nonnull(strchr(errors, ':'));
	strchr(errors, '\n')[1] = '\0';
	g_assert_cmpstr(strchr(errors, ':'), ==, want);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (unsigned i = 0; i < ARRAY_SIZE(pairs); i++) {
		g_autofree char *path = g_strconcat("/saved-state/", pairs[i].name, NULL);

		qtest_add_data_func(path, &pairs[i], test_pair);
	}
	return g_test_run();
}
