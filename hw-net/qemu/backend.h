/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Back ends by their names. */
#ifndef VC_BACKEND_H
#define VC_BACKEND_H

#include "compat.h"

/**
 * vc_backend_find() - Look a back end up that nobody has
 * @id:   Its name
 * @errp: Why there is none; names those that could be meant
 *
 * Return: the back end, or NULL.
 */
NetClientState *vc_backend_find(const char *id, Error **errp);

#endif
