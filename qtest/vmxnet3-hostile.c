/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See vmxnet3-hostile.h. */
#include "vmxnet3-hostile.h"

static struct vmx_frame got;

void hostile_start(struct vmx_rig *v)
{
	vmx_start_default(v);
	vmx_msix(v);
}

int64_t hostile_errors(struct vmx_rig *v)
{
	return wire_stat(v->r.qts, "nic", "guest-errors");
}

void hostile_drain(struct vmx_rig *v)
{
	uint8_t in[RIG_MAX_FRAME];

	while (!rig_wire_quiet(&v->r))
		rig_recv(&v->r, in);
}

void hostile_alive(struct vmx_rig *v)
{
	uint8_t out[100], in[RIG_MAX_FRAME];

	vmx_cmd(v, CMD_RESET);
	vmx_prepare(v);
	g_assert_cmphex(vmx_activate(v), ==, 0);
	hostile_drain(v);
	for (unsigned i = 0; i < 3; i++) {
		rig_frame(out, vmx_peer, vmx_mac, sizeof(out), i);
		vmx_tx(v, 0, out, sizeof(out));
		g_assert_cmpuint(rig_recv(&v->r, in), ==, sizeof(out));
		g_assert_cmpmem(in, sizeof(out), out, sizeof(out));
		g_assert_cmpuint(vmx_tx_done(v, 0), ==, 1);
		rig_frame(out, vmx_mac, vmx_peer, sizeof(out), 1000 + i);
		rig_send(&v->r, out, sizeof(out));
		do
			vmx_rx(v, 0, &got);
		while (ldl_be_p(got.data + 14) != 1000 + i &&
		       i == 0); /* frames of the case may have waited */
		g_assert_cmpuint(ldl_be_p(got.data + 14), ==, 1000 + i);
		vmx_refill(v, 0);
	}
	vmx_stop(v);
}
