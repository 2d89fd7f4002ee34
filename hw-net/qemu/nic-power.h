/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Power states of a card, and whether it may work.
 *
 * DOC: Theory of Operation
 *
 * Power (PCI PM 1.1, 3.2.4): in D1 to D3 the card answers config space only; frames wait, or wake
 * the machine if the guest enabled PME and the core says that the frame is one to wake for. Coming
 * back from D3 is a reset.
 *
 * All of it can happen while the core is on the stack (life.h): state and line change at once, the
 * core's reset waits.
 */
#ifndef VC_NIC_POWER_H
#define VC_NIC_POWER_H

#include "nic.h"

/**
 * vc_nic_init_power() - Follow the machine's state
 * @s: The device
 */
void vc_nic_init_power(struct vc_nic *s);

/**
 * vc_nic_fini_power() - Undo it
 * @s: The device
 */
void vc_nic_fini_power(struct vc_nic *s);

/**
 * vc_nic_update_may_run() - Power state, command register, or the VM's state changed
 * @s: The device
 */
void vc_nic_update_may_run(struct vc_nic *s);

/**
 * vc_nic_write_config() - PCIDeviceClass.config_write
 * @pci:  The device
 * @addr: Offset in config space
 * @val:  What the guest writes
 * @len:  Bytes of it: 1, 2 or 4
 */
void vc_nic_write_config(PCIDevice *pci, uint32_t addr, uint32_t val, int len);

/**
 * vc_nic_reset_power() - RST#, config space's part: the card is in D0 then; PME_En and PME_Status
 * stay (PCI PM 1.1, 3.2.4)
 * @s: The device
 */
void vc_nic_reset_power(struct vc_nic *s);

/**
 * vc_nic_reset_core() - RST#, the core's part: what VC_RESET asks for
 * @s: The device, held; no call into its core runs
 *
 * It is no power cycle: it also comes when the machine wakes from S3, in which cards keep auxiliary
 * power.
 */
void vc_nic_reset_core(struct vc_nic *s);

/**
 * vc_nic_may_wake() - Did the guest let the card wake the machine?
 * @s: The device
 *
 * Return: true if PME is enabled.
 */
bool vc_nic_may_wake(const struct vc_nic *s);

/**
 * vc_nic_wake() - A frame came, or the cable was plugged or pulled, while the guest sleeps
 * @s:   The device
 * @pkt: The frame, or NULL
 */
void vc_nic_wake(struct vc_nic *s, const struct pkt *pkt);

#endif
