/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: commands, and through config-set configuration documents, for a switch with traffic.
 * Each line of the input is one command; a line that is no command is tried as a document.
 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "control/schema.h"
#include "fake-host.h"
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

/* ---- what a rule may match: a model of the grammar, apart from the code that reads it ---- */

static bool is_number(const char *s)
{
	size_t n = strlen(s);

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
		return n > 2 && strspn(s + 2, "0123456789abcdefABCDEF") == n - 2;
	return n && strspn(s, "0123456789") == n;
}

static bool is_name(const char *s)
{
	static const char *const names[] = {
		"ipv4", "arp", "rarp", "ipv6", "lldp", "icmp", "igmp",
		"tcp",	"udp", "gre",  "esp",  "ah",   "sctp", "icmpv6"
	};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(s, names[i]))
			return true;
	return false;
}

/* ADDRESS or ADDRESS/BITS */
static bool is_ip(const char *s)
{
	size_t n = strcspn(s, "/");
	const char *bits = s + n;

	return n && strspn(s, "0123456789abcdefABCDEF.:") == n &&
	       (!*bits || (bits[1] && strspn(bits + 1, "0123456789") == strlen(bits + 1)));
}

/* PORT or FROM-TO */
static bool is_ports(const char *s)
{
	size_t from = strspn(s, "0123456789");

	if (!from || !s[from])
		return from;
	s += from + 1;
	return s[-1] == '-' && *s && strspn(s, "0123456789") == strlen(s);
}

static bool may_match(const char *key, const char *s)
{
	key += strncmp(key, "not-", 4) ? 0 : 4;
	if (!strcmp(key, "protocol") || !strcmp(key, "ethertype") || !strcmp(key, "vlan"))
		return is_number(s) || is_name(s);
	if (strstr(key, "-ip"))
		return is_ip(s);
	return !strstr(key, "-port") || is_ports(s);
}

/* Nothing was taken that is not wholly understood. */
static void look_at_matches(json_t *v)
{
	const char *key;
	json_t *one;
	size_t i;

	json_object_foreach(json_object_get(v, "match"), key, one)
		if (json_is_string(one) && !may_match(key, json_string_value(one)))
			fake_fail("a rule matches %s \"%s\"", key, json_string_value(one));
	json_object_foreach(v, key, one)
		look_at_matches(one);
	json_array_foreach(v, i, one)
		look_at_matches(one);
}

/* ---- what a document costs: docs/security.md, "Work per act" ---- */

static unsigned reads;

/* The linker puts it in the place of what others call. */
int __real_vsw_schema_read(struct vsw_json_in *in, const json_t *obj, const struct schema *s,
			   const char *object, void *base);
int __wrap_vsw_schema_read(struct vsw_json_in *in, const json_t *obj, const struct schema *s,
			   const char *object, void *base);

int __wrap_vsw_schema_read(struct vsw_json_in *in, const json_t *obj, const struct schema *s,
			   const char *object, void *base)
{
	reads++;
	return __real_vsw_schema_read(in, obj, s, object, base);
}

/* Objects in lists: rules, mirrors, classes */
static unsigned in_lists(json_t *v)
{
	unsigned n = 0;
	const char *key;
	json_t *one;
	size_t i;

	json_object_foreach(v, key, one)
		n += in_lists(one);
	json_array_foreach(v, i, one)
		n += json_is_object(one) + in_lists(one);
	return n;
}

/* The document, the defaults, each group, each port, and what is in lists is read once, and what is
 * of no port once more for uplinks, who have other values untold. */
static void look_at_reads(json_t *doc)
{
	size_t most = 1 + json_object_size(json_object_get(doc, "ports"));

	most += 2 * (1 + json_object_size(json_object_get(doc, "portgroups")) + in_lists(doc));
	if (reads > most)
		fake_fail("objects of a document are read %u times, not %zu", reads, most);
}

static void load(struct vsw_control *ctl, const char *text, size_t len)
{
	char err[200];
	json_t *doc;

	reads = 0;
	if (vsw_control_load(ctl, text, len, err, sizeof(err)))
		return;
	doc = json_loadb(text, len, 0, NULL);
	look_at_reads(doc);
	look_at_matches(doc);
	json_decref(doc);
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
		load(ctl, text, len);
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
	"{\"mtu\": 9000, \"ageing\": 120, \"address-table\": 64, \"multicast\": "
	"\"snooping\", \"querier\": {\"enabled\": "
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
	"\"ethertype\": \"0x800\", \"protocol\": \"6\"}, "
	"\"action\": \"limit\", \"limit\": 5, \"log\": true}]}}}\n",
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
