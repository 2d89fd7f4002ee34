/* SPDX-License-Identifier: GPL-2.0-or-later */
/* QEMU's dictionaries, lists and scalars, wherever its version has their headers. */
#ifndef QTEST_QOBJECT_H
#define QTEST_QOBJECT_H

#include "qemu/osdep.h"

#if __has_include("qobject/qdict.h")
#include "qobject/qbool.h"
#include "qobject/qdict.h"
#include "qobject/qjson.h"
#include "qobject/qlist.h"
#include "qobject/qnum.h"
#include "qobject/qstring.h"
#else
#include "qapi/qmp/qbool.h"
#include "qapi/qmp/qdict.h"
#include "qapi/qmp/qjson.h"
#include "qapi/qmp/qlist.h"
#include "qapi/qmp/qnum.h"
#include "qapi/qmp/qstring.h"
#endif

#endif
