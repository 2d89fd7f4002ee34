/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device suite of the switch: uplinks that come, go, and change while it works. */
#include "switch-rig.h"

/*
 * Of the cards that the switch knows it tells a new uplink at once, by a frame from each
 * (docs/switch.md, teaming): the port that sends it is not there yet for anybody else.
 */
static void test_second_uplink(void)
{
	int theirs, ours = wire_make(&theirs);
	uint8_t in[WIRE_MAX_FRAME];
	struct net n;
	QDict *rsp;

	net_start(&n, net_plain, 2, 1, "");
	rsp = qtest_qmp_fds(n.qts, &theirs, 1,
			    "{ 'execute': 'getfd', 'arguments': { 'fdname': 'cable' } }");
	g_assert_true(qdict_haskey(rsp, "return"));
	qobject_unref(rsp);
	close(theirs);
	qtest_qmp_assert_success(n.qts, "{ 'execute': 'netdev_add', 'arguments':"
					" { 'type': 'socket', 'id': 'w1', 'fd': 'cable' } }");
	qtest_qmp_device_add(n.qts, "vc-port", "u1", "{ 'switch': 'sw0', 'netdev': 'w1' }");
	while (!wire_quiet(ours, n.qts))
		wire_recv(ours, n.qts, in);
	wire_set_link(n.qts, "u0", false);
	net_tx(&n, 0, net_broadcast, 0, 1);
	while (wire_recv(ours, n.qts, in) != NET_LEN || wire_is_rarp(in, NET_LEN, net_mac(0)))
		;
	g_assert_cmpuint(ldl_be_p(in + 14), ==, 1);
	close(ours);
	net_stop(&n);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/switch/uplink/second", test_second_uplink);
	return g_test_run();
}
