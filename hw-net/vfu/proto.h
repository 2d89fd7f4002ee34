/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages of vfio-user, protocol 0.1, as clients send them. Numbers are in the machine's own
 * order; what follows a header is named here by the command. Values of flags that come from Linux'
 * vfio have its meaning.
 */
#ifndef HW_NET_VFU_PROTO_H
#define HW_NET_VFU_PROTO_H

#include <stdint.h>

/* enum vfu_command - what a message wants */
enum vfu_command {
	VFU_VERSION = 1,
	VFU_DMA_MAP,
	VFU_DMA_UNMAP,
	VFU_DEVICE_INFO,
	VFU_REGION_INFO,
	VFU_REGION_IO_FDS,
	VFU_IRQ_INFO,
	VFU_SET_IRQS,
	VFU_REGION_READ,
	VFU_REGION_WRITE,
	VFU_DMA_READ,
	VFU_DMA_WRITE,
	VFU_RESET,
	VFU_DIRTY_PAGES,
	VFU_WRITE_MULTI,
	VFU_COMMANDS
};

/* Flags of a header: 4 bits of type, and two more */
#define VFU_TYPE     0x0fu
#define VFU_REQUEST  0x00u
#define VFU_REPLY    0x01u
#define VFU_NO_REPLY 0x10u
#define VFU_ERROR    0x20u

/* struct vfu_hdr - header of a message; @size with it */
struct vfu_hdr {
	uint16_t id, command;
	uint32_t size, flags, error;
};

/* struct vfu_version - VERSION; a JSON text that ends with a 0 byte follows */
struct vfu_version {
	uint16_t major, minor;
};

#define VFU_MAJOR 0u
#define VFU_MINOR 1u

/* struct vfu_dma_map - DMA_MAP; with a descriptor if the memory is shared */
struct vfu_dma_map {
	uint32_t argsz, flags;
	uint64_t offset, addr, size;
};

#define VFU_DMA_READABLE 1u
#define VFU_DMA_WRITABLE 2u

/* struct vfu_dma_unmap - DMA_UNMAP, and its answer */
struct vfu_dma_unmap {
	uint32_t argsz, flags;
	uint64_t addr, size;
};

#define VFU_UNMAP_BITMAP 1u
#define VFU_UNMAP_ALL	 2u

/* struct vfu_device_info - DEVICE_INFO, and its answer */
struct vfu_device_info {
	uint32_t argsz, flags, regions, irqs;
};

#define VFU_DEVICE_RESET 1u
#define VFU_DEVICE_PCI	 2u

/* enum vfu_region - regions of a PCI device: its BARs come first */
enum vfu_region { VFU_BARS = 6, VFU_ROM = 6, VFU_CONFIG, VFU_VGA, VFU_REGIONS };

/* struct vfu_region_info - REGION_INFO, and its answer */
struct vfu_region_info {
	uint32_t argsz, flags, index, cap;
	uint64_t size, offset;
};

#define VFU_REGION_READABLE 1u
#define VFU_REGION_WRITABLE 2u

/* enum vfu_irq - interrupts of a PCI device */
enum vfu_irq { VFU_INTX, VFU_MSI, VFU_MSIX, VFU_IRQ_ERR, VFU_IRQ_REQ, VFU_IRQS };

/* struct vfu_irq_info - IRQ_INFO, and its answer */
struct vfu_irq_info {
	uint32_t argsz, flags, index, count;
};

#define VFU_IRQ_EVENTFD	   1u
#define VFU_IRQ_MASKABLE   2u
#define VFU_IRQ_AUTOMASKED 4u
#define VFU_IRQ_NORESIZE   8u

/* struct vfu_irq_set - SET_IRQS; with BOOL a byte each follows, with EVENTFD descriptors may */
struct vfu_irq_set {
	uint32_t argsz, flags, index, start, count;
};

#define VFU_SET_NONE	0x01u
#define VFU_SET_BOOL	0x02u
#define VFU_SET_EVENTFD 0x04u
#define VFU_SET_DATA	0x07u
#define VFU_SET_MASK	0x08u
#define VFU_SET_UNMASK	0x10u
#define VFU_SET_TRIGGER 0x20u
#define VFU_SET_ACTION	0x38u

/* struct vfu_access - REGION_READ and REGION_WRITE, and their answers; data may follow */
struct vfu_access {
	uint64_t offset;
	uint32_t region, count;
};

/* struct vfu_write_one - element of WRITE_MULTI, which begins with their number (uint64_t) */
struct vfu_write_one {
	struct vfu_access at;
	uint8_t data[8];
};

/** VFU_DATA_MAX - Most bytes of one access; clients are told. */
#define VFU_DATA_MAX 4096u
/** VFU_MSG_MAX - Longest message that is taken: WRITE_MULTI of 200, or capabilities. */
#define VFU_MSG_MAX 8192u
/** VFU_FDS_MAX - Most descriptors of a message; clients are told. */
#define VFU_FDS_MAX 16u

#endif
