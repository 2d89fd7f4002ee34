/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Options for cards.
 *
 * DOC: Theory of Operation
 *
 * A root port for each card, whose slot is the number in the interface's name. Linux takes that
 * number from the port's register only if firmware does not claim the slots for itself: ACPI
 * hot-plug for bridges is off. Each card is on a vc-port that plugs into the daemon's switch.
 */
#include "network.h"

char *network_value(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);

	return g_strjoinv(",,", parts);
}

static void put(GPtrArray *to, const char *option, char *value)
{
	g_ptr_array_add(to, g_strdup(option));
	g_ptr_array_add(to, value);
}

static void put_card(GPtrArray *to, const struct card *c, const char *socket, unsigned addr)
{
	g_autofree char *group = network_value(c->group->name);
	g_autofree char *name = network_value(c->group->switch_name);
	g_autofree char *at = addr ? g_strdup_printf(",bus=pcie.0,addr=0x%x", addr) : g_strdup("");
	g_autofree char *connect =
		socket ? g_strdup_printf("%s,switch=%s", socket, name) : g_strdup(name);

	put(to, "-device",
	    g_strdup_printf("pcie-root-port,id=rp%u,chassis=%u,slot=%d%s", c->index, c->index + 1,
			    c->slot, at));
	put(to, "-device",
	    g_strdup_printf("vc-port,id=ethernet%u,connect=%s,portgroup=%s", c->index, connect,
			    group));
	put(to, "-device",
	    g_strdup_printf("%s,id=card%u,bus=rp%u,netdev=ethernet%u%s%s", c->model->device,
			    c->index, c->index, c->index, c->mac ? ",mac=" : "",
			    c->mac ? c->mac : ""));
}

GPtrArray *network_options(const struct machine *m, const char *socket, unsigned addr)
{
	GPtrArray *to = g_ptr_array_new_with_free_func(g_free);

	put(to, "-nic", g_strdup("none")); /* QEMU's own, of which machines have one else */
	if (m->n_cards)
		put(to, "-global", g_strdup("ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off"));
	for (unsigned i = 0; i < m->n_cards; i++)
		put_card(to, &m->card[i], socket, addr ? addr + i : 0);
	return to;
}
