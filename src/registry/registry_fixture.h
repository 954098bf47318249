/*
 * What the room's tests start from: store_fixture.h's fresh database, the small pack of tests/pack,
 * an administrator of the province who acts, and people and organisations made on demand.
 */
#ifndef DIANJI_REGISTRY_REGISTRY_FIXTURE_H
#define DIANJI_REGISTRY_REGISTRY_FIXTURE_H

#include "registry/registry_room.h"
#include "store/store_fixture.h"

/* Of the small pack: the province, a prefecture, a county of it, a county of another prefecture. */
#define FIXTURE_PROVINCE "530000"
#define FIXTURE_PREFECTURE "530100"
#define FIXTURE_COUNTY "530102"
#define FIXTURE_OTHER_COUNTY "532302"
#define FIXTURE_ADMINISTRATOR "admin"

/* In a write transaction, with the administrator as actor. `pack_dir` is tests/pack/minimal. */
struct ctx *registry_fixture_begin(struct store_fixture *house, const char *pack_dir);
/* A sound number of 18 characters: the order tells people of a birthday apart, odd ones are men. */
const char *registry_fixture_number(struct ctx *ctx, const char *birthday, int order);
/* A person who lives in the region. */
person_id registry_fixture_person(struct ctx *ctx, int order, const char *name, const char *region);
/* The n-th organisation, registered by the administrator. */
organisation_id registry_fixture_organisation(struct ctx *ctx, int n, enum organisation_kind kind,
                                              const char *region);
struct fixture_account {
    const char *login;
    enum role role;
    organisation_id organisation;
    const char *region;
    person_id person;
    const char *password; /* NULL: one that nobody has, which costs no time */
};
/* An account with one post; stops the test program where either is refused. */
account_id registry_fixture_account(struct ctx *ctx, const struct fixture_account *account);
/* The account's post as actor; stops the test program where there is none. */
void registry_fixture_act(struct ctx *ctx, const char *login);

#endif
