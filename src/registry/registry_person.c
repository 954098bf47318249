/* People: registered once, found by number, amended with care. */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "ledger/ledger.h"
#include "policy/policy.h"
#include "registry/registry_room.h"
#include "registry_sql.h"
#include "vault/vault.h"

enum {
    NAME_CHARACTERS_MAX = 100,
    SLOT_CHARACTERS = 32,
    SLOTS = 32, /* in one look-up: a longer text costs PostgreSQL more than the trips it saves */
};

/* --- names and numbers */

const char *registry__stored_name(struct ctx *ctx, const char *name)
{
    const char *read;
    uint32_t character;
    enum name_check check = name_read(ctx->arena, text_clean(ctx->arena, name), &read, &character);
    return check == NAME_OK && text_characters(read) <= NAME_CHARACTERS_MAX ? read : NULL;
}

static const char *plain_name(struct ctx *ctx, const char *name)
{
    const char *read = registry__stored_name(ctx, name);
    return read == NULL ? text_compact(ctx->arena, name) : read;
}

bool registry_same_name(struct ctx *ctx, const char *a, const char *b)
{
    return strcmp(a, b) == 0 || strcmp(plain_name(ctx, a), plain_name(ctx, b)) == 0;
}

bool registry_is_name_of(struct ctx *ctx, const struct person *person, const char *name)
{
    return registry_same_name(ctx, person->name, name) ||
           sql_person_name_has(ctx, person->id, plain_name(ctx, name)) > 0;
}

struct person_other_name_list registry_names_of(struct ctx *ctx, person_id person)
{
    return sql_person_names(ctx, person);
}

const char *registry__identity_key(struct ctx *ctx, const struct identity *identity)
{
    bool is_resident = identity->kind == DOCUMENT_KIND_RESIDENT_IDENTITY ||
                       identity->kind == DOCUMENT_KIND_RESIDENT_IDENTITY_15;
    if (is_resident)
        return arena_text(ctx->arena, identity->modern);
    return arena_printf(ctx->arena, "%s:%s", document_kind_code(identity->kind), identity->number);
}

/* The key of a number in any spelling; NULL where it is none. */
static const char *key_of(struct ctx *ctx, const char *identity_no)
{
    struct identity identity;
    if (identity_no == NULL ||
        identity_read(text_compact(ctx->arena, identity_no), ctx->today, &identity) != IDENTITY_OK)
        return NULL;
    return registry__identity_key(ctx, &identity);
}

const char *registry_join_tags(struct ctx *ctx, const char *a, const char *b)
{
    a = a == NULL || *a == '\0' ? "|" : a;
    b = b == NULL || *b == '\0' ? "|" : b;
    struct buffer joined = buffer_new(ctx->arena, strlen(a) + strlen(b) + 2);
    buffer_add(&joined, a);
    for (const char *tag = b; *tag == '|' && tag[1] != '\0'; tag += strcspn(tag + 1, "|") + 1) {
        const char *name = arena_text_n(ctx->arena, tag + 1, strcspn(tag + 1, "|"));
        if (!ledger_has_tag(joined.bytes, name)) {
            buffer_add(&joined, name);
            buffer_add_char(&joined, '|');
        }
    }
    return joined.bytes;
}

/* --- registering */

/* What was told, read and checked against itself. */
struct newcomer {
    struct identity identity;
    const char *key;
    const char *name;
    enum sex sex;
    struct day born_on;
};

static const char *sex_code(enum sex sex)
{
    switch (sex) {
    case SEX_MALE:
        return "male";
    case SEX_FEMALE:
        return "female";
    case SEX_UNKNOWN:
        break;
    }
    return NULL;
}

static enum person_register read_newcomer(struct ctx *ctx, const struct person_args *args,
                                          struct newcomer *ret)
{
    const char *number = text_compact(ctx->arena, args->identity_no);
    if (document_read(args->document_kind, number, ctx->today, &ret->identity) != IDENTITY_OK)
        return PERSON_REGISTER_NUMBER_INVALID;
    ret->name = registry__stored_name(ctx, args->name);
    if (ret->name == NULL)
        return PERSON_REGISTER_NAME_INVALID;
    ret->key = registry__identity_key(ctx, &ret->identity);
    ret->sex = ret->identity.sex == SEX_UNKNOWN ? args->sex : ret->identity.sex;
    if (args->sex != SEX_UNKNOWN && args->sex != ret->sex)
        return PERSON_REGISTER_SEX_DIFFERS;
    bool is_told = args->born_on != NULL && !day_is_none(*args->born_on);
    ret->born_on = ret->identity.born_on;
    if (is_told && day_is_none(ret->born_on))
        ret->born_on = *args->born_on;
    if (is_told && day_compare(*args->born_on, ret->born_on) != 0)
        return PERSON_REGISTER_BIRTH_DATE_DIFFERS;
    return PERSON_REGISTER_DONE;
}

