/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Wake-up: PMConf, which the driver fills when the machine is about to sleep.
 *
 * A filter is a pattern with a mask of one bit a byte. One whose mask has no bit matches nothing:
 * Linux leaves some such before the filters that it fills.
 */
#include "wake.h"

#include "magic.h"
#include "regs.h"

/**
 * vmx_pm_configure() - The command UPDATE_PMCFG: read the wake-up configuration
 * @v:      The card
 * @shared: A copy of DriverShared
 */
void vmx_pm_configure(struct vmx *v, const uint8_t *shared)
{
	const uint8_t *desc = shared + DS_PM_DESC;
	uint8_t b[PM_SIZE] = { 0 };

	if (get32(desc + 4) < PM_SIZE || hwnet_dma_read(&v->nic, get64(desc + 8), b, sizeof(b))) {
		hwnet_guest_error(&v->nic, "wake-up configuration: address or length");
		return;
	}
	memcpy(v->s->pm, b, sizeof(b));
}

static bool match(const uint8_t *filter, const uint8_t *p, uint32_t len)
{
	unsigned mask = filter[PM_F_MASK_SIZE], n = filter[PM_F_PATTERN_SIZE];
	bool any = false;

	mask = mask < PM_MAX_MASK ? mask : PM_MAX_MASK;
	n = n < 8 * mask ? n : 8 * mask;
	if (n > len)
		return false;
	for (unsigned i = 0; i < n; i++) {
		if (!(filter[PM_F_MASK + i / 8] >> i % 8 & 1))
			continue;
		any = true;
		if (filter[PM_F_PATTERN + i] != p[i])
			return false;
	}
	return any;
}

/**
 * vmx_wake() - hwnet_wake() of this model
 * @nic: The card
 * @pkt: The frame, or NULL
 *
 * Return: true to assert PME#.
 */
bool vmx_wake(struct hwnet_nic *nic, const struct pkt *pkt)
{
	const struct vmx_state *st = vmx_state_of(nic);
	unsigned events = get16(st->pm + PM_EVENTS), n = st->pm[PM_N_FILTERS];
	uint8_t b[256], mac[6];
	uint32_t len;

	if (!pkt)
		return false; /* drivers configure filters only */
	len = pkt_copy(pkt, 0, b, sizeof(b));
	vmx_mac(st, mac);
	if ((events & PM_WAKE_MAGIC) && hwnet_is_magic(b, len, 0, mac))
		return true;
	for (unsigned i = 0; (events & PM_WAKE_FILTER) && i < n && i < PM_MAX_FILTERS; i++)
		if (match(st->pm + PM_FILTERS + i * PM_FILTER_SIZE, b, len))
			return true;
	return false;
}
