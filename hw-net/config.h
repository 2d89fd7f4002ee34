/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a card was made with, in its saved state.
 *
 * DOC: Theory of Operation
 *
 * A guest has seen its card's permanent address and the properties that a row of struct hwnet_prop
 * calls fixed. A state goes to a card that has the same of these only, or the guest would find
 * another card after its next reset, or now. So the state has them as fields of their own behind
 * the model's, "config.NAME", and one that differs is refused by name. A field that is missing is
 * that of an older writer: it is taken for the same. All other properties are the host's business.
 */
#ifndef HW_NET_CONFIG_H
#define HW_NET_CONFIG_H

#include "hwnet/nic.h"

/**
 * hwnet_config_size() - Bytes of a configuration in a saved state
 * @model: Whose
 *
 * Return: bytes.
 */
size_t hwnet_config_size(const struct hwnet_model *model);

/**
 * hwnet_config_save() - Write a configuration behind a model's fields
 * @model: Whose
 * @cfg:   The configuration
 * @buf:   Where to, hwnet_config_size() bytes
 *
 * Return: bytes written.
 */
size_t hwnet_config_save(const struct hwnet_model *model, const struct hwnet_config *cfg,
			 void *buf);

/**
 * hwnet_config_check() - Was a state saved by a card that was made alike?
 * @model:  Whose
 * @cfg:    This card's configuration
 * @buf:    The whole saved state: hostile
 * @len:    Its length
 * @err:    If not, one line that names the first property that differs
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int hwnet_config_check(const struct hwnet_model *model, const struct hwnet_config *cfg,
		       const void *buf, size_t len, char *err, size_t errlen);

#endif
