/* From a deed of the web to the line that is kept of it. */
#include <string.h>

#include "audit/audit_room.h"
#include "audit_sql.h"
#include "base/text.h"
#include "registry/registry.h"

/* A right password alone does not let those in who owe a second factor. */
static enum audit_action action_of(const struct deed *deed, bool is_in)
{
    switch (deed->kind) {
    case DEED_SIGN_IN:
        if (deed->status >= 400)
            return AUDIT_ACTION_SIGN_IN_FAILED;
        return is_in ? AUDIT_ACTION_SIGNED_IN : AUDIT_ACTION_SIGN_IN_BEGUN;
    case DEED_REFUSED:
        return AUDIT_ACTION_REFUSED;
    case DEED_SAW:
        return AUDIT_ACTION_SAW;
    case DEED_REVEALED:
        return AUDIT_ACTION_REVEALED;
    case DEED_EXPORTED:
        return AUDIT_ACTION_EXPORTED;
    case DEED_CHANGED:
        return AUDIT_ACTION_CHANGED;
    case DEED_NONE:
        break;
    }
    return AUDIT_ACTION_NONE;
}

/* The people of the deed without the actor; the subject of a change is one of them. */
static void fill_people(struct ctx *ctx, const struct deed *deed, struct audit_note *ret)
{
    int64_t self = ctx->actor == NULL ? 0 : ctx->actor->person.v;
    bool shows_people = text_equal(deed->shows, "person");
    size_t shown = shows_people ? deed->shown_count : 0;
    person_id *people = arena_array(ctx->arena, shown + 1, person_id);
    for (size_t i = 0; i < shown; i++)
        if (deed->shown[i] != self)
            people[ret->person_count++].v = deed->shown[i];
    bool is_about = text_equal(deed->subject_kind, "person") && deed->kind == DEED_CHANGED;
    if (is_about && deed->subject != self)
        people[ret->person_count++].v = deed->subject;
    ret->people = people;
}

/* Who tried the door is known by what the registry found under the login. */
static account_id account_of(const struct ctx *ctx, const struct deed *deed)
{
    if (ctx->actor != NULL)
        return ctx->actor->account;
    bool is_account = text_equal(deed->subject_kind, "account");
    return (account_id){is_account && deed->kind == DEED_SIGN_IN ? deed->subject : 0};
}

bool audit__note(struct ctx *ctx, const struct deed *deed, struct audit_note *ret)
{
    const struct actor *actor = ctx->actor;
    *ret = (struct audit_note){0};
    fill_people(ctx, deed, ret);
    if (deed->kind == DEED_NONE || (deed->kind == DEED_SAW && ret->person_count == 0))
        return false;
    ret->entry = (struct audit_entry){
        .id = {id_next(ctx->ids, ctx->now)},
        .noted_at = ctx->now,
        .account = account_of(ctx, deed),
        .role = actor == NULL ? ROLE_NONE : actor->role,
        .organisation = {actor == NULL ? 0 : actor->organisation.v},
        .region = actor == NULL ? NULL : actor->region,
        .is_program = deed->is_program,
        .address = deed->address,
        .route = deed->route,
        .action = action_of(deed, actor != NULL),
        .subject_kind = deed->subject_kind,
        .subject = deed->subject_kind == NULL ? INT64_MIN : deed->subject,
        .person_count = (int64_t)ret->person_count,
        .status = deed->status,
        .outcome = deed->outcome,
        .reason = deed->reason,
        .note = deed->note,
        .row_count = deed->rows,
        .filter = deed->filter,
        .request = deed->request,
    };
    return true;
}

void audit__write(struct ctx *ctx, const struct audit_note *note)
{
    const struct audit_entry *entry = &note->entry;
    sql_audit_insert(ctx, &(struct sql_audit_insert){.id = entry->id,
                                                     .noted_at = entry->noted_at,
                                                     .account = entry->account,
                                                     .role = entry->role,
                                                     .organisation = entry->organisation,
                                                     .region = entry->region,
                                                     .is_program = entry->is_program,
                                                     .address = entry->address,
                                                     .route = entry->route,
                                                     .action = entry->action,
                                                     .subject_kind = entry->subject_kind,
                                                     .subject = entry->subject,
                                                     .person_count = entry->person_count,
                                                     .status = entry->status,
                                                     .outcome = entry->outcome,
                                                     .reason = entry->reason,
                                                     .note = entry->note,
                                                     .row_count = entry->row_count,
                                                     .filter = entry->filter,
                                                     .request = entry->request});
    for (size_t i = 0; i < note->person_count; i++)
        sql_audit_person_insert(ctx, note->people[i], entry->id);
}

static const char *copy_text(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_text(arena, text);
}

struct audit_note audit__copy(struct arena *arena, const struct audit_note *note)
{
    struct audit_note copy = *note;
    struct audit_entry *entry = &copy.entry;
    const char **texts[] = {&entry->region,       &entry->address, &entry->route,
                            &entry->subject_kind, &entry->outcome, &entry->reason,
                            &entry->note,         &entry->filter,  &entry->request};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = copy_text(arena, *texts[i]);
    person_id *people = arena_array(arena, note->person_count, person_id);
    if (note->person_count > 0)
        memcpy(people, note->people, note->person_count * sizeof *people);
    copy.people = people;
    return copy;
}

/* --- erasing what is past its time --- */

enum { ERASED_AT_ONCE = 2000 };

int64_t audit_past(struct ctx *ctx, enum audit_kept kept, struct instant before)
{
    return sql_audit_past(ctx, kept, before);
}

int64_t audit_erase_past(struct ctx *ctx, enum audit_kept kept, struct instant before)
{
    sql_audit_people_expired(ctx, &(struct sql_audit_people_expired){kept, before, ERASED_AT_ONCE});
    return sql_audit_entries_expired(
        ctx, &(struct sql_audit_entries_expired){kept, before, ERASED_AT_ONCE});
}

struct instant audit_newest(struct ctx *ctx)
{
    int64_t newest = sql_audit_newest(ctx);
    return newest == 0 ? INSTANT_NONE : (struct instant){newest};
}
