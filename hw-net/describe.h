/* SPDX-License-Identifier: BSD-2-Clause */
/* What the guest's driver has made of a card, told fact by fact; see hwnet_describe(). */
#ifndef HW_NET_DESCRIBE_H
#define HW_NET_DESCRIBE_H

#include "hwnet/nic.h"

/**
 * struct hwnet_listener - Who is told
 * @say: @opaque: of hwnet_describe()
 */
struct hwnet_listener {
	hwnet_say *say;
	void *opaque;
};

/**
 * hwnet_say_number() - A count or a size
 * @to:    Listener
 * @name:  Of the fact
 * @value: The number
 */
void hwnet_say_number(const struct hwnet_listener *to, const char *name, uint64_t value);

/**
 * hwnet_say_yes_no() - Whether something is switched on
 * @to:   Listener
 * @name: Of the fact
 * @yes:  It is
 */
void hwnet_say_yes_no(const struct hwnet_listener *to, const char *name, bool yes);

/**
 * hwnet_say_text() - A word
 * @to:   Listener
 * @name: Of the fact
 * @text: The word
 */
void hwnet_say_text(const struct hwnet_listener *to, const char *name, const char *text);

/**
 * hwnet_say_bytes() - Bytes, as text: hexadecimal, with colons, as ethtool(8) prints keys and
 * addresses
 * @to:    Listener
 * @name:  Of the fact
 * @bytes: They
 * @n:     Their number; what is beyond HWNET_SAY_BYTES is not told
 */
#define HWNET_SAY_BYTES 64u
void hwnet_say_bytes(const struct hwnet_listener *to, const char *name, const uint8_t *bytes,
		     unsigned n);

/**
 * hwnet_say_list() - Several numbers, one for each queue mostly
 * @to:   Listener
 * @name: Of the fact
 * @list: The numbers
 * @n:    How many
 */
void hwnet_say_list(const struct hwnet_listener *to, const char *name, const uint32_t *list,
		    unsigned n);

#endif
