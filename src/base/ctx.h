/*
 * The environment of a piece of work, passed first everywhere: its memory, its time, who acts, in
 * which language, on which database transaction, under which policy pack. Rooms read it; only the
 * runners (web, store, commands) fill it.
 */
#ifndef DIANJI_BASE_CTX_H
#define DIANJI_BASE_CTX_H

#include "base/arena.h"
#include "base/day.h"
#include "base/id.h"

struct actor;    /* registry: who acts, with which role where; NULL for the public */
struct db;       /* store: the open transaction */
struct pack;     /* policy: the plan's figures, frozen */
struct request;  /* web: NULL in commands */
struct services; /* registry: services of others that the operator configured */
struct vault;    /* vault: the database's keys; NULL where nothing sealed is touched */

enum language { LANGUAGE_ZH, LANGUAGE_EN };

struct ctx {
    struct arena *arena;
    struct instant now;
    struct day today; /* instant_day(now) */
    struct id_source *ids;
    enum language language;
    const struct actor *actor;
    const struct pack *pack;
    struct db *db;
    struct vault *vault;
    const struct services *services; /* NULL: none */
    const struct request *request;
};

#endif
