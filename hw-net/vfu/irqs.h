/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A card's interrupts on their way to the client: eventfds that it has sent.
 *
 * DOC: Theory of Operation
 *
 * The line is level-triggered in the card and an eventfd outside. As Linux' vfio does, it is told
 * once and then masked, until the client says UNMASK, at the guest's end of interrupt; if the line
 * is still up then, it is told again.
 *
 * Messages are told as they come. Whether a vector is masked is the client's business, which has
 * the table: it takes the eventfd of one away, or keeps what comes. A message of MSI-X without an
 * eventfd is pending, as the pending bits say, and told when there is one.
 */
#ifndef HW_NET_VFU_IRQS_H
#define HW_NET_VFU_IRQS_H

#include "vfu/channel.h"
#include "vfu/space.h"

/** VFU_PENDING - Bytes of pending bits. */
#define VFU_PENDING ((HWNET_MAX_MSIX + 63) / 64 * 8)

/**
 * struct vfu_irqs - Interrupts
 * @count:   How many there are of each index: INTx, MSI, MSI-X
 * @fd:      Eventfds, -1: none
 * @line:    The line as the card drives it
 * @quiet:   The card is in a low-power state
 * @masked:  The line was told, and not unmasked yet
 * @pending: Of MSI-X
 * @gone: @n_gone: Eventfds that are not used any more, to be closed
 */
struct vfu_irqs {
	unsigned count[3];
	int fd[3][HWNET_MAX_MSIX];
	bool line, quiet, masked;
	uint8_t pending[VFU_PENDING];
	int gone[HWNET_MAX_MSIX];
	unsigned n_gone;
};

/**
 * vfu_irqs_init() - Make them
 * @q:   Filled
 * @ids: What the card has
 */
void vfu_irqs_init(struct vfu_irqs *q, const struct hwnet_pci *ids);

/**
 * vfu_irqs_fini() - Close all eventfds
 * @q: Interrupts
 */
void vfu_irqs_fini(struct vfu_irqs *q);

/**
 * vfu_irqs_reset() - The card was reset: nothing is pending
 * @q: Interrupts
 */
void vfu_irqs_reset(struct vfu_irqs *q);

/**
 * vfu_irqs_load() - Take where those of another process stood; nothing is told
 * @q:       Interrupts; the card drives the line as it did there
 * @s:       Configuration space
 * @masked:  As in struct vfu_irqs
 * @pending: VFU_PENDING bytes; of vectors that are not there none counts
 */
void vfu_irqs_load(struct vfu_irqs *q, struct vfu_space *s, bool masked, const uint8_t *pending);

/**
 * vfu_irqs_count() - How many there are of an index
 * @q:     Interrupts
 * @index: Any
 *
 * Return: how many; 0 for an index that is not there.
 */
unsigned vfu_irqs_count(const struct vfu_irqs *q, uint32_t index);

/**
 * vfu_irqs_check() - May a SET_IRQS be carried out? Its descriptors are looked at, too
 * @q: Interrupts
 * @m: The message: hostile
 *
 * Return: 0, or an errno.
 */
int vfu_irqs_check(const struct vfu_irqs *q, const struct vfu_msg *m);

/**
 * vfu_irqs_drop() - Close eventfds that are not used any more
 * @q: Interrupts
 */
void vfu_irqs_drop(struct vfu_irqs *q);

/**
 * vfu_irqs_set() - Carry out a SET_IRQS
 * @q: Interrupts
 * @m: A message that vfu_irqs_check() took; its descriptors are taken. vfu_irqs_drop() is to
 *     follow before the next one, unless it but masks
 */
void vfu_irqs_set(struct vfu_irqs *q, struct vfu_msg *m);

/**
 * vfu_irqs_update() - The line, or what the guest enabled, may have changed
 * @q: Interrupts
 * @s: Configuration space
 */
void vfu_irqs_update(struct vfu_irqs *q, struct vfu_space *s);

/**
 * vfu_irqs_message() - The card sends a message
 * @q:   Interrupts
 * @s:   Configuration space
 * @vec: Vector
 */
void vfu_irqs_message(struct vfu_irqs *q, const struct vfu_space *s, unsigned vec);

#endif
