/* A masked number, phone or account, shown whole once: for a reason, which is kept first. */
#include "audit/audit_room.h"
#include "audit_html.h"
#include "base/text.h"
#include "dictionary/dictionary.h"
#include "registry/registry.h"
#include "web/show.h"

/* What a reply shows: the form, or the value. */
struct revealed {
    const struct audit_revealing *revealing;
    const struct field_faults *faults;
    enum reveal_field field;
    const char *value;
    const char *problem;
    int status;
};

static struct reply draw(struct ctx *ctx, const struct person *person,
                         const struct revealed *revealed)
{
    struct reveal_page_model *model = arena_one(ctx->arena, struct reveal_page_model);
    request_shows(ctx, person->id.v);
    *model = (struct reveal_page_model){
        .name = person->name,
        .form_path = revealed->revealing->form_path,
        .back_path = revealed->revealing->back_path,
        .problem = revealed->problem,
        .field = revealed->field,
        .value = revealed->value,
        .form = {.entity = &reveal_form_entity,
                 .faults = revealed->faults,
                 .is_echo = request_is_post(ctx) && revealed->value == NULL},
    };
    return reply_page(&reveal_page_page, model, revealed->status);
}

static const char *value_of(const struct person *person, enum reveal_field field)
{
    switch (field) {
    case REVEAL_FIELD_IDENTITY_NO:
        return person->identity_no;
    case REVEAL_FIELD_PHONE:
        return person->phone;
    case REVEAL_FIELD_BANK_ACCOUNT:
        return person->bank_account;
    case REVEAL_FIELD_NONE:
        break;
    }
    return NULL;
}

struct reply audit_reveal_form(struct ctx *ctx, const struct audit_revealing *revealing)
{
    struct person person;
    if (!registry_person(ctx, revealing->person, &person))
        return reply_not_found(ctx);
    return draw(ctx, &person, &(struct revealed){.revealing = revealing, .status = 200});
}

struct reply audit_reveal(struct ctx *ctx, const struct audit_revealing *revealing)
{
    struct person person;
    struct reveal_form form;
    struct field_faults *faults = arena_one(ctx->arena, struct field_faults);
    if (!registry_person(ctx, revealing->person, &person))
        return reply_not_found(ctx);
    struct revealed revealed = {.revealing = revealing, .faults = faults, .status = 422};
    if (!entity_read(ctx, &reveal_form_entity, form_source, NULL, NULL, &form, faults))
        return draw(ctx, &person, &revealed);
    const char *value = value_of(&person, form.field);
    enum person_reveal answer = text_empty(value) ? PERSON_REVEAL_NOT_KNOWN : PERSON_REVEAL_DONE;
    const struct outcome_info *info = person_reveal_info(answer);
    revealed.status = info->status;
    if (answer == PERSON_REVEAL_NOT_KNOWN) {
        if (request_wants_json(ctx))
            return reply_outcome(ctx, info, NULL);
        revealed.problem = words(ctx, info->code);
        return draw(ctx, &person, &revealed);
    }
    request_about(ctx, "person", person.id.v);
    request_reason(
        ctx, arena_printf(ctx->arena, "reveal_reason.%s", reveal_reason_code(form.reason)),
        arena_printf(ctx->arena, "%s: %s",
                     show_enum(ctx, "reveal_field", reveal_field_code(form.field)), form.note));
    revealed.field = form.field;
    revealed.value = value;
    struct reply reply = draw(ctx, &person, &revealed);
    reply.message.key = info->code; /* for the record */
    return reply;
}

/* --- at the page of a person, for officers of their region --- */

static bool find_person(struct ctx *ctx, struct audit_revealing *ret)
{
    struct person person;
    if (!request_id(ctx, "person", &ret->person.v) || !registry_person(ctx, ret->person, &person) ||
        !registry_actor_covers_person(ctx, &person))
        return false;
    const char *id = show_id(ctx, person.id.v);
    ret->form_path = arena_printf(ctx->arena, "/desk/person/%s/reveal", id);
    ret->back_path = arena_printf(ctx->arena, "/desk/person/%s", id);
    return true;
}

struct reply audit__show_person_reveal(struct ctx *ctx)
{
    struct audit_revealing revealing;
    return find_person(ctx, &revealing) ? audit_reveal_form(ctx, &revealing) : reply_not_found(ctx);
}

struct reply audit__post_person_reveal(struct ctx *ctx)
{
    struct audit_revealing revealing;
    return find_person(ctx, &revealing) ? audit_reveal(ctx, &revealing) : reply_not_found(ctx);
}
