/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: commands, and through config-set configuration documents, for a switch with traffic.
 * Each line of the input is one command; a line that is no command is tried as a document.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "hwnet/frame.h"
#include "vswitch/control.h"

static int64_t now;

static int64_t host_now(void *opaque)
{
	return now;
}

static void host_timer(void *opaque, int64_t deadline)
{
}

static const struct vsw_host host = { host_now, host_timer, NULL };
static const struct vsw_control_host ctl_host = { host_now, host_timer };

static unsigned take(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	return n;
}

static const struct vsw_port_ops ops = { take, NULL, NULL };

static void event(void *opaque, const char *json)
{
	if (json[0] != '{')
		abort();
}

static void traffic(struct vsw_port *p)
{
	static const uint8_t bytes[60] = { 255, 255, 255, 255, 255, 255, 2,   0,
					   0,	0,   0,	  1,   8,   0,	 0x45 };
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;

	pkt_flat(&pkt, &iov, bytes, sizeof(bytes));
	vsw_port_input(p, &one, 1);
}

/* The answer to a command, read in pieces between which frames pass */
static void ask(struct vsw_control *ctl, const char *text, size_t len, struct vsw_port *p)
{
	struct vsw_answer *a = vsw_control_begin(ctl, text, len);
	enum vsw_answer_state state;
	char buf[4096];
	size_t n;

	do {
		state = vsw_answer_read(a, buf, sizeof(buf), &n);
		if (n > sizeof(buf) || state == VSW_ANSWER_BROKEN)
			abort();
		traffic(p);
	} while (state == VSW_ANSWER_MORE);
	vsw_answer_free(a);
}

/* While a document waits for its confirmation no other one is taken */
static void confirm(struct vsw_control *ctl)
{
	static const char command[] = "{\"execute\": \"config-confirm\"}";

	free(vsw_control_execute(ctl, command, strlen(command)));
}

static struct vsw_port *add(struct vsw *sw, const char *id, bool uplink)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;

	conf.id = id;
	conf.uplink = uplink;
	conf.mac[5] = (uint8_t)id[1];
	return vsw_port_add(sw, &conf, &ops, NULL, NULL, 0);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vsw_conf conf = { .name = "f", .host = &host, .seed = 7, .addresses = 16 };
	struct vsw *sw = vsw_new(&conf, NULL, 0);
	struct vsw_control *ctl = vsw_control_new(sw, &ctl_host, NULL);
	struct vsw_port *p0 = add(sw, "p0", false);
	const uint8_t *end = data + size;
	char err[200];

	add(sw, "p1", false);
	add(sw, "up", true);
	vsw_control_listen(ctl, event, NULL);
	while (data < end) {
		const uint8_t *nl = memchr(data, '\n', (size_t)(end - data));
		size_t len = (size_t)((nl ? nl : end) - data);
		char *text = malloc(len + 1), *answer;

		memcpy(text, data, len);
		answer = vsw_control_execute(ctl, text, len);
		if (!answer || answer[0] != '{')
			abort();
		free(answer);
		ask(ctl, text, len, p0);
		confirm(ctl);
		vsw_control_load(ctl, text, len, err, sizeof(err));
		answer = vsw_control_export(ctl);
		if (vsw_control_load(ctl, answer, strlen(answer), err, sizeof(err)) < 0)
			abort(); /* what is exported can be loaded */
		free(answer);
		free(text);
		traffic(p0);
		now += 1000000000;
		vsw_timer(sw);
		vsw_control_timer(ctl);
		data += len + (nl != NULL);
	}
	vsw_control_free(ctl);
	vsw_free(sw);
	return 0;
}

static const char *const seeds[] = {
	"{\"execute\": \"query-ports\"}\n{\"execute\": \"query-fdb\"}\n{\"execute\": "
	"\"query-commands\"}\n",
	"{\"execute\": \"fdb-add\", \"arguments\": {\"mac\": \"02:00:00:00:00:01\", \"vlan\": 5, "
	"\"port\": \"p1\"}}\n"
	"{\"execute\": \"fdb-delete\", \"arguments\": {\"mac\": \"02:00:00:00:00:01\", \"vlan\": "
	"5}}\n"
	"{\"execute\": \"fdb-flush\", \"arguments\": {\"port\": \"p0\"}}\n{\"execute\": "
	"\"clear-counters\"}\n",
	"{\"execute\": \"drops\", \"arguments\": {\"since\": 0}}\n{\"execute\": \"explain\", "
	"\"arguments\": {\"port\": \"p0\", \"frame\": \"ffffffffffff0200000000018100000a0800\"}}\n"
	"{\"execute\": \"capture-start\", \"arguments\": {\"port\": \"p0\"}}\n{\"execute\": "
	"\"capture-renew\", \"arguments\": {\"id\": 1}}\n{\"execute\": \"capture-stop\", "
	"\"arguments\": {\"id\": 1}}\n",
	"{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {\"mtu\": 1500, \"ports\": "
	"{\"p0\": {\"blocked\": true}}}, "
	"\"confirm-timeout\": 2}}\n{\"execute\": \"config-confirm\"}\n{\"execute\": "
	"\"config-rollback\"}\n",
	"{\"mtu\": 9000, \"ageing\": 120, \"multicast\": \"snooping\", \"querier\": {\"enabled\": "
	"true, \"address\": \"10.0.0.1\"}, "
	"\"private-vlans\": [{\"primary\": 100, \"secondary\": 101, \"type\": \"isolated\"}]}\n",
	"{\"classes\": [{\"name\": \"vm\", \"shares\": 25}], \"defaults\": {\"class\": \"vm\", "
	"\"security\": {\"promiscuous\": false}},"
	" \"portgroups\": {\"g\": {\"vlan\": {\"mode\": \"trunk\", \"trunk\": \"1-10,20\", "
	"\"tpid\": \"0x88a8\"}, \"override\": [\"mac\"]}},"
	" \"ports\": {\"p0\": {\"portgroup\": \"g\", \"mac\": {\"reserved\": [0, 14], \"limit\": "
	"5}}}}\n",
	"{\"mirrors\": [{\"name\": \"m\", \"type\": \"erspan3\", \"to\": \"up\", \"sources\": "
	"{\"p0\": \"both\"}, \"truncate\": 64}]}\n",
	"{\"ports\": {\"p0\": {\"rules\": [{\"name\": \"r\", \"direction\": \"both\", \"match\": "
	"{\"not-source-ip\": \"10.0.0.0/8\", "
	"\"source-mac\": \"02:00:00:00:00:01/ff:ff:00:00:00:00\", \"source-port\": \"1-5\", "
	"\"tcp-flags\": \"S!A\", "
	"\"ethertype\": \"0x800\"}, \"action\": \"limit\", \"limit\": 5, \"log\": true}]}}}\n",
	"{\"ports\": {\"p0\": {\"shaping\": {\"in\": {\"average\": 1000000, \"peak\": \"2.5M\", "
	"\"burst\": 2000}}, \"storm\": "
	"{\"broadcast\": 5}, \"queue\": {\"frames\": 64, \"target-us\": 500}, \"teaming\": "
	"{\"policy\": \"explicit\", "
	"\"active\": [\"up\"], \"standby\": []}}}}\n",
};

size_t fuzz_seed(unsigned i, uint8_t *buf)
{
	if (i >= sizeof(seeds) / sizeof(seeds[0]))
		return 0;
	memcpy(buf, seeds[i], strlen(seeds[i]));
	return strlen(seeds[i]);
}
