/* SPDX-License-Identifier: BSD-2-Clause */
/* What the guest's driver has made of a card: what all models can say, and how anything is said. */
#include "model.h"

void hwnet_say_number(const struct hwnet_listener *to, const char *name, uint64_t value)
{
	to->say(to->opaque,
		&(struct hwnet_fact) { .name = name, .kind = HWNET_FACT_NUMBER, .number = value });
}

void hwnet_say_yes_no(const struct hwnet_listener *to, const char *name, bool yes)
{
	to->say(to->opaque,
		&(struct hwnet_fact) { .name = name, .kind = HWNET_FACT_YES_NO, .number = yes });
}

void hwnet_say_text(const struct hwnet_listener *to, const char *name, const char *text)
{
	to->say(to->opaque,
		&(struct hwnet_fact) { .name = name, .kind = HWNET_FACT_TEXT, .text = text });
}

void hwnet_say_bytes(const struct hwnet_listener *to, const char *name, const uint8_t *bytes,
		     unsigned n)
{
	static const char digits[] = "0123456789abcdef";
	char text[3 * HWNET_SAY_BYTES + 1] = "", *p = text;

	for (unsigned i = 0; i < n && i < HWNET_SAY_BYTES; i++) {
		if (i)
			*p++ = ':';
		*p++ = digits[bytes[i] >> 4];
		*p++ = digits[bytes[i] & 15];
	}
	*p = 0;
	hwnet_say_text(to, name, text);
}

void hwnet_say_list(const struct hwnet_listener *to, const char *name, const uint32_t *list,
		    unsigned n)
{
	to->say(to->opaque, &(struct hwnet_fact) {
				    .name = name, .kind = HWNET_FACT_LIST, .list = list, .n = n });
}

static void say_vlans(const struct hwnet_listener *to, const uint32_t *table)
{
	uint32_t vlans[4096];
	unsigned n = 0;

	for (uint32_t vid = 0; vid < 4096; vid++)
		if (table[vid / 32] >> vid % 32 & 1)
			vlans[n++] = vid;
	hwnet_say_list(to, "vlans", vlans, n);
}

static void say_filter(struct hwnet_nic *nic, const struct hwnet_listener *to)
{
	static const char *const modes[] = { "none", "table", "all" };
	struct hwnet_rx_filter f;

	hwnet_rx_filter(nic, &f);
	hwnet_say_bytes(to, "mac", f.mac, sizeof(f.mac));
	hwnet_say_yes_no(to, "promiscuous", f.promiscuous);
	hwnet_say_text(to, "unicast", modes[f.unicast]);
	hwnet_say_text(to, "multicast", modes[f.multicast]);
	hwnet_say_yes_no(to, "broadcast", f.broadcast);
	hwnet_say_yes_no(to, "vlan-filter", f.vlan_filter);
	if (f.vlans)
		say_vlans(to, f.vlans);
}

void hwnet_describe(struct hwnet_nic *nic, hwnet_say *say, void *opaque)
{
	static const char *const modes[] = { "intx", "msi", "msix" };
	const struct hwnet_listener to = { say, opaque };

	hwnet_say_text(&to, "interrupt", modes[nic->host->irq_mode(nic->opaque)]);
	say_filter(nic, &to);
	if (nic->model->ops->describe)
		nic->model->ops->describe(nic, &to);
}
