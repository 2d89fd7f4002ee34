// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A back end that takes everything and costs next to nothing: an ordinary net client of QEMU, the
 * same for every card. It offers virtio_net_hdr (vnet=on) as tap does; whoever asks for it may hand
 * on TSO messages whole.
 */
#include "bench.h"

#define VNET_LEN 10

static NetClientInfo info;

struct bench_sink *bench_sink_of(NetClientState *nc)
{
	return nc && nc->info == &info ? container_of(nc, struct bench_sink_client, nc)->sink :
					 NULL;
}

static ssize_t receive_iov(NetClientState *nc, const struct iovec *iov, int cnt)
{
	bench_sink_of(nc)->frames++;
	return 1; /* more than 0: taken */
}

static ssize_t receive(NetClientState *nc, const uint8_t *buf, size_t size)
{
	struct iovec iov = { (void *)buf, size };

	return receive_iov(nc, &iov, 1);
}

static bool has_vnet_hdr(NetClientState *nc)
{
	return bench_sink_of(nc)->vnet;
}

static bool has_vnet_hdr_len(NetClientState *nc, int len)
{
	return bench_sink_of(nc)->vnet && len == VNET_LEN;
}

static void set_vnet_hdr_len(NetClientState *nc, int len)
{
}

#if HAVE_USING_VNET_HDR
static void using_vnet_hdr(NetClientState *nc, bool on)
{
}
#endif

static void set_offload(NetClientState *nc, VC_OFFLOAD_PARAMS)
{
}

static NetClientInfo info = {
	.type = NET_CLIENT_DRIVER_SOCKET,
	.size = sizeof(struct bench_sink_client),
	.receive = receive,
	.receive_iov = receive_iov,
	.has_vnet_hdr = has_vnet_hdr,
	.has_vnet_hdr_len = has_vnet_hdr_len,
	.set_vnet_hdr_len = set_vnet_hdr_len,
#if HAVE_USING_VNET_HDR
	.using_vnet_hdr = using_vnet_hdr,
#endif
	.set_offload = set_offload,
};

bool bench_sink_send(struct bench_sink *s, const uint8_t *buf, unsigned len)
{
	static const uint8_t plain[VNET_LEN];
	struct iovec iov[] = { { (void *)plain, s->client->nc.vnet_hdr_len },
			       { (void *)buf, len } };

	return qemu_sendv_packet(&s->client->nc, iov, 2) > 0;
}

static void sink_realize(DeviceState *dev, Error **errp)
{
	struct bench_sink *s = BENCH_SINK(dev);
	NetClientState *nc = qemu_new_net_client(&info, NULL, TYPE_BENCH_SINK, dev->id);

	s->client = container_of(nc, struct bench_sink_client, nc);
	s->client->sink = s;
}

VC_PROPS sink_props[] = { DEFINE_PROP_BOOL("vnet", struct bench_sink, vnet, true), VC_PROP_END };

static void sink_class_init(ObjectClass *klass, vc_class_data *data)
{
	DeviceClass *dc = DEVICE_CLASS(klass);

	dc->realize = sink_realize;
	dc->hotpluggable = false;
	device_class_set_props(dc, sink_props);
}

static const TypeInfo sink_type = {
	.name = TYPE_BENCH_SINK,
	.parent = TYPE_DEVICE,
	.instance_size = sizeof(struct bench_sink),
	.class_init = sink_class_init,
};

static void register_types(void)
{
	type_register_static(&sink_type);
}
type_init(register_types)