static bool insert(struct ctx *ctx, const struct person_args *args, const struct newcomer *newcomer,
                   person_id id)
{
    return sql_person_insert(ctx, &(struct sql_person_insert){
                                      .id = id,
                                      .identity_key = newcomer->key,
                                      .identity_key_index = newcomer->key,
                                      .document_kind = newcomer->identity.kind,
                                      .identity_no = newcomer->identity.number,
                                      .name = newcomer->name,
                                      .sex = sex_code(newcomer->sex),
                                      .born_on = newcomer->born_on,
                                      .ethnic_group = args->ethnic_group,
                                      .education = args->education,
                                      .phone = args->phone,
                                      .region = args->region,
                                      .bank_account = args->bank_account,
                                      .bank_account_index = args->bank_account,
                                      .bank_name = args->bank_name,
                                      .tags = text_empty(args->tags) ? "|" : args->tags,
                                      .created_at = ctx->now,
                                  }) > 0;
}

/* Money will go elsewhere than before: somebody may have to explain that. */
static void trace_bank_account(struct ctx *ctx, const struct person *known, const char *next)
{
    if (known->bank_account == NULL || next == NULL || strcmp(known->bank_account, next) == 0)
        return;
    registry_trace(ctx, "person", known->id.v, "bank_account_change",
                   arena_printf(ctx->arena, "%s → %s",
                                mask_bank_account(ctx->arena, known->bank_account),
                                mask_bank_account(ctx->arena, next)));
}

static bool is_news(const char *told, const char *known)
{
    return told != NULL && !text_equal(told, known);
}

struct contact {
    const char *phone, *bank_account; /* NULL: as it was */
};

/* Codes go to the phone and money to the account: whose they are hears of a change, by whomever,
 * where they sign in. */
static void tell_of_contact(struct ctx *ctx, const struct person *known, const struct contact *told)
{
    struct account account;
    bool is_phone = is_news(told->phone, known->phone);
    bool is_bank_account = is_news(told->bank_account, known->bank_account);
    if (!(is_phone || is_bank_account) || !sql_account_of_person(ctx, known->id, &account))
        return;
    if (is_phone)
        registry__notify(ctx, account.id, ACCOUNT_NOTICE_KIND_PHONE_CHANGED);
    if (is_bank_account)
        registry__notify(ctx, account.id, ACCOUNT_NOTICE_KIND_BANK_ACCOUNT_CHANGED);
}

static void refresh(struct ctx *ctx, const struct person_args *args, const struct person *known)
{
    const char *tags =
        registry_join_tags(ctx, known->tags, text_empty(args->tags) ? "|" : args->tags);
    bool has_news = is_news(args->ethnic_group, known->ethnic_group) ||
                    is_news(args->education, known->education) ||
                    is_news(args->phone, known->phone) || is_news(args->region, known->region) ||
                    is_news(args->bank_account, known->bank_account) ||
                    is_news(args->bank_name, known->bank_name) || is_news(tags, known->tags);
    if (!has_news)
        return;
    trace_bank_account(ctx, known, args->bank_account);
    tell_of_contact(ctx, known, &(struct contact){args->phone, args->bank_account});
    sql_person_refresh(ctx, &(struct sql_person_refresh){.id = known->id,
                                                         .ethnic_group = args->ethnic_group,
                                                         .education = args->education,
                                                         .phone = args->phone,
                                                         .region = args->region,
                                                         .bank_account = args->bank_account,
                                                         .bank_account_index = args->bank_account,
                                                         .bank_name = args->bank_name,
                                                         .tags = tags});
}

/* The row is there: no transaction can take it away again. */
static enum person_register meet_again(struct ctx *ctx, const struct person_args *args,
                                       const struct newcomer *newcomer, person_id *ret)
{
    struct person known;
    bool is_found = sql_person_by_key(ctx, newcomer->key, &known);
    assert(is_found);
    *ret = known.id;
    if (!registry_is_name_of(ctx, &known, newcomer->name))
        return PERSON_REGISTER_NAME_DIFFERS;
    if (known.document_kind == DOCUMENT_KIND_RESIDENT_IDENTITY_15 &&
        newcomer->identity.kind == DOCUMENT_KIND_RESIDENT_IDENTITY)
        sql_person_new_card(ctx, known.id, newcomer->identity.number);
    refresh(ctx, args, &known);
    return PERSON_REGISTER_KNOWN;
}

