/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: inputs of vchassis-import, up to the text of all files. An input has several, each
 * behind a line "==== NAME ====".
 *
 * What is told must hold: one line for a refusal, with the file's name in it, and no file; else a
 * document that a switch took (which document_text() asks), and files with names of their own.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "import.h"

static const char *const seeds[] = {
	"==== a.txt ====\n# esxcli network vswitch standard list\nvSwitch0\n   Name: vSwitch0\n"
	"   MTU: 9000\n   Uplinks: vmnic0, vmnic1\n\n"
	"# esxcli network vswitch standard portgroup list\n"
	"Name  Virtual Switch  Active Clients  VLAN ID\n"
	"----  --------------  --------------  -------\n"
	"Web   vSwitch0                     1       10\n"
	"# esxcli network vswitch standard policy security get -v vSwitch0\n"
	"   Allow Promiscuous: false\n   Allow MAC Address Change: true\n"
	"   Allow Forged Transmits: true\n"
	"# esxcli network vswitch standard portgroup policy shaping get -p Web\n   Enabled: true\n"
	"   Average Bandwidth: 100 Kbps\n   Peak Bandwidth: 200 Kbps\n   Burst Size: 64 Kib\n"
	"# esxcli network vswitch standard portgroup policy failover get -p Web\n"
	"   Load Balancing: iphash\n   Network Failure Detection: beacon\n"
	"   Notify Switches: true\n   Failback: false\n   Active Adapters: vmnic1\n"
	"   Standby Adapters: vmnic0\n   Override Vswitch Uplinks: true\n"
	"==== b.vmx ====\n.encoding = \"UTF-8\"\ndisplayName = \"b |22x|22\"\n"
	"ethernet0.present = \"TRUE\"\nethernet0.virtualDev = \"vmxnet3\"\n"
	"ethernet0.networkName = \"Web\"\nethernet0.pciSlotNumber = \"1184\"\n"
	"scsi0:0.present = \"TRUE\"\nscsi0:0.fileName = \"b-000001.vmdk\"\n",
	"==== a.txt ====\n# esxcli --formatter=csv network vswitch standard portgroup list\n"
	"ActiveClients,Name,VLANID,VirtualSwitch,\n1,\"Lab, 2\",4095,vSwitch0,\n"
	"# esxcli --formatter=json network vswitch standard list\n"
	"[{\"Name\": \"vSwitch0\", \"MTU\": 1500, \"Uplinks\": [\"vmnic0\"]}]\n",
	"==== a.txt ====\n# esxcfg-vswitch -l\n"
	"Switch Name      Num Ports   Used Ports  Configured Ports  MTU     Uplinks\n"
	"vSwitch0         2560        2           128               1500    vmnic0,vmnic1\n\n"
	"  PortGroup Name        VLAN ID  Used Ports  Uplinks\n"
	"  Web                   10       1           vmnic0,vmnic1\n\n"
	"DVS Name         Num Ports   Used Ports  Configured Ports  MTU     Uplinks\n"
	"DSwitch          6690        4           512               9000    vmnic3\n"
	"==== p.json ====\n[{\"name\": \"P\", \"key\": \"dvportgroup-1\", \"defaultPortConfig\": "
	"{\"vlan\": {\"vlanId\": [{\"start\": 0, \"end\": 9}]}, \"uplinkTeamingPolicy\": "
	"{\"policy\": \"loadbalance_ip\", \"uplinkPortOrder\": {\"activeUplinkPort\": "
	"[\"U\"]}}}}]\n",
	"==== b.vmx ====\n.encoding = \"windows-1252\"\ndisplayName = \"b\"\nfirmware = \"efi\"\n"
	"memSize = 512\nuuid.bios = \"56 4d 3a 11 22 33 44 55-66 77 88 99 aa bb cc 01\"\n"
	"nvme0:0.present = \"TRUE\"\nnvme0:0.fileName = \"/b.vmdk\"\nsata0:0.present = \"TRUE\"\n"
	"sata0:0.fileName = \"c.vmdk\"\nEthernet0.present = \"TRUE\"\n"
	"ethernet0.addressType = \"static\"\nethernet0.address = \"00:50:56:00:00:01\"\n"
	"ethernet0.startConnected = \"FALSE\"\nethernet1.present = \"TRUE\"\n"
	"ethernet1.virtualDev = \"vlance\"\nethernet1.dvs.portgroupId = \"dvportgroup-1\"\n",
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return 0;
}

size_t fuzz_seed(unsigned i, uint8_t *buf)
{
	size_t len = i < G_N_ELEMENTS(seeds) ? strlen(seeds[i]) : 0;

	if (len)
		memcpy(buf, seeds[i], len);
	return len;
}

static void free_text(gpointer p)
{
	text_clear(p);
	g_free(p);
}

/* The name in a line "==== NAME ====", or NULL */
static char *name_of(const char *line, size_t len)
{
	static const char mark[] = "==== ", end[] = " ====";

	if (len < 11 || memcmp(line, mark, 5) || memcmp(line + len - 5, end, 5) ||
	    memchr(line, 0, len))
		return NULL;
	return g_strndup(line + 5, len - 10);
}

static void take(GPtrArray *texts, const char *name, const char *bytes, size_t len,
		 struct trouble *bad)
{
	g_ptr_array_add(texts, g_new0(struct text, 1));
	text_take(texts->pdata[texts->len - 1], name, bytes, len, bad);
}

/* The inputs in an input */
static GPtrArray *split(const char *at, size_t left, struct trouble *bad)
{
	GPtrArray *texts = g_ptr_array_new_with_free_func(free_text);
	g_autofree char *name = g_strdup("input.txt");
	const char *begin = at;

	while (left && texts->len < IMPORT_INPUTS_MAX) {
		const char *end = memchr(at, '\n', left);
		size_t len = end ? (size_t)(end - at) : left, step = end ? len + 1 : len;
		char *next = name_of(at, len);

		if (next) {
			if (at > begin)
				take(texts, name, begin, (size_t)(at - begin), bad);
			g_free(name);
			name = next;
			begin = at + step;
		}
		at += step;
		left -= step;
	}
	if (at > begin)
		take(texts, name, begin, (size_t)(at - begin), bad);
	return texts;
}

static void check_files(const struct output *out)
{
	for (unsigned i = 0; i < out->names->len; i++) {
		const char *name = out->names->pdata[i], *text = out->texts->pdata[i];

		if (!*name || *name == '.' || strchr(name, '/') || !*text)
			abort();
		for (unsigned n = 0; n < i; n++)
			if (!strcmp(name, out->names->pdata[n]))
				abort();
	}
}

static void check_refusal(const struct trouble *bad, const struct output *out)
{
	if (!bad->text || !*bad->text || strchr(bad->text, '\n') || out->names->len)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trouble bad = { NULL };
	g_autoptr(GPtrArray) texts = split((const char *)data, size, &bad);
	g_autoptr(GHashTable) uplinks = g_hash_table_new(g_str_hash, g_str_equal);
	struct output *out = output_new();
	g_autofree char *report = NULL;

	g_hash_table_insert(uplinks, (char *)"vmnic0", (char *)"eth0");
	if (!bad.text)
		report = import_run(texts, uplinks, out, &bad);
	if (report)
		check_files(out);
	else
		check_refusal(&bad, out);
	output_free(out);
	g_free(bad.text);
	return 0;
}