/* Inserting comes first, so that of two at once one is the newcomer and the other meets it. */
enum person_register registry_person_register(struct ctx *ctx, const struct person_args *args,
                                              person_id *ret)
{
    struct newcomer newcomer;
    *ret = (person_id){0};
    enum person_register fault = read_newcomer(ctx, args, &newcomer);
    if (fault != PERSON_REGISTER_DONE)
        return fault;
    person_id id = {id_next(ctx->ids, ctx->now)};
    if (!insert(ctx, args, &newcomer, id))
        return meet_again(ctx, args, &newcomer, ret);
    *ret = id;
    return PERSON_REGISTER_DONE;
}

bool registry_teacher(struct ctx *ctx, const char *identity_no, const char *name, person_id *ret)
{
    struct person_args args = {.identity_no = identity_no, .name = name};
    enum person_register answer = registry_person_register(ctx, &args, ret);
    return answer == PERSON_REGISTER_DONE || answer == PERSON_REGISTER_KNOWN;
}

/* --- finding */

bool registry_person(struct ctx *ctx, person_id id, struct person *ret)
{
    return sql_person_by_id(ctx, id, ret);
}

bool registry_person_by_number(struct ctx *ctx, const char *identity_no, struct person *ret)
{
    const char *key = key_of(ctx, identity_no);
    return key != NULL && sql_person_by_key(ctx, key, ret);
}

/* The keys' blind indexes side by side. */
static const char *slots_of(struct ctx *ctx, const struct person_asked *asked, size_t count)
{
    char *slots = arena_alloc(ctx->arena, count * SLOT_CHARACTERS + 1);
    memset(slots, ' ', count * SLOT_CHARACTERS);
    for (size_t i = 0; i < count; i++) {
        const char *key = key_of(ctx, asked[i].identity_no);
        if (key != NULL)
            memcpy(slots + i * SLOT_CHARACTERS, vault_blind(ctx, "identity_key", key),
                   SLOT_CHARACTERS);
    }
    return slots;
}

static void find_some(struct ctx *ctx, const struct person_asked *asked, size_t count,
                      struct person_found *ret)
{
    struct person_in_slot_list found =
        sql_people_by_keys(ctx, slots_of(ctx, asked, count), (int64_t)count);
    memset(ret, 0, count * sizeof *ret);
    for (size_t i = 0; i < found.count; i++) {
        const struct person_in_slot *person = &found.items[i];
        const char *name = asked[person->slot].name;
        struct person known = {.id = person->id, .name = person->name};
        ret[person->slot] = (struct person_found){
            .id = person->id,
            .name = person->name,
            .name_differs = name != NULL && !registry_is_name_of(ctx, &known, name),
            .born_on = person->born_on,
            .is_woman = text_equal(person->sex, "female"),
            .tags = person->tags,
        };
    }
}

void registry_people_find(struct ctx *ctx, const struct person_asked *asked, size_t count,
                          struct person_found *ret)
{
    for (size_t done = 0; done < count; done += SLOTS)
        find_some(ctx, asked + done, count - done < SLOTS ? count - done : SLOTS, ret + done);
}

int64_t registry_others_of_bank_account(struct ctx *ctx, const char *bank_account, person_id person)
{
    return sql_people_of_bank_account(ctx, bank_account, person);
}

/* --- amending */

enum person_amend registry_person_amend(struct ctx *ctx, const struct person_amendment *amendment)
{
    struct person known;
    if (!sql_person_by_id(ctx, amendment->person, &known))
        return PERSON_AMEND_NOT_FOUND;
    bool is_own = ctx->actor != NULL && ctx->actor->person.v == known.id.v;
    if (!is_own && !(registry_permits(ctx, PERMISSION_PERSON_AMEND) &&
                     registry_actor_covers_person(ctx, &known)))
        return PERSON_AMEND_NOT_YOUR_REGION;
    if (amendment->region != NULL && pack_region(ctx->pack, amendment->region) == NULL)
        return PERSON_AMEND_REGION_UNKNOWN;
    int64_t changed = sql_person_amend_step(
        ctx, &(struct sql_person_amend_step){.id = known.id,
                                             .version = amendment->version,
                                             .ethnic_group = amendment->ethnic_group,
                                             .education = amendment->education,
                                             .phone = amendment->phone,
                                             .region = amendment->region,
                                             .bank_account = amendment->bank_account,
                                             .bank_account_index = amendment->bank_account,
                                             .bank_name = amendment->bank_name});
    if (changed == 0)
        return PERSON_AMEND_STALE;
    trace_bank_account(ctx, &known, amendment->bank_account);
    tell_of_contact(ctx, &known, &(struct contact){amendment->phone, amendment->bank_account});
    registry_trace(ctx, "person", known.id.v, "person_amend", NULL);
    return PERSON_AMEND_DONE;
}
